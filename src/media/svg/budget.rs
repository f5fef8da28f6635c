//! What drawing an SVG would take in memory, reckoned before anything is drawn.

use resvg::usvg::{Group, Mask, Node, Tree};

const BYTES_PER_PIXEL: u64 = 4;

/// Bytes of pixels that may be alive at the same time, at most: the page, a page for each layer in a
/// layer, and the largest pattern.
pub fn bytes(tree: &Tree, width: u32, height: u32, scale: f32) -> u64 {
    let mut largest_scale = 1.0;
    let pages = 2 + pages(tree.root(), &mut largest_scale);
    let page = u64::from(width) * u64::from(height) * BYTES_PER_PIXEL;
    let patterns = tree.patterns().iter().map(|pattern| {
        let (across, down) = pattern.transform().get_scale();
        let scale = f64::from(scale) * f64::from(largest_scale);
        let width = f64::from(pattern.rect().width()) * f64::from(across) * scale;
        let height = f64::from(pattern.rect().height()) * f64::from(down) * scale;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast of a float stops at the ends of the integer"
        )]
        let pixels = (width * height).abs() as u64;
        pixels.saturating_mul(BYTES_PER_PIXEL)
    });
    pages
        .saturating_mul(page)
        .saturating_add(patterns.max().unwrap_or(0))
}

/// How many pages at once a group takes beside the one it is drawn on.
fn pages(group: &Group, largest_scale: &mut f32) -> u64 {
    let own = u64::from(group.should_isolate());
    let clip = group.clip_path().map_or(0, |clip| {
        let mut clips = 1;
        let mut next = clip.clip_path();
        while let Some(clip) = next {
            clips += 1;
            next = clip.clip_path();
        }
        clips + pages(clip.root(), largest_scale)
    });
    let mask = group
        .mask()
        .map_or(0, |mask| mask_pages(mask, largest_scale));
    // Each step of a filter keeps its result for the steps after it.
    let filters: usize = group
        .filters()
        .iter()
        .map(|filter| 2 + filter.primitives().len())
        .sum();
    let inside = group
        .children()
        .iter()
        .map(|child| match child {
            Node::Group(group) => pages(group, largest_scale),
            Node::Text(text) => pages(text.flattened(), largest_scale),
            Node::Path(path) => {
                let (across, down) = path.abs_transform().get_scale();
                *largest_scale = largest_scale.max(across).max(down);
                0
            }
            Node::Image(_) => 1,
        })
        .max();
    own + inside.unwrap_or(0).max(clip).max(mask).max(filters as u64)
}

fn mask_pages(mask: &Mask, largest_scale: &mut f32) -> u64 {
    let before = mask
        .mask()
        .map_or(0, |mask| mask_pages(mask, largest_scale));
    2 + before + pages(mask.root(), largest_scale)
}
