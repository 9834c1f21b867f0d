//! Yes and no.

use super::super::field::Fault;
use super::super::row::parse_flag;
use super::{Departure, ReadResult, Reading, unless_not_given, whole};

/// Reads yes or no, in words or as 1 or 0.
///
/// # Errors
/// Anything else.
pub fn flag(text: &str) -> ReadResult<bool> {
    unless_not_given(text, |text| match parse_flag(text) {
        Ok(flag) => Ok(Reading::plain(flag)),
        Err(fault) => whole::whole(text, |digits| bit(digits, fault)).map(|flag| flag.also(Departure::NumericFlag)),
    })
}

fn bit(digits: &str, fault: Fault) -> Result<bool, Fault> {
    match digits {
        "1" => Ok(true),
        "0" => Ok(false),
        _ => Err(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_a_word_or_a_bit() {
        for (yes, no) in [("Y", "N"), ("yes", "no"), ("True", "FALSE"), ("1", "0"), ("1.0", "0.0")] {
            assert_eq!(flag(yes).unwrap().value, Some(true), "{yes}");
            assert_eq!(flag(no).unwrap().value, Some(false), "{no}");
        }
        assert_eq!(flag("1"), Ok(Reading::departed(true, Departure::NumericFlag)));
        assert_eq!(flag("Y"), Ok(Reading::plain(true)));
        assert_eq!(flag("none").unwrap().value, None);
        for text in ["2", "-1", "X", "on"] {
            assert!(flag(text).is_err(), "{text}");
        }
    }
}
