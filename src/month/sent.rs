//! The claims that providers sent in a month, and what each is to the ledger.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::{Claim, Tally};
use crate::error::RunError;
use crate::extract::file_options::FileOptions;
use crate::extract::{paths, table};
use crate::ledger::state::ClaimState;
use crate::ledger::{Book, Cells, LedgerClaim};
use crate::matching::ClaimsRead;

/// What a row of the month's batch is to the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowRole {
    /// A claim whose number the ledger does not have, or not for a claim that is still to be settled.
    Received {
        /// Which attempt of its number it is.
        attempt: u32,
        /// The attempt that it takes the place of.
        replaces: Option<i64>,
    },
    /// A claim that is open: carried, or sent again as it was.
    Open(i64),
    /// A claim that is due or was paid, looked at again.
    LookedAtAgain(i64),
    /// A claim sent again that is due or was paid.
    SentAgain(i64),
    /// A further row of a number that another row of the month has.
    Repeated,
    /// A row without a claim number or a provider, or one that is no record.
    Unusable,
}

impl RowRole {
    /// The name under which a month counts such rows.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Received { attempt: 1, .. } => "new",
            Self::Received { .. } => "corrected",
            Self::Open(_) => "carried",
            Self::LookedAtAgain(_) => "looked_at_again",
            Self::SentAgain(_) => "sent_again",
            Self::Repeated => "repeated",
            Self::Unusable => "unusable",
        }
    }
}

/// The claims that providers sent.
#[derive(Default)]
pub(super) struct SentClaims {
    /// A claim for every row of every file, in order.
    pub(super) rows: Vec<Claim>,
    /// The names of the files' other columns.
    pub(super) extra: Vec<String>,
    /// The hashes of the files.
    pub(super) hashes: Vec<String>,
}

impl SentClaims {
    /// Reads the claims that providers sent.
    pub(super) fn read(claims: &[PathBuf], options: &Arc<FileOptions>) -> Result<Self, RunError> {
        let files = paths::batch(claims, &Claim::COLUMNS, options)?.files;
        let tables = files.iter().map(|file| table::read(file, &Claim::COLUMNS)).collect::<Result<Vec<_>, _>>()?;
        let ClaimsRead { rows, extra, .. } = ClaimsRead::parsed(tables);
        Ok(Self { rows, extra, hashes: files.iter().map(|file| file.hash.clone()).collect() })
    }

    /// What each row is to the ledger.
    pub(super) fn roles<'a>(&'a self, book: &Book) -> Vec<RowRole> {
        let mut seen = BTreeSet::new();
        let role = |claim: &'a Claim| {
            let Some(key @ (provider_id, claim_id)) = claim.provider_id().zip(claim.claim_id()) else {
                return RowRole::Unusable;
            };
            if !seen.insert(key) {
                return RowRole::Repeated;
            }
            let attempts = book.attempts(provider_id, claim_id);
            let attempt = u32::try_from(attempts.len()).unwrap_or(u32::MAX).saturating_add(1);
            match attempts.last() {
                None => RowRole::Received { attempt, replaces: None },
                Some(last) if last.state == ClaimState::Open && self.is_same(claim, last) => RowRole::Open(last.number),
                Some(last) if last.state.is_looked_at_again() => RowRole::SentAgain(last.number),
                Some(last) => RowRole::Received { attempt, replaces: replaced(last) },
            }
        };
        self.rows.iter().map(role).collect()
    }

    /// Whether a claim says what an earlier one said, however its cells are written.
    fn is_same(&self, claim: &Claim, earlier: &LedgerClaim) -> bool {
        let cells = &earlier.receipt.cells;
        let further = self.extra.iter().map(|name| cells.get(name));
        let cell = |name: &'static str| cells.get(name);
        let earlier = Claim::read_with_extra(claim.row, cell, further, &mut Tally::default());
        let own = self.cells(claim);
        let own_extra = self.extra.iter().map(|name| own.get(name));
        let own = Claim::read_with_extra(claim.row, |name| own.get(name), own_extra, &mut Tally::default());
        own.says_the_same(&earlier)
    }

    /// The cells of a claim that hold something, written so that they read the same in every later month: days, amounts and hours
    /// in one way, whatever the file and its options were.
    pub(super) fn cells(&self, claim: &Claim) -> Cells {
        let own = (0..Claim::COLUMNS.len()).map(|number| claim.row_text().cell(number).map(Cow::Borrowed));
        let mut own: Vec<Option<Cow<'_, str>>> = own.collect();
        let days = [
            ("date_of_birth", &claim.date_of_birth),
            ("job_start_date", &claim.job_start_date),
            ("job_end_date", &claim.job_end_date),
            ("outcome_date", &claim.outcome_date),
            ("claim_date", &claim.claim_date),
        ];
        let mut given = |column: &'static str, value: Option<String>| {
            let place = Cells::place_of(column).and_then(|place| own.get_mut(place));
            if let (Some(place), Some(value)) = (place, value) {
                *place = Some(Cow::Owned(value));
            }
        };
        for (column, day) in days {
            given(column, day.given().map(ToString::to_string));
        }
        given("hours_per_week", claim.hours_per_week.given().map(ToString::to_string));
        given("amount_claimed", claim.amount_claimed.given().map(|amount| amount.plain()));
        let further = self.extra.iter().enumerate();
        let further = further.filter_map(|(number, name)| Some((name.as_str(), claim.extra(number)?)));
        Cells::new(own.iter().map(Option::as_deref), further)
    }
}

/// The attempt whose place a correction takes: one that was not paid. What was paid and recovered stays as it is.
fn replaced(last: &LedgerClaim) -> Option<i64> {
    matches!(last.state, ClaimState::Open | ClaimState::Rejected | ClaimState::Withdrawn | ClaimState::Lapsed)
        .then_some(last.number)
}
