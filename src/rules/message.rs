//! Messages: a rule's template, filled with the facts of a claim.

use super::Fact;

/// Fills a template: `{name}` becomes the fact of that name.
pub(super) fn fill(template: &str, facts: &[Fact]) -> String {
    let mut message = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        message.push_str(before);
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        match facts.iter().find(|fact| fact.name == name) {
            Some(fact) => message.push_str(&fact.value.to_string()),
            None => message.push_str("not known"),
        }
        rest = tail;
    }
    message.push_str(rest);
    message
}

/// The names of the placeholders in a template.
pub(super) fn names(template: &'static str) -> impl Iterator<Item = &'static str> {
    template.split('{').skip(1).map(|place| place.split_once('}').map_or(place, |(name, _)| name))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn a_message_is_made_from_the_facts() {
        let facts = [Fact::new("days", 90_u32), Fact::new("on", NaiveDate::from_ymd_opt(2018, 5, 1).unwrap())];
        assert_eq!(fill("only {days} until {on}", &facts), "only 90 days until 1 May 2018");
        assert_eq!(fill("since {then}", &facts), "since not known");
        assert_eq!(names("only {days} until {on}").collect::<Vec<_>>(), ["days", "on"]);
    }
}
