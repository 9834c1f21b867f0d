//! The input files of a run, and its fingerprint.

use super::Order;
use crate::account::fingerprint::Fingerprint;
use crate::error::RunError;
use crate::extract::Role;
use crate::extract::earnings::Earnings;
use crate::extract::source::{Source, Surveyed};
use crate::history::History;

/// The sniffed input files of a run.
#[derive(Debug)]
pub(super) struct Inputs {
    pub(super) claims: Surveyed,
    pub(super) register: Option<Surveyed>,
    pub(super) earnings: Earnings,
}

impl Inputs {
    pub(super) fn survey(order: &Order) -> Result<Self, RunError> {
        Ok(Self {
            claims: Source::new(order.claims.clone()).survey()?,
            register: order.register.clone().map(|path| Source::new(path).survey()).transpose()?,
            earnings: Earnings::survey(&order.earnings)?,
        })
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (Role, &Surveyed)> {
        let claims = std::iter::once((Role::Claims, &self.claims));
        let register = self.register.iter().map(|file| (Role::Register, file));
        claims.chain(register).chain(self.earnings.files.iter().map(|file| (Role::Earnings, file)))
    }

    pub(super) fn still_the_same(&self) -> Result<(), RunError> {
        self.all()
            .try_for_each(|(_, file)| file.still_the_same())
            .map_err(|error| RunError::Untrusted(error.to_string()))
    }
}

pub(super) fn fingerprint(order: &Order, inputs: &Inputs, history: &History) -> String {
    let mut fingerprint = Fingerprint::begin();
    let mut add = |text: &str| fingerprint.add(text);
    add(&order.scheme.hash);
    for (code, setting) in &order.settings {
        add(code.as_str());
        add(setting.name());
    }
    for parameter in &order.scheme.parameters {
        add(&parameter.id);
        add(parameter.given.as_deref().unwrap_or_default());
    }
    add(&order.extract_to.map(|day| day.to_string()).unwrap_or_default());
    for (role, file) in inputs.all() {
        add(role.name());
        add(&file.source.name);
        add(&file.hash);
    }
    for run in history.fingerprints() {
        add(run);
    }
    fingerprint.add_writers_of_stores(inputs.earnings.stores.iter().map(|(_, store)| &store.manifest.program));
    fingerprint.finish()
}
