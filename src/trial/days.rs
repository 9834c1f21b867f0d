//! Cases of outcomes counted in days.

use chrono::{NaiveDate, Weekday};

use super::case::{BANDS, Maker, TrialCase, weekday_from};
use crate::domain::day::add_days;
use crate::domain::hours::Against;
use crate::domain::{Hours, Pence};
use crate::scheme::outcome::DayTerms;
use crate::scheme::{AcrossEmployers, Code, Dated, Outcome, OutcomeKind};

/// All cases of a scheme's outcomes counted in days, for each time that has terms of its own.
pub(super) fn cases(maker: &Maker<'_>) -> Vec<TrialCase> {
    let mut cases = Vec::new();
    for outcome in &maker.scheme.outcomes {
        for epoch in maker.epochs(changes(maker, outcome).into_iter()) {
            let Some(job) = JobCases::new(maker, outcome, epoch) else { continue };
            cases.extend(job.length());
            cases.extend(job.hours());
            cases.extend(job.start());
            cases.extend(job.window());
            cases.extend(job.gap());
            cases.extend(job.employers());
            cases.extend(job.claim_dates());
            cases.extend(job.price());
            cases.push(job.self_employed());
        }
    }
    cases
}

/// A claim that the evidence passes, of a participant who started on a day; none for an outcome of another kind.
pub(super) fn passing(maker: &Maker<'_>, outcome: &Outcome, name: &str, start: NaiveDate) -> Option<TrialCase> {
    let terms = maker.scheme.day_terms(outcome, start)?;
    let achieved_on = add_days(start, i64::from(terms.needed_days) - 1);
    let horizon = add_days(start, i64::from(terms.start_tolerance_days + terms.window_days));
    let case = maker.case(outcome, name, start, start).claim("claim_date", &achieved_on);
    let case = case.paid_weekly(start, add_days(horizon, 7), &[("employment_start_date", start.to_string())]);
    Some(case.achieved(achieved_on))
}

/// The days on which terms of the outcome begin; none for an outcome of another kind.
fn changes(maker: &Maker<'_>, outcome: &Outcome) -> Vec<NaiveDate> {
    fn begins<T>(dated: &Dated<T>) -> impl Iterator<Item = NaiveDate> + '_ {
        dated.periods().iter().map(|period| period.from)
    }
    let scheme = maker.scheme;
    let mut days: Vec<NaiveDate> = begins(&scheme.start_tolerance_days).chain(begins(&scheme.gap_query_days)).collect();
    days.extend(begins(&scheme.across_employers));
    days.extend(scheme.claim_within_days.iter().flat_map(begins));
    days.extend(outcome.price.iter().flat_map(begins));
    if let OutcomeKind::SustainedHours { hours_per_week, .. } | OutcomeKind::JobStart { hours_per_week } = &outcome.kind
    {
        days.extend(begins(hours_per_week));
    }
    if let OutcomeKind::SustainedHours { needed_days, window_days, .. } = &outcome.kind {
        days.extend(begins(needed_days).chain(begins(window_days)));
    }
    // Only days from which all the terms are known.
    days.retain(|day| scheme.day_terms(outcome, *day).is_some());
    days
}

/// A job that is just long enough, to be changed in one thing at a time.
struct JobCases<'a> {
    maker: &'a Maker<'a>,
    outcome: &'a Outcome,
    terms: DayTerms,
    participant_start: NaiveDate,
    claimed_start: NaiveDate,
}

impl<'a> JobCases<'a> {
    fn new(maker: &'a Maker<'a>, outcome: &'a Outcome, epoch: NaiveDate) -> Option<Self> {
        let needed = i64::from(maker.scheme.day_terms(outcome, epoch)?.needed_days);
        // The last needed day is a Thursday, so that no leaving date is read as the end of a week.
        let last = weekday_from(add_days(epoch, needed - 1), Weekday::Thu);
        let job_start = add_days(last, 1 - needed);
        let terms = maker.scheme.day_terms(outcome, job_start)?;
        Some(Self { maker, outcome, terms, participant_start: epoch, claimed_start: job_start })
    }

    fn day(&self, days: u32) -> NaiveDate {
        add_days(self.claimed_start, i64::from(days))
    }

    /// The day on which the last needed day of a job from `first` falls.
    fn needed_from(&self, first: NaiveDate) -> NaiveDate {
        add_days(first, i64::from(self.terms.needed_days) - 1)
    }

    fn achieved_on(&self) -> NaiveDate {
        self.needed_from(self.claimed_start)
    }

    /// A claim that nothing is paid for yet, made as late as it may be, at most a month after the outcome.
    fn unpaid(&self, name: &str) -> TrialCase {
        let limit =
            self.maker.scheme.claim_within_days.as_ref().and_then(|limit| limit.on(self.claimed_start)).copied();
        let later = add_days(self.achieved_on(), i64::from(limit.unwrap_or(30).min(30)));
        self.maker.case(self.outcome, name, self.participant_start, self.claimed_start).claim("claim_date", &later)
    }

    /// A job from one day to another, paid each week until its end.
    fn job(case: TrialCase, from: NaiveDate, to: NaiveDate) -> TrialCase {
        Self::job_with(case, from, to, &[])
    }

    fn job_with(case: TrialCase, from: NaiveDate, to: NaiveDate, cells: &[(&'static str, String)]) -> TrialCase {
        let mut all = vec![("employment_start_date", from.to_string()), ("leaving_date", to.to_string())];
        all.extend_from_slice(cells);
        // The last payday is the one after the end, so that the last days are paid whatever the day of the week.
        case.paid_weekly(from, add_days(to, 6), &all)
    }

    fn just_long_enough(&self, name: &str) -> TrialCase {
        let case = Self::job(self.unpaid(name), self.claimed_start, self.achieved_on());
        case.achieved(self.achieved_on())
    }

    fn length(&self) -> Vec<TrialCase> {
        let needed = self.terms.needed_days;
        let mut cases = vec![self.just_long_enough(&format!("{needed} days of {needed}"))];
        if 1 < needed {
            let short = Self::job(
                self.unpaid(&format!("{} days of {needed}", needed - 1)),
                self.claimed_start,
                add_days(self.achieved_on(), -1),
            );
            cases.push(short.failing(&[Code::SUS01]));
        }
        cases
    }

    fn hours(&self) -> Vec<TrialCase> {
        let hours = self.terms.hours;
        let mut cases = Vec::new();
        for band in BANDS {
            let case = Self::job_with(
                self.unpaid(&format!("band {} for {hours} hours", band.letter())),
                self.claimed_start,
                self.achieved_on(),
                &[("hours_band", band.letter().to_owned())],
            );
            let against =
                if hours.hundredths() == 0 { Against::Reaches } else { band.against(hours, self.claimed_start) };
            cases.push(match against {
                Against::Reaches => case.achieved(self.achieved_on()),
                Against::Unclear => case.failing(&[Code::HRS02]),
                Against::Below => case.failing(&[Code::HRS01]),
            });
        }
        if let Some(less) = hours.hundredths().checked_sub(1).and_then(Hours::from_hundredths) {
            cases.push(self.just_long_enough(&format!("{hours} hours claimed")).claim("hours_per_week", &hours));
            let too_few = self.just_long_enough(&format!("{less} hours claimed")).claim("hours_per_week", &less);
            cases.push(too_few.failing(&[Code::CLM06]));
        }
        cases
    }

    /// The evidenced start as late as is tolerated, and a day later.
    fn start(&self) -> Vec<TrialCase> {
        let tolerance = self.terms.start_tolerance_days;
        let (last, late) = (self.day(tolerance), self.day(tolerance + 1));
        let horizon = self.day(tolerance + self.terms.window_days + 14);
        let goes_on = |name: String, first: NaiveDate| {
            let cells = [("employment_start_date", first.to_string())];
            let case = self.unpaid(&name).paid_weekly(first, horizon, &cells);
            // A start after the claimed one is no earlier achieved than the claim was made.
            let achieved_on = self.needed_from(first);
            let later = achieved_on.max(add_days(self.achieved_on(), 1));
            case.claim("claim_date", &later)
        };
        let tolerated = goes_on(format!("begun {tolerance} days after the claimed start"), last);
        let late_case = goes_on(format!("begun {} days after the claimed start", tolerance + 1), late);
        let late_case = if self.terms.needed_days < self.terms.window_days {
            late_case.failing(&[Code::EMP03]).achieved(self.needed_from(late))
        } else if self.terms.window_days == 1 {
            late_case.failing(&[Code::EMP01])
        } else {
            late_case.failing(&[Code::EMP03, Code::SUS02])
        };
        vec![tolerated.achieved(self.needed_from(last)), late_case]
    }

    /// Where fewer days are needed than the window has: as many days without pay as leave enough, and a day more.
    fn window(&self) -> Vec<TrialCase> {
        let DayTerms { needed_days: needed, window_days: window, gap_query_days, .. } = self.terms;
        let spare = window.saturating_sub(needed);
        // Whole weeks, longer than the time in which a window may open, so that every window has the gap in it.
        let before = (self.terms.start_tolerance_days / 7 + 1) * 7;
        if spare <= 3 || needed <= before {
            return Vec::new();
        }
        let with = |gap: u32| {
            let cells = [("employment_start_date", self.claimed_start.to_string())];
            let last = self.day(window - 1);
            let case = self.unpaid(&format!("{gap} days without pay in {window}")).claim("claim_date", &last);
            let case = case.paid_weekly(self.claimed_start, self.day(before - 1), &cells);
            let horizon = self.day(self.terms.start_tolerance_days + window + 14);
            case.paid_weekly(self.day(before + gap), horizon, &cells)
        };
        let too_long = if spare < gap_query_days { Code::SUS07 } else { Code::SUS02 };
        vec![with(spare).achieved(self.day(window - 1)), with(spare + 1).failing(&[too_long])]
    }

    /// A job that went on with an unpaid gap as long as is put to a person, and a day longer.
    fn gap(&self) -> Vec<TrialCase> {
        let gap = self.terms.gap_query_days;
        let (needed, window) = (self.terms.needed_days, self.terms.window_days);
        // Four weeks, the gap, then pay for the rest. Short gaps after weekly pay are bridged; with a long window or few
        // days needed a gap does not matter.
        if gap <= 3 || window.saturating_sub(needed) >= gap || needed <= 28 + self.terms.start_tolerance_days + gap {
            return Vec::new();
        }
        let with = |days: u32, code: Code| {
            let cells = [("employment_start_date", self.claimed_start.to_string())];
            let horizon = self.day(self.terms.start_tolerance_days + window + 14);
            let case = self.unpaid(&format!("an unpaid gap of {days} days in a job that goes on"));
            let case = case.paid_weekly(self.claimed_start, self.day(27), &cells);
            case.paid_weekly(self.day(28 + days), horizon, &cells).failing(&[code])
        };
        vec![with(gap, Code::SUS07), with(gap + 1, Code::SUS02)]
    }

    /// Six weeks with one employer, the rest with another.
    fn employers(&self) -> Vec<TrialCase> {
        let (needed, horizon) = (self.terms.needed_days, self.terms.start_tolerance_days + self.terms.window_days);
        if needed <= 49 || needed + 42 <= horizon {
            return Vec::new();
        }
        let (first_end, second) = (self.day(41), self.day(42));
        let end = weekday_from(self.day(horizon + 7), Weekday::Thu);
        let case = Self::job(self.unpaid("two employers one after the other"), self.claimed_start, first_end);
        let case = case.paid_weekly(
            second,
            end,
            &[("employment_start_date", second.to_string()), ("paye_ref", "TRIAL2".into())],
        );
        vec![match self.terms.across_employers {
            AcrossEmployers::Accept => case.achieved(self.achieved_on()),
            AcrossEmployers::Query => case.failing(&[Code::SUS05]),
            AcrossEmployers::Reject => case.failing(&[Code::SUS01]),
        }]
    }

    fn claim_dates(&self) -> Vec<TrialCase> {
        let achieved_on = self.achieved_on();
        let mut cases = vec![self.just_long_enough("claimed on the day").claim("claim_date", &achieved_on)];
        if 1 < self.terms.needed_days {
            let before = add_days(achieved_on, -1);
            let early = self.just_long_enough("claimed the day before").claim("claim_date", &before);
            cases.push(early.failing(&[Code::CLM02, Code::CLM09]));
            cases.push(self.just_long_enough("said to end on the last needed day").claim("job_end_date", &achieved_on));
            let ended = self.just_long_enough("said to end the day before").claim("job_end_date", &before);
            cases.push(ended.failing(&[Code::CLM10]));
        }
        let limit = self.maker.scheme.claim_within_days.as_ref().and_then(|limit| limit.on(self.claimed_start));
        if let Some(limit) = limit {
            let on = |days: i64| add_days(achieved_on, days);
            let last = self.just_long_enough(&format!("claimed {limit} days after"));
            cases.push(last.claim("claim_date", &on((*limit).into())));
            let late = self.just_long_enough(&format!("claimed {} days after", limit + 1));
            cases.push(late.claim("claim_date", &on(i64::from(*limit) + 1)).failing(&[Code::CLM03]));
        }
        cases
    }

    fn price(&self) -> Vec<TrialCase> {
        let Some(price) = self.outcome.price.as_ref().and_then(|price| price.on(self.claimed_start)) else {
            return Vec::new();
        };
        let more = price.plus(Pence(1));
        vec![
            self.just_long_enough("the price claimed").claim("amount_claimed", &price.plain()),
            self.just_long_enough("a penny more claimed")
                .claim("amount_claimed", &more.plain())
                .failing(&[Code::CLM07]),
        ]
    }

    fn self_employed(&self) -> TrialCase {
        self.unpaid("self-employed").claim("employment_type", &"self_employed").failing(&[Code::CLM08])
    }
}
