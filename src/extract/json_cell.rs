//! The value of one name in a JSON object, as the text of a cell.

use std::borrow::Cow;

/// Why a value is none of a cell.
pub(super) const NESTED: &str = "the value of a column is an object or a list";

/// Puts a value in its place.
///
/// # Errors
/// It is nested, and so no value of a cell.
pub(super) fn put<'t>(place: &mut Option<Cow<'t, str>>, raw: &'t str) -> Result<(), &'static str> {
    let text = match raw.as_bytes() {
        [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => raw.get(1..raw.len() - 1).map(Cow::Borrowed),
        [b'"', ..] => match serde_json::from_str::<String>(raw) {
            Ok(text) => Some(Cow::Owned(text)),
            Err(_) => return Err("a text is damaged"),
        },
        [b'{' | b'[', ..] => return Err(NESTED),
        [b'n', ..] => None,
        [b'-' | b'0'..=b'9', ..] => Some(plain_number(raw)),
        _ => Some(Cow::Borrowed(raw)),
    };
    if text.is_some() {
        *place = text;
    }
    Ok(())
}

/// A number is its value and not its spelling: without an exponent, and without noughts behind the point.
fn plain_number(raw: &str) -> Cow<'_, str> {
    if !raw.contains(['.', 'e', 'E']) {
        return Cow::Borrowed(raw);
    }
    let (mantissa, exponent) = raw.split_once(['e', 'E']).unwrap_or((raw, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |mantissa| ("-", mantissa));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.parse::<i64>().ok().filter(|places| places.unsigned_abs() <= MOST_PLACES);
    let Some(exponent) = exponent else { return Cow::Borrowed(raw) };
    let digits = format!("{whole}{fraction}");
    let point = i64::try_from(whole.len()).unwrap_or(0) + exponent;
    let noughts = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
    let length = i64::try_from(digits.len()).unwrap_or(0);
    let digits = format!("{}{digits}{}", noughts(1 - point), noughts(point - length));
    let (whole, fraction) = digits.split_at(usize::try_from(point.max(1)).unwrap_or(0));
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    Cow::Owned(format!("{sign}{whole}{point}{fraction}"))
}

/// The most places by which an exponent may move the point of a number: one that moves it further is no cell's value.
const MOST_PLACES: u64 = 400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_its_value_and_not_its_spelling() {
        let spellings = [
            ("1250", "1250"),
            ("1250.00", "1250"),
            ("1250.50", "1250.5"),
            ("1.25E+3", "1250"),
            ("1.25e3", "1250"),
            ("-6.4E+2", "-640"),
            ("1.2505e3", "1250.5"),
            ("125E-2", "1.25"),
            ("5e-3", "0.005"),
            ("0.10", "0.1"),
            ("0.0", "0"),
            ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
            ("1e99999", "1e99999"),
        ];
        for (raw, plain) in spellings {
            assert_eq!(plain_number(raw), plain, "{raw}");
        }
    }
}
