//! `sustain demo`

use super::args::DemoOptions;
use super::exit::Exit;
use super::screen::Screen;
use crate::error::RunError;

/// To be written.
///
/// # Errors
/// Always.
pub fn run(_: &DemoOptions, _: &Screen) -> Result<Exit, RunError> {
    Err(RunError::choice("not there yet", ""))
}
