//! A table of a scheme file whose keys are taken one by one; keys that are left over are unknown.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with its place in the text.
#[derive(Debug, Clone)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// A single value as it is written: text without its quotes, the digits of a number, a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scalar {
    pub(super) text: String,
    pub(super) kind: ScalarKind,
}

/// How a single value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScalarKind {
    Text,
    Number,
    Date,
    Other,
}

/// A table, and which of its keys were read.
#[derive(Debug)]
pub(super) struct Keys<'a> {
    table: &'a DeTable<'a>,
    /// The position of the table.
    pub(super) span: Range<usize>,
    asked: Vec<&'static str>,
}

impl<'a> Keys<'a> {
    pub(super) fn new(table: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self { table, span, asked: Vec::new() }
    }

    /// The value of a key.
    pub(super) fn take(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    /// The keys that were not read, and all that were.
    pub(super) fn unread_keys(self) -> (Vec<Located<String>>, Vec<&'static str>) {
        let unknown = self.table.keys().filter(|name| !self.asked.iter().any(|asked| name.get_ref() == asked));
        let unknown = unknown.map(|name| Located { value: name.get_ref().to_string(), span: name.span() }).collect();
        (unknown, self.asked)
    }
}

/// A single value; nothing for a list or a table.
pub(super) fn scalar(value: &Spanned<DeValue<'_>>) -> Option<Located<Scalar>> {
    let (text, kind) = match value.get_ref() {
        DeValue::String(text) => (text.to_string(), ScalarKind::Text),
        DeValue::Integer(number) => (number.to_string(), ScalarKind::Number),
        DeValue::Datetime(moment) => (moment.to_string(), ScalarKind::Date),
        DeValue::Float(number) => (number.to_string(), ScalarKind::Other),
        DeValue::Boolean(truth) => (truth.to_string(), ScalarKind::Other),
        DeValue::Array(_) | DeValue::Table(_) => return None,
    };
    Some(Located { value: Scalar { text, kind }, span: value.span() })
}
