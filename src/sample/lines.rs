//! Extracts of text lines: CSV and JSON Lines, in our own column names.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::SampleError;
use super::encode::RowEncoder;
use super::payment::ExtractRow;
use super::world::{Jobs, SampleRow, World};

/// A way of writing rows as lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineEncoder {
    /// The end of the files' names.
    pub(super) extension: &'static str,
    /// Writes the line that begins a file, where there is one.
    pub(super) begin: fn(&mut Vec<u8>),
    /// Writes a row.
    pub(super) write: fn(&ExtractRow<'_>, &mut Vec<u8>),
}

/// A text file being written.
pub(super) struct TextFile {
    name: String,
    file: File,
}

impl TextFile {
    /// Begins a file.
    pub(super) fn create(path: &Path) -> Result<Self, SampleError> {
        let name = file_name(path);
        match File::create_new(path) {
            Ok(file) => Ok(Self { name, file }),
            Err(source) => Err(SampleError::Io { file: name, source }),
        }
    }

    /// Adds to it.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<(), SampleError> {
        self.file.write_all(bytes).map_err(|source| SampleError::io(&self.name, source))
    }
}

impl Write for TextFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// A file's own name, for messages.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

impl RowEncoder for LineEncoder {
    type Block = Vec<u8>;
    type Open = TextFile;

    fn extension(&self) -> &'static str {
        self.extension
    }

    fn encode(&self, world: &World, jobs: &Jobs, rows: &[SampleRow]) -> Result<Vec<u8>, SampleError> {
        let mut out = Vec::with_capacity(rows.len() * 200);
        for row in rows {
            world.record(jobs, row, |record| (self.write)(record, &mut out));
        }
        Ok(out)
    }

    fn open(&self, path: &Path) -> Result<TextFile, SampleError> {
        let mut file = TextFile::create(path)?;
        let mut out = Vec::new();
        (self.begin)(&mut out);
        file.add(&out)?;
        Ok(file)
    }

    fn append(&self, file: &mut TextFile, block: Vec<u8>) -> Result<(), SampleError> {
        file.add(&block)
    }

    fn close(&self, _: TextFile) -> Result<(), SampleError> {
        Ok(())
    }
}
