//! Builds the account of a run from its counts, inputs and outputs.

use std::collections::BTreeMap;

use super::ValidateRequest;
use super::money::MoneyByContract;
use super::money_walk::WalkSums;
use super::prepared::MatchedBatch;
use super::quarantine::WrittenQuarantine;
use crate::account::columns::ColumnAccount;
use crate::account::extract_days::rows_by_month;
use crate::account::{
    ClaimCounts, CutOff, ExtractDays, InputAccount, MoneyTotals, ParameterAccount, Program, RuleCounts, RunAccount,
    SchemeAccount, SettingAccount,
};
use crate::batch::DecidedClaim;
use crate::domain::count_of as count;
use crate::domain::{Departure, Tally};
use crate::extract::Role;
use crate::extract::columns::ColumnsFound;
use crate::extract::csv::SpanCounts as CsvCounts;
use crate::history::History;
use crate::judge::Verdict;
use crate::rules::claim::claimed_twice;
use crate::rules::{Code, RULES, Setting, Status};
use crate::scheme::parameter::{Parameter, Supply};

/// What is counted while claims are decided.
#[derive(Debug, Default)]
pub(super) struct RunCounts {
    claims: ClaimCounts,
    money: MoneyByContract,
    walk: WalkSums,
    rules: BTreeMap<Code, (u64, u64, u64)>,
    recheck: BTreeMap<String, u64>,
}

impl RunCounts {
    pub(super) fn of(decided: &[DecidedClaim<'_>]) -> Self {
        let mut counts = Self::default();
        for decided_claim in decided {
            counts.claims.read += 1;
            counts.money.add(decided_claim);
            counts.walk.add(decided_claim);
            match decided_claim.decision.verdict {
                Verdict::Validated => counts.claims.validated += 1,
                Verdict::Rejected => counts.claims.rejected += 1,
                Verdict::Queried => counts.claims.queried += 1,
            }
            for (code, status) in &decided_claim.decision.statuses {
                let (passed, failed, not_applicable) = counts.rules.entry(*code).or_default();
                match status {
                    Status::Passed => *passed += 1,
                    Status::Failed(_) | Status::FailedByAbsence(_) | Status::Unclear(_) => *failed += 1,
                    Status::NotApplicable(_) => *not_applicable += 1,
                }
            }
            if decided_claim.decision.verdict == Verdict::Queried
                && let Some(day) = decided_claim.decision.recheck_on()
            {
                *counts.recheck.entry(day.to_string()).or_default() += 1;
            }
        }
        counts
    }

    /// How many claims were counted.
    pub(super) fn claims(&self) -> u64 {
        self.claims.read
    }

    /// Adds what was counted of other claims.
    pub(super) fn join(&mut self, other: Self) {
        self.claims.read += other.claims.read;
        self.claims.validated += other.claims.validated;
        self.claims.rejected += other.claims.rejected;
        self.claims.queried += other.claims.queried;
        self.money.join(other.money);
        self.walk.join(other.walk);
        for (code, of_other) in other.rules {
            let (passed, failed, not_applicable) = self.rules.entry(code).or_default();
            *passed += of_other.0;
            *failed += of_other.1;
            *not_applicable += of_other.2;
        }
        for (day, count) in other.recheck {
            *self.recheck.entry(day).or_default() += count;
        }
    }
}

pub(super) fn account(
    prepared: &MatchedBatch,
    history: &History,
    fingerprint: String,
    request: &ValidateRequest,
    counts: RunCounts,
    quarantined: &WrittenQuarantine<'_>,
) -> RunAccount {
    let rules = RULES.iter().map(|rule| {
        let (passed, failed, not_applicable) = counts.rules.get(&rule.code).copied().unwrap_or_default();
        // In a batch without claims every rule has counts of 0.
        RuleCounts { code: rule.code.to_string(), title: rule.title.into(), passed, failed, not_applicable }
    });
    RunAccount {
        program: Program::this(),
        fingerprint,
        scheme: scheme_account(request),
        cut_off: CutOff::of(prepared.context.observed.cut_off, request.extract_to.is_some()),
        extract_days: Some(ExtractDays::new(
            &prepared.read.all_paydays().months(),
            request.given_days(),
            &prepared.context.observed,
        )),
        inputs: input_accounts(prepared, quarantined),
        left_out: prepared.inputs.earnings.left_out.clone(),
        set_aside: request.set_aside.map(|share| share.to_string()),
        history: history.fingerprints().map(str::to_owned).collect(),
        without_history: history.is_empty().then(|| RunAccount::WITHOUT_HISTORY.into()),
        claims: counts.claims,
        paid_once: !prepared.context.scheme.weighs_below_query(claimed_twice::RULE.code),
        earnings: prepared.read.account.counts(),
        rules: rules.collect(),
        money: MoneyTotals { walk: Some(counts.walk.account()), ..counts.money.totals() },
        recheck: counts.recheck,
        outputs: Vec::new(),
        seal: String::new(),
    }
}

fn scheme_account(request: &ValidateRequest) -> SchemeAccount {
    let scheme = &request.scheme;
    let by = |by: &'static str| {
        move |(code, setting): (&Code, &Setting)| {
            (code.to_string(), SettingAccount { setting: setting.name().into(), by: by.into() })
        }
    };
    let mut settings: BTreeMap<String, SettingAccount> =
        scheme.settings.iter().map(by(SettingAccount::SCHEME)).collect();
    settings.extend(request.settings.iter().map(by(SettingAccount::COMMAND_LINE)));
    SchemeAccount {
        id: scheme.id.clone(),
        title: scheme.title.clone(),
        status: scheme.status.name().into(),
        hash: scheme.hash.clone(),
        assumptions: scheme.assumptions.clone(),
        parameters: scheme.parameters.iter().map(parameter_account).collect(),
        settings,
    }
}

fn parameter_account(parameter: &Parameter) -> (String, ParameterAccount) {
    let (value, by) = match parameter.supply() {
        Supply::Given(value) => (Some(value), ParameterAccount::COMMAND_LINE),
        Supply::Default(value) => (Some(value), ParameterAccount::SCHEME),
        Supply::Example(_) | Supply::Nothing => (None, ParameterAccount::NOBODY),
    };
    (parameter.id.clone(), ParameterAccount { value: value.map(str::to_owned), by: by.into() })
}

fn input_accounts(prepared: &MatchedBatch, quarantined: &WrittenQuarantine<'_>) -> Vec<InputAccount> {
    let mut counts_of_roles: BTreeMap<Role, u32> = BTreeMap::new();
    let mut accounts = Vec::new();
    for (role, file) in prepared.inputs.all() {
        let files_of_role = counts_of_roles.entry(role).or_default();
        let number = *files_of_role;
        *files_of_role += 1;
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let nothing = Tally::default();
        let (rows, tally, csv) = match role {
            Role::Claims => prepared
                .claims
                .files
                .get(place)
                .map_or((0, &nothing, None), |file| (count(file.rows), &file.tally, file.csv)),
            Role::Register => {
                let csv = prepared.register_csv;
                prepared.register.as_ref().map_or((0, &nothing, csv), |register| (register.rows, &register.tally, csv))
            }
            Role::Earnings => {
                let rows = prepared.read.rows.get(place).copied().unwrap_or(0);
                let csv = prepared.read.csv.get(place).copied().flatten();
                (rows, prepared.read.tallies.get(place).unwrap_or(&nothing), csv)
            }
        };
        let column_names = match role {
            Role::Claims => prepared.claims.files.get(place).map(|file| file.columns.account()),
            Role::Register => prepared.register_columns.as_ref().map(ColumnsFound::account),
            Role::Earnings => prepared.earnings_columns(number),
        };
        accounts.push(InputAccount {
            role: role.name().into(),
            name: file.source.name.clone(),
            format: file.format.name().into(),
            compression: file.compression.name().into(),
            encoding: file.encoding.map(|encoding| encoding.name().to_owned()),
            sheet: file.sheet.as_ref().map(|sheet| sheet.name.clone()),
            bytes: file.bytes,
            blake3: file.hash.clone(),
            rows,
            quarantined: quarantined.of_file(role, number),
            slashed_dates: tally.departed(Departure::SlashedDate),
            spreadsheet_damage: tally
                .damaged()
                .into_iter()
                .map(|(damage, count)| (damage.name().to_owned(), count))
                .collect(),
            rows_by_month: match role {
                Role::Earnings => prepared.read.paydays.get(place).map(rows_by_month).unwrap_or_default(),
                Role::Claims | Role::Register => BTreeMap::new(),
            },
            columns: ColumnAccount::of(tally),
            text: csv.as_ref().map(CsvCounts::account),
            columns_of_folders: file.source.folder_values.iter().map(|folder| folder.column.clone()).collect(),
            column_names,
        });
    }
    accounts
}
