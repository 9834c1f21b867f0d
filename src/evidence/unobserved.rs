//! What days that the extract cannot speak for mean for an answer: that nobody was paid then is no news about one person.

use chrono::NaiveDate;

use super::sustained::AnswerClass;
use crate::domain::Observed;
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
        /// The first day that the extract speaks for, at its beginning or after a hole.
        extract_from: NaiveDate,
    },
}

/// Whether an earlier beginning of a job that reports no start could not be seen: its claimed start lies too near the first day
/// that the extract speaks for, or its first cover begins in or right after days that the extract cannot speak for.
pub(super) fn beginning(
    job_start: NaiveDate,
    first_cover: Option<NaiveDate>,
    observed: &Observed,
) -> Option<Unobserved> {
    let needed_from = add_days(job_start, -BEGINNING_DAYS);
    if let Some(extract_from) = observed.from.filter(|from| needed_from < *from) {
        return Some(Unobserved::Beginning { extract_from });
    }
    let first_cover = first_cover?;
    let (unseen, _) = *observed.unobserved_within(add_days(first_cover, -1), first_cover).first()?;
    let hole = observed.holes().iter().find(|(first, last)| *first <= unseen && unseen <= *last);
    let speaks_from = hole.map(|(_, last)| add_days(*last, 1)).or(observed.from)?;
    Some(Unobserved::Beginning { extract_from: speaks_from })
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
        let from = |from: &str| Observed::new(Some(day(from)), None, []);
        let too_late = |from: &str| Some(Unobserved::Beginning { extract_from: day(from) });
        let beginning =
            |first_cover: &str, observed: &Observed| beginning(day("2018-05-01"), Some(day(first_cover)), observed);
        assert_eq!(beginning("2018-05-01", &from("2018-03-31")), None);
        assert_eq!(beginning("2018-05-01", &from("2018-04-01")), too_late("2018-04-01"));
        assert_eq!(beginning("2018-05-01", &Observed::up_to(None)), None);
        // A job whose cover begins in time that is not observed, or right after it, may have begun before.
        assert_eq!(beginning("2018-03-02", &from("2018-03-01")), None);
        assert_eq!(beginning("2018-03-01", &from("2018-03-01")), too_late("2018-03-01"));
        let hole = Observed::new(None, None, [(day("2018-03-31"), day("2018-05-15"))]);
        assert_eq!(beginning("2018-05-17", &hole), None);
        assert_eq!(beginning("2018-05-16", &hole), too_late("2018-05-16"));
        assert_eq!(beginning("2018-04-20", &hole), too_late("2018-05-16"));
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
