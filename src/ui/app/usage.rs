//! The ledger added up in the background, and the budgets looked at before anything is sent.

use egui::{Frame, Margin, Panel, Ui};

use super::App;
use crate::pricing::{Budgets, Day, Prices, Spent, Usd, Verdict};
use crate::spending::{self, Report, moments, spent, write_csv};
use crate::store::{SpendRow, Store};
use crate::tasks::{Job, Session, Tasks, finished};
use crate::ui::Command;
use crate::ui::command::{Screen, UsageCommand};
use crate::ui::icons;
use crate::ui::screens::usage::{Around, Wanted};
use crate::ui::theme::{self, palette, size};
use crate::ui::widgets::{icon_button, link_button};

/// Work under way on the ledger, and what was spent.
#[derive(Default)]
pub struct UsageWork {
    loading: Option<Job<Result<(Wanted, Report), String>>>,
    counting: Option<Job<Result<Spent, String>>>,
    /// What was charged, of what the ledger has.
    spent: Spent,
    /// Whether that is known: the ledger was read.
    is_counted: bool,
    /// The day on which it was counted.
    counted_on: Option<Day>,
    /// Counts the changes of ledger and prices.
    revision: u64,
    /// The warning that was put away.
    dismissed: Option<String>,
}

impl UsageWork {
    /// The ledger or the prices have changed.
    pub fn changed(&mut self, tasks: &Tasks, store: Option<Store>) {
        self.revision += 1;
        if let Some(store) = store {
            self.count(tasks, store);
        }
    }

    /// What the ledger has now counts before it is added up again.
    pub fn recorded<'r>(&mut self, rows: impl IntoIterator<Item = &'r SpendRow>) {
        add_charged(&mut self.spent, rows);
    }

    fn count(&mut self, tasks: &Tasks, store: Store) {
        let today = Day::today();
        self.counted_on = Some(today);
        self.counting = Some(tasks.spawn_blocking(move || {
            store
                .ledger(moments(today.first_of_month(), today))
                .map(|rows| spent(&rows, today))
                .map_err(|error| error.to_string())
        }));
    }
}

fn add_charged<'r>(spent: &mut Spent, rows: impl IntoIterator<Item = &'r SpendRow>) {
    for row in rows.into_iter().filter(|row| !row.simulated) {
        spent.add(&row.connection, row.cost);
    }
}

impl App {
    /// Takes in what was added up.
    pub(super) fn collect_usage(&mut self) {
        match finished(&mut self.usage.counting) {
            Some(Ok(spent)) => {
                self.usage.spent = spent;
                self.usage.is_counted = true;
            }
            Some(Err(error)) => {
                self.usage.is_counted = false;
                self.notices
                    .failed(format!("The budgets cannot be kept. {error}"));
            }
            None => {}
        }
        match finished(&mut self.usage.loading) {
            Some(Ok((wanted, report))) => self.usage_screen.show(wanted, report),
            Some(Err(problem)) => self.usage_screen.unavailable(problem),
            None => {}
        }
        // A new day has a budget of its own.
        if self.usage.counted_on.is_some_and(|day| day != Day::today())
            && let Some(store) = self.keeping.store()
        {
            self.usage.count(&self.tasks, store);
        }
    }

    pub(super) fn usage(&mut self, command: UsageCommand) {
        let Some(store) = self.keeping.store() else {
            return;
        };
        match command {
            UsageCommand::Load(wanted) => {
                let prices = self.shared.prices.clone();
                let work = move || load(&store, wanted, &prices);
                self.usage.loading = Some(self.tasks.spawn_blocking(work));
            }
            UsageCommand::Export(wanted) => {
                let name = format!("bedrock-usage-{}-{}.csv", wanted.from, wanted.to);
                let chosen = self.file_picker.save_as(&name, "csv");
                self.files
                    .write(&self.tasks, chosen, move || export(&store, wanted));
            }
        }
    }

    pub(super) fn usage_ui(&mut self, ui: &mut Ui) {
        let connection = self.paying_connection().unwrap_or_default();
        let around = Around {
            history: self.keeping.history(),
            settings: self.preferences.settings(),
            spent: &self.usage.spent,
            connection: &connection,
            revision: self.usage.revision,
        };
        self.usage_screen
            .ui(ui, &self.shared, &around, &mut self.commands);
    }

    /// Whether a budget lets another call be made; what stands in the way is said.
    pub(super) fn may_spend(&mut self) -> bool {
        if let Some(reason) = self.preferences.unreadable()
            && self.paying_connection().is_some()
        {
            self.notices.failed(format!(
                "A budget may be set that stops, but the settings cannot be read; nothing was sent. {reason}. \
                 Mend the file and start again, or move it away"
            ));
            return false;
        }
        if self.is_spent_unknown() {
            self.notices.failed(
                "What was spent so far is not known, and a budget stops when it is spent; nothing was \
                 sent. Try again when the history is open, or let the budget warn only",
            );
            return false;
        }
        let Verdict::Stop(state) = self.verdict() else {
            return true;
        };
        self.notices.failed(format!(
            "{state}; nothing was sent. Raise the budget in the usage screen, or let it warn only"
        ));
        false
    }

    /// Whether a budget would stop at its end and nobody knows how far away that is.
    fn is_spent_unknown(&self) -> bool {
        let stops = |(budgets, _, connection): (&Budgets, _, String)| {
            budgets.left(&Spent::default(), &connection).is_some()
        };
        !self.usage.is_counted && self.budgets().is_some_and(stops)
    }

    /// The same for calls that are expected to cost so much: what a budget leaves must be enough.
    pub(super) fn may_spend_so_much(&mut self, expected: Option<Usd>) -> bool {
        if !self.may_spend() {
            return false;
        }
        if let (Some(left), Some(expected)) = (self.budget_left(), expected)
            && expected > left
        {
            self.notices.failed(format!(
                "A budget leaves {left}, and this would cost {expected}"
            ));
            return false;
        }
        true
    }

    fn verdict(&self) -> Verdict {
        self.budgets()
            .map_or(Verdict::Fine, |(budgets, spent, connection)| {
                budgets.verdict(&spent, &connection)
            })
    }

    /// What may still be spent before a budget stops it; `None` when none does.
    pub(super) fn budget_left(&self) -> Option<Usd> {
        let (budgets, spent, connection) = self.budgets()?;
        budgets.left(&spent, &connection)
    }

    /// The budgets, what was spent of them, and the connection, where any of it matters.
    fn budgets(&self) -> Option<(&Budgets, Spent, String)> {
        let budgets = &self.preferences.settings()?.budgets;
        let connection = self.paying_connection()?;
        if budgets.is_empty() {
            return None;
        }
        // What has ended and is not in the ledger yet counts too.
        let mut spent = self.usage.spent.clone();
        add_charged(&mut spent, self.keeping.pending_spend());
        Some((budgets, spent, connection))
    }

    /// The connection, where its calls cost money.
    fn paying_connection(&self) -> Option<String> {
        let session = self.shared.session.ready();
        session
            .filter(|session| !session.is_embedded())
            .map(Session::label)
    }

    /// Says above everything that most of a budget is spent, or all of it.
    pub(super) fn budget_banner(&mut self, ui: &mut Ui) {
        let (text, stops) = match self.verdict() {
            Verdict::Fine => return,
            Verdict::Warn(state) => (state.to_string(), false),
            Verdict::Stop(state) => (format!("{state}; nothing more is sent"), true),
        };
        // A warning that was put away comes back when more is spent by a percent.
        if !stops && self.usage.dismissed.as_ref() == Some(&text) {
            return;
        }
        let palette = palette(ui);
        let (fill, color, icon) = if stops {
            (palette.error_soft, palette.error, icons::ERROR)
        } else {
            (palette.warning_soft, palette.warning, icons::WARNING)
        };
        Panel::top("budget banner")
            .resizable(false)
            .frame(
                Frame::new()
                    .fill(fill)
                    .inner_margin(Margin::symmetric(20, 7)),
            )
            .show(ui, |ui| {
                ui.horizontal_wrapped(|ui| {
                    ui.spacing_mut().interact_size.y = size::LINE;
                    icons::paint(ui, icon, size::ICON, color);
                    ui.label(theme::strong(&text).color(palette.heading));
                    if link_button(ui, "Look at the budgets").clicked() {
                        self.commands.push(Command::Show(Screen::Usage));
                    }
                    if !stops && icon_button(ui, icons::CLOSE, "Put the warning away").clicked() {
                        self.usage.dismissed = Some(text.clone());
                    }
                });
            });
    }
}

fn load(store: &Store, wanted: Wanted, prices: &Prices) -> Result<(Wanted, Report), String> {
    store
        .ledger(moments(wanted.from, wanted.to))
        .map(|rows| (wanted, spending::report(&rows, wanted.by, prices)))
        .map_err(|error| error.to_string())
}

fn export(store: &Store, wanted: Wanted) -> Result<Vec<u8>, String> {
    let rows = store
        .ledger(moments(wanted.from, wanted.to))
        .map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    write_csv(&mut bytes, &rows).map_err(|error| error.to_string())?;
    Ok(bytes)
}
