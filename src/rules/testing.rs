//! Test helper: a claim that passes every rule, for tests that change one thing at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{BatchContext, Code, OtherNumbers, Precedence, Repeated, Status, ValidatedBefore, allows, rule};
use crate::domain::Pence;
use crate::domain::name::NameKey;
use crate::domain::participant::Registered;
use crate::domain::{
    Claim, NinoText, Observed, Participant, Payment, SetAsideRow, Tally, UnreadablePart, participant_key,
};
use crate::evidence::OutcomeEvidence;
use crate::evidence::identity::NearMiss;
use crate::judge::{self, ClaimInputs, Decision, DecisionContext};
use crate::scheme::dated::{Dated, Period};
use crate::scheme::outcome::{DayNumbering, OutcomeKind, Threshold};
use crate::scheme::wage::WageTable;
use crate::scheme::{self, Citation, Cited, Scheme};

type Cells = BTreeMap<&'static str, String>;

/// One claim of one participant, her payments and her register entry, as text.
#[derive(Clone)]
pub(crate) struct Bench {
    claim: Cells,
    register: Option<Cells>,
    payments: Vec<Cells>,
    set_aside: Vec<SetAsideRow>,
    cut_off: String,
    extract_from: Option<&'static str>,
    unobserved: Vec<(&'static str, &'static str)>,
    damage: Option<&'static str>,
    batch: BatchContext,
    limit: Option<u32>,
    price: Option<&'static str>,
    contracts: Option<Vec<String>>,
    earnings: Option<(&'static str, u32)>,
    is_before_earnings: bool,
}

fn cells(pairs: &[(&'static str, &str)]) -> Cells {
    pairs.iter().map(|(column, value)| (*column, (*value).to_owned())).collect()
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

fn test() -> Citation {
    Citation { source: "test".into(), at: None, note: None, parameter: None }
}

fn always<T>(value: T) -> Dated<T> {
    Dated::new(vec![Period { from: day("2017-02-01"), to: None, value, cited: test() }]).unwrap()
}

const PAYMENT: [(&str, &str); 12] = [
    ("nino", "NC100001A"),
    ("surname", "Example"),
    ("forename", "Robin"),
    ("date_of_birth", "1990-01-15"),
    ("office_number", "123"),
    ("paye_ref", "A246"),
    ("payroll_id", "1"),
    ("employment_start_date", "2018-05-01"),
    ("payment_date", "2018-05-31"),
    ("pay_frequency", "M1"),
    ("taxable_pay", "1200.00"),
    ("hours_band", "D"),
];

impl Bench {
    /// A claim for a job from 1 May 2018, paid monthly until 31 August, cut off at the end of the year.
    pub(crate) fn standard() -> Self {
        let claim = cells(&[
            ("claim_id", "C1"),
            ("provider_id", "PR1"),
            ("contract_id", "CT1"),
            ("participant_id", "P1"),
            ("nino", "NC100001A"),
            ("surname", "Example"),
            ("forename", "Robin"),
            ("date_of_birth", "1990-01-15"),
            ("outcome", "sustained_13_weeks"),
            ("job_start_date", "2018-05-01"),
            ("claim_date", "2018-12-01"),
        ]);
        let bench = Self {
            claim,
            register: None,
            payments: Vec::new(),
            set_aside: Vec::new(),
            cut_off: "2018-12-31".into(),
            extract_from: None,
            unobserved: Vec::new(),
            damage: None,
            batch: BatchContext {
                repeated: Repeated::No,
                competing: Precedence::Stands,
                validated_before: ValidatedBefore::NoRunNamed,
                other_numbers: OtherNumbers::default(),
            },
            limit: None,
            price: None,
            contracts: None,
            earnings: None,
            is_before_earnings: false,
        };
        ["2018-05-31", "2018-06-30", "2018-07-31", "2018-08-31"]
            .into_iter()
            .fold(bench, |bench, payday| bench.payment(&[("payment_date", payday)]))
    }

    /// A claim for an outcome of so much earned within so many days; its participant started on 1 April 2018, and nothing
    /// was paid.
    pub(crate) fn earnings(threshold: &'static str, window_days: u32) -> Self {
        let mut bench = Self::standard().unpaid().register("start_date", "2018-04-01");
        bench.earnings = Some((threshold, window_days));
        bench
    }

    pub(crate) fn claim(mut self, column: &'static str, value: &str) -> Self {
        self.claim.insert(column, value.into());
        self
    }

    pub(crate) fn register(mut self, column: &'static str, value: &str) -> Self {
        let standard = || {
            cells(&[
                ("participant_id", "P1"),
                ("nino", "NC100001A"),
                ("date_of_birth", "1990-01-15"),
                ("contract_id", "CT1"),
                ("provider_id", "PR1"),
                ("start_date", "2018-04-01"),
                ("cohort", "autism"),
                ("benefit", "uc"),
                ("on_other_provision", "false"),
            ])
        };
        self.register.get_or_insert_with(standard).insert(column, value.into());
        self
    }

    pub(crate) fn payment(mut self, changes: &[(&'static str, &str)]) -> Self {
        let mut payment = cells(&PAYMENT);
        payment.extend(cells(changes));
        self.payments.push(payment);
        self
    }

    /// A row under the claim's number whose pay cannot be read, with those of its cells that can.
    pub(crate) fn set_aside(mut self, cells: &[(&'static str, &str)]) -> Self {
        let cell = |name: &str| cells.iter().find(|(column, _)| *column == name).map(|(_, text)| *text);
        let NinoText::WellFormed(nino) = NinoText::read("NC100001A") else { panic!("a test payment's NINO") };
        let mut like = cells.to_vec();
        like.retain(|(column, _)| *column != "payment_date");
        let read = self.clone().unpaid().payment(&like).payments().remove(0);
        self.set_aside.push(SetAsideRow {
            file: 0,
            file_name: "earnings.csv".into(),
            row: 7,
            line: Some(8),
            stem: nino.stem(),
            unreadable: UnreadablePart::Record,
            payment_date: cell("payment_date").map(day),
            payment_id: read.payment_id,
            received_at: read.received_at,
            employer: None,
            no_longer_valid: read.no_longer_valid,
            pension_payment: read.pension_payment,
        });
        self
    }

    pub(crate) fn each_payment(mut self, column: &'static str, value: &str) -> Self {
        for payment in &mut self.payments {
            payment.insert(column, value.into());
        }
        self
    }

    pub(crate) fn unpaid(mut self) -> Self {
        self.payments.clear();
        self
    }

    /// Nothing is in the register, for there is none.
    pub(crate) fn without_register(mut self) -> Self {
        self.register = None;
        self
    }

    /// The claim is looked at before any earnings are read.
    pub(crate) fn before_earnings(mut self) -> Self {
        self.is_before_earnings = true;
        self
    }

    pub(crate) fn cut_off(mut self, day: &str) -> Self {
        self.cut_off = day.into();
        self
    }

    pub(crate) fn extract_from(mut self, day: &'static str) -> Self {
        self.extract_from = Some(day);
        self
    }

    /// These runs of days are not observed, first and last of each.
    pub(crate) fn unobserved(mut self, runs: &[(&'static str, &'static str)]) -> Self {
        self.unobserved = runs.to_vec();
        self
    }

    pub(crate) fn damaged(mut self, reason: &'static str) -> Self {
        self.damage = Some(reason);
        self
    }

    pub(crate) fn repeated(mut self, repeated: Repeated) -> Self {
        self.batch.repeated = repeated;
        self
    }

    pub(crate) fn competing(mut self, competing: Precedence) -> Self {
        self.batch.competing = competing;
        self
    }

    pub(crate) fn validated_before(mut self, validated: ValidatedBefore) -> Self {
        self.batch.validated_before = validated;
        self
    }

    pub(crate) fn other_numbers(mut self, numbers: OtherNumbers) -> Self {
        self.batch.other_numbers = numbers;
        self
    }

    pub(crate) fn limit(mut self, days: u32) -> Self {
        self.limit = Some(days);
        self
    }

    pub(crate) fn price(mut self, pounds: &'static str) -> Self {
        self.price = Some(pounds);
        self
    }

    pub(crate) fn contracts(mut self, contracts: &[&str]) -> Self {
        self.contracts = Some(contracts.iter().map(|contract| (*contract).to_owned()).collect());
        self
    }

    pub(crate) fn passes(self, code: Code) -> Self {
        assert_eq!(self.status(code), Status::Passed, "{code}");
        self
    }

    pub(crate) fn fails(self, code: Code) -> Self {
        let status = self.status(code);
        assert!(matches!(status, Status::Failed(_) | Status::FailedByAbsence(_)), "{code}: {status:?}");
        self
    }

    pub(crate) fn asks_a_person(self, code: Code) -> Self {
        assert!(matches!(self.status(code), Status::Unclear(_)), "{code}: {:?}", self.status(code));
        assert!(rule(code).unwrap().weight.may_be_unclear(), "{code}: its weight does not say that it may be unclear");
        self
    }

    pub(crate) fn does_not_apply(self, code: Code) -> Self {
        assert!(matches!(self.status(code), Status::NotApplicable(_)), "{code}: {:?}", self.status(code));
        self
    }

    /// What a rule makes of the scheme and the evidence by itself, apart from the verdict.
    pub(crate) fn with_evidence<T>(&self, of: impl FnOnce(&Scheme, &dyn OutcomeEvidence) -> T) -> T {
        of(&self.context().scheme, self.decide().evidence.unwrap().outcome.as_ref())
    }

    /// The message of a failure.
    pub(crate) fn message(&self, code: Code) -> String {
        self.decide().findings.into_iter().find(|finding| finding.rule.code == code).unwrap().message()
    }

    fn status(&self, code: Code) -> Status {
        self.decide().statuses.into_iter().find(|(of, _)| *of == code).unwrap().1
    }

    fn context(&self) -> DecisionContext {
        let mut scheme = scheme::load::load(scheme::built_in("lse-poc-2017").unwrap(), allows).unwrap();
        scheme.claim_within_days = self.limit.map(always);
        scheme.contracts = self.contracts.clone().map(|value| Cited { value, cited: test() });
        let outcome = scheme.outcomes.first_mut().unwrap();
        outcome.price = self.price.map(|price| always(Pence::parse(price).unwrap()));
        if let Some((threshold, window_days)) = self.earnings {
            outcome.kind = OutcomeKind::Earnings {
                window_days: always(window_days),
                day_numbering: always(DayNumbering::StartIsDay1),
                late_data_days: always(7),
                threshold: Threshold::Sum(always(Pence::parse(threshold).unwrap())),
            };
        }
        DecisionContext {
            scheme,
            wages: WageTable::built_in().unwrap(),
            observed: Arc::new(Observed::new(
                self.extract_from.map(day),
                Some(day(&self.cut_off)),
                self.unobserved.iter().map(|(first, last)| (day(first), day(last))),
            )),
        }
    }

    fn decide(&self) -> Decision {
        let mut tally = Tally::default();
        let claim = match self.damage {
            Some(reason) => Claim::damaged(1, reason),
            None => Claim::read(1, |column| self.claim.get(column).map(String::as_str), &mut tally),
        };
        let (mine, others): (Vec<_>, Vec<_>) = self
            .payments()
            .into_iter()
            .partition(|payment| claim.nino.given().and_then(|nino| nino.stem()) == Some(payment.nino.stem()));
        let stem = claim.nino.given().and_then(|nino| nino.stem());
        let near_misses: Vec<NearMiss> = others
            .iter()
            .filter(|payment| mine.is_empty() && stem.is_some_and(|stem| stem.is_near_miss(payment.nino.stem())))
            .map(|payment| NearMiss {
                name: payment.surname.as_deref().and_then(|surname| NameKey::new(surname, payment.forename.as_deref())),
                date_of_birth: payment.date_of_birth,
            })
            .collect();
        let registered = self.registered(&claim);
        let facts = ClaimInputs {
            claim: &claim,
            registered: &registered,
            batch: &self.batch,
            payments: (!self.is_before_earnings).then_some(&mine),
            set_aside: &self.set_aside,
            near_misses: &near_misses,
        };
        judge::decide(&self.context(), &facts)
    }

    fn payments(&self) -> Vec<Payment> {
        let read = |cells: &Cells| {
            let NinoText::WellFormed(nino) = NinoText::read(&cells["nino"]) else { panic!("a test payment's NINO") };
            Payment::read((0, 1), nino, |column| cells.get(column).map(String::as_str), &mut Tally::default()).unwrap()
        };
        self.payments.iter().map(read).collect()
    }

    fn registered(&self, claim: &Claim) -> Registered {
        let Some(cells) = &self.register else { return Registered::NoRegister };
        let cell = |column: &'static str| cells.get(column).map(String::as_str);
        if cell("participant_id").map(participant_key) != claim.participant_id().map(participant_key) {
            return Registered::Absent;
        }
        match Participant::read(1, cell, &mut Tally::default()) {
            Ok(participant) => Registered::Found(participant),
            Err(error) => Registered::Unusable(error.column.into()),
        }
    }
}
