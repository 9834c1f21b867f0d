//! Domain types: claims, register rows and payments, and the values in their cells. Every other module uses them.
//!
//! A value of one of these types is right by construction: a [`Nino`] is never malformed, [`Pence`] is a whole number
//! of pence, a [`Band`] knows what its letter meant on a given day. Text becomes a value once, when a row is read. Text
//! that cannot become a value is a [`Fault`] that says what was expected, and a row that cannot be used is a
//! [`CellError`] that says which cell is at fault. Personal data has types whose `Debug` shows none of it. Nothing here
//! reads a file, a clock or an environment.

pub mod cell;
pub mod fact;
pub mod field;
pub mod masked;
pub mod observed;
pub mod printable;
pub mod reading;
pub mod refusal;
pub mod row;
pub mod row_text;
pub mod tally;
pub mod withheld;

pub mod day;
pub mod employer;
pub mod frequency;
pub mod hours;
pub mod money;
pub mod name;
pub mod nino;
pub mod percent;

pub mod claim;
pub mod column_name;
pub mod funding;
pub mod participant;
pub mod paydays;
pub mod payment;
pub mod payment_id;
pub mod referral;
pub mod set_aside;

pub use cell::Cell;
pub use claim::{Claim, EmploymentType};
pub use day::NominalLength;
pub use employer::EmployerRef;
pub use fact::Fact;
pub use field::{Column, Fault, Field, SpreadsheetDamage};
pub use frequency::Frequency;
pub use funding::{Funding, Payer};
pub use hours::{Band, Hours};
pub use masked::Masked;
pub use money::Pence;
pub use nino::{Nino, NinoText, Stem};
pub use observed::Observed;
pub use participant::{Benefit, Participant, participant_key};
pub use paydays::{GivenDays, PaydayCounts};
pub use payment::Payment;
pub use payment_id::PaymentId;
pub use percent::Percent;
pub use reading::{Departure, Kind, Reading};
pub use referral::Referral;
pub use refusal::{Refusal, SetAsideShare};
pub use row::CellError;
pub use row_text::RowText;
pub use set_aside::{SetAsideRow, UnreadablePart};
pub use tally::Tally;

/// Converts a length in memory to a count.
pub fn count_of(things: usize) -> u64 {
    u64::try_from(things).unwrap_or(u64::MAX)
}

/// A count with the word for what is counted: `1 row`, `1,250 rows`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", money::grouped(&count.to_string()), if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    #[test]
    fn one_thing_is_counted_in_another_word_than_several() {
        let rows = |count| super::counted(count, "row", "rows");
        assert_eq!([0, 1, 2, 1_250].map(rows), ["0 rows", "1 row", "2 rows", "1,250 rows"]);
    }

    #[test]
    fn a_length_is_counted_as_it_is() {
        assert_eq!([0, 1, 7].map(super::count_of), [0, 1, 7]);
    }
}
