//! The type of a measure: its definition, its counts, and what must hold before its figures are published.

use super::predicate::Question;
use crate::observations::person::Person;
use crate::observations::scope::Scope;

/// A measure: its definition, where its counts come from, and what must hold before its figures are released.
///
/// Two measures are equal when their names are.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Its name in outputs.
    pub name: &'static str,
    /// What it measures, in one line.
    pub title: &'static str,
    /// What the numerator counts.
    pub numerator: &'static str,
    /// What the denominator counts.
    pub denominator: &'static str,
    /// What `period` holds.
    pub period: &'static str,
    /// Where the definition comes from.
    pub source: &'static str,
    /// What kind of figure it is.
    pub kind: MeasureKind,
    /// Where its counts come from.
    pub counts: CountSource,
    /// Which of its counts must reach the suppression threshold.
    pub threshold: SuppressionThreshold,
    /// Which measure publishes the same counts.
    pub repeats: Repeats,
    /// With which other rows its rows of a level are published or withheld.
    pub family: Family,
    /// Whether it is broken down by the levels of dimensions.
    pub by_level: ByLevel,
}

impl PartialEq for Measure {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Measure {}

impl Measure {
    /// Whether its figures may be published.
    pub fn is_releasable(&self) -> bool {
        !matches!(self.repeats, Repeats::NotStated)
    }
}

/// What kind of figure a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureKind {
    /// A number of people.
    Count,
    /// A share of people, with Wilson's interval.
    Rate,
    /// A change of a share among the same people, with the interval of Agresti and Min.
    Change,
    /// Weeks.
    Weeks,
    /// A number of people, compared with the number expected.
    Volume,
    /// Pounds for each start or outcome.
    Cost,
}

impl MeasureKind {
    /// How the figure is worked out.
    pub const fn formula(self) -> &'static str {
        match self {
            Self::Count => "numerator",
            Self::Rate => "numerator / denominator, with Wilson's 95% interval",
            Self::Change => {
                "(people employed after - people employed before) / denominator, the same people; with the 95% interval of \
                 Agresti and Min for matched pairs"
            }
            Self::Volume => "numerator / denominator, where the denominator is the number expected",
            Self::Cost => "numerator / denominator, in pounds",
            Self::Weeks => "over the people of the denominator; quartiles and median by nearest rank",
        }
    }
}

/// Where the counts of a measure come from.
#[derive(Debug, Clone, Copy)]
pub enum CountSource {
    /// Every person answers these questions.
    Questions(fn(&Scope, &[Person]) -> Vec<Question>),
    /// The weeks in work of everyone who started.
    WeeksInWork,
    /// The claims of a run, by verdict.
    Claims,
    /// The rows of another measure for everyone, each held against the scheme's target for the same period.
    Targets(&'static Measure),
    /// The published rows of other measures for cohorts, each held against the baseline of the cohort.
    Baselines(&'static [Measure]),
}

/// Which counts of a measure must not be below the threshold of the disclosure profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuppressionThreshold {
    /// The people of the group. Enough where the figure discloses nothing of a person but that they are counted.
    Group,
    /// The people of the group, and those of them who are counted. Enough for taking part, which is no trait of a person.
    In,
    /// The people of the group, those of them who are counted, and those who are not.
    InAndOut,
}

/// Which other measure publishes the counts of a measure, so that they could be read there when they are withheld here, or
/// here when they are withheld there.
///
/// Whoever adds a measure states this, because it cannot be derived from the figures. A measure that does not state it
/// is not released.
#[derive(Debug, Clone, Copy, Default)]
pub enum Repeats {
    /// It is not stated. The measure is not released.
    #[default]
    NotStated,
    /// No other measure publishes its counts.
    Nothing,
    /// The row of another measure for the same period and group: withheld with it.
    SamePeriod(&'static Measure),
    /// One row of another measure for the same group, given by its period; or the row of which its periods are parts. Withheld
    /// with it.
    OnePeriod(&'static Measure, &'static str),
    /// Rows of another measure for the same group, whatever their period. Withheld where one of them is.
    AnyPeriod(&'static Measure),
    /// Its denominator is the numerator of another measure for the same period and group: withheld with it, and then the
    /// denominator is withheld too.
    AsDenominator(&'static Measure),
    /// The published rows of other measures, which are copied as they are: what is withheld there is withheld here.
    PublishedRows,
}

/// The rows of a level that are withheld together, because they count nearly the same people: where one of them was
/// published, the others could be worked out from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Those of all periods, with those of other measures whose family has this name.
    Together(&'static str),
    /// Those of the same period up to its first blank, with those of other measures whose family has this name.
    EachPeriod(&'static str),
}

/// Whether a measure is broken down by the levels of dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByLevel {
    /// By those that were asked for.
    Always,
    /// Only where curves of groups were asked for, and only for groups with [`CURVE_PEOPLE`] or more: a figure for each week or
    /// month has many small counts.
    OnRequest,
    /// For everyone alone.
    Never,
}

/// The fewest people of a group whose curve is published.
pub const CURVE_PEOPLE: u64 = 100;
