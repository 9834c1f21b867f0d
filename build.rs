//! Works out the build identity: the BLAKE3 of all sources that can change a verdict or a byte of a result.
//!
//! Results carry it, and a run with equal inputs counts as the same run only if it is equal too. The sources are all
//! files under `src/` but those of the command line (`src/cli/`, words on the screen), and the manifests that say which
//! crates are built in, with which features. Tests inside these files count: to cut them off would be to trust that the
//! cut never takes a line that decides.
//!
//! The same sources have the same identity on every machine: files are hashed in the order of their paths, relative to
//! the project and with `/` between folders, and line ends are those of Unix. No absolute path, clock or environment is
//! in it.

use std::fs;
use std::io;
use std::path::Path;

/// The folder of all sources.
const SOURCES: &str = "src";

/// The folder under it whose sources cannot change a result.
const COMMAND_LINE: &str = "src/cli";

/// The files beside it that say which crates are built in.
const MANIFESTS: [&str; 2] = ["Cargo.lock", "Cargo.toml"];

fn main() -> io::Result<()> {
    let project = std::env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?;
    for source in [SOURCES].iter().chain(&MANIFESTS) {
        println!("cargo::rerun-if-changed={source}");
    }
    println!("cargo::rustc-env=SUSTAIN_BUILD={}", identity(Path::new(&project))?);
    Ok(())
}

/// The build identity of the sources of a project, in hexadecimal.
///
/// # Errors
/// A source cannot be read.
pub(crate) fn identity(project: &Path) -> io::Result<String> {
    let mut sources: Vec<String> = MANIFESTS.map(str::to_owned).to_vec();
    find(project, SOURCES, &mut sources)?;
    sources.sort();
    let mut hasher = blake3::Hasher::new();
    // Each text is hashed with its length, so that two different sequences of texts are never hashed as the same bytes.
    let mut add = |text: &[u8]| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text);
    };
    for source in sources {
        let text = fs::read(project.join(&source))?;
        add(source.as_bytes());
        add(&with_unix_line_ends(&text));
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// Finds the files under a folder, named from the project with `/` between folders. Hidden files are editors', not ours.
fn find(project: &Path, folder: &str, sources: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(project.join(folder))? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|_| io::ErrorKind::InvalidFilename)?;
        let source = format!("{folder}/{name}");
        if name.starts_with('.') || source == COMMAND_LINE {
            continue;
        }
        if entry.file_type()?.is_dir() {
            find(project, &source, sources)?;
        } else {
            sources.push(source);
        }
    }
    Ok(())
}

/// The text with a line feed for each carriage return and line feed, which version control may have put there.
fn with_unix_line_ends(text: &[u8]) -> Vec<u8> {
    let mut bytes = text.iter().copied().peekable();
    let mut unix = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte != b'\r' || bytes.peek() != Some(&b'\n') {
            unix.push(byte);
        }
    }
    unix
}
