//! sustain

pub mod domain;
pub mod evidence;
pub mod judge;
pub mod batch;
pub mod rules;
pub mod scheme;
