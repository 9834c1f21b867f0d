//! Values of a claim or a register as messages and accounts show them.

use super::NinoText;
use super::reading::date::date;

/// The text that replaces a value that looks like a person's number or a date.
const WITHHELD: &str = "(withheld)";

/// A value that should be no personal data, as anybody may see it: one that looks like a National Insurance number or a
/// birth date, which can stand in any column by a slip, is withheld.
pub fn shown(value: &str) -> &str {
    let plain: String = value.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let is_number = !matches!(NinoText::read(&plain), NinoText::Malformed);
    let is_date = || date(value.trim()).is_ok_and(|day| day.value.is_some());
    if is_number || is_date() { WITHHELD } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_look_like_a_persons_are_withheld() {
        assert_eq!(shown("PR1"), "PR1");
        for personal in ["NC100001A", "nc 10 00 01", "QQ123456", "1990-01-15", "15/01/1990"] {
            assert_eq!(shown(personal), WITHHELD);
        }
    }
}
