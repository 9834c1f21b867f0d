//! What of a failure the claim's provider is told, and what it is asked to send.

/// What a provider is told of a failure and asked to send. [`Self::CLOSED`] discloses no fact and asks for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderNotice {
    /// What is disclosed of a failure.
    pub disclosed: Disclosed,
    /// What helps to settle a query, or to correct a rejected claim.
    pub to_send: ToSend,
}

impl ProviderNotice {
    /// The provider is told the rule's title and no fact, and is asked for nothing.
    pub const CLOSED: Self = Self { disclosed: Disclosed::Title, to_send: ToSend::Nothing };
}

/// What may be disclosed of a failure to the claim's provider. A fact that the rule does not name here is never
/// disclosed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disclosed {
    /// The rule's title, and no fact.
    Title,
    /// The message, in which these facts stand.
    Message(&'static [&'static str]),
    /// For a provider that may be told what payroll records show, the message, which contains these facts; for any
    /// other provider the title.
    WithEarnings(&'static [&'static str]),
}

/// Whether a provider may be told what payroll records show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarningsDisclosure {
    /// It may.
    Told,
    /// It may not.
    Withheld,
}

impl Disclosed {
    /// The facts that may be told; `None` where the title is all.
    pub const fn facts(self, earnings: EarningsDisclosure) -> Option<&'static [&'static str]> {
        match (self, earnings) {
            (Self::Title, _) | (Self::WithEarnings(_), EarningsDisclosure::Withheld) => None,
            (Self::Message(facts), _) | (Self::WithEarnings(facts), EarningsDisclosure::Told) => Some(facts),
        }
    }
}

/// What a provider can send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToSend {
    /// Nothing.
    Nothing,
    /// What this text asks for.
    Text(&'static str),
    /// Nothing now: later payroll records settle it.
    Later,
    /// Nothing now where later payroll records can settle the claim; where they cannot, what this text asks for.
    LaterOr(&'static str),
}

impl ToSend {
    /// The request in words; empty where there is none. `look_again` is the day up to which payroll records are needed to
    /// decide the claim again, empty where more of them settle nothing.
    pub fn to_text(self, look_again: &str) -> String {
        match (self, look_again) {
            (Self::Nothing, _) => String::new(),
            (Self::Text(text), _) | (Self::LaterOr(text), "") => text.to_owned(),
            (Self::Later, "") => "Nothing now: it is decided again when more payroll records are there.".to_owned(),
            (Self::Later | Self::LaterOr(_), day) => {
                format!("Nothing now: it is decided again with payroll records up to {day}.")
            }
        }
    }
}
