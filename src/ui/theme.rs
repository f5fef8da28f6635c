//! Colours, spacing, sizes and type: every number of the look stands here and nowhere else.
//!
//! The palette follows AWS's Cloudscape design in light and dark, so that a user of the Bedrock
//! console is at home. Widgets ask [`palette`] for a colour by its role, never for a hue.

pub mod contrast;

use egui::epaint::Shadow;
use egui::style::{HandleShape, ScrollAnimation, ScrollStyle, WidgetVisuals, Widgets};
use egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, RichText, Stroke, Style, TextStyle,
    Ui, Vec2, Visuals, vec2,
};

/// Distances, in points.
pub mod space {
    /// Between an icon and its word.
    pub const XXS: f32 = 4.0;
    /// Between things that belong together.
    pub const XS: f32 = 6.0;
    /// Between controls.
    pub const S: f32 = 8.0;
    /// Inside small boxes.
    pub const M: f32 = 12.0;
    /// Inside containers.
    pub const L: f32 = 16.0;
    /// Around empty states.
    pub const XXL: f32 = 32.0;
}

/// Sizes of things, in points.
pub mod size {
    /// Smallest window that still works.
    pub const WINDOW_MIN: [f32; 2] = [900.0, 600.0];
    /// The window at its first start.
    pub const WINDOW: [f32; 2] = [1280.0, 800.0];
    /// The navigation on the left.
    pub const NAVIGATION: f32 = 208.0;
    /// The navigation where there is little room: icons alone.
    pub const NAVIGATION_NARROW: f32 = 52.0;
    /// The least width of a window that has words in its navigation.
    pub const ROOM_FOR_NAVIGATION: f32 = 860.0;
    /// The least width of a window that has room for wide panels and short rows.
    pub const ROOM_FOR_WIDE: f32 = 1150.0;
    /// The panel on the right: configuration, details.
    pub const SIDE_PANEL: f32 = 300.0;
    /// The same in a narrow window.
    pub const SIDE_PANEL_NARROW: f32 = 284.0;
    /// The line of text that is still easy to read.
    pub const READING: f32 = 860.0;
    /// Height of buttons and fields.
    pub const CONTROL: f32 = 32.0;
    /// The least side of anything that is clicked (WCAG 2.2, 2.5.8).
    pub const TARGET: f32 = 24.0;
    /// Height of a slider.
    pub const SLIDER: f32 = TARGET;
    /// Room for the number beside a slider.
    pub const SLIDER_VALUE: f32 = 52.0;
    /// Height of a line in dense tables and in answers.
    pub const LINE: f32 = 18.0;
    /// Height of a table's row of two lines.
    pub const TABLE_ROW: f32 = 48.0;
    /// Height of a table's head.
    pub const TABLE_HEAD: f32 = 36.0;
    /// Longest side of an attachment's preview.
    pub const PREVIEW: f32 = 88.0;
    /// Longest side of a sent image.
    pub const SENT_IMAGE: f32 = 240.0;
    /// The least width of a sent picture among others.
    pub const SENT_IMAGE_LEAST: f32 = 200.0;
    /// An icon beside text.
    pub const ICON: f32 = 18.0;
    /// The icon of an empty state.
    pub const ICON_LARGE: f32 = 44.0;
    /// Rounding of buttons and fields.
    pub const RADIUS: u8 = 8;
    /// Rounding of containers.
    pub const RADIUS_CONTAINER: u8 = 12;
    /// Rounding of badges.
    pub const RADIUS_BADGE: u8 = 4;
}

/// Heights of type, in points.
pub mod font {
    /// Small print: metrics, captions.
    pub const SMALL: f32 = 12.0;
    /// Everything else.
    pub const BODY: f32 = 14.0;
    /// Code.
    pub const CODE: f32 = 13.0;
    /// A section's title.
    pub const H3: f32 = 16.0;
    /// A panel's title.
    pub const H2: f32 = 18.0;
    /// A screen's title.
    pub const H1: f32 = 22.0;
}

/// The family of bold text; registered by `fonts`.
pub const SEMIBOLD: &str = "semibold";

/// Colours by role.
#[derive(Debug)]
pub struct Palette {
    /// Behind everything.
    pub background: Color32,
    /// Navigation and other things apart from the content.
    pub surface: Color32,
    /// Fields that are written in.
    pub input: Color32,
    /// The user's own messages, selected rows.
    pub raised: Color32,
    /// A row under the pointer.
    pub hover: Color32,
    /// Lines between things.
    pub divider: Color32,
    /// Lines around controls.
    pub outline: Color32,
    /// Titles.
    pub heading: Color32,
    /// Text.
    pub text: Color32,
    /// Text of less weight.
    pub text_secondary: Color32,
    /// Text of what cannot be used now.
    pub text_disabled: Color32,
    /// Links, focus, selected things, the one main button.
    pub accent: Color32,
    /// The main button under the pointer.
    pub accent_hover: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// Behind selected things.
    pub accent_soft: Color32,
    /// What went well.
    pub success: Color32,
    /// Behind what went well.
    pub success_soft: Color32,
    /// What wants attention.
    pub warning: Color32,
    /// Behind what wants attention.
    pub warning_soft: Color32,
    /// What went wrong.
    pub error: Color32,
    /// Behind what went wrong.
    pub error_soft: Color32,
    /// Behind code.
    pub code: Color32,
    /// Laid over the window while files are dragged over it, or behind a dialog.
    pub scrim: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    let [_, r, g, b] = hex.to_be_bytes();
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that makes colours"
    )]
    Color32::from_rgb(r, g, b)
}

const LIGHT: Palette = Palette {
    background: rgb(0xffffff),
    surface: rgb(0xf6f6f9),
    input: rgb(0xffffff),
    raised: rgb(0xf0f2f5),
    hover: rgb(0xf0f1f5),
    divider: rgb(0xe3e3e8),
    outline: rgb(0x84848d),
    heading: rgb(0x0f141a),
    text: rgb(0x0f141a),
    text_secondary: rgb(0x424650),
    text_disabled: rgb(0x7a7a83),
    accent: rgb(0x0067d6),
    accent_hover: rgb(0x002b66),
    on_accent: rgb(0xffffff),
    accent_soft: rgb(0xeff7ff),
    success: rgb(0x00802f),
    success_soft: rgb(0xeffff1),
    warning: rgb(0x855900),
    warning_soft: rgb(0xfffae5),
    error: rgb(0xdb0000),
    error_soft: rgb(0xfff2f2),
    code: rgb(0xf4f4f7),
    scrim: Color32::from_rgba_premultiplied(0x06, 0x0a, 0x10, 0x99),
};

const DARK: Palette = Palette {
    background: rgb(0x161d26),
    surface: rgb(0x0f141a),
    input: rgb(0x0f141a),
    raised: rgb(0x1e2732),
    hover: rgb(0x1b232d),
    divider: rgb(0x2f3843),
    outline: rgb(0x6d7787),
    heading: rgb(0xebebf0),
    text: rgb(0xd8dce3),
    text_secondary: rgb(0xa4acb8),
    text_disabled: rgb(0x7d8592),
    accent: rgb(0x42b4ff),
    accent_hover: rgb(0x75cfff),
    on_accent: rgb(0x0f141a),
    accent_soft: rgb(0x0c2b47),
    success: rgb(0x2bb534),
    success_soft: rgb(0x0b2a10),
    warning: rgb(0xfbd332),
    warning_soft: rgb(0x2c250c),
    error: rgb(0xff7a7a),
    error_soft: rgb(0x33151a),
    code: rgb(0x0f141a),
    scrim: Color32::from_rgba_premultiplied(0x04, 0x06, 0x0a, 0xb0),
};

/// The colours of the theme in use.
#[must_use]
pub fn palette(ui: &Ui) -> &'static Palette {
    of_visuals(ui.visuals())
}

/// The colours that go with visuals.
#[must_use]
pub fn of_visuals(visuals: &Visuals) -> &'static Palette {
    if visuals.dark_mode { &DARK } else { &LIGHT }
}

/// Colours from few to much, for maps of heat.
#[must_use]
pub fn heat_scale(visuals: &Visuals) -> Vec<Color32> {
    const STEPS: u8 = 64;
    let palette = of_visuals(visuals);
    let ends = [palette.raised, palette.accent, palette.heading];
    (0..STEPS)
        .map(|step| {
            let along = f32::from(step) / f32::from(STEPS - 1) * 1.6;
            if along <= 1.0 {
                ends[0].lerp_to_gamma(ends[1], along)
            } else {
                ends[1].lerp_to_gamma(ends[2], along - 1.0)
            }
        })
        .collect()
}

/// The colour of text that can be read on another colour.
#[must_use]
pub fn text_on(behind: Color32) -> Color32 {
    let [dark, light] = [LIGHT.text, Color32::WHITE];
    let ratio = |color| contrast::ratio(color, behind);
    let better = if ratio(dark) >= ratio(light) {
        dark
    } else {
        light
    };
    // Between the two, black alone reaches it: it and white are never both below.
    if ratio(better) >= contrast::TEXT {
        better
    } else {
        Color32::BLACK
    }
}

/// Bold text.
pub fn strong(text: impl Into<String>) -> RichText {
    RichText::new(text).family(FontFamily::Name(SEMIBOLD.into()))
}

/// A screen's title.
pub fn h1(text: impl Into<String>) -> RichText {
    strong(text).size(font::H1)
}

/// A panel's title.
pub fn h2(text: impl Into<String>) -> RichText {
    strong(text).size(font::H2)
}

/// A section's title.
pub fn h3(text: impl Into<String>) -> RichText {
    strong(text).size(font::H3)
}

/// Small print.
pub fn small(text: impl Into<String>) -> RichText {
    RichText::new(text).size(font::SMALL)
}

/// How wide small print is on one line, in points.
#[must_use]
pub fn small_width(ui: &Ui, text: &str) -> f32 {
    let font = FontId::proportional(font::SMALL);
    let color = Color32::PLACEHOLDER;
    let laid_out = ui.painter().layout_no_wrap(text.to_owned(), font, color);
    laid_out.size().x
}

/// Sets both themes; which one is shown is the user's choice, or the system's.
pub fn apply(ctx: &Context) {
    ctx.style_mut_of(egui::Theme::Light, |style| restyle(style, &LIGHT, false));
    ctx.style_mut_of(egui::Theme::Dark, |style| restyle(style, &DARK, true));
}

/// Whether the window is too narrow, or its text too large, for words beside everything.
#[must_use]
pub fn is_narrow(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() < size::ROOM_FOR_NAVIGATION
}

/// Whether the window is wide enough for wide panels and short rows.
#[must_use]
pub fn is_wide(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() >= size::ROOM_FOR_WIDE
}

/// The width of a panel on the right: `more` than usual, and less where the window is narrow.
#[must_use]
pub fn side_panel(ui: &Ui, more: f32) -> f32 {
    if is_narrow(ui) {
        size::SIDE_PANEL_NARROW
    } else {
        size::SIDE_PANEL + more
    }
}

/// Whether anything moves by itself: fades, spinners, the caret.
#[must_use]
pub fn moves(ui: &Ui) -> bool {
    ui.style().animation_time > 0.0
}

/// Lets things move, or not.
pub fn set_motion(ctx: &Context, moves: bool) {
    let usual = Style::default();
    ctx.all_styles_mut(|style| {
        style.visuals.text_cursor.blink = moves;
        if moves {
            style.animation_time = usual.animation_time;
            style.scroll_animation = usual.scroll_animation;
        } else {
            style.animation_time = 0.0;
            style.scroll_animation = ScrollAnimation::none();
        }
    });
}

fn restyle(style: &mut Style, palette: &Palette, dark: bool) {
    style.text_styles = [
        (TextStyle::Small, FontId::proportional(font::SMALL)),
        (TextStyle::Body, FontId::proportional(font::BODY)),
        (TextStyle::Button, FontId::proportional(font::BODY)),
        (
            TextStyle::Heading,
            FontId::new(font::H2, FontFamily::Name(SEMIBOLD.into())),
        ),
        (TextStyle::Monospace, FontId::monospace(font::CODE)),
    ]
    .into();
    style.drag_value_text_style = TextStyle::Body;
    style.spacing.item_spacing = Vec2::splat(space::S);
    style.spacing.button_padding = vec2(space::M, space::XXS + 1.0);
    style.spacing.interact_size = vec2(40.0, size::CONTROL);
    style.spacing.slider_rail_height = 4.0;
    style.spacing.icon_width = 16.0;
    style.spacing.icon_width_inner = 8.0;
    style.spacing.icon_spacing = space::XS;
    style.spacing.combo_width = 120.0;
    style.spacing.window_margin = Margin::same(20);
    style.spacing.menu_margin = Margin::same(8);
    style.spacing.scroll = ScrollStyle {
        bar_width: 8.0,
        ..ScrollStyle::floating()
    };
    style.interaction.tooltip_delay = 0.4;
    style.url_in_tooltip = true;
    style.visuals = visuals(palette, dark);
}

fn visuals(palette: &Palette, dark: bool) -> Visuals {
    let mut visuals = if dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    visuals.panel_fill = palette.background;
    visuals.window_fill = palette.background;
    visuals.window_stroke = Stroke::new(1.0, palette.divider);
    visuals.window_corner_radius = CornerRadius::same(size::RADIUS_CONTAINER);
    visuals.menu_corner_radius = CornerRadius::same(size::RADIUS);
    visuals.window_shadow = shadow(24);
    visuals.popup_shadow = shadow(12);
    visuals.extreme_bg_color = palette.input;
    visuals.text_edit_bg_color = Some(palette.input);
    visuals.faint_bg_color = palette.surface;
    visuals.code_bg_color = palette.code;
    visuals.hyperlink_color = palette.accent;
    visuals.warn_fg_color = palette.warning;
    visuals.error_fg_color = palette.error;
    visuals.weak_text_color = Some(palette.text_secondary);
    visuals.selection.bg_fill = palette.accent_soft;
    // Margins are whole points: a stroke of one and a half would make a field smaller that has the focus.
    visuals.selection.stroke = Stroke::new(2.0, palette.accent);
    visuals.slider_trailing_fill = true;
    visuals.handle_shape = HandleShape::Circle;
    visuals.striped = false;
    visuals.widgets = widgets(palette);
    visuals
}

fn widgets(palette: &Palette) -> Widgets {
    let base = WidgetVisuals {
        bg_fill: palette.divider,
        weak_bg_fill: palette.background,
        bg_stroke: Stroke::new(1.0, palette.outline),
        corner_radius: CornerRadius::same(size::RADIUS),
        fg_stroke: Stroke::new(1.0, palette.text),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: WidgetVisuals {
            bg_fill: palette.background,
            bg_stroke: Stroke::new(1.0, palette.divider),
            ..base
        },
        inactive: base,
        hovered: WidgetVisuals {
            bg_fill: palette.hover,
            weak_bg_fill: palette.hover,
            bg_stroke: Stroke::new(1.0, palette.accent),
            fg_stroke: Stroke::new(1.5, palette.heading),
            ..base
        },
        active: WidgetVisuals {
            bg_fill: palette.accent,
            weak_bg_fill: palette.accent_soft,
            bg_stroke: Stroke::new(2.0, palette.accent),
            fg_stroke: Stroke::new(1.5, palette.heading),
            ..base
        },
        open: WidgetVisuals {
            weak_bg_fill: palette.hover,
            bg_stroke: Stroke::new(1.0, palette.accent),
            ..base
        },
    }
}

fn shadow(blur: u8) -> Shadow {
    Shadow {
        offset: [0, 4],
        blur,
        spread: 0,
        color: Color32::from_black_alpha(48),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reaches_wcag_aa_in_both_themes() {
        for (theme, it) in [("light", &LIGHT), ("dark", &DARK)] {
            // What text stands on: pages, panels, fields, rows as they are and under the pointer, code,
            // what is chosen.
            let grounds = [
                ("background", it.background),
                ("surface", it.surface),
                ("input", it.input),
                ("raised", it.raised),
                ("hover", it.hover),
                ("code", it.code),
                ("accent_soft", it.accent_soft),
            ];
            let inks = [
                ("heading", it.heading),
                ("text", it.text),
                ("text_secondary", it.text_secondary),
                ("accent", it.accent),
                ("success", it.success),
                ("warning", it.warning),
                ("error", it.error),
            ];
            let mut pairs = vec![
                ("on_accent", it.on_accent, "accent", it.accent),
                ("on_accent", it.on_accent, "accent_hover", it.accent_hover),
                ("success", it.success, "success_soft", it.success_soft),
                ("text_secondary", it.text_secondary, "divider", it.divider),
            ];
            for (ink, color) in inks {
                pairs.extend(grounds.map(|(ground, behind)| (ink, color, ground, behind)));
            }
            // Alerts, and the line that says whose answers these are, hold all of these.
            for (ground, behind, own) in [
                ("warning_soft", it.warning_soft, it.warning),
                ("error_soft", it.error_soft, it.error),
            ] {
                for (ink, color) in [
                    ("heading", it.heading),
                    ("text", it.text),
                    ("text_secondary", it.text_secondary),
                    ("accent", it.accent),
                    ("its own", own),
                ] {
                    pairs.push((ink, color, ground, behind));
                }
            }
            for (ink, color, ground, behind) in pairs {
                let ratio = contrast::ratio(color, behind);
                assert!(
                    ratio >= contrast::TEXT,
                    "{theme}: {ink} on {ground} has {ratio:.2}"
                );
            }
        }
    }

    #[test]
    fn borders_icons_and_focus_reach_wcag_aa_in_both_themes() {
        for (theme, it) in [("light", &LIGHT), ("dark", &DARK)] {
            for (ground, behind) in [
                ("background", it.background),
                ("surface", it.surface),
                ("input", it.input),
                ("raised", it.raised),
                ("hover", it.hover),
                ("accent_soft", it.accent_soft),
            ] {
                for (line, color) in [
                    ("outline", it.outline),
                    ("accent", it.accent),
                    ("text_disabled", it.text_disabled),
                ] {
                    let ratio = contrast::ratio(color, behind);
                    assert!(
                        ratio >= contrast::CONTROL,
                        "{theme}: {line} on {ground} has {ratio:.2}"
                    );
                }
            }
        }
    }

    #[test]
    fn words_on_a_map_of_heat_can_be_read() {
        for visuals in [Visuals::light(), Visuals::dark()] {
            for behind in heat_scale(&visuals) {
                let ratio = contrast::ratio(text_on(behind), behind);
                assert!(ratio >= contrast::TEXT, "{behind:?} has {ratio:.2}");
            }
        }
    }
}
