//! The ledger: an append-only record of what became of each claim, from its receipt to its payment and back.
//!
//! ```text
//!  event ─ store ─▶ ledger.sqlite    events, each with the hash of those before it; added in one transaction, never changed
//!    │       ├ seal ▶ ledger.seal    what that file was after the last command
//!    │       ├ migrate               brings what an older program wrote forward, on a copy
//!    │       └ sweep                 takes away what a command that was killed left
//!    └ body ▶ book ─▶ balance        what the events come to: claims with their cells and states, months, schedules; pounds
//!               └─ movements ─▶ page  how claims went from state to state, month by month; all of it on one page
//!         considered                  the payroll rows of a run that a claim was decided on: counted, and hashed for a decision
//!         verify ─▶ the chain, the balance, every run, every payment
//! ```
//!
//! What a claim has come to is decided in one place, [`state`]; a book takes no event that cannot follow those before it, so every
//! command that opens a ledger proves it. Views in the database say the same to those who read it with SQL.

pub mod balance;
mod body;
pub mod book;
mod cells;
pub mod considered;
pub mod event;
pub mod export;
mod migrate;
pub mod movements;
pub mod page;
mod seal;
pub mod state;
mod store;
mod sweep;
pub mod verify;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::error::RunError;
use crate::progress::ProgressSink;
use crate::rules::allows;
use crate::scheme::{LoadError, Scheme, load};
use crate::staging::{Existing, Staging};
pub use balance::Balance;
use body::Body;
pub use book::{Book, LedgerClaim};
pub use cells::Cells;
use event::{Event, EventKind, Opening};
pub use store::{Access, DATABASE, Recorded};
use store::{Store, damaged};
pub(crate) use sweep::ROOM;

/// The folder of the runs and pages of the months, in that of a ledger.
pub const RUNS: &str = "runs";

/// How many events are read side by side: their bodies are in memory twice until they are taken.
const AT_ONCE: usize = 8_192;

/// A ledger, open, with what its events come to.
pub struct Ledger {
    store: Store,
    /// What its events come to.
    pub book: Book,
}

/// What a new ledger is made with.
pub struct NewLedger {
    /// Its folder.
    pub folder: PathBuf,
    /// The scheme.
    pub scheme: Scheme,
    /// The values that were supplied for its parameters.
    pub parameters: BTreeMap<String, String>,
    /// Whether a second person must stand behind a decision that pays.
    pub four_eyes: bool,
}

impl NewLedger {
    /// Makes the ledger.
    ///
    /// # Errors
    /// The scheme lacks a value, something is in the place already, or the folder cannot be written; nothing was made then.
    pub fn make(&self, progress: &dyn ProgressSink) -> Result<(), RunError> {
        self.scheme.all_supplied()?;
        if self.folder.exists() {
            let problem = format!("{} is already there", self.folder.display());
            return Err(RunError::choice(problem, "name a folder that is not there; a ledger is never replaced"));
        }
        let opening = Opening {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            scheme: self.scheme.id.clone(),
            scheme_text: self.scheme.text.clone(),
            parameters: self.parameters.clone(),
            four_eyes: self.four_eyes,
        };
        let staging = Staging::beside(&self.folder, progress)?;
        staging.folder(RUNS)?;
        let store = Store::create(&staging.path(""))?;
        let ledger = Ledger { store, book: Book::new() };
        let mut entries = ledger.entries();
        entries.push(Event::new(EventKind::Opened, 0, &opening));
        ledger.append(entries)?;
        staging.publish(Existing::Keep)
    }
}

impl Ledger {
    /// Opens a ledger: every event is read and held to those before it.
    ///
    /// # Errors
    /// There is no ledger, or it is not as it was written.
    pub fn open(folder: &Path, access: Access) -> Result<Self, RunError> {
        let store = Store::open(folder, access)?;
        let mut book = Book::new();
        store.each(&mut |recorded, body| book.take(recorded, body))?;
        if book.opening.is_none() {
            return Err(damaged(folder, "its first event is missing"));
        }
        Ok(Self { store, book })
    }

    /// The scheme of a ledger, of which nothing else is read; whoever works with the ledger opens it.
    ///
    /// # Errors
    /// There is no ledger, or a newer program cannot read its scheme any more.
    pub fn scheme_in(folder: &Path) -> Result<Scheme, RunError> {
        let mut book = Book::new();
        let first = Store::open(folder, Access::Read)?.first()?;
        Body::of(&first.event).and_then(|body| book.take(&first, body)).map_err(|problem| damaged(folder, &problem))?;
        let opening = book.opening.ok_or_else(|| damaged(folder, "its first event is missing"))?;
        scheme_of(&opening, folder)
    }

    /// Refuses a place within the folder of a ledger, for something that is none of its own files; `option` named the place.
    ///
    /// # Errors
    /// It is within that folder.
    pub fn refuse_within(ledger: &Path, out: &Path, option: &str) -> Result<(), RunError> {
        let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        match (ledger.canonicalize(), parent.canonicalize()) {
            (Ok(ledger), Ok(parent)) if parent.starts_with(&ledger) => Err(RunError::choice(
                format!("{} is in the folder of the ledger", out.display()),
                format!("name a place outside it with {option}"),
            )),
            _ => Ok(()),
        }
    }

    /// The folder of the ledger.
    pub fn folder(&self) -> &Path {
        self.store.folder()
    }

    /// How the ledger was made.
    ///
    /// # Errors
    /// Never for an open ledger: [`Ledger::open`] sees to it.
    pub fn opening(&self) -> Result<&Opening, RunError> {
        self.book.opening.as_ref().ok_or_else(|| damaged(self.folder(), "its first event is missing"))
    }

    /// The scheme of the ledger, as it was when the ledger was made.
    ///
    /// # Errors
    /// A newer program cannot read it any more.
    pub fn scheme(&self) -> Result<Scheme, RunError> {
        scheme_of(self.opening()?, self.folder())
    }

    /// The folder of a month's run.
    pub fn run_of(&self, month: u32) -> PathBuf {
        run_of(self.folder(), month)
    }

    /// Frees the cells of the claims, which are most of what a ledger holds in memory: for a command that has used what it needs of
    /// them.
    pub fn forget_cells(&mut self) {
        self.book.claims.iter_mut().for_each(|claim| claim.receipt.cells = Cells::new([], []));
    }

    /// Adds events, all or none.
    ///
    /// # Errors
    /// They cannot follow, or cannot be written; nothing was recorded unless the error says so.
    pub fn append(self, entries: Entries) -> Result<Book, RunError> {
        let Self { store, mut book } = self;
        let last = book.last;
        let events = entries.after(&book);
        let contradiction = |problem| RunError::Untrusted(format!("the ledger would contradict itself: {problem}"));
        store.append(&events, last, || book.take_all(&events).map_err(contradiction))?;
        // Many small pieces of memory: whoever goes on, or ends, need not wait for them.
        rayon::spawn(move || drop(events));
        Ok(book)
    }

    /// The events to be added next.
    pub fn entries(&self) -> Entries {
        self.book.entries()
    }
}

impl Book {
    /// The events to be added next.
    pub fn entries(&self) -> Entries {
        Entries { first: self.last + 1, events: Vec::new() }
    }

    /// Takes events that were recorded together.
    ///
    /// # Errors
    /// They cannot follow.
    pub fn take_all(&mut self, events: &[Recorded]) -> Result<(), String> {
        for events in events.chunks(AT_ONCE) {
            let bodies: Vec<Result<Body, String>> =
                events.par_iter().map(|recorded| Body::of(&recorded.event)).collect();
            for (recorded, body) in events.iter().zip(bodies) {
                let taken = body.and_then(|body| self.take(recorded, body));
                taken.map_err(|problem| format!("event {}: {problem}", recorded.number))?;
            }
        }
        match self.total().contradictions() {
            wrong if wrong.is_empty() => Ok(()),
            wrong => Err(format!("the balance does not add up: {}", wrong.join("; "))),
        }
    }
}

fn scheme_of(opening: &Opening, folder: &Path) -> Result<Scheme, RunError> {
    load::load_with(&opening.scheme_text, &opening.parameters, allows).map_err(|error| match error {
        LoadError::File(mistakes) => RunError::Scheme { file: format!("the scheme of {}", folder.display()), mistakes },
        supplied @ LoadError::Supplied { .. } => {
            RunError::choice(supplied.to_string(), "make a new ledger with another value")
        }
    })
}

/// The folder of a month's run, in that of a ledger.
pub fn run_of(folder: &Path, month: u32) -> PathBuf {
    folder.join(RUNS).join(format!("{month:04}"))
}

/// The page of a month, in the folder of a ledger.
pub fn page_of(folder: &Path, month: u32) -> PathBuf {
    folder.join(RUNS).join(format!("{month:04}.html"))
}

/// Events that are to be added together.
pub struct Entries {
    first: i64,
    events: Vec<Event>,
}

impl Entries {
    /// Puts an event behind the others, and returns the number that it will have.
    pub fn push(&mut self, event: Event) -> i64 {
        let number = self.next();
        self.events.push(event);
        number
    }

    /// The events as a ledger will hold them after those of its book.
    pub fn after(self, book: &Book) -> Vec<Recorded> {
        let mut previous = book.head.clone();
        let in_chain = |(number, event): (i64, Event)| {
            let hash = event.hash(number, &previous);
            previous.clone_from(&hash);
            Recorded { number, event, hash }
        };
        (book.last + 1..).zip(self.events).map(in_chain).collect()
    }

    /// The number of the next event.
    pub fn next(&self) -> i64 {
        self.first + i64::try_from(self.events.len()).unwrap_or(i64::MAX)
    }

    /// Whether there is nothing to add.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::event::Why;
    use super::state::ClaimState;
    use super::*;
    use crate::progress::NoProgress;
    use crate::scheme::built_in;

    fn ledger_in(folder: &Path) -> PathBuf {
        let place = folder.join("ledger");
        let scheme = load::load_with(built_in("lse-poc-2017").unwrap(), &BTreeMap::new(), allows).unwrap();
        let new = NewLedger { folder: place.clone(), scheme, parameters: BTreeMap::new(), four_eyes: false };
        new.make(&NoProgress::default()).unwrap();
        place
    }

    #[test]
    fn events_that_contradict_those_before_them_leave_the_ledger_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let place = ledger_in(folder.path());
        let bytes = || std::fs::read(place.join(DATABASE)).unwrap();
        let before = bytes();
        let ledger = Ledger::open(&place, Access::Write).unwrap();
        let mut entries = ledger.entries();
        let lapsed = Event::new(EventKind::Lapsed, 1, &Why { why: "nobody settled it".into() });
        entries.push(lapsed.about(7, ClaimState::Lapsed));
        let refused = ledger.append(entries).err().unwrap().to_string();
        assert!(refused.contains("event 2: it names a claim that is not there"), "{refused}");
        assert!(bytes() == before, "nothing was recorded");
        assert_eq!(Ledger::open(&place, Access::Write).unwrap().book.last, 1);
    }

    #[test]
    fn an_event_that_was_changed_is_named_by_its_number_whatever_stands_behind_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = ledger_in(folder.path());
        let database = rusqlite::Connection::open(place.join(DATABASE)).unwrap();
        let insert = "INSERT INTO event VALUES (?1, ?2, 1, NULL, NULL, NULL, NULL, NULL, '{}', 'x')";
        database.execute(insert, rusqlite::params![2, "written"]).unwrap();
        database.execute(insert, rusqlite::params![3, "unheard of"]).unwrap();
        drop(database);
        let refused = Ledger::open(&place, Access::Read).err().unwrap().to_string();
        assert!(refused.contains("event 2 is not as it was written"), "{refused}");
    }
}
