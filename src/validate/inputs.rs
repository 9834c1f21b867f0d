//! Sniffs the input files of a run and computes its fingerprint.

use super::ValidateRequest;
use crate::account::fingerprint::Fingerprint;
use crate::batch::ClaimOrigin;
use crate::domain::Claim;
use crate::error::RunError;
use crate::extract::Role;
use crate::extract::earnings::Earnings;
use crate::extract::paths;
use crate::extract::source::{InputFile, Sniffed};
use crate::history::History;

/// The sniffed input files of a run.
#[derive(Debug)]
pub(super) struct RunInputs {
    pub(super) claims: Vec<Sniffed>,
    /// How the claims of each file came into the batch; nothing where all are new.
    pub(super) origins: Vec<ClaimOrigin>,
    pub(super) register: Option<Sniffed>,
    pub(super) earnings: Earnings,
}

impl RunInputs {
    pub(super) fn sniff(request: &ValidateRequest) -> Result<Self, RunError> {
        let mut claims = paths::batch(&request.claims, &Claim::COLUMNS, &request.input_options.claims)?;
        let mut origins = Vec::new();
        if let Some(ledger) = &request.ledger {
            origins = ledger.origins(claims.files.len());
            claims.files.extend(ledger.sniff()?);
        }
        let mut earnings = Earnings::sniff(&request.earnings, &request.input_options.earnings)?;
        earnings.left_out.splice(0..0, claims.left_out);
        Ok(Self {
            claims: claims.files,
            origins,
            register: request
                .register
                .clone()
                .map(|path| InputFile::new(path).read_as(&request.input_options.register).sniff())
                .transpose()?,
            earnings,
        })
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (Role, &Sniffed)> {
        let claims = self.claims.iter().map(|file| (Role::Claims, file));
        let register = self.register.iter().map(|file| (Role::Register, file));
        claims.chain(register).chain(self.earnings.files.iter().map(|file| (Role::Earnings, file)))
    }

    pub(super) fn still_the_same(&self) -> Result<(), RunError> {
        self.all()
            .try_for_each(|(_, file)| file.still_the_same())
            .map_err(|error| RunError::Untrusted(error.to_string()))
    }
}

pub(super) fn fingerprint(request: &ValidateRequest, inputs: &RunInputs, history: &History) -> String {
    let mut fingerprint = Fingerprint::begin();
    let mut add = |text: &str| fingerprint.add(text);
    add(&request.scheme.hash);
    for (code, setting) in &request.settings {
        add(code.as_str());
        add(setting.name());
    }
    for parameter in &request.scheme.parameters {
        add(&parameter.id);
        add(parameter.given.as_deref().unwrap_or_default());
    }
    for given in [request.extract_from, request.extract_to] {
        add(&given.map(|day| day.to_string()).unwrap_or_default());
    }
    add(&request.set_aside.map(|share| share.to_string()).unwrap_or_default());
    if request.workbook {
        add("workbook");
    }
    for (role, file) in inputs.all() {
        add(role.name());
        file.identity().for_each(&mut add);
    }
    for left_out in &inputs.earnings.left_out {
        add(&left_out.file);
        add(&left_out.reason);
    }
    request.input_options.identity().iter().for_each(|text| add(text));
    for run in history.fingerprints() {
        add(run);
    }
    fingerprint.add_writers_of_stores(inputs.earnings.stores.iter().map(|(_, store)| &store.manifest.program));
    fingerprint.finish()
}
