//! The claims of a batch, each row parsed once.

use std::collections::BTreeMap;

use polars::prelude::StringChunked;
use rayon::prelude::*;

use crate::domain::{Claim, Tally};
use crate::extract::QuarantinedRow;
use crate::extract::columns::ColumnsFound;
use crate::extract::csv::SpanCounts;
use crate::extract::table::{Table, text_column};

/// The claims of a batch as they were read, from one file or several.
#[derive(Default)]
pub struct ClaimsRead {
    /// A claim for every row of every file, damaged ones included; each keeps the text of its row. Rows are numbered
    /// through the files, in their order.
    pub rows: Vec<Claim>,
    /// The names of the files' other columns, in the order of the claims' further cells.
    pub extra: Vec<String>,
    /// Rows that are not records, each with its file and its number there.
    pub quarantined: Vec<QuarantinedRow>,
    /// The files, in their order.
    pub files: Vec<ClaimsFile>,
}

/// A claims file as it was read.
pub struct ClaimsFile {
    /// How many rows of the batch come before its first.
    pub rows_before: usize,
    /// How many rows it has.
    pub rows: usize,
    /// The line of each of its rows, in a text file.
    pub lines: Vec<u64>,
    /// For a CSV file, its bytes counted by kind of span.
    pub csv: Option<SpanCounts>,
    /// What was taken for what.
    pub columns: ColumnsFound,
    /// Counts of how the cells were written.
    pub tally: Tally,
}

/// How many rows are parsed together, with one tally.
const BLOCK_ROWS: usize = 4_096;
/// How many such blocks are parsed before their claims are put with the others.
const BLOCKS_TOGETHER: usize = 32;

impl ClaimsRead {
    /// Parses tables of claims, one for each file; their columns are given up, for the claims keep their own text.
    pub fn parsed(tables: Vec<Table>) -> Self {
        let mut read = Self::default();
        for table in &tables {
            for name in &table.extra {
                if !read.extra.contains(name) {
                    read.extra.push(name.clone());
                }
            }
        }
        for table in tables {
            read.add(table);
        }
        read
    }

    fn add(&mut self, table: Table) {
        let Table { frame, extra: _, lines, quarantined, csv, mut tally, columns } = table;
        let rows_before = self.rows.len();
        let column = |name: &str| text_column(&frame, name);
        let own: Vec<Option<StringChunked>> = Claim::COLUMNS.iter().map(|of| column(of.name)).collect();
        let others: Vec<Option<StringChunked>> = self.extra.iter().map(|name| column(name)).collect();
        let damaged: BTreeMap<u32, &str> = quarantined.iter().map(|row| (row.row, row.reason.as_str())).collect();
        let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
        let parse = |index: usize, tally: &mut Tally| {
            let row = number(rows_before + index);
            let cell = |name: &str| {
                let number = Claim::COLUMNS.iter().position(|column| column.name == name)?;
                own.get(number)?.as_ref()?.get(index)
            };
            let further = others.iter().map(|column| column.as_ref()?.get(index));
            tally.begin_row(number(index).into(), lines.get(index).copied().unwrap_or(0));
            match damaged.get(&number(index)) {
                Some(reason) => Claim::damaged(row, reason),
                None => Claim::read_with_extra(row, cell, further, tally),
            }
        };
        let parse_block = |begin: usize| {
            let mut tally = Tally::default();
            let block = begin..frame.height().min(begin + BLOCK_ROWS);
            let rows: Vec<Claim> = block.map(|index| parse(index, &mut tally)).collect();
            (rows, tally)
        };
        self.rows.reserve_exact(frame.height());
        let begins: Vec<usize> = (0..frame.height()).step_by(BLOCK_ROWS).collect();
        for together in begins.chunks(BLOCKS_TOGETHER) {
            let blocks: Vec<(Vec<Claim>, Tally)> = together.par_iter().copied().map(parse_block).collect();
            for (rows, of_rows) in blocks {
                tally.add(&of_rows);
                self.rows.extend(rows);
            }
        }
        let file = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        self.quarantined.extend(quarantined.into_iter().map(|row| QuarantinedRow { file, ..row }));
        self.files.push(ClaimsFile { rows_before, rows: self.rows.len() - rows_before, lines, csv, columns, tally });
    }

    /// The file of a row of the batch, by its place among the files, and the row's index there; rows are counted from 0.
    pub fn place(&self, index: usize) -> Option<(usize, usize)> {
        let file = self.files.partition_point(|file| file.rows_before <= index).checked_sub(1)?;
        Some((file, index - self.files.get(file)?.rows_before))
    }

    /// The line of a row of the batch, in a text file; rows are counted from 0.
    pub fn line(&self, index: usize) -> Option<u64> {
        let (file, row) = self.place(index)?;
        self.files.get(file)?.lines.get(row).copied()
    }
}
