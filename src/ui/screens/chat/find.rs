//! Words looked for in the conversation that is shown: where they stand, and one place after another.
//!
//! Must not know how turns are drawn, or how one gets there.

use egui::{Key, Ui, vec2};

use crate::chat::{Transcript, TurnId};
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{icon_button, text_field};

/// Places that are counted; a conversation with more of them is not read one by one.
const MOST: usize = 1_000;

/// Width of the field, in points.
const FIELD: f32 = 240.0;

/// A place where the words stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// In which turn.
    pub turn: TurnId,
    /// Where that turn is among those that are shown.
    pub at: usize,
    /// How much of the turn's text stands before it, from 0 to 1.
    pub share: f32,
}

/// What a person wants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wish {
    /// To see this place.
    Show(Hit),
    /// To look for nothing.
    Close,
}

/// The words, and where they are.
#[derive(Default)]
pub struct Find {
    words: String,
    hits: Vec<Hit>,
    current: usize,
    /// The words and the revision of the conversation that the places are of.
    searched: Option<(String, u64)>,
    wants_focus: bool,
}

impl Find {
    /// Looks for these words, which may be none yet.
    pub fn new(words: String) -> Self {
        Self {
            words,
            wants_focus: true,
            ..Self::default()
        }
    }

    /// Puts the caret into the field.
    pub fn focus(&mut self) {
        self.wants_focus = true;
    }

    /// The turn that is shown.
    pub fn shown(&self) -> Option<TurnId> {
        Some(self.hits.get(self.current)?.turn)
    }

    /// Looks anew where words or conversation have changed; the place to be shown then.
    fn update(&mut self, transcript: &Transcript) -> Option<Hit> {
        let is_same = self.searched.as_ref().is_some_and(|(words, revision)| {
            *words == self.words && *revision == transcript.revision()
        });
        if is_same {
            return None;
        }
        let are_new = self
            .searched
            .as_ref()
            .is_none_or(|(words, _)| *words != self.words);
        self.searched = Some((self.words.clone(), transcript.revision()));
        self.hits = hits(transcript, &self.words);
        if are_new {
            // The newest is the likeliest.
            self.current = self.hits.len().saturating_sub(1);
        }
        self.current = self.current.min(self.hits.len().saturating_sub(1));
        let hit = self.hits.get(self.current).copied();
        hit.filter(|_| are_new)
    }

    fn step(&mut self, forward: bool) -> Option<Hit> {
        let count = self.hits.len();
        let step = if forward { 1 } else { count.checked_sub(1)? };
        self.current = (self.current + step).checked_rem(count)?;
        self.hits.get(self.current).copied()
    }

    /// Draws the field and how many places there are.
    pub fn ui(&mut self, ui: &mut Ui, transcript: &Transcript) -> Option<Wish> {
        let mut hit = None;
        let mut closed = false;
        ui.horizontal(|ui| {
            let secondary = palette(ui).text_secondary;
            icons::paint(ui, icons::SEARCH, size::ICON, secondary);
            let field = ui
                .allocate_ui(vec2(FIELD, size::CONTROL), |ui| {
                    text_field(
                        ui,
                        "Find in the conversation",
                        "Find in the conversation",
                        &mut self.words,
                    )
                })
                .inner;
            let (enter, shift, escape) = ui.input(|input| {
                (
                    input.key_pressed(Key::Enter),
                    input.modifiers.shift,
                    input.key_pressed(Key::Escape),
                )
            });
            let had_focus = field.has_focus() || field.lost_focus();
            if had_focus && enter {
                hit = self.step(!shift);
                self.wants_focus = true;
            }
            closed = had_focus && escape;
            if std::mem::take(&mut self.wants_focus) {
                field.request_focus();
            }
            if !self.words.trim().is_empty() {
                let count = match self.hits.len() {
                    0 => "Not found".to_owned(),
                    MOST => format!(
                        "{} of more than {}",
                        self.current + 1,
                        thousands(MOST as u64)
                    ),
                    count => format!("{} of {}", self.current + 1, thousands(count as u64)),
                };
                ui.label(theme::small(count).color(secondary));
            }
            ui.spacing_mut().item_spacing.x = space::XXS;
            ui.add_enabled_ui(self.hits.len() > 1, |ui| {
                if icon_button(ui, icons::PREVIOUS, "Previous place").clicked() {
                    hit = self.step(false);
                }
                if icon_button(ui, icons::NEXT, "Next place").clicked() {
                    hit = self.step(true);
                }
            });
            closed |= icon_button(ui, icons::CLOSE, "Close the search").clicked();
        });
        if closed {
            return Some(Wish::Close);
        }
        self.update(transcript).or(hit).map(Wish::Show)
    }
}

/// Where words stand in what is shown, whatever their case; in order.
fn hits(transcript: &Transcript, words: &str) -> Vec<Hit> {
    let words = words.trim().to_lowercase();
    if words.is_empty() {
        return Vec::new();
    }
    let turns = transcript.turns().enumerate();
    turns
        .flat_map(|(at, (turn, said))| {
            let text = said.message.text().to_lowercase();
            let places: Vec<usize> = text.match_indices(&words).map(|(place, _)| place).collect();
            places.into_iter().map(move |place| Hit {
                turn,
                at,
                share: share(place, text.len()),
            })
        })
        .take(MOST)
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a place on a page")]
fn share(place: usize, of: usize) -> f32 {
    place as f32 / of.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::ContentBlock;

    #[test]
    fn every_place_is_found_in_order_whatever_the_case() {
        let mut transcript = Transcript::default();
        for text in ["River, river", "no", "A RIVER"] {
            transcript.push_user(vec![ContentBlock::Text(text.into())]);
        }
        let found = hits(&transcript, " river ");
        let places: Vec<_> = found.iter().map(|hit| hit.at).collect();
        assert_eq!(places, [0, 0, 2]);
        // "River, " are 7 of 12 bytes, "A " 2 of 7.
        let shares: Vec<_> = found.iter().map(|hit| hit.share).collect();
        assert!((shares[1] - 7.0 / 12.0).abs() < 1e-6 && (shares[2] - 2.0 / 7.0).abs() < 1e-6);
        assert!(hits(&transcript, "  ").is_empty());
    }

    #[test]
    fn one_goes_round_and_nothing_found_leads_nowhere() {
        let mut transcript = Transcript::default();
        transcript.push_user(vec![ContentBlock::Text("a b a".into())]);
        let mut find = Find::new("a".into());
        // The last place comes first.
        assert!(find.update(&transcript).is_some_and(|hit| hit.share > 0.5));
        assert!(find.step(true).is_some_and(|hit| hit.share == 0.0));
        assert!(find.step(false).is_some_and(|hit| hit.share > 0.5));
        assert_eq!(find.update(&transcript), None, "nothing has changed");
        find.words = "z".into();
        assert_eq!(find.update(&transcript), None);
        assert_eq!((find.step(true), find.step(false)), (None, None));
    }
}
