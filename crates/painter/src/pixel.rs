//! What is done to one pixel. Colours are premultiplied and stay as they are stored, not linear, as egui's
//! other painters blend them; a packed one is `0xAARRGGBB`.

use egui::Color32;

/// The red and blue of a packed colour.
const LANES: u32 = 0x00FF_00FF;

/// Opaque white, which changes nothing it is multiplied with.
pub const WHITE: u32 = 0xFFFF_FFFF;

pub fn pack(colour: Color32) -> u32 {
    let [r, g, b, a] = colour.to_array();
    u32::from_be_bytes([a, r, g, b])
}

/// A colour on black, without alpha.
pub fn opaque(colour: Color32) -> u32 {
    pack(colour) & 0x00FF_FFFF
}

pub const fn alpha(colour: u32) -> u32 {
    colour >> 24
}

/// Two lanes of 8 bits, each multiplied with a factor of 255ths and rounded.
const fn scale_lanes(lanes: u32, factor: u32) -> u32 {
    let product = lanes * factor + 0x0080_0080;
    ((product + ((product >> 8) & LANES)) >> 8) & LANES
}

/// Every channel multiplied with a factor of 255ths.
pub const fn scale(colour: u32, factor: u32) -> u32 {
    scale_lanes(colour & LANES, factor) | (scale_lanes((colour >> 8) & LANES, factor) << 8)
}

/// Channel by channel, as light through a coloured glass.
pub fn multiply(texel: u32, tint: u32) -> u32 {
    if tint == WHITE {
        return texel;
    }
    // Letters are white, as opaque as they cover the pixel.
    let coverage = alpha(texel);
    if texel == coverage * 0x0101_0101 {
        return scale(tint, coverage);
    }
    let texel = texel.to_be_bytes();
    let tint = tint.to_be_bytes();
    let channel = |index: usize| {
        let product = u32::from(texel[index]) * u32::from(tint[index]) + 128;
        ((product + (product >> 8)) >> 8).to_le_bytes()[0]
    };
    u32::from_be_bytes([channel(0), channel(1), channel(2), channel(3)])
}

/// Two lanes added, none beyond 255: a colour may be lighter than its alpha, which makes it glow.
const fn add_lanes(one: u32, other: u32) -> u32 {
    let sum = one + other;
    let carries = (sum >> 8) & 0x0001_0001;
    (sum | (carries * 0xFF)) & LANES
}

/// A colour over a pixel that has none of its own alpha.
pub const fn over(below: u32, colour: u32) -> u32 {
    let through = 255 - alpha(colour);
    let red_blue = add_lanes(scale_lanes(below & LANES, through), colour & LANES);
    let green = add_lanes(
        scale_lanes((below >> 8) & 0xFF, through),
        (colour >> 8) & 0xFF,
    );
    red_blue | (green << 8)
}

/// A colour over a row of pixels.
pub fn fill(pixels: &mut [u32], colour: u32) {
    match alpha(colour) {
        255 => pixels.fill(colour & 0x00FF_FFFF),
        _ if colour == 0 => {}
        _ => {
            for pixel in pixels {
                *pixel = over(*pixel, colour);
            }
        }
    }
}

/// Between two colours, at 256ths of the way.
pub const fn between(from: u32, to: u32, at: u32) -> u32 {
    const fn lanes(from: u32, to: u32, at: u32) -> u32 {
        ((from * (256 - at) + to * at + 0x0080_0080) >> 8) & LANES
    }
    lanes(from & LANES, to & LANES, at) | (lanes((from >> 8) & LANES, (to >> 8) & LANES, at) << 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opaque_covers_and_transparent_leaves() {
        assert_eq!(over(0x0012_3456, 0xFF65_4321), 0x0065_4321);
        assert_eq!(over(0x0012_3456, 0), 0x0012_3456);
    }

    #[test]
    fn half_of_white_over_black_is_grey() {
        // 128 of 255 white, premultiplied.
        assert_eq!(over(0, 0x8080_8080), 0x0080_8080);
        // And over white it stays white: 128 + 255 * 127 / 255.
        assert_eq!(over(0x00FF_FFFF, 0x8080_8080), 0x00FF_FFFF);
    }

    #[test]
    fn what_glows_ends_at_white() {
        // Additive: alpha 0.
        assert_eq!(over(0x00F0_1080, 0x0020_2020), 0x00FF_30A0);
    }

    #[test]
    fn every_product_is_rounded_to_the_nearest() {
        for value in 0..=255_u32 {
            for factor in 0..=255_u32 {
                let exact = (2 * value * factor + 255) / (2 * 255);
                assert_eq!(scale(value, factor), exact, "{value} * {factor}");
            }
        }
    }

    #[test]
    fn letters_take_the_colour_of_their_tint() {
        // A quarter covered: 64 / 255 of each channel.
        assert_eq!(multiply(0x4040_4040, 0xFF00_80FF), 0x4000_2040);
        // A red glass over yellow.
        assert_eq!(multiply(0xFFFF_FF00, 0xFFFF_0000), 0xFFFF_0000);
    }

    #[test]
    fn half_way_is_the_mean() {
        assert_eq!(between(0xFF00_0000, 0xFFFF_8040, 128), 0xFF80_4020);
    }
}
