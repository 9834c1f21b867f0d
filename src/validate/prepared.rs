//! A batch that was read and matched: everything that is needed to decide its claims.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytesize::ByteSize;
use chrono::NaiveDate;
use rayon::prelude::*;

use super::inputs::RunInputs;
use super::{ProgressSink, ValidateRequest};
use crate::account::ColumnNames;
use crate::batch::{BatchInputs, ClaimOrigin, NearMisses, Stage, UnsettledBatch};
use crate::domain::{Claim, Observed, Participant, SetAsideShare, Stem};
use crate::error::RunError;
use crate::extract::Role;
use crate::extract::columns::ColumnsFound;
use crate::extract::csv::SpanCounts as CsvCounts;
use crate::extract::earnings::Split;
use crate::extract::quarantine::QuarantineFile;
use crate::extract::source::Sniffed;
use crate::extract::table;
use crate::extract::table::Table;
use crate::history::History;
use crate::judge::{self, DecisionContext};
use crate::matching::{
    ClaimsFile, ClaimsRead, EarningsQuery, EarningsRead, PaymentsByStem, PaymentsOrCounts, Register, near_misses,
};
use crate::memory;
use crate::rules::{Code, Setting};
use crate::scheme::wage::WageTable;
use crate::tables::layout::NamedClaimsFile;

/// How many claims make a block: they are decided while the block before them is written.
pub(super) const BLOCK_CLAIMS: usize = 1_024;

/// Everything read and matched, ready to be decided.
pub(super) struct MatchedBatch {
    pub(super) inputs: RunInputs,
    pub(super) context: DecisionContext,
    pub(super) claims: ClaimsRead,
    pub(super) register: Option<Register>,
    pub(super) register_csv: Option<CsvCounts>,
    pub(super) register_columns: Option<ColumnsFound>,
    /// What reading the earnings found.
    pub(super) read: EarningsRead,
    held: PaymentsOrCounts,
    splits: Vec<Split>,
    near_misses: NearMisses,
    /// How each claim came into the batch; nothing where all are new.
    origins: Vec<ClaimOrigin>,
}

pub(super) fn prepare(
    request: &ValidateRequest,
    inputs: RunInputs,
    quarantine: Arc<QuarantineFile>,
    progress: &dyn ProgressSink,
) -> Result<MatchedBatch, RunError> {
    let mut scheme = request.scheme.clone();
    scheme.settings.extend(request.settings.iter().map(|(code, setting)| (*code, *setting)));
    let mut context = DecisionContext {
        scheme,
        wages: WageTable::built_in()?,
        observed: Arc::new(Observed::up_to(request.extract_to)),
    };

    progress.step("reading the claims", None);
    let accepted = SetAsideShare::OF_TABLE.raised_to(request.set_aside);
    let claims_tables = inputs.claims.iter().map(|file| {
        let table = table::read(file, &Claim::COLUMNS)?;
        no_decided_columns(file, &table)?;
        table.holds_records(file, accepted)?;
        Ok(table)
    });
    let register_table = inputs.register.as_ref().map(|file| {
        let table = table::read(file, &Participant::COLUMNS)?;
        table.holds_records(file, accepted)?;
        Ok(table)
    });
    let register_table = register_table.transpose();
    let tables = RunError::both(claims_tables.collect::<Result<Vec<Table>, RunError>>(), register_table);
    let ((claims_tables, register_table), splits) =
        RunError::both(tables, inputs.earnings.splits().map_err(RunError::from))?;
    let claims = ClaimsRead::parsed(claims_tables);
    for (file, read) in inputs.claims.iter().zip(&claims.files) {
        file.source.is_accepted(&read.tally, accepted)?;
    }
    let register = register_table.as_ref().map(|table| Register::matched(table, &claims.rows));
    if let (Some(file), Some(register)) = (&inputs.register, &register) {
        file.source.is_accepted(&register.tally, accepted)?;
    }
    let (register_csv, register_columns) = register_table.map(|table| (table.csv, table.columns)).unzip();
    let register_csv = register_csv.flatten();
    let sought = || claims.rows.par_iter().filter_map(|claim| judge::person_sought(&context, claim));

    every_column_is_found(request, &claims, register_columns.as_ref(), &splits, &inputs)?;
    progress.step("reading the earnings", splits.iter().map(Split::rows).sum());
    let people = EarningsQuery {
        people: sought().map(|(stem, _)| stem.key()).collect(),
        births: sought().collect::<BTreeSet<_>>().into_iter().collect(),
        paydays: true,
        most_bytes: memory::left_for_payments(request.memory, progress)?,
        set_aside: request.set_aside,
        quarantine: Some(quarantine),
    };
    let (held, mut read) = PaymentsByStem::kept(&inputs.earnings, &splits, &people, &|rows| progress.advance(rows))?;
    if let PaymentsOrCounts::Counted(counted) = &held {
        let size = ByteSize(counted.bytes()).display().iec();
        let exceeded = memory::exceeded(request.memory);
        progress.note(&format!("about {size} of payments exceed {exceeded}; the claims are decided in several passes"));
    }
    let has_unread: BTreeSet<Stem> = read.set_aside.iter().map(|row| row.stem).collect();
    let is_known = |stem: Stem| held.has(stem) || has_unread.contains(&stem);
    let not_found: BTreeSet<(Stem, NaiveDate)> = sought().filter(|(stem, _)| !is_known(*stem)).collect();
    context.observed = Arc::new(read.all_paydays().months().observed(request.given_days()));
    wages_reach(&context, request)?;

    progress.step("looking for mistyped numbers", None);
    let not_found: Vec<(Stem, NaiveDate)> = not_found.into_iter().collect();
    let near_misses = near_misses::find(&inputs.earnings.files, &splits, &mut read, &not_found)?;
    let files = claims.files.iter().zip(&inputs.origins);
    let origins = files.flat_map(|(file, origin)| std::iter::repeat_n(*origin, file.rows)).collect();
    Ok(MatchedBatch {
        inputs,
        context,
        claims,
        register,
        register_csv,
        register_columns,
        read,
        held,
        splits,
        near_misses,
        origins,
    })
}

/// A claims file's own columns must not have the names of decided ones: the result could not tell them apart.
fn no_decided_columns(file: &Sniffed, table: &Table) -> Result<(), RunError> {
    let decided = crate::tables::layout::decided_names();
    match table.extra.iter().find(|name| decided.contains(name)) {
        Some(name) => {
            let problem = format!("the column `{name}` has the name of a column that the result adds");
            Err(file.source.error(problem, "rename it in the claims file").into())
        }
        None => Ok(()),
    }
}

/// Every column that `--columns` names must be in a file of its input: one that is in none is misspelt, and the column that
/// was meant would be passed over.
fn every_column_is_found(
    request: &ValidateRequest,
    claims: &ClaimsRead,
    register: Option<&ColumnsFound>,
    splits: &[Split],
    inputs: &RunInputs,
) -> Result<(), RunError> {
    let input_options = &request.input_options;
    let of_claims = input_options.claims.unused(claims.files.iter().map(|file| &file.columns));
    let of_register =
        if inputs.register.is_some() { input_options.register.unused(register.into_iter()) } else { None };
    // The names of JSON and of stores are known only when they are read.
    let are_all_known = splits.iter().all(|split| split.columns().is_some());
    let of_earnings = input_options.earnings.unused(splits.iter().filter_map(Split::columns)).filter(|_| are_all_known);
    let unused = [(Role::Claims, of_claims), (Role::Register, of_register), (Role::Earnings, of_earnings)];
    match unused.into_iter().find_map(|(role, name)| Some((role, name?))) {
        None => Ok(()),
        Some((role, name)) => Err(RunError::choice(
            format!("the file of --columns names the column `{name}`, which no file of the {} has", role.name()),
            "correct the name, or delete it from the file of --columns",
        )),
    }
}

/// The minimum wage must be known up to the cut-off: a rate is never guessed.
fn wages_reach(context: &DecisionContext, request: &ValidateRequest) -> Result<(), RunError> {
    let ends = context.wages.ends();
    let switched_off = context.scheme.settings.get(&Code::HRS03) == Some(&Setting::Off);
    match context.observed.cut_off {
        Some(cut_off) if ends < cut_off && !switched_off => Err(RunError::choice(
            format!(
                "the {} of the extract is {cut_off}, and the minimum wage is known until {ends}",
                if request.extract_to.is_some() { "end" } else { "latest payday" }
            ),
            "give --extract-to a day the table reaches (a mistyped payday may be the cause), or --set HRS03=off",
        )),
        Some(_) | None => Ok(()),
    }
}

impl MatchedBatch {
    /// The claims files, as outputs name them.
    pub(super) fn claims_files(&self) -> Vec<NamedClaimsFile> {
        let named = self.inputs.claims.iter().zip(&self.claims.files);
        let file = |(file, read): (&Sniffed, &ClaimsFile)| NamedClaimsFile {
            name: file.source.name.clone(),
            rows_before: read.rows_before,
        };
        named.map(file).collect()
    }

    /// What was taken for what in one of the earnings files.
    pub(super) fn earnings_columns(&self, file: u32) -> Option<ColumnNames> {
        let stored = || {
            let earlier = self.inputs.earnings.stores.iter().rfind(|(first, _)| *first <= file);
            let (first, store) = earlier?;
            store.manifest.files.get(usize::try_from(file - first).ok()?)?.column_names.clone()
        };
        let read = self.splits.iter().filter(|split| split.file() == file).find_map(Split::columns);
        let of_json = || usize::try_from(file).ok().and_then(|file| self.read.json.get(file))?.as_ref();
        read.or_else(of_json).map(ColumnsFound::account).or_else(stored)
    }

    /// The batch, ready to be decided.
    pub(super) fn batch<'a>(&'a self, history: &'a History) -> UnsettledBatch<'a> {
        let inputs = BatchInputs {
            claims: &self.claims.rows,
            registered: self.register.as_ref().map(|register| register.of_claims.as_slice()),
            near_misses: &self.near_misses,
            earlier: history.validated(),
            stage: Stage::EarningsRead,
            origins: &self.origins,
        };
        UnsettledBatch::new(&self.context, inputs)
    }

    /// Calls `work` for all claims, in the order given, with the payments of their people in memory: once if the
    /// payments of everyone fit, otherwise once for each pass over whole blocks.
    pub(super) fn with_payments(
        &self,
        claims: &[usize],
        progress: &dyn ProgressSink,
        mut work: impl FnMut(&[usize], &PaymentsByStem) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        let counted = match &self.held {
            PaymentsOrCounts::Everyone(payments) => return work(claims, payments),
            PaymentsOrCounts::Counted(counted) => counted,
        };
        for pass in counted.passes(claims, BLOCK_CLAIMS, |index| self.stem(*index)) {
            work(pass, &self.payments_of(pass, progress)?)?;
        }
        Ok(())
    }

    /// Reads the earnings once more, for the people of some claims.
    fn payments_of(&self, claims: &[usize], progress: &dyn ProgressSink) -> Result<PaymentsByStem, RunError> {
        progress.step("reading the earnings once more", self.splits.iter().map(Split::rows).sum());
        let people = claims.iter().filter_map(|index| Some(self.stem(*index)?.key())).collect();
        // The first pass looked at all rows and accepted them; of some of them more may be unreadable.
        let set_aside = Some(SetAsideShare::ALL);
        let births = Vec::new();
        let sought = EarningsQuery { people, births, paydays: false, most_bytes: None, set_aside, quarantine: None };
        match PaymentsByStem::kept(&self.inputs.earnings, &self.splits, &sought, &|rows| progress.advance(rows))? {
            (PaymentsOrCounts::Everyone(payments), _) => Ok(payments),
            (PaymentsOrCounts::Counted(_), _) => {
                Err(RunError::Untrusted("payments without a memory budget were not kept".into()))
            }
        }
    }

    /// The stem under which a claim's payments are sought, if they are.
    pub(super) fn stem(&self, index: usize) -> Option<Stem> {
        let claim = self.claims.rows.get(index)?;
        judge::person_sought(&self.context, claim).map(|(stem, _)| stem)
    }
}
