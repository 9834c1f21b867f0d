//! One row of the result, as it may be published.

use std::cmp::Ordering;
use std::fmt;

use super::disclosure::Withheld;
use crate::measures::Measure;
use crate::scheme::cited::Percentage as ExpectedShare;
use crate::statistics::{FunnelPosition, ShareEstimate, against, of_hundredths_of_a_per_cent};

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
    pub numerator: Option<i64>,
    /// What it counts.
    pub numerator_unit: Unit,
    /// The denominator.
    pub denominator: Option<u64>,
    /// What it counts.
    pub denominator_unit: Unit,
    /// Of the measure as a whole, told beside the rows for everyone: which part of those who would belong is not observed.
    pub not_observed: Option<NotObserved>,
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
    /// Where a contract or provider stands beside everyone: by its exact counts.
    pub standing: Option<FunnelPosition>,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// There is no number.
    None,
    /// People, or starts where those are counted.
    People,
    /// Rows of the register.
    Referrals,
    /// Claims.
    Claims,
    /// The number that a scheme expects.
    Expected,
    /// Pounds.
    Pounds,
}

impl Unit {
    /// The unit as outputs write it; empty where there is no number.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::People => "people",
            Self::Referrals => "referrals",
            Self::Claims => "claims",
            Self::Expected => "expected",
            Self::Pounds => "pounds",
        }
    }
}

/// Which part of the people who would belong to the denominators of a measure is not observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotObserved {
    /// Nobody.
    None,
    /// Fewer than a tenth.
    UnderTenth,
    /// From a tenth to a half.
    ToHalf,
    /// More than a half.
    OverHalf,
}

impl NotObserved {
    /// The part, from how many are not observed of how many.
    pub fn of(not_observed: u64, all: u64) -> Self {
        if not_observed == 0 {
            Self::None
        } else if not_observed.saturating_mul(10) < all {
            Self::UnderTenth
        } else if not_observed.saturating_mul(2) <= all {
            Self::ToHalf
        } else {
            Self::OverHalf
        }
    }

    /// The part in words.
    pub const fn says(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::UnderTenth => "under 10%",
            Self::ToHalf => "10% to 50%",
            Self::OverHalf => "over 50%",
        }
    }
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

    /// The share that the scheme's target expects, where the row is held against one and is not withheld.
    pub fn target(&self) -> Option<f64> {
        match self.note? {
            Note::Target(compared) => Some(of_hundredths_of_a_per_cent(compared.expected.hundredths())),
            Note::Moved { .. } | Note::Baseline(_) | Note::FewerThan(_) => None,
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
    /// How many people were employed before and after.
    Moved {
        /// Employed before.
        before: u64,
        /// Employed after.
        after: u64,
        /// Employed after and not before, and before and not after, where both are enough to be told.
        moved: Option<(u64, u64)>,
    },
    /// Quartiles are of at least so many people.
    FewerThan(u64),
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
            Self::Moved { before, after, moved } => {
                write!(out, "{before} employed before, {after} after")?;
                moved.map_or(Ok(()), |(gained, lost)| write!(out, "; {gained} gained and {lost} lost"))
            }
            Self::FewerThan(people) => write!(out, "of fewer than {people} people"),
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

    #[test]
    fn what_is_not_observed_is_told_in_four_words() {
        let told = [(0, 100), (9, 100), (10, 100), (50, 100), (51, 100), (0, 0)];
        let words = told.map(|(not_observed, all)| NotObserved::of(not_observed, all).says());
        assert_eq!(words, ["none", "under 10%", "10% to 50%", "10% to 50%", "over 50%", "none"]);
    }
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
        let moved = |moved| Note::Moved { before: 20, after: 45, moved }.to_string();
        assert_eq!(moved(Some((30, 5))), "20 employed before, 45 after; 30 gained and 5 lost");
        assert_eq!(moved(None), "20 employed before, 45 after");
    }
}
