//! Shares with their intervals, one below the other.

use maud::{Markup, html};

use super::{At, Caption, WIDTH, part, percent, svg};

/// One share with its interval.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Interval {
    /// What the share is of.
    pub(crate) label: String,
    /// The share.
    pub(crate) share: f64,
    /// The ends of its interval.
    pub(crate) ends: (f64, f64),
    /// What is expected, where something is.
    pub(crate) target: Option<f64>,
}

const ROW: f64 = 34.0;
const LABELS: f64 = 330.0;

/// The chart of the intervals; a target is an upright line across its row. Empty where there are no rows.
pub(crate) fn intervals(caption: Caption<'_>, rows: &[Interval]) -> Markup {
    if rows.is_empty() {
        return html! {};
    }
    let height = ROW * part(i64::try_from(rows.len()).unwrap_or(0), 1) + 40.0;
    let x = |share: f64| LABELS + (WIDTH - LABELS - 40.0) * share;
    let content = html! {
        @for share in (0..=5).map(|fifth| part(fifth, 5)) {
            line.grid x1=(At(x(share))) x2=(At(x(share))) y1="4" y2=(At(height - 30.0)) {}
            text x=(At(x(share))) y=(At(height - 10.0)) text-anchor="middle" { (percent(share)) }
        }
        @for (row, place) in rows.iter().zip(0..) {
            @let middle = ROW * part(place, 1) + 22.0;
            text x=(At(LABELS - 12.0)) y=(At(middle + 5.0)) text-anchor="end" { (row.label) }
            line.series-1 x1=(At(x(row.ends.0))) x2=(At(x(row.ends.1))) y1=(At(middle)) y2=(At(middle)) stroke-width="3" {}
            circle.series-1 cx=(At(x(row.share))) cy=(At(middle)) r="5.5" {}
            @if let Some(target) = row.target {
                line.series-2 x1=(At(x(target))) x2=(At(x(target))) y1=(At(middle - 13.0)) y2=(At(middle + 13.0))
                    stroke-width="3" {}
            }
        }
    };
    svg(caption, height, &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_its_label_and_its_target() {
        let row = Interval { label: "Row".into(), share: 0.5, ends: (0.4, 0.6), target: Some(0.3) };
        let svg = intervals(Caption { title: "Title", says: "" }, &[row]).into_string();
        assert!(svg.contains("Row</text>"));
        assert_eq!((svg.matches("<circle").count(), svg.matches("series-2").count()), (1, 1));
    }
}
