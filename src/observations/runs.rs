//! Neighbours in time that are counted together, so that none of them is small.

/// Runs of items that stand next to one another. Each run goes on until it is not small; what is left at the end belongs to the run
/// before it. Where all items together are small there is one run.
pub fn runs<T, S>(
    items: impl IntoIterator<Item = (T, S)>,
    is_small: impl Fn(&S) -> bool,
    add: impl Fn(&mut S, S),
) -> Vec<Vec<T>> {
    let mut runs: Vec<(Vec<T>, S)> = Vec::new();
    for (item, size) in items {
        match runs.last_mut().filter(|(_, of_run)| is_small(of_run)) {
            Some((run, of_run)) => {
                run.push(item);
                add(of_run, size);
            }
            None => runs.push((vec![item], size)),
        }
    }
    let mut runs: Vec<(Vec<T>, bool)> = runs.into_iter().map(|(run, size)| (run, is_small(&size))).collect();
    if 1 < runs.len()
        && let Some((rest, _)) = runs.pop_if(|(_, is_small)| *is_small)
        && let Some((last, _)) = runs.last_mut()
    {
        last.extend(rest);
    }
    runs.into_iter().map(|(run, _)| run).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_goes_on_until_it_is_not_small() {
        let of =
            |sizes: &[u64]| runs((1..).zip(sizes.iter().copied()), |size| *size < 10, |all: &mut u64, one| *all += one);
        assert_eq!(of(&[3, 7, 12]), [vec![1, 2], vec![3]]);
        assert_eq!(of(&[12, 3, 4]), [vec![1, 2, 3]]);
        assert_eq!(of(&[3, 4]), [vec![1, 2]]);
        assert_eq!(of(&[]), Vec::<Vec<i32>>::new());
    }
}
