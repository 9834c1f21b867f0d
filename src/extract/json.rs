//! JSON Lines of payments, and HMRC's own responses: `{"matchPattern": 63, "taxYears": [payment, ...]}`.
//!
//! Numbers keep the digits they were written with: money and payment numbers are never binary floating point.

use std::borrow::Cow;
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::ops::Range;
use std::sync::LazyLock;

use hashbrown::HashMap;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::json_cell::put;
use super::json_names::has_name;
use super::source::Sniffed;
use crate::domain::Payment;
use crate::domain::column_name::plain_name;
use crate::error::{InputError, RunError};

/// The longest line of JSON Lines, and the largest file that is one JSON document.
const MOST_BYTES: usize = 64 << 20;

/// One payment object: the cells of our columns, borrowed from its text wherever that is plain.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct JsonRow<'t> {
    /// The cells under every name of ours, in the order of [`NAMES`].
    cells: Vec<Option<Cow<'t, str>>>,
    /// The names of ours that it has, if only with `null`, by the bits of their places in [`NAMES`].
    pub places: u128,
    /// Its names that are none of ours.
    pub other: Vec<Cow<'t, str>>,
    /// Whether a name that is none of ours holds an object or a list in which names of ours stand.
    pub hides_ours: bool,
    /// The object as it was written.
    pub raw: &'t str,
}

impl JsonRow<'_> {
    /// The values of one of our columns under each of its names, the one to be read first in front.
    pub fn cells(&self, column: usize) -> &[Option<Cow<'_, str>>] {
        self.cells.get(NAMES.places_of(column)).unwrap_or_default()
    }
}

/// A payment object, or something that is not one.
pub type JsonItem<'t> = Result<JsonRow<'t>, NotAPayment<'t>>;

/// Something else where a payment should be.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct NotAPayment<'t> {
    /// Why it is none.
    pub reason: &'static str,
    /// Its text as it was written.
    pub raw: Cow<'t, str>,
}

/// The sink for each payment, or for something that is none, with its line.
pub type JsonSink<'a> = &'a mut dyn FnMut(u64, JsonItem<'_>) -> Result<(), RunError>;

/// Whether the first line that is not blank holds payments: then each line of the file is read for itself.
///
/// # Errors
/// The file cannot be read.
pub fn is_lines(sniffed: &Sniffed) -> Result<bool, InputError> {
    let mut reader = BufReader::with_capacity(1 << 20, sniffed.text()?);
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = read_line(&mut reader, &mut line).map_err(|error| sniffed.broken(&error))?;
        if length == 0 || MOST_BYTES < line.len() {
            return Ok(false);
        }
        if !line.iter().all(u8::is_ascii_whitespace) {
            return Ok(entry(&line, None).is_ok());
        }
    }
}

/// Reads every payment of a file, or of a part of its lines; answers how many lines there are.
///
/// # Errors
/// The file is not JSON at all, or a line is too long.
pub fn read(sniffed: &Sniffed, text: impl Read, mut is_lines: bool, each: JsonSink<'_>) -> Result<u64, RunError> {
    let mut reader = BufReader::with_capacity(1 << 20, text);
    let mut line = Vec::new();
    let mut number = 0_u64;
    loop {
        line.clear();
        let length = read_line(&mut reader, &mut line).map_err(|error| sniffed.broken(&error))?;
        if length == 0 {
            return Ok(number);
        }
        number += 1;
        if line.len() > MOST_BYTES {
            return Err(sniffed
                .source
                .error("a line is longer than 64 MiB", "put one payment or response on each line")
                .at_line(number)
                .into());
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match each_item(&line, &mut |item| each(number, item)) {
            Ok(handed_on) => {
                is_lines = true;
                handed_on?;
            }
            Err(_) if !is_lines => return document(sniffed, reader, std::mem::take(&mut line), number, each),
            Err(reason) => {
                each(number, Err(NotAPayment { reason, raw: String::from_utf8_lossy(line.trim_ascii_end()) }))?;
            }
        }
    }
}

/// A file whose first line is not a whole object: one document, such as HMRC's pretty-printed response.
fn document(
    sniffed: &Sniffed,
    reader: impl Read,
    mut text: Vec<u8>,
    first_line: u64,
    each: JsonSink<'_>,
) -> Result<u64, RunError> {
    let room = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    reader.take(room).read_to_end(&mut text).map_err(|error| sniffed.broken(&error))?;
    if text.len() >= MOST_BYTES {
        return Err(sniffed
            .source
            .error("one JSON document of more than 64 MiB", "write one response or payment on each line")
            .into());
    }
    let handed_on = each_item(&text, &mut |item| each(first_line, item)).map_err(|reason| {
        let hint = "accepted are JSON Lines of payments, and responses of the form {\"matchPattern\": 63, \"taxYears\": [...]}";
        sniffed.source.error(format!("the file is not JSON that holds payments: {reason}"), hint).at_line(first_line)
    })?;
    handed_on.map(|()| first_line)
}

fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<usize> {
    let limit = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX) + 1;
    reader.take(limit).read_until(b'\n', line)
}

const TWICE: &str = "a name stands twice, or two names mean one column";

/// Hands on the payments of one object (a payment, or a response), or of a list of them, one after the other: a text of a
/// few megabytes may hold millions. Nothing is handed on of a text that is not well-formed to its end.
fn each_item(text: &[u8], each: EachItem<'_>) -> Result<Result<(), RunError>, &'static str> {
    match entry(text, None)? {
        JsonEntry::One(item) => Ok(each(item)),
        JsonEntry::Many => {
            let mut sink = ItemSink { each, failed: None };
            let read = entry(text, Some(&mut sink));
            match sink.failed {
                Some(error) => Ok(Err(error)),
                None => read.map(|_| Ok(())),
            }
        }
    }
}

/// The receiver of each payment of a text.
type EachItem<'i> = &'i mut dyn FnMut(JsonItem<'_>) -> Result<(), RunError>;

/// Where the payments of a list or of a response go, and the error that ended it.
struct ItemSink<'i> {
    each: EachItem<'i>,
    failed: Option<RunError>,
}

impl ItemSink<'_> {
    fn take<E: serde::de::Error>(&mut self, item: JsonItem<'_>) -> Result<(), E> {
        (self.each)(item).map_err(|error| {
            self.failed = Some(error);
            E::custom("the payments are wanted no longer")
        })
    }
}

/// What a text is.
enum JsonEntry<'t> {
    /// A payment, or an object that should be one.
    One(JsonItem<'t>),
    /// A list or a response; its payments went to the sink, where there is one.
    Many,
}

/// Reads a text; the payments of a list or of a response go to the sink.
fn entry<'t>(text: &'t [u8], sink: Option<&mut ItemSink<'_>>) -> Result<JsonEntry<'t>, &'static str> {
    let text = std::str::from_utf8(text).map_err(|_| "it is not text")?;
    let mut json = serde_json::Deserializer::from_str(text);
    let read = json.deserialize_any(EntryVisitor { text, sink }).and_then(|entry| json.end().map(|()| entry));
    read.map_err(|error| match error.classify() {
        serde_json::error::Category::Eof => "it is cut short",
        serde_json::error::Category::Data => "it is not an object of a payment or response",
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => "it is not well-formed JSON",
    })
}

struct EntryVisitor<'t, 'e, 'i> {
    text: &'t str,
    sink: Option<&'e mut ItemSink<'i>>,
}

impl<'de> Visitor<'de> for EntryVisitor<'de, '_, '_> {
    type Value = JsonEntry<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a payment, a response, or a list of them")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Self::Value, A::Error> {
        while let Some(raw) = list.next_element::<&'de RawValue>()? {
            // One list of responses or payments is read; lists within it would be read by ever deeper recursion.
            if raw.get().starts_with('[') {
                return Err(A::Error::custom("a list within a list"));
            }
            let read = entry(raw.get().as_bytes(), self.sink.as_deref_mut()).map_err(A::Error::custom)?;
            if let (JsonEntry::One(item), Some(sink)) = (read, self.sink.as_deref_mut()) {
                sink.take(item)?;
            }
        }
        Ok(JsonEntry::Many)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
        let cells = vec![None; NAMES.count];
        let raw = self.text.trim();
        let mut row = JsonRow { cells, places: 0, other: Vec::new(), hides_ours: false, raw };
        let mut fault = None;
        let (mut is_response, mut has_payments) = (false, false);
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match (key.as_ref(), NAMES.place(&key)) {
                ("taxYears", _) => {
                    if std::mem::replace(&mut has_payments, true) {
                        return Err(A::Error::custom(TWICE));
                    }
                    map.next_value_seed(PaymentsOf(self.sink.as_deref_mut()))?;
                }
                ("matchPattern", _) => {
                    map.next_value::<IgnoredAny>()?;
                    is_response = true;
                }
                (_, Some(place)) => {
                    let value = map.next_value::<&'de RawValue>()?;
                    if row.places & 1 << place != 0 {
                        fault.get_or_insert(TWICE);
                    }
                    row.places |= 1 << place;
                    if let Err(nested) = row.cells.get_mut(place).map_or(Ok(()), |cell| put(cell, value.get())) {
                        fault.get_or_insert(nested);
                    }
                }
                (_, None) => {
                    let value = map.next_value::<&'de RawValue>()?.get();
                    row.hides_ours |=
                        value.starts_with(['{', '[']) && has_name(value, |name| NAMES.place(name).is_some());
                    row.other.push(key);
                }
            }
        }
        if is_response || has_payments {
            return Ok(JsonEntry::Many);
        }
        Ok(JsonEntry::One(match fault {
            None => Ok(row),
            Some(reason) => Err(NotAPayment { reason, raw: raw.into() }),
        }))
    }
}

/// The payments of a response, each handed on as it is read.
struct PaymentsOf<'e, 'i>(Option<&'e mut ItemSink<'i>>);

impl<'de> DeserializeSeed<'de> for PaymentsOf<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, list: D) -> Result<(), D::Error> {
        list.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for PaymentsOf<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of payments")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(raw) = list.next_element::<&'de RawValue>()? {
            if let Some(sink) = self.0.as_deref_mut() {
                sink.take(payment(raw.get()))?;
            }
        }
        Ok(())
    }
}

/// One payment of a response.
fn payment(text: &str) -> JsonItem<'_> {
    match entry(text.as_bytes(), None) {
        Ok(JsonEntry::One(item)) => item,
        Ok(JsonEntry::Many) | Err(_) => Err(NotAPayment { reason: "it is not a payment", raw: text.into() }),
    }
}

/// Our names and HMRC's have a place in a row each: the names of a column stand together, the one to be read first in
/// front. A plain name, and any name written in another case or with other blanks, has the place of the name that it is.
pub(super) struct Names {
    places: HashMap<&'static str, usize>,
    plain: HashMap<String, usize>,
    begins: Vec<usize>,
    count: usize,
}

pub(super) static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names { places: HashMap::new(), plain: HashMap::new(), begins: Vec::new(), count: 0 };
    for column in &Payment::COLUMNS {
        let own = names.count;
        names.begins.push(own);
        for name in std::iter::once(&column.name).chain(column.also) {
            names.places.insert(name, names.count);
            names.plain.entry(plain_name(name)).or_insert(names.count);
            names.count += 1;
        }
        for name in column.plain {
            names.plain.entry(plain_name(name)).or_insert(own);
        }
    }
    names
});

impl Names {
    fn place(&self, key: &str) -> Option<usize> {
        self.places.get(key).or_else(|| self.plain.get(&plain_name(key))).copied()
    }

    /// The places of one of our columns.
    pub(super) fn places_of(&self, column: usize) -> Range<usize> {
        let begin = self.begins.get(column).copied().unwrap_or(self.count);
        begin..self.begins.get(column + 1).copied().unwrap_or(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::super::json_cell::NESTED;
    use super::*;

    /// What is read of a text, with what it borrows made its own.
    struct Read {
        cells: Vec<Option<String>>,
        other: Vec<String>,
        hides_ours: bool,
        raw: String,
    }

    fn items(text: &str) -> Result<Vec<Result<Read, &'static str>>, &'static str> {
        let mut rows = Vec::new();
        let handed_on = each_item(text.as_bytes(), &mut |item| {
            let own = |row: JsonRow<'_>| Read {
                cells: row.cells.into_iter().map(|cell| cell.map(Cow::into_owned)).collect(),
                other: row.other.into_iter().map(Cow::into_owned).collect(),
                hides_ours: row.hides_ours,
                raw: row.raw.to_owned(),
            };
            rows.push(item.map(own).map_err(|none| none.reason));
            Ok(())
        });
        handed_on.map(|handed_on| handed_on.map(|()| rows).unwrap())
    }

    fn rows(text: &str) -> Vec<Result<Read, &'static str>> {
        items(text).unwrap()
    }

    fn cell(row: &Read, name: &str) -> Option<String> {
        row.cells[NAMES.place(name).unwrap()].clone()
    }

    #[test]
    fn payments_are_handed_on_one_by_one_and_none_of_a_damaged_text() {
        let list = rows(r#"[{"nino": "A"}, {"matchPattern": 63, "taxYears": [{"nino": "B"}, 1]}, {"nino": {}}]"#);
        let told = |row: &Result<Read, &'static str>| match row {
            Ok(row) => row.raw.clone(),
            Err(reason) => String::from(*reason),
        };
        assert_eq!(
            list.iter().map(told).collect::<Vec<_>>(),
            [r#"{"nino": "A"}"#, r#"{"nino": "B"}"#, "it is not a payment", NESTED]
        );
        for damaged in [
            r#"[{"nino": "A"}, {"nino": "#,
            r#"[{"nino": "A"}, 1]"#,
            r#"[{"nino": "A"}, []]"#,
            r#"{"taxYears": [{"nino": "A"}], "taxYears": [{"nino": "B"}]}"#,
            r#"{"taxYears": [{"nino": "A"}]} {}"#,
        ] {
            assert!(items(damaged).is_err(), "{damaged}");
        }
        let mut seen = 0;
        let refused = each_item(br#"[{"nino": "A"}, {"nino": "B"}]"#, &mut |_| {
            seen += 1;
            Err(RunError::Untrusted(String::new()))
        });
        assert!(refused.unwrap().is_err());
        assert_eq!(seen, 1);
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
        assert!(rows(r#"{"matchPattern": 0}"#).is_empty());
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
    fn names_are_read_as_people_write_them() {
        let plain =
            rows(r#"{"NI Number": "NC100001", "payment date": "2018-05-31", "DOB": "1990-01-15", "Notes": ""}"#);
        let row = plain[0].as_ref().unwrap();
        assert_eq!(cell(row, "nino").as_deref(), Some("NC100001"));
        assert_eq!(cell(row, "payment_date").as_deref(), Some("2018-05-31"));
        assert_eq!(cell(row, "date_of_birth").as_deref(), Some("1990-01-15"));
        assert_eq!(row.other, ["Notes"]);
        assert!(NAMES.count <= 128, "every place has a bit");
        assert!(rows(r#"{"nino": "NC100001", "NI no": "NC100002"}"#)[0].is_err());
    }

    #[test]
    fn the_cells_of_a_column_stand_together() {
        let text = r#"{"nino": "NC100001", "surname": "O\u0027Neill", "forename": "Zo\u00eb"}"#;
        let Ok(JsonEntry::One(Ok(row))) = entry(text.as_bytes(), None) else { panic!("it is a payment") };
        for (number, column) in Payment::COLUMNS.iter().enumerate() {
            assert_eq!(row.cells(number).len(), 1 + column.also.len());
        }
        let cell = |name: &str| row.cells[NAMES.place(name).unwrap()].as_deref();
        assert_eq!(row.cells(crate::domain::payment::at::NINO)[0].as_deref(), Some("NC100001"));
        assert_eq!(cell("surname"), Some("O'Neill"));
        assert_eq!(cell("forename"), Some("Zo\u{eb}"));
        assert!(row.cells(Payment::COLUMNS.len()).is_empty());
    }

    #[test]
    fn nested_and_repeated_values_are_not_payments() {
        let reason = |text| rows(text).remove(0).err().unwrap();
        assert_eq!(reason(r#"{"nino": {"stem": "NC100001"}}"#), NESTED);
        assert_eq!(reason(r#"{"nino": "NC100001", "nino": "NC100002"}"#), TWICE);
        assert_eq!(reason(r#"{"nino": null, "nino": "NC100002"}"#), TWICE);
        let hides = |text| rows(text)[0].as_ref().unwrap().hides_ours;
        assert!(hides(r#"{"payment": {"leaving_date": "2018-05-01"}}"#));
        assert!(!hides(r#"{"employee": {"name": "X"}, "tags": ["a"]}"#));
        assert!(items("{\"nino\": ").is_err());
        assert!(items("\"text\"").is_err());
    }
}
