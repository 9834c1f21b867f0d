//! Pounds and pence. Nothing is rounded: an amount that is not whole pence is a fault.

use super::super::cell::Cell;
use super::super::field::Fault;
use super::super::money::Pence;
use super::{Departure, ReadResult, Reading, unless_not_given};

const FAULT: Fault = Fault::expected("pounds and whole pence, such as 1250.00");

/// Reads an amount.
///
/// # Errors
/// Anything that is not whole pence, commas that do not part thousands, or more than £999,999,999.99.
pub fn pounds(text: &str) -> ReadResult<Pence> {
    unless_not_given(text, |text| match Pence::parse(text) {
        Ok(pence) => Ok(Reading::plain(pence)),
        Err(_) => otherwise_written(text).ok_or(FAULT),
    })
}

/// Reads the amount of a typed cell.
///
/// # Errors
/// As [`pounds`].
pub fn pounds_cell(cell: Cell<'_>) -> ReadResult<Pence> {
    match cell {
        Cell::Hundredths(pence) => Pence::within_limit(pence.into()).map(Reading::plain).ok_or(FAULT),
        Cell::Text(_) | Cell::Day(_) | Cell::Moment(_) | Cell::Number(_) => pounds(cell.to_text().trim()),
    }
}

/// An amount with one sign at most, wherever that stands.
fn otherwise_written(text: &str) -> Option<Reading<Pence>> {
    let mut reading = Reading::plain(());
    let mut is_negative = false;
    let mut rest = text;
    if let Some(inner) = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        (rest, is_negative) = (inner.trim(), true);
        reading = reading.also(Departure::AccountantsNegative);
    } else if let Some(before) = text.strip_suffix('-') {
        (rest, is_negative) = (before.trim_end(), true);
        reading = reading.also(Departure::AccountantsNegative);
    }
    let has_sign = is_negative;
    let mut signed = |rest: &mut &str| {
        if let Some(after) = rest.strip_prefix(['-', '\u{2212}', '+']).filter(|_| !has_sign) {
            is_negative = !rest.starts_with('+');
            *rest = after.trim_start();
            return true;
        }
        false
    };
    let sign_in_front = signed(&mut rest);
    if let Some(after) = rest.strip_prefix('£') {
        rest = after.trim_start();
        reading = reading.also(Departure::PoundSign);
        if !sign_in_front {
            signed(&mut rest);
        }
    }
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, "00"));
    let whole = if whole.contains(',') {
        reading = reading.also(Departure::PoundSign);
        without_commas(whole)?
    } else {
        whole.to_owned()
    };
    let (pence, departure) = whole_pence(&whole, fraction)?;
    reading = departure.map_or(reading, |departure| reading.also(departure));
    let pence = Pence::within_limit(if is_negative { -pence } else { pence })?;
    Some(reading.map(|()| pence))
}

/// Digits whose commas part thousands, without them.
fn without_commas(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next().filter(|first| (1..=3).contains(&first.len()))?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    Some(digits)
}

/// The pence of a decimal number: further places must be noughts, or be so far from them as a floating-point number is
/// from the decimal number that was meant: a millionth of a penny at most.
fn whole_pence(whole: &str, fraction: &str) -> Option<(i128, Option<Departure>)> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || 18 < whole.len() {
        return None;
    }
    let (pence, further) = fraction.split_at_checked(2).unwrap_or((fraction, ""));
    let scale = if pence.len() == 1 { 10 } else { 1 };
    let pence = whole.parse::<i128>().ok()? * 100 + pence.parse::<i128>().ok()? * scale;
    let (near, rest) = further.split_at_checked(6).unwrap_or((further, ""));
    if near.bytes().chain(rest.bytes()).all(|byte| byte == b'0') {
        return Some((pence, (!further.is_empty()).then_some(Departure::FurtherPlaces)));
    }
    let is_below = near.len() == 6 && near.bytes().all(|byte| byte == b'9');
    let is_above = near.len() == 6 && near.bytes().all(|byte| byte == b'0');
    match (is_above, is_below) {
        (true, _) => Some((pence, Some(Departure::FloatingPence))),
        (_, true) => Some((pence + 1, Some(Departure::FloatingPence))),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Departures;
    use super::*;

    #[test]
    fn an_amount_is_read_however_it_is_written() {
        let of = Departures::NONE;
        let (sign, behind) = (of.with(Departure::PoundSign), of.with(Departure::AccountantsNegative));
        let spellings = [
            ("1250", 125_000, of),
            ("1250.5", 125_050, of),
            ("-12.34", -1234, of),
            ("+12.34", 1234, of),
            ("£1250.00", 125_000, sign),
            ("£1250.5", 125_050, sign),
            ("£ 1,250.00", 125_000, sign),
            ("1,250,000.50", 125_000_050, sign),
            ("-£1,250.00", -125_000, sign),
            ("£-1,250.00", -125_000, sign),
            ("1250.00-", -125_000, behind),
            ("(1250.00)", -125_000, behind),
            ("(£1,250.00)", -125_000, behind.with(Departure::PoundSign)),
            ("1250.0000", 125_000, of.with(Departure::FurtherPlaces)),
            ("1250.500000000000000000", 125_050, of.with(Departure::FurtherPlaces)),
            ("1250.1000000000001", 125_010, of.with(Departure::FloatingPence)),
            ("1250.0999999999999", 125_010, of.with(Departure::FloatingPence)),
            ("-0.0", 0, of),
        ];
        for (text, pence, departures) in spellings {
            assert_eq!(pounds(text), Ok(Reading { value: Some(Pence(pence)), departures }), "{text}");
        }
        assert_eq!(pounds("N/A"), Ok(Reading::not_given(Departure::NotAvailable)));
        assert_eq!(pounds_cell(Cell::Hundredths(-50)), Ok(Reading::plain(Pence(-50))));
        assert_eq!(pounds_cell(Cell::Number(1250)), Ok(Reading::plain(Pence(125_000))));
        assert!(pounds_cell(Cell::Hundredths(i64::MAX)).is_err());
    }

    #[test]
    fn nothing_is_rounded_or_guessed() {
        let faults = [
            "12.345",
            "1250.00001",
            "1250.0000099",
            "12,50.00",
            "1,2500",
            "1250,00",
            "12.",
            ".5",
            "1e3",
            "--1",
            "-(1)",
            "(1)-",
            "(-1)",
            "1000000000.00",
            "$12",
            "12 GBP",
            "1.250,00",
            "£",
            "()",
            "1.2.3",
        ];
        for text in faults {
            assert!(pounds(text).is_err(), "{text}");
        }
    }
}
