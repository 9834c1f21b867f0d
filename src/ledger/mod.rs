//! The ledger: an append-only record of what became of each claim, from its receipt to its payment and back.
//!
//! ```text
//!  event ─ store ─▶ ledger.sqlite    events, each with the hash of those before it; added in one transaction, never changed
//!    │       ├ seal ▶ ledger.seal    what that file was after the last command
//!    │       ├ migrate               brings what an older program wrote forward, on a copy
//!    │       └ sweep                 takes away what a command that was killed left
//!    └──▶ book ─▶ balance            what the events come to: claims with their states, months, schedules; pounds
//!         verify ─▶ the chain, the balance, every run, every payment
//! ```
//!
//! What a claim has come to is decided in one place, [`state`]; a book takes no event that cannot follow those before it, so every
//! command that opens a ledger proves it. Views in the database say the same to those who read it with SQL.

pub mod balance;
pub mod book;
pub mod event;
pub mod export;
mod migrate;
mod seal;
pub mod state;
mod store;
mod sweep;
pub mod verify;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::RunError;
use crate::progress::ProgressSink;
use crate::rules::allows;
use crate::scheme::{LoadError, Scheme, load};
use crate::staging::{Existing, Staging};
pub use balance::Balance;
pub use book::{Book, LedgerClaim};
use event::{Event, EventKind, Opening};
pub use store::{Access, DATABASE, Recorded};
use store::{Store, damaged};
pub(crate) use sweep::ROOM;

/// The folder of the runs and pages of the months, in that of a ledger.
pub const RUNS: &str = "runs";

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
        let book = Book::new();
        store.append(&[Event::new(EventKind::Opened, 0, &opening)], book.last, &book.head)?;
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
        store.each(&mut |recorded| book.take(recorded))?;
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
        book.take(&first).map_err(|problem| damaged(folder, &problem))?;
        let opening = book.opening.ok_or_else(|| damaged(folder, "its first event is missing"))?;
        scheme_of(&opening, folder)
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

    /// Adds events, all or none.
    ///
    /// # Errors
    /// They cannot follow, or cannot be written; nothing was recorded unless the error says so.
    pub fn append(self, entries: &Entries) -> Result<Book, RunError> {
        let Self { store, mut book } = self;
        let (last, head) = (book.last, book.head.clone());
        book.take_all(entries)
            .map_err(|problem| RunError::Untrusted(format!("the ledger would contradict itself: {problem}")))?;
        store.append(&entries.events, last, &head)?;
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

    /// Takes events as if they were recorded.
    ///
    /// # Errors
    /// They cannot follow.
    pub fn take_all(&mut self, entries: &Entries) -> Result<(), String> {
        for (number, event) in (self.last + 1..).zip(&entries.events) {
            let hash = event.hash(number, &self.head);
            let recorded = Recorded { number, event: event.clone(), hash };
            self.take(&recorded).map_err(|problem| format!("event {number}: {problem}"))?;
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

    /// The number of the next event.
    pub fn next(&self) -> i64 {
        self.first + i64::try_from(self.events.len()).unwrap_or(i64::MAX)
    }

    /// Whether there is nothing to add.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
}
