//! What a rule reads, and what its answer rests on.

/// What a rule reads. Two runs that differ in nothing a rule reads give the same answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// The row as it is in its file. Only a rule that reads it applies to a row that is not a record.
    Row,
    /// The claim's own cells.
    Claim,
    /// The rows of other claims of the batch.
    OtherClaims,
    /// The verdicts on other claims of the batch, and therefore everything that decides those claims.
    OtherVerdicts,
    /// What earlier runs validated.
    EarlierRuns,
    /// The scheme's terms.
    Scheme,
    /// The register's entry for the participant.
    Register,
    /// The minimum wage.
    MinimumWage,
    /// What the evidence answers: the rule that speaks for it, the day of the outcome, and whose the payments are.
    Answer,
    /// Payments beyond that answer: an employer, a start, an amount, or rows under another number.
    Payments,
}

impl Reads {
    /// What is read, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Row => "the row of the file",
            Self::Claim => "the claim",
            Self::OtherClaims => "the batch's other claims",
            Self::OtherVerdicts => "the verdicts on the batch's other claims",
            Self::EarlierRuns => "earlier runs",
            Self::Scheme => "the scheme's terms",
            Self::Register => "the register",
            Self::MinimumWage => "the minimum wage",
            Self::Answer => "what the evidence answers",
            Self::Payments => "the payments",
        }
    }
}

/// What a rule's answer rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestsOn {
    /// What the claim, the register, the scheme and other claims say. The rule can fail whatever the evidence answers.
    Records,
    /// The values of the claim that matching needs. The payments of a claim that fails are not considered: there is no
    /// evidence.
    Matching,
    /// What the payments show beside the answer of the evidence. The rule can fail a claim that they sustain.
    Detail,
    /// The pay of the days that the answer of the evidence counts: the rule holds that answer against another measure.
    CrossCheck,
    /// What the extract could not show, or shows twice. While the rule fails, what rests on absence is at most a query.
    Extract,
    /// The answer of the evidence: the rule fails where the payments show too little.
    Evidence,
    /// The answer of the evidence where there may be none at all: the rule fails where no payment, or no pay, is found.
    NoEvidence,
}

impl RestsOn {
    /// Whether the rule is one of the answers that the evidence can give.
    pub fn is_answer_of_evidence(self) -> bool {
        matches!(self, Self::Evidence | Self::NoEvidence)
    }

    /// Whether the rule says how strong the answer of the evidence is: it is one of the answers, or a cross-check of them.
    pub fn weighs_the_answer(self) -> bool {
        self.is_answer_of_evidence() || self == Self::CrossCheck
    }

    /// Whether the payments decide the rule, be it one of the evidence's answers or not.
    pub fn is_about_evidence(self) -> bool {
        self.weighs_the_answer() || matches!(self, Self::Detail | Self::Extract)
    }
}
