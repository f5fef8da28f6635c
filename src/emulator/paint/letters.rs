//! The one word that is written into every picture.

use image::{Rgba, RgbaImage};

/// Each letter has five columns and seven rows; a row is five bits.
const WIDTH: u32 = 5;
const HEIGHT: u32 = 7;
const LETTERS: u32 = 9;
const WORD: [[u8; HEIGHT as usize]; LETTERS as usize] = [
    [
        0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110,
    ], // S
    [
        0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110,
    ], // I
    [
        0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001,
    ], // M
    [
        0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110,
    ], // U
    [
        0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111,
    ], // L
    [
        0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001,
    ], // A
    [
        0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100,
    ], // T
    [
        0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111,
    ], // E
    [
        0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110,
    ], // D
];
const INK: Rgba<u8> = Rgba([255, 255, 255, 255]);
const PAPER: Rgba<u8> = Rgba([20, 20, 24, 255]);

/// Writes it into the lower left corner, a third of the picture wide.
pub(super) fn stamp(picture: &mut RgbaImage) {
    let columns = LETTERS * (WIDTH + 1) + 1;
    let dot = (picture.width() / (3 * columns)).max(1);
    let (width, height) = (columns * dot, (HEIGHT + 2) * dot);
    let top = picture.height().saturating_sub(height);
    for y in 0..height.min(picture.height()) {
        for x in 0..width.min(picture.width()) {
            let ink = is_ink(x / dot, y / dot);
            picture.put_pixel(x, top + y, if ink { INK } else { PAPER });
        }
    }
}

fn is_ink(column: u32, row: u32) -> bool {
    let (Some(column), Some(row)) = (column.checked_sub(1), row.checked_sub(1)) else {
        return false;
    };
    let (letter, column) = ((column / (WIDTH + 1)) as usize, column % (WIDTH + 1));
    let rows = WORD.get(letter).and_then(|rows| rows.get(row as usize));
    column < WIDTH && rows.is_some_and(|bits| bits >> (WIDTH - 1 - column) & 1 == 1)
}
