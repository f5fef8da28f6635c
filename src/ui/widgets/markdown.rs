//! Markdown that grows: split into blocks, so that a frame costs what is in view and no more.
//!
//! A document re-read and laid out whole each frame costs more with every delta. Here a closed
//! block (a paragraph, a list, a fence) is measured once and skipped while it is out of view; only
//! the last, open one changes. Model output is untrusted: images are never loaded, and a link opens
//! only when clicked, its address shown before, and only the web.

mod code;
mod prose;
mod split;
mod words;

use std::ops::Range;

use egui::{OutputCommand, Ui, vec2};
use egui_commonmark::{CommonMarkCache, CommonMarkViewer};

use self::code::Fence;
use self::prose::{Prose, leads_to_the_web};
use self::split::Splitter;
use crate::ui::theme::{size, space};
use crate::ui::widgets::bidi;

/// The view of one Markdown text that is only ever appended to.
#[derive(Default)]
pub struct Markdown {
    splitter: Splitter,
    heights: Vec<Option<f32>>,
    /// What blocks that are no fences were read as when they were drawn.
    read: Vec<Option<Read>>,
    layout: Option<LayoutKey>,
}

/// Who draws a block.
enum Read {
    RightToLeft,
    Prose(Prose),
    Library,
}

impl Read {
    fn of(block: &str) -> Self {
        let is_code = block.trim_start().starts_with(['`', '~', '|']);
        if !is_code && bidi::has_right_to_left(block) {
            return Self::RightToLeft;
        }
        Prose::of(block).map_or(Self::Library, Self::Prose)
    }
}

/// What heights depend on.
#[derive(Clone, Copy, PartialEq)]
struct LayoutKey {
    width: f32,
    pixels_per_point: f32,
    dark: bool,
}

impl Markdown {
    /// Draws the text; `source` is the same text as before, or longer.
    pub fn ui(&mut self, ui: &mut Ui, cache: &mut CommonMarkCache, source: &str) {
        self.update(ui, source);
        let count = self.splitter.blocks().len();
        for (index, range) in self.splitter.blocks().iter().enumerate() {
            let top = ui.cursor().min;
            match self.heights[index] {
                Some(height)
                    if !ui.is_rect_visible(egui::Rect::from_min_size(
                        top,
                        vec2(ui.available_width(), height),
                    )) =>
                {
                    ui.allocate_space(vec2(1.0, height));
                }
                _ => {
                    let text = &source[range.clone()];
                    let height = block_ui(ui, cache, index, text, &mut self.read[index]);
                    // The last block may still grow.
                    self.heights[index] = (index + 1 < count).then_some(height);
                }
            }
        }
    }

    fn update(&mut self, ui: &Ui, source: &str) {
        let layout = LayoutKey {
            width: ui.available_width(),
            pixels_per_point: ui.ctx().pixels_per_point(),
            dark: ui.visuals().dark_mode,
        };
        if self.layout != Some(layout) {
            self.layout = Some(layout);
            self.heights.clear();
        }
        let unchanged = self.splitter.update(source);
        let count = self.splitter.blocks().len();
        self.heights.truncate(unchanged);
        self.heights.resize(count, None);
        self.read.truncate(unchanged);
        self.read.resize_with(count, || None);
    }
}

fn block_ui(
    ui: &mut Ui,
    cache: &mut CommonMarkCache,
    index: usize,
    text: &str,
    read: &mut Option<Read>,
) -> f32 {
    ui.push_id(index, |ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing = vec2(space::XXS, space::XS);
            ui.spacing_mut().interact_size.y = size::LINE;
            if let Some(fence) = Fence::of(text) {
                fence.ui(ui);
                return;
            }
            match read.get_or_insert_with(|| Read::of(text)) {
                Read::RightToLeft => words::ui(ui, text),
                Read::Prose(prose) => prose.ui(ui, index == 0),
                Read::Library => library_ui(ui, cache, text),
            }
        })
        .response
        .rect
        .height()
    })
    .inner
}

/// Has the library draw a block; what it wants to open that is not the web is taken back.
fn library_ui(ui: &mut Ui, cache: &mut CommonMarkCache, text: &str) {
    let before = ui.ctx().output(|output| output.commands.len());
    CommonMarkViewer::new()
        .explicit_image_uri_scheme(true)
        .show_alt_text_on_hover(false)
        .show(ui, cache, text);
    let may_stay = |command: &OutputCommand| match command {
        OutputCommand::OpenUrl(open) => leads_to_the_web(&open.url),
        _ => true,
    };
    ui.ctx().output_mut(|output| {
        let wanted = output.commands.split_off(before);
        output.commands.extend(wanted.into_iter().filter(may_stay));
    });
}

/// The words of a Markdown text without its signs.
#[must_use]
pub fn plain_text(source: &str) -> String {
    let mut lines: Vec<String> = words::lines(source)
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    lines.push(String::new());
    lines.join("\n")
}

/// A piece of the source.
type Block = Range<usize>;

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    use super::*;

    /// A window that has the application's fonts from its second frame on.
    fn with_fonts(mut content: impl FnMut(&mut Ui) + 'static) -> Harness<'static> {
        let mut has_fonts = false;
        Harness::new_ui(move |ui| {
            if std::mem::replace(&mut has_fonts, true) {
                content(ui);
            } else {
                crate::ui::fonts::install(ui.ctx(), None, None);
            }
        })
    }

    #[test]
    fn shows_what_was_streamed() {
        let source = Rc::new(RefCell::new(String::from("# Title\n\nFirst para")));
        let mut view = Markdown::default();
        let mut cache = CommonMarkCache::default();
        let shown = Rc::clone(&source);
        let mut harness = with_fonts(move |ui| view.ui(ui, &mut cache, &shown.borrow()));
        harness.run();
        source.borrow_mut().push_str("graph\n\n- one\n- two\n");
        harness.run();
        harness.get_by_label_contains("Title");
        harness.get_by_label_contains("First paragraph");
        harness.get_by_label_contains("two");
    }

    #[test]
    fn a_first_heading_stands_at_the_top_and_others_near_what_they_head() {
        let source = "# Title\n\nSome **bold** words.\n\n## Next\nThen text.";
        let mut view = Markdown::default();
        let mut cache = CommonMarkCache::default();
        let top = Rc::new(RefCell::new(0.0));
        let seen = Rc::clone(&top);
        let mut harness = with_fonts(move |ui| {
            *seen.borrow_mut() = ui.cursor().min.y;
            view.ui(ui, &mut cache, source);
        });
        harness.run();
        let rect = |text: &str| harness.get_by_label(text).rect();
        // A paragraph is one text, whatever letters are bold in it.
        let (title, words) = (rect("Title"), rect("Some bold words."));
        let (next, then) = (rect("Next"), rect("Then text."));
        assert!((title.top() - *top.borrow()).abs() < 1.0, "{title:?}");
        let above = next.top() - words.bottom();
        let below = then.top() - next.bottom();
        assert!(
            above > below && above < 20.0,
            "{above} above, {below} below"
        );
    }

    #[test]
    fn only_the_web_is_opened_and_only_on_a_click() {
        let source = "A [page](https://example.com/a).\n\n> [quoted](https://example.com/b)\n\n| [local](file:///etc/passwd) |\n|---|\n| x |";
        let mut view = Markdown::default();
        let mut cache = CommonMarkCache::default();
        let mut harness = with_fonts(move |ui| view.ui(ui, &mut cache, source));
        harness.run();
        let opened = |harness: &Harness<'static>| -> Vec<String> {
            let commands = &harness.output().platform_output.commands;
            let address = |command: &OutputCommand| match command {
                OutputCommand::OpenUrl(open) => Some(open.url.clone()),
                _ => None,
            };
            commands.iter().filter_map(address).collect()
        };
        assert!(opened(&harness).is_empty());
        for (link, address) in [
            ("page", Some("https://example.com/a")),
            ("quoted", Some("https://example.com/b")),
            ("local", None),
        ] {
            let node = harness.get_by_role_and_label(egui::accesskit::Role::Link, link);
            node.click();
            harness.step();
            assert_eq!(opened(&harness), Vec::from_iter(address), "{link}");
        }
    }

    #[test]
    fn plain_text_has_the_words_alone() {
        assert_eq!(
            plain_text("# Title\n\nSome **bold** `code`.\n\n- one\n- two\n"),
            "Title\nSome bold code.\n• one\n• two\n"
        );
    }

    #[test]
    fn what_is_out_of_view_is_not_laid_out_again() {
        let source = (0..2_000).fold(String::new(), |text, n| {
            text + &format!(
                "Paragraph {n}

"
            )
        });
        let mut view = Markdown::default();
        let mut cache = CommonMarkCache::default();
        let mut harness = with_fonts(move |ui| {
            egui::ScrollArea::vertical().show(ui, |ui| view.ui(ui, &mut cache, &source));
        });
        harness.run();
        harness.run();
        let drawn = harness.query_all_by_label_contains("Paragraph").count();
        assert!(
            drawn > 5 && drawn < 100,
            "{drawn} of 2,000 paragraphs were drawn"
        );
    }
}
