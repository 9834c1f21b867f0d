//! Employers as HMRC knows them: one PAYE scheme, named by office number and reference.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::field::Fault;
use super::reading::whole::whole;
use super::reading::{Departure, ReadResult, Reading, unless_not_given};

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
    pub fn parse(text: &str) -> ReadResult<Self> {
        unless_not_given(text, |text| {
            let (office_number, reference) =
                text.split_once('/').ok_or(Fault::expected("a PAYE reference such as 123/A246"))?;
            let (office_number, reference) = (OfficeNumber::parse(office_number)?, PayeReference::parse(reference)?);
            Ok(office_number.map(|office_number| Self::new(office_number, &reference)))
        })
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
    /// Reads the digits. There are three: where fewer are given, the noughts in front were lost.
    ///
    /// # Errors
    /// Anything else, and 000.
    pub fn parse(text: &str) -> ReadResult<Self> {
        const FAULT: Fault = Fault::expected("an HMRC office number of three digits, such as 099");
        let digits = |text: &str| -> Result<Self, Fault> {
            let is_number = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|number| is_number && *number != 0).map(Self).ok_or(FAULT)
        };
        let reading = whole(text.trim(), digits)?;
        let is_short = text.split('.').next().is_some_and(|digits| digits.trim().len() < 3);
        Ok(if is_short && reading.value.is_some() { reading.also(Departure::ShortOfficeNumber) } else { reading })
    }
}

/// An employer's own part of a PAYE reference: 1 to 10 characters, trimmed and in capitals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayeReference(Box<str>);

impl PayeReference {
    /// Reads the reference that stands beside its office number; one that begins with that and a slash is what follows.
    ///
    /// # Errors
    /// As [`PayeReference::parse`].
    pub fn beside(text: &str, office_number: Option<OfficeNumber>) -> ReadResult<Self> {
        let own = |(before, _): &(&str, &str)| {
            let before = OfficeNumber::parse(before).ok().and_then(|reading| reading.value);
            before.is_some() && before == office_number
        };
        match text.split_once('/').filter(own) {
            Some((_, after)) => Self::parse(after).map(|own| Reading::departed(own, Departure::OfficeInReference)),
            None => Self::parse(text).map(Reading::plain),
        }
    }

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
    if text.bytes().all(is_capital_or_digit) { Cow::Borrowed(text) } else { Cow::Owned(text.to_uppercase()) }
}

const fn is_capital_or_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase()
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
    if payroll_id.bytes().all(is_capital_or_digit) {
        return payroll_id.trim_start_matches('0').into();
    }
    let letters: String =
        payroll_id.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    letters.trim_start_matches('0').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn employer(text: &str) -> EmployerRef {
        EmployerRef::parse(text).unwrap().value.unwrap()
    }

    fn office(text: &str) -> OfficeNumber {
        OfficeNumber::parse(text).unwrap().value.unwrap()
    }

    #[test]
    fn references_are_compared_trimmed_and_in_capitals() {
        let reference = PayeReference::parse(" A246").unwrap();
        assert_eq!(employer("123/a246 "), EmployerRef::new(office(" 123"), &reference));
        assert_eq!(employer("099/A1B2c3d4e5").as_str(), "099/A1B2C3D4E5");
        let employer = employer("099/a/46");
        assert_eq!((employer.office_number(), employer.paye_ref()), ("099", "A/46"));
        assert_eq!((employer.to_string().as_str(), &**employer.shared()), ("099/A/46", "099/A/46"));
    }

    #[test]
    fn a_fault_of_the_combined_form_is_that_of_the_part_it_is_in() {
        let expected = |text: &str| EmployerRef::parse(text).unwrap_err().expected;
        for text in ["000/A246", "12A/A246", "/A246", "0/ABCDEFGHIJK"] {
            assert_eq!(expected(text), "an HMRC office number of three digits, such as 099", "{text}");
        }
        for text in ["123/", "123/ ", "123/ABCDEFGHIJK"] {
            assert_eq!(expected(text), "an employer PAYE reference of 1 to 10 characters, such as A246", "{text}");
        }
        assert_eq!(expected("123A246"), "a PAYE reference such as 123/A246");
    }

    #[test]
    fn an_office_number_has_three_digits_and_lost_noughts_are_put_back() {
        for text in ["73", "73.0"] {
            let reading = OfficeNumber::parse(text).unwrap();
            assert_eq!(
                (reading.value, reading.departures.has(Departure::ShortOfficeNumber)),
                (Some(office("073")), true)
            );
        }
        assert!(OfficeNumber::parse("073").unwrap().departures.is_none());
        assert_eq!(employer("99/A246"), employer("099/A246"));
        assert_eq!(OfficeNumber::parse("NA").unwrap().value, None);
        for text in ["000", "0", "12A", "1234", "7.5", ""] {
            assert!(OfficeNumber::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_reference_may_begin_with_its_own_office_number_and_no_other() {
        let beside = |text: &str| PayeReference::beside(text, Some(office("073")));
        let own = PayeReference::parse("A246").unwrap();
        for text in ["073/A246", "73/a246", "073 / A246"] {
            assert_eq!(beside(text), Ok(Reading::departed(own.clone(), Departure::OfficeInReference)), "{text}");
        }
        assert_eq!(beside("A246"), Ok(Reading::plain(own)));
        assert_eq!(beside("123/A246"), PayeReference::parse("123/A246").map(Reading::plain));
        assert!(beside("073/").is_err());
    }

    #[test]
    fn payroll_ids_are_compared_without_zeros_in_front_spaces_and_punctuation() {
        assert_eq!(payroll_key("001"), payroll_key("1"));
        assert_eq!(payroll_key(" a-07 "), payroll_key("A07"));
        assert_eq!(payroll_key("000").as_ref(), "");
        assert_ne!(payroll_key("10"), payroll_key("1"));
    }
}
