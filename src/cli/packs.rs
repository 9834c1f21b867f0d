//! `sustain packs`

use super::args::PacksOptions;
use super::exit::Exit;
use super::screen::{Screen, number};
use crate::error::RunError;
use crate::packs::{self, Order};
use crate::publish::staging::Existing;

/// Writes each provider's pack and says how many claims are in it.
///
/// # Errors
/// As [`packs::run`].
pub fn run(options: &PacksOptions, screen: &Screen) -> Result<Exit, RunError> {
    let order = Order {
        run: options.run.clone(),
        with_earnings: options.with_earnings,
        out: options.out.clone(),
        existing: if options.replace { Existing::Replace } else { Existing::Keep },
    };
    let packs = packs::run(&order)?;
    if screen.json {
        screen.print_json(&packs)?;
        return Ok(Exit::Stands);
    }
    let named = |id: &str| if id.is_empty() { "(none)".to_owned() } else { id.to_owned() };
    let rows = packs.providers.iter().map(|pack| {
        vec![named(&pack.provider_id), number(pack.claims), format!("{}.csv and {}.html", pack.name, pack.name)]
    });
    let out = order.out.display();
    screen.say(&format!("{out}: a table and a page for each provider\n{}", screen.table(&[1], rows.collect())));
    Ok(Exit::Stands)
}
