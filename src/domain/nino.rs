//! National Insurance numbers.
//!
//! Format: National Insurance Manual NIM39110. Two letters, six digits and a suffix A to D that carries no identity.

use std::fmt;

use super::reading::{Departure, Departures};

/// A National Insurance number's first eight characters: the part that identifies a person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stem([u8; 8]);

impl Stem {
    /// The stem as one number, its characters in order: equal stems and only equal stems have equal keys.
    #[inline]
    pub fn key(self) -> u64 {
        u64::from_be_bytes(self.0)
    }

    /// The stem as text.
    pub fn as_str(&self) -> &str {
        // A stem is made of ASCII only, so this cannot fail; an empty text is what the type system asks us to name.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether two stems are one substituted character or one swap of neighbours apart.
    pub fn is_near_miss(self, other: Self) -> bool {
        let differing: Vec<usize> = (0..8).filter(|place| self.0.get(*place) != other.0.get(*place)).collect();
        match differing.as_slice() {
            [_] => true,
            [first, second] => {
                let swapped = self.0.get(*first) == other.0.get(*second) && self.0.get(*second) == other.0.get(*first);
                *second == first + 1 && swapped
            }
            _ => false,
        }
    }

    /// Every well-formed stem that [is a near miss](Stem::is_near_miss) of this one.
    pub fn near_misses(self) -> impl Iterator<Item = Self> {
        let substituted = (0..8).flat_map(move |place| {
            let alphabet = if place < 2 { b'A'..=b'Z' } else { b'0'..=b'9' };
            alphabet.map(move |character| self.with(place, character))
        });
        let swapped = (0..7).map(move |place| {
            let mut other = self;
            other.0.swap(place, place + 1);
            other
        });
        substituted.chain(swapped).filter(move |other| *other != self && other.is_well_formed())
    }

    fn with(mut self, place: usize, character: u8) -> Self {
        if let Some(here) = self.0.get_mut(place) {
            *here = character;
        }
        self
    }

    /// The stem of a key that [`Stem::key`] gave.
    pub fn from_key(key: u64) -> Self {
        Self(key.to_be_bytes())
    }

    #[inline]
    fn is_well_formed(self) -> bool {
        let [first, second, digits @ ..] = self.0;
        are_digits(digits) && begins(first, second)
    }

    /// Runs on every row of an extract. All four dummies are compared, because leaving off at the first difference would
    /// be a branch that the processor cannot predict.
    #[inline]
    fn is_dummy(self) -> bool {
        const DUMMIES: [[u8; 8]; 4] = [*b"AA111111", *b"AA123456", *b"AB123456", *b"QQ123456"];
        DUMMIES.map(u64::from_be_bytes).into_iter().fold(false, |is_one, dummy| is_one | (dummy == self.key()))
    }
}

/// Six bytes compared as one word: in each the upper half must be that of a digit, and stay so when six is added.
#[inline]
fn are_digits([a, b, c, d, e, f]: [u8; 6]) -> bool {
    const UPPER: u64 = 0xF0F0_F0F0_F0F0_F0F0;
    let word = u64::from_le_bytes([a, b, c, d, e, f, b'0', b'0']);
    let zeros = u64::from_le_bytes([b'0'; 8]);
    word & UPPER == zeros && word.wrapping_add(0x0606_0606_0606_0606) & UPPER == zeros
}

/// Whether a number may begin with these two letters.
#[inline]
fn begins(first: u8, second: u8) -> bool {
    let seconds = SECONDS.get(usize::from(first.wrapping_sub(b'A'))).copied().unwrap_or_default();
    second.is_ascii_uppercase() && seconds >> (second - b'A') & 1 == 1
}

/// For each first letter the second letters a number may go on with.
#[expect(clippy::indexing_slicing, reason = "worked out while the program is built")]
const SECONDS: [u32; 26] = {
    let never = set(b"DFIQUV");
    let mut seconds = [!(never | set(b"O")); 26];
    let mut rest: &[u8] = b"DFIQUV";
    while let [first, others @ ..] = rest {
        seconds[(*first - b'A') as usize] = 0;
        rest = others;
    }
    let mut rest: &[[u8; 2]] = &[*b"BG", *b"GB", *b"KN", *b"NK", *b"NT", *b"TN", *b"ZZ"];
    while let [[first, second], others @ ..] = rest {
        seconds[(*first - b'A') as usize] &= !set(&[*second]);
        rest = others;
    }
    seconds
};

/// A set of capitals, a bit for each.
const fn set(letters: &[u8]) -> u32 {
    match letters {
        [] => 0,
        [first, rest @ ..] => 1 << (*first - b'A') | set(rest),
    }
}

/// Never shows the number: a stem in a log or an error would be personal data.
impl fmt::Debug for Stem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Stem(..)")
    }
}

/// A well-formed National Insurance number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nino {
    stem: Stem,
    suffix: Option<u8>,
}

/// Never shows the number, nor its suffix.
impl fmt::Debug for Nino {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Nino(..)")
    }
}

impl Nino {
    /// Reads a number written as it was issued, in capitals and without spaces, as nearly all are.
    #[inline]
    fn as_issued(text: &[u8]) -> Option<Self> {
        let (stem, suffix) = text.split_first_chunk::<8>()?;
        let suffix = match suffix {
            [] => None,
            [suffix @ b'A'..=b'D'] => Some(*suffix),
            _ => return None,
        };
        let stem = Stem(*stem);
        (stem.is_well_formed() && !stem.is_dummy()).then_some(Self { stem, suffix })
    }

    /// The number of which [`Nino::stem`] and [`Nino::suffix`] are the parts.
    pub(crate) fn from_parts(stem: Stem, suffix: Option<u8>) -> Self {
        Self { stem, suffix }
    }

    /// The eight characters that identify the person.
    pub fn stem(self) -> Stem {
        self.stem
    }

    /// The suffix, `b'A'` to `b'D'`, where one was given.
    pub fn suffix(self) -> Option<u8> {
        self.suffix
    }
}

/// The text of a cell that should hold a National Insurance number, classified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NinoText {
    /// A number that fits the format; whether anyone has it is another question.
    WellFormed(Nino),
    /// One of the numbers that payroll software and forms use as a stand-in; these are its first eight characters.
    Dummy(Stem),
    /// HMRC's temporary reference number, two digits, a letter and five digits: someone's, but no National Insurance
    /// number, and another one for each employer.
    TemporaryReference,
    /// Not a National Insurance number.
    Malformed,
}

impl NinoText {
    /// The number, where it is one.
    pub const fn well_formed(self) -> Option<Nino> {
        match self {
            Self::WellFormed(nino) => Some(nino),
            Self::Dummy(_) | Self::TemporaryReference | Self::Malformed => None,
        }
    }

    /// Reads a number: case, blanks, hyphens, dots and characters that cannot be seen do not matter. A dummy is a dummy whatever follows its first eight characters.
    pub fn read(text: &str) -> Self {
        Self::read_bytes(text.as_bytes())
    }

    /// Reads a number from bytes that may be no text at all.
    #[inline]
    pub fn read_bytes(text: &[u8]) -> Self {
        match Nino::as_issued(text) {
            Some(nino) => Self::WellFormed(nino),
            None => Self::read_packed(text),
        }
    }

    #[cold]
    fn read_packed(text: &[u8]) -> Self {
        let mut packed = [0_u8; 10];
        let mut length = 0;
        for character in String::from_utf8_lossy(text).chars().filter(|character| counts(*character)) {
            match packed.get_mut(length) {
                // A letter of another alphabet fits no place.
                Some(place) => *place = u8::try_from(character).map_or(u8::MAX, |byte| byte.to_ascii_uppercase()),
                None => break,
            }
            length += 1;
        }
        let [a, b, c, d, e, f, g, h, suffix, tail] = packed;
        let stem = Stem([a, b, c, d, e, f, g, h]);
        if stem.is_dummy() {
            return Self::Dummy(stem);
        }
        let suffix = match (length, suffix) {
            (8, _) => None,
            (9, b'A'..=b'D') => Some(suffix),
            _ => return Self::Malformed,
        };
        if length == 8 && is_temporary_reference(stem) {
            return Self::TemporaryReference;
        }
        if tail == 0 && stem.is_well_formed() { Self::WellFormed(Nino { stem, suffix }) } else { Self::Malformed }
    }

    /// The first eight characters, where there is anything to compare.
    pub fn stem(self) -> Option<Stem> {
        match self {
            Self::WellFormed(nino) => Some(nino.stem),
            Self::Dummy(stem) => Some(stem),
            Self::TemporaryReference | Self::Malformed => None,
        }
    }

    /// How a cell's text departs from a number as it was issued; spaces and small letters are no departure.
    pub fn departures(text: &str) -> Departures {
        if Nino::as_issued(text.as_bytes()).is_some() {
            return Departures::NONE;
        }
        match Self::read(text) {
            Self::Malformed => Departures::NONE,
            Self::TemporaryReference => Departures::NONE.with(Departure::TemporaryReference),
            Self::WellFormed(_) | Self::Dummy(_) if text.chars().all(|letter| letter == ' ' || counts(letter)) => {
                Departures::NONE
            }
            Self::WellFormed(_) | Self::Dummy(_) => Departures::NONE.with(Departure::NinoPunctuation),
        }
    }
}

/// Whether a character is part of a number: blanks, hyphens, dots and characters that cannot be seen are not.
fn counts(character: char) -> bool {
    !(character.is_whitespace()
        || character.is_control()
        || matches!(character, '-' | '.' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}'))
}

/// `11A11111`.
fn is_temporary_reference(Stem([a, b, letter, digits @ ..]): Stem) -> bool {
    [a, b].iter().chain(&digits).all(u8::is_ascii_digit) && letter.is_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem(text: &str) -> Stem {
        NinoText::read(text).stem().unwrap()
    }

    #[test]
    fn spaces_and_case_do_not_matter_and_the_suffix_carries_no_identity() {
        assert_eq!(stem("nc 10 00 01 a"), stem("NC100001"));
        assert_eq!(stem("NC100001A"), stem("NC100001D"));
        assert_ne!(stem("NC100001"), stem("NC100002"));
    }

    #[test]
    fn what_does_not_fit_the_format_is_malformed() {
        for text in [
            "",
            "NC10000",
            "NC1000012",
            "NC100001E",
            "NC100001AA",
            "DC100001A",
            "ND100001A",
            "NO100001A",
            "BG100001A",
            "ZZ100001A",
            "111A1111",
            "11A111111",
            "NC1000/01A",
            "N1100001A",
            "NC10000\u{661}A",
            "ÑC100001A",
            "1.23457E+11",
        ] {
            assert_eq!(NinoText::read(text), NinoText::Malformed, "{text}");
        }
    }

    #[test]
    fn punctuation_and_characters_that_cannot_be_seen_do_not_matter() {
        let texts =
            ["NC-10-00-01-A", "NC.10.00.01", "NC\u{a0}10\u{a0}00\u{a0}01", "\u{feff}NC100001A\t", "NC\u{200b}100001"];
        for text in texts.into_iter().chain(["NC\u{2011}10\u{2011}00\u{2011}01", "NC\u{ad}100001"]) {
            assert_eq!(stem(text), stem("NC100001"), "{text:?}");
            assert!(NinoText::departures(text).has(Departure::NinoPunctuation), "{text:?}");
        }
        for text in ["NC100001A", "nc 10 00 01 a", "nonsense"] {
            assert!(NinoText::departures(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_temporary_reference_number_is_known_and_is_no_number() {
        for text in ["11A11111", "61 R1 23 45", "61r12345", "61-R1-23-45"] {
            assert_eq!(NinoText::read(text), NinoText::TemporaryReference, "{text}");
            assert!(NinoText::departures(text).has(Departure::TemporaryReference), "{text}");
        }
    }

    #[test]
    fn no_number_begins_with_letters_that_are_never_used() {
        let begins = |first: u8, second: u8| {
            let text = [&[first, second], b"100001A".as_slice()].concat();
            matches!(NinoText::read_bytes(&text), NinoText::WellFormed(_))
        };
        let never = |letter: u8| b"DFIQUV".contains(&letter);
        for first in b'A'..=b'Z' {
            for second in b'A'..=b'Z' {
                let unused = [b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"].contains(&&[first, second]);
                assert_eq!(begins(first, second), !never(first) && !never(second) && second != b'O' && !unused);
            }
        }
        for other in [b'@', b'[', b'0', 0, 255] {
            assert!(!begins(other, b'A') && !begins(b'A', other));
        }
    }

    #[test]
    fn a_dummy_is_a_dummy_whatever_its_suffix() {
        for text in ["AA111111A", "AA123456", "ab 12 34 56 c", "QQ123456C", "AA123456Z"] {
            assert!(matches!(NinoText::read(text), NinoText::Dummy(_)), "{text}");
        }
        assert!(matches!(NinoText::read("AA123457A"), NinoText::WellFormed(_)));
    }

    #[test]
    fn a_near_miss_is_one_character_or_one_swap_away() {
        for text in ["NC123457", "NC123465", "PC123456", "CN123456", "NC213456"] {
            assert!(stem("NC123456").is_near_miss(stem(text)), "{text}");
        }
        for text in ["NC123456", "NC123478", "NC124365", "NC321456"] {
            assert!(!stem("NC123456").is_near_miss(stem(text)), "{text}");
        }
        let all: Vec<Stem> = stem("NC123456").near_misses().collect();
        assert!(all.iter().all(|other| stem("NC123456").is_near_miss(*other)));
        // Other first letters, other second letters, the letters swapped; nine other digits in each place, and their swaps.
        assert_eq!(all.iter().filter(|other| other.as_str().ends_with("123456")).count(), 19 + 16 + 1);
        assert_eq!(all.len(), 19 + 16 + 1 + 6 * 9 + 5);
    }
}
