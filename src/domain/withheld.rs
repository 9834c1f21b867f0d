//! Values of a claim or a register as messages and accounts show them.

use super::NinoText;
use super::reading::date::date;

/// The text that replaces a value that looks like a person's number or a date.
const WITHHELD: &str = "(withheld)";

/// A value that should be no personal data, as anybody may see it: one that looks like a National Insurance number or a
/// birth date, which can stand in any column by a slip, is withheld.
pub fn shown(value: &str) -> &str {
    if is_personal(value) { WITHHELD } else { value }
}

/// Whether a value reads as a National Insurance number or a date.
pub fn is_personal(value: &str) -> bool {
    let plain: String = value.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let is_number = !matches!(NinoText::read(&plain), NinoText::Malformed);
    is_number || date(value.trim()).is_ok_and(|day| day.value.is_some())
}

/// A name that somebody gave a thing, such as a sheet, as anybody may see it: one that holds a National Insurance number is
/// withheld.
pub fn shown_name(name: &str) -> &str {
    let letters: Vec<(usize, char)> = name.char_indices().collect();
    let begins_word =
        |place: usize| place == 0 || letters.get(place - 1).is_some_and(|(_, before)| !before.is_alphanumeric());
    let holds_number = (0..letters.len()).filter(|place| begins_word(*place)).any(|place| {
        let from = letters.get(place).map_or("", |(at, _)| name.get(*at..).unwrap_or_default());
        let number: String = from.chars().filter(|letter| letter.is_alphanumeric()).take(8).collect();
        !matches!(NinoText::read(&number), NinoText::Malformed)
    });
    if holds_number { WITHHELD } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_holds_a_persons_number_is_withheld() {
        for personal in ["NC123456C Smith", "Smith NC 12 34 56 C", "smith-nc123456"] {
            assert_eq!(shown_name(personal), WITHHELD, "{personal}");
        }
        for name in ["July", "Claims 201807", "2018-07-31", "Sheet1", "RTI 2018 to 2019"] {
            assert_eq!(shown_name(name), name);
        }
    }

    #[test]
    fn values_that_look_like_a_persons_are_withheld() {
        assert_eq!(shown("PR1"), "PR1");
        for personal in ["NC100001A", "nc 10 00 01", "QQ123456", "1990-01-15", "15/01/1990"] {
            assert_eq!(shown(personal), WITHHELD);
        }
    }
}
