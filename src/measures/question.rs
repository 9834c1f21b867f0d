//! The questions that are asked of every person, and what each answers.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::{MATURITY_DAYS, STRETCHES, WEEKS_AFTER, WEEKS_BEFORE, WEEKS_COMPARED, weeks_before};
use crate::domain::day::{add_days, add_months, age_on};
use crate::evidence::DayStatus;
use crate::observations::person::Person;
use crate::observations::spending::Spending;
use crate::observations::volumes::Year;
use crate::observations::work_history::{Life, Observed, is_at_hours, is_employed};

/// One thing asked of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Whether they were referred: everyone was.
    Referred,
    /// Whether they started.
    Started,
    /// Whether they were first referred between two days.
    ReferredBetween(NaiveDate, NaiveDate),
    /// Whether they were employed in a month, given by its first day.
    Month(NaiveDate, Hours),
    /// Whether they were in paid employment on a day.
    PaidOn(NaiveDate, PaidHours),
    /// What is asked of those who started.
    OfStarters(OfStarters),
}

/// One thing asked of everyone who started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfStarters {
    /// Whether they started in a month, given by its first day.
    StartedIn(NaiveDate),
    /// Whether they started between two days.
    StartedBetween(NaiveDate, NaiveDate),
    /// Whether money that is recorded for their start brought about what it is divided by.
    Funded(Bought),
    /// Whether they earned anything within 52 weeks of the start.
    FirstEarnings(Cohort),
    /// Whether the evidence meets one of the scheme's outcomes, by its place.
    Outcome(usize, Cohort),
    /// Whether an outcome that the evidence meets was left unclaimed.
    Unclaimed(usize),
    /// Whether the evidence meets the first job outcome under changed terms, by their place.
    Sensitivity(usize),
    /// Whether they were employed in a week counted from the start.
    Week(i64, Hours),
    /// Whether they were employed in a stretch of weeks counted from the start.
    Weeks(i64, i64),
    /// How their employment in a stretch of weeks compares with that before the start.
    Increase(i64, i64),
    /// Whether they had thirteen or more weeks in work in the first 52.
    ThirteenWeeks,
    /// Whether they were employed in five of the six months from an October on.
    FiveOfSix(NaiveDate),
    /// Whether they were out of work at the start.
    OutOfWork,
    /// Whether they were employed in the year after a start out of work.
    FirstJob,
}

/// What money is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bought {
    /// Starts.
    Start,
    /// First earnings.
    JobStart,
    /// One of the scheme's outcomes, by its place.
    Outcome(usize),
}

/// Whose rate it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cohort {
    /// Those with enough time behind them.
    Matured,
    /// Everyone who started.
    Full,
}

/// At what hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hours {
    /// Any.
    Any,
    /// 16 or more a week.
    Sixteen,
}

impl Hours {
    fn sought(self) -> fn(DayStatus) -> bool {
        match self {
            Self::Any => is_employed,
            Self::Sixteen => is_at_hours,
        }
    }
}

/// At what hours on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaidHours {
    /// Any.
    Any,
    /// Under 16 a week.
    UnderSixteen,
    /// 16 or more a week.
    SixteenOrMore,
    /// The payroll does not say.
    Unknown,
}

impl PaidHours {
    /// Each, with its name in outputs.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Any, "any"),
        (Self::UnderSixteen, "under_16"),
        (Self::SixteenOrMore, "16_or_more"),
        (Self::Unknown, "hours_unknown"),
    ];
}

/// What a person answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// They are not asked.
    Outside,
    /// They are asked, and the extract does not say.
    NotObserved,
    /// No.
    No,
    /// Yes; of a change, employed after and not before.
    Yes,
    /// Of a change, employed before and not after.
    Lost,
}

/// A question with the measure it belongs to and what it says of its period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The name of the measure.
    pub measure: &'static str,
    /// The week, month, outcome or date.
    pub period: String,
    /// What is asked.
    pub ask: Ask,
}

/// Everything known of one person.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The person.
    pub person: &'a Person,
    /// Their observed days; `None` where no earnings can be told to be theirs.
    pub life: Option<&'a Life>,
    /// Their paydays of more than nothing, in order.
    pub paydays: &'a [NaiveDate],
    /// What became of each outcome of the scheme.
    pub outcomes: &'a [Met],
    /// Whether the first job outcome is met under each change of its terms.
    pub under_changes: &'a [bool],
}

/// What became of an outcome for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    /// The day on which their evidence meets it, if it does.
    pub achieved_on: Option<NaiveDate>,
    /// Whether anyone claimed it for them.
    pub is_claimed: bool,
}

/// What a set of rates is taken over.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The last day the extract speaks for.
    pub cut_off: NaiveDate,
    /// The days observed of everyone.
    pub observed: Observed,
    /// Each outcome of the scheme, by name, with the days of its window.
    pub outcomes: Vec<(String, i64)>,
    /// Dates on which paid employment is asked for.
    pub on: Vec<NaiveDate>,
    /// Which changes of the first job outcome's terms are tried, and the place of that outcome.
    pub changes: Option<(usize, Vec<String>)>,
    /// Whether there is a run whose claims are known.
    pub has_claims: bool,
    /// The years of the programme, where the scheme expects so many people in each.
    pub years: Vec<Year>,
    /// What was spent, where that is known.
    pub spending: Option<Spending>,
}

impl Frame {
    /// Every question, in the order of the measures, then of the periods.
    pub fn cells(&self, people: &[Person]) -> Vec<Cell> {
        let mut cells = Vec::new();
        let mut add = |measure, period: String, ask| cells.push(Cell { measure, period, ask });
        let of_starters = Ask::OfStarters;
        add("referred", String::new(), Ask::Referred);
        add("started", String::new(), Ask::Started);
        let starts = people.iter().filter_map(|person| person.start?.with_day(1));
        for month in starts.collect::<BTreeSet<NaiveDate>>() {
            add("starts_in_month", month_name(month), of_starters(OfStarters::StartedIn(month)));
        }
        for year in &self.years {
            add("referrals_of_volume", year.name(), Ask::ReferredBetween(year.first, year.last));
        }
        for year in &self.years {
            add("starts_of_volume", year.name(), of_starters(OfStarters::StartedBetween(year.first, year.last)));
        }
        add("first_earnings_matured", String::new(), of_starters(OfStarters::FirstEarnings(Cohort::Matured)));
        add("first_earnings_full", String::new(), of_starters(OfStarters::FirstEarnings(Cohort::Full)));
        for (measure, cohort) in
            [("outcome_by_evidence_matured", Cohort::Matured), ("outcome_by_evidence_full", Cohort::Full)]
        {
            for (place, (outcome, _)) in self.outcomes.iter().enumerate() {
                add(measure, outcome.clone(), of_starters(OfStarters::Outcome(place, cohort)));
            }
        }
        for (measure, hours) in [("employed_week", Hours::Any), ("employed_16_week", Hours::Sixteen)] {
            for week in -WEEKS_BEFORE..WEEKS_AFTER {
                add(measure, week.to_string(), of_starters(OfStarters::Week(week, hours)));
            }
        }
        for (measure, hours) in [("employed_month", Hours::Any), ("employed_16_month", Hours::Sixteen)] {
            for month in months(Some(self.observed.from), Some(self.observed.to)) {
                add(measure, month_name(month), Ask::Month(month, hours));
            }
        }
        add("employed_before", weeks_before(), of_starters(OfStarters::Weeks(-WEEKS_COMPARED, 0)));
        for (first, end) in STRETCHES {
            add("employed_after", format!("{first} to {end}"), of_starters(OfStarters::Weeks(first, end)));
        }
        for (first, end) in STRETCHES {
            add("increase", format!("{first} to {end}"), of_starters(OfStarters::Increase(first, end)));
        }
        add("thirteen_weeks_or_more", String::new(), of_starters(OfStarters::ThirteenWeeks));
        for year in self.observed.from.year()..self.observed.to.year() {
            if let Some(october) = NaiveDate::from_ymd_opt(year, 10, 1) {
                add(
                    "sustained_five_of_six_months",
                    format!("{year}-{:02}", (year + 1) % 100),
                    of_starters(OfStarters::FiveOfSix(october)),
                );
            }
        }
        add("out_of_work_at_start", String::new(), of_starters(OfStarters::OutOfWork));
        add("first_job_of_out_of_work", String::new(), of_starters(OfStarters::FirstJob));
        for day in &self.on {
            for (hours, name) in PaidHours::ALL {
                add("paid_employment_on", format!("{day} {name}"), Ask::PaidOn(*day, hours));
            }
        }
        for (place, (outcome, _)) in self.outcomes.iter().enumerate().filter(|_| self.has_claims) {
            add("unclaimed_outcome", outcome.clone(), of_starters(OfStarters::Unclaimed(place)));
        }
        if self.spending.is_some() {
            add("cost_per_start", String::new(), of_starters(OfStarters::Funded(Bought::Start)));
            add("cost_per_job_start", String::new(), of_starters(OfStarters::Funded(Bought::JobStart)));
            for (place, (outcome, _)) in self.outcomes.iter().enumerate() {
                add("cost_per_outcome", outcome.clone(), of_starters(OfStarters::Funded(Bought::Outcome(place))));
            }
        }
        for (place, change) in self.changes.iter().flat_map(|(_, changes)| changes).enumerate() {
            add("sensitivity", change.clone(), of_starters(OfStarters::Sensitivity(place)));
        }
        cells
    }

    /// What a person answers to a question.
    pub fn answer(&self, ask: Ask, known: Known<'_>) -> Answer {
        let Known { person, life, .. } = known;
        match ask {
            Ask::Referred => Answer::Yes,
            Ask::Started => told(Some(person.start.is_some())),
            Ask::ReferredBetween(first, last) if (first..=last).contains(&person.referred) => Answer::Yes,
            Ask::ReferredBetween(..) => Answer::Outside,
            Ask::Month(month, hours) => {
                let last = add_days(add_months(month, 1), -1);
                told(life.and_then(|life| life.any(month, last, hours.sought())))
            }
            Ask::PaidOn(day, hours) => {
                let age = age_on(day, person.whose.date_of_birth.0);
                if !(18..=64).contains(&age) || day < person.referred {
                    return Answer::Outside;
                }
                told(life.and_then(|life| life.on(day)).map(|status| is_paid_at(status, hours)))
            }
            Ask::OfStarters(ask) => {
                person.start.map_or(Answer::Outside, |start| self.answer_of_starter(ask, start, known))
            }
        }
    }

    fn answer_of_starter(&self, ask: OfStarters, start: NaiveDate, known: Known<'_>) -> Answer {
        let Known { person, life, paydays, outcomes, .. } = known;
        let from_start = |week: i64| add_days(start, 7 * week);
        let in_weeks = |first: i64, end: i64, hours: Hours| {
            life.and_then(|life| life.any(from_start(first), add_days(from_start(end), -1), hours.sought()))
        };
        let earned = || paydays.iter().any(|payday| start <= *payday && *payday < from_start(52));
        let met = |place: usize| outcomes.get(place).map(|met| met.achieved_on.is_some());
        let employed = |first: i64, end: i64| in_weeks(first, end, Hours::Any);
        let out_of_work = || Some(!is_employed(life?.on(start)?));
        match ask {
            OfStarters::StartedBetween(first, last) if (first..=last).contains(&start) => Answer::Yes,
            OfStarters::StartedIn(month) if start.with_day(1) == Some(month) => Answer::Yes,
            OfStarters::FirstEarnings(cohort) => self.of_cohort(cohort, start, 364, life.map(|_| earned())),
            OfStarters::Funded(bought) => {
                if !self.spending.as_ref().is_some_and(|spending| spending.is_for(person, start)) {
                    return Answer::Outside;
                }
                told(match bought {
                    Bought::Start => Some(true),
                    Bought::JobStart => life.map(|_| earned()),
                    Bought::Outcome(place) => life.and(met(place)),
                })
            }
            OfStarters::Outcome(place, cohort) => {
                let window = self.outcomes.get(place).map_or(0, |(_, window)| *window);
                self.of_cohort(cohort, start, window, life.and(met(place)))
            }
            OfStarters::Unclaimed(place) => match outcomes.get(place) {
                Some(Met { achieved_on: Some(_), is_claimed }) => told(Some(!is_claimed)),
                Some(Met { achieved_on: None, .. }) | None => Answer::Outside,
            },
            OfStarters::Sensitivity(place) => {
                let outcome = self.changes.as_ref().and_then(|(outcome, _)| self.outcomes.get(*outcome));
                let window = outcome.map_or(0, |(_, window)| *window);
                self.of_cohort(Cohort::Matured, start, window, life.and(known.under_changes.get(place).copied()))
            }
            OfStarters::Week(week, hours) => told(in_weeks(week, week + 1, hours)),
            OfStarters::Weeks(first, end) => told(employed(first, end)),
            OfStarters::Increase(first, end) => match (employed(-WEEKS_COMPARED, 0), employed(first, end)) {
                (Some(false), Some(true)) => Answer::Yes,
                (Some(true), Some(false)) => Answer::Lost,
                (Some(_), Some(_)) => Answer::No,
                (None, _) | (_, None) => Answer::NotObserved,
            },
            OfStarters::ThirteenWeeks => told(self.weeks_in_work(known).map(|weeks| 13 <= weeks)),
            OfStarters::FiveOfSix(october) if start < october => told(five_of_six(life, october)),
            OfStarters::StartedIn(_) | OfStarters::StartedBetween(..) | OfStarters::FiveOfSix(_) => Answer::Outside,
            OfStarters::OutOfWork => told(out_of_work()),
            OfStarters::FirstJob => match out_of_work() {
                Some(true) => told(life.and_then(|life| life.any(add_days(start, 1), from_start(52), is_employed))),
                Some(false) => Answer::Outside,
                None => Answer::NotObserved,
            },
        }
    }

    /// The weeks in work in the 52 from the start on; `None` where they are not all observed, or there was no start.
    pub fn weeks_in_work(&self, known: Known<'_>) -> Option<u32> {
        known.life?.weeks_in_work(known.person.start?, 52)
    }

    fn of_cohort(&self, cohort: Cohort, start: NaiveDate, window: i64, met: Option<bool>) -> Answer {
        let is_matured = add_days(start, window + MATURITY_DAYS) <= self.cut_off;
        match cohort {
            Cohort::Matured if !is_matured => Answer::Outside,
            Cohort::Matured | Cohort::Full => told(met),
        }
    }
}

fn told(answer: Option<bool>) -> Answer {
    match answer {
        None => Answer::NotObserved,
        Some(false) => Answer::No,
        Some(true) => Answer::Yes,
    }
}

fn is_paid_at(status: DayStatus, hours: PaidHours) -> bool {
    match hours {
        PaidHours::Any => is_employed(status),
        PaidHours::UnderSixteen => status == DayStatus::Below,
        PaidHours::SixteenOrMore => status == DayStatus::Yes,
        PaidHours::Unknown => status.is_unknown(),
    }
}

fn five_of_six(life: Option<&Life>, october: NaiveDate) -> Option<bool> {
    let month = |number: i32| {
        let first = add_months(october, number);
        life?.any(first, add_days(add_months(first, 1), -1), is_employed)
    };
    let worked: Option<Vec<bool>> = (0..6).map(month).collect();
    Some(5 <= worked?.into_iter().filter(|worked| *worked).count())
}

/// The first days of the months from one day to another.
fn months(first: Option<NaiveDate>, last: Option<NaiveDate>) -> Vec<NaiveDate> {
    let mut months = Vec::new();
    let (Some(first), Some(last)) = (first, last) else { return months };
    let mut month = first.with_day(1).unwrap_or(first);
    while month <= last && month < NaiveDate::MAX {
        months.push(month);
        month = add_months(month, 1);
    }
    months
}

fn month_name(month: NaiveDate) -> String {
    format!("{}-{:02}", month.year(), month.month())
}
