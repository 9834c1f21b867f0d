//! Drawings for the page, as SVG: no script, no outside font, and nothing told by colour alone.
#![expect(clippy::float_arithmetic, reason = "places on a drawing; every figure drawn stands in a table beside it")]

use std::fmt::Write as _;

use crate::statistics::limits;

/// The first two colours of the Analysis Function's palette for lines.
const FIRST: &str = "#12436D";
const SECOND: &str = "#F46A25";
/// How the lines differ besides their colour.
const DASHES: [&str; 2] = ["", " stroke-dasharray=\"7 4\""];

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 380.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 150.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 46.0;

/// One line of a chart: its label, and for each place its share where that is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// What the line is, written at its end.
    pub(super) label: &'static str,
    /// Places and shares, in order.
    pub(super) points: Vec<(i64, f64)>,
}

/// Shares over weeks, up to two lines, with a mark at week 0. `title` and `says` are read out where nobody sees the lines.
pub(super) fn lines(title: &str, says: &str, lines: &[Line], marks: &[i64]) -> String {
    let places = || lines.iter().flat_map(|line| &line.points).map(|(place, _)| *place);
    let (Some(first), Some(last)) = (places().min(), places().max()) else { return String::new() };
    let highest = lines.iter().flat_map(|line| &line.points).map(|(_, share)| *share).fold(0.0, f64::max);
    let top = ((highest * 10.0).ceil() / 10.0).clamp(0.1, 1.0);
    let x = |place: i64| LEFT + (WIDTH - LEFT - RIGHT) * part(place - first, (last - first).max(1));
    let y = |share: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - share / top);
    let mut svg = head(title, says, HEIGHT);
    let steps = if top > 0.5 { 5 } else { 10 };
    for share in (0..=10).map(|step| part(step, 10)).filter(|share| *share <= top + 1e-9).step_by(10 / steps) {
        svg += &gridline(share, y(share));
    }
    for mark in marks.iter().filter(|mark| (first..=last).contains(mark)) {
        let at = x(*mark);
        let dash = if *mark == 0 { "" } else { " stroke-dasharray=\"2 4\"" };
        write!(
            svg,
            "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{:.1}\" stroke=\"#484949\"{dash}/>\
             <text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{mark}</text>",
            HEIGHT - BOTTOM,
            HEIGHT - BOTTOM + 18.0
        )
        .ok();
    }
    write!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">Weeks from the start</text>",
        LEFT + (WIDTH - LEFT - RIGHT) / 2.0,
        HEIGHT - 6.0
    )
    .ok();
    let mut label_above: Option<f64> = None;
    for ((line, colour), dash) in lines.iter().zip([FIRST, SECOND]).zip(DASHES) {
        let points: Vec<String> =
            line.points.iter().map(|(place, share)| format!("{:.1},{:.1}", x(*place), y(*share))).collect();
        let Some((end, share)) = line.points.last() else { continue };
        // Labels of lines that end near one another stand below each other.
        let middle = y(*share) + 5.0;
        let label_at =
            label_above.map_or(middle, |above| if (middle - above).abs() < 18.0 { above + 18.0 } else { middle });
        label_above = Some(label_at);
        write!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\"{dash}/>\
             <text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\" font-weight=\"bold\">{}</text>",
            points.join(" "),
            x(*end) + 8.0,
            label_at,
            line.label
        )
        .ok();
    }
    svg + "</svg>"
}

/// One share of a drawing of intervals.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Interval {
    /// What it is of; already fit for a page.
    pub(super) label: String,
    /// The share and the ends of its interval.
    pub(super) share: [f64; 3],
    /// What is expected, where something is.
    pub(super) target: Option<f64>,
}

/// Shares with their intervals, one below the other; a target is an upright line across its row.
pub(super) fn intervals(title: &str, says: &str, rows: &[Interval]) -> String {
    const ROW: f64 = 34.0;
    const LABELS: f64 = 330.0;
    let height = ROW * part(i64::try_from(rows.len()).unwrap_or(0), 1) + 40.0;
    let x = |share: f64| LABELS + (WIDTH - LABELS - 40.0) * share;
    let mut svg = head(title, says, height);
    for tenth in 0..=5 {
        let share = part(tenth, 5);
        let at = x(share);
        write!(
            svg,
            "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"4\" y2=\"{:.1}\" stroke=\"#cecece\"/>\
             <text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{:.0}%</text>",
            height - 30.0,
            height - 10.0,
            share * 100.0
        )
        .ok();
    }
    for (row, place) in rows.iter().zip(0..) {
        let middle = ROW * part(place, 1) + 22.0;
        let [share, lower, upper] = row.share;
        write!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\
             <line x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{middle:.1}\" y2=\"{middle:.1}\" stroke=\"{}\" stroke-width=\"3\"/>\
             <circle cx=\"{:.1}\" cy=\"{middle:.1}\" r=\"5.5\" fill=\"{}\"/>",
            LABELS - 12.0,
            middle + 5.0,
            row.label,
            x(lower),
            x(upper),
            FIRST,
            x(share),
            FIRST
        )
        .ok();
        if let Some(target) = row.target {
            let at = x(target);
            write!(
                svg,
                "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{:.1}\" y2=\"{:.1}\" stroke=\"{}\" stroke-width=\"3\"/>",
                middle - 13.0,
                middle + 13.0,
                SECOND
            )
            .ok();
        }
    }
    svg + "</svg>"
}

/// A group on a funnel: how many people, and its share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dot {
    /// How many people.
    pub(super) people: u64,
    /// Its share.
    pub(super) share: f64,
}

/// Shares of groups against their size, within the limits that chance draws round the share of all.
pub(super) fn funnel(title: &str, says: &str, overall: f64, dots: &[Dot]) -> String {
    let Some(most) = dots.iter().map(|dot| dot.people).max() else { return String::new() };
    let count = |people: u64| i64::try_from(people).unwrap_or(i64::MAX);
    let x = |people: u64| LEFT + (WIDTH - LEFT - RIGHT) * part(count(people), count(most).max(1));
    let y = |share: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - share);
    let mut svg = head(title, says, HEIGHT);
    for share in (0..=5).map(|step| part(step, 5)) {
        svg += &gridline(share, y(share));
    }
    let places: Vec<u64> = (1..=60).map(|step| (most * step / 60).max(1)).collect();
    for (number, (label, dash)) in [("95%", " stroke-dasharray=\"7 4\""), ("99.8%", "")].into_iter().enumerate() {
        for is_upper in [false, true] {
            let limit = |people: u64| {
                let (lower, upper) = limits(overall, people).get(number).copied().unwrap_or_default();
                if is_upper { upper } else { lower }
            };
            let points: Vec<String> =
                places.iter().map(|people| format!("{:.1},{:.1}", x(*people), y(limit(*people)))).collect();
            let label_at = y(limit(most)) + if is_upper { -3.0 } else { 13.0 };
            write!(
                svg,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"#484949\" stroke-width=\"1.5\"{dash}/>\
                 <text x=\"{:.1}\" y=\"{label_at:.1}\">{label}</text>",
                points.join(" "),
                WIDTH - RIGHT + 8.0 + 45.0 * part(i64::from(number == 1), 1),
            )
            .ok();
        }
    }
    for dot in dots {
        write!(svg, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"5.5\" fill=\"{FIRST}\"/>", x(dot.people), y(dot.share)).ok();
    }
    write!(
        svg,
        "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{:.1}\" y2=\"{:.1}\" stroke=\"{SECOND}\" stroke-width=\"2\"/>\
         <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">People, from none to {most}</text>",
        WIDTH - RIGHT,
        y(overall),
        y(overall),
        LEFT + (WIDTH - LEFT - RIGHT) / 2.0,
        HEIGHT - 6.0
    )
    .ok();
    svg + "</svg>"
}

/// Counts as columns, one for each label, under a line of what was expected of each. A count that is not known has no column.
pub(super) fn columns(title: &str, says: &str, counts: &[(String, Option<u64>)], expected: Option<u64>) -> String {
    const MOST_LABELS: usize = 10;
    let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let known = counts.iter().filter_map(|(_, count)| *count);
    let Some(most) = known.chain(expected).max().filter(|most| 0 < *most) else { return String::new() };
    let most = 5 * round_step(most.div_ceil(5));
    let step = (WIDTH - LEFT - RIGHT) / part(i64::try_from(counts.len()).unwrap_or(1), 1);
    let y = |count: u64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - part(whole(count), whole(most)));
    let mut svg = head(title, says, HEIGHT);
    for fifth in 0..=5 {
        let count = most * fifth / 5;
        svg += &labelled_line(&count.to_string(), y(count));
    }
    let every = counts.len().div_ceil(MOST_LABELS).max(1);
    for ((label, count), place) in counts.iter().zip(0_i64..) {
        let left = LEFT + step * part(place, 1);
        if let Some(count) = count {
            let top = y(*count);
            write!(
                svg,
                "<rect x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{FIRST}\"/>",
                left + step * 0.1,
                step * 0.8,
                HEIGHT - BOTTOM - top
            )
            .ok();
        }
        if usize::try_from(place).is_ok_and(|place| place % every == 0) {
            let (middle, below) = (left + step / 2.0, HEIGHT - BOTTOM + 18.0);
            write!(svg, "<text x=\"{middle:.1}\" y=\"{below:.1}\" text-anchor=\"middle\">{label}</text>").ok();
        }
    }
    if let Some(expected) = expected {
        let at = y(expected);
        write!(
            svg,
            "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"{SECOND}\" stroke-width=\"2.5\" \
             stroke-dasharray=\"7 4\"/><text x=\"{:.1}\" y=\"{:.1}\" font-weight=\"bold\">expected</text>",
            WIDTH - RIGHT,
            WIDTH - RIGHT + 8.0,
            at + 5.0
        )
        .ok();
    }
    svg + "</svg>"
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

/// A light line across the drawing at a share, with the share beside it.
fn gridline(share: f64, height: f64) -> String {
    labelled_line(&format!("{:.0}%", share * 100.0), height)
}

fn labelled_line(label: &str, height: f64) -> String {
    format!(
        "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{height:.1}\" y2=\"{height:.1}\" stroke=\"#cecece\"/>\
         <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
        WIDTH - RIGHT,
        LEFT - 8.0,
        height + 5.0
    )
}

fn head(title: &str, says: &str, height: f64) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH:.0} {height:.0}\" role=\"img\" aria-label=\"{title}. {says}\" \
         xmlns=\"http://www.w3.org/2000/svg\" font-family=\"Arial, sans-serif\" font-size=\"14\" fill=\"#0b0c0c\">"
    )
}

fn part(of: i64, all: i64) -> f64 {
    let whole = |count: i64| f64::from(i32::try_from(count).unwrap_or(i32::MAX));
    whole(of) / whole(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_has_words_and_lines_that_differ_without_colour() {
        let line = |label, share| Line { label, points: vec![(-1, share), (0, share), (1, share)] };
        let svg = lines("Title", "What it says", &[line("any", 0.4), line("16", 0.2)], &[-1, 0, 1]);
        assert!(svg.contains("role=\"img\" aria-label=\"Title. What it says\""));
        assert_eq!((svg.matches("<polyline").count(), svg.matches("7 4").count()), (2, 1));
        assert!(svg.contains(">40%<") && !svg.contains(">50%<"));
        assert_eq!(lines("Title", "", &[], &[]), "");
        let dots = [Dot { people: 100, share: 0.4 }, Dot { people: 900, share: 0.6 }];
        let svg = funnel("Title", "", 0.5, &dots);
        assert_eq!((svg.matches("<circle").count(), svg.matches("<polyline").count()), (2, 4));
        assert_eq!(funnel("Title", "", 0.5, &[]), "");
        let months = [("2018-01".into(), Some(10)), ("2018-02".into(), None), ("2018-03".into(), Some(25))];
        let svg = columns("Title", "", &months, Some(20));
        assert_eq!((svg.matches("<rect").count(), svg.matches(">expected<").count()), (2, 1));
        assert_eq!(columns("Title", "", &[], None), "");
        assert_eq!([1, 3, 45, 51, 200].map(round_step), [1, 5, 50, 100, 200]);
        let row = Interval { label: "Row".into(), share: [0.5, 0.4, 0.6], target: Some(0.3) };
        assert!(intervals("Title", "", &[row]).contains("Row</text>"));
    }
}
