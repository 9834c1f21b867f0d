//! The cells of a claim as it was received, by column. A ledger holds those of every claim it ever took in, so that the cells of the
//! program's own columns are kept in one text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::{Claim, RowText};

/// How many columns of claims the program has of its own.
const OWN: usize = Claim::COLUMNS.len();

/// Cells that hold something. `Debug` is left out: they hold personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Cells {
    /// Those of the program's own columns, in their order.
    own: RowText,
    /// Those of other columns, sorted by column.
    further: Vec<(Box<str>, Box<str>)>,
}

impl Cells {
    /// The cells of the program's own columns, in their order, and of other columns.
    pub fn new<'a>(
        own: impl IntoIterator<Item = Option<&'a str>>,
        further: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let further = further.into_iter().filter(|(_, cell)| !cell.is_empty());
        let mut further: Vec<(Box<str>, Box<str>)> =
            further.map(|(column, cell)| (column.into(), cell.into())).collect();
        further.sort();
        Self { own: RowText::new(own), further }
    }

    /// The place of one of the program's own columns.
    pub fn place_of(column: &str) -> Option<usize> {
        Claim::COLUMNS.iter().position(|own| own.name == column)
    }

    /// The cell of a column.
    pub fn get(&self, column: &str) -> Option<&str> {
        match Self::place_of(column) {
            Some(place) => self.own.cell(place),
            None => self.further.iter().find(|(name, _)| **name == *column).map(|(_, cell)| &**cell),
        }
    }

    /// The columns that are not the program's own.
    pub fn further_columns(&self) -> impl Iterator<Item = &str> {
        self.further.iter().map(|(column, _)| &**column)
    }
}

impl Serialize for Cells {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let own = Claim::COLUMNS.iter().enumerate();
        let own = own.filter_map(|(place, column)| Some((column.name, self.own.cell(place)?)));
        let further = self.further.iter().map(|(column, cell)| (&**column, &**cell));
        let mut cells: Vec<(&str, &str)> = own.chain(further).collect();
        cells.sort_unstable();
        to.collect_map(cells)
    }
}

impl<'de> Deserialize<'de> for Cells {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(CellsVisitor)
    }
}

struct CellsVisitor;

impl<'de> Visitor<'de> for CellsVisitor {
    type Value = Cells;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("cells by column")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cells, A::Error> {
        let mut own: [Option<Cow<'de, str>>; OWN] = [const { None }; OWN];
        let mut further = Vec::new();
        while let Some((Text(column), Text(cell))) = map.next_entry::<Text<'de>, Text<'de>>()? {
            match Cells::place_of(&column).and_then(|place| own.get_mut(place)) {
                Some(place) => *place = Some(cell),
                None => further.push((column, cell)),
            }
        }
        let further = further.iter().map(|(column, cell)| (&**column, &**cell));
        Ok(Cells::new(own.iter().map(Option::as_deref), further))
    }
}

/// A text that is copied only where it is not written as it is meant.
struct Text<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        from.deserialize_str(TextVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_written_by_column_and_read_back() {
        let mut own = [None; OWN];
        own[Cells::place_of("nino").unwrap()] = Some("AA 00 00 00 A");
        own[Cells::place_of("claim_id").unwrap()] = Some("C\"1");
        let cells = Cells::new(own, [("more", "2"), ("Zusatz", "1"), ("empty", "")]);
        let text = serde_json::to_string(&cells).unwrap();
        assert_eq!(text, r#"{"Zusatz":"1","claim_id":"C\"1","more":"2","nino":"AA 00 00 00 A"}"#);
        let read: Cells = serde_json::from_str(&text).unwrap();
        assert!(read == cells);
        let cells = ["claim_id", "surname", "Zusatz", "empty"].map(|column| read.get(column));
        assert_eq!(cells, [Some("C\"1"), None, Some("1"), None]);
        assert_eq!(read.further_columns().collect::<Vec<_>>(), ["Zusatz", "more"]);
    }
}
