//! Provider packs: for each provider a table and a page of its own claims, and nothing of another provider's.
//!
//! ```text
//!  claim files ─ claims ─▶ claims by provider ─ disclosed ─▶ plain reasons, what to send ─┬─▶ PROVIDER.csv
//!                                                                                    └─▶ PROVIDER.html
//! ```

mod disclosed;
mod page;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::account::{OutputAccount, Program, RunAccount};
use crate::domain::withheld::shown;
use crate::domain::{Masked, count_of as count};
use crate::error::{InputError, RunError};
use crate::judge::Verdict;
use crate::progress::ProgressSink;
use crate::reopen::{ResultRow, each_batch};
use crate::sealed::{self, OpenFolder, SealedAccount, sealed_text};
use crate::staging::{self, Existing, Staging};
use crate::staging::{are_whole, write_text};
use crate::verify::{VerifiedRun, verify};

/// The account of the packs.
const FILE: &str = "packs.json";

/// A request to write packs.
#[derive(Debug, Clone)]
pub struct PacksRequest {
    /// The finished run.
    pub run: PathBuf,
    /// Whether earnings are disclosed.
    pub with_earnings: bool,
    /// Where the packs go.
    pub out: PathBuf,
    /// What to do with packs that are already there.
    pub existing: Existing,
}

/// The account of the packs of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PacksAccount {
    /// The program that wrote them.
    pub program: Program,
    /// The run, by fingerprint.
    pub run: String,
    /// Whether earnings are disclosed.
    pub with_earnings: bool,
    /// The packs, by provider: their claims add up to those of the run.
    pub providers: Vec<PackAccount>,
    /// The files that were written.
    pub outputs: Vec<OutputAccount>,
    /// BLAKE3 of this account as it is written with the seal left empty, so that a change of any part of it shows.
    pub seal: String,
}

impl SealedAccount for PacksAccount {
    const FILE: &'static str = FILE;
    const NAME: &'static str = "name the directory of packs";
    const AGAIN: &'static str = "the packs were changed or are not whole: write them again";

    fn outputs(&self) -> &[OutputAccount] {
        &self.outputs
    }

    fn seal_mut(&mut self) -> &mut String {
        &mut self.seal
    }
}

impl PacksAccount {
    /// Whether these are the packs this program writes of a run.
    fn is_of(&self, run: &RunAccount, request: &PacksRequest) -> bool {
        (&self.run, self.with_earnings, &self.program) == (&run.fingerprint, request.with_earnings, &Program::this())
    }
}

/// One provider's pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackAccount {
    /// The provider; empty for claims that name none.
    pub provider_id: String,
    /// The name of its files, without what they end in.
    pub name: String,
    /// How many claims are in it.
    pub claims: u64,
}

/// A claim as it is disclosed to its provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PackClaim {
    /// The row's number in the claims file.
    pub(crate) row: u32,
    /// Its cells and what was decided, by column.
    pub(crate) cells: Masked<BTreeMap<String, String>>,
    /// Failing rules: code, severity, message.
    pub(crate) reasons: Vec<(String, String, String)>,
}

impl PackClaim {
    /// The value of a column; empty where there is none.
    pub(crate) fn cell(&self, column: &str) -> &str {
        self.cells.0.get(column).map_or("", String::as_str)
    }
}

/// The columns of a claim file that are read for a pack.
const COLUMNS: [&str; 19] = [
    "claim_id",
    "provider_id",
    "contract_id",
    "participant_id",
    "outcome",
    "job_start_date",
    "claim_date",
    "amount_claimed",
    "verdict",
    "reasons",
    "achieved_on",
    "recheck_on",
    "payable",
    "pay_in_window",
    "employer",
    "first_cover",
    "last_cover",
    "claim_row",
    "yes_days",
];

/// Writes a pack for each provider.
///
/// # Errors
/// The run cannot be verified, or the packs cannot be written; nothing was published then.
pub fn run(request: &PacksRequest, progress: &dyn ProgressSink) -> Result<PacksAccount, RunError> {
    let VerifiedRun { folder, account } = verify(&request.run).map_err(RunError::Unproven)?;
    if request.out.exists() {
        let there =
            sealed::open::<PacksAccount>(&request.out).and_then(|folder| sealed::read::<PacksAccount>(&folder)).ok();
        match there {
            Some(packs) if packs.is_of(&account, request) && are_whole(&request.out, &packs.outputs) => {
                Staging::sweep(&request.out, progress);
                return Ok(packs);
            }
            Some(packs) if request.existing == Existing::Replace => {
                let own: Vec<&str> = packs.outputs.iter().map(|output| output.name.as_str()).chain([FILE]).collect();
                staging::only_holds(&request.out, &own)?;
            }
            Some(_) | None => return Err(staging::already_there(&request.out)),
        }
    }
    let by_provider = claims(request, &folder)?;
    let staging = Staging::beside(&request.out, progress)?;
    let mut packs = PacksAccount {
        program: Program::this(),
        run: account.fingerprint.clone(),
        with_earnings: request.with_earnings,
        providers: Vec::new(),
        outputs: Vec::new(),
        seal: String::new(),
    };
    let mut names = BTreeSet::new();
    for (provider_id, claims) in by_provider {
        let provider_id = shown(&provider_id).to_owned();
        let name = file_name(&provider_id, &mut names);
        let csv = table::csv(&claims, request.with_earnings)?;
        packs
            .outputs
            .push(OutputAccount { rows: count(claims.len()), ..write_text(&staging, &format!("{name}.csv"), &csv)? });
        let page = page::page(&account, &provider_id, &claims, request.with_earnings);
        packs.outputs.push(write_text(&staging, &format!("{name}.html"), &page)?);
        packs.providers.push(PackAccount { provider_id, name, claims: count(claims.len()) });
    }
    let told: u64 = packs.providers.iter().map(|pack| pack.claims).sum();
    if told != account.claims.read {
        let problem = format!("{told} claims are in the packs, {} in the run", account.claims.read);
        return Err(RunError::Untrusted(problem));
    }
    write_text(&staging, FILE, &sealed_text(&mut packs)?)?;
    staging.publish(request.existing)?;
    Ok(packs)
}

/// Every claim of the run, by provider, then in the order of the claims file.
fn claims(request: &PacksRequest, folder: &OpenFolder) -> Result<BTreeMap<String, Vec<PackClaim>>, RunError> {
    let mut by_provider: BTreeMap<String, Vec<PackClaim>> = BTreeMap::new();
    for verdict in Verdict::ALL.map(Verdict::name) {
        each_batch(folder, &format!("{verdict}.parquet"), &COLUMNS, &mut |batch| {
            for number in 0..batch.num_rows() {
                let row = ResultRow::new(batch, number);
                let reasons = row.structures("reasons").into_iter().filter_map(reason);
                let claim = PackClaim { row: row.number()?, cells: Masked(row.cells()), reasons: reasons.collect() };
                by_provider.entry(claim.cell("provider_id").to_owned()).or_default().push(claim);
            }
            Ok(())
        })
        .map_err(|problem| InputError::new(request.run.display().to_string(), problem, "run it again"))?;
    }
    for claims in by_provider.values_mut() {
        claims.sort_by_key(|claim| claim.row);
    }
    Ok(by_provider)
}

fn reason(texts: Vec<String>) -> Option<(String, String, String)> {
    let mut texts = texts.into_iter();
    Some((texts.next()?, texts.next()?, texts.next()?))
}

/// A name for a provider's files that every system takes, and that no other provider has.
fn file_name(provider_id: &str, names: &mut BTreeSet<String>) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' };
    let own: String = provider_id.chars().take(80).map(plain).collect();
    let own = if own.is_empty() { "no-provider".to_owned() } else { format!("provider-{own}") };
    let mut name = own.clone();
    let mut number = 2;
    while !names.insert(name.to_lowercase()) {
        name = format!("{own}-{number}");
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_providers_share_a_file() {
        let mut names = BTreeSet::new();
        let found = ["PR1", "pr1", "PR/1", "PR_1", "", "../up"].map(|id| file_name(id, &mut names));
        let expected =
            ["provider-PR1", "provider-pr1-2", "provider-PR_1", "provider-PR_1-2", "no-provider", "provider-___up"];
        assert_eq!(found, expected);
    }
}
