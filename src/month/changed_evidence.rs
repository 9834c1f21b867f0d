//! The claims whose payroll rows, and so their standing, may have changed since the month that decided them last.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::changes::{PayrollChanges, PayrollRows, changes, payroll_rows};
use super::decided::DecidedRow;
use super::record::{ConsideredRows, holds};
use super::sent::RowRole;
use crate::account::RunAccount;
use crate::error::{InputError, RunError};
use crate::judge::Verdict;
use crate::ledger::{Book, Ledger};
use crate::sealed::{self, OpenFolder};

/// For rows of claims that people decided on, the last payday of the rows that the decision was made on.
pub(super) fn days_of_decisions(book: &Book, roles: &[RowRole]) -> HashMap<u32, Option<NaiveDate>> {
    let day = |(row, role): (u32, &RowRole)| {
        let claim = book.claim(claim_of(*role)?)?;
        Some((row, claim.decision.as_ref()?.made.made_on.as_ref()?.up_to))
    };
    (1_u32..).zip(roles).filter_map(day).collect()
}

/// The claim of the ledger that a row is of and is decided for.
fn claim_of(role: RowRole) -> Option<i64> {
    match role {
        RowRole::Open(number) | RowRole::LookedAtAgain(number) => Some(number),
        RowRole::Received { .. } | RowRole::SentAgain(_) | RowRole::Repeated | RowRole::Unusable => None,
    }
}

/// Rows whose claims no longer stand as they did, by the month of the evidence that they are held to: there the row of each, and the row
/// now.
pub(super) struct ChangedEvidence(BTreeMap<u32, Vec<(u32, u32)>>);

impl ChangedEvidence {
    /// Those of a month.
    pub(super) fn of(
        book: &Book,
        roles: &[RowRole],
        decided: &HashMap<u32, DecidedRow>,
        considered: &HashMap<u32, ConsideredRows>,
        cut_off: Option<NaiveDate>,
    ) -> Self {
        let mut by_month: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
        for (row, role) in (1_u32..).zip(roles) {
            let Some(claim) = claim_of(*role).and_then(|number| book.claim(number)) else { continue };
            let (Some(last), Some(before)) = (&claim.verdict, claim.whole) else { continue };
            let Some(now) = decided.get(&row) else { continue };
            let considered = considered.get(&row).copied().unwrap_or_default();
            let decision = claim.decision.as_ref();
            let is_undone = decision.is_some_and(|decision| !holds(decision, considered, cut_off));
            let fell = match role {
                RowRole::LookedAtAgain(_) => now.verdict != Verdict::Validated,
                // An open claim is asked about where it is rejected on fewer rows than there were, or where rows were lost before.
                RowRole::Open(_)
                | RowRole::Received { .. }
                | RowRole::SentAgain(_)
                | RowRole::Repeated
                | RowRole::Unusable => {
                    let were_lost = before.event != last.event;
                    now.verdict == Verdict::Rejected && (were_lost || considered.rows < before.rows)
                }
            };
            if is_undone || (fell && decision.is_none()) {
                by_month.entry(before.month).or_default().push((before.row, row));
            }
        }
        Self(by_month)
    }

    /// What changed in the payroll rows of each.
    pub(super) fn changes(&self, ledger: &Ledger, now: &OpenFolder) -> Result<HashMap<u32, PayrollChanges>, RunError> {
        let rows_now: HashSet<u32> = self.0.values().flatten().map(|(_, row)| *row).collect();
        if rows_now.is_empty() {
            return Ok(HashMap::new());
        }
        let read = |run: &OpenFolder, rows: &HashSet<u32>| -> Result<PayrollRows, RunError> {
            payroll_rows(run, rows).map_err(|problem| {
                InputError::new(run.path().display().to_string(), problem, "verify the ledger").into()
            })
        };
        let current = read(now, &rows_now)?;
        let mut changed = HashMap::new();
        for (month, rows) in &self.0 {
            let run = sealed::open::<RunAccount>(&ledger.run_of(*month))?;
            let earlier = read(&run, &rows.iter().map(|(before, _)| *before).collect())?;
            let done = ledger.book.months.iter().find(|of| of.number == *month);
            let cut_off = done.and_then(|month| month.done.cut_off);
            for (before, now) in rows {
                let was = earlier.get(before).map(Vec::as_slice).unwrap_or_default();
                let is = current.get(now).map(Vec::as_slice).unwrap_or_default();
                changed.insert(*now, changes(was, is, cut_off));
            }
        }
        Ok(changed)
    }
}
