//! Made-up claims with everything known of each, decided in memory: thousands of them take seconds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, OnceLock};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use sustain::batch::{
    self, BatchInputs, EarlierOutcomes, NearMisses, PaymentsByPerson, RegisterIndex, RegisterRows, Stage,
};
use sustain::domain::{Claim, NinoText, Observed, Payment, Stem, Tally};
use sustain::judge::{DecisionContext, Verdict};
use sustain::rules::{Code, Severity, allows};
use sustain::sample::{self, Plan, SampleFormat};
use sustain::scheme;
use sustain::scheme::wage::WageTable;

use crate::support::Table;

/// A row's cells, in the order of its table's columns.
pub(crate) type Cells = Vec<String>;

/// A claim, its rows of the register and the payments under its number.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// Its number in [`CLAIMS`].
    pub(crate) number: usize,
    pub(crate) claim: Cells,
    pub(crate) register: Vec<Cells>,
    pub(crate) payments: Vec<Cells>,
}

/// What a claim comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) verdict: Verdict,
    pub(crate) failed: BTreeMap<Code, Severity>,
    pub(crate) achieved_on: Option<String>,
}

impl Answer {
    /// The rules that reject the claim.
    pub(crate) fn rejecting(&self) -> BTreeSet<Code> {
        self.failed.iter().filter(|(_, severity)| **severity == Severity::Reject).map(|(code, _)| *code).collect()
    }

    pub(crate) fn fails(&self, code: Code) -> bool {
        self.failed.contains_key(&code)
    }
}

/// A made-up batch as tables.
pub(crate) struct Batch {
    pub(crate) claims: Table,
    pub(crate) register: Table,
    pub(crate) earnings: Table,
}

impl Batch {
    /// A batch of so many claims in which every situation occurs that a sample knows, but for damaged rows.
    pub(crate) fn new(claims: u32, seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let plan = Plan { claims, population: 0, format: SampleFormat::Csv, files: 1, seed };
        sample::write(&plan, folder.path(), &|_| {}).unwrap();
        let table = |name: &str| {
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(folder.path().join(name)).unwrap();
            let names: Cells = reader.headers().unwrap().iter().map(str::to_owned).collect();
            let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect::<Cells>());
            let is_plain = |cells: &Cells| cells.len() == names.len() && !cells.iter().any(|cell| cell.contains('"'));
            let rows = rows.filter(is_plain).collect();
            Table { names, rows }
        };
        Self { claims: table("claims.csv"), register: table("register.csv"), earnings: table("earnings.csv") }
    }

    /// Each claim with what is known of it. Claims of whose number nothing can be made have no payments.
    pub(crate) fn known(&self) -> Vec<Known> {
        let stem = |cell: &str| NinoText::read(cell).stem().map(Stem::key);
        let nino = self.earnings.place("nino");
        let mut paid = BTreeMap::<u64, Vec<Cells>>::new();
        for row in &self.earnings.rows {
            if let Some(person) = stem(&row[nino]) {
                paid.entry(person).or_default().push(row.clone());
            }
        }
        let registered: Vec<(String, Option<u64>)> = self
            .register
            .rows
            .iter()
            .map(|row| {
                (row[self.register.place("participant_id")].to_lowercase(), stem(&row[self.register.place("nino")]))
            })
            .collect();
        let (claimed, participant) = (self.claims.place("nino"), self.claims.place("participant_id"));
        let known = |(number, claim): (usize, &Cells)| {
            let (person, of_claim) = (stem(&claim[claimed]), claim[participant].trim().to_lowercase());
            let is_of_claim = |(_, (of, whose)): &(&Cells, &(String, Option<u64>))| {
                *of == of_claim || (person.is_some() && *whose == person)
            };
            let rows = self.register.rows.iter().zip(&registered).filter(is_of_claim);
            Known {
                number,
                claim: claim.clone(),
                register: rows.map(|(row, _)| row.clone()).collect(),
                payments: person.and_then(|person| paid.get(&person)).cloned().unwrap_or_default(),
            }
        };
        self.claims.rows.iter().enumerate().map(known).collect()
    }
}

/// So many cases, the same in every run: the claims are of every kind already, and what fails is to fail everywhere.
pub(crate) fn cases(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 50,
        max_global_rejects: 100_000,
        rng_seed: RngSeed::Fixed(15),
        ..Config::default()
    }
}

/// The batch that the properties draw their claims from.
pub(crate) static BATCH: LazyLock<Batch> = LazyLock::new(|| Batch::new(800, 15));

/// Its claims.
pub(crate) static CLAIMS: LazyLock<Vec<Known>> = LazyLock::new(|| BATCH.known());

/// The terms under which a sample's claims are decided.
pub(crate) static CONTEXT: LazyLock<DecisionContext> = LazyLock::new(|| DecisionContext {
    scheme: scheme::load::load(sample::SCHEME, allows).unwrap(),
    wages: WageTable::built_in().unwrap(),
    observed: Arc::new(Observed::up_to(chrono::NaiveDate::from_ymd_opt(2019, 3, 31))),
});

/// What each of them comes to, once it was decided.
static ANSWERS: LazyLock<Vec<OnceLock<Answer>>> = LazyLock::new(|| vec![OnceLock::new(); CLAIMS.len()]);

/// Any of the claims.
pub(crate) fn a_claim() -> impl Strategy<Value = &'static Known> {
    (0..CLAIMS.len()).prop_map(|number| &CLAIMS[number])
}

/// Any of the claims that have payments.
pub(crate) fn a_paid_claim() -> impl Strategy<Value = &'static Known> {
    a_claim().prop_filter("it has payments", |known| !known.payments.is_empty())
}

struct Register<'a>(&'a [Cells]);

impl RegisterRows for Register<'_> {
    fn cell(&self, row: usize, column: &'static str) -> Option<&str> {
        cell(&BATCH.register, &self.0[row], column)
    }
}

fn cell<'a>(table: &Table, cells: &'a Cells, column: &str) -> Option<&'a str> {
    let place = table.names.iter().position(|name| name == column)?;
    Some(cells[place].as_str()).filter(|cell| !cell.is_empty())
}

/// Decides claims as one batch under these terms, as a run does: a payment that cannot be read is set aside.
pub(crate) fn decide(context: &DecisionContext, claims: &[Cells], register: &[Cells], paid: &[Cells]) -> Vec<Answer> {
    let claims: Vec<Claim> = (1..)
        .zip(claims)
        .map(|(row, cells)| Claim::read(row, |column| cell(&BATCH.claims, cells, column), &mut Tally::default()))
        .collect();
    let nino = BATCH.earnings.place("nino");
    let read = |(row, cells): (u32, &Cells)| {
        let nino = NinoText::read(&cells[nino]).well_formed()?;
        Some(Payment::read((0, row), nino, |column| cell(&BATCH.earnings, cells, column), &mut Tally::default()))
    };
    let (mut payments, mut set_aside) = (Vec::new(), Vec::new());
    for row in (1..).zip(paid).filter_map(read) {
        match row {
            Ok(payment) => payments.push(payment),
            Err(row) => set_aside.push(*row),
        }
    }
    let payments = payments.into_iter().collect::<PaymentsByPerson>().with_set_aside(set_aside);
    let rows = Register(register);
    let registered = RegisterIndex::new(&rows, 0..register.len()).of_claims(&claims);
    let inputs = BatchInputs {
        claims: &claims,
        registered: Some(&registered),
        near_misses: &NearMisses::among(context, &claims, &payments),
        earlier: &EarlierOutcomes::default(),
        stage: Stage::EarningsRead,
        origins: &[],
    };
    let answer = |decided: batch::DecidedClaim<'_>| Answer {
        verdict: decided.decision.verdict,
        failed: decided.decision.findings.iter().map(|finding| (finding.rule.code, finding.severity)).collect(),
        achieved_on: decided.decision.achieved_on().map(|day| day.to_string()),
    };
    batch::decide(context, inputs, &payments).into_iter().map(answer).collect()
}

impl Known {
    /// What the claim comes to as it was made up, whatever was changed since.
    pub(crate) fn whole(&self) -> &'static Answer {
        ANSWERS[self.number].get_or_init(|| CLAIMS[self.number].answer())
    }

    /// What the claim comes to on its own.
    pub(crate) fn answer(&self) -> Answer {
        self.answer_in(&CONTEXT)
    }

    /// What the claim comes to on its own under other terms.
    pub(crate) fn answer_in(&self, context: &DecisionContext) -> Answer {
        decide(context, std::slice::from_ref(&self.claim), &self.register, &self.payments).remove(0)
    }

    /// A cell of the claim.
    pub(crate) fn claimed(&self, column: &str) -> &str {
        &self.claim[BATCH.claims.place(column)]
    }

    /// The same with a cell of the claim changed.
    #[must_use]
    pub(crate) fn with_claimed(mut self, column: &str, value: &str) -> Self {
        value.clone_into(&mut self.claim[BATCH.claims.place(column)]);
        self
    }

    /// The same with a cell of the register changed, in the rows of the claim's participant.
    #[must_use]
    pub(crate) fn with_registered(mut self, column: &str, value: &str) -> Self {
        let (participant, place) = (BATCH.register.place("participant_id"), BATCH.register.place(column));
        let claimed = self.claimed("participant_id").trim().to_owned();
        for row in self.register.iter_mut().filter(|row| row[participant].eq_ignore_ascii_case(&claimed)) {
            value.clone_into(&mut row[place]);
        }
        self
    }

    /// The same with cells of every payment changed.
    #[must_use]
    pub(crate) fn with_each_payment(self, cells: &[(&str, &str)]) -> Self {
        (0..self.payments.len()).fold(self, |known, payment| known.with_payment(payment, cells))
    }

    /// The same without a payment.
    #[must_use]
    pub(crate) fn without_payment(mut self, payment: usize) -> Self {
        self.payments.remove(payment);
        self
    }

    /// A cell of a payment.
    pub(crate) fn paid(&self, payment: usize, column: &str) -> &str {
        &self.payments[payment][BATCH.earnings.place(column)]
    }

    /// The same with cells of a payment changed.
    #[must_use]
    pub(crate) fn with_payment(mut self, payment: usize, cells: &[(&str, &str)]) -> Self {
        for (column, value) in cells {
            (*value).clone_into(&mut self.payments[payment][BATCH.earnings.place(column)]);
        }
        self
    }

    /// The same with one more payment, which is another with cells changed.
    #[must_use]
    pub(crate) fn with_another(mut self, payment: usize, cells: &[(&str, &str)]) -> Self {
        self.payments.push(self.payments[payment].clone());
        let last = self.payments.len() - 1;
        self.with_payment(last, cells)
    }
}
