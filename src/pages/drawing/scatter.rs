//! Scatter charts: shares of groups against their size, with curves for limits.

use maud::{Markup, html};

use super::{At, Caption, DASHED, SERIES, area, axis_label, gridline, part, part_of_people, percent, points, svg};

/// A group: how many people, and its share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Dot {
    /// How many people.
    pub(crate) people: u64,
    /// Its share.
    pub(crate) share: f64,
}

/// A lower and an upper limit for shares, as curves over the number of people.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Curve {
    /// What they are, written at their ends.
    pub(crate) label: &'static str,
    /// Whether they are drawn in dashes.
    pub(crate) is_dashed: bool,
    /// For numbers of people in order, the lower and the upper limit.
    pub(crate) limits: Vec<(u64, f64, f64)>,
}

/// The dots, a line at the share of all, and the curves. Nothing where there are no dots.
pub(crate) fn scatter(caption: Caption<'_>, overall: f64, dots: &[Dot], curves: &[Curve]) -> Markup {
    let [dot, line] = SERIES;
    let Some(most) = dots.iter().map(|dot| dot.people).max() else { return html! {} };
    let x = |people: u64| area::x(part_of_people(people, most));
    let side = |curve: &Curve, is_upper: bool| -> Vec<(f64, f64)> {
        let limit =
            |(people, lower, upper): &(u64, f64, f64)| (x(*people), area::y(if is_upper { *upper } else { *lower }));
        curve.limits.iter().map(limit).collect()
    };
    let content = html! {
        @for share in (0..=5).map(|fifth| part(fifth, 5)) { (gridline(&percent(share), share)) }
        @for (curve, place) in curves.iter().zip(0..) {
            @for is_upper in [false, true] {
                @let side = side(curve, is_upper);
                polyline.axis points=(points(side.iter().copied())) stroke-width="1.5"
                    stroke-dasharray=[curve.is_dashed.then_some(DASHED)] {}
                @if let Some((_, end)) = side.last() {
                    text x=(At(area::RIGHT + 8.0 + 45.0 * part(place, 1)))
                        y=(At(end + if is_upper { -3.0 } else { 13.0 })) { (curve.label) }
                }
            }
        }
        @for one in dots { circle class=(dot) cx=(At(x(one.people))) cy=(At(area::y(one.share))) r="5.5" {} }
        line class=(line) x1=(At(area::LEFT)) x2=(At(area::RIGHT)) y1=(At(area::y(overall))) y2=(At(area::y(overall)))
            stroke-width="2" {}
        (axis_label(&format!("People, from none to {most}")))
    };
    svg(caption, area::HEIGHT, &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_lie_among_both_sides_of_every_curve() {
        let caption = Caption { title: "Title", says: "" };
        let dots = [Dot { people: 100, share: 0.4 }, Dot { people: 900, share: 0.6 }];
        let curve = |label, is_dashed| Curve { label, is_dashed, limits: vec![(1, 0.2, 0.8), (900, 0.4, 0.6)] };
        let svg = scatter(caption, 0.5, &dots, &[curve("95%", true), curve("99.8%", false)]).into_string();
        assert_eq!((svg.matches("<circle").count(), svg.matches("<polyline").count()), (2, 4));
        assert_eq!(scatter(caption, 0.5, &[], &[]).into_string(), "");
    }
}
