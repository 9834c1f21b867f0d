//! Limits that a run is held to when nobody watches it: beyond one of them nothing is published, because so many claims, or so
//! few rows, are more likely the fault of an input than the truth.
//!
//! They change no verdict, so they are no part of a result or its fingerprint. A result that is already there is held to
//! them as a new one is.

use crate::account::RunAccount;
use crate::domain::Percent;
use crate::domain::money::{grouped, share};
use crate::error::RunError;
use crate::extract::Role;

/// The limits of a run; none where none is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// The largest share of claims that may be rejected.
    pub max_rejected: Option<Percent>,
    /// The largest share of claims that may be queried.
    pub max_queried: Option<Percent>,
    /// The largest share of the rows of the claims, of the register and of the earnings that may be set aside.
    pub max_set_aside: Option<Percent>,
    /// The fewest rows that the earnings may have.
    pub min_rows: Option<u64>,
}

const WITHOUT_THE_LIMIT: &str = "nothing was published; the same run without the limit, into another directory, shows which claims and rows they are";

impl Limits {
    /// Holds a run to the limits.
    ///
    /// # Errors
    /// Every limit that the run is beyond, with how many of how many.
    pub fn hold(&self, account: &RunAccount) -> Result<(), RunError> {
        let beyond = self.beyond(account);
        if beyond.is_empty() { Ok(()) } else { Err(RunError::BeyondLimits { beyond, hint: WITHOUT_THE_LIMIT }) }
    }

    fn beyond(&self, account: &RunAccount) -> Vec<String> {
        let claims = &account.claims;
        let mut beyond = Vec::new();
        let mut hold = |option: &str, limit: Option<Percent>, count: u64, of: u64, what: &str| {
            if let Some(limit) = limit.filter(|limit| limit.is_exceeded_by(count, of)) {
                let (count, of, share) = (grouped(&count.to_string()), grouped(&of.to_string()), share(count, of));
                beyond.push(format!("{count} of {of} {what} ({share}), and {option} is {limit}"));
            }
        };
        hold("--max-rejected", self.max_rejected, claims.rejected, claims.read, "claims are rejected");
        hold("--max-queried", self.max_queried, claims.queried, claims.read, "claims are queried");
        for role in [Role::Claims, Role::Register, Role::Earnings] {
            let inputs = || account.inputs.iter().filter(|input| input.role == role.name());
            let set_aside = inputs().map(|input| input.quarantined).sum();
            let what = format!("rows of the {} were set aside", role.name());
            hold("--max-set-aside", self.max_set_aside, set_aside, inputs().map(|input| input.rows).sum(), &what);
        }
        let rows = account.earnings.read;
        if let Some(least) = self.min_rows.filter(|least| rows < *least) {
            let (rows, least) = (grouped(&rows.to_string()), grouped(&least.to_string()));
            beyond.push(format!("the earnings have {rows} rows, and --min-rows is {least}"));
        }
        beyond
    }
}
