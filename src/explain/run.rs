//! Opens a finished run: its account and the context of its decisions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::account::{ParameterAccount, RunAccount};
use crate::domain::Observed;
use crate::error::{InputError, RunError, describe_io_error};
use crate::judge::DecisionContext;
use crate::publish::SCHEME_FILE;
use crate::reopen::read_account;
use crate::rules::allows;
use crate::scheme::load;
use crate::scheme::wage::WageTable;

/// A finished run.
#[derive(Debug)]
pub struct FinishedRun {
    /// Where it is.
    pub directory: PathBuf,
    /// Its account.
    pub account: RunAccount,
    /// The context of its decisions.
    pub context: DecisionContext,
}

impl FinishedRun {
    /// Opens a run. Its account must be the one that was written; its files are read as they are asked for, and
    /// `sustain verify` proves all of them.
    ///
    /// # Errors
    /// The directory is not a run, its account was changed, or its scheme is not the one the account names.
    pub fn open(directory: &Path) -> Result<Self, RunError> {
        let shown = directory.display().to_string();
        let failed = |problem: String| InputError::new(shown.clone(), problem, "name the directory of a finished run");
        let account = read_account(directory).map_err(failed)?;
        if account.seal().ok().as_ref() != Some(&account.seal) {
            return Err(RunError::Unproven(failed("its account is not the one that was written".into())));
        }
        let text = std::fs::read_to_string(directory.join(SCHEME_FILE))
            .map_err(|error| failed(format!("{SCHEME_FILE} could not be read ({})", describe_io_error(&error))))?;
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
        Ok(Self { directory: directory.to_owned(), account, context })
    }

    /// An error of one of its files.
    pub(crate) fn failed(&self, problem: String) -> RunError {
        RunError::Unproven(InputError::new(
            self.directory.display().to_string(),
            problem,
            "the result was changed or is not whole: run again",
        ))
    }
}
