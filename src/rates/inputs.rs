//! The input files of a set of rates.

use super::RatesRequest;
use crate::error::RunError;
use crate::extract::earnings::Earnings;
use crate::extract::source::{InputFile, Sniffed};

/// The sniffed inputs.
pub(super) struct RatesInputs {
    pub(super) register: Sniffed,
    pub(super) earnings: Earnings,
    pub(super) funding: Option<Sniffed>,
}

impl RatesInputs {
    /// Sniffs every file.
    pub(super) fn sniff(request: &RatesRequest) -> Result<Self, RunError> {
        Ok(Self {
            register: InputFile::new(request.register.clone()).read_as(&request.input_options.register).sniff()?,
            earnings: Earnings::sniff(&request.earnings, &request.input_options.earnings)?,
            funding: request
                .funding
                .clone()
                .map(|path| InputFile::new(path).read_as(&request.input_options.funding).sniff())
                .transpose()?,
        })
    }

    /// Every file with its role.
    pub(super) fn files(&self) -> impl Iterator<Item = (&'static str, &Sniffed)> {
        let earnings = self.earnings.files.iter().map(|file| ("earnings", file));
        std::iter::once(("register", &self.register))
            .chain(earnings)
            .chain(self.funding.iter().map(|file| ("funding", file)))
    }
}
