//! The rulebook: the text that every rule cites, carried in the program so that whoever has the program can read it.

/// The rulebook, word for word: `docs/rulebook.md`.
pub const TEXT: &str = include_str!("../../docs/rulebook.md");

/// Every section of the rulebook: its number and its title, in order.
pub fn sections() -> impl Iterator<Item = (u8, &'static str)> {
    TEXT.lines().filter_map(|line| {
        let (number, title) = line.strip_prefix("## ")?.split_once(". ")?;
        Some((number.parse().ok()?, title))
    })
}

/// The title of a section; `None` where the rulebook has no such section.
pub fn title(section: u8) -> Option<&'static str> {
    sections().find(|(number, _)| *number == section).map(|(_, title)| title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_numbered_from_one_without_a_gap() {
        let numbers: Vec<u8> = sections().map(|(number, _)| number).collect();
        assert_eq!(numbers, (1..=11).collect::<Vec<u8>>());
        assert_eq!((title(9), title(99)), (Some("Rules"), None));
    }
}
