//! Claims made from a scheme's own numbers: for each number the last value that passes and the first that does not.
//!
//! A new scheme is tested by making claims from it: `schemes check` decides these claims in memory, `sample --scheme`
//! writes them as a batch. The expected result of each is derived here from the scheme, not by the rules.

mod case;
mod days;
mod earnings;
mod eligibility;
pub mod write;

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;

use case::Maker;
pub use case::{CellsByColumn, TrialCase};

use crate::batch::{
    self, BatchInputs, EarlierOutcomes, NearMisses, PaymentsByPerson, RegisterIndex, RegisterRows, Stage,
};
use crate::domain::day::add_days;
use crate::domain::{Claim, NinoText, Observed, Payment, Tally};
use crate::error::RunError;
use crate::judge::{Decision, DecisionContext, Verdict};
use crate::rules::{Rule, rule};
use crate::scheme::wage::WageTable;
use crate::scheme::{Code, Outcome, Scheme, Setting, Severity};

/// The days before the first start that the extract of a trial speaks for.
const DAYS_BEFORE: i64 = 365;

/// A scheme's cases and the day on which all of them can be decided.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The cases, in the order of the scheme's outcomes.
    pub cases: Vec<TrialCase>,
    /// The first day their extract speaks for: a year before the first job or participant started.
    pub observed_from: NaiveDate,
    /// The last day their extract speaks for.
    pub cut_off: NaiveDate,
    /// Whether that day lies beyond the minimum wage's table, so that a run must do without HRS03.
    pub beyond_wages: bool,
}

/// The result of a claim: the verdict, and the rules that fail, notes left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    /// The verdict.
    pub verdict: Verdict,
    /// The rules, in the order of the codes.
    pub codes: Vec<Code>,
    /// The day the outcome was achieved, for a validated claim.
    pub achieved_on: Option<NaiveDate>,
}

impl fmt::Display for CaseResult {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.verdict)?;
        for code in &self.codes {
            write!(out, " {code}")?;
        }
        match self.achieved_on {
            Some(day) => write!(out, " on {day}"),
            None => Ok(()),
        }
    }
}

/// A case that was decided.
#[derive(Debug, Clone)]
pub struct Tried {
    /// What it shows.
    pub name: String,
    /// What it must come to.
    pub expected: CaseResult,
    /// What it came to.
    pub found: CaseResult,
}

impl Tried {
    /// Whether it came out as it must.
    pub fn came_out(&self) -> bool {
        self.expected == self.found
    }
}

impl Trial {
    /// The cases of a scheme.
    ///
    /// # Errors
    /// Only if the built-in wage table could not be read.
    pub fn of(scheme: &Scheme) -> Result<Self, RunError> {
        let wages = WageTable::built_in()?;
        let maker = Maker::new(scheme, &wages);
        let mut cases = days::cases(&maker);
        cases.extend(eligibility::cases(&maker));
        cases.extend(earnings::cases(&maker));
        let settled = cases.iter().map(|case| case.settled).max().unwrap_or(NaiveDate::MIN);
        // The windows that are just open and just over can only be laid out once the cut-off is known.
        cases.extend(earnings::cases_at(&maker, settled));
        let cases: Vec<TrialCase> =
            cases.into_iter().enumerate().map(|(number, case)| case.of_person(number)).collect();
        let first_start = cases.iter().filter_map(TrialCase::first_start).min().unwrap_or(settled);
        Ok(Self {
            observed_from: add_days(first_start, -DAYS_BEFORE),
            cases,
            cut_off: settled,
            beyond_wages: wages.ends() < settled,
        })
    }
}

/// A claim that the evidence passes, of a participant who started on a day: made by the kind of the outcome.
fn passing(maker: &Maker<'_>, outcome: &Outcome, name: &str, start: NaiveDate) -> Option<TrialCase> {
    let by_kind = [days::passing, earnings::passing];
    by_kind.into_iter().find_map(|passing| passing(maker, outcome, name, start))
}

/// Decides the cases of a scheme.
///
/// # Errors
/// As [`Trial::of`].
pub fn decide(scheme: &Scheme) -> Result<Vec<Tried>, RunError> {
    let trial = Trial::of(scheme)?;
    let context = DecisionContext {
        scheme: scheme.clone(),
        wages: WageTable::built_in()?,
        observed: Arc::new(Observed::up_to(Some(trial.cut_off))),
    };
    let found = found(&context, &trial.cases);
    let tried = |(case, found): (&TrialCase, CaseResult)| Tried {
        name: case.name.clone(),
        expected: expected(scheme, case),
        found,
    };
    Ok(trial.cases.iter().zip(found).map(tried).collect())
}

/// What a case must come to, as the scheme weighs its rules.
pub fn expected(scheme: &Scheme, case: &TrialCase) -> CaseResult {
    let weight = |code: &Code| match scheme.settings.get(code) {
        Some(Setting::Off) => None,
        Some(Setting::Weighs(severity)) => Some(*severity),
        None => rule(*code).map(Rule::severity),
    };
    let weighty = |code: &&Code| weight(code).is_some_and(|severity| Severity::Query <= severity);
    let codes: Vec<Code> = case.fails.iter().filter(weighty).copied().collect();
    let verdict = match codes.iter().filter_map(weight).max() {
        Some(Severity::Reject) => Verdict::Rejected,
        Some(Severity::Query) => Verdict::Queried,
        Some(Severity::Note) | None => Verdict::Validated,
    };
    CaseResult { verdict, codes, achieved_on: case.achieved_on.filter(|_| verdict == Verdict::Validated) }
}

/// What the cases come to, decided as one batch: each is of a person of their own.
fn found(context: &DecisionContext, cases: &[TrialCase]) -> Vec<CaseResult> {
    let claim = |(case, row): (&TrialCase, u32)| {
        Claim::read(row, |column| case.claim.get(column).map(String::as_str), &mut Tally::default())
    };
    let claims: Vec<Claim> = cases.iter().zip(1..).map(claim).collect();
    let participants = Participants(cases);
    let register = RegisterIndex::new(&participants, 0..cases.len());
    let payments = cases.iter().flat_map(|case| &case.payments).zip(1..);
    let payments: PaymentsByPerson = payments.filter_map(|(cells, row)| payment(cells, row)).collect();
    let inputs = BatchInputs {
        claims: &claims,
        registered: Some(&register.of_claims(&claims)),
        near_misses: &NearMisses::among(context, &claims, &payments),
        earlier: &EarlierOutcomes::default(),
        stage: Stage::EarningsRead,
        origins: &[],
    };
    batch::decide(context, inputs, &payments).iter().map(|decided| answer(&decided.decision)).collect()
}

/// The participants of some cases as a register.
struct Participants<'a>(&'a [TrialCase]);

impl RegisterRows for Participants<'_> {
    fn cell(&self, row: usize, column: &'static str) -> Option<&str> {
        self.0.get(row)?.participant.get(column).map(String::as_str)
    }
}

fn answer(decision: &Decision) -> CaseResult {
    let weighty = decision.findings.iter().filter(|finding| Severity::Query <= finding.severity);
    CaseResult {
        verdict: decision.verdict,
        codes: weighty.map(|finding| finding.rule.code).collect(),
        achieved_on: decision.achieved_on().filter(|_| decision.verdict == Verdict::Validated),
    }
}

fn payment(cells: &CellsByColumn, row: u32) -> Option<Payment> {
    let NinoText::WellFormed(nino) = NinoText::read(cells.get("nino")?) else { return None };
    Payment::read((0, row), nino, |column| cells.get(column).map(String::as_str), &mut Tally::default()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::{BUILT_IN, load};

    #[test]
    fn every_case_of_every_built_in_scheme_comes_out_as_it_must() {
        for (id, text) in BUILT_IN {
            let scheme = load::load(text, crate::rules::allows).unwrap();
            let tried = decide(&scheme).unwrap();
            assert!(5 <= tried.len(), "{id}");
            let wrong: Vec<String> = tried
                .iter()
                .filter(|tried| !tried.came_out())
                .map(|tried| format!("{id}, {}: expected {}, found {}", tried.name, tried.expected, tried.found))
                .collect();
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        }
    }

    #[test]
    fn every_outcome_has_a_case_that_passes_and_one_that_does_not() {
        for (id, text) in BUILT_IN {
            let scheme = load::load(text, crate::rules::allows).unwrap();
            let trial = Trial::of(&scheme).unwrap();
            for outcome in &scheme.outcomes {
                let of_outcome = || trial.cases.iter().filter(|case| case.claim.get("outcome") == Some(&outcome.id));
                assert!(of_outcome().any(|case| case.fails.is_empty()), "{id} {}", outcome.id);
                assert!(of_outcome().any(|case| !case.fails.is_empty()), "{id} {}", outcome.id);
            }
        }
    }
}
