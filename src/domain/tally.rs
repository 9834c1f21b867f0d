//! Counts, by column, of how the cells of a file were written and which of them could not be read.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::cell::{Cell, trimmed};
use super::field::{Fault, Field, SpreadsheetDamage};
use super::nino::NinoText;
use super::reading::date::{date_cell, is_midnight_utc_alone};
use super::reading::{Departure, Departures, ReadResult, Reading};
use super::row::Found;

/// Where a row stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// The row's number, counted from 1.
    pub row: u64,
    /// The line the row begins on, in a text file; otherwise 0.
    pub line: u64,
}

/// The cells of one column, counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnTally {
    /// Cells that depart from the plain form, by departure.
    pub departures: BTreeMap<Departure, u64>,
    /// Cells that carry the mark of a spreadsheet, by kind.
    pub damaged: BTreeMap<SpreadsheetDamage, u64>,
    /// Cells that could not be read.
    pub unreadable: u64,
    /// The first of them.
    pub first_unreadable: Option<UnreadableCell>,
    /// The first date whose month seems to come first.
    first_month_first: Option<Place>,
    /// The first moments that are midnight UTC alone, and in the United Kingdom alone.
    first_midnights: [Option<Place>; 2],
}

/// The number of the last month: a larger one in front of a slashed date is a day.
const LAST_MONTH: u32 = 12;

/// A cell that could not be read, by its place and shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnreadableCell {
    /// Where its row stands.
    pub place: Place,
    /// What it holds.
    pub found: Found,
    /// What it should have held.
    pub fault: Fault,
}

/// A column whose dates are not believed, because it is written in a way that changes what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disbelief {
    /// The month comes first: how many dates have no other reading, and where the first stands.
    MonthFirst(u64, Place),
    /// Some moments are midnight UTC and others in the United Kingdom: where the first of either stand.
    TwoMidnights(Place, Place),
}

impl ColumnTally {
    fn add(&mut self, other: &Self) {
        for (departure, count) in &other.departures {
            *self.departures.entry(*departure).or_default() += count;
        }
        for (damage, count) in &other.damaged {
            *self.damaged.entry(*damage).or_default() += count;
        }
        self.unreadable += other.unreadable;
        let unreadable = [self.first_unreadable, other.first_unreadable].into_iter().flatten();
        self.first_unreadable = unreadable.min_by_key(|cell| cell.place);
        self.first_month_first = earliest(self.first_month_first, other.first_month_first);
        for (one, other) in self.first_midnights.iter_mut().zip(other.first_midnights) {
            *one = earliest(*one, other);
        }
    }

    fn move_behind(&mut self, rows: u64, lines: u64) {
        let places = [&mut self.first_month_first]
            .into_iter()
            .chain(&mut self.first_midnights)
            .flatten()
            .chain(self.first_unreadable.as_mut().map(|cell| &mut cell.place));
        for place in places {
            place.row += rows;
            place.line = if place.line == 0 { 0 } else { place.line + lines };
        }
    }
}

fn earliest(one: Option<Place>, other: Option<Place>) -> Option<Place> {
    [one, other].into_iter().flatten().min()
}

/// Counts that the account gives of how cells were written, by column. None of them changes a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Rows that were looked at.
    rows: u64,
    /// The columns of which there is something to tell, by our name.
    columns: BTreeMap<&'static str, ColumnTally>,
    /// The columns that hold a date of text that is not written with slashes. Nearly every row asks, so there is no map.
    with_other_dates: Vec<&'static str>,
    /// Whether some column holds a slashed date that has no reading but with the day first.
    has_day_first: bool,
    /// The row that is being read.
    place: Place,
}

impl Tally {
    /// Begins a row.
    pub fn begin_row(&mut self, row: u64, line: u64) {
        self.rows += 1;
        self.place = Place { row, line };
    }

    /// Goes to a row that is counted elsewhere.
    pub fn stand_at(&mut self, row: u64, line: u64) {
        self.place = Place { row, line };
    }

    /// Rows that were looked at.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The columns of which there is something to tell, by our name.
    pub fn columns(&self) -> &BTreeMap<&'static str, ColumnTally> {
        &self.columns
    }

    /// Why a column's dates are not to be believed, where they are not. Three dates with the month first are no slips; nor
    /// are all of a column that has slashed dates only. Nor are three of all columns, where no slashed date of the file has
    /// the day first for certain: one program wrote them all.
    pub fn disbelief(&self, name: &str) -> Option<Disbelief> {
        let column = self.columns.get(name)?;
        let month_first = column.damaged.get(&SpreadsheetDamage::MonthFirst).copied().unwrap_or(0);
        let has_others =
            column.departures.contains_key(&Departure::SlashedDate) || self.with_other_dates.contains(&name);
        let of_file = || self.damaged().get(&SpreadsheetDamage::MonthFirst).copied().unwrap_or(0);
        let is_rule = 3 <= month_first || !has_others || (!self.has_day_first && 3 <= of_file());
        let first = column.first_month_first.filter(|_| is_rule);
        let midnights = match column.first_midnights {
            [Some(utc), Some(united_kingdom)] => Some(Disbelief::TwoMidnights(utc, united_kingdom)),
            _ => None,
        };
        first.map(|place| Disbelief::MonthFirst(month_first, place)).or(midnights)
    }

    /// Reads a cell's text; blanks around it are not part of it.
    pub fn text<T>(
        &mut self,
        column: &'static str,
        text: Option<&str>,
        read: impl FnOnce(&str) -> ReadResult<T>,
    ) -> Field<T> {
        let Some(text) = text.map(trimmed).filter(|text| !text.is_empty()) else { return Field::Empty };
        self.counted(column, read(text), || text.into())
    }

    /// Reads a cell of any type; blanks around its text are not part of it.
    pub fn cell<T>(
        &mut self,
        column: &'static str,
        cell: Option<Cell<'_>>,
        read: impl FnOnce(Cell<'_>) -> ReadResult<T>,
    ) -> Field<T> {
        let Some(cell) = cell.filter(|cell| !cell.is_blank()) else { return Field::Empty };
        self.counted(column, read(cell), || cell.to_text().trim().into())
    }

    /// Reads a cell that holds a day, of any type.
    pub fn date(&mut self, column: &'static str, cell: Option<Cell<'_>>) -> Field<NaiveDate> {
        let Some(cell) = cell.filter(|cell| !cell.is_blank()) else { return Field::Empty };
        let read = date_cell(cell);
        if let Ok(Reading { value: Some(day), departures }) = read {
            self.has_day_first |= departures.has(Departure::SlashedDate) && LAST_MONTH < day.day();
            match cell {
                Cell::Text(_) if !departures.has(Departure::SlashedDate) => self.mark_other_date(column),
                Cell::Moment(moment) => self.mark_midnight(column, moment, departures),
                Cell::Text(_) | Cell::Day(_) | Cell::Hundredths(_) | Cell::Number(_) => {}
            }
        }
        self.counted(column, read, || cell.to_text().trim().into())
    }

    /// Reads a cell that holds a National Insurance number; that it is malformed is for a rule to say.
    pub fn nino(&mut self, column: &'static str, text: Option<&str>) -> Field<NinoText> {
        let text = text.map(trimmed).filter(|text| !text.is_empty());
        if let Some(text) = text {
            if SpreadsheetDamage::is_scientific(text) {
                self.damage(column, SpreadsheetDamage::ScientificNotation);
            }
            self.depart(column, NinoText::departures(text));
        }
        text.map_or(Field::Empty, |text| Field::Given(NinoText::read(text)))
    }

    /// Counts a cell that carries the mark of a spreadsheet.
    pub fn damage(&mut self, column: &'static str, damage: SpreadsheetDamage) {
        *self.column(column).damaged.entry(damage).or_default() += 1;
    }

    /// Counts the departures of a cell.
    pub fn depart(&mut self, column: &'static str, departures: Departures) {
        if departures.is_none() {
            return;
        }
        let column = self.column(column);
        for departure in departures.iter() {
            *column.departures.entry(departure).or_default() += 1;
        }
    }

    /// Adds the counts of another reader.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        for (name, column) in &other.columns {
            self.column(name).add(column);
        }
        other.with_other_dates.iter().for_each(|column| self.mark_other_date(column));
        self.has_day_first |= other.has_day_first;
    }

    /// Corrects the places of rows that were counted from the beginning of a split.
    pub fn move_behind(&mut self, rows: u64, lines: u64) {
        self.columns.values_mut().for_each(|column| column.move_behind(rows, lines));
    }

    /// The cells with a departure, of all columns.
    pub fn departed(&self, departure: Departure) -> u64 {
        self.columns.values().filter_map(|column| column.departures.get(&departure)).sum()
    }

    /// The cells that carry the mark of a spreadsheet, of all columns, by kind.
    pub fn damaged(&self) -> BTreeMap<SpreadsheetDamage, u64> {
        let mut all = BTreeMap::new();
        for (damage, count) in self.columns.values().flat_map(|column| &column.damaged) {
            *all.entry(*damage).or_default() += count;
        }
        all
    }

    fn column(&mut self, name: &'static str) -> &mut ColumnTally {
        self.columns.entry(name).or_default()
    }

    /// Counts what a reader made of a cell.
    fn counted<T>(&mut self, column: &'static str, read: ReadResult<T>, text: impl FnOnce() -> Box<str>) -> Field<T> {
        match read {
            Ok(Reading { value, departures }) => {
                self.depart(column, departures);
                value.map_or(Field::Empty, Field::Given)
            }
            Err(fault) => {
                let text = text();
                self.unreadable(column, fault, &text);
                Field::unread(fault, text)
            }
        }
    }

    fn unreadable(&mut self, column: &'static str, fault: Fault, text: &str) {
        let place = self.place;
        let of_column = self.column(column);
        of_column.unreadable += 1;
        of_column.first_unreadable.get_or_insert_with(|| UnreadableCell { place, found: Found::of(text), fault });
        if let Some(damage) = fault.damage {
            *of_column.damaged.entry(damage).or_default() += 1;
        }
        if fault.damage == Some(SpreadsheetDamage::MonthFirst) {
            of_column.first_month_first.get_or_insert(place);
        }
    }

    fn mark_other_date(&mut self, column: &'static str) {
        // Names stand once in the program, so that one is mostly known by its place; where it stands twice it is kept twice.
        if !self.with_other_dates.iter().any(|known| std::ptr::eq(*known, column)) {
            self.with_other_dates.push(column);
        }
    }

    fn mark_midnight(&mut self, column: &'static str, moment: i64, departures: Departures) {
        let place = self.place;
        let [utc, united_kingdom] = &mut self.column(column).first_midnights;
        if departures.has(Departure::UnitedKingdomMidnight) {
            united_kingdom.get_or_insert(place);
        } else if utc.is_none() && is_midnight_utc_alone(moment) {
            *utc = Some(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(cells: &[&str]) -> Tally {
        let mut tally = Tally::default();
        for (row, text) in (1..).zip(cells) {
            tally.begin_row(row, row + 1);
            tally.date("claim_date", Some(Cell::Text(text)));
        }
        tally
    }

    fn disbelief(tally: &Tally) -> Option<Disbelief> {
        tally.disbelief("claim_date")
    }

    #[test]
    fn departures_are_counted_by_column_and_the_first_unreadable_cell_is_kept() {
        let mut tally = dates(&["2018-05-01", "1/5/2018", "NA", "tomorrow", "43221"]);
        tally.text("hours_per_week", Some("30 hours"), super::super::reading::hours::weekly);
        let columns = tally.columns();
        let dates = &columns["claim_date"];
        assert_eq!(dates.departures, BTreeMap::from([(Departure::NotAvailable, 1), (Departure::SlashedDate, 1)]));
        assert_eq!((dates.unreadable, dates.damaged[&SpreadsheetDamage::SerialDate]), (2, 1));
        let first = dates.first_unreadable.unwrap();
        assert_eq!((first.place, first.found), (Place { row: 4, line: 5 }, Found::Characters(8)));
        assert_eq!(columns["hours_per_week"].departures, BTreeMap::from([(Departure::HoursUnit, 1)]));
        assert_eq!(tally.rows(), 5);
    }

    #[test]
    fn a_row_that_is_counted_elsewhere_has_its_place_all_the_same() {
        let mut tally = dates(&["2018-05-01"]);
        tally.stand_at(7, 9);
        tally.date("claim_date", Some(Cell::Text("tomorrow")));
        let first = tally.columns()["claim_date"].first_unreadable.unwrap();
        assert_eq!((first.place, tally.rows()), (Place { row: 7, line: 9 }, 1));
    }

    #[test]
    fn three_dates_with_the_month_first_or_all_of_them_are_a_rule_and_two_are_slips() {
        let first = |count: u64, row: u64| Some(Disbelief::MonthFirst(count, Place { row, line: row + 1 }));
        assert_eq!(
            disbelief(&dates(&["05/20/2018", "05/21/2018", "05/22/2018", "2018-05-01", "1/5/2018"])),
            first(3, 1)
        );
        assert_eq!(disbelief(&dates(&["2018-05-01", "05/20/2018", "05/21/2018"])), None);
        assert_eq!(disbelief(&dates(&["1/5/2018", "05/20/2018", "05/21/2018"])), None);
        assert_eq!(disbelief(&dates(&["", "05/20/2018"])), first(1, 2));
        assert_eq!(disbelief(&dates(&["tomorrow", "2018-05-01"])), None);
    }

    #[test]
    fn three_dates_with_the_month_first_in_several_columns_are_a_rule_where_none_has_the_day_first() {
        let of_file = |other: &str| {
            let mut tally = dates(&["05/20/2018", "05/21/2018", "1/5/2018"]);
            tally.date("date_of_birth", Some(Cell::Text("07/21/1979")));
            tally.date("job_start_date", Some(Cell::Text(other)));
            disbelief(&tally)
        };
        assert_eq!(of_file("05/01/2018"), Some(Disbelief::MonthFirst(2, Place { row: 1, line: 2 })));
        assert_eq!(of_file("13/01/2018"), None);
    }

    #[test]
    fn a_column_of_two_midnights_is_not_believed() {
        let of = |moments: &[&str]| {
            let mut tally = Tally::default();
            for (row, text) in (1..).zip(moments) {
                tally.begin_row(row, 0);
                let moment = text.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_micros();
                tally.date("claim_date", Some(Cell::Moment(moment)));
            }
            disbelief(&tally)
        };
        let (winter, utc, there) = ("2018-01-15T00:00:00Z", "2018-05-15T00:00:00Z", "2018-05-14T23:00:00Z");
        assert_eq!(of(&[winter, utc, utc]), None);
        assert_eq!(of(&[winter, there, there]), None);
        let place = |row: u64| Place { row, line: 0 };
        assert_eq!(of(&[winter, utc, there]), Some(Disbelief::TwoMidnights(place(2), place(3))));
    }

    #[test]
    fn counts_of_two_readers_add_up_whichever_comes_first() {
        let (one, mut other) = (dates(&["tomorrow", "1/5/2018"]), dates(&["2018-05-01", "yesterday"]));
        other.move_behind(2, 2);
        let joined = |first: &Tally, second: &Tally| {
            let mut all = first.clone();
            all.add(second);
            (all.rows(), all.columns()["claim_date"].clone())
        };
        assert_eq!(joined(&one, &other), joined(&other, &one));
        let (rows, dates) = joined(&other, &one);
        assert_eq!((rows, dates.unreadable, dates.first_unreadable.unwrap().place.row), (4, 2, 1));
    }
}
