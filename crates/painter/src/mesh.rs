//! A mesh, triangle by triangle, and by rectangles where two triangles are one: letters, pictures, panels.

use egui::epaint::{Mesh, Vertex};

use crate::Canvas;
use crate::area::Area;
use crate::quad::Quad;
use crate::texture::Texture;
use crate::triangle;

/// Paints a mesh where the clip lets it.
pub fn paint(
    canvas: &mut Canvas<'_>,
    clip: Area,
    mesh: &Mesh,
    texture: &Texture,
    pixels_per_point: f32,
) {
    let corner = |index: u32| {
        let vertex = mesh.vertices.get(index as usize);
        let vertex = vertex.copied().unwrap_or_default();
        Vertex {
            pos: vertex.pos * pixels_per_point,
            ..vertex
        }
    };
    let mut rest = mesh.indices.as_chunks::<3>().0;
    while let [indices, after @ ..] = rest {
        rest = after;
        let corners = indices.map(corner);
        if let [second, after @ ..] = rest
            && second[..2] == [indices[2], indices[1]]
            && let Some(quad) = Quad::of(corners, corner(second[2]))
        {
            quad.paint(canvas, clip, texture);
            rest = after;
        } else {
            triangle::paint(canvas, clip, &corners, texture);
        }
    }
}
