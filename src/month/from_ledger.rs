//! The claims that the ledger brings to a month, written as claims files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use chrono::NaiveDate;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use rayon::prelude::*;

use super::sent::RowRole;
use crate::batch::{ClaimOrigin, EarlierClaim, EarlierOutcomes};
use crate::domain::{Claim, Nino, NinoText, Pence};
use crate::error::RunError;
use crate::extract::row_batch::text_batch;
use crate::ledger::state::ClaimState;
use crate::ledger::{Book, LedgerClaim};
use crate::scheme::{Scheme, ledger_terms};

/// The claims of the ledger that a month decides.
pub(super) struct ClaimsFromLedger<'a> {
    /// Open claims that nobody sent again.
    pub(super) open: Vec<&'a LedgerClaim>,
    /// Claims that are due, or were paid within the scheme's recovery time.
    pub(super) looked_at_again: Vec<&'a LedgerClaim>,
}

impl<'a> ClaimsFromLedger<'a> {
    /// Those of a book, beside the rows that providers sent; `day` is the day the month speaks for, as far as it is known.
    pub(super) fn of(book: &'a Book, sent: &[RowRole], scheme: &Scheme, day: Option<NaiveDate>) -> Self {
        let taken: BTreeSet<i64> = sent
            .iter()
            .filter_map(|role| match role {
                RowRole::Open(number) | RowRole::Received { replaces: Some(number), .. } => Some(*number),
                RowRole::Received { replaces: None, .. }
                | RowRole::LookedAtAgain(_)
                | RowRole::SentAgain(_)
                | RowRole::Repeated
                | RowRole::Unusable => None,
            })
            .collect();
        let open = book.claims.iter().filter(|claim| claim.state == ClaimState::Open && !taken.contains(&claim.number));
        let again =
            book.claims.iter().filter(|claim| claim.state.is_looked_at_again() && is_recoverable(claim, scheme, day));
        Self { open: open.collect(), looked_at_again: again.collect() }
    }

    /// Writes the claims as files in a folder: what is open and what is looked at again, each where there is any.
    pub(super) fn write(&self, folder: &Path) -> Result<Vec<(PathBuf, ClaimOrigin)>, RunError> {
        let mut files = Vec::new();
        let kinds = [
            ("carried.parquet", &self.open, ClaimOrigin::Carried),
            ("looked-at-again.parquet", &self.looked_at_again, ClaimOrigin::LookedAtAgain),
        ];
        for (name, claims, origin) in kinds.into_iter().filter(|(_, claims, _)| !claims.is_empty()) {
            let path = folder.join(name);
            write(&path, claims)
                .ok_or_else(|| RunError::Untrusted(format!("{name} could not be written; is the disk full?")))?;
            files.push((path, origin));
        }
        Ok(files)
    }

    /// What the rows of those files are to the ledger, in their order.
    pub(super) fn roles(&self) -> impl Iterator<Item = RowRole> + '_ {
        let open = self.open.iter().map(|claim| RowRole::Open(claim.number));
        open.chain(self.looked_at_again.iter().map(|claim| RowRole::LookedAtAgain(claim.number)))
    }
}

/// Whether a payment is within the scheme's recovery time; what is due always is.
fn is_recoverable(claim: &LedgerClaim, scheme: &Scheme, day: Option<NaiveDate>) -> bool {
    let limit = ledger_terms::on(scheme.ledger.recovery_days.as_ref(), day);
    let paid_on = claim.paid.and_then(|line| line.day);
    match (limit, paid_on, day) {
        (Some(limit), Some(paid_on), Some(day)) => (day - paid_on).num_days() <= i64::from(limit),
        _ => true,
    }
}

fn write(path: &Path, claims: &[&LedgerClaim]) -> Option<()> {
    let own = Claim::COLUMNS.iter().map(|column| column.name.to_owned());
    let further: BTreeSet<&str> = claims.iter().flat_map(|claim| claim.receipt.cells.further_columns()).collect();
    let names: Vec<String> = own.chain(further.into_iter().map(str::to_owned)).collect();
    let column = |name: &String| {
        let cells = claims.iter().map(|claim| claim.receipt.cells.get(name));
        Arc::new(cells.collect::<StringArray>()) as ArrayRef
    };
    let batch = text_batch(&names, names.par_iter().map(column).collect())?;
    let file = std::fs::File::create_new(path).ok()?;
    // The file is read once and gone: it is worth neither dictionaries nor statistics.
    let plain = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .build();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(plain)).ok()?;
    writer.write(&batch).ok()?;
    writer.close().ok().map(|_| ())
}

/// What the ledger holds as due or paid: another claim for the same is refused, with claim, day and amount.
pub(super) fn earlier(book: &Book, scheme: &Scheme) -> EarlierOutcomes {
    let mut earlier = EarlierOutcomes::default();
    earlier.add_ledger();
    for month in &book.months {
        let own =
            book.claims.iter().filter(|claim| claim.received_in == month.number && claim.state.holds_its_outcome());
        let day = month.done.cut_off.map_or_else(|| "no day".to_owned(), |day| day.to_string());
        let name = format!("month {} of the ledger (extract to {day})", month.number);
        earlier.add_run(&name, own.map(|claim| earlier_claim(claim, scheme)));
    }
    earlier
}

fn earlier_claim(claim: &LedgerClaim, scheme: &Scheme) -> EarlierClaim {
    let receipt = &claim.receipt;
    let id = scheme.outcome(&receipt.outcome).map_or(receipt.outcome.as_str(), |outcome| outcome.id.as_str());
    EarlierClaim {
        claim_id: Some(receipt.claim_id.as_str().into()),
        participant_id: Some(receipt.participant_id.as_str()).filter(|id| !id.is_empty()).map(Into::into),
        person: receipt.cells.get("nino").and_then(|nino| NinoText::read(nino).well_formed().map(Nino::stem)),
        outcome: id.into(),
        achieved_on: claim.verdict.as_ref().and_then(|verdict| verdict.given.achieved_on),
        payable: Some(Pence(claim.payable)),
        claimed: Some(Pence(claim.claimed)),
        paid_on: claim.paid.and_then(|line| line.day),
    }
}
