//! The navigation on the left, and the connection at its foot.

use egui::{
    Button, Frame, Label, Margin, Panel, RichText, ScrollArea, Stroke, ThemePreference, Ui, vec2,
};

use crate::ui::icons::{self, Icon};
use crate::ui::load::Load;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, font, palette, size, space};
use crate::ui::widgets::{failure_name, focus_ring, icon_button, in_pane};
use crate::ui::{Command, Commands, NAME, Screen};

/// The entries, in groups.
const GROUPS: [(&str, &[(Icon, Screen)]); 4] = [
    ("Discover", &[(icons::CATALOG, Screen::ModelCatalog)]),
    (
        "Playgrounds",
        &[
            (icons::CHAT, Screen::Chat),
            (icons::IMAGE_PLAYGROUND, Screen::Images),
            (icons::VIDEO, Screen::Videos),
            (icons::ALT_TEXT, Screen::AltText),
            (icons::COMPARE, Screen::Compare),
            (icons::EMBEDDINGS, Screen::Embeddings),
        ],
    ),
    (
        "Build",
        &[
            (icons::PROMPTS, Screen::Prompts),
            (icons::SHIELD, Screen::Guardrails),
        ],
    ),
    (
        "Account",
        &[
            (icons::HISTORY, Screen::History),
            (icons::USAGE, Screen::Usage),
            (icons::SETTINGS, Screen::Settings),
        ],
    ),
];

/// The screens, in the groups they are shown in.
pub fn groups() -> impl Iterator<Item = impl Iterator<Item = Screen>> {
    let groups = GROUPS.iter().map(|(_, entries)| entries);
    groups.map(|entries| entries.iter().map(|(_, screen)| *screen))
}

/// Room for the connection and the theme below the entries, in points.
const FOOT: f32 = 96.0;

/// Draws the navigation: icons alone where the window is narrow or its text is large.
pub fn ui(ui: &mut Ui, shared: &Shared, current: Screen, commands: &mut Commands) {
    let palette = palette(ui);
    let narrow = theme::is_narrow(ui);
    let (width, margin) = if narrow {
        (size::NAVIGATION_NARROW, Margin::symmetric(6, 10))
    } else {
        (size::NAVIGATION, Margin::symmetric(12, 16))
    };
    Panel::left("navigation")
        .exact_size(width)
        .resizable(false)
        .frame(Frame::new().fill(palette.surface).inner_margin(margin))
        .show(
            ui,
            in_pane(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                if !narrow {
                    ui.label(theme::strong(NAME).size(font::H3).color(palette.heading));
                    ui.add_space(space::S);
                }
                // All groups fit into the smallest window; where the text is larger, they scroll.
                ScrollArea::vertical()
                    .id_salt("navigation")
                    .max_height((ui.available_height() - FOOT).max(size::CONTROL))
                    .show(ui, |ui| {
                        for (at, (name, entries)) in GROUPS.into_iter().enumerate() {
                            if at > 0 {
                                ui.add_space(space::S);
                            }
                            if !narrow {
                                group(ui, name);
                            }
                            for (icon, screen) in entries {
                                entry(ui, *icon, *screen, current, narrow, commands);
                            }
                        }
                    });
                ui.with_layout(egui::Layout::bottom_up(egui::Align::Min), |ui| {
                    theme_switch(ui, narrow, commands);
                    ui.add_space(space::XXS);
                    ui.separator();
                    ui.add_space(space::XXS);
                    connection(ui, shared, narrow, commands);
                });
            }),
        );
}

fn group(ui: &mut Ui, name: &str) {
    let color = palette(ui).text_secondary;
    ui.label(theme::small(name).color(color));
}

fn entry(
    ui: &mut Ui,
    icon: Icon,
    screen: Screen,
    current: Screen,
    narrow: bool,
    commands: &mut Commands,
) {
    let palette = palette(ui);
    let selected = screen == current;
    let text = if selected {
        theme::strong(screen.label()).color(palette.accent)
    } else {
        RichText::new(screen.label()).color(palette.text)
    };
    let response = ui
        .scope(|ui| {
            let visuals = ui.visuals_mut();
            visuals.widgets.inactive.weak_bg_fill = if selected {
                palette.accent_soft
            } else {
                egui::Color32::TRANSPARENT
            };
            visuals.widgets.inactive.bg_stroke = Stroke::NONE;
            visuals.widgets.hovered.bg_stroke = Stroke::NONE;
            if selected {
                visuals.widgets.hovered.weak_bg_fill = palette.accent_soft;
                visuals.widgets.inactive.fg_stroke.color = palette.accent;
                visuals.widgets.hovered.fg_stroke.color = palette.accent;
            }
            let button = if narrow {
                Button::new(icons::atom(icon))
            } else {
                Button::new((icons::atom(icon), text, egui::Atom::grow()))
            };
            ui.add(button.min_size(vec2(ui.available_width(), size::CONTROL + 2.0)))
        })
        .inner;
    response.widget_info(|| {
        egui::WidgetInfo::selected(egui::Role::Button, true, selected, screen.label())
    });
    let response = if narrow {
        response.on_hover_text(screen.label())
    } else {
        response
    };
    if response.clicked() {
        commands.push(Command::Show(screen));
    }
}

fn connection(ui: &mut Ui, shared: &Shared, narrow: bool, commands: &mut Commands) {
    let palette = palette(ui);
    let (icon, color, title, detail) = match &shared.session {
        Load::Idle | Load::Loading(_) => (
            icons::REGION,
            palette.text_secondary,
            "Connecting…".to_owned(),
            String::new(),
        ),
        Load::Failed(failure) => (
            icons::OFFLINE,
            palette.error,
            "Not connected".to_owned(),
            failure_name(failure),
        ),
        Load::Ready(session) => {
            let connection = session.connection();
            let (icon, color, detail) = if session.is_embedded() {
                (icons::DEMO, palette.warning, session.label())
            } else if let Load::Failed(failure) = &shared.catalog {
                // Credentials were found, and what was asked with them went wrong.
                (icons::WARNING, palette.warning, failure_name(failure))
            } else {
                (
                    icons::REGION,
                    palette.success,
                    connection.credentials_source().to_owned(),
                )
            };
            (icon, color, connection.region().to_owned(), detail)
        }
    };
    let area = ui
        .horizontal(|ui| {
            if narrow {
                ui.add_space(space::XS);
            }
            icons::paint(ui, icon, size::ICON, color);
            if narrow {
                ui.set_min_height(size::CONTROL);
                return;
            }
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                let title = theme::strong(title).color(palette.heading);
                ui.add(Label::new(title).selectable(false));
                if !detail.is_empty() {
                    let detail = theme::small(detail).color(palette.text_secondary);
                    ui.add(Label::new(detail).selectable(false).truncate());
                }
            });
        })
        .response;
    let button = ui
        .interact(
            area.rect,
            ui.scope_id().with("connection"),
            egui::Sense::click(),
        )
        .on_hover_cursor(egui::CursorIcon::PointingHand)
        .on_hover_text("Show or change the connection");
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Connection"));
    focus_ring(ui, &button);
    if button.clicked() {
        commands.push(Command::ShowConnection);
    }
}

fn theme_switch(ui: &mut Ui, narrow: bool, commands: &mut Commands) {
    let current = ui.ctx().options(|options| options.theme_preference);
    let (icon, name, next) = match current {
        ThemePreference::System => (
            icons::SYSTEM_THEME,
            "Theme: as the system",
            ThemePreference::Light,
        ),
        ThemePreference::Light => (icons::LIGHT, "Theme: light", ThemePreference::Dark),
        ThemePreference::Dark => (icons::DARK, "Theme: dark", ThemePreference::System),
    };
    ui.horizontal(|ui| {
        if icon_button(ui, icon, name).clicked() {
            commands.push(Command::SetTheme(next));
        }
        if !narrow {
            let color = palette(ui).text_secondary;
            ui.label(theme::small(name).color(color));
        }
    });
}
