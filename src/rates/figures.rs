//! Reads the inputs of a set of rates and counts everyone in the register.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytesize::ByteSize;

use super::RatesRequest;
use super::inputs::RatesInputs;
use crate::account::ExtractDays;
use crate::counting::PopulationCounts;
use crate::domain::day::{add_days, days_from};
use crate::domain::{GivenDays, Participant, SetAsideShare};
use crate::error::RunError;
use crate::extract::earnings::Split;
use crate::extract::table;
use crate::judge::DecisionContext;
use crate::matching::{EarningsQuery, EarningsRead, PaymentsByStem, PaymentsOrCounts};
use crate::measures::{Measure, Question, questions};
use crate::memory;
use crate::observations::claims::{ClaimsByGroup, RunClaims};
use crate::observations::facts::FactSources;
use crate::observations::levels::PublishedLevels;
use crate::observations::outcomes;
use crate::observations::person::{Dimension, GroupKey};
use crate::observations::register::{RegisterPeople, people, stems};
use crate::observations::scope::{LAG_DAYS, OutcomeInScope, Scope, Sensitivity};
use crate::observations::spending::Spending;
use crate::observations::unclaimed::{WouldBeVerdict, would_be_verdicts};
use crate::observations::volumes::{Volumes, years};
use crate::observations::work_history::ObservedPeriod;
use crate::progress::ProgressSink;
use crate::scheme;
use crate::scheme::wage::WageTable;

/// The longest time an extract is taken to speak for: beyond it a mistyped payday is more likely.
const MOST_YEARS: i64 = 30;

/// The counts, with the inputs they come from.
pub(super) struct RatesFigures {
    pub(super) scope: Scope,
    pub(super) people: RegisterPeople,
    pub(super) earnings: EarningsRead,
    /// What the extract can speak for.
    pub(super) extract_days: ExtractDays,
    pub(super) questions: Vec<(&'static Measure, Question)>,
    /// The levels under which figures are published.
    pub(super) levels: PublishedLevels,
    pub(super) counts: PopulationCounts,
    /// What a claim would come to for each outcome that nobody claimed.
    pub(super) would_be_verdicts: Vec<WouldBeVerdict>,
    pub(super) claims: ClaimsByGroup,
    /// The fingerprint of the run whose claims were counted.
    pub(super) run: Option<String>,
}

impl RatesFigures {
    /// Reads the inputs and counts everyone.
    pub(super) fn of(
        request: &RatesRequest,
        inputs: &RatesInputs,
        claims: Option<&RunClaims>,
        progress: &dyn ProgressSink,
    ) -> Result<Self, RunError> {
        progress.step("reading the register", None);
        let table = table::read(&inputs.register, &Participant::COLUMNS)?;
        let accepted = SetAsideShare::OF_TABLE.raised_to(request.set_aside);
        table.holds_records(&inputs.register, accepted)?;
        let splits = inputs.earnings.splits()?;
        progress.step("reading the earnings", splits.iter().map(Split::rows).sum());
        let sought = EarningsQuery {
            people: stems(&table),
            births: Vec::new(),
            paydays: true,
            most_bytes: memory::left_for_payments(request.memory, progress)?,
            set_aside: request.set_aside,
            quarantine: None,
        };
        let (held, earnings) =
            PaymentsByStem::kept(&inputs.earnings, &splits, &sought, &|rows| progress.advance(rows))?;
        let payments = match held {
            PaymentsOrCounts::Everyone(payments) => payments,
            PaymentsOrCounts::Counted(counted) => {
                let size = ByteSize(counted.bytes()).display().iec();
                let exceeded = memory::exceeded(request.memory);
                return Err(RunError::choice(
                    format!("about {size} of payments of the register's people exceed {exceeded}"),
                    "give --memory more, or the register in parts, one contract after the other",
                ));
            }
        };
        let scope = scope(request, inputs, &earnings, claims.is_some())?;
        let people = people(&table, request.each_start, scope.cut_off);
        inputs.register.source.is_accepted(&people.tally, accepted)?;
        let context = DecisionContext {
            scheme: request.scheme.clone(),
            wages: WageTable::built_in()?,
            observed: Arc::clone(&scope.observed.days),
        };
        let questions = questions(&scope, &people.all);
        progress.step("counting", u64::try_from(people.all.len()).ok());
        let sources = FactSources { context: &context, scope: &scope, payments: &payments, claims };
        let levels = PublishedLevels::of(&people.all, request.profile.safe_threshold);
        let counts = PopulationCounts::of(&people.all, &questions, &scope, &levels, |person| {
            progress.advance(1);
            sources.of(person)
        });
        let would_be_verdicts = would_be_verdicts(&context, &table, &counts.unclaimed, &payments);
        let given = GivenDays { from: request.extract_from, to: request.extract_to };
        Ok(Self {
            extract_days: ExtractDays::new(&earnings.all_paydays().months(), given, &scope.observed.days),
            claims: claims.map(|claims| claims.by_group(&levels, &contracts(&counts))).unwrap_or_default(),
            levels,
            run: claims.map(|claims| claims.fingerprint().to_owned()),
            scope,
            people,
            earnings,
            questions,
            counts,
            would_be_verdicts,
        })
    }
}

/// The contracts that are published.
fn contracts(counts: &PopulationCounts) -> BTreeSet<&str> {
    let contract = |group: &'_ GroupKey| group.as_ref().is_some_and(|(dimension, _)| *dimension == Dimension::Contract);
    let own = counts.groups.keys().filter(|group| contract(group));
    own.flatten().map(|(_, level)| level.as_str()).collect()
}

/// The scope of the rates: the days the extract can speak for, the outcomes, and the options.
fn scope(
    request: &RatesRequest,
    inputs: &RatesInputs,
    earnings: &EarningsRead,
    has_claims: bool,
) -> Result<Scope, RunError> {
    let paydays = earnings.all_paydays();
    let extract = Arc::new(paydays.months().observed(GivenDays { from: request.extract_from, to: request.extract_to }));
    // A small extract says nothing of its own beginning: then it is the earliest payday.
    let from = extract.from.or_else(|| paydays.days().next().map(|(earliest, _)| earliest));
    let (Some(from), Some(cut_off)) = (from, extract.cut_off) else {
        return Err(RunError::choice("the extract holds no payday", "rates need an extract with payments"));
    };
    let observed = ObservedPeriod { from, to: add_days(cut_off, -LAG_DAYS), days: extract };
    let days = days_from(observed.from, observed.to);
    if !(0..=366 * MOST_YEARS).contains(&days) {
        return Err(RunError::choice(
            format!("the extract would be observed from {} to {}", observed.from, observed.to),
            "give --extract-from and --extract-to the days it speaks for (a mistyped payday may be the cause)",
        ));
    }
    let outcomes = request.scheme.outcomes.iter();
    let outcomes = outcomes
        .map(|outcome| OutcomeInScope { id: outcome.id.clone(), window_days: outcomes::window(outcome, cut_off) });
    let spending = match &inputs.funding {
        Some(funding) => Some(Spending::read(funding)?),
        None => Spending::of_scheme(&request.scheme),
    };
    Ok(Scope {
        cut_off,
        observed,
        outcomes: outcomes.collect(),
        fewest_starts: usize::try_from(request.profile.safe_threshold).unwrap_or(usize::MAX),
        on: request.on.clone(),
        sensitivity: sensitivity(request),
        has_claims,
        years: if Volumes::of(&request.scheme).are_known() { years(&request.scheme, cut_off) } else { Vec::new() },
        spending: spending.map(Arc::new),
    })
}

/// The changes of terms that are tried, and the outcome whose terms they are: the scheme's first job outcome.
fn sensitivity(request: &RatesRequest) -> Option<Sensitivity> {
    let is_tried = |outcome: &scheme::Outcome| outcome.kind.is_tried_under_changed_terms();
    let outcome = request.scheme.outcomes.iter().position(is_tried).filter(|_| request.sensitivity)?;
    Some(Sensitivity { outcome, changes: outcomes::changes().into_iter().map(|(name, _)| name).collect() })
}
