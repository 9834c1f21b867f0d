//! What HMRC sends on one day: the payments up to a cut-off, as far as they had been received by then.

use super::day::{CUT_OFF, Day, TAKEN};

/// An extract by the day it ends with and the day it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Snapshot {
    /// The last day it speaks for.
    pub(super) cut_off: Day,
    /// What was received later is not in it, and what was voided later is not marked.
    pub(super) taken: Day,
}

impl Snapshot {
    /// The last one, in which all of a sample is.
    pub(super) const LAST: Self = Self { cut_off: CUT_OFF, taken: TAKEN };

    /// So many snapshots, a month apart; the last one is [`Self::LAST`].
    pub(super) fn monthly(months: u32) -> Vec<Self> {
        let days_later = TAKEN.since(CUT_OFF);
        let before_last = (0..months).rev().map(|months| CUT_OFF.months_before(months).month_end());
        before_last.map(|cut_off| Self { cut_off, taken: cut_off.plus(days_later) }).collect()
    }

    /// Whether a payment is in it.
    pub(super) fn holds(self, paid: Day, received: Day) -> bool {
        paid <= self.cut_off && received <= self.taken
    }

    /// The day a payment was voided, as far as it was known.
    pub(super) fn known_void(self, voided: Option<Day>) -> Option<Day> {
        voided.filter(|day| *day <= self.taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_end_with_the_months_and_lead_to_the_last() {
        let days: Vec<Day> = Snapshot::monthly(3).iter().map(|snapshot| snapshot.cut_off).collect();
        assert_eq!(days, [Day::of(2019, 1, 31), Day::of(2019, 2, 28), CUT_OFF]);
        assert_eq!(Snapshot::monthly(1), [Snapshot::LAST]);
        assert_eq!(Snapshot::monthly(12).first().map(|first| first.cut_off), Some(Day::of(2018, 4, 30)));
    }
}
