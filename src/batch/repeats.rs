//! Finds claim numbers that several rows of a batch have.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

use crate::domain::Claim;
use crate::rules::Repeated;

/// What a claim says, however its cells are written.
#[derive(Clone, Copy)]
pub struct Meaning<'a>(pub &'a Claim);

impl PartialEq for Meaning<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.says_the_same(other.0)
    }
}

/// For each row, whether other rows have the same claim number. A row is its number and what it says.
///
/// Of copies the first row is the one decided; where rows with one number differ, all of them are set aside.
pub fn repeats<N: Eq + Hash, C: PartialEq>(rows: impl Iterator<Item = (Option<N>, C)> + Clone) -> Vec<Repeated> {
    struct Seen<C> {
        first_row: usize,
        cells: C,
        differs: bool,
    }
    let mut seen: HashMap<N, Seen<C>> = HashMap::new();
    for (row, (claim_id, cells)) in rows.clone().enumerate() {
        let Some(claim_id) = claim_id else { continue };
        match seen.entry(claim_id) {
            Entry::Occupied(mut first) => {
                let differs = first.get().cells != cells;
                first.get_mut().differs |= differs;
            }
            Entry::Vacant(first) => {
                first.insert(Seen { first_row: row, cells, differs: false });
            }
        }
    }
    rows.enumerate()
        .map(|(row, (claim_id, _))| match claim_id.and_then(|claim_id| seen.get(&claim_id)) {
            Some(first) if first.differs => Repeated::Differs,
            Some(first) if first.first_row != row => Repeated::Copy,
            Some(_) | None => Repeated::No,
        })
        .collect()
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
}
