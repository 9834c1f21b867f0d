//! From the text of a scheme file to a [`Scheme`]: everything is checked, and every mistake has its line and column.

mod check;
mod keys;
mod outcome;
mod scheme;

use std::fmt;

use toml::de::DeTable;

use super::parameter::Supplied;
use super::{Allows, Scheme};
use check::SchemeChecker;
use keys::Keys;

/// One mistake in a scheme file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub hint: String,
}

/// All the mistakes found in a scheme file, in the order in which they stand there; at least one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            write!(out, "line {}, column {}: {}", mistake.line, mistake.column, mistake.problem)?;
            if !mistake.hint.is_empty() {
                write!(out, " ({})", mistake.hint)?;
            }
        }
        Ok(())
    }
}

/// Why a scheme could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The file has mistakes.
    #[error(transparent)]
    File(#[from] Mistakes),
    /// A value supplied from outside cannot be used.
    #[error("the parameter {id}: {problem}")]
    Supplied {
        /// The parameter.
        id: String,
        /// What is wrong with the value.
        problem: String,
        /// What is accepted.
        hint: String,
    },
}

/// Reads and checks a scheme file to which nothing is supplied; `allows` says which settings a rule may have.
///
/// # Errors
/// All the [`Mistakes`] there are.
pub fn load(text: &str, allows: Allows) -> Result<Scheme, Mistakes> {
    load_with(text, &Supplied::new(), allows).map_err(|error| match error {
        LoadError::File(mistakes) => mistakes,
        LoadError::Supplied { problem, hint, .. } => Mistakes(vec![Mistake { line: 1, column: 1, problem, hint }]),
    })
}

/// Reads and checks a scheme file, with the values of its parameters; `allows` says which settings a rule may have.
///
/// # Errors
/// All the [`Mistakes`] there are; where the file has none, the first supplied value that cannot be used.
pub fn load_with(text: &str, supplied: &Supplied, allows: Allows) -> Result<Scheme, LoadError> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let mistake = |error: toml::de::Error| {
            let (line, column) = position(text, error.span().map_or(0, |span| span.start));
            let problem = error.message().trim().replace('\n', " ");
            Mistake { line, column, problem, hint: "this is not TOML; the built-in schemes are examples".into() }
        };
        return Err(Mistakes(errors.into_iter().map(mistake).collect()).into());
    }
    let mut check = SchemeChecker::new(text, allows);
    let keys = Keys::new(table.get_ref(), 0..0);
    let scheme = check.table(keys, |check, keys| scheme::read(check, keys, text, supplied));
    check.mistakes.sort();
    check.mistakes.dedup();
    if let Some((id, problem, hint)) = check.supplied_wrongly.into_iter().next().filter(|_| check.mistakes.is_empty()) {
        return Err(LoadError::Supplied { id, problem, hint });
    }
    match scheme {
        Some(scheme) if check.mistakes.is_empty() => Ok(scheme),
        _ => Err(Mistakes(check.mistakes).into()),
    }
}

fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count() + 1;
    let column = before.get(line_start..).map_or(0, |start| start.chars().count()) + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::funding::VolumeOf;
    use crate::scheme::{BUILT_IN, built_in};

    fn poc() -> &'static str {
        built_in("lse-poc-2017").unwrap()
    }

    /// Which settings a rule may have is not tested here.
    const ANYTHING: Allows = |_, _| Ok(());

    fn mistake(text: &str) -> String {
        load(text, ANYTHING).unwrap_err().to_string()
    }

    #[test]
    fn the_built_in_schemes_load() {
        for (id, text) in BUILT_IN {
            assert_eq!(load(text, ANYTHING).map(|scheme| scheme.id), Ok(id.to_owned()));
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_place_and_the_nearest_known_one() {
        let text = poc().replace("about = ", "abuot = ");
        assert!(mistake(&text).contains("line 9, column 1: unknown key `abuot` (did you mean `about`?)"));
    }

    #[test]
    fn a_missing_source_is_refused_with_its_place() {
        let text = poc().replacen("to = 2019-05-31\nsource = \"base\"", "to = 2019-05-31", 1);
        assert!(mistake(&text).contains("`source` is missing"), "{}", mistake(&text));
        let text = poc().replacen("source = \"base\"", "source = \"bass\"", 1);
        assert!(mistake(&text).contains("no [[source]] has the id `bass`"), "{}", mistake(&text));
    }

    #[test]
    fn every_mistake_is_found_at_once_with_line_and_column() {
        let gap = "\n[[gap_query_days]]\nfrom = 2013-04-06\nto = 2017-12-31\nvalue = 31\nsource = \"ours\"\n\
                   [[gap_query_days]]\nfrom = 2018-01-02\nvalue = 31\nsource = \"ours\"\n";
        let text = poc()
            .replacen("value = \"16.00\"", "value = \"169\"", 1)
            .replacen("[[gap_query_days]]\nfrom = 2013-04-06\nvalue = 31\nsource = \"ours\"\n", gap, 1)
            .replacen("status = \"complete\"", "status = \"done\"", 1)
            .replacen("title = ", "titel = ", 1);
        let mistakes = load(&text, ANYTHING).unwrap_err().0;
        let problems: Vec<&str> = mistakes.iter().map(|mistake| mistake.problem.as_str()).collect();
        assert_eq!(
            problems,
            [
                "`title` is missing",
                "unknown key `titel`",
                "this status is not known",
                "these are not hours a week",
                "days without a value lie before this one"
            ]
        );
        assert!(mistakes.iter().all(|mistake| 1 <= mistake.line && 1 <= mistake.column));
    }

    #[test]
    fn a_scheme_may_say_what_becomes_of_jobs_held_at_the_start() {
        let text = |value: &str| {
            format!("{}\n[[in_work_starts]]\nfrom = 2017-11-01\nvalue = \"{value}\"\nsource = \"ours\"\n", poc())
        };
        assert!(load(&text("accept"), ANYTHING).unwrap().in_work_starts.is_some());
        assert!(mistake(&text("allow")).contains("this is not a way to treat people in work at the start"));
    }

    #[test]
    fn a_volume_may_say_whether_it_is_of_referrals_or_of_starts() {
        let text = |of: &str| poc().replacen("of = \"referrals\"", of, 1);
        for (of, read) in [("of = \"starts\"", Some(VolumeOf::Starts)), ("", None)] {
            assert_eq!(load(&text(of), ANYTHING).unwrap().arrangements.volumes[0].value.of, read);
        }
        let said = mistake(&text("of = \"people\""));
        assert!(
            said.contains("this word of `of` is not known") && said.contains("one of: referrals, starts"),
            "{said}"
        );
    }

    #[test]
    fn more_days_than_the_window_has_are_refused() {
        let text = poc().replacen("value = 91\nsource = \"base\"", "value = 92\nsource = \"base\"", 1);
        assert!(mistake(&text).contains("more days are needed than the window has"), "{}", mistake(&text));
    }

    #[test]
    fn a_wage_asked_for_before_the_table_begins_is_refused_by_name() {
        let text = built_in("whp").unwrap().replace("from = 2016-04-01", "from = 2016-03-31");
        let said = mistake(&text);
        assert!(said.contains("the National Living Wage is asked for on 2016-03-31"), "{said}");
        assert!(said.contains("2016-04-01"), "{said}");
    }

    #[test]
    fn a_parameter_takes_a_value_or_values_by_date_and_a_wrong_one_is_named() {
        let supplied = |value: &str| Supplied::from([("window_days".to_owned(), value.to_owned())]);
        let restart = built_in("restart").unwrap();
        assert!(load_with(restart, &supplied("365"), ANYTHING).unwrap().missing().is_empty());
        assert!(load_with(restart, &supplied("2021-07-12:365,2022-01-01:547"), ANYTHING).is_ok());
        assert_eq!(load(restart, ANYTHING).unwrap().missing().len(), 1);
        let refused = load_with(restart, &supplied("a year"), ANYTHING).unwrap_err();
        assert!(matches!(refused, LoadError::Supplied { id, .. } if id == "window_days"));
        let unknown = Supplied::from([("windowdays".to_owned(), "365".to_owned())]);
        let refused = load_with(restart, &unknown, ANYTHING).unwrap_err();
        assert!(matches!(refused, LoadError::Supplied { hint, .. } if hint.contains("window_days")));
    }
}
