//! The account of a run, `run.json`: its inputs, scheme, options and outputs, with counts that add up.
//!
//! It holds no personal data, no clock, no host name and no path: the same inputs give the same bytes.

pub mod columns;
pub mod extract_days;
pub mod fingerprint;
mod identifier;
mod inputs;
mod money_walk;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use extract_days::ExtractDays;
pub(crate) use identifier::shown_of;
pub use inputs::{ColumnNames, InputAccount, LeftOut, TextAccount};
pub use money_walk::{MoneyStep, MoneyWalk, StepCause};

/// The account of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunAccount {
    /// The program that ran.
    pub program: Program,
    /// What the run is a function of: BLAKE3 of the program's version and build, scheme, options and inputs.
    pub fingerprint: String,
    /// The scheme the claims were decided under.
    pub scheme: SchemeAccount,
    /// The last day the extract speaks for.
    pub cut_off: CutOff,
    /// The days up to it that the extract can speak for. Results of versions before 0.2.0 do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extract_days: Option<ExtractDays>,
    /// The files that were read, in the order in which they were named.
    pub inputs: Vec<InputAccount>,
    /// What stands under the folders and globs that were named and was not read, because it is no data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// The share of rows in which a column was accepted as unreadable, where another than the usual one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<String>,
    /// Earlier runs that were believed, by fingerprint.
    pub history: Vec<String>,
    /// What a run that was given no earlier run cannot tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_history: Option<String>,
    /// The claims, counted.
    pub claims: ClaimCounts,
    /// Whether it is proved that no earnings row supports two validated claims of one outcome. It is not where the rule
    /// that lets one of several claims stand is set below a query, nor in results of versions that did not prove it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paid_once: bool,
    /// The earnings rows, counted.
    pub earnings: EarningsCounts,
    /// How often each rule passed, failed and did not apply.
    pub rules: Vec<RuleCounts>,
    /// What is claimed and payable.
    pub money: MoneyTotals,
    /// Queried claims that a later extract can settle, by their recheck day.
    pub recheck: BTreeMap<String, u64>,
    /// The files that were written.
    pub outputs: Vec<OutputAccount>,
    /// BLAKE3 of this account as it is written with the seal left empty, so that a change of any part of it shows.
    pub seal: String,
}

/// The program that ran. Equal programs decide the same of the same inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its build identity: BLAKE3 of the sources that can change a verdict or a byte of a result. Results of versions before
    /// 0.2.0 have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
}

impl Program {
    /// The program that runs.
    pub fn this() -> Self {
        Self {
            name: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
            // Worked out by `build.rs`.
            build: Some(env!("SUSTAIN_BUILD").into()),
        }
    }
}

/// The scheme the claims were decided under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SchemeAccount {
    /// Its id.
    pub id: String,
    /// The programme's name.
    pub title: String,
    /// How much of it published sources settle: complete, announced or partial.
    pub status: String,
    /// BLAKE3 of the scheme file.
    pub hash: String,
    /// Its assumptions, which no source settles.
    pub assumptions: Vec<String>,
    /// Its parameters, each with the value that holds.
    pub parameters: BTreeMap<String, ParameterAccount>,
    /// Rules whose severity is not their own, and what set it so.
    pub settings: BTreeMap<String, SettingAccount>,
}

/// A rule whose severity was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingAccount {
    /// reject, query, note or off.
    pub setting: String,
    /// scheme or `command_line`.
    pub by: String,
}

impl SettingAccount {
    /// `by`: the scheme sets the rule.
    pub const SCHEME: &str = "scheme";
    /// `by`: the command line sets it.
    pub const COMMAND_LINE: &str = "command_line";
}

/// A parameter of the scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParameterAccount {
    /// Its value; null where there is none, and what rests on it does not apply.
    pub value: Option<String>,
    /// `command_line`, scheme or nobody.
    pub by: String,
}

impl ParameterAccount {
    /// `by`: the value was given on the command line.
    pub const COMMAND_LINE: &str = "command_line";
    /// `by`: it is the scheme's own.
    pub const SCHEME: &str = "scheme";
    /// `by`: there is no value.
    pub const NOBODY: &str = "nobody";
}

/// What is claimed and payable in all, and by provider and contract. Amounts are pounds with two places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoneyTotals {
    /// The amounts of all claims that state one.
    pub claimed: String,
    /// The amounts of validated claims that state one.
    pub claimed_validated: String,
    /// Validated claims for whose outcome the scheme states a price.
    pub priced: u64,
    /// The scheme's prices of validated claims.
    pub payable: String,
    /// The same by provider and contract.
    pub by_contract: Vec<MoneyAccount>,
    /// How one leads to the other. Results of versions before 0.2.0 do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub walk: Option<MoneyWalk>,
}

/// What is claimed and payable under one contract of one provider. Amounts are pounds with two places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoneyAccount {
    /// The provider; empty where a claim names none, `(withheld)` where it looks like a person's number or a date.
    pub provider_id: String,
    /// The contract, in the same way.
    pub contract_id: String,
    /// Claims.
    pub claims: u64,
    /// Validated claims.
    pub validated: u64,
    /// Validated claims for whose outcome the scheme states a price.
    pub priced: u64,
    /// The amounts of all claims that state one.
    pub claimed: String,
    /// The amounts of validated claims that state one.
    pub claimed_validated: String,
    /// The scheme's prices of validated claims.
    pub payable: String,
}

/// A day that bounds what the extract speaks for, and how it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CutOff {
    /// The day, as YYYY-MM-DD; null when the extract does not tell.
    pub date: Option<String>,
    /// option, extract or nothing.
    pub from: String,
}

impl CutOff {
    /// `from`: the day was given on the command line.
    pub const OPTION: &str = "option";
    /// `from`: it follows from the extract.
    pub const EXTRACT: &str = "extract";
    /// `from`: there is no day.
    pub const NOTHING: &str = "nothing";

    /// A day that was given on the command line, or follows from the extract.
    pub fn of(day: Option<chrono::NaiveDate>, is_given: bool) -> Self {
        let from = match day {
            Some(_) if is_given => Self::OPTION,
            Some(_) => Self::EXTRACT,
            None => Self::NOTHING,
        };
        Self { date: day.map(|day| day.to_string()), from: from.into() }
    }
}

/// The claims, counted: `validated`, `rejected` and `queried` add up to `read`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimCounts {
    /// Rows of the claims file, readable or not.
    pub read: u64,
    /// Validated claims.
    pub validated: u64,
    /// Rejected claims.
    pub rejected: u64,
    /// Queried claims.
    pub queried: u64,
}

/// The earnings rows, counted: the other numbers add up to `read`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EarningsCounts {
    /// All rows.
    pub read: u64,
    /// Payments of people who are claimed for.
    pub of_claimed_people: u64,
    /// Rows of people nobody claims for.
    pub of_other_people: u64,
    /// Rows whose National Insurance number is missing, malformed or a dummy.
    pub without_person: u64,
    /// Rows that could not be read.
    pub quarantined: u64,
}

/// How often a rule passed, failed and did not apply; the three add up to the claims read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleCounts {
    /// The rule.
    pub code: String,
    /// What fails, in a line.
    pub title: String,
    /// Claims that pass it.
    pub passed: u64,
    /// Claims that fail it.
    pub failed: u64,
    /// Claims to which it does not apply, or for which it could not be evaluated.
    pub not_applicable: u64,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutputAccount {
    /// Its name.
    pub name: String,
    /// How many rows it has; 1 for a file that is no table.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// BLAKE3 of those bytes.
    pub blake3: String,
}

impl RunAccount {
    /// What a run that was given no earlier run cannot tell.
    pub const WITHOUT_HISTORY: &str =
        "no earlier run was named with --history, so nothing tells whether these outcomes were paid before";

    /// What does not add up; empty when everything does.
    pub fn contradictions(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut must_equal = |what: &str, one: u64, other: u64| {
            if one != other {
                wrong.push(format!("{what}: {one} is not {other}"));
            }
        };
        let claims = &self.claims;
        must_equal(
            "validated, rejected and queried against claims read",
            claims.validated + claims.rejected + claims.queried,
            claims.read,
        );
        let earnings = &self.earnings;
        let parts =
            earnings.of_claimed_people + earnings.of_other_people + earnings.without_person + earnings.quarantined;
        must_equal("the earnings rows' parts against the rows read", parts, earnings.read);
        must_equal("rows of the claims file against claims read", self.input_rows("claims"), claims.read);
        must_equal("rows of the earnings files against earnings read", self.input_rows("earnings"), earnings.read);
        for rule in &self.rules {
            must_equal(&rule.code, rule.passed + rule.failed + rule.not_applicable, claims.read);
        }
        must_equal(
            "claims by provider against claims read",
            self.money.by_contract.iter().map(|one| one.claims).sum(),
            claims.read,
        );
        must_equal(
            "validated claims by provider against validated",
            self.money.by_contract.iter().map(|one| one.validated).sum(),
            claims.validated,
        );
        let rows = |name: &str| self.outputs.iter().find(|output| output.name == name).map_or(0, |output| output.rows);
        must_equal("rows of validated.parquet", rows("validated.parquet"), claims.validated);
        must_equal("rows of rejected.parquet", rows("rejected.parquet"), claims.rejected);
        must_equal("rows of queried.parquet", rows("queried.parquet"), claims.queried);
        must_equal(
            "rows of findings.parquet against failures",
            rows("findings.parquet"),
            self.rules.iter().map(|rule| rule.failed).sum(),
        );
        must_equal(
            "rows of quarantine.parquet",
            rows("quarantine.parquet"),
            self.inputs.iter().map(|input| input.quarantined).sum(),
        );
        if let Some(walk) = &self.money.walk {
            must_equal("rejected claims of the walk of money", walk.claims(StepCause::Rejected), claims.rejected);
            must_equal("queried claims of the walk of money", walk.claims(StepCause::Queried), claims.queried);
            let is_between = (&walk.claimed, &walk.payable) == (&self.money.claimed, &self.money.payable);
            if !is_between || !walk.adds_up() {
                wrong.push("what was claimed does not lead to what is payable".into());
            }
        }
        wrong
    }

    fn input_rows(&self, role: &str) -> u64 {
        self.inputs.iter().filter(|input| input.role == role).map(|input| input.rows).sum()
    }
}
