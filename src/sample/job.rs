//! A job behind a claim, and the payslips it leads to.

use super::day::Day;
use super::draw::SeededRng;
use super::payday::{December, PayFrequency, Payday};
use super::payment::{Band, PaymentMark, PayrollId, band_of};

/// On which rows an employer reports the start date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StartReporting {
    /// On the first row only, as HMRC asks.
    Once,
    /// On every row.
    Always,
    /// On none.
    Never,
}

/// A job at one employer.
#[derive(Debug, Clone, Copy)]
pub(super) struct SampleJob {
    /// The number of the employer.
    pub(super) employer: u32,
    /// Payroll ID.
    pub(super) payroll_id: PayrollId,
    /// The frequency reported.
    pub(super) frequency: PayFrequency,
    /// The days on which pay falls.
    pub(super) payday: Payday,
    /// The first day of work.
    pub(super) start: Day,
    /// The last day of work, where there is one.
    pub(super) leave: Option<Day>,
    /// The first pay comes at least so many days after the start.
    pub(super) hold: i32,
    /// Hours a week, in tenths.
    pub(super) tenths: u32,
    /// Pay for an hour.
    pub(super) rate_pence: u32,
    /// The hours band reported.
    pub(super) band: Option<Band>,
    /// On which rows the start date is reported.
    pub(super) start_reported: StartReporting,
    /// What the rows are marked as.
    pub(super) mark: PaymentMark,
}

/// The days one payment pays for, and its payday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Payslip {
    /// The first day paid for.
    pub(super) from: Day,
    /// The last day paid for.
    pub(super) to: Day,
    /// The payday.
    pub(super) paid: Day,
}

/// The lowest week's pay of a job whose pay is beyond doubt: a third above 16 hours at the highest minimum wage of the
/// samples' time, so that neither a bridged Christmas nor a first payment spread thin brings it under.
const WEEK_PENCE: u32 = 16_800;
/// An hour's pay above every minimum wage of the samples' time.
const HOUR_PENCE: u32 = 830;

impl SampleJob {
    /// A job of 16 hours or more on pay beyond doubt.
    pub(super) fn new(draw: &mut SeededRng, employer: u32, start: Day) -> Self {
        let mut job = Self {
            employer,
            payroll_id: PayrollId::Plain(draw.below(8999) + 1),
            frequency: PayFrequency::M1,
            payday: Payday::LastDay(December::AsUsual),
            start,
            leave: None,
            hold: 5,
            tenths: 160,
            rate_pence: HOUR_PENCE,
            band: Some(Band::B),
            start_reported: StartReporting::Once,
            mark: PaymentMark::Wages,
        };
        if draw.chance(350) {
            job.start_reported = StartReporting::Always;
        }
        let tenths = match draw.below(10) {
            0..=5 => 160 + draw.below(16) * 5,
            6 | 7 => 240 + draw.below(12) * 5,
            _ => 300 + draw.below(17) * 5,
        };
        job.hours(draw, tenths);
        match draw.below(100) {
            0..=61 => job.monthly(draw),
            62..=83 => job.weekly(draw),
            84..=91 => job.fortnightly(draw),
            _ => job.four_weekly(draw),
        }
        job
    }

    /// So many tenths of an hour a week, on pay beyond doubt where they are 16 hours or more.
    pub(super) fn hours(&mut self, draw: &mut SeededRng, tenths: u32) {
        let enough = if tenths < 160 { 0 } else { (WEEK_PENCE * 10).div_ceil(tenths) };
        self.tenths = tenths;
        self.band = Some(band_of(tenths));
        self.rate_pence = HOUR_PENCE.max(enough) + draw.below(32) * 10;
    }

    /// Paid monthly.
    pub(super) fn monthly(&mut self, draw: &mut SeededRng) {
        let december = if draw.chance(350) { December::Early } else { December::AsUsual };
        self.frequency = PayFrequency::M1;
        self.hold = draw.between(5, 10);
        self.payday = match draw.below(8) {
            0 => Payday::Monthly(15, December::AsUsual),
            1 => Payday::Monthly(20, December::AsUsual),
            2 => Payday::Monthly(25, december),
            3 => Payday::Monthly(26, december),
            4 => Payday::Monthly(28, december),
            5 => Payday::LastDay(december),
            _ => Payday::LastWorkingDay(december),
        };
    }

    /// Paid weekly, most often on a Friday.
    pub(super) fn weekly(&mut self, draw: &mut SeededRng) {
        self.frequency = PayFrequency::W1;
        self.hold = draw.between(0, 7);
        // The epoch was a Thursday, so remainder 1 is a Friday.
        self.payday = Payday::Every(7, draw.pick(&[0, 1, 1, 1, 1, 6]));
    }

    /// Paid fortnightly.
    pub(super) fn fortnightly(&mut self, draw: &mut SeededRng) {
        self.frequency = PayFrequency::W2;
        self.hold = draw.between(3, 10);
        self.payday = Payday::Every(14, draw.pick(&[0, 1, 1, 7, 8, 8]));
    }

    /// Paid every four weeks.
    pub(super) fn four_weekly(&mut self, draw: &mut SeededRng) {
        self.frequency = PayFrequency::W4;
        self.hold = draw.between(5, 10);
        self.payday = Payday::Every(28, draw.pick(&[0, 1, 7, 8, 14, 15, 21, 22]));
    }

    /// The job ends on that day. Paydays become steady, so that the last one is within one period of the end by every count.
    pub(super) fn leaves(&mut self, day: Day) {
        self.payday = self.payday.steady();
        self.leave = Some(day);
    }

    /// The job's payslips, to the one that pays its last day or to the cut-off.
    pub(super) fn slips(&self) -> Vec<Payslip> {
        let mut slips = Vec::new();
        let mut from = self.start;
        for paid in self.payday.from(self.start.plus(self.hold)) {
            let to = self.leave.map_or(paid, |leave| leave.min(paid));
            slips.push(Payslip { from, to, paid });
            from = paid.plus(1);
            if self.leave.is_some_and(|leave| leave <= paid) {
                break;
            }
        }
        slips
    }

    /// The position of the first payslip that pays for no day of the first fifteen: the 13 weeks have begun for good.
    pub(super) fn in_the_middle(&self) -> usize {
        self.slips().iter().position(|slip| 15 <= slip.from.since(self.start)).unwrap_or(1).max(1)
    }

    /// The pay for the days of a payslip.
    pub(super) fn pay_pence(&self, slip: &Payslip) -> i64 {
        let days = i64::from(slip.to.since(slip.from) + 1);
        i64::from(self.tenths) * i64::from(self.rate_pence) * days / 70
    }
}

#[cfg(test)]
mod tests {
    use super::super::draw::Purpose;
    use super::*;

    #[test]
    fn slips_follow_one_another_and_end_with_the_job() {
        for number in 0..300 {
            let mut draw = SeededRng::new(5, Purpose::Case, number);
            let mut job = SampleJob::new(&mut draw, 0, Day::of(2018, 2, 14));
            job.leaves(Day::of(2018, 6, 5));
            let slips = job.slips();
            assert_eq!(slips[0].from, job.start);
            assert_eq!(slips[slips.len() - 1].to, Day::of(2018, 6, 5));
            for pair in slips.windows(2) {
                assert_eq!(pair[0].to.plus(1), pair[1].from);
                assert!(pair[0].paid < pair[1].paid);
            }
        }
    }

    #[test]
    fn pay_is_beyond_doubt() {
        for number in 0..300 {
            let job = SampleJob::new(&mut SeededRng::new(5, Purpose::Case, number), 0, Day::of(2018, 2, 14));
            assert!(WEEK_PENCE <= job.tenths * job.rate_pence / 10 + 10);
            assert!(HOUR_PENCE <= job.rate_pence);
        }
    }
}
