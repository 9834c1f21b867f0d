//! The cells of one row, kept as they were read.

use std::fmt;

/// The text of a row's cells, in the order of the columns they were read from.
///
/// Two are equal exactly when every cell is. The `Debug` form says how many cells there are and nothing of what they
/// hold, for that may be personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct RowText {
    /// All cells, each directly behind the one before it.
    text: Box<str>,
    /// Where each cell ends.
    ends: Box<[u32]>,
}

impl RowText {
    /// Keeps the cells of a row; a cell that is `None` is as empty as one that holds no character.
    pub fn new<'a>(cells: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut text = String::new();
        let end_of = |cell: Option<&str>| {
            text.push_str(cell.unwrap_or_default());
            u32::try_from(text.len()).unwrap_or(u32::MAX)
        };
        let ends = cells.into_iter().map(end_of).collect();
        Self { text: text.into(), ends }
    }

    /// A cell as it was read, counted from 0; `None` where it is empty or beyond the last.
    pub fn cell(&self, number: usize) -> Option<&str> {
        let place = |number: usize| self.ends.get(number).and_then(|end| usize::try_from(*end).ok());
        let begin = match number.checked_sub(1) {
            Some(before) => place(before)?,
            None => 0,
        };
        self.text.get(begin..place(number)?).filter(|cell| !cell.is_empty())
    }
}

impl RowText {
    /// Whether the cells from a number on hold the same, surrounding blanks apart.
    pub fn same_beyond(&self, other: &Self, number: usize) -> bool {
        let cells = self.ends.len().max(other.ends.len());
        let text = |row: &Self, number: usize| {
            row.cell(number).map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty())
        };
        (number..cells).all(|number| text(self, number) == text(other, number))
    }
}

impl fmt::Debug for RowText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "RowText({} cells)", self.ends.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_given_back_as_they_were_and_empty_ones_as_nothing() {
        let row = RowText::new([Some(" P1 "), None, Some(""), Some("Zoë"), None]);
        let cells: Vec<Option<&str>> = (0..6).map(|number| row.cell(number)).collect();
        assert_eq!(cells, [Some(" P1 "), None, None, Some("Zoë"), None, None]);
        assert_eq!(RowText::new([]).cell(0), None);
    }

    #[test]
    fn rows_are_equal_only_where_every_cell_is() {
        assert_eq!(RowText::new([Some("a"), None]), RowText::new([Some("a"), Some("")]));
        assert_ne!(RowText::new([Some("ab"), Some("c")]), RowText::new([Some("a"), Some("bc")]));
    }

    #[test]
    fn rows_are_the_same_beyond_a_column_where_what_follows_is_but_for_blanks() {
        let row = RowText::new([Some("C1"), Some("north"), Some("a")]);
        assert!(row.same_beyond(&RowText::new([Some("C2"), Some(" north "), Some("a"), Some(" ")]), 1));
        assert!(!row.same_beyond(&RowText::new([Some("C2"), Some("north"), Some("a")]), 0));
        assert!(!row.same_beyond(&RowText::new([Some("C1"), Some("north"), Some("b")]), 1));
        assert!(!row.same_beyond(&RowText::new([Some("C1"), Some("north")]), 1));
        assert!(!row.same_beyond(&RowText::new([Some("C1"), None, Some("a")]), 1));
    }

    #[test]
    fn the_debug_form_shows_no_cell() {
        assert_eq!(format!("{:?}", RowText::new([Some("Robin"), Some("Example")])), "RowText(2 cells)");
    }
}
