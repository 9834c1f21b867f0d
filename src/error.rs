//! The errors that end a run: it cannot go on, or its result must not be trusted.

use std::fmt;

use crate::files::NotAFile;
use crate::scheme::wage::WageTableError;
use crate::scheme::{Mistakes, NotSupplied};

/// Why a run ended without a result. Its text never holds the content of a cell.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// An input could not be used.
    #[error(transparent)]
    Input(#[from] InputError),
    /// Several inputs could not be used, so that all of them can be mended at once.
    #[error("{}", each_with_its_hint(.0))]
    Inputs(Vec<InputError>),
    /// A scheme file could not be used.
    #[error("{}", located(file, mistakes))]
    Scheme {
        /// The file, as it was named.
        file: String,
        /// What is wrong with it.
        mistakes: Mistakes,
    },
    /// The command line asks for something that cannot be done.
    #[error("{problem}")]
    Choice {
        /// What cannot be done.
        problem: String,
        /// What to do instead.
        hint: String,
    },
    /// A finished run is not as its account says.
    #[error(transparent)]
    Unproven(InputError),
    /// The run is beyond limits that were set for it; nothing was published.
    #[error("{}", .beyond.join("\n"))]
    BeyondLimits {
        /// What is beyond which limit.
        beyond: Vec<String>,
        /// What to do: another thing where the run is a month of a ledger.
        hint: &'static str,
    },
    /// The run could not prove its account or finish its writing; nothing was published.
    #[error("{0}")]
    Untrusted(String),
    /// Something was recorded in a ledger, and something failed afterwards.
    #[error("{problem}")]
    AfterRecording {
        /// What failed.
        problem: String,
        /// What to do.
        hint: &'static str,
    },
    /// The result was published, and something failed afterwards.
    #[error("{0}")]
    AfterPublishing(String),
}

impl RunError {
    /// A command line that asks for something that cannot be done.
    pub fn choice(problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Choice { problem: problem.into(), hint: hint.into() }
    }

    /// What two inputs hold, or why they could not be used: where neither could, both reasons.
    ///
    /// # Errors
    /// One of them could not be used, or both.
    pub fn both<A, B>(one: Result<A, Self>, other: Result<B, Self>) -> Result<(A, B), Self> {
        match (one, other) {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (Err(one), Err(other)) => Err(one.beside(other)),
            (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
        }
    }

    /// Both errors, where both are about inputs; else the first.
    fn beside(self, other: Self) -> Self {
        match (self, other) {
            (Self::Input(one), Self::Input(other)) => Self::Inputs(vec![one, other]),
            (Self::Inputs(mut errors), Self::Input(other)) => {
                errors.push(other);
                Self::Inputs(errors)
            }
            (first, _) => first,
        }
    }

    /// What to do about it; empty where there is nothing to say.
    pub fn hint(&self) -> &str {
        match self {
            Self::Input(error) | Self::Unproven(error) => &error.hint,
            Self::Choice { hint, .. } => hint,
            // Each has its own.
            Self::Inputs(_) => "",
            Self::Scheme { .. } => "sustain schemes show ID --toml prints a built-in scheme to compare with",
            Self::Untrusted(_) => "nothing was published; nothing that was there before was changed",
            Self::BeyondLimits { hint, .. } | Self::AfterRecording { hint, .. } => hint,
            Self::AfterPublishing(_) => {
                "the result is in its place; run sustain verify on it, and publish it again if the machine stops before the disk is sound"
            }
        }
    }
}

/// The table is built in: that it cannot be read is a fault of the program, and nothing may be decided without it.
impl From<WageTableError> for RunError {
    fn from(error: WageTableError) -> Self {
        Self::Untrusted(error.to_string())
    }
}

impl From<NotSupplied> for RunError {
    fn from(missing: NotSupplied) -> Self {
        Self::choice(missing.to_string(), missing.hint())
    }
}

/// Errors, each with what to do about it.
fn each_with_its_hint(errors: &[InputError]) -> String {
    let lines: Vec<String> = errors.iter().map(|error| format!("{error}\n  hint: {}", error.hint)).collect();
    lines.join("\n")
}

/// Mistakes with the file's name before each, so that an editor finds them.
fn located(file: &str, mistakes: &Mistakes) -> String {
    let lines: Vec<String> = mistakes.to_string().lines().map(|line| format!("{file}: {line}")).collect();
    lines.join("\n")
}

/// EIO.
const INPUT_OUTPUT_ERROR: i32 = 5;
/// ELOOP, which is told of a link where none is followed, too.
const LOOP: i32 = rustix::io::Errno::LOOP.raw_os_error();

/// Why the system refused, in plain words.
#[expect(clippy::wildcard_enum_match_arm, reason = "of the system's many refusals these have plainer words")]
pub fn describe_io_error(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    if let Some(found) = NotAFile::of(error) {
        return found.to_string();
    }
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".into(),
        ErrorKind::PermissionDenied => "permission is denied".into(),
        ErrorKind::StorageFull => "the disk is full".into(),
        ErrorKind::IsADirectory => "it is a folder".into(),
        ErrorKind::NotADirectory => "it is no folder".into(),
        ErrorKind::FileTooLarge if error.raw_os_error().is_none() => {
            "it is larger than 512 KiB, which no scheme and no profile is".into()
        }
        ErrorKind::QuotaExceeded => "the disk quota is used up".into(),
        ErrorKind::ReadOnlyFilesystem => "the disk can only be read".into(),
        _ if error.raw_os_error() == Some(INPUT_OUTPUT_ERROR) => "the disk failed to read or to write it".into(),
        _ if error.raw_os_error() == Some(LOOP) => {
            "it is a symbolic link, or one of links that lead in a circle".into()
        }
        other => other.to_string(),
    }
}

/// Why an input could not be used: which file, where in it, what was found and what is accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct InputError {
    /// The file, as it was named on the command line.
    pub file: String,
    /// The line in it, where it is known.
    pub line: Option<u64>,
    /// What is wrong.
    pub problem: String,
    /// What is accepted, or what to do.
    pub hint: String,
}

impl InputError {
    /// An input as a whole that cannot be used.
    pub fn new(file: impl Into<String>, problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { file: file.into(), line: None, problem: problem.into(), hint: hint.into() }
    }

    /// The same, at a line.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "{}, line {line}: {}", self.file, self.problem),
            None => write!(out, "{}: {}", self.file, self.problem),
        }
    }
}
