//! One input file, sniffed: its format, compression and encoding are found from its bytes, not from its name.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;
use std::sync::Arc;

use super::file_options::FileOptions;
use super::magic::{Kind, kind_of, unpacked_kind_of};
use super::paths::FolderValue;
use super::text::{Decoder, Encoding, EncodingSniffer};
use super::workbook::{self, SheetText};
use crate::domain::tally::Place;
use crate::domain::{Refusal, SetAsideShare, Tally};
use crate::error::{InputError, describe_io_error};
use crate::files::{self, Identity, NotAFile};
use crate::store::{Store, StorePart, StoredFile, damaged};

/// A file that was named on the command line.
#[derive(Debug, Clone)]
pub struct InputFile {
    /// Where it is.
    pub path: PathBuf,
    /// How messages name it: as the command line did.
    pub shown: String,
    /// How outputs name it: without its folders, or with those that tell it from a file of the same name.
    pub name: String,
    /// The columns that the names of its folders give it.
    pub folder_values: Vec<FolderValue>,
    /// How the person asked for it to be read.
    pub options: Arc<FileOptions>,
}

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Apache Parquet.
    Parquet,
    /// Separated values, with a header.
    Csv,
    /// JSON Lines, or HMRC's response JSON.
    Json,
    /// A spreadsheet: Excel's (xlsx, xlsb, xls) or `OpenDocument`'s (ods).
    Workbook,
}

impl FileFormat {
    /// The format as the account writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Workbook => "workbook",
        }
    }
}

/// How a text file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    Plain,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Compression {
    /// The compression as the account writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// A file that was read once, to sniff its form and hash every byte.
#[derive(Debug, Clone)]
pub struct Sniffed {
    /// The file.
    pub source: InputFile,
    /// What it is.
    pub format: FileFormat,
    /// How it is packed.
    pub compression: Compression,
    /// The encoding of a text file.
    pub encoding: Option<Encoding>,
    /// Its size in bytes, as it lies on disk.
    pub bytes: u64,
    /// BLAKE3 of those bytes, in hexadecimal.
    pub hash: String,
    /// The sheet of a workbook that is read.
    pub sheet: Option<SheetText>,
    standing: ChangeCheck,
}

/// How to tell that a file is still the one that was sniffed.
#[derive(Debug, Clone, Copy)]
enum ChangeCheck {
    /// By what the handle said that its bytes were hashed from.
    Identity(Identity),
    /// It is not read: its rows are in a prepared store, whose parts are never changed.
    Stored,
}

const CHUNK_BYTES: usize = 4 << 20;

impl InputFile {
    /// A file at a path.
    pub fn new(path: PathBuf) -> Self {
        let shown = path.display().to_string();
        let name = path.file_name().map_or_else(|| shown.clone(), |name| name.to_string_lossy().into_owned());
        Self { path, shown, name, folder_values: Vec::new(), options: Arc::default() }
    }

    /// The same file, to be read as the person asks.
    #[must_use]
    pub fn read_as(self, options: &Arc<FileOptions>) -> Self {
        Self { options: Arc::clone(options), ..self }
    }

    /// An error about this file.
    pub fn error(&self, problem: impl Into<String>, hint: impl Into<String>) -> InputError {
        InputError::new(self.shown.clone(), problem, hint)
    }

    /// The error of a file that is not decided on, for the first reason in its counts.
    ///
    /// # Errors
    /// A column that is not believed, or that cannot be read in more rows than are accepted.
    pub fn is_accepted(&self, tally: &Tally, share: SetAsideShare) -> Result<(), InputError> {
        Refusal::of(tally, share).map_or(Ok(()), |refusal| Err(self.refused(refusal)))
    }

    /// Checks that some row of the file is a record; `first` is where the first one that is none stands, and why.
    ///
    /// # Errors
    /// None is, of more rows than are always accepted.
    pub fn holds_records(
        &self,
        damaged: u64,
        rows: u64,
        share: SetAsideShare,
        first: Option<(Place, &str)>,
    ) -> Result<(), InputError> {
        Refusal::of_records(damaged, rows, share, first).map_or(Ok(()), |refusal| Err(self.refused(refusal)))
    }

    /// The error of a file that is not decided on.
    pub fn refused(&self, refusal: Refusal) -> InputError {
        let error = self.error(refusal.problem, refusal.hint);
        if refusal.place.line == 0 { error } else { error.at_line(refusal.place.line) }
    }

    /// The error of a file that could not be read.
    pub fn unreadable(&self, error: &io::Error) -> InputError {
        if let Some(found) = NotAFile::of(error) {
            return self.error(found.to_string(), NotAFile::HINT);
        }
        self.error(
            format!("the file could not be read ({})", describe_io_error(error)),
            "check that it is there, whole, and may be read",
        )
    }

    /// The error of a file that is another one than was hashed.
    fn changed(&self) -> InputError {
        self.error("the file changed while it was being read", "run again when nothing writes to it")
    }

    /// Opens the file as it was when it was hashed.
    ///
    /// # Errors
    /// It cannot be opened, or is another file by now.
    pub(super) fn open_again(&self, identity: &Identity) -> Result<File, InputError> {
        let file = files::open(&self.path).map_err(|error| self.unreadable(&error))?;
        let now = Identity::of(&file).map_err(|error| self.unreadable(&error))?;
        if now == *identity { Ok(file) } else { Err(self.changed()) }
    }

    /// Reads the whole file once: its hash, its form, and for a text its encoding.
    ///
    /// # Errors
    /// The file cannot be read, or its compression is damaged.
    pub fn sniff(&self) -> Result<Sniffed, InputError> {
        let unreadable = |error: io::Error| self.unreadable(&error);
        let mut file = files::open(&self.path).map_err(unreadable)?;
        let identity = Identity::of(&file).map_err(unreadable)?;
        let mut hasher = blake3::Hasher::new();
        let mut text = EncodingSniffer::new();
        let (mut chunk, mut next) = (vec![0_u8; CHUNK_BYTES], vec![0_u8; CHUNK_BYTES]);
        let mut length = read_full(&mut file, &mut chunk).map_err(unreadable)?;
        let kind = kind_of(chunk.get(..length).unwrap_or_default(), &self.path);
        let compression = match kind {
            Kind::Foreign(foreign) => return Err(self.error(format!("the file is {}", foreign.is), foreign.hint)),
            Kind::Gzip => Compression::Gzip,
            Kind::Zstd => Compression::Zstd,
            Kind::Parquet | Kind::Workbook | Kind::Text => Compression::Plain,
        };
        let is_plain_text = kind == Kind::Text;
        let mut bytes = 0_u64;
        while length > 0 {
            let part = chunk.get(..length).unwrap_or_default();
            bytes += u64::try_from(length).unwrap_or(u64::MAX);
            // While one block of bytes is sniffed and hashed the next is read.
            let look = || {
                hasher.update_rayon(part);
                if is_plain_text {
                    text.update(part);
                }
            };
            let ((), read) = rayon::join(look, || read_full(&mut file, &mut next));
            length = read.map_err(unreadable)?;
            std::mem::swap(&mut chunk, &mut next);
        }
        let mut sniffed = Sniffed {
            source: self.clone(),
            format: if kind == Kind::Workbook { FileFormat::Workbook } else { FileFormat::Parquet },
            compression,
            encoding: None,
            bytes,
            hash: hasher.finalize().to_hex().to_string(),
            sheet: None,
            standing: ChangeCheck::Identity(identity),
        };
        match kind {
            Kind::Parquet | Kind::Foreign(_) => return Ok(sniffed),
            Kind::Workbook => {
                sniffed.encoding = Some(Encoding::Utf8);
                sniffed.sheet = Some(workbook::read(self, &identity)?);
                return Ok(sniffed);
            }
            Kind::Text => sniffed.encoding = Some(text.finish()),
            Kind::Gzip | Kind::Zstd => {
                sniffed.holds_text()?;
                sniffed.encoding = Some(sniffed.unpacked_encoding()?);
            }
        }
        sniffed.format = sniffed.text_format()?;
        Ok(sniffed)
    }
}

/// Reads until the buffer is full or the file ends.
fn read_full(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

impl Sniffed {
    /// A file whose rows are in a prepared store, as the store knows it.
    ///
    /// # Errors
    /// The store names a form of file that there is none of.
    pub fn stored(store: &Store, file: &StoredFile) -> Result<Self, InputError> {
        let unknown = || damaged(&store.folder, "it names a form of file that this program does not know");
        let named = |name: &str, known: &'static str| name == known;
        let format = [FileFormat::Parquet, FileFormat::Csv, FileFormat::Json, FileFormat::Workbook]
            .into_iter()
            .find(|one| named(&file.format, one.name()));
        let compressions = [Compression::Plain, Compression::Gzip, Compression::Zstd];
        let compression = compressions.into_iter().find(|one| named(&file.compression, one.name()));
        let encoding = match &file.encoding {
            Some(name) => Some(Encoding::ALL.into_iter().find(|one| named(name, one.name())).ok_or_else(unknown)?),
            None => None,
        };
        let shown = format!("{} ({})", store.folder.display(), file.name);
        Ok(Self {
            source: InputFile {
                path: store.folder.clone(),
                shown,
                name: file.name.clone(),
                folder_values: file.folder_values.iter().map(FolderValue::from_pair).collect(),
                options: Arc::default(),
            },
            format: format.ok_or_else(unknown)?,
            compression: compression.ok_or_else(unknown)?,
            encoding,
            bytes: file.bytes,
            hash: file.blake3.clone(),
            // Its text is in the store's rows.
            sheet: file.sheet.clone().map(|name| SheetText { name, text: Arc::default() }),
            standing: ChangeCheck::Stored,
        })
    }

    /// A file of a prepared store, to be read.
    pub fn part(store: &Store, part: &StorePart) -> Self {
        let source = InputFile::new(store.path(&part.name));
        Self {
            source,
            format: FileFormat::Parquet,
            compression: Compression::Plain,
            encoding: None,
            bytes: part.bytes,
            hash: part.blake3.clone(),
            sheet: None,
            standing: ChangeCheck::Stored,
        }
    }

    /// Where it is, as its name is taken from: a file of a store as if it were in the store's folder.
    pub fn place(&self) -> PathBuf {
        if self.is_stored() { self.source.path.join(&self.source.name) } else { self.source.path.clone() }
    }

    /// What a result is a function of: the file's name and bytes, and what the names of its folders add to its rows.
    pub fn identity(&self) -> impl Iterator<Item = &str> {
        let folders = self.source.folder_values.iter();
        let folders = folders.flat_map(|folder| [folder.column.as_str(), folder.value.as_deref().unwrap_or_default()]);
        let sheet = self.sheet.iter().map(|sheet| sheet.name.as_str());
        [self.source.name.as_str(), self.hash.as_str()].into_iter().chain(sheet).chain(folders)
    }

    /// Whether its rows are in a prepared store.
    pub fn is_stored(&self) -> bool {
        matches!(self.standing, ChangeCheck::Stored)
    }

    /// Opens the file's bytes as they lie on disk.
    ///
    /// # Errors
    /// The file cannot be opened, or is another one than was hashed.
    pub fn open(&self) -> Result<File, InputError> {
        match &self.standing {
            ChangeCheck::Identity(identity) => self.source.open_again(identity),
            ChangeCheck::Stored => files::open(&self.source.path).map_err(|error| self.source.unreadable(&error)),
        }
    }

    /// Opens the file's bytes without their packing; of a workbook, the text of its sheet.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn unpacked(&self) -> Result<Box<dyn Read>, InputError> {
        if let Some(sheet) = &self.sheet {
            return Ok(Box::new(io::Cursor::new(Arc::clone(&sheet.text))));
        }
        let file = self.open()?;
        let file = BufReader::with_capacity(CHUNK_BYTES, file);
        Ok(match self.compression {
            Compression::Plain => Box::new(file),
            Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
            Compression::Zstd => {
                Box::new(zstd::Decoder::with_buffer(file).map_err(|error| self.source.unreadable(&error))?)
            }
        })
    }

    /// Opens the file as UTF-8 text; what is not text comes out as bytes that are not UTF-8.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn text(&self) -> Result<Decoder<Box<dyn Read>>, InputError> {
        Ok(Decoder::new(self.unpacked()?, self.encoding.unwrap_or(Encoding::Utf8)))
    }

    /// The error of a text that broke off while it was read.
    pub fn broken(&self, error: &io::Error) -> InputError {
        match self.compression {
            Compression::Plain => self.source.unreadable(error),
            Compression::Gzip | Compression::Zstd => self.source.error(
                format!("the {} compression is damaged or cut short", self.compression.name()),
                "fetch the file again",
            ),
        }
    }

    /// Checks that the file is still the one that was sniffed.
    ///
    /// # Errors
    /// It is another file, or was written to.
    pub fn still_the_same(&self) -> Result<(), InputError> {
        let ChangeCheck::Identity(identity) = self.standing else { return Ok(()) };
        let now = Identity::at(&self.source.path).map_err(|error| self.source.unreadable(&error))?;
        if now == identity { Ok(()) } else { Err(self.source.changed()) }
    }

    /// Checks that what is packed is a text.
    fn holds_text(&self) -> Result<(), InputError> {
        let mut start = vec![0_u8; 4096];
        let length = read_full(&mut self.unpacked()?, &mut start).map_err(|error| self.broken(&error))?;
        let packed = self.compression.name();
        match unpacked_kind_of(start.get(..length).unwrap_or_default()) {
            Kind::Text => Ok(()),
            Kind::Foreign(foreign) => Err(self
                .source
                .error(format!("the file is packed with {packed}, and within it is {}", foreign.is), foreign.hint)),
            Kind::Parquet => Err(self
                .source
                .error(format!("the file is Parquet that was packed with {packed} as a whole"), "unpack it")),
            Kind::Gzip | Kind::Zstd | Kind::Workbook => {
                Err(self.source.error(format!("the file was packed with {packed} and packed again"), "unpack it once"))
            }
        }
    }

    fn unpacked_encoding(&self) -> Result<Encoding, InputError> {
        let mut reader = self.unpacked()?;
        let mut sniff = EncodingSniffer::new();
        let mut chunk = vec![0_u8; CHUNK_BYTES];
        loop {
            let length = read_full(&mut reader, &mut chunk).map_err(|error| self.broken(&error))?;
            sniff.update(chunk.get(..length).unwrap_or_default());
            if length < chunk.len() {
                return Ok(sniff.finish());
            }
        }
    }

    fn text_format(&self) -> Result<FileFormat, InputError> {
        let mut start = vec![0_u8; 4096];
        let length = read_full(&mut self.text()?, &mut start).map_err(|error| self.broken(&error))?;
        let first = start.get(..length).unwrap_or_default().iter().find(|byte| !byte.is_ascii_whitespace());
        Ok(if matches!(first, Some(b'{' | b'[')) { FileFormat::Json } else { FileFormat::Csv })
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, FileTimes};

    use super::*;

    #[test]
    fn a_file_swapped_for_another_of_the_same_length_and_time_is_not_read_in_its_place() {
        let room = tempfile::tempdir().unwrap();
        let (hashed, other) = (room.path().join("claims.csv"), room.path().join("other"));
        fs::write(&hashed, "claim_id\nC1\n").unwrap();
        fs::write(&other, "claim_id\nC2\n").unwrap();
        let times = FileTimes::new().set_modified(fs::metadata(&hashed).unwrap().modified().unwrap());
        File::options().write(true).open(&other).unwrap().set_times(times).unwrap();
        let sniffed = InputFile::new(hashed.clone()).sniff().unwrap();
        let mut read = String::new();
        sniffed.open().unwrap().read_to_string(&mut read).unwrap();
        assert!(read.ends_with("C1\n") && sniffed.still_the_same().is_ok());
        fs::rename(&other, &hashed).unwrap();
        for error in [sniffed.open().map(|_| ()), sniffed.text().map(|_| ()), sniffed.still_the_same()] {
            assert_eq!(error.unwrap_err().problem, "the file changed while it was being read");
        }
    }
}
