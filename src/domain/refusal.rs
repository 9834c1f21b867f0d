//! When a file is not decided on: one of its columns cannot be believed, or cannot be read in too many rows, or no row is a
//! record.

use std::fmt;

use super::claim::Claim;
use super::field::Column;
use super::participant::Participant;
use super::payment::Payment;
use super::percent::Percent;
use super::reading::Kind;
use super::tally::{Disbelief, Place, Tally, UnreadableCell};

/// The share of rows in which one column of a file may be unreadable; beyond it the file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SetAsideShare(Percent);

/// How many unreadable cells are never too many, whatever their share.
const ALWAYS_ACCEPTED: u64 = 2;

impl SetAsideShare {
    /// Every row.
    pub const ALL: Self = Self(Percent::whole(100));
    /// What an extract may have: more is the work of whoever wrote it, and silence about a person would be taken for news.
    pub const OF_EXTRACT: Self = Self(Percent::whole(5));
    /// What claims and registers may have: each bad row is told of by itself.
    pub const OF_TABLE: Self = Self(Percent::whole(50));

    /// This share.
    pub const fn of(percent: Percent) -> Self {
        Self(percent)
    }

    /// The larger of this share and one that was asked for: asking only ever raises it.
    #[must_use]
    pub fn raised_to(self, asked: Option<Self>) -> Self {
        asked.map_or(self, |asked| self.max(asked))
    }

    /// Whether so many of all are too many.
    fn is_exceeded(self, part: u64, all: u64) -> bool {
        ALWAYS_ACCEPTED < part && self.0.is_exceeded_by(part, all)
    }
}

impl fmt::Display for SetAsideShare {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// Why a file is not decided on, and what to do about it. It holds no cell's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub problem: String,
    /// What is accepted, or what to do.
    pub hint: String,
    /// Where the first of it stands.
    pub place: Place,
}

impl Refusal {
    /// The first reason in a file's counts, where there is one.
    pub fn of(tally: &Tally, share: SetAsideShare) -> Option<Self> {
        let mut columns = tally.columns().iter();
        let disbelieved = columns.find_map(|(name, _)| Some(Self::disbelieved(name, tally.disbelief(name)?)));
        disbelieved.or_else(|| {
            tally.columns().iter().find_map(|(name, column)| {
                let first = column.first_unreadable.filter(|_| share.is_exceeded(column.unreadable, tally.rows()))?;
                Some(Self::unreadable(name, column.unreadable, tally.rows(), first))
            })
        })
    }

    fn disbelieved(column: &str, why: Disbelief) -> Self {
        match why {
            Disbelief::MonthFirst(count, place) => Self {
                problem: format!(
                    "the dates of the column `{column}` look month-first: in {} the second number is over 12{}",
                    things(count, "date"),
                    Row(place)
                ),
                hint: "write dates as YYYY-MM-DD, or with the day first; none of the column's dates is believed".into(),
                place,
            },
            Disbelief::TwoMidnights(utc, united_kingdom) => Self {
                problem: format!(
                    "the moments of the column `{column}` are midnight UTC in some rows (first in row {}) and midnight in \
                     the United Kingdom in others (first in row {})",
                    utc.row, united_kingdom.row
                ),
                hint: "write the column as dates, or all of its moments in one zone; none of its dates is believed"
                    .into(),
                place: utc.min(united_kingdom),
            },
        }
    }

    fn unreadable(column: &str, count: u64, rows: u64, first: UnreadableCell) -> Self {
        let UnreadableCell { place, found, fault } = first;
        Self {
            problem: format!(
                "the column `{column}` cannot be read in {count} of the {} looked at: found {found}{}, {fault}",
                things(rows, "row"),
                Row(place)
            ),
            hint: format!(
                "correct the column where the file is made{}; --set-aside PERCENT accepts more such rows, whose people are \
                 then queried",
                in_other_words(column)
            ),
            place,
        }
    }

    /// A file of which no row is a record: its header or its delimiter is what is wrong, and nothing is to be decided by that.
    /// `first` is where the first row stands and why it is none, where that is known.
    pub fn of_records(damaged: u64, rows: u64, share: SetAsideShare, first: Option<(Place, &str)>) -> Option<Self> {
        let why = first.map(|(_, why)| format!("; the first is none because of this: {why}"));
        (rows <= damaged && share.is_exceeded(damaged, rows)).then(|| Self {
            problem: format!("none of the {} is a record{}", things(rows, "row"), why.unwrap_or_default()),
            hint: "compare the rows with the header, and mend the one that is wrong where the file is made; --set-aside 100% \
                   decides all the same"
                .into(),
            place: first.map(|(place, _)| place).unwrap_or_default(),
        })
    }

    /// An extract in which more than half of the rows name nobody.
    pub fn of_numbers(without_person: u64, rows: u64, asked: Option<SetAsideShare>) -> Option<Self> {
        SetAsideShare::OF_TABLE.raised_to(asked).is_exceeded(without_person, rows).then(|| Self {
            problem: format!(
                "{without_person} of the {} have no usable National Insurance number in the column `nino`",
                things(rows, "row")
            ),
            hint: "a number is two letters, six digits and perhaps a letter A to D; look whether another column holds it, or \
                   whether it was masked when the extract was made"
                .into(),
            place: Place::default(),
        })
    }
}

/// What to do about a column that holds one of a list, where the file has other words for them.
fn in_other_words(column: &str) -> String {
    let inputs: [(&str, &[Column]); 3] =
        [("claims", &Claim::COLUMNS), ("register", &Participant::COLUMNS), ("earnings", &Payment::COLUMNS)];
    let holds_codes = |column: &Column| matches!(column.kind, Kind::Code | Kind::Flag);
    let input =
        inputs.into_iter().find(|(_, columns)| columns.iter().any(|known| known.name == column && holds_codes(known)));
    input.map_or_else(String::new, |(input, _)| {
        format!(", or say with --columns what its words mean: [{input}.values.{column}] \"the file's word\" = \"ours\"")
    })
}

/// So many things.
fn things(count: u64, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// The row of a place, where no line tells it.
struct Row(Place);

impl fmt::Display for Row {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.line == 0 { write!(out, " in row {}", self.0.row) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cell::Cell;
    use super::*;

    fn tally(cells: &[&str], rows: u64) -> Tally {
        let mut tally = Tally::default();
        for (text, row) in cells.iter().chain(std::iter::repeat(&"2018-05-01")).zip(1..=rows) {
            tally.begin_row(row, row + 1);
            tally.date("payment_date", Some(Cell::Text(text)));
        }
        tally
    }

    fn refused(cells: &[&str], rows: u64, share: SetAsideShare) -> Option<Refusal> {
        Refusal::of(&tally(cells, rows), share)
    }

    #[test]
    fn a_share_is_held_exactly_and_two_cells_are_never_too_many() {
        let bad = ["43221"; 3];
        assert_eq!(refused(&bad, 60, SetAsideShare::OF_EXTRACT), None);
        assert!(refused(&bad, 59, SetAsideShare::OF_EXTRACT).is_some());
        assert_eq!(refused(&bad[..2], 2, SetAsideShare::OF_EXTRACT), None);
        assert_eq!(refused(&bad, 6, SetAsideShare::OF_TABLE), None);
        assert!(refused(&bad, 5, SetAsideShare::OF_TABLE).is_some());
        let asked = Some(SetAsideShare::of(Percent::whole(10)));
        assert_eq!(SetAsideShare::OF_EXTRACT.raised_to(asked), SetAsideShare::of(Percent::whole(10)));
        assert_eq!(SetAsideShare::OF_TABLE.raised_to(asked), SetAsideShare::OF_TABLE);
        assert_eq!(refused(&["43221"; 9], 9, SetAsideShare::ALL), None);
    }

    #[test]
    fn a_refusal_says_how_many_where_what_was_found_and_what_is_accepted() {
        let refusal = refused(&["43221"; 5], 20, SetAsideShare::OF_EXTRACT).unwrap();
        let says = "the column `payment_date` cannot be read in 5 of the 20 rows looked at: found 5 digits, expected a date as \
                    YYYY-MM-DD, such as 2018-05-01; it looks like a spreadsheet's serial number of a date";
        assert_eq!(refusal.problem, says);
        assert_eq!(refusal.place, Place { row: 1, line: 2 });
    }

    #[test]
    fn a_column_of_codes_can_be_cured_by_its_words() {
        assert!(in_other_words("pay_frequency").contains("[earnings.values.pay_frequency]"));
        assert!(in_other_words("benefit").contains("[register.values.benefit]"));
        assert_eq!(in_other_words("payment_date"), "");
    }

    #[test]
    fn a_column_with_the_month_first_is_refused_whatever_is_accepted() {
        let refusal = refused(&["05/20/2018", "05/21/2018", "05/22/2018"], 500, SetAsideShare::ALL).unwrap();
        assert!(refusal.problem.starts_with("the dates of the column `payment_date` look month-first: in 3 dates"));
        assert_eq!(refused(&["05/20/2018", "05/21/2018"], 500, SetAsideShare::ALL), None);
    }

    #[test]
    fn an_extract_must_name_people_in_half_of_its_rows() {
        assert_eq!(Refusal::of_numbers(5, 10, None), None);
        assert!(Refusal::of_numbers(6, 10, None).is_some());
        assert_eq!(Refusal::of_numbers(2, 2, None), None);
        assert_eq!(Refusal::of_numbers(6, 10, Some(SetAsideShare::of(Percent::whole(60)))), None);
    }
}
