//! The number or text by which a sender names a payment.

use std::fmt;
use std::sync::Arc;

use super::field::{Fault, SpreadsheetDamage};

/// A payment's identifier: two payments have the same or not, and nothing else about it matters.
///
/// Digits are a number, so that `07` is `7`; numbers are ordered by value and come before every other text, which is
/// ordered by code point. HMRC's identifiers have up to 38 digits, those of other senders may be any text, such as a
/// UUID.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaymentId {
    /// A number of up to 38 digits.
    Number(u128),
    /// A longer number: how many digits it has without zeros in front, and the digits.
    LongNumber(usize, Arc<str>),
    /// Any other text.
    Text(Arc<str>),
}

/// The most digits that every number of as many digits can be kept with as a [`PaymentId::Number`].
const MOST_DIGITS: usize = 38;

impl PaymentId {
    /// Reads an identifier.
    ///
    /// # Errors
    /// A number in scientific notation: a spreadsheet took its last digits away, and it names many payments.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            if SpreadsheetDamage::is_scientific(text) {
                let expected = "a payment's identifier, such as 123456";
                return Err(Fault::damaged(expected, SpreadsheetDamage::ScientificNotation));
            }
            return Ok(Self::Text(text.into()));
        }
        let digits = text.trim_start_matches('0');
        let number = digits.parse().ok().filter(|_| digits.len() <= MOST_DIGITS);
        Ok(match number {
            Some(number) => Self::Number(number),
            None if digits.is_empty() => Self::Number(0),
            None => Self::LongNumber(digits.len(), digits.into()),
        })
    }
}

impl fmt::Display for PaymentId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(out),
            Self::LongNumber(_, text) | Self::Text(text) => out.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> PaymentId {
        PaymentId::parse(text).unwrap()
    }

    #[test]
    fn digits_are_compared_by_value_and_other_texts_as_they_are() {
        assert_eq!(id("007"), id("7"));
        assert_eq!(id("000"), id("0"));
        assert_ne!(id("a-1"), id("A-1"));
        assert_ne!(id("7"), id("7.0"));
        let long = "9".repeat(60);
        assert_eq!(id(&format!("00{long}")), id(&long));
    }

    #[test]
    fn numbers_are_ordered_by_value_before_texts_by_code_point() {
        let in_order = ["2", "10", &"9".repeat(38), &format!("1{}", "0".repeat(38)), &"9".repeat(39), "-1", "A", "a"];
        assert!(in_order.map(id).is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn an_identifier_reads_back_as_it_is_written() {
        for text in ["0", "42", &"9".repeat(45), "5f2b9a54-9d6e-4a1f-8f1c-0a4a3c1f7a10"] {
            assert_eq!(id(text).to_string(), text);
        }
    }

    #[test]
    fn a_number_that_lost_digits_is_no_identifier() {
        assert_eq!(PaymentId::parse("1.2E+30").unwrap_err().damage, Some(SpreadsheetDamage::ScientificNotation));
    }
}
