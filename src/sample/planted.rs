//! What is planted among the claims of a ledger, and what each of them must come to from month to month.

/// What only a ledger shows: a claim that is paid, corrected, decided or recovered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlantedCase {
    /// It is paid, and HMRC voids the payroll before the next month.
    Voided,
    /// It is queried for a wrong amount, and corrected the month after.
    Corrected,
    /// It is paid, and sent again as it was the month after.
    PaidSentAgain,
    /// It is queried, and people accept it.
    Accepted,
    /// It is queried, and people reject it.
    Rejected,
    /// It is queried, and the provider takes it back.
    Withdrawn,
    /// It is queried, and people keep it open.
    Kept,
    /// It is queried, and sent again as it was the month after; nobody settles it.
    OpenSentAgain,
}

/// The states of an attempt after a month's work, after its decisions and after its payments.
pub(super) type MonthStates = [&'static str; 3];

/// One attempt at a planted claim.
#[derive(Debug)]
pub(super) struct PlantedAttempt {
    /// How many months after the first attempt it comes.
    pub(super) comes_after: usize,
    /// Its states in the month it comes, and in those that follow; then it stays as it is.
    pub(super) states: &'static [MonthStates],
}

/// After so many days the scheme of the sample lets a query lapse that nobody settled.
const LAPSE_DAYS: i32 = 90;

const ALWAYS_OPEN: [PlantedAttempt; 1] = [PlantedAttempt { comes_after: 0, states: &[["open", "open", "open"]] }];

impl PlantedCase {
    /// The cases of claims that are validated.
    pub(super) const VALIDATED: [Self; 3] = [Self::Voided, Self::Corrected, Self::PaidSentAgain];
    /// The cases of claims that are queried.
    pub(super) const QUERIED: [Self; 5] =
        [Self::Accepted, Self::Rejected, Self::Withdrawn, Self::Kept, Self::OpenSentAgain];

    /// Its name in the answer key.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Voided => "voided_after_payment",
            Self::Corrected => "corrected",
            Self::PaidSentAgain => "sent_again_when_paid",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Kept => "kept",
            Self::OpenSentAgain => "sent_again_while_open",
        }
    }

    /// Whether the month after must be played for it to show.
    pub(super) const fn needs_another_month(self) -> bool {
        matches!(self, Self::Voided | Self::Corrected | Self::PaidSentAgain | Self::OpenSentAgain)
    }

    /// Whether its provider sends the claim in the month after.
    pub(super) const fn is_sent_twice(self) -> bool {
        matches!(self, Self::Corrected | Self::PaidSentAgain | Self::OpenSentAgain)
    }

    /// What people decide of it, and their reason.
    pub(super) const fn decision(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Accepted => Some(("accept", "EMPLOYER-CONFIRMED")),
            Self::Rejected => Some(("reject", "NOT-SHOWN")),
            Self::Withdrawn => Some(("withdraw", "PROVIDER-ASKED")),
            Self::Kept => Some(("keep", "ANSWER-AWAITED")),
            Self::Voided | Self::Corrected | Self::PaidSentAgain | Self::OpenSentAgain => None,
        }
    }

    /// Whether it is left open with nobody keeping it so, and lapses in the end.
    const fn lapses(self) -> bool {
        matches!(self, Self::OpenSentAgain)
    }

    /// The states of one of its attempts so many months after the first attempt came, and so many days; none before the attempt comes.
    pub(super) fn states(self, attempt: &PlantedAttempt, months: usize, days: i32) -> Option<MonthStates> {
        let states = attempt.in_month(months)?;
        Some(if self.lapses() && LAPSE_DAYS <= days { ["lapsed"; 3] } else { states })
    }

    /// What its attempts come to, but that a query may lapse.
    pub(super) const fn attempts(self) -> &'static [PlantedAttempt] {
        match self {
            Self::Voided => &[PlantedAttempt {
                comes_after: 0,
                states: &[
                    ["due", "due", "paid"],
                    ["to_recover", "to_recover", "recovered"],
                    ["recovered", "recovered", "recovered"],
                ],
            }],
            Self::Corrected => &[
                PlantedAttempt {
                    comes_after: 0,
                    states: &[["open", "open", "open"], ["replaced", "replaced", "replaced"]],
                },
                PlantedAttempt { comes_after: 1, states: &[["due", "due", "paid"], ["paid", "paid", "paid"]] },
            ],
            Self::PaidSentAgain => {
                &[PlantedAttempt { comes_after: 0, states: &[["due", "due", "paid"], ["paid", "paid", "paid"]] }]
            }
            Self::Accepted => {
                &[PlantedAttempt { comes_after: 0, states: &[["open", "due", "paid"], ["paid", "paid", "paid"]] }]
            }
            Self::Rejected => &[PlantedAttempt {
                comes_after: 0,
                states: &[["open", "rejected", "rejected"], ["rejected", "rejected", "rejected"]],
            }],
            Self::Withdrawn => &[PlantedAttempt {
                comes_after: 0,
                states: &[["open", "withdrawn", "withdrawn"], ["withdrawn", "withdrawn", "withdrawn"]],
            }],
            Self::Kept | Self::OpenSentAgain => &ALWAYS_OPEN,
        }
    }
}

impl PlantedAttempt {
    /// Its states so many months after the first attempt; none before it comes.
    fn in_month(&self, after: usize) -> Option<MonthStates> {
        let own = after.checked_sub(self.comes_after)?;
        self.states.get(own).or(self.states.last()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_stays_as_it_came_to_be() {
        let [first, second] = PlantedCase::Corrected.attempts() else { panic!("two attempts") };
        assert_eq!(first.in_month(0), Some(["open"; 3]));
        assert_eq!(first.in_month(5), Some(["replaced"; 3]));
        assert_eq!(second.in_month(0), None);
        assert_eq!(second.in_month(1), Some(["due", "due", "paid"]));
        assert_eq!(second.in_month(5), Some(["paid"; 3]));
    }

    #[test]
    fn a_query_that_nobody_settles_or_keeps_lapses_when_the_scheme_says() {
        let days = format!("[[query_lapse_days]]\nfrom = 2013-04-06\nvalue = {LAPSE_DAYS}\n");
        assert!(crate::sample::SCHEME.contains(&days));
        let of = |case: PlantedCase, days| case.states(&case.attempts()[0], 3, days);
        assert_eq!(of(PlantedCase::OpenSentAgain, LAPSE_DAYS - 1), Some(["open"; 3]));
        assert_eq!(of(PlantedCase::OpenSentAgain, LAPSE_DAYS), Some(["lapsed"; 3]));
        assert_eq!(of(PlantedCase::Kept, LAPSE_DAYS), Some(["open"; 3]), "people keep it");
        assert_eq!(of(PlantedCase::Rejected, LAPSE_DAYS), Some(["rejected"; 3]));
    }
}
