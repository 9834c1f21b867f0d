//! The rates as a spreadsheet: what they are and how to read them first, then a sheet for each measure.

use super::public::{CANNOT_BE_SEEN, NO_EFFECT, PublicContext, withheld_in_words};
use crate::domain::count_of as count;
use crate::measures::{CountSource, MEASURES, Measure, MeasureKind, change, demand};
use crate::release::disclosure::WITHHELD;
use crate::release::{NotObserved, RatesRow};
use crate::workbooks::{Sheet, SheetCell, SheetTable, Spreadsheet};

/// The marks for cells without a figure.
const CONFIDENTIAL: &str = "[c]";
const NOT_APPLICABLE: &str = "[z]";
const NOT_AVAILABLE: &str = "[x]";

/// The book of a set of rates.
pub(super) fn spreadsheet(public: &PublicContext<'_>, rows: &[RatesRow]) -> Spreadsheet {
    let measured: Vec<(&Measure, Vec<&RatesRow>)> = MEASURES
        .iter()
        .map(|measure| (measure, rows.iter().filter(|row| row.measure == measure).collect::<Vec<_>>()))
        .filter(|(_, rows)| !rows.is_empty())
        .collect();
    let mut sheets = vec![cover(public, rows), contents(&measured), notes()];
    sheets.extend(measured.iter().map(|(measure, rows)| sheet(measure, rows)));
    Spreadsheet { title: public.title.clone(), sheets }
}

fn cover(public: &PublicContext<'_>, rows: &[RatesRow]) -> Sheet {
    let profile = public.profile;
    let (from, to) = &public.observed;
    let people = |measure: &Measure| {
        let row = rows.iter().find(|row| row.measure == measure && row.group == "all");
        let counted = row.and_then(|row| row.numerator);
        counted.map_or_else(|| CONFIDENTIAL.to_owned(), |count| format!("{count} people"))
    };
    let mut lines = vec![
        format!("Scheme: {} ({})", public.scheme.id, public.scheme.status.name()),
        format!("Referred: {}. Started: {}. {}", people(&demand::REFERRED), people(&demand::STARTED), public.counted()),
        format!(
            "Payroll records show every day from {from} to {to}. Days outside are not observed, and never taken to be out of work."
        ),
    ];
    lines.extend(public.unobserved.iter().map(|days| format!("Not observed either: {days}.")));
    lines.extend([
        format!("Disclosure control: {} ({}).", profile.name, profile.says),
        "Intervals are 95%.".to_owned(),
        CANNOT_BE_SEEN.to_owned(),
        "The sheet contents lists the tables; the sheet notes explains measures and shorthand.".to_owned(),
    ]);
    Sheet { tab: "cover".into(), title: public.title.clone(), lines, table: None }
}

fn contents(measured: &[(&Measure, Vec<&RatesRow>)]) -> Sheet {
    let row = |(measure, rows): &(&Measure, Vec<&RatesRow>)| {
        vec![
            SheetCell::Link(measure.name.to_owned()),
            SheetCell::Text(measure.title.to_owned()),
            SheetCell::Count(count(rows.len())),
        ]
    };
    Sheet {
        tab: "contents".into(),
        title: "Contents".into(),
        lines: vec!["This sheet has one table: the sheets with figures, each with one table.".into()],
        table: Some(SheetTable {
            name: "contents".into(),
            columns: vec![("Sheet", 32), ("What it shows", 70), ("Rows", 10)],
            rows: measured.iter().map(row).collect(),
        }),
    }
}

fn notes() -> Sheet {
    let note = |about: &str, says: String| vec![SheetCell::Text(about.to_owned()), SheetCell::Text(says)];
    let mut rows = vec![
        note(CONFIDENTIAL, "confidential: withheld so that nobody can be told from it".into()),
        note(NOT_APPLICABLE, "not applicable: the measure has no such figure".into()),
        note(NOT_AVAILABLE, "not available: nobody of the row is observed".into()),
    ];
    rows.extend(MEASURES.iter().map(|measure| {
        note(
            measure.name,
            format!(
                "Of {}: {}. {}. Source: {}.",
                measure.denominator,
                measure.numerator,
                measure.kind.formula(),
                measure.source
            ),
        )
    }));
    Sheet {
        tab: "notes".into(),
        title: "Notes".into(),
        lines: vec!["This sheet has one table: shorthand, then measures.".into()],
        table: Some(SheetTable { name: "notes".into(), columns: vec![("Note", 32), ("What it means", 120)], rows }),
    }
}

fn sheet(measure: &Measure, rows: &[&RatesRow]) -> Sheet {
    let [counted, of, rate] = headings(measure.kind);
    let is_of_change = [change::EMPLOYED_BEFORE, change::EMPLOYED_AFTER, change::INCREASE].contains(measure);
    let warning = is_of_change.then(|| NO_EFFECT.to_owned());
    Sheet {
        tab: measure.name.to_owned(),
        title: measure.title.to_owned(),
        lines: [
            format!("Of {}: {}.", measure.denominator, measure.numerator),
            format!("{CONFIDENTIAL} confidential; {NOT_APPLICABLE} not applicable; {NOT_AVAILABLE} not available."),
            withheld_in_words(rows),
        ]
        .into_iter()
        .chain(warning)
        .collect(),
        table: Some(SheetTable {
            name: measure.name.to_owned(),
            columns: vec![
                ("Period", 28),
                ("Group", 14),
                ("Level", 22),
                (counted, 14),
                (of, 14),
                ("Not observed", 14),
                (rate, 14),
                ("Lower end of the 95% interval", 16),
                ("Upper end of the 95% interval", 16),
                ("If no undecided claim is validated", 18),
                ("If every undecided claim is validated", 18),
                ("Note", 70),
            ],
            rows: rows.iter().map(|row| cells(row)).collect(),
        }),
    }
}

/// The headings of numerator, denominator and rate.
const fn headings(kind: MeasureKind) -> [&'static str; 3] {
    match kind {
        MeasureKind::Count | MeasureKind::Rate => ["Counted", "Of", "Rate"],
        MeasureKind::Change => ["More in employment", "Of", "Change"],
        MeasureKind::Weeks => ["Counted", "Of", "Weeks"],
        MeasureKind::Volume => ["Counted", "Expected", "Share of the expected"],
        MeasureKind::Cost => ["Pounds spent", "For", "Pounds for each"],
    }
}

fn cells(row: &RatesRow) -> Vec<SheetCell> {
    let kind = row.measure.kind;
    let none = |is_there: bool| {
        let mark = match (row.withheld.is_some(), is_there) {
            (true, _) => CONFIDENTIAL,
            (false, true) => NOT_AVAILABLE,
            (false, false) => NOT_APPLICABLE,
        };
        SheetCell::Text(mark.to_owned())
    };
    let count = |count: Option<u64>, is_there| count.map_or_else(|| none(is_there), SheetCell::Count);
    let is_rate = kind != MeasureKind::Count;
    let figure = |value: f64| match kind {
        MeasureKind::Weeks => SheetCell::Number(value),
        MeasureKind::Cost => SheetCell::Pounds(value),
        MeasureKind::Count | MeasureKind::Rate | MeasureKind::Change | MeasureKind::Volume => SheetCell::Share(value),
    };
    let rate = |rate: Option<f64>, is_there| rate.map_or_else(|| none(is_there), figure);
    let counted = match row.numerator {
        Some(counted) => u64::try_from(counted).map_or_else(|_| SheetCell::Text(counted.to_string()), SheetCell::Count),
        None => none(kind != MeasureKind::Weeks),
    };
    let has_interval = matches!(kind, MeasureKind::Rate | MeasureKind::Change);
    let has_bounds = matches!(row.measure.counts, CountSource::Claims);
    vec![
        SheetCell::Text(row.period.clone()),
        SheetCell::Text(row.group.to_owned()),
        SheetCell::Text(row.level.clone()),
        counted,
        count(row.denominator, is_rate),
        SheetCell::Text(row.not_observed.map_or(NOT_APPLICABLE, NotObserved::says).to_owned()),
        rate(row.rate, is_rate),
        rate(row.lower, has_interval),
        rate(row.upper, has_interval),
        rate(row.lower_bound, has_bounds),
        rate(row.upper_bound, has_bounds),
        SheetCell::Text(row.withheld.map_or_else(|| row.note_text(), |_| WITHHELD.to_owned())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbooks::LONGEST_TAB;

    #[test]
    fn every_measure_fits_on_a_tab() {
        assert!(MEASURES.iter().all(|measure| measure.name.len() <= LONGEST_TAB));
    }
}
