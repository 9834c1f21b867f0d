//! The cells of a claim as it was received, by column. A ledger holds those of every claim it ever took in, so that they are kept
//! close together: the names of the program's own columns are not copied.

use std::borrow::Cow;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::Claim;

/// Cells that hold something, sorted by column. `Debug` is left out: they hold personal data.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Cells(Vec<(Cow<'static, str>, Box<str>)>);

impl Cells {
    /// The cell of a column.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == column).map(|(_, cell)| &**cell)
    }

    /// Puts a cell in its place; what the column held before is gone.
    pub fn insert(&mut self, column: impl Into<Cow<'static, str>>, cell: impl Into<Box<str>>) {
        let column = column.into();
        match self.0.binary_search_by(|(name, _)| name.cmp(&column)) {
            Ok(place) => {
                if let Some((_, held)) = self.0.get_mut(place) {
                    *held = cell.into();
                }
            }
            Err(place) => self.0.insert(place, (column, cell.into())),
        }
    }

    /// The columns that are not the program's own.
    pub fn further_columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| &**name).filter(|name| own_column(name).is_none())
    }
}

/// The program's own name of a column, if it has one.
fn own_column(name: &str) -> Option<&'static str> {
    Claim::COLUMNS.iter().map(|column| column.name).find(|own| *own == name)
}

impl Serialize for Cells {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, cell)| (name, cell)))
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
        let mut cells = Cells(Vec::with_capacity(Claim::COLUMNS.len()));
        while let Some((ColumnName(name), cell)) = map.next_entry::<ColumnName, Box<str>>()? {
            cells.insert(name, cell);
        }
        Ok(cells)
    }
}

/// The name of a column, which is copied only where it is not the program's own.
struct ColumnName(Cow<'static, str>);

impl<'de> Deserialize<'de> for ColumnName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl Visitor<'_> for NameVisitor {
            type Value = ColumnName;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("the name of a column")
            }

            fn visit_str<E>(self, name: &str) -> Result<ColumnName, E> {
                Ok(ColumnName(own_column(name).map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed)))
            }
        }
        from.deserialize_str(NameVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_written_by_column_and_read_back() {
        let mut cells = Cells::default();
        cells.insert("nino", "AA 00 00 00 A");
        cells.insert("Zusatz".to_owned(), "1");
        cells.insert("claim_id", "C2");
        cells.insert("claim_id", "C1");
        let text = serde_json::to_string(&cells).unwrap();
        assert_eq!(text, r#"{"Zusatz":"1","claim_id":"C1","nino":"AA 00 00 00 A"}"#);
        let read: Cells = serde_json::from_str(&text).unwrap();
        assert!(read == cells);
        assert_eq!((read.get("claim_id"), read.get("surname")), (Some("C1"), None));
        assert_eq!(read.further_columns().collect::<Vec<_>>(), ["Zusatz"]);
    }
}
