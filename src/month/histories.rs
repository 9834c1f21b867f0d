//! Random histories of a ledger: months, corrections, decisions, voids and payments in any order. Whatever happens, the balance adds
//! up after every step, nothing is paid twice, and every recovery answers one payment.

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDate};

use super::decided::DecidedRow;
use super::from_ledger::ClaimsFromLedger;
use super::record::{ConsideredRows, MonthDecided};
use super::sent::SentClaims;
use crate::domain::{Claim, Tally};
use crate::judge::Verdict;
use crate::ledger::Book;
use crate::ledger::considered::RowsHash;
use crate::ledger::event::{Decided, DecisionMade, Event, EventKind, MonthDone, Opening};
use crate::ledger::state::ClaimState;
use crate::pay;
use crate::rules::allows;
use crate::scheme::{Scheme, built_in, load};

/// A sequence of numbers that looks random.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

fn scheme() -> Scheme {
    let mut text = built_in("lse-poc-2017").unwrap().to_owned();
    for (term, published, value) in
        [("claim_attempts", 3, 2), ("query_lapse_days", 90, 60), ("recovery_days", 2192, 90)]
    {
        let head = format!("[[{term}]]\nfrom = 2013-04-06\nvalue = ");
        let was = format!("{head}{published}\n");
        assert!(text.contains(&was));
        text = text.replace(&was, &format!("{head}{value}\n"));
    }
    load::load_with(&text, &[("unit_price".to_owned(), "1000".to_owned())].into(), allows).unwrap()
}

/// A claim as a provider may send it.
fn claim(draw: &mut Draw, row: u32) -> Claim {
    let cells: BTreeMap<&str, String> = [
        ("provider_id", draw.one(&["PR1", "PR2"]).to_owned()),
        ("contract_id", "CT1".to_owned()),
        ("claim_id", format!("C{}", draw.below(12))),
        ("participant_id", format!("P{}", draw.below(9))),
        ("nino", "NC100001A".to_owned()),
        ("outcome", "sustained_13_weeks".to_owned()),
        ("job_start_date", "2018-04-02".to_owned()),
        ("amount_claimed", draw.one(&["", "1000", "1200.50", "800"]).to_owned()),
    ]
    .into();
    let cell = |name: &'static str| cells.get(name).map(String::as_str).filter(|text| !text.is_empty());
    Claim::read(row, cell, &mut Tally::default())
}

/// A ledger in memory, with what was paid and recovered as it is counted here.
struct History {
    book: Book,
    scheme: Scheme,
    cut_off: NaiveDate,
    /// Payments less recoveries of each claim, in pence.
    outstanding: HashMap<i64, i64>,
    paid: i64,
    recovered: i64,
}

impl History {
    fn new() -> Self {
        let mut book = Book::new();
        let opening = Opening {
            program: "test".into(),
            scheme: "lse-poc-2017".into(),
            scheme_text: String::new(),
            parameters: BTreeMap::new(),
            four_eyes: false,
        };
        let mut entries = book.entries();
        entries.push(Event::new(EventKind::Opened, 0, &opening));
        book.take_all(&entries.after(&book)).unwrap();
        let cut_off = NaiveDate::from_ymd_opt(2018, 9, 30).unwrap();
        Self { book, scheme: scheme(), cut_off, outstanding: HashMap::new(), paid: 0, recovered: 0 }
    }

    fn month(&mut self, draw: &mut Draw) {
        let count = draw.below(10);
        let rows = (1..=u32::try_from(count).unwrap()).map(|row| claim(draw, row)).collect();
        let sent = SentClaims { rows, ..SentClaims::default() };
        let mut roles = sent.roles(&self.book);
        let from_ledger = ClaimsFromLedger::of(&self.book, &roles, &self.scheme, Some(self.cut_off));
        roles.extend(from_ledger.roles());
        let rows = 1..=u32::try_from(roles.len()).unwrap();
        let decided: HashMap<u32, DecidedRow> = rows
            .clone()
            .map(|row| {
                let verdict = draw.one(&[Verdict::Validated, Verdict::Validated, Verdict::Queried, Verdict::Rejected]);
                let recheck_on = (draw.below(3) == 0).then_some(self.cut_off + Days::new(20));
                let reasons = if verdict == Verdict::Validated { Vec::new() } else { vec!["R1".to_owned()] };
                (row, DecidedRow { verdict, reasons, achieved_on: None, recheck_on })
            })
            .collect();
        // The payroll rows are those of before, or others.
        let considered: HashMap<u32, ConsideredRows> = rows
            .map(|row| (row, draw.below(2)))
            .map(|(row, of)| (row, ConsideredRows { rows: of as u64, as_decided: RowsHash::made_up(of) }))
            .collect();
        let number = self.book.month_number() + 1;
        let mut entries = self.book.entries();
        let of_month = MonthDecided {
            book: &self.book,
            scheme: &self.scheme,
            month: number,
            cut_off: Some(self.cut_off),
            sent: &sent,
            roles: &roles,
            decided: &decided,
            considered: &considered,
            changed: &HashMap::new(),
        };
        let moved = of_month.record(&mut entries);
        let done = MonthDone {
            fingerprint: String::new(),
            seal: String::new(),
            inputs: String::new(),
            cut_off: Some(self.cut_off),
            rows: BTreeMap::new(),
            page: String::new(),
        };
        entries.push(Event { day: Some(self.cut_off), ..Event::new(EventKind::Month, number, &done) });
        let before = self.book.claims.len();
        self.book.take_all(&entries.after(&self.book)).unwrap();
        let received = moved.iter().filter(|one| one.before.is_none()).count();
        assert_eq!(self.book.claims.len(), before + received, "every claim received is in the ledger once");
        self.cut_off = self.cut_off + Days::new(31);
    }

    fn decide(&mut self, draw: &mut Draw) {
        let mut entries = self.book.entries();
        for claim in &self.book.claims {
            let decision = draw.one(&Decided::ALL);
            if !claim.state.may_be_decided(decision) || draw.below(3) != 0 {
                continue;
            }
            let until = (draw.below(2) == 0).then_some(self.cut_off + Days::new(30));
            let made_on = claim.verdict.as_ref().map(|last| {
                let evidence = &last.given.evidence;
                RowsHash::made_up(usize::try_from(evidence.rows).unwrap()).up_to(evidence.up_to)
            });
            let text = || "R".to_owned();
            let made = DecisionMade {
                decision,
                reason: text(),
                evidence_reference: text(),
                decided_by: text(),
                checked_by: None,
                until,
                made_on,
            };
            let event = Event::new(EventKind::Decision, self.book.month_number(), &made);
            let event = event.about(claim.number, claim.state.held_by(decision));
            entries.push(Event { day: Some(self.cut_off), ..event });
        }
        self.book.take_all(&entries.after(&self.book)).unwrap();
    }

    fn pay(&mut self) {
        let schedule = pay::due(&self.book, "lse-poc-2017", Some(self.cut_off)).unwrap();
        for line in &schedule.lines {
            let outstanding = self.outstanding.entry(line.claim).or_default();
            *outstanding += line.pence;
            let at_most = self.book.claim(line.claim).unwrap().claimed;
            assert!((0..=at_most).contains(outstanding), "nothing is paid twice, nor recovered without a payment");
        }
        self.paid += schedule.paid;
        self.recovered += schedule.recovered;
        if !schedule.lines.is_empty() {
            let mut entries = self.book.entries();
            pay::record(&schedule, &mut entries);
            self.book.take_all(&entries.after(&self.book)).unwrap();
        }
        assert!(
            pay::due(&self.book, "lse-poc-2017", None).unwrap().lines.is_empty(),
            "what is in a schedule is not due"
        );
    }

    fn holds(&self) {
        let total = self.book.total();
        assert_eq!(total.contradictions(), Vec::<String>::new());
        assert_eq!((total.paid, total.recovered), (self.paid, self.recovered));
        for claim in &self.book.claims {
            assert_eq!(claim.recovered.is_some(), claim.state == ClaimState::Recovered);
            assert_eq!(claim.paid.is_some(), claim.state.was_paid());
        }
        for state in ClaimState::ALL {
            let own = self.book.claims.iter().filter(|claim| claim.state == state).count();
            let moved = self.book.movements.in_state(self.book.month_number(), state);
            assert_eq!(moved, u64::try_from(own).unwrap(), "{state:?}");
        }
        // For one outcome of one number at most one attempt stands.
        let mut standing: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for claim in self.book.claims.iter().filter(|claim| claim.state.holds_its_outcome()) {
            *standing.entry((&claim.receipt.provider_id, &claim.receipt.claim_id)).or_default() += 1;
        }
        assert!(standing.values().all(|count| *count == 1));
    }
}

#[test]
fn the_balance_holds_through_a_thousand_random_histories() {
    let (mut paid, mut recovered, mut lapsed) = (0, 0, 0);
    for seed in 0..1_000 {
        let mut draw = Draw(seed);
        let mut history = History::new();
        while history.book.month_number() < 6 {
            match draw.below(4) {
                0 | 1 => history.month(&mut draw),
                2 => history.decide(&mut draw),
                _ => history.pay(),
            }
            history.holds();
        }
        paid += history.paid;
        recovered += history.recovered;
        lapsed += history.book.claims.iter().filter(|claim| claim.state == ClaimState::Lapsed).count();
    }
    assert!(0 < paid && 0 < recovered && 0 < lapsed, "the histories come to something");
}
