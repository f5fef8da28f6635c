//! The painter by what it is given and the pixels that come of it.

use std::sync::Arc;

use bedrock_playground_painter::{Area, Canvas, Painter};
use egui::epaint::{ClippedPrimitive, ImageData, ImageDelta, Mesh, Primitive, Vertex, WHITE_UV};
use egui::{Color32, ColorImage, Pos2, Rect, TextureId, TextureOptions, TexturesDelta, pos2, vec2};

const BLACK: u32 = 0;
const WHITE: u32 = 0x00FF_FFFF;

/// A painter that knows the texture of letters: white in its first corner, and what else is given.
fn painter() -> Painter {
    let mut painter = Painter::new();
    set(
        &mut painter,
        TextureId::default(),
        [2, 2],
        &[Color32::WHITE; 4],
    );
    painter
}

fn set(painter: &mut Painter, id: TextureId, size: [usize; 2], pixels: &[Color32]) {
    let image = ColorImage::new(size, pixels.to_vec());
    let delta = ImageDelta::full(ImageData::Color(Arc::new(image)), TextureOptions::LINEAR);
    let mut textures = TexturesDelta::default();
    textures.set.insert(id, [delta].into_iter().collect());
    painter.update_textures(&textures);
    textures.clear();
}

fn seen(mesh: Mesh) -> ClippedPrimitive {
    ClippedPrimitive {
        clip_rect: Rect::EVERYTHING,
        primitive: Primitive::Mesh(mesh),
    }
}

fn rectangle(rect: Rect, colour: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    mesh.add_colored_rect(rect, colour);
    mesh
}

fn triangle(corners: [Pos2; 3], colours: [Color32; 3]) -> Mesh {
    let mut mesh = Mesh::default();
    for (pos, color) in corners.into_iter().zip(colours) {
        mesh.vertices.push(Vertex {
            pos,
            uv: WHITE_UV,
            color,
        });
    }
    mesh.add_triangle(0, 1, 2);
    mesh
}

/// All of a small window, painted anew on black.
fn painted(painter: &mut Painter, [width, height]: [u32; 2], meshes: Vec<Mesh>) -> Vec<Vec<u32>> {
    // Something else, to be painted over.
    let mut pixels = vec![0x0012_3456; (width * height) as usize];
    let mut canvas = Canvas {
        pixels: &mut pixels,
        width,
        height,
        age: 0,
    };
    let primitives = meshes.into_iter().map(seen).collect();
    painter.paint(&mut canvas, primitives, 1.0, Color32::BLACK);
    pixels.chunks(width as usize).map(<[_]>::to_vec).collect()
}

#[test]
fn a_rectangle_has_the_pixels_whose_middles_are_in_it() {
    let rect = Rect::from_min_max(pos2(0.6, 1.0), pos2(2.5, 2.4));
    let rows = painted(
        &mut painter(),
        [4, 3],
        vec![rectangle(rect, Color32::WHITE)],
    );
    assert_eq!(rows[0], [BLACK; 4]);
    assert_eq!(rows[1], [BLACK, WHITE, BLACK, BLACK]);
    assert_eq!(rows[2], [BLACK; 4]);
}

#[test]
fn two_triangles_share_an_edge_without_a_gap_and_without_a_seam() {
    // A slanted edge right through the window; half of white, so that a pixel painted twice is lighter.
    let half = Color32::from_white_alpha(128);
    let (upper, lower) = (pos2(5.3, 0.0), pos2(2.7, 8.0));
    let left = triangle([pos2(-9.0, 4.0), upper, lower], [half; 3]);
    let right = triangle([lower, upper, pos2(17.0, 4.0)], [half; 3]);
    let rows = painted(&mut painter(), [8, 8], vec![left, right]);
    for row in &rows[3..5] {
        assert_eq!(row[..], [0x0080_8080; 8]);
    }
}

#[test]
fn colours_between_corners_are_between_their_colours() {
    // Black at the left, white at x = 16: the middle of pixel n is at n + 0.5.
    let corners = [pos2(0.0, 0.0), pos2(16.0, 0.0), pos2(0.0, 400.0)];
    let colours = [Color32::BLACK, Color32::WHITE, Color32::BLACK];
    let rows = painted(&mut painter(), [8, 1], vec![triangle(corners, colours)]);
    let expected = [8, 24, 40, 56, 72, 88, 104, 120].map(|value: u32| value * 0x0001_0101);
    for (pixel, expected) in rows[0].iter().zip(expected) {
        assert!(
            pixel.abs_diff(expected) <= 0x0001_0101,
            "{pixel:x} {expected:x}"
        );
    }
}

#[test]
fn a_rectangle_the_wrong_way_round_is_one() {
    let rect = Rect::from_min_max(pos2(2.0, 2.0), pos2(1.0, 0.0));
    let rows = painted(
        &mut painter(),
        [3, 2],
        vec![rectangle(rect, Color32::WHITE)],
    );
    assert_eq!(rows, [[BLACK, WHITE, BLACK]; 2]);
}

#[test]
fn a_picture_at_its_size_is_itself() {
    let colours = [Color32::RED, Color32::GREEN, Color32::BLUE, Color32::GOLD];
    let mut painter = painter();
    set(&mut painter, TextureId::User(7), [2, 2], &colours);
    let mut mesh = Mesh::with_texture(TextureId::User(7));
    let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    mesh.add_rect_with_uv(
        Rect::from_min_size(pos2(1.0, 0.0), vec2(2.0, 2.0)),
        uv,
        Color32::WHITE,
    );
    let rows = painted(&mut painter, [4, 2], vec![mesh]);
    assert_eq!(rows[0], [BLACK, 0x00FF_0000, 0x0000_FF00, BLACK]);
    assert_eq!(rows[1], [BLACK, 0x0000_00FF, 0x00FF_D700, BLACK]);
}

#[test]
fn an_enlarged_picture_is_smooth() {
    let mut painter = painter();
    set(
        &mut painter,
        TextureId::User(7),
        [2, 1],
        &[Color32::BLACK, Color32::WHITE],
    );
    let mut mesh = Mesh::with_texture(TextureId::User(7));
    let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    mesh.add_rect_with_uv(
        Rect::from_min_size(Pos2::ZERO, vec2(4.0, 1.0)),
        uv,
        Color32::WHITE,
    );
    let rows = painted(&mut painter, [4, 1], vec![mesh]);
    // A quarter and three quarters between the middles of both; beyond them the nearest.
    assert_eq!(rows[0], [BLACK, 0x0040_4040, 0x00BF_BFBF, WHITE]);
}

#[test]
fn nothing_is_painted_outside_of_the_clip() {
    let mut pixels = vec![0; 16];
    let mut canvas = Canvas {
        pixels: &mut pixels,
        width: 4,
        height: 4,
        age: 0,
    };
    let everything = Rect::from_min_size(Pos2::ZERO, vec2(2.0, 2.0));
    let clipped = ClippedPrimitive {
        clip_rect: Rect::from_min_max(pos2(1.0, 1.0), pos2(1.5, 9.0)),
        primitive: Primitive::Mesh(rectangle(everything, Color32::WHITE)),
    };
    // Two pixels to a point.
    painter().paint(&mut canvas, vec![clipped], 2.0, Color32::BLACK);
    let white: Vec<_> = (0..16).filter(|&place| pixels[place] == WHITE).collect();
    assert_eq!(white, [10, 14], "the third column below the second row");
}

#[test]
fn what_is_no_number_or_far_away_does_no_harm() {
    let white = [Color32::WHITE; 3];
    let odd = [
        triangle([pos2(f32::NAN, 0.0), pos2(3.0, 0.0), pos2(0.0, 3.0)], white),
        triangle(
            [pos2(f32::INFINITY, 0.0), pos2(3.0, 0.0), pos2(0.0, 3.0)],
            white,
        ),
        rectangle(
            Rect::from_min_max(pos2(-1e30, -1e30), pos2(-1e20, 1e30)),
            Color32::WHITE,
        ),
        rectangle(Rect::NAN, Color32::WHITE),
    ];
    let rows = painted(&mut painter(), [4, 4], odd.into());
    assert_eq!(rows.concat(), [BLACK; 16]);
    let far = rectangle(
        Rect::from_min_max(pos2(-1e30, -1e30), pos2(1e30, 1e30)),
        Color32::WHITE,
    );
    let rows = painted(&mut painter(), [4, 4], vec![far]);
    assert_eq!(rows.concat(), [WHITE; 16]);
}

/// Numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) % end
    }

    fn point(&mut self) -> Pos2 {
        let mut coordinate = || f32::from(u16::try_from(self.below(640)).unwrap_or(0)) / 10.0;
        pos2(coordinate(), coordinate())
    }

    fn colour(&mut self) -> Color32 {
        let mut byte = || u8::try_from(self.below(256)).unwrap_or(0);
        Color32::from_rgba_unmultiplied(byte(), byte(), byte(), byte())
    }

    /// A shape of a window: a panel, a mesh of many triangles, or a picture.
    fn mesh(&mut self) -> Mesh {
        match self.below(3) {
            0 => {
                let rect = Rect::from_two_pos(self.point(), self.point());
                rectangle(rect, self.colour())
            }
            1 => {
                let mut mesh = Mesh::default();
                for _ in 0..=self.below(6) {
                    let corners = [self.point(), self.point(), self.point()];
                    let colours = [self.colour(), self.colour(), self.colour()];
                    mesh.append(triangle(corners, colours));
                }
                mesh
            }
            _ => {
                let mut mesh = Mesh::with_texture(TextureId::User(7));
                let rect = Rect::from_two_pos(self.point(), self.point());
                let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
                mesh.add_rect_with_uv(rect, uv, self.colour());
                mesh
            }
        }
    }
}

const SIDE: u32 = 64;

fn paint(painter: &mut Painter, pixels: &mut [u32], age: u8, meshes: &[Mesh]) -> Vec<Area> {
    let mut canvas = Canvas {
        pixels,
        width: SIDE,
        height: SIDE,
        age,
    };
    let primitives = meshes.iter().cloned().map(seen).collect();
    painter.paint(&mut canvas, primitives, 1.0, Color32::DARK_BLUE)
}

/// Whatever changes from frame to frame, and however many buffers take turns, what is seen is what painting it
/// all anew gives.
#[test]
fn what_is_painted_in_part_is_what_is_painted_as_a_whole() {
    for buffers in 1..=4_usize {
        let mut numbers = Numbers(buffers as u64);
        let mut painter = painter();
        let blank = vec![0; (SIDE * SIDE) as usize];
        let mut shown = vec![blank.clone(); buffers];
        let mut picture = [Color32::RED; 16];
        set(&mut painter, TextureId::User(7), [4, 4], &picture);
        let mut meshes: Vec<Mesh> = (0..6).map(|_| numbers.mesh()).collect();
        for frame in 0..200_usize {
            match numbers.below(5) {
                0 => meshes.push(numbers.mesh()),
                1 if meshes.len() > 2 => drop(meshes.swap_remove(0)),
                2 => {
                    picture[3] = numbers.colour();
                    set(&mut painter, TextureId::User(7), [4, 4], &picture);
                }
                3 => {
                    let colour = numbers.colour();
                    if let Some(vertex) =
                        meshes.last_mut().and_then(|mesh| mesh.vertices.first_mut())
                    {
                        vertex.color = colour;
                    }
                }
                _ => {}
            }
            let age = if frame < buffers {
                0
            } else {
                u8::try_from(buffers).unwrap_or(0)
            };
            let buffer = &mut shown[frame % buffers];
            paint(&mut painter, buffer, age, &meshes);

            let mut anew = self::painter();
            set(&mut anew, TextureId::User(7), [4, 4], &picture);
            let mut expected = blank.clone();
            paint(&mut anew, &mut expected, 0, &meshes);
            assert!(*buffer == expected, "frame {frame} of {buffers} buffers");
        }
    }
}

#[test]
fn what_stays_is_not_painted_again() {
    let mut painter = painter();
    let mut pixels = vec![0; (SIDE * SIDE) as usize];
    let panel = rectangle(
        Rect::from_min_size(Pos2::ZERO, vec2(64.0, 64.0)),
        Color32::GRAY,
    );
    let caret = |shade| {
        let mut mesh = panel.clone();
        mesh.add_colored_rect(Rect::from_min_size(pos2(10.0, 20.0), vec2(2.0, 8.0)), shade);
        mesh.add_colored_rect(
            Rect::from_min_size(pos2(40.0, 40.0), vec2(9.0, 9.0)),
            Color32::RED,
        );
        mesh
    };
    paint(&mut painter, &mut pixels, 0, &[caret(Color32::WHITE)]);
    // What is only there to be seen when it is painted over.
    pixels.fill(7);
    let same = paint(&mut painter, &mut pixels, 1, &[caret(Color32::WHITE)]);
    assert!(same.is_empty(), "{same:?}");
    let blink = paint(&mut painter, &mut pixels, 1, &[caret(Color32::BLACK)]);
    assert_eq!(
        blink,
        [Area {
            left: 10,
            top: 20,
            right: 12,
            bottom: 28
        }]
    );
    assert_eq!(pixels.iter().filter(|&&pixel| pixel != 7).count(), 2 * 8);
}
