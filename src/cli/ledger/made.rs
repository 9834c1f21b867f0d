//! `sustain ledger new`: what was made.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::cli::screen::Screen;
use crate::ledger::NewLedger;

/// A ledger that was made, as JSON.
#[derive(Debug, Serialize)]
struct LedgerMade<'a> {
    /// The folder's own name: where it lies is nobody else's business.
    ledger: String,
    scheme: &'a str,
    four_eyes: bool,
    parameters: &'a BTreeMap<String, String>,
}

/// Says that a ledger was made; `named` is the folder as it was typed.
pub(super) fn made(new: &NewLedger, named: &Path, screen: &Screen) {
    let scheme = &new.scheme.id;
    if screen.json {
        let ledger = new.folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        screen.print_json(&LedgerMade { ledger, scheme, four_eyes: new.four_eyes, parameters: &new.parameters });
        return;
    }
    let named = named.display();
    let mut text = format!("{named}: a ledger for {scheme}");
    let unpriced: Vec<&str> =
        new.scheme.outcomes.iter().filter(|one| one.price.is_none()).map(|one| one.id.as_str()).collect();
    if !unpriced.is_empty() {
        text += &format!("\n  no price is known for {}: what a claim states is paid for it", unpriced.join(", "));
    }
    text += &format!("\n  sustain month {named} --claims CLAIMS --register REGISTER --earnings EARNINGS");
    screen.say(&text);
}
