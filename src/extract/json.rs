//! JSON Lines of payments, and HMRC's own responses: `{"matchPattern": 63, "taxYears": [payment, ...]}`.
//!
//! Numbers keep the digits they were written with: money and payment numbers are never binary floating point.

use std::borrow::Cow;
use std::fmt;
use std::io::{BufRead, BufReader, Read};

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::source::Surveyed;
use crate::domain::Payment;
use crate::error::RunError;

/// The longest line of JSON Lines, and the largest file that is one JSON document.
const MOST_BYTES: usize = 64 << 20;

/// One payment object: the cells of our columns as text, by column and by name within it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JsonRow {
    /// The cells of each column, the one to be read first in front.
    pub cells: Vec<Vec<Option<String>>>,
    /// The object as it was written.
    pub raw: String,
}

/// A payment object, or a thing that is not one: why, and how it was written.
pub type JsonItem = Result<JsonRow, NotAPayment>;

/// A thing that stands where a payment should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAPayment {
    /// Why it is none.
    pub reason: &'static str,
    /// The thing as it was written.
    pub raw: String,
}

/// Reads every payment of a file: `each` is given the line and the payment, or why it is not one, with its text.
///
/// # Errors
/// The file is not JSON at all, or a line is too long.
pub fn read(surveyed: &Surveyed, each: &mut dyn FnMut(u64, JsonItem) -> Result<(), RunError>) -> Result<(), RunError> {
    let mut reader = BufReader::with_capacity(1 << 20, surveyed.text()?);
    let mut line = Vec::new();
    let mut number = 0_u64;
    let mut is_lines = false;
    loop {
        line.clear();
        let length = read_line(&mut reader, &mut line).map_err(|error| surveyed.broken(&error))?;
        if length == 0 {
            return Ok(());
        }
        number += 1;
        if line.len() > MOST_BYTES {
            return Err(surveyed
                .source
                .error("a line is longer than 64 MiB", "put one payment or response on each line")
                .at_line(number)
                .into());
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match entries(&line) {
            Ok(rows) => {
                is_lines = true;
                for row in rows {
                    each(number, row)?;
                }
            }
            Err(_) if !is_lines => return document(surveyed, reader, line, number, each),
            Err(reason) => {
                let raw = String::from_utf8_lossy(line.trim_ascii_end()).into_owned();
                each(number, Err(NotAPayment { reason, raw }))?;
            }
        }
    }
}

/// A file whose first line is not a whole object: one document, such as HMRC's pretty-printed response.
fn document(
    surveyed: &Surveyed,
    reader: impl Read,
    mut text: Vec<u8>,
    first_line: u64,
    each: &mut dyn FnMut(u64, JsonItem) -> Result<(), RunError>,
) -> Result<(), RunError> {
    let room = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    reader.take(room).read_to_end(&mut text).map_err(|error| surveyed.broken(&error))?;
    if text.len() >= MOST_BYTES {
        return Err(surveyed
            .source
            .error("one JSON document of more than 64 MiB", "write one response or payment on each line")
            .into());
    }
    let rows = entries(&text).map_err(|reason| {
        let hint = "accepted are JSON Lines of payments, and responses of the form {\"matchPattern\": 63, \"taxYears\": [...]}";
        surveyed.source.error(format!("the file is not JSON that holds payments: {reason}"), hint).at_line(first_line)
    })?;
    for row in rows {
        each(first_line, row)?;
    }
    Ok(())
}

fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<usize> {
    let limit = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX) + 1;
    reader.take(limit).read_until(b'\n', line)
}

const NESTED: &str = "a value is nested or a name stands twice";

/// The payments of one object (a payment, or a response), or of a list of them.
fn entries(text: &[u8]) -> Result<Vec<JsonItem>, &'static str> {
    let text = std::str::from_utf8(text).map_err(|_| "it is not text")?;
    let entry: Entry = serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Eof => "it is cut short",
        serde_json::error::Category::Data => "it is not an object of a payment or response",
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => "it is not well-formed JSON",
    })?;
    Ok(match entry {
        Entry::One(Some(mut row)) => {
            text.trim().clone_into(&mut row.raw);
            vec![Ok(row)]
        }
        Entry::One(None) => vec![Err(NotAPayment { reason: NESTED, raw: text.trim().to_owned() })],
        Entry::Many(rows) => rows,
    })
}

enum Entry {
    One(Option<JsonRow>),
    Many(Vec<JsonItem>),
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor)
    }
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = Entry;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a payment, a response, or a list of them")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Entry, A::Error> {
        let mut rows = Vec::new();
        while let Some(raw) = list.next_element::<&RawValue>()? {
            // One list of responses or payments is read; lists within it would be read by ever deeper recursion.
            if raw.get().starts_with('[') {
                return Err(A::Error::custom("a list within a list"));
            }
            rows.extend(entries(raw.get().as_bytes()).map_err(A::Error::custom)?);
        }
        Ok(Entry::Many(rows))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
        let mut row = JsonRow { cells: empty_cells(), raw: String::new() };
        let mut sound = true;
        let mut response: Option<Vec<JsonItem>> = None;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match (key.as_ref(), place(&key)) {
                ("taxYears", _) => {
                    let payments = map.next_value::<Vec<&RawValue>>()?;
                    let rows = payments.into_iter().map(|raw| payment(raw.get())).collect();
                    sound &= response.replace(rows).is_none();
                }
                ("matchPattern", _) => {
                    map.next_value::<IgnoredAny>()?;
                    response.get_or_insert_with(Vec::new);
                }
                (_, Some((column, name))) => {
                    let value = map.next_value::<&RawValue>()?;
                    sound &= put(&mut row, column, name, value.get());
                }
                (_, None) => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(match response {
            Some(rows) => Entry::Many(rows),
            None => Entry::One(sound.then_some(row)),
        })
    }
}

/// One payment of a response.
fn payment(text: &str) -> JsonItem {
    match serde_json::from_str::<Entry>(text) {
        Ok(Entry::One(Some(mut row))) => {
            text.clone_into(&mut row.raw);
            Ok(row)
        }
        Ok(Entry::One(None)) => Err(NotAPayment { reason: NESTED, raw: text.to_owned() }),
        Ok(Entry::Many(_)) | Err(_) => Err(NotAPayment { reason: "it is not a payment", raw: text.to_owned() }),
    }
}

fn empty_cells() -> Vec<Vec<Option<String>>> {
    Payment::COLUMNS.iter().map(|column| vec![None; 1 + column.also.len()]).collect()
}

/// Where a name belongs: the column, and which of the column's names it is.
fn place(key: &str) -> Option<(usize, usize)> {
    Payment::COLUMNS.iter().enumerate().find_map(|(number, column)| {
        let names = std::iter::once(&column.name).chain(column.also);
        names.into_iter().position(|name| *name == key).map(|name| (number, name))
    })
}

/// Puts a value in its place; false when it is nested or the place is taken.
fn put(row: &mut JsonRow, column: usize, name: usize, raw: &str) -> bool {
    let Some(place) = row.cells.get_mut(column).and_then(|names| names.get_mut(name)) else { return false };
    let text = match raw.as_bytes().first() {
        Some(b'"') => match serde_json::from_str::<String>(raw) {
            Ok(text) => Some(text),
            Err(_) => return false,
        },
        Some(b'{' | b'[') => return false,
        Some(b'n') => None,
        Some(_) | None => Some(raw.to_owned()),
    };
    let free = place.is_none();
    if text.is_some() {
        *place = text;
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<JsonItem> {
        entries(text.as_bytes()).unwrap()
    }

    fn cell(row: &JsonRow, name: &str) -> Option<String> {
        let (column, name) = place(name).unwrap();
        row.cells[column][name].clone()
    }

    #[test]
    fn a_response_holds_one_row_for_each_payment() {
        let response = r#"{"matchPattern": 63, "taxYears": [{"paymentDate": "2017-02-03", "taxablePayInPeriod": 999999.99,
            "uniquePaymentId": 99999999999999999999999999999999999999, "taxCode": "1100L"}, {}]}"#;
        let rows = rows(response);
        let first = rows[0].as_ref().unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(cell(first, "taxablePayInPeriod").as_deref(), Some("999999.99"));
        assert_eq!(cell(first, "uniquePaymentId").as_deref(), Some("99999999999999999999999999999999999999"));
    }

    #[test]
    fn a_response_without_a_match_holds_none() {
        assert_eq!(rows(r#"{"matchPattern": 0}"#), []);
    }

    #[test]
    fn our_names_and_hmrcs_are_both_read() {
        let ours = rows(r#"{"payment_date": "2018-05-31", "irregular_payment": true, "surname": null}"#);
        let row = ours[0].as_ref().unwrap();
        assert_eq!(cell(row, "payment_date").as_deref(), Some("2018-05-31"));
        assert_eq!(cell(row, "irregular_payment").as_deref(), Some("true"));
        assert_eq!(cell(row, "surname"), None);
    }

    #[test]
    fn nested_and_repeated_values_are_not_payments() {
        assert!(rows(r#"{"nino": {"stem": "NC100001"}}"#)[0].is_err());
        assert!(rows(r#"{"nino": "NC100001", "nino": "NC100002"}"#)[0].is_err());
        assert!(entries(b"{\"nino\": ").is_err());
        assert!(entries(b"\"text\"").is_err());
    }
}
