//! The account of a set of rates, `not-for-release/rates.json`: its inputs, options, counts and files.
//!
//! It holds no personal data, no clock time and no path: the same inputs give the same bytes.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RatesRequest;
use super::inputs::RatesInputs;
use crate::account::columns::ColumnAccounts;
use crate::account::fingerprint::Fingerprint;
use crate::account::{EarningsCounts, ExtractDays, LeftOut, OutputAccount, Program};
use crate::observations::register::RegisterAccount;
use crate::release::disclosure::DisclosureProfile;
use crate::sealed::{self, SealedAccount};

/// The folder of what is not for release.
pub(super) const RESTRICTED: &str = "not-for-release";

/// The account's file. Its counts are exact, so it is not for release either.
pub(super) const FILE: &str = "not-for-release/rates.json";

/// The account of a set of rates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RatesAccount {
    /// The program that ran.
    pub program: Program,
    /// What the rates are a function of: BLAKE3 of the program's version and build, scheme, options and inputs.
    pub fingerprint: String,
    /// The scheme, and how much of it published sources settle.
    pub scheme: RatesScheme,
    /// The days the extract speaks for.
    pub observed: ObservedAccount,
    /// Whether people are counted, at their first start, or starts.
    pub counted: String,
    /// What results are broken down by.
    pub by: Vec<String>,
    /// How disclosure is controlled.
    pub disclosure: DisclosureAccount,
    /// The files that were read: register, then earnings, then funding.
    pub inputs: Vec<RatesInput>,
    /// What stands under the folders and globs that were named and was not read, because it is no data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// The share of rows in which a column was accepted as unreadable, where another than the usual one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<String>,
    /// The run whose claims were counted, by fingerprint.
    pub run: Option<String>,
    /// The rows of the register, counted.
    pub register: RegisterAccount,
    /// The earnings rows, counted.
    pub earnings: EarningsCounts,
    /// People with earnings under their number that cannot be theirs: dates of birth or names differ. Not observed.
    pub not_theirs: u64,
    /// People with earnings rows under their number that could not be read and may count. Not observed.
    #[serde(default)]
    pub with_unread_rows: u64,
    /// The rates that a reader looks for first, a sentence each, as published.
    #[serde(default)]
    pub headlines: Vec<String>,
    /// The files that were written.
    pub outputs: Vec<OutputAccount>,
    /// BLAKE3 of this account as it is written with the seal left empty, so that a change of any part of it shows.
    pub seal: String,
}

impl SealedAccount for RatesAccount {
    const FILE: &'static str = FILE;
    const NAME: &'static str = "name the directory of a set of rates";
    const AGAIN: &'static str = "the rates were changed or are not whole: take them again";

    fn outputs(&self) -> &[OutputAccount] {
        &self.outputs
    }

    fn seal_mut(&mut self) -> &mut String {
        &mut self.seal
    }
}

/// The scheme the rates are of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RatesScheme {
    /// Its id.
    pub id: String,
    /// How much of it published sources settle.
    pub status: String,
    /// BLAKE3 of the file.
    pub hash: String,
}

/// The days the extract speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObservedAccount {
    /// The last day the extract speaks for.
    pub cut_off: String,
    /// The first day observed of everyone.
    pub from: String,
    /// The days that the extract can speak for, and the rows by month of payday that they follow from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extract_days: Option<ExtractDays>,
    /// The last day observed of everyone: so many days before the cut-off that a monthly payment for it was due.
    pub to: String,
}

/// How disclosure is controlled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisclosureAccount {
    /// The profile.
    pub profile: DisclosureProfile,
    /// Whether the figures of every week and month were broken down too.
    pub curves: bool,
    /// How many rows are withheld, by reason.
    pub withheld: BTreeMap<String, u64>,
    /// Whether the working tables, not for release, were written too.
    pub unrounded: bool,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RatesInput {
    /// register, earnings or funding.
    pub role: String,
    /// The file's name, without folders.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its BLAKE3.
    pub blake3: String,
    /// How the cells were written, by column, where there is something to tell; for earnings, among the rows of people in
    /// the register. Results of versions before 0.2.0 have none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: ColumnAccounts,
}

/// The hash of everything a set of rates is a function of: equal hashes mean equal rates.
pub(super) fn fingerprint(request: &RatesRequest, inputs: &RatesInputs, run: Option<&str>) -> String {
    let mut fingerprint = Fingerprint::begin();
    let mut add = |text: &str| fingerprint.add(text);
    add(&request.scheme.hash);
    for parameter in &request.scheme.parameters {
        add(&parameter.id);
        add(parameter.given.as_deref().unwrap_or_default());
    }
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    add(&day(request.extract_from));
    add(&day(request.extract_to));
    add(&request.set_aside.map(|share| share.to_string()).unwrap_or_default());
    for dimension in &request.by {
        add(dimension.name());
    }
    for date in &request.on {
        add(&date.to_string());
    }
    add(if request.each_start { "starts" } else { "people" });
    add(if request.sensitivity { "sensitivity" } else { "" });
    add(&toml::to_string(&request.profile).unwrap_or_default());
    add(if request.curves { "curves" } else { "" });
    add(if request.unrounded { "unrounded" } else { "" });
    for (role, file) in inputs.files() {
        add(role);
        file.identity().for_each(&mut add);
    }
    for left_out in &inputs.earnings.left_out {
        add(&left_out.file);
        add(&left_out.reason);
    }
    request.input_options.identity().iter().for_each(|text| add(text));
    add(run.unwrap_or_default());
    fingerprint.add_writers_of_stores(inputs.earnings.stores.iter().map(|(_, store)| &store.manifest.program));
    fingerprint.finish()
}

/// The account of the rates in a directory, where it holds some and every file is the one that was written.
pub(super) fn read(directory: &Path) -> Option<RatesAccount> {
    sealed::verified(directory).ok()
}
