//! The page of a run: what was read and decided, reasons, providers, what to do next, and every claim.

use maud::{Markup, Render as _, html};

use super::MOST_LISTED;
use super::gather::{ProviderVerdicts, ReportData};
use super::money_walk::money_walk;
use crate::account::{ExtractDays, RunAccount};
use crate::domain::money::grouped;
use crate::explain::DayShown;
use crate::judge::Verdict;
use crate::pages::{CLOSING, Script, ScriptData, TableColumn, opening, scrolling, table, written};
use crate::rules::{Code, rule};
use crate::tables::batches::QuarantineRow;

/// The script of the list of claims.
const LIST: Script = Script::new(include_str!("list.js"));

/// The most quarantined rows that are listed.
pub(crate) const MOST_QUARANTINED: usize = 200;

/// How many of a provider's reasons are shown beside its verdicts.
const REASONS_SHOWN: usize = 3;

/// The page of a run, in pieces: the list of claims is large, and is not copied together. The account need not be sealed
/// yet.
pub(crate) fn page(
    account: &RunAccount,
    first_set_aside: &[QuarantineRow<'_>],
    set_aside: u64,
    report_data: ReportData,
) -> Vec<String> {
    let title = format!("{}: claims decided", account.scheme.title);
    let lists_claims = 0 < report_data.count && report_data.count <= MOST_LISTED;
    let top = html! {
        (opening(&title, lists_claims.then_some(LIST)))
        (first(account, &title))
        (read(account))
        (reasons(account, &report_data))
        (providers(&report_data))
        (next(account))
        (money(account))
        (quarantined(first_set_aside, set_aside))
        (assumptions(account))
    };
    let mut pieces = vec![top];
    if lists_claims {
        pieces.extend(claims(report_data.claims));
    } else {
        pieces.push(too_many(report_data.count));
    }
    pieces.push(html! { (files(account)) (CLOSING) });
    pieces.into_iter().map(written).collect()
}

fn first(account: &RunAccount, title: &str) -> Markup {
    let claims = &account.claims;
    let cut_off = account
        .cut_off
        .date
        .as_ref()
        .map_or_else(|| "The extract holds no payment.".to_owned(), |day| format!("The extract speaks up to {day}."));
    let rows: Vec<Vec<Markup>> = [
        (Verdict::Validated, claims.validated, "the evidence shows the outcome, and nothing speaks against the claim"),
        (Verdict::Rejected, claims.rejected, "the evidence contradicts the claim, or it cannot be processed"),
        (Verdict::Queried, claims.queried, "a person must look, or a later extract can settle it"),
    ]
    .into_iter()
    .map(|(verdict, count, means)| (marked(verdict), count, means))
    .chain([("all".render(), claims.read, "")])
    .map(|(what, count, means)| vec![what, number(count).render(), share(count, claims.read).render(), means.render()])
    .collect();
    let columns = [
        TableColumn::text("Verdict"),
        TableColumn::number("Claims"),
        TableColumn::number("Share"),
        TableColumn::text("What it means"),
    ];
    html! {
        h1 { (title) }
        p {
            "Scheme " (account.scheme.id) " (" (account.scheme.status) "). " (cut_off)
            " Every claim of the file is in exactly one of the three verdicts, and " a href="#claims" { "every claim" }
            " is at the end of this page."
        }
        @if let Some(cannot_tell) = &account.without_history {
            p { strong { "Not checked: " } (cannot_tell) "." }
        }
        (table("Claims by verdict", &columns, &rows))
    }
}

fn read(account: &RunAccount) -> Markup {
    let rows: Vec<Vec<String>> = account
        .inputs
        .iter()
        .map(|input| {
            vec![
                input.name.clone(),
                input.role.clone(),
                number(input.rows),
                number(input.rows.saturating_sub(input.quarantined)),
                number(input.quarantined),
            ]
        })
        .collect();
    let files = [
        TableColumn::text("File"),
        TableColumn::text("Read as"),
        TableColumn::number("Rows"),
        TableColumn::number("Readable"),
        TableColumn::number("Set aside"),
    ];
    let earnings = &account.earnings;
    let parts: Vec<Vec<String>> = [
        ("payments of people claimed for", earnings.of_claimed_people),
        ("payments of people nobody claims for", earnings.of_other_people),
        ("rows without a usable National Insurance number", earnings.without_person),
        ("rows that could not be read", earnings.quarantined),
        ("all", earnings.read),
    ]
    .into_iter()
    .map(|(what, count)| vec![what.to_owned(), number(count), share(count, earnings.read)])
    .collect();
    let what = [TableColumn::text("What they are"), TableColumn::number("Rows"), TableColumn::number("Share")];
    html! {
        h2 { "What was read" }
        (table("Files", &files, &rows))
        (table("Earnings rows", &what, &parts))
        @if let Some(days) = &account.extract_days { (extract_days(days)) }
    }
}

/// The rows by month of payday, and what the extract cannot speak for.
fn extract_days(days: &ExtractDays) -> Markup {
    let said = |thin: bool| if thin { "too few to speak for the month" } else { "" };
    let rows =
        days.months.iter().map(|month| vec![month.month.clone(), number(month.rows), said(month.thin).to_owned()]);
    let rows: Vec<Vec<String>> = rows.collect();
    let columns =
        [TableColumn::text("Month of payday"), TableColumn::number("Rows"), TableColumn::text("What is missing")];
    html! {
        @for warning in days.warnings() { p { strong { "Look at the extract: " } (warning) "." } }
        @if !rows.is_empty() { (table("Earnings rows by month of payday", &columns, &rows)) }
    }
}

fn reasons(account: &RunAccount, report_data: &ReportData) -> Markup {
    let mut fired: Vec<_> = account.rules.iter().filter(|rule| 0 < rule.failed).collect();
    fired.sort_by(|one, other| other.failed.cmp(&one.failed).then_with(|| one.code.cmp(&other.code)));
    let rows: Vec<Vec<String>> = fired
        .iter()
        .map(|counts| {
            let weights = Code::parse(&counts.code).and_then(|code| report_data.weights.get(&code));
            let severities: Vec<&str> = weights.into_iter().flatten().map(|severity| severity.name()).collect();
            vec![
                counts.code.clone(),
                severities.join(" or "),
                counts.title.clone(),
                number(counts.failed),
                share(counts.failed, account.claims.read),
            ]
        })
        .collect();
    let columns = [
        TableColumn::text("Rule"),
        TableColumn::text("Weighs"),
        TableColumn::text("What it means"),
        TableColumn::number("Claims"),
        TableColumn::number("Share of all claims"),
    ];
    html! {
        h2 { "Why claims were not validated" }
        p { "A claim can fail several rules. " code { "sustain rules CODE" } " explains one." }
        (table("Rules that fired", &columns, &rows))
    }
}

fn providers(report_data: &ReportData) -> Markup {
    let count = |provider: &ProviderVerdicts, verdict| provider.verdicts.get(&verdict).copied().unwrap_or(0);
    let mut rows: Vec<(u64, Vec<String>)> = report_data
        .providers
        .iter()
        .map(|((id, contract), provider)| {
            let all: u64 = provider.verdicts.values().sum();
            let validated = count(provider, Verdict::Validated);
            let row = vec![
                named(id),
                named(contract),
                number(all),
                number(validated),
                number(count(provider, Verdict::Rejected)),
                number(count(provider, Verdict::Queried)),
                share(all - validated, all),
                top_reasons(provider),
            ];
            (all - validated, row)
        })
        .collect();
    // The one with most claims in trouble first; the rest of the order is that of the names.
    rows.sort_by_key(|(trouble, _)| std::cmp::Reverse(*trouble));
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(_, row)| row).collect();
    let columns = [
        TableColumn::text("Provider"),
        TableColumn::text("Contract"),
        TableColumn::number("Claims"),
        TableColumn::number("Validated"),
        TableColumn::number("Rejected"),
        TableColumn::number("Queried"),
        TableColumn::number("Not validated"),
        TableColumn::text("Main reasons"),
    ];
    html! {
        h2 { "By provider and contract" }
        (table("Providers and contracts, most claims not validated first", &columns, &rows))
    }
}

/// A provider's most frequent reasons.
fn top_reasons(provider: &ProviderVerdicts) -> String {
    let mut reasons: Vec<_> = provider.reasons.iter().collect();
    reasons.sort_by_key(|(code, count)| (std::cmp::Reverse(**count), **code));
    let says = |(code, count): &(&Code, &u64)| {
        let title = rule(**code).map_or("", |rule| rule.title);
        format!("{code} {title} ({count})")
    };
    reasons.iter().take(REASONS_SHOWN).map(says).collect::<Vec<_>>().join("; ")
}

fn next(account: &RunAccount) -> Markup {
    let queried = account.claims.queried;
    let dated: u64 = account.recheck.values().sum();
    let mut rows: Vec<Vec<String>> =
        account.recheck.iter().map(|(day, count)| vec![day.clone(), number(*count), share(*count, queried)]).collect();
    let people = queried.saturating_sub(dated);
    if 0 < people {
        rows.push(vec!["for a person to look at".into(), number(people), share(people, queried)]);
    }
    if rows.is_empty() {
        return html! {};
    }
    let columns = [TableColumn::text("Day"), TableColumn::number("Claims"), TableColumn::number("Share of queried")];
    html! {
        h2 { "When queried claims can be decided" }
        p { "Run again with an extract that speaks up to the day or later." }
        (table("Queried claims by the day to look again", &columns, &rows))
    }
}

fn money(account: &RunAccount) -> Markup {
    let money = &account.money;
    let payable = |priced: u64, validated: u64, amount: &str| match (priced, validated) {
        (0, 1..) => "no price is known".to_owned(),
        _ => pounds(amount),
    };
    let mut rows: Vec<Vec<String>> = money
        .by_contract
        .iter()
        .map(|one| {
            vec![
                named(&one.provider_id),
                named(&one.contract_id),
                number(one.claims),
                pounds(&one.claimed),
                number(one.validated),
                pounds(&one.claimed_validated),
                payable(one.priced, one.validated, &one.payable),
            ]
        })
        .collect();
    rows.push(vec![
        "all".into(),
        String::new(),
        number(account.claims.read),
        pounds(&money.claimed),
        number(account.claims.validated),
        pounds(&money.claimed_validated),
        payable(money.priced, account.claims.validated, &money.payable),
    ]);
    let columns = [
        TableColumn::text("Provider"),
        TableColumn::text("Contract"),
        TableColumn::number("Claims"),
        TableColumn::number("Claimed"),
        TableColumn::number("Validated"),
        TableColumn::number("Claimed by those"),
        TableColumn::number("Payable by the scheme's prices"),
    ];
    html! {
        h2 { "Money" }
        p {
            "Amounts are those that could be read: rows set aside and cells that are no amount are in none of the sums. A \
             validated claim without an amount is payable at the scheme's price all the same."
        }
        (table("Money claimed and payable", &columns, &rows))
        @if let Some(walk) = &money.walk { (money_walk(walk)) }
    }
}

fn quarantined(first: &[QuarantineRow<'_>], all: u64) -> Markup {
    let rows: Vec<Vec<String>> = first
        .iter()
        .map(|one| {
            let line = one.row.line.map_or_else(String::new, number);
            vec![one.file.to_owned(), one.input.to_owned(), number(one.row.row.into()), line, one.row.reason.clone()]
        })
        .collect();
    let more = all.saturating_sub(crate::domain::count_of(first.len()));
    let columns = [
        TableColumn::text("File"),
        TableColumn::text("Read as"),
        TableColumn::number("Row"),
        TableColumn::number("Line"),
        TableColumn::text("Why"),
    ];
    html! {
        h2 { "Rows that could not be read" }
        @if all == 0 {
            p { "There are none." }
        } @else {
            p { "They are kept word for word in quarantine.parquet; what they hold is not shown here." }
            (table("Rows set aside", &columns, &rows))
            @if 0 < more { p { "And " (more) " more." } }
        }
    }
}

fn assumptions(account: &RunAccount) -> Markup {
    let scheme = &account.scheme;
    let mut lines: Vec<String> = scheme.assumptions.clone();
    for (name, parameter) in &scheme.parameters {
        let value = parameter.value.as_deref().unwrap_or("not supplied, so rules that need it do not apply");
        lines.push(format!("Parameter {name} is {value}, by the {}.", parameter.by.replace('_', " ")));
    }
    for (code, setting) in &scheme.settings {
        lines.push(format!("Rule {code} is set to {} by the {}.", setting.setting, setting.by.replace('_', " ")));
    }
    if account.inputs.iter().all(|input| input.role != "register") {
        lines.push("No register was given, so eligibility was not checked.".into());
    }
    if lines.is_empty() {
        return html! {};
    }
    html! {
        h2 { "Assumptions: what the verdicts rest on and no source settles" }
        ul { @for line in lines { li { (line) } } }
    }
}

/// The list of claims, in pieces: what precedes it, the claims, and the script.
fn claims(list: Vec<ScriptData>) -> Vec<Markup> {
    let mut pieces = vec![list_head()];
    pieces.extend(ScriptData::element("claims-data", list));
    pieces.push(LIST.render());
    pieces
}

fn list_head() -> Markup {
    let heads = ["Claim", "Provider", "Contract", "Verdict", "Reasons", "Job start", "Look again"];
    let claims = html! {
        table id="claims-table" {
            caption { "Claims" }
            thead {
                tr {
                    @for head in heads { th scope="col" { button type="button" { (head) } } }
                    th scope="col" { "Details" }
                }
            }
            tbody id="claims-body" {}
        }
    };
    html! {
        h2 id="claims" { "Every claim" }
        noscript {
            p.note {
                "The list needs scripts; everything above does not. The claims stand in validated.parquet, rejected.parquet and \
                 queried.parquet."
            }
        }
        p {
            "Open a claim to see its days and payments. Days: "
            @for (place, (_, sign, means)) in DayShown::ALL.iter().enumerate() {
                @if place != 0 { ", " }
                code { (sign) } " " (means)
            }
            ". " code { "sustain explain" } " tells more of one."
        }
        div.tools {
            label for="search" { "Search claims, providers, participants and rules" }
            input id="search" type="search" autocomplete="off";
            " "
            label for="verdict" { "Verdict" }
            select id="verdict" {
                option value="" { "all" }
                @for verdict in Verdict::ALL { option { (verdict.name()) } }
            }
        }
        p id="told" role="status" {}
        (scrolling("region", "Claims", &claims))
        p.tools {
            button type="button" id="earlier" { "Earlier" }
            " "
            button type="button" id="later" { "Later" }
        }
    }
}

fn too_many(count: usize) -> Markup {
    if count == 0 {
        return html! {};
    }
    html! {
        h2 id="claims" { "Every claim" }
        p {
            (grouped(&count.to_string())) " claims are too many for a page. They stand in "
            a href="validated.parquet" { "validated.parquet" } ", " a href="rejected.parquet" { "rejected.parquet" } " and "
            a href="queried.parquet" { "queried.parquet" } "; " code { "sustain explain" } " explains one."
        }
    }
}

fn files(account: &RunAccount) -> Markup {
    html! {
        h2 { "Where it comes from" }
        p {
            (account.program.name) " " (account.program.version) ". Run " code { (account.fingerprint) }
            ". The same inputs give the same run. " a href="run.json" { "run.json" } " is its account, "
            code { "sustain verify" } " proves it again."
        }
    }
}

fn marked(verdict: Verdict) -> Markup {
    html! { span class={ "verdict " (verdict.name()) } { (verdict.name()) } }
}

fn named(id: &str) -> String {
    if id.is_empty() { "(none)".into() } else { id.to_owned() }
}

fn number(count: u64) -> String {
    grouped(&count.to_string())
}

fn share(part: u64, whole: u64) -> String {
    crate::domain::money::share(part, whole)
}

fn pounds(amount: &str) -> String {
    format!("£{}", crate::domain::money::with_separators(amount))
}
