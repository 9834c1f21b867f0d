//! Identifiers of claims as accounts and pages show them.

use crate::domain::NinoText;
use crate::domain::reading::date::date;

/// The text that replaces an identifier that looks like a person's number or a date.
const WITHHELD: &str = "(withheld)";

/// An identifier of a claim as accounts and pages show it; empty where there is none.
pub(crate) fn shown_of(id: Option<&str>) -> String {
    id.map_or_else(String::new, shown)
}

/// An identifier as the account shows it: never one that looks like a National Insurance number or a birth date.
fn shown(id: &str) -> String {
    let plain: String = id.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let number = !matches!(NinoText::read(&plain), NinoText::Malformed);
    if number || date(id.trim()).is_ok_and(|day| day.value.is_some()) { WITHHELD.to_owned() } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_that_look_like_a_persons_are_withheld() {
        assert_eq!(shown("PR1"), "PR1");
        for personal in ["NC100001A", "nc 10 00 01", "QQ123456", "1990-01-15", "15/01/1990"] {
            assert_eq!(shown(personal), WITHHELD);
        }
    }
}
