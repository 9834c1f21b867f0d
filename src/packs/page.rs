//! A provider's claims as an HTML page.

use maud::{Markup, Render as _, html};

use super::PackClaim;
use super::table::{codes, evidence_to_send, reasons};
use crate::account::RunAccount;
use crate::domain::money::{grouped, share};
use crate::domain::withheld::shown;
use crate::judge::Verdict;
use crate::pages::{self, TableColumn, table};

/// The page.
pub(super) fn page(account: &RunAccount, provider_id: &str, claims: &[PackClaim], with_earnings: bool) -> String {
    let whose = if provider_id.is_empty() {
        "claims without a provider".to_owned()
    } else {
        format!("claims of {provider_id}")
    };
    let title = format!("{}: {whose}", account.scheme.title);
    let cut_off = account.cut_off.date.as_ref().map_or_else(String::new, |day| format!(" up to {day}"));
    let of = |verdict: Verdict| claims.iter().filter(move |claim| claim.cell("verdict") == verdict.name());
    let body = html! {
        h1 { (title) }
        p {
            "Held against payroll records" (cut_off) ". Rejected means that the records contradict the claim or that it cannot \
             be processed; queried, that a person must look or that later records can settle it."
        }
        (counts(claims))
        @for verdict in [Verdict::Queried, Verdict::Rejected, Verdict::Validated] {
            (section(verdict, of(verdict), with_earnings))
        }
        p.second {
            (account.program.name) " " (account.program.version) ", run " code { (account.fingerprint) } ", scheme "
            (account.scheme.id) " (" (account.scheme.status) ")."
        }
    };
    pages::page(&title, &body)
}

fn counts(claims: &[PackClaim]) -> Markup {
    let count = |of: usize| u64::try_from(of).unwrap_or(u64::MAX);
    let rows = Verdict::ALL.map(|verdict| {
        let own = count(claims.iter().filter(|claim| claim.cell("verdict") == verdict.name()).count());
        let name = html! { span class={ "verdict " (verdict.name()) } { (verdict.name()) } };
        vec![name, grouped(&own.to_string()).render(), share(own, count(claims.len())).render()]
    });
    table(
        "Claims by verdict",
        &[TableColumn::text("Verdict"), TableColumn::number("Claims"), TableColumn::number("Share")],
        &rows,
    )
}

fn section<'a>(verdict: Verdict, claims: impl Iterator<Item = &'a PackClaim>, with_earnings: bool) -> Markup {
    let is_validated = verdict == Verdict::Validated;
    let rows: Vec<Vec<String>> = claims
        .map(|claim| {
            let cell = |column: &str| claim.cell(column).to_owned();
            let mut row = vec![
                cell("claim_row"),
                cell("claim_id"),
                shown(claim.cell("contract_id")).to_owned(),
                cell("participant_id"),
                shown(claim.cell("outcome")).to_owned(),
                cell("job_start_date"),
            ];
            if is_validated {
                row.push(cell("payable"));
                if with_earnings {
                    row.push(cell("achieved_on"));
                }
            } else {
                row.extend([codes(claim), reasons(claim, with_earnings), evidence_to_send(claim)]);
            }
            row
        })
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    let first = ["Row", "Claim", "Contract", "Participant", "Outcome", "Job start"].map(TableColumn::text);
    let rest: &[TableColumn<'_>] = match (is_validated, with_earnings) {
        (true, true) => &[TableColumn::number("Payable, pounds"), TableColumn::text("Achieved on")],
        (true, false) => &[TableColumn::number("Payable, pounds")],
        (false, _) => &[TableColumn::text("Rules"), TableColumn::text("Why"), TableColumn::text("What to send")],
    };
    let columns: Vec<TableColumn<'_>> = first.iter().chain(rest).copied().collect();
    let caption = match verdict {
        Verdict::Validated => "Validated claims",
        Verdict::Rejected => "Rejected claims",
        Verdict::Queried => "Queried claims",
    };
    html! {
        h2 { (caption) }
        (table(caption, &columns, &rows))
    }
}
