//! The input files of a set of rates.

use super::Order;
use crate::error::RunError;
use crate::extract::earnings::Earnings;
use crate::extract::source::{Source, Surveyed};

/// The sniffed inputs.
pub(super) struct Inputs {
    pub(super) register: Surveyed,
    pub(super) earnings: Earnings,
    pub(super) funding: Option<Surveyed>,
}

impl Inputs {
    /// Looks through every file.
    pub(super) fn survey(order: &Order) -> Result<Self, RunError> {
        Ok(Self {
            register: Source::new(order.register.clone()).survey()?,
            earnings: Earnings::survey(&order.earnings)?,
            funding: order.funding.clone().map(|path| Source::new(path).survey()).transpose()?,
        })
    }

    /// Every file, each with what it is read as.
    pub(super) fn files(&self) -> impl Iterator<Item = (&'static str, &Surveyed)> {
        let earnings = self.earnings.files.iter().map(|file| ("earnings", file));
        std::iter::once(("register", &self.register))
            .chain(earnings)
            .chain(self.funding.iter().map(|file| ("funding", file)))
    }
}
