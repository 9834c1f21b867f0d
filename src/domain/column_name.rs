//! Names of columns, as people write them.

/// A name as names are compared: without case, blanks, underscores and hyphens, and without the sign for pounds and the
/// brackets it stands in, as in `Amount claimed (£)`.
pub fn plain_name(name: &str) -> String {
    let counts = |letter: &char| !letter.is_whitespace() && !matches!(letter, '_' | '-' | '£' | '(' | ')');
    name.chars().filter(counts).flat_map(char::to_lowercase).collect()
}

/// Names with fewer letters than this are never taken for misspelt: `sex` and `six` are one letter apart.
const LEAST_LETTERS: usize = 4;

/// From how many letters on two may be wrong.
const TWO_WRONG_FROM: usize = 8;

/// Whether a name looks like a misspelling of another: one letter is wrong, missing, too many or exchanged with the next;
/// of a long name two. Names that differ in a digit are names of a series, as `address1` and `address2`, and no
/// misspellings. Both names are plain.
pub fn is_misspelling(name: &str, of: &str) -> bool {
    let letters = of.chars().count();
    if letters < LEAST_LETTERS || name == of {
        return false;
    }
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let most = if letters < TWO_WRONG_FROM { 1 } else { 2 };
    let is_of_a_series = !digits(name).is_empty() && digits(name) != digits(of);
    !is_of_a_series && strsim::damerau_levenshtein(name, of) <= most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_blanks_underscores_and_hyphens_do_not_count() {
        for written in ["date_of_birth", "Date of birth", "DATE-OF-BIRTH", "dateOfBirth", " Date\u{a0}Of  Birth "] {
            assert_eq!(plain_name(written), "dateofbirth");
        }
        assert_ne!(plain_name("d.o.b."), plain_name("dob"));
        assert_eq!(plain_name("Amount claimed (£)"), plain_name("amount_claimed"));
    }

    #[test]
    fn a_misspelling_is_near_for_its_length() {
        for (name, of) in [("paymentid", "paymentdi"), ("beneft", "benefit"), ("leavngdates", "leavingdate")] {
            assert!(is_misspelling(name, of) && is_misspelling(of, name), "{name}");
        }
        for (name, of) in [("six", "sex"), ("note", "nino"), ("employername2", "employername1"), ("surname", "surname")]
        {
            assert!(!is_misspelling(name, of), "{name}");
        }
    }
}
