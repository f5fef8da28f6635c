//! Calls that may cost more than the person's limit: asked about before anything is changed or sent.

use super::Playground;
use crate::catalog::ModelId;
use crate::chat::{ALT_TEXT_PROMPT, ContentBlock, ToolResult, Transcript, TurnId};
use crate::pricing::Usd;
use crate::tasks::{Session, Tasks};
use crate::ui::screens::chat::forecast;

/// What asks for the rest of an answer. In no language but the one that all models know best; the answer goes on
/// in its own.
pub(super) const CONTINUE_PROMPT: &str =
    "Continue exactly where you stopped, in the same form, and repeat nothing.";

/// A call that waits for a yes.
pub(super) struct Asking {
    /// What it may cost at the most.
    pub upper: Usd,
    call: Call,
}

/// What shall be sent.
#[derive(Clone)]
pub(super) enum Call {
    /// What the composer holds.
    Composer,
    /// The attached pictures, with the alt-text prompt.
    AltText,
    /// A turn's answer once more; of another model when one is given.
    Again(TurnId, Option<ModelId>),
    /// A turn with another text.
    Rewritten(TurnId, String),
    /// More of an answer that reached the most tokens.
    More(TurnId),
    /// What tools brought.
    ToolResults(TurnId, Vec<ToolResult>),
}

impl Playground {
    /// Whether a call has to wait for a yes, which is then asked for.
    pub(super) fn is_asked_about(&mut self, session: &Session, call: &Call) -> bool {
        self.asking = None;
        let Some(limit) = self.configuration.ask_above else {
            return false;
        };
        let region = session.connection().region();
        let Some(upper) = self.upper(region, call).filter(|upper| *upper > limit) else {
            return false;
        };
        self.asking = Some(Asking {
            upper,
            call: call.clone(),
        });
        true
    }

    /// Sends what was asked about, whatever it may cost.
    pub fn send_anyway(&mut self, tasks: &mut Tasks, session: &Session) {
        if let Some(asking) = self.asking.take() {
            self.call_anyway(tasks, session, asking.call);
        }
    }

    /// Keeps what may cost too much where it is.
    pub fn do_not_send(&mut self) {
        let asking = self.asking.take();
        if matches!(asking.map(|asking| asking.call), Some(Call::Composer)) {
            self.composer.focus();
        }
    }

    pub(super) fn can_be_sent(&mut self) -> bool {
        self.can_be_sent_to(None)
    }

    /// Whether the configuration makes a request to a model, else the chosen one; what stands in the way is said.
    pub(super) fn can_be_sent_to(&mut self, model: Option<&ModelId>) -> bool {
        let Some(model) = model.or(self.configuration.model()).cloned() else {
            return false;
        };
        let checked = self.configuration.settings.request(model, Vec::new());
        self.refusal = checked.err().map(|error| error.to_string());
        self.refusal.is_none()
    }

    fn upper(&self, region: &str, call: &Call) -> Option<Usd> {
        if let (Call::Composer, Some(settled)) = (call, self.forecast.settled()) {
            return Some(settled.upper);
        }
        let (model, ahead) = self.ahead(call);
        let model = model.or_else(|| self.configuration.model().cloned())?;
        let messages = ahead.messages_for(&model);
        let request = self.configuration.settings.request(model, messages).ok()?;
        forecast::upper(&request, region, &self.prices)
    }

    /// The conversation that a call would send, and the model it names.
    fn ahead(&self, call: &Call) -> (Option<ModelId>, Transcript) {
        let mut ahead: Transcript = self.transcript.clone();
        let mut model = None;
        match call {
            Call::Composer => {
                ahead.push_user(self.to_be_sent(self.composer.text()));
            }
            Call::AltText => {
                ahead.push_user(self.to_be_sent(ALT_TEXT_PROMPT));
            }
            Call::Again(turn, other) => {
                ahead.rewind_to_ask_again(*turn);
                model.clone_from(other);
            }
            Call::Rewritten(turn, text) => {
                let content = self.rewritten(*turn, text).content;
                ahead.rewind_before(*turn);
                ahead.push_user(content);
            }
            Call::More(turn) => {
                ahead.rewind_behind(*turn);
                ahead.push_user(vec![ContentBlock::Text(CONTINUE_PROMPT.to_owned())]);
            }
            Call::ToolResults(turn, results) => {
                ahead.rewind_behind(*turn);
                let results = results.iter().cloned();
                ahead.push_user(results.map(ContentBlock::ToolResult).collect());
            }
        }
        (model, ahead)
    }

    /// What is attached, with a prompt behind it.
    pub(super) fn to_be_sent(&self, prompt: &str) -> Vec<ContentBlock> {
        let mut content: Vec<ContentBlock> = self.intake.content().collect();
        if !prompt.is_empty() {
            content.push(ContentBlock::Text(prompt.to_owned()));
        }
        content
    }
}
