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

codes! {
    ROW01, ROW02, ROW03, ROW04, ROW05,
    CLM01, CLM02, CLM03, CLM04, CLM05, CLM06, CLM07, CLM08, CLM09, CLM10,
    IDN01, IDN02, IDN03, IDN04, IDN05, IDN06, IDN07, IDN08, IDN09,
    ELG00, ELG01, ELG02, ELG03, ELG04, ELG05, ELG06,
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

/// Rules without which a claim could be validated on no evidence at all: they weigh at least a query, always.
const NEVER_BELOW_QUERY: [Code; 12] = [
    Code::ROW01,
    Code::ROW02,
    Code::ROW03,
    Code::CLM01,
    Code::CLM08,
    Code::IDN01,
    Code::IDN02,
    Code::ELG00,
    Code::EMP01,
    Code::EMP04,
    Code::ERN01,
    Code::ERN02,
];

/// How much a failing rule weighs. The order is from the lightest to the heaviest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Told, decides nothing.
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

/// What a scheme or the command line makes of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// Its failures weigh this much.
    Weighs(Severity),
    /// It is not evaluated.
    Off,
}

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

    /// Whether a rule may be set so.
    ///
    /// # Errors
    /// Why not.
    pub fn allowed_for(self, code: Code) -> Result<(), String> {
        let light = match self {
            Self::Off | Self::Weighs(Severity::Note) => true,
            Self::Weighs(Severity::Query | Severity::Reject) => false,
        };
        if light && NEVER_BELOW_QUERY.contains(&code) {
            let setting = self.name();
            return Err(format!(
                "{code} cannot be `{setting}`: without it a claim could be validated on no evidence at all"
            ));
        }
        Ok(())
    }

    /// The setting as the command line writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weighs(severity) => severity.name(),
            Self::Off => "off",
        }
    }
}
