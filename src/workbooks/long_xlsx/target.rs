//! What a package is written to. The writer of packages that cannot end one tries it again, and prints that it fails again:
//! after a failure, which the run has been told of, nothing is written any more, and that does not fail.

use std::io::{self, Seek, SeekFrom, Write};

/// A target, and whether all was written to it until now.
pub(super) struct Target<W> {
    inner: W,
    failed: bool,
    /// Where the next byte would be written.
    place: u64,
    /// Where the bytes that were written, or would have been, end.
    end: u64,
}

impl<W: Write + Seek> Target<W> {
    pub(super) fn new(inner: W) -> Self {
        Self { inner, failed: false, place: 0, end: 0 }
    }

    /// The target, if all was written to it.
    ///
    /// # Errors
    /// Something was not.
    pub(super) fn whole(self) -> io::Result<W> {
        if self.failed { Err(io::Error::other("the package was not written whole")) } else { Ok(self.inner) }
    }

    fn noted<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        self.failed |= done.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted);
        done
    }
}

impl<W: Write + Seek> Write for Target<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = if self.failed { Ok(bytes.len()) } else { self.inner.write(bytes) };
        let written = self.noted(done)?;
        self.place = self.place.saturating_add(crate::domain::count_of(written));
        self.end = self.end.max(self.place);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = if self.failed { Ok(()) } else { self.inner.flush() };
        self.noted(done)
    }
}

impl<W: Write + Seek> Seek for Target<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let would_be = match to {
            SeekFrom::Start(place) => place,
            SeekFrom::Current(by) => self.place.saturating_add_signed(by),
            SeekFrom::End(by) => self.end.saturating_add_signed(by),
        };
        let done = if self.failed { Ok(would_be) } else { self.inner.seek(to) };
        self.place = self.noted(done)?;
        Ok(self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk that is full after a few bytes.
    struct Full(io::Cursor<Vec<u8>>);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if 8 < self.0.position() { Err(io::ErrorKind::StorageFull.into()) } else { self.0.write(bytes) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for Full {
        fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
            self.0.seek(place)
        }
    }

    #[test]
    fn a_failure_is_told_once_and_the_target_is_not_whole_any_more() {
        let mut target = Target::new(Full(io::Cursor::new(Vec::new())));
        target.write_all(b"ten bytes.").unwrap();
        assert!(target.write_all(b"more").is_err());
        target.write_all(b"more").unwrap();
        target.flush().unwrap();
        assert_eq!(target.stream_position().unwrap(), 14);
        assert_eq!(target.seek(SeekFrom::Start(3)).unwrap(), 3);
        assert_eq!(target.seek(SeekFrom::End(-4)).unwrap(), 10);
        assert!(target.whole().is_err());
        assert!(Target::new(io::Cursor::new(Vec::new())).whole().is_ok());
    }
}
