//! Opens a finished run: its account and the context of its decisions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::account::{ParameterAccount, RunAccount};
use crate::domain::Observed;
use crate::error::{InputError, RunError};
use crate::judge::DecisionContext;
use crate::publish::SCHEME_FILE;
use crate::rules::allows;
use crate::scheme::load;
use crate::scheme::wage::WageTable;
use crate::sealed::{self, OpenFolder, SealedAccount};
use crate::verify::VerifiedRun;

/// A finished run.
#[derive(Debug)]
pub struct FinishedRun {
    /// Where it is.
    pub directory: PathBuf,
    /// Its folder, which is held open.
    pub folder: OpenFolder,
    /// Its account.
    pub account: RunAccount,
    /// The context of its decisions.
    pub context: DecisionContext,
}

impl FinishedRun {
    /// Opens a run. Its files must be the ones that were written; `sustain verify` proves besides what they hold.
    ///
    /// # Errors
    /// The directory is not a run, a file was changed or added, or its scheme is not the one the account names.
    pub fn open(directory: &Path) -> Result<Self, RunError> {
        let folder = sealed::open::<RunAccount>(directory)?;
        let account = sealed::verify(&folder).map_err(RunError::Unproven)?;
        Self::of(VerifiedRun { folder, account }, directory)
    }

    /// Opens a run that was verified.
    ///
    /// # Errors
    /// Its scheme is not the one the account names.
    pub fn of(run: VerifiedRun, directory: &Path) -> Result<Self, RunError> {
        let VerifiedRun { folder, account } = run;
        let shown = directory.display().to_string();
        let failed = |problem: String| InputError::new(shown.clone(), problem, RunAccount::NAME);
        let text = folder.text(SCHEME_FILE).map_err(failed)?;
        let is_given = |parameter: &ParameterAccount| parameter.by == ParameterAccount::COMMAND_LINE;
        let supplied = account.scheme.parameters.iter().filter(|(_, parameter)| is_given(parameter));
        let supplied = supplied.filter_map(|(id, parameter)| Some((id.clone(), parameter.value.clone()?)));
        let scheme = load::load_with(&text, &supplied.collect(), allows)
            .ok()
            .filter(|scheme| scheme.hash == account.scheme.hash);
        let scheme = scheme
            .ok_or_else(|| RunError::Unproven(failed(format!("{SCHEME_FILE} is not the scheme its account names"))))?;
        let cut_off = account.cut_off.date.as_deref().and_then(|day| day.parse::<NaiveDate>().ok());
        let days = account.extract_days.as_ref();
        let observed = days.map_or_else(|| Observed::up_to(cut_off), |days| days.observed(cut_off));
        let context = DecisionContext { scheme, wages: WageTable::built_in()?, observed: Arc::new(observed) };
        Ok(Self { directory: directory.to_owned(), folder, account, context })
    }

    /// An error of one of its files.
    pub(crate) fn failed(&self, problem: String) -> RunError {
        RunError::Unproven(InputError::new(self.directory.display().to_string(), problem, RunAccount::AGAIN))
    }
}
