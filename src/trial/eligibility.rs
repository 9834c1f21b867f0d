//! Cases of who may be claimed for: the first and last day for starts, and every value of every list.

use chrono::NaiveDate;

use super::case::{Maker, TrialCase};
use super::passing;
use crate::domain::Benefit;
use crate::domain::day::add_days;
use crate::scheme::{Code, Outcome, Starts};

/// The cases, each of a claim whose job is as it should be.
pub(super) fn cases(maker: &Maker<'_>) -> Vec<TrialCase> {
    let Some(outcome) = maker.scheme.outcomes.first() else { return Vec::new() };
    let mut cases = lists(maker, outcome);
    if let Some(starts) = &maker.scheme.starts {
        cases.extend(self::starts(maker, outcome, starts.value));
    }
    cases
}

fn lists(maker: &Maker<'_>, outcome: &Outcome) -> Vec<TrialCase> {
    let Some(start) = maker.epochs(std::iter::once(NaiveDate::MIN)).into_iter().next() else { return Vec::new() };
    let scheme = maker.scheme;
    let case = |name: &str| passing(maker, outcome, name, start);
    let mut cases = Vec::new();
    if let Some(cohorts) = &scheme.cohorts {
        for cohort in &cohorts.value {
            cases.extend(case(&format!("cohort {cohort}")).map(|case| case.participant("cohort", &cohort)));
        }
        cases.extend(case("another cohort").map(|case| case.participant("cohort", &"another").failing(&[Code::ELG01])));
    }
    if let Some(benefits) = &scheme.benefits {
        for benefit in [Benefit::Esa, Benefit::Uc, Benefit::None, Benefit::Other] {
            let one =
                case(&format!("benefit {}", benefit.code())).map(|case| case.participant("benefit", &benefit.code()));
            let fails: &[Code] = if benefits.value.contains(&benefit) { &[] } else { &[Code::ELG03] };
            cases.extend(one.map(|case| case.failing(fails)));
        }
    }
    if let Some(contracts) = &scheme.contracts {
        for contract in &contracts.value {
            cases.extend(case(&format!("contract {contract}")).map(|case| case.claim("contract_id", &contract)));
        }
        cases
            .extend(case("another contract").map(|case| case.claim("contract_id", &"another").failing(&[Code::ELG06])));
    }
    cases
}

fn starts(maker: &Maker<'_>, outcome: &Outcome, starts: Starts) -> Vec<TrialCase> {
    let mut cases = Vec::new();
    let mut on = |name: &str, start: NaiveDate, fails: &[Code]| {
        cases.extend(passing(maker, outcome, name, start).map(|case| case.failing(fails)));
    };
    on("started on the first day for starts", starts.from, &[]);
    on("started the day before the first day for starts", add_days(starts.from, -1), &[Code::ELG04]);
    if let Some(to) = starts.to {
        on("started on the last day for starts", to, &[]);
        on("started the day after the last day for starts", add_days(to, 1), &[Code::ELG04]);
    }
    cases
}
