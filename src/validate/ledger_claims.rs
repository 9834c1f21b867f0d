//! What a ledger brings to a run: the claims it holds, and what it has validated before.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::batch::{ClaimOrigin, EarlierOutcomes};
use crate::error::RunError;
use crate::extract::source::{InputFile, Sniffed};

/// The claims of a ledger that are decided together with those that providers sent.
#[derive(Clone, Default)]
pub struct LedgerClaims {
    /// The outcomes that are due or were paid.
    pub earlier: Arc<EarlierOutcomes>,
    /// The hash that the ledger ends with: the run is a function of everything before it.
    pub head: String,
    /// Files that the ledger wrote, each with how its claims come into the batch.
    pub files: Vec<(PathBuf, ClaimOrigin)>,
}

/// Neither claims nor outcomes are shown.
impl fmt::Debug for LedgerClaims {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("LedgerClaims")
            .field("head", &self.head)
            .field("files", &self.files.len())
            .finish_non_exhaustive()
    }
}

impl LedgerClaims {
    /// The files, sniffed as they were written, whatever the person says of the files of providers.
    pub(super) fn sniff(&self) -> Result<Vec<Sniffed>, RunError> {
        self.files.iter().map(|(path, _)| Ok(InputFile::new(path.clone()).sniff()?)).collect()
    }

    /// How the claims of each of these files came into the batch, after so many files of providers.
    pub(super) fn origins(&self, files_of_providers: usize) -> Vec<ClaimOrigin> {
        let of_ledger = self.files.iter().map(|(_, origin)| *origin);
        std::iter::repeat_n(ClaimOrigin::New, files_of_providers).chain(of_ledger).collect()
    }
}
