//! Hashes of the blocks of a part, so that what is read of it can be verified without reading all of it.
//!
//! Beside a part lies a file with a hash of each of its blocks, one after another; the manifest knows the hash of that file. The
//! hashes are shortened: they find what a disk, a copy or a hand changed, and `sustain verify` compares whole ones.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::files;

/// How many bytes a block has; the last one may have fewer.
const BLOCK: u64 = 4096;
/// How many bytes of a block's BLAKE3 are kept.
const KEPT: usize = 8;

/// The hashes of the blocks of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockHashes {
    bytes: u64,
    hashes: Vec<u8>,
}

impl BlockHashes {
    /// Reads a file to its end. Returns the hashes of its blocks, and the hash of the whole.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn of(path: &Path) -> io::Result<(Self, blake3::Hash)> {
        let mut file = BufReader::with_capacity(1 << 20, files::open(path)?);
        let mut whole = blake3::Hasher::new();
        let mut found = Self { bytes: 0, hashes: Vec::new() };
        let mut block = Vec::new();
        loop {
            block.clear();
            let length = file.by_ref().take(BLOCK).read_to_end(&mut block)?;
            if length == 0 {
                return Ok((found, whole.finalize()));
            }
            whole.update(&block);
            found.bytes += length as u64;
            found.hashes.extend(kept(&block));
        }
    }

    /// How many bytes the file has.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Writes the hashes to a file, and returns the hash of it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, mut file: File) -> io::Result<blake3::Hash> {
        file.write_all(&self.hashes)?;
        Ok(blake3::hash(&self.hashes))
    }

    /// Reads the hashes of a file of so many bytes; `None` where they are not those with this hash, which are as many as its blocks.
    ///
    /// # Errors
    /// The file of hashes cannot be read.
    pub fn read(path: &Path, bytes: u64, hash: &str) -> io::Result<Option<Self>> {
        let mut hashes = Vec::new();
        files::open(path)?.read_to_end(&mut hashes)?;
        let fits = hashes.len() as u64 == bytes.div_ceil(BLOCK) * KEPT as u64;
        let is_whole = fits && blake3::hash(&hashes).to_hex().as_str() == hash;
        Ok(is_whole.then_some(Self { bytes, hashes }))
    }

    /// Reads bytes of the file, after the blocks they lie in are verified.
    ///
    /// # Errors
    /// They cannot be read, are not all in the file, or a block is not the one that was written.
    pub fn read_at(&self, file: &File, start: u64, length: usize) -> io::Result<bytes::Bytes> {
        let end = start.checked_add(length as u64).filter(|end| *end <= self.bytes);
        let end = end.ok_or(io::ErrorKind::UnexpectedEof)?;
        let first = start / BLOCK;
        let aligned = first * BLOCK..(end.div_ceil(BLOCK) * BLOCK).min(self.bytes);
        let mut read = vec![0; usize::try_from(aligned.end.saturating_sub(aligned.start)).map_err(io::Error::other)?];
        file.read_exact_at(&mut read, aligned.start)?;
        let from = usize::try_from(first).map_err(io::Error::other)?;
        let own = self.hashes.chunks_exact(KEPT).skip(from);
        let blocks = read.chunks(usize::try_from(BLOCK).map_err(io::Error::other)?);
        if !blocks.zip(own).all(|(block, hash)| kept(block) == hash) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a block is not the one that was written"));
        }
        let from = usize::try_from(start - aligned.start).map_err(io::Error::other)?;
        Ok(bytes::Bytes::from(read).slice(from..from + length))
    }

    /// Reads at most so many bytes of the file from a place on, and none at its end.
    ///
    /// # Errors
    /// As [`BlockHashes::read_at`].
    pub fn read_some(&self, file: &File, start: u64, target: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.bytes.saturating_sub(start)).unwrap_or(usize::MAX).min(target.len());
        let read = self.read_at(file, start.min(self.bytes), left)?;
        for (to, from) in target.iter_mut().zip(&read) {
            *to = *from;
        }
        Ok(left)
    }
}

fn kept(block: &[u8]) -> [u8; KEPT] {
    let mut kept = [0; KEPT];
    for (to, from) in kept.iter_mut().zip(blake3::hash(block).as_bytes()) {
        *to = *from;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_where_their_blocks_are_the_ones_that_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("part");
        let content: Vec<u8> = (0..10_000_u32).map(|number| (number % 251) as u8).collect();
        std::fs::write(&path, &content).unwrap();
        let (hashes, whole) = BlockHashes::of(&path).unwrap();
        assert_eq!(whole, blake3::hash(&content));
        let beside = folder.path().join("blocks");
        let hash = hashes.write(File::create(&beside).unwrap()).unwrap().to_hex().to_string();
        assert_eq!(BlockHashes::read(&beside, 10_000, &hash).unwrap(), Some(hashes.clone()));
        assert_eq!(BlockHashes::read(&beside, 10_000, "other").unwrap(), None);
        assert_eq!(BlockHashes::read(&beside, 20_000, &hash).unwrap(), None);
        let file = File::open(&path).unwrap();
        for (start, length) in [(0, 10_000), (0, 1), (4_095, 2), (4_096, 4_096), (9_999, 1), (10_000, 0), (5, 0)] {
            let read = hashes.read_at(&file, start, length).unwrap();
            assert_eq!(read, content[usize::try_from(start).unwrap()..][..length], "{start} {length}");
        }
        assert!(hashes.read_at(&file, 9_999, 2).is_err());
        assert!(hashes.read_at(&file, u64::MAX, 2).is_err());
        let mut target = [0; 20];
        assert_eq!(hashes.read_some(&file, 9_990, &mut target).unwrap(), 10);
        assert_eq!(hashes.read_some(&file, 10_000, &mut target).unwrap(), 0);

        let mut changed = content;
        changed[5_000] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        let file = File::open(&path).unwrap();
        for (start, length, is_whole) in [(0, 4_096, true), (8_192, 1_808, true), (4_096, 1, false), (0, 4_097, false)]
        {
            assert_eq!(hashes.read_at(&file, start, length).is_ok(), is_whole, "{start} {length}");
        }
    }
}
