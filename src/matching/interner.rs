//! Interns texts that many payments share: names of people and employers, payroll numbers.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hashbrown::HashMap;

/// Interns texts while splits are read in parallel. The number of a text depends on thread timing and never leaves the
/// program.
#[derive(Debug, Default)]
pub(super) struct Interner {
    known: Mutex<InternTable>,
}

/// The texts interned so far. `Debug` counts them and shows none.
#[derive(Default)]
pub(super) struct InternTable {
    numbers: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

/// The texts, by number. `Debug` counts them and shows none.
#[derive(Default)]
pub(super) struct InternedTexts(Vec<Arc<str>>);

impl fmt::Debug for InternTable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Known({} texts)", self.texts.len())
    }
}

impl fmt::Debug for InternedTexts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Texts({})", self.0.len())
    }
}

impl Interner {
    /// Locks the interner for this thread.
    pub(super) fn open(&self) -> MutexGuard<'_, InternTable> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All interned texts, once no more come.
    pub(super) fn finish(self) -> InternedTexts {
        InternedTexts(self.known.into_inner().unwrap_or_else(PoisonError::into_inner).texts)
    }
}

impl InternTable {
    /// The number of a text, [`InternedTexts::NONE`] where there is none; a text not seen before is interned.
    pub(super) fn number(&mut self, text: Option<&Arc<str>>) -> u32 {
        let Some(text) = text else { return InternedTexts::NONE };
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(InternedTexts::NONE);
        self.numbers.insert(Arc::clone(text), number);
        self.texts.push(Arc::clone(text));
        number
    }
}

impl InternedTexts {
    /// The number that means no text.
    pub(super) const NONE: u32 = u32::MAX;

    /// The text of a number.
    pub(super) fn get(&self, number: u32) -> Option<Arc<str>> {
        self.0.get(usize::try_from(number).ok()?).cloned()
    }
}
