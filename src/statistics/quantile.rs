//! The mean and the quantiles of whole numbers.

use super::figure::share;

/// The mean of whole numbers; `counts` has at each index how often that number occurs.
pub fn mean(counts: &[u64]) -> Option<f64> {
    let sum: u64 = counts.iter().zip(0..).map(|(count, value)| count * value).sum();
    share(sum, counts.iter().sum())
}

/// The smallest value that at least this share of the values do not exceed (the nearest-rank method, so it is a value that
/// occurs); `share` is in hundredths.
pub fn quantile(counts: &[u64], share: u64) -> Option<u64> {
    let people: u64 = counts.iter().sum();
    let rank = (people * share).div_ceil(100).max(1);
    let mut below = 0;
    counts.iter().zip(0..).find_map(|(count, value)| {
        below += count;
        (rank <= below && 0 < people).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_occur() {
        // 0, 0, 3, 3, 3, 5
        let counts = [2, 0, 0, 3, 0, 1];
        assert_eq!([25, 50, 75, 100].map(|share| quantile(&counts, share).unwrap()), [0, 3, 3, 5]);
        assert_eq!(format!("{:.4}", mean(&counts).unwrap()), "2.3333");
        assert_eq!((mean(&[0, 0]), quantile(&[0], 50)), (None, None));
    }
}
