//! JPEG beyond what decoders tell: whether it has its end, for they fill what is missing with grey and
//! nobody would know; and fewer pixels of it for much less work.

use std::panic::catch_unwind;

use image::{DynamicImage, GrayImage, RgbImage};
use jpeg_decoder::{Decoder, PixelFormat};
use memchr::memchr;

use super::Limits;

/// The picture at a half, a quarter or an eighth of its size, whose longest side is still at least this
/// many pixels: each block of 8 × 8 is made smaller before it becomes pixels. `None` where that gains
/// nothing, and where the picture is anything but plain grey or colour; what is wrong with a damaged one
/// the ordinary decoder says.
pub fn decode_smaller(bytes: &[u8], longest_side: u32, limits: &Limits) -> Option<DynamicImage> {
    // Other people's code on anybody's bytes.
    catch_unwind(|| {
        let mut decoder = Decoder::new(bytes);
        decoder.set_max_decoding_buffer_size(usize::try_from(limits.decoded_bytes).ok()?);
        decoder.read_info().ok()?;
        let full = decoder.info()?;
        // The least size with a side of at least so many pixels, which the longer one reaches first.
        let side = u16::try_from(longest_side).ok()?;
        let (width, height) = decoder.scale(side, side).ok()?;
        if (width, height) == (full.width, full.height) {
            return None;
        }
        let (width, height) = (width.into(), height.into());
        match full.pixel_format {
            PixelFormat::RGB24 => {
                RgbImage::from_raw(width, height, decoder.decode().ok()?).map(Into::into)
            }
            PixelFormat::L8 => {
                GrayImage::from_raw(width, height, decoder.decode().ok()?).map(Into::into)
            }
            PixelFormat::L16 | PixelFormat::CMYK32 => None,
        }
    })
    .ok()
    .flatten()
}

/// Whether the stream of segments reaches the end-of-image marker. ITU-T T.81, annex B.
pub fn is_complete(bytes: &[u8]) -> bool {
    end(bytes).is_some()
}

/// How many components a decoder must keep whole until the last pass: all of a progressive picture,
/// and none of one that comes line by line.
pub fn components_kept(bytes: &[u8]) -> u64 {
    const BASELINE: [u8; 2] = [0xc0, 0xc1];
    /// Start-of-frame markers, among which stand three others: DHT, JPG and DAC.
    const OTHERS: [u8; 3] = [0xc4, 0xc8, 0xcc];
    let mut at = 2;
    while let Some(marker) = next_marker(bytes, &mut at) {
        match marker {
            0x01 | 0xd0..=0xd7 => {}
            marker if BASELINE.contains(&marker) => return 0,
            0xc2..=0xcf if !OTHERS.contains(&marker) => {
                // Length, precision, height and width, then the number of components.
                return bytes.get(at + 7).copied().map_or(0, u64::from);
            }
            _ => match bytes.get(at..at + 2) {
                Some(&[high, low]) => at += usize::from(u16::from_be_bytes([high, low])),
                _ => return 0,
            },
        }
    }
    0
}

/// Where the first picture ends; phones put more behind it: a second picture, a film, and their
/// metadata.
pub fn end(bytes: &[u8]) -> Option<usize> {
    const END_OF_IMAGE: u8 = 0xd9;
    const START_OF_SCAN: u8 = 0xda;
    let mut at = 2;
    while let Some(marker) = next_marker(bytes, &mut at) {
        match marker {
            END_OF_IMAGE => return Some(at),
            // Markers that stand alone: TEM and the restarts.
            0x01 | 0xd0..=0xd7 => {}
            _ => {
                let [high, low] = bytes.get(at..at + 2)? else {
                    return None;
                };
                at += usize::from(u16::from_be_bytes([*high, *low]));
                if marker == START_OF_SCAN {
                    skip_scan(bytes, &mut at);
                }
            }
        }
    }
    None
}

/// The next marker, past any fill bytes; `at` is left behind it.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    let start = *at + memchr(0xff, bytes.get(*at..)?)?;
    let length = bytes[start..]
        .iter()
        .take_while(|byte| **byte == 0xff)
        .count();
    *at = start + length + 1;
    bytes.get(start + length).copied()
}

/// Skips compressed data: there 0xff is followed by 0 or a restart, until the next real marker.
fn skip_scan(bytes: &[u8], at: &mut usize) {
    while let Some(rest) = bytes.get(*at..) {
        let Some(found) = memchr(0xff, rest) else {
            *at = bytes.len();
            return;
        };
        match rest.get(found + 1) {
            Some(0x00 | 0xd0..=0xd7) => *at += found + 2,
            Some(0xff) => *at += found + 1,
            _ => {
                *at += found;
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn jpeg() -> Vec<u8> {
        let mut bytes = Vec::new();
        RgbImage::from_fn(64, 48, |x, y| {
            image::Rgb([if x > y { 200 } else { 40 }, 90, 77])
        })
        .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Jpeg)
        .unwrap();
        bytes
    }

    #[test]
    fn a_whole_one_is_whole_wherever_it_is_cut_it_is_not() {
        let whole = jpeg();
        assert!(is_complete(&whole));
        for length in 0..whole.len() - 1 {
            assert!(!is_complete(&whole[..length]), "cut at {length}");
        }
    }

    #[test]
    fn bytes_behind_the_end_do_no_harm() {
        let mut bytes = jpeg();
        let length = bytes.len();
        bytes.extend_from_slice(b"trailer");
        assert_eq!(end(&bytes), Some(length));
    }
}
