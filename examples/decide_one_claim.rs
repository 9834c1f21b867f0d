//! Decides one claim on four months of pay: `cargo run --example decide_one_claim`.

use std::error::Error;
use std::io::Write;
use std::sync::Arc;

use sustain::batch::{self, BatchInputs, EarlierOutcomes, NearMisses, PaymentsByPerson, Stage};
use sustain::domain::{Claim, NinoText, Observed, Payment, Tally};
use sustain::judge::{DecisionContext, Verdict};
use sustain::scheme::wage::WageTable;
use sustain::{rules, scheme};

fn main() -> Result<(), Box<dyn Error>> {
    // The 13 weeks and the 16 hours are not in the code: they stand in the scheme, beside their source.
    let text = scheme::built_in("lse-poc-2017").ok_or("no such scheme")?;
    let scheme = scheme::load::load(text, rules::allows)?;
    // The last day the payroll extract speaks for.
    let observed = Arc::new(Observed::up_to(Some("2018-12-31".parse()?)));
    let context = DecisionContext { scheme, wages: WageTable::built_in()?, observed };

    let claims = [Claim::read(1, claim_cell, &mut Tally::default())];
    let paydays = ["2018-05-31", "2018-06-30", "2018-07-31", "2018-08-31"];
    let payments: Result<PaymentsByPerson, _> = paydays.into_iter().zip(1..).map(payment).collect();
    let inputs = BatchInputs {
        claims: &claims,
        registered: None,
        near_misses: &NearMisses::default(),
        earlier: &EarlierOutcomes::default(),
        stage: Stage::EarningsRead,
        origins: &[],
    };

    let payments = payments?;
    let mut out = std::io::stdout();
    for decided in batch::decide(&context, inputs, &payments) {
        let achieved_on = decided.decision.achieved_on().ok_or("not achieved")?;
        writeln!(out, "{}: achieved on {achieved_on}", decided.decision.verdict)?;
        for finding in &decided.decision.findings {
            writeln!(out, "  {}: {}", finding.rule.code, finding.message())?;
        }
        assert_eq!(decided.decision.verdict, Verdict::Validated);
        assert_eq!(achieved_on.to_string(), "2018-07-30");
    }
    Ok(())
}

/// The cells of the claim by column, as they would stand in a claims file.
fn claim_cell(column: &str) -> Option<&'static str> {
    Some(match column {
        "claim_id" => "C1",
        "provider_id" => "PR1",
        "contract_id" => "CT-KENT",
        "participant_id" => "P1",
        "nino" => "NC100001A",
        "surname" => "Example",
        "forename" => "Robin",
        "date_of_birth" => "1990-01-15",
        "outcome" => "sustained_13_weeks",
        "job_start_date" => "2018-05-01",
        "claim_date" => "2018-09-10",
        _ => return None,
    })
}

/// A month's pay on a payday, as an extract would tell it: £1,100.00 at 16 to 23.99 hours a week (band B).
fn payment((payday, row): (&'static str, u32)) -> Result<Payment, Box<dyn Error>> {
    let cell = |column: &'static str| {
        Some(match column {
            "surname" => "Example",
            "forename" => "Robin",
            "date_of_birth" => "1990-01-15",
            "office_number" => "123",
            "paye_ref" => "A246",
            "employment_start_date" => "2018-05-01",
            "payment_date" => payday,
            "pay_frequency" => "M1",
            "taxable_pay" => "1100.00",
            "hours_band" => "B",
            _ => return None,
        })
    };
    let nino = NinoText::read("NC100001A").well_formed().ok_or("not a National Insurance number")?;
    Ok(Payment::read((0, row), nino, cell, &mut Tally::default())?)
}
