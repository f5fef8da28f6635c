//! One conversation with one model: what was said, what is being written, how it shall be answered.

mod bill;
mod limit;
mod opened;
mod view;

use egui::Context;

use self::bill::Call as Billed;
use self::limit::{Asking, CONTINUE_PROMPT, Call};
use super::composer::Composer;
use super::configuration_panel::ConfigurationPanel;
use super::conversation::{Conversation, Editing};
use super::find::Find;
use super::forecast::{Basis, Forecast};
use super::intake::Intake;
use super::pictures::Pictures;
use super::s3::S3Dialog;
use super::totals::Totals;
use crate::catalog::ModelId;
use crate::chat::{
    ALT_TEXT_PROMPT, ConfigurationError, ContentBlock, Exchange, Invocation, Message, Request,
    Role, Transcript, Turn, TurnId,
};
use crate::pricing::Prices;
use crate::store::{ConversationDraft, ConversationId, Expected, Screen, SpendRow};
use crate::tasks::{InvocationEvent, RunningInvocation, Session, Tasks};
use crate::ui::command::TurnCommand;

/// Answers whose requests and responses are kept to be looked at: each request holds the whole
/// conversation before it.
const EXCHANGES_KEPT: usize = 20;

/// Characters of a tab's title.
const TITLE_CHARS: usize = 60;

/// A conversation as it is saved.
pub struct Exportable {
    pub title: String,
    /// Model, system prompts and parameters; without messages.
    pub head: Request,
    pub turns: Vec<Turn>,
}

/// One conversation and everything around it.
pub struct Playground {
    /// Tells it from the others of this run.
    pub number: u64,
    /// Tells it from all others in the history.
    pub id: ConversationId,
    /// The changes of the transcript that are saved or on their way.
    saved: u64,
    pub configuration: ConfigurationPanel,
    pub composer: Composer,
    pub intake: Intake,
    transcript: Transcript,
    running: Option<RunningInvocation>,
    conversation: Conversation,
    pictures: Pictures,
    totals: Totals,
    forecast: Forecast,
    find: Option<Find>,
    editing: Option<Editing>,
    deleted: Option<TurnId>,
    /// Why what was asked for could not be sent.
    refusal: Option<String>,
    /// What may cost too much, while the person is asked whether to send it.
    asking: Option<Asking>,
    spend: Vec<SpendRow>,
    prices: Prices,
    /// Counts the changes of the prices.
    price_revision: u64,
    /// What is known of the call under way, for the ledger.
    billed: Billed,
    s3: Option<S3Dialog>,
}

impl Playground {
    /// An empty conversation.
    pub fn new(number: u64) -> Self {
        Self {
            number,
            id: ConversationId::new(),
            saved: 0,
            configuration: ConfigurationPanel::default(),
            composer: Composer::default(),
            intake: Intake::default(),
            transcript: Transcript::default(),
            running: None,
            conversation: Conversation::default(),
            pictures: Pictures::default(),
            totals: Totals::default(),
            forecast: Forecast::default(),
            find: None,
            editing: None,
            deleted: None,
            refusal: None,
            asking: None,
            spend: Vec::new(),
            prices: Prices::default(),
            price_revision: 0,
            billed: Billed::default(),
            s3: None,
        }
    }

    /// An empty conversation, configured like this one.
    pub fn another(&self, number: u64) -> Self {
        Self {
            configuration: self.configuration.clone(),
            prices: self.prices.clone(),
            ..Self::new(number)
        }
    }

    /// A conversation that goes on from a turn of this one.
    pub fn branch_off(&self, number: u64, turn: TurnId) -> Self {
        let mut branch = self.another(number);
        branch.transcript = self.transcript.branch_until(turn);
        branch.conversation = self.conversation.branch(&self.transcript, turn);
        branch.totals = Totals::of(&branch.transcript, &branch.prices, Totals::default());
        branch.conversation.follow();
        branch
    }

    /// What it is about, in a few words.
    pub fn title(&self) -> String {
        let first = self
            .transcript
            .turns()
            .flat_map(|(_, turn)| turn.message.texts())
            .find(|text| !text.trim().is_empty());
        let Some(text) = first else {
            return "New conversation".to_owned();
        };
        // A heading's sign says nothing in a list of titles.
        let signs = |letter: char| letter.is_whitespace() || letter == '#';
        let words = Some(text.trim_start_matches(signs)).filter(|words| !words.is_empty());
        let line = words
            .unwrap_or(text.trim())
            .lines()
            .next()
            .unwrap_or_default();
        match line.char_indices().nth(TITLE_CHARS) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line.trim_end().to_owned(),
        }
    }

    /// Whether nothing was said or written here.
    pub fn is_unused(&self) -> bool {
        self.transcript.total() == 0
            && self.composer.is_empty()
            && self.intake.is_empty()
            && !self.intake.is_opening()
    }

    /// Whether nobody has done anything here, nor set anything.
    pub fn is_as_begun(&self) -> bool {
        self.is_unused() && !self.configuration.is_unkept()
    }

    /// Whether something was said or is written here, or set for it alone.
    pub fn is_worth_keeping(&self) -> bool {
        self.transcript.total() > 0 || !self.composer.is_empty() || self.configuration.is_unkept()
    }

    /// Whether an answer is coming in.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Takes in what background work has brought.
    pub fn collect(&mut self, ctx: &Context) {
        self.intake.collect(ctx);
        self.forecast.collect();
        let Some(running) = &mut self.running else {
            return;
        };
        let id = running.id();
        while let Some(event) = running.try_next() {
            match event {
                InvocationEvent::Stream(event) => self.transcript.apply(id, event),
                InvocationEvent::Complete => self.transcript.complete(id),
                InvocationEvent::Failed(error) => self.transcript.fail(id, error.into()),
            }
        }
        if !self.transcript.is_running() {
            self.end();
        }
    }

    /// Opens the pictures that have come into view without a preview.
    pub fn open_pictures(&mut self, ctx: &Context, tasks: &Tasks) {
        self.pictures
            .update(ctx, tasks, &self.transcript, &mut self.conversation);
    }

    /// Sends what the composer holds.
    pub fn send(&mut self, tasks: &mut Tasks, session: &Session) {
        if self.unready_reason().is_some() || !self.can_be_sent() {
            return;
        }
        self.call(tasks, session, Call::Composer);
    }

    /// Sends something, unless it may cost too much: then it is asked about.
    fn call(&mut self, tasks: &mut Tasks, session: &Session, call: Call) {
        if !self.is_asked_about(session, &call) {
            self.call_anyway(tasks, session, call);
        }
    }

    fn call_anyway(&mut self, tasks: &mut Tasks, session: &Session, call: Call) {
        let model = match &call {
            Call::Again(_, model) => model.as_ref(),
            _ => None,
        };
        if self.running.is_some() || !self.can_be_sent_to(model) {
            return;
        }
        match call {
            Call::Composer => {
                if self.unready_reason().is_none() {
                    let expected = self.forecast.settled().map(Expected::from);
                    let prompt = self.composer.take();
                    self.ask(tasks, session, prompt, expected);
                }
            }
            Call::AltText => {
                if self.alt_text_unready_reason().is_none() {
                    self.ask(tasks, session, ALT_TEXT_PROMPT.to_owned(), None);
                    self.billed.is_alt_text = true;
                }
            }
            Call::Again(turn, model) => {
                self.transcript.rewind_to_ask_again(turn);
                self.invoke(tasks, session, model);
            }
            Call::Rewritten(turn, text) => {
                self.rewrite(turn, &text);
                self.invoke(tasks, session, None);
            }
            Call::More(turn) => {
                self.transcript.rewind_behind(turn);
                let content = vec![ContentBlock::Text(CONTINUE_PROMPT.to_owned())];
                self.transcript.push_user(content);
                self.invoke(tasks, session, None);
            }
            Call::ToolResults(turn, results) => {
                self.transcript.rewind_behind(turn);
                let content = results.into_iter().map(ContentBlock::ToolResult).collect();
                self.transcript.push_user(content);
                self.invoke(tasks, session, None);
            }
        }
    }

    /// Opens the dialog for an object in S3.
    pub fn show_s3(&mut self) {
        self.s3 = Some(S3Dialog::default());
    }

    /// Whether something was said that is not on its way to the disk.
    pub fn is_unsaved(&self) -> bool {
        self.transcript.total() > 0 && self.saved != self.transcript.changes()
    }

    /// What was taken did not reach the disk.
    pub fn forget_saved(&mut self) {
        self.saved = u64::MAX;
    }

    /// The conversation as it is now, to be kept.
    pub fn draft(&mut self, region: &str, connection: &str) -> ConversationDraft {
        self.saved = self.transcript.changes();
        self.configuration.now_kept();
        ConversationDraft {
            id: self.id,
            title: self.title(),
            screen: Screen::chat(),
            model: self.configuration.model().cloned(),
            region: region.to_owned(),
            connection: connection.to_owned(),
            configuration: self.configuration.settings.clone(),
            transcript: self.transcript.clone(),
            totals: self.totals.kept(),
            sheet: None,
        }
    }

    /// The conversation, to be saved; `None` when there is none.
    pub fn to_export(&self) -> Option<Exportable> {
        let model = self.configuration.model()?.clone();
        if self.transcript.is_empty() {
            return None;
        }
        let head = self
            .configuration
            .settings
            .request(model.clone(), Vec::new());
        Some(Exportable {
            title: self.title(),
            head: head.unwrap_or_else(|_| Request::new(model, Vec::new())),
            turns: self
                .transcript
                .turns()
                .map(|(_, turn)| turn.clone())
                .collect(),
        })
    }

    /// What went over the wire for an answer; for the last one when none is named.
    pub fn exchange(&self, turn: Option<TurnId>) -> Option<(ModelId, String, Exchange)> {
        let invocation = match turn {
            Some(id) => self.transcript.turn(id).invocation.as_ref(),
            None => self
                .transcript
                .turns()
                .rev()
                .find_map(|(_, turn)| turn.invocation.as_ref()),
        }?;
        Some((
            invocation.model_id.clone(),
            invocation.region.clone(),
            invocation.exchange.as_deref()?.clone(),
        ))
    }

    /// Sends the attached pictures with the alt-text prompt; the composer keeps its text.
    pub fn write_alt_text(&mut self, tasks: &mut Tasks, session: &Session) {
        if self.alt_text_unready_reason().is_none() && self.can_be_sent() {
            self.call(tasks, session, Call::AltText);
        }
    }

    /// Keeps the estimate of the next call up to date.
    pub fn estimate(&mut self, tasks: &Tasks, session: &Session) {
        let nothing = self.composer.is_empty() && self.intake.is_empty();
        let basis = self
            .configuration
            .model()
            .filter(|_| !nothing)
            .map(|model| Basis {
                model,
                region: session.connection().region(),
                configuration: &self.configuration.settings,
                revisions: [
                    self.transcript.revision(),
                    self.composer.revision(),
                    self.intake.revision(),
                ],
                price_revision: self.price_revision,
            });
        let mut forecast = std::mem::take(&mut self.forecast);
        forecast.update(tasks, session, &self.prices, basis, || {
            self.next_request()?.ok()
        });
        self.forecast = forecast;
    }

    /// What would be sent now; `None` without a model.
    pub fn next_request(&self) -> Option<Result<Request, ConfigurationError>> {
        let model = self.configuration.model()?.clone();
        let mut messages = self.transcript.messages_for(&model);
        let content = self.to_be_sent(self.composer.text());
        if !content.is_empty() {
            messages.push(Message::user(content));
        }
        Some(self.configuration.settings.request(model, messages))
    }

    /// Asks again for the last answer.
    pub fn regenerate_last(&mut self, tasks: &mut Tasks, session: &Session) {
        if let Some((id, turn)) = self.transcript.last()
            && turn.message.role == Role::Assistant
        {
            self.regenerate(tasks, session, id, None);
        }
    }

    /// Asks for an answer again, beside the one that is there; of another model when one is given.
    pub fn regenerate(
        &mut self,
        tasks: &mut Tasks,
        session: &Session,
        turn: TurnId,
        model: Option<ModelId>,
    ) {
        if self.running.is_some() || !self.can_be_sent() {
            return;
        }
        self.call(tasks, session, Call::Again(turn, model));
    }

    /// Does something with a turn that needs no connection; false when it needs one.
    pub fn turn(&mut self, id: TurnId, command: &TurnCommand) -> bool {
        match command {
            TurnCommand::Edit => {
                let text = self.transcript.turn(id).message.text();
                self.editing = Some(Editing::new(id, text));
            }
            TurnCommand::CancelEdit => self.editing = None,
            TurnCommand::Delete => {
                self.transcript.delete(id);
                self.deleted = Some(id);
            }
            TurnCommand::Restore => {
                self.transcript.restore(id);
                self.deleted = None;
            }
            TurnCommand::ShowAlternative(position) => {
                if self.running.is_none() {
                    self.transcript.show_alternative(id, *position);
                }
            }
            TurnCommand::FinishEdit(text)
                if self.transcript.turn(id).message.role == Role::Assistant =>
            {
                self.rewrite(id, text);
            }
            _ => return false,
        }
        true
    }

    /// Does something with a turn that asks the model.
    pub fn ask_about(
        &mut self,
        tasks: &mut Tasks,
        session: &Session,
        id: TurnId,
        command: TurnCommand,
    ) {
        if self.running.is_some() {
            return;
        }
        match command {
            TurnCommand::Regenerate => self.regenerate(tasks, session, id, None),
            TurnCommand::FinishEdit(text) if self.can_be_sent() => {
                self.call(tasks, session, Call::Rewritten(id, text));
            }
            TurnCommand::Continue if self.can_be_sent() => {
                self.call(tasks, session, Call::More(id));
            }
            TurnCommand::AnswerTools(results) if self.can_be_sent() => {
                self.call(tasks, session, Call::ToolResults(id, results));
            }
            _ => {}
        }
    }

    /// Opens the last prompt for editing, unless something is being written.
    pub fn edit_last_prompt(&mut self) {
        if self.running.is_none()
            && self.editing.is_none()
            && let Some(id) = self.transcript.last_of_user()
        {
            self.turn(id, &TurnCommand::Edit);
        }
    }

    /// Stops the answer; what has come stays.
    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            self.transcript.stop(running.id());
            self.end();
        }
    }

    /// Puts another text in a turn's place, beside it; what else it holds stays.
    fn rewrite(&mut self, id: TurnId, text: &str) {
        self.editing = None;
        let message = self.rewritten(id, text);
        self.transcript.rewind_before(id);
        let rewritten = self.transcript.push(Turn::written(message));
        self.conversation.copy_previews(id, rewritten);
    }

    /// A turn's message with another text in it.
    fn rewritten(&self, id: TurnId, text: &str) -> Message {
        let before = self.transcript.turn(id).message.clone();
        let mut content: Vec<ContentBlock> = before
            .content
            .into_iter()
            .filter(|block| {
                !matches!(block, ContentBlock::Text(_) | ContentBlock::Citations(_))
                    // What a provider sealed belongs to the text it sealed.
                    && !matches!(block, ContentBlock::Reasoning(_))
            })
            .collect();
        content.push(ContentBlock::Text(text.to_owned()));
        Message {
            role: before.role,
            content,
        }
    }

    fn ask(
        &mut self,
        tasks: &mut Tasks,
        session: &Session,
        prompt: String,
        expected: Option<Expected>,
    ) {
        let (mut content, previews) = self.intake.take();
        if !prompt.is_empty() {
            content.push(ContentBlock::Text(prompt));
        }
        let turn = self.transcript.push_user(content);
        self.conversation.set_previews(turn, previews);
        let answer = self.invoke(tasks, session, None);
        if let Some(answer) = answer {
            self.conversation.set_expected(answer, expected);
            self.billed.expected = expected;
        }
    }

    /// Asks; gives the turn that the answer comes into.
    fn invoke(
        &mut self,
        tasks: &mut Tasks,
        session: &Session,
        model: Option<ModelId>,
    ) -> Option<TurnId> {
        self.deleted = None;
        let model = model.or_else(|| self.configuration.model().cloned())?;
        let messages = self.transcript.messages_for(&model);
        match self.configuration.settings.request(model.clone(), messages) {
            Ok(request) => {
                let schema = request.output_schema.clone();
                let running = tasks.invoke(session, request);
                let region = session.connection().region();
                let turn = self
                    .transcript
                    .begin(Invocation::new(running.id(), model, region));
                self.conversation.set_schema(turn, schema);
                self.running = Some(running);
                self.billed = Billed {
                    connection: session.label(),
                    ..Billed::default()
                };
                self.conversation.follow();
                Some(turn)
            }
            Err(error) => {
                self.refusal = Some(error.to_string());
                None
            }
        }
    }

    fn end(&mut self) {
        self.running = None;
        self.spend.extend(self.spend_of_last());
        self.transcript.forget_exchanges(EXCHANGES_KEPT);
        self.add_up();
    }

    /// Why the button does nothing now, in words; `None` when it works.
    fn unready_reason(&self) -> Option<&'static str> {
        if self.running.is_some() {
            Some("An answer is coming in; stop it first or wait")
        } else if self.configuration.model().is_none() {
            Some("Choose a model first")
        } else if self.intake.is_opening() {
            Some("The attached files are still being read")
        } else if self.composer.is_empty() && self.intake.is_empty() {
            Some("Write a prompt or attach an image first")
        } else if self.intake.has_text() {
            None
        } else if self.composer.is_empty() && self.intake.has_image() {
            Some("Write a prompt for the image, or press Write alt text")
        } else if self.composer.is_empty() {
            Some("A document needs a prompt beside it")
        } else {
            None
        }
    }

    /// Why alt text cannot be asked for now, in words; `None` when it can.
    pub fn alt_text_unready_reason(&self) -> Option<&'static str> {
        if self.running.is_some() {
            Some("An answer is coming in; stop it first or wait")
        } else if self.configuration.model().is_none() {
            Some("Choose a model first")
        } else if self.intake.is_opening() {
            Some("The attached files are still being read")
        } else if !self.intake.has_image() {
            Some("Attach an image first")
        } else if !self.configuration.takes_images() {
            Some("This model takes no images; choose one that does")
        } else {
            None
        }
    }
}
