//! Maps a file's columns to ours.
//!
//! Names are compared without case, blanks, underscores and hyphens. A column has our name, HMRC's or a plain one.

use std::collections::BTreeMap;

use hashbrown::HashSet;

use super::guessed_columns::is_sure;
use super::source::InputFile;
use crate::account::{ColumnNames, shown_of};
use crate::domain::column_name::{is_misspelling, plain_name};
use crate::domain::field::Need;
use crate::domain::withheld::is_personal;
use crate::domain::{Claim, Column, Funding, Participant, Payment};
use crate::error::InputError;

/// The most columns a file may have.
pub const MOST_COLUMNS: usize = 2_000;

/// For each of our columns, the places of the file's columns that may hold it, the one to be read first in front.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnMapping {
    /// By our column's number.
    pub of: Vec<Vec<usize>>,
    /// The file's columns that are none of ours, with their names; those without a name are no columns.
    pub extra: Vec<(usize, String)>,
    /// What was taken for what.
    pub found: ColumnsFound,
}

/// The columns of a file: what was read as what, what is not there, and what was not read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnsFound {
    /// Our columns that the file has, each with the file's names for it.
    pub read: BTreeMap<&'static str, Vec<String>>,
    /// Our columns that the file does not have, in our order.
    pub absent: Vec<&'static str>,
    /// The file's other columns, in the order of the file.
    pub other: Vec<OtherColumn>,
    /// The file's columns that the person asked to pass over.
    pub passed_over: Vec<String>,
}

/// A column of a file that is none of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherColumn {
    /// Its name.
    pub name: String,
    /// What anybody may be told of it: its name where it is near to one of ours, else its place, or how long its name is.
    pub told: String,
}

impl OtherColumn {
    /// A column that has no place, as in JSON.
    pub fn without_place(name: &str) -> Self {
        let length = || match name.chars().count() {
            1 => "a name of 1 letter".to_owned(),
            letters => format!("a name of {letters} letters"),
        };
        Self { name: name.to_owned(), told: told(name).unwrap_or_else(length) }
    }
}

impl ColumnMapping {
    /// The places of a file's columns whose cells may run over lines: those that are not read as any of `columns`, and those of
    /// ours that may.
    pub fn over_lines(&self, columns: &[Column], width: usize) -> impl Iterator<Item = usize> {
        let of_one_line = columns.iter().zip(&self.of).filter(|(column, _)| !column.over_lines);
        let of_one_line: Vec<usize> = of_one_line.flat_map(|(_, places)| places.iter().copied()).collect();
        (0..width).filter(move |place| !of_one_line.contains(place))
    }
}

impl ColumnsFound {
    /// Adds the columns of another part of the same file.
    pub fn join(&mut self, other: &Self) {
        if self.read.is_empty() && self.other.is_empty() {
            self.clone_from(other);
            return;
        }
        for (ours, names) in &other.read {
            let known = self.read.entry(ours).or_default();
            known.extend(names.iter().filter(|name| !known.contains(name)).cloned().collect::<Vec<_>>());
        }
        self.absent.retain(|name| other.absent.contains(name));
        let is_new = |one: &&OtherColumn| !self.other.iter().any(|known| known.name == one.name);
        self.other.extend(other.other.iter().filter(is_new).cloned().collect::<Vec<_>>());
        self.other.sort_by(|one, other| one.name.cmp(&other.name));
    }

    /// The columns as an account tells them. A name that looks like a person's number or a date is withheld, and of a
    /// name that is near to none of ours its place or its length is told.
    pub fn account(&self) -> ColumnNames {
        let shown = |names: &Vec<String>| names.iter().map(|name| shown_of(Some(name))).collect();
        ColumnNames {
            read: self.read.iter().map(|(ours, names)| ((*ours).to_owned(), shown(names))).collect(),
            absent: self.absent.iter().map(|name| (*name).to_owned()).collect(),
            other: self.other.iter().map(|other| other.told.clone()).collect(),
            passed_over: shown(&self.passed_over),
        }
    }
}

/// A name of a column as anybody may see it. One that is near to none of ours is nothing to be told: it may be a person's,
/// in a first line that is a row or has a row at its end.
fn told(name: &str) -> Option<String> {
    let inputs: [&[Column]; 4] = [&Claim::COLUMNS, &Participant::COLUMNS, &Payment::COLUMNS, &Funding::COLUMNS];
    let plain = plain_name(name);
    let is_like =
        |columns: &&[Column]| columns.iter().any(|column| is_near(column, &plain) || is_sure(columns, column, name));
    (is_known_anywhere(name) || inputs.iter().any(is_like)).then(|| name.to_owned())
}

/// As [`told`], by its place, counted from 0, where the name is not told.
fn told_at(source: &InputFile, columns: &[Column], place: usize, name: &str) -> String {
    let is_persons_own = source.options.meaning(name).is_some();
    let is_ours = || recognises(columns, name);
    told(name)
        .or_else(|| (is_persons_own || is_ours()).then(|| name.to_owned()))
        .unwrap_or_else(|| format!("column {}", place + 1))
}

fn other(source: &InputFile, columns: &[Column], place: usize, name: &str) -> OtherColumn {
    OtherColumn { name: name.to_owned(), told: told_at(source, columns, place, name) }
}

/// Checks that no name reads as a person's number or a date: such names are a row, or have one at their end.
fn not_a_row(source: &InputFile, columns: &[Column], names: &[String]) -> Result<(), InputError> {
    let is_named = |name: &str| recognises(columns, name) || source.options.meaning(name).is_some();
    let of_a_row = |(_, name): &(usize, &String)| is_personal(name) && !is_named(name);
    let Some((place, _)) = names.iter().enumerate().find(of_a_row) else { return Ok(()) };
    let place = place + 1;
    Err(source.error(
        format!("the first line is a row, not column names, or a row is joined to it: column {place} reads as a person's number or a date"),
        "begin the file with a line that names the columns and nothing else; a column may not be named by a date",
    ))
}

/// Whether a name is one of a table's columns, under any of its names.
pub fn recognises(columns: &[Column], name: &str) -> bool {
    let plain = plain_name(name);
    columns.iter().any(|column| is_name_of(column, &plain))
}

/// The names that the columns of a file may have, to be looked up quickly.
#[derive(Debug, Clone)]
pub struct KnownNames(HashSet<String>);

impl KnownNames {
    /// The names of a table's columns, and those that the person gave a meaning.
    pub fn of(source: &InputFile, columns: &[Column]) -> Self {
        let names = columns.iter().flat_map(Column::names).map(plain_name);
        Self(names.chain(source.options.columns.keys().cloned()).collect())
    }

    /// Whether a name is one of them.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains(&plain_name(name))
    }
}

fn is_name_of(column: &Column, plain: &str) -> bool {
    column.names().any(|known| plain_name(known) == plain)
}

/// Finds each of our columns among a file's.
///
/// # Errors
/// A needed column that is not there (what was found is named), a name that occurs twice, two columns with one meaning,
/// or a column that seems to be one of ours that is not there.
pub fn map_columns(source: &InputFile, columns: &[Column], names: &[String]) -> Result<ColumnMapping, InputError> {
    if MOST_COLUMNS < names.len() {
        let problem = format!("the file has {} columns, and no more than {MOST_COLUMNS} are read", names.len());
        return Err(source
            .error(problem, "delete the columns that are not wanted; `sustain schemas` prints those that are read"));
    }
    not_a_row(source, columns, names)?;
    not_twice(source, columns, names)?;
    let plain: Vec<String> = names.iter().map(|name| meant_name(source, name)).collect();
    let of: Vec<Vec<usize>> =
        columns.iter().map(|column| places_of(source, column, names, &plain)).collect::<Result<_, _>>()?;
    let missing: Vec<&Column> = columns
        .iter()
        .zip(&of)
        .filter(|(column, places)| column.need == Need::Required && places.is_empty())
        .map(|(column, _)| column)
        .collect();
    let is_taken = |place: &usize| of.iter().flatten().any(|taken| taken == place);
    let extra: Vec<(usize, String)> = names
        .iter()
        .enumerate()
        .filter(|(place, name)| !name.trim().is_empty() && !is_taken(place) && !is_passed_over(source, name))
        .map(|(place, name)| (place, name.clone()))
        .collect();
    let absent: Vec<&Column> =
        columns.iter().zip(&of).filter(|(_, places)| places.is_empty()).map(|(column, _)| column).collect();
    if !missing.is_empty() {
        return Err(missing_columns(source, columns, &absent, names, &extra));
    }
    none_seems_ours(source, columns, &absent, &extra)?;
    let name = |place: &usize| names.get(*place).cloned();
    let read = columns.iter().zip(&of).filter(|(_, places)| !places.is_empty());
    let found = ColumnsFound {
        read: read.map(|(column, places)| (column.name, places.iter().filter_map(name).collect())).collect(),
        absent: absent.iter().map(|column| column.name).collect(),
        other: extra.iter().map(|(place, name)| other(source, columns, *place, name)).collect(),
        passed_over: names.iter().filter(|name| is_passed_over(source, name)).cloned().collect(),
    };
    Ok(ColumnMapping { of, extra, found })
}

/// The plain name of a column, or of the one that the person says it is; nothing for one that is to be passed over.
fn meant_name(source: &InputFile, name: &str) -> String {
    match source.options.meaning(name) {
        Some(meaning) => meaning.ours.map(plain_name).unwrap_or_default(),
        None => plain_name(name),
    }
}

fn is_passed_over(source: &InputFile, name: &str) -> bool {
    source.options.meaning(name).is_some_and(|meaning| meaning.ours.is_none())
}

/// Checks that no name stands twice.
fn not_twice(source: &InputFile, columns: &[Column], names: &[String]) -> Result<(), InputError> {
    let mut seen = std::collections::BTreeSet::new();
    let mut with_name = names.iter().enumerate().filter(|(_, name)| !name.is_empty());
    match with_name.find(|(_, name)| !seen.insert(*name)) {
        Some((place, name)) => {
            let problem = format!("the file has the column `{}` twice", told_at(source, columns, place, name));
            Err(source.error(problem, "remove one of them"))
        }
        None => Ok(()),
    }
}

/// The places of one of our columns. HMRC's data may have several columns for one thing; otherwise two columns with one
/// meaning are an error.
fn places_of(
    source: &InputFile,
    column: &Column,
    names: &[String],
    plain: &[String],
) -> Result<Vec<usize>, InputError> {
    let mut places: Vec<usize> = Vec::new();
    for known in column.names() {
        let known = plain_name(known);
        places.extend(plain.iter().enumerate().filter(|(_, name)| **name == known).map(|(place, _)| place));
    }
    places = places.into_iter().fold(Vec::new(), |mut once, place| {
        if !once.contains(&place) {
            once.push(place);
        }
        once
    });
    let is_hmrcs = |place: &usize| {
        plain.get(*place).is_some_and(|name| column.also.iter().any(|known| plain_name(known) == *name))
    };
    if places.len() < 2 || (places.iter().all(is_hmrcs) && are_all_different(&places, plain)) {
        return Ok(places);
    }
    let found: Vec<String> =
        places.iter().filter_map(|place| names.get(*place)).map(|name| format!("`{name}`")).collect();
    let problem = format!("the file has the column `{}` under two of its names: {}", column.name, found.join(" and "));
    Err(source.error(problem, "remove one of them, or rename the one that means something else"))
}

fn are_all_different(places: &[usize], plain: &[String]) -> bool {
    let names: std::collections::BTreeSet<_> = places.iter().map(|place| plain.get(*place)).collect();
    names.len() == places.len()
}

/// A column of a file that may be one of ours which the file does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seems {
    /// Its name looks like a misspelling of ours.
    Misspelt,
    /// Its name says in other words what ours does.
    InOtherWords,
}

/// Which of our columns a column of a file seems to be, whose name is none of ours. A name that another input of this program
/// has is what it says, unless it says in other words what ours does.
pub(super) fn seems(columns: &[Column], column: &Column, name: &str) -> Option<Seems> {
    if !is_known_anywhere(name) && is_near(column, &plain_name(name)) {
        return Some(Seems::Misspelt);
    }
    is_sure(columns, column, name).then_some(Seems::InOtherWords)
}

/// Refuses columns that seem to be columns which the file does not have: read without them, the file would say less than it
/// does.
fn none_seems_ours(
    source: &InputFile,
    columns: &[Column],
    absent: &[&Column],
    others: &[(usize, String)],
) -> Result<(), InputError> {
    let seeming = others.iter().filter_map(|(_, name)| {
        absent.iter().find_map(|column| Some((name.as_str(), column.name, seems(columns, column, name)?)))
    });
    refuse_seeming(source, columns, &seeming.collect::<Vec<_>>())
}

/// Refuses columns, each with the one of ours that it seems to be.
///
/// # Errors
/// There is one.
pub(super) fn refuse_seeming(
    source: &InputFile,
    columns: &[Column],
    seeming: &[(&str, &'static str, Seems)],
) -> Result<(), InputError> {
    let Some((first, first_ours, _)) = seeming.first() else { return Ok(()) };
    let found = seeming.iter().map(|(name, ours, seems)| match seems {
        Seems::Misspelt => format!("`{name}` looks like a misspelling of `{ours}`"),
        Seems::InOtherWords => format!("`{name}` seems to be `{ours}`"),
    });
    let found = found.collect::<Vec<_>>().join(", ");
    let renames: Vec<String> = seeming.iter().map(|(name, ours, _)| format!("`{name}` to `{ours}`")).collect();
    if let Some(table) = source.options.filled_in {
        let hint = format!(
            "rename {}, as {table} has it; if it is another column, give it a name that is less like ours",
            renames.join(", ")
        );
        return Err(source.error(format!("the file lacks a column, and {found}"), hint));
    }
    Err(source.error(
        format!("the file lacks a column, and {found}"),
        format!(
            "rename {}, or say \"{first}\" = \"{first_ours}\" under [{input}.columns] in a file of --columns{}; if it is another \
             column, say \"{first}\" = \"\" there, or give it a name that is less like ours",
            renames.join(", "),
            guesses_are_comments(source),
            input = input_of(columns),
        ),
    ))
}

/// What to do with a proposal of columns that was used as it is.
fn guesses_are_comments(source: &InputFile) -> &'static str {
    if source.options.has_columns_file && source.options.columns.is_empty() {
        " (the guesses in the one given are comments: take away the # in front of those that are right)"
    } else {
        ""
    }
}

/// The input of which these are the columns.
fn input_of(columns: &[Column]) -> &'static str {
    let inputs: [(&str, &[Column]); 3] =
        [("claims", &Claim::COLUMNS), ("register", &Participant::COLUMNS), ("earnings", &Payment::COLUMNS)];
    inputs.into_iter().find(|(_, known)| *known == columns).map_or("funding", |(input, _)| input)
}

pub(super) fn is_known_anywhere(name: &str) -> bool {
    let inputs: [&[Column]; 4] = [&Claim::COLUMNS, &Participant::COLUMNS, &Payment::COLUMNS, &Funding::COLUMNS];
    inputs.iter().any(|columns| recognises(columns, name))
}

/// Whether a plain name looks like a misspelling of one of a column's names. Of the plain names of one word none is
/// looked at: `employer` and `employee`, both one letter from `employed`, are words of their own.
fn is_near(column: &Column, plain: &str) -> bool {
    let words = column.plain.iter().filter(|name| name.contains(' '));
    let names = std::iter::once(&column.name).chain(column.also).chain(words);
    names.map(|name| plain_name(name)).any(|name| is_misspelling(plain, &name))
}

fn missing_columns(
    source: &InputFile,
    columns: &[Column],
    absent: &[&Column],
    names: &[String],
    extra: &[(usize, String)],
) -> InputError {
    let missing = absent.iter().filter(|column| column.need == Need::Required);
    let wanted: Vec<String> = missing.map(|column| accepted(column)).collect();
    // Optional columns too, so that one look mends all of the file.
    let near: Vec<String> = absent.iter().filter_map(|column| nearest(columns, column, extra)).collect();
    let found = names.iter().enumerate().take(40).map(|(place, name)| told_at(source, columns, place, name));
    let found = found.collect::<Vec<_>>().join(", ");
    let problem = format!(
        "the file has no column {}; found: {found}{}",
        wanted.join(", "),
        if names.len() > 40 { ", and more" } else { "" }
    );
    let renames = format!("rename {}", near.join(", "));
    if let Some(of_table) = columns_of_table(source, columns) {
        let hint = if near.is_empty() { of_table } else { format!("{renames}; {of_table}") };
        return source.error(problem, hint);
    }
    let hint = if near.is_empty() { "`sustain schemas` prints the columns of every input".to_owned() } else { renames };
    let comments = guesses_are_comments(source);
    let hint = format!(
        "{hint}; or say what the columns mean with --columns (`sustain columns FILE` proposes a file){comments}"
    );
    source.error(problem, hint)
}

/// What to do where the columns of a table that people filled in are not those it was given; nothing of any other file.
pub(super) fn columns_of_table(source: &InputFile, columns: &[Column]) -> Option<String> {
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    Some(format!("use the columns of {}: {}", source.options.filled_in?, names.join(", ")))
}

fn accepted(column: &Column) -> String {
    match column.also {
        [] => format!("`{}`", column.name),
        also => format!("`{}` (or {})", column.name, also.join(", ")),
    }
}

/// A column of the file that seems to be ours.
fn nearest(columns: &[Column], wanted: &Column, extra: &[(usize, String)]) -> Option<String> {
    let is_near = |name: &String| is_near(wanted, &plain_name(name)) || is_sure(columns, wanted, name);
    extra.iter().map(|(_, name)| name).find(|name| is_near(name)).map(|name| format!("`{name}` to `{}`", wanted.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(of: &[&str]) -> Vec<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    fn source() -> InputFile {
        InputFile::new("folder/extract.csv".into())
    }

    fn own_names(columns: &[Column]) -> Vec<String> {
        columns.iter().map(|column| column.name.to_owned()).collect()
    }

    #[test]
    fn hmrc_names_are_read_without_an_option() {
        let hmrc = names(&[
            "nationalInsuranceNumber",
            "hmrcOfficeNumber",
            "employerPayeRef",
            "paymentDate",
            "payFrequency",
            "taxablePayInPeriod",
            "rtiReceivedDate",
            "hmrcReceiptTimestamp",
            "taxCode",
        ]);
        let places = map_columns(&source(), &Payment::COLUMNS, &hmrc).unwrap();
        assert_eq!(places.of[0], [0]);
        assert_eq!(places.of[19], [7, 6]);
        assert_eq!(places.extra, [(8, "taxCode".to_owned())]);
        assert_eq!(places.found.read["received_at"], ["hmrcReceiptTimestamp", "rtiReceivedDate"]);
        assert!(places.found.absent.contains(&"hours_band"));
        assert_eq!(other_names(&places.found), ["taxCode"]);
    }

    #[test]
    fn names_are_read_as_people_write_them() {
        let plain = names(&[
            "Claim Number",
            "PROVIDER ID",
            "contract-id",
            "Participant no",
            "NI Number",
            "Last name",
            "First Name",
            "DOB",
            "Outcome",
            "Job start date",
            "Date of claim",
            "",
            "Notes",
        ]);
        let places = map_columns(&source(), &Claim::COLUMNS, &plain).unwrap();
        assert_eq!(places.found.read["nino"], ["NI Number"]);
        assert_eq!(places.found.read["date_of_birth"], ["DOB"]);
        assert_eq!(places.found.read["job_start_date"], ["Job start date"]);
        assert_eq!(places.extra, [(12, "Notes".to_owned())]);
    }

    #[test]
    fn every_name_means_one_column() {
        for columns in [&Claim::COLUMNS[..], &Participant::COLUMNS, &Payment::COLUMNS, &Funding::COLUMNS] {
            for name in columns.iter().flat_map(Column::names) {
                let plain = plain_name(name);
                let meant: Vec<_> = columns.iter().filter(|column| is_name_of(column, &plain)).collect();
                assert_eq!(meant.len(), 1, "{name}");
            }
        }
    }

    #[test]
    fn a_missing_column_is_named_with_what_was_found_and_what_it_may_be() {
        let error =
            map_columns(&source(), &Claim::COLUMNS, &names(&["claim_id", "provider_id", "Clam Date"])).unwrap_err();
        assert!(error.problem.contains("`nino`") && error.problem.contains("found: claim_id, provider_id, Clam Date"));
        assert!(error.hint.contains("rename `Clam Date` to `claim_date`"), "{}", error.hint);
    }

    #[test]
    fn two_columns_with_one_meaning_are_refused() {
        for two in [["nino", "nationalInsuranceNumber"], ["nino", "NINO"], ["NI number", "NI no"]] {
            let error = map_columns(&source(), &Payment::COLUMNS, &names(&two)).unwrap_err();
            assert!(error.problem.contains("under two of its names"), "{}", error.problem);
        }
    }

    fn other_names(found: &ColumnsFound) -> Vec<&str> {
        found.other.iter().map(|other| other.name.as_str()).collect()
    }

    #[test]
    fn a_header_that_holds_a_person_is_refused_and_shows_nobody() {
        for of_a_row in ["NC123456C", "1980-02-03", "03/02/1980"] {
            let mut header = own_names(&Claim::COLUMNS);
            header.extend(names(&["Smithson", of_a_row]));
            let error = map_columns(&source(), &Claim::COLUMNS, &header).unwrap_err();
            assert!(error.problem.starts_with("the first line is a row, not column names"), "{}", error.problem);
            assert!(!format!("{}{}", error.problem, error.hint).contains(of_a_row), "{}", error.problem);
        }
        let error = map_columns(&source(), &Claim::COLUMNS, &names(&["claim_id", "Smithson"])).unwrap_err();
        assert!(error.problem.contains("found: claim_id, column 2"), "{}", error.problem);
        let mut header = own_names(&Claim::COLUMNS);
        header.push("Smithson".to_owned());
        let place = header.len();
        let account = map_columns(&source(), &Claim::COLUMNS, &header).unwrap().found.account();
        assert_eq!(account.other, [format!("column {place}")]);
        header.push("Smithson".to_owned());
        let error = map_columns(&source(), &Claim::COLUMNS, &header).unwrap_err();
        assert!(!error.problem.contains("Smithson"), "{}", error.problem);
        let json = ["Smithson", "taxCode"].map(OtherColumn::without_place);
        let json = ColumnsFound { other: json.to_vec(), ..ColumnsFound::default() };
        assert_eq!(json.account().other[0], "a name of 8 letters");
    }

    /// Every way to misspell a name by one letter.
    fn misspelt(name: &str) -> Vec<String> {
        let letters: Vec<char> = name.chars().collect();
        let mut all = Vec::new();
        for at in 0..letters.len() {
            let with = |change: &dyn Fn(&mut Vec<char>)| {
                let mut changed = letters.clone();
                change(&mut changed);
                changed.into_iter().collect::<String>()
            };
            all.push(with(&|word| {
                word.remove(at);
            }));
            all.push(with(&|word| word[at] = 'x'));
            all.push(with(&|word| word.insert(at, 'x')));
            if at > 0 {
                all.push(with(&|word| word.swap(at - 1, at)));
            }
        }
        all.retain(|word| plain_name(word) != plain_name(name));
        all
    }

    #[test]
    fn an_optional_column_that_is_misspelt_is_refused_with_the_rename() {
        for columns in [&Claim::COLUMNS[..], &Participant::COLUMNS, &Payment::COLUMNS] {
            let optional = columns.iter().enumerate().filter(|(_, column)| column.need == Need::Optional);
            for (at, column) in optional.filter(|(_, column)| column.name != "sex") {
                for name in std::iter::once(column.name).chain(column.also.iter().copied()) {
                    for wrong in misspelt(name).into_iter().filter(|wrong| !recognises(columns, wrong)) {
                        let mut names = own_names(columns);
                        names[at].clone_from(&wrong);
                        let error = map_columns(&source(), columns, &names).unwrap_err();
                        assert!(error.hint.contains(&format!("rename `{wrong}` to `{}`", column.name)), "{wrong}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_column_of_ones_own_is_no_misspelling() {
        // Ours is there; or the name is another input's; or it belongs to a series.
        for (columns, absent, own) in [
            (&Payment::COLUMNS[..], "", "employee_name"),
            (&Claim::COLUMNS[..], "job_end_date", "end_date"),
            (&Payment::COLUMNS[..], "employer_name", "employerName2"),
            (&Claim::COLUMNS[..], "employer_name", "employed"),
            (&Claim::COLUMNS[..], "amount_claimed", "Account"),
        ] {
            let mut names = own_names(columns);
            names.retain(|name| name != absent);
            names.push(own.to_owned());
            assert_eq!(other_names(&map_columns(&source(), columns, &names).unwrap().found), [own]);
        }
    }

    #[test]
    fn an_optional_column_in_other_words_is_refused_unless_the_person_says_what_it_is() {
        let mut names = own_names(&Claim::COLUMNS);
        names.retain(|name| name != "job_end_date");
        names.push("Job Finish Date".to_owned());
        let error = map_columns(&source(), &Claim::COLUMNS, &names).unwrap_err();
        assert_eq!(error.problem, "the file lacks a column, and `Job Finish Date` seems to be `job_end_date`");
        assert!(error.hint.starts_with("rename `Job Finish Date` to `job_end_date`, or say"), "{}", error.hint);
        assert!(error.hint.contains("say \"Job Finish Date\" = \"\" there"), "{}", error.hint);
        assert!(!error.hint.contains("take away the #"), "{}", error.hint);
        let read = |columns: &str| {
            let mut options = crate::extract::columns_file::parse(columns).unwrap();
            options.each(|options| options.has_columns_file = true);
            map_columns(&source().read_as(&options.claims), &Claim::COLUMNS, &names)
        };
        assert!(read("").unwrap_err().hint.contains("take away the #"));
        assert_eq!(read("[claims.columns]\n\"job finish date\" = \"\"").unwrap().found.absent, ["job_end_date"]);
        let mapped = read("[claims.columns]\n\"job finish date\" = \"job_end_date\"").unwrap().found;
        assert_eq!(mapped.read["job_end_date"], ["Job Finish Date"]);
        // Where ours is there, it is a column of its own.
        names.push("job_end_date".to_owned());
        assert_eq!(other_names(&map_columns(&source(), &Claim::COLUMNS, &names).unwrap().found), ["Job Finish Date"]);
    }
}
