//! A provider's claims as a page to be sent on.

use super::Claim;
use super::table::{codes, reasons, to_send};
use crate::domain::money::{grouped, share};
use crate::judge::Verdict;
use crate::publish::account::Account;
use crate::publish::html::{self, escaped, table};

/// The page.
pub(super) fn page(account: &Account, provider_id: &str, claims: &[Claim], with_earnings: bool) -> String {
    let whose = if provider_id.is_empty() {
        "claims without a provider".to_owned()
    } else {
        format!("claims of {provider_id}")
    };
    let title = format!("{}: {whose}", account.scheme.title);
    let cut_off = account.cut_off.date.as_ref().map_or_else(String::new, |day| format!(" up to {day}"));
    let count = |of: usize| u64::try_from(of).unwrap_or(u64::MAX);
    let all = count(claims.len());
    let of = |verdict: Verdict| claims.iter().filter(move |claim| claim.cell("verdict") == verdict.name());
    let counts: Vec<Vec<String>> = Verdict::ALL
        .iter()
        .map(|verdict| {
            let own = count(of(*verdict).count());
            vec![
                format!("<span class=\"verdict {verdict}\">{verdict}</span>"),
                grouped(&own.to_string()),
                share(own, all),
            ]
        })
        .collect();
    let mut body = format!(
        "<h1>{}</h1>\n<p>Held against payroll records{cut_off}. Rejected means that the records contradict the claim or that it \
         cannot be processed; queried, that a person must look or that later records can settle it.</p>\n{}",
        escaped(&title),
        table("Claims by verdict", &["Verdict", "Claims", "Share"], &[1, 2], &counts)
    );
    for verdict in [Verdict::Queried, Verdict::Rejected, Verdict::Validated] {
        body += &section(verdict, of(verdict), with_earnings);
    }
    body += &format!(
        "<p class=\"second\">{} {}, run <code>{}</code>, scheme {} ({}).</p>\n",
        escaped(&account.program.name),
        escaped(&account.program.version),
        escaped(&account.fingerprint),
        escaped(&account.scheme.id),
        escaped(&account.scheme.status)
    );
    html::page(&title, None, &body)
}

fn section<'a>(verdict: Verdict, claims: impl Iterator<Item = &'a Claim>, with_earnings: bool) -> String {
    let is_validated = verdict == Verdict::Validated;
    let rows: Vec<Vec<String>> = claims
        .map(|claim| {
            let cell = |column: &str| escaped(claim.cell(column));
            let mut row = vec![
                cell("claim_row"),
                cell("claim_id"),
                cell("contract_id"),
                cell("participant_id"),
                cell("outcome"),
                cell("job_start_date"),
            ];
            if is_validated {
                row.push(cell("payable"));
                if with_earnings {
                    row.push(cell("achieved_on"));
                }
            } else {
                row.extend([escaped(&codes(claim)), escaped(&reasons(claim, with_earnings)), escaped(&to_send(claim))]);
            }
            row
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let first = ["Row", "Claim", "Contract", "Participant", "Outcome", "Job start"];
    let rest: &[&str] = match (is_validated, with_earnings) {
        (true, true) => &["Payable, pounds", "Achieved on"],
        (true, false) => &["Payable, pounds"],
        (false, _) => &["Rules", "Why", "What to send"],
    };
    let heads: Vec<&str> = first.iter().chain(rest).copied().collect();
    let caption = match verdict {
        Verdict::Validated => "Validated claims",
        Verdict::Rejected => "Rejected claims",
        Verdict::Queried => "Queried claims",
    };
    let right: &[usize] = if is_validated { &[6] } else { &[] };
    format!("<h2>{caption}</h2>\n{}", table(caption, &heads, right, &rows))
}
