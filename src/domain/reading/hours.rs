//! Hours a week.

use super::super::hours::Hours;
use super::{Departure, ReadResult, Reading, unless_not_given};

/// The words that may stand behind the number.
const UNITS: [&str; 6] = ["hours", "hour", "hrs", "hr", "h", "hrs."];

/// Reads hours a week; a unit behind them, and noughts behind their two places, do not count.
///
/// # Errors
/// More than two decimal places, or more hours than a week has.
pub fn weekly(text: &str) -> ReadResult<Hours> {
    unless_not_given(text, |text| {
        let lower = text.to_ascii_lowercase();
        let number = UNITS.iter().find_map(|unit| lower.strip_suffix(unit)).map(str::trim_end);
        let reading = number.map_or(Reading::plain(()), |_| Reading::departed((), Departure::HoursUnit));
        let (number, reading) = without_noughts(number.unwrap_or(text), reading);
        Hours::parse(number).map(|hours| reading.map(|()| hours))
    })
}

/// A number with two decimal places, where noughts follow them.
fn without_noughts(number: &str, reading: Reading<()>) -> (&str, Reading<()>) {
    let end = number.find('.').map_or(number.len(), |point| point + 3);
    match number.split_at_checked(end) {
        Some((number, further)) if !further.is_empty() && further.bytes().all(|byte| byte == b'0') => {
            (number, reading.also(Departure::FurtherPlaces))
        }
        Some(_) | None => (number, reading),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_with_and_without_their_unit() {
        for text in ["16.5", "16.50", "16.5h", "16.5 hrs", "16.5 Hours", "16.500"] {
            assert_eq!(weekly(text).unwrap().value, Some(Hours::parse("16.5").unwrap()), "{text}");
        }
        assert_eq!(weekly("30 hours"), Ok(Reading::departed(Hours::parse("30").unwrap(), Departure::HoursUnit)));
        assert_eq!(weekly("NA").unwrap().value, None);
        for text in ["sixteen", "169", "16.501", "hours", "16-20", "-1"] {
            assert!(weekly(text).is_err(), "{text}");
        }
    }
}
