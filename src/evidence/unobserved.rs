//! What days that the extract cannot speak for mean for an answer: that nobody was paid then is no news about one person.

use chrono::NaiveDate;

use super::sustained::AnswerClass;
use crate::domain::day::{LongDate, add_days};

/// The days before the claimed start within which the beginning of a job that reports none must be seen: a month.
const BEGINNING_DAYS: i64 = 31;

/// What the extract cannot speak for in the time of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unobserved {
    /// The evidence does not pass, and days on which it could have been seen are not observed.
    Days {
        /// The days, in runs, in order; at least one.
        runs: Vec<(NaiveDate, NaiveDate)>,
        /// What kind of answer it would be if they were worked at the outcome's hours.
        class_if_worked: AnswerClass,
    },
    /// The evidence passes for a job whose start nobody reports, and an earlier beginning could not be seen.
    Beginning {
        /// The first day that the extract speaks for.
        extract_from: NaiveDate,
    },
}

/// Whether the beginning of a job from `job_start` lies too near the first day that the extract speaks for.
pub(super) fn beginning(job_start: NaiveDate, extract_from: Option<NaiveDate>) -> Option<Unobserved> {
    let needed_from = add_days(job_start, -BEGINNING_DAYS);
    extract_from.filter(|from| needed_from < *from).map(|extract_from| Unobserved::Beginning { extract_from })
}

/// Runs of days in words: `1 July 2018 to 31 July 2018 and 30 August 2018`.
pub fn in_words(runs: &[(NaiveDate, NaiveDate)]) -> String {
    let run = |(first, last): &(NaiveDate, NaiveDate)| {
        if first == last {
            LongDate(*first).to_string()
        } else {
            format!("{} to {}", LongDate(*first), LongDate(*last))
        }
    };
    match runs {
        [rest @ .., last] if !rest.is_empty() => {
            format!("{} and {}", rest.iter().map(run).collect::<Vec<_>>().join(", "), run(last))
        }
        _ => runs.iter().map(run).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_extract_must_begin_a_month_before_a_job_that_reports_no_start() {
        // 1 May less 31 days is 31 March.
        assert_eq!(beginning(day("2018-05-01"), Some(day("2018-03-31"))), None);
        let from = day("2018-04-01");
        assert_eq!(beginning(day("2018-05-01"), Some(from)), Some(Unobserved::Beginning { extract_from: from }));
        assert_eq!(beginning(day("2018-05-01"), None), None);
    }

    #[test]
    fn runs_of_days_are_named() {
        let runs = [("2018-05-31", "2018-07-31"), ("2018-09-01", "2018-09-01"), ("2018-10-01", "2018-10-02")];
        let runs = runs.map(|(first, last)| (day(first), day(last)));
        assert_eq!(
            in_words(&runs),
            "31 May 2018 to 31 July 2018, 1 September 2018 and 1 October 2018 to 2 October 2018"
        );
        assert_eq!(in_words(&runs[1..2]), "1 September 2018");
    }
}
