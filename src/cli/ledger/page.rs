//! `sustain ledger show LEDGER --page FILE.html`: the ledger on one page.

use std::path::Path;

use serde::Serialize;

use crate::cli::progress::NotesOnly;
use crate::cli::screen::Screen;
use crate::error::RunError;
use crate::files;
use crate::ledger::{Ledger, page::is_page};
use crate::staging::{Existing, OneFile, place_of};

/// What was written, as JSON.
#[derive(Debug, Serialize)]
struct PageWritten {
    page: String,
    months: usize,
    claims: usize,
}

/// Writes the page.
pub(super) fn write(ledger: &Ledger, out: &Path, replace: bool, screen: &Screen) -> Result<(), RunError> {
    const OPTION: &str = "--page";
    let place = place_of(out, &NotesOnly(screen))?;
    if place.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("html")) {
        let problem = format!("{} does not end in .html", out.display());
        return Err(RunError::choice(problem, format!("name a file that does with {OPTION}")));
    }
    Ledger::refuse_within(ledger.folder(), &place, OPTION)?;
    let page = ledger.book.page(&ledger.scheme()?.title);
    let existing = if replace { Existing::Replace } else { Existing::Keep };
    let file = OneFile { out: &place, option: OPTION, what: "page of a ledger", lost: "" };
    file.publish(page.as_bytes(), existing, |there| files::text_of_any_size(there).is_ok_and(|text| is_page(&text)))?;
    if screen.json {
        let (months, claims) = (ledger.book.months.len(), ledger.book.claims.len());
        screen.print_json(&PageWritten { page: out.display().to_string(), months, claims });
    } else {
        screen.say(&format!("{}: the page of {}", out.display(), ledger.folder().display()));
    }
    Ok(())
}
