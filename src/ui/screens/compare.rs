//! Compare models: two to eight columns that are asked the same, and answer all at once.
//!
//! The screen owns one comparison and its calls. [`CompareScreen::collect`] takes in what has come,
//! [`CompareScreen::advance`] starts what may start, [`CompareScreen::ui`] draws; what a person does
//! while it is drawn is a [`Wish`], carried out after drawing, and what needs more than this screen a
//! [`Command`](crate::ui::Command).

mod batch;
mod calls;
mod cell;
mod column;
mod difference;
mod figures;
mod grid;
mod judging;
mod kept;
mod limit;
mod parameters;
mod strip;
mod view;
mod wishes;

use std::collections::BTreeMap;
use std::path::PathBuf;

use egui::Context;

use self::calls::Calls;
use self::cell::CellView;
use self::difference::{Answer, Difference};
use self::figures::Figures;
use self::judging::Judging;
pub use self::kept::ComparisonToSave;
use self::parameters::{Parameters, Target};
use self::wishes::Wish;
use crate::catalog::{Catalog, FoundationModel, Lifecycle, ModelId};
use crate::chat::{Configuration, ContentBlock, Transcript};
use crate::compare::{ColumnId, Comparison, FEWEST_COLUMNS, OutcomeFormat, Prompt, blind_order};
use crate::media::Limits;
use crate::pricing::Prices;
use crate::store::{ConversationId, SpendRow, UnixMs};
use crate::tasks::{Job, Session, Tasks, finished};
use crate::ui::screens::chat::composer::Composer;
use crate::ui::screens::chat::forecast::Forecast;
use crate::ui::screens::chat::intake::Intake;
use crate::ui::screens::chat::s3::S3Dialog;
use crate::ui::screens::limit::Limit;

/// Columns at the first start.
const FIRST_COLUMNS: usize = 4;

/// What is offered first where it is to be had: cheap, quick, of several families, and they read images.
const FIRST_CHOICES: [&str; 4] = [
    "amazon.nova-lite-v1:0",
    "amazon.nova-pro-v1:0",
    "anthropic.claude-haiku-4-5-20251001-v1:0",
    "meta.llama4-scout-17b-instruct-v1:0",
];

/// What this screen asks of the app.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CompareCommand {
    /// Begins another comparison with the same columns.
    New,
    /// Chooses a model for another column.
    AddModel,
    /// Chooses another model for a column.
    ChangeModel(ColumnId),
    /// Chooses the model that judges.
    ChooseJudge,
    /// Has the answers judged.
    Judge,
    /// Chooses a table of prompts.
    PickBatch,
    /// Saves what came of it.
    Export(OutcomeFormat),
    /// Goes on with a column's conversation in the chat.
    UseInChat(ColumnId),
    /// Compares models on what is in the chat's composer.
    Bring,
}

/// What the model that is being chosen is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choosing {
    Another,
    Column(ColumnId),
    Judge,
}

/// What a comparison begins with, as settings hold it.
#[derive(serde::Serialize, serde::Deserialize)]
struct Beginning {
    models: Vec<ModelId>,
    configuration: Configuration,
}

/// Names hidden and columns shuffled, until a best answer is picked.
struct Blind {
    order: Vec<ColumnId>,
}

/// The screen's own state.
pub struct CompareScreen {
    id: ConversationId,
    comparison: Comparison,
    composer: Composer,
    intake: Intake,
    forecast: Forecast,
    s3: Option<S3Dialog>,
    calls: Calls,
    judging: Judging,
    limit: Limit,
    asking: Option<limit::Asking>,
    views: BTreeMap<(usize, ColumnId), CellView>,
    figures: Figures,
    /// The row that is shown in columns.
    row: usize,
    /// Whether all rows are shown as a grid instead.
    as_grid: bool,
    /// Whether all figures stand above the columns.
    shows_figures: bool,
    blind: Option<Blind>,
    parameters: Option<Parameters>,
    difference: Option<Difference>,
    choosing: Option<Choosing>,
    batch: Option<Job<Result<Option<Vec<Prompt>>, String>>>,
    problem: Option<String>,
    prices: Prices,
    /// What is saved or on its way, by the comparison's changes.
    saved: kept::Saved,
    leaving: Vec<kept::Leaving>,
    spend: Vec<SpendRow>,
}

impl Default for CompareScreen {
    fn default() -> Self {
        Self {
            id: ConversationId::new(),
            comparison: Comparison::default(),
            composer: Composer::default(),
            intake: Intake::default(),
            forecast: Forecast::default(),
            s3: None,
            calls: Calls::default(),
            judging: Judging::default(),
            limit: Limit::default(),
            asking: None,
            views: BTreeMap::new(),
            figures: Figures::default(),
            row: 0,
            as_grid: false,
            shows_figures: false,
            blind: None,
            parameters: None,
            difference: None,
            choosing: None,
            batch: None,
            problem: None,
            prices: Prices::default(),
            saved: kept::Saved::default(),
            leaving: Vec::new(),
            spend: Vec::new(),
        }
    }
}

impl CompareScreen {
    /// Takes in what background work has brought.
    pub fn collect(&mut self, ctx: &Context) {
        self.intake.collect(ctx);
        let over = self.calls.collect(&mut self.comparison);
        self.spend_of(&over);
        let judged = self.judging.collect(&mut self.comparison);
        self.spend_of_judge(&judged);
        match finished(&mut self.batch) {
            Some(Ok(Some(prompts))) => self.begin_batch(prompts),
            Some(Ok(None)) | None => {}
            Some(Err(problem)) => self.problem = Some(problem),
        }
        self.work_figures_out();
    }

    fn work_figures_out(&mut self) {
        let revision = self.intake.revision();
        if !self.figures.is_current(&self.comparison, revision) {
            let media: Vec<ContentBlock> = self.intake.content().collect();
            self.figures
                .update(&self.comparison, &media, revision, &self.prices);
        }
    }

    /// Whether a call waits to be made.
    pub fn waits_to_ask(&self) -> bool {
        self.calls.waits() || self.judging.waits()
    }

    /// Makes no further call; what is under way comes to its end.
    pub fn ask_no_more(&mut self) {
        self.calls.ask_no_more();
        self.judging.ask_no_more();
    }

    /// Starts what may start now.
    pub fn advance(&mut self, tasks: &mut Tasks, session: &Session) {
        if !self.is_running() && self.asking.is_none() {
            self.limit.begin_anew();
        }
        let (limit, prices) = (&mut self.limit, &self.prices);
        self.calls
            .advance(&mut self.comparison, limit, prices, tasks, session);
        self.judging
            .advance(&self.comparison, limit, prices, tasks, session);
        if let Some(difference) = &mut self.difference {
            difference.work(tasks);
        }
    }

    /// Chooses columns to begin with, once it is known what there is.
    pub fn offer_models(&mut self, catalog: &Catalog, region: &str) {
        if !self.comparison.columns().is_empty() {
            self.comparison.recognise_models(|id| catalog.recognise(id));
            return;
        }
        for model in first_models(catalog) {
            let id = catalog.invocation_id(model, region);
            self.comparison.add_column(id);
        }
    }

    /// What the comparison that is shown would let others begin with.
    pub fn beginning(&self) -> Option<serde_json::Value> {
        let columns = self.comparison.columns().iter();
        serde_json::to_value(Beginning {
            models: columns.map(|column| column.model_id.clone()).collect(),
            configuration: self.comparison.shared.clone(),
        })
        .ok()
    }

    /// Lets the comparison begin with this while nothing was asked in it.
    pub fn set_beginning(&mut self, beginning: Option<&serde_json::Value>) {
        // What this version cannot read is as good as none.
        let beginning =
            beginning.and_then(|beginning| serde_json::from_value(beginning.clone()).ok());
        if let Some(Beginning {
            models,
            configuration,
        }) = beginning
            && self.comparison.rows().is_empty()
            && models.len() >= FEWEST_COLUMNS
        {
            self.comparison = Comparison::new(configuration, models);
        }
    }

    /// Whether anything is under way.
    pub fn is_running(&self) -> bool {
        self.calls.is_busy() || self.judging.is_busy()
    }

    /// Which model the list of models opens on.
    pub fn model(&self) -> Option<&ModelId> {
        match self.choosing? {
            Choosing::Another => None,
            Choosing::Column(id) => Some(&self.comparison.column(id)?.model_id),
            Choosing::Judge => self.judging.model.as_ref(),
        }
    }

    /// A model is going to be chosen for this.
    pub fn choose(&mut self, command: CompareCommand) {
        self.choosing = match command {
            CompareCommand::ChangeModel(id) => Some(Choosing::Column(id)),
            CompareCommand::ChooseJudge => Some(Choosing::Judge),
            _ => Some(Choosing::Another),
        };
    }

    /// A model was chosen.
    pub fn use_model(&mut self, model: ModelId) {
        match self.choosing.take() {
            Some(Choosing::Judge) => self.judging.model = Some(model),
            Some(Choosing::Column(id)) => {
                if let Some(column) = self.comparison.column_mut(id) {
                    column.model_id = model;
                }
            }
            Some(Choosing::Another) | None => {
                self.comparison.add_column(model);
            }
        }
        self.parameters = None;
    }

    /// Everything costs this from now on.
    pub fn set_prices(&mut self, prices: &Prices) {
        self.prices = prices.clone();
        self.figures = Figures::default();
        for view in self.views.values_mut() {
            view.forget_costs();
        }
    }

    /// Takes files in.
    pub fn attach(&mut self, tasks: &Tasks, paths: Vec<PathBuf>) {
        self.intake.open(tasks, paths);
    }

    /// Takes what another composer held.
    pub fn bring(&mut self, intake: Intake, text: String) {
        self.intake = intake;
        if !text.is_empty() {
            self.composer.set(text);
        }
        self.as_grid = false;
    }

    /// Takes a pasted picture in.
    pub fn paste_image(&mut self, tasks: &Tasks, image: &egui::ColorImage) {
        self.intake.paste(tasks, image);
    }

    /// Takes a pasted text in that is too long for the composer.
    pub fn attach_text(&mut self, text: String) {
        self.intake.attach_text(text);
    }

    /// Whether the caret is in the composer.
    pub fn composer_has_focus(&self, ctx: &Context) -> bool {
        self.composer.has_focus(ctx)
    }

    /// Puts the caret into the composer.
    pub fn focus_composer(&mut self) {
        self.composer.focus();
    }

    /// Opens the dialog for an object in S3.
    pub fn show_s3(&mut self) {
        self.s3 = Some(S3Dialog::default());
    }

    /// Fits pictures otherwise from now on.
    pub fn fit_images(&mut self, tasks: &Tasks, max_edge: Option<u32>, keep_metadata: bool) {
        let limits = Limits {
            max_edge,
            keep_metadata,
            ..self.intake.limits().clone()
        };
        self.intake.set_limits(tasks, limits);
    }

    /// Stops everything; what has come stays.
    pub fn stop(&mut self) {
        let over = self.calls.stop(&mut self.comparison, None);
        self.spend_of(&over);
        let judged = self.judging.stop();
        self.spend_of_judge(&judged);
    }

    /// Begins another comparison with the same columns.
    pub fn begin_anew(&mut self) {
        self.leave();
        let shared = self.comparison.shared.clone();
        let columns = self.comparison.columns().to_vec();
        let mut fresh = Comparison::new(shared, Vec::new());
        for column in columns {
            if let Some(new) = fresh.add_column(column.model_id)
                && let Some(new) = fresh.column_mut(new)
            {
                new.own = column.own;
                new.prompt = column.prompt;
            }
        }
        self.show(ConversationId::new(), fresh);
        self.composer.focus();
    }

    /// Has the answers judged.
    pub fn judge(&mut self) {
        self.judging.begin(&self.comparison);
    }

    /// The conversation of a column, to be gone on with elsewhere.
    pub fn conversation(&self, id: ColumnId) -> Option<(ModelId, Configuration, Transcript)> {
        let column = self.comparison.column(id)?;
        let configuration = column.configuration(&self.comparison.shared).clone();
        let cell = self.comparison.cell(self.row, id);
        let last = cell.and_then(|cell| Some((cell, cell.last()?.0)));
        let said = last.map(|(cell, last)| cell.branch_until(last));
        Some((
            column.model_id.clone(),
            configuration,
            said.unwrap_or_default(),
        ))
    }

    fn columns(&self) -> impl Iterator<Item = ColumnId> + use<'_> {
        self.comparison.columns().iter().map(|column| column.id)
    }

    fn ask(&mut self, text: String) {
        self.blind_again();
        let (media, _) = self.intake.take();
        if self.comparison.rows().is_empty() {
            self.row = self.comparison.add_row();
        }
        self.comparison.ask(self.row, Prompt::typed(text, media));
        let columns: Vec<_> = self.columns().collect();
        self.calls.ask(self.row, &columns, 1);
        self.as_grid = false;
        self.follow();
    }

    fn run_again(&mut self, times: usize) {
        let columns: Vec<_> = self.columns().collect();
        self.calls.ask(self.row, &columns, times);
        self.follow();
    }

    fn follow(&mut self) {
        for view in self.views.values_mut() {
            view.follow();
        }
    }

    fn show_parameters(&mut self, target: Target) {
        self.parameters = Some(Parameters::open(target, &self.comparison));
    }

    fn toggle_blind(&mut self) {
        self.blind = match self.blind {
            Some(_) => None,
            None => Some(self.shuffled()),
        };
    }

    /// Another round is blind anew, in another order.
    fn blind_again(&mut self) {
        if self.blind.is_some() {
            self.blind = Some(self.shuffled());
        }
    }

    fn shuffled(&self) -> Blind {
        let columns = self.comparison.columns();
        // Any seed will do that nobody knows beforehand.
        let seed = u64::try_from(UnixMs::now().0).unwrap_or_default();
        let order = blind_order(seed, columns.len());
        Blind {
            order: order.into_iter().map(|at| columns[at].id).collect(),
        }
    }

    /// Whether names are hidden now: until the last round of the row has its best answer.
    fn is_hidden(&self) -> bool {
        let rounds = self
            .comparison
            .rows()
            .get(self.row)
            .map_or(0, |row| row.rounds.len());
        let picked = rounds > 0
            && self
                .comparison
                .verdicts()
                .winner(self.row, rounds - 1)
                .is_some();
        self.blind.is_some() && !picked
    }

    /// The columns as they stand on the screen.
    fn shown(&self) -> Vec<ColumnId> {
        let columns = self.comparison.columns().iter().map(|column| column.id);
        match &self.blind {
            Some(blind) => {
                let mut order = blind.order.clone();
                order.retain(|id| self.comparison.column(*id).is_some());
                order.extend(columns.filter(|id| !blind.order.contains(id)));
                order
            }
            None => columns.collect(),
        }
    }

    fn open_difference(&mut self) {
        let answers: Vec<Answer> = self
            .shown()
            .into_iter()
            .enumerate()
            .filter_map(|(place, column)| {
                let cell = self.comparison.cell(self.row, column)?;
                let (_, turn) = cell.turns().rfind(|(_, turn)| turn.invocation.is_some())?;
                Some(Answer {
                    name: self.name(place, column),
                    text: turn.message.text(),
                })
            })
            .collect();
        self.difference = Some(Difference::open(answers));
    }

    fn name(&self, place: usize, column: ColumnId) -> String {
        if self.is_hidden() {
            crate::compare::blind_name(place)
        } else {
            self.figures.name(column).to_owned()
        }
    }

    /// Why the button does nothing now, in words; `None` when it works.
    fn unready_reason(&self) -> Option<&'static str> {
        if let Some(reason) = self.busy_reason() {
            Some(reason)
        } else if self.composer.is_empty() && self.intake.is_empty() {
            Some("Write a prompt or attach an image first")
        } else if self.composer.is_empty() && !self.intake.has_text() {
            Some("Write a prompt for what is attached")
        } else {
            None
        }
    }

    fn alt_text_unready_reason(&self) -> Option<&'static str> {
        if let Some(reason) = self.busy_reason() {
            Some(reason)
        } else if self.intake.has_image() {
            None
        } else {
            Some("Attach an image first")
        }
    }

    fn busy_reason(&self) -> Option<&'static str> {
        if self.calls.is_busy() {
            Some("Answers are coming in; stop them first or wait")
        } else if self.comparison.columns().len() < FEWEST_COLUMNS {
            Some("Add two models at least")
        } else if self.intake.is_opening() {
            Some("The attached files are still being read")
        } else {
            None
        }
    }
}

/// The first choices that are there, filled up with models that read images, of other makers first.
fn first_models(catalog: &Catalog) -> Vec<&FoundationModel> {
    let mut models: Vec<&FoundationModel> = FIRST_CHOICES
        .iter()
        .filter_map(|id| catalog.model(&(*id).into()))
        .collect();
    let fits =
        |model: &&FoundationModel| model.describes_images() && model.lifecycle == Lifecycle::Active;
    for other_makers in [true, false] {
        for model in catalog.models.iter().filter(fits) {
            let known = models.iter().any(|known| known.id == model.id);
            let same = models.iter().any(|known| known.provider == model.provider);
            if models.len() < FIRST_COLUMNS && !known && !(other_makers && same) {
                models.push(model);
            }
        }
    }
    models
}
