//! One cell of an extract as its file holds it.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, NaiveDate};

use super::money;

/// Text, or a value of a typed column. `Debug` tells which of these it is and never the value: any cell may hold personal
/// data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Text; blanks around it are not part of the value.
    Text(&'a str),
    /// A day.
    Day(NaiveDate),
    /// A moment, in microseconds since 1970 began, UTC.
    Moment(i64),
    /// A decimal number with two places, in hundredths.
    Hundredths(i64),
    /// A whole number.
    Number(i64),
}

impl fmt::Debug for Cell<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Text(_) => "Text",
            Self::Day(_) => "Day",
            Self::Moment(_) => "Moment",
            Self::Hundredths(_) => "Hundredths",
            Self::Number(_) => "Number",
        };
        out.debug_tuple(kind).finish_non_exhaustive()
    }
}

impl<'a> Cell<'a> {
    /// Whether the cell holds no character, or blanks alone.
    pub fn is_blank(self) -> bool {
        matches!(self, Self::Text(text) if trimmed(text).is_empty())
    }

    /// The cell as text, as a CSV file would hold it.
    pub fn to_text(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Day(day) => Cow::Owned(day.to_string()),
            Self::Moment(moment) => Cow::Owned(moment_to_text(moment)),
            Self::Hundredths(number) => Cow::Owned(money::plain(number.into())),
            Self::Number(number) => Cow::Owned(number.to_string()),
        }
    }
}

/// A text without the blanks around it. As [`str::trim`], and quicker where there are none: nearly every cell is asked.
#[inline]
pub fn trimmed(text: &str) -> &str {
    let is_mark = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if is_mark(bytes.first()) && is_mark(bytes.last()) { text } else { text.trim() }
}

/// Midnight is a date.
fn moment_to_text(moment: i64) -> String {
    let Some(moment) = DateTime::from_timestamp_micros(moment) else { return moment.to_string() };
    let moment = moment.naive_utc();
    if moment.time() == chrono::NaiveTime::MIN { moment.date().to_string() } else { format!("{moment:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_trimmed_at_both_ends_and_a_blank_one_is_empty() {
        for text in ["a", " a", "a ", "\u{a0}a b\u{a0}", "é", " é", "é ", " ", "\t\u{2003}", ""] {
            assert_eq!(trimmed(text), text.trim(), "{text:?}");
            assert_eq!(Cell::Text(text).is_blank(), text.trim().is_empty(), "{text:?}");
        }
    }

    #[test]
    fn debug_tells_the_kind_and_never_the_value() {
        let day = NaiveDate::from_ymd_opt(1990, 1, 15).unwrap();
        let shown = [Cell::Text("NC100001A"), Cell::Day(day), Cell::Moment(5), Cell::Hundredths(6), Cell::Number(7)]
            .map(|cell| format!("{cell:?}"));
        assert_eq!(shown, ["Text(..)", "Day(..)", "Moment(..)", "Hundredths(..)", "Number(..)"]);
    }
}
