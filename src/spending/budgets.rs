//! What was spent of the budgets.

use super::day_of;
use crate::pricing::{Day, Spent};
use crate::store::LedgerRow;

/// Adds up what was charged today and in this month, of the rows of this month.
pub fn spent<'a>(rows: impl IntoIterator<Item = &'a LedgerRow>, today: Day) -> Spent {
    let mut spent = Spent::default();
    for row in rows {
        let row = &row.spend;
        let Some(day) = day_of(row.at)
            .filter(|day| !row.simulated && day.first_of_month() == today.first_of_month())
        else {
            continue;
        };
        let before = spent.day;
        spent.add(&row.connection, row.cost);
        if day != today {
            spent.day = before;
        }
    }
    spent
}
