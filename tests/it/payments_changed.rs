//! What may become of a claim when its payments are taken away, sent again, reversed, garbled or another person's, and
//! when its participant is registered twice.

use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sustain::domain::Observed;
use sustain::judge::{DecisionContext, Verdict};
use sustain::rules::Code;

use crate::made_up::{Answer, BATCH, CONTEXT, Cells, Known, a_claim, a_paid_claim, cases, decide};

/// The rules that weigh evidence.
fn weighs_evidence(code: Code) -> bool {
    ["EMP01", "EMP04", "HRS", "SUS", "ERN"].iter().any(|family| code.as_str().starts_with(family))
}

/// Whether nothing but the evidence speaks against the claim.
fn rests_on_evidence(answer: &Answer) -> bool {
    answer.failed.keys().all(|code| weighs_evidence(*code))
}

/// Whether two payments are under one PAYE scheme and one payroll ID.
fn are_of_one_spell(known: &Known, one: usize, other: usize) -> bool {
    ["office_number", "paye_ref", "payroll_id"]
        .iter()
        .all(|column| known.paid(one, column) == known.paid(other, column))
}

/// Pay of more than nothing, that stands, of somebody who does not leave.
fn is_plain(known: &Known, payment: usize) -> bool {
    let is_pay = !known.paid(payment, "taxable_pay").starts_with('-') && known.paid(payment, "taxable_pay") != "0.00";
    is_pay
        && ["leaving_date", "no_longer_valid", "pension_payment"]
            .iter()
            .all(|column| known.paid(payment, column).is_empty())
}

/// Whether no other payment was made on its payday.
fn is_alone(known: &Known, payment: usize) -> bool {
    let payday = |payment| known.paid(payment, "payment_date");
    (0..known.payments.len()).all(|other| other == payment || payday(other) != payday(payment))
}

/// Whether pay of the same spell comes before it.
fn is_a_later_one(known: &Known, payment: usize) -> bool {
    let is_before = |other: &usize| known.paid(*other, "payment_date") < known.paid(payment, "payment_date");
    (0..known.payments.len())
        .filter(is_before)
        .any(|other| are_of_one_spell(known, payment, other) && is_plain(known, other))
}

/// The ways in which the opposite of a sum of pay is written.
fn opposite(pay: &str, way: usize) -> String {
    [format!("-{pay}"), format!("({pay})"), format!("{pay}-"), format!("-£{pay}")][way % 4].clone()
}

/// Who is nobody claimed for.
const ANOTHER_PERSON: [(&str, &str); 3] = [("surname", "Quince"), ("forename", "Ulf"), ("date_of_birth", "1951-02-03")];

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_payment_taken_away_improves_no_answer(known in a_paid_claim(), payment in any::<Index>()) {
        let payment = payment.index(known.payments.len());
        prop_assume!(is_plain(known, payment) && is_alone(known, payment) && is_a_later_one(known, payment));
        prop_assume!(rests_on_evidence(known.whole()));
        let (whole, found) = (known.whole(), known.clone().without_payment(payment).answer());
        let is_better = found.verdict < whole.verdict;
        prop_assert!(!is_better || found.verdict != Verdict::Validated, "{:?} {:?}\n{:?}", whole, found, known);
        // Pay for too few hours speaks against a claim as long as it is there: without it there is a gap, a question.
        prop_assert!(!is_better || whole.fails(Code::HRS01), "{:?} {:?}\n{:?}", whole, found, known);
    }

    #[test]
    fn a_payment_sent_again_makes_a_query_at_most(
        known in a_paid_claim(),
        payment in any::<Index>(),
        payroll_id in select(vec![None, None, Some(""), Some("A77")]),
    ) {
        let payment = payment.index(known.payments.len());
        let payroll_id = payroll_id.unwrap_or_else(|| known.paid(payment, "payroll_id"));
        prop_assume!(is_alone(known, payment));
        let again = [("payment_id", "99"), ("received_at", "2019-03-31T23:59:59Z"), ("payroll_id", payroll_id)];
        let found = known.clone().with_another(payment, &again).answer();
        let whole = known.whole();
        // Under another payroll ID the row is of another spell, and takes a start date that no other row carries there.
        let is_as_before = found.verdict == whole.verdict || payroll_id != known.paid(payment, "payroll_id");
        prop_assert!(is_as_before || found.verdict == Verdict::Queried, "{:?} {:?}\n{:?}", whole, found, known);
        prop_assert!(found.rejecting().is_subset(&whole.rejecting()), "{:?} {:?}\n{:?}", whole, found, known);
    }

    #[test]
    fn a_payment_that_is_reversed_is_a_payment_of_nothing(
        known in a_paid_claim(),
        payment in any::<Index>(),
        way in 0..4_usize,
    ) {
        let payment = payment.index(known.payments.len());
        prop_assume!(is_alone(known, payment) && is_plain(known, payment));
        let pay = opposite(known.paid(payment, "taxable_pay"), way);
        let again = [("payment_id", "99"), ("received_at", "2019-03-31T23:59:59Z"), ("taxable_pay", &pay)];
        let reversed = known.clone().with_another(payment, &again);
        let nothing = known.clone().with_payment(payment, &[("taxable_pay", "0.00")]);
        prop_assert_eq!(reversed.answer(), nothing.answer(), "{:?}", reversed);
    }

    #[test]
    fn nothing_is_validated_on_pay_that_was_all_taken_back(known in a_paid_claim(), way in 0..4_usize) {
        let is_pay = |payment: &usize| !known.paid(*payment, "taxable_pay").starts_with('-');
        let reversed = (0..known.payments.len()).filter(is_pay).fold(known.clone(), |known, payment| {
            let pay = opposite(known.paid(payment, "taxable_pay"), way);
            known.with_another(payment, &[("payment_id", ""), ("received_at", ""), ("taxable_pay", &pay)])
        });
        prop_assert_ne!(reversed.answer().verdict, Verdict::Validated, "{:?}", reversed);
    }

    #[test]
    fn where_no_payment_can_be_read_nothing_is_decided_on_payments(known in a_paid_claim()) {
        let may_count = |payment| {
            ["no_longer_valid", "pension_payment"].iter().all(|column| known.paid(payment, column).is_empty())
        };
        prop_assume!((0..known.payments.len()).any(may_count));
        let garbled = known.clone().with_each_payment(&[("taxable_pay", "1.250,00"), ("payment_date", "?")]);
        let found = garbled.answer();
        prop_assert_ne!(found.verdict, Verdict::Validated, "{:?}", garbled);
        prop_assert!(!found.rejecting().into_iter().any(weighs_evidence), "{:?} {:?}", found, garbled);
    }

    #[test]
    fn a_payment_moved_to_another_number_is_a_payment_taken_away(known in a_paid_claim(), payment in any::<Index>()) {
        let payment = payment.index(known.payments.len());
        let moved = known.clone().with_payment(payment, &ANOTHER_PERSON).with_payment(payment, &[("nino", "ZY987654A")]);
        prop_assert_eq!(moved.answer(), known.clone().without_payment(payment).answer(), "{:?}", moved);
    }

    #[test]
    fn nothing_is_validated_on_the_payments_of_another_person(known in a_paid_claim()) {
        let found = known.clone().with_each_payment(&ANOTHER_PERSON).answer();
        prop_assert_ne!(found.verdict, Verdict::Validated, "{:?}", known);
    }

    #[test]
    fn a_payment_of_another_person_under_the_number_improves_no_answer(
        known in a_paid_claim(),
        payment in any::<Index>(),
    ) {
        let payment = payment.index(known.payments.len());
        let moved = known.clone().with_payment(payment, &ANOTHER_PERSON);
        let (whole, found) = (known.whole(), moved.answer());
        prop_assert!(whole.verdict <= found.verdict, "{:?} {:?}\n{:?}", whole, found, moved);
        prop_assert!(found.rejecting().is_subset(&whole.rejecting()), "{:?} {:?}\n{:?}", whole, found, moved);
    }

    #[test]
    fn a_person_registered_twice_is_paid_for_under_neither_number(known in a_claim(), same_day in any::<bool>()) {
        let unmatched = [Code::ROW02, Code::ROW03, Code::CLM01, Code::IDN01, Code::IDN02, Code::IDN03];
        prop_assume!(!unmatched.iter().any(|code| known.whole().fails(*code)));
        let twin = known.clone().with_registered("participant_id", "TWIN").with_claimed("participant_id", "TWIN");
        let twin = twin.with_claimed("claim_id", "TWIN");
        let twin = if same_day { twin } else { twin.with_claimed("claim_date", "2019-03-30") };
        let register: Vec<Cells> = known.register.iter().chain(&twin.register).cloned().collect();
        let found = decide(&CONTEXT, &[known.claim.clone(), twin.claim.clone()], &register, &known.payments);
        let mut may_reject = known.whole().rejecting();
        may_reject.extend(twin.answer().rejecting());
        for found in found {
            prop_assert!(found.fails(Code::IDN11), "{:?}", found);
            prop_assert_ne!(found.verdict, Verdict::Validated);
            prop_assert!(found.rejecting().is_subset(&may_reject), "{:?} {:?}\n{:?}", known.whole(), found, known);
        }
    }

    #[test]
    fn a_month_taken_out_of_the_extract_rejects_nothing_that_was_not_rejected(known in a_paid_claim(), months in 0..5_u32) {
        let job_start = NaiveDate::parse_from_str(known.claimed("job_start_date"), "%Y-%m-%d");
        prop_assume!(job_start.is_ok());
        let month = (job_start.unwrap() + Months::new(months)).format("%Y-%m").to_string();
        let first: NaiveDate = format!("{month}-01").parse().unwrap();
        let last = (first + Months::new(1)).pred_opt().unwrap();
        prop_assume!(last < CONTEXT.observed.cut_off.unwrap());
        let unobserved = (first - Days::new(31), last);
        let context = DecisionContext {
            observed: Arc::new(Observed::new(None, CONTEXT.observed.cut_off, [unobserved])),
            ..CONTEXT.clone()
        };
        let payday = BATCH.earnings.place("payment_date");
        let left = known.payments.iter().filter(|row| !row[payday].starts_with(&month)).cloned().collect();
        let (whole, found) = (known.whole(), Known { payments: left, ..known.clone() }.answer_in(&context));
        prop_assert!(
            whole.verdict == Verdict::Rejected || found.verdict != Verdict::Rejected,
            "{} {:?} {:?}\n{:?}", month, whole, found, known
        );
    }
}
