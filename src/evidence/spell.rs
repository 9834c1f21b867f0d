//! Spells: one person's rows under one employer and one payroll ID, and the payments they add up to.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::day::{add_days, end_of_working_week};
use crate::domain::employer::payroll_key;
use crate::domain::{Band, EmployerRef, Frequency, NominalLength, Payment, Pence};

/// One payment of a spell: its rows of one payday, taken together.
#[derive(Debug, Clone)]
pub struct SpellPayment {
    /// The payday.
    pub payday: NaiveDate,
    /// All its rows' pay.
    pub pay: Pence,
    /// The frequency of the row received last.
    pub frequency: Frequency,
    /// The most earnings periods any row has.
    pub periods: u8,
    /// The hours band of the row received last.
    pub band: Option<Band>,
    /// Whether any row is irregular.
    pub irregular: bool,
    /// Whether every row was paid after leaving.
    pub after_leaving: bool,
    /// The latest leaving date that its rows carry.
    pub leaving_date: Option<NaiveDate>,
    /// The rows, as the caller numbers them.
    pub rows: Vec<usize>,
}

impl SpellPayment {
    /// Whether the payment shows that work was paid: its total is above zero.
    pub fn is_covering(&self) -> bool {
        Pence(0) < self.pay
    }

    /// Its nominal length.
    pub fn length(&self) -> NominalLength {
        self.frequency.nominal_length(self.periods)
    }

    /// Whether its cover is firm: paid weekly, fortnightly, four-weekly or monthly, and not irregularly.
    pub fn is_firm(&self) -> bool {
        let regular = matches!(
            self.frequency,
            Frequency::Weekly | Frequency::Fortnightly | Frequency::FourWeekly | Frequency::Monthly
        );
        regular && !self.irregular
    }

    /// The longest gap before its cover that early paydays and bank holidays explain, in days.
    pub fn bridge_days(&self) -> i64 {
        match self.frequency {
            _ if self.irregular => 0,
            Frequency::Weekly => 3,
            Frequency::Fortnightly => 4,
            Frequency::FourWeekly => 7,
            Frequency::Monthly => 14,
            Frequency::Quarterly
            | Frequency::HalfYearly
            | Frequency::Yearly
            | Frequency::OneOff
            | Frequency::Irregular => 0,
        }
    }
}

/// One person's employment under one payroll ID, from its first row to its last.
#[derive(Debug, Clone)]
pub struct Spell {
    /// The employer.
    pub employer: EmployerRef,
    /// The payroll ID as spells compare it.
    pub payroll: Box<str>,
    /// S: the employment's start, where rows carry one that no covering payday contradicts.
    pub start: Option<NaiveDate>,
    /// The earliest start that rows carry, a covering payday before it or not.
    pub reported_start: Option<NaiveDate>,
    /// L: the leaving date, where rows carry one that no later pay contradicts; read as the Sunday of a worked week.
    pub leaving: Option<NaiveDate>,
    /// The payments, by payday.
    pub paid: Vec<SpellPayment>,
}

impl Spell {
    /// The first payment that shows paid work.
    pub fn first_covering(&self) -> Option<(usize, &SpellPayment)> {
        self.paid.iter().enumerate().find(|(_, paid)| paid.is_covering())
    }

    /// The last payment that shows paid work.
    pub fn last_covering(&self) -> Option<(usize, &SpellPayment)> {
        self.paid.iter().enumerate().rfind(|(_, paid)| paid.is_covering())
    }
}

/// The spells that rows form, by employer, payroll ID and time.
pub fn spells(rows: &[(usize, &Payment)]) -> Vec<Spell> {
    let mut by_job: BTreeMap<(&EmployerRef, Box<str>), Vec<(usize, &Payment)>> = BTreeMap::new();
    for (index, payment) in rows {
        let payroll = payroll_key(payment.payroll_id.as_deref().unwrap_or(""));
        by_job.entry((&payment.employer, payroll)).or_default().push((*index, *payment));
    }
    let mut spells = Vec::new();
    for ((employer, payroll), mut rows) in by_job {
        rows.sort_by(|(_, one), (_, other)| {
            one.payment_date.cmp(&other.payment_date).then_with(|| one.by_receipt(other))
        });
        for stint in stints(&rows) {
            spells.push(spell(employer.clone(), payroll.clone(), stint));
        }
    }
    spells
}

/// The days without a row, after someone left, from which on another row is of a new employment: three months.
const AWAY_DAYS: i64 = 92;

/// Rows of one employment, in payday order.
#[derive(Debug, Clone, Copy)]
struct Stint<'rows, 'row> {
    rows: &'rows [(usize, &'row Payment)],
    /// The leaving date of the employment before, where its last rows stand long before: payroll software restores
    /// leavers, and a start on or before it is that of the employment before.
    begins_after: Option<NaiveDate>,
}

/// Splits rows in payday order where someone was taken on again: a start later than every leaving date before it, or a
/// payday long after both that date and the row before.
fn stints<'rows, 'row>(rows: &'rows [(usize, &'row Payment)]) -> Vec<Stint<'rows, 'row>> {
    let mut stints = Vec::new();
    let (mut begin, mut begins_after) = (0, None);
    let mut left: Option<NaiveDate> = None;
    let mut payday_before: Option<NaiveDate> = None;
    for (at, (_, payment)) in rows.iter().enumerate() {
        let starts_again = payment.employment_start_date.zip(left).is_some_and(|(start, left)| left < start);
        let was_away = left.zip(payday_before).filter(|(left, before)| {
            let last_known = *left.max(before);
            add_days(last_known, AWAY_DAYS) < payment.payment_date
        });
        if starts_again || was_away.is_some() {
            stints.extend(rows.get(begin..at).map(|rows| Stint { rows, begins_after }));
            (begin, begins_after) = (at, was_away.map(|(left, _)| left));
            left = None;
        }
        left = left.max(payment.leaving_date);
        payday_before = Some(payment.payment_date);
    }
    stints.extend(rows.get(begin..).map(|rows| Stint { rows, begins_after }));
    stints
}

fn spell(employer: EmployerRef, payroll: Box<str>, stint: Stint<'_, '_>) -> Spell {
    let starts = stint.rows.iter().filter_map(|(_, payment)| payment.employment_start_date);
    let reported_start = starts.filter(|start| stint.begins_after.is_none_or(|left| left < *start)).min();
    let paid = payments(stint.rows);
    let leaving = paid.iter().filter_map(|paid| paid.leaving_date).max();
    let mut spell = Spell { employer, payroll, start: None, reported_start, leaving: None, paid };
    let first_payday = spell.first_covering().map(|(_, paid)| paid.payday);
    spell.start = reported_start.filter(|start| first_payday.is_none_or(|payday| *start <= payday));
    spell.leaving = leaving.filter(|leaving| !went_on(&spell.paid, *leaving)).map(end_of_working_week);
    spell
}

/// Whether someone went on being paid for work after the day they are said to have left: on two paydays or more, since one
/// late payment is holiday pay. Rows that carry that very leaving date do not contradict it.
fn went_on(paid: &[SpellPayment], leaving: NaiveDate) -> bool {
    let contradicts = |paid: &&SpellPayment| {
        paid.is_covering()
            && !paid.after_leaving
            && paid.leaving_date != Some(leaving)
            && leaving < paid.length().before(paid.payday)
    };
    1 < paid.iter().filter(contradicts).count()
}

/// Takes the rows of one payday together; `rows` stand in payday order, then in the order of receipt.
fn payments(rows: &[(usize, &Payment)]) -> Vec<SpellPayment> {
    rows.chunk_by(|(_, one), (_, other)| one.payment_date == other.payment_date).filter_map(payment).collect()
}

fn payment(rows: &[(usize, &Payment)]) -> Option<SpellPayment> {
    let (_, received_last) = rows.last()?;
    Some(SpellPayment {
        payday: received_last.payment_date,
        pay: rows.iter().fold(Pence(0), |sum, (_, row)| sum.plus(row.taxable_pay)),
        frequency: received_last.pay_frequency,
        periods: rows.iter().map(|(_, row)| row.earnings_periods).max()?,
        band: received_last.hours_band,
        irregular: rows.iter().any(|(_, row)| row.irregular_payment),
        after_leaving: rows.iter().all(|(_, row)| row.payment_after_leaving),
        leaving_date: rows.iter().filter_map(|(_, row)| row.leaving_date).max(),
        rows: rows.iter().map(|(index, _)| *index).collect(),
    })
}

/// The day before `date`.
pub(super) fn day_before(date: NaiveDate) -> NaiveDate {
    add_days(date, -1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::payment::tests::payment;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn spells_of(rows: &[&[(&'static str, &str)]]) -> Vec<Spell> {
        let payments: Vec<Payment> = rows.iter().map(|row| payment(row)).collect();
        let rows: Vec<(usize, &Payment)> = payments.iter().enumerate().collect();
        spells(&rows)
    }

    #[test]
    fn new_payroll_software_does_not_make_a_new_job() {
        assert_eq!(
            spells_of(&[&[("payroll_id", "1")], &[("payroll_id", " 001 "), ("payment_date", "2018-06-29")]]).len(),
            1
        );
        assert_eq!(spells_of(&[&[("payroll_id", "1")], &[("payroll_id", "2")]]).len(), 2);
    }

    #[test]
    fn a_start_after_leaving_is_a_new_spell() {
        let left: &[_] = &[("payment_date", "2018-05-31"), ("leaving_date", "2018-05-31")];
        let again: &[_] = &[("payment_date", "2018-07-31"), ("employment_start_date", "2018-06-01")];
        let same_day: &[_] = &[("payment_date", "2018-07-31"), ("employment_start_date", "2018-05-31")];
        assert_eq!(spells_of(&[again, left]).len(), 2);
        assert_eq!(spells_of(&[same_day, left]).len(), 1);
    }

    #[test]
    fn rows_of_one_payday_are_one_payment() {
        let first: &[_] = &[
            ("taxable_pay", "1000.00"),
            ("earnings_periods", "2"),
            ("received_at", "2018-05-30"),
            ("payment_after_leaving", "Y"),
        ];
        let second: &[_] = &[
            ("taxable_pay", "-200.00"),
            ("hours_band", "A"),
            ("irregular_payment", "Y"),
            ("received_at", "2018-05-31"),
        ];
        let spells = spells_of(&[second, first]);
        let paid = &spells[0].paid[0];
        assert_eq!((paid.pay, paid.periods, paid.band), (Pence(80_000), 2, Some(Band::A)));
        assert!(paid.irregular && !paid.after_leaving);
    }

    #[test]
    fn a_start_after_the_first_payday_is_ignored() {
        let before_it = spells_of(&[&[("payment_date", "2018-05-31"), ("employment_start_date", "2018-06-01")]]);
        assert_eq!((before_it[0].start, before_it[0].reported_start), (None, Some(day("2018-06-01"))));
        let on_it = spells_of(&[&[("payment_date", "2018-05-31"), ("employment_start_date", "2018-05-31")]]);
        assert_eq!(on_it[0].start, Some(day("2018-05-31")));
    }

    #[test]
    fn a_leaving_date_is_ignored_when_pay_for_later_work_follows_twice() {
        let left = |leaving: &'static str| [("leaving_date", leaving)];
        let leaving_of = |leaving: &'static str, later: &[&[(&'static str, &str)]]| {
            spells_of(&[[&left(leaving)[..]].as_slice(), later].concat())[0].leaving
        };
        let (june, july) = (&[("payment_date", "2018-06-30")][..], &[("payment_date", "2018-07-31")][..]);
        // Of a month paid on 30 June the day one length before is 30 May, of 31 July 30 June.
        assert_eq!(leaving_of("2018-05-29", &[june, july]), None);
        assert_eq!(leaving_of("2018-05-29", &[june]), Some(day("2018-05-29")), "one late payment is holiday pay");
        assert_eq!(leaving_of("2018-05-30", &[june, july]), Some(day("2018-05-30")));
        let after = &[("payment_date", "2018-06-30"), ("payment_after_leaving", "Y")][..];
        assert_eq!(leaving_of("2018-05-29", &[after, july]), Some(day("2018-05-29")));
        let carries_it = &[("payment_date", "2018-06-30"), ("leaving_date", "2018-05-29")][..];
        assert_eq!(leaving_of("2018-05-29", &[carries_it, july]), Some(day("2018-05-29")));
        let carries_another = &[("payment_date", "2018-06-30"), ("leaving_date", "2018-05-28")][..];
        assert_eq!(leaving_of("2018-05-29", &[carries_another, july]), None);
        let unpaid = &[("payment_date", "2018-06-30"), ("taxable_pay", "0.00")][..];
        assert_eq!(leaving_of("2018-05-29", &[unpaid, july]), Some(day("2018-05-29")));
    }

    #[test]
    fn a_leaver_who_is_paid_again_after_more_than_three_months_was_taken_on_again() {
        // 31 May + 92 days is 31 August.
        let left: &[_] = &[("payment_date", "2018-05-31"), ("leaving_date", "2018-05-31")];
        let paid = |payday: &'static str, start: &'static str| {
            spells_of(&[left, &[("payment_date", payday), ("employment_start_date", start)]])
        };
        assert_eq!(paid("2018-08-31", "").len(), 1);
        assert_eq!(paid("2018-09-01", "").len(), 2);
        // The start of the first employment, which the software restored, is not that of the second.
        let again = paid("2018-09-01", "2018-05-01");
        assert_eq!((again[1].start, again[1].reported_start), (None, None));
        assert_eq!(paid("2018-09-01", "2018-05-31")[1].start, None);
        assert_eq!(paid("2018-09-01", "2018-06-01")[1].start, Some(day("2018-06-01")));
        let late: &[_] = &[("payment_date", "2018-06-01")];
        let spells = spells_of(&[left, late, &[("payment_date", "2018-09-01")]]);
        assert_eq!(spells.len(), 1, "the row before is not more than 92 days before");
    }

    #[test]
    fn a_leaving_date_on_a_friday_is_read_as_the_sunday() {
        assert_eq!(spells_of(&[&[("leaving_date", "2018-06-01")]])[0].leaving, Some(day("2018-06-03")));
    }
}
