//! When people are paid: the frequency RTI reports and the days on which pay falls.

use super::day::{CUT_OFF, Day, FIRST};

/// The pay frequency RTI reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PayFrequency {
    /// Weekly.
    W1,
    /// Fortnightly.
    W2,
    /// Four-weekly.
    W4,
    /// Monthly.
    M1,
    /// Quarterly.
    M3,
    /// Annually.
    Ma,
    /// One-off.
    Io,
    /// Irregular.
    Ir,
}

impl PayFrequency {
    /// The code.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::W1 => "W1",
            Self::W2 => "W2",
            Self::W4 => "W4",
            Self::M1 => "M1",
            Self::M3 => "M3",
            Self::Ma => "MA",
            Self::Io => "IO",
            Self::Ir => "IR",
        }
    }
}

/// Whether an employer pays December's wages before Christmas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum December {
    /// On the usual day.
    AsUsual,
    /// On the last working day up to the 21st.
    Early,
}

/// The days on which a job's pay falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Payday {
    /// Every so many days, on those whose number leaves this remainder.
    Every(i32, i32),
    /// On a day of every month, 1 to 28.
    Monthly(u32, December),
    /// On the last day of every month.
    LastDay(December),
    /// On the last day of every month that is neither Saturday nor Sunday.
    LastWorkingDay(December),
    /// On a day of March, June, September and December.
    Quarterly(u32),
    /// On a day of March.
    Yearly(u32),
}

impl Payday {
    /// Whether pay falls on `day`.
    pub(super) fn falls_on(self, day: Day) -> bool {
        let (_, month, number) = match self {
            Self::Every(length, remainder) => return day.0.rem_euclid(length) == remainder,
            Self::Monthly(..) | Self::LastDay(_) | Self::LastWorkingDay(_) | Self::Quarterly(_) | Self::Yearly(_) => {
                day.parts()
            }
        };
        match self {
            Self::Every(..) => false,
            Self::Monthly(_, December::Early)
            | Self::LastDay(December::Early)
            | Self::LastWorkingDay(December::Early)
                if month == 12 =>
            {
                number <= 21 && day == day.plus(i32::try_from(21 - number).unwrap_or(0)).or_working_day_before()
            }
            Self::Monthly(payday, _) => number == payday,
            Self::LastDay(_) => 28 <= number && day == day.month_end(),
            Self::LastWorkingDay(_) => 26 <= number && day == day.month_end().or_working_day_before(),
            Self::Quarterly(payday) => month % 3 == 0 && number == payday,
            Self::Yearly(payday) => month == 3 && number == payday,
        }
    }

    /// The same payday without an early December and without moving for weekends.
    pub(super) const fn steady(self) -> Self {
        match self {
            Self::Monthly(payday, _) => Self::Monthly(payday, December::AsUsual),
            Self::LastDay(_) | Self::LastWorkingDay(_) => Self::LastDay(December::AsUsual),
            Self::Every(..) | Self::Quarterly(_) | Self::Yearly(_) => self,
        }
    }

    /// The paydays from `from` to the cut-off.
    pub(super) fn from(self, from: Day) -> impl Iterator<Item = Day> {
        (from.0..=CUT_OFF.0).map(Day).filter(move |day| self.falls_on(*day))
    }

    /// All paydays of the population's time, in order, as days since its first.
    pub(super) fn offsets(self) -> Vec<u16> {
        self.from(FIRST).filter_map(|day| u16::try_from(day.since(FIRST)).ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paydays(payday: Payday, from: Day, count: usize) -> Vec<String> {
        payday.from(from).take(count).map(|day| String::from_utf8(day.text().to_vec()).unwrap()).collect()
    }

    #[test]
    fn december_comes_early_where_it_does() {
        let early = Payday::LastWorkingDay(December::Early);
        assert_eq!(paydays(early, Day::of(2017, 11, 1), 3), ["2017-11-30", "2017-12-21", "2018-01-31"]);
        assert_eq!(paydays(early, Day::of(2018, 12, 1), 2), ["2018-12-21", "2019-01-31"]);
        let usual = Payday::Monthly(28, December::AsUsual);
        assert_eq!(paydays(usual, Day::of(2017, 12, 1), 2), ["2017-12-28", "2018-01-28"]);
    }

    #[test]
    fn months_end_on_their_last_day_or_last_working_day() {
        assert_eq!(paydays(Payday::LastDay(December::AsUsual), Day::of(2018, 2, 1), 2), ["2018-02-28", "2018-03-31"]);
        assert_eq!(
            paydays(Payday::LastWorkingDay(December::AsUsual), Day::of(2018, 3, 1), 2),
            ["2018-03-30", "2018-04-30"]
        );
    }

    #[test]
    fn weeks_quarters_and_years_repeat() {
        assert_eq!(paydays(Payday::Every(7, 1), Day::of(2018, 3, 1), 2), ["2018-03-02", "2018-03-09"]);
        assert_eq!(paydays(Payday::Quarterly(25), Day::of(2018, 4, 1), 2), ["2018-06-25", "2018-09-25"]);
        assert_eq!(paydays(Payday::Yearly(25), Day::of(2018, 4, 1), 2), ["2019-03-25"]);
    }
}
