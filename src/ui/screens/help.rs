//! The guide, shown in the window at the page of the screen a person is on.

use egui::{ScrollArea, Ui};
use egui_commonmark::CommonMarkCache;

use crate::ui::Screen;
use crate::ui::theme::{palette, space};
use crate::ui::widgets::{Markdown, dialog};

const WIDTH: f32 = 860.0;
const HEIGHT: f32 = 560.0;
const LIST_WIDTH: f32 = 170.0;

/// A page of `docs/guide`.
struct Page {
    title: &'static str,
    /// The screens it is about.
    screens: &'static [Screen],
    text: &'static str,
}

const PAGES: &[Page] = &[
    Page {
        title: "Getting started",
        screens: &[],
        text: include_str!("../../../docs/guide/getting-started.md"),
    },
    Page {
        title: "Model catalog",
        screens: &[Screen::ModelCatalog],
        text: include_str!("../../../docs/guide/model-catalog.md"),
    },
    Page {
        title: "Chat playground",
        screens: &[Screen::Chat],
        text: include_str!("../../../docs/guide/chat.md"),
    },
    Page {
        title: "Image playground",
        screens: &[Screen::Images],
        text: include_str!("../../../docs/guide/images.md"),
    },
    Page {
        title: "Video playground",
        screens: &[Screen::Videos],
        text: include_str!("../../../docs/guide/videos.md"),
    },
    Page {
        title: "Alt text",
        screens: &[Screen::AltText],
        text: include_str!("../../../docs/guide/alt-text.md"),
    },
    Page {
        title: "Compare models",
        screens: &[Screen::Compare],
        text: include_str!("../../../docs/guide/compare.md"),
    },
    Page {
        title: "Embeddings",
        screens: &[Screen::Embeddings],
        text: include_str!("../../../docs/guide/embeddings.md"),
    },
    Page {
        title: "Prompts",
        screens: &[Screen::Prompts],
        text: include_str!("../../../docs/guide/prompts.md"),
    },
    Page {
        title: "Guardrails",
        screens: &[Screen::Guardrails],
        text: include_str!("../../../docs/guide/guardrails.md"),
    },
    Page {
        title: "History",
        screens: &[Screen::History],
        text: include_str!("../../../docs/guide/history.md"),
    },
    Page {
        title: "Usage and prices",
        screens: &[Screen::Usage],
        text: include_str!("../../../docs/guide/usage.md"),
    },
    Page {
        title: "Settings",
        screens: &[Screen::Settings],
        text: include_str!("../../../docs/guide/settings.md"),
    },
    Page {
        title: "Local models",
        screens: &[],
        text: include_str!("../../../docs/guide/local-models.md"),
    },
    Page {
        title: "Keyboard",
        screens: &[],
        text: include_str!("../../../docs/guide/keyboard.md"),
    },
];

/// The open guide.
pub struct HelpDialog {
    page: usize,
    view: Markdown,
    cache: CommonMarkCache,
}

impl HelpDialog {
    /// Opens at the page of a screen, or at the first.
    #[must_use]
    pub fn open(screen: Screen) -> Self {
        let page = PAGES.iter().position(|page| page.screens.contains(&screen));
        Self {
            page: page.unwrap_or_default(),
            view: Markdown::default(),
            cache: CommonMarkCache::default(),
        }
    }

    /// Draws the guide; true when it is to be closed.
    pub fn ui(&mut self, ui: &mut Ui) -> bool {
        dialog(ui, "Guide", WIDTH, |ui| {
            let height = HEIGHT.min(ui.ctx().content_rect().height() - 160.0);
            ui.horizontal_top(|ui| {
                ui.vertical(|ui| {
                    let contents = ScrollArea::vertical().id_salt("contents");
                    contents.max_height(height).show(ui, |ui| {
                        ui.set_width(LIST_WIDTH);
                        ui.spacing_mut().interact_size.y = 28.0;
                        ui.spacing_mut().item_spacing.y = 2.0;
                        for (index, page) in PAGES.iter().enumerate() {
                            if ui
                                .selectable_label(index == self.page, page.title)
                                .clicked()
                            {
                                self.page = index;
                                self.view = Markdown::default();
                            }
                        }
                        ui.add_space(space::M);
                        let version = concat!("Version ", env!("CARGO_PKG_VERSION"));
                        ui.weak(version);
                    });
                });
                ui.visuals_mut().override_text_color = Some(palette(ui).text);
                let page = &PAGES[self.page];
                // What scrolls is laid out like what is around it: one below the other, not side by side.
                ui.vertical(|ui| {
                    ScrollArea::vertical()
                        .id_salt(page.title)
                        .max_height(height)
                        .min_scrolled_height(height)
                        .auto_shrink(false)
                        .show(ui, |ui| {
                            ui.set_width(ui.available_width() - space::M);
                            self.view.ui(ui, &mut self.cache, page.text);
                        });
                });
            });
        })
    }
}
