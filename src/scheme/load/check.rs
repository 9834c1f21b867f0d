//! Reading keys, with every mistake collected instead of stopping at the first.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::DeValue;

use super::keys::{Keys, Located, Scalar, ScalarKind, scalar};
use super::{Mistake, position};
use crate::domain::{Hours, Pence};
use crate::scheme::Allows;
use crate::scheme::cited::{Citation, Cited};
use crate::scheme::dated::{Dated, Disorder, Period};
use crate::scheme::parameter::{Parameter, Supply};

/// The most days any length in a scheme may have: ten years.
const LONGEST_DAYS: u32 = 3_653;

const ID_HINT: &str = "use lower-case letters, digits, - and _, such as sustained_13_weeks";

/// The state of reading a scheme file: the ids and mistakes found so far.
pub(super) struct SchemeChecker<'a> {
    text: &'a str,
    /// Says whether a rule may be set so.
    pub(super) allows: Allows,
    pub(super) sources: BTreeSet<String>,
    pub(super) parameters: BTreeMap<String, Parameter>,
    /// The ids of all parameters, those with mistakes in them included.
    pub(super) declared_parameters: BTreeSet<String>,
    pub(super) used_parameters: BTreeSet<String>,
    /// The ids of all outcomes, those with mistakes in them included.
    pub(super) outcomes: BTreeSet<String>,
    pub(super) mistakes: Vec<Mistake>,
    /// Mistakes in values supplied from outside: the parameter, the problem, the hint.
    pub(super) supplied_wrongly: Vec<(String, String, String)>,
}

/// Reads one value; the mistakes it makes are collected.
pub(super) type ReadValue<T> = fn(&mut SchemeChecker<'_>, &Located<Scalar>) -> Option<T>;

impl<'a> SchemeChecker<'a> {
    pub(super) fn new(text: &'a str, allows: Allows) -> Self {
        Self {
            text,
            allows,
            sources: BTreeSet::new(),
            parameters: BTreeMap::new(),
            declared_parameters: BTreeSet::new(),
            used_parameters: BTreeSet::new(),
            outcomes: BTreeSet::new(),
            mistakes: Vec::new(),
            supplied_wrongly: Vec::new(),
        }
    }

    pub(super) fn mistake(&mut self, span: &Range<usize>, problem: impl Into<String>, hint: impl Into<String>) {
        let (line, column) = position(self.text, span.start);
        self.mistakes.push(Mistake { line, column, problem: problem.into(), hint: hint.into() });
    }

    /// Reads a table: `read` takes its keys, and whatever it leaves is a mistake.
    pub(super) fn table<T>(
        &mut self,
        mut keys: Keys<'_>,
        read: impl FnOnce(&mut Self, &mut Keys<'_>) -> Option<T>,
    ) -> Option<T> {
        let value = read(self, &mut keys);
        let (unknown, known) = keys.unread_keys();
        for key in unknown {
            let near = known.iter().find(|known| strsim::damerau_levenshtein(known, &key.value) <= 2);
            let hint = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys here are: {}", known.join(", ")),
            };
            self.mistake(&key.span, format!("unknown key `{}`", key.value), hint);
        }
        value
    }

    /// The table under a key, where there is one.
    pub(super) fn one<T>(
        &mut self,
        keys: &mut Keys<'_>,
        key: &'static str,
        read: impl FnOnce(&mut Self, &mut Keys<'_>) -> Option<T>,
    ) -> Option<T> {
        let value = keys.take(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.mistake(&value.span(), format!("`{key}` must be a table"), format!("write it under [{key}]"));
            return None;
        };
        self.table(Keys::new(table, value.span()), read)
    }

    /// The list of tables under a key; none where there is no such key.
    pub(super) fn many<T>(
        &mut self,
        keys: &mut Keys<'_>,
        key: &'static str,
        mut read: impl FnMut(&mut Self, &mut Keys<'_>) -> Option<T>,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for (table, span) in self.tables(keys, key).unwrap_or_default() {
            values.extend(self.table(Keys::new(table, span), &mut read));
        }
        values
    }

    fn tables<'t>(
        &mut self,
        keys: &mut Keys<'t>,
        key: &'static str,
    ) -> Option<Vec<(&'t toml::de::DeTable<'t>, Range<usize>)>> {
        let value = keys.take(key)?;
        let tables = value.get_ref().as_array().and_then(|array| {
            array.iter().map(|item| item.get_ref().as_table().map(|table| (table, item.span()))).collect()
        });
        if tables.is_none() {
            self.mistake(
                &value.span(),
                format!("`{key}` must be a list of tables"),
                format!("write each under double brackets: [[...{key}]]"),
            );
        }
        tables
    }

    /// The single value under a key, where there is one.
    pub(super) fn optional(&mut self, keys: &mut Keys<'_>, key: &'static str) -> Option<Located<Scalar>> {
        let value = keys.take(key)?;
        let read = scalar(value);
        if read.is_none() {
            self.mistake(&value.span(), format!("`{key}` must be a single value"), "");
        }
        read
    }

    /// The single value under a key that must be there.
    pub(super) fn needed(&mut self, keys: &mut Keys<'_>, key: &'static str) -> Option<Located<Scalar>> {
        if keys.take(key).is_none() {
            self.mistake(&keys.span.clone(), format!("`{key}` is missing"), "add it");
            return None;
        }
        self.optional(keys, key)
    }

    /// Text under a key that must be there.
    pub(super) fn text(&mut self, keys: &mut Keys<'_>, key: &'static str) -> Option<Located<String>> {
        let value = self.needed(keys, key)?;
        self.as_text(key, value)
    }

    /// Text under a key, where there is one.
    pub(super) fn optional_text(&mut self, keys: &mut Keys<'_>, key: &'static str) -> Option<String> {
        let value = self.optional(keys, key)?;
        self.as_text(key, value).map(|text| text.value)
    }

    fn as_text(&mut self, key: &str, value: Located<Scalar>) -> Option<Located<String>> {
        if value.value.kind != ScalarKind::Text || value.value.text.trim().is_empty() {
            self.mistake(&value.span, format!("`{key}` must be text"), "write it in quotes");
            return None;
        }
        Some(Located { value: value.value.text, span: value.span })
    }

    /// An id under a key that must be there.
    pub(super) fn id(&mut self, keys: &mut Keys<'_>, key: &'static str) -> Option<Located<String>> {
        let id = self.text(keys, key)?;
        let sound = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
        if !id.value.chars().all(sound) {
            self.mistake(&id.span, "this is not an id", ID_HINT);
        }
        Some(id)
    }

    /// One of a few words, under a key that must be there.
    pub(super) fn word<T: Copy>(
        &mut self,
        keys: &mut Keys<'_>,
        key: &'static str,
        known: &[(&'static str, T)],
    ) -> Option<T> {
        let word = self.text(keys, key)?;
        self.as_word(&word, known, format!("this {key} is not known"))
    }

    /// One of some words under a key that may be missing.
    pub(super) fn optional_word<T: Copy>(
        &mut self,
        keys: &mut Keys<'_>,
        key: &'static str,
        known: &[(&'static str, T)],
    ) -> Option<T> {
        let value = self.optional(keys, key)?;
        let word = self.as_text(key, value)?;
        self.as_word(&word, known, format!("this word of `{key}` is not known"))
    }

    fn as_word<T: Copy>(&mut self, word: &Located<String>, known: &[(&'static str, T)], problem: String) -> Option<T> {
        let found = known.iter().find(|(name, _)| *name == word.value).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            self.mistake(&word.span, problem, format!("one of: {}", names.join(", ")));
        }
        found
    }

    /// A calendar date.
    pub(super) fn date(&mut self, value: &Located<Scalar>) -> Option<NaiveDate> {
        let date = value.value.text.parse().ok().filter(|_| value.value.kind == ScalarKind::Date);
        if date.is_none() {
            self.mistake(&value.span, "this is not a calendar date", "write it as 2017-11-01, without quotes or time");
        }
        date
    }

    /// Where a table's value comes from: `source`, `at` and `note`.
    pub(super) fn citation(&mut self, keys: &mut Keys<'_>) -> Option<Citation> {
        let (source, at, note) =
            (self.text(keys, "source"), self.optional_text(keys, "at"), self.optional_text(keys, "note"));
        let source = source?;
        if !self.sources.contains(&source.value) {
            let known = self.sources.iter().cloned().collect::<Vec<_>>().join(", ");
            let problem = format!("no [[source]] has the id `{}`", source.value);
            self.mistake(&source.span, problem, format!("the sources are: {known}"));
        }
        Some(Citation { source: source.value, at, note, parameter: None })
    }

    /// A list of texts under `values`, with its citation.
    pub(super) fn list(&mut self, keys: &mut Keys<'_>) -> Option<Cited<Vec<Located<String>>>> {
        let values = self.values(keys);
        let cited = self.citation(keys);
        Some(Cited { value: values?, cited: cited? })
    }

    fn values(&mut self, keys: &mut Keys<'_>) -> Option<Vec<Located<String>>> {
        let Some(array) = keys.take("values") else {
            self.mistake(&keys.span.clone(), "`values` is missing", "add it");
            return None;
        };
        let Some(items) = array.get_ref().as_array() else {
            self.mistake(&array.span(), "`values` must be a list", "write it as [\"one\", \"other\"]");
            return None;
        };
        let mut seen = BTreeSet::new();
        let mut values = Vec::new();
        for item in items {
            let Some(text) = text_of(item) else {
                self.mistake(&item.span(), "a value of the list is not text, or is empty", "write it in quotes");
                continue;
            };
            if !seen.insert(text.value.clone()) {
                self.mistake(&item.span(), format!("the list has `{}` twice", text.value), "remove one of them");
            }
            values.push(text);
        }
        if items.is_empty() {
            self.mistake(
                &array.span(),
                "an empty list: nobody could be claimed for",
                "leave the table out, or fill it",
            );
        }
        Some(values)
    }

    /// Dated values that must be there.
    pub(super) fn dated<T>(&mut self, keys: &mut Keys<'_>, key: &'static str, read: ReadValue<T>) -> Option<Dated<T>> {
        let there = keys.take(key).is_some();
        let value = self.optional_dated(keys, key, read);
        if !there {
            self.mistake(&keys.span.clone(), format!("`{key}` is missing"), "give it a from, a value and a source");
        }
        value
    }

    /// Dated values, where there are any. What rests on a parameter without a value is left out.
    pub(super) fn optional_dated<T>(
        &mut self,
        keys: &mut Keys<'_>,
        key: &'static str,
        read: ReadValue<T>,
    ) -> Option<Dated<T>> {
        let tables = self.tables(keys, key)?;
        let begins: Vec<Range<usize>> = tables.iter().map(|(_, span)| span.clone()).collect();
        let before = self.mistakes.len() + self.supplied_wrongly.len();
        let mut periods = Vec::new();
        for (table, span) in tables {
            let read_one = |check: &mut Self, keys: &mut Keys<'_>| check.period(keys, read);
            periods.extend(self.table(Keys::new(table, span), read_one).unwrap_or_default());
        }
        if before < self.mistakes.len() + self.supplied_wrongly.len() || (periods.is_empty() && !begins.is_empty()) {
            return None;
        }
        let whole = keys.span.clone();
        let span_of = |at: usize| begins.get(at).cloned().unwrap_or(whole.clone());
        let given = periods.iter().find_map(|period| period.cited.parameter.clone().filter(|id| self.is_given(id)));
        match (Dated::new(periods), given) {
            (Ok(dated), _) => Some(dated),
            (Err(_), Some(id)) => {
                let problem = "the values supplied do not follow one another".to_owned();
                let hint =
                    "give DATE:VALUE,DATE:VALUE with dates that rise, and no separators within a value".to_owned();
                self.supplied_wrongly.push((id, problem, hint));
                None
            }
            (Err(disorder), None) => {
                self.disorder(disorder, &span_of);
                None
            }
        }
    }

    fn is_given(&self, id: &str) -> bool {
        self.parameters.get(id).is_some_and(|parameter| parameter.given.is_some())
    }

    fn period<T>(&mut self, keys: &mut Keys<'_>, read: ReadValue<T>) -> Option<Vec<Period<T>>> {
        let from = self.needed(keys, "from").and_then(|from| self.date(&from));
        let to = self.optional(keys, "to").map(|to| self.date(&to));
        let value = self.optional(keys, "value");
        let parameter = self.optional(keys, "parameter");
        let cited = self.citation(keys);
        let (from, cited) = (from?, cited?);
        match (value, parameter) {
            (Some(value), None) => {
                let value = read(self, &value)?;
                Some(vec![Period { from, to: to.flatten(), value, cited }])
            }
            (None, Some(parameter)) => self.supplied(&parameter, from, &cited, read),
            (Some(_), Some(parameter)) => {
                self.mistake(&parameter.span, "a value and a parameter for one time", "leave one of them out");
                None
            }
            (None, None) => {
                self.mistake(&keys.span.clone(), "`value` is missing", "give a value, or name a parameter");
                None
            }
        }
    }

    /// The periods of a parameter: one value from the date the scheme gives, or values each with its own date.
    fn supplied<T>(
        &mut self,
        named: &Located<Scalar>,
        from: NaiveDate,
        cited: &Citation,
        read: ReadValue<T>,
    ) -> Option<Vec<Period<T>>> {
        let id = &named.value.text;
        let Some(parameter) = self.parameters.get(id).cloned() else {
            if !self.declared_parameters.contains(id) {
                self.mistake(&named.span, format!("no [[parameter]] has the id `{id}`"), "add one, or give a value");
            }
            return None;
        };
        self.used_parameters.insert(id.clone());
        let cited = &Citation { parameter: Some(id.clone()), ..cited.clone() };
        let (text, given) = match parameter.supply() {
            Supply::Given(text) => (text, true),
            Supply::Default(text) | Supply::Example(text) => (text, false),
            Supply::Nothing => return Some(Vec::new()),
        };
        let already = self.mistakes.len();
        let periods = self.dated_list(text, &named.span, from, cited, read);
        if given {
            let wrong = self.mistakes.split_off(already);
            self.supplied_wrongly.extend(wrong.into_iter().map(|mistake| (id.clone(), mistake.problem, mistake.hint)));
        }
        periods
    }

    fn dated_list<T>(
        &mut self,
        text: &str,
        span: &Range<usize>,
        from: NaiveDate,
        cited: &Citation,
        read: ReadValue<T>,
    ) -> Option<Vec<Period<T>>> {
        let mut periods = Vec::new();
        for part in text.split(',') {
            let dated = part.split_once(':').and_then(|(day, value)| Some((day.trim().parse().ok()?, value)));
            let (from, value) = dated.unwrap_or((from, part));
            let kind = if value.trim().bytes().all(|byte| byte.is_ascii_digit()) {
                ScalarKind::Number
            } else {
                ScalarKind::Text
            };
            let value = Located { value: Scalar { text: value.trim().to_owned(), kind }, span: span.clone() };
            periods.push(Period { from, to: None, value: read(self, &value)?, cited: cited.clone() });
        }
        Some(periods)
    }

    fn disorder(&mut self, disorder: Disorder, span_of: &dyn Fn(usize) -> Range<usize>) {
        let after = "let it begin the day after the other ends";
        let (at, problem, hint) = match disorder {
            Disorder::Nothing => (0, "a dated value without a value", "give it a from, a value and a source"),
            Disorder::Backwards { at } => (at, "a value that ends before it begins", "`to` must be on or after `from`"),
            Disorder::Overlap { at } => (at, "this value begins while the one before it is in force", after),
            Disorder::Gap { at } => (at, "days without a value lie before this one", after),
        };
        self.mistake(&span_of(at), problem, hint);
    }
}

fn text_of(item: &Spanned<DeValue<'_>>) -> Option<Located<String>> {
    let text = item.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty())?;
    Some(Located { value: text.to_owned(), span: item.span() })
}

/// A number of days from `LEAST` to ten years.
pub(super) fn days<const LEAST: u32>(check: &mut SchemeChecker<'_>, value: &Located<Scalar>) -> Option<u32> {
    let days = value.value.text.parse::<u32>().ok().filter(|days| (LEAST..=LONGEST_DAYS).contains(days));
    if days.is_none() {
        let problem = format!("{} days is not possible", value.value.text);
        check.mistake(&value.span, problem, format!("a whole number from {LEAST} to {LONGEST_DAYS}"));
    }
    days
}

/// Hours a week.
pub(super) fn hours(check: &mut SchemeChecker<'_>, value: &Located<Scalar>) -> Option<Hours> {
    let hours = Hours::parse(&value.value.text).ok().filter(|_| value.value.kind != ScalarKind::Other);
    if hours.is_none() {
        check.mistake(&value.span, "these are not hours a week", "hours with at most two places, such as \"16.00\"");
    }
    hours
}

/// An amount of money, not below zero.
pub(super) fn pounds(check: &mut SchemeChecker<'_>, value: &Located<Scalar>) -> Option<Pence> {
    let written = value.value.kind != ScalarKind::Other;
    let amount = Pence::parse(&value.value.text).ok().filter(|amount| written && Pence(0) <= *amount);
    if amount.is_none() {
        check.mistake(
            &value.span,
            "this is not an amount",
            "pounds with at most two decimal places, such as \"2500.00\"",
        );
    }
    amount
}
