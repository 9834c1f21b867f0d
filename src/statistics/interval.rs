//! Confidence intervals of shares.

use std::cmp::Ordering;

use statrs::distribution::{Beta, ContinuousCDF};

use super::figure::{float, of_hundredths_of_a_per_cent, share};

/// The two-sided 95% point of the normal distribution.
pub(super) const Z: f64 = 1.959_963_984_540_054;

/// A share with its 95% interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareEstimate {
    /// The share itself.
    pub value: f64,
    /// The lower end of the interval.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
}

/// A share with Wilson's interval, which stays within 0 and 1 and holds for small counts; `None` for a denominator of
/// 0.
///
/// Source: Wilson, E. B. (1927), "Probable inference, the law of succession, and statistical inference".
pub fn wilson(numerator: u64, denominator: u64) -> Option<ShareEstimate> {
    let (x, n) = (float(numerator), float(denominator));
    if denominator == 0 || denominator < numerator {
        return None;
    }
    let p = x / n;
    let centre = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some(ShareEstimate { value: p, lower: (centre - half).max(0.0), upper: (centre + half).min(1.0) })
}

/// The change of a share among the same people: those who gained minus those who lost, with the interval of Agresti and
/// Min, who add half a person to each of the four combinations of before and after; `None` for no people.
///
/// Source: Agresti, A. and Min, Y. (2005), "Simple improved confidence intervals for comparing matched proportions".
pub fn paired(gained: u64, lost: u64, people: u64) -> Option<ShareEstimate> {
    if people == 0 || people < gained.saturating_add(lost) {
        return None;
    }
    let value = (float(gained) - float(lost)) / float(people);
    let (b, c, n) = (float(gained) + 0.5, float(lost) + 0.5, float(people) + 2.0);
    let centre = (b - c) / n;
    let half = Z * (b + c - (b - c) * (b - c) / n).sqrt() / n;
    Some(ShareEstimate { value, lower: (centre - half).max(-1.0), upper: (centre + half).min(1.0) })
}

/// A share with the exact interval of Clopper and Pearson; `None` for a denominator of 0. The level is 95% for `parts`
/// shares together, so each of several has a higher level of its own (Bonferroni).
///
/// Source: Clopper, C. J. and Pearson, E. S. (1934), "The use of confidence or fiducial limits illustrated in the case of the
/// binomial".
pub fn clopper_pearson(numerator: u64, denominator: u64, parts: u64) -> Option<ShareEstimate> {
    let others = denominator.checked_sub(numerator).filter(|_| 0 < denominator)?;
    let tail = 0.05 / (2.0 * float(parts.max(1)));
    let quantile = |a: f64, b: f64, at: f64| Beta::new(a, b).ok()?.try_inverse_cdf(at).ok();
    let (x, rest) = (float(numerator), float(others));
    let lower = if numerator == 0 { 0.0 } else { quantile(x, rest + 1.0, tail)? };
    let upper = if others == 0 { 1.0 } else { quantile(x + 1.0, rest, 1.0 - tail)? };
    Some(ShareEstimate { value: x / float(denominator), lower, upper })
}

/// A share that is known exactly, because everyone was checked; `None` for a denominator of 0.
pub fn known(numerator: u64, denominator: u64) -> Option<ShareEstimate> {
    share(numerator, denominator).map(|value| ShareEstimate { value, lower: value, upper: value })
}

/// The share of a whole, from the share and the size of each of its parts; `None` for an empty whole.
pub fn weighted(parts: &[(ShareEstimate, u64)]) -> Option<ShareEstimate> {
    let all: u64 = parts.iter().map(|(_, people)| people).sum();
    let sum = |of: &dyn Fn(&ShareEstimate) -> f64| {
        parts.iter().map(|(share, people)| of(share) * float(*people)).sum::<f64>()
    };
    let of_all = |sum: f64| sum / float(all);
    (0 < all).then(|| ShareEstimate {
        value: of_all(sum(&|share| share.value)),
        lower: of_all(sum(&|share| share.lower)),
        upper: of_all(sum(&|share| share.upper)),
    })
}

/// Compares a share with an expected one in hundredths of a per cent: greater or less where the whole interval is,
/// equal where that is undecided.
pub fn against(share: ShareEstimate, expected_hundredths: u32) -> Ordering {
    let expected = of_hundredths_of_a_per_cent(expected_hundredths);
    if expected <= share.lower {
        Ordering::Greater
    } else if share.upper < expected {
        Ordering::Less
    } else {
        Ordering::Equal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_agrees_with_worked_examples() {
        // Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        let ends = |numerator, denominator| {
            let share = wilson(numerator, denominator).unwrap();
            (format!("{:.4}", share.lower), format!("{:.4}", share.upper))
        };
        assert_eq!(ends(81, 263), ("0.2553".into(), "0.3662".into()));
        assert_eq!(ends(15, 148), ("0.0624".into(), "0.1605".into()));
        assert_eq!(ends(0, 20), ("0.0000".into(), "0.1611".into()));
        assert_eq!(ends(1, 29), ("0.0061".into(), "0.1718".into()));
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(2, 1), None);
    }

    #[test]
    fn clopper_and_pearson_agree_with_worked_examples() {
        // Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        let ends = |numerator, denominator| {
            let share = clopper_pearson(numerator, denominator, 1).unwrap();
            (format!("{:.4}", share.lower), format!("{:.4}", share.upper))
        };
        assert_eq!(ends(81, 263), ("0.2527".into(), "0.3676".into()));
        assert_eq!(ends(15, 148), ("0.0578".into(), "0.1617".into()));
        assert_eq!(ends(0, 20), ("0.0000".into(), "0.1684".into()));
        assert_eq!(ends(1, 29), ("0.0009".into(), "0.1776".into()));
        assert_eq!(ends(20, 20).1, "1.0000");
        assert_eq!((clopper_pearson(0, 0, 1), clopper_pearson(2, 1, 1)), (None, None));
        let wider = clopper_pearson(81, 263, 3).unwrap();
        assert!(wider.lower < 0.2527 && 0.3676 < wider.upper);
    }

    #[test]
    fn parts_are_weighed_by_their_size() {
        let half = known(1, 2).unwrap();
        let none = known(0, 5).unwrap();
        assert_eq!(
            weighted(&[(half, 300), (none, 100)]).map(|share| format!("{:.1}", share.value * 100.0)).as_deref(),
            Some("37.5")
        );
        assert_eq!(weighted(&[]), None);
    }

    #[test]
    fn a_paired_change_is_of_the_same_people() {
        let change = paired(30, 10, 100).unwrap();
        assert_eq!(format!("{:.2}", change.value), "0.20");
        assert!(0.0 < change.lower && change.lower < 0.2 && 0.2 < change.upper && change.upper < 0.35);
        let none = paired(0, 0, 50).unwrap();
        assert!(none.lower < 0.0 && 0.0 < none.upper);
        assert_eq!(paired(1, 1, 1), None);
    }

    #[test]
    fn a_target_is_met_missed_or_undecided() {
        let share = wilson(81, 263).unwrap();
        assert_eq!([2_500, 3_000, 3_700].map(|target| against(share, target)), {
            [Ordering::Greater, Ordering::Equal, Ordering::Less]
        });
    }
}
