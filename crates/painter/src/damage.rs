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
    let same = |(one, other): &(&Piece, &Piece)| one == other;
    let first = before.iter().zip(after).take_while(same).count();
    let (before_rest, after_rest) = (&before[first..], &after[first..]);
    let last = before_rest.iter().rev().zip(after_rest.iter().rev());
    let last = last.take_while(same).count();
    let before_rest = &before_rest[..before_rest.len() - last];
    let after_rest = &after_rest[..after_rest.len() - last];

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
    let is_same = |(one, other): &([&Vertex; 3], [&Vertex; 3])| one == other;
    let pairs = triangles(one).zip(triangles(other));
    let first = pairs.take_while(is_same).count();
    let pairs = triangles(one).rev().zip(triangles(other).rev());
    let last = pairs.take_while(is_same).count();
    for mesh in [one, other] {
        let differing = triangles(mesh).len().saturating_sub(first + last);
        let differing = triangles(mesh).skip(first).take(differing);
        of_triangles(before.clip, differing, pixels_per_point, changed);
    }
}

fn triangles(mesh: &Mesh) -> impl DoubleEndedIterator<Item = [&Vertex; 3]> + ExactSizeIterator {
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
