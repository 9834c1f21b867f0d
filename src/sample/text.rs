//! Short texts without heap allocation, and numbers written as text.

/// A text of at most `N` bytes of ASCII. What does not fit, or is not ASCII, is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Short<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Short<N> {
    /// An empty text.
    pub(super) const fn new() -> Self {
        Self { bytes: [0; N], length: 0 }
    }

    /// Adds one character.
    pub(super) fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length).filter(|_| byte.is_ascii()) {
            *place = byte;
            self.length += 1;
        }
    }

    /// Adds a text.
    pub(super) fn push_text(&mut self, text: &str) {
        for byte in text.bytes() {
            self.push(byte);
        }
    }

    /// Adds a number, with zeros in front up to `width`.
    pub(super) fn push_number(&mut self, number: u64, width: usize) {
        let end = self.length + digits(number).max(width);
        if let Some(space) = self.bytes.get_mut(self.length..end) {
            fill(space, number);
            self.length = end;
        }
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        // Only ASCII goes in, so this cannot fail; an empty text is what the type system asks us to name.
        self.bytes.get(..self.length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

/// How many decimal digits a number has.
const fn digits(number: u64) -> usize {
    match number.checked_ilog10() {
        Some(power) => power as usize + 1,
        None => 1,
    }
}

/// Fills all of `space` with a number's digits, zeros in front.
fn fill(space: &mut [u8], number: u64) {
    let mut rest = number;
    for byte in space.iter_mut().rev() {
        *byte = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
}

/// Adds a number to `out`, with zeros in front up to `width`.
pub(super) fn number(out: &mut Vec<u8>, number: u64, width: usize) {
    let start = out.len();
    out.resize(start + digits(number).max(width), b'0');
    fill(out.get_mut(start..).unwrap_or_default(), number);
}

/// Adds an amount to `out`, as pounds with two decimal places.
pub(super) fn pounds(out: &mut Vec<u8>, pence: i64) {
    if pence < 0 {
        out.push(b'-');
    }
    let pence = pence.unsigned_abs();
    number(out, pence / 100, 1);
    out.push(b'.');
    number(out, pence % 100, 2);
}

/// Adds a moment to `out`, as `2018-05-01T09:30:00Z`. The day is the moment's own.
pub(super) fn moment(out: &mut Vec<u8>, day: super::day::Day, second: u32) {
    out.extend_from_slice(&day.text());
    out.push(b'T');
    number(out, u64::from(second / 3600), 2);
    out.push(b':');
    number(out, u64::from(second / 60 % 60), 2);
    out.push(b':');
    number(out, u64::from(second % 60), 2);
    out.push(b'Z');
}

#[cfg(test)]
mod tests {
    use super::super::day::Day;
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn amounts_have_two_places_and_their_sign() {
        assert_eq!(written(|out| pounds(out, 123_456)), "1234.56");
        assert_eq!(written(|out| pounds(out, -5)), "-0.05");
        assert_eq!(written(|out| pounds(out, 0)), "0.00");
    }

    #[test]
    fn moments_are_in_universal_time() {
        assert_eq!(written(|out| moment(out, Day::of(2018, 5, 1), 34_205)), "2018-05-01T09:30:05Z");
    }

    #[test]
    fn a_short_text_holds_what_fits() {
        let mut text = Short::<6>::new();
        text.push_text("W");
        text.push_number(42, 4);
        text.push_text("more");
        assert_eq!(text.as_str(), "W0042m");
    }
}
