//! The files of a set of rates: tidy tables, what they mean, what was withheld, and what is not for release.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::DataType;
use serde_json::json;

use super::account::{DisclosureAccount, FILE, ObservedAccount, RESTRICTED, RatesAccount, RatesInput, RatesScheme};
use super::disclosure::{PROFILES, Profile, Withheld, reasons};
use super::page::page;
use super::release::{Row, Target, rows};
use super::{Figures, Order};
use crate::error::RunError;
use crate::extract::earnings::Earnings;
use crate::extract::source::Surveyed;
use crate::publish::account::{EarningsCounts, OutputAccount, Program};
use crate::publish::files::{OutputFile, Stamp};
use crate::publish::layout::{OutputColumn, Personal, schema};
use crate::publish::staging::Staging;
use crate::results::hash_of;

/// The columns of `rates.parquet` and `rates.csv`.
pub(crate) fn layout() -> Vec<OutputColumn> {
    let column =
        |name: &str, data_type, means| OutputColumn { name: name.into(), data_type, means, personal: Personal::No };
    vec![
        column("measure", DataType::Utf8, "what is measured; `sustain rates --define NAME` explains it"),
        column("period", DataType::Utf8, "the week, month, outcome or date, where the measure has one"),
        column("group", DataType::Utf8, "what the row is broken down by; all for everyone"),
        column("level", DataType::Utf8, "the level of the group"),
        column("numerator", DataType::Int64, "people counted, as published"),
        column("denominator", DataType::Int64, "of how many, as published"),
        column("not_observed", DataType::Int64, "people who would belong to the denominator and are not observed"),
        column("rate", DataType::Float64, "the share, the change of a share, or weeks"),
        column("lower", DataType::Float64, "the lower end of the 95% interval"),
        column("upper", DataType::Float64, "the upper end of the 95% interval"),
        column("lower_bound", DataType::Float64, "by claim: the rate if no undecided claim is validated"),
        column("upper_bound", DataType::Float64, "by claim: the rate if every undecided claim is validated"),
        column("suppressed", DataType::Utf8, "why the row is withheld; empty where it is not"),
        column("note", DataType::Utf8, "what a reader must know"),
        column("disclosure", DataType::Utf8, "the profile by which disclosure is controlled"),
    ]
}

/// Writes everything; answers the account.
pub(super) fn write(
    order: &Order,
    register: &Surveyed,
    earnings: &Earnings,
    figures: &Figures,
    fingerprint: String,
    staging: &Staging,
) -> Result<RatesAccount, RunError> {
    let targets = targets(order);
    let released = rows(&figures.tables, &figures.cells, &figures.claimed, &targets, order.profile);
    let mut outputs = Vec::new();
    let mut put = |name: &str, text: &str, rows: usize| -> Result<(), RunError> {
        staging.create(name)?.write_all(text.as_bytes()).map_err(|_| failed(name))?;
        outputs.push((name.to_owned(), rows));
        Ok(())
    };
    put("rates.csv", &csv(&released, order.profile), released.len())?;
    put("rates.csv-metadata.json", &metadata(order)?, 1)?;
    put("rates.html", &page(order, figures, &released), 1)?;
    let withheld: Vec<&Row> = released.iter().filter(|row| row.withheld.is_some()).collect();
    put("disclosure.csv", &audit(&withheld, order.profile), withheld.len())?;
    staging.folder(RESTRICTED)?;
    let restricted = |name: &str| format!("{RESTRICTED}/{name}");
    put(&restricted("READ-ME-FIRST.txt"), NOT_FOR_RELEASE, 1)?;
    put(&restricted("register-problems.csv"), &problems(figures), figures.people.problems.len())?;
    if order.run.is_some() {
        put(&restricted("unclaimed-outcomes.csv"), &unclaimed(figures), figures.tables.unclaimed.len())?;
    }
    if order.unrounded {
        let [.., internal] = PROFILES;
        let working = rows(&figures.tables, &figures.cells, &figures.claimed, &targets, internal);
        put(&restricted("rates-unrounded.csv"), &csv(&working, internal), working.len())?;
    }
    parquet(order, &released, staging)?;
    outputs.push(("rates.parquet".to_owned(), released.len()));
    outputs.sort();
    let outputs = outputs.into_iter().map(|(name, rows)| {
        let (bytes, blake3) = hash_of(&staging.path(&name))?;
        Ok(OutputAccount { name, rows: count(rows), bytes, blake3 })
    });
    let account = RatesAccount {
        program: Program { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() },
        fingerprint,
        scheme: RatesScheme {
            id: order.scheme.id.clone(),
            status: order.scheme.status.name().into(),
            hash: order.scheme.hash.clone(),
        },
        observed: ObservedAccount {
            cut_off: figures.frame.cut_off.to_string(),
            from: figures.frame.observed.from.to_string(),
            to: figures.frame.observed.to.to_string(),
        },
        counted: if order.each_start { "starts" } else { "people" }.into(),
        by: order.by.iter().map(|dimension| dimension.name().to_owned()).collect(),
        disclosure: DisclosureAccount {
            profile: order.profile.name.into(),
            base: order.profile.base,
            safe_threshold: order.profile.safe_threshold,
            withheld: reasons(withheld.iter().filter_map(|row| row.withheld))
                .into_iter()
                .map(|(why, count)| (why.says().to_owned(), count))
                .collect(),
            unrounded: order.unrounded,
        },
        inputs: inputs(register, earnings),
        run: figures.run.clone(),
        register: figures.people.account.clone(),
        earnings: earnings_counts(figures),
        not_theirs: figures.tables.not_theirs,
        outputs: outputs.collect::<Result<_, RunError>>()?,
    };
    let text = serde_json::to_string_pretty(&account).map_err(|_| failed(FILE))? + "\n";
    staging.create(FILE)?.write_all(text.as_bytes()).map_err(|_| failed(FILE))?;
    Ok(account)
}

/// The scheme's targets that are shares of people who meet an outcome.
fn targets(order: &Order) -> Vec<Target> {
    let targets = order.scheme.arrangements.targets.iter().map(|target| &target.value);
    let of_outcomes =
        targets.filter_map(|target| Some(Target { outcome: target.outcome.clone()?, share: target.share? }));
    of_outcomes.collect()
}

const NOT_FOR_RELEASE: &str = "\
The files in this folder are about single people or show exact counts. They are not for release.
rates.json: the account: inputs and their hashes, options, and exactly how many rows and people were counted.
register-problems.csv: rows of the register that are not simply used, and why.
unclaimed-outcomes.csv: people whose payments meet an outcome that nobody claimed (with --run).
rates-unrounded.csv: the working tables, nothing rounded and nothing withheld (with --unrounded).
";

fn inputs(register: &Surveyed, earnings: &Earnings) -> Vec<RatesInput> {
    let input = |role: &str, file: &Surveyed| RatesInput {
        role: role.into(),
        name: file.source.name.clone(),
        bytes: file.bytes,
        blake3: file.hash.clone(),
    };
    let earnings = earnings.files.iter().map(|file| input("earnings", file));
    std::iter::once(input("register", register)).chain(earnings).collect()
}

fn earnings_counts(figures: &Figures) -> EarningsCounts {
    let account = &figures.earnings.account;
    EarningsCounts {
        read: account.rows,
        of_claimed_people: account.kept,
        of_other_people: account.unclaimed,
        without_person: account.without_person,
        quarantined: account.quarantined,
    }
}

/// A table of separated values.
fn csv(rows: &[Row], profile: Profile) -> String {
    let names: Vec<String> = layout().into_iter().map(|column| column.name).collect();
    let mut text = names.join(",") + "\n";
    for row in rows {
        let count = |count: Option<u64>| count.map(|count| count.to_string()).unwrap_or_default();
        let share = |share: Option<f64>| share.map(|share| format!("{share:.4}")).unwrap_or_default();
        let cells = [
            row.measure.name.to_owned(),
            cell(&row.period),
            row.group.to_owned(),
            cell(&row.level),
            count(row.numerator),
            count(row.denominator),
            count(row.not_observed),
            share(row.rate),
            share(row.lower),
            share(row.upper),
            share(row.lower_bound),
            share(row.upper_bound),
            row.withheld.map(|why| why.says().to_owned()).as_deref().map(cell).unwrap_or_default(),
            cell(&row.note),
            profile.name.to_owned(),
        ];
        text += &(cells.join(",") + "\n");
    }
    text
}

/// A cell of a table that people open in spreadsheets: a level that would be run as a formula is text.
fn cell(text: &str) -> String {
    let is_number = text.parse::<i64>().is_ok();
    let is_formula = text.starts_with(['=', '+', '-', '@']) && !is_number;
    let text = if is_formula && !text.starts_with("-13 to") { format!("'{text}") } else { text.to_owned() };
    let mut out = Vec::new();
    crate::sample::write_csv::quoted(&mut out, &text);
    String::from_utf8_lossy(&out).into_owned()
}

/// What was withheld, and why.
fn audit(rows: &[&Row], profile: Profile) -> String {
    let mut text = String::from("profile,measure,period,group,level,why\n");
    for row in rows {
        let why = row.withheld.map(Withheld::says).unwrap_or_default();
        let (period, level) = (cell(&row.period), cell(&row.level));
        writeln!(text, "{},{},{period},{},{level},{}", profile.name, row.measure.name, row.group, cell(why)).ok();
    }
    text
}

fn problems(figures: &Figures) -> String {
    let mut text = String::from("row,participant_id,problem\n");
    for problem in &figures.people.problems {
        writeln!(text, "{},{},{}", problem.row, cell(&problem.participant_id), cell(&problem.says)).ok();
    }
    text
}

fn unclaimed(figures: &Figures) -> String {
    let mut text = String::from("participant_id,outcome,achieved_on\n");
    for one in &figures.tables.unclaimed {
        writeln!(text, "{},{},{}", cell(&one.participant_id), cell(&one.outcome), one.achieved_on).ok();
    }
    text
}

/// The meaning of `rates.csv`, as CSV on the Web.
fn metadata(order: &Order) -> Result<String, RunError> {
    let columns: Vec<_> = layout()
        .iter()
        .map(|column| {
            let datatype = match (column.data_type == DataType::Int64, column.data_type == DataType::Float64) {
                (true, _) => "integer",
                (_, true) => "number",
                (false, false) => "string",
            };
            json!({"name": column.name, "titles": column.name, "datatype": datatype, "dc:description": column.means})
        })
        .collect();
    let metadata = json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": "rates.csv",
        "dc:title": format!("Employment rates: {}", order.scheme.title),
        "dc:description": format!(
            "Disclosure control: {} ({}). 95% intervals. Days the extract cannot speak for are not observed.",
            order.profile.name, order.profile.says
        ),
        "tableSchema": {"columns": columns, "primaryKey": ["measure", "period", "group", "level"]}
    });
    Ok(serde_json::to_string_pretty(&metadata).map_err(|_| failed("rates.csv-metadata.json"))? + "\n")
}

fn parquet(order: &Order, rows: &[Row], staging: &Staging) -> Result<(), RunError> {
    let stamp = Stamp {
        scheme: order.scheme.id.clone(),
        scheme_status: order.scheme.status.name(),
        scheme_hash: order.scheme.hash.clone(),
        parameters: format!("disclosure={}", order.profile.name),
    };
    let text =
        |of: &dyn Fn(&Row) -> Option<String>| -> ArrayRef { Arc::new(rows.iter().map(of).collect::<StringArray>()) };
    let count = |of: &dyn Fn(&Row) -> Option<u64>| -> ArrayRef {
        Arc::new(rows.iter().map(|row| of(row).and_then(|count| i64::try_from(count).ok())).collect::<Int64Array>())
    };
    let share =
        |of: &dyn Fn(&Row) -> Option<f64>| -> ArrayRef { Arc::new(rows.iter().map(of).collect::<Float64Array>()) };
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let columns = vec![
        text(&|row| Some(row.measure.name.to_owned())),
        text(&|row| given(&row.period)),
        text(&|row| Some(row.group.to_owned())),
        text(&|row| Some(row.level.clone())),
        count(&|row| row.numerator),
        count(&|row| row.denominator),
        count(&|row| row.not_observed),
        share(&|row| row.rate),
        share(&|row| row.lower),
        share(&|row| row.upper),
        share(&|row| row.lower_bound),
        share(&|row| row.upper_bound),
        text(&|row| row.withheld.map(|why| why.says().to_owned())),
        text(&|row| given(&row.note)),
        text(&|_| Some(order.profile.name.to_owned())),
    ];
    let batch = RecordBatch::try_new(schema(&layout()), columns).map_err(|_| failed("rates.parquet"))?;
    let mut file = OutputFile::create(staging, "rates.parquet", &layout(), &[], &stamp)?;
    file.write(&batch)?;
    file.finish().map(|_| ())
}

fn failed(name: &str) -> RunError {
    RunError::Untrusted(format!("{name} could not be written; is the disk full?"))
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
