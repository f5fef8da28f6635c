//! The one icon set, by what an icon means here.

use egui::{Align2, Atom, FontId, vec2};
use egui_material_icons::{MaterialIcon, icons};

use super::theme::size;

/// An icon by its meaning.
pub type Icon = MaterialIcon;

/// Names icons, and for the test of the typeface lists them.
macro_rules! icons {
    ($($meaning:ident = $icon:ident,)*) => {
        $(pub const $meaning: Icon = icons::$icon;)*

        #[cfg(test)]
        const ALL: &[(&str, Icon)] = &[$((stringify!($icon), $meaning)),*];
    };
}

icons! {
    CATALOG = ICON_GRID_VIEW,
    CHAT = ICON_FORUM,
    SEND = ICON_SEND,
    STOP = ICON_STOP,
    ATTACH = ICON_ATTACH_FILE,
    IMAGE = ICON_IMAGE,
    IMAGE_PLAYGROUND = ICON_BRUSH,
    ALT_TEXT = ICON_IMAGE_SEARCH,
    DOCUMENT = ICON_DESCRIPTION,
    CLOSE = ICON_CLOSE,
    COPY = ICON_CONTENT_COPY,
    RETRY = ICON_REFRESH,
    RESET = ICON_RESTART_ALT,
    CLEAR = ICON_CLEAR_ALL,
    SEARCH = ICON_SEARCH,
    WAITING = ICON_HOURGLASS,
    EXPAND = ICON_EXPAND_MORE,
    DOWN = ICON_ARROW_DOWNWARD,
    INFO = ICON_INFO,
    WARNING = ICON_WARNING,
    ERROR = ICON_ERROR,
    SUCCESS = ICON_CHECK_CIRCLE,
    DEMO = ICON_SCIENCE,
    OFFLINE = ICON_CLOUD_OFF,
    REGION = ICON_PUBLIC,
    WEB = ICON_PUBLIC,
    DARK = ICON_DARK_MODE,
    LIGHT = ICON_LIGHT_MODE,
    SYSTEM_THEME = ICON_CONTRAST,
    MODEL = ICON_SMART_TOY,
    PERSON = ICON_PERSON,
    REASONING = ICON_PSYCHOLOGY,
    EDIT = ICON_EDIT,
    DELETE = ICON_DELETE,
    BRANCH = ICON_CALL_SPLIT,
    MORE = ICON_MORE_VERT,
    PREVIOUS = ICON_CHEVRON_LEFT,
    NEXT = ICON_CHEVRON_RIGHT,
    USAGE = ICON_BAR_CHART,
    HISTORY = ICON_HISTORY,
    SETTINGS = ICON_SETTINGS,
    PIN = ICON_PUSH_PIN,
    ADD = ICON_ADD,
    SHIELD = ICON_SHIELD,
    CACHE = ICON_BOLT,
    CODE = ICON_CODE,
    EXPORT = ICON_DOWNLOAD,
    SAVE = ICON_SAVE,
    VIDEO = ICON_MOVIE,
    FOLDER = ICON_CREATE_NEW_FOLDER,
    UNDO = ICON_UNDO,
    REDO = ICON_REDO,
    PAUSE = ICON_PAUSE,
    APPROVE = ICON_CHECK,
    BROKEN_IMAGE = ICON_BROKEN_IMAGE,
    PROMPTS = ICON_EDIT_NOTE,
    TOOL = ICON_BUILD,
    COMPARE = ICON_VIEW_COLUMN,
    EMBEDDINGS = ICON_SCATTER_PLOT,
    STAR = ICON_STAR,
    JUDGE = ICON_GAVEL,
    DRAG = ICON_DRAG_INDICATOR,
    LINKED = ICON_LINK,
    UNLINKED = ICON_LINK_OFF,
    PARAMETERS = ICON_TUNE,
    REPEAT = ICON_REPEAT,
    DIFFERENCE = ICON_DIFFERENCE,
    GRID = ICON_TABLE,
    FIGURES = ICON_BAR_CHART,
    BATCH = ICON_SCHEDULE,
    BLIND = ICON_VISIBILITY_OFF,
}

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

#[cfg(test)]
mod tests {
    use egui::{Context, FontId, RawInput};

    use super::{ALL, size};
    use crate::ui::fonts;

    #[test]
    fn the_typeface_has_every_icon() {
        let ctx = Context::default();
        fonts::install(&ctx, None, None);
        // Typefaces are there from the first frame on.
        ctx.run_ui(RawInput::default(), |_| {})
            .textures_delta
            .clear();
        let missing: Vec<_> = ALL
            .iter()
            .filter(|(_, icon)| {
                let font = FontId::new(size::ICON, icon.font_family());
                !ctx.fonts_mut(|fonts| fonts.has_glyphs(&font, icon.codepoint))
            })
            .map(|(name, _)| name)
            .collect();
        assert!(missing.is_empty(), "script/icons adds {missing:?}");
    }
}
