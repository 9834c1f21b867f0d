//! The core of the program alone, with the readable cases as a module of its own tests: one crate to build for a change.

pub mod batch;
pub mod domain;
pub mod evidence;
pub mod judge;
pub mod rules;
pub mod scheme;

#[cfg(test)]
extern crate self as sustain;

#[cfg(test)]
mod cases;

#[cfg(test)]
mod support {
    /// A table as text.
    #[derive(Debug, Clone)]
    pub(crate) struct Table {
        pub(crate) names: Vec<String>,
        pub(crate) rows: Vec<Vec<String>>,
    }
}
