//! `sustain rates`

use super::args::{Counted, RatesOptions};
use super::exit::Exit;
use super::named_scheme;
use super::progress::Progress;
use super::screen::{Screen, number};
use crate::error::RunError;
use crate::publish::staging::Existing;
use crate::rates::account::RatesAccount;
use crate::rates::measure::{self, MEASURES, Measure};
use crate::rates::{self, Order, Outcome, broken_down_by};

/// Works out rates and says what they are of; or explains a measure.
///
/// # Errors
/// As [`rates::run`].
pub fn run(options: &RatesOptions, screen: &Screen) -> Result<Exit, RunError> {
    if let Some(name) = &options.define {
        return define(name, screen);
    }
    let missing = || RunError::choice("rates need a scheme, a register and --out", "see sustain rates --help");
    let out = options.out.clone().ok_or_else(missing)?;
    let scheme = named_scheme::named(options.scheme.as_deref().ok_or_else(missing)?, &options.param)?;
    let order = Order {
        by: broken_down_by(&options.by, &scheme),
        scheme,
        register: options.register.clone().ok_or_else(missing)?,
        earnings: options.earnings.clone(),
        funding: options.funding.clone(),
        run: options.run.clone(),
        extract_from: options.extract_from,
        extract_to: options.extract_to,
        each_start: options.count == Counted::Starts,
        on: options.on.clone(),
        sensitivity: options.sensitivity,
        profile: options.disclosure,
        unrounded: options.unrounded,
        out,
        existing: if options.replace { Existing::Replace } else { Existing::Keep },
    };
    let progress = Progress::new(screen);
    let outcome = rates::run(&order, &progress);
    progress.done();
    let outcome = outcome?;
    let (account, is_new) = match &outcome {
        Outcome::Published(account) => (account, true),
        Outcome::AlreadyThere(account) => (account, false),
    };
    if screen.json {
        screen.print_json(account)?;
        return Ok(Exit::Stands);
    }
    let shown = order.out.display().to_string();
    if !is_new {
        screen.say(&format!("these very inputs were counted before; {shown} is left as it is\n"));
    }
    screen.say(&summary(account, &shown));
    Ok(Exit::Stands)
}

fn summary(account: &RatesAccount, out: &str) -> String {
    let register = &account.register;
    let withheld: u64 = account.disclosure.withheld.values().sum();
    let not_used = register.copies + register.differing + register.unreadable;
    let lines = [
        format!(
            "{out}: rates of {} people, {} of whom started ({} starts), counted by {}",
            number(register.people),
            number(register.people_started),
            number(register.starts),
            account.counted,
        ),
        format!(
            "  observed from {} to {}; the extract speaks up to {}",
            account.observed.from, account.observed.to, account.observed.cut_off
        ),
        format!(
            "  not observed: {} without a usable number, {} whose earnings are another's, {} starts after the cut-off",
            number(register.without_nino),
            number(account.not_theirs),
            number(register.starts_after_cut_off),
        ),
        format!("  register: {} rows, {} of them not used and listed", number(register.rows), number(not_used)),
        format!(
            "  disclosure control {}: multiples of {}, {} rows withheld",
            account.disclosure.profile,
            account.disclosure.base,
            number(withheld)
        ),
    ];
    lines.join("\n")
}

fn define(name: &str, screen: &Screen) -> Result<Exit, RunError> {
    let measures: Vec<&Measure> = if name.is_empty() {
        MEASURES.iter().collect()
    } else {
        let unknown = || {
            let near = MEASURES.iter().min_by_key(|known| strsim::damerau_levenshtein(known.name, name));
            let hint = near.map(|near| format!("did you mean {}? ", near.name)).unwrap_or_default();
            RunError::choice(
                format!("there is no measure {name}"),
                format!("{hint}`sustain rates --define` explains all of them"),
            )
        };
        vec![measure::named(name).ok_or_else(unknown)?]
    };
    let page = |measure: &&Measure| {
        let mut lines = vec![
            screen.heading(measure.name),
            format!("  {}", measure.title),
            format!("  formula      {}", measure.kind.formula()),
            format!("  numerator    {}", measure.numerator),
            format!("  denominator  {}", measure.denominator),
        ];
        if !measure.period.is_empty() {
            lines.push(format!("  period       {}", measure.period));
        }
        lines.push(format!("  source       {}", measure.source));
        lines.join("\n")
    };
    screen.print(&measures.iter().map(page).collect::<Vec<_>>().join("\n\n"));
    Ok(Exit::Stands)
}
