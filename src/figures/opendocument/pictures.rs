//! Frames that hold an image, what they say of it, and the places where that is written.

use super::super::edits::Edits;
use super::super::flow::one_line;
use super::super::package::Package;
use super::super::xml::{At, Space, Tree, escaped};
use super::super::{AltText, ImageSource};
use super::styles::Styles;

/// Images in one frame: the same in several formats.
const MOST_FORMATS: usize = 16;

/// Formats that are shown by office programs alone; what stands behind one in its frame shows the same.
const FOR_PRINT: &[&str] = &["emf", "wmf", "svm", "eps", "pdf"];

/// A picture of a section.
#[derive(Debug)]
pub(super) struct Picture {
    /// Its frame.
    pub(super) at: At,
    pub(super) image: ImageSource,
    pub(super) alt: AltText,
    /// What is said beside the alt text.
    pub(super) description: Option<String>,
}

/// The pictures of a section of a part, in order; those that were deleted with changes tracked are gone.
pub(super) fn pictures(
    tree: &Tree<'_>,
    section: At,
    styles: &Styles<'_>,
    (package, part): (&Package<&[u8]>, &str),
) -> Vec<Picture> {
    let mut found = Vec::new();
    let mut at = section;
    while at < tree.after(section) {
        if is_aside(tree, at) {
            at = tree.after(at);
            continue;
        }
        if tree.is(at, Space::OdfDraw, "frame")
            && let Some(address) = image_in(tree, at)
        {
            let (alt, description) = said(tree, at, styles);
            found.push(Picture {
                at,
                image: package.image_at(part, address),
                alt,
                description,
            });
        }
        at += 1;
    }
    found
}

/// What is no part of the text: deleted text, comments, marks and notes beside it, pronunciations, data, and what is
/// said of a picture.
pub(super) fn is_aside(tree: &Tree<'_>, at: At) -> bool {
    match tree.space(at) {
        Space::OdfText => matches!(
            tree.local(at),
            "tracked-changes" | "note-citation" | "ruby-text"
        ),
        Space::OdfOffice => matches!(tree.local(at), "annotation" | "binary-data"),
        Space::OdfPresentation => tree.local(at) == "notes",
        Space::OdfSvg => matches!(tree.local(at), "title" | "desc"),
        Space::OdfDraw => tree.local(at) == "object",
        _ => false,
    }
}

/// The address of the image that a frame shows. One that holds something else first shows that: the image behind an
/// embedded object is the object's.
fn image_in(tree: &Tree<'_>, frame: At) -> Option<String> {
    let mut images = tree
        .children(frame)
        .filter(|at| tree.space(*at) != Space::OdfSvg)
        .take_while(|at| tree.is(*at, Space::OdfDraw, "image"))
        .take(MOST_FORMATS)
        .filter_map(|at| tree.attribute_in(at, Space::Xlink, "href"))
        .filter(|address| !address.trim().is_empty());
    let first = images.next()?;
    let is_for_print = |address: &str| {
        let extension = address.rsplit_once('.').map(|(_, extension)| extension);
        extension.is_some_and(|it| FOR_PRINT.iter().any(|known| it.eq_ignore_ascii_case(known)))
    };
    let shown = if is_for_print(&first) {
        images.find(|address| !is_for_print(address))
    } else {
        None
    };
    Some(shown.unwrap_or(first).into_owned())
}

/// What a frame says of itself under a name; `None` for blanks.
fn words(tree: &Tree<'_>, frame: At, name: &str) -> Option<String> {
    let at = tree.child(frame, Space::OdfSvg, name)?;
    let text = tree.text(at).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// The alt text of a frame, and what else it says. The title is what `LibreOffice` calls the text alternative and puts
/// into pages; where there is none the description takes its place, as in tagged PDF.
fn said(tree: &Tree<'_>, frame: At, styles: &Styles<'_>) -> (AltText, Option<String>) {
    if styles.decorates(tree, frame) {
        return (AltText::Decorative, None);
    }
    match ["title", "desc"].map(|name| words(tree, frame, name)) {
        [Some(title), description] => {
            let description = description.and_then(|text| one_line(&text));
            (AltText::Text(title), description)
        }
        [None, Some(description)] => (AltText::Text(description), None),
        [None, None] => (AltText::Missing, None),
    }
}

impl Picture {
    /// Writes what it says from now on: a text into its title. A description that stood for one goes, or it would be
    /// read out behind it; what only decorates says nothing.
    pub(super) fn say(&self, tree: &Tree<'_>, alt: &AltText, edits: &mut Edits) {
        let [title, description] =
            ["title", "desc"].map(|name| tree.child(self.at, Space::OdfSvg, name));
        let AltText::Text(text) = alt else {
            for at in [title, description].into_iter().flatten() {
                edits.replace(tree.whole(at), "");
            }
            return;
        };
        let text = escaped(text);
        let replaced = description.filter(|_| words(tree, self.at, "title").is_none());
        if let Some(title) = title {
            tree.set_text(title, &text, edits);
            if let Some(replaced) = replaced {
                edits.replace(tree.whole(replaced), "");
            }
            return;
        }
        let element = tree.element(self.at, (Space::OdfSvg, "title"), &[], &text);
        if let Some(replaced) = replaced {
            edits.replace(tree.whole(replaced), element);
            return;
        }
        // The schema asks for an order.
        let is_outline = |at: &At| {
            let is_drawing = tree.space(*at) == Space::OdfDraw;
            is_drawing && matches!(tree.local(*at), "contour-polygon" | "contour-path")
        };
        if let Some(outline) = tree.children(self.at).find(is_outline) {
            let start = tree.whole(outline).start;
            edits.replace(start..start, element);
        } else {
            tree.put_in(self.at, &element, edits);
        }
    }
}
