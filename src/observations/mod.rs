//! The facts that rates count: what the register, the payments and the claims show of each person; what was spent; and how
//! many people were expected.
//!
//! ```text
//!  register ─▶ [register] ─▶ persons ─┐        small levels merged: [levels]
//!  payments ─▶ [work_history] [outcomes] ─▶ [facts], one person at a time
//!  run ─────▶ [claims] ───────────────┴─▶ [unclaimed] what claims that nobody made would come to
//!  funding ─▶ [spending]     scheme ─▶ [volumes]     all of it within one [scope]
//! ```
//!
//! Days that the extract cannot speak for are not observed, and never taken for days out of work.

pub mod claims;
pub mod facts;
pub mod levels;
pub mod neighbours;
pub mod outcomes;
pub mod person;
pub mod register;
pub mod scope;
pub mod spending;
pub mod unclaimed;
pub mod volumes;
pub mod work_history;
