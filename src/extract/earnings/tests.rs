//! Tests that the result does not depend on where a file is split.

use std::io::Write;

use super::*;
use crate::domain::payment::at;
use crate::extract::source::InputFile;

const HEADER: &str = "nino,office_number,paye_ref,payment_date,pay_frequency,taxable_pay,employer_name\n";

/// A visitor that records everything it is given: the accepted rows, by number, line and text.
#[derive(Default)]
struct Seen {
    asked: u64,
    rows: Vec<(u64, u64, String)>,
    quarantined: Vec<QuarantinedRow>,
}

impl RowVisitor for Seen {
    fn key_columns(&self) -> &[usize] {
        &[at::NINO]
    }

    fn stems(&self) -> &[[u8; 8]] {
        &[]
    }

    fn accepts<'c>(&mut self, cell: &dyn Fn(usize) -> &'c [u8]) -> bool {
        self.asked += 1;
        cell(at::NINO).starts_with(b"NC1")
    }

    fn select(&mut self, _: &RowBatch) -> Result<Vec<u32>, RunError> {
        Ok(Vec::new())
    }

    fn collect(&mut self, row_batch: &RowBatch) -> Result<(), RunError> {
        let raw = row_batch.raw.iter().flatten().flatten();
        let rows = row_batch.rows.iter().zip(&row_batch.lines).zip(raw);
        self.rows.extend(rows.map(|(((_, row), line), raw)| (u64::from(*row), *line, raw.to_owned())));
        Ok(())
    }

    fn quarantine(&mut self, row: QuarantinedRow) -> Result<(), RunError> {
        self.quarantined.push(row);
        Ok(())
    }
}

/// The blocks of about so many bytes that a file is cut into.
fn csv_parts(file: &Sniffed, block_bytes: u64) -> Vec<SplitSource> {
    csv_split::blocks_of(0, file, block_bytes).unwrap().into_iter().map(SplitSource::Csv).collect()
}

fn json_parts(file: &Sniffed, block_bytes: u64) -> Vec<SplitSource> {
    json_split::blocks_of(0, file, block_bytes).unwrap().into_iter().map(SplitSource::Json).collect()
}

/// What comes of a text that is cut into parts.
fn read(
    text: &str,
    parts: impl Fn(&Sniffed) -> Vec<SplitSource>,
) -> (Vec<(u64, u64, String)>, Vec<QuarantinedRow>, SpanCounts, u64) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let sniffed = [InputFile::new(file.path().to_path_buf()).sniff().unwrap()];
    let splits: Vec<Split> = parts(&sniffed[0]).into_iter().map(|part| Split { file: 0, part }).collect();
    let (mut rows, mut quarantined, mut counts, mut asked) = (Vec::new(), Vec::new(), SpanCounts::default(), 0);
    for (mut seen, account) in read_all(&sniffed, &splits, &|_| Seen::default()).unwrap() {
        assert_eq!(account.quarantined, crate::domain::count_of(seen.quarantined.len()));
        seen.quarantined.iter_mut().for_each(|row| row.move_behind(account.rows_before, account.lines_before));
        let placed = |(row, line, raw)| (row + account.rows_before, line + account.lines_before, raw);
        rows.extend(seen.rows.into_iter().map(placed));
        quarantined.extend(seen.quarantined);
        counts.add(&account.csv.unwrap_or_default());
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
        "NC200002A,123,A246,2018-05-31,M1,1200.00,\"NC100009A,123,A246,2018-05-31,M1,1.00,Not a row\nNC200009A,1,1,1,1,1,1\n\"",
        "NC100003A,too,few",
        "NC100003A,123,A246,2018-05-31,M1,1200.00,\"a stray\nquote\" here",
        "NC200003A,123,A246,2018-05-31,M1,1200.00,\"an unclosed quote",
        "NC100004A,123,A246,2018-05-31,M1,1200.00,Caf\u{e9}\r",
        "NC100005A,123,A246,2018-05-31,M1,1200.00,\"\"",
        "NC200004A,123,A246,2018-05-31,M1,1200.00,Last",
    ];
    for ending in ["", "\n"] {
        let text = format!("{HEADER}{}{ending}", rows.join("\n"));
        let whole = read(&text, |file| csv_parts(file, u64::MAX / 2));
        assert_eq!((whole.0.len(), whole.1.len(), whole.2.total_bytes()), (4, 6, text.len() as u64));
        for block_bytes in 1..=text.len() as u64 {
            assert_eq!(read(&text, |file| csv_parts(file, block_bytes)), whole, "blocks of {block_bytes} bytes");
        }
    }
}

#[test]
fn wherever_json_lines_are_cut_the_same_rows_come_out() {
    let rows = [
        r#"{"nino": "NC100001A", "office_number": "123", "paye_ref": "A246", "payment_date": "2018-05-31", "pay_frequency": "M1", "taxable_pay": 1200.00}"#,
        r#"{"nino": "NC200001A", "taxable_pay": 1200.00, "employer_name": "Two\nlines"}"#,
        "",
        r#"{"nino": "NC100002A", "nino": "NC100002A"}"#,
        r#"{"nino": "NC100003A", "taxable"#,
        r#"{"matchPattern": 63, "taxYears": [{"nino": "NC100004A"}, {"nino": "NC200004A"}, {"nino": "NC100005A"}]}"#,
        "no JSON \u{e9}",
        r#"[{"nino": "NC100006A"}, {}]"#,
        r#"{"nino": "NC100007A"}"#,
    ];
    for ending in ["", "\n", "\r\n"] {
        let text = rows.join("\n") + ending;
        let whole = read(&text, |file| json_parts(file, u64::MAX / 2));
        let found: Vec<(u64, u64)> = whole.0.iter().map(|(row, line, _)| (*row, *line)).collect();
        assert_eq!(found, [(1, 1), (5, 6), (7, 6), (9, 8), (11, 9)]);
        let damaged: Vec<(u32, Option<u64>)> = whole.1.iter().map(|row| (row.row, row.line)).collect();
        assert_eq!(damaged, [(3, Some(4)), (4, Some(5)), (8, Some(7))]);
        for block_bytes in 1..=text.len() as u64 {
            assert_eq!(read(&text, |file| json_parts(file, block_bytes)), whole, "blocks of {block_bytes} bytes");
        }
    }
}

#[test]
fn one_document_is_not_cut() {
    let payment = r#"{"nino": "NC100001A", "office_number": "123", "paye_ref": "A246", "payment_date": null,
        "pay_frequency": "M1", "taxable_pay": 1}"#;
    let text = format!("\n{{\"matchPattern\": 63,\n \"taxYears\": [\n  {payment}\n]}}\n");
    for block_bytes in 1..=text.len() as u64 {
        let (rows, ..) = read(&text, |file| json_parts(file, block_bytes));
        assert_eq!(rows, [(1, 2, payment.to_owned())]);
    }
}

/// Why a JSON file with this text is refused.
fn refusal(text: &str) -> InputError {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let sniffed = [InputFile::new(file.path().to_path_buf()).sniff().unwrap()];
    let splits: Vec<Split> = json_parts(&sniffed[0], 16).into_iter().map(|part| Split { file: 0, part }).collect();
    match read_all(&sniffed, &splits, &|_| Seen::default()).map(|_| ()) {
        Err(RunError::Input(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_json_file_in_which_a_needed_column_never_occurs_is_refused_with_the_names_that_do() {
    let error = refusal("{\"paye\": [{\"employerPayeRef\": \"A246\", \"pay\": 1}]}");
    assert!(error.problem.ends_with("what is nested is not read"), "{}", error.problem);
    let error = refusal("{\"paye\": [{\"id\": \"A246\", \"pay\": 1}]}");
    assert_eq!(error.problem, "no object in the file has the columns of a payment");
    assert!(error.hint.contains("JSON Lines of payments"));
    let whole = r#"{"nino": "NC1", "office_number": 1, "paye_ref": "A", "payment_date": 1, "pay_frequency": "M1"}"#;
    let error = refusal(&format!("{whole}\n{whole}\n"));
    assert!(
        error.problem.starts_with("no payment in the file has `taxable_pay` (or taxablePayInPeriod"),
        "{}",
        error.problem
    );
    assert!(error.problem.contains("); found: nino, office_number"), "{}", error.problem);
}

#[test]
fn a_json_file_without_payments_is_read() {
    for text in ["{\"matchPattern\": 0}\n", "[]"] {
        assert_eq!(read(text, |file| json_parts(file, 16)).0, []);
    }
}
