//! Resolves the paths on the command line to input files: files, folders with all their files, and globs.

use std::path::{Path, PathBuf};

use super::source::InputFile;
use crate::error::InputError;

/// How deep folders are searched.
const DEEPEST: usize = 8;

/// The files that the given paths mean, in the order given; within a folder or a glob by name.
///
/// Hidden files and those whose name begins with `_`, which writers of partitioned files leave behind, are passed over.
///
/// # Errors
/// A path that is not there, a glob that matches nothing, a folder with no file in it, or a file meant twice.
pub fn resolve(paths: &[PathBuf]) -> Result<Vec<InputFile>, InputError> {
    let mut sources = Vec::new();
    for path in paths {
        let found = meant_by(path)?;
        if found.is_empty() {
            return Err(InputError::new(
                path.display().to_string(),
                "no file is there",
                "name a file, a folder with files in it, or a glob",
            ));
        }
        sources.extend(found);
    }
    let mut seen = std::collections::BTreeSet::new();
    for path in &sources {
        let canonical = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        if !seen.insert(canonical) {
            return Err(InputError::new(path.display().to_string(), "this file is named twice", "name each file once"));
        }
    }
    Ok(sources.into_iter().map(InputFile::new).collect())
}

fn meant_by(path: &Path) -> Result<Vec<PathBuf>, InputError> {
    if path.is_dir() {
        return files_in(path, 0);
    }
    if path.exists() {
        return Ok(vec![path.to_path_buf()]);
    }
    let text = path.to_string_lossy();
    if !text.contains(['*', '?', '[']) {
        return Err(InputError::new(text, "there is no such file or folder", "check the path"));
    }
    let matches = glob::glob(&text).map_err(|_| {
        InputError::new(text.clone(), "this is not a glob", "use * for any part of a name, as in earnings/*.parquet")
    })?;
    let mut files: Vec<PathBuf> = matches.filter_map(Result::ok).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}

fn files_in(folder: &Path, depth: usize) -> Result<Vec<PathBuf>, InputError> {
    let unreadable =
        |_| InputError::new(folder.display().to_string(), "the folder could not be read", "check that it may be read");
    let mut files = Vec::new();
    let mut entries =
        std::fs::read_dir(folder).map_err(unreadable)?.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let passed_over = name.to_string_lossy().starts_with(['.', '_']);
        let path = entry.path();
        if passed_over {
            continue;
        }
        if path.is_dir() && depth < DEEPEST {
            files.extend(files_in(&path, depth + 1)?);
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}
