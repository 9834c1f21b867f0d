//! `sustain schemas`

use std::fs;
use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use super::exit::Exit;
use super::screen::Screen;
use crate::error::{RunError, describe_io_error};
use crate::interrupt::publishing;
use crate::schemas;

/// `sustain schemas`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  sustain schemas\n  sustain schemas claims\n  sustain schemas --out schemas")]
pub struct SchemasOptions {
    /// One input or output; all of them when left out
    pub name: Option<String>,
    /// Write each to a file of its own in this directory instead
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Prints schemas, or writes them.
///
/// # Errors
/// No input or output has the name, or a file cannot be written.
pub fn run(options: &SchemasOptions, screen: &Screen) -> Result<Exit, RunError> {
    let wanted = |name: &str| options.name.as_deref().is_none_or(|wanted| wanted == name);
    let schemas: Vec<(&str, Value)> = schemas::all().into_iter().filter(|(name, _)| wanted(name)).collect();
    if schemas.is_empty() {
        let known: Vec<&str> = schemas::all().into_iter().map(|(name, _)| name).collect();
        return Err(RunError::choice("no input or output has this name", format!("one of {}", known.join(", "))));
    }
    match &options.out {
        Some(folder) => {
            let failed = |error: std::io::Error| {
                RunError::choice(
                    format!("{} could not be written ({})", folder.display(), describe_io_error(&error)),
                    "",
                )
            };
            publishing(folder, || {
                fs::create_dir_all(folder)?;
                let write = |(name, schema): &(&str, Value)| {
                    fs::write(folder.join(format!("{name}.schema.json")), text(schema))
                };
                schemas.iter().try_for_each(write)
            })
            .map_err(failed)?;
        }
        None => match schemas.as_slice() {
            [(_, schema)] => screen.print(text(schema).trim_end()),
            several => {
                let by_name = several.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
                screen.print(text(&Value::Object(by_name)).trim_end());
            }
        },
    }
    Ok(Exit::Stands)
}

/// A schema as the files hold it.
pub fn text(schema: &Value) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}
