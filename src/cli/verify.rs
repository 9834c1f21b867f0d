//! `sustain verify`

use super::args::VerifyOptions;
use super::exit::Exit;
use super::screen::{Screen, number};
use crate::error::RunError;

/// Proves a finished run again and says so.
///
/// # Errors
/// The first thing that is not as its account says.
pub fn run(options: &VerifyOptions, screen: &Screen) -> Result<Exit, RunError> {
    let account = crate::verify::verify(&options.run).map_err(RunError::Unproven)?;
    if screen.json {
        screen.print_json(&account)?;
        return Ok(Exit::Stands);
    }
    let claims = &account.claims;
    screen.say(&format!(
        "{}: verified. {} files are the ones that were written; {} claims are each in exactly one of them \
         ({} validated, {} rejected, {} queried); every count adds up",
        options.run.display(),
        account.outputs.len(),
        number(claims.read),
        number(claims.validated),
        number(claims.rejected),
        number(claims.queried),
    ));
    Ok(Exit::Stands)
}
