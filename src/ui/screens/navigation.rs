//! The navigation on the left, and the connection at its foot.

use egui::{Button, Frame, Label, Margin, Panel, RichText, Stroke, ThemePreference, Ui, vec2};

use crate::ui::icons::{self, Icon};
use crate::ui::load::Load;
use crate::ui::shared::Shared;
use crate::ui::theme::{self, font, palette, size, space};
use crate::ui::widgets::icon_button;
use crate::ui::{Command, Commands, Screen};

/// Draws the navigation.
pub fn ui(ui: &mut Ui, shared: &Shared, current: Screen, commands: &mut Commands) {
    let palette = palette(ui);
    Panel::left("navigation")
        .exact_size(size::NAVIGATION)
        .resizable(false)
        .frame(
            Frame::new()
                .fill(palette.surface)
                .inner_margin(Margin::symmetric(12, 16)),
        )
        .show(ui, |ui| {
            // Everything fits into the smallest window.
            ui.spacing_mut().item_spacing.y = space::XXS / 2.0;
            ui.label(
                theme::strong("Bedrock Playground")
                    .size(font::H3)
                    .color(palette.heading),
            );
            ui.add_space(space::S);
            // All groups must fit the smallest window.
            ui.spacing_mut().item_spacing.y = 2.0;
            group(ui, "Discover");
            entry(ui, icons::CATALOG, Screen::ModelCatalog, current, commands);
            ui.add_space(space::S);
            group(ui, "Playgrounds");
            entry(ui, icons::CHAT, Screen::Chat, current, commands);
            entry(
                ui,
                icons::IMAGE_PLAYGROUND,
                Screen::Images,
                current,
                commands,
            );
            entry(ui, icons::VIDEO, Screen::Videos, current, commands);
            entry(ui, icons::ALT_TEXT, Screen::AltText, current, commands);
            entry(ui, icons::COMPARE, Screen::Compare, current, commands);
            entry(ui, icons::EMBEDDINGS, Screen::Embeddings, current, commands);
            ui.add_space(space::S);
            group(ui, "Build");
            entry(ui, icons::PROMPTS, Screen::Prompts, current, commands);
            entry(ui, icons::SHIELD, Screen::Guardrails, current, commands);
            ui.add_space(space::S);
            group(ui, "Account");
            entry(ui, icons::HISTORY, Screen::History, current, commands);
            entry(ui, icons::USAGE, Screen::Usage, current, commands);
            entry(ui, icons::SETTINGS, Screen::Settings, current, commands);
            ui.with_layout(egui::Layout::bottom_up(egui::Align::Min), |ui| {
                theme_switch(ui, commands);
                ui.separator();
                connection(ui, shared, commands);
            });
        });
}

fn group(ui: &mut Ui, name: &str) {
    let color = palette(ui).text_secondary;
    ui.label(theme::small(name).color(color));
}

fn entry(ui: &mut Ui, icon: Icon, screen: Screen, current: Screen, commands: &mut Commands) {
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
                visuals.widgets.inactive.fg_stroke.color = palette.accent;
            }
            ui.add(
                Button::new((icons::atom(icon), text, egui::Atom::grow()))
                    .min_size(vec2(ui.available_width(), size::CONTROL + 2.0)),
            )
        })
        .inner;
    response.widget_info(|| {
        egui::WidgetInfo::selected(egui::Role::Button, true, selected, screen.label())
    });
    if response.clicked() {
        commands.push(Command::Show(screen));
    }
}

fn connection(ui: &mut Ui, shared: &Shared, commands: &mut Commands) {
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
            failure.code.clone(),
        ),
        Load::Ready(session) => {
            let connection = session.connection();
            let (icon, color, detail) = if session.is_embedded() {
                (icons::DEMO, palette.warning, session.label())
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
            icons::paint(ui, icon, size::ICON, color);
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
    if button.clicked() {
        commands.push(Command::ShowConnection);
    }
}

fn theme_switch(ui: &mut Ui, commands: &mut Commands) {
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
        let color = palette(ui).text_secondary;
        ui.label(theme::small(name).color(color));
    });
}
