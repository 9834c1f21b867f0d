//! Pages: the shell of a page, its tables and its drawings. This room knows no claims and no rates.
//!
//! A page is self-contained: it loads no font, script or picture from elsewhere, and its content security policy
//! forbids it. Text is put into a page through [`maud`], which escapes every text that is not [`maud::Markup`] already:
//! whether a text has been escaped is a matter of its type. What steers the reading of a page is written out in the finished text.
//!
//! ```text
//!  report  packs  rates ─▶ shell ── table ── drawing ─▶ one HTML file
//! ```

pub(crate) mod drawing;
mod shell;
mod table;

pub(crate) use shell::{CLOSING, Script, ScriptData, opening, page, written};
pub(crate) use table::{TableColumn, scrolling, table};
