//! A share of a count, as a limit on it.

use std::fmt;

/// A percentage from 0% to 100%, exact to the fourth decimal: compared with counts as whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent {
    /// In ten-thousandths of a per cent, so in millionths of the whole.
    millionths: u32,
}

/// How many millionths are one per cent.
const OF_ONE: u32 = 10_000;
/// How many millionths are all.
const WHOLE: u32 = 1_000_000;
/// How many decimals a percentage may have.
const DECIMALS: usize = 4;

impl Percent {
    /// So many per cent, of a hundred at most.
    pub const fn whole(percent: u8) -> Self {
        let percent = if percent < 100 { percent } else { 100 };
        Self { millionths: percent as u32 * OF_ONE }
    }

    /// Reads a percentage as it is typed: `45%`, `0.5%`.
    ///
    /// # Errors
    /// A text that is none, that has more than four decimals, or that is over 100%.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const EXPECTED: &str = "write it as a percentage from 0% to 100%, such as 45% or 0.5%";
        let number = text.trim().strip_suffix('%').ok_or(EXPECTED)?.trim_end();
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
        if !is_digits(whole) || !is_digits(decimals) || DECIMALS < decimals.len() {
            return Err(EXPECTED);
        }
        let whole = whole.parse::<u32>().ok().and_then(|whole| whole.checked_mul(OF_ONE)).ok_or(EXPECTED)?;
        let decimals = format!("{decimals:0<DECIMALS$}").parse::<u32>().map_err(|_| EXPECTED)?;
        let millionths = whole.checked_add(decimals).filter(|millionths| *millionths <= WHOLE).ok_or(EXPECTED)?;
        Ok(Self { millionths })
    }

    /// Whether so many of so many are more than this share of them. Of nothing, nothing is.
    pub fn is_exceeded_by(self, count: u64, of: u64) -> bool {
        u128::from(self.millionths) * u128::from(of) < u128::from(count) * u128::from(WHOLE)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, decimals) = (self.millionths / OF_ONE, self.millionths % OF_ONE);
        let decimals = format!("{decimals:04}");
        match decimals.trim_end_matches('0') {
            "" => write!(out, "{whole}%"),
            decimals => write!(out, "{whole}.{decimals}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(text: &str) -> Percent {
        Percent::parse(text).unwrap()
    }

    #[test]
    fn a_percentage_is_read_and_shown_exactly() {
        for (text, shown) in [
            ("45%", "45%"),
            (" 0.5 % ", "0.5%"),
            ("2.2500%", "2.25%"),
            ("0.0001%", "0.0001%"),
            ("100%", "100%"),
            ("0%", "0%"),
        ] {
            assert_eq!(percent(text).to_string(), shown);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "45", "%", "-1%", "101%", "100.0001%", "1.00001%", "1,5%", ".5%", "5.%", "9999999999%", "NaN%"]
        {
            assert!(Percent::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_share_is_exceeded_only_by_more_than_it() {
        assert!(!percent("45%").is_exceeded_by(45, 100));
        assert!(percent("45%").is_exceeded_by(46, 100));
        assert!(!percent("33.3333%").is_exceeded_by(333_333, 1_000_000));
        assert!(percent("33.3333%").is_exceeded_by(1, 3));
        assert!(percent("0%").is_exceeded_by(1, u64::MAX));
        assert!(!percent("100%").is_exceeded_by(u64::MAX, u64::MAX));
        assert!(!percent("0%").is_exceeded_by(0, 0));
    }
}
