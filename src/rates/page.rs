//! `rates.html`: the rates on one page that needs nothing else and asks nothing of a network.
//!
//! Every drawing has its figures in a table beside it and its message in words above it. There is no script.

use std::fmt::Write as _;

use super::Order;
use super::chart::{self, Dot, Interval, Line};
use super::figures::Figures;
use crate::domain::Pence;
use crate::domain::money::grouped;
use crate::measures::change::WEEKS_AFTER;
use crate::measures::{Kind, MEASURES};
use crate::observations::person::Dimension;
use crate::observations::volumes::Volumes;
use crate::release::Row;
use crate::statistics::{Standing, hundredths, standing};

const STYLE: &str = "\
body{font:19px/1.32 Arial,sans-serif;color:#0b0c0c;background:#fff;margin:0}\
main{max-width:960px;margin:0 auto;padding:24px 20px 60px;overflow-wrap:anywhere}\
h1{font-size:36px;margin:0 0 8px}h2{font-size:27px;margin:44px 0 6px}h3{font-size:19px;margin:0 0 10px;font-weight:normal;color:#484949}\
a{color:#1a65a6}a:visited{color:#54319f}a:hover{color:#0f385c}a:focus,summary:focus,.wide:focus{background:#ffdd00;color:#0b0c0c;outline:3px solid transparent}\
p{max-width:44em;margin:10px 0}.note{border-left:8px solid #1d70b8;background:#f4f8fb;padding:12px 16px;margin:18px 0}\
table{border-collapse:collapse;width:100%;font-size:16px;margin:12px 0}caption{text-align:left;font-weight:bold;padding:6px 0}\
th,td{border-bottom:1px solid #cecece;padding:7px 10px 7px 0;text-align:left;vertical-align:top;overflow-wrap:break-word}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\
.wide{overflow-x:auto}table.narrow{width:auto}table.narrow td{padding-left:30px}svg{width:100%;max-width:100%;height:auto;display:block;margin:8px 0}summary{cursor:pointer;color:#1a65a6;padding:6px 0}\
@media print{details:not([open]){display:none}body{font-size:12pt}}";

/// A week is drawn where at least this part of the most people are observed: one in so many.
const LEAST_PART: u64 = 10;

/// The page.
pub(super) fn page(order: &Order, figures: &Figures, rows: &[Row]) -> String {
    let title = format!("Employment rates: {}", escaped(&order.scheme.title));
    let all = |measure: &str| -> Vec<&Row> {
        rows.iter().filter(|row| row.measure.name == measure && row.group == "all").collect()
    };
    let register = &figures.people.account;
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    );
    let profile = order.profile;
    let count = |count: u64| profile.published(count).map_or_else(|| "[c]".to_owned(), people);
    write!(
        page,
        "<p>{} people were referred and {} of them started. Payroll records show every day from {} to {}; days outside are not \
         observed, and never taken to be out of work.</p>\n<p class=\"note\">Disclosure control: {} ({}). [c] stands for a \
         figure that is withheld. Intervals are 95%.</p>\n",
        count(register.people),
        count(register.people_started),
        figures.scope.observed.from,
        figures.scope.observed.to,
        profile.name,
        profile.says,
    )
    .ok();
    page += &by_week(&all("employed_week"), &all("employed_16_week"));
    let baselines: Vec<&Row> = rows.iter().filter(|row| row.measure.name == "baseline").collect();
    page += &increase(&all("employed_before"), &all("employed_after"), &all("increase"), &baselines);
    page += &outcomes(&all("outcome_by_evidence_matured"), &all("outcome_by_claim"), &all("target"));
    page += &participation(order, &all("starts_in_month"), rows);
    page += &costs(rows);
    page += "<h2>Other measures</h2>\n";
    let names = [
        "started",
        "first_earnings_matured",
        "first_earnings_full",
        "out_of_work_at_start",
        "first_job_of_out_of_work",
        "thirteen_weeks_or_more",
        "weeks_in_work",
        "sustained_five_of_six_months",
        "paid_employment_on",
        "unclaimed_outcome",
        "sensitivity",
    ];
    let others: Vec<&Row> = names.iter().flat_map(|name| all(name)).collect();
    page += &table("People, all groups together", "Measure", &others, &|row| {
        [row.measure.title, &row.period].join(" ").trim().to_owned()
    });
    for dimension in &order.by {
        if matches!(dimension, Dimension::Contract | Dimension::Provider) {
            page += &compared(dimension.name(), rows);
        }
        page += &by_group(dimension.name(), rows);
    }
    page += "<h2>What the measures mean</h2>\n<dl>\n";
    for measure in &MEASURES {
        writeln!(
            page,
            "<dt><strong>{}</strong>: {}</dt><dd>Of {}: {}. {}. Source: {}.</dd>",
            measure.name,
            measure.title,
            escaped(measure.denominator),
            escaped(measure.numerator),
            measure.kind.formula(),
            escaped(measure.source)
        )
        .ok();
    }
    page + "</dl>\n</main>\n</body>\n</html>\n"
}

fn by_week(any: &[&Row], sixteen: &[&Row]) -> String {
    // Where hardly anyone is observed any more a line tells of chance; the table has those weeks too.
    let most = any.iter().filter_map(|row| row.denominator).max().unwrap_or(0);
    let is_drawn = |row: &&&Row| row.denominator.is_some_and(|people| most <= people * LEAST_PART);
    let line = |label, rows: &[&Row]| Line {
        label,
        points: rows.iter().filter(is_drawn).filter_map(|row| Some((row.period.parse().ok()?, row.rate?))).collect(),
    };
    let lines = [line("any hours", any), line("16 or more", sixteen)];
    let at = |week: i64| {
        let found = any.iter().find(|row| row.period == week.to_string());
        found.and_then(|row| row.rate).map(percent)
    };
    let says = match (at(-13), at(0), at(26)) {
        (Some(before), Some(start), Some(after)) => {
            format!("In employment: {before} 13 weeks before the start, {start} in the first week, {after} in week 26.")
        }
        _ => "Of too few people can be said who was in employment week by week.".to_owned(),
    };
    let drawing = chart::lines(
        "Share of people in employment by week from the start",
        &says,
        &lines,
        &[-52, -26, 0, 26, 52, 78, 104],
    );
    let rows: Vec<&Row> = any.iter().chain(sixteen).copied().collect();
    format!(
        "<h2>{says}</h2>\n<h3>Share of people in employment by week from the start, at any hours and at 16 or more a week; \
         weeks in which fewer than a tenth of people are observed stand in the table alone</h3>\n{drawing}\n<details><summary>The figures as a table</summary>\n{}</details>\n",
        table("In employment by week from the start", "Week", &rows, &|row| {
            let hours = if row.measure.name == "employed_week" { "any hours" } else { "16 or more" };
            format!("{}, {hours}", row.period)
        })
    )
}

fn increase(before: &[&Row], after: &[&Row], change: &[&Row], baselines: &[&Row]) -> String {
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
        None => "Of too few people can be said how employment changed.".to_owned(),
    };
    let rows: Vec<&Row> = before.iter().chain(after).chain(change).copied().collect();
    format!(
        "<h2>{says}</h2>\n<h3>The same people before and after the start</h3>\n{}{}",
        table("In employment before and after the start", "Weeks from the start", &rows, &|row| {
            let what = if row.measure.name == "increase" { " (change)" } else { "" };
            format!("{}{what}", row.period)
        }),
        table("Cohorts beside their published baselines", "Cohort and weeks from the start", baselines, &|row| {
            format!("{}, {}", row.level, row.period)
        })
    )
}

fn outcomes(evidence: &[&Row], claims: &[&Row], targets: &[&Row]) -> String {
    let interval = |how: &str, row: &Row, target: Option<f64>| {
        let label = escaped(&format!("{} {how}", row.period));
        Some(Interval { label, share: [row.rate?, row.lower?, row.upper?], target })
    };
    let target_of = |row: &Row| targets.iter().find(|target| target.period == row.period)?.target();
    let mut rows: Vec<Interval> =
        evidence.iter().filter_map(|row| interval("by evidence", row, target_of(row))).collect();
    rows.extend(claims.iter().filter_map(|row| interval("by claim", row, None)));
    let all: Vec<&Row> = evidence.iter().chain(claims).chain(targets).copied().collect();
    let drawing = if rows.is_empty() {
        String::new()
    } else {
        chart::intervals("Outcomes with their 95% intervals", "The table below has the figures.", &rows)
    };
    format!(
        "<h2>Outcomes by what payroll shows and by what was claimed</h2>\n<h3>Share of people with enough time behind them who \
         met each outcome, and of claims that were validated; an upright line is the scheme's target</h3>\n{drawing}\n{}",
        table("Outcomes", "Outcome", &all, &|row| {
            let how = match row.measure.name {
                "outcome_by_claim" => "by claim",
                "target" => "against the target",
                _ => "by evidence",
            };
            format!("{} {how}", row.period)
        })
    )
}

/// How many people came, beside how many the scheme expects.
fn participation(order: &Order, months: &[&Row], rows: &[Row]) -> String {
    let volumes: Vec<&Row> = rows.iter().filter(|row| row.measure.kind == Kind::Volume).collect();
    let yearly = volumes.iter().find(|row| row.group == "all" && row.measure.name == "starts_of_volume");
    let says = match yearly.and_then(|row| Some((row.numerator?, row.denominator?, &row.period))) {
        Some((people_started, expected, year)) => {
            format!("{} people started from {year}, where {} were expected.", people(people_started), people(expected))
        }
        None => "Starts by month.".to_owned(),
    };
    let mut page = format!("<h2>{says}</h2>\n<h3>Starts by month, beside a twelfth of the yearly volume</h3>\n");
    for volume in &order.scheme.arrangements.volumes {
        writeln!(page, "<p>{}</p>", escaped(&volume.value.says)).ok();
    }
    let counts: Vec<(String, Option<u64>)> = months.iter().map(|row| (row.period.clone(), row.numerator)).collect();
    let monthly = Volumes::of(&order.scheme).of_group(&None).map(|yearly| u64::from(yearly).div_ceil(12));
    page += &chart::columns("People who started, by month", &says, &counts, monthly);
    page += &table("Referrals and starts beside the volumes", "Whose, what and when", &volumes, &|row| {
        let what = if row.measure.name == "starts_of_volume" { "starts" } else { "referrals" };
        format!("{}, {what}, {}", row.level, row.period)
    });
    page + &starts(months)
}

/// What starts, job starts and outcomes cost.
fn costs(rows: &[Row]) -> String {
    let costs: Vec<&Row> = rows.iter().filter(|row| row.measure.kind == Kind::Cost).collect();
    let each = |row: &&&Row| row.measure.name == "cost_per_outcome" && row.group == "all" && row.rate.is_some();
    let says = match costs.iter().find(each).and_then(|row| row.rate) {
        Some(rate) => format!("Each outcome cost {}.", pounds(rate)),
        None => "What starts and outcomes cost.".to_owned(),
    };
    if costs.is_empty() {
        return String::new();
    }
    format!(
        "<h2>{says}</h2>\n<h3>Money spent for each start, each first earnings and each outcome by evidence; DWP's share and the \
         match apart</h3>\n{}",
        table("Unit costs", "Whose, what and by whose money", &costs, &|row| {
            [row.level.as_str(), row.measure.title, &row.period].join(", ")
        })
    )
}

fn starts(rows: &[&Row]) -> String {
    let row = |row: &&Row| {
        let started = row.numerator.map_or_else(|| "[c]".to_owned(), people);
        format!("<tr><th scope=\"row\">{}</th><td class=\"n\">{started}</td></tr>\n", row.period)
    };
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"People who started, by month\"><table class=\"narrow\">\
         <caption>People who started, by month</caption>\n<thead><tr><th scope=\"col\">Month</th>\
         <th scope=\"col\" class=\"n\">People</th></tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n"
    )
}

/// Contracts or providers as a funnel for the first outcome that has one: never ranked, and small ones left undecided.
fn compared(dimension: &str, rows: &[Row]) -> String {
    let of_measure = |row: &&Row| row.measure.name == "outcome_by_evidence_matured" && row.rate.is_some();
    let Some(all) = rows.iter().filter(of_measure).find(|row| row.group == "all") else { return String::new() };
    let own: Vec<&Row> =
        rows.iter().filter(of_measure).filter(|row| row.group == dimension && row.period == all.period).collect();
    let overall = all.rate.unwrap_or_default();
    let dots = own.iter().filter_map(|row| Some(Dot { people: row.denominator?, share: row.rate? }));
    let stands = |row: &Row| standing(overall, row.rate.unwrap_or_default(), row.denominator.unwrap_or(0));
    let outside = own.iter().filter(|row| matches!(stands(row), Standing::Outside | Standing::FarOutside)).count();
    let says = format!(
        "{outside} of {} {}s lie outside what chance explains round the {} of all",
        own.len(),
        dimension,
        percent(overall)
    );
    let drawing = chart::funnel(
        &format!("Share who met {} by {dimension}, against the number of people", escaped(&all.period)),
        &says,
        overall,
        &dots.collect::<Vec<_>>(),
    );
    let lines: Vec<String> = own
        .iter()
        .map(|row| {
            format!(
                "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n",
                escaped(&row.level),
                row.denominator.map(people).unwrap_or_default(),
                row.rate.map(percent).unwrap_or_default(),
                stands(row).says()
            )
        })
        .collect();
    format!(
        "<h2>{says}</h2>\n<h3>Share who met {} by {dimension} against the number of people, with 95% and 99.8% limits</h3>\n\
         {drawing}\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"The same by {dimension}, in the order of names\">\
         <table><caption>The same by {dimension}, in the order of names</caption>\n<thead><tr><th scope=\"col\">{dimension}\
         </th><th scope=\"col\" class=\"n\">People</th><th scope=\"col\" class=\"n\">Rate</th><th scope=\"col\">Standing</th></tr>\
         </thead>\n<tbody>\n{}</tbody></table></div>\n",
        escaped(&all.period),
        lines.concat()
    )
}

/// A dimension's levels in the order of their names: side by side, not ranked.
fn by_group(dimension: &str, rows: &[Row]) -> String {
    let shown = ["started", "outcome_by_evidence_matured", "employed_before", "employed_after", "increase"];
    let own: Vec<&Row> =
        rows.iter().filter(|row| row.group == dimension && shown.contains(&row.measure.name)).collect();
    format!(
        "<h2>By {}</h2>\n<p>Differences between small groups are mostly chance: compare intervals, not ranks.</p>\n<details>\
         <summary>The figures as a table</summary>\n{}</details>\n",
        dimension.replace('_', " "),
        table(&format!("Levels of {} side by side", dimension.replace('_', " ")), "Level and measure", &own, &|row| {
            [row.level.as_str(), row.measure.title, &row.period].join(", ").trim_end_matches(", ").to_owned()
        })
    )
}

/// Rows as a table; nothing where there are none.
fn table(caption: &str, first: &str, rows: &[&Row], label: &dyn Fn(&Row) -> String) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table>\n<caption>{caption}</caption>\n<thead><tr>\
         <th scope=\"col\">{first}</th><th scope=\"col\" class=\"n\">Counted</th><th scope=\"col\" class=\"n\">Of</th>\
         <th scope=\"col\" class=\"n\">Not observed</th><th scope=\"col\" class=\"n\">Rate</th><th scope=\"col\" class=\"n\">95% \
         interval</th><th scope=\"col\">Note</th></tr></thead>\n<tbody>\n"
    );
    for row in rows {
        let is_withheld = row.withheld.is_some();
        let empty = if is_withheld { "[c]" } else { "[z]" };
        let count = |count: Option<u64>| count.map_or_else(|| empty.to_owned(), people);
        let rate = |rate: Option<f64>| match rate {
            Some(rate) => match row.measure.kind {
                Kind::Weeks => format!("{rate:.1}"),
                Kind::Cost => pounds(rate),
                Kind::Count | Kind::Rate | Kind::Change | Kind::Volume => percent(rate),
            },
            None => empty.to_owned(),
        };
        let counted = match row.numerator.and_then(|pence| i64::try_from(pence).ok()) {
            Some(pence) if row.measure.kind == Kind::Cost => Pence(pence).to_string(),
            Some(_) | None => count(row.numerator),
        };
        let interval = match (row.lower, row.upper) {
            (Some(lower), Some(upper)) => format!("{} to {}", percent(lower), percent(upper)),
            _ => empty.to_owned(),
        };
        let bounds = row.lower_bound.zip(row.upper_bound);
        let bounds =
            bounds.map(|(lower, upper)| format!("from {} to {} as queries fall", percent(lower), percent(upper)));
        let withheld = row.withheld.map(|why| why.says().to_owned());
        let note = withheld.or(bounds).unwrap_or_else(|| row.note_text());
        writeln!(
            text,
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{interval}</td><td>{}</td></tr>",
            escaped(&label(row)),
            counted,
            count(row.denominator),
            count(row.not_observed),
            rate(row.rate),
            escaped(&note)
        )
        .ok();
    }
    text + "</tbody>\n</table></div>\n"
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
