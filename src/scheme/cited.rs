//! Values with the sources that settle them.

use std::fmt;

/// Where a value comes from: a source by its id, the place in it, and what must be known to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The id of the source.
    pub source: String,
    /// The section, paragraph or page.
    pub at: Option<String>,
    /// What a reader must know.
    pub note: Option<String>,
    /// The parameter the value is supplied through, where it is.
    pub parameter: Option<String>,
}

/// A value with its citation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited<T> {
    /// The value.
    pub value: T,
    /// What settles it.
    pub cited: Citation,
}

/// A published text, or whatever else settles a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name within the scheme.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// When, where that is known.
    pub dated: Option<chrono::NaiveDate>,
    /// How much it weighs.
    pub grade: Grade,
}

/// How much a source weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// Published by the department, a council or Parliament.
    Official,
    /// A copy of an official page.
    Mirror,
    /// A trade body or the news.
    Trade,
    /// No source at all: what this scheme assumes.
    Assumption,
}

impl Grade {
    /// Every grade, the weightiest first.
    pub const ALL: [Self; 4] = [Self::Official, Self::Mirror, Self::Trade, Self::Assumption];

    /// The grade as scheme files write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Mirror => "mirror",
            Self::Trade => "trade",
            Self::Assumption => "assumption",
        }
    }
}

/// A share in hundredths of a per cent: 0 to 100 per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percentage(u32);

impl Percentage {
    /// Reads a share in per cent, such as `30` or `62.5`.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 2 {
            return None;
        }
        let hundredths = format!("{whole}{part:0<2}").parse().ok()?;
        (hundredths <= 10_000).then_some(Self(hundredths))
    }

    /// The share in hundredths of a per cent.
    pub const fn hundredths(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Percentage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:02}", self.0 / 100, self.0 % 100);
        write!(out, "{}%", text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_per_cent_with_at_most_two_places() {
        assert_eq!(Percentage::parse("30").map(|share| share.to_string()), Some("30%".into()));
        assert_eq!(Percentage::parse("62.5").map(|share| share.to_string()), Some("62.5%".into()));
        assert_eq!(Percentage::parse("100").map(Percentage::hundredths), Some(10_000));
        for wrong in ["100.01", "30%", "", "-1", ".5", "1.234"] {
            assert_eq!(Percentage::parse(wrong), None, "{wrong}");
        }
    }
}
