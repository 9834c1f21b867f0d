//! `sustain ledger`

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::exit::Exit;
use super::named_scheme;
use super::progress::{NotesOnly, TerminalProgress};
use super::screen::{Screen, number};
use super::shared::{ReplaceArgument, SuppliedValues};
use crate::domain::withheld::shown;
use crate::domain::{Pence, count_of};
use crate::error::RunError;
use crate::ledger::balance::{AMOUNTS, Balance};
use crate::ledger::state::ClaimState;
use crate::ledger::{Access, Book, Ledger, LedgerClaim, NewLedger, export, verify};
use crate::staging::place_of;

/// `sustain ledger`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain ledger new poc --scheme lse-poc-2017 --param unit_price=1000 --four-eyes
  sustain ledger show poc
  sustain ledger show poc C-0042
  sustain ledger balance poc
  sustain ledger verify poc
  sustain ledger export poc --out poc-parquet

A ledger is a folder: ledger.sqlite, to which events are only ever added, and the run of every month. It holds what claims files
hold, and only its owner can read it. Exit codes: 0; 2 the command line or an input could not be used; 3 the ledger cannot be
trusted, or could not be written.")]
pub struct LedgerOptions {
    /// What to do
    #[command(subcommand)]
    pub command: LedgerCommand,
}

/// The verbs of `sustain ledger`.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Make a ledger for a scheme
    New {
        /// The folder of the ledger, which is not there yet
        ledger: PathBuf,
        /// A built-in scheme (`sustain schemes` lists them) or a scheme file; it holds for the life of the ledger
        #[arg(long, value_name = "SCHEME")]
        scheme: String,
        /// Values for the parameters of the scheme.
        #[command(flatten)]
        supplied: SuppliedValues,
        /// Ask for a second person behind every decision that pays
        #[arg(long)]
        four_eyes: bool,
    },
    /// Show what the ledger holds, or the history of one claim
    Show {
        /// The folder of the ledger
        ledger: PathBuf,
        /// The provider's number for a claim; of several providers, PROVIDER/CLAIM
        claim: Option<String>,
    },
    /// Add everything up, to the penny: in all, by provider, contract and the month in which claims were received
    Balance {
        /// The folder of the ledger
        ledger: PathBuf,
    },
    /// Prove the chain of events, the balance, every run it names, and every payment
    Verify {
        /// The folder of the ledger
        ledger: PathBuf,
    },
    /// Write all of it as Parquet, for DuckDB, pandas and R
    Export {
        /// The folder of the ledger
        ledger: PathBuf,
        /// Where the files go: a directory that is not there yet
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Whether an export that is already there gives way.
        #[command(flatten)]
        replacing: ReplaceArgument,
    },
}

/// Works with a ledger.
///
/// # Errors
/// As the functions of [`crate::ledger`].
pub fn run(options: &LedgerOptions, screen: &Screen) -> Result<Exit, RunError> {
    match &options.command {
        LedgerCommand::New { ledger, scheme, supplied, four_eyes } => {
            let scheme = named_scheme::named(scheme, &supplied.param)?;
            let folder = place_of(ledger, &NotesOnly(screen))?;
            let parameters = supplied.param.iter().cloned().collect();
            NewLedger { folder, scheme: scheme.clone(), parameters, four_eyes: *four_eyes }.make(&NotesOnly(screen))?;
            let shown = ledger.display();
            screen.say(&format!(
                "{shown}: a ledger for {}\n  sustain month {shown} --claims CLAIMS --register REGISTER --earnings EARNINGS",
                scheme.id
            ));
        }
        LedgerCommand::Show { ledger, claim } => show(&Ledger::open(ledger, Access::Read)?, claim.as_deref(), screen)?,
        LedgerCommand::Balance { ledger } => balance(&Ledger::open(ledger, Access::Read)?, screen),
        LedgerCommand::Verify { ledger } => return proved(ledger, screen),
        LedgerCommand::Export { ledger, out, replacing } => {
            let progress = TerminalProgress::new(screen);
            let account = export::export(ledger, &place_of(out, &NotesOnly(screen))?, replacing.existing(), &progress);
            progress.done();
            let account = account?;
            if screen.json {
                screen.print_json(&account);
            } else {
                let rows = account.outputs.iter().map(|output| vec![format!("  {}", output.name), number(output.rows)]);
                screen.say(&format!("{}\n{}", out.display(), screen.table(&[1], rows.collect())));
            }
        }
    }
    Ok(Exit::Stands)
}

/// Proves a ledger and says what was proved.
///
/// # Errors
/// As [`verify::verify`].
pub(super) fn proved(ledger: &Path, screen: &Screen) -> Result<Exit, RunError> {
    let progress = TerminalProgress::new(screen);
    let proof = verify::verify(ledger, &progress);
    progress.done();
    let proof = proof?;
    if screen.json {
        screen.print_json(&proof);
    } else {
        screen.say(&format!("{}: verified. {}", ledger.display(), proof_text(&proof)));
    }
    Ok(Exit::Stands)
}

fn proof_text(proof: &verify::LedgerProof) -> String {
    let mut text = format!(
        "{} events, {} claims, {} months with their runs, {} payments and {} recoveries are as they were recorded; the balance adds up",
        number(u64::try_from(proof.events).unwrap_or(0)),
        number(count_of(proof.claims)),
        proof.months,
        number(proof.payments),
        number(proof.recoveries),
    );
    if !proof.sealed {
        text += "\n  the last command was ended before it could seal the file, or somebody reads it now; the chain of events proves it";
    }
    if !proof.not_recorded.is_empty() {
        text += &format!("\n  not recorded, and removed by the next month: {}", proof.not_recorded.join(", "));
    }
    text
}

/// A line of the balance as JSON.
#[derive(Debug, Serialize)]
struct BalanceLine {
    provider_id: String,
    contract_id: String,
    month: u32,
    #[serde(flatten)]
    balance: Balance,
}

/// The balance as JSON; amounts are pence.
#[derive(Debug, Serialize)]
struct BalanceAccount {
    total: Balance,
    lines: Vec<BalanceLine>,
}

fn balance(ledger: &Ledger, screen: &Screen) {
    let total = ledger.book.total();
    let lines = ledger.book.balance();
    if screen.json {
        let lines = lines.into_iter().map(|((provider_id, contract_id, month), balance)| BalanceLine {
            provider_id,
            contract_id,
            month,
            balance,
        });
        screen.print_json(&BalanceAccount { total, lines: lines.collect() });
        return;
    }
    let heads =
        ["provider", "contract", "month", "claims"].into_iter().chain(AMOUNTS).map(|head| head.replace('_', " "));
    let mut rows = vec![heads.collect::<Vec<String>>()];
    let row = |first: [String; 3], balance: &Balance| {
        let amounts = balance.amounts().map(|pence| Pence(pence).to_string());
        first.into_iter().chain([balance.claims.to_string()]).chain(amounts).collect()
    };
    for ((provider, contract, month), balance) in &lines {
        rows.push(row([shown(provider).to_owned(), shown(contract).to_owned(), month.to_string()], balance));
    }
    rows.push(row(["in all".to_owned(), String::new(), String::new()], &total));
    let right: Vec<usize> = (2..15).collect();
    let explained = "claimed = payable + rejected + withdrawn + lapsed + open; payable = due + paid; paid = stands + recovered + to \
                     recover. What is claimed beyond the scheme's price counts as rejected; an attempt that a correction replaced \
                     does not count.";
    screen.print(&format!("{}\n\n{}", screen.table(&right, rows), screen.wrap(explained, 2)));
}

/// What a ledger holds, as JSON.
#[derive(Debug, Serialize)]
struct LedgerSummary<'a> {
    scheme: &'a str,
    four_eyes: bool,
    events: i64,
    head: &'a str,
    months: Vec<MonthLine>,
    claims: Vec<(&'static str, usize)>,
    schedules: Vec<ScheduleLine>,
}

#[derive(Debug, Serialize)]
struct MonthLine {
    month: u32,
    cut_off: Option<String>,
    run: String,
}

#[derive(Debug, Serialize)]
struct ScheduleLine {
    schedule: u32,
    day: Option<String>,
    payments: u64,
    recoveries: u64,
    paid: i64,
    recovered: i64,
    written: bool,
}

fn show(ledger: &Ledger, claim: Option<&str>, screen: &Screen) -> Result<(), RunError> {
    match claim {
        None => show_all(ledger, screen),
        Some(id) => show_claim(&ledger.book, id, screen),
    }
}

fn show_all(ledger: &Ledger, screen: &Screen) -> Result<(), RunError> {
    let book = &ledger.book;
    let opening = ledger.opening()?;
    let of_state = |state: ClaimState| book.claims.iter().filter(|claim| claim.state == state).count();
    let months = book.months.iter().map(|month| MonthLine {
        month: month.number,
        cut_off: month.done.cut_off.map(|day| day.to_string()),
        run: month.done.fingerprint.clone(),
    });
    let schedules = book.schedules.iter().map(|schedule| ScheduleLine {
        schedule: schedule.made.schedule,
        day: schedule.day.map(|day| day.to_string()),
        payments: schedule.made.payments,
        recoveries: schedule.made.recoveries,
        paid: schedule.made.paid,
        recovered: schedule.made.recovered,
        written: schedule.is_written,
    });
    let summary = LedgerSummary {
        scheme: &opening.scheme,
        four_eyes: opening.four_eyes,
        events: book.last,
        head: &book.head,
        months: months.collect(),
        claims: ClaimState::ALL.map(|state| (state.name(), of_state(state))).to_vec(),
        schedules: schedules.collect(),
    };
    if screen.json {
        screen.print_json(&summary);
        return Ok(());
    }
    let eyes = if summary.four_eyes { ", four eyes" } else { "" };
    let mut rows = vec![vec!["claims".to_owned(), "number".to_owned(), "claimed".to_owned()]];
    for state in ClaimState::ALL {
        let own = book.claims.iter().filter(|claim| claim.state == state);
        let claimed = own.clone().map(|claim| claim.claimed).sum();
        rows.push(vec![state.name().replace('_', " "), number(count_of(own.count())), Pence(claimed).to_string()]);
    }
    let mut text = format!(
        "{}: {}{eyes}, {} events\n{}",
        ledger.folder().display(),
        summary.scheme,
        number(u64::try_from(summary.events).unwrap_or(0)),
        screen.table(&[1, 2], rows)
    );
    for month in &summary.months {
        let day = month.cut_off.as_deref().unwrap_or("no day");
        text += &format!("\n  month {}: extract to {day}, run {}", month.month, short(&month.run));
    }
    for one in &summary.schedules {
        let written = if one.written { "" } else { "; its files were not put in their place, sustain pay writes them" };
        text += &format!(
            "\n  schedule {}: {} payments {}, {} recoveries {}{written}",
            one.schedule,
            number(one.payments),
            Pence(one.paid),
            number(one.recoveries),
            Pence(one.recovered)
        );
    }
    screen.print(&text);
    Ok(())
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

fn show_claim(book: &Book, id: &str, screen: &Screen) -> Result<(), RunError> {
    let (provider, number_of_claim) = match id.rsplit_once('/') {
        Some((provider, claim_id)) if !book.attempts(provider, claim_id).is_empty() => (Some(provider), claim_id),
        Some(_) | None => (None, id),
    };
    let found: Vec<&LedgerClaim> = book
        .claims
        .iter()
        .filter(|claim| claim.receipt.claim_id == number_of_claim)
        .filter(|claim| provider.is_none_or(|provider| claim.receipt.provider_id == provider))
        .collect();
    if found.is_empty() {
        return Err(RunError::choice(
            format!("the ledger has no claim {}", shown(id)),
            "sustain ledger export writes all of them",
        ));
    }
    let told: Vec<ClaimHistory> = found.iter().map(|claim| ClaimHistory::of(claim)).collect();
    if screen.json {
        screen.print_json(&told);
        return Ok(());
    }
    let text: Vec<String> = told.iter().map(|claim| claim.to_text(screen)).collect();
    screen.print(&text.join("\n\n"));
    Ok(())
}

/// What became of one attempt at a claim.
#[derive(Debug, Serialize)]
struct ClaimHistory {
    provider_id: String,
    contract_id: String,
    claim_id: String,
    attempt: u32,
    outcome: String,
    received_in: u32,
    state: &'static str,
    claimed: i64,
    payable: i64,
    verdict: Option<String>,
    reasons: Vec<String>,
    decided_in: Option<u32>,
    recheck_on: Option<String>,
    changed: Option<String>,
    decision: Option<String>,
    reason: Option<String>,
    evidence: Option<String>,
    decided_by: Option<String>,
    checked_by: Option<String>,
    decided_on: Option<String>,
    until: Option<String>,
    why: Option<String>,
    paid: Option<i64>,
    paid_on: Option<String>,
    paid_in: Option<u32>,
    recovered: Option<i64>,
    recovered_on: Option<String>,
    recovered_in: Option<u32>,
}

impl ClaimHistory {
    fn of(claim: &LedgerClaim) -> Self {
        let receipt = &claim.receipt;
        let given = claim.verdict.as_ref().map(|verdict| &verdict.given);
        let made = claim.decision.as_ref().map(|decision| &decision.made);
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
        Self {
            provider_id: shown(&receipt.provider_id).to_owned(),
            contract_id: shown(&receipt.contract_id).to_owned(),
            claim_id: shown(&receipt.claim_id).to_owned(),
            attempt: receipt.attempt,
            outcome: shown(&receipt.outcome).to_owned(),
            received_in: claim.received_in,
            state: claim.state.name(),
            claimed: claim.claimed,
            payable: claim.payable,
            verdict: given.map(|given| given.verdict.clone()),
            reasons: given.map(|given| given.reasons.clone()).unwrap_or_default(),
            decided_in: claim.verdict.as_ref().map(|verdict| verdict.month),
            recheck_on: given.and_then(|given| day(given.recheck_on)),
            changed: given.and_then(|given| given.changed.clone()),
            decision: made.map(|made| made.decision.name().to_owned()),
            reason: made.map(|made| made.reason.clone()),
            evidence: made.map(|made| made.evidence_reference.clone()),
            decided_by: made.map(|made| made.decided_by.clone()),
            checked_by: made.and_then(|made| made.checked_by.clone()),
            decided_on: claim.decision.as_ref().and_then(|decision| day(decision.day)),
            until: made.and_then(|made| day(made.until)),
            why: claim.why.clone(),
            paid: claim.paid.map(|line| line.pence),
            paid_on: claim.paid.and_then(|line| day(line.day)),
            paid_in: claim.paid.map(|line| line.schedule),
            recovered: claim.recovered.map(|line| -line.pence),
            recovered_on: claim.recovered.and_then(|line| day(line.day)),
            recovered_in: claim.recovered.map(|line| line.schedule),
        }
    }

    fn to_text(&self, screen: &Screen) -> String {
        let mut lines = vec![format!(
            "claim {} of {}, attempt {}: {}",
            self.claim_id,
            self.provider_id,
            self.attempt,
            screen.heading(&self.state.replace('_', " "))
        )];
        let claimed = Pence(self.claimed);
        lines.push(format!("  received in month {} for {}, {claimed} claimed", self.received_in, self.outcome));
        if let (Some(verdict), Some(month)) = (&self.verdict, self.decided_in) {
            let reasons =
                if self.reasons.is_empty() { String::new() } else { format!(" ({})", self.reasons.join(", ")) };
            lines.push(format!("  {verdict}{reasons} in month {month}; sustain explain says why"));
        }
        lines.extend(self.recheck_on.iter().map(|day| format!("  a later extract can settle it from {day} on")));
        lines.extend(self.changed.iter().map(|what| format!("  changed: {what}")));
        if let (Some(decision), Some(by), Some(day)) = (&self.decision, &self.decided_by, &self.decided_on) {
            let second = self.checked_by.as_ref().map_or_else(String::new, |second| format!(" and {second}"));
            let until = self.until.as_ref().map_or_else(String::new, |day| format!(", until {day}"));
            let (reason, evidence) = (self.reason.as_deref().unwrap_or(""), self.evidence.as_deref().unwrap_or(""));
            lines.push(format!("  decided on {day} by {by}{second}: {decision}, {reason}, {evidence}{until}"));
        }
        lines.extend(self.why.iter().map(|why| format!("  {why}")));
        if let (Some(paid), Some(schedule)) = (self.paid, self.paid_in) {
            let day = self.paid_on.as_deref().unwrap_or("a day that was not given");
            lines.push(format!("  {} paid on {day} by schedule {schedule}", Pence(paid)));
        }
        if let (Some(recovered), Some(schedule)) = (self.recovered, self.recovered_in) {
            let day = self.recovered_on.as_deref().unwrap_or("a day that was not given");
            lines.push(format!("  {} recovered on {day} by schedule {schedule}", Pence(recovered)));
        }
        lines.join("\n")
    }
}
