//! What an extract can speak for: the days on which the absence of pay is news about a person.

use chrono::NaiveDate;

/// The days that an extract can speak for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observed {
    /// Extract-from: the first day it speaks for; `None` where that is unknown, and then no day is before it.
    pub from: Option<NaiveDate>,
    /// The cut-off: the last day it speaks for; `None` when it holds no payment at all.
    pub cut_off: Option<NaiveDate>,
    /// Runs of unobserved days between the two, first and last day of each: in order, and apart from one another.
    holes: Vec<(NaiveDate, NaiveDate)>,
}

impl Observed {
    /// An extract without holes that speaks for every day up to the cut-off.
    pub fn up_to(cut_off: Option<NaiveDate>) -> Self {
        Self { from: None, cut_off, holes: Vec::new() }
    }

    /// An extract that speaks for the days between its first and its last but for these runs of days.
    pub fn new(
        from: Option<NaiveDate>,
        cut_off: Option<NaiveDate>,
        holes: impl IntoIterator<Item = (NaiveDate, NaiveDate)>,
    ) -> Self {
        let mut runs: Vec<(NaiveDate, NaiveDate)> = holes.into_iter().filter(|(first, last)| first <= last).collect();
        runs.sort_unstable();
        let mut holes: Vec<(NaiveDate, NaiveDate)> = Vec::with_capacity(runs.len());
        for (first, last) in runs {
            match holes.last_mut() {
                Some((_, reached)) if reached.succ_opt().is_none_or(|next| first <= next) => {
                    *reached = last.max(*reached);
                }
                Some(_) | None => holes.push((first, last)),
            }
        }
        Self { from, cut_off, holes }
    }

    /// The runs of unobserved days between extract-from and the cut-off, in order.
    pub fn holes(&self) -> &[(NaiveDate, NaiveDate)] {
        &self.holes
    }

    /// The unobserved days from `first` to `last`, in runs, in order. Days after the cut-off are not among them.
    pub fn unobserved_within(&self, first: NaiveDate, last: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
        let before = self.from.and_then(|from| from.pred_opt()).map(|day_before| (NaiveDate::MIN, day_before));
        let runs = before.iter().chain(&self.holes);
        let within = runs.map(|(begin, end)| ((*begin).max(first), (*end).min(last)));
        within.filter(|(begin, end)| begin <= end).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn holes_are_told_apart_and_in_order() {
        let holes = [("2018-07-01", "2018-07-31"), ("2018-05-31", "2018-06-30"), ("2018-09-02", "2018-09-03")];
        let observed = Observed::new(None, None, holes.map(|(first, last)| (day(first), day(last))));
        let runs = [(day("2018-05-31"), day("2018-07-31")), (day("2018-09-02"), day("2018-09-03"))];
        assert_eq!(observed.holes(), runs);
    }

    #[test]
    fn days_before_the_first_are_unobserved_and_days_after_the_cut_off_are_not() {
        let observed = Observed::new(Some(day("2018-04-06")), Some(day("2018-12-31")), []);
        let within = |first, last| observed.unobserved_within(day(first), day(last));
        assert_eq!(within("2018-04-01", "2018-05-01"), [(day("2018-04-01"), day("2018-04-05"))]);
        assert_eq!(within("2018-04-06", "2019-05-01"), []);
        assert_eq!(Observed::up_to(None).unobserved_within(day("1990-01-01"), day("2018-04-05")), []);
    }
}
