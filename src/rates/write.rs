//! Writes the files of a set of rates: those to be published, those that are not for release, and the account of both.

use std::collections::BTreeMap;
use std::io::Write as _;

use super::RatesRequest;
use super::account::{DisclosureAccount, FILE, ObservedAccount, RESTRICTED, RatesAccount, RatesInput, RatesScheme};
use super::figures::RatesFigures;
use super::inputs::RatesInputs;
use super::page::page;
use super::public::{PublicContext, headlines};
use super::tables::{audit, csv, for_tau_argus, metadata, parquet, problems, unclaimed};
use super::workbook::spreadsheet;
use crate::account::Program;
use crate::account::columns::ColumnAccount;
use crate::domain::count_of as count;
use crate::error::RunError;
use crate::extract::source::Sniffed;
use crate::measures::MeasureKind;
use crate::observations::volumes::Volumes;
use crate::release::disclosure::DisclosureProfile;
use crate::release::{Benchmarks, CohortBaseline, OutcomeTarget, RatesRow, ReleaseOptions, release};
use crate::sealed::sealed_text;
use crate::staging::Staging;
use crate::workbooks::{ods, xlsx};

/// Writes every file into the staging directory and returns the account.
pub(super) fn write(
    request: &RatesRequest,
    inputs: &RatesInputs,
    figures: &RatesFigures,
    fingerprint: String,
    staging: &Staging,
) -> Result<RatesAccount, RunError> {
    let benchmarks = benchmarks(request, figures);
    let options = ReleaseOptions { profile: &request.profile, by: &request.by, curves: request.curves };
    let released = release(&figures.counts, &figures.questions, &benchmarks, options);
    let public = PublicContext::of(request, figures);
    let mut outputs = Vec::new();
    staging.folder(RESTRICTED)?;
    let mut put = |name: &str, bytes: &[u8], rows: usize| -> Result<(), RunError> {
        staging.create(name)?.write_all(bytes).map_err(|_| failed(name))?;
        outputs.push((name.to_owned(), rows));
        Ok(())
    };
    let restricted = |name: &str| format!("{RESTRICTED}/{name}");
    // What is not for release lies with what is not for release.
    let place = |name: &str| if request.profile.is_for_release() { name.to_owned() } else { restricted(name) };
    put(&place("rates.csv"), csv(&released.rows, &request.profile)?.as_bytes(), released.rows.len())?;
    put(&place("rates.csv-metadata.json"), metadata(&public, &released)?.as_bytes(), 1)?;
    put(&place("rates.html"), page(&public, &released).as_bytes(), 1)?;
    let book = spreadsheet(&public, &released);
    put(&place("rates.ods"), &ods(&book).map_err(|_| failed("rates.ods"))?, released.rows.len())?;
    put(&place("rates.xlsx"), &xlsx(&book).map_err(|_| failed("rates.xlsx"))?, released.rows.len())?;
    let withheld: Vec<&RatesRow> = released.rows.iter().filter(|row| row.withheld.is_some()).collect();
    put(&restricted("disclosure.csv"), audit(&withheld, &request.profile)?.as_bytes(), withheld.len())?;
    put(&restricted("READ-ME-FIRST.txt"), NOT_FOR_RELEASE.as_bytes(), 1)?;
    put(&restricted("register-problems.csv"), problems(figures)?.as_bytes(), figures.people.problems.len())?;
    if request.run.is_some() {
        put(&restricted("unclaimed-outcomes.csv"), unclaimed(figures)?.as_bytes(), figures.counts.unclaimed.len())?;
    }
    if request.unrounded {
        let internal = DisclosureProfile::internal();
        let working =
            release(&figures.counts, &figures.questions, &benchmarks, ReleaseOptions { profile: &internal, ..options })
                .rows;
        put(&restricted("rates-unrounded.csv"), csv(&working, &internal)?.as_bytes(), working.len())?;
        let cells: Vec<&RatesRow> =
            working.iter().filter(|row| row.numerator.is_some() && row.measure.kind != MeasureKind::Cost).collect();
        put(&restricted("tau-argus.csv"), for_tau_argus(&cells)?.as_bytes(), cells.len())?;
    }
    let name = if request.profile.is_for_release() { "rates.parquet" } else { "not-for-release/rates.parquet" };
    parquet(request, name, &released.rows, staging)?;
    outputs.push((name.to_owned(), released.rows.len()));
    outputs.sort();
    let outputs = outputs.into_iter().map(|(name, rows)| staging.account_of(&name, count(rows)));
    let mut account = RatesAccount {
        program: Program::this(),
        fingerprint,
        scheme: RatesScheme {
            id: request.scheme.id.clone(),
            status: request.scheme.status.name().into(),
            hash: request.scheme.hash.clone(),
        },
        observed: ObservedAccount {
            cut_off: figures.scope.cut_off.to_string(),
            from: figures.scope.observed.from.to_string(),
            to: figures.scope.observed.to.to_string(),
            extract_days: Some(figures.extract_days.clone()),
        },
        counted: if request.each_start { "starts" } else { "people" }.into(),
        by: request.by.iter().map(|dimension| dimension.name().to_owned()).collect(),
        disclosure: DisclosureAccount {
            profile: request.profile.clone(),
            curves: request.curves,
            withheld: reasons(&withheld),
            unrounded: request.unrounded,
        },
        inputs: input_accounts(inputs, figures),
        left_out: inputs.earnings.left_out.clone(),
        set_aside: request.set_aside.map(|share| share.to_string()),
        run: figures.run.clone(),
        register: figures.people.account.clone(),
        earnings: figures.earnings.account.counts(),
        not_theirs: figures.counts.with_payments_of_another,
        with_unread_rows: figures.counts.with_unread_rows,
        headlines: headlines(&released.rows),
        outputs: outputs.collect::<Result<_, RunError>>()?,
        seal: String::new(),
    };
    let text = sealed_text(&mut account)?;
    staging.create(FILE)?.write_all(text.as_bytes()).map_err(|_| failed(FILE))?;
    Ok(account)
}

/// How many rows are withheld, by reason.
fn reasons(withheld: &[&RatesRow]) -> BTreeMap<String, u64> {
    let mut reasons = BTreeMap::new();
    for why in withheld.iter().filter_map(|row| row.withheld) {
        *reasons.entry(why.says().to_owned()).or_default() += 1;
    }
    reasons
}

/// What the counts are compared with.
fn benchmarks<'a>(request: &RatesRequest, figures: &'a RatesFigures) -> Benchmarks<'a> {
    let baselines = request.scheme.arrangements.baselines.iter().map(|baseline| &baseline.value);
    Benchmarks {
        claims: figures.claims.clone(),
        targets: targets(request),
        baselines: baselines
            .map(|baseline| CohortBaseline { cohort: baseline.cohort.clone(), share: baseline.share })
            .collect(),
        years: &figures.scope.years,
        volumes: Volumes::of(&request.scheme),
        spending: figures.scope.spending.as_deref(),
        levels: figures.levels.clone(),
    }
}

/// The scheme's targets that are shares of people who meet an outcome.
fn targets(request: &RatesRequest) -> Vec<OutcomeTarget> {
    let targets = request.scheme.arrangements.targets.iter().map(|target| &target.value);
    let of_outcomes =
        targets.filter_map(|target| Some(OutcomeTarget { outcome: target.outcome.clone()?, share: target.share? }));
    of_outcomes.collect()
}

const NOT_FOR_RELEASE: &str = "\
The files in this folder are about single people or show exact counts. They are not for release.
rates.json: the account: inputs and their hashes, options, and exactly how many rows and people were counted.
disclosure.csv: the rows that are withheld, and why.
register-problems.csv: rows of the register that are not simply used, and why.
unclaimed-outcomes.csv: people whose payments meet an outcome that nobody claimed, with the verdict that a claim would get (with --run).
rates-unrounded.csv: the working tables, nothing rounded and nothing withheld (with --unrounded).
tau-argus.csv: their counts of people as a plain table that tau-argus reads as tabular data (with --unrounded).
";

/// Every file that was read, with how its cells were written. Every cell of a funding file must be readable.
fn input_accounts(inputs: &RatesInputs, figures: &RatesFigures) -> Vec<RatesInput> {
    let mut of_earnings = figures.earnings.tallies.iter();
    let account = |(role, file): (&'static str, &Sniffed)| {
        let tally = match role {
            "register" => Some(&figures.people.tally),
            "earnings" => of_earnings.next(),
            _ => None,
        };
        RatesInput {
            role: role.into(),
            name: file.source.name.clone(),
            bytes: file.bytes,
            blake3: file.hash.clone(),
            columns: tally.map(ColumnAccount::of).unwrap_or_default(),
        }
    };
    inputs.files().map(account).collect()
}

pub(super) fn failed(name: &str) -> RunError {
    RunError::Untrusted(format!("{name} could not be written; is the disk full?"))
}
