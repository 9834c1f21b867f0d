//! Published folders that can be verified: an account that names every file, sealed over its own bytes.
//!
//! The seal tells a change, by hand, by a program or by a disk, from what was written. It is no signature: whoever can write an
//! account can seal another one.

mod folder;

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::account::{OutputAccount, RunAccount};
use crate::error::{InputError, RunError};
pub use folder::OpenFolder;

/// The account of a published folder. Its last field is `seal`, the BLAKE3 of its bytes with an empty seal.
pub trait SealedAccount: Serialize + DeserializeOwned {
    /// Where the account lies in the folder.
    const FILE: &'static str;

    /// What to do where a folder has no such account.
    const NAME: &'static str;

    /// What to do where a folder is not as it was written.
    const AGAIN: &'static str;

    /// Files that people write in, such as a sheet to fill in: they must be there, and may be changed.
    const FILLED_IN: &'static [&'static str] = &[];

    /// The other files of the folder.
    fn outputs(&self) -> &[OutputAccount];

    /// The seal.
    fn seal_mut(&mut self) -> &mut String;
}

impl SealedAccount for RunAccount {
    const FILE: &'static str = "run.json";
    const NAME: &'static str = "name the directory of a finished run";
    const AGAIN: &'static str = "the result was changed or is not whole: run again";

    fn outputs(&self) -> &[OutputAccount] {
        &self.outputs
    }

    fn seal_mut(&mut self) -> &mut String {
        &mut self.seal
    }
}

/// Seals an account and returns it as its file holds it.
///
/// # Errors
/// Never for an account: all its parts are plain data.
pub fn sealed_text<A: SealedAccount>(account: &mut A) -> Result<String, RunError> {
    const PLACE: &str = "the seal stands here";
    PLACE.clone_into(account.seal_mut());
    let text = text(account)?;
    let (before, after) = text.rsplit_once(PLACE).ok_or_else(|| not_sealed::<A>())?;
    let seal = seal_of(before, after);
    account.seal_mut().clone_from(&seal);
    Ok([before, &seal, after].concat())
}

fn text<A: SealedAccount>(account: &A) -> Result<String, RunError> {
    let text = serde_json::to_string_pretty(account);
    text.map(|text| text + "\n").map_err(|_| not_sealed::<A>())
}

fn not_sealed<A: SealedAccount>() -> RunError {
    RunError::Untrusted(format!("{} could not be sealed", A::FILE))
}

/// The hash of a text without the seal in it.
fn seal_of(before: &str, after: &str) -> String {
    blake3::hash([before, after].concat().as_bytes()).to_hex().to_string()
}

/// Whether a folder seems to have such an account.
pub fn is_in<A: SealedAccount>(path: &Path) -> bool {
    path.join(A::FILE).is_file()
}

/// Opens a folder that has such an account.
///
/// # Errors
/// There is no folder, or no such account in it.
pub fn open<A: SealedAccount>(path: &Path) -> Result<OpenFolder, InputError> {
    let has_account = |folder: OpenFolder| folder.file(A::FILE).map(|_| folder);
    OpenFolder::open(path).and_then(has_account).map_err(|problem| error_of(path, problem, A::NAME))
}

/// Reads the account of a folder. Its other files are not looked at.
///
/// # Errors
/// It is not the one that was written.
pub fn read<A: SealedAccount>(folder: &OpenFolder) -> Result<A, InputError> {
    account_of(folder).map_err(|problem| error_of(folder.path(), problem, A::AGAIN))
}

/// Reads the account of a folder and makes sure that the folder holds the files it names, byte for byte, and no others.
///
/// # Errors
/// The first difference.
pub fn verify<A: SealedAccount>(folder: &OpenFolder) -> Result<A, InputError> {
    let verified = account_of(folder).and_then(|account: A| holds(folder, &account).map(|()| account));
    verified.map_err(|problem| error_of(folder.path(), problem, A::AGAIN))
}

/// Opens a folder and verifies it.
///
/// # Errors
/// As [`open`] and [`verify`].
pub fn verified<A: SealedAccount>(path: &Path) -> Result<A, InputError> {
    open::<A>(path).and_then(|folder| verify(&folder))
}

fn error_of(path: &Path, problem: String, hint: &str) -> InputError {
    InputError::new(path.display().to_string(), problem, hint)
}

fn account_of<A: SealedAccount>(folder: &OpenFolder) -> Result<A, String> {
    let text = folder.text(A::FILE)?;
    let mut account: A = serde_json::from_str(&text).map_err(|error| {
        format!("{} is not an account of its kind, at line {}, column {}", A::FILE, error.line(), error.column())
    })?;
    let seal = std::mem::take(account.seal_mut());
    let is_whole =
        !seal.is_empty() && text.rsplit_once(&seal).is_some_and(|(before, after)| seal_of(before, after) == seal);
    if !is_whole {
        return Err(format!("{} is not the one that was written", A::FILE));
    }
    *account.seal_mut() = seal;
    Ok(account)
}

/// Makes sure that a folder holds the files that an account names, and no others.
fn holds<A: SealedAccount>(folder: &OpenFolder, account: &A) -> Result<(), String> {
    let named: BTreeSet<&str> = account.outputs().iter().map(|output| output.name.as_str()).chain([A::FILE]).collect();
    let there = folder.files()?;
    if let Some(missing) = named.iter().find(|name| !there.contains(**name)) {
        return Err(format!("{missing} is missing"));
    }
    if let Some(added) = there.iter().find(|name| !named.contains(name.as_str())) {
        return Err(format!("it holds {added}, which was not written there; move it away"));
    }
    for output in account.outputs().iter().filter(|output| !A::FILLED_IN.contains(&output.name.as_str())) {
        let (bytes, blake3) = folder.hash_of(&output.name)?;
        if (bytes, &blake3) != (output.bytes, &output.blake3) {
            return Err(format!("{} is not the file that was written", output.name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde::Deserialize;

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Small {
        says: String,
        outputs: Vec<OutputAccount>,
        seal: String,
    }

    impl SealedAccount for Small {
        const FILE: &'static str = "inner/small.json";
        const NAME: &'static str = "name a small one";
        const AGAIN: &'static str = "write it again";
        const FILLED_IN: &'static [&'static str] = &["sheet.csv"];

        fn outputs(&self) -> &[OutputAccount] {
            &self.outputs
        }

        fn seal_mut(&mut self) -> &mut String {
            &mut self.seal
        }
    }

    fn written() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("inner")).unwrap();
        let mut outputs = Vec::new();
        for (name, text) in [("a.csv", "a,b\n"), ("sheet.csv", "empty\n"), ("inner/b.csv", "c\n")] {
            fs::write(folder.path().join(name), text).unwrap();
            let blake3 = blake3::hash(text.as_bytes()).to_hex().to_string();
            outputs.push(OutputAccount { name: name.into(), rows: 1, bytes: text.len() as u64, blake3 });
        }
        let mut account = Small { says: "7,750 at risk".into(), outputs, seal: String::new() };
        fs::write(folder.path().join(Small::FILE), sealed_text(&mut account).unwrap()).unwrap();
        folder
    }

    fn problem(change: impl Fn(&Path)) -> Option<String> {
        let folder = written();
        change(folder.path());
        verified::<Small>(folder.path()).err().map(|error| error.problem)
    }

    #[test]
    fn a_folder_as_it_was_written_is_verified_filled_in_or_not() {
        assert_eq!(problem(|_| {}), None);
        assert_eq!(problem(|folder| fs::write(folder.join("sheet.csv"), "filled in\n").unwrap()), None);
        // What a desk leaves in a folder that was looked at is no file of ours.
        assert_eq!(problem(|folder| fs::write(folder.join(".DS_Store"), "x").unwrap()), None);
    }

    #[test]
    fn every_change_is_told() {
        let account = |from: &'static str, to: &'static str| {
            move |folder: &Path| {
                let path = folder.join(Small::FILE);
                let text = fs::read_to_string(&path).unwrap();
                assert!(text.contains(from));
                fs::write(path, text.replacen(from, to, 1)).unwrap();
            }
        };
        let changed = Some("inner/small.json is not the one that was written".to_owned());
        assert_eq!(problem(account("7,750", "775,000")), changed);
        assert_eq!(problem(account("\n  \"outputs\"", "\n   \"outputs\"")), changed);
        assert_eq!(problem(account("\"seal\": \"", "\"seal\": \"0")), changed);
        let file = |name: &'static str| move |folder: &Path| fs::write(folder.join(name), "other\n").unwrap();
        assert_eq!(problem(file("inner/b.csv")).unwrap(), "inner/b.csv is not the file that was written");
        let added = "it holds also.parquet, which was not written there; move it away";
        assert_eq!(problem(file("also.parquet")).unwrap(), added);
        assert_eq!(problem(|folder| fs::remove_file(folder.join("a.csv")).unwrap()).unwrap(), "a.csv is missing");
        let linked = problem(|folder| {
            fs::rename(folder.join("a.csv"), folder.join("inner/a.csv")).unwrap();
            std::os::unix::fs::symlink("inner/a.csv", folder.join("a.csv")).unwrap();
        });
        assert_eq!(linked.unwrap(), "a.csv is no plain file");
    }

    #[test]
    fn what_takes_the_place_of_an_open_folder_is_not_read() {
        let (one, other) = (written(), written());
        fs::write(other.path().join("a.csv"), "other\n").unwrap();
        let folder = open::<Small>(one.path()).unwrap();
        verify::<Small>(&folder).unwrap();
        let away = other.path().with_extension("away");
        fs::rename(one.path(), &away).unwrap();
        fs::rename(other.path(), one.path()).unwrap();
        assert_eq!(folder.text("a.csv").unwrap(), "a,b\n");
        fs::remove_dir_all(away).unwrap();
        assert!(folder.text("a.csv").is_err());
    }
}
