//! Personal data, masked by type.

use std::fmt;
use std::ops::Deref;

/// A name, a date of birth or another value that may identify a person. Its `Debug` prints a mask, never the value.
///
/// A type that holds one may therefore derive `Debug`. There is no `Display`: code that means to show the value takes
/// it out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Masked<T>(pub T);

impl<T> fmt::Debug for Masked<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Masked(..)")
    }
}

/// A masked text is read as the text it is.
impl<T: Deref> Deref for Masked<T> {
    type Target = T::Target;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt::Debug;

    use super::*;
    use crate::domain::name::NameKey;
    use crate::domain::{Cell, Claim, Column, Field, NinoText, Participant, Payment, Referral, Tally};

    #[test]
    fn a_mask_is_all_that_debug_shows() {
        assert_eq!(format!("{:?}", Masked("Bramblewick")), "Masked(..)");
    }

    /// A cell of every column, no two alike.
    fn cells(columns: &[Column]) -> BTreeMap<&'static str, String> {
        let one = |(number, column): (usize, &Column)| {
            let text = match column.name {
                "nino" => "NC100001A".into(),
                "office_number" => "123".into(),
                "pay_frequency" => "M1".into(),
                "earnings_periods" => "7".into(),
                "hours_band" => "D".into(),
                "benefit" => "esa".into(),
                "cohort" => format!("group_{number}"),
                "hours_per_week" => "17.25".into(),
                "taxable_pay" | "amount_claimed" => format!("{number}321.50"),
                "payment_id" => format!("{number}98765"),
                "paye_reference" => "123/REF".into(),
                "employment_type" => "self_employed".into(),
                flag if ["payment", "provision", "work_at_start"].iter().any(|end| flag.ends_with(end))
                    || flag == "payment_after_leaving" =>
                {
                    "Y".into()
                }
                date if date.contains("date") || date == "received_at" || date == "no_longer_valid" => {
                    format!("19{:02}-03-04", 40 + number)
                }
                text => format!("{text}-{number}"),
            };
            (column.name, text)
        };
        columns.iter().enumerate().map(one).collect()
    }

    /// The columns whose cells a value shows; flags and codes of up to three letters are not looked for, because the
    /// names of fields hold them too.
    fn shown(value: &impl Debug, cells: &BTreeMap<&'static str, String>) -> Vec<&'static str> {
        let texts = [format!("{value:?}"), format!("{value:#?}")];
        let shows = |text: &str| 3 < text.len() && texts.iter().any(|all| all.contains(text));
        cells.iter().filter(|(_, text)| shows(text)).map(|(column, _)| *column).collect()
    }

    #[test]
    fn a_claim_shows_no_cell_read_or_not() {
        let cells = cells(&Claim::COLUMNS);
        let claim = Claim::read(1, |name| cells.get(name).map(String::as_str), &mut Tally::default());
        assert!(claim.cells().iter().all(|cell| !cell.empty && cell.unreadable.is_none()));
        assert_eq!(shown(&claim, &cells), [""; 0]);
        let slipped: BTreeMap<_, _> =
            cells.keys().map(|name| (*name, format!("NC1000{}", name.to_uppercase()))).collect();
        let claim = Claim::read(1, |name| slipped.get(name).map(String::as_str), &mut Tally::default());
        assert!(claim.cells().iter().any(|cell| cell.unreadable.is_some()));
        assert_eq!(shown(&claim, &slipped), [""; 0]);
        assert!(!format!("{:?}", claim.cells()).contains("NC1000"));
    }

    /// Every column that is shown is named here, so that nobody adds one without a look at it.
    #[test]
    fn a_payment_shows_its_job_and_not_its_person() {
        let cells = cells(&Payment::COLUMNS);
        let nino = NinoText::read(&cells["nino"]).well_formed().unwrap();
        let cell = |name: &'static str| cells.get(name).map(String::as_str);
        let payment = Payment::read((0, 1), nino, cell, &mut Tally::default()).unwrap();
        let columns = [
            "employer_name",
            "employment_start_date",
            "leaving_date",
            "no_longer_valid",
            "payment_date",
            "payment_id",
            "payroll_id",
        ];
        assert_eq!(shown(&payment, &cells), columns);
    }

    #[test]
    fn the_register_shows_groups_and_not_people() {
        let cells = cells(&Participant::COLUMNS);
        let cell = |name: &'static str| cells.get(name).map(String::as_str);
        let participant = Participant::read(1, cell, &mut Tally::default()).unwrap();
        assert_eq!(shown(&participant, &cells), ["cohort", "contract_id", "provider_id", "start_date"]);
        let referral = Referral::read(1, cell, &mut Tally::default()).unwrap();
        let columns = ["cohort", "contract_id", "participant_id", "provider_id", "referral_date", "sex", "start_date"];
        assert_eq!(shown(&referral, &cells), columns);
    }

    #[test]
    fn the_values_themselves_show_nothing() {
        let cells =
            BTreeMap::from([("nino", "NC100001A".into()), ("stem", "NC100001".into()), ("surname", "exa".into())]);
        let nino = NinoText::read("NC100001A");
        let name = NameKey::new("Exa", Some("Robin"));
        let dummy = NinoText::read("QQ123456C");
        let field = Field::<u8>::read(Some("NC100001A"), |_| Err(crate::domain::Fault::expected("a number")));
        let values =
            (nino, nino.stem(), nino.well_formed(), dummy, (name, Masked("NC100001")), field, Cell::Text("NC100001"));
        let all = format!("{values:?}{values:#?}");
        assert!(["NC1", "QQ1", "exa", "65"].iter().all(|part| !all.contains(part)), "{all}");
        assert_eq!(shown(&values, &cells), [""; 0]);
    }
}
