//! Proposes a file of columns for a file whose columns have other names.

use super::columns::recognises;
use super::csv::{CsvError, HeaderFault, Records};
use super::earnings::csv_error;
use super::guessed_columns::likeness;
use super::parquet::ParquetFile;
use super::source::{FileFormat, Sniffed};
use crate::domain::field::Need;
use crate::domain::printable::{printable_json, steers};
use crate::domain::withheld::is_personal;
use crate::domain::{Claim, Column, Funding, Participant, Payment};
use crate::error::InputError;

/// The inputs by name, with their columns.
const INPUTS: [(&str, &[Column]); 4] = [
    ("claims", &Claim::COLUMNS),
    ("register", &Participant::COLUMNS),
    ("earnings", &Payment::COLUMNS),
    ("funding", &Funding::COLUMNS),
];

/// A file of columns for a file, as text: what is recognised and what is missing stand in comments, and so does each guess.
/// Where no input is named, the one is meant of which most columns are recognised.
///
/// # Errors
/// A file without columns, or an input that there is none of.
pub fn propose(sniffed: &Sniffed, input: Option<&str>) -> Result<String, InputError> {
    let names = names_of(sniffed)?;
    let recognised = |columns: &[Column]| names.iter().filter(|name| recognises(columns, name)).count();
    let (input, columns) = match input {
        Some(wanted) => INPUTS.into_iter().find(|(name, _)| *name == wanted),
        // Of equals the first.
        None => INPUTS.into_iter().rev().max_by_key(|(_, columns)| recognised(columns)),
    }
    .ok_or_else(|| sniffed.source.error("there is no such input", "one of claims, register, earnings, funding"))?;
    Ok(text(&sniffed.source.name, input, columns, &names))
}

/// The names of a file's columns.
fn names_of(sniffed: &Sniffed) -> Result<Vec<String>, InputError> {
    match sniffed.format {
        FileFormat::Parquet => Ok(ParquetFile::open(sniffed)?.names),
        FileFormat::Json => {
            Err(sniffed.source.error("the file is JSON, whose names a file of columns cannot map", "rename the keys"))
        }
        FileFormat::Csv | FileFormat::Workbook => {
            let known = |name: &str| INPUTS.iter().any(|(_, columns)| recognises(columns, name));
            // Where no name is known, the first line is the header.
            let any = |name: &str| !name.is_empty();
            let records = match Records::new(sniffed.text()?, &known) {
                Err(CsvError::Header(HeaderFault::NothingRecognised { .. })) => Records::new(sniffed.text()?, &any),
                read => read,
            };
            let records = records.map_err(|error| csv_error(sniffed, &error))?;
            let header = records.header();
            if header.names.iter().any(|name| is_personal(name)) {
                let problem =
                    "the first line holds numbers of people or dates, and is a row and not the names of columns";
                let hint = "the file must begin with a line that names the columns";
                return Err(sniffed.source.error(problem, hint).at_line(header.line));
            }
            Ok(header.names.clone())
        }
    }
}

/// A name in quotation marks, as TOML has it, with what would steer a screen written by its number.
fn quoted(name: &str) -> String {
    match serde_json::to_string(name) {
        // JSON and TOML write a letter by its number in the same way.
        Ok(text) if name.contains(steers) => printable_json(&text).into_owned(),
        Ok(_) | Err(_) => toml::Value::String(name.to_owned()).to_string(),
    }
}

fn text(file: &str, input: &str, columns: &[Column], names: &[String]) -> String {
    let is_there = |column: &Column| names.iter().any(|name| recognises(std::slice::from_ref(column), name));
    let absent: Vec<&Column> = columns.iter().filter(|column| !is_there(column)).collect();
    let unknown: Vec<&String> = names.iter().filter(|name| !name.is_empty() && !recognises(columns, name)).collect();
    let mut text = format!(
        "# What the columns of {file} mean, for --columns. A line that begins with # says nothing to the program: take the #\n\
         # away in front of each guess that is right.\n[{input}.columns]\n"
    );
    let mut line = |words: String| {
        text.push_str(&words);
        text.push('\n');
    };
    for name in &unknown {
        let quoted = quoted(name);
        let alike = |column: &Column| likeness(columns, column, name);
        match absent.iter().max_by_key(|column| alike(column)).filter(|column| 0 < alike(column)) {
            Some(column) => line(format!("# {quoted} = \"{}\"    # a guess: {}", column.name, column.means)),
            None => line(format!("# {quoted} = \"\"    # none of ours; so it would be passed over")),
        }
    }
    line(String::new());
    let read = columns.iter().filter(|column| is_there(column)).map(|column| column.name);
    line(format!("# Read without being named here: {}", read.collect::<Vec<_>>().join(", ")));
    for column in absent {
        let need = if column.need == Need::Required { "Needed, and not found" } else { "Optional, and not found" };
        line(format!("# {need}: {} ({})", column.name, column.means));
    }
    line(format!(
        "\n# What values mean, by column and word:\n# [{input}.values.{}]\n# \"the file's word\" = \"ours\"",
        match input {
            "claims" => "outcome",
            "register" => "benefit",
            "earnings" => "hours_band",
            _ => "payer",
        }
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_guessed_and_missing_is_said() {
        let names = ["claim_id", "NI Number", "Job started", "Adviser", "Hours per week worked", ""];
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let text = text("july.csv", "claims", &Claim::COLUMNS, &names);
        assert!(text.contains("# \"Hours per week worked\" = \"hours_per_week\"    # a guess"), "{text}");
        assert!(text.contains("# \"Adviser\" = \"\"    # none of ours"), "{text}");
        assert!(text.contains("# Read without being named here: claim_id, nino\n"), "{text}");
        assert!(text.contains("# Needed, and not found: provider_id (who claims)"), "{text}");
        assert!(text.contains("[claims.values.outcome]"), "{text}");
        assert!(toml::from_str::<toml::Table>(&text).is_ok());
    }

    #[test]
    fn a_name_that_would_steer_a_screen_is_written_by_numbers_and_means_the_same() {
        let name = "Ad\u{202e}vi\u{9b}se\u{1b}r 'x'";
        assert_eq!(quoted(name), "\"Ad\\u202evi\\u009bse\\u001br 'x'\"");
        let table: toml::Table = toml::from_str(&format!("{} = 1", quoted(name))).unwrap();
        assert_eq!(table.keys().collect::<Vec<_>>(), [name]);
    }

    #[test]
    fn the_columns_of_each_input_are_guessed_by_the_names_that_people_give_them() {
        let names: Vec<String> =
            ["participant_id", "Gender", "Leave Date"].iter().map(|name| (*name).to_owned()).collect();
        let register = text("r.csv", "register", &Participant::COLUMNS, &names);
        assert!(register.contains("# \"Gender\" = \"sex\"    # a guess"), "{register}");
        assert!(register.contains("[register.values.benefit]") && !register.contains("outcome"), "{register}");
        let earnings = text("e.csv", "earnings", &Payment::COLUMNS, &names);
        assert!(earnings.contains("# \"Leave Date\" = \"leaving_date\"    # a guess"), "{earnings}");
    }
}
