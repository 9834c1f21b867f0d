//! `sustain audit-sample`: draws a stratified sample of validated claims to check by hand, and evaluates the filled
//! sheet.
//!
//! ```text
//!  run ─ draw ─▶ strata, each in random order ─ precision ─▶ what can be found ─ sheet ─▶ sample.csv, .xlsx, .json
//!                                                                                              │  (checked by hand)
//!  sample.json + the filled sheet ─ answers ─▶ checked claims ─ findings ─▶ error rates, money in error
//! ```
//!
//! Claims are drawn in the order of a hash of the seed, the run and the claim, so the same seed always draws the same
//! claims.

mod answers;
pub mod draw;
mod error_rate;
pub mod findings;
pub mod precision;
mod sheet;

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::account::{OutputAccount, Program};
use crate::error::{InputError, RunError};
use crate::progress::ProgressSink;
use crate::sealed::{self, SealedAccount, sealed_text};
use crate::staging::{self, Existing, Staging};
use crate::staging::{are_whole, write_text};
use precision::{SamplePrecision, USUAL_LEAST};

/// The account of a sample.
const FILE: &str = "sample.json";

/// A request to draw a sample.
#[derive(Debug, Clone)]
pub struct AuditSampleRequest {
    /// The finished run.
    pub run: PathBuf,
    /// How many claims in all.
    pub size: u64,
    /// The random seed.
    pub seed: u64,
    /// What to stratify by.
    pub by: StratifyBy,
    /// The fewest checked claims from which a stratum is to be extrapolated.
    pub least: u64,
    /// Where the sample goes.
    pub out: PathBuf,
    /// What to do with a sample that is already there.
    pub existing: Existing,
}

/// What to stratify by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum StratifyBy {
    /// One stratum for all claims.
    Nothing,
    /// A stratum for each provider.
    Provider,
    /// A stratum for each contract.
    Contract,
    /// A stratum for each outcome.
    Outcome,
}

impl StratifyBy {
    /// The column whose values name the strata.
    const fn column(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Provider => Some("provider_id"),
            Self::Contract => Some("contract_id"),
            Self::Outcome => Some("outcome"),
        }
    }
}

/// The account of a sample, `sample.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleAccount {
    /// The program that drew it.
    pub program: Program,
    /// The run, by fingerprint.
    pub run: String,
    /// The sample size that was requested.
    pub size: u64,
    /// The seed.
    pub seed: u64,
    /// What the sample is stratified by.
    pub by: StratifyBy,
    /// The strata, by name.
    pub strata: Vec<Stratum>,
    /// What the sample will be able to say. Samples of versions before 0.2.0 do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<SamplePrecision>,
    /// The sheets as they were written.
    pub outputs: Vec<OutputAccount>,
    /// BLAKE3 of this account as it is written with the seal left empty, so that a change of any part of it shows.
    pub seal: String,
}

impl SampleAccount {
    /// The fewest checked claims from which a stratum is extrapolated, unless the person says otherwise.
    pub fn least(&self) -> u64 {
        self.precision.as_ref().map_or(USUAL_LEAST, |precision| precision.least)
    }
}

impl SealedAccount for SampleAccount {
    const FILE: &'static str = FILE;
    const NAME: &'static str = "name the directory of a sample that was drawn";
    const AGAIN: &'static str = "the sample was changed or is not whole: draw it again";
    const FILLED_IN: &'static [&'static str] = &[sheet::CSV, sheet::XLSX];

    fn outputs(&self) -> &[OutputAccount] {
        &self.outputs
    }

    fn seal_mut(&mut self) -> &mut String {
        &mut self.seal
    }
}

/// A stratum of the validated claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stratum {
    /// Its name.
    pub name: String,
    /// How many validated claims it has.
    pub claims: u64,
    /// Their total amount in pence: what is payable, or where no price is known what is claimed.
    pub pence: i64,
    /// Its claims counted by amount, the smallest amount first.
    pub worth: Vec<ClaimsOfAmount>,
    /// The claims that were drawn, by row.
    pub drawn: Vec<DrawnClaim>,
}

/// Claims of one amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimsOfAmount {
    /// The amount, in pence.
    pub pence: i64,
    /// How many claims.
    pub claims: u64,
}

/// A claim that was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawnClaim {
    /// The row, as the claims file numbers it.
    pub row: u32,
    /// The provider's number for it.
    pub claim_id: String,
    /// Its amount, in pence.
    pub pence: i64,
}

/// Draws a sample and writes its sheet.
///
/// # Errors
/// The run cannot be verified, holds no validated claim, or the sample cannot be written; nothing was published then.
pub fn draw(request: &AuditSampleRequest, progress: &dyn ProgressSink) -> Result<SampleAccount, RunError> {
    let run = crate::verify::verify(&request.run).map_err(RunError::Unproven)?;
    let claims = draw::validated(&run.folder, request.by)
        .map_err(|problem| InputError::new(request.run.display().to_string(), problem, "run it again"))?;
    if claims.is_empty() {
        return Err(RunError::choice("the run validated no claim", "there is nothing to sample"));
    }
    let (strata, sampled) = draw::draw(&claims, &run.account.fingerprint, request.size, request.seed);
    let mut account = SampleAccount {
        program: Program::this(),
        run: run.account.fingerprint.clone(),
        size: request.size,
        seed: request.seed,
        by: request.by,
        precision: Some(SamplePrecision::of(&strata, request.least)),
        strata,
        outputs: Vec::new(),
        seal: String::new(),
    };
    if let Some(there) = existing_sample(request, &account, progress)? {
        return Ok(there);
    }
    let staging = Staging::beside(&request.out, progress)?;
    account.outputs = sheet::write(&staging, &account, &sampled)?;
    write_text(&staging, FILE, &sealed_text(&mut account)?)?;
    staging.publish(request.existing)?;
    Ok(account)
}

/// Returns the sample that the directory already holds if it is the same one, filled in or not. Another sample is
/// replaced only on request, and only if nobody has written in it.
fn existing_sample(
    request: &AuditSampleRequest,
    account: &SampleAccount,
    progress: &dyn ProgressSink,
) -> Result<Option<SampleAccount>, RunError> {
    if !request.out.exists() {
        return Ok(None);
    }
    let Ok(there) = read(&request.out) else { return Err(staging::already_there(&request.out)) };
    if (SampleAccount { outputs: Vec::new(), seal: String::new(), ..there.clone() }) == *account {
        Staging::sweep(&request.out, progress);
        return Ok(Some(there));
    }
    if request.existing == Existing::Keep {
        return Err(staging::already_there(&request.out));
    }
    staging::only_holds(&request.out, &[FILE, sheet::CSV, sheet::XLSX])?;
    if are_whole(&request.out, &there.outputs) {
        return Ok(None);
    }
    Err(RunError::choice(
        format!("{} holds a sheet that people have written in", request.out.display()),
        "move it away, or name another directory with --out",
    ))
}

/// The account of the sample in a directory, whose sheets may have been filled in.
///
/// # Errors
/// The directory holds no sample, or its account was changed.
pub fn read(directory: &Path) -> Result<SampleAccount, InputError> {
    sealed::open::<SampleAccount>(directory).and_then(|folder| sealed::read(&folder))
}
