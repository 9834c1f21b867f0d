//! Employers as HMRC knows them: one PAYE scheme, named by office number and reference.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::field::{Fault, Spreadsheet};

/// One PAYE scheme, as `123/A246`: three digits that are not 000, and a reference of 1 to 10 characters,
/// trimmed and in capitals. Two references are equal exactly when HMRC would take them for the same scheme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmployerRef(Arc<str>);

impl EmployerRef {
    /// Reads the two parts as an extract carries them.
    ///
    /// # Errors
    /// An office number that is not three digits (a lost leading zero is named), or a reference of the wrong length.
    pub fn from_parts(office_number: &str, paye_ref: &str) -> Result<Self, Fault> {
        let office_number = office_number.trim();
        check_office(office_number)?;
        let reference = in_capitals(paye_ref.trim());
        if !(1..=10).contains(&reference.chars().count()) {
            return Err(Fault::expected("an employer PAYE reference of 1 to 10 characters, such as A246"));
        }
        Ok(Self([office_number, "/", &reference].concat().into()))
    }

    /// Reads the two parts written as one, `123/A246`.
    ///
    /// # Errors
    /// As [`EmployerRef::from_parts`], or no slash between the parts.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let (office_number, paye_ref) =
            text.split_once('/').ok_or(Fault::expected("a PAYE reference such as 123/A246"))?;
        Self::from_parts(office_number, paye_ref)
    }

    /// An employer from the form this type shows itself in.
    pub fn from_canonical(text: Arc<str>) -> Self {
        Self(text)
    }

    /// The reference as one text, `123/A246`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same text, to be shared.
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

fn in_capitals(text: &str) -> Cow<'_, str> {
    let is_capital = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    if text.bytes().all(is_capital) { Cow::Borrowed(text) } else { Cow::Owned(text.to_uppercase()) }
}

fn check_office(text: &str) -> Result<(), Fault> {
    const EXPECTED: &str = "an HMRC office number of three digits, such as 099";
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match (digits, text.len()) {
        (true, 3) if text != "000" => Ok(()),
        (true, 1 | 2) => Err(Fault::damaged(EXPECTED, Spreadsheet::LostLeadingZero)),
        _ => Err(Fault::expected(EXPECTED)),
    }
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
        assert_eq!(EmployerRef::parse("123/a246 "), EmployerRef::from_parts(" 123", " A246"));
        assert_eq!(EmployerRef::parse("099/A1B2c3d4e5").unwrap().as_str(), "099/A1B2C3D4E5");
    }

    #[test]
    fn a_lost_leading_zero_is_named_and_not_repaired() {
        assert_eq!(EmployerRef::parse("99/A246").unwrap_err().damage, Some(Spreadsheet::LostLeadingZero));
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
