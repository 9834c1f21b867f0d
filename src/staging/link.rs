//! Finds where a result goes whose name is a symbolic link: the folder that the link points to. The link itself stays.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{RunError, describe_io_error};
use crate::progress::ProgressSink;

/// The place of a result: what was named, or what it points to where it is a symbolic link, which is noted.
///
/// # Errors
/// The link leads nowhere, or to something that is no folder.
pub fn place_of(out: &Path, progress: &dyn ProgressSink) -> Result<PathBuf, RunError> {
    // Without a slash at its end, behind which a link would be followed.
    let named: PathBuf = out.components().collect();
    if !is_link(&named) {
        return Ok(out.to_owned());
    }
    let shown = out.display();
    let refused = |problem: String| {
        RunError::choice(
            problem,
            "remove the link, or name the directory itself that the result is to go to with --out",
        )
    };
    let place = fs::canonicalize(&named).map_err(|error| {
        let why = describe_io_error(&error);
        refused(format!("{shown} is a symbolic link that leads nowhere ({why})"))
    })?;
    if !place.is_dir() {
        return Err(refused(format!("{shown} is a symbolic link to {}, which is no folder", place.display())));
    }
    progress.note(&format!("{shown} is a symbolic link: the result goes to {}, and the link stays", place.display()));
    Ok(place)
}

/// Refuses a name that is a symbolic link: a rename would put the result in the place of the link.
///
/// # Errors
/// It is one.
pub(super) fn refuse_link(target: &Path) -> Result<(), RunError> {
    if !is_link(target) {
        return Ok(());
    }
    Err(RunError::choice(
        format!("{} is a symbolic link", target.display()),
        "name the directory itself that the result is to go to with --out",
    ))
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}
