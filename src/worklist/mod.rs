//! Runs `sustain worklist`: what people must settle, oldest first.
//!
//! ```text
//!  open claims, payments in question ─ waiting ─┬─ analysts:  one list, with columns for the decision ─▶ sustain decide
//!  of the ledger                                └─ providers: a list each, with columns to reply in
//! ```

mod analysts;
mod place;
mod providers;
mod waiting;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::domain::count_of;
use crate::domain::withheld::shown;
use crate::error::RunError;
use crate::ledger::{Access, Ledger};
use crate::progress::ProgressSink;
use crate::staging::Existing;
use waiting::Waiting;

/// What people must settle.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Worklist {
    /// How many claims, by provider.
    pub claims: BTreeMap<String, u64>,
    /// What is claimed for them, in pence.
    pub claimed: i64,
    /// Since when the oldest is open.
    pub oldest: Option<String>,
    /// How many claims and payments are not listed because a decision keeps them as they are.
    pub kept: u64,
    /// Whether the lists are for providers.
    pub for_providers: bool,
}

/// Writes what people must settle: to a workbook or a CSV file for analysts, to a folder a workbook for each provider.
///
/// # Errors
/// The ledger cannot be trusted, something is in the place already, or it cannot be written.
pub fn run(folder: &Path, out: &Path, existing: Existing, progress: &dyn ProgressSink) -> Result<Worklist, RunError> {
    Ledger::refuse_within(folder, out, "--out")?;
    let ledger = Ledger::open(folder, Access::Read)?;
    let scheme = ledger.scheme()?;
    let waiting = Waiting::of(&ledger, &scheme)?;
    let kept = ledger.book.claims.iter().filter(|claim| waiting::is_to_be_settled(claim) && claim.is_kept());
    let mut list = Worklist {
        kept: count_of(kept.count()),
        oldest: waiting.first().and_then(|one| Some(one.claim.open_since?.to_string())),
        ..Worklist::default()
    };
    for one in &waiting {
        *list.claims.entry(shown(&one.claim.receipt.provider_id).to_owned()).or_default() += 1;
        list.claimed += one.claim.claimed;
    }
    match out.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("xlsx") => place::write_file(out, existing, &analysts::workbook(&waiting, &scheme)?)?,
        Some("csv") => place::write_file(out, existing, &analysts::csv(&waiting)?)?,
        Some(ending) if !out.is_dir() && ending.chars().all(char::is_alphabetic) => {
            return Err(RunError::choice(
                format!("a worklist is no .{ending} file"),
                "name a file that ends in .xlsx or .csv, or for a workbook for each provider a folder without an ending",
            ));
        }
        Some(_) | None => {
            list.for_providers = true;
            place::write_folder(out, existing, &providers::workbooks(&waiting, &scheme)?, progress)?;
        }
    }
    Ok(list)
}
