//! `rates.html`: the rates on one self-contained page that makes no network request.
//!
//! Every drawing has its figures in a table beside it and its message in words above it. There is no script.

use maud::{Markup, html};

use super::public::{CANNOT_BE_SEEN, NO_EFFECT, PublicContext, withheld_in_words, without_rows_in_words};
use crate::domain::money::grouped;
use crate::measures::change::WEEKS_AFTER;
use crate::measures::{
    MEASURES, Measure, MeasureKind, change, cost, demand, employed, first_earnings, five_of_six_months, job_start,
    out_of_work, outcome, paid_on, volume, weeks_in_work,
};
use crate::observations::person::Dimension;
use crate::pages::drawing::{self, Caption, Curve, Dot, Interval, Line};
use crate::pages::{self, TableColumn};
use crate::release::disclosure::WITHHELD;
use crate::release::{NotObserved, RatesRow, Released, Unit};
use crate::scheme::funding::VolumeOf;
use crate::statistics::{FunnelPosition, hundredths, limits};

/// At how many numbers of people the limits of a funnel are drawn.
const FUNNEL_POINTS: u64 = 60;

/// The measures of the table of other measures, in order.
const OTHERS: [Measure; 14] = [
    demand::REFERRALS,
    demand::STARTED,
    job_start::JOB_START_MATURED,
    job_start::JOB_START_FULL,
    first_earnings::FIRST_EARNINGS_MATURED,
    first_earnings::FIRST_EARNINGS_FULL,
    out_of_work::OUT_OF_WORK_AT_START,
    out_of_work::FIRST_JOB_OF_OUT_OF_WORK,
    weeks_in_work::THIRTEEN_WEEKS_OR_MORE,
    weeks_in_work::WEEKS_IN_WORK,
    five_of_six_months::SUSTAINED_FIVE_OF_SIX_MONTHS,
    paid_on::PAID_EMPLOYMENT_ON,
    outcome::UNCLAIMED_OUTCOME,
    outcome::SENSITIVITY,
];

/// The page.
pub(super) fn page(public: &PublicContext<'_>, released: &Released) -> String {
    let rows = &released.rows;
    let all = |measure: &Measure| -> Vec<&RatesRow> {
        rows.iter().filter(|row| row.measure == measure && row.group == "all").collect()
    };
    let baselines: Vec<&RatesRow> = rows.iter().filter(|row| *row.measure == change::BASELINE).collect();
    let others: Vec<&RatesRow> = OTHERS.iter().flat_map(all).collect();
    let weeks = by_week(&all(&employed::EMPLOYED_WEEK), &all(&employed::EMPLOYED_16_WEEK));
    let increase =
        increase(&all(&change::EMPLOYED_BEFORE), &all(&change::EMPLOYED_AFTER), &all(&change::INCREASE), &baselines);
    let outcomes =
        outcomes(&all(&outcome::OUTCOME_BY_EVIDENCE_MATURED), &all(&outcome::OUTCOME_BY_CLAIM), &all(&outcome::TARGET));
    let others = html! {
        h2 { "Other measures" }
        (table("People, all groups together", "Measure", &others, &|row| {
            [row.measure.title, &row.period].join(" ").trim().to_owned()
        }))
    };
    let mut sections = vec![
        Section::new("weeks", "Employment week by week", weeks),
        Section::new("change", "Before and after the start", increase),
        Section::new("outcomes", "Outcomes", outcomes),
        Section::new(
            "participation",
            "Referrals and starts",
            participation(public, &all(&demand::STARTS_IN_MONTH), released),
        ),
        Section::new("costs", "What it cost", costs(rows)),
        Section::new("others", "Other measures", others),
    ];
    for dimension in public.by {
        let is_compared = matches!(dimension, Dimension::Contract | Dimension::Provider);
        let own = html! {
            @if is_compared { (compared(*dimension, released)) }
            (by_group(*dimension, released))
        };
        sections.push(Section::new(dimension.name(), &format!("By {}", dimension.name().replace('_', " ")), own));
    }
    sections.push(Section::new("meanings", "What the measures mean", meanings()));
    sections.retain(|section| !section.content.0.is_empty());
    let body = html! {
        h1 { (public.title) }
        (what_is_counted(public, &all(&demand::REFERRED), &all(&demand::STARTED)))
        (key())
        nav aria-label="Contents" {
            h2 { "Contents" }
            ul { @for section in &sections { li { a href=(format!("#{}", section.id)) { (section.name) } } } }
        }
        @for section in &sections { section id=(section.id) { (section.content) } }
    };
    pages::page(&public.title, &body)
}

/// A part of the page that its list of contents leads to.
struct Section {
    id: &'static str,
    name: String,
    content: Markup,
}

impl Section {
    fn new(id: &'static str, name: &str, content: Markup) -> Self {
        Self { id, name: name.to_owned(), content }
    }
}

/// What the marks in tables stand for.
fn key() -> Markup {
    html! {
        h2 { "Key" }
        dl {
            dt { "[c]" }
            dd { "confidential: withheld so that nobody can be told from it" }
            dt { "[z]" }
            dd { "not applicable: the measure has no such figure" }
            dt { "Not observed" }
            dd { "which part of the people who would belong to a measure the extract cannot speak of, all periods together" }
        }
    }
}

fn what_is_counted(public: &PublicContext<'_>, referred: &[&RatesRow], started: &[&RatesRow]) -> Markup {
    let count =
        |rows: &[&RatesRow]| rows.first().and_then(|row| row.numerator).map_or_else(|| "[c]".to_owned(), number);
    let (from, to) = &public.observed;
    html! {
        p {
            (count(referred)) " people were referred and " (count(started)) " of them started. " (public.counted())
            " Payroll records show every day from " (from) " to " (to)
            "; days outside are not observed, and never taken to be out of work."
        }
        @for days in &public.unobserved { p { strong { "Not observed either: " } (days) "." } }
        p.note { (CANNOT_BE_SEEN) }
        p.note {
            "Disclosure control: " (public.profile.name) " (" (public.profile.says)
            "). [c] stands for a figure that is withheld. Intervals are 95%."
        }
    }
}

fn meanings() -> Markup {
    html! {
        h2 { "What the measures mean" }
        dl {
            @for measure in &MEASURES {
                dt { strong { (measure.name) } ": " (measure.title) }
                dd {
                    "Of " (measure.denominator) ": " (measure.numerator) ". " (measure.kind.formula()) ". Source: "
                    (measure.source) "."
                }
            }
        }
    }
}

/// Figures that are shown when a reader asks for them.
fn folded(content: &Markup) -> Markup {
    html! { details { summary { "The figures as a table" } (content) } }
}

fn by_week(any: &[&RatesRow], sixteen: &[&RatesRow]) -> Markup {
    let line = |label, rows: &[&RatesRow]| Line {
        label,
        points: rows.iter().filter_map(|row| Some((row.period.parse().ok()?, row.rate?))).collect(),
    };
    let lines = [line("any hours", any), line("16 or more", sixteen)];
    let shown: Vec<(i64, String)> =
        any.iter().filter_map(|row| Some((row.period.parse().ok()?, percent(row.rate?)))).collect();
    let first_week = shown.iter().find(|(week, _)| *week == 0);
    let before = shown.first().filter(|(week, _)| *week < 0);
    let says = match (before, first_week, shown.last()) {
        (before, Some((_, start)), Some((last, after))) => {
            let before = before.map(|(week, share)| format!("{share} {} weeks before the start, ", week.abs()));
            format!("In employment: {}{start} in the first week, {after} in week {last}.", before.unwrap_or_default())
        }
        _ => "Of too few people can be said who was in employment week by week.".to_owned(),
    };
    let caption = Caption { title: "Share of people in employment by week from the start", says: &says };
    let rows: Vec<&RatesRow> = any.iter().chain(sixteen).copied().collect();
    html! {
        h2 { (says) }
        p.second {
            "Share of people in employment by week from the start, at any hours and at 16 or more a week, of those who are observed in \
             every week shown"
        }
        (drawing::lines(caption, "Weeks from the start", &lines, &[-52, -26, 0, 26, 52, 78, 104]))
        (folded(&table("In employment by week from the start", "Week", &rows, &|row| {
            let hours = if *row.measure == employed::EMPLOYED_WEEK { "any hours" } else { "16 or more" };
            format!("{}, {hours}", row.period)
        })))
    }
}

fn increase(before: &[&RatesRow], after: &[&RatesRow], change: &[&RatesRow], baselines: &[&RatesRow]) -> Markup {
    let [(first, end), ..] = WEEKS_AFTER;
    let of_first = change.iter().find(|row| row.period == format!("{first} to {end}"));
    let says = match of_first.and_then(|row| Some((row.rate?, row.lower?, row.upper?))) {
        Some((rate, lower, upper)) => format!(
            "Employment in weeks {first} to {end} is {} percentage points {} than in the 13 weeks before the start (95% \
             interval {} to {}).",
            points(rate.abs()),
            if rate < 0.0 { "lower" } else { "higher" },
            points(lower),
            points(upper)
        ),
        None if of_first.is_some_and(|row| row.withheld.is_some()) => {
            "How employment changed is withheld: too few people.".to_owned()
        }
        None => "Nobody is observed both before and after the start.".to_owned(),
    };
    let rows: Vec<&RatesRow> = before.iter().chain(after).chain(change).copied().collect();
    html! {
        h2 { (says) }
        p.second { "The same people before and after the start" }
        p.note { (NO_EFFECT) }
        (table("In employment before and after the start", "Weeks from the start", &rows, &|row| {
            let what = if *row.measure == change::INCREASE { " (change)" } else { "" };
            format!("{}{what}", row.period)
        }))
        (table("Cohorts beside their published baselines", "Cohort and weeks from the start", baselines, &|row| {
            format!("{}, {}", row.level, row.period)
        }))
    }
}

fn outcomes(evidence: &[&RatesRow], claims: &[&RatesRow], targets: &[&RatesRow]) -> Markup {
    let interval = |how: &str, row: &RatesRow, target: Option<f64>| {
        let label = format!("{} {how}", row.period);
        Some(Interval { label, share: row.rate?, ends: (row.lower?, row.upper?), target })
    };
    let target_of = |row: &RatesRow| targets.iter().find(|target| target.period == row.period)?.target();
    let mut rows: Vec<Interval> =
        evidence.iter().filter_map(|row| interval("by evidence", row, target_of(row))).collect();
    rows.extend(claims.iter().filter_map(|row| interval("by claim", row, None)));
    let all: Vec<&RatesRow> = evidence.iter().chain(claims).chain(targets).copied().collect();
    let caption = Caption { title: "Outcomes with their 95% intervals", says: "The table below has the figures." };
    html! {
        h2 { "Outcomes by what payroll shows and by what was claimed" }
        p.second {
            "Share of people with enough time behind them who met each outcome, and of claims that were validated"
            @if !targets.is_empty() { "; an upright line is the scheme's target" }
        }
        (drawing::intervals(caption, &rows))
        (table("Outcomes", "Outcome", &all, &|row| {
            let how = if *row.measure == outcome::OUTCOME_BY_CLAIM {
                "by claim"
            } else if *row.measure == outcome::TARGET {
                "against the target"
            } else {
                "by evidence"
            };
            format!("{} {how}", row.period)
        }))
    }
}

/// How many people came, beside how many the scheme expects.
fn participation(public: &PublicContext<'_>, months: &[&RatesRow], released: &Released) -> Markup {
    let without = released.without_rows.iter().filter(|one| one.measure.kind == MeasureKind::Volume);
    let without = without_rows_in_words(&without.collect::<Vec<_>>());
    let volumes: Vec<&RatesRow> = released.rows.iter().filter(|row| row.measure.kind == MeasureKind::Volume).collect();
    let yearly = volumes.iter().find(|row| row.group == "all" && *row.measure == volume::STARTS_OF_VOLUME);
    let says = match yearly.and_then(|row| Some((row.numerator?, row.denominator?, &row.period))) {
        Some((people_started, expected, year)) => {
            format!("{} people started from {year}, where {} were expected.", number(people_started), people(expected))
        }
        None => "Starts by month.".to_owned(),
    };
    let counts: Vec<(String, Option<u64>)> = months
        .iter()
        .map(|row| (row.period.clone(), row.numerator.and_then(|count| u64::try_from(count).ok())))
        .collect();
    let monthly = public.volumes.of_group(VolumeOf::Starts, &None).map(|yearly| u64::from(yearly).div_ceil(12));
    let caption = Caption { title: "People who started, by month", says: &says };
    html! {
        h2 { (says) }
        p.second {
            @if monthly.is_some() { "Starts by month, beside a twelfth of the yearly volume" } @else { "Starts by month" }
        }
        @for volume in &public.scheme.arrangements.volumes { p { (volume.value.says) } }
        (drawing::columns(caption, &counts, monthly))
        (table("Referrals and starts beside the volumes", "Whose, what and when", &volumes, &|row| {
            let what = if *row.measure == volume::STARTS_OF_VOLUME { "starts" } else { "referrals" };
            format!("{}, {what}, {}", row.level, row.period)
        }))
        @for says in &without { p.note { (says) } }
        (starts(months))
    }
}

/// What starts, job starts and outcomes cost.
fn costs(rows: &[RatesRow]) -> Markup {
    let costs: Vec<&RatesRow> = rows.iter().filter(|row| row.measure.kind == MeasureKind::Cost).collect();
    let each = |row: &&&RatesRow| *row.measure == cost::COST_PER_OUTCOME && row.group == "all" && row.rate.is_some();
    let says = match costs.iter().find(each).and_then(|row| row.rate) {
        Some(rate) => format!("Each outcome cost {}.", pounds(rate)),
        None => "What starts and outcomes cost.".to_owned(),
    };
    if costs.is_empty() {
        return html! {};
    }
    html! {
        h2 { (says) }
        p.second {
            "Money spent for each start, first earnings, job start and outcome by evidence; DWP's share and the match apart"
        }
        (table("Unit costs", "Whose, what and by whose money", &costs, &|row| {
            [row.level.as_str(), row.measure.title, &row.period].join(", ")
        }))
    }
}

fn starts(rows: &[&RatesRow]) -> Markup {
    let started = |row: &&RatesRow| row.numerator.map_or_else(|| "[c]".to_owned(), number);
    let rows: Vec<_> = rows.iter().map(|row| vec![row.period.clone(), started(row)]).collect();
    pages::table("People who started, by month", &[TableColumn::text("Month"), TableColumn::number("People")], &rows)
}

/// Contracts or providers as a funnel for the first outcome that has one: never ranked, and small ones left undecided.
fn compared(of: Dimension, released: &Released) -> Markup {
    let (dimension, rows) = (of.name(), &released.rows);
    let of_measure = |row: &&RatesRow| *row.measure == outcome::OUTCOME_BY_EVIDENCE_MATURED && row.rate.is_some();
    let Some(all) = rows.iter().filter(of_measure).find(|row| row.group == "all") else { return html! {} };
    let is_own = |row: &&RatesRow| row.measure == all.measure && row.group == dimension && row.period == all.period;
    let own: Vec<&RatesRow> = rows.iter().filter(is_own).collect();
    let overall = all.rate.unwrap_or_default();
    let dots: Vec<Dot> =
        own.iter().filter_map(|row| Some(Dot { people: row.denominator?, share: row.rate? })).collect();
    let is_far = |row: &&&RatesRow| row.standing == Some(FunnelPosition::FarOutside);
    let is_placed = |row: &&&RatesRow| row.standing.is_some_and(|standing| standing != FunnelPosition::Undecided);
    let (far, placed) = (own.iter().filter(is_far).count(), own.iter().filter(is_placed).count());
    let says = format!(
        "{far} of {placed} {dimension}s with enough people lie outside the 99.8% limits round the {} of all; chance alone would put \
         {} there",
        percent(overall),
        by_chance(placed)
    );
    let title = format!("Share who met {} by {dimension}, against the number of people", all.period);
    let columns = [
        TableColumn::text(dimension),
        TableColumn::number("People"),
        TableColumn::number("Rate"),
        TableColumn::text("Standing"),
    ];
    let mut lines: Vec<_> = own
        .iter()
        .map(|row| {
            vec![
                row.level.clone(),
                row.denominator.map_or_else(|| "[c]".to_owned(), people),
                row.rate.map_or_else(|| "[c]".to_owned(), percent),
                row.standing.map_or(WITHHELD, FunnelPosition::says).to_owned(),
            ]
        })
        .collect();
    let without_rows = released.without_rows.iter().filter(|one| one.dimension == of && one.measure == all.measure);
    let hidden = |level: &String| vec![level.clone(), "[c]".to_owned(), "[c]".to_owned(), WITHHELD.to_owned()];
    lines.extend(without_rows.flat_map(|one| &one.levels).map(hidden));
    lines.sort();
    html! {
        h2 { (says) }
        p.second {
            "Share who met " (all.period) " by " (dimension) " against the number of people, with 95% and 99.8% limits"
        }
        (drawing::scatter(Caption { title: &title, says: &says }, overall, &dots, &funnel(overall, &dots)))
        (pages::table(&format!("The same by {dimension}, in the order of names"), &columns, &lines))
    }
}

/// The limits that chance draws round the share of all, up to the most people of a group.
fn funnel(overall: f64, dots: &[Dot]) -> [Curve; 2] {
    let most = dots.iter().map(|dot| dot.people).max().unwrap_or(0);
    let places: Vec<u64> = (1..=FUNNEL_POINTS).map(|step| (most * step / FUNNEL_POINTS).max(1)).collect();
    let curve = |label, is_dashed, of: fn([(f64, f64); 2]) -> (f64, f64)| {
        let limit = |people: &u64| {
            let (lower, upper) = of(limits(overall, *people));
            (*people, lower, upper)
        };
        Curve { label, is_dashed, limits: places.iter().map(limit).collect() }
    };
    [curve("95%", true, |[near, _]| near), curve("99.8%", false, |[_, far]| far)]
}

/// A dimension's levels in the order of their names: side by side, not ranked.
fn by_group(dimension: Dimension, released: &Released) -> Markup {
    let shown = [
        demand::STARTED,
        outcome::OUTCOME_BY_EVIDENCE_MATURED,
        change::EMPLOYED_BEFORE,
        change::EMPLOYED_AFTER,
        change::INCREASE,
    ];
    let is_shown = |row: &&RatesRow| row.group == dimension.name() && shown.contains(row.measure);
    let own: Vec<&RatesRow> = released.rows.iter().filter(is_shown).collect();
    let without = released.without_rows.iter().filter(|one| one.dimension == dimension && shown.contains(one.measure));
    let without = without_rows_in_words(&without.collect::<Vec<_>>());
    let name = dimension.name().replace('_', " ");
    html! {
        h2 { "By " (name) }
        p { "Differences between small groups are mostly chance: compare intervals, not ranks." }
        (folded(&table(&format!("Levels of {name} side by side"), "Level and measure", &own, &|row| {
            [row.level.as_str(), row.measure.title, &row.period].join(", ").trim_end_matches(", ").to_owned()
        })))
        @for says in &without { p.note { (says) } }
    }
}

/// Rows as a table; nothing where there are none.
fn table(caption: &str, first: &str, rows: &[&RatesRow], label: &dyn Fn(&RatesRow) -> String) -> Markup {
    let is_of_costs = rows.iter().all(|row| row.measure.kind == MeasureKind::Cost);
    let columns = [
        TableColumn::text(first),
        TableColumn::number("Counted"),
        TableColumn::number("Of"),
        TableColumn::number("Not observed"),
        TableColumn::number("Rate"),
        TableColumn::number(if is_of_costs { "What rounding leaves open" } else { "95% interval" }),
        TableColumn::text("Note"),
    ];
    let lines: Vec<_> = rows.iter().map(|row| cells(row, label(row))).collect();
    html! {
        (pages::table(caption, &columns, &lines))
        @if !rows.is_empty() { p.note { (withheld_in_words(rows)) } }
    }
}

fn cells(row: &RatesRow, label: String) -> Vec<String> {
    let empty = if row.withheld.is_some() { "[c]" } else { "[z]" };
    let rate = match row.rate {
        Some(rate) => match row.measure.kind {
            MeasureKind::Weeks => format!("{rate:.1}"),
            MeasureKind::Cost => pounds(rate),
            MeasureKind::Count | MeasureKind::Rate | MeasureKind::Change | MeasureKind::Volume => percent(rate),
        },
        None => empty.to_owned(),
    };
    let counted = row.numerator.map_or_else(
        || empty.to_owned(),
        |counted| if row.numerator_unit == Unit::Pounds { format!("£{}", number(counted)) } else { number(counted) },
    );
    let of = row.denominator.map_or_else(|| empty.to_owned(), people);
    let not_observed = row.not_observed.map_or("[z]", NotObserved::says).to_owned();
    let interval = match (row.lower, row.upper) {
        (Some(lower), Some(upper)) if row.numerator_unit == Unit::Pounds => {
            format!("{} to {}", pounds(lower), pounds(upper))
        }
        (Some(lower), Some(upper)) => format!("{} to {}", percent(lower), percent(upper)),
        _ => empty.to_owned(),
    };
    let bounds = row.lower_bound.zip(row.upper_bound);
    let bounds = bounds.map(|(lower, upper)| format!("from {} to {} as queries fall", percent(lower), percent(upper)));
    let withheld = row.withheld.map(|_| WITHHELD.to_owned());
    let note = withheld.or(bounds).unwrap_or_else(|| row.note_text());
    vec![label, counted, of, not_observed, rate, interval, note]
}

/// How many groups chance alone puts outside the 99.8% limits.
fn by_chance(groups: usize) -> String {
    let expected = crate::domain::count_of(groups) * 2;
    if expected < 1_000 { "fewer than one".to_owned() } else { format!("about {}", expected / 1_000) }
}

/// A number that may be negative, with commas.
fn number(count: i64) -> String {
    let digits = grouped(&count.unsigned_abs().to_string());
    if count < 0 { format!("-{digits}") } else { digits }
}

fn people(count: u64) -> String {
    grouped(&count.to_string())
}

fn pounds(each: f64) -> String {
    let text = format!("{each:.2}");
    let (whole, pence) = text.split_once('.').unwrap_or((&text, "00"));
    format!("£{}.{pence}", grouped(whole))
}

fn percent(share: f64) -> String {
    format!("{}%", points(share))
}

/// A share in hundredths, to one decimal place.
fn points(share: f64) -> String {
    let text = format!("{:.1}", hundredths(share));
    if text == "-0.0" { "0.0".to_owned() } else { text }
}
