//! A prepared store: an extract written once, sorted by person, so that a run reads only the pages of the people it
//! seeks.
//!
//! A store is a directory. `store.json`, its [`Manifest`], says which files belong to it; a file it does not name is no
//! part of it. A part is plain Parquet with a page index: the columns of an extract under our names, every cell as it
//! stood, and beside them whose row it is (`stem`) and where it stood (`file`, `row`, `line`). What is read of a part is verified
//! block by block. Parts are never changed:
//! a later extract is appended as further parts, and the manifest that names them is put in the old one's place in one
//! step.
//!
//! The results of a run are a function of the extract, not of its form: what the store says of its files is what a run
//! that read the files themselves would say.

mod blocks;
pub mod manifest;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{InputError, describe_io_error};
pub use blocks::BlockHashes;
pub use manifest::{Manifest, StorePart, StoredFile};

/// The name of the manifest.
pub const MANIFEST: &str = "store.json";

/// The columns of a part that an extract does not have. `stem` is the first column, the others come last.
pub mod column {
    /// Whose row it is: the first eight characters of the National Insurance number, or nothing.
    pub const STEM: &str = "stem";
    /// Which of the store's files the row came from, counted from 0.
    pub const FILE: &str = "file";
    /// The row's number there, counted from 1.
    pub const ROW: &str = "row";
    /// The line it began on there, where that was a text file.
    pub const LINE: &str = "line";
}

/// A store that was opened.
#[derive(Debug, Clone)]
pub struct Store {
    /// Its directory.
    pub folder: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
}

/// Whether a path seems to be a store: a directory with a manifest.
pub fn is_store(path: &Path) -> bool {
    path.join(MANIFEST).is_file()
}

impl Store {
    /// Opens a store and makes sure that its parts are there.
    ///
    /// # Errors
    /// A manifest that is not one or does not add up, or a part that is not there or has another size.
    pub fn open(folder: &Path) -> Result<Self, InputError> {
        let store = Self { folder: folder.to_path_buf(), manifest: manifest::read(folder)? };
        for part in &store.manifest.parts {
            let path = store.path(&part.name);
            let size = fs::metadata(&path).map_err(|error| {
                damaged(folder, &format!("{} could not be read ({})", part.name, describe_io_error(&error)))
            })?;
            if size.len() != part.bytes {
                return Err(damaged(folder, &format!("{} has not the size it was written with", part.name)));
            }
        }
        Ok(store)
    }

    /// The path of one of its files.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The hashes of the blocks of a part.
    ///
    /// # Errors
    /// They cannot be read, or are not the ones that were written.
    pub fn blocks(&self, part: &StorePart) -> Result<Arc<BlockHashes>, InputError> {
        let name = part.blocks_name();
        let read = BlockHashes::read(&self.path(&name), part.bytes, &part.blocks).map_err(|error| {
            damaged(&self.folder, &format!("{name} could not be read ({})", describe_io_error(&error)))
        })?;
        let blocks = read.ok_or_else(|| damaged(&self.folder, &format!("{name} is not the file that was written")))?;
        Ok(Arc::new(blocks))
    }

    /// Reads every byte of the store and makes sure that it is what was written.
    ///
    /// # Errors
    /// A file that was changed.
    pub fn verify(&self) -> Result<(), InputError> {
        for part in &self.manifest.parts {
            let hash = crate::hash::hash_of(&self.path(&part.name))
                .map_err(|error| damaged(&self.folder, &error.to_string()))?;
            if hash != (part.bytes, part.blake3.clone()) {
                return Err(damaged(&self.folder, &format!("{} is not the file that was written", part.name)));
            }
            self.blocks(part)?;
        }
        Ok(())
    }
}

/// The error of a store that is not as it was written.
pub fn damaged(folder: &Path, problem: &str) -> InputError {
    let problem = format!("the prepared store cannot be used: {problem}");
    InputError::new(folder.display().to_string(), problem, "prepare it again with sustain prepare")
}
