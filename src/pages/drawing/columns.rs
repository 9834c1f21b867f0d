//! Column charts of counts.

use maud::{Markup, html};

use super::{At, Caption, DASHED, area, gridline, part, part_of_people, svg};

/// The most labels that fit below the columns.
const MOST_LABELS: usize = 10;

/// A column chart with one column for each label, and a line at the expected count. A count that is not known has no
/// column; the chart is empty where none is known.
pub(crate) fn columns(caption: Caption<'_>, counts: &[(String, Option<u64>)], expected: Option<u64>) -> Markup {
    let known = counts.iter().filter_map(|(_, count)| *count);
    let Some(most) = known.chain(expected).max().filter(|most| 0 < *most) else { return html! {} };
    let most = 5 * round_step(most.div_ceil(5));
    let step = (area::RIGHT - area::LEFT) / part(i64::try_from(counts.len()).unwrap_or(1), 1);
    let y = |count: u64| area::y(part_of_people(count, most));
    let every = counts.len().div_ceil(MOST_LABELS).max(1);
    let content = html! {
        @for count in (0..=5).map(|fifth| most * fifth / 5) { (gridline(&count.to_string(), part_of_people(count, most))) }
        @for (place, (label, count)) in counts.iter().enumerate() {
            @let left = area::LEFT + step * part(i64::try_from(place).unwrap_or(0), 1);
            @if let Some(count) = count {
                rect.series-1 x=(At(left + step * 0.1)) y=(At(y(*count))) width=(At(step * 0.8))
                    height=(At(area::BOTTOM - y(*count))) {}
            }
            @if place % every == 0 {
                text x=(At(left + step / 2.0)) y=(At(area::BOTTOM + 18.0)) text-anchor="middle" { (label) }
            }
        }
        @if let Some(at) = expected.map(y) {
            line.series-2 x1=(At(area::LEFT)) x2=(At(area::RIGHT)) y1=(At(at)) y2=(At(at)) stroke-width="2.5"
                stroke-dasharray=(DASHED) {}
            text x=(At(area::RIGHT + 8.0)) y=(At(at + 5.0)) font-weight="bold" { "expected" }
        }
    };
    svg(caption, area::HEIGHT, &content)
}

/// The smallest of 1, 2, 5, 10, 20, 50 and so on that is at least this.
fn round_step(least: u64) -> u64 {
    let mut ten = 1_u64;
    loop {
        if let Some(step) = [1, 2, 5].into_iter().map(|digit| digit * ten).find(|step| least <= *step) {
            return step;
        }
        ten = ten.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_is_not_known_has_no_column() {
        let caption = Caption { title: "Title", says: "" };
        let months = [("2018-01".into(), Some(10)), ("2018-02".into(), None), ("2018-03".into(), Some(25))];
        let svg = columns(caption, &months, Some(20)).into_string();
        assert_eq!((svg.matches("<rect").count(), svg.matches(">expected<").count()), (2, 1));
        assert_eq!(columns(caption, &[], None).into_string(), "");
        assert_eq!([1, 3, 45, 51, 200].map(round_step), [1, 5, 50, 100, 200]);
    }
}
