//! Pages and workbooks: the shell of a page, its tables and drawings, and spreadsheets. This room knows no claims and no
//! rates.
//!
//! A page needs nothing else: no font, script or picture comes from elsewhere, and its content security policy forbids
//! that any could. Text is put into a page through [`maud`], which escapes every text that is not [`maud::Markup`] already:
//! whether a text has been escaped is a matter of its type.
//!
//! ```text
//!  report  packs  rates ─▶ shell ── table ── drawing ─▶ one HTML file
//!  rates  audit ─────────▶ workbook ──────────────────▶ ODS, XLSX
//! ```

pub(crate) mod drawing;
mod shell;
mod table;
pub(crate) mod workbook;

pub(crate) use shell::{CLOSING, Script, ScriptData, opening, page};
pub(crate) use table::{Column, scrolling, table};
