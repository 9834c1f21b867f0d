//! Names that tell files apart: as much of each path, from its end, as no other file has.

use std::collections::BTreeMap;
use std::path::{Component, Path};

/// A name for each path, in their order, none of them twice: the file's own name where no other file has it, else with as
/// many of the folders above it as it takes.
pub(crate) fn told_apart<'p>(paths: impl Iterator<Item = &'p Path>) -> Vec<String> {
    let parts: Vec<Vec<String>> = paths.map(parts).collect();
    let mut taken = vec![1_usize; parts.len()];
    loop {
        let names = names(&parts, &taken);
        let mut of_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (file, name) in names.iter().enumerate() {
            of_name.entry(name).or_default().push(file);
        }
        let mut grew = false;
        for file in of_name.into_values().filter(|files| 1 < files.len()).flatten() {
            if let (Some(taken), Some(parts)) = (taken.get_mut(file), parts.get(file))
                && *taken < parts.len()
            {
                *taken += 1;
                grew = true;
            }
        }
        if !grew {
            return numbered(names);
        }
    }
}

/// The parts of a path that stand in a name: not where the machine keeps it.
fn parts(path: &Path) -> Vec<String> {
    let shown = |part: Component<'_>| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        Component::ParentDir => Some("..".to_owned()),
        Component::CurDir | Component::RootDir | Component::Prefix(_) => None,
    };
    path.components().filter_map(shown).collect()
}

fn names(parts: &[Vec<String>], taken: &[usize]) -> Vec<String> {
    let last = |(parts, taken): (&Vec<String>, &usize)| {
        parts.get(parts.len().saturating_sub(*taken)..).unwrap_or_default().join("/")
    };
    parts.iter().zip(taken).map(last).collect()
}

/// Files that have nothing to tell them apart, such as two of one name in a store, are told apart by number.
fn numbered(names: Vec<String>) -> Vec<String> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let number = |name: String| {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 { name } else { format!("{name} ({count})") }
    };
    names.into_iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_of(paths: &[&str]) -> Vec<String> {
        told_apart(paths.iter().map(Path::new))
    }

    #[test]
    fn a_name_that_is_alone_stands_without_its_folder() {
        assert_eq!(names_of(&["/data/rti/may.csv", "june.csv"]), ["may.csv", "june.csv"]);
    }

    #[test]
    fn files_of_one_name_have_as_many_folders_as_it_takes() {
        let paths = ["rti/2018/05/part-0.csv", "rti/2018/06/part-0.csv", "rti/2019/05/part-0.csv", "rti/x.csv"];
        assert_eq!(names_of(&paths), ["2018/05/part-0.csv", "06/part-0.csv", "2019/05/part-0.csv", "x.csv"]);
        assert_eq!(names_of(&["a.csv", "rti/a.csv", "/old/rti/a.csv"]), ["a.csv", "rti/a.csv", "old/rti/a.csv"]);
        assert_eq!(names_of(&["a.csv", "../a.csv"]), ["a.csv", "../a.csv"]);
    }

    #[test]
    fn files_with_nothing_to_tell_them_apart_are_numbered() {
        assert_eq!(names_of(&["store/a.csv", "/store/a.csv"]), ["store/a.csv", "store/a.csv (2)"]);
    }
}
