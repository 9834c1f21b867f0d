//! What is measured: each with its numerator, its denominator and where the definition comes from.

pub mod question;

/// A measure as it is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Its name in outputs.
    pub name: &'static str,
    /// What it is, in a line.
    pub title: &'static str,
    /// Who is counted.
    pub numerator: &'static str,
    /// Of whom.
    pub denominator: &'static str,
    /// What `period` holds.
    pub period: &'static str,
    /// Where the definition comes from.
    pub source: &'static str,
    /// What kind of figure it is.
    pub kind: Kind,
}

/// What kind of figure a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number of people.
    Count,
    /// A share of people, with Wilson's interval.
    Rate,
    /// A change of a share among the same people, with the interval of Agresti and Min.
    Change,
    /// Weeks.
    Weeks,
    /// People beside a number that was expected.
    Volume,
    /// Pounds for each.
    Cost,
}

impl Kind {
    /// How the figure is worked out.
    pub const fn formula(self) -> &'static str {
        match self {
            Self::Count => "numerator",
            Self::Rate => "numerator / denominator, with Wilson's 95% interval",
            Self::Change => {
                "(people employed after and not before - people employed before and not after) / denominator, with the 95% \
                 interval of Agresti and Min for matched pairs"
            }
            Self::Volume => "numerator / denominator, where the denominator is the number expected",
            Self::Cost => "numerator / denominator, in pounds to the nearest penny",
            Self::Weeks => "over the people of the denominator; quartiles and median by nearest rank",
        }
    }
}

/// Weeks before the start for which employment is shown.
pub const WEEKS_BEFORE: i64 = 52;
/// Weeks from the start on for which it is shown.
pub const WEEKS_AFTER: i64 = 104;
/// Days after a window until its last pay can be expected: two monthly paydays.
pub const MATURITY_DAYS: i64 = 62;
/// Days before the cut-off that nobody's pay speaks for yet: a month, and the seven days after which pay is overdue.
pub const LAG_DAYS: i64 = 38;
/// The thirteen weeks before the start that changes are measured from.
pub const WEEKS_COMPARED: i64 = 13;
/// How the weeks before the start that changes are measured from are written.
pub fn weeks_before() -> String {
    format!("-{WEEKS_COMPARED} to 0")
}

/// The stretches of weeks after the start that are compared with them.
pub const STRETCHES: [(i64, i64); 3] = [(13, 26), (26, 39), (39, 52)];

const OURS: &str =
    "ours, for the measures of success the specification names: employment rates, demand and participation";
const MATURED: &str = "people whose start + window + 62 days is on or before the cut-off";
const FUNDED: &str = "the file given with --funding, or what the scheme's sources pay for each participant";
const STARTED: &str = "all people who started";

/// Every measure, in the order of the outputs.
pub const MEASURES: [Measure; 30] = [
    Measure {
        name: "referred",
        title: "People referred",
        numerator: "people in the register",
        denominator: "the same",
        period: "",
        source: OURS,
        kind: Kind::Count,
    },
    Measure {
        name: "started",
        title: "People who started, of those referred",
        numerator: "people with a start",
        denominator: "people in the register",
        period: "",
        source: "referred people, not referrals, are the denominator, as in Work and Health Programme statistics",
        kind: Kind::Rate,
    },
    Measure {
        name: "starts_in_month",
        title: "Starts by month",
        numerator: "people who started in the month",
        denominator: "the same",
        period: "month",
        source: OURS,
        kind: Kind::Count,
    },
    Measure {
        name: "referrals_of_volume",
        title: "Referrals beside the volume the scheme expects",
        numerator: "people first referred in that year of the programme",
        denominator: "the volume of a year, or what of it falls into a year that was not whole; by contract the volume of an \
                      authority, a contract being taken to be with one",
        period: "year of the programme",
        source: "the scheme's volumes",
        kind: Kind::Volume,
    },
    Measure {
        name: "starts_of_volume",
        title: "Starts beside the volume the scheme expects",
        numerator: "people who started in that year of the programme",
        denominator: "the volume of a year, or what of it falls into a year that was not whole; by contract the volume of an \
                      authority, a contract being taken to be with one",
        period: "year of the programme",
        source: "the scheme's volumes",
        kind: Kind::Volume,
    },
    Measure {
        name: "first_earnings_matured",
        title: "First earnings within 52 weeks of the start, cohorts with enough time",
        numerator: "people with a payday of more than nothing from the start to 363 days after it",
        denominator: "people whose start + 364 + 62 days is on or before the cut-off",
        period: "",
        source: "Restart evaluation: first earnings are a stage of their own",
        kind: Kind::Rate,
    },
    Measure {
        name: "first_earnings_full",
        title: "First earnings within 52 weeks of the start, all starts",
        numerator: "people with a payday of more than nothing from the start to 363 days after it",
        denominator: STARTED,
        period: "",
        source: "Restart evaluation: both denominators side by side",
        kind: Kind::Rate,
    },
    Measure {
        name: "outcome_by_evidence_matured",
        title: "Outcome by evidence, claimed or not, cohorts with enough time",
        numerator: "people whose payments meet the outcome, tried from each employer's first covered day on or after the start",
        denominator: MATURED,
        period: "outcome",
        source: "rulebook sections 4 to 7",
        kind: Kind::Rate,
    },
    Measure {
        name: "outcome_by_evidence_full",
        title: "Outcome by evidence, claimed or not, all starts",
        numerator: "people whose payments meet the outcome, tried from each employer's first covered day on or after the start",
        denominator: STARTED,
        period: "outcome",
        source: "rulebook sections 4 to 7",
        kind: Kind::Rate,
    },
    Measure {
        name: "outcome_by_claim",
        title: "Outcome by claim",
        numerator: "validated claims; lower bound validated / all, upper bound (all - rejected) / all",
        denominator: "all claims of the outcome in the run",
        period: "outcome",
        source: "the run given with --run",
        kind: Kind::Rate,
    },
    Measure {
        name: "employed_week",
        title: "In employment, by week from the start",
        numerator: "people with a covered day in the week",
        denominator: "people who started and are observed on all seven days",
        period: "week: 0 begins on the start",
        source: "rulebook section 4",
        kind: Kind::Rate,
    },
    Measure {
        name: "employed_16_week",
        title: "In employment of 16 or more hours, by week from the start",
        numerator: "people with a day in the week whose status at 16 hours is yes",
        denominator: "people who started and are observed on all seven days",
        period: "week: 0 begins on the start",
        source: "rulebook section 5",
        kind: Kind::Rate,
    },
    Measure {
        name: "employed_month",
        title: "In employment, by calendar month",
        numerator: "people with a covered day in the month",
        denominator: "people in the register observed on every day of it",
        period: "month",
        source: "rulebook section 4",
        kind: Kind::Rate,
    },
    Measure {
        name: "employed_16_month",
        title: "In employment of 16 or more hours, by calendar month",
        numerator: "people with a day in the month whose status at 16 hours is yes",
        denominator: "people in the register observed on every day of it",
        period: "month",
        source: "rulebook section 5",
        kind: Kind::Rate,
    },
    Measure {
        name: "employed_before",
        title: "In employment in the 13 weeks before the start",
        numerator: "people with a covered day in those weeks",
        denominator: "people who started and are observed on all their days",
        period: "weeks",
        source: OURS,
        kind: Kind::Rate,
    },
    Measure {
        name: "employed_after",
        title: "In employment in a quarter after the start",
        numerator: "people with a covered day in those weeks",
        denominator: "people who started and are observed on all their days",
        period: "weeks",
        source: OURS,
        kind: Kind::Rate,
    },
    Measure {
        name: "increase",
        title: "Increase in employment over the 13 weeks before the start, same people",
        numerator: "people employed after and not before; those employed before and not after are taken off",
        denominator: "people who started and are observed on all days of both stretches",
        period: "weeks",
        source: OURS,
        kind: Kind::Change,
    },
    Measure {
        name: "baseline",
        title: "Employment of a cohort beside its published baseline",
        numerator: "people of the cohort with a covered day in those weeks",
        denominator: "people of the cohort who started and are observed on all their days",
        period: "weeks",
        source: "the scheme's baselines; above where the whole interval is, below where none of it is",
        kind: Kind::Rate,
    },
    Measure {
        name: "weeks_in_work",
        title: "Weeks in work in the 52 weeks after the start",
        numerator: "weeks with a covered day",
        denominator: "people who started and are observed on all their days",
        period: "mean, lower_quartile, median, upper_quartile",
        source: OURS,
        kind: Kind::Weeks,
    },
    Measure {
        name: "thirteen_weeks_or_more",
        title: "Thirteen or more weeks in work in the 52 after the start",
        numerator: "people with at least 13 weeks that have a covered day",
        denominator: "people who started and are observed on all their days",
        period: "",
        source: OURS,
        kind: Kind::Rate,
    },
    Measure {
        name: "sustained_five_of_six_months",
        title: "In employment in five of the six months October to March",
        numerator: "people with a covered day in at least five of the months",
        denominator: "people who started before that October and are observed in all six months",
        period: "the winter",
        source: "as in Longitudinal Education Outcomes: sustained employment is a payment in five of six months",
        kind: Kind::Rate,
    },
    Measure {
        name: "out_of_work_at_start",
        title: "Out of work at the start",
        numerator: "people without a covered day on the start date",
        denominator: "people who started and are observed on that day",
        period: "",
        source: "IPS Grow counts only people out of work at the start",
        kind: Kind::Rate,
    },
    Measure {
        name: "first_job_of_out_of_work",
        title: "Job within 52 weeks, of people out of work at the start",
        numerator: "people with a covered day in the 52 weeks from the day after the start",
        denominator: "people out of work at the start and observed on all the days",
        period: "",
        source: "IPS Grow; its benchmark is 40%",
        kind: Kind::Rate,
    },
    Measure {
        name: "paid_employment_on",
        title: "In paid employment on a date",
        numerator: "people of 18 to 64 with a covered day on the date: any; under_16; 16_or_more; hours_unknown",
        denominator: "people of 18 to 64 in the register on that date and observed on it",
        period: "date and hours",
        source: "as ASCOF 1E: hours of all jobs together; one person counted once",
        kind: Kind::Rate,
    },
    Measure {
        name: "unclaimed_outcome",
        title: "Outcomes met by evidence that nobody claimed",
        numerator: "people whose payments meet the outcome and for whom the run has no claim of it",
        denominator: "people whose payments meet the outcome",
        period: "outcome",
        source: "the run given with --run",
        kind: Kind::Rate,
    },
    Measure {
        name: "target",
        title: "Targets of the scheme beside what was reached",
        numerator: "people whose payments meet the outcome, tried from each employer's first covered day on or after the start",
        denominator: MATURED,
        period: "outcome",
        source: "the scheme's targets; met where the whole interval reaches the target, missed where none of it does",
        kind: Kind::Rate,
    },
    Measure {
        name: "cost_per_start",
        title: "Cost of each start",
        numerator: "pence spent: all, by DWP or as the match",
        denominator: "people who started on days and contracts that money is recorded for",
        period: "whose money",
        source: FUNDED,
        kind: Kind::Cost,
    },
    Measure {
        name: "cost_per_job_start",
        title: "Cost of each job start",
        numerator: "pence spent: all, by DWP or as the match",
        denominator: "of them, people with a payday of more than nothing from the start to 363 days after it",
        period: "whose money",
        source: FUNDED,
        kind: Kind::Cost,
    },
    Measure {
        name: "cost_per_outcome",
        title: "Cost of each outcome by evidence",
        numerator: "pence spent: all, by DWP or as the match",
        denominator: "of them, people whose payments meet the outcome",
        period: "outcome and whose money",
        source: FUNDED,
        kind: Kind::Cost,
    },
    Measure {
        name: "sensitivity",
        title: "The scheme's first job outcome under other terms",
        numerator: "people whose payments meet the outcome with one of its terms changed",
        denominator: MATURED,
        period: "the change: hours a week, days of break more within the window, days within which the job must start",
        source: "ours: how much hangs on a term; bands cannot tell hours within a band apart",
        kind: Kind::Rate,
    },
];

/// The measure of that name.
pub fn named(name: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|measure| measure.name == name)
}
