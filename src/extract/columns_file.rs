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
use std::io;
use std::path::Path;

use serde::Deserialize;

use super::file_options::{InputOptions, Meaning, Word};
use crate::domain::claim::EmploymentType;
use crate::domain::column_name::{is_misspelling, plain_name};
use crate::domain::field::Fault;
use crate::domain::frequency::Frequency;
use crate::domain::participant::Benefit;
use crate::domain::reading::code::{is_same, one_of};
use crate::domain::reading::flag::flag;
use crate::domain::{Band, Claim, Column, Funding, Participant, Payment};
use crate::error::{InputError, describe_io_error};
use crate::files::{self, NotAFile};

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
    let text = files::text_of_at_most(path, MOST_BYTES).map_err(|error| {
        let problem = if error.kind() == io::ErrorKind::FileTooLarge {
            "the file is larger than a mebibyte, and no file of columns".to_owned()
        } else {
            describe_io_error(&error)
        };
        InputError::new(shown.clone(), problem, NotAFile::hint_of(&error, "check the path"))
    })?;
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
                is_accepted(ours, &value).map_err(|expected| {
                    format!(
                        "[{input}.values.{column}]: \"{word}\" = \"{value}\" means no value of `{ours}`: {expected}"
                    )
                })?;
                if known.insert(plain_name(&word), Word::new(word, value)).is_some() {
                    return Err(format!(
                        "[{input}.values.{column}] has a word twice, compared without case and blanks"
                    ));
                }
            }
        }
    }
    Ok(input_options)
}

/// Checks that a value is one that the column may have; an empty one means that it is not given. What a scheme lists is
/// checked by [`of_scheme`].
///
/// # Errors
/// What is accepted, and the nearest of it.
fn is_accepted(column: &str, value: &str) -> Result<(), String> {
    let listed = |codes: &[(&str, ())], expected| one_of(value, codes, &[], Fault::expected(expected));
    let read = match column {
        _ if value.trim().is_empty() => return Ok(()),
        "employment_type" => EmploymentType::read(value).map(|_| ()),
        "sex" => listed(&[("F", ()), ("M", ())], "F or M").map(|_| ()),
        "end_reason" => listed(&[("completed", ()), ("exited", ())], "completed or exited").map(|_| ()),
        "benefit" => Benefit::read(value).map(|_| ()),
        "pay_frequency" => Frequency::read(value).map(|_| ()),
        "hours_band" => Band::read(value, None).map(|_| ()),
        "on_other_provision"
        | "in_work_at_start"
        | "irregular_payment"
        | "pension_payment"
        | "payment_after_leaving" => flag(value).map(|_| ()),
        _ => return Ok(()),
    };
    read.map_err(|fault| {
        let accepted: Vec<&str> = fault.expected.split([' ', ',', ':']).filter(|word| !word.is_empty()).collect();
        format!("{fault}{}", nearest(value, &accepted))
    })
}

/// Checks that the values which words mean are of those that a scheme lists for a column.
///
/// # Errors
/// One that is not, with what is accepted and the nearest of it.
pub fn of_scheme(options: &InputOptions, input: &str, column: &str, accepted: &[&str]) -> Result<(), String> {
    let options = match input {
        "claims" => &options.claims,
        _ => &options.register,
    };
    let words = options.values.get(column).into_iter().flat_map(BTreeMap::values);
    let is_known =
        |word: &&Word| word.value.trim().is_empty() || accepted.iter().any(|known| is_same(known, &word.value));
    match words.into_iter().find(|word| !is_known(word)) {
        None => Ok(()),
        Some(Word { written, value, .. }) => Err(format!(
            "[{input}.values.{column}]: \"{written}\" = \"{value}\" means no value of `{column}` that the scheme has: expected {}{}",
            accepted.join(", "),
            nearest(value, accepted)
        )),
    }
}

/// The nearest of what is accepted, as a question; nothing where none is near.
fn nearest(value: &str, accepted: &[&str]) -> String {
    let distance = |known: &&&str| strsim::damerau_levenshtein(&plain_name(known), &plain_name(value));
    let near = accepted.iter().min_by_key(distance).filter(|known| distance(known) <= 1 + known.len() / 4);
    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
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
            (
                "[earnings.values.pay_frequency]\n\"Every month\" = \"M2\"",
                "\"Every month\" = \"M2\" means no value of `pay_frequency`: expected a pay frequency: W1, W2",
            ),
            ("[register.values.benefit]\nx = \"eza\"", "expected esa, uc, none or other; did you mean `esa`?"),
            ("[claims.values.employment_type]\nx = \"selfemployd\"", "did you mean `self_employed`?"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(problem), "{error}");
        }
        assert!(parse("[register.values.benefit]\nx = \"\"\ny = \"UC\"").is_ok());
    }

    #[test]
    fn a_word_means_a_value_that_the_scheme_has_and_is_told_where_no_file_has_it() {
        let options = parse("[claims.values.outcome]\n\"13 week sustainment\" = \"sustaind_13_weeks\"").unwrap();
        let error = of_scheme(&options, "claims", "outcome", &["sustained_13_weeks", "job_start"]).unwrap_err();
        assert!(
            error.ends_with("expected sustained_13_weeks, job_start; did you mean `sustained_13_weeks`?"),
            "{error}"
        );
        assert_eq!(of_scheme(&options, "claims", "outcome", &["Sustaind 13 weeks"]), Ok(()));
        assert_eq!(options.claims.words_not_met(), [("outcome", "13 week sustainment")]);
        options.claims.value("outcome", "13 Week sustainment");
        assert_eq!(options.claims.words_not_met(), []);
    }
}
