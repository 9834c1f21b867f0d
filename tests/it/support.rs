//! What the tests of the whole program share: a small batch as tables, a desk to run the program at, and its results.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit, TimestampMicrosecondType};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use assert_cmd::Command;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;
use sustain::account::RunAccount;
use tempfile::TempDir;

/// Three claims: one for each verdict. The `note` is a column of the provider's own.
const CLAIMS: &str = "\
claim_id,provider_id,contract_id,participant_id,nino,surname,forename,date_of_birth,outcome,employment_type,job_start_date,job_end_date,hours_per_week,employer_name,paye_reference,outcome_date,claim_date,amount_claimed,note
C1,PR1,CT1,P1,NC100001A,Bramblewick,Zoë,1990-01-15,sustained_13_weeks,employed,2018-05-01,,16.50,Quarry Mills,123/A246,2018-07-30,2018-12-01,2500.00,first
C2,PR1,CT1,P2,NC100002B,Thornquist,Ottilie,1985-07-23,sustained_13_weeks,,2018-05-01,,,,,,2018-12-01,,
C3,PR2,CT2,P3,NC100003C,Vandermolen,Casimir,1978-11-09,sustained_13_weeks,employed,2018-05-01,,,,,,2018-12-01,,third";

/// What the three were paid, and what somebody else was whom nobody claims for.
const EARNINGS: &str = "\
nino,surname,forename,date_of_birth,office_number,paye_ref,employer_name,payroll_id,employment_start_date,leaving_date,payment_date,pay_frequency,earnings_periods,taxable_pay,hours_band,irregular_payment,payment_id,received_at
NC100001A,Bramblewick,Zoë,1990-01-15,123,A246,Quarry Mills,7,2018-05-01,,2018-05-31,M1,1,1200.00,D,,9001,2018-06-01T09:23:55Z
NC100001A,Bramblewick,Zoë,1990-01-15,123,A246,Quarry Mills,7,2018-05-01,,2018-06-30,M1,1,1200.00,D,,9002,2018-07-01T09:23:55Z
NC100001A,Bramblewick,Zoë,1990-01-15,123,A246,Quarry Mills,7,2018-05-01,,2018-07-31,M1,1,1210.50,D,,9003,2018-08-01T09:23:55Z
NC100002B,Thornquist,Ottilie,1985-07-23,099,B77,,12,2018-05-01,,2018-05-31,M1,1,900.00,D,,9004,2018-06-01T10:00:00Z
NC100002B,Thornquist,Ottilie,1985-07-23,099,B77,,12,2018-05-01,2018-06-20,2018-06-30,M1,1,600.00,D,,9005,2018-07-01T10:00:00Z
NC100003C,Vandermolen,Casimir,1978-11-09,456,C9,,3,2018-05-01,,2018-05-31,M1,1,1100.00,E,,9006,2018-06-01T11:00:00Z
NC100003C,Vandermolen,Casimir,1978-11-09,456,C9,,3,2018-05-01,,2018-06-30,M1,1,1100.00,E,,9007,2018-07-01T11:00:00Z
NC100003C,Vandermolen,Casimir,1978-11-09,456,C9,,3,2018-05-01,,2018-07-31,M1,1,1100.00,E,Y,9008,2018-08-01T11:00:00Z
NC100004D,Pettigrave,Ludmila,1969-03-30,456,C9,,4,2018-05-01,,2018-08-31,M1,1,1300.00,D,,9009,2018-09-01T12:00:00Z";

/// What must never be seen outside the Parquet files of a result: numbers, names and birth dates of the tests' people.
const PERSONAL: [&str; 24] = [
    "NC100001",
    "NC100002",
    "NC100003",
    "NC100004",
    "Bramblewick",
    "Thornquist",
    "Vandermolen",
    "Pettigrave",
    "Zoë",
    "Ottilie",
    "Casimir",
    "Ludmila",
    "1990-01-15",
    "1985-07-23",
    "1978-11-09",
    "1969-03-30",
    "15/01/1990",
    "23/07/1985",
    "09/11/1978",
    "30/03/1969",
    "15 January 1990",
    "23 July 1985",
    "9 November 1978",
    "30 March 1969",
];

/// A table as text, from which every form of input is made. An empty cell is a cell with nothing in it.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) names: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// The claims of the small batch.
pub(crate) fn claims() -> Table {
    Table::from_plain(CLAIMS)
}

/// The earnings of the small batch.
pub(crate) fn earnings() -> Table {
    Table::from_plain(EARNINGS)
}

impl Table {
    /// A table of cells that hold no comma, quote or line break.
    pub(crate) fn from_plain(text: &str) -> Self {
        let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        Self { names: lines.next().unwrap(), rows: lines.collect() }
    }

    /// The place of a column.
    pub(crate) fn place(&self, column: &str) -> usize {
        self.names.iter().position(|name| name == column).unwrap()
    }

    /// The same with one cell changed; rows are counted from 1.
    pub(crate) fn with(mut self, row: usize, column: &str, value: &str) -> Self {
        let place = self.place(column);
        value.clone_into(&mut self.rows[row - 1][place]);
        self
    }

    /// The same with a column under another name.
    pub(crate) fn renamed(mut self, column: &str, name: &str) -> Self {
        let place = self.place(column);
        name.clone_into(&mut self.names[place]);
        self
    }

    /// The same with HMRC's names.
    pub(crate) fn in_hmrc_names(mut self) -> Self {
        for name in &mut self.names {
            *name = hmrc_name(name).to_owned();
        }
        self
    }

    /// As comma-separated values.
    pub(crate) fn csv(&self) -> String {
        self.separated(",", "\n")
    }

    /// As separated values.
    pub(crate) fn separated(&self, delimiter: &str, line_end: &str) -> String {
        let lines = std::iter::once(&self.names).chain(&self.rows);
        lines.map(|cells| cells.join(delimiter) + line_end).collect()
    }

    /// As a JSON object for each row: money and counts are numbers, empty cells are left out.
    pub(crate) fn objects(&self) -> Vec<String> {
        let object = |cells: &Vec<String>| {
            let members = self.names.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()).map(|(name, cell)| {
                let is_number = matches!(ours(name), "taxable_pay" | "earnings_periods" | "payment_id");
                let value = if is_number { cell.clone() } else { serde_json::to_string(cell).unwrap() };
                format!("\"{name}\":{value}")
            });
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        };
        self.rows.iter().map(object).collect()
    }

    /// As arrays, each column of the type that `data_type` says for our name of it.
    pub(crate) fn batch(&self, data_type: impl Fn(&str) -> DataType) -> RecordBatch {
        let columns = self.names.iter().enumerate().map(|(place, name)| {
            let cell = |cells: &Vec<String>| Some(cells[place].clone()).filter(|cell| !cell.is_empty());
            let text: ArrayRef = Arc::new(self.rows.iter().map(cell).collect::<StringArray>());
            (name.clone(), of_type(&text, &data_type(ours(name))), true)
        });
        RecordBatch::try_from_iter_with_nullable(columns.collect::<Vec<_>>()).unwrap()
    }

    /// As a Parquet file in which every column is text.
    pub(crate) fn parquet(&self) -> Vec<u8> {
        parquet(&self.batch(|_| DataType::Utf8))
    }
}

/// Text as another type. The `arrow` of these tests knows no time zones by name, so UTC is put on afterwards.
fn of_type(text: &ArrayRef, data_type: &DataType) -> ArrayRef {
    let DataType::Timestamp(TimeUnit::Microsecond, Some(zone)) = data_type else {
        return cast(text, data_type).unwrap();
    };
    let bare = cast(text, &DataType::Timestamp(TimeUnit::Microsecond, None)).unwrap();
    Arc::new(bare.as_primitive::<TimestampMicrosecondType>().clone().with_timezone(zone.clone()))
}

/// A column without its time zone.
fn zoneless(column: &ArrayRef) -> ArrayRef {
    match column.as_primitive_opt::<TimestampMicrosecondType>() {
        Some(moments) => Arc::new(moments.clone().with_timezone_opt(None::<&str>)),
        None => Arc::clone(column),
    }
}

/// A Parquet file, uncompressed and without dictionaries, so that its pages hold the cells as they are.
pub(crate) fn parquet(batch: &RecordBatch) -> Vec<u8> {
    let mut file = Vec::new();
    let properties =
        WriterProperties::builder().set_dictionary_enabled(false).set_write_page_header_statistics(false).build();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    file
}

const NAMES: [(&str, &str); 17] = [
    ("nino", "nationalInsuranceNumber"),
    ("date_of_birth", "dateOfBirth"),
    ("office_number", "hmrcOfficeNumber"),
    ("paye_ref", "employerPayeRef"),
    ("employer_name", "employerName1"),
    ("payroll_id", "payrollId"),
    ("employment_start_date", "employmentStartDate"),
    ("leaving_date", "employmentEndDate"),
    ("payment_date", "paymentDate"),
    ("pay_frequency", "payFrequency"),
    ("earnings_periods", "earningsPeriodsCovered"),
    ("taxable_pay", "taxablePayInPeriod"),
    ("hours_band", "numberOfNormalHoursWorked"),
    ("irregular_payment", "irregularPayment"),
    ("payment_id", "uniquePaymentId"),
    ("received_at", "hmrcReceiptTimestamp"),
    ("no_longer_valid", "paymentNoLongerValid"),
];

fn hmrc_name(name: &str) -> &str {
    NAMES.iter().find(|(ours, _)| *ours == name).map_or(name, |(_, hmrc)| hmrc)
}

fn ours(name: &str) -> &str {
    NAMES.iter().find(|(_, hmrc)| *hmrc == name).map_or(name, |(ours, _)| ours)
}

/// What the program said and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// The program did its work.
    #[track_caller]
    pub(crate) fn stands(self) -> Self {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        self
    }

    /// The program refused with these words and printed nothing else.
    #[track_caller]
    pub(crate) fn refuses(&self, code: i32, words: &str) {
        assert_eq!((self.code, self.out.as_str(), self.err.trim_end()), (code, "", words));
    }
}

/// One row of a result by column; what is null is empty.
pub(crate) type Row = BTreeMap<String, String>;

/// A folder of its own with the program in it.
#[derive(Debug)]
pub(crate) struct Desk(TempDir);

impl Desk {
    /// An empty desk.
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A desk with the small batch on it, as `claims.csv` and `earnings.csv`.
    pub(crate) fn with_batch() -> Self {
        let desk = Self::new();
        desk.put("claims.csv", claims().csv());
        desk.put("earnings.csv", earnings().csv());
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, and the folder it lies in.
    pub(crate) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// The files and folders on the desk, hidden ones too.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs the program on the desk. Whatever it says, no personal data is in it, nor in any account on the desk.
    #[track_caller]
    pub(crate) fn sustain(&self, line: &str) -> Said {
        let ended = Command::new(env!("CARGO_BIN_EXE_sustain"))
            .args(line.split_whitespace())
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            text.replace(&self.0.path().display().to_string(), "DIR")
        };
        let said = Said { code: ended.status.code().unwrap_or(-1), out: text(ended.stdout), err: text(ended.stderr) };
        holds_nothing_personal("standard output", &said.out);
        holds_nothing_personal("standard error", &said.err);
        for name in self.names() {
            for file in ["run.json", "report.html"] {
                if let Ok(text) = fs::read_to_string(self.path(&name).join(file)) {
                    holds_nothing_personal(file, &text);
                }
            }
        }
        said
    }

    /// Decides `claims.csv` against `earnings.csv` into `out`.
    #[track_caller]
    pub(crate) fn validate(&self, options: &str) -> Said {
        self.decide("claims.csv", "earnings.csv", options)
    }

    /// Decides a claims file against earnings into `out`; where that stands, once more against a store of the same
    /// earnings, which must say the same.
    #[track_caller]
    pub(crate) fn decide(&self, claims: &str, earnings: &str, options: &str) -> Said {
        let order = format!("validate --scheme lse-poc-2017 --claims {claims} {options}");
        let said = self.sustain(&format!("{order} --earnings {earnings} --out out"));
        if matches!(said.code, 0 | 1) {
            let room = tempfile::tempdir().unwrap();
            let (store, out) = (room.path().join("store"), room.path().join("out"));
            let prepared = self.sustain(&format!("prepare --earnings {earnings} --out {}", store.display()));
            if prepared.err.contains("a page is damaged") {
                // A store has every row whole; a run does not read what it has no need of.
                return said;
            }
            prepared.stands();
            let from_store = self.sustain(&format!("{order} --earnings {} --out {}", store.display(), out.display()));
            assert_eq!(from_store.code, said.code, "{}", from_store.err);
            same_results(&self.path("out"), &out);
        }
        said
    }

    /// The account of the result in `out`.
    pub(crate) fn account(&self) -> RunAccount {
        serde_json::from_str(&fs::read_to_string(self.path("out/run.json")).unwrap()).unwrap()
    }

    /// The claims of the result in `out`, in the order of the files.
    pub(crate) fn decided(&self) -> Vec<Row> {
        ["validated", "rejected", "queried"].iter().flat_map(|verdict| self.rows(verdict)).collect()
    }

    /// The rows of one file of the result in `out`.
    pub(crate) fn rows(&self, file: &str) -> Vec<Row> {
        rows(&self.path(&format!("out/{file}.parquet")))
    }

    /// The quarantined rows of the result in `out`, byte for byte.
    pub(crate) fn quarantined_bytes(&self) -> Vec<Vec<u8>> {
        let batches = batches(&self.path("out/quarantine.parquet"));
        let raw = |batch: &RecordBatch| {
            let column = batch.column_by_name("raw").unwrap().as_binary::<i32>().clone();
            (0..column.len()).map(|row| column.value(row).to_vec()).collect::<Vec<_>>()
        };
        batches.iter().flat_map(raw).collect()
    }

    /// Every file of the result in `out`, byte for byte.
    pub(crate) fn result_bytes(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.path("out"))
    }
}

/// Every file of a folder, byte for byte.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())).collect()
}

/// Asserts that two results of the same earnings are the same, one of them read from a store: byte for byte, but for the
/// text of quarantined rows, which a store has by its cells.
#[track_caller]
pub(crate) fn same_results(one: &Path, other: &Path) {
    let (one_files, other_files) = (files(one), files(other));
    for name in ["validated", "rejected", "queried", "findings", "evidence"].map(|name| format!("{name}.parquet")) {
        assert!(one_files[&name] == other_files[&name], "{name} of the two differs");
    }
    assert!(one_files["verdicts.csv"] == other_files["verdicts.csv"], "verdicts.csv of the two differs");
    let quarantined = |run: &Path| {
        let mut quarantined = rows(&run.join("quarantine.parquet"));
        for row in &mut quarantined {
            row.remove("raw");
            row.remove("raw_text");
        }
        quarantined
    };
    assert_eq!(quarantined(one), quarantined(other));
    if one_files["quarantine.parquet"] == other_files["quarantine.parquet"] {
        let account = |files: &BTreeMap<String, Vec<u8>>| String::from_utf8(files["run.json"].clone()).unwrap();
        assert_eq!(account(&one_files), account(&other_files));
    }
}

#[track_caller]
pub(crate) fn holds_nothing_personal(where_: &str, text: &str) {
    for word in PERSONAL {
        assert!(!text.to_lowercase().contains(&word.to_lowercase()), "{where_} holds personal data:\n{text}");
    }
}

fn batches(path: &Path) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    reader.map(Result::unwrap).collect()
}

/// The rows of a Parquet file, without the run that each says it is of: other inputs are another run.
pub(crate) fn rows(path: &Path) -> Vec<Row> {
    let mut rows = rows_with_run(path);
    for row in &mut rows {
        row.remove("sustain_run");
    }
    rows
}

/// The rows of a Parquet file.
pub(crate) fn rows_with_run(path: &Path) -> Vec<Row> {
    let mut rows = Vec::new();
    for batch in batches(path) {
        let schema = batch.schema();
        let options = FormatOptions::default();
        let zoneless: Vec<ArrayRef> = batch.columns().iter().map(zoneless).collect();
        let columns: Vec<_> =
            zoneless.iter().map(|column| ArrayFormatter::try_new(column, &options).unwrap()).collect();
        for row in 0..batch.num_rows() {
            let cells = schema.fields().iter().zip(&columns);
            rows.push(cells.map(|(field, column)| (field.name().clone(), column.value(row).to_string())).collect());
        }
    }
    rows
}

/// Bytes packed by gzip.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Bytes packed by Zstandard.
pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}
