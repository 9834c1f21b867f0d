//! Values of a claim or a register as messages and accounts show them.

use super::NinoText;
use super::reading::date::date;
use super::row::Found;

/// The text that replaces a value that looks like a person's number or a date.
const WITHHELD: &str = "(withheld)";

/// The columns that identify a person.
pub const PERSONAL_COLUMNS: [&str; 4] = ["nino", "surname", "forename", "date_of_birth"];

/// A cell of a claim, the register or the earnings, as anybody may see it: what is of the person, and what slipped into
/// another column, is withheld.
pub fn shown_cell<'t>(column: &str, text: &'t str) -> &'t str {
    match column {
        personal if PERSONAL_COLUMNS.contains(&personal) => WITHHELD,
        "employer_name" => shown(shown_name(text)),
        "paye_reference" => shown_reference(text),
        // A date is what it says there.
        date if date.ends_with("_date") => shown_name(text),
        _ => shown(text),
    }
}

/// A value that should be no personal data, as anybody may see it: one that looks like a National Insurance number or a
/// birth date, which can stand in any column by a slip, is withheld.
pub fn shown(value: &str) -> &str {
    if is_personal(value) { WITHHELD } else { value }
}

/// Whether a value reads as a National Insurance number or a date.
pub fn is_personal(value: &str) -> bool {
    let plain: String = value.chars().filter(|letter| letter.is_alphanumeric()).collect();
    is_number(&plain) || date(value.trim()).is_ok_and(|day| day.value.is_some())
}

fn is_number(plain: &str) -> bool {
    !matches!(NinoText::read(plain), NinoText::Malformed)
}

/// A reference, such as an employer's or one to another claim, as anybody may see it: one with a National Insurance number for one
/// of its words is withheld.
pub fn shown_reference(reference: &str) -> &str {
    let mut words = reference.split(|letter: char| !letter.is_alphanumeric());
    if words.any(is_number) { WITHHELD } else { reference }
}

/// What stands in a cell that could not be read, as anybody may see it: how long it is. It may be anything, such as a number or a
/// date of a person that was mistyped or written in an odd form.
pub fn of_unreadable(text: &str) -> String {
    format!("(withheld, {})", Found::of(text))
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
    fn of_what_cannot_be_read_the_length_is_told() {
        assert_eq!(of_unreadable("NC10OO01A"), "(withheld, 9 characters)");
        assert_eq!(of_unreadable("32888"), "(withheld, 5 digits)");
    }

    #[test]
    fn a_reference_with_a_persons_number_in_it_is_withheld() {
        for personal in ["123/NC100001A", "NC100001", "claim NC100001A"] {
            assert_eq!(shown_reference(personal), WITHHELD, "{personal}");
        }
        let hash = "ce1234567890abcdef";
        for reference in ["123/A246", "C1", "2018-05-01", "120/AB12345", hash] {
            assert_eq!(shown_reference(reference), reference);
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
