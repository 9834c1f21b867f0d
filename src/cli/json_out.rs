//! JSON as it goes to standard output: written as it is made, for an answer may be as long as the batch.

use std::io::{self, Write};

use serde::Serialize;

use crate::domain::printable::printable_json;

/// Writes data as JSON that steers no terminal, and ends the line.
///
/// # Errors
/// The output took no more.
pub(super) fn write_json(out: impl Write, data: &impl Serialize) -> io::Result<()> {
    let mut out = Printable(io::BufWriter::new(out));
    serde_json::to_writer_pretty(&mut out, data)?;
    let mut out = out.0;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes out what would steer a terminal. The serializer writes a text in pieces that are text each.
struct Printable<W: Write>(W);

impl<W: Write> Write for Printable<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(piece);
        self.0.write_all(printable_json(&text).as_bytes())?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_the_data_and_steers_nothing() {
        let data = serde_json::json!({ "a\u{202e}": ["b\u{9b}\u{1b}", "Zo\u{eb} \u{1f600} \"x\""], "n": 1 });
        let mut out = Vec::new();
        write_json(&mut out, &data).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains(crate::domain::printable::steers), "{text}");
        assert!(text.ends_with("}\n"));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), data);
    }
}
