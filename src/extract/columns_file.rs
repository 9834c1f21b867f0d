//! A file that says what the columns and values of other files mean: `--columns FILE`.
//!
//! ```toml
//! [claims.columns]
//! "Customer NINo." = "nino"
//! "Adviser" = ""                                    # passed over
//!
//! [claims.values.outcome]
//! "13 weeks sustained" = "sustained_13_weeks"
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::file_options::{InputOptions, Meaning};
use crate::domain::column_name::{is_misspelling, plain_name};
use crate::domain::{Claim, Column, Funding, Participant, Payment};
use crate::error::{InputError, describe_io_error};

/// The columns whose values may be given other words: those that hold an identifier of the scheme or one of a list.
/// What identifies a person, dates and amounts have no words to be mapped.
const COLUMNS_WITH_WORDS: [&str; 16] = [
    "outcome",
    "employment_type",
    "provider_id",
    "contract_id",
    "sex",
    "end_reason",
    "cohort",
    "benefit",
    "on_other_provision",
    "in_work_at_start",
    "pay_frequency",
    "hours_band",
    "irregular_payment",
    "pension_payment",
    "payment_after_leaving",
    "payer",
];

/// The most bytes a file of columns may have.
const MOST_BYTES: u64 = 1 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnsFile {
    #[serde(default)]
    claims: Section,
    #[serde(default)]
    register: Section,
    #[serde(default)]
    earnings: Section,
    #[serde(default)]
    funding: Section,
}

/// What one input's columns and values mean.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Section {
    /// Our column, by the file's name; empty for a column that is passed over.
    #[serde(default)]
    columns: BTreeMap<String, String>,
    /// The value that is meant, by our column and the file's word.
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
}

/// Reads a file of columns.
///
/// # Errors
/// The file cannot be read, or says something of a column that there is none of.
pub fn read(path: &Path) -> Result<InputOptions, InputError> {
    let shown = path.display().to_string();
    let unreadable = |problem: String| InputError::new(shown.clone(), problem, "check the path");
    let length = std::fs::metadata(path).map_err(|error| unreadable(describe_io_error(&error)))?.len();
    if length > MOST_BYTES {
        return Err(unreadable("the file is larger than a mebibyte, and no file of columns".to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(describe_io_error(&error)))?;
    let mut input_options = parse(&text).map_err(|problem| {
        InputError::new(shown, problem, "`sustain columns FILE` proposes such a file, and README has an example")
    })?;
    input_options.each(|options| options.has_columns_file = true);
    Ok(input_options)
}

pub(super) fn parse(text: &str) -> Result<InputOptions, String> {
    let file: ColumnsFile = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
    let mut input_options = InputOptions::default();
    let sections = [
        ("claims", file.claims, Claim::COLUMNS.as_slice()),
        ("register", file.register, &Participant::COLUMNS),
        ("earnings", file.earnings, &Payment::COLUMNS),
        ("funding", file.funding, &Funding::COLUMNS),
    ];
    for (input, section, columns) in sections {
        let Some(options) = input_options.input(input) else { continue };
        for (written, ours) in section.columns {
            let ours = if ours.trim().is_empty() { None } else { Some(our_column(input, columns, &ours)?) };
            let meaning = Meaning { written: written.clone(), ours };
            if options.columns.insert(plain_name(&written), meaning).is_some() {
                return Err(format!("[{input}.columns] has the column `{written}` twice"));
            }
        }
        for (column, words) in section.values {
            let ours = our_column(input, columns, &column)?;
            if !COLUMNS_WITH_WORDS.contains(&ours) {
                return Err(format!(
                    "[{input}.values.{column}]: the values of `{ours}` have no words that could mean another value"
                ));
            }
            let known = options.values.entry(ours).or_default();
            for (word, value) in words {
                if known.insert(plain_name(&word), value).is_some() {
                    return Err(format!(
                        "[{input}.values.{column}] has a word twice, compared without case and blanks"
                    ));
                }
            }
        }
    }
    Ok(input_options)
}

/// Our column of this name.
fn our_column(input: &str, columns: &[Column], written: &str) -> Result<&'static str, String> {
    let plain = plain_name(written);
    if let Some(column) = columns.iter().find(|column| column.names().any(|name| plain_name(name) == plain)) {
        return Ok(column.name);
    }
    let near = columns.iter().find(|column| is_misspelling(&plain, &plain_name(column.name)));
    let guess = near.map_or_else(String::new, |column| format!("; did you mean `{}`?", column.name));
    Err(format!("the {input} have no column `{written}`{guess}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_words_get_the_meaning_the_file_gives_them() {
        let input_options = parse(
            "[claims.columns]\n\"Customer NINo.\" = \"nino\"\n\"Adviser\" = \"\"\n\
             [claims.values.outcome]\n\"13 weeks sustained\" = \"sustained_13_weeks\"\n",
        )
        .unwrap();
        let claims = input_options.claims;
        assert_eq!(claims.meaning("customer nino.").unwrap().ours, Some("nino"));
        assert_eq!(claims.meaning("ADVISER").unwrap().ours, None);
        assert_eq!(claims.value("outcome", "13-Weeks Sustained"), Some("sustained_13_weeks"));
        assert_eq!(input_options.register, std::sync::Arc::default());
        assert_eq!(claims.meaning("nino"), None);
    }

    #[test]
    fn what_a_file_of_columns_cannot_say_is_told() {
        for (text, problem) in [
            ("[claims.columns]\n\"x\" = \"ninoo\"", "the claims have no column `ninoo`; did you mean `nino`?"),
            ("[claims.values.nino]\n\"x\" = \"y\"", "the values of `nino` have no words"),
            ("[claims.columns]\n\"A b\" = \"nino\"\n\"a_B\" = \"\"", "has the column `a_B` twice"),
            ("[claim.columns]", "unknown field `claim`"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(problem), "{error}");
        }
    }
}
