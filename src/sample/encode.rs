//! Writing rows in blocks: encoded on all threads, appended in order.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::snapshot::Snapshot;
use super::world::{Jobs, SampleRow, World};
use super::{SampleError, received};

/// A way of writing an extract.
pub(super) trait RowEncoder: Sync {
    /// An encoded block of rows.
    type Block: Send;
    /// A file being written.
    type Open;

    /// The end of the files' names.
    fn extension(&self) -> &'static str;

    /// Encodes rows.
    fn encode(&self, world: &World, jobs: &Jobs, rows: &[SampleRow]) -> Result<Self::Block, SampleError>;

    /// Begins a file.
    fn open(&self, path: &Path) -> Result<Self::Open, SampleError>;

    /// Adds a block to a file.
    fn append(&self, file: &mut Self::Open, block: Self::Block) -> Result<(), SampleError>;

    /// Ends a file.
    fn close(&self, file: Self::Open) -> Result<(), SampleError>;
}

/// Rows in a block: a row group of a Parquet file.
const BLOCK: usize = 131_072;
/// Blocks encoded at once, at most: this and the block's size bound the memory in use.
const AT_ONCE: usize = 8;

/// The names and lengths of the files an extract is split into.
#[derive(Debug)]
pub(super) struct ExtractFiles {
    /// Names relative to the folder, with the number of rows of each.
    pub(super) files: Vec<(String, u64)>,
}

impl ExtractFiles {
    /// `count` files of as equal a length as can be, `earnings.EXT` or `earnings/part-0001.EXT` and so on.
    pub(super) fn new(rows: u64, count: u16, extension: &str) -> Self {
        let count = u64::from(count.max(1));
        let end = |number: u64| rows / count * number + (rows % count * number) / count;
        let name = |number: u64| match count {
            1 => format!("earnings.{extension}"),
            _ => format!("earnings/part-{:04}.{extension}", number + 1),
        };
        Self { files: (0..count).map(|number| (name(number), end(number + 1) - end(number))).collect() }
    }

    /// Makes the folder that several files are in.
    pub(super) fn make_folder(&self, dir: &Path) -> Result<(), SampleError> {
        if self.files.len() < 2 {
            return Ok(());
        }
        std::fs::create_dir(dir.join("earnings")).map_err(|source| SampleError::io("earnings", source))
    }
}

/// Writes all rows in the order received, and returns the files written.
pub(super) fn write<E: RowEncoder>(
    encoding: &E,
    world: &World,
    count: u16,
    dir: &Path,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<(String, u64)>, SampleError> {
    let (jobs, payments) = world.jobs();
    let is_whole = world.snapshot == Snapshot::LAST;
    let rows = if is_whole { payments + world.claimed_rows() } else { received::count(world, &jobs)? };
    let parts = ExtractFiles::new(rows, count, encoding.extension());
    parts.make_folder(dir)?;
    let mut pen = BlockWriter::new(encoding, world, &jobs, dir, &parts, progress)?;
    received::in_order(world, &jobs, |row| pen.take(row))?;
    pen.finish()?;
    Ok(parts.files)
}

/// Encodes rows as blocks and writes the blocks into one file after another.
struct BlockWriter<'a, E: RowEncoder> {
    encoding: &'a E,
    world: &'a World,
    jobs: &'a Jobs,
    dir: PathBuf,
    progress: &'a (dyn Fn(u64) + Sync),
    /// The files not begun yet.
    coming: std::slice::Iter<'a, (String, u64)>,
    /// The file that blocks are appended to, and how many rows it still wants.
    open: Option<(E::Open, u64)>,
    /// The blocks that are full, and the one that is being filled.
    blocks: Vec<Vec<SampleRow>>,
    filling: Vec<SampleRow>,
    /// How many rows the files still want that the rows taken so far go to, the file of the next row first.
    wanted: std::slice::Iter<'a, (String, u64)>,
    room: u64,
    at_once: usize,
    written: u64,
}

impl<'a, E: RowEncoder> BlockWriter<'a, E> {
    fn new(
        encoding: &'a E,
        world: &'a World,
        jobs: &'a Jobs,
        dir: &Path,
        parts: &'a ExtractFiles,
        progress: &'a (dyn Fn(u64) + Sync),
    ) -> Result<Self, SampleError> {
        let mut pen = Self {
            encoding,
            world,
            jobs,
            dir: dir.to_owned(),
            progress,
            coming: parts.files.iter(),
            open: None,
            blocks: Vec::new(),
            filling: Vec::new(),
            wanted: parts.files.iter(),
            room: 0,
            at_once: rayon::current_num_threads().clamp(1, AT_ONCE),
            written: 0,
        };
        pen.next_file()?;
        pen.next_room();
        Ok(pen)
    }

    /// Ends the open file and begins the next.
    fn next_file(&mut self) -> Result<(), SampleError> {
        if let Some((file, _)) = self.open.take() {
            self.encoding.close(file)?;
        }
        if let Some((name, rows)) = self.coming.next() {
            self.open = Some((self.encoding.open(&self.dir.join(name))?, *rows));
        }
        Ok(())
    }

    /// Turns to the next file that wants rows.
    fn next_room(&mut self) {
        while self.room == 0 {
            match self.wanted.next() {
                Some((_, rows)) => self.room = *rows,
                None => return,
            }
        }
    }

    fn take(&mut self, row: SampleRow) -> Result<(), SampleError> {
        self.filling.push(row);
        self.room = self.room.saturating_sub(1);
        // A block never reaches over the end of a file.
        if self.room == 0 || self.filling.len() == BLOCK {
            self.next_room();
            self.blocks.push(std::mem::take(&mut self.filling));
            if self.blocks.len() == self.at_once {
                self.write_blocks()?;
            }
        }
        Ok(())
    }

    fn write_blocks(&mut self) -> Result<(), SampleError> {
        let full = std::mem::take(&mut self.blocks);
        let encoded: Vec<(u64, Result<E::Block, SampleError>)> = full
            .into_par_iter()
            .map(|rows| (rows.len() as u64, self.encoding.encode(self.world, self.jobs, &rows)))
            .collect();
        for (rows, block) in encoded {
            while self.open.as_ref().is_some_and(|(_, wants)| *wants == 0) {
                self.next_file()?;
            }
            if let Some((file, wants)) = &mut self.open {
                self.encoding.append(file, block?)?;
                *wants = wants.saturating_sub(rows);
            }
            self.written += rows;
        }
        (self.progress)(self.written);
        Ok(())
    }

    fn finish(mut self) -> Result<(), SampleError> {
        if !self.filling.is_empty() {
            self.blocks.push(std::mem::take(&mut self.filling));
        }
        self.write_blocks()?;
        while self.open.is_some() {
            self.next_file()?;
        }
        Ok(())
    }
}
