//! Globs, expanded folder by folder, so that a folder that cannot be read ends the run instead of matching nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::walk::unreadable;
use crate::error::InputError;

/// What a glob matches.
pub(super) struct Matches {
    /// The folder before the glob's first special character.
    pub(super) within: PathBuf,
    /// The matches, in the order of their names.
    pub(super) paths: Vec<PathBuf>,
}

/// The files and folders that a glob matches.
///
/// # Errors
/// A text that is no glob, or a folder that cannot be read.
pub(super) fn matches(text: &str) -> Result<Matches, InputError> {
    let path = Path::new(text);
    let parts: Vec<String> = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let plain = parts.iter().take_while(|part| !is_special(part)).count();
    let (before, special) = parts.split_at_checked(plain).unwrap_or_default();
    let parts: Option<Vec<Part>> = special.iter().map(|part| Part::read(part)).collect();
    let parts = parts.ok_or_else(|| {
        InputError::new(text, "this is not a glob", "use * for any part of a name, as in earnings/*.parquet")
    })?;
    let within: PathBuf = before.iter().collect();
    let mut paths = Vec::new();
    expand(&within, &parts, &mut paths)?;
    paths.sort();
    paths.dedup();
    Ok(Matches { within, paths })
}

fn is_special(part: &str) -> bool {
    part.contains(['*', '?', '['])
}

enum Part {
    /// A name as it is written.
    Plain(String),
    /// A name with wildcards.
    Wild(glob::Pattern),
    /// `**`: any number of folders.
    AnyFolders,
}

impl Part {
    fn read(text: &str) -> Option<Self> {
        match text {
            "**" => Some(Self::AnyFolders),
            _ if text.contains("**") => None,
            _ if is_special(text) => glob::Pattern::new(text).ok().map(Self::Wild),
            _ => Some(Self::Plain(text.to_owned())),
        }
    }
}

fn expand(within: &Path, parts: &[Part], found: &mut Vec<PathBuf>) -> Result<(), InputError> {
    let Some((first, rest)) = parts.split_first() else {
        found.push(within.to_path_buf());
        return Ok(());
    };
    match first {
        Part::Plain(name) => {
            let path = within.join(name);
            match fs::symlink_metadata(&path) {
                Ok(_) => expand(&path, rest, found),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(()),
                Err(error) => Err(unreadable(&path, &error)),
            }
        }
        Part::Wild(pattern) => {
            for path in entries(within)? {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                // Only a folder has something beneath it; a link that leads to nothing is an answer of its own.
                if pattern.matches(&name) && (rest.is_empty() || path.is_dir()) {
                    expand(&path, rest, found)?;
                }
            }
            Ok(())
        }
        Part::AnyFolders => {
            if rest.is_empty() {
                found.extend(entries(within)?);
                return Ok(());
            }
            expand(within, rest, found)?;
            for path in entries(within)? {
                // Links are not followed here: one that leads back would be followed for ever.
                if path.is_dir() && !path.is_symlink() {
                    expand(&path, parts, found)?;
                }
            }
            Ok(())
        }
    }
}

/// What stands in a folder; nothing where the path is none, as the match of a plain name may be a file.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, InputError> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let cannot = |error: io::Error| unreadable(folder, &error);
    let read = match fs::read_dir(folder) {
        Ok(read) => read,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(cannot(error)),
    };
    let entries: io::Result<Vec<PathBuf>> = read.map(|entry| entry.map(|entry| entry.path())).collect();
    let without_dot = |path: PathBuf| path.strip_prefix(".").map(Path::to_path_buf).unwrap_or(path);
    Ok(entries.map_err(cannot)?.into_iter().map(without_dot).collect())
}
