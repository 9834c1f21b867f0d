//! What a result is known by: a hash of everything it is a function of.

/// A fingerprint in the making. Each text is hashed with its length, so that no two sequences of texts run together.
#[derive(Debug, Default)]
pub struct Fingerprint(blake3::Hasher);

impl Fingerprint {
    /// Begins with the program's version.
    pub fn begin() -> Self {
        let mut begun = Self::default();
        begun.add(env!("CARGO_PKG_VERSION"));
        begun
    }

    /// Adds one of the texts that the result is a function of.
    pub fn add(&mut self, text: &str) {
        self.0.update(&crate::domain::count_of(text.len()).to_le_bytes());
        self.0.update(text.as_bytes());
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
}
