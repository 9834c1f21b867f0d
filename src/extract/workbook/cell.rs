//! What a cell of a sheet says, as text.

use calamine::{Data, ExcelDateTime};

/// From this number on spreadsheets know no day: it would be in the year 10000.
const DAYS_END: f64 = 2_958_466.0;

/// From this number on a number has more digits than spreadsheets keep.
const DIGITS_END: f64 = 1e15;

/// What a cell says; nothing where it is empty.
///
/// A date is `YYYY-MM-DD`, with its time where that is not midnight. A number is the shortest decimal that a spreadsheet
/// takes for it: spreadsheets keep fifteen digits. A line break within a cell is a blank, so that every row is a line.
pub(super) fn text_of(cell: &Data) -> Option<String> {
    let text = match cell {
        Data::Empty => return None,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.replace(['\r', '\n'], " "),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number_text(*number),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(moment) => moment_text(moment),
        Data::Error(error) => error.to_string(),
    };
    (!text.trim().is_empty()).then_some(text)
}

/// A number in fifteen digits, without noughts at its end.
fn number_text(number: f64) -> String {
    let kept = if number.abs() < DIGITS_END { format!("{number:.14e}").parse().unwrap_or(number) } else { number };
    match kept.to_string() {
        text if text == "-0" => "0".to_owned(),
        text => text,
    }
}

fn moment_text(moment: &ExcelDateTime) -> String {
    let days = moment.as_f64();
    if moment.is_duration() || !(0.0..DAYS_END).contains(&days) {
        return number_text(days);
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let fraction = if milli == 0 { String::new() } else { format!(".{milli:03}") };
    let time = format!("{hour:02}:{minute:02}:{second:02}{fraction}");
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (days < 1.0 && year < 1904, time == "00:00:00") {
        // A time without a day.
        (true, _) => time,
        (false, true) => date,
        (false, false) => format!("{date}T{time}"),
    }
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;

    fn said(cell: &Data) -> String {
        text_of(cell).unwrap_or_default()
    }

    fn moment(days: f64) -> String {
        said(&Data::DateTime(ExcelDateTime::new(days, ExcelDateTimeType::DateTime, false)))
    }

    #[test]
    fn a_number_is_its_shortest_decimal() {
        for (number, text) in [
            (1250.0, "1250"),
            (1250.5, "1250.5"),
            (-0.0, "0"),
            (-12.34, "-12.34"),
            (0.1 + 0.2, "0.3"),
            (1250.1 * 3.0, "3750.3"),
            (710_000_000_006.0, "710000000006"),
            (123_456_789_012_345_680.0, "123456789012345680"),
            (1e21, "1000000000000000000000"),
        ] {
            assert_eq!(said(&Data::Float(number)), text);
        }
    }

    #[test]
    fn a_date_is_a_day_and_keeps_its_time() {
        assert_eq!(moment(43_221.0), "2018-05-01");
        assert_eq!(moment(43_221.25), "2018-05-01T06:00:00");
        assert_eq!(moment(0.5), "12:00:00");
        assert_eq!(moment(-3.0), "-3");
        assert_eq!(moment(2_958_466.0), "2958466");
        let of_1904 = ExcelDateTime::new(41_759.0, ExcelDateTimeType::DateTime, true);
        assert_eq!(said(&Data::DateTime(of_1904)), "2018-05-01");
    }

    #[test]
    fn every_other_cell_is_its_text() {
        assert_eq!(said(&Data::Bool(true)), "true");
        assert_eq!(said(&Data::Error(CellErrorType::NA)), "#N/A");
        assert_eq!(said(&Data::String("Fen\r\nGrocers".into())), "Fen  Grocers");
        assert_eq!(said(&Data::DateTimeIso("2018-05-01".into())), "2018-05-01");
        assert_eq!(text_of(&Data::String(" ".into())), None);
        assert_eq!(text_of(&Data::Empty), None);
    }
}
