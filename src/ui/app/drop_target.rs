//! What the whole window shows while files are held over it.
//!
//! winit tells no place of a drag, so the window is one target.

use egui::{Align2, FontId, Id, LayerId, Order, Rect, Stroke, StrokeKind, Ui, vec2};

use super::alt_text;
use crate::figures::Kind;
use crate::ui::Screen;
use crate::ui::icons;
use crate::ui::numbers::thousands;
use crate::ui::screens::prompts::PromptsScreen;
use crate::ui::theme::{font, palette, size, space};

/// Draws the target while files are over the window.
pub fn ui(ui: &Ui, screen: Screen, prompts: &PromptsScreen) {
    let hovered = ui.input(|input| input.raw.hovered_files.clone());
    let files = hovered.len();
    if files == 0 {
        return;
    }
    let palette = palette(ui);
    let many = thousands(files as u64);
    let paths: Vec<_> = hovered.into_iter().filter_map(|file| file.path).collect();
    let text = match (screen, files) {
        (Screen::AltText, 1) if alt_text::is_table(&paths) => {
            "Drop the table to say what is true of single images".to_owned()
        }
        (Screen::AltText, 1) if paths.iter().any(|path| Kind::of_path(path).is_some()) => {
            "Drop the document to add the images in it".to_owned()
        }
        (Screen::AltText, 1) => "Drop the image or folder to add it to the list".to_owned(),
        (Screen::AltText, _) => format!("Drop {many} images or folders to add them"),
        (Screen::Embeddings, 1) => "Drop the file to add its texts".to_owned(),
        (Screen::Embeddings, _) => format!("Drop {many} files to add their texts"),
        (Screen::Images, 1) => "Drop the image to work on it".to_owned(),
        (Screen::Images, _) => format!("Drop {many} images to work on them"),
        (Screen::Compare, 1) => "Drop the file to ask every model about it".to_owned(),
        (Screen::Compare, _) => format!("Drop {many} files to ask every model about them"),
        (Screen::Chat, 1) => "Drop the file to attach it".to_owned(),
        (Screen::Chat, _) => format!("Drop {many} files to attach them"),
        (Screen::Prompts, 1) if prompts.takes_as_table(&paths) => {
            "Drop the table to run the prompt over it".to_owned()
        }
        (_, 1) => "Drop the file to attach it in the chat".to_owned(),
        (_, _) => format!("Drop {many} files to attach them in the chat"),
    };
    let painter = ui
        .ctx()
        .layer_painter(LayerId::new(Order::Foreground, Id::unique("drop target")));
    let window = ui.ctx().content_rect();
    painter.rect_filled(window, 0.0, palette.scrim);
    let (outline, radius) = (
        Stroke::new(2.0, palette.accent),
        f32::from(size::RADIUS_CONTAINER),
    );
    painter.rect_stroke(
        window.shrink(space::XXS),
        radius,
        outline,
        StrokeKind::Inside,
    );
    let words = painter.layout_no_wrap(text, FontId::proportional(font::H2), palette.heading);
    let card = Rect::from_center_size(
        window.center(),
        words.size() + vec2(2.0 * space::XXL, 2.0 * space::XXL + size::ICON_LARGE),
    );
    painter.rect(
        card,
        radius,
        palette.background,
        outline,
        StrokeKind::Inside,
    );
    painter.text(
        card.center_top() + vec2(0.0, space::XXL - space::S),
        Align2::CENTER_TOP,
        icons::IMAGE.codepoint,
        FontId::new(size::ICON_LARGE, icons::IMAGE.font_family()),
        palette.accent,
    );
    let foot = card.center_bottom() - vec2(words.size().x / 2.0, space::XXL - space::S);
    painter.galley(foot - vec2(0.0, words.size().y), words, palette.heading);
}
