//! How often an employer pays.

use super::day::NominalLength;
use super::field::Fault;
use super::reading::code::one_of;
use super::reading::{ReadResult, Reading};

/// How often an employer pays (RTI data item 42). The variants stand in the order of their codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Frequency {
    /// IO: one-off.
    OneOff,
    /// IR: irregular.
    Irregular,
    /// M1: monthly.
    Monthly,
    /// M3: quarterly.
    Quarterly,
    /// M6: twice a year.
    HalfYearly,
    /// MA: yearly.
    Yearly,
    /// W1: weekly.
    Weekly,
    /// W2: fortnightly.
    Fortnightly,
    /// W4: every four weeks.
    FourWeekly,
}

impl Frequency {
    /// Every frequency, in the order of their codes.
    pub const ALL: [Self; 9] = [
        Self::OneOff,
        Self::Irregular,
        Self::Monthly,
        Self::Quarterly,
        Self::HalfYearly,
        Self::Yearly,
        Self::Weekly,
        Self::Fortnightly,
        Self::FourWeekly,
    ];

    /// HMRC's code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OneOff => "IO",
            Self::Irregular => "IR",
            Self::Monthly => "M1",
            Self::Quarterly => "M3",
            Self::HalfYearly => "M6",
            Self::Yearly => "MA",
            Self::Weekly => "W1",
            Self::Fortnightly => "W2",
            Self::FourWeekly => "W4",
        }
    }

    /// Reads HMRC's code, or its words for one.
    ///
    /// # Errors
    /// Anything that is not one of the nine.
    pub fn read(text: &str) -> ReadResult<Self> {
        const FAULT: Fault = Fault::expected("a pay frequency: W1, W2, W4, M1, M3, M6, MA, IO or IR");
        if let Some(frequency) = Self::of_code(text) {
            return Ok(Reading::plain(frequency));
        }
        let codes = Self::ALL.map(|frequency| (frequency.code(), frequency));
        one_of(text, &codes, &Self::WORDS, FAULT)
    }

    /// The frequency of exactly this code. Nearly every payment has one.
    const fn of_code(text: &str) -> Option<Self> {
        match text.as_bytes() {
            b"W1" => Some(Self::Weekly),
            b"W2" => Some(Self::Fortnightly),
            b"W4" => Some(Self::FourWeekly),
            b"M1" => Some(Self::Monthly),
            b"M3" => Some(Self::Quarterly),
            b"M6" => Some(Self::HalfYearly),
            b"MA" => Some(Self::Yearly),
            b"IO" => Some(Self::OneOff),
            b"IR" => Some(Self::Irregular),
            _ => None,
        }
    }

    /// What HMRC calls the frequencies, without case and punctuation.
    const WORDS: [(&'static str, Self); 16] = [
        ("weekly", Self::Weekly),
        ("fortnightly", Self::Fortnightly),
        ("4weekly", Self::FourWeekly),
        ("fourweekly", Self::FourWeekly),
        ("monthly", Self::Monthly),
        ("calendarmonthly", Self::Monthly),
        ("quarterly", Self::Quarterly),
        ("biannually", Self::HalfYearly),
        ("biannual", Self::HalfYearly),
        ("halfyearly", Self::HalfYearly),
        ("annually", Self::Yearly),
        ("annual", Self::Yearly),
        ("yearly", Self::Yearly),
        ("oneoff", Self::OneOff),
        ("irregular", Self::Irregular),
        ("irregularly", Self::Irregular),
    ];

    /// How long `periods` earnings periods nominally are; a one-off or irregular payment has 31 days whatever it says.
    pub const fn nominal_length(self, periods: u8) -> NominalLength {
        let count = periods as u32;
        match self {
            Self::Weekly => NominalLength::Days(7 * count),
            Self::Fortnightly => NominalLength::Days(14 * count),
            Self::FourWeekly => NominalLength::Days(28 * count),
            Self::Monthly => NominalLength::Months(count),
            Self::Quarterly => NominalLength::Months(3 * count),
            Self::HalfYearly => NominalLength::Months(6 * count),
            Self::Yearly => NominalLength::Months(12 * count),
            Self::OneOff | Self::Irregular => NominalLength::Days(31),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_read_back_from_their_codes() {
        for frequency in Frequency::ALL {
            assert_eq!(Frequency::read(frequency.code()), Ok(Reading::plain(frequency)));
        }
        for (text, frequency) in [
            ("Weekly", Frequency::Weekly),
            ("4 Weekly", Frequency::FourWeekly),
            ("Calendar Monthly", Frequency::Monthly),
            ("Bi-annually", Frequency::HalfYearly),
            ("One-off", Frequency::OneOff),
            ("m1", Frequency::Monthly),
        ] {
            assert_eq!(Frequency::read(text).unwrap().value, Some(frequency), "{text}");
        }
        assert!(Frequency::read("M2").is_err());
        assert!(Frequency::ALL.is_sorted_by(|one, next| one < next && one.code() < next.code()));
    }
}
