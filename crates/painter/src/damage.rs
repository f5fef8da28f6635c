//! Where a frame differs from the one before: the triangles between the first and the last that differ, not
//! the whole mesh, for egui puts everything of a panel into one.

use std::collections::HashSet;

use egui::epaint::{Mesh, Vertex};
use egui::{Rect, TextureId};

use crate::Piece;
use crate::area::{Area, Areas};

/// Adds what to paint again when `after` follows `before`. Textures in `redrawn` look different.
pub fn between(
    before: &[Piece],
    after: &[Piece],
    redrawn: &HashSet<TextureId>,
    pixels_per_point: f32,
    changed: &mut Areas,
) {
    let (first, last) = alike_at_the_ends(before.iter(), after.iter());
    let before_rest = &before[first..before.len() - last];
    let after_rest = &after[first..after.len() - last];

    if before_rest.len() == after_rest.len() {
        for (one, other) in before_rest.iter().zip(after_rest) {
            of_two(one, other, pixels_per_point, changed);
        }
    } else {
        for piece in before_rest.iter().chain(after_rest) {
            of_one(piece, pixels_per_point, changed);
        }
    }
    for piece in after {
        if redrawn.contains(&piece.mesh.texture_id) {
            of_one(piece, pixels_per_point, changed);
        }
    }
}

fn of_one(piece: &Piece, pixels_per_point: f32, changed: &mut Areas) {
    of_triangles(
        piece.clip,
        triangles(&piece.mesh),
        pixels_per_point,
        changed,
    );
}

fn of_two(before: &Piece, after: &Piece, pixels_per_point: f32, changed: &mut Areas) {
    let (one, other) = (&before.mesh, &after.mesh);
    if before.clip != after.clip || one.texture_id != other.texture_id {
        of_one(before, pixels_per_point, changed);
        of_one(after, pixels_per_point, changed);
        return;
    }
    let (first, last) = alike_at_the_ends(triangles(one), triangles(other));
    for mesh in [one, other] {
        let differing = triangles(mesh).len() - first - last;
        let differing = triangles(mesh).skip(first).take(differing);
        of_triangles(before.clip, differing, pixels_per_point, changed);
    }
}

/// How many things two rows have alike at their beginning, and how many of the others at their end.
fn alike_at_the_ends<T: PartialEq>(
    one: impl DoubleEndedIterator<Item = T> + ExactSizeIterator + Clone,
    other: impl DoubleEndedIterator<Item = T> + ExactSizeIterator + Clone,
) -> (usize, usize) {
    let is_alike = |(one, other): &(T, T)| one == other;
    let pairs = one.clone().zip(other.clone());
    let first = pairs.take_while(is_alike).count();
    let others = one.len().min(other.len()) - first;
    let pairs = one.rev().zip(other.rev()).take(others);
    (first, pairs.take_while(is_alike).count())
}

fn triangles(
    mesh: &Mesh,
) -> impl DoubleEndedIterator<Item = [&Vertex; 3]> + ExactSizeIterator + Clone {
    let corner = |index: u32| &mesh.vertices[index as usize];
    mesh.indices
        .as_chunks::<3>()
        .0
        .iter()
        .map(move |indices| indices.map(corner))
}

fn of_triangles<'a>(
    clip: Rect,
    triangles: impl Iterator<Item = [&'a Vertex; 3]>,
    pixels_per_point: f32,
    changed: &mut Areas,
) {
    let mut bounds = Rect::NOTHING;
    for vertex in triangles.flatten() {
        bounds.extend_with(vertex.pos);
    }
    if bounds != Rect::NOTHING {
        let clip = Area::of_clip(clip, pixels_per_point);
        changed.add(Area::around(bounds, pixels_per_point).intersection(clip));
    }
}
