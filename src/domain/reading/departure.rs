//! The ways in which a cell departs from the plain form of its value. The account counts them by file and column.

/// A way in which a cell departs from the plain form. None of them changes what the cell means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Departure {
    /// A word such as `NA`.
    NotAvailable,
    /// A date that stands for none, such as 1900-01-01 or 9999-12-31.
    NoDate,
    /// A date written `1/5/2018`.
    SlashedDate,
    /// A date with the month in letters.
    NamedMonth,
    /// A date written `20180501`.
    CompactDate,
    /// A date with a time of midnight behind it, or a moment that is midnight UTC.
    MidnightTime,
    /// A moment that is midnight in the United Kingdom, in summer.
    UnitedKingdomMidnight,
    /// A whole number with a decimal point.
    DecimalPoint,
    /// An amount with a pound sign or commas.
    PoundSign,
    /// A negative amount as accountants write it.
    AccountantsNegative,
    /// An amount with noughts behind the pence.
    FurtherPlaces,
    /// A floating-point number a hair away from whole pence.
    FloatingPence,
    /// Hours with their unit.
    HoursUnit,
    /// A flag written 0 or 1.
    NumericFlag,
    /// A code in another spelling.
    CodeSpelling,
    /// A code in HMRC's words.
    CodeInWords,
    /// A National Insurance number with hyphens, dots or characters that cannot be seen.
    NinoPunctuation,
    /// HMRC's temporary reference number in place of a National Insurance number.
    TemporaryReference,
    /// An office number of fewer than three digits.
    ShortOfficeNumber,
    /// A PAYE reference that begins with its own office number.
    OfficeInReference,
    /// A cell that could not be read and is taken as not given.
    UnreadableNotGiven,
}

impl Departure {
    /// Every departure, in the order in which they are told.
    pub const ALL: [Self; 21] = [
        Self::NotAvailable,
        Self::NoDate,
        Self::SlashedDate,
        Self::NamedMonth,
        Self::CompactDate,
        Self::MidnightTime,
        Self::UnitedKingdomMidnight,
        Self::DecimalPoint,
        Self::PoundSign,
        Self::AccountantsNegative,
        Self::FurtherPlaces,
        Self::FloatingPence,
        Self::HoursUnit,
        Self::NumericFlag,
        Self::CodeSpelling,
        Self::CodeInWords,
        Self::NinoPunctuation,
        Self::TemporaryReference,
        Self::ShortOfficeNumber,
        Self::OfficeInReference,
        Self::UnreadableNotGiven,
    ];

    /// The name the account uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotAvailable => "not_available",
            Self::NoDate => "no_date",
            Self::SlashedDate => "slashed_date",
            Self::NamedMonth => "named_month",
            Self::CompactDate => "compact_date",
            Self::MidnightTime => "midnight_time",
            Self::UnitedKingdomMidnight => "united_kingdom_midnight",
            Self::DecimalPoint => "decimal_point",
            Self::PoundSign => "pound_sign",
            Self::AccountantsNegative => "accountants_negative",
            Self::FurtherPlaces => "further_places",
            Self::FloatingPence => "floating_pence",
            Self::HoursUnit => "hours_unit",
            Self::NumericFlag => "numeric_flag",
            Self::CodeSpelling => "code_spelling",
            Self::CodeInWords => "code_in_words",
            Self::NinoPunctuation => "nino_punctuation",
            Self::TemporaryReference => "temporary_reference",
            Self::ShortOfficeNumber => "short_office_number",
            Self::OfficeInReference => "office_in_reference",
            Self::UnreadableNotGiven => "unreadable_not_given",
        }
    }

    /// What the cells hold, for the screen: it follows their number.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotAvailable => "cells that say NA, NULL or the like, read as not given",
            Self::NoDate => "dates that stand for none, read as not given",
            Self::SlashedDate => "dates written day/month/year",
            Self::NamedMonth => "dates with the month in letters",
            Self::CompactDate => "dates written YYYYMMDD",
            Self::MidnightTime => "dates with a time of midnight",
            Self::UnitedKingdomMidnight => "moments of midnight in the United Kingdom, read as the day that begins",
            Self::DecimalPoint => "whole numbers with a decimal point",
            Self::PoundSign => "amounts with £ or commas",
            Self::AccountantsNegative => "negative amounts in brackets or with the sign behind",
            Self::FurtherPlaces => "amounts with noughts behind the pence",
            Self::FloatingPence => "floating-point amounts, read as the pence they are within a hair of",
            Self::HoursUnit => "hours with their unit",
            Self::NumericFlag => "flags written 0 or 1",
            Self::CodeSpelling => "codes in other capitals or punctuation",
            Self::CodeInWords => "codes in HMRC's words",
            Self::NinoPunctuation => "numbers with punctuation or invisible characters",
            Self::TemporaryReference => "temporary reference numbers, which are no National Insurance numbers",
            Self::ShortOfficeNumber => "office numbers of fewer than three digits, read with noughts in front",
            Self::OfficeInReference => "references that begin with their own office number",
            Self::UnreadableNotGiven => "cells that could not be read, taken as not given",
        }
    }

    /// The departure of a name that an account holds.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|departure| departure.name() == name)
    }
}

/// A set of departures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Departures(u32);

impl Departures {
    /// No departure: the plain form.
    pub const NONE: Self = Self(0);

    /// The set with one more.
    #[must_use]
    pub const fn with(self, departure: Departure) -> Self {
        Self(self.0 | 1 << departure as u32)
    }

    /// Whether the cell has the plain form.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether a departure is among them.
    pub const fn has(self, departure: Departure) -> bool {
        self.0 >> departure as u32 & 1 == 1
    }

    /// The departures, in the order in which they are told.
    pub fn iter(self) -> impl Iterator<Item = Departure> {
        Departure::ALL.into_iter().filter(move |departure| self.has(*departure))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_departure_has_a_name_and_a_place_of_its_own() {
        for (place, departure) in Departure::ALL.into_iter().enumerate() {
            assert_eq!(departure as usize, place);
            assert_eq!(Departure::named(departure.name()), Some(departure));
            assert_eq!(Departures::NONE.with(departure).iter().collect::<Vec<_>>(), [departure]);
        }
    }
}
