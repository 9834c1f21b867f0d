//! Where a file is cut does not show.

use std::io::Write;

use super::*;
use crate::extract::source::Source;

const HEADER: &str = "nino,office_number,paye_ref,payment_date,pay_frequency,taxable_pay,employer_name\n";

/// Everything a look is given: the rows that were wanted, by their number, line and text.
#[derive(Default)]
struct Seen {
    asked: u64,
    rows: Vec<(u64, u64, String)>,
}

impl Look for Seen {
    fn keys(&self) -> &[usize] {
        &[at::NINO]
    }

    fn people(&self) -> &[[u8; 8]] {
        &[]
    }

    fn wants<'c>(&mut self, cell: &dyn Fn(usize) -> &'c [u8]) -> bool {
        self.asked += 1;
        cell(at::NINO).starts_with(b"NC1")
    }

    fn wanted(&mut self, _: &Chunk) -> Result<Vec<u32>, RunError> {
        Ok(Vec::new())
    }

    fn take(&mut self, chunk: &Chunk) -> Result<(), RunError> {
        let raw = chunk.raw.iter().flatten().flatten();
        let rows = chunk.rows.iter().zip(&chunk.lines).zip(raw);
        self.rows.extend(rows.map(|(((_, row), line), raw)| (u64::from(*row), *line, raw.to_owned())));
        Ok(())
    }
}

/// What comes of a text that is cut into blocks of about so many bytes.
fn read(text: &str, block_bytes: u64) -> (Vec<(u64, u64, String)>, Vec<Quarantined>, Counts, u64) {
    let mut file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let surveyed = [Source::new(file.path().to_path_buf()).survey().unwrap()];
    let blocks = csv_block::blocks_of(0, &surveyed[0], block_bytes).unwrap();
    let units: Vec<Unit> = blocks.into_iter().map(|block| Unit { file: 0, part: Part::Csv(block) }).collect();
    let (mut rows, mut quarantined, mut counts, mut asked) = (Vec::new(), Vec::new(), Counts::default(), 0);
    for (seen, account) in read_all(&surveyed, &units, &|_| Seen::default()).unwrap() {
        let placed = |(row, line, raw)| (row + account.rows_before, line + account.lines_before, raw);
        rows.extend(seen.rows.into_iter().map(placed));
        quarantined.extend(account.quarantined);
        counts.add(&account.csv.unwrap());
        asked += seen.asked;
    }
    (rows, quarantined, counts, asked)
}

#[test]
fn wherever_a_file_is_cut_the_same_rows_come_out() {
    let rows = [
        "NC100001A,123,A246,2018-05-31,M1,1200.00,Plain Ltd",
        "NC200001A,123,A246,2018-05-31,M1,1200.00,Plain Ltd",
        "NC100002A,123,A246,2018-05-31,M1,1200.00,\"Two\nlines, Ltd\"",
        "",
        "NC200002A,123,A246,2018-05-31,M1,1200.00,\"NC100009A,123,A246,2018-05-31,M1,1.00,Not a row\nNC100009A,1,1,1,1,1,1\n\"",
        "NC100003A,too,few",
        "NC100003A,123,A246,2018-05-31,M1,1200.00,\"a stray\nquote\" here",
        "NC200003A,123,A246,2018-05-31,M1,1200.00,\"an unclosed quote",
        "NC100004A,123,A246,2018-05-31,M1,1200.00,Caf\u{e9}\r",
        "NC100005A,123,A246,2018-05-31,M1,1200.00,\"\"",
        "NC200004A,123,A246,2018-05-31,M1,1200.00,Last",
    ];
    for ending in ["", "\n"] {
        let text = format!("{HEADER}{}{ending}", rows.join("\n"));
        let whole = read(&text, u64::MAX / 2);
        assert_eq!((whole.0.len(), whole.1.len(), whole.2.total_bytes()), (4, 4, text.len() as u64));
        for block_bytes in 1..=text.len() as u64 {
            assert_eq!(read(&text, block_bytes), whole, "blocks of {block_bytes} bytes");
        }
    }
}
