//! The rates as a spreadsheet: what they are and how to read them first, then a sheet for each measure.

use super::RatesRequest;
use super::figures::RatesFigures;
use crate::domain::count_of as count;
use crate::measures::{CountSource, MEASURES, Measure, MeasureKind};
use crate::release::RatesRow;
use crate::release::disclosure::Withheld;
use crate::statistics::pounds_each;
use crate::workbooks::{Sheet, SheetCell, SheetTable, Spreadsheet};

/// The marks for cells without a figure.
const CONFIDENTIAL: &str = "[c]";
const NOT_APPLICABLE: &str = "[z]";
const NOT_AVAILABLE: &str = "[x]";

/// The book of a set of rates.
pub(super) fn spreadsheet(request: &RatesRequest, figures: &RatesFigures, rows: &[RatesRow]) -> Spreadsheet {
    let title = format!("Employment rates: {}", request.scheme.title);
    let measured: Vec<(&Measure, Vec<&RatesRow>)> = MEASURES
        .iter()
        .map(|measure| (measure, rows.iter().filter(|row| row.measure == measure).collect::<Vec<_>>()))
        .filter(|(_, rows)| !rows.is_empty())
        .collect();
    let mut sheets = vec![cover(&title, request, figures), contents(&measured), notes()];
    sheets.extend(measured.iter().map(|(measure, rows)| sheet(measure, rows)));
    Spreadsheet { title, sheets }
}

fn cover(title: &str, request: &RatesRequest, figures: &RatesFigures) -> Sheet {
    let profile = request.profile;
    let observed = &figures.scope.observed;
    let people = |count: u64| {
        profile.published(count).map_or_else(|| CONFIDENTIAL.to_owned(), |count| format!("{count} people"))
    };
    let account = &figures.people.account;
    let counted =
        if request.each_start { "Every start is counted." } else { "People are counted once, at their first start." };
    let lines = vec![
        format!("Scheme: {} ({})", request.scheme.id, request.scheme.status.name()),
        format!("Referred: {}. Started: {}. {counted}", people(account.people), people(account.people_started)),
        format!(
            "Payroll records show every day from {} to {}. Days outside are not observed, and never taken to be out of work.",
            observed.from, observed.to
        ),
        format!("Disclosure control: {} ({}).", profile.name, profile.says),
        "Intervals are 95%.".to_owned(),
        "The sheet contents lists the tables; the sheet notes explains measures and shorthand.".to_owned(),
    ];
    Sheet { tab: "cover".into(), title: title.to_owned(), lines, table: None }
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
    Sheet {
        tab: measure.name.to_owned(),
        title: measure.title.to_owned(),
        lines: vec![
            format!("Of {}: {}.", measure.denominator, measure.numerator),
            format!("{CONFIDENTIAL} confidential; {NOT_APPLICABLE} not applicable; {NOT_AVAILABLE} not available."),
        ],
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
        MeasureKind::Change => ["Gained", "Of", "Change"],
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
    let counted = match kind {
        MeasureKind::Cost => {
            row.numerator.and_then(|pence| pounds_each(pence, 1)).map_or_else(|| none(true), SheetCell::Pounds)
        }
        MeasureKind::Count | MeasureKind::Rate | MeasureKind::Change | MeasureKind::Weeks | MeasureKind::Volume => {
            count(row.numerator, kind != MeasureKind::Weeks)
        }
    };
    let has_interval = matches!(kind, MeasureKind::Rate | MeasureKind::Change);
    let has_bounds = matches!(row.measure.counts, CountSource::Claims);
    let has_unobserved = !matches!(kind, MeasureKind::Count | MeasureKind::Volume) && !has_bounds;
    vec![
        SheetCell::Text(row.period.clone()),
        SheetCell::Text(row.group.to_owned()),
        SheetCell::Text(row.level.clone()),
        counted,
        count(row.denominator, is_rate),
        // A count too small to be published, beside figures that are not.
        row.not_observed.map_or_else(
            || SheetCell::Text(if has_unobserved { CONFIDENTIAL } else { NOT_APPLICABLE }.to_owned()),
            SheetCell::Count,
        ),
        rate(row.rate, is_rate),
        rate(row.lower, has_interval),
        rate(row.upper, has_interval),
        rate(row.lower_bound, has_bounds),
        rate(row.upper_bound, has_bounds),
        SheetCell::Text(row.withheld.map_or_else(|| row.note_text(), |why| Withheld::says(why).to_owned())),
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
