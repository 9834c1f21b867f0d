//! Whether the payments under a number appear to be the claimant's, payroll record by payroll record.

use chrono::NaiveDate;

use super::PersonParticulars;
use super::spell::Spell;
use crate::domain::name::NameKey;
use crate::domain::{EmployerRef, Masked, Payment};

/// How one fact of a claim compares with rows that count.
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
    Compared(IdentityComparison),
}

/// How the rows that count compare with the claimant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentityComparison {
    /// Which of their payroll records are the claimant's own.
    pub records: OwnRecords,
    /// Dates of birth, over the own records.
    pub dates: Comparison,
    /// Names, by the first three letters of the surname and the first of the forename, over the own records.
    pub names: Comparison,
    /// The suffix of the National Insurance number, over all rows that count.
    pub suffix: Comparison,
}

/// Which of the payroll records under a number are the claimant's own, and whether the answer stands on those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnRecords {
    /// Every record is.
    All,
    /// Some record is not, and the answer does not stand on it.
    Some,
    /// The answer stands on a record that is not, while another is.
    NotThoseOfTheAnswer,
    /// No record is.
    None,
}

/// The payroll records of the rows that count: the rows of one employer and one payroll ID appear to be one person's.
///
/// Rows of a payroll ID that differ from the claimant in date of birth and name, where other rows of it do not, are a
/// record of their own: payroll IDs are used again.
#[derive(Debug)]
pub struct PayrollRecords<'p> {
    records: Vec<PayrollRecord<'p>>,
    dates: Comparison,
    names: Comparison,
    suffix: Comparison,
}

#[derive(Debug)]
struct PayrollRecord<'p> {
    employer: &'p EmployerRef,
    /// Its rows, as the caller numbers them.
    rows: Vec<usize>,
    /// Whether its dates of birth match the claimant's, or are unknown and its names do not differ.
    is_own: bool,
}

impl<'p> PayrollRecords<'p> {
    /// Compares the records of these spells, whose rows are numbers of these payments, with the claimant.
    pub(super) fn compared(whose: &PersonParticulars, spells: &[Spell], payments: &'p [Payment]) -> Self {
        let mut records = Vec::new();
        let of_one_payroll =
            |one: &Spell, other: &Spell| (&one.employer, &one.payroll) == (&other.employer, &other.payroll);
        for spells in spells.chunk_by(of_one_payroll) {
            let rows = spells.iter().flat_map(|spell| &spell.paid).flat_map(|paid| &paid.rows).copied();
            let (of_others, rows): (Vec<_>, Vec<_>) = rows
                .filter_map(|row| Some((row, payments.get(row)?)))
                .partition(|(_, payment)| whose.differs_in_date_and_name(payment));
            let both = [rows, of_others].into_iter().filter(|rows| !rows.is_empty());
            records.extend(both.filter_map(|rows| PayrollRecord::compared(whose, &rows)));
        }
        let own_rows = || {
            let own = records.iter().filter(|record| record.is_own);
            own.flat_map(|record| &record.rows).filter_map(|row| payments.get(*row))
        };
        let all_rows = records.iter().flat_map(|record| &record.rows).filter_map(|row| payments.get(*row));
        let (dates, names, suffix) = (whose.dates(own_rows()), whose.names(own_rows()), whose.suffixes(all_rows));
        Self { records, dates, names, suffix }
    }

    /// Whether an employer has a record that is the claimant's own.
    pub fn has_own(&self, employer: &EmployerRef) -> bool {
        self.records.iter().any(|record| record.is_own && record.employer == employer)
    }

    /// Whose payments they appear to be, given the rows that the answer stands on.
    pub(super) fn identity(&self, stands_on: impl FnOnce() -> Vec<usize>) -> Identity {
        if self.records.is_empty() {
            return Identity::NothingToCompare;
        }
        let Self { dates, names, suffix, .. } = *self;
        Identity::Compared(IdentityComparison { records: self.own_records(stands_on), dates, names, suffix })
    }

    fn own_records(&self, stands_on: impl FnOnce() -> Vec<usize>) -> OwnRecords {
        let (own, of_others): (Vec<_>, Vec<_>) = self.records.iter().partition(|record| record.is_own);
        if of_others.is_empty() {
            return OwnRecords::All;
        }
        if own.is_empty() {
            return OwnRecords::None;
        }
        let stands_on = stands_on();
        if of_others.iter().flat_map(|record| &record.rows).any(|row| stands_on.contains(row)) {
            OwnRecords::NotThoseOfTheAnswer
        } else {
            OwnRecords::Some
        }
    }
}

impl<'p> PayrollRecord<'p> {
    fn compared(whose: &PersonParticulars, rows: &[(usize, &'p Payment)]) -> Option<Self> {
        let payments = || rows.iter().map(|(_, payment)| *payment);
        let is_own = match whose.dates(payments()) {
            Comparison::Match => true,
            Comparison::Differ => false,
            Comparison::Unknown => whose.names(payments()) != Comparison::Differ,
        };
        let employer = &payments().next()?.employer;
        Some(Self { employer, rows: rows.iter().map(|(row, _)| *row).collect(), is_own })
    }
}

impl PersonParticulars {
    fn dates<'p>(&self, payments: impl Iterator<Item = &'p Payment>) -> Comparison {
        over(payments.map(|payment| payment.date_of_birth), |born| born == self.date_of_birth)
    }

    fn names<'p>(&self, payments: impl Iterator<Item = &'p Payment>) -> Comparison {
        let Some(claimed) = &self.name else { return Comparison::Unknown };
        let name = |payment: &Payment| {
            payment.surname.as_deref().and_then(|surname| NameKey::new(surname, payment.forename.as_deref()))
        };
        over(payments.map(name), |name| name.matches(claimed))
    }

    fn suffixes<'p>(&self, payments: impl Iterator<Item = &'p Payment>) -> Comparison {
        let Some(claimed) = self.suffix else { return Comparison::Unknown };
        over(payments.map(|payment| payment.nino.suffix()), |suffix| suffix == claimed)
    }

    fn differs_in_date_and_name(&self, payment: &Payment) -> bool {
        let row = || std::iter::once(payment);
        self.dates(row()) == Comparison::Differ && self.names(row()) == Comparison::Differ
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
    use crate::domain::payment::tests::payment;
    use crate::evidence::spell::spells;

    fn robin_example() -> PersonParticulars {
        let born = NaiveDate::from_ymd_opt(1990, 1, 15).unwrap();
        PersonParticulars { name: NameKey::new("Example", Some("Robin")), date_of_birth: Masked(born), suffix: None }
    }

    /// Which records are own, where the answer stands on the rows of these numbers.
    fn own_records(rows: &[&[(&'static str, &str)]], stands_on: &[usize]) -> OwnRecords {
        let payments: Vec<Payment> = rows.iter().map(|row| payment(row)).collect();
        let counting: Vec<(usize, &Payment)> = payments.iter().enumerate().collect();
        let records = PayrollRecords::compared(&robin_example(), &spells(&counting), &payments);
        match records.identity(|| stands_on.to_vec()) {
            Identity::Compared(compared) => compared.records,
            Identity::NothingToCompare => panic!("rows count"),
        }
    }

    const OWN: &[(&str, &str)] = &[("surname", "Example"), ("forename", "Robin"), ("date_of_birth", "1990-01-15")];
    const STRANGERS: &[(&str, &str)] = &[("surname", "Other"), ("date_of_birth", "1969-09-09"), ("paye_ref", "B7")];

    #[test]
    fn one_own_record_does_not_vouch_for_another() {
        assert_eq!(own_records(&[OWN], &[0]), OwnRecords::All);
        assert_eq!(own_records(&[STRANGERS], &[]), OwnRecords::None);
        assert_eq!(own_records(&[OWN, STRANGERS], &[0]), OwnRecords::Some);
        assert_eq!(own_records(&[OWN, STRANGERS], &[]), OwnRecords::Some);
        assert_eq!(own_records(&[OWN, STRANGERS], &[0, 1]), OwnRecords::NotThoseOfTheAnswer);
    }

    #[test]
    fn rows_of_one_payroll_id_that_differ_in_date_and_name_are_a_record_of_their_own() {
        let same_payroll: &[_] = &[("surname", "Other"), ("date_of_birth", "1969-09-09")];
        assert_eq!(own_records(&[OWN, same_payroll], &[0]), OwnRecords::Some);
        assert_eq!(own_records(&[OWN, same_payroll], &[1]), OwnRecords::NotThoseOfTheAnswer);
        // People mistype: one of the two alone does not make a row another person's.
        for mistyped in [("surname", "Other"), ("date_of_birth", "1969-09-09")] {
            let row = [OWN, &[mistyped]].concat();
            assert_eq!(own_records(&[OWN, &row], &[1]), OwnRecords::All);
        }
    }

    #[test]
    fn a_record_without_dates_of_birth_is_own_unless_its_names_differ() {
        let undated = |surname| [("surname", surname), ("date_of_birth", "")];
        assert_eq!(own_records(&[&undated("Example")], &[0]), OwnRecords::All);
        assert_eq!(own_records(&[&undated("")], &[0]), OwnRecords::All);
        assert_eq!(own_records(&[&undated("Other")], &[0]), OwnRecords::None);
    }

    #[test]
    fn an_employer_has_an_own_record_if_any_of_its_payroll_ids_is() {
        let second_payroll = [STRANGERS, &[("payroll_id", "2")]].concat();
        let third_employer = [STRANGERS, &[("paye_ref", "C7")]].concat();
        let own = [OWN, &[("paye_ref", "B7")]].concat();
        let payments: Vec<Payment> = [&own, &second_payroll, &third_employer].map(|row| payment(row)).into();
        let counting: Vec<(usize, &Payment)> = payments.iter().enumerate().collect();
        let records = PayrollRecords::compared(&robin_example(), &spells(&counting), &payments);
        let has_own: Vec<bool> = payments.iter().map(|payment| records.has_own(&payment.employer)).collect();
        assert_eq!(has_own, [true, true, false]);
    }

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
