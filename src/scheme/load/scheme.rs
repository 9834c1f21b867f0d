//! Reading a scheme as a whole.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::check::{SchemeChecker, days, pounds};
use super::keys::{Keys, Located, Scalar};
use super::outcome;
use crate::domain::Benefit;
use crate::scheme::cited::{Cited, Grade, Percentage, Source};
use crate::scheme::funding::{Arrangements, Baseline, FundingKind, FundingStream, Target, Volume, VolumeOf};
use crate::scheme::outcome::Outcome;
use crate::scheme::parameter::{Parameter, Supplied, Unit};
use crate::scheme::{AcrossEmployers, Code, Dated, InWorkStarts, LedgerTerms, Scheme, SchemeStatus, Setting, Starts};

const ACROSS: [(&str, AcrossEmployers); 3] =
    [("accept", AcrossEmployers::Accept), ("query", AcrossEmployers::Query), ("reject", AcrossEmployers::Reject)];

/// Reads the whole file.
pub(super) fn read(
    check: &mut SchemeChecker<'_>,
    keys: &mut Keys<'_>,
    text: &str,
    supplied: &Supplied,
) -> Option<Scheme> {
    let sources = sources(check, keys);
    parameters(check, keys, supplied);
    let id = check.id(keys, "id");
    let title = check.text(keys, "title");
    let status = check.word(keys, "status", &SchemeStatus::ALL.map(|status| (status.name(), status)));
    let about = check.text(keys, "about");
    let starts = check.one(keys, "starts", starts);
    let cohorts = check.one(keys, "cohorts", SchemeChecker::list).map(texts);
    let benefits = check.one(keys, "benefits", benefits);
    let contracts = check.one(keys, "contracts", SchemeChecker::list).map(texts);
    let start_tolerance_days = check.dated(keys, "start_tolerance_days", days::<0>);
    let gap_query_days = check.dated(keys, "gap_query_days", days::<0>);
    let across_employers = check.dated(keys, "across_employers", across_employers);
    let claim_within_days = check.optional_dated(keys, "claim_within_days", days::<0>);
    let in_work_starts = check.optional_dated(keys, "in_work_starts", in_work_starts);
    let ledger = LedgerTerms {
        recovery_days: check.optional_dated(keys, "recovery_days", days::<0>),
        query_lapse_days: check.optional_dated(keys, "query_lapse_days", days::<1>),
        claim_attempts: check.optional_dated(keys, "claim_attempts", attempts),
    };
    let first_start = starts.as_ref().map(|starts| starts.value.from);
    let places = [
        ("start_tolerance_days", begins(start_tolerance_days.as_ref())),
        ("gap_query_days", begins(gap_query_days.as_ref())),
        ("across_employers", begins(across_employers.as_ref())),
    ];
    for (key, begin) in places {
        let late = begin.zip(first_start).filter(|(begin, first)| first < begin);
        let span = keys.take(key).map_or(0..0, toml::Spanned::span);
        if let Some((begin, first)) = late {
            let problem = format!("`{key}` begins on {begin}, and participants start from {first}");
            check.mistake(&span, problem, "let it begin on the first day for starts, or before");
        }
    }
    let outcomes = outcomes(check, keys, starts.as_ref().map(|starts| starts.value));
    let changes = changes(check, keys);
    let arrangements = arrangements(check, keys);
    let assumptions = check.many(keys, "assumption", |check, keys| check.text(keys, "says").map(|says| says.value));
    unused_parameters(check, keys);
    if status == Some(SchemeStatus::Complete) && check.parameters.values().any(|parameter| parameter.needed) {
        let span = keys.take("status").map_or(0..0, toml::Spanned::span);
        check.mistake(
            &span,
            "a scheme with a parameter that must be supplied is not complete",
            "its status is partial",
        );
    }
    Some(Scheme {
        id: id?.value,
        title: title?.value,
        status: status?,
        about: about?.value,
        hash: blake3::hash(text.as_bytes()).to_hex().to_string(),
        text: text.to_owned(),
        sources,
        parameters: check.parameters.values().cloned().collect(),
        starts,
        cohorts,
        benefits,
        contracts,
        start_tolerance_days: start_tolerance_days?,
        gap_query_days: gap_query_days?,
        across_employers: across_employers?,
        claim_within_days,
        in_work_starts,
        ledger,
        outcomes,
        settings: changes.iter().map(|(code, setting)| (*code, setting.value)).collect(),
        changes,
        arrangements,
        assumptions,
    })
}

fn begins<T>(dated: Option<&Dated<T>>) -> Option<NaiveDate> {
    dated.and_then(|dated| dated.periods().first()).map(|period| period.from)
}

fn texts(list: Cited<Vec<Located<String>>>) -> Cited<Vec<String>> {
    Cited { value: list.value.into_iter().map(|text| text.value).collect(), cited: list.cited }
}

fn sources(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>) -> Vec<Source> {
    let sources = check.many(keys, "source", |check, keys| {
        let id = check.id(keys, "id");
        let title = check.text(keys, "title");
        let publisher = check.text(keys, "publisher");
        let dated = check.optional(keys, "dated").and_then(|date| check.date(&date));
        let grade = check.word(keys, "grade", &Grade::ALL.map(|grade| (grade.name(), grade)));
        let id = id?;
        if !check.sources.insert(id.value.clone()) {
            check.mistake(&id.span, "this source is named twice", "give each source an id of its own");
        }
        Some(Source { id: id.value, title: title?.value, publisher: publisher?.value, dated, grade: grade? })
    });
    if sources.is_empty() && check.sources.is_empty() {
        check.mistake(
            &(0..0),
            "`source` is missing",
            "add [[source]] tables: every value names the source that settles it",
        );
    }
    sources
}

fn parameters(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>, supplied: &Supplied) {
    let parameters = check.many(keys, "parameter", |check, keys| {
        let id = check.id(keys, "id");
        let says = check.text(keys, "says");
        let unit = check.word(keys, "unit", &Unit::ALL.map(|unit| (unit.name(), unit)));
        let default = check.optional_text(keys, "default");
        let example = check.optional_text(keys, "example");
        let needed = check.word(keys, "needed", &[("yes", true), ("no", false)]);
        if let Some(id) = &id {
            check.declared_parameters.insert(id.value.clone());
        }
        let (id, needed) = (id?, needed?);
        if needed && (example.is_none() || default.is_some()) {
            let hint = "a needed parameter has an example to try the scheme with, and no default";
            check.mistake(&id.span, "a needed parameter without an example, or with a default", hint);
        }
        let given = supplied.get(&id.value).cloned();
        let parameter =
            Parameter { id: id.value.clone(), says: says?.value, unit: unit?, default, example, needed, given };
        Some((id, parameter))
    });
    for (id, parameter) in parameters {
        if check.parameters.insert(id.value, parameter).is_some() {
            check.mistake(&id.span, "this parameter is named twice", "give each parameter an id of its own");
        }
    }
    let known: Vec<&str> = check.parameters.keys().map(String::as_str).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    for id in supplied.keys().filter(|id| !check.parameters.contains_key(*id)) {
        let wrong = (id.clone(), "the scheme has no such parameter".to_owned(), format!("its parameters: {known}"));
        check.supplied_wrongly.push(wrong);
    }
}

/// Reports parameters that no value uses.
fn unused_parameters(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>) {
    let span = keys.take("parameter").map_or(0..0, toml::Spanned::span);
    let unused: Vec<String> =
        check.parameters.keys().filter(|id| !check.used_parameters.contains(*id)).cloned().collect();
    for id in unused {
        check.mistake(&span, format!("nothing uses the parameter `{id}`"), "name it in a dated value, or leave it out");
    }
}

fn starts(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>) -> Option<Cited<Starts>> {
    let from = check.needed(keys, "from").and_then(|from| check.date(&from));
    let to = check.optional(keys, "to");
    let last = to.as_ref().map(|to| check.date(to));
    let cited = check.citation(keys);
    let (from, cited) = (from?, cited?);
    let last = match last {
        Some(last) => Some(last?),
        None => None,
    };
    if let Some(to) = to.filter(|_| last.is_some_and(|last| last < from)) {
        check.mistake(&to.span, "starts end before they begin", "`to` must be on or after `from`");
    }
    Some(Cited { value: Starts { from, to: last }, cited })
}

fn benefits(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>) -> Option<Cited<Vec<Benefit>>> {
    let list = check.list(keys)?;
    let mut benefits = Vec::new();
    for value in &list.value {
        match Benefit::read(&value.value) {
            Ok(benefit) => benefits.extend(benefit.value),
            Err(fault) => check.mistake(&value.span, "this benefit is not known", fault.expected),
        }
    }
    Some(Cited { value: benefits, cited: list.cited })
}

fn across_employers(check: &mut SchemeChecker<'_>, value: &Located<Scalar>) -> Option<AcrossEmployers> {
    let found = ACROSS.into_iter().find(|(name, _)| *name == value.value.text).map(|(_, across)| across);
    if found.is_none() {
        check.mistake(&value.span, "this is not a way to treat several employers", "accept, query or reject");
    }
    found
}

fn attempts(check: &mut SchemeChecker<'_>, value: &Located<Scalar>) -> Option<u32> {
    let read = value.value.text.parse::<u32>().ok().filter(|times| (1..=100).contains(times));
    if read.is_none() {
        check.mistake(&value.span, "this is not a number of attempts", "a whole number from 1 to 100");
    }
    read
}

fn in_work_starts(check: &mut SchemeChecker<'_>, value: &Located<Scalar>) -> Option<InWorkStarts> {
    let known = [InWorkStarts::Accept, InWorkStarts::Reject];
    let found = known.into_iter().find(|known| known.name() == value.value.text);
    if found.is_none() {
        check.mistake(&value.span, "this is not a way to treat people in work at the start", "accept or reject");
    }
    found
}

fn outcomes(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>, starts: Option<Starts>) -> Vec<Outcome> {
    if keys.take("outcome").is_none() {
        check.mistake(&keys.span.clone(), "`outcome` is missing", "add at least one [[outcome]]");
    }
    check.many(keys, "outcome", |check, keys| outcome::read(check, keys, starts))
}

fn changes(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>) -> BTreeMap<Code, Cited<Setting>> {
    let changes = check.many(keys, "rule", |check, keys| {
        let code = check.text(keys, "code");
        let setting = check.text(keys, "setting");
        let cited = check.citation(keys);
        let (code, setting) = (code?, setting?);
        let Some(known) = Code::parse(&code.value) else {
            check.mistake(&code.span, "no rule has this code", "`sustain rules` lists the codes");
            return None;
        };
        let Some(read) = Setting::parse(&setting.value) else {
            check.mistake(&setting.span, "this is not a setting", "reject, query, note or off");
            return None;
        };
        if let Err(reason) = (check.allows)(known, read) {
            check.mistake(&setting.span, reason, "reject or query");
        }
        Some((code, known, Cited { value: read, cited: cited? }))
    });
    let mut by_code = BTreeMap::new();
    for (place, code, setting) in changes {
        if by_code.insert(code, setting).is_some() {
            check.mistake(&place.span, "this rule is set twice", "leave one out");
        }
    }
    by_code
}

fn arrangements(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>) -> Arrangements {
    Arrangements {
        funding: check.many(keys, "funding", funding),
        targets: check.many(keys, "target", target),
        baselines: check.many(keys, "baseline", baseline),
        volumes: check.many(keys, "volume", volume),
        facts: check.many(keys, "fact", |check, keys| {
            let says = check.text(keys, "says");
            let cited = check.citation(keys);
            Some(Cited { value: says?.value, cited: cited? })
        }),
    }
}

fn share(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>) -> Option<Percentage> {
    let value = check.optional(keys, "share")?;
    let share = Percentage::parse(&value.value.text);
    if share.is_none() {
        check.mistake(&value.span, "this is not a share", "per cent from 0 to 100 in quotes, such as \"30\"");
    }
    share
}

fn funding(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>) -> Option<Cited<FundingStream>> {
    let kind = check.word(keys, "kind", &FundingKind::ALL.map(|kind| (kind.name(), kind)));
    let says = check.text(keys, "says");
    let share = share(check, keys);
    let amount = check.optional(keys, "amount").and_then(|amount| pounds(check, &amount));
    let per = check.optional_text(keys, "per");
    let cited = check.citation(keys);
    Some(Cited { value: FundingStream { kind: kind?, says: says?.value, share, amount, per }, cited: cited? })
}

fn target(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>) -> Option<Cited<Target>> {
    let says = check.text(keys, "says");
    let outcome = check.optional(keys, "outcome");
    if let Some(named) = outcome.as_ref().filter(|named| !check.outcomes.contains(&named.value.text)) {
        let known = check.outcomes.iter().cloned().collect::<Vec<_>>().join(", ");
        check.mistake(&named.span, "no outcome has this id", format!("the outcomes are: {known}"));
    }
    let share = share(check, keys);
    let of = check.optional_text(keys, "of");
    let cited = check.citation(keys);
    let outcome = outcome.map(|outcome| outcome.value.text);
    Some(Cited { value: Target { says: says?.value, outcome, share, of }, cited: cited? })
}

fn baseline(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>) -> Option<Cited<Baseline>> {
    let says = check.text(keys, "says");
    let cohort = check.text(keys, "cohort");
    let share = share(check, keys);
    if share.is_none() {
        check.mistake(&keys.span.clone(), "a baseline needs a `share`", "per cent from 0 to 100, such as \"6\"");
    }
    let cited = check.citation(keys);
    Some(Cited { value: Baseline { says: says?.value, cohort: cohort?.value, share: share? }, cited: cited? })
}

fn volume(check: &mut SchemeChecker<'_>, keys: &mut Keys<'_>) -> Option<Cited<Volume>> {
    let says = check.text(keys, "says");
    let number = check.optional(keys, "number").map(|number| {
        let read = number.value.text.parse::<u32>().ok();
        if read.is_none() {
            check.mistake(&number.span, "this is not a whole number", "such as 760");
        }
        read
    });
    let per = check.optional_text(keys, "per");
    let of = check.optional_word(keys, "of", &VolumeOf::ALL.map(|of| (of.name(), of)));
    let cited = check.citation(keys);
    Some(Cited { value: Volume { says: says?.value, number: number.flatten(), per, of }, cited: cited? })
}
