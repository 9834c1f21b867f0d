//! Texts that many payments share: names of people and employers, payroll numbers. Each is kept once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Gives texts their numbers while units are read side by side. Which number a text has depends on which thread came
/// first, and leaves this program nowhere.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    numbers: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

/// The texts, by number.
#[derive(Debug, Default)]
pub(super) struct Texts(Vec<Arc<str>>);

impl Numbering {
    /// The number of each text; those not met before are kept.
    pub(super) fn numbers<'a>(&self, texts: impl Iterator<Item = Option<&'a str>>) -> Vec<Option<u32>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        texts.map(|text| text.map(|text| known.number(text))).collect()
    }

    /// All texts, once no more come.
    pub(super) fn finish(self) -> Texts {
        Texts(self.known.into_inner().unwrap_or_else(PoisonError::into_inner).texts)
    }
}

impl Known {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let (text, number) = (Arc::<str>::from(text), u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.numbers.insert(Arc::clone(&text), number);
        self.texts.push(text);
        number
    }
}

impl Texts {
    /// The text of a number.
    pub(super) fn get(&self, number: u32) -> Option<&str> {
        self.0.get(usize::try_from(number).ok()?).map(AsRef::as_ref)
    }
}
