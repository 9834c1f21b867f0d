//! A cell of an input, after it has been read by name and type.

use std::fmt;

use super::reading::Kind;

/// One cell: a value, nothing, or something that is not a value of its type.
///
/// The three are never confused: an empty cell is not a default, and an unreadable one is not empty. `Debug` tells which
/// of the three it is and never what the cell held: any cell may hold personal data, if only by a slip of the column.
#[derive(Clone, PartialEq, Eq)]
pub enum Field<T> {
    /// The cell holds a value of its type.
    Given(T),
    /// The cell holds nothing, or the column is not there.
    Empty,
    /// The cell holds something else: what was expected, and what was found. What was found may be personal data.
    Unreadable(Box<UnreadableText>),
}

/// What stands in a cell that could not be read, and why it could not. It is kept apart from the field, so that the fields that
/// are read, which are nearly all, stay small.
#[derive(Clone, PartialEq, Eq)]
pub struct UnreadableText {
    fault: Fault,
    text: Box<str>,
}

impl<T> Field<T> {
    /// The value, where there is one.
    pub fn given(&self) -> Option<&T> {
        match self {
            Self::Given(value) => Some(value),
            Self::Empty | Self::Unreadable(..) => None,
        }
    }

    /// The fault, where the cell could not be read.
    pub fn fault(&self) -> Option<&Fault> {
        self.unreadable().map(|(fault, _)| fault)
    }

    /// The fault of a cell that could not be read, and the text that stands in it.
    pub fn unreadable(&self) -> Option<(&Fault, &str)> {
        match self {
            Self::Unreadable(unread) => Some((&unread.fault, &unread.text)),
            Self::Given(_) | Self::Empty => None,
        }
    }

    /// The value itself, where there is one.
    pub fn into_given(self) -> Option<T> {
        match self {
            Self::Given(value) => Some(value),
            Self::Empty | Self::Unreadable(..) => None,
        }
    }

    /// A cell that could not be read, with the text that stands in it.
    pub fn unread(fault: Fault, text: Box<str>) -> Self {
        Self::Unreadable(Box::new(UnreadableText { fault, text }))
    }

    /// Whether the cell holds nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// Reads a cell's text: surrounding blanks are not part of a value, and a cell of blanks is empty.
    pub fn read(text: Option<&str>, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Self {
        match text.map(str::trim).filter(|trimmed| !trimmed.is_empty()) {
            None => Self::Empty,
            Some(trimmed) => match parse(trimmed) {
                Ok(value) => Self::Given(value),
                Err(fault) => Self::unread(fault, trimmed.into()),
            },
        }
    }
}

impl<T> fmt::Debug for Field<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(_) => out.debug_tuple("Given").finish_non_exhaustive(),
            Self::Empty => out.write_str("Empty"),
            Self::Unreadable(unread) => out.debug_tuple("Unreadable").field(&unread.fault).finish_non_exhaustive(),
        }
    }
}

/// A column of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Our name for it.
    pub name: &'static str,
    /// The names that HMRC's data has for it; of several that are there, the first with a value is read.
    pub also: &'static [&'static str],
    /// Plain names that people give it.
    pub plain: &'static [&'static str],
    /// Whether a file must have it.
    pub need: Need,
    /// The kind of value it holds.
    pub kind: Kind,
    /// Whether a cell of it may run over several lines.
    pub over_lines: bool,
    /// What it holds.
    pub means: &'static str,
}

/// Whether a file must have a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The file cannot be used without it.
    Required,
    /// It may be left out.
    Optional,
}

impl Column {
    /// A column of text that must be there.
    pub const fn required(name: &'static str, also: &'static [&'static str], means: &'static str) -> Self {
        Self { name, also, plain: &[], need: Need::Required, kind: Kind::Text, over_lines: false, means }
    }

    /// A column of text that may be left out.
    pub const fn optional(name: &'static str, also: &'static [&'static str], means: &'static str) -> Self {
        Self { name, also, plain: &[], need: Need::Optional, kind: Kind::Text, over_lines: false, means }
    }

    /// The same column, holding another kind of value.
    #[must_use]
    pub const fn of(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    /// The same column, of which a cell may run over several lines.
    #[must_use]
    pub const fn over_lines(self) -> Self {
        Self { over_lines: true, ..self }
    }

    /// The same column, which people also call by these names.
    #[must_use]
    pub const fn called(self, plain: &'static [&'static str]) -> Self {
        Self { plain, ..self }
    }

    /// Every name that the column may have in a file, ours first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.also.iter().copied()).chain(self.plain.iter().copied())
    }
}

/// Why a cell could not be read. It never holds what the cell held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// What the cell should have held, with an example.
    pub expected: &'static str,
    /// The damage it looks like, where it looks like one a spreadsheet does.
    pub damage: Option<SpreadsheetDamage>,
}

impl Fault {
    /// A fault that looks like nothing in particular.
    pub const fn expected(expected: &'static str) -> Self {
        Self { expected, damage: None }
    }

    /// A fault that looks like damage done by a spreadsheet.
    pub const fn damaged(expected: &'static str, damage: SpreadsheetDamage) -> Self {
        Self { expected, damage: Some(damage) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "expected {}", self.expected)?;
        match self.damage {
            Some(damage) => write!(out, "; {damage}"),
            None => Ok(()),
        }
    }
}

/// What spreadsheets do to identifiers and dates. Recognised and named, never repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpreadsheetDamage {
    /// `1.23E+08`: an identifier taken for a number.
    ScientificNotation,
    /// `43221` for 1 May 2018: a date's day number.
    SerialDate,
    /// `01/05/18`: nobody can tell the century.
    TwoDigitYear,
    /// `05/20/2018`: there is no month 20, so the month stands first.
    MonthFirst,
}

impl SpreadsheetDamage {
    /// The name the account and the findings use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ScientificNotation => "scientific_notation",
            Self::SerialDate => "serial_date",
            Self::TwoDigitYear => "two_digit_year",
            Self::MonthFirst => "month_first",
        }
    }

    /// Whether the text is a number in scientific notation, as `1.23457E+11`.
    pub fn is_scientific(text: &str) -> bool {
        if !text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            return false;
        }
        let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let exponent_digits = exponent.strip_prefix(['+', '-']);
        let mantissa_is_number = match mantissa.split_once('.') {
            Some((whole, fraction)) => whole.len() == 1 && digits(whole) && digits(fraction),
            None => mantissa.len() == 1 && digits(mantissa) && exponent_digits.is_some(),
        };
        mantissa_is_number && digits(exponent_digits.unwrap_or(exponent))
    }
}

impl fmt::Display for SpreadsheetDamage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::ScientificNotation => "it looks like an identifier that a spreadsheet turned into a number",
            Self::SerialDate => "it looks like a spreadsheet's serial number of a date",
            Self::TwoDigitYear => "the year has two digits, which does not say the century",
            Self::MonthFirst => "the month seems to come first, because there is no month of the second number",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_its_names_ours_first_and_keeps_what_was_said_of_it() {
        let column = Column::optional("pay", &["taxablePay"], "pounds").called(&["Pay", "Wage"]).over_lines();
        assert_eq!(column.names().collect::<Vec<_>>(), ["pay", "taxablePay", "Pay", "Wage"]);
        assert!(column.over_lines && !Column::optional("pay", &[], "pounds").over_lines);
    }

    #[test]
    fn debug_of_a_field_tells_no_value() {
        let read =
            |text: Option<&str>| Field::read(text, |text| text.parse::<u8>().map_err(|_| Fault::expected("a number")));
        assert_eq!(format!("{:?} {:?}", read(Some("7")), read(None)), "Given(..) Empty");
        let unreadable = format!("{:?}", read(Some("NC100001A")));
        assert!(unreadable.starts_with("Unreadable(Fault") && !unreadable.contains("NC1"), "{unreadable}");
    }

    #[test]
    fn damage_has_a_name_each_and_scientific_notation_is_told_from_identifiers() {
        use SpreadsheetDamage::{MonthFirst, ScientificNotation, SerialDate, TwoDigitYear};
        let names = [ScientificNotation, SerialDate, TwoDigitYear, MonthFirst].map(SpreadsheetDamage::name);
        assert_eq!(names, ["scientific_notation", "serial_date", "two_digit_year", "month_first"]);
        for number in ["1.23457E+11", "1.2e5", "1E+11", "9e-3"] {
            assert!(SpreadsheetDamage::is_scientific(number), "{number}");
        }
        for other in [
            "1E11", "12E+3", "12.3E+4", "1.E+4", ".5E+4", "1.xE+4", "1.2E+", "1.2E", "xE+4", "E+4", "1x.2E+4",
            "1.2E4x", "",
        ] {
            assert!(!SpreadsheetDamage::is_scientific(other), "{other}");
        }
    }

    #[test]
    fn a_cell_of_blanks_is_empty() {
        assert_eq!(Field::read(Some("  "), |_| Ok(1)), Field::Empty);
        assert_eq!(Field::<u8>::read(None, |_| Ok(1)), Field::Empty);
    }

    #[test]
    fn scientific_notation_is_recognised_and_identifiers_are_not_mistaken_for_it() {
        for damaged in ["1.23457E+11", "1.2E+06", "9E+15", "1.2E6", "5e+9"] {
            assert!(SpreadsheetDamage::is_scientific(damaged), "{damaged}");
        }
        for sound in ["12E5", "E5", "1E", "A1E5", "12.3E4X", "NE123456A", "1E5"] {
            assert!(!SpreadsheetDamage::is_scientific(sound), "{sound}");
        }
    }
}
