//! One conversation in the list.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align, Button, CornerRadius, FontId, Id, Key, Label, Layout, Sense, Stroke, Ui, UiBuilder,
    Vec2, WidgetInfo, vec2,
};

use crate::catalog::ModelId;
use crate::store::{ConversationId, ConversationSummary, Screen};
use crate::ui::clock::Clock;
use crate::ui::command::HistoryCommand;
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::theme::{self, font, palette, size, space};
use crate::ui::widgets::{
    Tone, badge, bidi, ends_apart_of, focus_ring, icon_button, menu_item, moment, origin_badge,
    small_menu, text_field,
};

/// Height of a row, in points.
const HEIGHT: f32 = 70.0;

/// The tick in a box, in points.
const BOX_TICK: f32 = 14.0;

/// A line of what was found, in points.
const SNIPPET: f32 = 22.0;

/// How high rows are: with what was found, or without.
pub fn height(has_snippets: bool) -> f32 {
    HEIGHT + if has_snippets { SNIPPET } else { 0.0 }
}
const MENU_WIDTH: f32 = 200.0;

/// A title or a tag being written.
pub struct Editing {
    id: ConversationId,
    text: String,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Title,
    Tag,
}

/// What a person wants of a row.
pub enum Wish {
    Do(HistoryCommand),
    /// Ticks it, or no longer.
    Toggle(ConversationId),
    /// Ticks all from the one that was ticked last to this one.
    SelectTo(ConversationId),
    /// Only conversations with this tag.
    Tag(String),
}

/// Whether a row is ticked, and whether its box is in sight without pointing there.
#[derive(Clone, Copy)]
pub struct Ticked {
    pub is_on: bool,
    pub shows_box: bool,
}

/// Draws a row.
pub fn ui(
    ui: &mut Ui,
    summary: &ConversationSummary,
    height: f32,
    clock: &Clock,
    ticked: Ticked,
    editing: &mut Option<Editing>,
) -> Option<Wish> {
    let palette = palette(ui);
    let mut wish = None;
    let (rect, response) = ui.allocate_exact_size(
        vec2(ui.available_width() - space::M, height - space::XXS),
        Sense::click(),
    );
    response.widget_info(|| {
        let name = format!("Open conversation {}", summary.title);
        WidgetInfo::labeled(egui::Role::Button, true, name)
    });
    let fill = if ticked.is_on {
        palette.accent_soft
    } else if response.hovered() {
        palette.raised
    } else {
        palette.surface
    };
    ui.painter().rect(
        rect,
        CornerRadius::same(size::RADIUS),
        fill,
        Stroke::new(1.0, palette.divider),
        egui::StrokeKind::Inside,
    );
    let inner = rect.shrink2(vec2(12.0, 8.0));
    // A child of its own: the next row begins below this one, wherever its words end.
    let inside = UiBuilder::new()
        .id_salt(summary.id)
        .max_rect(inner)
        .layout(Layout::top_down(Align::Min));
    let mut inside = ui.new_child(inside);
    // Words that can be marked would keep the click to themselves.
    inside.style_mut().interaction.selectable_labels = false;
    inside.spacing_mut().item_spacing.y = 2.0;
    inside.spacing_mut().interact_size.y = size::TARGET;
    let ticked = Ticked {
        shows_box: ticked.shows_box || response.contains_pointer() || response.has_focus(),
        ..ticked
    };
    inside.horizontal(|ui| {
        wish = head(ui, summary, ticked, editing);
    });
    facts(&mut inside, summary, clock, &mut wish);
    if let Some(snippet) = &summary.snippet {
        let job = highlighted(&inside, &snippet.text, &snippet.highlights, font::SMALL);
        inside.add(Label::new(job).truncate());
    }
    if response.clicked() {
        let modifiers = ui.input(|input| input.modifiers);
        wish = Some(if modifiers.shift {
            Wish::SelectTo(summary.id)
        } else if modifiers.command {
            Wish::Toggle(summary.id)
        } else {
            Wish::Do(open(summary))
        });
    }
    wish
}

/// The icon of the screen it was made in; while one points there, or others are ticked, a box to tick.
fn tick(ui: &mut Ui, summary: &ConversationSummary, ticked: Ticked, wish: &mut Option<Wish>) {
    let palette = palette(ui);
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(size::ICON), Sense::empty());
    let target = rect.expand((size::TARGET - size::ICON) / 2.0);
    let response = ui.interact(target, Id::unique(("tick", summary.id)), Sense::click());
    response.widget_info(|| {
        let name = format!("Select {}", summary.title);
        WidgetInfo::selected(egui::Role::CheckBox, true, ticked.is_on, name)
    });
    if ticked.is_on || ticked.shows_box || response.has_focus() {
        let (fill, stroke) = if ticked.is_on {
            (palette.accent, palette.accent)
        } else {
            (palette.input, palette.outline)
        };
        ui.painter().rect(
            rect.shrink(1.0),
            CornerRadius::same(size::RADIUS_BADGE),
            fill,
            Stroke::new(1.0, stroke),
            egui::StrokeKind::Inside,
        );
        if ticked.is_on {
            let center = rect.center();
            icons::paint_at(ui, icons::APPROVE, center, BOX_TICK, palette.on_accent);
        }
    } else {
        let icon = icon(&summary.screen);
        icons::paint_at(ui, icon, rect.center(), size::ICON, palette.text_secondary);
    }
    focus_ring(ui, &response);
    if response.clicked() {
        *wish = Some(if ui.input(|input| input.modifiers.shift) {
            Wish::SelectTo(summary.id)
        } else {
            Wish::Toggle(summary.id)
        });
    }
}

/// Opens a conversation where the words stand that it was found by.
fn open(summary: &ConversationSummary) -> HistoryCommand {
    let found = summary.snippet.as_ref().and_then(|snippet| {
        let first = snippet.highlights.first()?.clone();
        snippet.text.get(first)
    });
    match found {
        Some(words) if summary.screen == Screen::chat() => {
            HistoryCommand::OpenAt(summary.id, words.to_owned())
        }
        _ => HistoryCommand::Open(summary.id, summary.screen.clone()),
    }
}

fn head(
    ui: &mut Ui,
    summary: &ConversationSummary,
    ticked: Ticked,
    editing: &mut Option<Editing>,
) -> Option<Wish> {
    let mut state = (editing, None);
    ends_apart_of(
        ui,
        ("head of a conversation", summary.deleted_at.is_some()),
        &mut state,
        |ui, (editing, wish)| {
            tick(ui, summary, ticked, wish);
            title(ui, summary, editing, wish);
        },
        |ui, (editing, wish)| {
            if summary.deleted_at.is_some() {
                if icon_button(ui, icons::RETRY, &format!("Restore {}", summary.title)).clicked() {
                    *wish = Some(Wish::Do(HistoryCommand::Restore(vec![summary.id])));
                }
            } else if let Some(command) = menu(ui, summary, editing) {
                *wish = Some(Wish::Do(command));
            }
        },
    );
    state.1
}

fn title(
    ui: &mut Ui,
    summary: &ConversationSummary,
    editing: &mut Option<Editing>,
    wish: &mut Option<Wish>,
) {
    if summary.pinned {
        icons::paint(ui, icons::PIN, size::ICON, palette(ui).accent);
    }
    if let Some(edit) = editing.as_mut().filter(|edit| edit.id == summary.id) {
        match edit_ui(ui, edit) {
            Edited::Open => {}
            Edited::Cancelled => *editing = None,
            Edited::Done(command) => {
                *wish = Some(Wish::Do(command));
                *editing = None;
            }
        }
        return;
    }
    let job = highlighted(ui, &summary.title, &summary.title_highlights, font::BODY);
    ui.add(
        Label::new(job)
            .truncate()
            .selectable(false)
            .sense(Sense::hover()),
    );
}

/// What became of a field that was open.
enum Edited {
    Open,
    Cancelled,
    Done(HistoryCommand),
}

fn edit_ui(ui: &mut Ui, edit: &mut Editing) -> Edited {
    let (name, hint) = match edit.what {
        What::Title => ("New title", "Title"),
        What::Tag => ("New tag", "Tag"),
    };
    let response = text_field(ui, name, hint, &mut edit.text);
    if !response.has_focus() && !response.lost_focus() {
        response.request_focus();
    }
    if !response.lost_focus() {
        return Edited::Open;
    }
    let text = edit.text.trim().to_owned();
    if text.is_empty() || !ui.input(|input| input.key_pressed(Key::Enter)) {
        return Edited::Cancelled;
    }
    Edited::Done(match edit.what {
        What::Title => HistoryCommand::Rename(edit.id, text),
        What::Tag => HistoryCommand::AddTag(edit.id, text),
    })
}

fn menu(
    ui: &mut Ui,
    summary: &ConversationSummary,
    editing: &mut Option<Editing>,
) -> Option<HistoryCommand> {
    let mut chosen = None;
    let id = summary.id;
    let name = format!("Actions for {}", summary.title);
    small_menu(ui, &name, MENU_WIDTH, |ui| {
        if menu_item(ui, if summary.pinned { "Unpin" } else { "Pin" }) {
            chosen = Some(HistoryCommand::Pin(id, !summary.pinned));
        }
        if menu_item(ui, "Rename") {
            *editing = Some(Editing {
                id,
                text: summary.title.clone(),
                what: What::Title,
            });
        }
        if menu_item(ui, "Add a tag") {
            *editing = Some(Editing {
                id,
                text: String::new(),
                what: What::Tag,
            });
        }
        for tag in &summary.tags {
            if menu_item(ui, &format!("Remove tag {tag}")) {
                chosen = Some(HistoryCommand::RemoveTag(id, tag.clone()));
            }
        }
        if menu_item(ui, "Duplicate") {
            chosen = Some(HistoryCommand::Duplicate(id));
        }
        let archive = if summary.archived {
            "Take out of the archive"
        } else {
            "Archive"
        };
        if menu_item(ui, archive) {
            chosen = Some(HistoryCommand::Archive(vec![id], !summary.archived));
        }
        if menu_item(ui, "Delete") {
            chosen = Some(HistoryCommand::Delete(vec![id]));
        }
    });
    chosen
}

fn facts(ui: &mut Ui, summary: &ConversationSummary, clock: &Clock, wish: &mut Option<Wish>) {
    let secondary = palette(ui).text_secondary;
    ui.horizontal(|ui| {
        moment(ui, clock, summary.updated);
        let mut parts = Vec::new();
        if let Some(model) = &summary.model {
            parts.push(model.to_string());
        }
        parts.push(match summary.turns {
            1 => "1 turn".to_owned(),
            turns => format!("{} turns", thousands(turns)),
        });
        let tokens = summary.tokens_in + summary.tokens_out;
        if tokens > 0 {
            parts.push(format!("{} tokens", thousands(tokens)));
        }
        match summary.cost {
            // Nothing was asked here: a conversation that came from elsewhere.
            Some(_) if tokens == 0 => {}
            _ if summary.simulated => {}
            _ if summary.model.as_ref().is_some_and(ModelId::is_local) => {}
            Some(cost) => parts.push(cost.to_string()),
            None => parts.push("cost unknown".to_owned()),
        }
        // One line, of which the time alone says more to whoever points there.
        let between = ui.spacing().item_spacing.x;
        ui.add_space(-between);
        ui.label(theme::small(format!(" · {}", parts.join(" · "))).color(secondary));
        if summary.simulated {
            badge(ui, "Simulated", Tone::Warning);
        } else if let Some(model) = &summary.model {
            origin_badge(ui, false, model);
        }
        for tag in &summary.tags {
            let button = Button::new(theme::small(tag));
            if ui.add(button).on_hover_text("Only with this tag").clicked() {
                *wish = Some(Wish::Tag(tag.clone()));
            }
        }
    });
}

/// Of the screen it was made in.
fn icon(screen: &Screen) -> icons::Icon {
    match screen.as_str() {
        "compare" => icons::COMPARE,
        "altText" => icons::ALT_TEXT,
        "embeddings" => icons::EMBEDDINGS,
        "images" => icons::IMAGE_PLAYGROUND,
        "command-line" => icons::CODE,
        _ => icons::CHAT,
    }
}

/// A text with some of its bytes marked.
fn highlighted(ui: &Ui, text: &str, marked: &[Range<usize>], points: f32) -> LayoutJob {
    let palette = palette(ui);
    let plain = TextFormat::simple(FontId::proportional(points), palette.text);
    let mark = TextFormat {
        background: palette.warning_soft,
        color: palette.heading,
        ..plain.clone()
    };
    let mut job = LayoutJob::default();
    for (piece, is_marked) in bidi::marked_line(text, marked) {
        let format = if is_marked { &mark } else { &plain };
        job.append(&piece, 0.0, format.clone());
    }
    job
}
