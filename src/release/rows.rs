//! From counts to rows that may be published: withheld, rounded, and only then made into rates.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::disclosure::{Profile, Withheld};
use crate::counting::tally::{Count, Counts, Tables};
use crate::measures::question::Cell;
use crate::measures::{Kind, MEASURES, Measure};
use crate::observations::claims::Claimed;
use crate::observations::person::{Dimension, Group};
use crate::observations::spending::{self, Spending};
use crate::observations::volumes::{Volumes, Year};
use crate::scheme::cited::Share as TargetShare;
use crate::statistics::{self, Share};

/// One row of the result.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What is measured.
    pub measure: &'static Measure,
    /// The week, month, outcome or date.
    pub period: String,
    /// What the row is broken down by; `all` for everyone.
    pub group: &'static str,
    /// The level of the group.
    pub level: String,
    /// Who is counted.
    pub numerator: Option<u64>,
    /// Of whom.
    pub denominator: Option<u64>,
    /// How many would belong to the denominator and are not observed.
    pub not_observed: Option<u64>,
    /// The rate, the change, or the weeks.
    pub rate: Option<f64>,
    /// The lower end of its 95% interval.
    pub lower: Option<f64>,
    /// The upper end.
    pub upper: Option<f64>,
    /// The rate if every undecided claim came to nothing.
    pub lower_bound: Option<f64>,
    /// The rate if every undecided claim came to be validated.
    pub upper_bound: Option<f64>,
    /// Why the row is withheld, where it is.
    pub withheld: Option<Withheld>,
    /// What a reader must know.
    pub note: String,
}

/// A share of people that a scheme expects to meet an outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The outcome.
    pub outcome: String,
    /// The share expected.
    pub share: TargetShare,
}

/// What counts are held against.
#[derive(Debug, Clone, Default)]
pub struct Beside<'a> {
    /// Claims by outcome and group.
    pub claimed: BTreeMap<(String, Group), Claimed>,
    /// The scheme's targets.
    pub targets: Vec<Target>,
    /// The share of each cohort that was in employment before the scheme.
    pub baselines: Vec<(String, TargetShare)>,
    /// The years of the programme and how many people are expected in each.
    pub years: &'a [Year],
    /// See `years`.
    pub volumes: Volumes,
    /// What was spent.
    pub spending: Option<&'a Spending>,
}

/// Exact figures of one row, before anything is withheld or rounded.
#[derive(Debug, Clone)]
struct Exact {
    measure: &'static Measure,
    /// The place of the period among those of the measure.
    place: usize,
    period: String,
    group: Group,
    figure: Figure,
    /// The share expected, where the row is held against one.
    target: Option<TargetShare>,
}

#[derive(Debug, Clone)]
enum Figure {
    Counted(Count),
    Weeks { weeks: Vec<u64>, not_observed: u64 },
    Claimed(Claimed),
    Volume { people: u64, expected: u64 },
    Cost { pence: u64, bought: u64, funded: u64, not_observed: u64 },
}

impl Exact {
    /// What must not be small: numerators and the denominator they are of.
    fn parts(&self) -> (Vec<u64>, u64) {
        match &self.figure {
            Figure::Counted(count) if self.measure.kind == Kind::Count => (Vec::new(), count.yes),
            Figure::Counted(count) if self.measure.kind == Kind::Change => {
                (vec![count.yes, count.lost], count.denominator())
            }
            Figure::Counted(count) => (vec![count.yes], count.denominator()),
            Figure::Weeks { weeks, .. } => (Vec::new(), weeks.iter().sum()),
            Figure::Claimed(claimed) => (vec![claimed.validated, claimed.validated + claimed.queried], claimed.all()),
            Figure::Volume { people, .. } => (Vec::new(), *people),
            // Everyone who started is a start.
            Figure::Cost { funded, .. } if self.measure.name == "cost_per_start" => (Vec::new(), *funded),
            Figure::Cost { bought, funded, .. } => (vec![*bought], *funded),
        }
    }

    fn withheld(&self, profile: Profile) -> Option<Withheld> {
        let (numerators, denominator) = self.parts();
        if numerators.is_empty() {
            return profile.withholds_group(denominator);
        }
        numerators.iter().find_map(|numerator| profile.withholds(*numerator, denominator))
    }

    /// By what the smallest row of a table is told.
    fn size(&self) -> (u64, u64) {
        let (numerators, denominator) = self.parts();
        (numerators.first().copied().unwrap_or(denominator), denominator)
    }
}

/// The rows of a result under a profile, in the order of the measures, then of period, group and level.
pub fn rows(tables: &Tables, cells: &[Cell], beside: &Beside<'_>, profile: Profile) -> Vec<Row> {
    let exact = exact(tables, cells, beside, profile);
    let withheld = withheld(&exact, profile);
    let rows: Vec<Row> =
        exact.iter().zip(withheld).flat_map(|(exact, withheld)| row(exact, profile, withheld)).collect();
    with_baselines(rows, &beside.baselines)
}

fn exact(tables: &Tables, cells: &[Cell], beside: &Beside<'_>, profile: Profile) -> Vec<Exact> {
    let mut all = Vec::new();
    for measure in &MEASURES {
        let of_cells = cells.iter().enumerate().filter(|(_, cell)| cell.measure == measure.name);
        for (place, cell) in of_cells {
            for (group, Counts { cells: counts, .. }) in &tables.groups {
                let count = counts.get(place).copied().unwrap_or_default();
                let one = Exact {
                    measure,
                    place,
                    period: cell.period.clone(),
                    group: group.clone(),
                    figure: Figure::Counted(count),
                    target: None,
                };
                match measure.kind {
                    Kind::Cost => all.extend(costs(&one, count, beside.spending, profile)),
                    Kind::Volume => all.extend(beside_volume(&one, count, beside)),
                    Kind::Count | Kind::Rate | Kind::Change | Kind::Weeks => all.push(one),
                }
            }
        }
        if measure.kind == Kind::Weeks {
            all.extend(tables.groups.iter().map(|(group, counts)| Exact {
                measure,
                place: 0,
                period: String::new(),
                group: group.clone(),
                figure: Figure::Weeks { weeks: counts.weeks.clone(), not_observed: counts.weeks_not_observed },
                target: None,
            }));
        }
        if measure.name == "outcome_by_claim" {
            all.extend(beside.claimed.iter().map(|((outcome, group), claimed)| Exact {
                measure,
                place: 0,
                period: outcome.clone(),
                group: group.clone(),
                figure: Figure::Claimed(*claimed),
                target: None,
            }));
        }
    }
    all.extend(
        beside
            .targets
            .iter()
            .enumerate()
            .filter_map(|(number, target)| {
                let reached = all.iter().find(|exact| {
                    let is_outcome =
                        exact.measure.name == "outcome_by_evidence_matured" && exact.period == target.outcome;
                    is_outcome && exact.group.is_none()
                })?;
                let measure = MEASURES.iter().find(|measure| measure.name == "target")?;
                Some(Exact { measure, place: number, target: Some(target.share), ..reached.clone() })
            })
            .collect::<Vec<_>>(),
    );
    // A level nobody of which was asked says nothing.
    all.retain(|exact| {
        exact.group.is_none() || 0 < exact.parts().1 || exact.not_observed().is_some_and(|count| 0 < count)
    });
    all
}

/// What one count cost, by whose money it was.
fn costs(one: &Exact, count: Count, spending: Option<&Spending>, profile: Profile) -> Vec<Exact> {
    let funded = count.denominator() + count.not_observed;
    let Some(money) = spending.and_then(|spending| spending.of(&one.group, profile.rounded(funded))) else {
        return Vec::new();
    };
    let cost = |(number, (share, name)): (usize, (spending::Share, &str))| Exact {
        // Each share is a table of its own: what is withheld of one is withheld of all.
        place: one.place * spending::Share::ALL.len() + number,
        period: [one.period.as_str(), name].join(" ").trim().to_owned(),
        figure: Figure::Cost { pence: money.pence(share), bought: count.yes, funded, not_observed: count.not_observed },
        ..one.clone()
    };
    spending::Share::ALL.into_iter().enumerate().map(cost).collect()
}

/// A count of a year beside what was expected of the year.
fn beside_volume(one: &Exact, count: Count, beside: &Beside<'_>) -> Option<Exact> {
    let year = beside.years.iter().find(|year| year.name() == one.period)?;
    let expected = year.part_of(beside.volumes.of_group(&one.group)?);
    Some(Exact { figure: Figure::Volume { people: count.yes, expected }, ..one.clone() })
}

/// Adds what cohorts' employment is beside their baselines: the published rows of the cohorts once more, so that what is
/// withheld there is withheld here.
fn with_baselines(mut rows: Vec<Row>, baselines: &[(String, TargetShare)]) -> Vec<Row> {
    let Some(measure) = MEASURES.iter().find(|measure| measure.name == "baseline") else { return rows };
    let employed = |row: &&Row| matches!(row.measure.name, "employed_before" | "employed_after");
    let own = baselines.iter().flat_map(|(cohort, share)| {
        let of_cohort = |row: &&Row| row.group == Dimension::Cohort.name() && row.level == *cohort;
        rows.iter().filter(employed).filter(of_cohort).map(|row| {
            let ends = row.rate.zip(row.lower).zip(row.upper);
            let own = ends.map(|((value, lower), upper)| Share { value, lower, upper });
            let note = if row.withheld.is_some() { String::new() } else { stands(*share, own) };
            Row { measure, note, ..row.clone() }
        })
    });
    let own: Vec<Row> = own.collect();
    let of_increase = |row: &Row| row.measure.name == "increase";
    let place = rows.iter().rposition(of_increase).map_or(rows.len(), |place| place + 1);
    rows.splice(place..place, own);
    rows
}

/// How a cohort stands beside its baseline.
fn stands(baseline: TargetShare, share: Option<Share>) -> String {
    let says = match share.map(|share| statistics::against(share, baseline.hundredths())) {
        Some(Ordering::Greater) => "above",
        Some(Ordering::Less) => "below",
        Some(Ordering::Equal) | None => "undecided",
    };
    format!("baseline {baseline}: {says}")
}

impl Exact {
    fn not_observed(&self) -> Option<u64> {
        match &self.figure {
            Figure::Counted(_) if self.measure.kind == Kind::Count => None,
            Figure::Counted(count) => Some(count.not_observed),
            Figure::Weeks { not_observed, .. } | Figure::Cost { not_observed, .. } => Some(*not_observed),
            Figure::Claimed(_) | Figure::Volume { .. } => None,
        }
    }
}

/// Why each row is withheld, where it is: by itself; and wherever one is withheld alone among the levels of a table, or among
/// the periods of a level, another with it, until none is alone. A row that counts the people of another row once more is
/// withheld with it.
fn withheld(exact: &[Exact], profile: Profile) -> Vec<Option<Withheld>> {
    let mut withheld: Vec<Option<Withheld>> = exact.iter().map(|exact| exact.withheld(profile)).collect();
    let mut lines: BTreeMap<(&str, Option<usize>, &str, Option<&Group>), Vec<usize>> = BTreeMap::new();
    for (index, one) in exact.iter().enumerate() {
        let dimension = one.group.as_ref().map_or("all", |(dimension, _)| dimension.name());
        lines.entry((one.measure.name, Some(one.place), dimension, None)).or_default().push(index);
        lines.entry((one.measure.name, None, dimension, Some(&one.group))).or_default().push(index);
    }
    let bases = bases(exact);
    loop {
        let mut changed = false;
        for (index, base) in bases.iter().enumerate() {
            let follows = base.and_then(|base| withheld.get(base)).is_some_and(Option::is_some);
            if let Some(own) = withheld.get_mut(index).filter(|own| follows && own.is_none()) {
                *own = Some(Withheld::ToProtectAnother);
                changed = true;
            }
        }
        for line in lines.values().filter(|line| 1 < line.len()) {
            let is_withheld = |index: &&usize| withheld.get(**index).is_some_and(Option::is_some);
            if line.iter().filter(is_withheld).count() != 1 {
                continue;
            }
            let others = line.iter().filter(|index| !is_withheld(index));
            let smallest = others.min_by_key(|index| (exact.get(**index).map(Exact::size), **index)).copied();
            if let Some(place) = smallest.and_then(|index| withheld.get_mut(index)) {
                *place = Some(Withheld::ToProtectAnother);
                changed = true;
            }
        }
        if !changed {
            return withheld;
        }
    }
}

/// For each row the row whose people it counts once more, under the same group, where there is one.
fn bases(exact: &[Exact]) -> Vec<Option<usize>> {
    let of_group: BTreeMap<(&str, &str, &Group), usize> = exact
        .iter()
        .enumerate()
        .map(|(index, one)| ((one.measure.name, one.period.as_str(), &one.group), index))
        .collect();
    let base = |one: &Exact| {
        let (measure, period) = match one.measure.name {
            "starts_of_volume" | "cost_per_start" => ("started", ""),
            "cost_per_job_start" => ("first_earnings_full", ""),
            "cost_per_outcome" => ("outcome_by_evidence_full", one.period.rsplit_once(' ')?.0),
            _ => return None,
        };
        of_group.get(&(measure, period, &one.group)).copied()
    };
    exact.iter().map(base).collect()
}

fn row(exact: &Exact, profile: Profile, withheld: Option<Withheld>) -> Vec<Row> {
    let (group, level) = match &exact.group {
        None => ("all", "all".to_owned()),
        Some((dimension, level)) => (dimension.name(), level.clone()),
    };
    let empty = Row {
        measure: exact.measure,
        period: exact.period.clone(),
        group,
        level,
        numerator: None,
        denominator: None,
        not_observed: exact.not_observed().and_then(|count| profile.published(count)),
        rate: None,
        lower: None,
        upper: None,
        lower_bound: None,
        upper_bound: None,
        withheld,
        note: String::new(),
    };
    if withheld.is_some() {
        return match &exact.figure {
            Figure::Weeks { .. } => {
                WEEKS.iter().map(|(name, _)| Row { period: (*name).into(), ..empty.clone() }).collect()
            }
            Figure::Counted(_) | Figure::Claimed(_) | Figure::Volume { .. } | Figure::Cost { .. } => vec![empty],
        };
    }
    let rounded = |count: u64| profile.rounded(count);
    match &exact.figure {
        Figure::Counted(count) if exact.measure.kind == Kind::Count => {
            vec![Row { numerator: Some(rounded(count.yes)), ..empty }]
        }
        Figure::Counted(count) if exact.measure.kind == Kind::Change => {
            let (gained, lost, people) = (rounded(count.yes), rounded(count.lost), rounded(count.denominator()));
            let note = format!("{gained} gained and {lost} lost");
            let row = Row { numerator: Some(gained), denominator: Some(people), note, ..empty };
            vec![with(row, statistics::paired(gained, lost, people))]
        }
        Figure::Counted(count) => {
            let (numerator, denominator) = (rounded(count.yes), rounded(count.denominator()));
            let share = statistics::wilson(numerator, denominator);
            let note = exact.target.map(|target| reached(target, share)).unwrap_or_default();
            vec![with(Row { numerator: Some(numerator), denominator: Some(denominator), note, ..empty }, share)]
        }
        Figure::Claimed(claimed) => {
            let all = rounded(claimed.all());
            let (validated, possible) = (rounded(claimed.validated), rounded(claimed.all() - claimed.rejected));
            let row = Row {
                numerator: Some(validated),
                denominator: Some(all),
                lower_bound: statistics::share(validated, all),
                upper_bound: statistics::share(possible.min(all), all),
                ..empty
            };
            vec![with(row, statistics::wilson(validated, all))]
        }
        Figure::Volume { people, expected } => {
            let people = rounded(*people);
            let rate = statistics::share(people, *expected);
            vec![Row { numerator: Some(people), denominator: Some(*expected), rate, ..empty }]
        }
        Figure::Cost { pence, bought, .. } => {
            let bought = rounded(*bought);
            let rate = statistics::pounds_each(*pence, bought);
            vec![Row { numerator: Some(*pence), denominator: Some(bought), rate, ..empty }]
        }
        Figure::Weeks { weeks, .. } => {
            let people = rounded(weeks.iter().sum());
            let figure = |quantile: Option<u64>| match quantile {
                None => statistics::mean(weeks),
                Some(share) => statistics::quantile(weeks, share).and_then(|weeks| statistics::share(weeks, 1)),
            };
            let row = |(name, quantile): &(&str, Option<u64>)| Row {
                period: (*name).into(),
                denominator: Some(people),
                rate: figure(*quantile),
                ..empty.clone()
            };
            WEEKS.iter().map(row).collect()
        }
    }
}

/// Whether a target is met: by the whole interval, by none of it, or it cannot be said.
fn reached(target: TargetShare, share: Option<Share>) -> String {
    let says = match share.map(|share| statistics::against(share, target.hundredths())) {
        Some(Ordering::Greater) => "met",
        Some(Ordering::Less) => "missed",
        Some(Ordering::Equal) | None => "undecided",
    };
    format!("target {target}: {says}")
}

/// What is told of weeks in work; quantiles in hundredths.
const WEEKS: [(&str, Option<u64>); 4] =
    [("mean", None), ("lower_quartile", Some(25)), ("median", Some(50)), ("upper_quartile", Some(75))];

fn with(row: Row, share: Option<Share>) -> Row {
    Row {
        rate: share.map(|share| share.value),
        lower: share.map(|share| share.lower),
        upper: share.map(|share| share.upper),
        ..row
    }
}
