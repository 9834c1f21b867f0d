//! The shell of every page: its language, title, style, and the content security policy, which lets it load nothing and
//! run at most one script.

use std::borrow::Cow;

use base64::Engine as _;
use maud::{DOCTYPE, Markup, PreEscaped, Render, html};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::domain::printable::{printable, steers};

/// The style sheet of every page.
const STYLE: &str = include_str!("style.css");

/// What follows the body of a page.
pub(crate) const CLOSING: PreEscaped<&str> = PreEscaped("</main>\n</body>\n</html>\n");

/// A script of this program; the page that carries it may run it and no other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Script(&'static str);

impl Script {
    /// A script, which must not hold the text that closes a script element.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// The source by which a content security policy names the script.
    fn source(self) -> String {
        format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(self.0)))
    }
}

impl Render for Script {
    fn render(&self) -> Markup {
        html! { script { (PreEscaped(self.0)) } }
    }
}

/// A value for the script of a page, as JSON that cannot close the script element it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScriptData(String);

impl ScriptData {
    /// The value as JSON; `<` is written as an escape, so no text in it ends the element early. What would steer the page once the
    /// script puts it there is written out.
    pub(crate) fn new(value: &Value) -> Self {
        let json = if holds_steering(value) { written_out(value).to_string() } else { value.to_string() };
        Self(json.replace('<', "\\u003c"))
    }

    /// The element that holds values as one JSON array, found by its ID; in pieces, so that the values are not copied together.
    pub(crate) fn element(id: &str, values: Vec<Self>) -> Vec<Markup> {
        let opening = html! { (PreEscaped("<script type=\"application/json\" id=\"")) (id) (PreEscaped("\">[")) };
        let mut pieces = vec![opening];
        for value in values {
            if 1 < pieces.len() {
                pieces.push(PreEscaped(",".into()));
            }
            pieces.push(PreEscaped(value.0));
        }
        pieces.push(PreEscaped("]</script>\n".into()));
        pieces
    }
}

/// Whether a text in a value has a letter that steers.
fn holds_steering(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(steers),
        Value::Array(values) => values.iter().any(holds_steering),
        Value::Object(members) => members.values().any(holds_steering),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The same value with what steers written out in its texts; the names of its members are ours.
fn written_out(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(printable(text).into_owned()),
        Value::Array(values) => values.iter().map(written_out).collect(),
        Value::Object(members) => members.iter().map(|(name, member)| (name.clone(), written_out(member))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Markup as its file holds it. What would turn round the order of letters, or is no letter at all, is written out as on the
/// screen: a reader is to see the text that the files hold.
pub(crate) fn written(markup: Markup) -> String {
    let text = markup.into_string();
    match printable(&text) {
        Cow::Owned(safe) => safe,
        Cow::Borrowed(_) => text,
    }
}

/// A page with a title and a body, and without a script.
pub(crate) fn page(title: &str, body: &Markup) -> String {
    written(html! { (opening(title, None)) (body) (CLOSING) })
}

/// What precedes the body of a page that may run `script`. [`CLOSING`] follows the body.
pub(crate) fn opening(title: &str, script: Option<Script>) -> Markup {
    let script = script.map(|script| format!("; script-src {}", script.source())).unwrap_or_default();
    let policy = format!("default-src 'none'; style-src 'unsafe-inline'{script}");
    html! {
        (DOCTYPE)
        (PreEscaped("\n<html lang=\"en-GB\">\n"))
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy);
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (title) }
            style { (PreEscaped(STYLE)) }
        }
        (PreEscaped("\n<body>\n<main>\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_runs_the_script_it_names_and_no_other() {
        let script = Script::new("let a = 1 < 2;");
        assert_eq!(script.source(), "'sha256-Xd/xFl+DmsVqHczJvGQWMh7nLH7H7r5iGmQKRm0JimU='");
        let opening = opening("Me & <you>", Some(script)).into_string();
        assert!(opening.contains(&format!("style-src 'unsafe-inline'; script-src {}\"", script.source())), "{opening}");
        assert!(opening.contains("<title>Me &amp; &lt;you&gt;</title>"));
        assert_eq!(script.render().into_string(), "<script>let a = 1 < 2;</script>");
        assert!(!page("Title", &html! {}).contains("script-src"));
    }

    #[test]
    fn what_turns_the_order_of_letters_round_is_written_out() {
        let name = "Mills\u{202e}slliM\u{9b}\u{1b}";
        let safe = "Mills\\u{202e}slliM\\u{9b}\\u{1b}";
        let page = page(name, &html! { p title=(name) { (name) } });
        assert!(page.contains(&format!("<title>{safe}</title>")), "{page}");
        assert!(page.contains(&format!("<p title=\"{safe}\">{safe}</p>")), "{page}");
        let data = ScriptData::new(&serde_json::json!({ "names": [name, "plain"], "count": 1 }));
        let read: Value = serde_json::from_str(&data.0).unwrap();
        assert_eq!(read, serde_json::json!({ "names": [safe, "plain"], "count": 1 }));
    }

    #[test]
    fn data_cannot_end_its_element() {
        let values = ["</script><b>", "plain"].map(|text| ScriptData::new(&serde_json::json!(text)));
        let element: String = ScriptData::element("list", values.into()).into_iter().map(Markup::into_string).collect();
        let expected =
            "<script type=\"application/json\" id=\"list\">[\"\\u003c/script>\\u003cb>\",\"plain\"]</script>\n";
        assert_eq!(element, expected);
    }
}
