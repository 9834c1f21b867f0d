//! `sustain rules`: the rules, the page of one, and the rulebook they cite.

use clap::Args;
use serde_json::{Value, json};

use super::exit::Exit;
use super::named_scheme::named;
use super::screen::Screen;
use crate::error::RunError;
use crate::rules::{Code, RULES, Rule, rule, rulebook};
use crate::scheme::{BUILT_IN, Scheme};

/// `sustain rules`
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sustain rules\n  sustain rules SUS03\n  sustain rules --markdown > rules.md\n  sustain rules --book > rulebook.md\n  sustain rules --json"
)]
pub struct RulesOptions {
    /// The rule to explain; lists all of them when left out
    pub code: Option<String>,
    /// Print every page in Markdown
    #[arg(long)]
    pub markdown: bool,
    /// Print the rulebook: what the program decides, exactly
    #[arg(long, conflicts_with_all = ["code", "markdown"])]
    pub book: bool,
}

/// Lists the rules, or prints one rule's page or the rulebook.
///
/// # Errors
/// No rule has the code.
pub fn run(options: &RulesOptions, screen: &Screen) -> Result<Exit, RunError> {
    if options.book {
        print_book(screen);
        return Ok(Exit::Stands);
    }
    let schemes: Vec<Scheme> = BUILT_IN.iter().map(|(id, _)| named(id, &[])).collect::<Result<_, _>>()?;
    let wanted: Vec<&Rule> = match &options.code {
        Some(code) => vec![coded(code)?],
        None => RULES.to_vec(),
    };
    if screen.json {
        let pages: Vec<Value> = wanted.iter().map(|rule| as_json(rule, &schemes)).collect();
        let page = pages.first().filter(|_| options.code.is_some()).cloned().unwrap_or(Value::Array(pages));
        screen.print_json(&page);
    } else if options.markdown {
        let pages: Vec<String> = wanted.iter().map(|rule| page(rule, &schemes)).collect();
        screen.print(&pages.join("\n\n"));
    } else if options.code.is_some() {
        let pages: Vec<String> = wanted.iter().map(|rule| plain(&page(rule, &schemes), screen)).collect();
        screen.print(&pages.join("\n\n"));
    } else {
        screen.print(&list(&wanted, screen));
    }
    Ok(Exit::Stands)
}

fn print_book(screen: &Screen) {
    let text = rulebook::TEXT.trim_end();
    if screen.json {
        screen.print_json(&json!({"rulebook": text}));
    } else {
        screen.print(text);
    }
}

fn coded(text: &str) -> Result<&'static Rule, RunError> {
    Code::parse(&text.to_uppercase())
        .and_then(rule)
        .ok_or_else(|| RunError::choice(unknown_code(text), "sustain rules lists the codes"))
}

fn list(rules: &[&Rule], screen: &Screen) -> String {
    let row = |rule: &&Rule| vec![rule.code.to_string(), rule.severity().name().to_owned(), rule.title.to_owned()];
    let table = screen.table(&[], rules.iter().map(row).collect());
    format!("{}\n{table}\n\n  sustain rules CODE explains one", screen.heading("Rules"))
}

/// A rule's page in Markdown: its own text, then what it reads, how it weighs under each scheme, since when it is there and
/// where the rulebook settles it.
fn page(rule: &Rule, schemes: &[Scheme]) -> String {
    let reads: Vec<&str> = rule.reads.iter().map(|what| what.name()).collect();
    let parts = [
        rule.page().trim_end().to_owned(),
        format!("**Reads** {}.", reads.join(", ")),
        format!("**Severity** {}.", weighs(rule, schemes)),
        format!("**Since** version {}.", rule.since),
        format!("**Rulebook** {}; `sustain rules --book` prints it.", cited(rule).join(", ")),
    ];
    parts.join("\n\n")
}

/// How a rule weighs, and where a built-in scheme changes that.
fn weighs(rule: &Rule, schemes: &[Scheme]) -> String {
    let changed = changes(rule, schemes);
    if changed.is_empty() {
        return format!("{} under every built-in scheme", rule.severity().name());
    }
    let changed: Vec<String> = changed.iter().map(|(scheme, setting)| format!("{setting} under {scheme}")).collect();
    format!("{}; {}", rule.severity().name(), changed.join(", "))
}

/// The sections of the rulebook that settle a rule, with their titles.
fn cited(rule: &Rule) -> Vec<String> {
    let section = |number: &u8| format!("section {number} ({})", rulebook::title(*number).unwrap_or_default());
    rule.rulebook.iter().map(section).collect()
}

fn changes(rule: &Rule, schemes: &[Scheme]) -> Vec<(String, &'static str)> {
    let set = |scheme: &Scheme| Some((scheme.id.clone(), scheme.settings.get(&rule.code)?.name()));
    schemes.iter().filter_map(set).collect()
}

/// Markdown without its marks, wrapped for the terminal.
fn plain(page: &str, screen: &Screen) -> String {
    let paragraphs = page.split("\n\n").map(|paragraph| {
        let text = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        match text.strip_prefix("# ") {
            Some(title) => screen.heading(title),
            None => screen.wrap(&text.replace("**", "").replace('`', ""), 2),
        }
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

fn as_json(rule: &Rule, schemes: &[Scheme]) -> Value {
    let by_scheme: serde_json::Map<String, Value> =
        changes(rule, schemes).into_iter().map(|(scheme, setting)| (scheme, setting.into())).collect();
    json!({
        "code": rule.code.as_str(),
        "title": rule.title,
        "severity": rule.severity().name(),
        "severity_by_scheme": by_scheme,
        "message": rule.says,
        "since": rule.since,
        "reads": rule.reads.iter().map(|what| what.name()).collect::<Vec<_>>(),
        "rulebook": rule.rulebook,
        "page": rule.page(),
    })
}

/// The message that no rule has a code, with the nearest code as a guess.
pub(super) fn unknown_code(text: &str) -> String {
    let nearest =
        Code::ALL.into_iter().min_by_key(|code| strsim::damerau_levenshtein(code.as_str(), &text.to_uppercase()));
    let guess = nearest.map_or_else(String::new, |code| format!("; did you mean {code}?"));
    format!("no rule has the code {text}{guess}")
}
