//! The buffer of text that was read and not yet scanned.

use std::fmt;
use std::io::{self, Read};
use std::ops::Range;

use super::damage::CsvError;
use super::header::{Header, HeaderFault, read_header};
use super::lengths::to_u64;

/// A buffer of text that was read and not yet taken.
pub(super) struct Buffer<R> {
    reader: R,
    bytes: Vec<u8>,
    /// How much of it has been taken.
    taken: usize,
    /// How many bytes to have in it.
    capacity: usize,
    /// Bytes taken since the start of the text.
    pub(super) offset: u64,
    /// Bytes of the text up to where the reader is.
    pub(super) bytes_read: u64,
    /// Whether the reader has no more.
    pub(super) ended: bool,
}

/// Tells how far the text has been read; what it holds may be personal data and is not shown.
impl<R> fmt::Debug for Buffer<R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reader: _, bytes: _, taken: _, capacity: _, offset, bytes_read, ended } = self;
        let mut shown = out.debug_struct("Buffer");
        shown.field("offset", offset).field("bytes_read", bytes_read).field("ended", ended).finish_non_exhaustive()
    }
}

impl<R: Read> Buffer<R> {
    pub(super) fn new(reader: R, capacity: usize) -> Self {
        Self::starting_at(reader, capacity, 0)
    }

    /// A buffer of a text whose first `at` bytes have been dealt with; the reader is there.
    pub(super) fn starting_at(reader: R, capacity: usize, at: u64) -> Self {
        Self { reader, bytes: Vec::new(), taken: 0, capacity, offset: at, bytes_read: at, ended: false }
    }

    pub(super) fn pending(&self) -> &[u8] {
        self.bytes.get(self.taken..).unwrap_or_default()
    }

    pub(super) fn next_span(&self, len: usize) -> Range<u64> {
        self.offset..self.offset + to_u64(len)
    }

    pub(super) fn take(&mut self, len: usize) -> &[u8] {
        let end = self.taken + len;
        let part = self.bytes.get(self.taken..end).unwrap_or_default();
        self.taken = end;
        self.offset += to_u64(len);
        part
    }

    /// Reads on until the buffer is full or the text ends.
    ///
    /// Filling the buffer, and doubling it for what does not fit in half of it, keeps the number
    /// of times a long record is looked at again low.
    pub(super) fn refill(&mut self) -> io::Result<()> {
        self.bytes.drain(..self.taken.min(self.bytes.len()));
        self.taken = 0;
        if self.bytes.len() > self.capacity / 2 {
            self.capacity *= 2;
        }
        let wanted = self.capacity.saturating_sub(self.bytes.len());
        self.bytes.reserve_exact(wanted);
        let before = self.bytes.len();
        let outcome = (&mut self.reader).take(to_u64(wanted)).read_to_end(&mut self.bytes);
        // What arrived before an error is in the buffer too, and counts.
        let arrived = self.bytes.len() - before;
        self.bytes_read += to_u64(arrived);
        outcome?;
        self.ended = arrived < wanted;
        Ok(())
    }

    pub(super) fn read_header(&mut self, recognise: &dyn Fn(&str) -> bool, limit: usize) -> Result<Header, CsvError> {
        loop {
            let pending = self.pending();
            let window = pending.get(..=limit).unwrap_or(pending);
            let at_end = self.ended && window.len() == pending.len();
            match read_header(window, at_end, recognise) {
                Ok(header) if header.span.end <= to_u64(limit) => return Ok(header),
                Err(HeaderFault::NeedMore) if window.len() <= limit => self.refill()?,
                Ok(_) | Err(HeaderFault::NeedMore) => {
                    return Err(CsvError::LineTooLong { line: 1, limit });
                }
                Err(fault) => return Err(CsvError::Header(fault)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::item::Item;
    use super::super::limits::{Limits, MAX_RECORD_BYTES};
    use super::super::records::Records;
    use super::super::testing::known;
    use super::*;

    #[test]
    fn an_endless_header_is_refused() {
        let error = Records::new(io::repeat(b'x'), &known).unwrap_err();
        assert_eq!(error.to_string(), "line 1 starts a record of more than 1048576 bytes");
        let error = Records::new(b"".as_slice(), &known).unwrap_err();
        assert!(matches!(error, CsvError::Header(HeaderFault::Empty)));
    }

    #[test]
    fn the_buffer_stays_bounded() {
        let endless = b"a,b\n".chain(io::repeat(b'x'));
        let mut records = Records::new(endless, &known).unwrap();
        assert!(matches!(records.next(), Err(CsvError::LineTooLong { line: 2, .. })));
        assert!(records.buffer.bytes.capacity() <= 2 * MAX_RECORD_BYTES + 64);
    }

    #[test]
    fn errors_of_the_reader_are_passed_on_and_lose_nothing() {
        struct FailsOnce<'a>(&'a [u8], bool);
        impl Read for FailsOnce<'_> {
            fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
                if self.0.len() == 3 && !self.1 {
                    self.1 = true;
                    return Err(io::Error::other("once"));
                }
                let count = target.len().min(1);
                self.0.read(&mut target[..count])
            }
        }
        let limits = Limits { first_buffer_bytes: 4, ..Limits::default() };
        let reader = FailsOnce(b"a,b\n1,2\n3,4\n", false);
        let mut records = Records::with_limits(reader, &known, limits).unwrap();
        let mut fields = Vec::new();
        let mut failures = 0;
        loop {
            match records.next() {
                Ok(Some(Item::Record(record))) => fields.push(record.field(1).to_owned()),
                Ok(None) => break,
                Err(CsvError::Io(_)) => failures += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((fields.join(""), failures), ("24".to_owned(), 1));
        assert_eq!(records.finish().unwrap().records, 2);
    }
}
