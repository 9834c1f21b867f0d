//! A batch of claims: which situations it holds, with their register, payments and right answers.

use std::ops::Range;

use rayon::prelude::*;

use super::case::{CaseContext, CellTyping, SampleCase};
use super::draw::{Purpose, SeededRng, key};
use super::employer::Employers;
use super::noise;
use super::payment::{PayrollIdentity, SamplePayment};
use super::person::SamplePerson;
use super::rows::{ClaimRow, RegisterRow};
use super::scenario::{self, ExpectedVerdict, Needs, Noise, Scenario};
use super::stem::Stems;

/// The situations of a batch, in the order of their participants' numbers.
pub(super) struct Situations {
    chosen: Vec<&'static Scenario>,
}

/// A claim in its place, with the answer to it.
#[derive(Debug)]
pub(super) struct ExpectedClaim {
    /// The number in its `claim_id`.
    pub(super) id: u32,
    /// The scenario that made it.
    pub(super) scenario: &'static str,
    /// The right answer.
    pub(super) answer: ExpectedVerdict,
    /// The row.
    pub(super) row: ClaimRow,
}

/// All rows of a batch.
#[derive(Debug, Default)]
pub(super) struct SampleBatch {
    /// The claims, in the order of the file.
    pub(super) claims: Vec<ExpectedClaim>,
    /// The claims of an earlier batch.
    pub(super) earlier: Vec<ClaimRow>,
    /// The register.
    pub(super) register: Vec<RegisterRow>,
    /// How payroll knows the participants.
    pub(super) identities: Vec<PayrollIdentity>,
    /// The payments, participant by participant.
    pub(super) payments: Vec<SamplePayment>,
    /// Each participant's payments.
    pub(super) participants: Vec<Range<usize>>,
}

impl Situations {
    /// Situations that make exactly `claims` claims: every scenario once as far as there is room, then by weight.
    pub(super) fn choose(seed: u64, claims: u32, cells: CellTyping) -> Self {
        let shown: Vec<&'static Scenario> =
            scenario::all().filter(|scenario| cells == CellTyping::Loose || scenario.needs != Needs::Lines).collect();
        let mut draw = SeededRng::new(seed, Purpose::Batch, 0);
        let mut chosen = Vec::new();
        let mut room = claims;
        for scenario in shown.iter().copied().filter(|scenario| scenario.claims() != 0) {
            if scenario.claims() <= room {
                room -= scenario.claims();
                chosen.push(scenario);
            }
        }
        let total = shown.iter().map(|scenario| scenario.weight).sum();
        while 0 < room {
            let mut ticket = draw.below(total);
            for scenario in shown.iter().copied() {
                if ticket < scenario.weight {
                    if scenario.claims() <= room {
                        room -= scenario.claims();
                        chosen.push(scenario);
                    }
                    break;
                }
                ticket -= scenario.weight;
            }
        }
        draw.shuffle(&mut chosen);
        Self { chosen }
    }

    /// How many participants there are.
    pub(super) fn participants(&self) -> u32 {
        u32::try_from(self.chosen.len()).unwrap_or(u32::MAX)
    }

    /// How many pairs of twin stems they ask for.
    pub(super) fn pairs(&self) -> u32 {
        let pairs = self.chosen.iter().filter(|scenario| scenario.needs == Needs::Twins).count();
        u32::try_from(pairs).unwrap_or(u32::MAX)
    }

    /// How many claims each scenario makes, in the order of the table.
    pub(super) fn counts(&self) -> Vec<(&'static str, u64)> {
        let mut counts: Vec<(&'static str, u64)> = scenario::all().map(|scenario| (scenario.name, 0)).collect();
        for scenario in &self.chosen {
            for (_, count) in counts.iter_mut().filter(|(name, _)| *name == scenario.name) {
                *count += u64::from(scenario.claims());
            }
        }
        counts
    }

    /// Makes the rows.
    pub(super) fn make(&self, seed: u64, stems: &Stems, employers: &Employers) -> SampleBatch {
        let ground = CaseContext { seed, stems, employers };
        let people = key(seed, Purpose::Person);
        let mut pairs = 0;
        let numbered: Vec<(u32, u32, &'static Scenario)> = (0..)
            .zip(&self.chosen)
            .map(|(number, scenario)| {
                let pair = pairs;
                pairs += u32::from(scenario.needs == Needs::Twins);
                (number, pair, *scenario)
            })
            .collect();
        let cases: Vec<SampleCase<'_>> = numbered
            .into_par_iter()
            .map(|(number, pair, scenario)| {
                let mut case = SampleCase::new(ground, number, &SamplePerson::new(people, stems, number), pair);
                (scenario.make)(&mut case);
                if scenario.noise == Noise::Noisy && !case.payments.is_empty() {
                    noise::add(&mut case);
                }
                case
            })
            .collect();
        self.gather(seed, cases)
    }

    fn gather(&self, seed: u64, cases: Vec<SampleCase<'_>>) -> SampleBatch {
        let mut batch = SampleBatch::default();
        for (case, scenario) in cases.into_iter().zip(&self.chosen) {
            let start = batch.payments.len();
            let (identities, payments) = (position(batch.identities.len()), position(start));
            batch.identities.extend(case.identities);
            batch.payments.extend(case.payments.into_iter().map(|payment| SamplePayment {
                identity: payment.identity + identities,
                id_of: payment.id_of + payments,
                ..payment
            }));
            batch.participants.push(start..batch.payments.len());
            batch.register.extend(case.register);
            batch.earlier.extend(case.earlier);
            for (row, answer) in case.claims.into_iter().zip(scenario.answers) {
                batch.claims.push(ExpectedClaim { id: 0, scenario: scenario.name, answer: *answer, row });
            }
        }
        SeededRng::new(seed, Purpose::Batch, 1).shuffle(&mut batch.claims);
        number(&mut batch.claims, batch.participants.len());
        batch
    }
}

fn position(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Numbers the claims in the order of the file. Rows that are meant to share a `claim_id` get the number of the first.
fn number(claims: &mut [ExpectedClaim], participants: usize) {
    let mut given: Vec<Vec<(u32, u32)>> = vec![Vec::new(); participants];
    let mut next = 1;
    for claim in claims {
        let Some(of_participant) = given.get_mut(claim.row.participant as usize) else { continue };
        if let Some((_, id)) = of_participant.iter().find(|(number, _)| *number == claim.row.number) {
            claim.id = *id;
        } else {
            of_participant.push((claim.row.number, next));
            claim.id = next;
            next += 1;
        }
    }
}
