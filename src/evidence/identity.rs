//! Whether the payments under a number appear to be the claimant's.

use chrono::NaiveDate;

use super::PersonParticulars;
use crate::domain::name::NameKey;
use crate::domain::{Masked, Payment};

/// How one fact of a claim compares with the rows that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Some row has the same.
    Match,
    /// Some row has one, and none has the same.
    Differ,
    /// No row has one to compare.
    Unknown,
}

/// Whose payments they appear to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// No row counts, so there is nothing to compare.
    NothingToCompare,
    /// How the rows that count compare.
    Compared {
        /// Dates of birth.
        dates: Comparison,
        /// Names, by the first three letters of the surname and the first of the forename.
        names: Comparison,
        /// The suffix of the National Insurance number.
        suffix: Comparison,
    },
}

/// Compares the claim's facts with the rows that count.
pub fn compare(whose: &PersonParticulars, rows: &[(usize, &Payment)]) -> Identity {
    if rows.is_empty() {
        return Identity::NothingToCompare;
    }
    let payments = || rows.iter().map(|(_, payment)| *payment);
    let name_of = |payment: &Payment| {
        payment.surname.as_deref().and_then(|surname| NameKey::new(surname, payment.forename.as_deref()))
    };
    Identity::Compared {
        dates: over(payments().map(|row| row.date_of_birth), |born| born == whose.date_of_birth),
        names: match &whose.name {
            Some(claimed) => over(payments().map(name_of), |name| name.matches(claimed)),
            None => Comparison::Unknown,
        },
        suffix: match whose.suffix {
            Some(claimed) => over(payments().map(|row| row.nino.suffix()), |suffix| suffix == claimed),
            None => Comparison::Unknown,
        },
    }
}

fn over<T>(values: impl Iterator<Item = Option<T>>, same: impl Fn(T) -> bool) -> Comparison {
    let mut comparison = Comparison::Unknown;
    for value in values.flatten() {
        if same(value) {
            return Comparison::Match;
        }
        comparison = Comparison::Differ;
    }
    comparison
}

/// A row under another number that may be the claimant's: what is compared of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NearMiss {
    /// The row's date of birth, where it has one.
    pub date_of_birth: Option<Masked<NaiveDate>>,
    /// The row's name, where it can be compared.
    pub name: Option<NameKey>,
}

/// Whether one of the rows under near-miss numbers has the claim's date of birth and a matching name.
pub fn is_near_miss(claimed: Option<&NameKey>, date_of_birth: NaiveDate, rows: &[NearMiss]) -> bool {
    rows.iter().any(|row| {
        let names_match = row.name.as_ref().zip(claimed).is_some_and(|(name, claimed)| name.matches(claimed));
        names_match && row.date_of_birth == Some(Masked(date_of_birth))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_compared_is_not_shown() {
        let name = NameKey::new("Example", Some("Robin"));
        let born = Masked(NaiveDate::from_ymd_opt(1990, 1, 15).unwrap());
        let whose = PersonParticulars { name: name.clone(), date_of_birth: born, suffix: Some(b'A') };
        let near_miss = NearMiss { name, date_of_birth: Some(born) };
        let all = format!("{whose:?}{whose:#?}{near_miss:?}{near_miss:#?}");
        assert!(["exa", "Exa", "'r'", "1990", "01-15"].iter().all(|part| !all.contains(part)), "{all}");
    }
}
