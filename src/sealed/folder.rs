//! A folder that is held open, so that what takes its place at its path is not read instead.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rustix::fs::{Dir, FileType, Mode, OFlags, openat};
use rustix::io::retry_on_intr;

use crate::error::describe_io_error;
use crate::files;
use crate::hash;

/// A folder that is held open.
#[derive(Debug)]
pub struct OpenFolder {
    handle: File,
    path: PathBuf,
}

impl OpenFolder {
    /// Opens a folder.
    ///
    /// # Errors
    /// It is none, or cannot be opened.
    pub fn open(path: &Path) -> Result<Self, String> {
        let handle = files::open_folder(path)
            .map_err(|error| format!("it could not be opened ({})", describe_io_error(&error)))?;
        Ok(Self { handle, path: path.to_owned() })
    }

    /// Where it was when it was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens a file of the folder. A link is not followed, and what is no file is not waited for.
    ///
    /// # Errors
    /// It is not there, or cannot be opened.
    pub fn file(&self, name: &str) -> Result<File, String> {
        let opened = files::open_in(&self.handle, name);
        opened.map_err(|error| format!("{name} could not be read ({})", describe_io_error(&error)))
    }

    /// A file of the folder that holds text.
    ///
    /// # Errors
    /// As [`OpenFolder::file`], or it is no text.
    pub fn text(&self, name: &str) -> Result<String, String> {
        let mut text = String::new();
        let read = self.file(name)?.read_to_string(&mut text);
        read.map_err(|error| format!("{name} could not be read ({})", describe_io_error(&error)))?;
        Ok(text)
    }

    /// The size and BLAKE3 hash of a file of the folder.
    ///
    /// # Errors
    /// As [`OpenFolder::file`].
    pub fn hash_of(&self, name: &str) -> Result<(u64, String), String> {
        let hashed = hash::hash_of_file(self.file(name)?);
        hashed.map_err(|error| format!("{name} could not be read ({})", describe_io_error(&error)))
    }

    /// The names of the files in the folder and the folders in it. Hidden ones, which no pattern of file names finds, are left out.
    ///
    /// # Errors
    /// The folder cannot be read, or holds something that is neither a plain file nor a folder.
    pub fn files(&self) -> Result<BTreeSet<String>, String> {
        let mut files = BTreeSet::new();
        list(&self.handle, "", &mut files)?;
        Ok(files)
    }
}

/// Adds the files of a folder, with `prefix` before their names. Folders that we publish hold folders of files at most.
fn list(folder: &File, prefix: &str, files: &mut BTreeSet<String>) -> Result<(), String> {
    let cannot = |error: rustix::io::Errno| format!("it could not be read ({})", describe_io_error(&error.into()));
    for entry in Dir::read_from(folder).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let own = entry.file_name().to_string_lossy().into_owned();
        if own.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{own}");
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let kind = kind_of(folder, &own).map_err(cannot)?;
        if kind == FileType::RegularFile {
            files.insert(name);
        } else if kind == FileType::Directory && prefix.is_empty() {
            let inner = retry_on_intr(|| openat(folder, own.as_str(), flags, Mode::empty())).map_err(cannot)?;
            list(&File::from(inner), &format!("{name}/"), files)?;
        } else {
            return Err(not_plain(&name));
        }
    }
    Ok(())
}

/// What a name stands for; a link is not followed.
fn kind_of(folder: &File, name: &str) -> rustix::io::Result<FileType> {
    let stat = rustix::fs::statat(folder, name, rustix::fs::AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(FileType::from_raw_mode(stat.st_mode))
}

fn not_plain(name: &str) -> String {
    format!("{name} is no plain file")
}
