//! Tests of what stands under folders and globs.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Extracts, extracts};
use crate::domain::Payment;
use crate::error::InputError;

const HEADER: &str = "nino,office_number,paye_ref,payment_date,pay_frequency,taxable_pay\n";

/// A folder with files in it, and what comes of naming it or a part of it.
struct Tree(tempfile::TempDir);

impl Tree {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join("rti").join(name)
    }

    fn put(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn read(&self, names: &[&str]) -> Result<Extracts, InputError> {
        extracts(&names.iter().map(|name| self.path(name)).collect::<Vec<_>>(), &Payment::COLUMNS, &Arc::default())
    }

    /// The files that are read and those that are left out, when the whole folder is named.
    fn found(&self) -> (Vec<String>, Vec<String>) {
        self.found_under("")
    }

    fn found_under(&self, name: &str) -> (Vec<String>, Vec<String>) {
        let found = self.read(&[name]).unwrap();
        let below = |path: &Path| path.strip_prefix(self.path("")).unwrap().display().to_string();
        (
            found.files.iter().map(|file| below(&file.source.path)).collect(),
            found.left_out.iter().map(|file| format!("{}: {}", file.file, file.reason)).collect(),
        )
    }

    fn refusal(&self, name: &str) -> String {
        self.read(&[name]).map(|_| ()).unwrap_err().to_string()
    }
}

#[test]
fn what_is_no_data_is_left_out_with_its_name_and_the_reason() {
    let tree = Tree::new();
    tree.put("may.csv", HEADER).put("deep/june.csv", HEADER);
    let stray: [(&str, &[u8], &str); 14] = [
        (".hidden", b"x", "it has no columns of an extract"),
        ("._may.csv", b"\0\x05\x16\x07", "an operating system or an office program"),
        ("Thumbs.db", b"\xD0\xCF", "an operating system or an office program"),
        ("~$may.xlsx", b"x", "an operating system or an office program"),
        ("_SUCCESS", b"", "empty"),
        ("_committed_17", b"{}", "marker"),
        ("2018_$folder$", b"x", "marker"),
        ("SHA256SUMS.txt", b"12ab  may.csv", "checksum"),
        ("may.csv.md5", b"12ab", "checksum"),
        ("deep/.june.csv.crc", b"crc", "checksum"),
        ("zero", b"", "empty"),
        ("README", b"These are payments, by month.\n", "note"),
        ("notes.txt", b"May, June and July, in pounds; see the letter.\n", "note"),
        ("manifest.json", b"{\"files\": [\"may.csv\"], \"rows\": 10}", "JSON"),
    ];
    for (name, content, _) in stray {
        tree.put(name, content);
    }
    let (read, left_out) = tree.found();
    assert_eq!(read, ["deep/june.csv", "may.csv"]);
    assert_eq!(left_out.len(), stray.len(), "{left_out:?}");
    for (name, _, reason) in stray {
        let told = left_out.iter().find(|told| told.starts_with(&format!("{name}: "))).unwrap();
        assert!(told.contains(reason), "{told}");
    }
}

#[test]
fn a_file_that_may_be_an_extract_is_not_left_out() {
    let tree = Tree::new();
    tree.put("rti.txt", format!("{HEADER}NC100001A,123,A246,2018-05-31,M1,1.00\n"));
    tree.put("one.json", "{\"nino\": \"NC100001A\"}")
        .put("other.json", "{\"paye\": [{\"paymentDate\": \"2018-05-31\"}]}");
    tree.put("broken.json", "{nino: 1}").put("no-header", "a,b\n");
    let (read, left_out) = tree.found();
    assert_eq!(read, ["broken.json", "no-header", "one.json", "other.json", "rti.txt"]);
    assert!(left_out.is_empty());
}

#[test]
fn a_file_that_is_named_itself_is_held_to_everything() {
    let tree = Tree::new();
    tree.put("manifest.json", "{\"files\": 1}").put("_SUCCESS", "").put("_may.csv", HEADER);
    for name in ["manifest.json", "_SUCCESS", "_may.csv"] {
        assert_eq!(tree.found_under(name).0, [name]);
    }
}

#[test]
fn an_extract_with_the_name_of_no_data_is_refused() {
    for name in ["_may.csv", ".may.csv", "_temporary/0/may.csv", ".checkpoints/may.csv"] {
        let tree = Tree::new();
        tree.put("june.csv", HEADER).put(name, HEADER);
        let refusal = tree.refusal("");
        assert!(refusal.contains(name) && refusal.contains("has the columns of an extract"), "{refusal}");
    }
    let tree = Tree::new();
    tree.put("2018/june.csv", HEADER).put("_temporary/may.csv", HEADER);
    assert!(tree.refusal("*/*.csv").contains("_temporary/may.csv: the file has the columns of an extract"));
    let tree = Tree::new();
    tree.put("june.csv", HEADER).put("_one.json", "{\"nino\": 1}");
    assert!(tree.refusal("").contains("_one.json"));
}

#[test]
fn folders_are_read_at_any_depth() {
    let tree = Tree::new();
    let deep = format!("{}may.csv", "d/".repeat(40));
    tree.put(&deep, HEADER);
    assert_eq!(tree.found().0, [deep]);
}

#[test]
fn a_link_that_leads_to_nothing_is_refused() {
    let tree = Tree::new();
    tree.put("may.csv", HEADER);
    symlink("gone.csv", tree.path("june.csv")).unwrap();
    assert!(tree.refusal("").ends_with("june.csv: this link leads to nothing"));
    assert!(tree.refusal("*.csv").ends_with("june.csv: this link leads to nothing"));
    assert!(tree.refusal("june.csv").ends_with("june.csv: this link leads to nothing"));
}

#[test]
fn a_link_back_is_left_out_and_a_second_way_to_a_file_is_refused() {
    let tree = Tree::new();
    tree.put("2018/may.csv", HEADER);
    symlink("..", tree.path("2018/all")).unwrap();
    let (read, left_out) = tree.found();
    assert_eq!(read, ["2018/may.csv"]);
    assert_eq!(left_out, ["2018/all: it is a link to a folder that it stands in"]);
    symlink("2018", tree.path("latest")).unwrap();
    assert!(tree.refusal("").contains("named twice"));
}

#[test]
fn a_link_to_itself_is_refused() {
    let tree = Tree::new();
    tree.put("may.csv", HEADER);
    symlink("june.csv", tree.path("june.csv")).unwrap();
    assert!(tree.refusal("").contains("june.csv: it could not be read"));
}

#[test]
fn a_folder_that_may_not_be_read_is_refused() {
    let tree = Tree::new();
    tree.put("may.csv", HEADER).put("locked/june.csv", HEADER);
    let locked = tree.path("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    // Some accounts may read everything; then there is nothing to refuse.
    if fs::read_dir(&locked).is_err() {
        for name in ["", "*/*.csv", "*/june.csv", "**/*.csv"] {
            let refusal = tree.refusal(name);
            assert!(refusal.contains("locked") && refusal.contains("permission is denied"), "{refusal}");
        }
    }
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_glob_reads_the_folders_it_matches_and_leaves_out_as_a_folder_does() {
    let tree = Tree::new();
    tree.put("2018/may.csv", HEADER).put("2019/june.csv", HEADER).put("2019/_SUCCESS", "").put("x.crc", "x");
    assert_eq!(tree.found_under("20*").0, ["2018/may.csv", "2019/june.csv"]);
    assert_eq!(tree.found_under("*/*.csv").0, ["2018/may.csv", "2019/june.csv"]);
    assert_eq!(tree.found_under("**/june.csv").0, ["2019/june.csv"]);
    assert_eq!(tree.found_under("201?/????.csv").0, ["2019/june.csv"]);
    let (read, left_out) = tree.found_under("[2x]*");
    assert_eq!(read, ["2018/may.csv", "2019/june.csv"]);
    assert_eq!(left_out, ["2019/_SUCCESS: it is empty", "x.crc: it is a checksum or a signature"]);
    assert!(tree.refusal("2020*").ends_with("2020*: no file is there"));
    assert!(tree.refusal("a**b").ends_with("a**b: this is not a glob"));
}

#[test]
fn a_folder_of_a_table_format_is_refused_and_so_is_a_part_of_it() {
    let logs = [
        ("_delta_log/00000000000000000000.json", "Delta"),
        ("metadata/v1.metadata.json", "Iceberg"),
        (".hoodie/hoodie.properties", "Hudi"),
        ("_spark_metadata/0", "Spark stream"),
    ];
    for (log, format) in logs {
        let tree = Tree::new();
        tree.put("table/data/part-0.csv", HEADER).put(&format!("table/{log}"), "{}");
        for name in ["", "table", "table/data", "table/data/*.csv", "t*/data/part*"] {
            let refusal = tree.refusal(name);
            assert!(refusal.contains(format) && refusal.contains("withdrawn"), "{refusal}");
        }
        assert_eq!(tree.found_under("table/data/part-0.csv").0, ["table/data/part-0.csv"]);
    }
    let tree = Tree::new();
    tree.put("may.csv", HEADER).put("metadata/notes.md", "x");
    assert_eq!(tree.found().0, ["may.csv"]);
}

#[test]
fn a_folder_without_an_extract_says_what_was_left_out() {
    let tree = Tree::new();
    tree.put("_SUCCESS", "").put("manifest.json", "{}");
    let refusal = tree.refusal("");
    assert!(
        refusal.contains("no extract is there: _SUCCESS was left out, because it is empty, and 1 more"),
        "{refusal}"
    );
}

#[test]
fn a_kind_of_file_that_is_not_read_is_refused_under_a_folder_too() {
    let tree = Tree::new();
    tree.put("may.csv", HEADER).put("june.csv.bz2", b"BZh91AY&SY\0\0");
    assert!(tree.refusal("").contains("june.csv.bz2: the file is packed with bzip2"));
}

#[test]
fn what_is_neither_a_file_nor_a_folder_is_refused_and_left_out_where_its_name_begins_with_a_dot() {
    let tree = Tree::new();
    tree.put("may.csv", HEADER);
    let socket = |name: &str| std::os::unix::net::UnixListener::bind(tree.path(name)).unwrap();
    let _hidden = socket(".socket");
    assert_eq!(tree.found().1, [".socket: it is neither a file nor a folder"]);
    let _shown = socket("june.csv");
    for name in ["", "*.csv", "june.csv"] {
        let refusal = tree.refusal(name);
        assert!(refusal.contains("june.csv: this is a socket, and no file"), "{refusal}");
    }
}
