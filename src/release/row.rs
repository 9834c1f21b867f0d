//! One row of the result, as it may be published.

use std::cmp::Ordering;
use std::fmt;

use super::disclosure::Withheld;
use crate::measures::Measure;
use crate::scheme::cited::Percentage as ExpectedShare;
use crate::statistics::{ShareEstimate, against, of_hundredths_of_a_per_cent};

/// One row of the result. Every figure in it is withheld or rounded where the profile asks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct RatesRow {
    /// What is measured.
    pub measure: &'static Measure,
    /// The week, month, outcome or date.
    pub period: String,
    /// What the row is broken down by; `all` for everyone.
    pub group: &'static str,
    /// The level of the group.
    pub level: String,
    /// The numerator.
    pub numerator: Option<u64>,
    /// The denominator.
    pub denominator: Option<u64>,
    /// How many would belong to the denominator and are not observed.
    pub not_observed: Option<u64>,
    /// The rate, the change, or the weeks.
    pub rate: Option<f64>,
    /// The lower end of its 95% interval.
    pub lower: Option<f64>,
    /// The upper end.
    pub upper: Option<f64>,
    /// The rate if no undecided claim is validated.
    pub lower_bound: Option<f64>,
    /// The rate if every undecided claim is validated.
    pub upper_bound: Option<f64>,
    /// Why the row is withheld, where it is.
    pub withheld: Option<Withheld>,
    /// What a reader must know.
    pub note: Option<Note>,
}

impl RatesRow {
    /// The row with a share and its interval.
    pub(super) fn with(self, share: Option<ShareEstimate>) -> Self {
        Self {
            rate: share.map(|share| share.value),
            lower: share.map(|share| share.lower),
            upper: share.map(|share| share.upper),
            ..self
        }
    }

    /// The published share with its interval.
    pub(super) fn share(&self) -> Option<ShareEstimate> {
        let ends = self.rate.zip(self.lower).zip(self.upper);
        ends.map(|((value, lower), upper)| ShareEstimate { value, lower, upper })
    }

    /// The share that the scheme's target expects, where the row is held against one and is not withheld.
    pub fn target(&self) -> Option<f64> {
        match self.note? {
            Note::Target(compared) => Some(of_hundredths_of_a_per_cent(compared.expected.hundredths())),
            Note::Moved { .. } | Note::Baseline(_) => None,
        }
    }

    /// The note in words; empty where there is none.
    pub fn note_text(&self) -> String {
        self.note.map(|note| note.to_string()).unwrap_or_default()
    }
}

/// What a reader must know of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// The numbers of people whose changes add up to the change.
    Moved {
        /// Employed after and not before.
        gained: u64,
        /// Employed before and not after.
        lost: u64,
    },
    /// The comparison of the row with the scheme's target.
    Target(TargetComparison),
    /// The comparison of the row with the baseline of its cohort.
    Baseline(TargetComparison),
}

/// The comparison of a share with an expected one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetComparison {
    /// The share expected.
    pub expected: ExpectedShare,
    /// Greater or less where the whole interval is above or below it; equal where that is undecided.
    pub result: Ordering,
}

impl TargetComparison {
    /// Compares the interval of a share with an expected share; undecided where the share is not known.
    pub fn of(share: Option<ShareEstimate>, expected: ExpectedShare) -> Self {
        let result = share.map(|share| against(share, expected.hundredths()));
        Self { expected, result: result.unwrap_or(Ordering::Equal) }
    }

    fn in_words(self, above: &'static str, below: &'static str) -> &'static str {
        match self.result {
            Ordering::Greater => above,
            Ordering::Less => below,
            Ordering::Equal => "undecided",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moved { gained, lost } => write!(out, "{gained} gained and {lost} lost"),
            Self::Target(compared) => {
                write!(out, "target {}: {}", compared.expected, compared.in_words("met", "missed"))
            }
            Self::Baseline(compared) => {
                write!(out, "baseline {}: {}", compared.expected, compared.in_words("above", "below"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::wilson;

    #[test]
    fn notes_are_written_from_their_values() {
        let expected = ExpectedShare::parse("62.5").unwrap();
        let of = |numerator| TargetComparison::of(wilson(numerator, 100), expected);
        let notes = [Note::Target(of(90)), Note::Target(of(10)), Note::Baseline(of(90)), Note::Baseline(of(62))];
        let written = notes.map(|note| note.to_string());
        assert_eq!(
            written,
            ["target 62.5%: met", "target 62.5%: missed", "baseline 62.5%: above", "baseline 62.5%: undecided"]
        );
        assert_eq!(TargetComparison::of(None, expected).result, Ordering::Equal);
        assert_eq!(Note::Moved { gained: 30, lost: 5 }.to_string(), "30 gained and 5 lost");
    }
}
