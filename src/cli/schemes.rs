//! `sustain schemes`

use clap::{Args, Subcommand};
use serde_json::json;

use super::exit::Exit;
use super::named_scheme::{named, text_of};
use super::screen::Screen;
use crate::error::RunError;
use crate::rules::allows;
use crate::scheme::page::{Section, differences, sections};
use crate::scheme::{BUILT_IN, Mistakes, Scheme, load};
use crate::trial;

/// `sustain schemes`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sustain schemes
  sustain schemes show whp
  sustain schemes show lse-poc-2017 --toml > mine.toml
  sustain schemes check mine.toml
  sustain schemes diff lse-poc-2017 mine.toml")]
pub struct SchemesOptions {
    /// What to do; lists the schemes when left out
    #[command(subcommand)]
    pub command: Option<SchemesCommand>,
}

/// The verbs of `sustain schemes`.
#[derive(Debug, Subcommand)]
pub enum SchemesCommand {
    /// Print a scheme as a page: what counts, from when, and on whose authority
    Show {
        /// A built-in scheme or a scheme file
        scheme: String,
        /// Print the scheme file itself, as a start for one of your own
        #[arg(long)]
        toml: bool,
    },
    /// Find every mistake in a scheme file; if there is none, try it on claims made from its own numbers
    Check {
        /// A scheme file or a built-in scheme
        file: String,
    },
    /// Describe the differences between two schemes
    Diff {
        /// A built-in scheme or a scheme file
        one: String,
        /// Another
        other: String,
    },
}

/// Lists the schemes, or shows, checks or compares them.
///
/// # Errors
/// There is no such scheme, or its file has mistakes.
pub fn run(options: &SchemesOptions, screen: &Screen) -> Result<Exit, RunError> {
    match &options.command {
        None => list(screen),
        Some(SchemesCommand::Show { scheme, toml: true }) => {
            let text = text_of(scheme)?;
            screen.print(text.trim_end());
            Ok(Exit::Stands)
        }
        Some(SchemesCommand::Show { scheme, toml: false }) => show(scheme, screen),
        Some(SchemesCommand::Check { file }) => check(file, screen),
        Some(SchemesCommand::Diff { one, other }) => diff(one, other, screen),
    }
}

fn list(screen: &Screen) -> Result<Exit, RunError> {
    let schemes: Vec<Scheme> = BUILT_IN.iter().map(|(id, _)| named(id, &[])).collect::<Result<_, _>>()?;
    let outcomes =
        |scheme: &Scheme| -> Vec<String> { scheme.outcomes.iter().map(|outcome| outcome.id.clone()).collect() };
    let needs =
        |scheme: &Scheme| -> Vec<String> { scheme.missing().iter().map(|missing| missing.id.clone()).collect() };
    if screen.json {
        let rows: Vec<_> = schemes
            .iter()
            .map(|scheme| {
                json!({
                    "id": scheme.id,
                    "title": scheme.title,
                    "status": scheme.status.name(),
                    "about": scheme.about,
                    "outcomes": outcomes(scheme),
                    "needs": needs(scheme),
                    "hash": scheme.hash,
                })
            })
            .collect();
        screen.print_json(&rows);
        return Ok(Exit::Stands);
    }
    let rows = schemes.iter().map(|scheme| {
        let needs = needs(scheme);
        let needs = if needs.is_empty() { String::new() } else { format!("needs --param {}", needs.join(", ")) };
        vec![scheme.id.clone(), scheme.status.name().to_owned(), scheme.title.clone(), needs]
    });
    let table = screen.table(&[], rows.collect());
    screen.print(&format!(
        "{}\n{table}\n\n  sustain schemes show ID says what is decided and on whose authority",
        screen.heading("Schemes")
    ));
    Ok(Exit::Stands)
}

fn show(name: &str, screen: &Screen) -> Result<Exit, RunError> {
    let scheme = named(name, &[])?;
    let sections = sections(&scheme);
    if screen.json {
        let section = |section: &Section| {
            let entries: Vec<_> = section
                .entries
                .iter()
                .map(|entry| json!({"subject": entry.subject, "says": entry.says, "authority": entry.authority}))
                .collect();
            json!({"title": section.title, "entries": entries})
        };
        let page = json!({
            "id": scheme.id,
            "title": scheme.title,
            "status": scheme.status.name(),
            "about": scheme.about,
            "hash": scheme.hash,
            "sections": sections.iter().map(section).collect::<Vec<_>>(),
        });
        screen.print_json(&page);
        return Ok(Exit::Stands);
    }
    let mut page = format!(
        "{}\n  {}: {}\n\n{}",
        screen.heading(&format!("{} ({})", scheme.title, scheme.id)),
        scheme.status.name(),
        scheme.status.meaning(),
        screen.wrap(&scheme.about, 2)
    );
    for section in &sections {
        page.push_str(&format!("\n\n{}", screen.heading(&section.title)));
        for entry in &section.entries {
            page.push_str(&format!("\n{}", screen.wrap(&format!("{}: {}", entry.subject, entry.says), 2)));
            if !entry.authority.is_empty() {
                page.push_str(&format!("\n{}", screen.wrap(&entry.authority, 6)));
            }
        }
    }
    screen.print(&page);
    Ok(Exit::Stands)
}

/// Prints all mistakes of a file; a file without mistakes is tried on claims made from its own numbers.
fn check(file: &str, screen: &Screen) -> Result<Exit, RunError> {
    let text = text_of(file)?;
    let scheme = match load::load(&text, allows) {
        Ok(scheme) => scheme,
        Err(Mistakes(mistakes)) => {
            if screen.json {
                let rows = mistakes.iter().map(|mistake| {
                    json!({"line": mistake.line, "column": mistake.column, "problem": mistake.problem, "hint": mistake.hint})
                });
                screen.print_json(&json!({"file": file, "mistakes": rows.collect::<Vec<_>>()}));
                return Ok(Exit::Unusable);
            }
            return Err(RunError::Scheme { file: file.to_owned(), mistakes: Mistakes(mistakes) });
        }
    };
    let trials = trial::decide(&scheme)?;
    let failed: Vec<&trial::Tried> = trials.iter().filter(|tried| !tried.came_out()).collect();
    if screen.json {
        let row = |tried: &trial::Tried| json!({"case": tried.name, "expected": tried.expected.to_string(), "found": tried.found.to_string(), "as_expected": tried.came_out()});
        let rows: Vec<_> = trials.iter().map(row).collect();
        screen.print_json(&json!({"file": file, "mistakes": [], "cases": rows}));
    } else {
        let state =
            if failed.is_empty() { "no mistakes" } else { "no mistakes, but not every case comes out as expected" };
        let mut said = format!("{}: {state}, {}", scheme.title, scheme.status.name());
        for missing in scheme.missing() {
            said.push_str(&format!(
                "\n  a run needs --param {}=VALUE; the cases below were tried with its example",
                missing.id
            ));
        }
        said.push_str(&format!(
            "\n  {} claims made from its own numbers were decided: {} came out as expected",
            trials.len(),
            trials.len() - failed.len()
        ));
        for tried in &failed {
            said.push_str(&format!("\n  {}: expected {}, found {}", tried.name, tried.expected, tried.found));
        }
        screen.say(&said);
    }
    Ok(if failed.is_empty() { Exit::Stands } else { Exit::Unusable })
}

fn diff(one: &str, other: &str, screen: &Screen) -> Result<Exit, RunError> {
    let differences = differences(&named(one, &[])?, &named(other, &[])?);
    if screen.json {
        let rows: Vec<_> =
            differences.iter().map(|of| json!({"about": of.about, "one": of.one, "other": of.other})).collect();
        screen.print_json(&rows);
        return Ok(Exit::Stands);
    }
    if differences.is_empty() {
        screen.print(&format!("{one} and {other} do not differ"));
        return Ok(Exit::Stands);
    }
    let status = |name: &str| named(name, &[]).map(|scheme| format!("{name} ({})", scheme.status.name()));
    let heading = format!("{} and {}", status(one)?, status(other)?);
    let said = |says: &Option<String>| says.clone().unwrap_or_else(|| "not stated".into());
    let lines: Vec<String> = differences
        .iter()
        .map(|of| {
            let (first, second) = (format!("{one}: {}", said(&of.one)), format!("{other}: {}", said(&of.other)));
            format!("{}\n{}\n{}", screen.heading(&of.about), screen.wrap(&first, 2), screen.wrap(&second, 2))
        })
        .collect();
    screen.print(&format!("{heading}\n\n{}", lines.join("\n\n")));
    Ok(Exit::Stands)
}
