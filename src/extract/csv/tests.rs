//! Property tests: any text at all is read by the rules.

use proptest::prelude::*;

use super::dialect::{Delimiter, Dialect, LineEnding};
use super::header::read_header;
use super::lengths::to_usize;
use super::limits::Limits;
use super::reference::check_against_reference;
use super::testing::{KNOWN, Owned, known, read_with};
use super::tiling::NonRow;

const TIGHT: Limits =
    Limits { record_bytes: 40, header_bytes: 64, quoted_bytes: 12, quoted_lines: 3, first_buffer_bytes: 8 };

fn some_header() -> impl Strategy<Value = Vec<u8>> {
    let delimiter = prop::sample::select(vec![",", ";", "\t"]);
    let ending = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    let before = prop::sample::select(vec!["", "\n", " \r\n", "\r"]);
    (1usize..4, delimiter, before, ending).prop_map(|(width, delimiter, before, ending)| {
        let names = KNOWN[..width].join(delimiter);
        format!("{before}{names}{ending}").into_bytes()
    })
}

fn csv_like_bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        8 => prop::sample::select(b",;\t\"\n\r".to_vec()),
        5 => prop::sample::select(b"\"\",\nab ".to_vec()),
        1 => prop::sample::select(b"\0\xFF\xC3\xA9".to_vec()),
    ];
    prop::collection::vec(byte, 0..80)
}

/// A table, and how to write it.
#[derive(Debug, Clone)]
struct Table {
    dialect: Dialect,
    terminators: Vec<&'static str>,
    rows: Vec<Vec<(String, bool)>>,
    width: usize,
    ends_with_terminator: bool,
}

impl Table {
    fn write(&self) -> Vec<u8> {
        let delimiter = char::from(self.dialect.delimiter.byte()).to_string();
        let mut text = KNOWN[..self.width].join(&delimiter);
        text.push_str(self.terminators[0]);
        for (at, row) in self.rows.iter().enumerate() {
            let cells: Vec<_> = row.iter().map(|cell| self.cell(cell)).collect();
            text.push_str(&cells.join(&delimiter));
            if at + 1 < self.rows.len() || self.ends_with_terminator {
                text.push_str(self.terminators[(at + 1) % self.terminators.len()]);
            }
        }
        text.into_bytes()
    }

    fn cell(&self, (value, quoted): &(String, bool)) -> String {
        let delimiter = char::from(self.dialect.delimiter.byte());
        let needs_quotes =
            value.contains(['"', '\n', '\r', delimiter]) || (self.width == 1 && value.bytes().all(|byte| byte == b' '));
        if *quoted || needs_quotes { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.clone() }
    }
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[0-9.]{0,6}",
        3 => "[ab,;\t\"\n\r é東🚲]{0,6}",
        1 => any::<String>().prop_map(|text| text.replace('\0', "")),
    ]
}

fn table() -> impl Strategy<Value = Table> {
    let ending = prop::sample::select(vec![vec!["\n"], vec!["\r\n"], vec!["\n", "\r\n", "\n"], vec!["\r"]]);
    let delimiter = prop::sample::select(Delimiter::ALL.to_vec());
    (1usize..5, delimiter, ending, any::<bool>()).prop_flat_map(
        |(width, delimiter, terminators, ends_with_terminator)| {
            let row = prop::collection::vec((value(), any::<bool>()), width);
            prop::collection::vec(row, 0..8).prop_map(move |rows| Table {
                dialect: Dialect {
                    // With one column no delimiter is seen, so the preferred one is taken.
                    delimiter: if width == 1 { Delimiter::Comma } else { delimiter },
                    line_ending: match terminators.as_slice() {
                        ["\r"] => LineEnding::Cr,
                        _ => LineEnding::Lf,
                    },
                },
                terminators: terminators.clone(),
                rows,
                width,
                ends_with_terminator,
            })
        },
    )
}

#[derive(Debug, Clone)]
enum Edit {
    Insert(u8),
    Remove,
    Replace(u8),
}

fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, Edit)>> {
    let byte = || prop_oneof![prop::sample::select(b"\"\"\n\r,;\0\xFF".to_vec()), any::<u8>()];
    let edit = prop_oneof![byte().prop_map(Edit::Insert), Just(Edit::Remove), byte().prop_map(Edit::Replace),];
    prop::collection::vec((any::<prop::sample::Index>(), edit), 1..4)
}

/// Damages the text from byte `start` on.
fn damage(text: &mut Vec<u8>, start: usize, edits: &[(prop::sample::Index, Edit)]) {
    for (index, edit) in edits {
        if text.len() <= start {
            return;
        }
        let at = start + index.index(text.len() - start);
        match edit {
            Edit::Insert(byte) => text.insert(at, *byte),
            Edit::Remove => {
                text.remove(at);
            }
            Edit::Replace(byte) => text[at] = *byte,
        }
    }
}

fn limits(first_buffer_bytes: usize) -> Limits {
    Limits { first_buffer_bytes, ..Limits::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn random_bytes_follow_the_rules(
        header in some_header(),
        body in prop_oneof![csv_like_bytes(), prop::collection::vec(any::<u8>(), 0..80)],
        size in 1usize..100,
    ) {
        let text = [header, body].concat();
        check_against_reference(&text, size, limits(8));
    }

    #[test]
    fn the_limits_follow_the_rules(
        header in some_header(), body in csv_like_bytes(), size in 1usize..100,
    ) {
        let text = [header, body].concat();
        let outcome = check_against_reference(&text, size, TIGHT);
        let ample = Limits { first_buffer_bytes: 1 << 10, ..TIGHT };
        prop_assert_eq!(outcome, read_with(&text, 1 << 10, ample).unwrap());
    }

    #[test]
    fn bytes_without_a_header_are_refused_or_tile(text in csv_like_bytes(), size in 1usize..9) {
        let whole = read_with(&text, 1 << 10, limits(1 << 10));
        prop_assert_eq!(read_with(&text, size, limits(1)), whole);
    }

    #[test]
    fn damaged_tables_follow_the_rules(
        table in table(), edits in edits(), size in 1usize..100,
    ) {
        let mut text = table.write();
        let header_end = to_usize(read_header(&text, true, &known).unwrap().span.end);
        damage(&mut text, header_end, &edits);
        check_against_reference(&text, size, limits(16));
    }

    #[test]
    fn chunks_do_not_matter(
        table in table(), edits in edits(), size in 1usize..65_537, buffer in 1usize..300,
    ) {
        let mut text = table.write();
        damage(&mut text, 0, &edits);
        let whole = read_with(&text, 1 << 20, Limits::default());
        for size in [1, 2, 7, size] {
            prop_assert_eq!(&read_with(&text, size, limits(buffer)), &whole);
        }
    }

    #[test]
    fn well_formed_tables_read_back(table in table(), size in 1usize..100) {
        let outcome = read_with(&table.write(), size, limits(32)).unwrap();
        prop_assert_eq!(outcome.header.dialect, table.dialect);
        let read: Vec<Vec<String>> = outcome.items.into_iter().filter_map(|item| match item {
            Owned::Record { fields, .. } => Some(fields),
            Owned::NonRow(NonRow::EmptyRow, _) => None,
            Owned::Quarantined { .. } | Owned::Blank(_) | Owned::NonRow(..) => panic!("not a record"),
        }).collect();
        let holds_something =
            |row: &Vec<String>| row.len() == 1 || row.iter().any(|value| !value.trim().is_empty());
        let written: Vec<Vec<String>> = table.rows.into_iter()
            .map(|row| row.into_iter().map(|(value, _)| value).collect()).filter(holds_something).collect();
        prop_assert_eq!(read, written);
    }
}
