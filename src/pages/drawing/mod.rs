//! Drawings of a page, as SVG: no script, no outside font, and nothing shown by colour alone.
//!
//! Colours come from the style of the page, so that a drawing is readable in light and in dark.
#![expect(clippy::float_arithmetic, reason = "places on a drawing; every figure drawn is in a table of the page too")]

mod columns;
mod intervals;
mod lines;
mod scatter;

use std::fmt::Write as _;

use maud::{Markup, Render, html};

use super::scrolling;

pub(crate) use columns::columns;
pub(crate) use intervals::{Interval, intervals};
pub(crate) use lines::{Line, lines};
pub(crate) use scatter::{Curve, Dot, scatter};

/// How a first and a second series are drawn.
const SERIES: [&str; 2] = ["series-1", "series-2"];
/// How long and how far apart the dashes of a line are.
const DASHED: &str = "7 4";
const DOTTED: &str = "2 4";

const WIDTH: f64 = 900.0;

/// The title of a drawing and what it shows, which screen readers read out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caption<'a> {
    /// What it is of.
    pub(crate) title: &'a str,
    /// What it shows.
    pub(crate) says: &'a str,
}

/// The area of a drawing between its two axes, at left and below.
mod area {
    use super::WIDTH;

    pub(super) const HEIGHT: f64 = 380.0;
    pub(super) const LEFT: f64 = 52.0;
    pub(super) const RIGHT: f64 = WIDTH - 150.0;
    pub(super) const TOP: f64 = 16.0;
    pub(super) const BOTTOM: f64 = HEIGHT - 46.0;

    /// The place on the drawing of a part of the horizontal axis.
    pub(super) fn x(part: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * part
    }

    /// The place on the drawing of a part of the vertical axis.
    pub(super) fn y(part: f64) -> f64 {
        BOTTOM - (BOTTOM - TOP) * part
    }
}

/// A place on a drawing.
#[derive(Debug, Clone, Copy)]
struct At(f64);

impl Render for At {
    fn render_to(&self, buffer: &mut String) {
        write!(buffer, "{:.1}", self.0).ok();
    }
}

/// The SVG element around the content of a drawing. On a screen too narrow to read its text, it scrolls.
fn svg(caption: Caption<'_>, height: f64, content: &Markup) -> Markup {
    let view = format!("0 0 {WIDTH:.0} {height:.0}");
    let label = format!("{}. {}", caption.title, caption.says);
    scrolling("group", caption.title, &html! { svg viewBox=(view) role="img" aria-label=(label) { (content) } })
}

/// A light line across the area with a label beside it, at a part of the vertical axis.
fn gridline(label: &str, part: f64) -> Markup {
    let at = area::y(part);
    html! {
        line.grid x1=(At(area::LEFT)) x2=(At(area::RIGHT)) y1=(At(at)) y2=(At(at)) {}
        text x=(At(area::LEFT - 8.0)) y=(At(at + 5.0)) text-anchor="end" { (label) }
    }
}

/// What the horizontal axis counts.
fn axis_label(label: &str) -> Markup {
    html! { text x=(At(area::x(0.5))) y=(At(area::HEIGHT - 6.0)) text-anchor="middle" { (label) } }
}

/// A line through points, as the attribute of a polyline.
fn points(places: impl Iterator<Item = (f64, f64)>) -> String {
    let point = |(x, y): (f64, f64)| format!("{x:.1},{y:.1}");
    places.map(point).collect::<Vec<_>>().join(" ")
}

/// A share in whole per cent.
fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// A count as part of another.
fn part(of: i64, all: i64) -> f64 {
    let whole = |count: i64| f64::from(i32::try_from(count).unwrap_or(i32::MAX));
    whole(of) / whole(all)
}

/// A count of people as part of another.
fn part_of_people(of: u64, all: u64) -> f64 {
    let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    part(whole(of), whole(all).max(1))
}
