//! The column that a rule is concerned with: where a person looks first when it fails.

use super::{Fact, Rule};
use crate::domain::withheld::{of_unreadable, shown_cell};
use crate::domain::{Claim, Masked, cell::trimmed};

/// The column that a rule is concerned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concerns {
    /// No column more than others.
    NoColumn,
    /// A column of the claim.
    Claim(&'static str),
    /// The columns of the claim that the fact `columns` lists.
    ClaimColumnsFound,
    /// A column of the register.
    Register(&'static str),
    /// A column of the earnings.
    Earnings(&'static str),
}

/// The column that a failure is concerned with, and what stands in it. Where these are several, `; ` stands between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConcernedField {
    /// claims, register or earnings.
    pub input: &'static str,
    /// The column.
    pub field: String,
    /// The claim's cell, or of another input the fact that has the column's name; empty where there is none, and withheld
    /// where it is of a person or could not be read: it may be anything then.
    pub value: String,
}

/// What stands between several columns, and between their values.
const BETWEEN: &str = "; ";

impl Rule {
    /// The column that a failure of a claim with these facts is concerned with, where there is one.
    pub fn concerned_field(&self, claim: &Claim, facts: &[Fact]) -> Option<ConcernedField> {
        let fact = |name: &str| facts.iter().find(|fact| fact.name == name).map(|fact| fact.value.plain());
        let cells = claim.cells();
        let unreadable =
            |column: &str| cells.iter().find(|cell| cell.column == column).and_then(|cell| cell.unreadable);
        let in_claim = |column: &str| match unreadable(column) {
            Some((_, Masked(text))) => of_unreadable(text),
            None => shown_in(column, claim.text(column).map(trimmed).unwrap_or_default()),
        };
        let in_other = |column: &str| shown_in(column, &fact(column).unwrap_or_default());
        let (input, field, value) = match self.concerns {
            Concerns::NoColumn => return None,
            Concerns::Claim(column) => ("claims", column.to_owned(), in_claim(column)),
            Concerns::Register(column) => ("register", column.to_owned(), in_other(column)),
            Concerns::Earnings(column) => ("earnings", column.to_owned(), in_other(column)),
            Concerns::ClaimColumnsFound => {
                let listed = fact("columns")?;
                let columns: Vec<&str> = listed.split(", ").collect();
                let values: Vec<String> = columns.iter().map(|column| in_claim(column)).collect();
                let has_value = values.iter().any(|value| !value.is_empty());
                let values = if has_value { values.join(BETWEEN) } else { String::new() };
                ("claims", columns.join(BETWEEN), values)
            }
        };
        Some(ConcernedField { input, field, value })
    }
}

fn shown_in(column: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { shown_cell(column, text).to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Participant, Payment, Tally};
    use crate::rules::{RULES, row};

    #[test]
    fn every_column_is_one_of_its_input() {
        for rule in RULES {
            let (columns, column) = match rule.concerns {
                Concerns::NoColumn | Concerns::ClaimColumnsFound => continue,
                Concerns::Claim(column) => (Claim::COLUMNS.as_slice(), column),
                Concerns::Register(column) => (Participant::COLUMNS.as_slice(), column),
                Concerns::Earnings(column) => (Payment::COLUMNS.as_slice(), column),
            };
            assert!(columns.iter().any(|known| known.name == column), "{}: {column}", rule.code);
        }
    }

    /// The input, the column and what stands in it; empty where a rule is concerned with no column.
    fn of(concerns: Concerns, cells: &[(&'static str, &str)], facts: &[Fact]) -> [String; 3] {
        let cell = |column: &str| cells.iter().find(|(name, _)| *name == column).map(|(_, text)| *text);
        let claim = Claim::read(1, cell, &mut Tally::default());
        let rule = Rule { concerns, ..row::missing_value::RULE };
        let found = rule.concerned_field(&claim, facts);
        found.map_or_else(Default::default, |found| [found.input.to_owned(), found.field, found.value])
    }

    #[test]
    fn the_value_is_the_claims_cell_or_the_fact_of_another_input() {
        let date = Concerns::Claim("claim_date");
        assert_eq!(of(date, &[("claim_date", " 01/12/2018 ")], &[]), ["claims", "claim_date", "01/12/2018"]);
        assert_eq!(of(date, &[], &[]), ["claims", "claim_date", ""]);
        let cohort = Concerns::Register("cohort");
        assert_eq!(of(cohort, &[], &[Fact::new("cohort", "other")]), ["register", "cohort", "other"]);
        assert_eq!(of(Concerns::Earnings("hours_band"), &[], &[]), ["earnings", "hours_band", ""]);
        assert_eq!(of(Concerns::NoColumn, &[], &[]), ["", "", ""]);
    }

    #[test]
    fn of_columns_that_a_failure_found_each_is_named_with_its_value() {
        let facts = [Fact::new("columns", "nino, hours_per_week")];
        let cells = [("nino", "NC1"), ("hours_per_week", "sixteen")];
        let both = Concerns::ClaimColumnsFound;
        assert_eq!(
            of(both, &cells, &facts),
            ["claims", "nino; hours_per_week", "(withheld); (withheld, 7 characters)"]
        );
        assert_eq!(of(both, &[], &facts), ["claims", "nino; hours_per_week", ""]);
    }

    #[test]
    fn what_is_of_a_person_is_withheld_wherever_it_stands() {
        for (column, text) in [
            ("nino", "NC1"),
            ("surname", "Smith"),
            ("date_of_birth", "spring"),
            ("hours_per_week", "NC 10 00 01 A"),
            ("claim_date", "NC100001A"),
            ("contract_id", "1990-01-15"),
        ] {
            let [input, field, value] = of(Concerns::Claim(column), &[(column, text)], &[]);
            assert_eq!((input.as_str(), field.as_str()), ("claims", column));
            assert!(value.starts_with("(withheld"), "{value}");
        }
    }
}
