//! The names that the payments of a JSON file have. A JSON file has no header: whether it is an extract at all, which
//! columns it lacks and which names look like misspellings of them shows only when all of it was read.

use std::collections::BTreeMap;

use super::folder_columns::FolderColumns;
use crate::domain::field::Need;
use crate::domain::withheld::is_personal;
use crate::domain::{Column, Payment};
use crate::error::InputError;
use crate::extract::columns::{ColumnsFound, OtherColumn, refuse_seeming, seems};
use crate::extract::json::{JsonItem, JsonRow, NAMES, NotAPayment};
use crate::extract::source::Sniffed;

/// The most names that are none of ours and are kept.
const MOST_OTHERS: usize = 1_000;

/// The names that occur in a file's payments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct JsonColumns {
    /// The places of our names, by their bits.
    places: u128,
    /// The columns that folders give to every payment, by the bits of their numbers.
    of_folders: u64,
    /// Names that are none of ours, each with the bits of the columns that no payment with that name has.
    other: BTreeMap<String, u64>,
    /// The first column that a payment has under one of our names and one of HMRC's.
    under_two_names: Option<usize>,
    /// Whether a name that is none of ours holds an object or a list in which names of ours stand.
    hides_ours: bool,
    /// Why the first object that is no payment is none.
    no_payment: Option<&'static str>,
}

impl JsonColumns {
    /// The columns that folders give to every payment of a file.
    pub(super) fn of_folders(folders: &FolderColumns) -> Self {
        let given = (0..Payment::COLUMNS.len()).filter(|number| folders.has(*number));
        Self { of_folders: given.fold(0, |bits, number| bits | 1 << number), ..Self::default() }
    }

    /// Adds the names of one payment, or why it is none.
    pub(super) fn add(&mut self, item: &JsonItem<'_>) {
        let payment = match item {
            Ok(payment) => payment,
            Err(NotAPayment { reason, .. }) => {
                self.no_payment.get_or_insert(reason);
                return;
            }
        };
        self.places |= payment.places;
        self.hides_ours |= payment.hides_ours;
        if self.under_two_names.is_none() {
            self.under_two_names = (0..Payment::COLUMNS.len()).find(|number| has_two_names(payment, *number));
        }
        if payment.other.is_empty() {
            return;
        }
        let lacks = |number: &usize| self.of_folders & 1 << number == 0 && payment.places & bits_of(*number) == 0;
        let lacking = (0..Payment::COLUMNS.len()).filter(lacks).fold(0, |bits, number| bits | 1 << number);
        for name in &payment.other {
            if let Some(known) = self.other.get_mut(name.as_ref()) {
                *known &= lacking;
            } else if self.other.len() < MOST_OTHERS {
                self.other.insert(name.clone().into_owned(), lacking);
            }
        }
    }

    /// Adds those of another split.
    pub(super) fn join(&mut self, other: &Self) {
        self.places |= other.places;
        self.of_folders |= other.of_folders;
        for (name, lacking) in &other.other {
            *self.other.entry(name.clone()).or_insert(u64::MAX) &= lacking;
        }
        self.under_two_names = self.under_two_names.or(other.under_two_names);
        self.hides_ours |= other.hides_ours;
        self.no_payment = self.no_payment.or(other.no_payment);
    }

    /// Checks that every needed column occurs, that none stands under two names in one payment, and that no name seems to be a
    /// column which the payments with that name do not have.
    ///
    /// # Errors
    /// A needed column occurs in no payment of the file, or one is not read that may be there.
    pub(super) fn are_whole(&self, sniffed: &Sniffed) -> Result<(), InputError> {
        let source = &sniffed.source;
        let absent: Vec<&Column> = Payment::COLUMNS
            .iter()
            .enumerate()
            .filter(|(number, _)| !self.has(*number))
            .map(|(_, column)| column)
            .collect();
        if self.hides_ours {
            let problem = "payments hold objects or lists in which names of a payment's columns stand, and what is nested is not read";
            return Err(
                source.error(problem, "write each payment as one object, with its values directly under their names")
            );
        }
        if let Some(column) = self.under_two_names.and_then(|number| Payment::COLUMNS.get(number)) {
            let problem = format!(
                "a payment has the column `{}` under two of its names: `{}` and {}",
                column.name,
                column.name,
                column.also.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
            );
            return Err(source.error(problem, "remove one of them, or rename the one that means something else"));
        }
        let has_none = absent.len() == Payment::COLUMNS.len();
        if !has_none && self.other.keys().any(|name| is_personal(name) && source.options.meaning(name).is_none()) {
            let problem =
                "payments have a name that reads as a person's number or a date, where names of columns stand";
            return Err(source
                .error(problem, "write each value under the name of its column; `sustain schemas` prints the names"));
        }
        let is_passed_over = |name: &str| source.options.meaning(name).is_some();
        let seeming = self.other.iter().filter(|(name, _)| !is_passed_over(name)).filter_map(|(name, lacking)| {
            let lacked = |(number, _): &(usize, &Column)| lacking & 1 << number != 0;
            let mut columns = Payment::COLUMNS.iter().enumerate().filter(lacked);
            columns.find_map(|(_, column)| Some((name.as_str(), column.name, seems(&Payment::COLUMNS, column, name)?)))
        });
        refuse_seeming(source, &Payment::COLUMNS, &seeming.collect::<Vec<_>>())?;
        let missing: Vec<&&Column> = absent.iter().filter(|column| column.need == Need::Required).collect();
        if missing.is_empty() {
            return Ok(());
        }
        if let Some(reason) = self.no_payment.filter(|_| has_none) {
            let problem = format!("no object in the file can be read as a payment: {reason}");
            return Err(source.error(
                problem,
                "write each payment as one object, in which each name stands once, with a plain value",
            ));
        }
        let wanted: Vec<String> = missing.iter().map(|column| one_of_its_names(column)).collect();
        // Names that are not known may be content, such as people's names.
        let known: Vec<String> = self.found().read.into_values().flatten().collect();
        let unknown = match self.other.len() {
            0 => String::new(),
            1 => "; 1 other name is not known".to_owned(),
            others => format!("; {others} other names are not known"),
        };
        let problem = if has_none {
            "no object in the file has the columns of a payment".to_owned()
        } else {
            format!("no payment in the file has {}; found: {}{unknown}", wanted.join(", "), known.join(", "))
        };
        let hint = "accepted are JSON Lines of payments, and responses of the form {\"matchPattern\": 63, \"taxYears\": [...]}; \
                    `sustain schemas` prints the names";
        Err(source.error(problem, hint))
    }

    fn has(&self, number: usize) -> bool {
        self.of_folders & 1 << number != 0 || self.names(number).next().is_some()
    }

    /// What was taken for what.
    pub(super) fn found(&self) -> ColumnsFound {
        let other = self.other.keys().map(|name| OtherColumn::without_place(name)).collect();
        let mut found = ColumnsFound { other, ..ColumnsFound::default() };
        for (number, column) in Payment::COLUMNS.iter().enumerate() {
            let names: Vec<String> = self.names(number).map(str::to_owned).collect();
            if !names.is_empty() {
                found.read.insert(column.name, names);
            } else if !self.has(number) {
                found.absent.push(column.name);
            }
        }
        found
    }

    /// The names of one of our columns that occur: a plain one shows as ours.
    fn names(&self, number: usize) -> impl Iterator<Item = &'static str> {
        let column = Payment::COLUMNS.get(number);
        let names =
            column.into_iter().flat_map(|column| std::iter::once(column.name).chain(column.also.iter().copied()));
        NAMES.places_of(number).zip(names).filter(|(place, _)| self.places & 1 << place != 0).map(|(_, name)| name)
    }
}

/// The places of a column's names, by their bits.
fn bits_of(number: usize) -> u128 {
    NAMES.places_of(number).fold(0, |bits, place| bits | 1 << place)
}

/// Whether a payment has a column under our name and under one of HMRC's. Under two of HMRC's it may be.
fn has_two_names(payment: &JsonRow<'_>, number: usize) -> bool {
    let own = 1 << NAMES.places_of(number).start;
    payment.places & own != 0 && payment.places & bits_of(number) & !own != 0
}

fn one_of_its_names(column: &Column) -> String {
    match column.also {
        [] => format!("`{}`", column.name),
        also => format!("`{}` (or {})", column.name, also.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::extract::columns_file::parse;
    use crate::extract::json;
    use crate::extract::source::InputFile;

    const WHOLE: &str = r#""nino": "NC100001A", "office_number": "123", "paye_ref": "A1", "payment_date": "2018-05-01", "pay_frequency": "M1", "taxable_pay": "1""#;

    /// What is said of objects, each with these values besides the needed ones; of a file of columns that says so much.
    fn said(objects: &[String], columns: &str) -> Result<(), InputError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(objects.join("\n").as_bytes()).unwrap();
        let options = parse(columns).unwrap().earnings;
        let sniffed = InputFile::new(file.path().to_path_buf()).read_as(&options).sniff().unwrap();
        let mut columns = JsonColumns::default();
        json::read(&sniffed, sniffed.text().unwrap(), true, &mut |_, item| {
            columns.add(&item);
            Ok(())
        })
        .unwrap();
        columns.are_whole(&sniffed)
    }

    fn with(more: &str) -> String {
        format!("{{{WHOLE}{more}}}")
    }

    fn problem(objects: &[String]) -> String {
        said(objects, "").unwrap_err().problem
    }

    #[test]
    fn a_column_under_two_names_is_refused_as_in_csv() {
        let both = with(r#", "leaving_date": "2018-05-01", "employmentEndDate": null"#);
        let ours = with(r#", "leaving_date": "2018-05-01""#);
        let theirs = with(r#", "employmentEndDate": "2018-05-01""#);
        let received = with(r#", "hmrcReceiptTimestamp": null, "rtiReceivedDate": "2018-05-01""#);
        assert!(problem(&[with(""), both]).contains("`leaving_date` under two of its names"));
        assert_eq!(said(&[ours, theirs, received], ""), Ok(()));
    }

    #[test]
    fn a_name_that_is_never_beside_the_column_it_seems_to_be_is_refused() {
        let ours = with(r#", "leaving_date": "2018-05-01""#);
        let misspelt = with(r#", "leaveing_date": "2018-05-01""#);
        let in_words = with(r#", "endDate": "2018-05-01""#);
        let both = with(r#", "leaving_date": null, "endDate": "2018-05-01""#);
        assert!(
            problem(&[ours.clone(), misspelt]).contains("`leaveing_date` looks like a misspelling of `leaving_date`")
        );
        assert!(problem(&[ours, in_words.clone()]).contains("`endDate` seems to be `leaving_date`"));
        assert_eq!(said(&[in_words.clone(), both], ""), Ok(()));
        assert_eq!(said(&[in_words], "[earnings.columns]\nenddate = \"\""), Ok(()));
    }

    #[test]
    fn what_cannot_be_read_is_told_truly_and_no_names_that_are_not_known() {
        let nested = [format!("{{\"payment\": {}}}", with(""))];
        assert!(problem(&nested).contains("what is nested is not read"));
        let twice = [with(r#", "taxable_pay": "2""#)];
        assert_eq!(
            problem(&twice),
            "no object in the file can be read as a payment: a name stands twice, or two names mean one column"
        );
        let people = [r#"{"NC100001A": {"pay": 1}, "Johnson": 1}"#.to_owned()];
        assert_eq!(problem(&people), "no object in the file has the columns of a payment");
        let some = [r#"{"nino": "NC100001A", "Johnson": 1}"#.to_owned()];
        assert!(problem(&some).ends_with("; found: nino; 1 other name is not known"), "{}", problem(&some));
    }
}
