//! Detects UTF-8 sequences in bytes that may be something else.

/// Tells valid multi-byte UTF-8 sequences from bytes that are no part of one.
#[derive(Debug, Clone, Default)]
pub(super) struct SequenceProbe {
    /// The sequence that has begun but is not complete.
    begun: Vec<u8>,
    /// Whether a complete sequence has been seen.
    pub(super) saw_valid: bool,
    /// Whether a byte has been seen that no valid text can hold there. A sequence that has only
    /// begun may still become complete, so it does not count.
    pub(super) saw_invalid: bool,
}

impl SequenceProbe {
    pub(super) fn see(&mut self, byte: u8) {
        if self.begun.is_empty() && byte.is_ascii() {
            return;
        }
        let continues = !self.begun.is_empty();
        self.begun.push(byte);
        match std::str::from_utf8(&self.begun) {
            Ok(_) => {
                self.saw_valid = true;
                self.begun.clear();
            }
            Err(fault) if fault.error_len().is_none() => {}
            Err(_) => {
                self.saw_invalid = true;
                self.begun.clear();
                // The byte that broke the sequence may begin another.
                if continues {
                    self.see(byte);
                }
            }
        }
    }
}
