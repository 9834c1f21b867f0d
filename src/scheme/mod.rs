//! One programme's rules as data: what is paid for, from when, and on whose authority.
//!
//! A [`Scheme`] is complete by construction: every number has the date it begins and a source, dated values have no gap
//! and no overlap, and nothing in the file was left unread. [`load`] is the only way to make one. What no source settles
//! is an assumption, or a [`Parameter`] that a run must supply. The minimum wage is a table of its own, [`wage`].

pub mod cited;
pub mod code;
pub mod dated;
pub mod funding;
pub mod ledger_terms;
pub mod load;
pub mod outcome;
pub mod page;
pub mod parameter;
pub mod wage;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::reading::code::is_same;
use crate::domain::{Benefit, Participant};
pub use cited::{Citation, Cited, Source};
pub use code::{Allows, Code, Setting, Severity};
pub use dated::Dated;
use funding::Arrangements;
pub use ledger_terms::LedgerTerms;
pub use load::{LoadError, Mistake, Mistakes};
pub use outcome::{DayTerms, EarningsTerms, Outcome, OutcomeKind, OutcomeTerms};
pub use parameter::{NotSupplied, Parameter, Supplied};

/// The schemes built into the program: id and the text of the file.
pub const BUILT_IN: [(&str, &str); 13] = [
    ("lse-poc-2017", include_str!("builtin/lse-poc-2017.toml")),
    ("lse-trailblazer-2020", include_str!("builtin/lse-trailblazer-2020.toml")),
    ("lse-2022", include_str!("builtin/lse-2022.toml")),
    ("plymouth-2023", include_str!("builtin/plymouth-2023.toml")),
    ("whp", include_str!("builtin/whp.toml")),
    ("whp-west-london", include_str!("builtin/whp-west-london.toml")),
    ("whp-greater-manchester", include_str!("builtin/whp-greater-manchester.toml")),
    ("jets-scotland", include_str!("builtin/jets-scotland.toml")),
    ("restart", include_str!("builtin/restart.toml")),
    ("ipes", include_str!("builtin/ipes.toml")),
    ("ipspc", include_str!("builtin/ipspc.toml")),
    ("fair-start-scotland", include_str!("builtin/fair-start-scotland.toml")),
    ("work-choice", include_str!("builtin/work-choice.toml")),
];

/// The text of a built-in scheme.
pub fn built_in(id: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(known, _)| *known == id).map(|(_, text)| *text)
}

/// A programme's rules.
#[derive(Debug, Clone)]
pub struct Scheme {
    /// The scheme's name on the command line and in every account.
    pub id: String,
    /// The programme's name.
    pub title: String,
    /// How much of it published sources settle.
    pub status: SchemeStatus,
    /// The programme in a sentence or two.
    pub about: String,
    /// BLAKE3 of the file's text, in hexadecimal.
    pub hash: String,
    /// The file, word for word.
    pub text: String,
    /// What settles its values.
    pub sources: Vec<Source>,
    /// What a run supplies, in order of id.
    pub parameters: Vec<Parameter>,
    /// When a participant may start, where that is known.
    pub starts: Option<Cited<Starts>>,
    /// The groups the scheme is for, where it lists them.
    pub cohorts: Option<Cited<Vec<String>>>,
    /// The benefits a participant may receive, where the scheme lists them.
    pub benefits: Option<Cited<Vec<Benefit>>>,
    /// The contracts claims may come under, where the scheme lists them.
    pub contracts: Option<Cited<Vec<String>>>,
    /// How many days after the claimed start a window may open.
    pub start_tolerance_days: Dated<u32>,
    /// The longest unpaid gap that goes to a person.
    pub gap_query_days: Dated<u32>,
    /// What several employers that only together sustain the outcome amount to.
    pub across_employers: Dated<AcrossEmployers>,
    /// How many days after the outcome it may be claimed, where the scheme says.
    pub claim_within_days: Option<Dated<u32>>,
    /// What becomes of the jobs of participants who are in work when they start, where the scheme says.
    pub in_work_starts: Option<Dated<InWorkStarts>>,
    /// What holds from one month to the next.
    pub ledger: LedgerTerms,
    /// What may be claimed.
    pub outcomes: Vec<Outcome>,
    /// Rules whose severity is not their own: the scheme's changes, and a run's over them.
    pub settings: BTreeMap<Code, Setting>,
    /// Rules whose severity the scheme changes, with the reason.
    pub changes: BTreeMap<Code, Cited<Setting>>,
    /// Who pays what, and what is expected for it.
    pub arrangements: Arrangements,
    /// The assumptions of the scheme, which no source settles.
    pub assumptions: Vec<String>,
}

/// How much of a scheme published sources settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemeStatus {
    /// All that decides a claim is published or is a stated assumption.
    Complete,
    /// The programme was announced; its final terms were not seen.
    Announced,
    /// Some terms were not seen.
    Partial,
}

impl SchemeStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Complete, Self::Announced, Self::Partial];

    /// The status as files and accounts write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Announced => "announced",
            Self::Partial => "partial",
        }
    }

    /// What the status means.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Complete => "all that decides a claim is published, or is an assumption stated below",
            Self::Announced => "the programme was announced; its final terms were not seen",
            Self::Partial => "some terms were not seen; they are assumptions or parameters below",
        }
    }
}

/// The first and last day on which a participant may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Starts {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, where there is one.
    pub to: Option<NaiveDate>,
}

/// What evidence under several employers together amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcrossEmployers {
    /// It sustains the outcome.
    Accept,
    /// A person must look.
    Query,
    /// Only one employer's own evidence counts.
    Reject,
}

impl AcrossEmployers {
    /// The word as scheme files write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Query => "query",
            Self::Reject => "reject",
        }
    }
}

/// What becomes of the jobs of participants who are in work when they start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InWorkStarts {
    /// The scheme takes such people: the job that they had may be claimed.
    Accept,
    /// Only a job that began after the start may be claimed.
    Reject,
}

impl InWorkStarts {
    /// The word as scheme files write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
        }
    }
}

impl Scheme {
    /// The day from which a participant's job is new: the start, unless the participant was in work then and the scheme takes
    /// such people; `None` too where the participant never started.
    pub fn new_job_from(&self, participant: &Participant) -> Option<NaiveDate> {
        self.new_job_of(participant.start_date?, participant.in_work_at_start)
    }

    /// As [`Self::new_job_from`], of someone who started on a day and was, or was not, in work then.
    pub fn new_job_of(&self, started: NaiveDate, in_work_at_start: Option<bool>) -> Option<NaiveDate> {
        let terms = self.in_work_starts.as_ref().and_then(|terms| terms.on(started)).copied();
        let may_be_held = in_work_at_start == Some(true) && terms == Some(InWorkStarts::Accept);
        (!may_be_held).then_some(started)
    }

    /// The outcome of that name.
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        let same = |outcome: &&Outcome| outcome.id == id;
        self.outcomes.iter().find(same).or_else(|| self.outcomes.iter().find(|outcome| is_same(&outcome.id, id)))
    }

    /// The parameters that a run must supply and has not.
    pub fn missing(&self) -> Vec<&Parameter> {
        self.parameters.iter().filter(|parameter| parameter.is_missing()).collect()
    }

    /// Makes sure that everything a run must supply is supplied: an example never decides a claim.
    ///
    /// # Errors
    /// The first parameter that is missing.
    pub fn all_supplied(&self) -> Result<(), NotSupplied> {
        let Some(Parameter { id, says, example, .. }) = self.missing().into_iter().next() else { return Ok(()) };
        Err(NotSupplied {
            scheme: self.id.clone(),
            status: self.status,
            id: id.clone(),
            says: says.clone(),
            example: example.clone(),
        })
    }

    /// Whether a failure of this rule weighs less than a query, or the rule is off.
    pub fn weighs_below_query(&self, code: Code) -> bool {
        matches!(self.settings.get(&code), Some(Setting::Off | Setting::Weighs(Severity::Note)))
    }
}
