//! The claims of a batch, each row parsed once.

use std::collections::BTreeMap;

use polars::prelude::StringChunked;
use rayon::prelude::*;

use crate::domain::{Claim, Tally};
use crate::extract::QuarantinedRow;
use crate::extract::csv::SpanCounts;
use crate::extract::table::{Table, text_column};

/// A claims file as it was read.
pub struct ClaimsRead {
    /// A claim for every row, damaged ones included. Each keeps the text of its row.
    pub rows: Vec<Claim>,
    /// The names of the file's other columns, in the order of the claims' further cells.
    pub extra: Vec<String>,
    /// The line of each row, in a text file.
    pub lines: Vec<u64>,
    /// Rows that are not records.
    pub quarantined: Vec<QuarantinedRow>,
    /// For a CSV file, its bytes counted by kind of span.
    pub csv: Option<SpanCounts>,
    /// Counts of how the cells were written.
    pub tally: Tally,
}

impl ClaimsRead {
    /// Parses a table of claims; its columns are given up, for the claims keep their own text.
    pub fn parsed(table: Table) -> Self {
        let Table { frame, extra, lines, quarantined, csv, mut tally } = table;
        let column = |name: &str| text_column(&frame, name);
        let own: Vec<Option<StringChunked>> = Claim::COLUMNS.iter().map(|of| column(of.name)).collect();
        let others: Vec<Option<StringChunked>> = extra.iter().map(|name| column(name)).collect();
        let damaged: BTreeMap<u32, &str> = quarantined.iter().map(|row| (row.row, row.reason.as_str())).collect();
        let parse = |index: usize| {
            let row = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let cell = |name: &str| {
                let number = Claim::COLUMNS.iter().position(|column| column.name == name)?;
                own.get(number)?.as_ref()?.get(index)
            };
            let further = others.iter().map(|column| column.as_ref()?.get(index));
            let mut tally = Tally::default();
            tally.begin_row(row.into(), lines.get(index).copied().unwrap_or(0));
            let claim = match damaged.get(&row) {
                Some(reason) => Claim::damaged(row, reason),
                None => Claim::read_with_extra(row, cell, further, &mut tally),
            };
            (claim, tally)
        };
        let (mut rows, mut tallies) = (Vec::new(), Vec::new());
        (0..frame.height()).into_par_iter().map(parse).unzip_into_vecs(&mut rows, &mut tallies);
        for of_row in &tallies {
            tally.add(of_row);
        }
        Self { rows, extra, lines, quarantined, csv, tally }
    }
}
