//! # EVD02: the extract cannot speak for days that matter
//!
//! **Checks** where the evidence does not pass, that no day of the time in which the outcome may lie is one the extract
//! cannot speak for, or that such days would not change the answer; where it passes and no start of the job is reported,
//! that an earlier beginning could have been seen: in the month before the claimed start, and where the job's first cover begins.
//!
//! What a payment of such days may explain beside them counts for what the answer could be: a month before them (back to a start),
//! a month after them (on to a leaving date, or over a bridged gap), and the time since, while the employer has been silent for no
//! more than three months.
//!
//! **Why** A month missing from an extract looks like a month without work. That nobody was paid then is no news about
//! one person.
//!
//! **Verdict** query. While it fails, the answers that rest on absence are at most queries.
//!
//! **Source** Rulebook, section 9 and 1.
//!
//! **Example** the extract has no row for July, and the job claimed ran from May to August.

use crate::evidence::unobserved::{self, Unobserved};
use crate::rules::{Case, Code, Concerns, Fact, ProviderNotice, Reads, RestsOn, Rule, Status, ToSend, Weight};

/// EVD02, registered.
pub static RULE: Rule = Rule {
    code: Code::EVD02,
    weight: Weight::QUERY.never_below_query(),
    since: "0.2.0",
    rulebook: &[9, 1],
    title: "the extract cannot speak for days that matter",
    says: "{reason}",
    reads: &[Reads::Claim, Reads::Scheme, Reads::Payments],
    concerns: Concerns::NoColumn,
    rests_on: RestsOn::Extract,
    provider: ProviderNotice {
        to_send: ToSend::Text(
            "Payslips of the months in question. An extract that has these days is asked for meanwhile.",
        ),
        ..ProviderNotice::CLOSED
    },
    file: include_str!("unobserved_days.rs"),
    check,
};

fn check(case: &Case<'_>) -> Status {
    let evidence = match case.answer() {
        Ok(evidence) => evidence,
        Err(status) => return status,
    };
    match evidence.outcome.unobserved() {
        None => Status::Passed,
        Some(Unobserved::Beginning { extract_from }) => Status::Failed(vec![
            Fact::new(
                "reason",
                "no start of the job is reported, and the extract does not speak for the days in which an earlier beginning would show",
            ),
            Fact::new("extract_from", extract_from),
        ]),
        Some(Unobserved::Days { runs, class_if_worked }) => {
            let answer = case.class_by(RestsOn::is_answer_of_evidence);
            if answer <= class_if_worked {
                return Status::Passed;
            }
            let (days, if_worked) = (unobserved::in_words(&runs), class_if_worked.in_words());
            let reason = format!(
                "the extract has no usable record for {days}; with work then, the evidence could come to {if_worked}, not {}",
                answer.in_words()
            );
            Status::Failed(vec![
                Fact::new("reason", reason),
                Fact::new("days", days),
                Fact::new("answer", answer.in_words()),
                Fact::new("answer_if_worked", if_worked),
            ])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::Bench;

    /// Paid for May, June and August; the extract is silent on some days.
    fn without_july(unobserved: &[(&'static str, &'static str)]) -> Bench {
        let paid = ["2018-05-31", "2018-06-30", "2018-08-31"].into_iter();
        let bench = paid.fold(Bench::standard().unpaid(), |bench, payday| bench.payment(&[("payment_date", payday)]));
        bench.unobserved(unobserved)
    }

    #[test]
    fn a_month_that_is_missing_from_the_extract_is_not_held_against_a_claim() {
        without_july(&[]).passes(Code::EVD02).fails(Code::SUS07);
        without_july(&[("2018-07-01", "2018-07-31")]).fails(Code::EVD02);
        // 30 July is the 91st day. With work until the 29th a day is missing.
        without_july(&[("2018-07-01", "2018-07-30")]).fails(Code::EVD02);
        without_july(&[("2018-07-01", "2018-07-15")]).passes(Code::EVD02);
    }

    #[test]
    fn unobserved_days_outside_the_time_of_the_claim_and_of_a_claim_that_passes_do_not_matter() {
        // The last day of a window is 14 + 91 days after 30 April: 13 August.
        without_july(&[("2018-08-14", "2018-12-01")]).passes(Code::EVD02);
        Bench::standard().unobserved(&[("2018-05-01", "2018-08-31")]).passes(Code::EVD02);
    }

    #[test]
    fn with_nobody_paying_one_employer_may_have() {
        let nothing = |last| Bench::standard().unpaid().unobserved(&[("2018-05-01", last)]);
        nothing("2018-07-29").passes(Code::EVD02);
        nothing("2018-07-30").fails(Code::EVD02);
        let nothing_paid = Bench::standard().each_payment("taxable_pay", "0.00");
        nothing_paid.unobserved(&[("2018-05-01", "2018-07-30")]).fails(Code::EVD02).fails(Code::EMP04);
    }

    #[test]
    fn the_beginning_of_a_job_without_a_reported_start_must_be_seen() {
        let from = |day, start| Bench::standard().each_payment("employment_start_date", start).extract_from(day);
        from("2018-03-31", "").passes(Code::EVD02);
        from("2018-04-01", "").fails(Code::EVD02);
        from("2018-04-01", "2018-05-01").passes(Code::EVD02);
    }

    #[test]
    fn earnings_of_unobserved_days_may_have_been_enough() {
        // 238 days from 1 April end on 24 November.
        let paid = |pay| Bench::earnings("1000.00", 238).payment(&[("taxable_pay", pay)]);
        let silent = [("2018-11-24", "2018-11-30")];
        paid("999.99").unobserved(&silent).fails(Code::EVD02);
        paid("1000.00").unobserved(&silent).passes(Code::EVD02);
        paid("999.99").unobserved(&[("2018-11-25", "2018-11-30")]).passes(Code::EVD02);
        paid("1000.00").extract_from("2018-05-02").passes(Code::EVD02);
    }
}
