//! What the system allows the process: its address space (`ulimit -v`), and the memory of the control groups it is in, as containers
//! and service managers set it.

use std::path::{Path, PathBuf};

use rustix::process::{Resource, getrlimit};

use crate::files;

/// How much the system allows the process, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Allowed {
    pub(super) bytes: u64,
    pub(super) by: &'static str,
    /// Whether address space counts, of which a process takes more than of memory.
    pub(super) is_address_space: bool,
}

/// Where Linux keeps the control groups.
const GROUPS: &str = "/sys/fs/cgroup";

/// No machine has more: what some systems set where nothing is limited.
const NO_LIMIT: u64 = 1 << 60;

impl Allowed {
    /// The least that the system allows; nothing where it sets no limit.
    pub(super) fn least() -> Option<Self> {
        let space = getrlimit(Resource::As).current;
        let space =
            space.map(|bytes| Self { bytes, by: "the limit of its address space (ulimit -v)", is_address_space: true });
        let memberships = files::text(Path::new("/proc/self/cgroup")).unwrap_or_default();
        let group = of_groups(&memberships, Path::new(GROUPS));
        let group =
            group.map(|bytes| Self { bytes, by: "the memory limit of its control group", is_address_space: false });
        space.into_iter().chain(group).filter(|allowed| allowed.bytes < NO_LIMIT).min_by_key(|allowed| allowed.bytes)
    }

    /// What of it a run plans with: some is taken by what cannot be planned.
    pub(super) fn usable(&self) -> u64 {
        self.bytes - self.bytes / 8
    }

    /// What counts of the memory and the address space that are in use.
    pub(super) fn taken(&self, (memory, space): (u64, u64)) -> u64 {
        if self.is_address_space { space } else { memory }
    }
}

/// The least limit of the control groups of a process and of those they are in, of either version of control groups.
fn of_groups(memberships: &str, groups: &Path) -> Option<u64> {
    let limits = memberships.lines().filter_map(|line| {
        let (controllers, path) = line.split_once(':')?.1.split_once(':')?;
        let (root, file) = match controllers {
            "" => (groups.to_owned(), "memory.max"),
            several if several.split(',').any(|one| one == "memory") => {
                (groups.join("memory"), "memory.limit_in_bytes")
            }
            _ => return None,
        };
        let own: PathBuf = path.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
        own.ancestors().filter_map(|group| limit_in(&root.join(group).join(file))).min()
    });
    limits.min()
}

/// The limit that a file holds; `max` is none.
fn limit_in(file: &Path) -> Option<u64> {
    files::text(file).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_least_limit_of_a_group_and_those_around_it_counts() {
        let room = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = room.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        put("jobs/one/memory.max", "max\n");
        put("jobs/memory.max", "2147483648\n");
        put("memory/docker/abc/memory.limit_in_bytes", "1073741824\n");
        let of = |memberships: &str| of_groups(memberships, room.path());
        assert_eq!(of("0::/jobs/one\n"), Some(2 << 30));
        assert_eq!(of("12:cpu,memory:/docker/abc\n0::/jobs/one\n"), Some(1 << 30));
        assert_eq!(of("3:cpu:/docker/abc\n0::/\n"), None);
        assert_eq!(of("nonsense"), None);
    }
}
