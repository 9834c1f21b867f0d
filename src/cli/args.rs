//! The grammar of the command line: one definition for parsing, help, manual pages and shell completions. What a verb takes stands beside the
//! verb, what several take in [`super::shared`].

use clap::{Parser, Subcommand};

use super::audit_sample::AuditSampleOptions;
use super::check::CheckOptions;
use super::columns::ColumnsOptions;
use super::completions::CompletionOptions;
use super::decide::DecideOptions;
use super::demo::DemoOptions;
use super::diff::DiffOptions;
use super::explain::ExplainOptions;
use super::ledger::LedgerOptions;
use super::man::ManOptions;
use super::month::MonthOptions;
use super::packs::PacksOptions;
use super::pay::PayOptions;
use super::prepare::PrepareOptions;
use super::rates::RatesOptions;
use super::rules::RulesOptions;
use super::sample::SampleOptions;
use super::schemas::SchemasOptions;
use super::schemes::SchemesOptions;
use super::template::TemplateOptions;
use super::validate::ValidateOptions;
use super::verify::VerifyOptions;
use super::worklist::WorklistOptions;

/// Decides whether claimed jobs were held: claims against payroll records, each verdict with its reasons.
#[derive(Debug, Parser)]
#[command(
    name = "sustain",
    version,
    about,
    max_term_width = 110,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Print the account as JSON on standard output instead of a summary
    #[arg(long, global = true)]
    pub json: bool,
    /// Print nothing but errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// How many threads to use; the result is the same whatever the number [default: one for each core]
    #[arg(long, global = true, value_name = "N", value_parser = threads)]
    pub threads: Option<usize>,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Decide a batch of claims
    Validate(ValidateOptions),
    /// Make a ledger that keeps what became of each claim from month to month; show, balance, prove and export it
    Ledger(LedgerOptions),
    /// Do a month's work of a ledger: new claims, open ones carried over, and what is due or was paid looked at again
    Month(MonthOptions),
    /// List what people must settle, with columns to write their decisions in
    Worklist(WorklistOptions),
    /// Record what people settled
    Decide(DecideOptions),
    /// Pay what is due, less what is to be recovered, by a numbered schedule
    Pay(PayOptions),
    /// Write an extract as a store, sorted by person, so that runs read only the pages they need
    Prepare(PrepareOptions),
    /// Turn a register and an extract into employment rates that can be published
    Rates(RatesOptions),
    /// Explain why a claim was decided as it was, and what would have to differ for it to be validated
    Explain(ExplainOptions),
    /// Write each provider a table and a page of its own claims
    Packs(PacksOptions),
    /// Draw a sample of validated claims to check by hand, and estimate the error rate from the checked ones
    AuditSample(AuditSampleOptions),
    /// List the claims that changed between two runs, and why
    Diff(DiffOptions),
    /// Decide the built-in sample batch: the place to begin
    Demo(DemoOptions),
    /// Make a synthetic batch of any size, for trying things out
    Sample(SampleOptions),
    /// Check a claims file before submitting it, by every rule that needs no earnings
    Check(CheckOptions),
    /// Propose what the columns of a file mean, where their names are others
    Columns(ColumnsOptions),
    /// Write an empty workbook of an input, to be filled in
    Template(TemplateOptions),
    /// Verify that a finished run, a store or a set of rates is complete and unchanged
    Verify(VerifyOptions),
    /// List the built-in schemes; show, check and compare schemes
    Schemes(SchemesOptions),
    /// List the rules, or explain one
    Rules(RulesOptions),
    /// Print the JSON Schema of every input and output
    Schemas(SchemasOptions),
    /// Print completions for a shell
    Completions(CompletionOptions),
    /// Write manual pages
    Man(ManOptions),
}

/// Reads a number of threads as it is typed.
fn threads(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|threads| (1..=1024).contains(threads)).ok_or_else(|| "a number from 1 to 1024".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Args::command().debug_assert();
    }

    // A line of ours would be broken again where the terminal is narrower.
    #[test]
    fn sentences_of_the_help_are_broken_by_the_terminal_alone() {
        fn look_at(command: &clap::Command) {
            let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            for pair in lines.windows(2) {
                let [line, next] = pair else { continue };
                let is_prose = |line: &str| !line.is_empty() && !line.starts_with(' ');
                let is_broken = is_prose(line) && is_prose(next) && !line.ends_with(['.', ':']);
                assert!(!is_broken, "{}: {line} / {next}", command.get_name());
            }
            command.get_subcommands().for_each(look_at);
        }
        look_at(&Args::command());
    }
}
