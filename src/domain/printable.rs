//! Text as a screen may be given it: what would steer a terminal, or turn the order of letters round, is written out.

use std::borrow::Cow;

/// Whether a letter does something to a screen instead of standing on it: controls, and those that change the direction of
/// what follows. Line ends and tabs are text.
pub fn steers(letter: char) -> bool {
    let is_direction =
        matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (letter.is_control() && !matches!(letter, '\n' | '\t')) || is_direction
}

/// A text in which what would steer the screen is written as `\u{..}`.
pub fn printable(text: &str) -> Cow<'_, str> {
    written_out(text, |letter| letter.escape_unicode().to_string())
}

/// The same of JSON, whose texts have their own way to write a letter by its number.
pub fn printable_json(json: &str) -> Cow<'_, str> {
    written_out(json, |letter| format!("\\u{:04x}", u32::from(letter)))
}

fn written_out(text: &str, write: impl Fn(char) -> String) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if steers(letter) { safe.push_str(&write(letter)) } else { safe.push(letter) }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_screen_is_written_out_and_all_else_is_left() {
        assert_eq!(printable("a\u{1b}[2Jb\u{9b}c\u{202e}d\r"), "a\\u{1b}[2Jb\\u{9b}c\\u{202e}d\\u{d}");
        for letter in ['\u{200e}', '\u{200f}', '\u{202a}', '\u{2066}', '\u{2069}', '\u{7f}', '\u{0}', '\u{80}', '\u{8}']
        {
            assert!(steers(letter), "{letter:?}");
        }
        let plain = "£1,000 \u{2014} Zo\u{eb}\n\tשלום \u{1f600}\u{200d}";
        assert!(matches!(printable(plain), Cow::Borrowed(text) if text == plain));
    }

    #[test]
    fn json_stays_json() {
        let value = serde_json::json!({ "a\u{202e}": "b\u{9b}\u{1b}" });
        let text = serde_json::to_string_pretty(&value).unwrap();
        let safe = printable_json(&text);
        assert!(!safe.contains(steers), "{safe}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), value);
    }
}
