//! Resolves the paths on the command line to files: nothing that stands under a path is passed over in silence.
//!
//! ```text
//!  path ──▶ a file              named itself: held to everything
//!       ──▶ pattern: a glob     every match, and the folders among them
//!       ──▶ walk:    a folder   every entry, at any depth, through links
//!                       ├──▶ table_format   a folder whose old files hold withdrawn rows: refused
//!                       ├──▶ stray          what is no data: left out, with its name and the reason
//!                       └──▶ partition      `name=value`: a column that the files beneath do not have
//!  all files ──▶ names: what tells files of one name apart
//! ```

mod names;
mod partition;
mod pattern;
mod stray;
mod table_format;
mod walk;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::file_options::FileOptions;
use super::source::{InputFile, Sniffed};
use crate::account::LeftOut;
use crate::domain::Column;
use crate::error::InputError;
pub(crate) use names::told_apart;
pub use partition::FolderValue;
use walk::Walk;

/// The extracts that paths mean, read once each, and what was left out.
#[derive(Debug, Default)]
pub struct Extracts {
    /// The files, in the order in which the paths were given; within a folder or a glob by name.
    pub files: Vec<Sniffed>,
    /// What stands under a folder or a glob and is no data, in the same order.
    pub left_out: Vec<LeftOut>,
}

/// What one path means.
struct Resolved<'p> {
    path: &'p Path,
    files: Vec<ResolvedFile>,
    /// What is no data by its name or its size.
    left_out: Vec<LeftOut>,
}

/// A file that a path means.
struct ResolvedFile {
    file: InputFile,
    found: Found,
}

/// How a file was come by, which decides what it is held to.
enum Found {
    /// It was named on the command line: it is an extract, or the run is refused.
    Named,
    /// It stands under a folder or matches a glob, by this name there: it is left out where it is plainly no extract.
    Under(String),
    /// As [`Found::Under`], but its name or that of a folder above it begins with `_` or `.`, which writers give to what is
    /// no data: it is left out, unless it has the columns of an extract.
    Hidden(String),
}

/// What became of a file once it was read.
enum Examined {
    Extract(Sniffed),
    LeftOut(LeftOut),
}

/// The files with some of these columns that the given paths mean, to be read as the person asks.
///
/// # Errors
/// A path that is not there, a glob that matches nothing, something under a folder that cannot be read, a folder of a table
/// format, a path with no extract in it, or a file meant twice.
pub fn extracts(paths: &[PathBuf], columns: &[Column], options: &Arc<FileOptions>) -> Result<Extracts, InputError> {
    let mut resolved = resolve(paths)?;
    for ResolvedFile { file, .. } in resolved.iter_mut().flat_map(|resolved| &mut resolved.files) {
        file.options = Arc::clone(options);
    }
    let examined: Vec<Extracts> =
        resolved.into_par_iter().map(|resolved| resolved.examine(columns)).collect::<Result<_, _>>()?;
    let mut all = Extracts::default();
    for of_path in examined {
        all.files.extend(of_path.files);
        all.left_out.extend(of_path.left_out);
    }
    Ok(all)
}

/// As [`extracts`], each file under a name that no other one has.
///
/// # Errors
/// As [`extracts`].
pub fn batch(paths: &[PathBuf], columns: &[Column], options: &Arc<FileOptions>) -> Result<Extracts, InputError> {
    let mut batch = extracts(paths, columns, options)?;
    let places: Vec<PathBuf> = batch.files.iter().map(Sniffed::place).collect();
    for (file, name) in batch.files.iter_mut().zip(told_apart(places.iter().map(PathBuf::as_path))) {
        file.source.name = name;
    }
    Ok(batch)
}

fn resolve(paths: &[PathBuf]) -> Result<Vec<Resolved<'_>>, InputError> {
    let resolved: Vec<Resolved<'_>> = paths.iter().map(|path| Resolved::of(path)).collect::<Result<_, _>>()?;
    let mut seen = BTreeSet::new();
    for ResolvedFile { file, .. } in resolved.iter().flat_map(|resolved| &resolved.files) {
        let canonical = std::fs::canonicalize(&file.path).unwrap_or_else(|_| file.path.clone());
        if !seen.insert(canonical) {
            return Err(file.error("this file is named twice", "name each file once"));
        }
    }
    Ok(resolved)
}

impl<'p> Resolved<'p> {
    fn of(path: &'p Path) -> Result<Self, InputError> {
        let text = path.to_string_lossy();
        let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
        let resolved = match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let mut walk = Walk::under(path)?;
                walk.folder(path)?;
                Self::walked(path, walk)?
            }
            Ok(_) => {
                let file = input_file(path.to_path_buf())?;
                Self { path, files: vec![ResolvedFile { file, found: Found::Named }], left_out: Vec::new() }
            }
            Err(_) if !is_link && text.contains(['*', '?', '[']) => {
                let matches = pattern::matches(&text)?;
                let folders: BTreeSet<&Path> = matches.paths.iter().filter_map(|path| path.parent()).collect();
                folders.into_iter().try_for_each(table_format::refuse_parts)?;
                let mut walk = Walk::under(&matches.within)?;
                matches.paths.iter().try_for_each(|path| walk.matched(path))?;
                Self::walked(path, walk)?
            }
            Err(error) => return Err(walk::unreadable(path, &error)),
        };
        if resolved.files.is_empty() { Err(nothing_there(path, &resolved.left_out)) } else { Ok(resolved) }
    }

    fn walked(path: &'p Path, walk: Walk) -> Result<Self, InputError> {
        let file = |(path, found)| Ok(ResolvedFile { file: input_file(path)?, found });
        Ok(Self {
            path,
            files: walk.files.into_iter().map(file).collect::<Result<_, InputError>>()?,
            left_out: walk.left_out,
        })
    }

    /// Reads every file once, and decides which of them are extracts.
    fn examine(self, columns: &[Column]) -> Result<Extracts, InputError> {
        let examined: Vec<Examined> =
            self.files.par_iter().map(|file| file.examine(columns)).collect::<Result<_, _>>()?;
        let mut of_path = Extracts { files: Vec::new(), left_out: self.left_out };
        for file in examined {
            match file {
                Examined::Extract(sniffed) => of_path.files.push(sniffed),
                Examined::LeftOut(left_out) => of_path.left_out.push(left_out),
            }
        }
        if of_path.files.is_empty() { Err(nothing_there(self.path, &of_path.left_out)) } else { Ok(of_path) }
    }
}

/// The error of a path under which nothing is to be read.
fn nothing_there(path: &Path, left_out: &[LeftOut]) -> InputError {
    let hint = "name a file, a folder with files in it, or a glob";
    let Some(first) = left_out.first() else {
        return InputError::new(path.display().to_string(), "no file is there", hint);
    };
    let more = left_out.len() - 1;
    let more = if more == 0 { String::new() } else { format!(", and {more} more were left out") };
    let problem = format!("no extract is there: {} was left out, because {}{more}", first.file, first.reason);
    InputError::new(path.display().to_string(), problem, hint)
}

fn input_file(path: PathBuf) -> Result<InputFile, InputError> {
    let folder_values = partition::values(&path)?;
    Ok(InputFile { folder_values, ..InputFile::new(path) })
}

impl ResolvedFile {
    /// Reads the file, and decides whether it is an extract.
    ///
    /// # Errors
    /// It cannot be read, it is a kind of file that is not read, or it has the columns of an extract and a name that says it
    /// is none.
    fn examine(&self, columns: &[Column]) -> Result<Examined, InputError> {
        let sniffed = self.file.sniff()?;
        let left_out = |file: &String, reason: &str| {
            Ok(Examined::LeftOut(LeftOut { file: file.clone(), reason: reason.to_owned() }))
        };
        match &self.found {
            Found::Named => Ok(Examined::Extract(sniffed)),
            Found::Under(name) => match stray::by_content(&sniffed, columns)? {
                Some(reason) => left_out(name, reason),
                None => Ok(Examined::Extract(sniffed)),
            },
            Found::Hidden(name) if !stray::has_columns(&sniffed, columns)? => left_out(name, stray::HIDDEN),
            Found::Hidden(_) => Err(self.file.error(
                "the file has the columns of an extract, and its name, or that of a folder above it, begins with `_` or `.`, \
                 as names of what is no data do",
                "rename it or name it itself, if it is to be read; else move it out of the folder",
            )),
        }
    }
}

#[cfg(test)]
mod tests;
