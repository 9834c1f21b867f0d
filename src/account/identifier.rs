//! Identifiers of claims as accounts and pages show them.

use crate::domain::withheld::shown;

/// An identifier of a claim as accounts and pages show it: empty where there is none, and never one that looks like a
/// National Insurance number or a birth date.
pub(crate) fn shown_of(id: Option<&str>) -> String {
    id.map(shown).unwrap_or_default().to_owned()
}
