//! Which of our columns a file's column may be whose name is none of ours: a misspelling, a natural name that says one thing
//! only, or a name that shares words.
//!
//! Names are compared by their words. [`is_sure`] is for names that say what they are: a file that lacks the column and has
//! such a name is refused, because without it the file would say less than it does. A column of another meaning has words
//! of its own (`hours_worked_total`, `end_reason`, `start_time`, `previous_employer_name`), and is never taken for ours.
//! [`likeness`] is for proposals, which a person looks at.

use super::columns::is_known_anywhere;
use crate::domain::Column;
use crate::domain::column_name::{is_misspelling, plain_name};

/// Names that people give our columns, by the column and its input's columns: each says that and nothing else. In round
/// brackets words that may be there or not.
const SAID: [(&str, &[&str]); 22] = [
    (
        "employment_type",
        &["employment type", "employed self", "self", "employment status", "employed or self", "self (flag)"],
    ),
    (
        "job_end_date",
        &[
            "job finish (date)",
            "job leave (date)",
            "job end (date)",
            "employment finish (date)",
            "employment leave (date)",
            "employment end (date)",
            "employment termination (date)",
            "finish date",
            "leave date",
            "last day of job",
            "last day worked",
            "last working day",
        ],
    ),
    (
        "hours_per_week",
        &[
            "hours",
            "hours week",
            "hours worked",
            "hours worked week",
            "contracted hours (week)",
            "average hours (week)",
            "hours of work (week)",
            "ref hours (week)",
        ],
    ),
    ("employer_name", &["company name", "employer company name", "employer business name"]),
    ("paye_reference", &["paye", "paye ref", "employer paye", "paye scheme (ref)", "employer paye scheme (ref)"]),
    ("outcome_date", &["outcome achieved (date)", "date achieved", "achievement date", "outcome achievement date"]),
    ("amount_claimed", &["claim value", "value claimed", "claimed value", "value of claim"]),
    ("sex", &["gender"]),
    ("end_date", &["provision end (date)", "programme end (date)", "exit date", "date exited"]),
    (
        "end_reason",
        &["reason for end", "leave reason", "reason for leave", "exit reason", "reason for exit", "reason end"],
    ),
    ("benefit", &["benefit claimed", "benefit received", "benefit at start", "main benefit", "benefit at start date"]),
    (
        "on_other_provision",
        &[
            "(on) other provision (at start)",
            "(on) other dwp provision (at start)",
            "(on) other dwp programme (at start)",
            "(on) other programme (at start)",
        ],
    ),
    (
        "in_work_at_start",
        &[
            "working at start",
            "employed at start",
            "in employment at start",
            "in job at start",
            "in work on start (date)",
        ],
    ),
    (
        "leaving_date",
        &[
            "leave (date)",
            "end date",
            "finish date",
            "job end (date)",
            "job leave (date)",
            "job finish (date)",
            "employment end (date)",
            "employment leave (date)",
            "employment finish (date)",
            "termination date",
            "employment termination (date)",
            "last day of employment",
        ],
    ),
    (
        "employment_start_date",
        &[
            "start date",
            "job start (date)",
            "employment started (date)",
            "employment commencement (date)",
            "commencement date",
            "date joined",
            "joining date",
            "hire date",
        ],
    ),
    ("earnings_periods", &["periods", "(ref) (earnings) periods (covered)", "pay periods (covered)"]),
    ("hours_band", &["normal hours", "ref hours worked", "hours worked band", "hours code", "week hours band"]),
    (
        "irregular_payment",
        &[
            "irregular",
            "irregular (employment) (payment) (pattern)",
            "irregular payments",
            "irregular pay",
            "paid irregularly",
        ],
    ),
    ("pension_payment", &["pension", "occ pension", "occupational pension payment", "occupational pension"]),
    (
        "payment_after_leaving",
        &["after leave", "paid after leave", "pay after leave", "payment after leave", "post leave payment"],
    ),
    (
        "received_at",
        &["received", "receipt date", "received on", "received timestamp", "receipt timestamp", "hmrc received date"],
    ),
    (
        "no_longer_valid",
        &["voided", "void", "void date", "voided date", "invalid date", "(payment) no longer valid (date)"],
    ),
];

/// Words that add nothing to a name which has all words of one of ours.
const NEUTRAL: [&str; 17] = [
    "actual",
    "any",
    "claimant",
    "customer",
    "dwp",
    "flag",
    "hmrc",
    "if",
    "ind",
    "indicator",
    "known",
    "participant",
    "rti",
    "value",
    "worked",
    "yn",
    "employee",
];

/// Whether a name says that it is this column, though it is none of its names.
pub(super) fn is_sure(columns: &[Column], column: &Column, name: &str) -> bool {
    let theirs = words(name);
    let plain = plain_name(name);
    let is_said = |phrase: &str| is_phrase(phrase, &theirs) || plain_name(&without_brackets(phrase)) == plain;
    // A claim's job ends, an extract's employment: the register's end of provision is neither.
    let of_input = |ours: &str| columns.iter().any(|one| one.name == ours);
    let said = SAID.iter().filter(|(ours, _)| *ours == column.name && of_input(ours)).flat_map(|(_, phrases)| *phrases);
    if said.into_iter().any(|phrase| is_said(phrase)) {
        return true;
    }
    // The first of a series, as `hours_band1`; the others are columns of their own.
    let is_first = |known: &str| plain.strip_suffix('1').is_some_and(|first| first == plain_name(known));
    let has_all_words = |known: &str| {
        let ours = words(known);
        1 < ours.len()
            && ours.iter().all(|word| theirs.contains(word))
            && theirs.iter().all(|word| ours.contains(word) || NEUTRAL.contains(&word.as_str()))
    };
    !is_known_anywhere(name) && column.names().any(|known| is_first(known) || has_all_words(known))
}

/// How like a name is to one of a column's: 100 for a misspelling, 90 for a name that says it, else how many of ten words
/// they share; 0 below half.
pub(super) fn likeness(columns: &[Column], column: &Column, name: &str) -> usize {
    let plain = plain_name(name);
    let likeness = |known: &str| {
        if is_misspelling(&plain, &plain_name(known)) {
            return 100;
        }
        let (ours, theirs) = (words(known), words(name));
        let shared = ours.iter().filter(|word| theirs.contains(word)).count();
        let all = ours.len() + theirs.len() - shared;
        if all <= 2 * shared { 10 * shared / all.max(1) } else { 0 }
    };
    if is_sure(columns, column, name) {
        return 90;
    }
    column.names().map(likeness).max().unwrap_or_default()
}

/// Whether words are those of a phrase: all that do not stand in brackets, and no others.
fn is_phrase(phrase: &str, theirs: &[String]) -> bool {
    let (mut all, mut needed) = (Vec::new(), Vec::new());
    for part in phrase.split(' ') {
        let word = part.trim_matches(['(', ')']);
        let plain = words(word);
        if word == part {
            needed.extend(plain.iter().cloned());
        }
        all.extend(plain);
    }
    needed.iter().all(|word| theirs.contains(word)) && theirs.iter().all(|word| all.contains(word))
}

fn without_brackets(phrase: &str) -> String {
    phrase.split(' ').filter(|word| !word.starts_with('(')).collect::<Vec<_>>().join(" ")
}

/// The words of a name, in order, each once and as one of its spellings; those that say nothing are left out.
fn words(name: &str) -> Vec<String> {
    let mut split = String::new();
    let mut before = ' ';
    for letter in name.chars().filter(|letter| !matches!(letter, '\'' | '\u{2019}' | '.')) {
        if letter.is_uppercase() && before.is_lowercase() {
            split.push(' ');
        }
        split.push(if letter.is_alphanumeric() { letter } else { ' ' });
        before = letter;
    }
    let mut words: Vec<String> = split
        .split_whitespace()
        .map(str::to_lowercase)
        .filter_map(|word| one_spelling(&word).map(str::to_owned))
        .collect();
    words.sort();
    words.dedup();
    words
}

/// One of the spellings of a word; nothing for one that says nothing.
fn one_spelling(word: &str) -> Option<&str> {
    Some(match word {
        "a" | "an" | "the" | "of" | "per" | "each" | "is" | "was" | "p" => return None,
        "leaving" | "left" | "leaver" | "leaves" => "leave",
        "finished" | "finishing" | "finishes" => "finish",
        "ended" | "ending" | "ends" => "end",
        "terminated" => "termination",
        "dt" => "date",
        "emp" | "empl" => "employment",
        "hrs" | "hr" | "hour" => "hours",
        "weekly" | "wk" | "week" | "w" | "pw" => "week",
        "no" | "num" | "number" | "reference" | "id" => "ref",
        "employers" => "employer",
        "prov" => "provision",
        "program" => "programme",
        "period" => "periods",
        "average" | "avg" => "average",
        "contract" | "contractual" => "contracted",
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Claim, Participant, Payment};

    fn sure(columns: &'static [Column], name: &str) -> Vec<&'static str> {
        columns.iter().filter(|column| is_sure(columns, column, name)).map(|column| column.name).collect()
    }

    #[test]
    fn a_natural_name_says_which_column_it_is() {
        for (name, ours) in [
            ("Job Finish Date", "job_end_date"),
            ("date_left", "job_end_date"),
            ("Leaving date", "job_end_date"),
            ("Hours", "hours_per_week"),
            ("Weekly hrs", "hours_per_week"),
            ("Hours per week worked", "hours_per_week"),
            ("HoursWorked", "hours_per_week"),
            ("PAYE", "paye_reference"),
            ("PAYE No.", "paye_reference"),
            ("emp_type", "employment_type"),
            ("Employed/Self Employed", "employment_type"),
            ("Job end date (if known)", "job_end_date"),
            ("Employer's name", "employer_name"),
        ] {
            assert_eq!(sure(&Claim::COLUMNS, name), [ours], "{name}");
        }
        for (name, ours) in [
            ("Gender", "sex"),
            ("On other DWP provision", "on_other_provision"),
            ("other_prov", "on_other_provision"),
            ("Leaving reason", "end_reason"),
        ] {
            assert_eq!(sure(&Participant::COLUMNS, name), [ours], "{name}");
        }
        for (name, ours) in [
            ("Leave Date", "leaving_date"),
            ("date_left", "leaving_date"),
            ("endDate", "leaving_date"),
            ("startDate", "employment_start_date"),
            ("periods", "earnings_periods"),
            ("No of periods", "earnings_periods"),
            ("irregular", "irregular_payment"),
            ("pension", "pension_payment"),
            ("after_leaving", "payment_after_leaving"),
            ("numberOfHoursWorked", "hours_band"),
            ("hoursband1", "hours_band"),
            ("voided", "no_longer_valid"),
            ("NoLongerValidDate", "no_longer_valid"),
        ] {
            assert_eq!(sure(&Payment::COLUMNS, name), [ours], "{name}");
        }
    }

    #[test]
    fn a_column_of_another_meaning_is_not_taken_for_ours() {
        for name in [
            "hours_worked_total",
            "Total hours",
            "end_reason",
            "end_date",
            "start_time",
            "previous_employer_name",
            "Employer",
            "Expected job end date",
            "Job title",
            "Contact hours note",
            "PAYE checked",
            "Notes",
            "contract start date",
            "Employer contact name",
            "employed",
        ] {
            assert_eq!(sure(&Claim::COLUMNS, name), [""; 0], "{name}");
        }
        for name in [
            "start_time",
            "period_end_date",
            "pension contribution",
            "pay",
            "tax_periods_left",
            "endTime",
            "hours",
            "hoursband2",
        ] {
            assert_eq!(sure(&Payment::COLUMNS, name), [""; 0], "{name}");
        }
        for name in ["work start", "start", "Reason", "benefit amount", "other provider", "job_end_date"] {
            assert_eq!(sure(&Participant::COLUMNS, name), [""; 0], "{name}");
        }
    }

    #[test]
    fn no_name_says_that_it_is_two_columns() {
        for columns in [&Claim::COLUMNS[..], &Participant::COLUMNS, &Payment::COLUMNS] {
            for (ours, phrases) in SAID.iter().filter(|(ours, _)| columns.iter().any(|column| column.name == *ours)) {
                for phrase in *phrases {
                    let name = phrase.replace(['(', ')'], "");
                    assert!(sure(columns, &name).iter().all(|column| column == ours), "{name}");
                }
            }
        }
    }
}
