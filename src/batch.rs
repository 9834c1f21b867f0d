//! What the claims of one batch say about one another: numbers used twice, and outcomes claimed twice.

use std::cmp::Ordering;
use std::collections::HashMap;

use chrono::NaiveDate;

use crate::judge::Verdict;
use crate::rules::{Repeated, Rivalry};

/// For each row, whether its claim number stands on other rows too. A row is its number and a hash of all its cells.
///
/// Of exact copies the first row is the one decided; where rows with one number differ, all of them are set aside.
pub fn repeats<'a>(rows: impl Iterator<Item = (Option<&'a str>, [u8; 32])> + Clone) -> Vec<Repeated> {
    struct Seen {
        first_row: usize,
        cells: [u8; 32],
        differs: bool,
    }
    let mut seen: HashMap<&str, Seen> = HashMap::new();
    for (row, (claim_id, cells)) in rows.clone().enumerate() {
        let Some(claim_id) = claim_id else { continue };
        let first = seen.entry(claim_id).or_insert(Seen { first_row: row, cells, differs: false });
        first.differs |= first.cells != cells;
    }
    rows.enumerate()
        .map(|(row, (claim_id, _))| match claim_id.and_then(|claim_id| seen.get(claim_id)) {
            Some(first) if first.differs => Repeated::Differs,
            Some(first) if first.first_row != row => Repeated::Copy,
            Some(_) | None => Repeated::No,
        })
        .collect()
}

/// A claim that nothing else rejects, among others for the same participant and outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contender<'a> {
    /// The participant and the outcome.
    pub contested: (&'a str, &'a str),
    /// What the claim would be on its own: validated or queried.
    pub verdict: Verdict,
    /// When it was claimed.
    pub claim_date: NaiveDate,
    /// Its number.
    pub claim_id: &'a str,
    /// Its row, which tells apart what nothing else does.
    pub row: u32,
}

/// Puts contenders for each participant and outcome in order and says of each, by row, where it stands.
///
/// Validated claims come before queried ones, then the earlier claim, then the smaller number.
pub fn rivalries(mut contenders: Vec<Contender<'_>>) -> Vec<(u32, Rivalry)> {
    contenders.sort_by(|one, other| one.contested.cmp(&other.contested).then_with(|| by_precedence(one, other)));
    let mut rivalries = Vec::with_capacity(contenders.len());
    for group in contenders.chunk_by(|one, other| one.contested == other.contested) {
        let Some((first, others)) = group.split_first() else { continue };
        let behind = match first.verdict {
            Verdict::Validated => Rivalry::BehindValidated,
            Verdict::Queried | Verdict::Rejected => Rivalry::BehindQueried,
        };
        rivalries.push((first.row, Rivalry::Stands));
        rivalries.extend(others.iter().map(|other| (other.row, behind)));
    }
    rivalries
}

fn by_precedence(one: &Contender<'_>, other: &Contender<'_>) -> Ordering {
    (one.verdict, one.claim_date, one.claim_id, one.row).cmp(&(
        other.verdict,
        other.claim_date,
        other.claim_id,
        other.row,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_exact_copies_one_is_decided_and_of_differing_rows_none() {
        let repeated = |rows: &[(Option<&str>, u8)]| repeats(rows.iter().map(|(id, cells)| (*id, [*cells; 32])));
        assert_eq!(
            repeated(&[(Some("C1"), 1), (Some("C1"), 1), (Some("C2"), 1)]),
            [Repeated::No, Repeated::Copy, Repeated::No]
        );
        assert_eq!(repeated(&[(Some("C1"), 1), (Some("C1"), 1), (Some("C1"), 2)]), [Repeated::Differs; 3]);
        assert_eq!(repeated(&[(None, 1), (None, 1)]), [Repeated::No; 2]);
    }

    #[test]
    fn validated_stands_before_queried_then_the_earlier_then_the_smaller_number() {
        let contender = |row, verdict, day, claim_id| Contender {
            contested: ("P1", "sustained_13_weeks"),
            verdict,
            claim_date: NaiveDate::from_ymd_opt(2018, 12, day).unwrap(),
            claim_id,
            row,
        };
        let order =
            |contenders: Vec<Contender<'_>>| rivalries(contenders).into_iter().map(|(row, _)| row).collect::<Vec<_>>();
        let (queried, validated) = (Verdict::Queried, Verdict::Validated);
        assert_eq!(order(vec![contender(1, queried, 1, "A"), contender(2, validated, 2, "B")]), [2, 1]);
        assert_eq!(order(vec![contender(1, validated, 2, "A"), contender(2, validated, 1, "B")]), [2, 1]);
        assert_eq!(order(vec![contender(1, validated, 1, "B"), contender(2, validated, 1, "A")]), [2, 1]);
    }
}
