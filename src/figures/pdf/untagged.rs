//! What stands in for tags where a PDF has none: its photographs in the order in which they are drawn, and the letters
//! between them.

use std::collections::{BTreeMap, HashMap};

use super::drawn::{Drawn, Photograph};
use super::tags::{Mark, Step, Tagged, Tags, name};
use crate::figures::flow::Role;

/// Rules, dots and corners are drawn as photographs too; what is smaller than this, in points, is one of them.
const SMALLEST: f64 = 16.0;

pub(super) fn tags(pages: &BTreeMap<usize, Drawn>) -> Tags {
    let mut tags = Tags::default();
    // What comes again, such as a logo, is the same figure.
    let mut names: HashMap<_, String> = HashMap::new();
    for (page, drawn) in pages {
        tags.steps.push(Step::Begin(Role::Text));
        let mut photographs = drawn.photographs.iter().peekable();
        for id in 1..=drawn.last {
            let mark = Mark { page: *page, id };
            let Some(photograph) = photographs.next_if(|photograph| photograph.piece == id) else {
                tags.steps.push(Step::Text(mark));
                continue;
            };
            if !is_picture(photograph) {
                continue;
            }
            let object = photograph.object;
            let new = || name(object.obj_number, Some(*page), tags.figures.len());
            let name = if photograph.is_whole && object.obj_number != 0 {
                names.entry(object).or_insert_with(new).clone()
            } else {
                new()
            };
            tags.figures.push(Tagged {
                name,
                marks: vec![mark],
                ..Tagged::default()
            });
            tags.steps.push(Step::Figure);
        }
    }
    tags
}

fn is_picture(photograph: &Photograph) -> bool {
    photograph.shown.width() >= SMALLEST && photograph.shown.height() >= SMALLEST
}
