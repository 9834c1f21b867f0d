//! `sustain demo`

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Exit;
use super::progress::NotesOnly;
use super::screen::Screen;
use super::validate::{carry_out, report};
use crate::error::{RunError, describe_io_error};
use crate::extract::file_options::InputOptions;
use crate::interrupt::Watched;
use crate::progress::NoProgress;
use crate::rules::allows;
use crate::sample;
use crate::scheme;
use crate::staging::{Existing, place_of};
use crate::validate::{self, Limits, ValidateRequest};

/// `sustain demo`
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sustain demo --out demo")]
pub struct DemoOptions {
    /// Where the result goes
    #[arg(long, value_name = "DIR", default_value = "sustain-demo")]
    pub out: PathBuf,
}

/// The batch of `sample_data/`, built in so that the demo needs nothing beside the program.
const FILES: [(&str, &str); 4] = [
    ("claims.csv", include_str!("../../sample_data/claims.csv")),
    ("earlier-claims.csv", include_str!("../../sample_data/earlier-claims.csv")),
    ("register.csv", include_str!("../../sample_data/register.csv")),
    ("earnings.csv", include_str!("../../sample_data/earnings.csv")),
];

/// Decides an earlier batch, then the sample batch with that run as its history, and prints the summary.
///
/// # Errors
/// As [`validate::run`].
pub fn run(options: &DemoOptions, screen: &Screen) -> Result<Exit, RunError> {
    let cannot = |error: std::io::Error| {
        RunError::Untrusted(format!("the sample could not be laid out ({})", describe_io_error(&error)))
    };
    let out = place_of(&options.out, &NotesOnly(screen))?;
    let room = Watched::make(tempfile::tempdir).map_err(cannot)?;
    for (name, text) in FILES {
        fs::write(room.path().join(name), text).map_err(cannot)?;
    }
    let earlier = order(room.path(), "earlier-claims.csv", &room.path().join("earlier"))?;
    validate::run(&earlier, &NoProgress::default())?;
    let mut request = order(room.path(), "claims.csv", &out)?;
    request.history = vec![earlier.out];
    let outcome = carry_out(&request, screen)?;
    report(&outcome, &out, screen);
    Ok(Exit::Stands)
}

fn order(room: &Path, claims: &str, out: &Path) -> Result<ValidateRequest, RunError> {
    let scheme = scheme::load::load(sample::SCHEME, allows)
        .map_err(|mistakes| RunError::Scheme { file: super::sample::SCHEME_FILE.into(), mistakes })?;
    Ok(ValidateRequest {
        scheme,
        settings: std::collections::BTreeMap::new(),
        claims: vec![room.join(claims)],
        input_options: InputOptions::default(),
        earnings: vec![room.join("earnings.csv")],
        register: Some(room.join("register.csv")),
        history: Vec::new(),
        ledger: None,
        set_aside: None,
        memory: None,
        extract_from: Some(sample::extract_from()),
        limits: Limits::default(),
        workbook: false,
        extract_to: Some(sample::extract_to()),
        out: out.to_path_buf(),
        existing: Existing::Keep,
    })
}
