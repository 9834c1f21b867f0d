//! Builds row batches from rows of text.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray, StringBuilder};

use super::RowVisitor;
use crate::domain::Payment;
use crate::error::RunError;
use crate::extract::file_options::FileOptions;
use crate::extract::row_batch::RowBatch;

/// How many rows of text make a batch, and how many bytes, where fewer rows have so many.
const BATCH_ROWS: usize = 65_536;
const BATCH_BYTES: usize = 32 << 20;

/// Collects the accepted rows of a text until there are enough for a batch.
pub(super) struct BatchBuilder {
    file: u32,
    rows: Vec<u32>,
    lines: Vec<u64>,
    columns: Vec<Vec<StringBuilder>>,
    raw: StringBuilder,
    options: Arc<FileOptions>,
}

impl BatchBuilder {
    /// A builder for rows of a file; each of our columns may have this many names there.
    pub(super) fn new(file: u32, options: &Arc<FileOptions>, names_of_each: impl Iterator<Item = usize>) -> Self {
        let columns = names_of_each.map(|names| (0..names).map(|_| StringBuilder::new()).collect()).collect();
        let (rows, lines, raw) = (Vec::new(), Vec::new(), StringBuilder::new());
        Self { file, rows, lines, columns, raw, options: Arc::clone(options) }
    }

    /// Adds a row; `cell` returns the value of one of our columns under one of its names.
    pub(super) fn add<'t>(
        &mut self,
        (row, line): (u32, u64),
        raw: &str,
        cell: impl Fn(usize, usize) -> Option<&'t str>,
        visitor: &mut dyn RowVisitor,
    ) -> Result<(), RunError> {
        for (column, builders) in self.columns.iter_mut().enumerate() {
            for (name, builder) in builders.iter_mut().enumerate() {
                builder
                    .append_option(cell(column, name).map(|text| self.options.meant(&Payment::COLUMNS, column, text)));
            }
        }
        self.rows.push(row);
        self.lines.push(line);
        self.raw.append_value(raw);
        let is_full = BATCH_ROWS <= self.rows.len() || BATCH_BYTES <= self.raw.values_slice().len();
        if is_full { self.hand_on(visitor) } else { Ok(()) }
    }

    /// Hands the collected rows to the visitor.
    pub(super) fn hand_on(&mut self, visitor: &mut dyn RowVisitor) -> Result<(), RunError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let finish = |builder: &mut StringBuilder| Arc::new(builder.finish()) as ArrayRef;
        let columns = self.columns.iter_mut().map(|builders| builders.iter_mut().map(finish).collect()).collect();
        let raw: StringArray = self.raw.finish();
        visitor.collect(&RowBatch {
            rows: std::mem::take(&mut self.rows).into_iter().map(|row| (self.file, row)).collect(),
            lines: std::mem::take(&mut self.lines),
            columns,
            raw: Some(raw),
        })
    }
}
