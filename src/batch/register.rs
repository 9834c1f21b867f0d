//! An index of the register: the entry of each participant, by `participant_id`, and the numbers of each person.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::people::person;
use crate::domain::participant::Registered;
use crate::domain::{CellError, Claim, NinoText, Participant, Stem, Tally, participant_key};

/// The rows of a register as text, independent of how they are stored.
pub trait RegisterRows {
    /// The text of a cell; `None` where it is empty. Rows are counted from 0.
    fn cell(&self, row: usize, column: &'static str) -> Option<&str>;

    /// The line a row begins on, in a text file; otherwise 0.
    fn line(&self, _row: usize) -> u64 {
        0
    }
}

/// What the register says of one claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterAnswer {
    /// The entry of its participant.
    pub registered: Registered,
    /// Whether the register has the claim's person under another participant number. Where the participant's own entry
    /// cannot be used, nothing else is read of the register.
    pub has_another_number: bool,
}

/// A register in which participants are looked up. Rows for one participant must say the same: of rows that differ, none
/// is used. A row that cannot be used keeps its participant known, so that nobody is taken to be missing from the register
/// for whom it has an unreadable row.
pub struct RegisterIndex<'r, R> {
    rows: &'r R,
    /// The first row of each participant.
    first_rows: BTreeMap<Box<str>, usize>,
    /// First rows that cannot be used, with the reason.
    unusable: BTreeMap<usize, String>,
    /// The first row of the first participant with each person's number, and whether there are several such participants.
    numbers: HashMap<Stem, (usize, Several)>,
    /// People of rows that were set aside.
    set_aside: HashMap<Stem, SetAside>,
    /// What stands in rows that are no records, each text as participants' numbers are compared.
    in_damaged_rows: HashSet<Box<str>>,
    /// Rows that could not be read, in their order, with the reason.
    pub unreadable: Vec<(usize, String)>,
    /// Counts of how the cells were written.
    pub tally: Tally,
}

/// Whether something occurs once or more often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Several {
    No,
    Yes,
}

/// Rows of one person that were set aside.
struct SetAside {
    reason: String,
    /// Whether one of them names no participant, so that it may be anybody's with the person's number.
    names_nobody: bool,
}

impl<'r, R: RegisterRows> RegisterIndex<'r, R> {
    /// Reads the rows with these numbers.
    pub fn new(rows: &'r R, numbers: impl Iterator<Item = usize>) -> Self {
        let mut index = Self {
            rows,
            first_rows: BTreeMap::new(),
            unusable: BTreeMap::new(),
            numbers: HashMap::new(),
            set_aside: HashMap::new(),
            in_damaged_rows: HashSet::new(),
            unreadable: Vec::new(),
            tally: Tally::default(),
        };
        numbers.for_each(|row| index.add(row));
        index
    }

    /// Keeps in mind who may be meant by rows that are no records: whatever in them reads like the number of a
    /// participant or a person.
    pub fn add_damaged<'t>(&mut self, rows: impl Iterator<Item = &'t [u8]>) {
        let is_mark = |letter: char| matches!(letter, ',' | ';' | '\t' | '|' | '"' | '\r' | '\n');
        for row in rows {
            for text in String::from_utf8_lossy(row).split(is_mark).map(str::trim).filter(|text| !text.is_empty()) {
                if let Some(person) = NinoText::read(text).well_formed() {
                    self.add_set_aside(person.stem(), DAMAGED, true);
                }
                self.in_damaged_rows.insert(participant_key(text));
            }
        }
    }

    fn add(&mut self, row: usize) {
        let read = read(self.rows, row, &mut self.tally);
        let nino = match &read {
            Ok(participant) => Some(participant.nino),
            Err(_) => self.rows.cell(row, "nino").map(NinoText::read),
        };
        let person = nino.and_then(NinoText::well_formed).map(super::super::domain::nino::Nino::stem);
        let id = self.rows.cell(row, "participant_id").map(str::trim).filter(|id| !id.is_empty());
        let Some(participant_id) = id else {
            self.unreadable.push((row, "participant_id is empty".to_owned()));
            if let Some(person) = person {
                self.add_set_aside(person, &unreadable("participant_id"), true);
            }
            return;
        };
        let first = *self.first_rows.entry(participant_key(participant_id)).or_insert(row);
        if let Some(person) = person {
            let (known, several) = self.numbers.entry(person).or_insert((first, Several::No));
            if *known != first {
                *several = Several::Yes;
            }
        }
        match read {
            Err(error) => {
                let reason = unreadable(error.column);
                if let Some(person) = person {
                    self.add_set_aside(person, &reason, false);
                }
                self.unreadable.push((row, reason.clone()));
                self.unusable.insert(first, reason);
            }
            Ok(participant) if first != row && !self.says_the_same(first, row, &participant) => {
                self.unusable.insert(first, "the register has rows for this participant that differ".to_owned());
            }
            Ok(_) => {}
        }
    }

    fn add_set_aside(&mut self, person: Stem, reason: &str, names_nobody: bool) {
        let new = || SetAside { reason: reason.to_owned(), names_nobody };
        self.set_aside.entry(person).or_insert_with(new).names_nobody |= names_nobody;
    }

    /// Whether a later row of a participant says what the first one says, however its cells are written.
    fn says_the_same(&self, first: usize, later: usize, participant: &Participant) -> bool {
        let text = |row, column| self.rows.cell(row, column).map(str::trim).filter(|text| !text.is_empty());
        let same_text = |column: &'static str| text(first, column) == text(later, column);
        read(self.rows, first, &mut Tally::default()).is_ok_and(|first| first == *participant)
            && Participant::COLUMNS_NOT_READ.into_iter().all(same_text)
    }

    /// What the register says of each claim.
    pub fn of_claims(&self, claims: &[Claim]) -> Vec<RegisterAnswer>
    where
        R: Sync,
    {
        claims.par_iter().map(|claim| self.look_up(claim.participant_id(), person(claim))).collect()
    }

    /// What the register says of a claim that names this participant and this person.
    fn look_up(&self, participant_id: Option<&str>, person: Option<Stem>) -> RegisterAnswer {
        let key = participant_id.map(participant_key);
        let row = key.as_deref().and_then(|key| self.first_rows.get(key)).copied();
        let registered = self.registered(key.as_deref(), row, person);
        let number = person.and_then(|person| self.numbers.get(&person));
        let is_another = number.is_some_and(|(first, several)| *several == Several::Yes || Some(*first) != row);
        let has_another_number = is_another && !matches!(registered, Registered::Unusable(_));
        RegisterAnswer { registered, has_another_number }
    }

    fn registered(&self, key: Option<&str>, row: Option<usize>, person: Option<Stem>) -> Registered {
        let unusable = |reason: &str| Registered::Unusable(reason.into());
        let set_aside = person.and_then(|person| self.set_aside.get(&person));
        match (key, row) {
            (None, _) => Registered::Absent,
            (Some(key), None) => match set_aside {
                Some(row) => unusable(&row.reason),
                None if self.in_damaged_rows.contains(key) => unusable(DAMAGED),
                None => Registered::Absent,
            },
            (Some(key), Some(row)) => match (self.unusable.get(&row), set_aside) {
                (Some(reason), _) => unusable(reason),
                (None, Some(other)) if other.names_nobody => unusable(&other.reason),
                (None, _) if self.in_damaged_rows.contains(key) => unusable(DAMAGED),
                (None, _) => match read(self.rows, row, &mut Tally::default()) {
                    Ok(participant) => Registered::Found(participant),
                    Err(error) => unusable(&unreadable(error.column)),
                },
            },
        }
    }
}

/// Why the entry of somebody cannot be used whose number stands in a row that is no record.
const DAMAGED: &str = "a row of the register that may be this participant's could not be read as a record";

fn read(rows: &impl RegisterRows, row: usize, tally: &mut Tally) -> Result<Participant, CellError> {
    let number = u32::try_from(row + 1).unwrap_or(u32::MAX);
    tally.begin_row(number.into(), rows.line(row));
    Participant::read(number, |column| rows.cell(row, column), tally)
}

fn unreadable(column: &str) -> String {
    format!("the register's {column} for this participant is missing or could not be read")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of participant, date of birth and cohort; the other cells are the same for everybody.
    struct Rows(Vec<[&'static str; 3]>);

    impl RegisterRows for Rows {
        fn cell(&self, row: usize, column: &'static str) -> Option<&str> {
            let [participant_id, date_of_birth, cohort] = self.0.get(row)?;
            let cell = match column {
                "participant_id" => participant_id,
                "date_of_birth" => date_of_birth,
                "cohort" => cohort,
                "nino" => "NC100001A",
                "start_date" => "2018-04-01",
                _ => "",
            };
            Some(cell).filter(|cell| !cell.is_empty())
        }
    }

    #[test]
    fn a_cell_that_cannot_be_read_is_told_by_its_row_and_rows_are_on_no_line_unless_they_say_so() {
        let rows = Rows(vec![["P1", "1990-01-15", "autism"], ["P2", "spring", "autism"]]);
        assert_eq!(rows.line(1), 0);
        assert_eq!(read(&rows, 1, &mut Tally::default()).unwrap_err().row, 2);
    }

    #[test]
    fn copies_are_one_row_and_rows_that_differ_are_of_no_use() {
        let rows = Rows(vec![
            [" P1 ", "1990-01-15", "autism"],
            ["p1", "15/01/1990", "autism"],
            ["P2", "1990-01-15", "autism"],
            ["P2", "1990-01-16", "autism"],
        ]);
        let index = RegisterIndex::new(&rows, 0..4);
        let registered = |participant: Option<&str>| index.look_up(participant, None).registered;
        assert!(matches!(registered(Some("p1")), Registered::Found(_)));
        let differing = "the register has rows for this participant that differ";
        assert_eq!(registered(Some("P2")), Registered::Unusable(differing.into()));
        assert_eq!(registered(Some("P3")), Registered::Absent);
        assert_eq!(registered(None), Registered::Absent);
        assert_eq!(index.unreadable, []);
    }

    #[test]
    fn rows_that_cannot_be_read_are_set_aside_with_the_reason() {
        let rows = Rows(vec![["P1", "1990-01-15", ""], [" ", "1990-01-15", "autism"]]);
        let index = RegisterIndex::new(&rows, 0..2);
        let reason = "the register's cohort for this participant is missing or could not be read";
        assert_eq!(index.look_up(Some("P1"), None).registered, Registered::Unusable(reason.into()));
        assert_eq!(index.unreadable, [(0, reason.to_owned()), (1, "participant_id is empty".to_owned())]);
    }

    #[test]
    fn of_rows_that_were_set_aside_one_that_names_nobody_counts_whichever_comes_first() {
        let named = ["P1", "spring", "autism"];
        let nameless = ["", "1990-01-15", "autism"];
        for rows in [
            vec![["P2", "1990-01-15", "autism"], named, nameless],
            vec![["P2", "1990-01-15", "autism"], nameless, named],
        ] {
            let rows = Rows(rows);
            let index = RegisterIndex::new(&rows, 0..3);
            let of_p2 = index.look_up(Some("P2"), stem("NC100001A")).registered;
            assert!(matches!(of_p2, Registered::Unusable(_)), "the row may be that of P2");
        }
        let rows = Rows(vec![["P2", "1990-01-15", "autism"], named]);
        let index = RegisterIndex::new(&rows, 0..2);
        let of_p2 = index.look_up(Some("P2"), stem("NC100001A")).registered;
        assert!(matches!(of_p2, Registered::Found(_)), "the row is that of P1");
    }

    fn stem(nino: &str) -> Option<Stem> {
        NinoText::read(nino).stem()
    }

    #[test]
    fn a_row_that_was_set_aside_keeps_its_participant_known_by_number_or_person() {
        let rows = Rows(vec![["P1", "spring", "autism"]]);
        let index = RegisterIndex::new(&rows, 0..1);
        let is_unusable = |participant, nino| {
            matches!(index.look_up(Some(participant), stem(nino)).registered, Registered::Unusable(_))
        };
        assert!(is_unusable("P1", "NC100009A") && is_unusable("P9", "NC100001D"));
        assert!(!is_unusable("P9", "NC100009A"));
    }

    #[test]
    fn a_row_that_names_nobody_may_be_that_of_everybody_with_its_number() {
        let rows = Rows(vec![["P1", "1990-01-15", "autism"], ["", "1990-01-15", "autism"]]);
        let index = RegisterIndex::new(&rows, 0..2);
        let of_p1 = |nino| index.look_up(Some("P1"), stem(nino)).registered;
        assert!(matches!(of_p1("NC100001A"), Registered::Unusable(_)));
        assert!(matches!(of_p1("NC100009A"), Registered::Found(_)));
    }

    #[test]
    fn a_row_that_is_no_record_keeps_known_whoever_it_may_name() {
        let rows = Rows(vec![["P1", "1990-01-15", "autism"]]);
        let mut index = RegisterIndex::new(&rows, 0..1);
        index.add_damaged([b"P7,\"NC 10 00 02 A\",Example,Robin,one cell too many".as_slice()].into_iter());
        let found = |participant, nino| index.look_up(Some(participant), stem(nino)).registered;
        let unusable = Registered::Unusable(DAMAGED.into());
        assert_eq!([found("p7", "NC100009A"), found("P9", "NC100002B")], [unusable.clone(), unusable]);
        assert_eq!(found("P9", "NC100009A"), Registered::Absent);
        assert!(matches!(found("P1", "NC100001A"), Registered::Found(_)));
        // A damaged row of somebody who has a good one too.
        index.add_damaged([b"P1,no number,one cell too many".as_slice()].into_iter());
        assert_eq!(index.look_up(Some("P1"), stem("NC100001A")).registered, Registered::Unusable(DAMAGED.into()));
    }

    #[test]
    fn a_person_under_two_numbers_has_another_one_under_each() {
        let rows = Rows(vec![["P1", "1990-01-15", "autism"], ["P2", "1990-01-15", "autism"]]);
        let has_another = |rows: &Rows, participant, nino| {
            let index = RegisterIndex::new(rows, 0..rows.0.len());
            index.look_up(Some(participant), stem(nino)).has_another_number
        };
        assert!(has_another(&rows, "P1", "NC100001B") && has_another(&rows, "P2", "NC100001A"));
        let one = Rows(vec![["P1", "1990-01-15", "autism"], ["p1", "1990-01-15", "autism"]]);
        assert!(!has_another(&one, "P1", "NC100001A") && !has_another(&one, "P1", "NC100009A"));
        assert!(has_another(&one, "P9", "NC100001A"));
    }
}
