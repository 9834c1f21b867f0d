//! Decodes Windows-1252 to UTF-8.

use encoding_rs::WINDOWS_1252;

use super::NOT_TEXT;

pub(super) fn decode_windows_1252(raw: &[u8], out: &mut Vec<u8>) {
    // encoding_rs follows the Web in reading the undefined bytes as control characters, so they
    // are cut out before it sees them.
    let mut defined_parts = raw.split(|byte| is_undefined_in_windows_1252(*byte));
    if let Some(first) = defined_parts.next() {
        push_windows_1252(first, out);
    }
    for part in defined_parts {
        out.push(NOT_TEXT);
        push_windows_1252(part, out);
    }
}

fn push_windows_1252(defined: &[u8], out: &mut Vec<u8>) {
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(defined);
    out.extend_from_slice(text.as_bytes());
}

fn is_undefined_in_windows_1252(byte: u8) -> bool {
    matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D)
}

#[cfg(test)]
mod tests {
    use super::super::Encoding;
    use super::super::testing::{decode, decode_in};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn undefined_1252_bytes_are_not_text() {
        assert_eq!(decode(b"\x81a\x8D\x8Fb\x90\x9D", Encoding::Windows1252).0, b"\xFFa\xFF\xFFb\xFF\xFF");
        assert_eq!(decode(b"caf\xE9 \x80", Encoding::Windows1252).0, "café €".as_bytes());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn windows_1252_is_utf8_exactly_when_defined(
            raw in prop::collection::vec(any::<u8>(), 0..40), size in 1usize..9,
        ) {
            let decoded = decode_in(&raw, Encoding::Windows1252, size).0;
            let defined = !raw.iter().any(|byte| is_undefined_in_windows_1252(*byte));
            prop_assert_eq!(std::str::from_utf8(&decoded).is_ok(), defined);
            if defined {
                let (expected, _) = WINDOWS_1252.decode_without_bom_handling(&raw);
                prop_assert_eq!(decoded.as_slice(), expected.as_bytes());
            }
        }
    }
}
