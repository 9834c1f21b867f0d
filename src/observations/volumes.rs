//! The volumes of a programme: how many referrals or starts its sources expect, for each of its years.

use chrono::NaiveDate;

use super::person::{Dimension, GroupKey};
use crate::domain::day::{add_days, add_months, days_from};
use crate::scheme::Scheme;
use crate::scheme::funding::{Volume, VolumeOf};

/// A year of a programme, as far as it ran and the extract speaks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgrammeYear {
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
    /// The number of days in the twelve months from the first day.
    whole: i64,
}

impl ProgrammeYear {
    /// The year as outputs write it: its first and its last day.
    pub fn name(self) -> String {
        format!("{} to {}", self.first, self.last)
    }

    /// The part of a yearly volume that falls into this year, in proportion to its days, to the nearest whole number.
    pub fn part_of(self, yearly: u32) -> u64 {
        let days = days_from(self.first, self.last) + 1;
        u64::try_from((i64::from(yearly) * days * 2 + self.whole) / (self.whole * 2)).unwrap_or(0)
    }
}

/// The years of a scheme from its first start on, up to its last or to the cut-off; none of a scheme without a first day.
pub fn years(scheme: &Scheme, cut_off: NaiveDate) -> Vec<ProgrammeYear> {
    let Some(starts) = scheme.starts.as_ref().map(|starts| starts.value) else { return Vec::new() };
    let end = starts.to.map_or(cut_off, |to| to.min(cut_off));
    let mut years = Vec::new();
    let mut first = starts.from;
    while first <= end {
        let next = add_months(first, 12);
        years.push(ProgrammeYear { first, last: add_days(next, -1).min(end), whole: days_from(first, next) });
        first = next;
    }
    years
}

/// The numbers of referrals and of starts that a scheme's sources expect in a year. A volume that does not say which of the two
/// it counts is held against neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Volumes {
    referrals: YearlyVolume,
    starts: YearlyVolume,
}

/// What is expected in a year of one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct YearlyVolume {
    in_all: Option<u32>,
    of_contract: Option<u32>,
}

impl Volumes {
    /// The volumes that the scheme's sources state.
    pub fn of(scheme: &Scheme) -> Self {
        let per = |whom: &str, of: VolumeOf| {
            let volumes = scheme.arrangements.volumes.iter().map(|volume| &volume.value);
            let own = |volume: &&Volume| volume.of == Some(of) && volume.per.as_deref() == Some(whom);
            volumes.filter(own).find_map(|volume| volume.number)
        };
        let yearly = |of| YearlyVolume { in_all: per("year", of), of_contract: per("authority and year", of) };
        Self { referrals: yearly(VolumeOf::Referrals), starts: yearly(VolumeOf::Starts) }
    }

    /// The yearly volume of a group. Contracts are taken to be with one authority each.
    pub fn of_group(self, of: VolumeOf, group: &GroupKey) -> Option<u32> {
        let yearly = match of {
            VolumeOf::Referrals => self.referrals,
            VolumeOf::Starts => self.starts,
        };
        match group {
            None => yearly.in_all,
            Some((Dimension::Contract, _)) => yearly.of_contract,
            Some(_) => None,
        }
    }

    /// Whether the scheme expects any volume.
    pub fn are_known(self) -> bool {
        self != Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::{built_in, load};

    #[test]
    fn the_last_year_of_the_proof_of_concept_is_a_part_of_one() {
        let scheme = load::load(built_in("lse-poc-2017").unwrap(), crate::rules::allows).unwrap();
        let day = |text: &str| text.parse().unwrap();
        let found = years(&scheme, day("2019-12-31"));
        let names: Vec<String> = found.iter().map(|year| year.name()).collect();
        assert_eq!(names, ["2017-11-01 to 2018-10-31", "2018-11-01 to 2019-05-31"]);
        let volumes = Volumes::of(&scheme);
        assert_eq!(found.iter().map(|year| year.part_of(760)).collect::<Vec<_>>(), [760, 441]);
        let contract = Some((Dimension::Contract, "CT1".into()));
        assert_eq!(volumes.of_group(VolumeOf::Referrals, &None), Some(760));
        assert_eq!(volumes.of_group(VolumeOf::Referrals, &contract), Some(94));
        assert_eq!(volumes.of_group(VolumeOf::Referrals, &Some((Dimension::Sex, "F".into()))), None);
        assert_eq!([None, contract].map(|group| volumes.of_group(VolumeOf::Starts, &group)), [None, None]);
        assert_eq!(years(&scheme, day("2017-10-31")), []);
    }
}
