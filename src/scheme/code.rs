//! The codes of the rules, and how much a failure weighs.

use std::fmt;

macro_rules! codes {
    ($($code:ident),* $(,)?) => {
        /// The code of a rule. Codes are never used again for another rule; their order is the order of reasons.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "what a code means is said by its rule, in one place")]
        #[rustfmt::skip]
        pub enum Code { $($code),* }

        impl Code {
            /// Every code, in order.
            pub const ALL: [Self; [$(stringify!($code)),*].len()] = [$(Self::$code),*];

            /// The code as text.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => stringify!($code)),* }
            }
        }
    };
}

// `tests/regenerate.sh` writes the list: a code for every rule that has a file, in the order of the rulebook's table.
codes! {
    ROW01, ROW02, ROW03, ROW04, ROW05,
    CLM01, CLM02, CLM03, CLM04, CLM05, CLM06, CLM07, CLM08, CLM09, CLM10,
    IDN01, IDN02, IDN03, IDN04, IDN05, IDN06, IDN07, IDN08, IDN09, IDN10, IDN11,
    ELG00, ELG01, ELG02, ELG03, ELG04, ELG05, ELG06, ELG07,
    EVD01, EVD02,
    PAY01,
    EMP01, EMP02, EMP03, EMP04,
    HRS01, HRS02, HRS03,
    SUS01, SUS02, SUS03, SUS04, SUS05, SUS06, SUS07,
    ERN01, ERN02,
}

impl Code {
    /// The code of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// How much a failing rule weighs. The order is from the lightest to the heaviest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Reported; it decides nothing.
    Note,
    /// A person must look.
    Query,
    /// The evidence contradicts the claim, or it cannot be processed.
    Reject,
}

impl Severity {
    /// The severity as outputs write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Query => "query",
            Self::Reject => "reject",
        }
    }
}

/// How a scheme or the command line sets a rule. The order is from the lightest to the heaviest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// It is not evaluated.
    Off,
    /// Its failures weigh this much.
    Weighs(Severity),
}

/// Says whether a rule may be set so, or why not. What each rule allows is known where the rules are, not here.
pub type Allows = fn(Code, Setting) -> Result<(), String>;

impl Setting {
    /// The setting of that name: `reject`, `query`, `note` or `off`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "reject" => Some(Self::Weighs(Severity::Reject)),
            "query" => Some(Self::Weighs(Severity::Query)),
            "note" => Some(Self::Weighs(Severity::Note)),
            "off" => Some(Self::Off),
            _ => None,
        }
    }

    /// The setting as the command line writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weighs(severity) => severity.name(),
            Self::Off => "off",
        }
    }
}
