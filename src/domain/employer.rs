//! Employers as HMRC knows them: one PAYE scheme, named by office number and reference.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::field::{Fault, SpreadsheetDamage};

/// One PAYE scheme, as `123/A246`: three digits that are not 000, and a reference of 1 to 10 characters,
/// trimmed and in capitals. Two references are equal exactly when HMRC would take them for the same scheme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmployerRef(Arc<str>);

impl EmployerRef {
    /// Puts the two parts together that an extract carries in two columns.
    pub fn new(office_number: OfficeNumber, reference: &PayeReference) -> Self {
        Self(format!("{:03}/{}", office_number.0, reference.0).into())
    }

    /// Reads the two parts written as one, `123/A246`.
    ///
    /// # Errors
    /// The fault of the first part that cannot be read, or no slash between the parts.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let (office_number, reference) =
            text.split_once('/').ok_or(Fault::expected("a PAYE reference such as 123/A246"))?;
        Ok(Self::new(OfficeNumber::parse(office_number)?, &PayeReference::parse(reference)?))
    }

    /// An employer from its canonical text, as `as_str` returns it.
    pub fn from_canonical(text: Arc<str>) -> Self {
        Self(text)
    }

    /// The reference as one text, `123/A246`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The reference as a shared text, so that copies take no memory.
    pub fn shared(&self) -> &Arc<str> {
        &self.0
    }

    /// The HMRC office number.
    pub fn office_number(&self) -> &str {
        self.0.split_once('/').map_or("", |(office, _)| office)
    }

    /// The employer's own part of the reference.
    pub fn paye_ref(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, reference)| reference)
    }
}

/// An HMRC office number: three digits that are not 000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficeNumber(u16);

impl OfficeNumber {
    /// Reads the three digits.
    ///
    /// # Errors
    /// Anything else; a lost leading zero is named.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        const EXPECTED: &str = "an HMRC office number of three digits, such as 099";
        let text = text.trim();
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match (digits, text.len()) {
            (true, 1 | 2) => Err(Fault::damaged(EXPECTED, SpreadsheetDamage::LostLeadingZero)),
            (true, 3) => {
                let number = text.parse().ok().filter(|number| *number != 0);
                number.map(Self).ok_or(Fault::expected(EXPECTED))
            }
            _ => Err(Fault::expected(EXPECTED)),
        }
    }
}

/// An employer's own part of a PAYE reference: 1 to 10 characters, trimmed and in capitals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayeReference(Box<str>);

impl PayeReference {
    /// Reads the reference.
    ///
    /// # Errors
    /// No character, or more than ten.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let reference = in_capitals(text.trim());
        if (1..=10).contains(&reference.chars().count()) {
            Ok(Self(reference.into()))
        } else {
            Err(Fault::expected("an employer PAYE reference of 1 to 10 characters, such as A246"))
        }
    }
}

fn in_capitals(text: &str) -> Cow<'_, str> {
    let is_capital = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    if text.bytes().all(is_capital) { Cow::Borrowed(text) } else { Cow::Owned(text.to_uppercase()) }
}

impl fmt::Display for EmployerRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A payroll ID as spells compare it: letters and digits only, in capitals, without leading zeros.
///
/// New payroll software turns `1` into `001` and `A-7` into `A7`; these name the same person on the same payroll.
pub fn payroll_key(payroll_id: &str) -> Box<str> {
    let letters: String =
        payroll_id.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    letters.trim_start_matches('0').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_compared_trimmed_and_in_capitals() {
        let (office, reference) = (OfficeNumber::parse(" 123").unwrap(), PayeReference::parse(" A246").unwrap());
        assert_eq!(EmployerRef::parse("123/a246 "), Ok(EmployerRef::new(office, &reference)));
        assert_eq!(EmployerRef::parse("099/A1B2c3d4e5").unwrap().as_str(), "099/A1B2C3D4E5");
    }

    #[test]
    fn a_fault_of_the_combined_form_is_that_of_the_part_it_is_in() {
        let expected = |text: &str| EmployerRef::parse(text).unwrap_err().expected;
        for text in ["000/A246", "99/A246", "12A/A246", "/A246", "99/ABCDEFGHIJK"] {
            assert_eq!(expected(text), "an HMRC office number of three digits, such as 099", "{text}");
        }
        for text in ["123/", "123/ ", "123/ABCDEFGHIJK"] {
            assert_eq!(expected(text), "an employer PAYE reference of 1 to 10 characters, such as A246", "{text}");
        }
        assert_eq!(expected("123A246"), "a PAYE reference such as 123/A246");
    }

    #[test]
    fn a_lost_leading_zero_is_named_and_not_repaired() {
        assert_eq!(EmployerRef::parse("99/A246").unwrap_err().damage, Some(SpreadsheetDamage::LostLeadingZero));
        for text in ["000/A1", "12A/A1", "123A1", "123/", "123/ABCDEFGHIJK", "1234/A1"] {
            assert!(EmployerRef::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn payroll_ids_are_compared_without_zeros_in_front_spaces_and_punctuation() {
        assert_eq!(payroll_key("001"), payroll_key("1"));
        assert_eq!(payroll_key(" a-07 "), payroll_key("A07"));
        assert_eq!(payroll_key("000").as_ref(), "");
        assert_ne!(payroll_key("10"), payroll_key("1"));
    }
}
