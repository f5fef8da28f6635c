//! The open conversations, beside each other.

use egui::{Button, CornerRadius, Stroke, Ui, vec2};

use crate::ui::icons;
use crate::ui::theme::{self, palette, size, space};
use crate::ui::widgets::{icon_button, spinner};
use crate::ui::{Command, Commands};

/// One conversation among the others.
pub struct Tab {
    pub title: String,
    pub running: bool,
}

/// The open conversations.
pub struct Tabs {
    pub titles: Vec<Tab>,
    pub current: usize,
}

/// The widest a tab may be, in points.
const WIDTH: f32 = 190.0;

impl Tabs {
    /// Draws them when there are several.
    pub fn ui(&self, ui: &mut Ui, commands: &mut Commands) {
        if self.titles.len() < 2 {
            return;
        }
        egui::ScrollArea::horizontal()
            .id_salt("conversations")
            .show(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = space::XXS;
                    for (index, tab) in self.titles.iter().enumerate() {
                        ui.push_id(index, |ui| self.tab_ui(ui, index, tab, commands));
                    }
                });
            });
        ui.add_space(space::XXS);
    }

    fn tab_ui(&self, ui: &mut Ui, index: usize, tab: &Tab, commands: &mut Commands) {
        let palette = palette(ui);
        let selected = index == self.current;
        egui::Frame::new()
            .fill(if selected {
                palette.accent_soft
            } else {
                palette.surface
            })
            .stroke(Stroke::new(
                1.0,
                if selected {
                    palette.accent
                } else {
                    palette.divider
                },
            ))
            .corner_radius(CornerRadius::same(size::RADIUS))
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.add_space(space::S);
                if tab.running {
                    spinner(ui);
                    ui.add_space(space::XXS);
                }
                let text = theme::small(&tab.title).color(if selected {
                    palette.accent
                } else {
                    palette.text
                });
                let button = Button::new(text)
                    .truncate()
                    .frame(false)
                    .min_size(vec2(0.0, size::CONTROL - 4.0));
                let response = ui
                    .scope(|ui| {
                        ui.set_max_width(WIDTH);
                        ui.add(button)
                    })
                    .inner;
                response.widget_info(|| {
                    egui::WidgetInfo::selected(
                        egui::Role::Tab,
                        true,
                        selected,
                        format!("Conversation {}: {}", index + 1, tab.title),
                    )
                });
                if response.clicked() {
                    commands.push(Command::ShowConversation(index));
                }
                let close = format!("Close conversation {}", index + 1);
                if icon_button(ui, icons::CLOSE, &close).clicked() {
                    commands.push(Command::CloseConversation(index));
                }
            });
    }
}
