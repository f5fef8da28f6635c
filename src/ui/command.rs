//! What a person can ask of the program, whichever way they ask.

mod export_format;

use std::path::PathBuf;

use egui::{Key, KeyboardShortcut, Modifiers, ThemePreference};
use rust_decimal::Decimal;

use crate::alt_text::{Format, FoundDocument, MetadataPlace};
use crate::catalog::ModelId;
use crate::chat::{ToolResult, TurnId};
use crate::embeddings::Format as VectorFormat;
use crate::emulator::Faults;
use crate::pricing::{Meter, Usd};
use crate::store::{BatchJobs, ConversationId, HistoryQuery, Screen as MadeIn, Settings};
use crate::tasks::SessionOptions;
use crate::ui::screens::chat::PresetCommand;
use crate::ui::screens::close_up::Subject;
use crate::ui::screens::compare::CompareCommand;
use crate::ui::screens::guardrails::GuardrailsCommand;
use crate::ui::screens::images::ImagesCommand;
use crate::ui::screens::prompts::PromptsCommand;
use crate::ui::screens::usage::Wanted;
use crate::ui::screens::videos::VideosCommand;
use crate::ui::widgets::PaneStep;

pub use self::export_format::ExportFormat;

/// The screens, in the order of the navigation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// Every model the connection offers.
    ModelCatalog,
    /// A conversation with one model.
    #[default]
    Chat,
    /// Images made and changed.
    Images,
    /// Videos.
    Videos,
    /// Alt text for many images.
    AltText,
    /// Several models on the same prompt.
    Compare,
    /// Vectors of texts.
    Embeddings,
    /// Prompts to use again.
    Prompts,
    /// Guardrails, and a bench to try them on.
    Guardrails,
    /// Every conversation that was had.
    History,
    /// What calls took and cost.
    Usage,
    /// What holds for every conversation.
    Settings,
}

impl Screen {
    /// Every screen.
    pub const ALL: [Self; 12] = [
        Self::ModelCatalog,
        Self::Chat,
        Self::Images,
        Self::Videos,
        Self::AltText,
        Self::Compare,
        Self::Embeddings,
        Self::Prompts,
        Self::Guardrails,
        Self::History,
        Self::Usage,
        Self::Settings,
    ];

    /// Its name in the navigation.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::ModelCatalog => "Model catalog",
            Self::Chat => "Chat playground",
            Self::Images => "Image playground",
            Self::Videos => "Video playground",
            Self::AltText => "Alt text",
            Self::Compare => "Compare models",
            Self::Embeddings => "Embeddings",
            Self::Prompts => "Prompts",
            Self::Guardrails => "Guardrails",
            Self::History => "History",
            Self::Usage => "Usage",
            Self::Settings => "Settings",
        }
    }
}

/// One wish. Views push them; the app carries them out after drawing.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Goes to a screen.
    Show(Screen),
    /// Opens the list of models to choose from.
    ChooseModel,
    /// Talks to this model from now on.
    UseModel(ModelId),
    /// Opens a model in the playground that suits it.
    TryModel(Screen, ModelId),
    /// Asks whether the account may use a model.
    CheckAccess(ModelId),
    /// Opens the file dialog.
    PickFiles,
    /// Takes files in.
    Attach(Vec<PathBuf>),
    /// Sends what is in the composer.
    Send,
    /// Sends the attached images with the alt-text prompt.
    WriteAltText,
    /// Stops the answer that is coming in.
    Stop,
    /// Asks again for the last answer.
    Regenerate,
    /// Does something with one turn of the conversation.
    Turn(TurnId, TurnCommand),
    /// Looks for words in the conversation that is shown.
    Find,
    /// Opens the last prompt for editing.
    EditLastPrompt,
    /// Begins a conversation beside the others.
    NewConversation,
    /// Shows one of the open conversations.
    ShowConversation(usize),
    /// Closes one of the open conversations.
    CloseConversation(usize),
    /// Closes the conversation that is shown.
    CloseShownConversation,
    /// Shows the conversation after this one, or the first.
    NextConversation,
    /// Shows the open conversation before this one.
    PreviousConversation,
    /// Sends although it may cost more than the person's limit.
    SendAnyway,
    /// Does not send what may cost too much.
    DoNotSend,
    /// Fits pictures otherwise: the longest side, and whether metadata stays.
    FitImages {
        /// In pixels; `None` is as large as the service takes.
        max_edge: Option<u32>,
        /// Whether metadata is sent too.
        keep_metadata: bool,
    },
    /// Opens the dialog for an object in S3.
    ShowS3,
    /// Pastes what the clipboard holds.
    Paste,
    /// Does something with the presets.
    Preset(PresetCommand),
    /// Shows a picture closely.
    LookAt(Subject),
    /// Shows what the chat would send now, and as code.
    ViewRequest,
    /// Shows what went over the wire for an answer, and as code.
    ViewExchange(TurnId),
    /// The same for the last answer.
    ViewLastExchange,
    /// Saves the conversation.
    Export(ExportFormat),
    /// Opens a saved conversation.
    Import,
    /// Does something with a list of images.
    AltText(AltTextCommand),
    /// Does something with texts and their vectors.
    Embeddings(EmbeddingsCommand),
    /// Does something in the video playground.
    Videos(VideosCommand),
    /// Does something in the image playground.
    Images(ImagesCommand),
    /// Does something with the comparison.
    Compare(CompareCommand),
    /// Does something with guardrails.
    Guardrails(GuardrailsCommand),
    /// Does something with the prompt library.
    Prompts(PromptsCommand),
    /// Does something with the history.
    History(HistoryCommand),
    /// Ends the writing of many files, by its place.
    StopWritingFiles(usize),
    /// Shows where a file is, in the system's file manager.
    ShowInFolder(PathBuf),
    /// Tries once more to open the history.
    ReopenHistory,
    /// Does something with the prices.
    Prices(PricesCommand),
    /// Does something with the ledger.
    Usage(UsageCommand),
    /// Does something with the settings, or with all that is kept.
    Settings(SettingsCommand),
    /// Opens the command palette.
    ShowPalette,
    /// Shows the welcome again.
    ShowWelcome,
    /// Shows the guide, at the page of the screen that is shown.
    ShowHelp,
    /// Gives the keyboard to another pane of the window.
    GoToPane(PaneStep),
    /// Puts sample photographs into the list of images.
    TrySamples,
    /// Shows what frames take, or hides it.
    ToggleFrameTimes,
    /// Saves when frames were painted and what they took.
    SaveTrace,
    /// Fetches the account's guardrails.
    LoadGuardrails,
    /// Fetches the versions of one of them.
    LoadGuardrailVersions(String),
    /// Puts the caret into the composer.
    FocusComposer,
    /// Fetches the models again.
    ReloadCatalog,
    /// Opens the connection again.
    Reconnect,
    /// Shows the connection, to look at or change.
    ShowConnection,
    /// Opens another connection.
    Connect {
        /// Where to, and as whom.
        options: Box<SessionOptions>,
        /// Whether the system's keyring keeps it for the next start.
        remember: bool,
    },
    /// Begins to sign in with the browser; for the connection in use when none is named.
    SignIn(Option<Box<SessionOptions>>),
    /// Removes the connection that the system's keyring keeps.
    ForgetConnection,
    /// Shows what shall go wrong at the embedded endpoint, to look at or change.
    ShowFaults,
    /// Sets what shall go wrong at the embedded endpoint.
    SetFaults(Faults),
    /// Light, dark, or as the system has it.
    SetTheme(ThemePreference),
}

/// What can be done with a list of images, beyond the list itself.
#[derive(Clone, Debug, PartialEq)]
pub enum AltTextCommand {
    /// Opens the dialog for a folder.
    PickFolder,
    /// Adds these files.
    Add(Vec<PathBuf>),
    /// Adds the images of these documents.
    TakeOut(Vec<FoundDocument>),
    /// Ends that; what was taken by then is added.
    StopTakingOut,
    /// Asks for the address of a page of the web.
    AskForPage,
    /// Finds the images of the page at an address.
    ReadPage(String),
    /// Gives that up.
    StopReadingPage,
    /// Ends the search through folders; what was found is offered.
    StopSearching,
    /// Asks about every image that waits.
    Start,
    /// Asks again about those that failed.
    RetryFailed,
    /// Asks about these.
    Ask(Vec<usize>),
    /// Asks for a long description of one of them.
    Describe(usize),
    /// Opens the dialog for a table of what is true of single images.
    PickContext,
    /// Takes over the texts that files have, for all that have none.
    TakeFromFiles,
    /// Ends the reading of files.
    StopReadingFiles,
    /// Chooses another model for one of them.
    AskAnother(usize),
    /// Asks about no more; what was sent still comes.
    Pause,
    /// Gives up what was sent too.
    Cancel,
    /// Begins another list.
    New,
    /// Saves the texts.
    Save(Format),
    /// Puts them into the clipboard.
    Copy(Format),
    /// Asks which of them to write into files.
    AskToWrite(WriteInto),
    /// Writes them there.
    WriteTexts {
        /// Into which files.
        into: WriteInto,
        /// Leaves out what nobody approved.
        only_approved: bool,
    },
    /// Does something with batch jobs.
    Batch(BatchCommand),
}

/// What can be done with batch jobs of a list of images.
#[derive(Clone, Debug, PartialEq)]
pub enum BatchCommand {
    /// Opens the dialog.
    Show,
    /// Submits the images that wait.
    Submit(BatchJobs),
    /// Gives up what is not submitted yet.
    Cancel,
    /// Stops a job.
    Stop(String),
    /// Asks again how far a job is, or reads its answers again.
    Retry(String),
    /// Deletes the files of a job in S3.
    CleanUp(String),
    /// Shows a job no more.
    PutAway(String),
}

/// The files that texts are written into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteInto {
    /// The images, or files beside them.
    Images(MetadataPlace),
    /// The documents that images stand in, or copies of them.
    Documents(MetadataPlace),
}

impl AltTextCommand {
    /// Whether a model is asked at once.
    #[must_use]
    pub fn asks(&self) -> bool {
        matches!(
            self,
            Self::Start | Self::RetryFailed | Self::Ask(_) | Self::Describe(_)
        )
    }
}

/// What can be done with texts and their vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmbeddingsCommand {
    /// Sends what waits; asks first when that is very much.
    Start,
    /// Sends what waits, however much it is.
    StartAnyway,
    /// Sends what failed too.
    RetryFailed,
    /// Sends nothing more; what was sent still comes.
    Pause,
    /// Gives up what was sent too.
    Cancel,
    /// Begins another list.
    New,
    /// Saves the vectors.
    Save(VectorFormat),
    /// Saves the similarity of all to all.
    SaveMatrix(VectorFormat),
}

/// What can be done with the history.
#[derive(Clone, Debug, PartialEq)]
pub enum HistoryCommand {
    /// Looks for conversations.
    List(Box<HistoryQuery>),
    /// Shows one where it was left, in the screen it was made in.
    Open(ConversationId, MadeIn),
    /// The same for a conversation, at the place where these words stand.
    OpenAt(ConversationId, String),
    /// Ticks all there are.
    SelectAll(Box<HistoryQuery>),
    /// Puts these among the deleted.
    Delete(Vec<ConversationId>),
    /// Brings deleted ones back.
    Restore(Vec<ConversationId>),
    /// Puts one above the others, or back among them.
    Pin(ConversationId, bool),
    /// Puts these out of the way, or back.
    Archive(Vec<ConversationId>, bool),
    /// Gives one a title.
    Rename(ConversationId, String),
    /// Gives one a tag.
    AddTag(ConversationId, String),
    /// Takes a tag away.
    RemoveTag(ConversationId, String),
    /// Makes another one of it.
    Duplicate(ConversationId),
}

/// What can be done with the prices.
#[derive(Clone, Debug, PartialEq)]
pub enum PricesCommand {
    /// Opens the dialog for a person's own prices of a model or profile.
    ShowOwn(ModelId),
    /// Keeps own prices; a meter without one has the public price again.
    SetOwn {
        /// The model or profile.
        model: ModelId,
        /// Dollars by meter.
        prices: Vec<(Meter, Option<Usd>)>,
    },
    /// Keeps what the account gets off public prices, in percent.
    SetDiscount(Option<Decimal>),
    /// Opens the dialog for the price files of AWS, and fetches them.
    Refresh,
    /// Takes the refreshed prices that were shown.
    TakeRefreshed,
}

/// What can be done with the ledger.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum UsageCommand {
    /// Adds calls up.
    Load(Wanted),
    /// Saves the calls of the same time as a table.
    Export(Wanted),
}

/// What can be done with the settings, and with all that is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingsCommand {
    /// Keeps these.
    Save(Box<Settings>),
    /// Lets new conversations begin like the one that is shown.
    SaveAsDefault,
    /// Lets new lists or comparisons begin like the one that is shown.
    KeepBeginning(Screen),
    /// Removes what is past its time and gives the room back.
    Tidy,
    /// Removes for good what is in the trash.
    EmptyTrash,
    /// Writes all that is kept into one file.
    ExportAll,
    /// Takes in such a file.
    ImportAll {
        /// Whether its settings and prices take the place of those here.
        replace_settings: bool,
    },
    /// Ends the work on such a file.
    StopArchive,
    /// Puts the report of that work away.
    CloseReport,
    /// Copies the history now.
    BackUp,
    /// Looks whether all that is kept is whole.
    CheckHistory,
}

impl SettingsCommand {
    /// Whether nothing can be done before the history is open.
    pub fn is_of_history(&self) -> bool {
        matches!(
            self,
            Self::Tidy
                | Self::EmptyTrash
                | Self::ExportAll
                | Self::ImportAll { .. }
                | Self::BackUp
                | Self::CheckHistory
        )
    }
}

/// What can be done with one turn.
#[derive(Clone, Debug, PartialEq)]
pub enum TurnCommand {
    /// Asks for this answer again, beside the one that is there.
    Regenerate,
    /// Chooses another model for this answer.
    AnswerWith,
    /// Opens the text for editing.
    Edit,
    /// Takes the edited text: a prompt is sent, an answer is kept.
    FinishEdit(String),
    /// Puts the edited text away.
    CancelEdit,
    /// Takes the turn out.
    Delete,
    /// Brings it back.
    Restore,
    /// Shows another of those tried in its place.
    ShowAlternative(usize),
    /// Goes on from here in a conversation of its own.
    BranchOff,
    /// Shows one of its pictures closely, by its place among what is shown as tiles.
    LookAt(usize),
    /// Has an answer that reached the most tokens go on.
    Continue,
    /// Sends the results of the tools that this answer asks for.
    AnswerTools(Vec<ToolResult>),
}

impl Command {
    /// Those with a shortcut, on one system at least.
    pub const WITH_SHORTCUT: [Self; 14] = [
        Self::Send,
        Self::Stop,
        Self::FocusComposer,
        Self::NewConversation,
        Self::PickFiles,
        Self::Find,
        // The one with more keys first: it would be taken for the other.
        Self::PreviousConversation,
        Self::NextConversation,
        Self::CloseShownConversation,
        Self::Show(Screen::Settings),
        Self::ShowPalette,
        Self::ShowHelp,
        Self::GoToPane(PaneStep::Previous),
        Self::GoToPane(PaneStep::Next),
    ];

    /// The keys that ask for it.
    #[must_use]
    pub fn shortcut(&self) -> Option<KeyboardShortcut> {
        let (modifiers, key) = match self {
            Self::Send => (Modifiers::COMMAND, Key::Enter),
            Self::Stop => (Modifiers::NONE, Key::Escape),
            Self::FocusComposer => (Modifiers::COMMAND, Key::L),
            Self::NewConversation => (Modifiers::COMMAND, Key::N),
            Self::PickFiles => (Modifiers::COMMAND, Key::O),
            Self::NextConversation => (Modifiers::CTRL, Key::Tab),
            Self::Find => (Modifiers::COMMAND, Key::F),
            Self::PreviousConversation => (Modifiers::CTRL | Modifiers::SHIFT, Key::Tab),
            Self::CloseShownConversation if cfg!(target_os = "macos") => {
                (Modifiers::COMMAND, Key::W)
            }
            // Ctrl+W takes a word back while one writes.
            Self::CloseShownConversation => (Modifiers::CTRL, Key::F4),
            Self::Show(Screen::Settings) => (Modifiers::COMMAND, Key::Comma),
            Self::ShowPalette => (Modifiers::COMMAND, Key::K),
            Self::ShowHelp => (Modifiers::NONE, Key::F1),
            Self::GoToPane(PaneStep::Next) => (Modifiers::NONE, Key::F6),
            Self::GoToPane(PaneStep::Previous) => (Modifiers::SHIFT, Key::F6),
            _ => return None,
        };
        Some(KeyboardShortcut::new(modifiers, key))
    }

    /// The keys that ask for it, as they are called on this system; nothing without any.
    #[must_use]
    pub fn keys(&self, ctx: &egui::Context) -> String {
        let shortcut = self.shortcut();
        shortcut.map_or_else(String::new, |keys| ctx.format_shortcut(&keys))
    }
}

/// The wishes of one frame.
#[derive(Debug, Default)]
pub struct Commands(Vec<Command>);

impl Commands {
    /// Adds a wish.
    pub fn push(&mut self, command: Command) {
        self.0.push(command);
    }

    /// Whether a model has been chosen in this frame.
    #[must_use]
    pub fn has_model_choice(&self) -> bool {
        self.0
            .iter()
            .any(|command| matches!(command, Command::UseModel(_)))
    }

    /// Takes all wishes out.
    pub fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.0)
    }
}
