//! The blocks of a GIF: which of them are metadata, and how many pictures it holds. `GIF89a`
//! specification, appendix B.

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;
const COMMENT: u8 = 0xfe;
const APPLICATION: u8 = 0xff;
/// Signature, screen size, flags, background and aspect ratio.
const HEADER: usize = 13;
const IMAGE_DESCRIPTOR: usize = 10;

/// The file without comments, XMP and what is appended to it; how often it repeats stays. `None`
/// when it cannot be taken apart.
pub fn without_metadata(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = bytes.get(..header_length(bytes)?)?.to_vec();
    let mut at = kept.len();
    loop {
        let start = at;
        match *bytes.get(at)? {
            TRAILER => {
                kept.push(TRAILER);
                return Some(kept);
            }
            IMAGE => {
                at = past_image(bytes, at)?;
                kept.extend_from_slice(bytes.get(start..at)?);
            }
            EXTENSION => {
                let label = *bytes.get(at + 1)?;
                at = past_sub_blocks(bytes, at + 2)?;
                let block = bytes.get(start..at)?;
                if !is_metadata(label, block) {
                    kept.extend_from_slice(block);
                }
            }
            _ => return None,
        }
    }
}

/// Whether its blocks reach the trailer.
pub fn is_complete(bytes: &[u8]) -> bool {
    without_metadata(bytes).is_some()
}

/// How many pictures it holds, as far as it can be read.
pub fn frames(bytes: &[u8]) -> usize {
    let mut count = 0;
    let Some(mut at) = header_length(bytes) else {
        return 0;
    };
    loop {
        let next = match bytes.get(at) {
            Some(&IMAGE) => {
                count += 1;
                past_image(bytes, at)
            }
            Some(&EXTENSION) => past_sub_blocks(bytes, at + 2),
            _ => return count,
        };
        match next {
            Some(next) => at = next,
            None => return count,
        }
    }
}

fn is_metadata(label: u8, block: &[u8]) -> bool {
    const LOOPING: [&[u8]; 2] = [b"NETSCAPE2.0", b"ANIMEXTS1.0"];
    const PROFILE: &[u8] = b"ICCRGBG1012";
    match label {
        COMMENT => true,
        // Introducer, label, length, then the application's name.
        APPLICATION => !block
            .get(3..14)
            .is_some_and(|name| LOOPING.contains(&name) || name == PROFILE),
        _ => false,
    }
}

fn header_length(bytes: &[u8]) -> Option<usize> {
    Some(HEADER + colour_table(*bytes.get(10)?))
}

fn past_image(bytes: &[u8], at: usize) -> Option<usize> {
    let flags = *bytes.get(at + IMAGE_DESCRIPTOR - 1)?;
    // One byte of code size stands before the data.
    past_sub_blocks(bytes, at + IMAGE_DESCRIPTOR + colour_table(flags) + 1)
}

fn past_sub_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}

/// Bytes of the colour table that these flags announce.
fn colour_table(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 7) + 1)
    }
}

#[cfg(test)]
mod tests {
    use image::codecs::gif::{GifEncoder, Repeat};
    use image::{Delay, Frame, Rgba, RgbaImage};

    use super::*;

    fn animation() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new(&mut bytes);
        encoder.set_repeat(Repeat::Infinite).unwrap();
        for shade in [0, 100, 200] {
            let image = RgbaImage::from_pixel(9, 7, Rgba([shade, 10, 20, 255]));
            let delay = Delay::from_numer_denom_ms(100, 1);
            encoder
                .encode_frame(Frame::from_parts(image, 0, 0, delay))
                .unwrap();
        }
        drop(encoder);
        bytes
    }

    #[test]
    fn comments_xmp_and_trailers_go_frames_and_repeats_stay() {
        let clean = animation();
        assert_eq!(frames(&clean), 3);
        assert_eq!(without_metadata(&clean).as_deref(), Some(&clean[..]));
        let mut marked = clean.clone();
        marked.pop();
        marked.extend_from_slice(b"\x21\xfe\x05hello\0");
        marked.extend_from_slice(b"\x21\xff\x0bXMP DataXMP\x03abc\0");
        marked.extend_from_slice(b"\x3bbehind the end");
        assert_eq!(without_metadata(&marked), Some(clean));
    }

    #[test]
    fn a_cut_one_is_not_taken_apart() {
        let whole = animation();
        for length in 0..whole.len() {
            assert_eq!(without_metadata(&whole[..length]), None, "cut at {length}");
            assert!(frames(&whole[..length]) <= 3);
        }
    }
}
