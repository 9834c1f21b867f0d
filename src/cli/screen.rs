//! Output: data on standard output, everything else on standard error; colour only where it is wanted.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use super::args::Args;
use super::json_out::write_json;
use crate::account::columns::{ColumnAccount, ColumnAccounts};
use crate::account::{
    ColumnNames, ExtractDays, InputAccount, LeftOut, MoneyAccount, ParameterAccount, RunAccount, SchemeAccount,
};
use crate::domain::Departure;
use crate::domain::money::{grouped, share, with_separators as pounds};
use crate::domain::printable::printable;
use crate::error::{RunError, describe_io_error};

/// Prints data, messages and errors as the options ask.
#[derive(Debug)]
pub struct Screen {
    /// Whether the account goes to standard output as JSON.
    pub json: bool,
    /// Whether only errors are printed.
    pub quiet: bool,
    colour_out: bool,
    colour_err: bool,
    /// Why standard output took no more, once it did not.
    unprinted: OnceLock<io::Error>,
}

/// How many of the rules that fired most are shown.
const RULES_SHOWN: usize = 8;
/// How many providers are shown with their money.
const PROVIDERS_SHOWN: usize = 8;
/// How many months of payday are shown, the first and the last of them.
const MOST_MONTHS: usize = 24;
/// How many of them are shown in a line.
const MONTHS_A_LINE: usize = 6;
/// How many columns are shown with how their cells were written.
const COLUMNS_SHOWN: usize = 12;
/// How many recheck days are shown.
const RECHECKS_SHOWN: usize = 3;
/// How many of the files that were left out are shown.
const LEFT_OUT_SHOWN: usize = 3;
/// How many lines the files have.
const FILES_LISTED: usize = 8;
/// How many of the files that lack a column are shown.
const FILES_SHOWN: usize = 3;
/// How many of the columns that are none of ours are shown.
const OTHERS_SHOWN: usize = 12;

impl Screen {
    /// Follows the command line and the environment: `NO_COLOR` and a dumb terminal turn colour off.
    pub fn new(args: &Args) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && std::env::var_os("TERM").is_none_or(|terminal| terminal != "dumb");
        Self {
            json: args.json,
            quiet: args.quiet,
            colour_out: wanted && std::io::stdout().is_terminal(),
            colour_err: wanted && std::io::stderr().is_terminal(),
            unprinted: OnceLock::new(),
        }
    }

    /// Whether progress is to be shown.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }

    /// Prints data.
    pub fn print(&self, text: &str) {
        self.print_bytes(format!("{}\n", shown(text, self.colour_out)).as_bytes());
    }

    /// Prints text that this program made of nothing but itself.
    pub fn print_bytes(&self, text: &[u8]) {
        self.print_with(|mut out| out.write_all(text).and_then(|()| out.flush()));
    }

    fn print_with(&self, write: impl FnOnce(io::StdoutLock<'_>) -> io::Result<()>) {
        if self.unprinted.get().is_some() {
            return;
        }
        if let Err(error) = write(io::stdout().lock()) {
            // The first reason is the one to tell.
            drop(self.unprinted.set(error));
        }
    }

    /// Whether not everything could be printed, which is then told on standard error.
    pub fn is_cut_short(&self) -> bool {
        match self.unprinted.get() {
            // A reader that closed the pipe (`| head`) has all it wanted.
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                self.failure(
                    &format!("standard output could not be written ({})", describe_io_error(error)),
                    "what was printed is not whole, and the files that the command wrote are; make room, or print to another place",
                );
                true
            }
            Some(_) | None => false,
        }
    }

    /// Prints a message for a person.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            self.print(text);
        }
    }

    /// Prints a message for a person while a run goes on.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            drop(writeln!(std::io::stderr(), "note: {}", printable(text)));
        }
    }

    /// Prints the error that ended a run, and its hint.
    pub fn error(&self, error: &RunError) {
        self.failure(&error.to_string(), error.hint());
    }

    fn failure(&self, problem: &str, hint: &str) {
        let label = if self.colour_err { "\u{1b}[1;31merror:\u{1b}[0m" } else { "error:" };
        let hint = if hint.is_empty() { String::new() } else { format!("\n\nhint: {hint}") };
        drop(writeln!(std::io::stderr(), "{label} {}{}", printable(problem), printable(&hint)));
    }

    /// Prints data as JSON.
    pub fn print_json(&self, data: &impl serde::Serialize) {
        self.print_with(|out| write_json(out, data));
    }

    /// A heading, bold where colour is wanted. It begins a line.
    pub fn heading(&self, text: &str) -> String {
        if self.colour_out { format!("{BOLD}{text}{PLAIN}") } else { text.to_owned() }
    }

    /// Text in lines of at most a hundred characters, each indented.
    pub fn wrap(&self, text: &str, indent: usize) -> String {
        let margin = " ".repeat(indent);
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let lines = textwrap::Options::new(100)
            .initial_indent(&margin)
            .subsequent_indent(&margin)
            .break_words(false)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::fill(&one_line, lines)
    }

    /// Lines of a table, without borders.
    pub fn table(&self, right: &[usize], rows: Vec<Vec<String>>) -> String {
        let mut table = Table::new();
        table.load_style(NOTHING);
        for row in rows {
            table.add_row(row);
        }
        for column in right {
            if let Some(column) = table.column_mut(*column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let lines = table.lines().map(|line| format!(" {}", line.trim_end()));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The summary of a run, for a person.
    pub fn summary(&self, account: &RunAccount, out: &str) -> String {
        let parts = [
            self.what_was_read(account),
            self.what_was_decided(account),
            self.money(account),
            self.why(account),
            self.what_to_do_next(account),
            format!(
                "{}\n  {out}: report.html; {}validated, rejected, queried, findings, evidence and quarantine (Parquet); run.json\n  \
                 sustain explain {out} CLAIM_ID tells why one claim was decided as it was",
                self.heading("The files"),
                flat_tables(account)
            ),
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    /// The rows by month of payday, and the holes among them.
    fn extract_days(&self, days: &ExtractDays) -> String {
        let months = days.months.iter().map(|month| format!("{} {}", month.month, number(month.rows)));
        let mut months: Vec<String> = months.collect();
        if MOST_MONTHS < months.len() {
            let left_out = months.len() - MOST_MONTHS;
            months.splice(MOST_MONTHS / 2..MOST_MONTHS / 2 + left_out, [format!("... {left_out} months ...")]);
        }
        let lines: Vec<String> = months.chunks(MONTHS_A_LINE).map(|line| line.join("   ")).collect();
        let mut text = format!("\n  rows by month of payday:\n    {}", lines.join("\n    "));
        if days.months.is_empty() {
            text.clear();
        }
        for warning in days.warnings() {
            text.push_str(&format!("\n{}", self.wrap(&warning, 2)));
        }
        text
    }

    fn what_was_read(&self, account: &RunAccount) -> String {
        let scheme = &account.scheme;
        let cut_off = match &account.cut_off.date {
            Some(date) => format!("extract to {date}"),
            None => "the extract holds no payment".to_owned(),
        };
        // Where not all files are shown, those with trouble are.
        let set_aside = |input: &InputAccount| -> u64 {
            input.quarantined + input.text.iter().flat_map(|text| text.set_aside.values()).sum::<u64>()
        };
        let mut inputs: Vec<&InputAccount> = account.inputs.iter().collect();
        if inputs.len() > FILES_LISTED {
            inputs.sort_by_key(|input| set_aside(input) == 0);
        }
        let rows = inputs.iter().map(|input| {
            let mut notes = Vec::new();
            if input.quarantined > 0 {
                notes.push(format!(", {} could not be read", number(input.quarantined)));
            }
            for (kind, count) in input.text.iter().flat_map(|text| &text.set_aside) {
                notes.push(format!(", {} set aside ({})", number(*count), kind.replace('_', " ")));
            }
            let sheet = input.sheet.as_ref().map_or_else(String::new, |sheet| format!(" (sheet {sheet})"));
            vec![input.role.clone(), number(input.rows), format!("rows from {}{sheet}{}", input.name, notes.concat())]
        });
        let mut rows: Vec<Vec<String>> = rows.collect();
        let total = rows.len();
        if total > FILES_LISTED {
            rows.truncate(FILES_LISTED - 1);
            rows.push(vec![String::new(), String::new(), format!("and {} more files", total - (FILES_LISTED - 1))]);
        }
        let earnings = &account.earnings;
        let of_whom = format!(
            "  {} of the {} earnings rows are payments of people claimed for",
            number(earnings.of_claimed_people),
            number(earnings.read)
        );
        let mut text = format!(
            "{} ({}, {}), {cut_off}\n{}\n{of_whom}",
            self.heading(&scheme.title),
            scheme.id,
            scheme.status,
            self.table(&[1], rows)
        );
        if earnings.without_person > 0 {
            let have = if earnings.without_person == 1 { "row has" } else { "rows have" };
            text.push_str(&format!("; {} {have} no usable National Insurance number", number(earnings.without_person)));
        }
        let unread: u64 = account.inputs.iter().map(|input| input.quarantined).sum();
        let with_unread = account.inputs.iter().filter(|input| input.quarantined > 0).count();
        if unread > 0 {
            text.push_str(&format!(
                "\n  in all {} {} could not be read and {} set aside, of {with_unread} {}",
                number(unread),
                if unread == 1 { "row" } else { "rows" },
                if unread == 1 { "was" } else { "were" },
                if with_unread == 1 { "file" } else { "files" }
            ));
        }
        text.push_str(&how_cells_were_written(account));
        for (name, parameter) in &scheme.parameters {
            if let Some(value) = &parameter.value {
                let is_given = parameter.by == ParameterAccount::COMMAND_LINE;
                let by = if is_given { "as supplied" } else { "as the scheme assumes" };
                text.push_str(&format!("\n  {name} is {value}, {by}"));
            }
        }
        if account.inputs.iter().all(|input| input.role != "register") {
            text.push_str("\n  no register was given, so eligibility was not checked");
        }
        if let Some(cannot_tell) = &account.without_history {
            text.push_str(&format!("\n  {cannot_tell}"));
        }
        if let Some(days) = &account.extract_days {
            text.push_str(&self.extract_days(days));
        }
        text.push_str(&left_out_line(&account.left_out, "run.json"));
        text.push_str(&absent_columns(account));
        text.push_str(&assumptions(scheme));
        for (code, setting) in &scheme.settings {
            text.push_str(&format!("\n  {code} is set to {} by the {}", setting.setting, setting.by.replace('_', " ")));
        }
        text
    }

    fn what_was_decided(&self, account: &RunAccount) -> String {
        let claims = &account.claims;
        let verdicts = [("validated", claims.validated), ("rejected", claims.rejected), ("queried", claims.queried)];
        let rows = verdicts
            .iter()
            .map(|(verdict, count)| vec![(*verdict).to_owned(), number(*count), share(*count, claims.read)]);
        let mut table = self.table(&[1, 2], rows.collect());
        for (verdict, coloured) in COLOURED.iter().filter(|_| self.colour_out) {
            table = table.replacen(verdict, coloured, 1);
        }
        let heading = self.heading(&format!("{} claims decided", number(claims.read)));
        format!("{heading}\n{table}")
    }

    fn money(&self, account: &RunAccount) -> String {
        let money = &account.money;
        let nothing = |amount: &str| amount == "0.00";
        if nothing(&money.claimed) && nothing(&money.payable) {
            return String::new();
        }
        let payable = |priced: u64, validated: u64, amount: &str| match (priced, validated) {
            (0, 1..) => "no price is known".to_owned(),
            _ => format!("£{} payable", pounds(amount)),
        };
        let row = |one: &&MoneyAccount| {
            let payable = payable(one.priced, one.validated, &one.payable);
            vec![
                one.provider_id.clone(),
                one.contract_id.clone(),
                format!("£{} claimed", pounds(&one.claimed)),
                payable,
            ]
        };
        let paid: Vec<&MoneyAccount> =
            money.by_contract.iter().filter(|one| !nothing(&one.claimed) || !nothing(&one.payable)).collect();
        let mut rows: Vec<Vec<String>> = paid.iter().take(PROVIDERS_SHOWN).map(row).collect();
        let all = payable(money.priced, account.claims.validated, &money.payable);
        rows.insert(0, vec!["in all".into(), String::new(), format!("£{} claimed", pounds(&money.claimed)), all]);
        let mut text = format!("{}\n{}", self.heading("Money"), self.table(&[2, 3], rows));
        if let Some(more) = paid.len().checked_sub(PROVIDERS_SHOWN).filter(|more| *more > 0) {
            text.push_str(&format!("\n  and {more} more in run.json"));
        }
        text
    }

    fn why(&self, account: &RunAccount) -> String {
        let mut fired: Vec<_> = account.rules.iter().filter(|rule| rule.failed > 0).collect();
        fired.sort_by(|one, other| other.failed.cmp(&one.failed).then_with(|| one.code.cmp(&other.code)));
        if fired.is_empty() {
            return String::new();
        }
        let more = fired.len().saturating_sub(RULES_SHOWN);
        let rows =
            fired.iter().take(RULES_SHOWN).map(|rule| vec![rule.code.clone(), number(rule.failed), rule.title.clone()]);
        let mut text = format!("{}\n{}", self.heading("Rules that fired most"), self.table(&[1], rows.collect()));
        if more > 0 {
            text.push_str(&format!("\n  and {more} more, all in findings.parquet"));
        }
        text
    }

    fn what_to_do_next(&self, account: &RunAccount) -> String {
        let mut lines: Vec<String> = account
            .recheck
            .iter()
            .take(RECHECKS_SHOWN)
            .map(|(day, count)| {
                format!(
                    "  run again with an extract to {day} or later: {} queried {} be decided then",
                    number(*count),
                    if *count == 1 { "claim may" } else { "claims may" }
                )
            })
            .collect();
        let later: u64 = account.recheck.values().skip(RECHECKS_SHOWN).sum();
        if later > 0 {
            lines.push(format!("  and {} more on later days (recheck_on in queried.parquet)", number(later)));
        }
        let dated: u64 = account.recheck.values().sum();
        let people = account.claims.queried.saturating_sub(dated);
        if people > 0 {
            lines.push(format!(
                "  {} queried {} to be looked at by a person",
                number(people),
                if people == 1 { "claim is" } else { "claims are" }
            ));
        }
        if lines.is_empty() {
            return String::new();
        }
        format!("{}\n{}", self.heading("What to do next"), lines.join("\n"))
    }
}

const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";
/// The verdicts, and as they are where colour is wanted.
const COLOURED: [(&str, &str); 3] = [
    ("validated", "\u{1b}[32mvalidated\u{1b}[0m"),
    ("rejected", "\u{1b}[31mrejected\u{1b}[0m"),
    ("queried", "\u{1b}[33mqueried\u{1b}[0m"),
];

/// A text as it is printed: of what steers a terminal only our own headings and verdicts remain, for everything else may be
/// from an input.
fn shown(text: &str, has_colour: bool) -> Cow<'_, str> {
    if !has_colour {
        return printable(text);
    }
    let heading = |line: &str| {
        let (heading, rest) = line.strip_prefix(BOLD)?.split_once(PLAIN)?;
        Some(format!("{BOLD}{}{PLAIN}{}", printable(heading), printable(rest)))
    };
    let verdict = |line: &str| {
        let split = |(_, coloured): &(_, &'static str)| line.split_once(coloured).map(|sides| (*coloured, sides));
        let (coloured, (before, after)) = COLOURED.iter().find_map(split)?;
        Some(format!("{}{coloured}{}", printable(before), printable(after)))
    };
    let line = |line| heading(line).or_else(|| verdict(line)).unwrap_or_else(|| printable(line).into_owned());
    Cow::Owned(text.split('\n').map(line).collect::<Vec<_>>().join("\n"))
}

/// How the cells of the inputs were written, a line for each column that has something to tell.
fn how_cells_were_written(account: &RunAccount) -> String {
    let of_input = |input: &InputAccount| {
        let lines = column_lines(&input.columns).into_iter();
        lines.map(|line| format!("\n  {}, {line}", input.name)).collect::<Vec<_>>()
    };
    let mut lines: Vec<String> = account.inputs.iter().flat_map(of_input).collect();
    let more = lines.len().saturating_sub(COLUMNS_SHOWN);
    lines.truncate(COLUMNS_SHOWN);
    if more > 0 {
        lines.push(format!("\n  and {more} more columns in run.json"));
    }
    if let Some(share) = &account.set_aside {
        lines.push(format!("\n  columns were accepted that cannot be read in up to {share} of the rows"));
    }
    lines.concat()
}

/// A line for each column that has something to tell: how many of its cells were written how.
pub(super) fn column_lines(columns: &ColumnAccounts) -> Vec<String> {
    let line = |(name, column): (&String, &ColumnAccount)| {
        let departures = column.departures.iter().map(|(departure, count)| {
            let known = Departure::named(departure);
            let words = known.map_or_else(|| departure.replace('_', " "), |known| known.words().to_owned());
            format!("{} {words}", number(*count))
        });
        let damage = column.damage.iter().map(|(damage, count)| {
            format!("{} damaged by a spreadsheet ({})", number(*count), damage.replace('_', " "))
        });
        let unreadable = (0 < column.unreadable).then(|| format!("{} that cannot be read", number(column.unreadable)));
        format!("{name}: {}", departures.chain(damage).chain(unreadable).collect::<Vec<_>>().join("; "))
    };
    columns.iter().map(line).collect()
}

/// Which optional columns the files of each role do not have, in one line a role, and beside them the columns that are none of
/// ours: one of these may be what is not there. The names in JSON are not shown: they may be content.
fn absent_columns(account: &RunAccount) -> String {
    let files = account.inputs.iter().filter_map(|input| {
        let names = input.column_names.as_ref()?;
        Some(FileColumns { role: &input.role, file: &input.name, names, shows_others: input.format != "json" })
    });
    absent_lines(&files.collect::<Vec<_>>())
}

/// The columns of a file, for the line that tells which are not there.
pub(super) struct FileColumns<'a> {
    pub(super) role: &'a str,
    pub(super) file: &'a str,
    pub(super) names: &'a ColumnNames,
    pub(super) shows_others: bool,
}

/// A line for each role of whose files some do not have an optional column. Each begins with a line break.
pub(super) fn absent_lines(files: &[FileColumns<'_>]) -> String {
    let mut roles: Vec<&str> = files.iter().map(|file| file.role).collect();
    roles.dedup();
    let line = |role: &str| {
        let of_role: Vec<&FileColumns<'_>> = files.iter().filter(|file| file.role == role).collect();
        let absent: BTreeSet<&str> = of_role.iter().flat_map(|file| &file.names.absent).map(String::as_str).collect();
        if absent.is_empty() {
            return String::new();
        }
        let lacking = |name: &str| {
            let lacks = |file: &&&FileColumns<'_>| file.names.absent.iter().any(|absent| absent == name);
            let lacking: Vec<&str> = of_role.iter().filter(lacks).map(|file| file.file).collect();
            if lacking.len() == of_role.len() {
                return name.to_owned();
            }
            format!("{name} (in {})", listed(&lacking, FILES_SHOWN))
        };
        let absent: Vec<String> = absent.into_iter().map(lacking).collect();
        let others: BTreeSet<&str> = of_role
            .iter()
            .filter(|file| file.shows_others)
            .flat_map(|file| &file.names.other)
            .map(String::as_str)
            .collect();
        let others: Vec<&str> = others.into_iter().collect();
        let others = match others.len() {
            0 => String::new(),
            1 => format!("; none of ours: {}", listed(&others, OTHERS_SHOWN)),
            _ => format!("; none of ours are: {}", listed(&others, OTHERS_SHOWN)),
        };
        format!("\n  optional columns not in the {role}: {}{others}", absent.join(", "))
    };
    roles.into_iter().map(line).collect()
}

/// The first of some names, and how many more there are.
fn listed(names: &[&str], most: usize) -> String {
    let shown = names.iter().take(most).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn assumptions(scheme: &SchemeAccount) -> String {
    match scheme.assumptions.len() {
        0 => String::new(),
        1 => "\n  it stands on 1 assumption, listed in run.json".to_owned(),
        many => format!("\n  it stands on {many} assumptions, listed in run.json"),
    }
}

/// A line that begins with a line break and says what was left out of the folders that were named; nothing where all was read.
pub fn left_out_line(left_out: &[LeftOut], listed_in: &str) -> String {
    let shown: Vec<String> =
        left_out.iter().take(LEFT_OUT_SHOWN).map(|one| format!("{} ({})", one.file, one.reason)).collect();
    match left_out.len().saturating_sub(LEFT_OUT_SHOWN) {
        0 if shown.is_empty() => String::new(),
        0 => format!("\n  not read, because it is no data: {}", shown.join(", ")),
        more => {
            let more = number(crate::domain::count_of(more));
            format!("\n  not read, because it is no data: {}, and {more} more, listed in {listed_in}", shown.join(", "))
        }
    }
}

/// A number with separators.
pub fn number(count: u64) -> String {
    grouped(&count.to_string())
}

/// The flat tables of a run, for a list of its files; results of earlier versions have none.
fn flat_tables(account: &RunAccount) -> String {
    let names = account.outputs.iter().map(|output| output.name.as_str()).filter(|name| name.starts_with("verdicts."));
    match names.collect::<Vec<_>>().join(" and ") {
        none if none.is_empty() => none,
        names => format!("{names}; "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_steers_a_terminal_only_our_own_remains() {
        let heading = "\u{1b}[1mClaim C1\u{1b}[31m\u{1b}[0m: x\u{1b}[0m";
        assert_eq!(shown(heading, true), "\u{1b}[1mClaim C1\\u{1b}[31m\u{1b}[0m: x\\u{1b}[0m");
        let verdict = "  \u{1b}[32mvalidated\u{1b}[0m 1";
        assert_eq!(shown(verdict, true), verdict);
        assert_eq!(shown("a\n b\u{1b}[1mc\u{202e}", true), "a\n b\\u{1b}[1mc\\u{202e}");
        assert!(!shown(heading, false).contains('\u{1b}'));
    }
}
