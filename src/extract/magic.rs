//! What a file is, by the bytes it begins with: the kinds that are read, and those that are not, each with what to do.

use std::fmt;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use memchr::memmem;

use crate::files;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Apache Parquet.
    Parquet,
    /// Text packed with gzip, or something else that is.
    Gzip,
    /// Text packed with Zstandard, or something else that is.
    Zstd,
    /// A spreadsheet: Excel's or `OpenDocument`'s.
    Workbook,
    /// A kind that is not read.
    Foreign(&'static Foreign),
    /// None of these, so a text.
    Text,
}

/// A kind of file that is not read.
#[derive(PartialEq, Eq)]
pub(super) struct Foreign {
    /// What it is, after "the file is".
    pub(super) is: &'static str,
    /// What to do.
    pub(super) hint: &'static str,
    /// Where its mark stands.
    at: usize,
    /// The mark.
    mark: &'static [u8],
}

impl fmt::Debug for Foreign {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Foreign").field("is", &self.is).finish_non_exhaustive()
    }
}

const fn foreign(mark: &'static [u8], is: &'static str, hint: &'static str) -> Foreign {
    Foreign { is, hint, at: 0, mark }
}

const fn foreign_at(at: usize, mark: &'static [u8], is: &'static str, hint: &'static str) -> Foreign {
    Foreign { is, hint, at, mark }
}

const UNPACK: &str = "unpack it, or pack it with gzip or zstd";
const UNPACK_MANY: &str = "unpack it, and name the files that were in it";
const AS_PARQUET: &str = "write it as Parquet, packed with zstd, snappy or gzip";
const EXPORT: &str = "export the table as CSV UTF-8 or Parquet";
const FROM_R: &str =
    "write the table from R as Parquet (arrow::write_parquet) or CSV (write.csv, with row.names = FALSE)";
const DECRYPT: &str = "decrypt it first";
const SAVE_TEXT: &str = "ask for the data as CSV UTF-8 or Parquet";

/// The kinds that are told by one mark.
static FOREIGN: [Foreign; 41] = [
    foreign(b"PARE", "Parquet that is encrypted (Parquet modular encryption)", "write it again without encryption"),
    foreign(b"BZh", "packed with bzip2 (bz2)", UNPACK),
    foreign(b"\xFD7zXZ\0", "packed with xz", UNPACK),
    foreign(b"LZIP", "packed with lzip", UNPACK),
    foreign(b"\x04\x22\x4D\x18", "packed with LZ4", UNPACK),
    foreign(b"\xFF\x06\0\0sNaPpY", "packed with snappy", UNPACK),
    foreign(b"\x1F\x9D", "packed with compress (Z)", UNPACK),
    foreign(b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive (7z)", UNPACK_MANY),
    foreign(b"Rar!\x1A\x07", "a RAR archive", UNPACK_MANY),
    foreign_at(257, b"ustar", "a tar archive", UNPACK_MANY),
    foreign(b"ORC", "Apache ORC", AS_PARQUET),
    foreign(b"Obj\x01", "Apache Avro", AS_PARQUET),
    foreign(b"ARROW1\0\0", "Arrow IPC (Feather)", AS_PARQUET),
    foreign(b"FEA1", "Feather of version 1", AS_PARQUET),
    foreign(b"\xFF\xFF\xFF\xFF", "a stream of Arrow IPC", AS_PARQUET),
    foreign(b"\x89HDF\r\n\x1A\n", "HDF5", AS_PARQUET),
    foreign(b"\x93NUMPY", "an array of NumPy", AS_PARQUET),
    foreign(b"\x80\x04\x95", "a Python pickle", AS_PARQUET),
    foreign(b"\x80\x05\x95", "a Python pickle", AS_PARQUET),
    foreign(b"SQLite format 3\0", "a SQLite database", EXPORT),
    foreign_at(8, b"DUCK", "a DuckDB database", EXPORT),
    foreign_at(4, b"Standard Jet DB", "an Access database", EXPORT),
    foreign_at(4, b"Standard ACE DB", "an Access database", EXPORT),
    foreign(SAS7BDAT, "a SAS data set (sas7bdat)", "export it from SAS with PROC EXPORT and DBMS=CSV"),
    foreign(
        b"HEADER RECORD*******LIB",
        "a SAS transport file (xpt)",
        "export it from SAS with PROC EXPORT and DBMS=CSV",
    ),
    foreign(b"$FL2@(#)", "an SPSS file (sav)", "export it from SPSS with SAVE TRANSLATE and TYPE=CSV"),
    foreign(b"$FL3@(#)", "an SPSS file (zsav)", "export it from SPSS with SAVE TRANSLATE and TYPE=CSV"),
    foreign(b"<stata_dta>", "a Stata file (dta)", "export it from Stata with export delimited"),
    foreign(b"\x71\x01\x01\0", "a Stata file (dta)", "export it from Stata with export delimited"),
    foreign(b"\x71\x02\x01\0", "a Stata file (dta)", "export it from Stata with export delimited"),
    foreign(b"\x72\x01\x01\0", "a Stata file (dta)", "export it from Stata with export delimited"),
    foreign(b"\x72\x02\x01\0", "a Stata file (dta)", "export it from Stata with export delimited"),
    foreign(b"\x73\x01\x01\0", "a Stata file (dta)", "export it from Stata with export delimited"),
    foreign(b"\x73\x02\x01\0", "a Stata file (dta)", "export it from Stata with export delimited"),
    foreign(b"RDX", "a workspace of R (RData)", FROM_R),
    foreign(b"X\n\0\0\0", "an object of R (rds)", FROM_R),
    foreign(b"%PDF-", "a PDF document", SAVE_TEXT),
    foreign(b"{\\rtf", "a document in rich text (RTF)", SAVE_TEXT),
    foreign(b"-----BEGIN PGP MESSAGE", "encrypted with PGP", DECRYPT),
    foreign(b"age-encryption.org/", "encrypted with age", DECRYPT),
    foreign(
        b"version https://git-lfs",
        "the pointer that Git LFS keeps in the place of a file",
        "fetch the file itself",
    ),
];

const SAS7BDAT: &[u8] =
    b"\0\0\0\0\0\0\0\0\0\0\0\0\xC2\xEA\x81\x60\xB3\x14\x11\xCF\xBD\x92\x08\0\x09\xC7\x31\x8C\x18\x1F\x10\x11";

static ZIP: Foreign = foreign(b"PK", "a zip archive", UNPACK_MANY);
static DAMAGED_BOOK: Foreign = foreign(
    b"PK",
    "a workbook that is damaged, or was cut short when it was copied",
    "copy it again, or open it in a spreadsheet and save it",
);
static DOCUMENT: Foreign = foreign(b"PK", "a text document (a zip archive)", SAVE_TEXT);
static OLD_OFFICE: Foreign = foreign(b"\xD0\xCF", "a file of an old office program that is no workbook", SAVE_TEXT);
static LOCKED: Foreign =
    foreign(b"\xD0\xCF", "an Excel workbook that is locked with a password", "save it without a password");
static WEB_PAGE: Foreign = foreign(
    b"<",
    "a web page (HTML)",
    "fetch the data itself; a sheet that was saved as a web page: save it as CSV UTF-8",
);
static XML: Foreign = foreign(b"<", "XML", SAVE_TEXT);

/// The longest mark that a text may begin with by chance, such as the `ORC` of a column's name.
const LONGEST_WORD: usize = 4;

/// How much of a file's beginning and end is searched for the names of the parts of an archive.
const SEARCHED: usize = 1 << 16;

/// What a file is that begins so.
pub(super) fn kind_of(start: &[u8], path: &Path) -> Kind {
    match start {
        [b'P', b'A', b'R', b'1', ..] => Kind::Parquet,
        [0x1F, 0x8B, ..] => Kind::Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Kind::Zstd,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => {
            archive(start, &end_of(path), is_named_as_workbook(path))
        }
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => compound(start, &end_of(path)),
        _ => plain(start),
    }
}

/// What was packed, by what it begins with once it is unpacked. What is packed twice, or is no text, is not read.
pub(super) fn unpacked_kind_of(start: &[u8]) -> Kind {
    match start {
        [b'P', b'K', 3, 4, ..] => Kind::Foreign(&ZIP),
        [0x1F, 0x8B, ..] => Kind::Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Kind::Zstd,
        [b'P', b'A', b'R', b'1', ..] => Kind::Parquet,
        _ => plain(start),
    }
}

/// A kind that is told by its mark, or a text.
fn plain(start: &[u8]) -> Kind {
    let is_binary = start.iter().take(512).any(|byte| *byte < b'\t');
    let has = |kind: &&Foreign| {
        let is_a_word = kind.mark.len() <= LONGEST_WORD && kind.mark.iter().all(u8::is_ascii_alphanumeric);
        start.get(kind.at..).is_some_and(|from| from.starts_with(kind.mark)) && (is_binary || !is_a_word)
    };
    if let Some(kind) = FOREIGN.iter().find(has) {
        return Kind::Foreign(kind);
    }
    let text = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    let begins = |with: &[u8]| text.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    if begins(b"<!doctype html") || begins(b"<html") {
        Kind::Foreign(&WEB_PAGE)
    } else if begins(b"<?xml") {
        Kind::Foreign(&XML)
    } else {
        Kind::Text
    }
}

/// A zip archive: a workbook is known by the names of its parts.
fn archive(start: &[u8], end: &[u8], is_named_as_workbook: bool) -> Kind {
    let start = start.get(..SEARCHED).unwrap_or(start);
    let has = |part: &[u8]| memmem::find(start, part).or_else(|| memmem::find(end, part)).is_some();
    if has(b"xl/workbook.") || has(b"application/vnd.oasis.opendocument.spreadsheet") {
        Kind::Workbook
    } else if has(b"word/document.xml") || has(b"application/vnd.oasis.opendocument.text") {
        Kind::Foreign(&DOCUMENT)
    } else if is_named_as_workbook || has(b"xl/") {
        Kind::Foreign(&DAMAGED_BOOK)
    } else {
        Kind::Foreign(&ZIP)
    }
}

/// Whether a file is named as workbooks are: one whose end is lost is known by that alone.
fn is_named_as_workbook(path: &Path) -> bool {
    let ending = path.extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
    ["xlsx", "xlsm", "xlsb", "ods"].contains(&ending.as_str())
}

/// A compound file, as Excel wrote workbooks until 2007; one that is locked is packed in such a file too.
fn compound(start: &[u8], end: &[u8]) -> Kind {
    let has = |stream: &str| {
        let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(start, &name).or_else(|| memmem::find(end, &name)).is_some()
    };
    if has("EncryptedPackage") {
        Kind::Foreign(&LOCKED)
    } else if has("Workbook") || has("Book") {
        Kind::Workbook
    } else {
        Kind::Foreign(&OLD_OFFICE)
    }
}

/// The last bytes of a file; nothing where they cannot be read, which the reader of the file then tells.
fn end_of(path: &Path) -> Vec<u8> {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = files::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(crate::domain::count_of(SEARCHED))))?;
        let mut end = Vec::new();
        file.read_to_end(&mut end)?;
        Ok(end)
    };
    read().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kind of a file with these bytes.
    fn kind(bytes: &[u8]) -> Kind {
        kind_of(bytes, Path::new("no-such-file"))
    }

    fn is(bytes: &[u8]) -> &'static str {
        match kind(bytes) {
            Kind::Foreign(kind) => kind.is,
            Kind::Parquet | Kind::Gzip | Kind::Zstd | Kind::Workbook | Kind::Text => "",
        }
    }

    #[test]
    fn every_mark_is_told_with_a_sentence_and_what_to_do() {
        for known in &FOREIGN {
            let mut bytes = vec![b' '; known.at];
            bytes.extend(known.mark);
            bytes.extend([0; 64]);
            assert_eq!(kind(&bytes), Kind::Foreign(known), "{}", known.is);
            assert!(!known.is.is_empty() && !known.hint.is_empty());
        }
    }

    #[test]
    fn no_mark_hides_another() {
        for (number, known) in FOREIGN.iter().enumerate() {
            let hidden =
                FOREIGN.iter().take(number).any(|other| other.at == known.at && known.mark.starts_with(other.mark));
            assert!(!hidden, "{}", known.is);
        }
    }

    #[test]
    fn texts_are_texts() {
        let utf16: Vec<u8> = "\u{feff}nino".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let texts: [&[u8]; 6] = [b"", b"nino,pay\n", b"{\"nino\": 1}", b"\xEF\xBB\xBFnino", &utf16, b"ORC,nino,pay\n"];
        for text in texts {
            assert_eq!(kind(text), Kind::Text);
        }
    }

    #[test]
    fn archives_are_told_by_what_is_in_them() {
        let archive = |part: &str| [b"PK\x03\x04 ", part.as_bytes(), b" rest"].concat();
        assert_eq!(kind(&archive("[Content_Types].xml xl/workbook.xml")), Kind::Workbook);
        assert_eq!(kind(&archive("xl/workbook.bin")), Kind::Workbook);
        assert_eq!(kind(&archive("mimetypeapplication/vnd.oasis.opendocument.spreadsheet")), Kind::Workbook);
        assert_eq!(is(&archive("word/document.xml")), "a text document (a zip archive)");
        assert_eq!(is(&archive("rti.csv")), "a zip archive");
        let cut = kind_of(b"PK\x03\x04[Content_Types].xml", Path::new("no-such-claims.XLSX"));
        assert_eq!(cut, Kind::Foreign(&DAMAGED_BOOK));
        assert_eq!(is(b"PK\x05\x06\0\0"), "a zip archive");
    }

    #[test]
    fn old_workbooks_are_told_from_locked_ones_and_from_other_compound_files() {
        let compound = |stream: &str| {
            let name: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), vec![0; 512], name].concat()
        };
        assert_eq!(kind(&compound("Workbook")), Kind::Workbook);
        assert_eq!(is(&compound("EncryptedPackage")), "an Excel workbook that is locked with a password");
        assert_eq!(is(&compound("WordDocument")), "a file of an old office program that is no workbook");
    }

    #[test]
    fn pages_and_xml_are_told_whatever_their_case() {
        assert_eq!(is(b"\n<!DOCTYPE HTML><html>"), "a web page (HTML)");
        assert_eq!(is(b"\xEF\xBB\xBF<?xml version=\"1.0\"?>"), "XML");
    }
}
