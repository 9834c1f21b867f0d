//! Proves a ledger: its chain, its balance, its views, every run and page it names, and every payment.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::balance::{AMOUNTS, Balance, BalanceKey};
use super::book::{Book, LedgerMonth};
use super::seal::is_sealed;
use super::store::{self, Store};
use super::{Access, Ledger, RUNS, page_of};
use crate::account::RunAccount;
use crate::error::{InputError, RunError};
use crate::hash::hash_of;
use crate::progress::ProgressSink;
use crate::verify::verify as verify_run;

/// What was proved of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerProof {
    /// How many events the chain has.
    pub events: i64,
    /// The hash it ends with.
    pub head: String,
    /// Whether the database is, byte for byte, what the last command left; where not, that command was killed after it had recorded,
    /// and the chain alone proves the ledger.
    pub sealed: bool,
    /// How many months were verified, each with its run and its page.
    pub months: u32,
    /// How many claims, each attempt counted.
    pub claims: usize,
    /// How many payments.
    pub payments: u64,
    /// How many recoveries, each of which answers one payment.
    pub recoveries: u64,
    /// The balance in all.
    pub balance: Balance,
    /// What lies in the folder of runs and was never recorded: the next month removes it.
    pub not_recorded: Vec<String>,
}

/// Proves a ledger.
///
/// # Errors
/// The first thing that is not as it was recorded.
pub fn verify(folder: &Path, progress: &dyn ProgressSink) -> Result<LedgerProof, RunError> {
    progress.step("reading the ledger", None);
    let sealed = is_sealed(folder)?;
    let ledger = Ledger::open(folder, Access::Read)?;
    let book = &ledger.book;
    let contradictions = book.total().contradictions();
    if !contradictions.is_empty() {
        return Err(store::damaged(folder, &format!("the balance does not add up: {}", contradictions.join("; "))));
    }
    ledger.store.is_sound()?;
    if ledger.store.balance_of_view()? != book.balance() {
        return Err(store::damaged(folder, "its views do not say what its events come to"));
    }
    paid_by_schedules(folder, book)?;
    for month in &book.months {
        progress.step("verifying the months", None);
        month_is_whole(folder, &ledger, month)?;
    }
    Ok(LedgerProof {
        events: book.last,
        head: book.head.clone(),
        sealed,
        months: book.month_number(),
        claims: book.claims.len(),
        payments: count(book, |claim| claim.paid.is_some()),
        recoveries: count(book, |claim| claim.recovered.is_some()),
        balance: book.total(),
        not_recorded: not_recorded(folder, book),
    })
}

fn count(book: &Book, wanted: impl Fn(&super::LedgerClaim) -> bool) -> u64 {
    crate::domain::count_of(book.claims.iter().filter(|claim| wanted(claim)).count())
}

/// Every schedule comes to what its lines come to.
fn paid_by_schedules(folder: &Path, book: &Book) -> Result<(), RunError> {
    let mut sums: BTreeMap<u32, (u64, u64, i64, i64)> = BTreeMap::new();
    for claim in &book.claims {
        if let Some(line) = claim.paid {
            let (payments, _, paid, _) = sums.entry(line.schedule).or_default();
            *payments += 1;
            *paid += line.pence;
        }
        if let Some(line) = claim.recovered {
            let (_, recoveries, _, recovered) = sums.entry(line.schedule).or_default();
            *recoveries += 1;
            *recovered -= line.pence;
        }
    }
    let made: BTreeMap<u32, (u64, u64, i64, i64)> = book
        .schedules
        .iter()
        .map(|schedule| {
            let made = &schedule.made;
            (made.schedule, (made.payments, made.recoveries, made.paid, made.recovered))
        })
        .collect();
    if sums == made { Ok(()) } else { Err(store::damaged(folder, "a payment schedule is not the sum of its lines")) }
}

fn month_is_whole(folder: &Path, ledger: &Ledger, month: &LedgerMonth) -> Result<(), RunError> {
    let path = ledger.run_of(month.number);
    let run = verify_run(&path).map_err(RunError::Unproven)?;
    let wrong = |problem: &str| {
        RunError::Unproven(InputError::new(path.display().to_string(), problem, "restore the folder from a copy"))
    };
    let RunAccount { fingerprint, seal, .. } = &run.account;
    if (fingerprint, seal) != (&month.done.fingerprint, &month.done.seal) {
        return Err(wrong("this is not the run that the ledger recorded for this month"));
    }
    match hash_of(&page_of(folder, month.number)) {
        Ok((_, hash)) if hash == month.done.page => Ok(()),
        Ok(_) => Err(wrong("the page of this month was changed")),
        Err(_) => Err(wrong("the page of this month cannot be read")),
    }
}

/// What lies in the folder of runs and belongs to no month.
fn not_recorded(folder: &Path, book: &Book) -> Vec<String> {
    let known = |name: &str| {
        let number = name.strip_suffix(".html").unwrap_or(name);
        number.parse::<u32>().is_ok_and(|number| (1..=book.month_number()).contains(&number))
    };
    let entries = std::fs::read_dir(folder.join(RUNS)).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut unknown: Vec<String> = names.filter(|name| !known(name)).collect();
    unknown.sort();
    unknown
}

impl Store {
    /// Holds the database to its own structure.
    fn is_sound(&self) -> Result<(), RunError> {
        let failed = |error: &rusqlite::Error| store::damaged(self.folder(), &store::why(error));
        let said = self.connection().query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
        match said.as_deref() {
            Ok("ok") => Ok(()),
            Ok(_) => Err(store::damaged(self.folder(), "its database is damaged")),
            Err(error) => Err(failed(error)),
        }
    }

    /// The balance as the view of the database has it.
    fn balance_of_view(&self) -> Result<BTreeMap<BalanceKey, Balance>, RunError> {
        let failed = |error: rusqlite::Error| store::damaged(self.folder(), &store::why(&error));
        let query = format!("SELECT provider_id, contract_id, month, claims, {} FROM balance", AMOUNTS.join(", "));
        let mut statement = self.connection().prepare(&query).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        let mut balance = BTreeMap::new();
        while let Some(row) = rows.next().map_err(failed)? {
            let mut amounts = [0_i64; 11];
            for (number, amount) in amounts.iter_mut().enumerate() {
                *amount = row.get(4 + number).map_err(failed)?;
            }
            let key = || Ok((row.get(0)?, row.get(1)?, row.get(2)?));
            let claims = row.get(3).map_err(failed)?;
            balance.insert(key().map_err(failed)?, Balance::of_amounts(claims, amounts));
        }
        Ok(balance)
    }
}
