//! The scheme that was named on the command line: a built-in one or a file.

use std::path::Path;

use crate::error::{RunError, describe_io_error};
use crate::files::{self, NotAFile};
use crate::rules::allows;
use crate::scheme::{BUILT_IN, LoadError, Scheme, built_in, load};

/// A scheme with the values supplied for its parameters.
///
/// # Errors
/// There is no such scheme, its file has mistakes, or a value cannot be used.
pub(super) fn named(name: &str, supplied: &[(String, String)]) -> Result<Scheme, RunError> {
    let text = text_of(name)?;
    if let Some((id, _)) = supplied
        .iter()
        .enumerate()
        .find_map(|(at, one)| supplied.get(..at)?.iter().any(|(id, _)| *id == one.0).then_some(one))
    {
        return Err(RunError::choice(format!("--param {id} is given twice"), "give it once"));
    }
    load::load_with(&text, &supplied.iter().cloned().collect(), allows).map_err(|error| match error {
        LoadError::File(mistakes) => RunError::Scheme { file: name.to_owned(), mistakes },
        LoadError::Supplied { id, problem, hint } => RunError::choice(
            format!("--param {id}: {problem}"),
            format!("{hint}; `sustain schemes show {name}` explains it"),
        ),
    })
}

/// The text of a built-in scheme or of a scheme file.
///
/// # Errors
/// The name is neither that of a built-in scheme nor that of a file.
pub(super) fn text_of(name: &str) -> Result<String, RunError> {
    if let Some(text) = built_in(name) {
        return Ok(text.to_owned());
    }
    if !Path::new(name).exists() {
        let ids = || BUILT_IN.iter().map(|(id, _)| *id);
        let distance = |id: &&str| strsim::damerau_levenshtein(id, &name.to_lowercase());
        let close = |id: &&str| distance(id) <= 1 + name.len() / 4 || (3 <= name.len() && id.contains(name));
        let nearest = ids().min_by_key(distance).filter(close).or_else(|| ids().find(close));
        let hint = match nearest {
            Some(id) => format!("did you mean {id}? sustain schemes lists them all"),
            None => format!("name a scheme file, or one of: {}", ids().collect::<Vec<_>>().join(", ")),
        };
        return Err(RunError::choice(format!("there is no scheme {name}, built in or as a file"), hint));
    }
    files::text(Path::new(name)).map_err(|error| {
        RunError::choice(
            format!("the scheme file {name} could not be read ({})", describe_io_error(&error)),
            NotAFile::hint_of(&error, "a scheme is a text file in UTF-8"),
        )
    })
}
