//! Figures computed from counts: shares and unit costs, and how both are written.

/// A count as a share of another, without an interval; `None` where the denominator is 0.
pub fn share(numerator: u64, denominator: u64) -> Option<f64> {
    (denominator != 0).then(|| float(numerator) / float(denominator))
}

/// The difference of two counts as a share of a third; `None` where the denominator is 0.
pub fn difference(more: u64, less: u64, denominator: u64) -> Option<f64> {
    (denominator != 0).then(|| (float(more) - float(less)) / float(denominator))
}

/// A number to one decimal place.
pub fn to_one_place(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// Pounds for each person, to the nearest multiple of so many pounds; `None` for no people.
pub fn pounds_each_to(pounds: u64, people: u64, base: u64) -> Option<f64> {
    let steps = pounds
        .saturating_mul(2)
        .saturating_add(people.saturating_mul(base))
        .checked_div(people.saturating_mul(base * 2))?;
    share(steps.saturating_mul(base), 1)
}

/// Pounds for each person, to the nearest penny; `None` for no people.
pub fn pounds_each(pence: u64, people: u64) -> Option<f64> {
    let each = pence.saturating_mul(2).saturating_add(people).checked_div(people.saturating_mul(2))?;
    // Exact up to 2^53 pence.
    u32::try_from(each / 100)
        .ok()
        .zip(u32::try_from(each % 100).ok())
        .map(|(pounds, rest)| f64::from(pounds) + f64::from(rest) / 100.0)
}

/// A share of 0 to 1 in whole millionths.
pub fn millionths(share: f64) -> i64 {
    let text = format!("{:.0}", share.clamp(0.0, 1.0) * 1_000_000.0);
    text.parse().unwrap_or(0)
}

/// A share in hundredths.
pub fn hundredths(share: f64) -> f64 {
    share * 100.0
}

/// A share in per cent with one decimal place.
pub fn percent(share: f64) -> String {
    format!("{:.1}%", hundredths(share))
}

/// Hundredths of a per cent as a share.
pub fn of_hundredths_of_a_per_cent(hundredths: u32) -> f64 {
    f64::from(hundredths) / 10_000.0
}

pub(super) fn float(count: u64) -> f64 {
    // Exact for every count of people there can be.
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_rates_come_out_as_published() {
        // Work and Health Programme and Work Choice figures as DWP's statistics round them.
        assert_eq!(percent(share(103_300, 138_330).unwrap()), "74.7%");
        assert_eq!(percent(share(13_061, 21_943).unwrap()), "59.5%");
        assert_eq!(percent(share(84_000, 450_000).unwrap()), "18.7%");
    }

    #[test]
    fn a_unit_cost_is_to_the_nearest_penny() {
        let each = |pence, people| pounds_each(pence, people).map(|pounds| format!("{pounds:.2}"));
        assert_eq!(each(1_000, 3).as_deref(), Some("3.33"));
        assert_eq!(each(200, 3).as_deref(), Some("0.67"));
        assert_eq!(each(100, 0), None);
        let to_fifty = |pounds, people| pounds_each_to(pounds, people, 50).map(|pounds| format!("{pounds:.2}"));
        // 120 participants at £3,500 each.
        assert_eq!(to_fifty(420_000, 120).as_deref(), Some("3500.00"));
        assert_eq!([to_fifty(74, 1), to_fifty(75, 1)].map(Option::unwrap), ["50.00", "100.00"]);
        assert_eq!(to_fifty(100, 0), None);
    }
}
