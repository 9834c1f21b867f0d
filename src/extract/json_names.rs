//! The names in a JSON file, at any depth: whether it says anything of payments, and what it says instead.

use std::fmt;
use std::io::BufReader;
use std::ops::ControlFlow;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::source::Sniffed;
use crate::error::InputError;

/// What the names in a JSON file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// One of them is sought.
    OneOfThese,
    /// None is, to the end of the file.
    NoneOfThese,
    /// The file is not JSON to its end, and up to there none is.
    NotJson,
}

/// Looks for a name in a file, which is one JSON document or a sequence of them.
///
/// # Errors
/// The file cannot be opened.
pub(super) fn look_for_names(sniffed: &Sniffed, is_sought: impl Fn(&str) -> bool) -> Result<Names, InputError> {
    let mut found = false;
    let is_whole = each_name(sniffed, &mut |name| {
        found = is_sought(name);
        if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(match (found, is_whole) {
        (true, _) => Names::OneOfThese,
        (false, true) => Names::NoneOfThese,
        (false, false) => Names::NotJson,
    })
}

/// Whether a JSON text has a name that is sought, at any depth.
pub(super) fn has_name(text: &str, is_sought: impl Fn(&str) -> bool) -> bool {
    let mut found = false;
    let mut each = |name: &str| {
        found |= is_sought(name);
        if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    // A search that found something ends with an error.
    drop(serde_json::Deserializer::from_str(text).deserialize_any(NameVisitor(&mut each)));
    found
}

/// What is done with each name; it may end the search.
type EachName<'e> = dyn FnMut(&str) -> ControlFlow<()> + 'e;

/// Calls `each` with every name; whether the file is JSON to its end, or to where `each` ended the search.
fn each_name(sniffed: &Sniffed, each: &mut EachName<'_>) -> Result<bool, InputError> {
    let reader = BufReader::with_capacity(1 << 20, sniffed.text()?);
    let mut documents = serde_json::Deserializer::from_reader(reader);
    let mut is_ended = false;
    let mut each = |name: &str| {
        let control = each(name);
        is_ended |= control.is_break();
        control
    };
    while documents.end().is_err() {
        if documents.deserialize_any(NameVisitor(&mut each)).is_err() {
            return Ok(is_ended);
        }
    }
    Ok(true)
}

/// Visits a value, and every value within it.
struct NameVisitor<'n, 'e>(&'n mut EachName<'e>);

impl<'de> DeserializeSeed<'de> for NameVisitor<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NameVisitor<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if (self.0)(&name).is_break() {
                return Err(A::Error::custom("the search has ended"));
            }
            map.next_value_seed(NameVisitor(&mut *self.0))?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(NameVisitor(&mut *self.0))?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::extract::source::InputFile;

    fn sniffed(text: &str) -> (tempfile::NamedTempFile, Sniffed) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let sniffed = InputFile::new(file.path().to_path_buf()).sniff().unwrap();
        (file, sniffed)
    }

    fn look(text: &str) -> Names {
        look_for_names(&sniffed(text).1, |name| name == "nino").unwrap()
    }

    #[test]
    fn a_name_is_found_at_any_depth_and_in_any_line() {
        assert_eq!(look(r#"{"a": [1, {"b": null, "nino": "x"}], "c": "#), Names::OneOfThese);
        assert_eq!(look("{\"a\": true}\n\n{\"nino\": 1.5e3}\n"), Names::OneOfThese);
        assert_eq!(look("{\"a\": \"nino\"}\n{\"b\": -1}\n"), Names::NoneOfThese);
        assert_eq!(look("[]"), Names::NoneOfThese);
        assert_eq!(look(r#"{"a": 1, nino: 2}"#), Names::NotJson);
        assert_eq!(look(r#"{"a": "#), Names::NotJson);
    }

    #[test]
    fn a_name_is_found_in_a_text_at_any_depth() {
        let has = |text| has_name(text, |name| name == "nino");
        assert!(has(r#"[{"a": {"nino": 1}}]"#));
        assert!(!has(r#"[{"a": "nino"}]"#) && !has("7"));
    }
}
