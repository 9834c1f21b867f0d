//! Cover: the days for which a payment is evidence of work.
//!
//! Pay belongs to the days worked, which mostly lie before the payday (as ONS spreads pay in its calendarisation).

use chrono::NaiveDate;

use super::spell::{Spell, SpellPayment, day_before};
use crate::domain::Frequency;
use crate::domain::day::add_days;

/// The days one payment covers, after clipping and before bridging.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cover {
    /// Which of the spell's payments.
    pub paid: usize,
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// The first day of the weak days before it that lead back to the claimed start, as far as this spell knows.
    pub weak_from: Option<NaiveDate>,
}

/// The longest stretch before a first payment's cover that counts as pay in arrears, whatever the frequency, in days.
const ARREARS_DAYS: i64 = 14;

/// The covers of a spell's payments, in payday order, for a claimed start of `job_start`.
pub fn covers(spell: &Spell, job_start: NaiveDate, cut_off: NaiveDate) -> Vec<Cover> {
    let first_covering = spell.first_covering().map(|(index, _)| index);
    let last_covering = spell.last_covering().map(|(index, _)| index);
    let mut covers = Vec::with_capacity(spell.paid.len());
    let mut payday_before: Option<NaiveDate> = None;
    for (index, paid) in spell.paid.iter().enumerate().filter(|(_, paid)| paid.is_covering()) {
        let mut cover = nominal(index, paid, payday_before);
        if first_covering == Some(index) {
            cover = in_arrears(cover, paid, spell.start, job_start);
        }
        if last_covering == Some(index) {
            cover = to_leaving(cover, paid, spell.leaving);
        }
        covers.extend(clip(cover, spell, cut_off));
        payday_before = Some(paid.payday);
    }
    covers
}

fn nominal(index: usize, paid: &SpellPayment, payday_before: Option<NaiveDate>) -> Cover {
    let first = match paid.frequency {
        Frequency::OneOff | Frequency::Irregular => {
            let nominal = add_days(paid.payday, -30);
            payday_before.map_or(nominal, |before| nominal.max(add_days(before, 1)))
        }
        Frequency::Monthly
        | Frequency::Quarterly
        | Frequency::HalfYearly
        | Frequency::Yearly
        | Frequency::Weekly
        | Frequency::Fortnightly
        | Frequency::FourWeekly => add_days(paid.length().before(paid.payday), 1),
    };
    Cover { paid: index, first, last: paid.payday, weak_from: None }
}

/// Step 1: a first payment reaches back to the start of the job, firmly to a reported one, weakly to a claimed one.
fn in_arrears(cover: Cover, paid: &SpellPayment, start: Option<NaiveDate>, job_start: NaiveDate) -> Cover {
    let earliest = paid.length().before(cover.first).min(add_days(cover.first, -ARREARS_DAYS));
    let within_reach = |day: NaiveDate| earliest <= day && day < cover.first;
    match start {
        Some(start) if within_reach(start) => Cover { first: start, ..cover },
        None if within_reach(job_start) => Cover { weak_from: Some(job_start), ..cover },
        Some(_) | None => cover,
    }
}

/// Step 2: a last payment reaches forward to the leaving date when that is at most one nominal length later.
fn to_leaving(cover: Cover, paid: &SpellPayment, leaving: Option<NaiveDate>) -> Cover {
    match leaving {
        Some(leaving) if cover.last < leaving && leaving <= paid.length().after(cover.last) => {
            Cover { last: leaving, ..cover }
        }
        Some(_) | None => cover,
    }
}

/// Step 3: nothing is covered before the start, after leaving, or after the cut-off.
fn clip(cover: Cover, spell: &Spell, cut_off: NaiveDate) -> Option<Cover> {
    let first = spell.start.map_or(cover.first, |start| start.max(cover.first));
    let last = spell.leaving.map_or(cover.last, |leaving| leaving.min(cover.last)).min(cut_off);
    (first <= last).then_some(Cover { first, last, ..cover })
}

impl Cover {
    /// Whether the payment's own days, the weak ones apart, hold this one.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// The first and last of the weak days, where there are any.
    pub fn weak_days(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.weak_from.map(|from| (from, day_before(self.first)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Payment;
    use crate::domain::payment::tests::payment;
    use crate::evidence::spell::spells;

    fn cover_of(rows: &[&[(&'static str, &str)]], job_start: &str) -> Vec<(String, String, Option<String>)> {
        let payments: Vec<Payment> = rows.iter().map(|row| payment(row)).collect();
        let rows: Vec<(usize, &Payment)> = payments.iter().enumerate().collect();
        let spell = &spells(&rows)[0];
        covers(spell, job_start.parse().unwrap(), "2018-12-31".parse().unwrap())
            .into_iter()
            .map(|cover| (cover.first.to_string(), cover.last.to_string(), cover.weak_from.map(|day| day.to_string())))
            .collect()
    }

    fn one(row: &[(&'static str, &str)]) -> (String, String) {
        let (first, last, _) = cover_of(&[row], "2018-05-01").remove(0);
        (first, last)
    }

    fn days(first: &str, last: &str) -> (String, String) {
        (first.into(), last.into())
    }

    #[test]
    fn a_cover_holds_its_own_days_and_not_the_weak_ones_before_them() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let weak_from = Some(day("2018-05-01"));
        let cover = Cover { paid: 0, first: day("2018-05-10"), last: day("2018-05-31"), weak_from };
        let held = ["2018-05-09", "2018-05-10", "2018-05-31", "2018-06-01"].map(|text| cover.holds(day(text)));
        assert_eq!(held, [false, true, true, false]);
        assert_eq!(cover.weak_days(), Some((day("2018-05-01"), day("2018-05-09"))));
    }

    #[test]
    fn each_frequency_covers_its_nominal_length_up_to_the_payday() {
        let paid = |frequency, periods| {
            one(&[
                ("payment_date", "2018-08-31"),
                ("employment_start_date", ""),
                ("pay_frequency", frequency),
                ("earnings_periods", periods),
            ])
        };
        assert_eq!(paid("W1", ""), days("2018-08-25", "2018-08-31"));
        assert_eq!(paid("W2", ""), days("2018-08-18", "2018-08-31"));
        assert_eq!(paid("W4", "2"), days("2018-07-07", "2018-08-31"));
        assert_eq!(paid("M1", ""), days("2018-08-01", "2018-08-31"));
        assert_eq!(paid("M3", ""), days("2018-06-01", "2018-08-31"));
        assert_eq!(paid("MA", ""), days("2017-09-01", "2018-08-31"));
        assert_eq!(paid("IR", "3"), days("2018-08-01", "2018-08-31"));
    }

    #[test]
    fn an_irregular_payment_reaches_back_to_the_day_after_the_covering_payday_before() {
        let paid = |payday, pay| {
            [("payment_date", payday), ("pay_frequency", "IO"), ("employment_start_date", ""), ("taxable_pay", pay)]
        };
        let first = paid("2018-08-10", "100.00");
        let covers = cover_of(&[&first, &paid("2018-08-31", "100.00")], "2018-08-01");
        assert_eq!(covers[1].0, "2018-08-11");
        let covers = cover_of(&[&first, &paid("2018-08-20", "0.00"), &paid("2018-08-31", "100.00")], "2018-08-01");
        assert_eq!(covers[1].0, "2018-08-11", "a payday with nothing to show is passed over");
    }

    #[test]
    fn first_pay_in_arrears_reaches_back_to_the_start_but_not_too_far() {
        let weekly =
            |start| one(&[("payment_date", "2018-05-31"), ("pay_frequency", "W1"), ("employment_start_date", start)]);
        assert_eq!(weekly("2018-05-11"), days("2018-05-11", "2018-05-31"));
        assert_eq!(weekly("2018-05-10"), days("2018-05-25", "2018-05-31"));
        let monthly = |start| one(&[("payment_date", "2018-05-31"), ("employment_start_date", start)]);
        assert_eq!(monthly("2018-04-01"), days("2018-04-01", "2018-05-31"));
        assert_eq!(monthly("2018-03-31"), days("2018-05-01", "2018-05-31"));
    }

    #[test]
    fn without_a_reported_start_the_claimed_one_is_reached_weakly() {
        let covers = cover_of(&[&[("payment_date", "2018-05-31"), ("employment_start_date", "")]], "2018-04-20");
        assert_eq!(covers, [("2018-05-01".into(), "2018-05-31".into(), Some("2018-04-20".into()))]);
    }

    #[test]
    fn last_pay_reaches_forward_to_the_leaving_date_but_not_too_far() {
        let monthly = |leaving| one(&[("payment_date", "2018-05-31"), ("leaving_date", leaving)]);
        assert_eq!(monthly("2018-06-27"), days("2018-05-01", "2018-06-27"));
        assert_eq!(monthly("2018-07-02"), days("2018-05-01", "2018-05-31"));
    }

    #[test]
    fn nothing_is_covered_outside_the_employment() {
        let paid =
            [("payment_date", "2018-06-29"), ("employment_start_date", "2018-06-11"), ("leaving_date", "2018-06-20")];
        assert_eq!(one(&paid), days("2018-06-11", "2018-06-20"));
    }
}
