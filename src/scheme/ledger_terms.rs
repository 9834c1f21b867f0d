//! What a scheme says of the work from one month to the next.

use chrono::NaiveDate;

use super::Dated;

/// What a scheme says of claims that are sent again, queries that nobody answers, and payments that no longer stand. What it
/// does not say has no limit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LedgerTerms {
    /// For how many days after a payment it is looked at again, and recovered where it no longer stands.
    pub recovery_days: Option<Dated<u32>>,
    /// After how many days a query that nobody settled lapses.
    pub query_lapse_days: Option<Dated<u32>>,
    /// How often a claim may be sent, the first time included.
    pub claim_attempts: Option<Dated<u32>>,
}

/// A term on a day; nothing where the scheme sets no limit then.
pub fn on(term: Option<&Dated<u32>>, day: Option<NaiveDate>) -> Option<u32> {
    term.zip(day).and_then(|(term, day)| term.on(day)).copied()
}
