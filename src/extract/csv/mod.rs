//! Reading CSV strictly.
//!
//! [`Records`] cuts decoded text into a header, accepted records, quarantined spans and blank
//! lines. Every byte belongs to exactly one of them, and they follow one another without gap or
//! overlap; a [`Tiling`] proves that for each run. A record that is damaged in any way is
//! quarantined: whole if its end is certain, else line by line as far as the damage is known to
//! reach. Nothing is padded, shifted or repaired. Lines that are no rows (a title above the header, the
//! header once more, Ctrl-Z) are recognised, counted and set aside ([`NonRow`]).
//!
//! ```text
//!  decoded bytes
//!       │
//!       ▼
//!    Buffer ──▶ read_header ──▶ Header: names and Dialect
//!       │                         │
//!       ▼                         ▼
//!    Records ◀── Outline ──── Scanner: where the next record ends, and its fields
//!       │
//!       ├──▶ PlainRecord: passed over without a scan when nobody wants it
//!       ├──▶ SpanLedger: Tiling and SpanCounts
//!       ▼
//!     Item: Record │ Quarantined with its Damage │ Blank │ NonRow
//! ```

mod buffer;
mod damage;
mod dialect;
mod header;
mod header_again;
mod item;
mod lengths;
mod limits;
mod marks;
mod plain;
mod records;
mod row;
mod scanner;
mod special;
mod tiling;
mod trailer;

#[cfg(test)]
mod reference;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use damage::{CsvError, Damage};
pub use dialect::{Delimiter, Dialect, LineEnding};
pub use header::{Above, Header, HeaderFault, read_header};
pub use item::{Item, QuarantinedSpan, Record};
pub use limits::{MAX_HEADER_BYTES, MAX_QUOTED_BYTES, MAX_QUOTED_LINES, MAX_RECORD_BYTES};
pub use plain::PlainRecord;
pub use records::Records;
pub use tiling::{NonRow, NotTiled, Span, SpanCounts, Tiling};
