//! Neighbours in time that are counted together, so that none of them is small.

/// Merges items that stand next to one another into stretches. Each stretch goes on until it is not small; what is left at the end
/// belongs to the stretch before it. Where all items together are small there is one stretch.
pub fn merge_neighbours<T, S>(
    items: impl IntoIterator<Item = (T, S)>,
    is_small: impl Fn(&S) -> bool,
    add: impl Fn(&mut S, S),
) -> Vec<Vec<T>> {
    let mut stretches: Vec<(Vec<T>, S)> = Vec::new();
    for (item, size) in items {
        match stretches.last_mut().filter(|(_, of_all)| is_small(of_all)) {
            Some((stretch, of_all)) => {
                stretch.push(item);
                add(of_all, size);
            }
            None => stretches.push((vec![item], size)),
        }
    }
    let is_rest_small = 1 < stretches.len() && stretches.last().is_some_and(|(_, size)| is_small(size));
    let mut stretches: Vec<Vec<T>> = stretches.into_iter().map(|(stretch, _)| stretch).collect();
    if is_rest_small
        && let Some(rest) = stretches.pop()
        && let Some(last) = stretches.last_mut()
    {
        last.extend(rest);
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_goes_on_until_it_is_not_small() {
        let of = |sizes: &[u64]| {
            merge_neighbours((1..).zip(sizes.iter().copied()), |size| *size < 10, |all: &mut u64, one| *all += one)
        };
        assert_eq!(of(&[3, 7, 12]), [vec![1, 2], vec![3]]);
        assert_eq!(of(&[12, 3, 4]), [vec![1, 2, 3]]);
        assert_eq!(of(&[3, 4]), [vec![1, 2]]);
        assert_eq!(of(&[]), Vec::<Vec<i32>>::new());
    }
}
