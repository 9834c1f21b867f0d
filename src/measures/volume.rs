//! Volumes: referrals and starts, each compared with the number that the scheme expects of them.

use super::demand::{REFERRED, STARTED};
use super::measure::{ByLevel, CountSource, Family, Measure, MeasureKind, Repeats, SuppressionThreshold};
use super::predicate::{PersonAnswer, Question};
use crate::observations::volumes::ProgrammeYear;
use crate::scheme::funding::VolumeOf;

const EXPECTED: &str = "the volume of a year, or what of it falls into a year that was not whole; by contract the volume of an \
                        authority, a contract being taken to be with one";
const SOURCE: &str = "the scheme's volumes, of which each says what it is of";
const PERIOD: &str = "year of the programme";

/// What the volumes of the scheme count that a measure is held against.
pub fn volume_of(measure: &Measure) -> VolumeOf {
    if *measure == STARTS_OF_VOLUME { VolumeOf::Starts } else { VolumeOf::Referrals }
}

/// Referrals, compared with the volume.
pub const REFERRALS_OF_VOLUME: Measure = Measure {
    name: "referrals_of_volume",
    title: "Referrals beside the volume of referrals the scheme expects",
    numerator: "rows of the register with a referral in that year of the programme",
    denominator: EXPECTED,
    period: PERIOD,
    source: SOURCE,
    kind: MeasureKind::Volume,
    counts: CountSource::Questions(|scope, _| {
        let question = |year: &ProgrammeYear| {
            let days = year.first..=year.last;
            Question::to_referrals(year.name(), move |row| PersonAnswer::of_members(days.contains(&row.referral_date)))
        };
        scope.years.iter().map(question).collect()
    }),
    threshold: SuppressionThreshold::Group,
    // A programme has few years, so their sum discloses how many referrals there are, and these how many people.
    repeats: Repeats::OnePeriod(&REFERRED, ""),
    family: Family::Together("referrals of volume"),
    by_level: ByLevel::Always,
};

/// Starts, compared with the volume.
pub const STARTS_OF_VOLUME: Measure = Measure {
    name: "starts_of_volume",
    title: "Starts beside the volume of starts the scheme expects",
    numerator: "people who started in that year of the programme",
    denominator: EXPECTED,
    period: PERIOD,
    source: SOURCE,
    kind: MeasureKind::Volume,
    counts: CountSource::Questions(|scope, _| {
        let question = |year: &ProgrammeYear| {
            let days = year.first..=year.last;
            Question::to_starters(year.name(), move |start, _| PersonAnswer::of_members(days.contains(&start)))
        };
        scope.years.iter().map(question).collect()
    }),
    threshold: SuppressionThreshold::Group,
    // A programme has few years, so their sum discloses how many people started.
    repeats: Repeats::OnePeriod(&STARTED, ""),
    family: Family::Together("starts of volume"),
    by_level: ByLevel::Always,
};

#[cfg(test)]
mod tests {
    use super::super::testing::{answer_in, answer_of_referral, day, person, scope, unobserved};
    use super::*;
    use crate::observations::scope::Scope;
    use crate::observations::volumes::years;
    use crate::scheme::{built_in, load};

    #[test]
    fn a_year_of_a_programme_has_its_first_and_its_last_day() {
        let poc = load::load(built_in("lse-poc-2017").unwrap(), crate::rules::allows).unwrap();
        let scope = Scope { years: years(&poc, day("2018-10-31")), ..scope() };
        let of = |start: &str| {
            let person = person(Some(start));
            answer_in(&scope, &STARTS_OF_VOLUME, "2017-11-01 to 2018-10-31", &unobserved(&person))
        };
        assert_eq!(["2017-10-31", "2017-11-01"].map(of), [PersonAnswer::Outside, PersonAnswer::Yes]);
        assert_eq!(["2018-10-31", "2018-11-01"].map(of), [PersonAnswer::Yes, PersonAnswer::Outside]);
        let never = person(None);
        let of = |year: &str| answer_of_referral(&scope, &REFERRALS_OF_VOLUME, year, &never);
        assert_eq!(of("2017-11-01 to 2018-10-31"), PersonAnswer::Yes);
        assert_eq!([&REFERRALS_OF_VOLUME, &STARTS_OF_VOLUME].map(volume_of), VolumeOf::ALL);
    }
}
