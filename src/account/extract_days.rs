//! What an account says of the days that the extract can speak for.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CutOff;
use crate::domain::money::grouped;
use crate::domain::paydays::{GivenDays, PaydayMonths};
use crate::domain::{Observed, PaydayCounts};

/// The days that the extract can speak for, and the rows they follow from. That nobody was paid on an unobserved day is no
/// news about one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtractDays {
    /// The first day; its date is null where it is not known.
    pub from: CutOff,
    /// Runs of unobserved days between the first day and the cut-off.
    pub unobserved: Vec<DayRun>,
    /// The rows of the usual month: the one in which the middle row lies when rows are ordered by the size of their month.
    pub usual_month_rows: Option<u64>,
    /// The rows by month of payday, from the first month with any to the last.
    pub months: Vec<MonthAccount>,
}

/// Days in a row, both ends included, as YYYY-MM-DD.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DayRun {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
}

/// The rows with a payday in one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MonthAccount {
    /// The month, as YYYY-MM.
    pub month: String,
    /// How many rows there are.
    pub rows: u64,
    /// Whether that is fewer than a tenth of the usual month's, so that the absence of a payment says nothing.
    pub thin: bool,
}

impl ExtractDays {
    /// The account of what an extract with these paydays can speak for.
    pub fn new(months: &PaydayMonths, given: GivenDays, observed: &Observed) -> Self {
        let run = |(first, last): &(NaiveDate, NaiveDate)| DayRun { from: first.to_string(), to: last.to_string() };
        let month = |month: crate::domain::paydays::MonthRows| MonthAccount {
            month: month.month.to_string(),
            rows: month.rows,
            thin: month.is_thin,
        };
        Self {
            from: CutOff::of(observed.from, given.from.is_some()),
            unobserved: observed.holes().iter().map(run).collect(),
            usual_month_rows: months.usual_rows(),
            months: months.each(given).into_iter().map(month).collect(),
        }
    }

    /// The days, as decisions ask for them, with this cut-off.
    pub fn observed(&self, cut_off: Option<NaiveDate>) -> Observed {
        let day = |text: &String| text.parse::<NaiveDate>().ok();
        let runs = self.unobserved.iter().filter_map(|run| day(&run.from).zip(day(&run.to)));
        Observed::new(self.from.date.as_ref().and_then(day), cut_off, runs)
    }

    /// The months with so few rows that the absence of a payment says nothing.
    pub fn thin(&self) -> impl Iterator<Item = &MonthAccount> {
        self.months.iter().filter(|month| month.thin)
    }

    /// What a person should know of the extract before they believe a run, a sentence each; none for an extract without holes.
    pub fn warnings(&self) -> Vec<String> {
        // Whoever gave the first day knows that the extract does not speak for the months before it.
        let given_from = self.from.date.as_deref().filter(|_| self.from.from == CutOff::OPTION).unwrap_or_default();
        let thin = self.thin().filter(|month| given_from <= month.month.as_str());
        let named: Vec<String> = thin.map(|month| format!("{} ({})", month.month, rows_in_words(month.rows))).collect();
        let thin = (!named.is_empty()).then(|| {
            format!(
                "the extract has fewer than a tenth of the usual {} in {}",
                self.usual_month_rows.map_or_else(|| "rows".to_owned(), rows_in_words),
                few_of(&named)
            )
        });
        let runs: Vec<String> = self.unobserved.iter().map(|run| format!("{} to {}", run.from, run.to)).collect();
        let unobserved = (!runs.is_empty()).then(|| {
            format!(
                "it cannot speak for {}: that nobody was paid then is no news about one person. If a file is missing, name \
                 it with --earnings; if the extract ends earlier, give --extract-to",
                few_of(&runs)
            )
        });
        let empty = self.months.is_empty().then(|| {
            "the extract holds no payment with a payday: it shows of nobody that they were not paid. Name the files that hold the \
             payments with --earnings"
                .to_owned()
        });
        empty.into_iter().chain(thin).chain(unobserved).collect()
    }
}

fn rows_in_words(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{} rows", grouped(&rows.to_string())) }
}

/// The first few of a list, and how many more there are.
fn few_of(all: &[String]) -> String {
    const SHOWN: usize = 6;
    let shown = all.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// The rows of one file by month of payday, as YYYY-MM.
pub fn rows_by_month(paydays: &PaydayCounts) -> std::collections::BTreeMap<String, u64> {
    let months = paydays.months().each(GivenDays::default()).into_iter().filter(|month| 0 < month.rows);
    months.map(|month| (month.month.to_string(), month.rows)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The warnings of an extract of 100 rows in each month of summer 2018, few in April and July, with this first day given.
    fn warnings(from: Option<&str>) -> Vec<String> {
        let rows =
            [("2018-04-30", 3), ("2018-05-31", 100), ("2018-06-30", 100), ("2018-07-31", 2), ("2018-08-31", 100)];
        let paydays: PaydayCounts = rows.into_iter().map(|(payday, rows)| (day(payday), rows)).collect();
        let months = paydays.months();
        let given = GivenDays { from: from.map(day), to: None };
        ExtractDays::new(&months, given, &months.observed(given)).warnings()
    }

    #[test]
    fn an_extract_without_payments_is_told_of() {
        let months = PaydayCounts::default().months();
        let given = GivenDays { from: None, to: Some(day("2018-12-31")) };
        let warnings = ExtractDays::new(&months, given, &months.observed(given)).warnings();
        assert!(warnings.len() == 1 && warnings[0].starts_with("the extract holds no payment"), "{warnings:?}");
    }

    #[test]
    fn few_rows_are_told_of_in_the_months_that_the_extract_is_taken_to_speak_for() {
        let told = |months| format!("the extract has fewer than a tenth of the usual 100 rows in {months}");
        assert_eq!(warnings(None)[0], told("2018-04 (3 rows), 2018-07 (2 rows)"));
        assert_eq!(warnings(Some("2018-05-01"))[0], told("2018-07 (2 rows)"));
        assert_eq!(warnings(Some("2018-08-01")), [""; 0]);
    }
}
