//! From the text of a scheme file to a [`Scheme`]: everything is checked, and every mistake has its line and column.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::dated::{Dated, Disorder, Period};
use super::{AcrossEmployers, Code, Outcome, OutcomeKind, Scheme, Setting, Starts, Status};
use crate::domain::{Benefit, Hours, Pence};

/// One mistake in a scheme file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub hint: String,
}

/// All the mistakes found in a scheme file, in the order in which they stand there; at least one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            write!(out, "line {}, column {}: {}", mistake.line, mistake.column, mistake.problem)?;
            if !mistake.hint.is_empty() {
                write!(out, " ({})", mistake.hint)?;
            }
        }
        Ok(())
    }
}

/// A TOML date without a time, as a calendar date.
pub(super) fn to_date(datetime: Datetime) -> Option<NaiveDate> {
    let date = datetime.date.filter(|_| datetime.time.is_none() && datetime.offset.is_none())?;
    NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemeFile {
    id: Spanned<String>,
    title: String,
    status: Spanned<String>,
    about: String,
    source: Vec<SourceFile>,
    starts: StartsFile,
    cohorts: ListFile,
    benefits: Option<ListFile>,
    contracts: Option<ListFile>,
    start_tolerance_days: Spanned<Vec<DatedFile<u32>>>,
    gap_query_days: Spanned<Vec<DatedFile<u32>>>,
    across_employers: Spanned<Vec<DatedFile<String>>>,
    claim_within_days: Option<Spanned<Vec<DatedFile<u32>>>>,
    outcome: Vec<OutcomeFile>,
    #[serde(default)]
    rule: Vec<RuleFile>,
    #[serde(default)]
    fact: Vec<FactFile>,
    #[serde(default)]
    assumption: Vec<AssumptionFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceFile {
    id: Spanned<String>,
    #[serde(rename = "title")]
    _title: String,
    #[serde(rename = "publisher")]
    _publisher: String,
    #[serde(rename = "dated")]
    _dated: Option<Datetime>,
    grade: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StartsFile {
    from: Spanned<Datetime>,
    to: Spanned<Datetime>,
    source: Spanned<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListFile {
    values: Vec<Spanned<String>>,
    source: Spanned<String>,
    #[serde(rename = "at")]
    _at: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DatedFile<T> {
    from: Spanned<Datetime>,
    to: Option<Spanned<Datetime>>,
    value: Spanned<T>,
    source: Spanned<String>,
    #[serde(rename = "at")]
    _at: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeFile {
    id: Spanned<String>,
    title: String,
    kind: Spanned<String>,
    hours_per_week: Spanned<Vec<DatedFile<String>>>,
    needed_days: Option<Spanned<Vec<DatedFile<u32>>>>,
    window_days: Option<Spanned<Vec<DatedFile<u32>>>>,
    price: Option<Spanned<Vec<DatedFile<String>>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    code: Spanned<String>,
    setting: Spanned<String>,
    source: Spanned<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactFile {
    #[serde(rename = "says")]
    _says: String,
    source: Spanned<String>,
    #[serde(rename = "at")]
    _at: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AssumptionFile {
    says: String,
}

const ID_HINT: &str = "use lower-case letters, digits, - and _, such as sustained_13_weeks";

/// The most days any length in a scheme may have: ten years.
const LONGEST_DAYS: u32 = 3_653;

/// Reads and checks a scheme file.
///
/// # Errors
/// All the [`Mistakes`] there are; only the first where the text is not the TOML of a scheme at all.
pub fn load(text: &str) -> Result<Scheme, Mistakes> {
    let file: SchemeFile = toml::from_str(text).map_err(|error| {
        let (line, column) = position(text, error.span().map_or(0, |span| span.start));
        let hint = "the README lists the keys of a scheme file; the built-in schemes are examples".into();
        Mistakes(vec![Mistake { line, column, problem: error.message().trim().replace('\n', " "), hint }])
    })?;
    let mut check = Check { text, sources: BTreeSet::new(), mistakes: Vec::new() };
    let scheme = check.scheme(file);
    check.mistakes.sort();
    match scheme {
        Some(scheme) if check.mistakes.is_empty() => Ok(scheme),
        _ => Err(Mistakes(check.mistakes)),
    }
}

fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count() + 1;
    let column = before.get(line_start..).map_or(0, |start| start.chars().count()) + 1;
    (line, column)
}

/// Collects mistakes instead of stopping at the first.
struct Check<'a> {
    text: &'a str,
    sources: BTreeSet<String>,
    mistakes: Vec<Mistake>,
}

impl Check<'_> {
    fn mistake(&mut self, span: Range<usize>, problem: impl Into<String>, hint: impl Into<String>) {
        let (line, column) = position(self.text, span.start);
        self.mistakes.push(Mistake { line, column, problem: problem.into(), hint: hint.into() });
    }

    fn scheme(&mut self, file: SchemeFile) -> Option<Scheme> {
        self.sources(&file.source);
        self.id(&file.id);
        for fact in &file.fact {
            self.source(&fact.source);
        }
        let status = self.status(&file.status);
        let starts = self.starts(&file.starts);
        let cohorts = self.list(&file.cohorts);
        let benefits = file.benefits.as_ref().map(|list| self.benefits(list));
        let contracts = file.contracts.as_ref().map(|list| self.list(list));
        let start_tolerance_days = self.dated(file.start_tolerance_days, |check, value| check.days(value, 0));
        let gap_query_days = self.dated(file.gap_query_days, |check, value| check.days(value, 0));
        let across_employers = self.dated(file.across_employers, Self::across_employers);
        let claim_within_days =
            file.claim_within_days.map(|periods| self.dated(periods, |check, value| check.days(value, 0)));
        let outcomes = self.outcomes(file.outcome);
        let settings = self.settings(&file.rule);
        Some(Scheme {
            id: file.id.into_inner(),
            title: file.title,
            status: status?,
            about: file.about,
            hash: blake3::hash(self.text.as_bytes()).to_hex().to_string(),
            starts: starts?,
            cohorts,
            benefits,
            contracts,
            start_tolerance_days: start_tolerance_days?,
            gap_query_days: gap_query_days?,
            across_employers: across_employers?,
            claim_within_days: claim_within_days.flatten(),
            outcomes,
            settings,
            assumptions: file.assumption.into_iter().map(|assumption| assumption.says).collect(),
        })
    }

    fn sources(&mut self, sources: &[SourceFile]) {
        for source in sources {
            if !matches!(source.grade.as_ref().as_str(), "official" | "mirror" | "trade" | "assumption") {
                self.mistake(source.grade.span(), "this grade is not known", "official, mirror, trade or assumption");
            }
            if !self.sources.insert(source.id.as_ref().clone()) {
                self.mistake(source.id.span(), "this source is named twice", "give each source an id of its own");
            }
        }
    }

    fn source(&mut self, source: &Spanned<String>) {
        if !self.sources.contains(source.as_ref()) {
            let known = self.sources.iter().cloned().collect::<Vec<_>>().join(", ");
            let problem = format!("no [[source]] has the id `{}`", source.as_ref());
            self.mistake(source.span(), problem, format!("the sources are: {known}"));
        }
    }

    fn id(&mut self, id: &Spanned<String>) {
        let sound = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
        if id.as_ref().is_empty() || !id.as_ref().chars().all(sound) {
            self.mistake(id.span(), "this is not an id", ID_HINT);
        }
    }

    fn status(&mut self, status: &Spanned<String>) -> Option<Status> {
        let known = [Status::Complete, Status::Announced, Status::Partial];
        let found = known.into_iter().find(|known| known.name() == status.as_ref());
        if found.is_none() {
            self.mistake(status.span(), "this status is not known", "complete, announced or partial");
        }
        found
    }

    fn date(&mut self, date: &Spanned<Datetime>) -> Option<NaiveDate> {
        let read = to_date(*date.as_ref());
        if read.is_none() {
            self.mistake(date.span(), "this is not a calendar date", "write it as 2017-11-01, without quotes or time");
        }
        read
    }

    fn starts(&mut self, starts: &StartsFile) -> Option<Starts> {
        self.source(&starts.source);
        let from = self.date(&starts.from)?;
        let to = self.date(&starts.to)?;
        if to < from {
            self.mistake(starts.to.span(), "starts end before they begin", "`to` must be on or after `from`");
        }
        Some(Starts { from, to })
    }

    fn list(&mut self, list: &ListFile) -> Vec<String> {
        self.source(&list.source);
        let mut seen = BTreeSet::new();
        for value in &list.values {
            if value.as_ref().trim().is_empty() {
                self.mistake(value.span(), "an empty value in a list", "leave it out");
            } else if !seen.insert(value.as_ref()) {
                self.mistake(value.span(), format!("`{}` stands in the list twice", value.as_ref()), "leave one out");
            }
        }
        list.values.iter().map(|value| value.as_ref().clone()).collect()
    }

    fn benefits(&mut self, list: &ListFile) -> Vec<Benefit> {
        self.list(list);
        let mut benefits = Vec::new();
        for value in &list.values {
            match Benefit::parse(value.as_ref()) {
                Ok(benefit) => benefits.push(benefit),
                Err(fault) => self.mistake(value.span(), "this benefit is not known", fault.expected),
            }
        }
        benefits
    }

    fn days(&mut self, value: &Spanned<u32>, least: u32) -> Option<u32> {
        let days = *value.as_ref();
        if (least..=LONGEST_DAYS).contains(&days) {
            return Some(days);
        }
        self.mistake(value.span(), format!("{days} days is not possible"), format!("from {least} to {LONGEST_DAYS}"));
        None
    }

    fn across_employers(&mut self, value: &Spanned<String>) -> Option<AcrossEmployers> {
        match value.as_ref().as_str() {
            "accept" => Some(AcrossEmployers::Accept),
            "query" => Some(AcrossEmployers::Query),
            "reject" => Some(AcrossEmployers::Reject),
            _ => {
                self.mistake(value.span(), "this is not a way to treat several employers", "accept, query or reject");
                None
            }
        }
    }

    fn hours(&mut self, value: &Spanned<String>) -> Option<Hours> {
        let hours = Hours::parse(value.as_ref());
        if let Err(fault) = hours {
            self.mistake(value.span(), "these are not hours a week", format!("expected {}", fault.expected));
        }
        hours.ok()
    }

    fn price(&mut self, value: &Spanned<String>) -> Option<Pence> {
        let price = Pence::parse(value.as_ref()).ok().filter(|price| Pence(0) <= *price);
        if price.is_none() {
            self.mistake(
                value.span(),
                "this is not a price",
                "pounds with at most two decimal places, such as \"2500.00\"",
            );
        }
        price
    }

    fn dated<F, T>(
        &mut self,
        entries: Spanned<Vec<DatedFile<F>>>,
        read: impl Fn(&mut Self, &Spanned<F>) -> Option<T>,
    ) -> Option<Dated<T>> {
        let whole = entries.span();
        let entries = entries.into_inner();
        let mut periods = Vec::with_capacity(entries.len());
        for entry in &entries {
            self.source(&entry.source);
            let from = self.date(&entry.from);
            let to = entry.to.as_ref().map(|to| self.date(to));
            let value = read(self, &entry.value);
            if let (Some(from), Some(value)) = (from, value) {
                periods.push(Period { from, to: to.flatten(), value, source: entry.source.as_ref().clone() });
            }
        }
        if periods.len() < entries.len() {
            return None;
        }
        let span_of = |at: usize| entries.get(at).map_or(whole.clone(), |entry| entry.from.span());
        match Dated::new(periods) {
            Ok(dated) => Some(dated),
            Err(disorder) => {
                let (span, problem, hint) = match disorder {
                    Disorder::Nothing => {
                        (whole.clone(), "a dated value without a value", "give it a from, a value and a source")
                    }
                    Disorder::Backwards { at } => {
                        (span_of(at), "a value that ends before it begins", "`to` must be on or after `from`")
                    }
                    Disorder::Overlap { at } => (
                        span_of(at),
                        "this value begins while the one before it is in force",
                        "let it begin the day after the other ends",
                    ),
                    Disorder::Gap { at } => (
                        span_of(at),
                        "days without a value lie before this one",
                        "let it begin the day after the other ends",
                    ),
                };
                self.mistake(span, problem, hint);
                None
            }
        }
    }

    fn outcomes(&mut self, files: Vec<OutcomeFile>) -> Vec<Outcome> {
        let mut ids = BTreeSet::new();
        let mut outcomes = Vec::with_capacity(files.len());
        for file in files {
            self.id(&file.id);
            if !ids.insert(file.id.as_ref().clone()) {
                self.mistake(file.id.span(), "two outcomes have this id", "give each outcome an id of its own");
            }
            outcomes.extend(self.outcome(file));
        }
        outcomes
    }

    fn outcome(&mut self, file: OutcomeFile) -> Option<Outcome> {
        let hours_per_week = self.dated(file.hours_per_week, Self::hours);
        let price = file.price.map(|periods| self.dated(periods, Self::price));
        let needed =
            file.needed_days.map(|periods| (periods.span(), self.dated(periods, |check, value| check.days(value, 1))));
        let window =
            file.window_days.map(|periods| (periods.span(), self.dated(periods, |check, value| check.days(value, 1))));
        let kind = match (file.kind.as_ref().as_str(), needed, window) {
            ("sustained_hours", Some((_, needed)), Some((span, window))) => {
                let (needed_days, window_days) = (needed?, window?);
                self.needed_fits(&needed_days, &window_days, span);
                OutcomeKind::SustainedHours { hours_per_week: hours_per_week?, needed_days, window_days }
            }
            ("sustained_hours", _, _) => {
                self.mistake(
                    file.kind.span(),
                    "sustained_hours needs needed_days and window_days",
                    "add the missing ones",
                );
                return None;
            }
            ("job_start", None, None) => OutcomeKind::JobStart { hours_per_week: hours_per_week? },
            ("job_start", needed, window) => {
                let span = needed.map(|(span, _)| span).or(window.map(|(span, _)| span)).unwrap_or(file.kind.span());
                self.mistake(span, "a job_start is one day and takes no needed_days or window_days", "leave them out");
                return None;
            }
            ("earnings", _, _) => {
                self.mistake(
                    file.kind.span(),
                    "earnings outcomes are not decided by this version",
                    "sustained_hours or job_start",
                );
                return None;
            }
            _ => {
                self.mistake(file.kind.span(), "this kind of outcome is not known", "sustained_hours or job_start");
                return None;
            }
        };
        Some(Outcome { id: file.id.into_inner(), title: file.title, kind, price: price.flatten() })
    }

    /// On every day on which either value changes, the days needed must fit in the window.
    fn needed_fits(&mut self, needed: &Dated<u32>, window: &Dated<u32>, span: Range<usize>) {
        let changes = needed.periods().iter().chain(window.periods()).map(|period| period.from);
        let misfit = changes.into_iter().any(|day| match (needed.on(day), window.on(day)) {
            (Some(needed), Some(window)) => window < needed,
            (None, _) | (_, None) => false,
        });
        if misfit {
            self.mistake(span, "more days are needed than the window has", "window_days must be at least needed_days");
        }
    }

    fn settings(&mut self, files: &[RuleFile]) -> BTreeMap<Code, Setting> {
        let mut settings = BTreeMap::new();
        for file in files {
            self.source(&file.source);
            let Some(code) = Code::parse(file.code.as_ref()) else {
                self.mistake(file.code.span(), "no rule has this code", "codes look like SUS04");
                continue;
            };
            let Some(setting) = Setting::parse(file.setting.as_ref()) else {
                self.mistake(file.setting.span(), "this is not a setting", "reject, query, note or off");
                continue;
            };
            if let Err(reason) = setting.allowed_for(code) {
                self.mistake(file.setting.span(), reason, "reject or query");
            }
            if settings.insert(code, setting).is_some() {
                self.mistake(file.code.span(), "this rule is set twice", "leave one out");
            }
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::BUILT_IN;

    fn built_in() -> &'static str {
        BUILT_IN[0].1
    }

    fn mistake(text: &str) -> String {
        load(text).unwrap_err().to_string()
    }

    #[test]
    fn every_built_in_scheme_loads_under_its_own_name() {
        for (id, text) in BUILT_IN {
            assert_eq!(load(text).unwrap().id, id);
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_place() {
        let text = built_in().replace("about = ", "abuot = ");
        assert!(mistake(&text).starts_with("line 9, column 1: unknown field `abuot`"), "{}", mistake(&text));
    }

    #[test]
    fn a_missing_source_is_refused_with_its_place() {
        let text = built_in().replacen("to = 2019-05-31\nsource = \"base\"", "to = 2019-05-31", 1);
        assert!(mistake(&text).contains("missing field `source`"), "{}", mistake(&text));
        let text = built_in().replacen("source = \"base\"", "source = \"bass\"", 1);
        assert!(mistake(&text).contains("no [[source]] has the id `bass`"), "{}", mistake(&text));
    }

    #[test]
    fn gaps_and_impossible_values_are_all_found_at_once_with_line_and_column() {
        let gap = "\n[[gap_query_days]]\nfrom = 2013-04-06\nto = 2017-12-31\nvalue = 31\nsource = \"ours\"\n\
                   [[gap_query_days]]\nfrom = 2018-01-02\nvalue = 31\nsource = \"ours\"\n";
        let text = built_in().replacen("value = \"16.00\"", "value = \"169\"", 1).replacen(
            "[[gap_query_days]]\nfrom = 2013-04-06\nvalue = 31\nsource = \"ours\"\n",
            gap,
            1,
        );
        let mistakes = load(&text).unwrap_err().0;
        let problems: Vec<&str> = mistakes.iter().map(|mistake| mistake.problem.as_str()).collect();
        assert_eq!(problems, ["these are not hours a week", "days without a value lie before this one"]);
        assert!(mistakes.iter().all(|mistake| 1 < mistake.line && 1 < mistake.column));
    }

    #[test]
    fn more_days_than_the_window_has_are_refused() {
        let text = built_in().replacen("value = 91\nsource = \"base\"", "value = 92\nsource = \"base\"", 1);
        assert!(mistake(&text).contains("more days are needed than the window has"), "{}", mistake(&text));
    }
}
