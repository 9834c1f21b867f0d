//! A scheme in words: what `schemes show` prints and `schemes diff` compares.

use std::fmt::Display;

use super::cited::{Citation, Cited};
use super::funding::VolumeOf;
use super::outcome::{DayNumbering, HourlyRate, OutcomeKind, Threshold};
use super::parameter::Supply;
use super::{Dated, Scheme};
use crate::domain::Benefit;
use crate::domain::day::LongDate;

/// A heading and the entries under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// The lines, in order.
    pub entries: Vec<PageEntry>,
}

/// One thing a scheme says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageEntry {
    /// What it is about. Within a section no two entries have one subject.
    pub subject: String,
    /// What it says.
    pub says: String,
    /// Its source, with the place and the note; empty for what needs none.
    pub authority: String,
}

/// How two schemes differ in one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemeDiff {
    /// The section and the subject.
    pub about: String,
    /// What the first says, where it says anything.
    pub one: Option<String>,
    /// What the second says.
    pub other: Option<String>,
}

/// The whole scheme in words.
pub fn sections(scheme: &Scheme) -> Vec<Section> {
    let sections = [who(scheme), parameters(scheme)]
        .into_iter()
        .chain(scheme.outcomes.iter().map(|outcome| self::outcome(scheme, outcome)))
        .chain([
            reading(scheme),
            rules(scheme),
            money(scheme),
            ledger(scheme),
            targets(scheme),
            facts(scheme),
            assumptions(scheme),
            sources(scheme),
        ]);
    sections.filter(|section| !section.entries.is_empty()).collect()
}

/// What differs between two schemes, in the order of the first.
pub fn differences(one: &Scheme, other: &Scheme) -> Vec<SchemeDiff> {
    let flat = |scheme: &Scheme| -> Vec<(String, String)> {
        let about = |section: &Section, entry: &PageEntry| {
            (format!("{}: {}", section.title, entry.subject), entry.says.clone())
        };
        let mut all = vec![
            ("Title".to_owned(), scheme.title.clone()),
            ("Status".to_owned(), scheme.status.name().to_owned()),
            ("About".to_owned(), scheme.about.clone()),
        ];
        for section in sections(scheme) {
            all.extend(section.entries.iter().map(|entry| about(&section, entry)));
        }
        all
    };
    let (one, other) = (flat(one), flat(other));
    let says =
        |all: &[(String, String)], about: &str| all.iter().find(|(of, _)| of == about).map(|(_, says)| says.clone());
    let mut subjects: Vec<&String> = one.iter().map(|(about, _)| about).collect();
    subjects.extend(other.iter().map(|(about, _)| about).filter(|about| says(&one, about).is_none()));
    let difference =
        |about: &String| SchemeDiff { about: about.clone(), one: says(&one, about), other: says(&other, about) };
    subjects.into_iter().map(difference).filter(|difference| difference.one != difference.other).collect()
}

fn entry(subject: impl Into<String>, says: impl Into<String>, authority: impl Into<String>) -> PageEntry {
    PageEntry { subject: subject.into(), says: says.into(), authority: authority.into() }
}

/// The authority of a value: the source's title, its grade, the place, the note.
fn authority(scheme: &Scheme, cited: &Citation) -> String {
    let source = scheme.sources.iter().find(|source| source.id == cited.source);
    let mut text = source.map_or_else(
        || cited.source.clone(),
        |source| format!("{}, {} [{}]", source.publisher, source.title, source.grade.name()),
    );
    if let Some(at) = &cited.at {
        text.push_str(&format!(", {at}"));
    }
    if let Some(note) = &cited.note {
        text.push_str(&format!(". {note}"));
    }
    text
}

fn cited<T>(scheme: &Scheme, subject: impl Into<String>, value: &Cited<T>, says: impl Into<String>) -> PageEntry {
    entry(subject, says, authority(scheme, &value.cited))
}

/// A line for each period of a dated value. A value that is still to be supplied is said to be, never its example.
fn dated<T>(scheme: &Scheme, subject: &str, dated: &Dated<T>, says: impl Fn(&T) -> String) -> Vec<PageEntry> {
    let several = 1 < dated.periods().len();
    let periods = dated.periods().iter().map(|period| {
        let from = LongDate(period.from);
        let time = match period.to {
            Some(to) => format!("from {from} to {}", LongDate(to)),
            None => format!("from {from}"),
        };
        let parameter = period.cited.parameter.as_ref();
        let missing = scheme.missing().into_iter().find(|missing| Some(&missing.id) == parameter);
        let value = match missing {
            Some(missing) => format!("to be supplied as {}", missing.id),
            None => says(&period.value),
        };
        let subject = if several { format!("{subject}, {time}") } else { subject.to_owned() };
        let value = if several { value } else { format!("{value} ({time})") };
        entry(subject, value, authority(scheme, &period.cited))
    });
    periods.collect()
}

fn days(days: &u32) -> String {
    if *days == 1 { "1 day".into() } else { format!("{days} days") }
}

fn list(values: impl Iterator<Item = impl Display>) -> String {
    values.map(|value| value.to_string()).collect::<Vec<_>>().join(", ")
}

fn who(scheme: &Scheme) -> Section {
    let mut entries = Vec::new();
    if let Some(starts) = &scheme.starts {
        let to = starts.value.to.map_or_else(|| "no last day known".into(), |to| format!("to {}", LongDate(to)));
        entries.push(cited(scheme, "starts", starts, format!("from {} {to}", LongDate(starts.value.from))));
    }
    if let Some(cohorts) = &scheme.cohorts {
        entries.push(cited(scheme, "cohorts", cohorts, list(cohorts.value.iter())));
    }
    if let Some(benefits) = &scheme.benefits {
        entries.push(cited(scheme, "benefits", benefits, list(benefits.value.iter().copied().map(Benefit::code))));
    }
    if let Some(contracts) = &scheme.contracts {
        entries.push(cited(scheme, "contracts", contracts, list(contracts.value.iter())));
    }
    Section { title: "Who may be claimed for".into(), entries }
}

fn parameters(scheme: &Scheme) -> Section {
    let entries = scheme.parameters.iter().map(|parameter| {
        let value = match parameter.supply() {
            Supply::Given(value) => format!("{value}, supplied"),
            Supply::Default(value) => format!("{value}, unless another is supplied"),
            Supply::Example(value) => format!("must be supplied: --param {}={value} (an example)", parameter.id),
            Supply::Nothing => {
                format!("may be supplied: --param {}={}", parameter.id, parameter.unit.name().to_uppercase())
            }
        };
        entry(parameter.id.clone(), value, parameter.says.clone())
    });
    Section { title: "Parameters".into(), entries: entries.collect() }
}

fn outcome(scheme: &Scheme, outcome: &super::Outcome) -> Section {
    let mut entries = vec![entry("kind", outcome.kind.name(), String::new())];
    match &outcome.kind {
        OutcomeKind::SustainedHours { hours_per_week, needed_days, window_days } => {
            entries.extend(dated(scheme, "hours a week", hours_per_week, |hours| format!("{hours} or more")));
            entries.extend(dated(scheme, "days needed", needed_days, days));
            entries.extend(dated(scheme, "within", window_days, days));
        }
        OutcomeKind::JobStart { hours_per_week } => {
            let says = |hours: &crate::domain::Hours| match hours.hundredths() {
                0 => "any".to_owned(),
                _ => format!("{hours} or more"),
            };
            entries.extend(dated(scheme, "hours a week", hours_per_week, says));
        }
        OutcomeKind::Earnings { window_days, day_numbering, late_data_days, threshold } => {
            entries.extend(self::threshold(scheme, threshold));
            entries.extend(dated(scheme, "within", window_days, |window| format!("{} of the start", days(window))));
            entries.extend(dated(scheme, "counting of days", day_numbering, |numbering| match numbering {
                DayNumbering::StartIsDay1 => "the day of the start is day 1".into(),
                DayNumbering::StartIsDay0 => "the day after the start is day 1".into(),
            }));
            entries
                .extend(dated(scheme, "late data", late_data_days, |late| format!("{} after the window", days(late))));
        }
    }
    if let Some(price) = &outcome.price {
        entries.extend(dated(scheme, "price", price, ToString::to_string));
    }
    Section { title: format!("Outcome {}: {}", outcome.id, outcome.title), entries }
}

fn threshold(scheme: &Scheme, threshold: &Threshold) -> Vec<PageEntry> {
    match threshold {
        Threshold::Sum(sum) => dated(scheme, "earnings of", sum, ToString::to_string),
        Threshold::HoursAtRate { hours_per_week, weeks, hourly_rate } => {
            let mut entries = dated(scheme, "earnings of hours a week", hours_per_week, ToString::to_string);
            entries.extend(dated(scheme, "times weeks", weeks, ToString::to_string));
            entries.extend(dated(scheme, "times hourly rate", hourly_rate, |rate| match rate {
                HourlyRate::NationalLivingWage => "the adult National Living Wage on the day of the start".into(),
                HourlyRate::Amount(amount) => amount.to_string(),
            }));
            entries
        }
    }
}

fn reading(scheme: &Scheme) -> Section {
    let mut entries =
        dated(scheme, "a window may open after the claimed start", &scheme.start_tolerance_days, |tolerance| {
            format!("up to {}", days(tolerance))
        });
    entries.extend(dated(scheme, "an unpaid gap goes to a person", &scheme.gap_query_days, |gap| {
        format!("up to {}", days(gap))
    }));
    entries.extend(dated(scheme, "only several employers together sustain it", &scheme.across_employers, |across| {
        across.name().into()
    }));
    if let Some(in_work) = &scheme.in_work_starts {
        entries.extend(dated(scheme, "a job held at the start, of people in work then", in_work, |in_work| {
            in_work.name().into()
        }));
    }
    if let Some(limit) = &scheme.claim_within_days {
        entries.extend(dated(scheme, "claims close", limit, |limit| format!("{} after the outcome", days(limit))));
    }
    Section { title: "How the evidence is read".into(), entries }
}

fn ledger(scheme: &Scheme) -> Section {
    let mut entries = Vec::new();
    let terms = &scheme.ledger;
    if let Some(limit) = &terms.claim_attempts {
        entries.extend(dated(scheme, "attempts at a claim", limit, ToString::to_string));
    }
    if let Some(limit) = &terms.query_lapse_days {
        entries.extend(dated(scheme, "a query lapses", limit, |limit| format!("{} after it was raised", days(limit))));
    }
    if let Some(limit) = &terms.recovery_days {
        entries.extend(dated(scheme, "payments are looked at again", limit, |limit| format!("for {}", days(limit))));
    }
    Section { title: "From month to month".into(), entries }
}

fn rules(scheme: &Scheme) -> Section {
    let entries =
        scheme.changes.iter().map(|(code, setting)| cited(scheme, code.as_str(), setting, setting.value.name()));
    Section { title: "Rules changed".into(), entries: entries.collect() }
}

/// A sentence with the figures that the scheme holds beside it, so that both can be compared.
fn with_figures(says: &str, figures: &[Option<String>]) -> String {
    let figures: Vec<&str> = figures.iter().flatten().map(String::as_str).collect();
    if figures.is_empty() { says.to_owned() } else { format!("{says} ({})", figures.join(", ")) }
}

fn shown(value: Option<impl Display>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn per(what: Option<&String>) -> Option<String> {
    what.map(|what| format!("for each {what}"))
}

fn of(whom: Option<&String>) -> Option<String> {
    whom.map(|whom| format!("of {whom}"))
}

fn sources(scheme: &Scheme) -> Section {
    let entries = scheme.sources.iter().map(|source| {
        let dated = source.dated.map_or_else(String::new, |dated| format!(", {}", LongDate(dated)));
        let says = format!("{}, {}{dated} [{}]", source.publisher, source.title, source.grade.name());
        entry(source.id.clone(), says, String::new())
    });
    Section { title: "Sources".into(), entries: entries.collect() }
}

fn money(scheme: &Scheme) -> Section {
    let entries = scheme.arrangements.funding.iter().enumerate().map(|(index, funding)| {
        cited(
            scheme,
            format!("{}. {}", index + 1, funding.value.kind.name().replace('_', " ")),
            funding,
            with_figures(
                &funding.value.says,
                &[shown(funding.value.share), shown(funding.value.amount), per(funding.value.per.as_ref())],
            ),
        )
    });
    Section { title: "Who pays what".into(), entries: entries.collect() }
}

fn targets(scheme: &Scheme) -> Section {
    let targets = scheme.arrangements.targets.iter().enumerate();
    let baselines = scheme.arrangements.baselines.iter().enumerate();
    let volumes = scheme.arrangements.volumes.iter().enumerate();
    let targets = targets.map(|(index, target)| {
        cited(
            scheme,
            format!("target {}", index + 1),
            target,
            with_figures(
                &target.value.says,
                &[shown(target.value.share), of(target.value.of.as_ref()), shown(target.value.outcome.as_ref())],
            ),
        )
    });
    let baselines = baselines.map(|(index, baseline)| {
        let figures = [Some(baseline.value.share.to_string()), of(Some(&baseline.value.cohort))];
        cited(scheme, format!("baseline {}", index + 1), baseline, with_figures(&baseline.value.says, &figures))
    });
    let volumes = volumes.map(|(index, volume)| {
        cited(
            scheme,
            format!("volume {}", index + 1),
            volume,
            with_figures(
                &volume.value.says,
                &[
                    shown(volume.value.number),
                    shown(volume.value.of.map(VolumeOf::name)),
                    per(volume.value.per.as_ref()),
                ],
            ),
        )
    });
    Section { title: "Targets and volumes".into(), entries: targets.chain(baselines).chain(volumes).collect() }
}

fn facts(scheme: &Scheme) -> Section {
    let facts = scheme.arrangements.facts.iter().enumerate();
    let entries = facts.map(|(index, fact)| cited(scheme, (index + 1).to_string(), fact, fact.value.clone()));
    Section { title: "What the sources also say (nothing is decided by it)".into(), entries: entries.collect() }
}

fn assumptions(scheme: &Scheme) -> Section {
    let entries = scheme.assumptions.iter().enumerate();
    let entries = entries.map(|(index, says)| entry((index + 1).to_string(), says.clone(), String::new()));
    Section { title: "Assumptions".into(), entries: entries.collect() }
}
