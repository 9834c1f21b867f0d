//! The intervals that are published: the hull of those of all counts that are rounded to the numbers beside them. It covers as the
//! interval of the exact counts does, and tells nothing that the numbers do not.

use super::disclosure::DisclosureProfile;
use crate::statistics::{self, ShareEstimate, paired, wilson};

/// The share of rounded counts, with the ends that the intervals of all counts rounded to them have together.
pub(super) fn of_share(
    numerator: u64,
    denominator: u64,
    is_all: bool,
    profile: &DisclosureProfile,
) -> Option<ShareEstimate> {
    let value = statistics::share(numerator.min(denominator), denominator)?;
    let (fewest, most) = profile.counts_published_as(numerator);
    let (smallest, largest) = profile.counts_published_as(denominator);
    let estimates = (smallest..=largest).flat_map(|of| {
        let counts = if is_all { of..=of } else { fewest..=most.min(of) };
        counts.filter_map(move |counted| wilson(counted, of))
    });
    let ends = estimates.fold(None, |ends: Option<(f64, f64)>, one| {
        let (lower, upper) = ends.unwrap_or((one.lower, one.upper));
        Some((lower.min(one.lower), upper.max(one.upper)))
    })?;
    let lower = if numerator == 0 { 0.0 } else { ends.0.min(value) };
    let upper = if is_all { 1.0 } else { ends.1.max(value) };
    Some(ShareEstimate { value: if is_all { 1.0 } else { value }, lower, upper })
}

/// The change of rounded counts, with the ends that the intervals of all counts that agree with them have together. For given
/// numbers before and after the interval is widest, and narrowest, where most or fewest people were employed both times.
pub(super) fn of_change(
    before: u64,
    after: u64,
    people: u64,
    moved: Option<(u64, u64)>,
    profile: &DisclosureProfile,
) -> Option<ShareEstimate> {
    let value = statistics::difference(after, before, people)?;
    let all = |published: u64| {
        let (fewest, most) = profile.counts_published_as(published);
        fewest..=most
    };
    let mut ends: Option<(f64, f64)> = None;
    let mut add = |gained: u64, lost: u64, of: u64| {
        if let Some(one) = paired(gained, lost, of) {
            let (lower, upper) = ends.unwrap_or((one.lower, one.upper));
            ends = Some((lower.min(one.lower), upper.max(one.upper)));
        }
    };
    for of in all(people) {
        if let Some((gained, lost)) = moved {
            all(gained).for_each(|gained| all(lost).for_each(|lost| add(gained, lost, of)));
            continue;
        }
        for (was, is) in all(before).flat_map(|was| all(after).map(move |is| (was, is))) {
            let fewest_both = (was + is).saturating_sub(of);
            for both in [fewest_both, was.min(is)] {
                add(is.saturating_sub(both), was.saturating_sub(both), of);
            }
        }
    }
    let (lower, upper) = ends?;
    Some(ShareEstimate { value, lower: lower.min(value), upper: upper.max(value) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counting::AnswerCounts;

    #[test]
    fn an_interval_covers_those_of_all_counts_it_stands_for() {
        let profile = DisclosureProfile::named("round-5").unwrap();
        for (counted, of) in [(0, 40), (12, 33), (13, 33), (41, 57), (57, 57), (103, 1_234)] {
            let (numerator, denominator) = (profile.rounded(counted), profile.rounded(of));
            let shown = of_share(numerator, denominator, counted == of, &profile).unwrap();
            let exact = wilson(counted, of).unwrap();
            assert!(shown.lower <= exact.lower && exact.upper <= shown.upper, "{counted} of {of}");
            assert!(shown.lower <= shown.value && shown.value <= shown.upper, "{counted} of {of}");
            // Counts that are published alike are published with one interval.
            assert_eq!(
                of_share(profile.rounded(numerator), profile.rounded(denominator), counted == of, &profile),
                Some(shown)
            );
        }
        let ends = |counted, of| of_share(counted, of, counted == of, &profile).map(|share| (share.lower, share.upper));
        assert_eq!(ends(0, 40).map(|ends| ends.0.to_bits()), Some(0.0_f64.to_bits()));
        assert_eq!(ends(40, 40).map(|ends| ends.1.to_bits()), Some(1.0_f64.to_bits()));
    }

    #[test]
    fn without_rounding_an_interval_is_that_of_the_counts() {
        let internal = DisclosureProfile::internal();
        assert_eq!(of_share(81, 263, false, &internal), wilson(81, 263));
        let change = AnswerCounts { yes: 30, lost: 10, kept: 20, no: 40, not_observed: 0 };
        let (before, after) = change.before_and_after();
        assert_eq!(of_change(before, after, 100, Some((30, 10)), &internal), paired(30, 10, 100));
    }

    #[test]
    fn a_change_covers_what_those_who_moved_would_show() {
        let profile = DisclosureProfile::named("round-5").unwrap();
        let counts = AnswerCounts { yes: 33, lost: 4, kept: 21, no: 62, not_observed: 0 };
        let (before, after) = counts.before_and_after();
        let [before, after, people] = [before, after, counts.denominator()].map(|count| profile.rounded(count));
        let shown = of_change(before, after, people, None, &profile).unwrap();
        let exact = paired(counts.yes, counts.lost, counts.denominator()).unwrap();
        assert!(shown.lower <= exact.lower && exact.upper <= shown.upper);
    }
}
