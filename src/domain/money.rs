//! Money: whole pence, never binary floating point.

use std::fmt;

use super::field::Fault;

/// An exact amount of money in pence; it may be negative, as refunds and corrections are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pence(pub i64);

/// The largest amount HMRC's RTI fields hold, in pence: £999,999,999.99 either way.
const LIMIT: u64 = 99_999_999_999;

impl Pence {
    /// Reads pounds with at most two decimal places, such as `1250`, `1250.5` or `-12.34`.
    ///
    /// # Errors
    /// Anything else: a pound sign, thousands separators, a third decimal place, an amount over £999,999,999.99.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        const FAULT: Fault =
            Fault::expected("pounds with at most two decimal places and no £ or comma, such as 1250.00");
        hundredths(text).filter(|pence| pence.unsigned_abs() <= LIMIT).map(Self).ok_or(FAULT)
    }

    /// An amount that is already a number of pence, where it is one RTI can hold.
    pub fn within_limit(pence: i128) -> Option<Self> {
        i64::try_from(pence).ok().filter(|pence| pence.unsigned_abs() <= LIMIT).map(Self)
    }

    /// The amount as data: pounds with two places, without a sign for the currency or separators.
    pub fn plain(self) -> String {
        plain(self.0.into())
    }

    /// The sum, held at the largest amount a number can be.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// Pounds and pence, as `£1,250.00`.
impl fmt::Display for Pence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pence = self.0.unsigned_abs();
        let pounds = (pence / 100).to_string();
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(out, "{sign}£{}.{:02}", grouped(&pounds), pence % 100)
    }
}

/// Pence as data: pounds with two places. A sum of many amounts may be larger than one amount can be.
pub fn plain(pence: i128) -> String {
    let sign = if pence < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", pence.unsigned_abs() / 100, pence.unsigned_abs() % 100)
}

/// The pence of an amount as [`plain`] writes it.
pub fn of_plain(text: &str) -> Option<i128> {
    let (whole, pence) = text.split_once('.').filter(|(_, pence)| pence.len() == 2)?;
    [whole, pence].concat().parse().ok()
}

/// A whole number's digits with a comma at every thousand.
pub fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        if index > 0 && left.is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An amount as data with a comma at every thousand pounds.
pub fn with_separators(amount: &str) -> String {
    let (whole, pence) = amount.split_once('.').unwrap_or((amount, "00"));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    format!("{sign}{}.{pence}", grouped(digits))
}

/// A share in per cent with one decimal place, rounded half up, without floating point.
pub fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    let per_mille = (u128::from(part) * 2000 + u128::from(whole)) / (2 * u128::from(whole));
    format!("{}.{}%", per_mille / 10, per_mille % 10)
}

/// A decimal number with at most two places, in hundredths.
pub(super) fn hundredths(text: &str) -> Option<i64> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 2 {
        return None;
    }
    let scale = if fraction.len() == 1 { 10 } else { 1 };
    let size = whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(fraction.parse::<i64>().ok()? * scale)?;
    Some(if negative { -size } else { size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pounds_become_pence_exactly() {
        assert_eq!(Pence::parse("1250"), Ok(Pence(125_000)));
        assert_eq!(Pence::parse("1250.5"), Ok(Pence(125_050)));
        assert_eq!(Pence::parse("-12.34"), Ok(Pence(-1234)));
        assert_eq!(Pence::parse("999999999.99"), Ok(Pence(99_999_999_999)));
    }

    #[test]
    fn nothing_is_rounded_or_guessed() {
        for text in ["12.345", "1,250.00", "£12", "12.", ".5", "1e3", "--1", "1000000000.00", "", "12 ", "+5", "NaN"] {
            assert!(Pence::parse(text).is_err(), "{text}");
        }
        assert!(Pence::parse("-92233720368547758.08").is_err());
        assert_eq!(Pence::within_limit(i64::MIN.into()), None);
    }

    #[test]
    fn sums_are_read_as_they_are_written() {
        for pence in [0, 5, -5, -250_000, i128::from(i64::MAX) * 100] {
            assert_eq!(of_plain(&plain(pence)), Some(pence));
        }
        for text in ["", "12", "12.5", "12.345", "12.x5"] {
            assert_eq!(of_plain(text), None, "{text}");
        }
    }

    #[test]
    fn sums_are_held_at_the_largest_number() {
        assert_eq!(Pence(5).plus(Pence(-7)), Pence(-2));
        assert_eq!(Pence(i64::MAX).plus(Pence(1)), Pence(i64::MAX));
        assert_eq!(Pence::within_limit(99_999_999_999), Some(Pence(99_999_999_999)));
        assert_eq!((Pence::within_limit(100_000_000_000), Pence(-1_234).plain()), (None, "-12.34".to_owned()));
    }

    #[test]
    fn shares_are_rounded_half_up() {
        assert_eq!(share(1, 3), "33.3%");
        assert_eq!(share(2, 3), "66.7%");
        assert_eq!(share(1, 2000), "0.1%");
        assert_eq!(share(0, 0), "-");
        assert_eq!(share(5, 5), "100.0%");
    }

    #[test]
    fn amounts_are_shown_with_pounds_and_separators() {
        assert_eq!(Pence(123_456_789).to_string(), "£1,234,567.89");
        assert_eq!(Pence(-5).to_string(), "-£0.05");
        assert_eq!(Pence(100_000).to_string(), "£1,000.00");
        let shown = ["1234567.5", "-1234.56", "-123", "0.05"].map(with_separators);
        assert_eq!(shown, ["1,234,567.5", "-1,234.56", "-123.00", "0.05"]);
    }
}
