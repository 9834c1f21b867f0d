//! How the cells of a file were written, by column.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::Tally;

/// How the cells of one column were written, among the rows that were looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnAccount {
    /// Cells that depart from the plain form, by departure. Each was read, or says that the value is not given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub departures: BTreeMap<String, u64>,
    /// Cells with the mark of a spreadsheet on them, by kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub damage: BTreeMap<String, u64>,
    /// Cells that could not be read.
    pub unreadable: u64,
}

/// The columns of a file of which there is something to tell, by name.
pub type ColumnAccounts = BTreeMap<String, ColumnAccount>;

impl ColumnAccount {
    /// The columns of a tally.
    pub fn of(tally: &Tally) -> ColumnAccounts {
        let column = |(name, column): (&&str, &crate::domain::tally::ColumnTally)| {
            let departures = column.departures.iter().map(|(departure, count)| (departure.name().to_owned(), *count));
            let damage = column.damaged.iter().map(|(damage, count)| (damage.name().to_owned(), *count));
            let account =
                Self { departures: departures.collect(), damage: damage.collect(), unreadable: column.unreadable };
            ((*name).to_owned(), account)
        };
        tally.columns().iter().map(column).collect()
    }
}
