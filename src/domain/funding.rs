//! Money spent on a contract, as a funding file records it.

use chrono::NaiveDate;

use super::field::{Column, Fault};
use super::money::Pence;
use super::reading::Kind;
use super::reading::money::pounds;
use super::row::{CellError, Found, RowCells};
use super::tally::Tally;

/// A row of a funding file: so much was paid for a contract's work over these days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funding {
    /// The contract, as the register names it.
    pub contract_id: Box<str>,
    /// The first day the money is for.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
    /// How much; negative where money was taken back.
    pub amount: Pence,
    /// Who paid.
    pub payer: Payer,
}

/// Who paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payer {
    /// The Department for Work and Pensions.
    Dwp,
    /// Anyone else: the match.
    Match,
}

impl Payer {
    /// Reads a payer's name: `DWP` by its short or its full name, and everyone else as the match.
    fn named(text: &str) -> Self {
        let is_dwp = ["dwp", "department for work and pensions"].iter().any(|name| text.eq_ignore_ascii_case(name));
        if is_dwp { Self::Dwp } else { Self::Match }
    }
}

impl Funding {
    /// The columns of a funding file in order.
    pub const COLUMNS: [Column; 5] = [
        Column::required("contract_id", &["contract"], "the contract, as the register names it")
            .called(&["Contract number", "Contract no", "Contract reference", "Contract ref"])
            .of(Kind::Identifier),
        Column::required("from", &[], "the first day the money is for").of(Kind::Date),
        Column::required("to", &[], "the last day the money is for").of(Kind::Date),
        Column::required("amount", &[], "pounds; negative where money was taken back").of(Kind::Money),
        Column::required("payer", &[], "DWP, or whoever else paid: the match"),
    ];

    /// Reads a row of a funding file.
    ///
    /// # Errors
    /// The first cell that is empty or cannot be read.
    pub fn read<'a>(
        row: u32,
        cell: impl Fn(&'static str) -> Option<&'a str>,
        tally: &mut Tally,
    ) -> Result<Self, CellError> {
        let mut cells = RowCells { row, cell: &cell, tally };
        let funding = Self {
            contract_id: cells.text("contract_id").required()?,
            from: cells.date("from").required()?,
            to: cells.date("to").required()?,
            amount: cells.value("amount", pounds).required()?,
            payer: cells.text("payer").required().map(|payer| Payer::named(&payer))?,
        };
        if funding.from <= funding.to {
            return Ok(funding);
        }
        let found = Found::of(cell("to").unwrap_or_default());
        Err(CellError { row, column: "to", found, fault: Fault::expected("a day on or after from") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: [&str; 5]) -> Result<Funding, CellError> {
        let cell = |name: &str| {
            Funding::COLUMNS.iter().zip(cells).find(|(column, _)| column.name == name).map(|(_, text)| text)
        };
        Funding::read(1, cell, &mut Tally::default())
    }

    #[test]
    fn a_row_of_funding_is_read_or_says_why_not() {
        let row = read(["CT1", "2018-01-01", "2018-12-31", "1250.50", "DWP"]).unwrap();
        assert_eq!((row.amount, row.payer), (Pence(125_050), Payer::Dwp));
        assert_eq!(read(["CT1", "2018-01-01", "2018-12-31", "-3", "Kent"]).unwrap().payer, Payer::Match);
        assert_eq!(read(["CT1", "2018-01-01", "2017-12-31", "1", "DWP"]).unwrap_err().column, "to");
        assert_eq!(read(["CT1", "2018-01-01", "2018-12-31", "$1", "DWP"]).unwrap_err().column, "amount");
        let no_payer = read(["CT1", "2018-01-01", "2018-12-31", "1", ""]).unwrap_err();
        assert_eq!((no_payer.column, no_payer.fault), ("payer", Fault::expected("a value")));
    }
}
