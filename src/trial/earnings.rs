//! Cases of outcomes of earnings.

use chrono::{NaiveDate, Weekday};

use super::case::{Maker, TrialCase, weekday_from};
use crate::domain::Pence;
use crate::domain::day::{add_days, days_from};
use crate::scheme::outcome::{EarningsTerms, HourlyRate, Threshold};
use crate::scheme::{Code, Dated, Outcome, OutcomeKind};

/// The cases of every outcome of earnings, for each time that has terms of its own.
pub(super) fn cases(maker: &Maker<'_>) -> Vec<TrialCase> {
    let mut cases = Vec::new();
    for outcome in earnings_outcomes(maker) {
        for start in starts(maker, outcome) {
            let Some(terms) = maker.scheme.earnings_terms(outcome, start, maker.wages) else { continue };
            let window = EarningsWindow { maker, outcome, terms };
            cases.extend(window.threshold());
            cases.extend(window.days());
            cases.extend(window.other_jobs());
            cases.extend(window.price());
            cases.push(window.case("self-employed").claim("employment_type", &"self_employed").failing(&[Code::CLM08]));
        }
    }
    cases
}

/// A claim that the evidence passes, of a participant who started on a day; none for an outcome of another kind.
pub(super) fn passing(maker: &Maker<'_>, outcome: &Outcome, name: &str, start: NaiveDate) -> Option<TrialCase> {
    let terms = maker.scheme.earnings_terms(outcome, start, maker.wages)?;
    let pay = terms.threshold.plain();
    let case = maker.case(outcome, name, start, start).claim("claim_date", &terms.closes);
    let mut case = case.paid(terms.closes, &[("pay_frequency", "IR".into()), ("taxable_pay", pay)]);
    case.settled = add_days(terms.closes, i64::from(terms.late_data_days) + 1);
    Some(case.achieved(terms.closes))
}

/// The cases whose windows end just before late pay is settled at a cut-off, and a day later.
pub(super) fn cases_at(maker: &Maker<'_>, cut_off: NaiveDate) -> Vec<TrialCase> {
    let mut cases = Vec::new();
    for outcome in earnings_outcomes(maker) {
        let length = |start: NaiveDate| {
            let terms = maker.scheme.earnings_terms(outcome, start, maker.wages)?;
            Some((terms, days_from(start, terms.closes) + i64::from(terms.late_data_days)))
        };
        let Some(first) = starts(maker, outcome).into_iter().next() else { continue };
        let Some((_, days)) = length(first) else { continue };
        let over = add_days(cut_off, -days);
        for (start, name, code) in [
            (over, "late pay settled at the cut-off", Code::ERN01),
            (add_days(over, 1), "late pay not settled at the cut-off", Code::ERN02),
        ] {
            let same_terms = length(start).filter(|(_, its)| *its == days);
            let in_time = maker
                .scheme
                .starts
                .as_ref()
                .is_none_or(|starts| starts.value.from <= start && starts.value.to.is_none_or(|to| start <= to));
            let Some((terms, _)) = same_terms.filter(|_| in_time && first <= start) else { continue };
            let window = EarningsWindow { maker, outcome, terms };
            let mut case = window.short().failing(&[code]);
            case.name = format!("{}, {name}", outcome.id);
            cases.push(case);
        }
    }
    cases
}

fn earnings_outcomes<'a>(maker: &Maker<'a>) -> impl Iterator<Item = &'a Outcome> {
    maker.scheme.outcomes.iter().filter(|outcome| outcome.kind.is_earnings())
}

/// The days on which the terms change, the wage included, as far as their windows are settled within the wage table.
fn starts(maker: &Maker<'_>, outcome: &Outcome) -> Vec<NaiveDate> {
    fn begins<T>(dated: &Dated<T>) -> Vec<NaiveDate> {
        dated.periods().iter().map(|period| period.from).collect()
    }
    let OutcomeKind::Earnings { window_days, day_numbering, late_data_days, threshold } = &outcome.kind else {
        return Vec::new();
    };
    let mut days = [begins(window_days), begins(day_numbering), begins(late_data_days)].concat();
    match threshold {
        Threshold::Sum(sum) => days.extend(begins(sum)),
        Threshold::HoursAtRate { hours_per_week, weeks, hourly_rate } => {
            days.extend([begins(hours_per_week), begins(weeks), begins(hourly_rate)].concat());
            if hourly_rate.periods().iter().any(|period| period.value == HourlyRate::NationalLivingWage) {
                // The first day of each wage, and the last day of the one before it.
                days.extend(maker.wages.changes().into_iter().flat_map(|day| [add_days(day, -1), day]));
            }
        }
    }
    let mut starts = maker.epochs(days.into_iter());
    starts.retain(|start| maker.scheme.earnings_terms(outcome, *start, maker.wages).is_some());
    // Those whose windows are settled within the wage table, so that a run can decide them; the first, if there is none.
    let settled = |start: &NaiveDate| {
        let terms = maker.scheme.earnings_terms(outcome, *start, maker.wages)?;
        Some(add_days(terms.closes, i64::from(terms.late_data_days) + 200))
    };
    let first = starts.first().copied();
    starts.retain(|start| settled(start).is_some_and(|settled| settled <= maker.wages.ends()));
    if starts.is_empty() { first.into_iter().collect() } else { starts }
}

/// A window, to be filled in different ways.
struct EarningsWindow<'a> {
    maker: &'a Maker<'a>,
    outcome: &'a Outcome,
    terms: EarningsTerms,
}

impl EarningsWindow<'_> {
    fn case(&self, name: &str) -> TrialCase {
        let EarningsTerms { opens, closes, late_data_days, .. } = self.terms;
        let name = format!("started on {opens}: {name}");
        let mut case = self.maker.case(self.outcome, &name, opens, opens).claim("claim_date", &closes);
        case.settled = add_days(closes, i64::from(late_data_days) + 1);
        case
    }

    fn paid(case: TrialCase, payday: NaiveDate, pay: Pence) -> TrialCase {
        case.paid(payday, &[("pay_frequency", "IR".into()), ("taxable_pay", pay.plain())])
    }

    fn short(&self) -> TrialCase {
        let pay = Pence(self.terms.threshold.0 - 1);
        Self::paid(self.case("a penny short"), self.terms.closes, pay)
    }

    fn threshold(&self) -> Vec<TrialCase> {
        let EarningsTerms { opens, closes, threshold, .. } = self.terms;
        let half = Pence(threshold.0 / 2);
        let rest = Pence(threshold.0 - half.0);
        let whole = Self::paid(self.case(&format!("{threshold} earned")), closes, threshold).achieved(closes);
        let in_two = Self::paid(self.case("earned in two parts"), opens, half);
        vec![whole, self.short().failing(&[Code::ERN01]), Self::paid(in_two, closes, rest).achieved(closes)]
    }

    fn days(&self) -> Vec<TrialCase> {
        let EarningsTerms { opens, closes, threshold, .. } = self.terms;
        let on = |name: &str, payday| Self::paid(self.case(name), payday, threshold);
        let fails = [Code::ERN01];
        vec![
            on("paid on the day of the start", opens).achieved(opens).claim("claim_date", &opens),
            on("paid the day before the start", add_days(opens, -1)).failing(&fails),
            on(&format!("paid on {closes}, the last day of the window"), closes).achieved(closes),
            on("paid the day after the window", add_days(closes, 1)).failing(&fails),
        ]
    }

    /// Late pay of a job that ended before the start, and of one that ended after it.
    fn other_jobs(&self) -> Vec<TrialCase> {
        let EarningsTerms { opens, threshold, .. } = self.terms;
        let payday = add_days(opens, 20);
        let left = |name: &str, leaving: NaiveDate| {
            self.case(name).paid(
                payday,
                &[
                    ("pay_frequency", "M1".into()),
                    ("taxable_pay", threshold.plain()),
                    ("employment_start_date", add_days(opens, -300).to_string()),
                    ("leaving_date", leaving.to_string()),
                    ("payment_after_leaving", "Y".into()),
                ],
            )
        };
        // A Thursday, since an end on a Friday or Saturday is read as the Sunday.
        let before = add_days(weekday_from(opens, Weekday::Thu), -7);
        vec![
            left("late pay of a job that ended before the start", before).failing(&[Code::ERN01]),
            left("late pay of a job that ended after the start", weekday_from(opens, Weekday::Thu))
                .achieved(payday)
                .claim("claim_date", &payday),
        ]
    }

    fn price(&self) -> Vec<TrialCase> {
        let EarningsTerms { opens, closes, threshold, .. } = self.terms;
        let Some(price) = self.outcome.price.as_ref().and_then(|price| price.on(opens)) else { return Vec::new() };
        let claimed = |name: &str, pounds: Pence| {
            Self::paid(self.case(name), closes, threshold).achieved(closes).claim("amount_claimed", &pounds.plain())
        };
        vec![
            claimed("the price claimed", *price),
            claimed("a penny more claimed", price.plus(Pence(1))).failing(&[Code::CLM07]),
        ]
    }
}
