//! One binary for all integration tests: building it once is most of what a test run costs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected is to fail at once"
)]

mod builds;
mod cases;
mod columns;
mod contracts;
mod corpus;
mod excess;
mod finished_runs;
mod folders;
mod forms;
mod inputs;
mod interrupted;
mod killed;
mod ledger;
mod ledger_guards;
mod ledger_words;
mod leftovers;
mod limits;
mod links;
mod made_up;
mod made_up_months;
mod metamorphic;
mod near_numbers;
mod payments_changed;
mod properties;
mod published_figures;
mod rates;
mod readers;
mod refusals;
mod registry;
mod rulebook;
mod run_columns;
mod samples;
mod schemes;
mod stores;
mod support;
mod tidy;
mod transcripts;
mod verbs;
mod verdict_tables;
