//! Hours a week, and the bands in which RTI reports them.
//!
//! Source: HMRC RTI data item 54, "number of normal hours worked". The bands' bounds moved on 6 April 2014.

use std::fmt;

use chrono::NaiveDate;

use super::field::Fault;
use super::money::hundredths;
use super::reading::code::one_of;
use super::reading::{ReadResult, Reading};

/// Hours a week in hundredths of an hour, from 0.00 to 168.00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hours(u32);

impl Hours {
    /// So many hundredths of an hour, where a week has that many.
    pub const fn from_hundredths(hundredths: u32) -> Option<Self> {
        if hundredths <= 16_800 { Some(Self(hundredths)) } else { None }
    }

    /// The number of hundredths of an hour.
    pub const fn hundredths(self) -> u32 {
        self.0
    }

    /// The hours of two jobs together, where a week has that many.
    pub const fn plus(self, other: Self) -> Option<Self> {
        Self::from_hundredths(self.0 + other.0)
    }

    /// Reads hours with at most two decimal places, such as `16` or `16.5`.
    ///
    /// # Errors
    /// Anything else, or more hours than a week has.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        const FAULT: Fault =
            Fault::expected("hours a week from 0 to 168 with at most two decimal places, such as 16.5");
        hundredths(text).and_then(|value| u32::try_from(value).ok()).and_then(Self::from_hundredths).ok_or(FAULT)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(out, "{whole}"),
            (whole, part) => write!(out, "{whole}.{part:02}"),
        }
    }
}

/// The letter in which RTI reports the hours an employer expects a person normally to work in a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Under 16 hours.
    A,
    /// 16 to 23.99 hours (to 5 April 2014: 16 to 29.99).
    B,
    /// 24 to 29.99 hours (to 5 April 2014: 30 or more).
    C,
    /// 30 hours or more (to 5 April 2014: other).
    D,
    /// Other: no regular pattern, or a pension.
    E,
}

/// What a band says about a threshold of hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// All the hours of the band are under the threshold.
    Below,
    /// All the hours of the band reach the threshold.
    Reaches,
    /// The band does not say.
    Unclear,
}

impl Band {
    /// Every band, from the fewest hours; E, which states no hours, comes last.
    pub const ALL: [Self; 5] = [Self::A, Self::B, Self::C, Self::D, Self::E];

    /// Reads the letter, or HMRC's words for it on the payment date: the letters meant other hours before April 2014.
    ///
    /// # Errors
    /// Anything else, words without a payment date among them.
    pub fn read(text: &str, payday: Option<NaiveDate>) -> ReadResult<Self> {
        const FAULT: Fault = Fault::expected("an hours band: A, B, C, D or E");
        // Nearly every payment has a letter.
        if let Some(band) = Self::ALL.into_iter().find(|band| band.letter().as_bytes() == text.as_bytes()) {
            return Ok(Reading::plain(band));
        }
        let letters = Self::ALL.map(|band| (band.letter(), band));
        let Some(payday) = payday else { return one_of(text, &letters, &[], FAULT) };
        let words: &[(&str, Self)] = if has_four_bands_of_hours(payday) {
            &[
                ("upto15.99", Self::A),
                ("16to23.99", Self::B),
                ("1623.99", Self::B),
                ("24to29.99", Self::C),
                ("2429.99", Self::C),
                ("30ormore", Self::D),
                ("other", Self::E),
            ]
        } else {
            &[
                ("upto15.99", Self::A),
                ("16to29.99", Self::B),
                ("1629.99", Self::B),
                ("30ormore", Self::C),
                ("other", Self::D),
            ]
        };
        match one_of(text, &letters, words, FAULT) {
            Err(_) => one_of(&without_noughts(text), &letters, words, FAULT),
            read => read,
        }
    }

    /// The letter.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
        }
    }

    /// The band's lowest hours and the first hours above it, as they stood on the payment date; `None` for "other".
    fn bounds(self, payday: NaiveDate) -> Option<(u32, Option<u32>)> {
        match (self, has_four_bands_of_hours(payday)) {
            (Self::A, _) => Some((0, Some(1600))),
            (Self::B, true) => Some((1600, Some(2400))),
            (Self::C, true) => Some((2400, Some(3000))),
            (Self::D, true) | (Self::C, false) => Some((3000, None)),
            (Self::B, false) => Some((1600, Some(3000))),
            (Self::D, false) | (Self::E, _) => None,
        }
    }

    /// The band that holds so many hours on a payment date.
    pub fn holding(hours: Hours, payday: NaiveDate) -> Self {
        let holds = |band: &Self| {
            let within = |(lowest, end): (u32, Option<u32>)| {
                lowest <= hours.hundredths() && end.is_none_or(|end| hours.hundredths() < end)
            };
            band.bounds(payday).is_some_and(within)
        };
        [Self::A, Self::B, Self::C, Self::D].into_iter().find(holds).unwrap_or(Self::E)
    }

    /// The band of the fewest hours that reaches so many on a payment date.
    pub fn reaching(hours: Hours, payday: NaiveDate) -> Option<Self> {
        [Self::A, Self::B, Self::C, Self::D].into_iter().find(|band| band.against(hours, payday) == Against::Reaches)
    }

    /// Whether each band that states hours says, on a payment date, whether it reaches so many: none holds them and fewer.
    pub fn tell(hours: Hours, payday: NaiveDate) -> bool {
        let stating = Self::ALL.into_iter().filter(|band| band.bounds(payday).is_some());
        stating.into_iter().all(|band| band.against(hours, payday) != Against::Unclear)
    }

    /// What the band, on that payment date, says about `threshold` hours a week.
    pub fn against(self, threshold: Hours, payday: NaiveDate) -> Against {
        let needed = threshold.hundredths();
        match self.bounds(payday) {
            Some((lowest, _)) if needed <= lowest => Against::Reaches,
            // The band holds hours up to a hundredth below its end, so a threshold at that end is over all of them.
            Some((_, Some(end))) if end <= needed => Against::Below,
            Some(_) | None => Against::Unclear,
        }
    }
}

/// Whether the letters A to D stood for hours on a payment date: since 6 April 2014.
fn has_four_bands_of_hours(payday: NaiveDate) -> bool {
    NaiveDate::from_ymd_opt(2014, 4, 6).is_some_and(|since| since <= payday)
}

/// HMRC's words with whole hours as whole numbers: `16.00-23.99 hours` is `16-23.99`.
fn without_noughts(words: &str) -> String {
    words.to_lowercase().replace(".00", "").replace("hours", "").replace("hrs", "").replace('+', "ormore")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(text: &str) -> Hours {
        Hours::parse(text).unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn hours_have_at_most_two_places_and_fit_in_a_week() {
        assert_eq!(hours("16.5").hundredths(), 1650);
        assert_eq!(hours("168").to_string(), "168");
        assert_eq!(hours("15.99").to_string(), "15.99");
        for text in ["168.01", "-1", "16.001", "sixteen"] {
            assert!(Hours::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn bands_tell_the_hours_that_one_of_them_begins_with() {
        let told = ["14", "15", "15.99", "16", "17", "18", "23.99", "24", "30"]
            .map(|of| Band::tell(hours(of), day("2018-05-31")));
        assert_eq!(told, [false, false, false, true, false, false, false, true, true]);
        assert_eq!(["16", "24", "30"].map(|of| Band::tell(hours(of), day("2014-04-05"))), [true, false, true]);
        let reaching = ["14", "16", "17", "31"].map(|of| Band::reaching(hours(of), day("2018-05-31")));
        assert_eq!(reaching, [Some(Band::B), Some(Band::B), Some(Band::C), None]);
    }

    #[test]
    fn a_band_is_read_by_its_letter_or_by_the_words_of_its_time() {
        let read = |text: &str, payday: &str| Band::read(text, Some(day(payday))).unwrap().value;
        let now = "2018-05-31";
        let of = |band: Band| Some(band);
        for (text, band) in [
            ("B", Band::B),
            ("b", Band::B),
            ("Up to 15.99", Band::A),
            ("16.00-23.99", Band::B),
            ("16-23.99 hours", Band::B),
            ("16 to 23.99", Band::B),
            ("24.00 - 29.99", Band::C),
            ("30 or more", Band::D),
            ("30.00+", Band::D),
            ("OTHER", Band::E),
        ] {
            assert_eq!(read(text, now), of(band), "{text}");
        }
        assert_eq!(read("30 or more", "2014-04-05"), of(Band::C));
        assert_eq!(read("Other", "2014-04-05"), of(Band::D));
        assert_eq!(read("16-29.99", "2014-04-05"), of(Band::B));
        assert_eq!(read("NA", now), None);
        for text in ["F", "16-29.99", "35", "16"] {
            assert!(Band::read(text, Some(day(now))).is_err(), "{text}");
        }
        assert!(Band::read("30 or more", None).is_err());
    }

    #[test]
    fn bands_mean_what_they_meant_on_the_payment_date() {
        let (before, since) = (day("2014-04-05"), day("2014-04-06"));
        assert_eq!(Band::B.against(hours("24"), since), Against::Below);
        assert_eq!(Band::B.against(hours("24"), before), Against::Unclear);
        assert_eq!(Band::C.against(hours("30"), since), Against::Below);
        assert_eq!(Band::C.against(hours("30"), before), Against::Reaches);
        assert_eq!(Band::D.against(hours("30"), since), Against::Reaches);
        assert_eq!(Band::D.against(hours("30"), before), Against::Unclear);
    }

    #[test]
    fn a_threshold_inside_a_band_is_unclear_and_at_its_edges_is_not() {
        let payday = day("2018-05-31");
        assert_eq!(Band::A.against(hours("15.99"), payday), Against::Unclear);
        assert_eq!(Band::A.against(hours("16"), payday), Against::Below);
        assert_eq!(Band::B.against(hours("16"), payday), Against::Reaches);
        assert_eq!(Band::B.against(hours("16.01"), payday), Against::Unclear);
        assert_eq!(Band::E.against(hours("1"), payday), Against::Unclear);
        assert_eq!(Band::A.against(hours("0"), payday), Against::Reaches);
    }
}
