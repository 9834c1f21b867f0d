//! Names as HMRC's matching compares them: the first three letters of the surname and the first of the forename.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A name reduced to what the comparison reads. Accents, case, spaces and punctuation do not matter: payroll drops them.
///
/// Keys are ordered by surname, then by forename, a key without one first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NameKey {
    surname: String,
    forename: Option<char>,
}

impl NameKey {
    /// The key of a name; `None` when there is no letter in the surname to compare.
    pub fn new(surname: &str, forename: Option<&str>) -> Option<Self> {
        let surname: String = letters(surname).take(3).collect();
        let forename = forename.and_then(|name| letters(name).next());
        (!surname.is_empty()).then_some(Self { surname, forename })
    }

    /// Whether two names match: a side without a forename compares the surname alone.
    pub fn matches(&self, other: &Self) -> bool {
        let forenames_agree = match (self.forename, other.forename) {
            (Some(ours), Some(theirs)) => ours == theirs,
            (None, _) | (_, None) => true,
        };
        self.surname == other.surname && forenames_agree
    }
}

/// Never shows the name: even its first letters are personal data.
impl fmt::Debug for NameKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("NameKey(..)")
    }
}

fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
    let letters = name.nfd().filter(|letter| letter.is_alphabetic() && !is_combining_mark(*letter));
    letters.flat_map(char::to_lowercase).flat_map(|letter| {
        let (first, second) = without_stroke(letter);
        std::iter::once(first).chain(second)
    })
}

/// A small letter as payroll writes it that has the letters A to Z alone: a letter with a stroke without it, and two
/// letters that are written as one.
fn without_stroke(letter: char) -> (char, Option<char>) {
    match letter {
        'ł' => ('l', None),
        'ø' => ('o', None),
        'đ' | 'ð' => ('d', None),
        'ħ' => ('h', None),
        'ŧ' => ('t', None),
        'ı' => ('i', None),
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        other => (other, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(one: (&str, &str), other: (&str, &str)) -> bool {
        let key = |(surname, forename): (&str, &str)| NameKey::new(surname, Some(forename)).unwrap();
        key(one).matches(&key(other))
    }

    #[test]
    fn three_letters_of_the_surname_and_one_of_the_forename_decide() {
        assert!(matches(("Robertson", "Ann"), ("Robinson", "Alex")));
        assert!(!matches(("Robertson", "Ann"), ("Roe", "Ann")));
        assert!(matches(("Robertson", "Ann"), ("ROB", "a")));
        assert!(!matches(("Robertson", "Ann"), ("Robertson", "Ben")));
        assert!(matches(("Robertson", "Ann"), ("Robertson", "")));
    }

    #[test]
    fn accents_punctuation_and_case_do_not_matter() {
        assert!(matches(("Müller", "Zoë"), ("MULLER", "ZOE")));
        assert!(matches(("O'Brien", "Pat"), ("OBrien", "P")));
    }

    #[test]
    fn strokes_and_ligatures_do_not_matter() {
        assert!(matches(("Łukasz", "Øyvind"), ("Lukasz", "Oyvind")));
        assert!(matches(("Đorđević", "Þór"), ("DORDEVIC", "THOR")));
        assert!(matches(("Weiß", "Æsa"), ("WEISS", "AESA")));
        assert!(matches(("Strauß", "Œngus"), ("Strauss", "Oengus")));
        assert!(matches(("Işık", "İpek"), ("ISIK", "Ipek")));
        assert!(!matches(("Łukasz", "A"), ("Kukasz", "A")));
    }

    #[test]
    fn a_short_surname_is_compared_whole() {
        assert!(matches(("Ng", "Li"), ("NG", "L")));
        assert!(!matches(("Ng", "Li"), ("Ngo", "L")));
    }

    #[test]
    fn a_surname_without_a_letter_cannot_be_compared() {
        assert_eq!(NameKey::new(" - ", Some("Ann")), None);
    }
}
