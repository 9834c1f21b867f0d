//! The rates as a spreadsheet: what they are and how to read them first, then a sheet for each measure.

use super::public::{CANNOT_BE_SEEN, NO_EFFECT, PublicContext, no_rows_of, withheld_in_words};
use crate::domain::count_of as count;
use crate::measures::{CountSource, MEASURES, Measure, MeasureKind, change, demand};
use crate::release::disclosure::WITHHELD;
use crate::release::{NotObserved, RatesRow, Released, WithoutRows};
use crate::statistics::FunnelPosition;
use crate::workbooks::{Sheet, SheetCell, SheetTable, Spreadsheet};

/// The marks for cells without a figure.
const CONFIDENTIAL: &str = "[c]";
const NOT_APPLICABLE: &str = "[z]";
const NOT_AVAILABLE: &str = "[x]";

/// The tab of the sheet with every row.
const EVERY_ROW: &str = "every_row";

/// The book of a set of rates.
pub(super) fn spreadsheet(public: &PublicContext<'_>, released: &Released) -> Spreadsheet {
    let rows = &released.rows;
    let measured: Vec<(&Measure, Vec<&RatesRow>)> = MEASURES
        .iter()
        .map(|measure| (measure, rows.iter().filter(|row| row.measure == measure).collect::<Vec<_>>()))
        .filter(|(_, rows)| !rows.is_empty())
        .collect();
    let mut sheets = vec![cover(public, rows), contents(&measured, rows.len()), notes()];
    sheets.extend(measured.iter().map(|(measure, rows)| sheet(measure, rows, &released.without_rows)));
    sheets.push(every_row(rows));
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

fn contents(measured: &[(&Measure, Vec<&RatesRow>)], all: usize) -> Sheet {
    let row = |tab: &str, shows: &str, rows: usize| {
        vec![SheetCell::Link(tab.to_owned()), SheetCell::Text(shows.to_owned()), SheetCell::Count(count(rows))]
    };
    let of_measures = measured.iter().map(|(measure, rows)| row(measure.name, measure.title, rows.len()));
    Sheet {
        tab: "contents".into(),
        title: "Contents".into(),
        lines: vec!["This sheet has one table: the sheets with figures, each with one table.".into()],
        table: Some(SheetTable {
            name: "contents".into(),
            columns: vec![("Sheet", 32), ("What it shows", 70), ("Rows", 10)],
            rows: of_measures
                .chain([row(EVERY_ROW, "Every row of the sheets before it, to filter and to pivot", all)])
                .collect(),
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

fn sheet(measure: &Measure, rows: &[&RatesRow], without: &[WithoutRows]) -> Sheet {
    let without = without.iter().filter(|one| one.measure == measure).map(no_rows_of);
    let [counted, of, rate] = headings(measure.kind);
    let [lower, upper] = match measure.kind {
        MeasureKind::Cost => ["The least that rounding leaves open", "The most that rounding leaves open"],
        MeasureKind::Count | MeasureKind::Rate | MeasureKind::Change | MeasureKind::Weeks | MeasureKind::Volume => {
            ["Lower end of the 95% interval", "Upper end of the 95% interval"]
        }
    };
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
        .chain(without)
        .chain(warning)
        .collect(),
        table: Some(SheetTable {
            name: measure.name.to_owned(),
            columns: vec![
                ("Period", 20),
                ("Group", 12),
                ("Level", 20),
                (counted, 11),
                (of, 11),
                ("Not observed", 12),
                (rate, 11),
                (lower, 12),
                (upper, 12),
                ("If no undecided claim is validated", 14),
                ("If every undecided claim is validated", 14),
                ("Note", 40),
            ],
            rows: rows.iter().map(|row| cells(row).into()).collect(),
        }),
    }
}

/// Every row of every measure on one sheet.
fn every_row(rows: &[RatesRow]) -> Sheet {
    let wide = |row: &RatesRow| {
        let [period, group, level, counted, of, rest @ ..] = cells(row);
        let text = |text: &str| SheetCell::Text(text.to_owned());
        let standing = text(row.standing.map_or(NOT_APPLICABLE, FunnelPosition::says));
        let first = [text(row.measure.name), period, group, level, counted];
        let units = [text(row.numerator_unit.name()), of, text(row.denominator_unit.name())];
        first.into_iter().chain(units).chain(rest).chain([standing]).collect()
    };
    Sheet {
        tab: EVERY_ROW.into(),
        title: "Every row".into(),
        lines: vec![
            "This sheet has one table: the rows of all measures, one under another.".into(),
            format!("{CONFIDENTIAL} confidential; {NOT_APPLICABLE} not applicable; {NOT_AVAILABLE} not available."),
        ],
        table: Some(SheetTable {
            name: EVERY_ROW.into(),
            columns: vec![
                ("Measure", 30),
                ("Period", 28),
                ("Group", 14),
                ("Level", 22),
                ("Numerator", 14),
                ("What it counts", 12),
                ("Denominator", 14),
                ("What that counts", 12),
                ("Not observed", 14),
                ("Rate, change, weeks or pounds for each", 18),
                ("Lower end of the interval", 16),
                ("Upper end of the interval", 16),
                ("If no undecided claim is validated", 18),
                ("If every undecided claim is validated", 18),
                ("Note", 70),
                ("Standing", 24),
            ],
            rows: rows.iter().map(wide).collect(),
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

fn cells(row: &RatesRow) -> [SheetCell; 12] {
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
    [
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
