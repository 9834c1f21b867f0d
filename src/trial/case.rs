//! One made-up claim with its participant and payments, and its expected result.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::domain::day::{LAST, add_days};
use crate::domain::{Band, Benefit};
use crate::scheme::wage::WageTable;
use crate::scheme::{Code, Outcome, Scheme};

/// Cells by column.
pub type CellsByColumn = BTreeMap<&'static str, String>;

/// A claim, its participant and payments.
#[derive(Debug, Clone)]
pub struct TrialCase {
    /// What it shows.
    pub name: String,
    /// The claim.
    pub claim: CellsByColumn,
    /// The participant, as the register has them.
    pub participant: CellsByColumn,
    /// The payments.
    pub payments: Vec<CellsByColumn>,
    /// The rules that must fail.
    pub fails: BTreeSet<Code>,
    /// The day the outcome is achieved, where the evidence shows it.
    pub achieved_on: Option<NaiveDate>,
    /// The first day on which nothing of it is pending any more.
    pub settled: NaiveDate,
}

/// The least time after a case's last day in which its pay may still be awaited.
const AWAITED_DAYS: i64 = 120;

impl TrialCase {
    /// The earlier of the days on which the job and the participant started.
    pub(super) fn first_start(&self) -> Option<NaiveDate> {
        let day = |cells: &CellsByColumn, column: &str| cells.get(column)?.parse::<NaiveDate>().ok();
        [day(&self.claim, "job_start_date"), day(&self.participant, "start_date")].into_iter().flatten().min()
    }

    /// The same with a cell of the claim changed.
    #[must_use]
    pub(super) fn claim(mut self, column: &'static str, value: &impl fmt::Display) -> Self {
        self.claim.insert(column, value.to_string());
        self
    }

    /// The same with a cell of the register changed.
    #[must_use]
    pub(super) fn participant(mut self, column: &'static str, value: &impl fmt::Display) -> Self {
        self.participant.insert(column, value.to_string());
        self
    }

    /// The same, failing these rules.
    #[must_use]
    pub(super) fn failing(mut self, codes: &[Code]) -> Self {
        self.fails.extend(codes);
        self
    }

    /// The same, achieved on a day.
    #[must_use]
    pub(super) fn achieved(mut self, day: NaiveDate) -> Self {
        self.achieved_on = Some(day);
        self
    }

    /// The same with a payment more.
    #[must_use]
    pub(super) fn paid(mut self, payday: NaiveDate, cells: &[(&'static str, String)]) -> Self {
        let mut payment: CellsByColumn = [
            ("office_number", "123"),
            ("paye_ref", "TRIAL1"),
            ("employer_name", "Trial Employer"),
            ("payroll_id", "1"),
            ("pay_frequency", "W1"),
            ("taxable_pay", "900.00"),
            ("hours_band", "D"),
        ]
        .into_iter()
        .map(|(column, value)| (column, value.to_owned()))
        .collect();
        payment.insert("payment_date", payday.to_string());
        payment.extend(cells.iter().cloned());
        self.payments.push(payment);
        self.settled = self.settled.max(add_days(payday, AWAITED_DAYS));
        self
    }

    /// Paid each week of a job from its first day to a day, and to its end where that is known.
    #[must_use]
    pub(super) fn paid_weekly(mut self, first: NaiveDate, to: NaiveDate, cells: &[(&'static str, String)]) -> Self {
        let mut payday = add_days(first, 6);
        while payday <= to && payday < LAST {
            self = self.paid(payday, cells);
            payday = add_days(payday, 7);
        }
        self
    }

    /// The case as that of one person of their own. Nobody has the numbers: the prefix is never issued.
    #[must_use]
    pub(super) fn of_person(mut self, number: usize) -> Self {
        let born = add_days(
            NaiveDate::from_ymd_opt(1980, 1, 1).unwrap_or_default(),
            i64::try_from(number).unwrap_or(0) % 3000,
        );
        let person = [
            ("nino", format!("NC{:06}A", 100_000 + number % 900_000)),
            ("surname", format!("Trial{}", letters(number))),
            ("forename", "Robin".to_owned()),
            ("date_of_birth", born.to_string()),
        ];
        let ids = [("claim_id", format!("C{:06}", number + 1)), ("participant_id", format!("P{:06}", number + 1))];
        for (column, value) in &person {
            self.claim.insert(column, value.clone());
            self.participant.insert(column, value.clone());
            for payment in &mut self.payments {
                payment.insert(column, value.clone());
            }
        }
        self.claim.extend(ids.clone());
        self.participant.extend(ids.into_iter().filter(|(column, _)| *column == "participant_id"));
        self
    }
}

/// A number in letters, so that no two names compare equal.
fn letters(mut number: usize) -> String {
    let mut text = String::new();
    loop {
        text.insert(0, char::from(b'a' + u8::try_from(number % 26).unwrap_or(0)));
        number /= 26;
        if number == 0 {
            return format!("{text:a>3}");
        }
    }
}

/// Makes cases of a scheme.
pub(super) struct Maker<'a> {
    pub(super) scheme: &'a Scheme,
    pub(super) wages: &'a WageTable,
}

impl<'a> Maker<'a> {
    pub(super) fn new(scheme: &'a Scheme, wages: &'a WageTable) -> Self {
        Self { scheme, wages }
    }

    /// The days from which terms of the scheme hold, moved into the time in which participants start and wages are known.
    pub(super) fn epochs(&self, changes: impl Iterator<Item = NaiveDate>) -> Vec<NaiveDate> {
        let earliest = NaiveDate::from_ymd_opt(2017, 11, 6).unwrap_or_default();
        let starts = self.scheme.starts.as_ref().map(|starts| starts.value);
        let first = starts.map_or(earliest, |starts| starts.from.max(self.wages.begins().unwrap_or(starts.from)));
        let last = starts.and_then(|starts| starts.to);
        let epochs: BTreeSet<NaiveDate> = changes.map(|change| change.max(first)).collect();
        epochs.into_iter().filter(|epoch| last.is_none_or(|last| *epoch <= last)).collect()
    }

    /// A case of an outcome: a participant who started on a day and is claimed for with a job from another.
    pub(super) fn case(&self, outcome: &Outcome, name: &str, start: NaiveDate, job_start: NaiveDate) -> TrialCase {
        let first = |list: Option<&Vec<String>>, otherwise: &str| {
            list.and_then(|list| list.first().cloned()).unwrap_or_else(|| otherwise.to_owned())
        };
        let contract = first(self.scheme.contracts.as_ref().map(|contracts| &contracts.value), "CT1");
        let cohort = first(self.scheme.cohorts.as_ref().map(|cohorts| &cohorts.value), "any");
        let benefit = self
            .scheme
            .benefits
            .as_ref()
            .and_then(|benefits| benefits.value.first())
            .map_or("", |benefit| Benefit::code(*benefit));
        let text = |pairs: &[(&'static str, &str)]| -> CellsByColumn {
            pairs.iter().map(|(column, value)| (*column, (*value).to_owned())).collect()
        };
        let day = |date: NaiveDate| date.to_string();
        TrialCase {
            name: format!("{}, {name}", outcome.id),
            claim: text(&[
                ("provider_id", "PR1"),
                ("contract_id", &contract),
                ("outcome", &outcome.id),
                ("employment_type", "employed"),
                ("job_start_date", &day(job_start)),
                ("claim_date", &day(job_start)),
            ]),
            participant: text(&[
                ("contract_id", &contract),
                ("provider_id", "PR1"),
                ("referral_date", &day(add_days(start, -14))),
                ("start_date", &day(start)),
                ("cohort", &cohort),
                ("benefit", benefit),
                ("on_other_provision", "false"),
            ]),
            payments: Vec::new(),
            fails: BTreeSet::new(),
            achieved_on: None,
            settled: add_days(job_start, AWAITED_DAYS),
        }
    }
}

/// The first day on or after another that is a weekday wanted.
pub(super) fn weekday_from(day: NaiveDate, wanted: Weekday) -> NaiveDate {
    let ahead = (7 + wanted.num_days_from_monday() - day.weekday().num_days_from_monday()) % 7;
    add_days(day, i64::from(ahead))
}

/// The bands whose hours the law names, from the fewest.
pub(super) const BANDS: [Band; 4] = [Band::A, Band::B, Band::C, Band::D];
