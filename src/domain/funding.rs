//! Money spent on a contract, as a funding file records it.

use chrono::NaiveDate;

use super::field::{Column, Field, Tally};
use super::money::Pence;

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
    /// Whoever is named: `DWP` by its short or its full name, and everyone else as the match.
    fn named(text: &str) -> Self {
        let is_dwp = ["dwp", "department for work and pensions"].iter().any(|name| text.eq_ignore_ascii_case(name));
        if is_dwp { Self::Dwp } else { Self::Match }
    }
}

impl Funding {
    /// The columns of a funding file in order.
    pub const COLUMNS: [Column; 5] = [
        Column::required("contract_id", &["contract"], "the contract, as the register names it"),
        Column::required("from", &[], "the first day the money is for"),
        Column::required("to", &[], "the last day the money is for"),
        Column::required("amount", &[], "pounds; negative where money was taken back"),
        Column::required("payer", &[], "DWP, or whoever else paid: the match"),
    ];

    /// Reads a row of a funding file.
    ///
    /// # Errors
    /// The name of the first column whose cell is empty or cannot be read, with what was expected there.
    pub fn read<'a>(cell: impl Fn(&'static str) -> Option<&'a str>) -> Result<Self, (&'static str, &'static str)> {
        let mut tally = Tally::default();
        let funding = Self {
            contract_id: needed("contract_id", tally.text(cell("contract_id")))?,
            from: needed("from", tally.date(cell("from")))?,
            to: needed("to", tally.date(cell("to")))?,
            amount: needed("amount", tally.cell(cell("amount"), Pence::parse))?,
            payer: needed("payer", tally.text(cell("payer"))).map(|payer| Payer::named(&payer))?,
        };
        if funding.to < funding.from { Err(("to", "a day on or after from")) } else { Ok(funding) }
    }
}

fn needed<T>(column: &'static str, field: Field<T>) -> Result<T, (&'static str, &'static str)> {
    match field {
        Field::Given(value) => Ok(value),
        Field::Empty => Err((column, "a value")),
        Field::Unreadable(fault, _) => Err((column, fault.expected)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: [&str; 5]) -> Result<Funding, (&'static str, &'static str)> {
        let cell = |name: &str| {
            Funding::COLUMNS.iter().zip(cells).find(|(column, _)| column.name == name).map(|(_, text)| text)
        };
        Funding::read(cell)
    }

    #[test]
    fn a_row_of_funding_is_read_or_says_why_not() {
        let row = read(["CT1", "2018-01-01", "2018-12-31", "1250.50", "DWP"]).unwrap();
        assert_eq!((row.amount, row.payer), (Pence(125_050), Payer::Dwp));
        assert_eq!(read(["CT1", "2018-01-01", "2018-12-31", "-3", "Kent"]).unwrap().payer, Payer::Match);
        assert_eq!(read(["CT1", "2018-01-01", "2017-12-31", "1", "DWP"]).unwrap_err().0, "to");
        assert_eq!(read(["CT1", "2018-01-01", "2018-12-31", "£1", "DWP"]).unwrap_err().0, "amount");
        assert_eq!(read(["CT1", "2018-01-01", "2018-12-31", "1", ""]), Err(("payer", "a value")));
    }
}
