//! What may be spent in a day, in a month and through a connection, and what follows from what was.

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Usd;

/// The share of a budget from which on a person is warned.
const WARN_FROM: Decimal = Decimal::from_parts(80, 0, 0, false, 2);

/// What may be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    /// US dollars.
    pub usd: Usd,
    /// Whether nothing more is sent once they are spent; else a person is only told.
    #[serde(default)]
    pub stop: bool,
}

/// Every budget. Days and months are those of UTC, as AWS bills them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Budgets {
    /// For each day.
    pub day: Option<Budget>,
    /// For each month.
    pub month: Option<Budget>,
    /// For each month through one connection; each connection stands once.
    pub connections: Vec<ConnectionBudget>,
}

/// What may be spent through one connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionBudget {
    /// What a person calls the connection.
    pub connection: String,
    /// The budget.
    #[serde(flatten)]
    pub budget: Budget,
}

/// What was spent so far; nothing that was simulated is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Today.
    pub day: Usd,
    /// This month.
    pub month: Usd,
    /// This month, by connection.
    pub connections: BTreeMap<String, Usd>,
    /// Calls of this month whose cost is not known, and so is in no sum.
    pub unknown: u64,
}

impl Spent {
    /// Counts a call of today.
    pub fn add(&mut self, connection: &str, cost: Option<Usd>) {
        let Some(cost) = cost else {
            self.unknown += 1;
            return;
        };
        self.day = self.day + cost;
        self.month = self.month + cost;
        let of_connection = self.connections.entry(connection.to_owned()).or_default();
        *of_connection = *of_connection + cost;
    }
}

/// How far one budget is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetState {
    /// What it is for, in words.
    pub name: String,
    /// The budget.
    pub budget: Budget,
    /// What was spent of it.
    pub spent: Usd,
}

impl BudgetState {
    /// Whether all of it is spent.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.spent >= self.budget.usd
    }

    /// Whether most of it is spent.
    #[must_use]
    pub fn is_low(&self) -> bool {
        self.spent.amount() >= self.budget.usd.amount() * WARN_FROM
    }

    /// What is left; nothing when more was spent.
    #[must_use]
    pub fn left(&self) -> Usd {
        self.budget.usd.minus(self.spent).unwrap_or_default()
    }
}

impl fmt::Display for BudgetState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, spent, budget) = (&self.name, self.spent, self.budget.usd);
        if budget.amount().is_zero() {
            return write!(f, "{name}: {spent} of {budget} is spent");
        }
        let percent = self.spent.amount() / budget.amount() * Decimal::ONE_HUNDRED;
        write!(
            f,
            "{name}: {spent} of {budget} is spent ({} %)",
            percent.trunc().normalize()
        )
    }
}

/// Whether a call may be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// It may.
    #[default]
    Fine,
    /// It may, and a person should know how much is spent.
    Warn(BudgetState),
    /// It may not.
    Stop(BudgetState),
}

impl Budgets {
    /// Whether there is no budget at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.day.is_none() && self.month.is_none() && self.connections.is_empty()
    }

    /// What may be spent through a connection in a month.
    #[must_use]
    pub fn of_connection(&self, connection: &str) -> Option<Budget> {
        let mut budgets = self.connections.iter();
        budgets
            .find(|of| of.connection == connection)
            .map(|of| of.budget)
    }

    /// Sets what may be spent through a connection in a month.
    pub fn set_connection(&mut self, connection: &str, budget: Option<Budget>) {
        self.connections.retain(|of| of.connection != connection);
        self.connections
            .extend(budget.map(|budget| ConnectionBudget {
                connection: connection.to_owned(),
                budget,
            }));
    }

    /// How far each budget is used that holds for calls through a connection.
    #[must_use]
    pub fn states(&self, spent: &Spent, connection: &str) -> Vec<BudgetState> {
        let of_connection = spent.connections.get(connection).copied();
        let name = format!("Budget of {connection} this month");
        [
            ("Today's budget".to_owned(), self.day, spent.day),
            ("This month's budget".to_owned(), self.month, spent.month),
            (
                name,
                self.of_connection(connection),
                of_connection.unwrap_or_default(),
            ),
        ]
        .into_iter()
        .filter_map(|(name, budget, spent)| {
            Some(BudgetState {
                name,
                budget: budget?,
                spent,
            })
        })
        .collect()
    }

    /// Whether a call may be made through a connection: the budget that is nearest its end decides.
    #[must_use]
    pub fn verdict(&self, spent: &Spent, connection: &str) -> Verdict {
        let states = self.states(spent, connection);
        if let Some(state) = states
            .iter()
            .find(|state| state.budget.stop && state.is_spent())
        {
            return Verdict::Stop(state.clone());
        }
        let lowest = states
            .into_iter()
            .filter(BudgetState::is_low)
            .min_by_key(BudgetState::left);
        lowest.map_or(Verdict::Fine, Verdict::Warn)
    }

    /// What may still be spent before a budget stops it; `None` when none does.
    #[must_use]
    pub fn left(&self, spent: &Spent, connection: &str) -> Option<Usd> {
        self.states(spent, connection)
            .iter()
            .filter(|state| state.budget.stop)
            .map(BudgetState::left)
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(text: &str) -> Usd {
        Usd::new(text.parse().unwrap())
    }

    fn budget(text: &str, stop: bool) -> Budget {
        Budget {
            usd: usd(text),
            stop,
        }
    }

    fn spent(amount: &str) -> Spent {
        let mut spent = Spent::default();
        spent.add("work", Some(usd(amount)));
        spent
    }

    #[test]
    fn warns_at_four_fifths_and_stops_at_the_whole_where_asked_to() {
        let budgets = |stop| Budgets {
            day: Some(budget("10", stop)),
            ..Budgets::default()
        };
        let verdict = |stop, amount| budgets(stop).verdict(&spent(amount), "work");
        assert_eq!(verdict(true, "7.99"), Verdict::Fine);
        assert!(matches!(verdict(true, "8"), Verdict::Warn(_)));
        assert!(matches!(verdict(true, "9.999999"), Verdict::Warn(_)));
        assert!(matches!(verdict(true, "10"), Verdict::Stop(_)));
        assert!(matches!(verdict(false, "10"), Verdict::Warn(_)));
        assert_eq!(budgets(true).left(&spent("8"), "work"), Some(usd("2")));
        assert_eq!(budgets(true).left(&spent("80"), "work"), Some(Usd::ZERO));
        assert_eq!(budgets(false).left(&spent("8"), "work"), None);
    }

    #[test]
    fn a_connection_has_a_budget_of_its_own() {
        let mut budgets = Budgets {
            month: Some(budget("100", true)),
            ..Budgets::default()
        };
        budgets.set_connection("work", Some(budget("5", true)));
        let Verdict::Stop(state) = budgets.verdict(&spent("5"), "work") else {
            panic!("the connection's budget is spent");
        };
        assert_eq!(
            state.to_string(),
            "Budget of work this month: $5.00 of $5.00 is spent (100 %)"
        );
        assert_eq!(budgets.verdict(&spent("5"), "home"), Verdict::Fine);
    }

    #[test]
    fn a_cost_that_is_not_known_is_in_no_sum_and_is_counted() {
        let mut spent = spent("1");
        spent.add("work", None);
        assert_eq!((spent.day, spent.unknown), (usd("1"), 1));
    }

    #[test]
    fn budgets_come_back_from_their_file() {
        let mut budgets = Budgets {
            day: Some(budget("0.50", true)),
            ..Budgets::default()
        };
        budgets.set_connection("a b", Some(budget("5", false)));
        let text = serde_json::to_string(&budgets).unwrap();
        assert_eq!(
            text,
            r#"{"day":{"usd":"0.50","stop":true},"month":null,"connections":[{"connection":"a b","usd":"5","stop":false}]}"#
        );
        assert_eq!(serde_json::from_str::<Budgets>(&text).unwrap(), budgets);
    }
}
