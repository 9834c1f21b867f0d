//! Values of a claim or a register as messages and accounts show them.

use super::NinoText;
use super::reading::date::date;
use super::row::Found;

/// The text that replaces a value that looks like a person's number or a date.
pub const WITHHELD: &str = "(withheld)";

/// A value that should be no personal data, as anybody may see it: one that looks like a National Insurance number or a
/// birth date, which can stand in any column by a slip, is withheld.
pub fn shown(value: &str) -> &str {
    if is_personal(value) { WITHHELD } else { value }
}

/// A value that should be a day, as anybody may see it: what cannot be read as one is withheld, for it may be anything.
pub fn shown_day(value: &str) -> &str {
    if value.is_empty() || date(value.trim()).is_ok() { value } else { WITHHELD }
}

/// A value that should be an amount or a number of hours, as anybody may see it: one with letters in it is withheld, for it may be
/// anything, and so is a person's number or a date.
pub fn shown_amount(value: &str) -> &str {
    if value.chars().any(|letter| letter.is_alphabetic() || letter.is_control()) { WITHHELD } else { shown(value) }
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

/// What stands in a cell that could not be read, as anybody may see it. Whatever may be a National Insurance number or a date,
/// mistyped or written in an odd form, is withheld, and its length told.
pub fn of_unreadable(text: &str) -> String {
    if is_personal(text) || may_hold_number(text) || may_be_date(text) {
        format!("(withheld, {})", Found::of(text))
    } else {
        text.to_owned()
    }
}

/// How many figures are looked for behind two letters: of a number's six, one may be missing.
const FIGURES: usize = 5;

/// Whether somewhere in a text two letters are followed by what may be the figures of a National Insurance number, whatever stands
/// between them: some may have been mistaken for letters that look like them, and one may be missing.
fn may_hold_number(text: &str) -> bool {
    let letters: Vec<char> =
        text.chars().filter(|letter| letter.is_alphanumeric()).map(|letter| letter.to_ascii_uppercase()).collect();
    letters.windows(2 + FIGURES).any(|part| {
        let (prefix, figures) = part.split_at(2);
        let are_figures =
            figures.iter().all(|letter| letter.is_numeric() || matches!(letter, 'O' | 'I' | 'L' | 'S' | 'B' | 'Z'));
        let digits = figures.iter().filter(|letter| letter.is_numeric()).count();
        prefix.iter().all(|letter| letter.is_alphabetic()) && are_figures && 0 < digits
    })
}

/// The first letters of the months.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Whether a text may be a date in an odd form: a number beside a month's name, three numbers, or one number that is as long as a
/// date without its dots, or as a spreadsheet's number of a day.
fn may_be_date(text: &str) -> bool {
    let is_numeric = |letter: char| letter.is_numeric();
    let numbers: Vec<usize> = text
        .split(|letter| !is_numeric(letter))
        .filter(|number| !number.is_empty())
        .map(|number| number.chars().count())
        .collect();
    let lower = text.to_lowercase();
    let mut words = lower.split(|letter: char| !letter.is_alphabetic());
    let names_month = words.any(|word| MONTHS.iter().any(|month| word.starts_with(month)));
    let is_long = |length: &usize| (5..=8).contains(length);
    (names_month && !numbers.is_empty()) || 2 < numbers.len() || numbers.iter().any(is_long)
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
    fn what_cannot_be_read_is_told_unless_it_may_be_a_number_or_a_date_in_an_odd_form() {
        for personal in [
            "NC10OO01A",
            "NC1OOOO3C",
            "nc-10 00 0I",
            "NC100001O",
            "NC10001A",
            "N.C. 10/00/01",
            "see NC12345S",
            "15.1.1990",
            "15-Jan-90",
            "15th january 1990",
            "Jan 1990",
            "05/20/1990",
            "1990/1/15x",
            "15011990",
            "150190",
            "32888",
            "32888.0",
            "NC100001A",
            "1990-01-15",
            "\u{661}\u{665}/\u{661}/\u{661}\u{669}\u{669}\u{660}",
        ] {
            assert!(of_unreadable(personal).starts_with("(withheld, "), "{personal}");
        }
        assert_eq!(of_unreadable("32888"), "(withheld, 5 digits)");
        for told in
            ["sixteen", "16 or 17", "2500.001", "part-time", "1,25", "no slash", "Smiths 12", "autumn", "\u{a3}1,2x"]
        {
            assert_eq!(of_unreadable(told), told);
        }
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
    fn what_slipped_into_a_column_of_days_or_amounts_is_withheld() {
        for day in ["2018-05-01", "01/05/2018", "1 May 2018", ""] {
            assert_eq!(shown_day(day), day);
        }
        for amount in ["2500.00", "£2,500", "16.5", ""] {
            assert_eq!(shown_amount(amount), amount);
        }
        for slipped in ["NC100001A", "Bramblewick", "see\u{7}"] {
            assert_eq!((shown_day(slipped), shown_amount(slipped)), (WITHHELD, WITHHELD), "{slipped}");
        }
        assert_eq!(shown_amount("1990-01-15"), WITHHELD);
    }

    #[test]
    fn values_that_look_like_a_persons_are_withheld() {
        assert_eq!(shown("PR1"), "PR1");
        for personal in ["NC100001A", "nc 10 00 01", "QQ123456", "1990-01-15", "15/01/1990"] {
            assert_eq!(shown(personal), WITHHELD);
        }
    }
}
