//! Published figures of programmes, counted from people made up to be as many: each measure has the denominator that the
//! publications have.

use std::sync::Arc;

use chrono::NaiveDate;
use sustain::counting::{AnswerCounts, PopulationCounts};
use sustain::domain::{Masked, Observed};
use sustain::evidence::PersonParticulars;
use sustain::measures::questions;
use sustain::observations::facts::{OutcomeFound, PersonFacts};
use sustain::observations::levels::PublishedLevels;
use sustain::observations::outcomes::OutcomeMet;
use sustain::observations::person::{Person, ProgrammeStart, ReferralRow};
use sustain::observations::scope::{OutcomeInScope, Scope};
use sustain::observations::spending::{FundingShare, Spending};
use sustain::observations::work_history::{ObservedPeriod, WorkHistory};
use sustain::scheme::{built_in, load};

/// A start so long before the cut-off that all pay has come, and one with too little time.
const MATURED: Option<&str> = Some("2019-06-01");
const RECENT: Option<&str> = Some("2020-10-01");

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A scope with one outcome of 13 weeks, in which no day of anybody's history is looked at.
fn scope() -> Scope {
    Scope {
        fewest_starts: 0,
        cut_off: day("2020-12-31"),
        observed: ObservedPeriod {
            from: day("2020-12-31"),
            to: day("2020-12-31"),
            days: Arc::new(Observed::up_to(None)),
        },
        outcomes: vec![OutcomeInScope { id: "sustained".into(), window_days: 91 }],
        on: Vec::new(),
        sensitivity: None,
        has_claims: false,
        years: Vec::new(),
        spending: None,
    }
}

/// People who are alike.
#[derive(Clone, Copy, Default)]
struct Alike {
    number: usize,
    /// The rows of the register of each, beside the first.
    further_rows: usize,
    start: Option<&'static str>,
    has_earned: bool,
    has_outcome: bool,
}

/// What everyone answers to each of these measures, for its first period.
fn counted<const N: usize>(everyone: &[Alike], measures: [&str; N]) -> [AnswerCounts; N] {
    let scope = scope();
    let people: Vec<Person> = (0..)
        .zip(everyone)
        .flat_map(|(number, alike)| {
            let person = Person {
                participants: vec!["P".into()],
                stem: None,
                whose: PersonParticulars { name: None, date_of_birth: Masked(day("1990-01-15")), suffix: None },
                referred: day("2018-02-01"),
                start: ProgrammeStart::recorded(alike.start.map(day), scope.cut_off),
                in_work_at_start: None,
                row: ReferralRow { number, ..ReferralRow::default() },
                further_rows: vec![ReferralRow::default(); alike.further_rows],
            };
            vec![person; alike.number]
        })
        .collect();
    let history = WorkHistory::new(&[], &scope.observed);
    let asked: Vec<_> =
        questions(&scope, &people).into_iter().filter(|(measure, _)| measures.contains(&measure.name)).collect();
    let counts = PopulationCounts::of(&people, &asked, &scope, &PublishedLevels::default(), |person| {
        let alike = everyone[person.row.number as usize];
        let start = person.start.observed();
        let met = start.filter(|_| alike.has_outcome).map(|start| OutcomeMet { tried_from: start, on: start });
        PersonFacts {
            person,
            history: Some(history.clone()),
            paydays: start.into_iter().filter(|_| alike.has_earned).collect(),
            job_begun: None,
            outcomes: vec![OutcomeFound { met, is_claimed: false }],
            met_under_changes: Vec::new(),
            has_payments_of_another: false,
            has_unread_rows: false,
        }
    });
    let answers = &counts.groups[&None].answers;
    measures.map(|name| answers[asked.iter().position(|(measure, _)| measure.name == name).unwrap()])
}

/// A share in whole per cent.
fn per_cent(counts: &AnswerCounts) -> u64 {
    whole_per_cent(counts.yes, counts.denominator())
}

fn whole_per_cent(numerator: u64, denominator: u64) -> u64 {
    (200 * numerator + denominator) / (2 * denominator)
}

#[test]
fn starts_are_a_share_of_people_and_not_of_referrals() {
    // Work and Health Programme to February 2020: 103,300 starts of 138,330 people, who had 166,160 referrals.
    let everyone = [
        Alike { number: 103_300, start: MATURED, ..Alike::default() },
        Alike { number: 7_200, ..Alike::default() },
        Alike { number: 27_830, further_rows: 1, ..Alike::default() },
    ];
    let [referred, referrals, started] = counted(&everyone, ["referred", "referrals", "started"]);
    assert_eq!((referred.yes, referrals.yes), (138_330, 166_160));
    assert_eq!((started.yes, started.denominator()), (103_300, 138_330));
    // Of referrals it would be 62%.
    assert_eq!((per_cent(&started), whole_per_cent(started.yes, referrals.yes)), (75, 62));
}

#[test]
fn outcomes_of_those_with_enough_time_stand_beside_those_of_all() {
    // Fair Start Scotland: 13,061 of 21,943, and 15,429 of 70,513.
    let everyone = [
        Alike { number: 13_061, start: MATURED, has_outcome: true, ..Alike::default() },
        Alike { number: 21_943 - 13_061, start: MATURED, ..Alike::default() },
        Alike { number: 15_429 - 13_061, start: RECENT, has_outcome: true, ..Alike::default() },
        Alike { number: 70_513 - 21_943 - (15_429 - 13_061), start: RECENT, ..Alike::default() },
    ];
    let [matured, full] = counted(&everyone, ["outcome_by_evidence_matured", "outcome_by_evidence_full"]);
    assert_eq!((matured.yes, matured.denominator(), per_cent(&matured)), (13_061, 21_943, 60));
    assert_eq!((full.yes, full.denominator(), per_cent(&full)), (15_429, 70_513, 22));
}

#[test]
fn first_earnings_and_outcomes_are_stages_of_their_own() {
    // Restart: 84,000 outcomes of 450,000 starts; of the 230,000 with enough time 42% had first earnings and 25% an outcome.
    let (outcomes, earned) = (57_500, 96_600);
    let everyone = [
        Alike { number: outcomes, start: MATURED, has_earned: true, has_outcome: true, ..Alike::default() },
        Alike { number: earned - outcomes, start: MATURED, has_earned: true, ..Alike::default() },
        Alike { number: 230_000 - earned, start: MATURED, ..Alike::default() },
        Alike { number: 84_000 - outcomes, start: RECENT, has_earned: true, has_outcome: true, ..Alike::default() },
        Alike { number: 220_000 - (84_000 - outcomes), start: RECENT, ..Alike::default() },
    ];
    let [earnings, matured, full] =
        counted(&everyone, ["first_earnings_matured", "outcome_by_evidence_matured", "outcome_by_evidence_full"]);
    assert_eq!((full.yes, full.denominator(), per_cent(&full)), (84_000, 450_000, 19));
    assert_eq!([per_cent(&earnings), per_cent(&matured)], [42, 25]);
    assert_eq!([earnings.denominator(), matured.denominator()], [230_000, 230_000]);
}

#[test]
fn a_grant_for_each_participant_is_the_grant_times_the_participants() {
    // Local Supported Employment: £3,500 from DWP for each participant; 120 participants.
    let scheme = load::load(built_in("lse-trailblazer-2020").unwrap(), sustain::rules::allows).unwrap();
    let spent = Spending::of_scheme(&scheme).unwrap().of(&None, 120, &PublishedLevels::default()).unwrap();
    assert_eq!(spent.pence(FundingShare::Dwp), 42_000_000);
}
