//! Employment rates of a register: who was referred, who started, who worked when, and what was achieved.
//!
//! ```text
//!  register ─ people ─▶ people ─┐
//!  earnings ─ matching ─▶ payments ─ life ─▶ days ─ asking ─▶ answers ─ count ─▶ counts ─ release ─▶ rows ─▶ tables, page
//!  run ─ claimed ─▶ claims by verdict ──────────────┘                                     │
//!                                                                              disclosure, interval
//! ```
//!
//! Nobody's answer is guessed: days the extract cannot speak for are not observed, and never days out of work.

pub mod account;
mod chart;
mod page;
mod tables;
mod workbook;
mod write;

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::NaiveDate;

use crate::counting::answers::Asking;
use crate::counting::tally::Tables;
use crate::domain::Participant;
use crate::domain::day::{add_days, days_from};
use crate::error::RunError;
use crate::extract::earnings::{Earnings, Unit};
use crate::extract::source::{Source, Surveyed};
use crate::extract::table;
use crate::judge::Law;
use crate::matching::{EarningsRead, Held, Payments, Sought};
use crate::measures::LAG_DAYS;
use crate::measures::question::{self, Frame};
use crate::observations::claims::{ByGroup, Claims};
use crate::observations::outcomes;
use crate::observations::person::{Dimension, Person};
use crate::observations::register::{People, people, stems};
use crate::observations::spending::Spending;
use crate::observations::volumes::{Volumes, years};
use crate::observations::work_history::Observed;
use crate::progress::Watch;
use crate::publish::staging::{self, Existing, Staging};
use crate::release::disclosure::Profile;
use crate::scheme::wage::WageTable;
use crate::scheme::{self, OutcomeKind, Scheme};
use account::{RatesAccount, fingerprint};
pub(crate) use tables::layout;

/// The longest time an extract is taken to speak for: beyond it a mistyped payday is more likely.
const MOST_YEARS: i64 = 30;

/// What rates are asked for.
#[derive(Debug, Clone)]
pub struct Order {
    /// The scheme.
    pub scheme: Scheme,
    /// The register.
    pub register: PathBuf,
    /// Earnings files, folders, globs and stores.
    pub earnings: Vec<PathBuf>,
    /// A file of what was spent.
    pub funding: Option<PathBuf>,
    /// A finished run, for what was claimed.
    pub run: Option<PathBuf>,
    /// The first day the extract speaks for, where it is not its earliest payday.
    pub extract_from: Option<NaiveDate>,
    /// The last day it speaks for, where it is not its latest payday.
    pub extract_to: Option<NaiveDate>,
    /// What results are broken down by. See [`broken_down_by`].
    pub by: Vec<Dimension>,
    /// Whether every start is counted, where otherwise a person is counted once.
    pub each_start: bool,
    /// Dates on which paid employment is asked for.
    pub on: Vec<NaiveDate>,
    /// Whether the first job outcome is also tried under other terms.
    pub sensitivity: bool,
    /// How disclosure is controlled.
    pub profile: Profile,
    /// Whether the working tables are written too.
    pub unrounded: bool,
    /// Where the result goes.
    pub out: PathBuf,
    /// What to do with a result that is already there.
    pub existing: Existing,
}

/// How a run ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// A new result stands.
    Published(RatesAccount),
    /// The result of these very inputs was there already.
    AlreadyThere(RatesAccount),
}

/// The inputs, each looked through once.
struct Inputs {
    register: Surveyed,
    earnings: Earnings,
    funding: Option<Surveyed>,
}

impl Inputs {
    /// Every file, each with what it is read as.
    fn files(&self) -> impl Iterator<Item = (&'static str, &Surveyed)> {
        let earnings = self.earnings.files.iter().map(|file| ("earnings", file));
        std::iter::once(("register", &self.register))
            .chain(earnings)
            .chain(self.funding.iter().map(|file| ("funding", file)))
    }
}

/// What results of a scheme are broken down by, where this is asked for: each once, and by cohort too where the scheme has
/// baselines of cohorts to be held against.
pub fn broken_down_by(asked: &[Dimension], scheme: &Scheme) -> Vec<Dimension> {
    let of_baselines = (!scheme.arrangements.baselines.is_empty()).then_some(Dimension::Cohort);
    let all: BTreeSet<Dimension> = asked.iter().copied().chain(of_baselines).collect();
    all.into_iter().collect()
}

/// Carries out a run.
///
/// # Errors
/// An input, scheme or option that cannot be used; nothing was published then.
pub fn run(order: &Order, watch: &dyn Watch) -> Result<Outcome, RunError> {
    order.scheme.all_supplied()?;
    watch.step("looking through the inputs", None);
    let inputs = Inputs {
        register: Source::new(order.register.clone()).survey()?,
        earnings: Earnings::survey(&order.earnings)?,
        funding: order.funding.clone().map(|path| Source::new(path).survey()).transpose()?,
    };
    let claims = order.run.as_ref().map(|run| Claims::read(run, &order.scheme.id)).transpose()?;
    let fingerprint = fingerprint(order, &inputs, claims.as_ref().map(Claims::fingerprint));
    if order.out.exists() {
        match account::read(&order.out) {
            Some(account) if account.fingerprint == fingerprint => {
                // A run that was killed after its last step may have left its room.
                Staging::sweep(&order.out)?;
                return Ok(Outcome::AlreadyThere(account));
            }
            Some(_) if order.existing == Existing::Replace => {}
            Some(_) | None => return Err(staging::already_there(&order.out)),
        }
    }
    let staging = Staging::beside(&order.out)?;
    let figures = figures(order, &inputs, claims.as_ref(), watch)?;
    watch.step("writing the result", None);
    let account = write::write(order, &inputs, &figures, fingerprint, &staging)?;
    for (_, file) in inputs.files() {
        file.still_the_same().map_err(|error| RunError::Untrusted(error.to_string()))?;
    }
    staging.publish(order.existing)?;
    Ok(Outcome::Published(account))
}

/// Everything counted.
struct Figures {
    frame: Frame,
    people: People,
    earnings: EarningsRead,
    cells: Vec<question::Cell>,
    tables: Tables,
    claimed: ByGroup,
    /// The fingerprint of the run whose claims were counted.
    run: Option<String>,
}

fn figures(order: &Order, inputs: &Inputs, claims: Option<&Claims>, watch: &dyn Watch) -> Result<Figures, RunError> {
    watch.step("reading the register", None);
    let table = table::read(&inputs.register, &Participant::COLUMNS)?;
    let units = inputs.earnings.units()?;
    watch.step("reading the earnings", units.iter().map(Unit::rows).sum());
    let sought = Sought { people: stems(&table), paydays: true, most_bytes: None };
    let (held, earnings) = Payments::kept(&inputs.earnings, &units, &sought, &|rows| watch.advance(rows))?;
    let Held::Everyone(payments) = held else {
        return Err(RunError::Untrusted("payments without a ceiling were not held".into()));
    };
    let frame = frame(order, inputs, &earnings, claims.is_some())?;
    let people = people(&table, order.each_start, frame.cut_off);
    let law = Law { scheme: order.scheme.clone(), wages: WageTable::built_in()?, cut_off: Some(frame.cut_off) };
    let cells = frame.cells(&people.all);
    watch.step("counting", u64::try_from(people.all.len()).ok());
    let asking = Asking { law: &law, frame: &frame, payments: &payments, claims };
    let tables = Tables::of(
        &people.all,
        &cells,
        |person| {
            watch.advance(1);
            asking.answers(person, &cells)
        },
        |person| levels(person, &order.by),
    );
    Ok(Figures {
        claimed: claims.map(|claims| claims.by_group(&order.by)).unwrap_or_default(),
        run: claims.map(|claims| claims.fingerprint().to_owned()),
        frame,
        people,
        earnings,
        cells,
        tables,
    })
}

/// A person's levels of the dimensions asked for.
fn levels(person: &Person, by: &[Dimension]) -> Vec<(Dimension, String)> {
    let all = Dimension::ALL.into_iter().zip(&person.levels);
    all.filter(|(dimension, _)| by.contains(dimension)).map(|(dimension, level)| (dimension, level.clone())).collect()
}

/// What the rates are taken over: the days the extract can speak for.
fn frame(order: &Order, inputs: &Inputs, earnings: &EarningsRead, has_claims: bool) -> Result<Frame, RunError> {
    let paydays = earnings.paydays;
    let from = order.extract_from.or(paydays.map(|paydays| paydays.earliest));
    let cut_off = order.extract_to.or(paydays.map(|paydays| paydays.latest));
    let (Some(from), Some(cut_off)) = (from, cut_off) else {
        return Err(RunError::choice("the extract holds no payday", "rates need an extract with payments"));
    };
    let observed = Observed { from, to: add_days(cut_off, -LAG_DAYS) };
    let days = days_from(observed.from, observed.to);
    if !(0..=366 * MOST_YEARS).contains(&days) {
        return Err(RunError::choice(
            format!("the extract would be observed from {} to {}", observed.from, observed.to),
            "give --extract-from and --extract-to the days it speaks for (a mistyped payday may be the cause)",
        ));
    }
    let outcomes = order.scheme.outcomes.iter().map(|outcome| (outcome.id.clone(), outcomes::window(outcome, cut_off)));
    Ok(Frame {
        cut_off,
        observed,
        outcomes: outcomes.collect(),
        on: order.on.clone(),
        changes: changes(order),
        has_claims,
        years: if Volumes::of(&order.scheme).are_known() { years(&order.scheme, cut_off) } else { Vec::new() },
        spending: match &inputs.funding {
            Some(funding) => Some(Spending::read(funding)?),
            None => Spending::of_scheme(&order.scheme),
        },
    })
}

/// The changes of terms that are tried, and the place of the outcome whose terms they are.
fn changes(order: &Order) -> Option<(usize, Vec<String>)> {
    let of_jobs = |outcome: &scheme::Outcome| matches!(outcome.kind, OutcomeKind::SustainedHours { .. });
    let place = order.scheme.outcomes.iter().position(of_jobs).filter(|_| order.sensitivity)?;
    Some((place, outcomes::changes().into_iter().map(|(name, _)| name).collect()))
}
