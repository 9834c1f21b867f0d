//! A batch read and matched: everything a claim is decided on, at hand.

use std::collections::BTreeSet;

use bytesize::ByteSize;
use chrono::NaiveDate;
use rayon::prelude::*;

use super::inputs::Inputs;
use super::{Order, Watch, memory};
use crate::batch;
use crate::domain::participant::Registered;
use crate::domain::{Claim, Participant, Stem, Tally};
use crate::error::RunError;
use crate::extract::csv::Counts as CsvCounts;
use crate::extract::earnings::Unit;
use crate::extract::source::Surveyed;
use crate::extract::table;
use crate::extract::table::Table;
use crate::history::History;
use crate::judge::{self, Facts, Law};
use crate::matching::{ClaimRows, EarningsRead, Held, NearMisses, Payments, Register, Sought};
use crate::publish::tables::Judged;
use crate::rules::{Batch, Code, Repeated, Rivalry, Setting};
use crate::scheme::wage::WageTable;

/// How many claims make a block: they are decided while the block before them is written.
pub(super) const BLOCK_CLAIMS: usize = 1_024;

/// Everything read and matched, ready to be decided.
pub(super) struct Prepared {
    pub(super) inputs: Inputs,
    pub(super) law: Law,
    pub(super) claims_table: Table,
    pub(super) claims: ClaimRows,
    pub(super) claims_tally: Tally,
    pub(super) register: Option<Register>,
    pub(super) register_csv: Option<CsvCounts>,
    /// What reading the earnings told.
    pub(super) read: EarningsRead,
    held: Held,
    /// For each claim that can be matched, the stem and the date of birth.
    sought: Vec<Option<(Stem, NaiveDate)>>,
    units: Vec<Unit>,
    near_misses: NearMisses,
    pub(super) repeated: Vec<Repeated>,
}

pub(super) fn prepare(order: &Order, inputs: Inputs, watch: &dyn Watch) -> Result<Prepared, RunError> {
    let mut scheme = order.scheme.clone();
    scheme.settings.extend(order.settings.iter().map(|(code, setting)| (*code, *setting)));
    let mut law = Law { scheme, wages: WageTable::built_in()?, cut_off: order.extract_to };

    watch.step("reading the claims", None);
    let claims_table = table::read(&inputs.claims, &Claim::COLUMNS)?;
    no_decided_columns(&inputs.claims, &claims_table)?;
    let claims = ClaimRows::new(&claims_table);
    let register_table = inputs.register.as_ref().map(|file| table::read(file, &Participant::COLUMNS)).transpose()?;
    let register = register_table.as_ref().map(|table| Register::matched(table, &claims)).transpose()?;
    let (sought, claims_tally) = people_sought(&law, &claims);
    let repeated = repeated(&claims);

    let units = inputs.earnings.units()?;
    watch.step("reading the earnings", units.iter().map(Unit::rows).sum());
    let people = Sought {
        people: sought.iter().flatten().map(|(stem, _)| stem.key()).collect(),
        paydays: order.extract_to.is_none(),
        most_bytes: order.memory.map(memory::left_of),
    };
    let (held, read) = Payments::kept(&inputs.earnings, &units, &people, &|rows| watch.advance(rows))?;
    if let Held::Counted(counted) = &held {
        let size = ByteSize(counted.bytes()).display().iec();
        watch.note(&format!("about {size} of payments outgrow --memory; the claims are decided in stretches"));
    }
    law.cut_off = order.extract_to.or(read.paydays.map(|paydays| paydays.latest));
    wages_reach(&law, order)?;

    let not_found: BTreeSet<(Stem, NaiveDate)> =
        sought.iter().flatten().copied().filter(|(stem, _)| !held.has(*stem)).collect();
    watch.step("looking for mistyped numbers", None);
    let near_misses = NearMisses::find(&inputs.earnings.files, &units, &not_found.into_iter().collect::<Vec<_>>())?;
    Ok(Prepared {
        inputs,
        law,
        claims_table,
        claims,
        claims_tally,
        register,
        register_csv: register_table.as_ref().and_then(|table| table.csv),
        read,
        held,
        sought,
        units,
        near_misses,
        repeated,
    })
}

/// A claims file's own columns must not have the names of decided ones: the result could not tell them apart.
fn no_decided_columns(file: &Surveyed, table: &Table) -> Result<(), RunError> {
    let decided = crate::publish::layout::decided_names();
    match table.extra.iter().find(|name| decided.contains(name)) {
        Some(name) => {
            let problem = format!("the column `{name}` has the name of a column that the result adds");
            Err(file.source.error(problem, "rename it in the claims file").into())
        }
        None => Ok(()),
    }
}

/// Whom to look for: for each claim that can be matched, the stem and the date of birth.
fn people_sought(law: &Law, claims: &ClaimRows) -> (Vec<Option<(Stem, NaiveDate)>>, Tally) {
    let read: Vec<(Option<(Stem, NaiveDate)>, Tally)> = (0..claims.len())
        .into_par_iter()
        .map(|index| {
            let mut tally = Tally::default();
            let claim = claims.claim(index, &mut tally);
            let stem = judge::stem_sought(law, &claim);
            (stem.zip(claim.date_of_birth.given().copied()), tally)
        })
        .collect();
    let mut total = Tally::default();
    let sought = read.into_iter().map(|(sought, tally)| {
        total.add(&tally);
        sought
    });
    (sought.collect(), total)
}

pub(crate) fn repeated(claims: &ClaimRows) -> Vec<Repeated> {
    let hashes: Vec<[u8; 32]> = (0..claims.len()).into_par_iter().map(|index| claims.hash(index)).collect();
    let id = |index: usize| claims.cell("claim_id", index).map(str::trim).filter(|id| !id.is_empty());
    batch::repeats(hashes.iter().enumerate().map(|(index, hash)| (id(index), *hash)))
}

/// The minimum wage must be known up to the cut-off: a rate is never guessed.
fn wages_reach(law: &Law, order: &Order) -> Result<(), RunError> {
    let ends = law.wages.ends();
    let switched_off = law.scheme.settings.get(&Code::HRS03) == Some(&Setting::Off);
    match law.cut_off {
        Some(cut_off) if ends < cut_off && !switched_off => Err(RunError::choice(
            format!(
                "the {} of the extract is {cut_off}, and the minimum wage is known until {ends}",
                if order.extract_to.is_some() { "end" } else { "latest payday" }
            ),
            "give --extract-to a day the table reaches (a mistyped payday may be the cause), or --set HRS03=off",
        )),
        Some(_) | None => Ok(()),
    }
}

impl Prepared {
    fn batch(&self, history: &History, index: usize, claim: &Claim, rivalry: Rivalry) -> Batch {
        Batch {
            repeated: self.repeated.get(index).copied().unwrap_or(Repeated::No),
            rivalry,
            validated_before: history.validated(claim),
        }
    }

    /// Does some work on claims in the order given, with the payments of their people at hand: of everyone at once, or of
    /// one stretch of whole blocks after another.
    pub(super) fn with_payments(
        &self,
        claims: &[usize],
        watch: &dyn Watch,
        mut work: impl FnMut(&[usize], &Payments) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        let counted = match &self.held {
            Held::Everyone(payments) => return work(claims, payments),
            Held::Counted(counted) => counted,
        };
        for stretch in counted.stretches(claims, BLOCK_CLAIMS, |index| self.stem(*index)) {
            work(stretch, &self.payments_of(stretch, watch)?)?;
        }
        Ok(())
    }

    /// Reads the earnings once more, for the people of some claims.
    fn payments_of(&self, claims: &[usize], watch: &dyn Watch) -> Result<Payments, RunError> {
        watch.step("reading the earnings once more", self.units.iter().map(Unit::rows).sum());
        let people = claims.iter().filter_map(|index| Some(self.stem(*index)?.key())).collect();
        let sought = Sought { people, paydays: false, most_bytes: None };
        match Payments::kept(&self.inputs.earnings, &self.units, &sought, &|rows| watch.advance(rows))? {
            (Held::Everyone(payments), _) => Ok(payments),
            (Held::Counted(_), _) => Err(RunError::Untrusted("payments without a ceiling were not held".into())),
        }
    }

    /// The stem under which a claim's payments are looked for, where they are.
    fn stem(&self, index: usize) -> Option<Stem> {
        self.sought.get(index).copied().flatten().map(|(stem, _)| stem)
    }

    pub(super) fn judge(&self, history: &History, index: usize, rivalry: Rivalry, payments: &Payments) -> Judged {
        let claim = self.claims.claim(index, &mut Tally::default());
        let stem = self.stem(index);
        let payments = stem.map(|stem| payments.of(stem)).unwrap_or_default();
        let near_misses =
            stem.filter(|_| payments.is_empty()).map(|stem| self.near_misses.of(stem)).unwrap_or_default();
        let registered = self.register.as_ref().map_or(&Registered::NoRegister, |register| register.registered(index));
        let batch = self.batch(history, index, &claim, rivalry);
        let facts = Facts { claim: &claim, registered, batch: &batch, payments: Some(&payments), near_misses };
        let decision = judge::decide(&self.law, &facts);
        Judged { index, claim, decision, payments }
    }
}
