//! The page of a ledger: what became of all claims and of the money since its first month, for people who do not work with it.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::balance::Balance;
use super::book::{Book, LedgerClaim};
use super::event::EventKind;
use super::movements::{Moved, Movement};
use super::state::ClaimState;
use crate::domain::money::grouped;
use crate::domain::withheld::{shown, shown_name};
use crate::domain::{Pence, count_of, counted};
use crate::pages::{self, TableColumn, table};

/// The most payments that no longer stand which are listed one by one.
const MOST_LISTED: usize = 50;

/// What every such page and no other holds.
const MARK: &str = "id=\"sustain-ledger\"";

/// Whether a text is the page of a ledger.
pub fn is_page(text: &str) -> bool {
    text.contains(MARK)
}

impl Book {
    /// The page of the ledger, of which `scheme` is the title of the scheme. Identifiers that look like a person's are withheld.
    pub fn page(&self, scheme: &str) -> String {
        let title = format!("{scheme}: claims and payments");
        let program = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        let body = html! {
            h1 id="sustain-ledger" { (title) }
            (self.in_short())
            (self.money())
            (self.month_by_month())
            (self.payments_that_fell())
            (self.by_provider())
            (self.schedules())
            p.second {
                (program.0) " " (program.1) ", after " (counted(self.last.unsigned_abs(), "event", "events")) " of the ledger, the \
                 last with the hash " code { (self.head) } ". " code { "sustain ledger verify" } " proves them; "
                code { "sustain ledger balance" } " has the same money by contract and month."
            }
        };
        pages::page(&title, &body)
    }

    fn in_short(&self) -> Markup {
        let total = self.total();
        let [claimed, payable, paid, due, stands, recovered, to_recover, open] = [
            total.claimed,
            total.payable,
            total.paid,
            total.due,
            total.stands,
            total.recovered,
            total.to_recover,
            total.open,
        ]
        .map(Pence);
        let not_paid = Pence(total.rejected + total.withdrawn + total.lapsed);
        let claims = counted(total.claims.unsigned_abs(), "claim", "claims");
        let months = counted(count_of(self.months.len()), "month", "months");
        let up_to = self.cut_off().map_or_else(String::new, |day| format!(", on payroll records up to {day}"));
        html! {
            p { (claims) " for " (claimed) " in " (months) (up_to) "." }
            ul {
                li { (payable) " is payable: " (paid) " was paid, and " (due) " is due." }
                li { "Of what was paid, " (stands) " stands, " (recovered) " was recovered, and " (to_recover) " is to be recovered." }
                li { (not_paid) " is not paid: the claim was rejected, withdrawn or lapsed, or is above the scheme's price." }
                li { (open) " is open: " (self.open()) "." }
                (self.in_question())
            }
        }
    }

    /// Who or what the open claims wait for.
    fn open(&self) -> String {
        let of_state = self.claims.iter().filter(|claim| claim.state == ClaimState::Open);
        let (kept, others): (Vec<&LedgerClaim>, Vec<&LedgerClaim>) = of_state.partition(|claim| claim.is_kept());
        let waits = |claim: &&LedgerClaim| claim.verdict.as_ref().is_some_and(|last| last.given.recheck_on.is_some());
        let (later, people): (Vec<_>, Vec<_>) = others.into_iter().partition(waits);
        let mut parts = vec![
            format!("{} to be settled by people", counted(count_of(people.len()), "claim is", "claims are")),
            format!("{} for a later extract", counted(count_of(later.len()), "waits", "wait")),
        ];
        if !kept.is_empty() {
            parts.push(format!("{} open by a decision", counted(count_of(kept.len()), "is kept", "are kept")));
        }
        parts.join(", ")
    }

    fn in_question(&self) -> Markup {
        let own = self.claims.iter().filter(|claim| claim.state == ClaimState::InQuestion);
        let (claims, pence) = own.fold((0, 0), |(claims, pence), claim| (claims + 1, pence + claim.payable));
        html! {
            @if 0 < claims {
                li {
                    (counted(claims, "payment", "payments")) " of " (Pence(pence)) " in all "
                    (if claims == 1 { "is" } else { "are" }) " in question, and stand until people settle them."
                }
            }
        }
    }

    fn money(&self) -> Markup {
        let total = self.total();
        let row = |what: &str, pence: i64| vec![what.to_owned(), Pence(pence).to_string()];
        let rows = [
            row("Claimed", total.claimed),
            row("less rejected, or above the scheme's price", -total.rejected),
            row("less withdrawn by providers", -total.withdrawn),
            row("less lapsed, because nobody settled it in time", -total.lapsed),
            row("less open", -total.open),
            row("Payable", total.payable),
            row("of it due, and not yet paid", total.due),
            row("of it paid", total.paid),
            row("of what was paid, stands", total.stands),
            row("of what was paid, recovered", total.recovered),
            row("of what was paid, to be recovered", total.to_recover),
        ];
        let columns = [TableColumn::text("Money"), TableColumn::number("Pounds")];
        html! { h2 { "The money" } (table("From what was claimed to what stands", &columns, &rows)) }
    }

    fn month_by_month(&self) -> Markup {
        let rows: Vec<Vec<String>> = self.months.iter().map(|month| self.month_row(month.number)).collect();
        let columns = [
            TableColumn::number("Month"),
            TableColumn::number("Extract to"),
            TableColumn::number("Received"),
            TableColumn::number("Claimed"),
            TableColumn::number("Found payable"),
            TableColumn::number("Rejected"),
            TableColumn::number("Settled by people"),
            TableColumn::number("Lapsed"),
            TableColumn::number("Open after it"),
            TableColumn::number("Paid"),
            TableColumn::number("Recovered"),
        ];
        html! {
            h2 { "Month by month" }
            (table("What each month did, with what people decided and paid after it", &columns, &rows))
            p {
                "Received counts every attempt at a claim. Found payable and rejected are what the payroll records and the scheme's rules \
                 say; settled by people are decisions that changed what becomes of a claim or a payment."
            }
        }
    }

    fn month_row(&self, number: u32) -> Vec<String> {
        let of = |is_meant: &dyn Fn(&Movement) -> bool| {
            self.movements.of(|step| step.month == number && step.before != Some(step.after) && is_meant(step))
        };
        let of_kind = |kind: EventKind| of(&|step| step.kind == kind);
        let by_records = |after: ClaimState| {
            of(&|step| matches!(step.kind, EventKind::Verdict | EventKind::Refused) && step.after == after)
        };
        let count = |moved: Moved| grouped(&moved.claims.to_string());
        let received = of_kind(EventKind::Received);
        let month = self.months.iter().find(|month| month.number == number);
        let day = month.and_then(|month| month.done.cut_off).map_or_else(|| "no day".to_owned(), |day| day.to_string());
        vec![
            number.to_string(),
            day,
            count(received),
            Pence(received.claimed).to_string(),
            count(by_records(ClaimState::Due)),
            count(by_records(ClaimState::Rejected)),
            count(of_kind(EventKind::Decision)),
            count(of_kind(EventKind::Lapsed)),
            grouped(&self.movements.in_state(number, ClaimState::Open).to_string()),
            Pence(of_kind(EventKind::Paid).payable).to_string(),
            Pence(of_kind(EventKind::Recovered).payable).to_string(),
        ]
    }

    fn payments_that_fell(&self) -> Markup {
        let fell = |claim: &&LedgerClaim| {
            matches!(claim.state, ClaimState::InQuestion | ClaimState::ToRecover | ClaimState::Recovered)
        };
        let fallen: Vec<&LedgerClaim> = self.claims.iter().filter(fell).collect();
        let cells = |claim: &&LedgerClaim| {
            let receipt = &claim.receipt;
            vec![
                shown(&receipt.claim_id).to_owned(),
                shown(&receipt.provider_id).to_owned(),
                Pence(claim.payable).to_string(),
                claim.state.name().replace('_', " "),
                claim.why_it_fell(),
            ]
        };
        let rows: Vec<Vec<String>> = fallen.iter().take(MOST_LISTED).map(cells).collect();
        let columns = [
            TableColumn::text("Claim"),
            TableColumn::text("Provider"),
            TableColumn::number("Paid"),
            TableColumn::text("Now"),
            TableColumn::text("Why"),
        ];
        html! {
            h2 { "Payments that do not stand as they were made" }
            @if rows.is_empty() { p { "Every payment stands." } }
            (table("Payments in question, to be recovered, and recovered", &columns, &rows))
            @if let Some(more @ 1..) = fallen.len().checked_sub(MOST_LISTED) {
                p { "And " (grouped(&more.to_string())) " more, which " code { "sustain ledger export" } " has." }
            }
        }
    }

    fn by_provider(&self) -> Markup {
        let mut providers: BTreeMap<String, Balance> = BTreeMap::new();
        for ((provider, _, _), balance) in self.balance() {
            let sum = providers.entry(provider).or_default();
            *sum = sum.plus(&balance);
        }
        let cells = |(provider, of): (&String, &Balance)| {
            let amounts = [
                of.claimed,
                of.rejected + of.withdrawn + of.lapsed,
                of.open,
                of.due,
                of.paid,
                of.recovered + of.to_recover,
            ];
            let mut row = vec![shown(provider).to_owned(), grouped(&of.claims.to_string())];
            row.extend(amounts.map(|pence| Pence(pence).to_string()));
            row
        };
        let rows: Vec<Vec<String>> = providers.iter().map(cells).collect();
        let columns = [
            TableColumn::text("Provider"),
            TableColumn::number("Claims"),
            TableColumn::number("Claimed"),
            TableColumn::number("Not paid"),
            TableColumn::number("Open"),
            TableColumn::number("Due"),
            TableColumn::number("Paid"),
            TableColumn::number("Of it recovered or to be"),
        ];
        html! { h2 { "By provider" } (table("By provider", &columns, &rows)) }
    }

    fn schedules(&self) -> Markup {
        let cells = |one: &super::book::LedgerSchedule| {
            vec![
                one.made.schedule.to_string(),
                one.day.map_or_else(|| "not given".to_owned(), |day| day.to_string()),
                grouped(&one.made.payments.to_string()),
                Pence(one.made.paid).to_string(),
                grouped(&one.made.recoveries.to_string()),
                Pence(-one.made.recovered).to_string(),
                Pence(one.made.paid - one.made.recovered).to_string(),
            ]
        };
        let rows: Vec<Vec<String>> = self.schedules.iter().map(cells).collect();
        let columns = [
            TableColumn::number("Schedule"),
            TableColumn::number("Day"),
            TableColumn::number("Payments"),
            TableColumn::number("Paid"),
            TableColumn::number("Recoveries"),
            TableColumn::number("Recovered"),
            TableColumn::number("Total"),
        ];
        html! {
            h2 { "Payment schedules" }
            @if rows.is_empty() { p { "Nothing was paid yet." } }
            (table("Payment schedules", &columns, &rows))
        }
    }
}

impl LedgerClaim {
    /// Why its payment no longer stands.
    fn why_it_fell(&self) -> String {
        let by_people = self.decision.as_ref().map(|decision| shown_name(&decision.made.reason));
        match (&self.fell_because, by_people) {
            (Some(why), Some(reason)) => format!("{why}; decided: {reason}"),
            (Some(why), None) => why.clone(),
            (None, Some(reason)) => format!("decided: {reason}"),
            (None, None) => String::new(),
        }
    }
}
