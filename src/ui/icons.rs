//! The one icon set, by what an icon means here.

use egui::{Align2, Atom, FontId, vec2};
use egui_material_icons::{MaterialIcon, icons};

use super::theme::size;

/// An icon by its meaning.
pub type Icon = MaterialIcon;

pub const CATALOG: Icon = icons::ICON_GRID_VIEW;
pub const CHAT: Icon = icons::ICON_FORUM;
pub const SEND: Icon = icons::ICON_SEND;
pub const STOP: Icon = icons::ICON_STOP;
pub const ATTACH: Icon = icons::ICON_ATTACH_FILE;
pub const IMAGE: Icon = icons::ICON_IMAGE;
pub const IMAGE_PLAYGROUND: Icon = icons::ICON_BRUSH;
pub const ALT_TEXT: Icon = icons::ICON_IMAGE_SEARCH;
pub const DOCUMENT: Icon = icons::ICON_DESCRIPTION;
pub const CLOSE: Icon = icons::ICON_CLOSE;
pub const COPY: Icon = icons::ICON_CONTENT_COPY;
pub const RETRY: Icon = icons::ICON_REFRESH;
pub const RESET: Icon = icons::ICON_RESTART_ALT;
pub const CLEAR: Icon = icons::ICON_CLEAR_ALL;
pub const SEARCH: Icon = icons::ICON_SEARCH;
pub const WAITING: Icon = icons::ICON_HOURGLASS;
pub const EXPAND: Icon = icons::ICON_EXPAND_MORE;
pub const DOWN: Icon = icons::ICON_ARROW_DOWNWARD;
pub const INFO: Icon = icons::ICON_INFO;
pub const WARNING: Icon = icons::ICON_WARNING;
pub const ERROR: Icon = icons::ICON_ERROR;
pub const SUCCESS: Icon = icons::ICON_CHECK_CIRCLE;
pub const DEMO: Icon = icons::ICON_SCIENCE;
pub const OFFLINE: Icon = icons::ICON_CLOUD_OFF;
pub const REGION: Icon = icons::ICON_PUBLIC;
pub const DARK: Icon = icons::ICON_DARK_MODE;
pub const LIGHT: Icon = icons::ICON_LIGHT_MODE;
pub const SYSTEM_THEME: Icon = icons::ICON_CONTRAST;
pub const MODEL: Icon = icons::ICON_SMART_TOY;
pub const PERSON: Icon = icons::ICON_PERSON;
pub const REASONING: Icon = icons::ICON_PSYCHOLOGY;
pub const EDIT: Icon = icons::ICON_EDIT;
pub const DELETE: Icon = icons::ICON_DELETE;
pub const BRANCH: Icon = icons::ICON_CALL_SPLIT;
pub const MORE: Icon = icons::ICON_MORE_VERT;
pub const PREVIOUS: Icon = icons::ICON_CHEVRON_LEFT;
pub const NEXT: Icon = icons::ICON_CHEVRON_RIGHT;
pub const USAGE: Icon = icons::ICON_BAR_CHART;
pub const HISTORY: Icon = icons::ICON_HISTORY;
pub const SETTINGS: Icon = icons::ICON_SETTINGS;
pub const PIN: Icon = icons::ICON_PUSH_PIN;
pub const ADD: Icon = icons::ICON_ADD;
pub const SHIELD: Icon = icons::ICON_SHIELD;
pub const CACHE: Icon = icons::ICON_BOLT;
pub const CODE: Icon = icons::ICON_CODE;
pub const EXPORT: Icon = icons::ICON_DOWNLOAD;
pub const SAVE: Icon = icons::ICON_SAVE;
pub const VIDEO: Icon = icons::ICON_MOVIE;
pub const FOLDER: Icon = icons::ICON_CREATE_NEW_FOLDER;
pub const UNDO: Icon = icons::ICON_UNDO;
pub const REDO: Icon = icons::ICON_REDO;
pub const PAUSE: Icon = icons::ICON_PAUSE;
pub const APPROVE: Icon = icons::ICON_CHECK;
pub const BROKEN_IMAGE: Icon = icons::ICON_BROKEN_IMAGE;
pub const PROMPTS: Icon = icons::ICON_EDIT_NOTE;
pub const TOOL: Icon = icons::ICON_BUILD;

pub const COMPARE: Icon = icons::ICON_VIEW_COLUMN;
pub const EMBEDDINGS: Icon = icons::ICON_SCATTER_PLOT;
pub const STAR: Icon = icons::ICON_STAR;
pub const JUDGE: Icon = icons::ICON_GAVEL;
pub const DRAG: Icon = icons::ICON_DRAG_INDICATOR;
pub const LINKED: Icon = icons::ICON_LINK;
pub const UNLINKED: Icon = icons::ICON_LINK_OFF;
pub const PARAMETERS: Icon = icons::ICON_TUNE;
pub const REPEAT: Icon = icons::ICON_REPEAT;
pub const DIFFERENCE: Icon = icons::ICON_DIFFERENCE;
pub const GRID: Icon = icons::ICON_TABLE;
pub const FIGURES: Icon = icons::ICON_BAR_CHART;
pub const BATCH: Icon = icons::ICON_SCHEDULE;
pub const BLIND: Icon = icons::ICON_VISIBILITY_OFF;

/// An icon as a part of a button or label. It is painted, not written, so that the accessible name
/// of the control stays its words.
#[must_use]
pub fn atom(icon: Icon) -> Atom<'static> {
    sized_atom(icon, size::ICON)
}

/// An icon of another size.
#[must_use]
pub fn sized_atom(icon: Icon, points: f32) -> Atom<'static> {
    Atom::paint(vec2(points, points), move |ui, args| {
        ui.painter().text(
            args.rect.center(),
            Align2::CENTER_CENTER,
            icon.codepoint,
            FontId::new(points, icon.font_family()),
            args.fallback_text_color,
        );
    })
}

/// Paints an icon around a place.
pub fn paint_at(ui: &egui::Ui, icon: Icon, at: egui::Pos2, points: f32, color: egui::Color32) {
    ui.painter().text(
        at,
        Align2::CENTER_CENTER,
        icon.codepoint,
        FontId::new(points, icon.font_family()),
        color,
    );
}

/// Paints an icon where the cursor is, for those that only decorate.
pub fn paint(ui: &mut egui::Ui, icon: Icon, points: f32, color: egui::Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(points, points), egui::Sense::empty());
    ui.painter().text(
        rect.center(),
        Align2::CENTER_CENTER,
        icon.codepoint,
        FontId::new(points, icon.font_family()),
        color,
    );
}
