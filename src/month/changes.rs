//! What changed in the payroll rows considered for a claim, between two months, in words.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use crate::domain::count_of;
use crate::domain::day::LongDate;
use crate::ledger::considered::{cell, map_fact_batches, place_of};
use crate::sealed::OpenFolder;

/// A payroll row: its facts, and apart from them the day on which HMRC voided it.
pub(super) struct PayrollRow {
    facts: Vec<Option<String>>,
    voided_on: Option<String>,
}

/// The payroll rows of some claims, by row of the batch.
pub(super) type PayrollRows = HashMap<u32, Vec<PayrollRow>>;

/// The payroll rows that a run considered for these rows of its batch.
pub(super) fn payroll_rows(run: &OpenFolder, wanted: &HashSet<u32>) -> Result<PayrollRows, String> {
    let mut kept = PayrollRows::new();
    let void = place_of("no_longer_valid");
    let of_batches = map_fact_batches(run, &|row| wanted.contains(&row), &|rows, facts| {
        let payroll_row = |(index, row): (usize, &u32)| {
            let mut own: Vec<Option<String>> = facts.iter().map(|fact| cell(fact, index).map(str::to_owned)).collect();
            let voided_on = void.and_then(|place| own.get_mut(place)?.take());
            (*row, PayrollRow { facts: own, voided_on })
        };
        rows.iter().enumerate().map(payroll_row).collect::<Vec<_>>()
    })?;
    for (row, payroll_row) in of_batches.into_iter().flatten() {
        kept.entry(row).or_default().push(payroll_row);
    }
    Ok(kept)
}

/// What names a payment among those of a person: employer, payroll number and payday.
fn name_of(row: &PayrollRow) -> Vec<Option<String>> {
    ["paye_ref", "payroll_id", "payment_date"]
        .into_iter()
        .map(|name| place_of(name).and_then(|place| row.facts.get(place)?.clone()))
        .collect()
}

fn payday(row: &PayrollRow) -> Option<NaiveDate> {
    row.facts.get(place_of("payment_date")?)?.as_deref()?.parse().ok()
}

/// What changed from one month's rows to another's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PayrollChanges {
    /// Each change, in words.
    pub(super) words: String,
    /// How many payments the earlier extract had and this one lacks. HMRC deletes nothing, it voids: this extract is not whole.
    pub(super) lost: u64,
}

/// What changed from one month's rows to another's; `cut_off` is the last day of which the earlier month knew.
pub(super) fn changes(before: &[PayrollRow], now: &[PayrollRow], cut_off: Option<NaiveDate>) -> PayrollChanges {
    let count = |rows: &[PayrollRow]| {
        let mut counts: BTreeMap<Vec<Option<String>>, Vec<Option<String>>> = BTreeMap::new();
        for row in rows {
            counts.entry(row.facts.clone()).or_default().push(row.voided_on.clone());
        }
        counts
    };
    let (was, is) = (count(before), count(now));
    let mut voided: BTreeMap<String, usize> = BTreeMap::new();
    let mut restored = 0;
    let (mut gone, mut come): (Vec<&PayrollRow>, Vec<&PayrollRow>) = (Vec::new(), Vec::new());
    for (facts, voids) in &is {
        let earlier = was.get(facts).map(Vec::as_slice).unwrap_or_default();
        for (number, void) in voids.iter().enumerate() {
            match (earlier.get(number), void) {
                (Some(None), Some(day)) => *voided.entry(day.clone()).or_default() += 1,
                (Some(Some(_)), None) => restored += 1,
                (Some(_) | None, _) => {}
            }
        }
    }
    let lacks = |counts: &BTreeMap<Vec<Option<String>>, Vec<Option<String>>>, row: &PayrollRow| {
        !counts.contains_key(&row.facts)
    };
    gone.extend(before.iter().filter(|row| lacks(&is, row)));
    come.extend(now.iter().filter(|row| lacks(&was, row)));
    let names: HashSet<Vec<Option<String>>> = gone.iter().map(|row| name_of(row)).collect();
    let changed = come.iter().filter(|row| names.contains(&name_of(row))).count();
    let new_names: HashSet<Vec<Option<String>>> = come.iter().map(|row| name_of(row)).collect();
    let left_out = gone.iter().filter(|row| !new_names.contains(&name_of(row))).count();
    let is_later = |row: &PayrollRow| payday(row).zip(cut_off).is_some_and(|(payday, cut_off)| cut_off < payday);
    let added = come.iter().filter(|row| !names.contains(&name_of(row)));
    let (later, filled): (Vec<&PayrollRow>, Vec<&PayrollRow>) = added.partition(|row| is_later(row));

    let payments = |count: usize| if count == 1 { "1 payment".to_owned() } else { format!("{count} payments") };
    let mut words: Vec<String> = voided
        .into_iter()
        .map(|(day, count)| {
            let day = day.parse().map_or(day, |day: NaiveDate| LongDate(day).to_string());
            format!("HMRC voided {} on {day}", payments(count))
        })
        .collect();
    let mut say = |count: usize, what: &str| {
        if count > 0 {
            words.push(format!("{} {what}", payments(count)));
        }
    };
    say(restored, "that HMRC had voided count again");
    say(changed, "changed");
    say(left_out, "can no longer be found in the extract");
    say(filled.len(), "came later for paydays that an earlier extract covered");
    say(later.len(), "came after the last extract");
    PayrollChanges { words: words.join(", "), lost: count_of(left_out) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::considered::facts;

    fn row(payday: &str, pay: &str, voided_on: Option<&str>) -> PayrollRow {
        let mut facts = vec![None; facts().len()];
        facts[place_of("payment_date").unwrap()] = Some(payday.to_owned());
        facts[place_of("taxable_pay").unwrap()] = Some(pay.to_owned());
        PayrollRow { facts, voided_on: voided_on.map(str::to_owned) }
    }

    #[test]
    fn what_changed_is_counted_in_words() {
        let before = [row("2018-10-31", "900", None), row("2018-11-30", "900", None), row("2018-12-31", "900", None)];
        let changes = |now: &[PayrollRow]| changes(&before, now, "2019-01-15".parse().ok());
        let said = |now: &[PayrollRow]| changes(now).words;
        let void = Some("2019-01-20");
        assert_eq!(
            said(&[row("2018-10-31", "900", None), row("2018-11-30", "900", void), row("2018-12-31", "900", void)]),
            "HMRC voided 2 payments on 20 January 2019"
        );
        assert_eq!(said(&before), "");
        // A payment that changed is not lost, and one that was voided is not.
        assert_eq!(changes(&[row("2018-10-31", "900", void), row("2018-11-30", "450", None)]).lost, 1);
        assert_eq!(changes(&before).lost, 0);
        assert_eq!(
            said(&[row("2018-10-31", "900", None), row("2018-11-30", "450", None)]),
            "1 payment changed, 1 payment can no longer be found in the extract"
        );
        let more =
            ["2018-10-31", "2018-11-30", "2018-12-31", "2018-09-30", "2019-01-31"].map(|day| row(day, "900", None));
        assert_eq!(
            said(&more),
            "1 payment came later for paydays that an earlier extract covered, 1 payment came after the last extract"
        );
    }
}
