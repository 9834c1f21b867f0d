//! sustain

pub mod domain;
pub mod scheme;
pub mod evidence;
pub mod rules;
pub mod judge;
pub mod batch;
pub mod error;
pub mod extract;
pub mod matching;
pub mod publish;
pub mod results;
pub mod verify;
pub mod history;
pub mod validate;
pub mod cli;
