//! Rules about outcomes of the kind `earnings`.

pub mod not_reached;
pub mod not_yet_reached;
