//! What the findings of a sample will be able to say, told before anybody checks a claim of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Stratum;
use super::error_rate::{CheckedCounts, error_rate_of_all};
use crate::domain::count_of;
use crate::domain::money::{grouped, share};
use crate::statistics::{ShareEstimate, millionths};

/// The fewest checked claims from which a stratum is extrapolated, unless the person says otherwise.
pub const USUAL_LEAST: u64 = 10;

/// The shares of wrong claims, in per cent, for which the error rate that would follow is told.
const SHARES_TOLD: [u64; 3] = [0, 1, 5];

/// How precise the findings of a sample will be once every claim that was drawn is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SamplePrecision {
    /// The fewest checked claims from which a stratum is extrapolated, where it has as many.
    pub least: u64,
    /// The strata, by name.
    pub strata: Vec<StratumPrecision>,
    /// All of them together.
    pub all: StratumPrecision,
}

/// How precise the findings of a stratum will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StratumPrecision {
    /// Its name; `all` for the whole.
    pub name: String,
    /// Validated claims.
    pub claims: u64,
    /// Claims that were drawn.
    pub drawn: u64,
    /// The error rates that would follow if none, 1% and 5% of the drawn claims were wrong, rounded up to whole claims.
    pub error_rates: Vec<PossibleErrorRate>,
    /// Whether too few claims are drawn for its money to be extrapolated; of the whole, whether that is so of any stratum.
    pub too_few: bool,
}

/// The 95% interval of the error rate that would follow from so many wrong claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PossibleErrorRate {
    /// How many of the drawn claims would be wrong.
    pub wrong: u64,
    /// The lower end of the interval, in millionths.
    pub lower_millionths: u64,
    /// The upper end, in millionths.
    pub upper_millionths: u64,
}

impl SamplePrecision {
    /// The precision of a sample that was drawn.
    pub(super) fn of(strata: &[Stratum], least: u64) -> Self {
        let precisions: Vec<StratumPrecision> = strata.iter().map(|stratum| precision(stratum, least)).collect();
        let drawn = precisions.iter().map(|one| one.drawn).sum();
        let error_rates = possible(drawn, |wrong| error_rate_of_all(&spread(&precisions, drawn, wrong)));
        let all = StratumPrecision {
            name: "all".into(),
            claims: precisions.iter().map(|one| one.claims).sum(),
            drawn,
            error_rates,
            too_few: precisions.iter().any(|one| one.too_few),
        };
        Self { least, strata: precisions, all }
    }

    /// What the whole sample will be able to say, in sentences.
    pub(crate) fn sentences(&self) -> Vec<String> {
        [self.all.in_a_sentence()].into_iter().chain(self.too_few()).collect()
    }

    /// In how many strata too few claims are drawn, if there are any.
    fn too_few(&self) -> Option<String> {
        let (few, least) = (self.strata.iter().filter(|one| one.too_few).count(), self.least);
        match (few, self.strata.len()) {
            (0, _) => None,
            (_, 1) => Some(format!(
                "Too few claims are drawn for the money in error to be extrapolated: it takes {least} (--least), or all there are."
            )),
            (few, strata) => Some(format!(
                "In {few} of {strata} strata too few claims are drawn for the money in error to be extrapolated, and so for \
                 that of the whole: it takes {least} checked claims (--least), or all that a stratum has."
            )),
        }
    }
}

impl StratumPrecision {
    /// What it will be able to say, as a sentence.
    fn in_a_sentence(&self) -> String {
        let drawn = grouped(&self.drawn.to_string());
        if self.drawn == self.claims {
            return format!("All {drawn} claims are drawn: the error rate will be known.");
        }
        let one = |rate: &PossibleErrorRate| match rate.wrong {
            0 => format!("If none of the {drawn} is wrong, the error rate is {}", rate.range()),
            1 => format!("if 1 is, {}", rate.range()),
            wrong => format!("if {wrong} are, {}", rate.range()),
        };
        let rates: Vec<String> = self.error_rates.iter().map(one).collect();
        format!("{} (with 95% confidence).", rates.join("; "))
    }

    /// What it will be able to say, in short.
    pub(crate) fn in_short(&self) -> String {
        if self.drawn == self.claims {
            return "all are drawn: the error rate will be known".to_owned();
        }
        let one = |rate: &PossibleErrorRate| match rate.wrong {
            0 => format!("none wrong: {}", rate.range()),
            wrong => format!("{wrong} wrong: {}", rate.range()),
        };
        let rates = self.error_rates.iter().map(one).collect::<Vec<_>>().join("; ");
        if self.too_few { rates + "; too few to extrapolate its money" } else { rates }
    }
}

impl PossibleErrorRate {
    fn new(wrong: u64, rate: ShareEstimate) -> Self {
        let whole = |end: f64| u64::try_from(millionths(end)).unwrap_or_default();
        Self { wrong, lower_millionths: whole(rate.lower), upper_millionths: whole(rate.upper) }
    }

    /// The interval in words.
    fn range(self) -> String {
        let percent = |millionths: u64| share(millionths, 1_000_000);
        if self.lower_millionths == 0 {
            format!("at most {}", percent(self.upper_millionths))
        } else {
            format!("{} to {}", percent(self.lower_millionths), percent(self.upper_millionths))
        }
    }
}

fn precision(stratum: &Stratum, least: u64) -> StratumPrecision {
    let drawn = count_of(stratum.drawn.len());
    let rate = |wrong| CheckedCounts { claims: stratum.claims, checked: drawn, wrong }.error_rate(1);
    StratumPrecision {
        name: stratum.name.clone(),
        claims: stratum.claims,
        drawn,
        error_rates: possible(drawn, rate),
        too_few: is_too_few(drawn, stratum.claims, least),
    }
}

/// Whether a stratum is not extrapolated from so many checked claims.
pub(super) fn is_too_few(checked: u64, claims: u64, least: u64) -> bool {
    checked < least.min(claims)
}

/// The error rates for the numbers of wrong claims that are told, each number once.
fn possible(drawn: u64, rate: impl Fn(u64) -> Option<ShareEstimate>) -> Vec<PossibleErrorRate> {
    let mut told: Vec<u64> = SHARES_TOLD.iter().map(|percent| (drawn * percent).div_ceil(100)).collect();
    told.dedup();
    told.into_iter().filter_map(|wrong| Some(PossibleErrorRate::new(wrong, rate(wrong)?))).collect()
}

/// Strata checked in full, with so many wrong claims spread over them in proportion to what is drawn.
fn spread(strata: &[StratumPrecision], drawn: u64, wrong: u64) -> Vec<CheckedCounts> {
    let up_to = |drawn_so_far: u64| (wrong * drawn_so_far).checked_div(drawn).unwrap_or_default();
    let mut before = 0;
    let mut counts = Vec::with_capacity(strata.len());
    for stratum in strata {
        let own = up_to(before + stratum.drawn) - up_to(before);
        before += stratum.drawn;
        counts.push(CheckedCounts { claims: stratum.claims, checked: stratum.drawn, wrong: own });
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit_sample::DrawnClaim;

    fn stratum(name: &str, claims: u64, drawn: u32) -> Stratum {
        let one = |row| DrawnClaim { row, claim_id: row.to_string(), pence: 50_000 };
        Stratum { name: name.into(), claims, pence: 0, worth: Vec::new(), drawn: (1..=drawn).map(one).collect() }
    }

    #[test]
    fn the_interval_is_told_for_few_wrong_claims() {
        let precision = SamplePrecision::of(&[stratum("all", 5_000, 200)], 10);
        assert_eq!(
            precision.sentences(),
            [
                "If none of the 200 is wrong, the error rate is at most 1.8%; if 2 are, 0.1% to 3.6%; if 10 are, 2.4% to 9.0% \
              (with 95% confidence)."
            ]
        );
        assert_eq!(precision.all.error_rates, precision.strata[0].error_rates);
        let few = SamplePrecision::of(&[stratum("all", 5_000, 20)], 10);
        assert_eq!(few.strata[0].in_short(), "none wrong: at most 16.8%; 1 wrong: 0.1% to 24.9%");
    }

    #[test]
    fn strata_that_are_too_thin_are_named_and_whole_ones_are_known() {
        let strata = [stratum("A", 1_000, 100), stratum("B", 90, 9), stratum("C", 3, 3)];
        let precision = SamplePrecision::of(&strata, 10);
        let too_few: Vec<bool> = precision.strata.iter().map(|one| one.too_few).collect();
        assert_eq!((too_few, precision.all.too_few), (vec![false, true, false], true));
        assert_eq!(precision.strata[2].in_short(), "all are drawn: the error rate will be known");
        assert!(precision.strata[1].in_short().ends_with("; too few to extrapolate its money"));
        assert!(precision.sentences()[1].starts_with("In 1 of 3 strata too few claims are drawn"));
        let nothing = SamplePrecision::of(&[], 10);
        assert_eq!((nothing.all.drawn, nothing.all.too_few), (0, false));
    }

    #[test]
    fn wrong_claims_are_spread_over_strata_as_claims_were_drawn() {
        let strata: Vec<StratumPrecision> = [stratum("A", 100, 30), stratum("B", 100, 10), stratum("C", 100, 60)]
            .iter()
            .map(|one| precision(one, 1))
            .collect();
        let wrong = |wrong| spread(&strata, 100, wrong).iter().map(|one| one.wrong).collect::<Vec<_>>();
        assert_eq!(wrong(5), [1, 1, 3]);
        assert_eq!(wrong(100), [30, 10, 60]);
    }
}
