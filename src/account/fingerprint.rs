//! The fingerprint of a result: a hash of its inputs, its options and the program. Equal fingerprints mean equal
//! results.

use super::Program;

/// How many letters of a fingerprint tell runs apart.
const SHORT_LETTERS: usize = 12;

/// The beginning of a fingerprint, by which people know a run.
pub fn short(fingerprint: &str) -> &str {
    fingerprint.get(..SHORT_LETTERS).unwrap_or(fingerprint)
}

/// A fingerprint that is being computed. Each text is hashed with its length, so that two different sequences of texts
/// are never hashed as the same bytes.
#[derive(Debug, Default)]
pub struct Fingerprint(blake3::Hasher);

impl Fingerprint {
    /// Begins with the program that runs: its version and its build identity.
    pub fn begin() -> Self {
        Self::under(&Program::this())
    }

    /// Begins with a program. The same inputs have another fingerprint under another program, which may decide otherwise.
    fn under(program: &Program) -> Self {
        let mut begun = Self::default();
        begun.add_program(program);
        begun
    }

    /// Adds one input of the result, as text.
    pub fn add(&mut self, text: &str) {
        self.0.update(&crate::domain::count_of(text.len()).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    /// Adds the programs that wrote the prepared stores among the inputs, unless they are the one that runs: another
    /// build may have read other rows from the same files. A store of this build adds nothing, because a run against it
    /// has the result of a run against the files themselves.
    pub fn add_writers_of_stores<'a>(&mut self, programs: impl Iterator<Item = &'a Program>) {
        for program in programs.filter(|program| **program != Program::this()) {
            self.add("store");
            self.add_program(program);
        }
    }

    fn add_program(&mut self, program: &Program) {
        self.add(&program.version);
        self.add(program.build.as_deref().unwrap_or_default());
    }

    /// The fingerprint, in hexadecimal.
    pub fn finish(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_do_not_run_together() {
        let of = |texts: &[&str]| {
            let mut fingerprint = Fingerprint::begin();
            for text in texts {
                fingerprint.add(text);
            }
            fingerprint.finish()
        };
        assert_eq!(of(&["ab", "c"]), of(&["ab", "c"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["ab", ""]), of(&["ab"]));
    }

    /// This program as another build of it, and as it was before builds were told apart.
    fn others() -> [Program; 3] {
        let this = Program::this();
        [
            Program { build: Some("0".repeat(64)), ..this.clone() },
            Program { build: None, ..this.clone() },
            Program { version: "0.1.0".into(), ..this },
        ]
    }

    #[test]
    fn another_build_has_another_fingerprint_of_the_same_inputs() {
        let of = |program: &Program| {
            let mut fingerprint = Fingerprint::under(program);
            fingerprint.add("the same inputs");
            fingerprint.finish()
        };
        let this = of(&Program::this());
        for other in others() {
            assert_ne!(of(&other), this, "{other:?}");
        }
    }

    #[test]
    fn a_store_of_this_build_adds_nothing_and_one_of_another_does() {
        let of = |writer: Option<&Program>| {
            let mut fingerprint = Fingerprint::begin();
            fingerprint.add_writers_of_stores(writer.into_iter());
            fingerprint.finish()
        };
        assert_eq!(of(Some(&Program::this())), of(None));
        for other in others() {
            assert_ne!(of(Some(&other)), of(None), "{other:?}");
        }
    }
}
