//! The exit codes of the program.

use std::process::{ExitCode, Termination};

use crate::error::RunError;

/// The exit codes, which scheduled jobs rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// 0: the run stands. Rejected claims are a result, not a failure.
    Stands = 0,
    /// 1: the run stands, and what `--fail-on` names was found; for `check`, that a claim would be rejected.
    Found = 1,
    /// 2: the command line, a scheme or an input could not be used. Nothing was published.
    Unusable = 2,
    /// 3: the run could not be trusted, or is beyond a limit that was set for it, and nothing was published, unless the message says
    /// that the disk failed after the result was put in its place; or what was to be printed could not be.
    Untrusted = 3,
}

impl Exit {
    /// The exit code of an error.
    pub fn of(error: &RunError) -> Self {
        match error {
            RunError::Input(_) | RunError::Inputs(_) | RunError::Scheme { .. } | RunError::Choice { .. } => {
                Self::Unusable
            }
            RunError::Untrusted(_)
            | RunError::Unproven(_)
            | RunError::BeyondLimits { .. }
            | RunError::AfterRecording { .. }
            | RunError::AfterPublishing(_) => Self::Untrusted,
        }
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}
