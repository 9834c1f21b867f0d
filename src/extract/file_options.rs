//! How the files of one input are to be read, where the person says so: the sheet of a workbook, names of columns and
//! words of values.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::columns::ColumnsFound;
use crate::domain::Column;
use crate::domain::column_name::plain_name;

/// How the files of one input are to be read. By default as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileOptions {
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The sheet that is meant where none is named and the workbook has it.
    pub usual_sheet: Option<&'static str>,
    /// What this program called the table when it gave it to people to fill in: such a table has the columns it was given, and no
    /// option says what others mean.
    pub filled_in: Option<&'static str>,
    /// Whether there is a file of columns, if it says nothing of this input.
    pub has_columns_file: bool,
    /// What columns of the file mean, by their plain names.
    pub columns: BTreeMap<String, Meaning>,
    /// What values mean, by our columns and the values' plain words.
    pub values: BTreeMap<&'static str, BTreeMap<String, Word>>,
}

/// How the files of each input are to be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InputOptions {
    /// The claims.
    pub claims: Arc<FileOptions>,
    /// The register.
    pub register: Arc<FileOptions>,
    /// The earnings.
    pub earnings: Arc<FileOptions>,
    /// What was spent.
    pub funding: Arc<FileOptions>,
}

impl InputOptions {
    /// The inputs by the names that the command line and files of columns have for them.
    pub const INPUTS: [&'static str; 4] = ["claims", "register", "earnings", "funding"];

    /// How one input is to be read, by its name.
    pub fn input(&mut self, name: &str) -> Option<&mut FileOptions> {
        let options = match name {
            "claims" => &mut self.claims,
            "register" => &mut self.register,
            "earnings" => &mut self.earnings,
            "funding" => &mut self.funding,
            _ => return None,
        };
        Some(Arc::make_mut(options))
    }

    /// Changes how every input is to be read.
    pub fn each(&mut self, change: impl Fn(&mut FileOptions)) {
        for name in Self::INPUTS {
            self.input(name).into_iter().for_each(&change);
        }
    }

    /// What of it a result is a function of, as texts. Nothing where files are read as they are.
    pub fn identity(&self) -> Vec<String> {
        let inputs = [
            ("claims", &self.claims),
            ("register", &self.register),
            ("earnings", &self.earnings),
            ("funding", &self.funding),
        ];
        inputs.iter().flat_map(|(input, options)| options.identity(input)).collect()
    }
}

/// What a word of a file means.
#[derive(Debug)]
pub struct Word {
    /// The word as the mapping has it.
    pub written: String,
    /// The value that it means.
    pub value: String,
    /// Whether a file had it. It says nothing of how files are to be read, and two words are the same without it.
    is_met: AtomicBool,
}

impl Word {
    /// A word that no file had yet.
    pub fn new(written: String, value: String) -> Self {
        Self { written, value, is_met: AtomicBool::new(false) }
    }
}

impl Clone for Word {
    fn clone(&self) -> Self {
        let is_met = AtomicBool::new(self.is_met.load(Ordering::Relaxed));
        Self { written: self.written.clone(), value: self.value.clone(), is_met }
    }
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        (&self.written, &self.value) == (&other.written, &other.value)
    }
}

impl Eq for Word {}

/// What a column of the file means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// The column as the mapping names it.
    pub written: String,
    /// The column of ours that it is; none where it is to be passed over.
    pub ours: Option<&'static str>,
}

impl FileOptions {
    /// What a column of the file means, where a mapping says so.
    pub fn meaning(&self, name: &str) -> Option<&Meaning> {
        if self.columns.is_empty() { None } else { self.columns.get(&plain_name(name)) }
    }

    /// What a value of one of our columns means, where a mapping says so.
    pub fn value(&self, column: &str, text: &str) -> Option<&str> {
        let word = self.values.get(column)?.get(&plain_name(text))?;
        word.is_met.store(true, Ordering::Relaxed);
        Some(&word.value)
    }

    /// The text of one of our columns, by its number, as it is meant.
    pub fn meant<'t>(&'t self, columns: &[Column], number: usize, text: &'t str) -> &'t str {
        if self.values.is_empty() {
            return text;
        }
        columns.get(number).and_then(|column| self.value(column.name, text)).unwrap_or(text)
    }

    fn identity(&self, input: &str) -> Vec<String> {
        let columns = self.columns.iter().map(|(name, meaning)| ["column", name, meaning.ours.unwrap_or_default()]);
        let values = self.values.iter().flat_map(|(column, words)| {
            words.iter().map(|(word, value)| [*column, word.as_str(), value.value.as_str()])
        });
        columns.chain(values).flat_map(|texts| [input].into_iter().chain(texts)).map(str::to_owned).collect()
    }

    /// The words that no file had which was read, each with its column. Of an extract not every row is read.
    pub fn words_not_met(&self) -> Vec<(&'static str, &str)> {
        let words = self.values.iter().flat_map(|(column, words)| words.values().map(|word| (*column, word)));
        let not_met = words.filter(|(_, word)| !word.is_met.load(Ordering::Relaxed));
        not_met.map(|(column, word)| (column, word.written.as_str())).collect()
    }

    /// The first column of the mapping that none of the files has.
    pub fn unused<'a>(&self, files: impl Iterator<Item = &'a ColumnsFound>) -> Option<&str> {
        let found: Vec<&ColumnsFound> = files.collect();
        let is_there = |meaning: &Meaning| {
            let plain = plain_name(&meaning.written);
            let mut names = found.iter().flat_map(|found| found.read.values().flatten().chain(&found.passed_over));
            names.any(|name| plain_name(name) == plain)
        };
        self.columns.values().find(|meaning| !is_there(meaning)).map(|meaning| meaning.written.as_str())
    }
}
