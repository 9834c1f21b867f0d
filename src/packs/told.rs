//! What a provider is told of a reason, and what it can send.

use crate::rules::{Code, rule};

/// A reason in plain words. What the payroll shows, and what became of other claims, is told by the rule's title alone;
/// where earnings may be told, what the payroll shows is told in full.
pub(super) fn reason(code: &str, message: &str, with_earnings: bool) -> String {
    let Some(known) = Code::parse(code) else { return String::new() };
    let is_told = !OF_OTHERS.contains(&known) && (with_earnings || !is_of_payroll(known));
    if is_told { message.to_owned() } else { rule(known).map_or_else(String::new, |rule| rule.title.to_owned()) }
}

/// Rules whose messages tell of other claims, which may be another provider's.
const OF_OTHERS: [Code; 3] = [Code::ROW04, Code::CLM04, Code::CLM05];

/// Whether a rule's message tells what the payroll shows.
fn is_of_payroll(code: Code) -> bool {
    const BESIDE_THE_FAMILIES: [Code; 8] =
        [Code::CLM03, Code::CLM09, Code::ELG05, Code::IDN05, Code::IDN06, Code::IDN07, Code::IDN08, Code::IDN09];
    let family = code.as_str().get(..3).unwrap_or_default();
    ["EMP", "HRS", "SUS", "ERN"].contains(&family) || BESIDE_THE_FAMILIES.contains(&code)
}

/// What helps to settle a query, or to mend a rejected claim; nothing where nothing does.
pub(super) fn what_to_send(code: &str, look_again: &str) -> String {
    let Some(code) = Code::parse(code) else { return String::new() };
    let later = || match look_again {
        "" => "Nothing now: it is decided again when more payroll records are there.".to_owned(),
        day => format!("Nothing now: it is decided again with payroll records up to {day}."),
    };
    let waits = matches!(code, Code::SUS03 | Code::ERN02) || (code == Code::EMP01 && !look_again.is_empty());
    if waits { later() } else { static_text(code).to_owned() }
}

fn static_text(code: Code) -> &'static str {
    match code {
        Code::ROW01 | Code::ROW02 | Code::ROW03 | Code::ROW05 => "The claim with the row mended, in a new claims file.",
        Code::ROW04 => {
            "Nothing for a copy of a claim. Different claims need numbers of their own, in a new claims file."
        }
        Code::CLM01 | Code::CLM06 | Code::CLM10 => "A new claim if what was claimed was written down wrongly.",
        Code::CLM02 => "A new claim once the outcome can have been achieved.",
        Code::CLM04 => "Nothing, unless the claims are of different outcomes: then say which.",
        Code::CLM07 => "Why the amount differs from the price agreed.",
        Code::CLM08 => "Evidence of self-employment: invoices, accounts or a tax return. Payroll cannot show it.",
        Code::CLM09 => "Nothing: a person decides whether an early claim stands.",
        Code::IDN01 | Code::IDN02 => "The participant's National Insurance number, from an official letter.",
        Code::IDN03 | Code::ELG04 => "The register's entry for the participant.",
        Code::IDN04 => "Which of the two is right, the claim or the register, and how you know.",
        Code::IDN05 | Code::IDN07 => {
            "A document that shows the participant's name, date of birth and National Insurance number."
        }
        Code::CLM03 => "Nothing: the time for claiming this outcome is over.",
        Code::CLM05 => "Nothing: the outcome was validated before.",
        Code::ERN01 => "Payslips for pay in the time of the outcome, if payroll does not show all of it.",
        Code::IDN06 | Code::IDN08 | Code::IDN09 => "",
        Code::ELG00 => "The register's entry for the participant, with the day they started.",
        Code::ELG01 | Code::ELG02 | Code::ELG03 | Code::ELG06 => {
            "The register's entry for the participant if it is wrong."
        }
        Code::ELG05 => {
            "A document of the employer that shows when the job began, if it began after the start on provision."
        }
        Code::EMP01 | Code::EMP04 => {
            "Payslips, and the employer's PAYE reference: payroll shows no pay in the time claimed."
        }
        Code::EMP02 => "The PAYE reference of the employer who pays, as payslips show it.",
        Code::EMP03 => "A document of the employer that shows when the job began.",
        Code::HRS01 => "A contract or payslips that show the hours, if the employer reported them wrongly.",
        Code::HRS02 => "A contract, payslips or a letter of the employer that shows the weekly hours.",
        Code::HRS03 => "Payslips or timesheets that show the hours worked for the pay.",
        Code::SUS01 | Code::SUS02 => "Payslips for the days that payroll does not cover, if the job went on.",
        Code::SUS03 | Code::ERN02 => "Nothing now.",
        Code::SUS04 => "Payslips for the days since the last pay, or the day the job ended.",
        Code::SUS05 => "Payslips of every employer in the weeks claimed, with the hours at each.",
        Code::SUS06 => "Payslips that show which days the irregular pay was for.",
        Code::SUS07 => "Why some weeks were not paid, in the employer's words: unpaid leave, sickness or no work.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_payroll_shows_is_told_only_where_it_may_be() {
        for rule in crate::rules::RULES {
            let told = reason(rule.code.as_str(), "123/A246 paid £12.00", false);
            let of_payroll = ["EMP", "HRS", "SUS", "ERN"].contains(&rule.code.as_str().get(..3).unwrap());
            assert!(!of_payroll || told == rule.title, "{}", rule.code);
        }
        assert_eq!(reason("HRS03", "brought £12.00", true), "brought £12.00");
        // Nothing of a claim that may be another provider's, whatever may be told.
        assert_ne!(reason("CLM04", "that one is validated", true), "that one is validated");
        assert_eq!(reason("ROW02", "claim_date is empty", false), "claim_date is empty");
    }

    #[test]
    fn every_query_says_what_to_send() {
        for rule in crate::rules::RULES {
            let says = what_to_send(rule.code.as_str(), "");
            assert!(rule.severity != crate::rules::Severity::Query || !says.is_empty(), "{}", rule.code);
        }
        assert!(what_to_send("SUS03", "2018-09-07").contains("2018-09-07"));
    }
}
