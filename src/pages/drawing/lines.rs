//! Line charts of shares over time.

use maud::{Markup, html};

use super::{At, Caption, DASHED, DOTTED, SERIES, area, axis_label, gridline, part, percent, points, svg};

/// One line: its label, and the share at each place where it is known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// What the line is, written at its end.
    pub(crate) label: &'static str,
    /// Places and shares, in order.
    pub(crate) points: Vec<(i64, f64)>,
}

/// The least distance between labels, so that they do not touch.
const LABEL_STEP: f64 = 18.0;

/// A chart of at most two lines over an axis with marks; the mark at 0 is a full line. Empty where no point is known.
pub(crate) fn lines(caption: Caption<'_>, axis: &str, lines: &[Line], marks: &[i64]) -> Markup {
    let places = || lines.iter().flat_map(|line| &line.points).map(|(place, _)| *place);
    let (Some(first), Some(last)) = (places().min(), places().max()) else { return html! {} };
    let highest = lines.iter().flat_map(|line| &line.points).map(|(_, share)| *share).fold(0.0, f64::max);
    let top = ((highest * 10.0).ceil() / 10.0).clamp(0.1, 1.0);
    let x = |place: i64| area::x(part(place - first, (last - first).max(1)));
    let y = |share: f64| area::y(share / top);
    let steps = if top > 0.5 { 5 } else { 10 };
    let shares = (0..=10).map(|step| part(step, 10)).filter(|share| *share <= top + 1e-9).step_by(10 / steps);
    // Labels of lines that end near one another are placed below each other.
    let mut label_above: Option<f64> = None;
    let mut label_of = |share: f64| {
        let middle = y(share) + 5.0;
        let at = match label_above {
            Some(above) if (middle - above).abs() < LABEL_STEP => above + LABEL_STEP,
            Some(_) | None => middle,
        };
        label_above = Some(at);
        at
    };
    let content = html! {
        @for share in shares { (gridline(&percent(share), share / top)) }
        @for mark in marks.iter().filter(|mark| (first..=last).contains(mark)) {
            @let at = x(*mark);
            line.axis x1=(At(at)) x2=(At(at)) y1=(At(area::TOP)) y2=(At(area::BOTTOM))
                stroke-dasharray=[(*mark != 0).then_some(DOTTED)] {}
            text x=(At(at)) y=(At(area::BOTTOM + LABEL_STEP)) text-anchor="middle" { (mark) }
        }
        (axis_label(axis))
        @for ((line, series), dash) in lines.iter().zip(SERIES).zip([None, Some(DASHED)]) {
            @if let Some((end, share)) = line.points.last() {
                polyline class=(series) points=(points(line.points.iter().map(|(place, share)| (x(*place), y(*share)))))
                    stroke-width="2.5" stroke-dasharray=[dash] {}
                text x=(At(x(*end) + 8.0)) y=(At(label_of(*share))) font-weight="bold" { (line.label) }
            }
        }
    };
    svg(caption, area::HEIGHT, &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_has_words_and_lines_that_differ_without_colour() {
        let line = |label, share| Line { label, points: vec![(-1, share), (0, share), (1, share)] };
        let caption = Caption { title: "Title", says: "What it says" };
        let svg = lines(caption, "Weeks", &[line("any", 0.4), line("16", 0.2)], &[-1, 0, 1]).into_string();
        assert!(svg.contains("role=\"img\" aria-label=\"Title. What it says\""));
        assert_eq!((svg.matches("<polyline").count(), svg.matches("7 4").count()), (2, 1));
        assert!(svg.contains(">40%<") && !svg.contains(">50%<"));
        assert_eq!(lines(caption, "Weeks", &[], &[]).into_string(), "");
    }
}
