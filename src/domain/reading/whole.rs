//! Whole numbers.

use super::super::field::Fault;
use super::{Departure, ReadResult, Reading, unless_not_given};

/// Reads a whole number that `parse` takes as digits; noughts behind a decimal point do not count.
///
/// # Errors
/// As `parse`, of what is before the decimal point.
pub fn whole<T>(text: &str, parse: impl Fn(&str) -> Result<T, Fault>) -> ReadResult<T> {
    unless_not_given(text, |text| match text.split_once('.') {
        Some((digits, noughts)) if !noughts.is_empty() && noughts.bytes().all(|byte| byte == b'0') => {
            parse(digits).map(|number| Reading::departed(number, Departure::DecimalPoint))
        }
        Some(_) | None => parse(text).map(Reading::plain),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> ReadResult<u8> {
        whole(text, |text| text.parse().map_err(|_| Fault::expected("a number")))
    }

    #[test]
    fn a_whole_number_may_have_a_decimal_point_with_nothing_behind_it() {
        assert_eq!(number("7"), Ok(Reading::plain(7)));
        for text in ["7.0", "7.0000"] {
            assert_eq!(number(text), Ok(Reading::departed(7, Departure::DecimalPoint)), "{text}");
        }
        assert_eq!(number("nan"), Ok(Reading::not_given(Departure::NotAvailable)));
        for text in ["7.5", "7.", ".0", "7.0.0", "seven"] {
            assert!(number(text).is_err(), "{text}");
        }
    }
}
