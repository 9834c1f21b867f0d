//! What an event says beside its columns, read.

use serde::de::DeserializeOwned;

use super::event::{
    DecisionMade, Event, EventKind, InSchedule, MonthDone, Opening, Receipt, Resent, ScheduleMade, VerdictGiven, Why,
};

/// The body of an event, one variant for each kind. `Debug` is left out: receipts hold personal data.
pub(super) enum Body {
    Opened(Opening),
    Received(Receipt),
    SentAgain,
    Verdict(VerdictGiven),
    Replaced(Why),
    Refused(Why),
    Lapsed(Why),
    Decision(DecisionMade),
    Month(MonthDone),
    Schedule(ScheduleMade),
    Paid(InSchedule),
    Recovered(InSchedule),
    Written(InSchedule),
}

impl Body {
    /// The body of an event.
    ///
    /// # Errors
    /// It is not what events of that kind say.
    pub(super) fn of(event: &Event) -> Result<Self, String> {
        fn read<T: DeserializeOwned>(event: &Event) -> Result<T, String> {
            serde_json::from_str(&event.body).map_err(|_| "it cannot be read".to_owned())
        }
        Ok(match event.kind {
            EventKind::Opened => Self::Opened(read(event)?),
            EventKind::Received => Self::Received(read(event)?),
            EventKind::SentAgain => read::<Resent>(event).map(|_| Self::SentAgain)?,
            EventKind::Verdict => Self::Verdict(read(event)?),
            EventKind::Replaced => Self::Replaced(read(event)?),
            EventKind::Refused => Self::Refused(read(event)?),
            EventKind::Lapsed => Self::Lapsed(read(event)?),
            EventKind::Decision => Self::Decision(read(event)?),
            EventKind::Month => Self::Month(read(event)?),
            EventKind::Schedule => Self::Schedule(read(event)?),
            EventKind::Paid => Self::Paid(read(event)?),
            EventKind::Recovered => Self::Recovered(read(event)?),
            EventKind::Written => Self::Written(read(event)?),
        })
    }
}
