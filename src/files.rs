//! Opens files to be read. Only a regular file is an input: a pipe would make the run wait for whoever writes to it, a device
//! may have no end, and neither can be read twice, as an input is that is hashed first.

use std::fmt;
use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{Mode, OFlags, openat};
use rustix::io::retry_on_intr;

/// What stands where a file is expected, and is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAFile(&'static str);

impl NotAFile {
    /// What to do about it.
    pub const HINT: &'static str = "a file that lies on a disk is expected, as it is read more than once: write what this gives to a file, and name that";

    /// What to do about a file that could not be read: of one that is none, to put a file in its place.
    pub fn hint_of(error: &io::Error, otherwise: &'static str) -> &'static str {
        if Self::of(error).is_some() { Self::HINT } else { otherwise }
    }

    /// What of this kind is no file; nothing where it is one.
    pub fn of_kind(kind: FileType) -> Option<Self> {
        if kind.is_file() {
            None
        } else if kind.is_fifo() {
            Some(Self("a named pipe"))
        } else if kind.is_socket() {
            Some(Self("a socket"))
        } else if kind.is_char_device() || kind.is_block_device() {
            Some(Self("a device"))
        } else {
            Some(Self("a folder"))
        }
    }

    /// What stood where a file was to be opened, where that is why it could not be.
    pub fn of(error: &io::Error) -> Option<Self> {
        error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()).copied()
    }
}

impl fmt::Display for NotAFile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "this is {}, and no file", self.0)
    }
}

impl std::error::Error for NotAFile {}

fn is_regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    NotAFile::of_kind(metadata.file_type())
        .map_or(Ok(()), |found| Err(io::Error::new(io::ErrorKind::InvalidInput, found)))
}

/// Opens a regular file to be read, and never waits.
///
/// # Errors
/// It cannot be opened, or is no regular file: [`NotAFile::of`] then tells what it is.
pub fn open(path: &Path) -> io::Result<File> {
    // Looked at before it is opened, for opening a device may do something to it.
    is_regular(&fs::metadata(path)?)?;
    // A pipe that took its place meanwhile is opened without waiting, and refused by what the handle says.
    let flags = i32::try_from((OFlags::NONBLOCK | OFlags::NOCTTY).bits()).unwrap_or(0);
    let file = match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        // A file server holds it for somebody and gives it back at once: for a file, to wait for that is right.
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => File::open(path)?,
        opened => opened?,
    };
    is_regular(&file.metadata()?)?;
    Ok(file)
}

/// Opens a folder, to be locked or flushed to disk.
///
/// # Errors
/// It cannot be opened, or is no folder.
pub fn open_folder(path: &Path) -> io::Result<File> {
    let flags = i32::try_from(OFlags::DIRECTORY.bits()).unwrap_or(0);
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

/// Opens a folder that is no symbolic link to one.
///
/// # Errors
/// It cannot be opened, or is no folder.
pub fn open_folder_itself(path: &Path) -> io::Result<File> {
    let flags = i32::try_from((OFlags::DIRECTORY | OFlags::NOFOLLOW).bits()).unwrap_or(0);
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

/// Opens a regular file of an open folder to be read, and never waits. A link is not followed.
///
/// # Errors
/// It cannot be opened, or is no regular file: [`NotAFile::of`] then tells what it is.
pub fn open_in(folder: &File, name: &str) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = retry_on_intr(|| openat(folder, name, flags, Mode::empty())).map(File::from)?;
    match NotAFile::of_kind(file.metadata()?.file_type()) {
        None => Ok(file),
        Some(found) => Err(io::Error::new(io::ErrorKind::InvalidInput, found)),
    }
}

/// The most bytes of a scheme or a profile.
const MOST_TEXT_BYTES: u64 = 512 << 10;

/// Reads a regular file of text in UTF-8, such as a scheme or a profile.
///
/// # Errors
/// As [`open`]; it cannot be read, is no UTF-8, or is larger than any such file.
pub fn text(path: &Path) -> io::Result<String> {
    text_of_at_most(path, MOST_TEXT_BYTES)
}

/// Reads a regular file of text in UTF-8 of so many bytes at most.
///
/// # Errors
/// As [`open`]; it cannot be read, is no UTF-8, or is larger ([`io::ErrorKind::FileTooLarge`]).
pub fn text_of_at_most(path: &Path, most_bytes: u64) -> io::Result<String> {
    let mut text = String::new();
    open(path)?.take(most_bytes.saturating_add(1)).read_to_string(&mut text)?;
    let is_too_large = u64::try_from(text.len()).is_ok_and(|bytes| most_bytes < bytes);
    if is_too_large { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(text) }
}

/// Reads a regular file of text in UTF-8, however large.
///
/// # Errors
/// As [`open`]; it cannot be read, or is no UTF-8.
pub fn text_of_any_size(path: &Path) -> io::Result<String> {
    text_of_at_most(path, u64::MAX)
}

/// What tells that a file is the one that was read before, and that nothing was written to it since. A file that was put in its
/// place has another number, and one that was written to another time of change, which nobody can set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    device: u64,
    number: u64,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Identity {
    /// The identity of an open file.
    ///
    /// # Errors
    /// The system does not tell.
    pub fn of(file: &File) -> io::Result<Self> {
        file.metadata().map(|metadata| Self::told_by(&metadata))
    }

    /// The identity of what lies at a path.
    ///
    /// # Errors
    /// Nothing is there, or the system does not tell.
    pub fn at(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|metadata| Self::told_by(&metadata))
    }

    fn told_by(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            number: metadata.ino(),
            bytes: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn what_is_no_file_is_named_and_never_waited_for() {
        let room = tempfile::tempdir().unwrap();
        let pipe = room.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let socket = room.path().join("socket");
        let _held = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let refused = |path: &Path| NotAFile::of(&open(path).unwrap_err()).unwrap().to_string();
        assert_eq!(refused(&pipe), "this is a named pipe, and no file");
        assert_eq!(refused(&socket), "this is a socket, and no file");
        assert_eq!(refused(Path::new("/dev/zero")), "this is a device, and no file");
        assert_eq!(open(room.path()).unwrap_err().kind(), io::ErrorKind::IsADirectory);
        assert_eq!(open(&room.path().join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn another_file_of_the_same_length_and_time_in_its_place_is_another_file() {
        let room = tempfile::tempdir().unwrap();
        let (one, other) = (room.path().join("one"), room.path().join("other"));
        fs::write(&one, "a,b\n1,2\n").unwrap();
        fs::write(&other, "a,b\n1,3\n").unwrap();
        let before = Identity::of(&open(&one).unwrap()).unwrap();
        assert_eq!(Identity::at(&one).unwrap(), before);
        let modified = fs::metadata(&one).unwrap().modified().unwrap();
        let times = fs::FileTimes::new().set_modified(modified);
        File::options().write(true).open(&other).unwrap().set_times(times).unwrap();
        fs::rename(&other, &one).unwrap();
        assert_ne!(Identity::at(&one).unwrap(), before);
    }

    #[test]
    fn a_file_written_to_with_its_time_set_back_is_told_by_the_time_of_change() {
        let room = tempfile::tempdir().unwrap();
        let path = room.path().join("one");
        fs::write(&path, "a,b\n1,2\n").unwrap();
        let before = Identity::at(&path).unwrap();
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        // Clocks of file systems tick a few milliseconds apart.
        std::thread::sleep(std::time::Duration::from_millis(20));
        let mut file = File::options().write(true).open(&path).unwrap();
        file.write_all(b"a,b\n1,3\n").unwrap();
        file.set_times(fs::FileTimes::new().set_modified(modified)).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), modified);
        assert_ne!(Identity::at(&path).unwrap(), before);
    }
}
