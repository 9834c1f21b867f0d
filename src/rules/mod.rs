//! The rules: one rule, one file, grouped by family. This file is the registry from code to rule.
//!
//! A rule's file is its page: the comment at its top says what the rule checks, why, what a failure means, its source
//! and an example, and the program prints it. Below it stand the registered rule, its function and its tests. A rule
//! answers with a [`Status`] that carries the facts it read; the words a user reads are made from the facts here.

pub mod case;
pub mod concerns;
mod message;
pub mod provider;
pub mod reads;
pub mod rulebook;
pub mod status;
pub mod weight;

pub mod claim;
pub mod earnings;
pub mod eligibility;
pub mod employment;
pub mod hours;
pub mod identity;
pub mod payroll;
pub mod row;
pub mod sustainment;

#[cfg(test)]
pub(crate) mod testing;

pub use crate::domain::fact::{Fact, Value};
pub use crate::scheme::{Code, Setting, Severity};
pub use case::{
    BatchContext, Case, ClaimDateOrder, EarlierAmount, EarlierOutcome, Link, OtherNumbers, Precedence, Repeated,
    StandingClaim, StandingVerdict, ValidatedBefore,
};
pub use concerns::{ConcernedField, Concerns};
pub use provider::{Disclosed, EarningsDisclosure, ProviderNotice, ToSend};
pub use reads::{Reads, RestsOn};
pub use status::{NoEvidence, NotApplicableReason, Status};
pub use weight::{Weight, allows};

/// A rule and all that is known of it: what it is called, what it weighs, what it reads, who is told, and how it is
/// checked. Whatever treats one rule differently from another asks the rule; nothing keeps a list of codes.
#[derive(Debug)]
pub struct Rule {
    /// Its code, which is never used for another rule.
    pub code: Code,
    /// How much a failure weighs, and how far a scheme or the command line may change that.
    pub weight: Weight,
    /// The version that brought it.
    pub since: &'static str,
    /// The sections of the rulebook that settle it, the first of them before the others.
    pub rulebook: &'static [u8],
    /// What fails, in a line.
    pub title: &'static str,
    /// The message of a failure; `{name}` stands for the fact of that name.
    pub says: &'static str,
    /// What it reads.
    pub reads: &'static [Reads],
    /// The column that a failure is concerned with.
    pub concerns: Concerns,
    /// What its answer rests on.
    pub rests_on: RestsOn,
    /// What the claim's provider is told of a failure and asked for.
    pub provider: ProviderNotice,
    /// The text of the rule's own file, whose first comment is its page.
    pub file: &'static str,
    /// The check itself.
    pub check: fn(&Case<'_>) -> Status,
}

/// Two rules are the same when their codes are.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

/// Every rule, in the order of the codes. `tests/regenerate.sh` writes the list from the files of the rules.
pub static RULES: [&Rule; Code::ALL.len()] = [
    &row::unreadable_record::RULE,
    &row::missing_value::RULE,
    &row::unreadable_value::RULE,
    &row::repeated_claim::RULE,
    &row::dates_out_of_order::RULE,
    &claim::unknown_outcome::RULE,
    &claim::claimed_too_soon::RULE,
    &claim::claimed_too_late::RULE,
    &claim::claimed_twice::RULE,
    &claim::already_validated::RULE,
    &claim::too_few_hours_claimed::RULE,
    &claim::price_differs::RULE,
    &claim::self_employed::RULE,
    &claim::claimed_before_achieved::RULE,
    &claim::contradicts_itself::RULE,
    &identity::malformed_nino::RULE,
    &identity::dummy_nino::RULE,
    &identity::unknown_participant::RULE,
    &identity::register_differs::RULE,
    &identity::another_person::RULE,
    &identity::another_name::RULE,
    &identity::near_miss::RULE,
    &identity::another_suffix::RULE,
    &identity::little_to_compare::RULE,
    &identity::records_of_another_person::RULE,
    &identity::two_participant_numbers::RULE,
    &eligibility::register_unusable::RULE,
    &eligibility::cohort::RULE,
    &eligibility::other_provision::RULE,
    &eligibility::benefit::RULE,
    &eligibility::start::RULE,
    &eligibility::job_was_there_already::RULE,
    &eligibility::contract::RULE,
    &eligibility::other_provider::RULE,
    &payroll::unreadable_row::RULE,
    &payroll::unobserved_days::RULE,
    &payroll::repeated_payments::RULE,
    &employment::no_cover::RULE,
    &employment::another_employer::RULE,
    &employment::another_start::RULE,
    &employment::only_zero_pay::RULE,
    &hours::too_few::RULE,
    &hours::unknown::RULE,
    &hours::pay_too_low::RULE,
    &sustainment::ended_too_soon::RULE,
    &sustainment::breaks_off::RULE,
    &sustainment::pending::RULE,
    &sustainment::gone_quiet::RULE,
    &sustainment::across_employers::RULE,
    &sustainment::weak_cover::RULE,
    &sustainment::unpaid_gap::RULE,
    &earnings::not_reached::RULE,
    &earnings::not_yet_reached::RULE,
];

impl Rule {
    /// The rule's page: the comment at the top of its file.
    pub fn page(&self) -> String {
        let comment = self.file.lines().map_while(|line| line.strip_prefix("//!"));
        comment.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
    }

    /// How much a failure weighs unless a scheme or the command line sets the rule.
    pub const fn severity(&self) -> Severity {
        self.weight.severity()
    }

    /// Whether a failure rests on absence: the rule is one of the answers of the evidence, and rejects where the payments show
    /// too little.
    pub fn rests_on_absence(&self) -> bool {
        self.rests_on.is_answer_of_evidence() && self.severity() == Severity::Reject
    }

    /// Whether the rule reads this.
    pub fn reads(&self, what: Reads) -> bool {
        self.reads.contains(&what)
    }

    /// What the claim's provider is told of a failure whose message this is: the message where every fact in it may leave,
    /// else the title.
    pub fn disclosed<'a>(&self, message: &'a str, earnings: EarningsDisclosure) -> &'a str {
        match self.provider.disclosed.facts(earnings) {
            Some(facts) if message::names(self.says).all(|name| facts.contains(&name)) => message,
            Some(_) | None => self.title,
        }
    }

    /// The message of a failure with these facts.
    pub fn message(&self, facts: &[Fact]) -> String {
        message::fill(self.says, facts)
    }
}

/// The rule of a code.
pub fn rule(code: Code) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_rule_in_its_place() {
        assert!(RULES.iter().zip(Code::ALL).all(|(rule, code)| rule.code == code));
    }

    #[test]
    fn two_rules_are_one_where_their_codes_are() {
        assert!(RULES[0] == RULES[0] && RULES[0] != RULES[1]);
    }

    #[test]
    fn a_rule_tells_its_title_and_no_fact_until_it_says_which_facts_may_leave() {
        let rule = |provider, says| Rule { says, provider, ..row::missing_value::RULE };
        let open = ProviderNotice { disclosed: Disclosed::Message(&["columns"]), ..ProviderNotice::CLOSED };
        for earnings in [EarningsDisclosure::Told, EarningsDisclosure::Withheld] {
            let told = |provider, says| rule(provider, says).disclosed("nino is empty", earnings);
            assert_eq!(told(ProviderNotice::CLOSED, "{columns} is empty"), "a required value is missing");
            assert_eq!(told(open, "{columns} is empty"), "nino is empty");
            // A fact that came into the message later and is not named stays here.
            assert_eq!(told(open, "{columns} is empty for {employer}"), "a required value is missing");
        }
    }

    #[test]
    fn the_facts_that_may_leave_are_those_of_the_message() {
        for rule in RULES {
            if let Some(facts) = rule.provider.disclosed.facts(EarningsDisclosure::Told) {
                assert!(message::names(rule.says).eq(facts.iter().copied()), "{}: {facts:?}", rule.code);
            }
        }
    }

    #[test]
    fn the_rules_that_rest_on_absence_are_those_of_the_rulebook() {
        let resting: Vec<Code> = RULES.iter().filter(|rule| rule.rests_on_absence()).map(|rule| rule.code).collect();
        assert_eq!(resting, [Code::EMP01, Code::EMP04, Code::HRS01, Code::SUS01, Code::SUS02, Code::ERN01]);
    }

    #[test]
    fn every_rule_has_a_page_with_all_its_parts() {
        for rule in RULES {
            let page = rule.page();
            for part in ["**Checks**", "**Why**", "**Verdict**", "**Source**", "**Example**"] {
                assert!(page.contains(part), "{}: {part} is missing", rule.code);
            }
            assert!(page.starts_with(&format!("# {}: {}", rule.code, rule.title)), "{}: {page}", rule.code);
            assert!(page.contains(rule.severity().name()), "{}", rule.code);
        }
    }
}
