//! The rulebook, `docs/rulebook.md`, is the contract: the cases quote it, and the rules and the README say what it says.

use std::fmt::Write as _;
use std::path::Path;

use sustain::rules::{Code, RULES, Rule, rulebook};

use crate::support::Desk;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// A text with every run of white space as one space, so that line breaks do not matter in a search.
fn normalised(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every quotation of a file of cases, with the title it stands under: the lines that begin with `> `, joined.
fn quotations(text: &str) -> Vec<(String, String)> {
    let mut quotations: Vec<(String, String)> = Vec::new();
    let (mut title, mut is_open) = (String::new(), false);
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            heading.clone_into(&mut title);
        }
        match (line.strip_prefix("> "), quotations.last_mut()) {
            (Some(quoted), Some((_, open))) if is_open => write!(open, " {quoted}").unwrap(),
            (Some(quoted), _) => quotations.push((title.clone(), quoted.to_owned())),
            (None, _) => {}
        }
        is_open = line.starts_with("> ");
    }
    quotations
}

/// The part of a quotation that is not in the rulebook; `…` leaves words out between parts.
fn missing<'a>(rulebook: &str, quotation: &'a str) -> Option<&'a str> {
    let mut rest = rulebook;
    quotation.split('…').map(str::trim).filter(|part| !part.is_empty()).find(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            false
        }
        None => true,
    })
}

#[test]
fn every_sentence_a_case_quotes_stands_in_the_rulebook() {
    let rulebook = normalised(rulebook::TEXT);
    let mut files: Vec<_> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut wrong = String::new();
    let mut count = 0;
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        for (title, quotation) in quotations(&std::fs::read_to_string(&file).unwrap()) {
            let quotation = normalised(&quotation);
            if let Some(part) = missing(&rulebook, &quotation) {
                writeln!(wrong, "tests/cases/{name}: {title}\n  quotes: {quotation}\n  not in the rulebook: {part}")
                    .unwrap();
            }
            count += 1;
        }
    }
    assert!(400 <= count, "only {count} quotations were found");
    assert!(wrong.is_empty(), "these quotations do not stand in docs/rulebook.md:\n{wrong}");
}

#[test]
fn a_quotation_with_a_word_changed_is_not_found() {
    assert_eq!(missing("a b c d", "a b … d"), None);
    assert_eq!(missing("a b c d", "a b … e"), Some("e"));
    assert_eq!(missing("a b c d", "c … a"), Some("a"));
    assert_eq!(
        quotations("## One\n> a\n> b\n\ntext\n## Two\n> c\n"),
        [("One".into(), "a b".into()), ("Two".into(), "c".into())]
    );
}

/// The rows of the rulebook's table of rules, a row for each code: the code and what its default cell says of it.
pub(crate) fn table() -> Vec<(String, String)> {
    let section = rulebook::TEXT.split("\n## 9. ").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| ")).skip(1);
    let mut table = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let codes = codes(cells[1]);
        let defaults: Vec<&str> = cells[2].split(", ").collect();
        assert!(defaults.len() == 1 || defaults.len() == codes.len(), "{row}");
        let default = |place: usize| defaults.get(place).unwrap_or(&defaults[0]).to_string();
        table.extend(codes.into_iter().enumerate().map(|(place, code)| (code, default(place))));
    }
    table
}

/// The codes of a cell: `ROW01`, `HRS01 HRS02`, or `SUS03 .. SUS07` for a range.
fn codes(cell: &str) -> Vec<String> {
    let Some((first, last)) = cell.split_once(" .. ") else {
        return cell.split(' ').map(str::to_owned).collect();
    };
    let (family, first) = first.split_at(3);
    let number = |text: &str| text.parse::<u8>().unwrap();
    (number(first)..=number(&last[3..])).map(|number| format!("{family}{number:02}")).collect()
}

/// Whether the table's default cell says what the rule's weight says. Where a rule rejects in some cases and queries in
/// others, the cell names both or the section that settles which.
fn agrees(cell: &str, rule: &Rule) -> bool {
    let by_section = format!("see {}", rule.rulebook[0]);
    cell == rule.weight.to_string() || (rule.weight.may_be_unclear() && cell == by_section)
}

#[test]
fn the_rulebook_the_program_and_the_readme_name_the_same_rules() {
    let table = table();
    let program: Vec<String> = RULES.iter().map(|rule| rule.code.to_string()).collect();
    assert_eq!(table.iter().map(|(code, _)| code.clone()).collect::<Vec<_>>(), program);
    for ((code, default), rule) in table.iter().zip(RULES) {
        assert!(agrees(default, rule), "{code}: the rulebook says {default}, the rule {}", rule.weight);
    }
    let readme = read("README.md");
    let listed: Vec<&str> = readme
        .lines()
        .filter(|line| line.starts_with("| ") && line.get(2..7).is_some_and(|code| Code::parse(code).is_some()))
        .collect();
    let expected: Vec<String> =
        RULES.iter().map(|rule| format!("| {} | {} | {} |", rule.code, rule.severity().name(), rule.title)).collect();
    assert_eq!(listed, expected, "the README's table of rules is another; run: bash tests/regenerate.sh");
}

/// The numbers a page's source names after `section`: `2 and 9` or `4 to 6`.
fn sections_named(page: &str) -> Vec<u8> {
    let source = page.split("**Source** Rulebook, section ").nth(1).unwrap_or_default();
    let numbers: Vec<&str> = source.split([' ', ',', ';', ':', '.', '\n']).take(3).collect();
    let parsed = |place: usize| numbers.get(place).and_then(|number| number.parse::<u8>().ok());
    match (parsed(0), numbers.get(1).copied(), parsed(2)) {
        (Some(first), Some("and"), Some(last)) => vec![first, last],
        (Some(first), Some("to"), Some(last)) => (first..=last).collect(),
        (Some(only), ..) => vec![only],
        (None, ..) => Vec::new(),
    }
}

#[test]
fn every_rule_names_sections_that_the_rulebook_has() {
    for rule in RULES {
        assert!(!rule.rulebook.is_empty(), "{} names no section", rule.code);
        for section in rule.rulebook {
            assert!(rulebook::title(*section).is_some(), "{}: the rulebook has no section {section}", rule.code);
        }
        assert_eq!(sections_named(&rule.page()), rule.rulebook, "{}: its page names others", rule.code);
    }
}

#[test]
fn the_program_prints_the_rulebook_and_a_rules_page_says_where_to_read_it() {
    assert_eq!(Desk::new().sustain("rules --book").stands().out, read("docs/rulebook.md"));
    assert_eq!(Desk::new().sustain("rules --book SUS03").code, 2);
    let page = Desk::new().sustain("rules EMP01").stands().out;
    assert!(page.contains("Rulebook section 6 (Sustained hours"), "{page}");
    assert!(page.contains("sustain rules --book"), "{page}");
}
