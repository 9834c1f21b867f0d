//! A made-up person: all particulars follow from the seed and the person's number.

use super::day::Day;
use super::draw::SeededRng;
use super::names::{MEN, Name, SURNAMES, WOMEN};
use super::stem::{SampleStem, Stems};

/// The sex a register records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sex {
    /// Female.
    F,
    /// Male.
    M,
}

impl Sex {
    /// The code.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::F => "F",
            Self::M => "M",
        }
    }
}

/// One made-up person.
#[derive(Debug, Clone, Copy)]
pub(super) struct SamplePerson {
    /// The National Insurance number without its suffix.
    pub(super) stem: SampleStem,
    /// The suffix, `b'A'` to `b'D'`.
    pub(super) suffix: u8,
    /// Sex.
    pub(super) sex: Sex,
    /// Surname.
    pub(super) surname: Name,
    /// Forename.
    pub(super) forename: Name,
    /// Date of birth: of working age throughout the samples' time.
    pub(super) born: Day,
}

const OLDEST: Day = Day::of(1955, 1, 1);
const YOUNGEST: Day = Day::of(1998, 12, 31);

impl SamplePerson {
    /// The person of that number; `key` is the seed's key for people.
    pub(super) fn new(key: u64, stems: &Stems, number: u32) -> Self {
        let mut draw = SeededRng::keyed(key, u64::from(number));
        let sex = if draw.chance(500) { Sex::F } else { Sex::M };
        let forename = draw.pick(match sex {
            Sex::F => &WOMEN,
            Sex::M => &MEN,
        });
        let surname = draw.pick(&SURNAMES);
        let born = OLDEST.plus(draw.between(0, YOUNGEST.since(OLDEST)));
        let suffix = b"ABCD".get(draw.below(4) as usize).copied().unwrap_or(b'A');
        Self { stem: stems.person(number), suffix, sex, surname, forename, born }
    }
}
