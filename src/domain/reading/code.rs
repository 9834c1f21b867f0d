//! Codes: values of a list. Their case, blanks, hyphens and underscores do not count.

use super::super::field::Fault;
use super::{Departure, ReadResult, Reading, unless_not_given};

/// What is compared of a code: its letters, digits and other marks in small letters, without blanks, hyphens and
/// underscores.
pub fn key(text: &str) -> String {
    text.chars().filter(counts).flat_map(char::to_lowercase).collect()
}

/// Whether a letter of a code counts.
fn counts(letter: &char) -> bool {
    let is_dash =
        matches!(letter, '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}');
    !letter.is_whitespace() && *letter != '_' && !is_dash
}

/// Whether two codes are the same.
pub fn is_same(one: &str, other: &str) -> bool {
    one == other || key(one) == key(other)
}

/// A code of a list that is not known here, as lists spell their codes: in small letters, an underscore between words.
/// Groups of people are counted under it.
pub fn spelled_plainly(text: &str) -> Reading<Box<str>> {
    let is_between = |letter: char| letter.is_whitespace() || !counts(&letter);
    let words: Vec<String> = text.split(is_between).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let plain: Box<str> = words.join("_").into();
    if *plain == *text { Reading::plain(plain) } else { Reading::departed(plain, Departure::CodeSpelling) }
}

/// Reads one of a list of codes; `also` are the words by which some of them go too, as their [`key`]s.
///
/// # Errors
/// `fault`, for anything else.
pub fn one_of<T: Copy>(text: &str, codes: &[(&str, T)], also: &[(&str, T)], fault: Fault) -> ReadResult<T> {
    unless_not_given(text, |text| {
        if let Some((_, value)) = codes.iter().find(|(code, _)| *code == text) {
            return Ok(Reading::plain(*value));
        }
        let read = key(text);
        if let Some((_, value)) = codes.iter().find(|(code, _)| key(code) == read) {
            return Ok(Reading::departed(*value, Departure::CodeSpelling));
        }
        let in_words = also.iter().find(|(words, _)| *words == read);
        in_words.map(|(_, value)| Reading::departed(*value, Departure::CodeInWords)).ok_or(fault)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_punctuation_of_a_code_do_not_count() {
        for text in ["self_employed", "Self Employed", "SELF-EMPLOYED", "selfemployed"] {
            assert!(is_same("self_employed", text), "{text}");
        }
        assert!(!is_same("self_employed", "employed"));
        for dash in ['\u{ad}', '\u{2010}', '\u{2013}', '\u{2212}', '\u{ff0d}'] {
            assert!(is_same("CT-HERTS", &format!("ct{dash}herts")), "{dash:?}");
        }
    }

    #[test]
    fn a_code_is_read_in_any_spelling_and_in_words() {
        let read = |text: &str| one_of(text, &[("M1", 1), ("none", 2)], &[("monthly", 1)], Fault::expected("a code"));
        assert_eq!(read("M1"), Ok(Reading::plain(1)));
        assert_eq!(read("m 1"), Ok(Reading::departed(1, Departure::CodeSpelling)));
        assert_eq!(read("Monthly"), Ok(Reading::departed(1, Departure::CodeInWords)));
        // A word of the list is that word, though it means nothing elsewhere.
        assert_eq!(read("None"), Ok(Reading::departed(2, Departure::CodeSpelling)));
        assert_eq!(read("NULL").unwrap().value, None);
        assert!(read("M2").is_err());
    }
}
