//! The months by name, in English and in Welsh.

/// The names of the months, whole; the shortest form of each is its first three letters, if no other month begins so.
const ENGLISH: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WELSH: [&str; 12] = [
    "ionawr",
    "chwefror",
    "mawrth",
    "ebrill",
    "mai",
    "mehefin",
    "gorffennaf",
    "awst",
    "medi",
    "hydref",
    "tachwedd",
    "rhagfyr",
];

/// The number of a month by its whole name, or by its first letters: three or more of them that begin no other month.
pub(super) fn by_name(name: &str) -> Option<u32> {
    let name = name.trim_end_matches('.').to_lowercase();
    let begins = |month: &str| 3 <= name.len() && month.starts_with(name.as_str());
    let mut found = (1_u32..).zip(ENGLISH.iter().zip(WELSH));
    found.find(|(_, (english, welsh))| begins(english) || begins(welsh)).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_known_whole_and_short_in_two_languages() {
        for (number, (english, welsh)) in (1..).zip(ENGLISH.iter().zip(WELSH)) {
            for name in [english, welsh, &english.to_uppercase(), &english[..3], &welsh[..3]] {
                assert_eq!(by_name(name), Some(number), "{name}");
            }
        }
        assert_eq!([by_name("Sept"), by_name("Sept."), by_name("Chwef")], [Some(9), Some(9), Some(2)]);
        for name in ["", "ma", "m", "janvier", "marchs", "12"] {
            assert_eq!(by_name(name), None, "{name}");
        }
    }

    #[test]
    fn no_short_name_is_of_two_months() {
        let all = || (1..).zip(ENGLISH).chain((1..).zip(WELSH));
        for (number, name) in all() {
            for (other, further) in all() {
                assert!(number == other || name[..3] != further[..3], "{name} and {further}");
            }
        }
    }
}
