//! Files as they come: photographs, and what is broken, huge or hostile.

#![expect(
    clippy::cast_possible_truncation,
    reason = "colours of test pictures, whatever they come to"
)]

use std::io::Cursor;
use std::path::{Path, PathBuf};

use bedrock_playground::chat::{ContentBlock, DocumentFormat, ImageFormat, MediaSource};
use bedrock_playground::media::{
    self, Attachment, Change, ImageAttachment, Limits, MediaError, Reason,
};
use image::imageops::FilterType;
use image::{DynamicImage, Rgb, RgbImage};
use img_parts::jpeg::{Jpeg, JpegSegment};
use img_parts::{ImageEXIF as _, ImageICC as _};
use libjpeg_turbo_rs::{Encoder, PixelFormat, Subsampling};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("assets/samples")
        .join(name)
}

fn picture(attachment: &Attachment) -> &ImageAttachment {
    attachment.image().expect("a picture")
}

fn sent(attachment: &Attachment) -> &[u8] {
    match &picture(attachment).prepared.source {
        MediaSource::Bytes(bytes) => bytes,
        other => panic!("expected bytes, got {other:?}"),
    }
}

fn encoded(image: &DynamicImage, format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn small_jpeg() -> Vec<u8> {
    let image = RgbImage::from_fn(48, 32, |x, y| Rgb([(x * 5) as u8, (y * 7) as u8, 90]));
    encoded(&image.into(), image::ImageFormat::Jpeg)
}

/// A PNG that only says how large it is: header, four bytes of compressed nothing, end.
fn hollow_png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend_from_slice(&width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    header.extend_from_slice(&[8, 2, 0, 0, 0]);
    for (kind, data) in [
        (b"IHDR", header.as_slice()),
        (b"IDAT", &[0x78, 0x9c, 0x03, 0x00]),
        (b"IEND", &[]),
    ] {
        let chunk = img_parts::png::PngChunk::new(*kind, data.to_vec().into());
        bytes.extend_from_slice(&chunk.encoder().bytes());
    }
    bytes
}

#[test]
fn a_photograph_taken_sideways_is_sent_upright() {
    let attachment = media::open(&sample("cat.jpg"), &Limits::converse()).unwrap();
    let image = picture(&attachment);
    // Stored 300 × 451 with orientation 6.
    assert_eq!((image.width, image.height), (451, 300));
    assert_eq!((image.original_width, image.original_height), (451, 300));
    assert_eq!(image.changes, [Change::TurnedUpright]);
    assert_eq!(image.prepared.format, ImageFormat::Jpeg);
    // 320 × 300 / 451 = 212.86
    assert_eq!((image.thumbnail.width, image.thumbnail.height), (320, 212));
    let jpeg = Jpeg::from_bytes(sent(&attachment).to_vec().into()).unwrap();
    assert!(jpeg.exif().is_none(), "or it would be turned twice");
    assert!(matches!(
        attachment.content_block(),
        ContentBlock::Image(image) if image.format == ImageFormat::Jpeg
    ));
}

#[test]
fn a_photograph_within_the_limits_keeps_pixels_and_colours() {
    let path = sample("rocket.jpg");
    let original = std::fs::read(&path).unwrap();
    let attachment = media::open(&path, &Limits::converse()).unwrap();
    assert_eq!(picture(&attachment).changes, [Change::MetadataRemoved]);
    let before = Jpeg::from_bytes(original.clone().into()).unwrap();
    let after = Jpeg::from_bytes(sent(&attachment).to_vec().into()).unwrap();
    assert!(before.icc_profile().is_some());
    assert_eq!(before.icc_profile(), after.icc_profile());
    assert_eq!(
        image::load_from_memory(&original).unwrap(),
        image::load_from_memory(sent(&attachment)).unwrap()
    );
}

#[test]
fn colours_keep_their_meaning_when_a_photograph_is_made_smaller() {
    let limits = Limits {
        max_edge: Some(200),
        ..Limits::converse()
    };
    let attachment = media::open(&sample("rocket.jpg"), &limits).unwrap();
    // 427 × 200 / 640 = 133.4
    assert_eq!(
        picture(&attachment).changes,
        [Change::Downscaled {
            from: (640, 427),
            to: (200, 133),
            reason: Reason::Chosen
        }]
    );
    let jpeg = Jpeg::from_bytes(sent(&attachment).to_vec().into()).unwrap();
    assert!(jpeg.icc_profile().is_some(), "it is Adobe RGB, not sRGB");
}

/// How far apart the brightness of two pictures is: the mean over all pixels, of 255.
fn difference(one: &DynamicImage, other: &DynamicImage) -> f64 {
    let (one, other) = (one.to_luma8(), other.to_luma8());
    assert_eq!(one.dimensions(), other.dimensions());
    let apart: u32 = one
        .iter()
        .zip(other.iter())
        .map(|(one, other)| u32::from(one.abs_diff(*other)))
        .sum();
    f64::from(apart) / f64::from(u32::try_from(one.len()).unwrap())
}

// Most of a large JPEG is never decoded when it is to be sent smaller: what comes out must look like all
// of it, decoded and then made smaller.
#[test]
fn what_is_made_smaller_while_it_is_decoded_looks_like_the_whole() {
    let kinds = [
        "ordinary",
        "grey",
        "progressive",
        "colours at half the detail",
    ];
    for name in ["cat.jpg", "coffee.jpg", "rocket.jpg"] {
        let original = image::open(sample(name)).unwrap();
        for kind in kinds {
            let (width, height) = (original.width(), original.height());
            let (pixels, format) = if kind == "grey" {
                (original.to_luma8().into_raw(), PixelFormat::Grayscale)
            } else {
                (original.to_rgb8().into_raw(), PixelFormat::Rgb)
            };
            let subsampling = if kind == "colours at half the detail" {
                Subsampling::S420
            } else {
                Subsampling::S444
            };
            let bytes = Encoder::new(&pixels, width as usize, height as usize, format)
                .quality(95)
                .progressive(kind == "progressive")
                .subsampling(subsampling)
                .encode()
                .unwrap();
            let whole = image::load_from_memory(&bytes).unwrap();
            // A half, a quarter and an eighth of each are at hand, and what lies between them; 400 is more
            // than a half.
            for edge in [400, 220, 150, 100, 55, 20] {
                let limits = Limits {
                    max_edge: Some(edge),
                    ..Limits::converse()
                };
                let attachment = media::open_bytes("a.jpg", &bytes, &limits).unwrap();
                let smaller = image::load_from_memory(sent(&attachment)).unwrap();
                let (across, down) = (smaller.width(), smaller.height());
                assert_eq!(across.max(down), edge, "{name}, {kind}");
                let changes = &picture(&attachment).changes;
                let from = (width, height);
                assert!(
                    matches!(changes[..], [Change::Downscaled { from: it, .. }] if it == from),
                    "{name}, {kind}: {changes:?}"
                );
                let expected = whole.resize_exact(across, down, FilterType::Lanczos3);
                let apart = difference(&smaller, &expected);
                // Saving it anew is 1 to 2 of these; of an eighth, a begun block's pixel is a whole one.
                let most = if edge < 100 { 8.0 } else { 4.0 };
                assert!(apart < most, "{name}, {kind}, {edge}: {apart:.1} of 255");
            }
        }
    }
}

#[test]
fn what_lies_on_its_side_is_made_smaller_upright() {
    let limits = Limits {
        max_edge: Some(110),
        ..Limits::converse()
    };
    let attachment = media::open(&sample("cat.jpg"), &limits).unwrap();
    // Stored 300 × 451 and lying: 300 × 110 / 451 = 73.2
    let (image, to) = (picture(&attachment), (110, 73));
    assert_eq!((image.width, image.height), to);
    let downscaled = Change::Downscaled {
        from: (451, 300),
        to,
        reason: Reason::Chosen,
    };
    assert_eq!(image.changes, [Change::TurnedUpright, downscaled]);
}

#[test]
fn a_second_picture_behind_the_first_does_not_leave() {
    let mut bytes = small_jpeg();
    let length = bytes.len();
    // Phones append a second JPEG, or a film, each with its own place and time.
    bytes.extend_from_slice(&small_jpeg());
    let attachment = media::open_bytes("burst.jpg", &bytes, &Limits::converse()).unwrap();
    assert_eq!(sent(&attachment).len(), length);
    assert_eq!(picture(&attachment).changes, [Change::MetadataRemoved]);
}

#[test]
fn metadata_stays_when_it_is_wanted() {
    let mut jpeg = Jpeg::from_bytes(small_jpeg().into()).unwrap();
    let comment = JpegSegment::new_with_contents(0xfe, b"By the lake"[..].to_vec().into());
    jpeg.segments_mut().insert(1, comment);
    let bytes = jpeg.encoder().bytes();
    let keep = Limits {
        keep_metadata: true,
        ..Limits::converse()
    };
    let kept = media::open_bytes("lake.jpg", &bytes, &keep).unwrap();
    assert_eq!(sent(&kept), &bytes[..]);
    let stripped = media::open_bytes("lake.jpg", &bytes, &Limits::converse()).unwrap();
    assert_eq!(sent(&stripped), small_jpeg());
}

#[test]
fn the_same_bytes_have_the_same_hash_whatever_their_name() {
    let limits = Limits::converse();
    let one = media::open_bytes("one.jpg", &small_jpeg(), &limits).unwrap();
    let two = media::open_bytes("two.jpg", &small_jpeg(), &limits).unwrap();
    let other = media::open(&sample("coffee.jpg"), &limits).unwrap();
    assert_eq!(picture(&one).content_hash, picture(&two).content_hash);
    assert_ne!(picture(&one).content_hash, picture(&other).content_hash);
}

#[test]
fn bombs_are_refused_by_what_their_header_says() {
    let png = hollow_png(50_000, 50_000);
    let gif = b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff\x2c\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0\x3b";
    let mut jpeg = small_jpeg();
    let frame = jpeg
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    let mut bmp = encoded(&RgbImage::new(4, 4).into(), image::ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&60_000_u32.to_le_bytes());
    bmp[22..26].copy_from_slice(&60_000_u32.to_le_bytes());
    for (name, bytes, side) in [
        ("bomb.png", png.as_slice(), 50_000),
        ("bomb.gif", gif, 65_535),
        ("bomb.jpg", &jpeg, 65_535),
        ("bomb.bmp", &bmp, 60_000),
    ] {
        let error = media::open_bytes(name, bytes, &Limits::converse()).unwrap_err();
        match &error {
            MediaError::TooManyPixels { width, height, .. } => {
                assert_eq!((*width, *height), (side, side), "{name}");
            }
            other => panic!("{name}: {other}"),
        }
        assert!(error.to_string().starts_with(name), "{error}");
    }
}

#[test]
fn a_bomb_tells_what_it_would_take() {
    let bytes = hollow_png(50_000, 50_000);
    let error = media::open_bytes("bomb.png", &bytes, &Limits::converse()).unwrap_err();
    // 50,000 × 50,000 × 3 bytes = 7,500 MB; 512 × 1,024 × 1,024 bytes = 536 MB.
    assert_eq!(
        error.to_string(),
        "bomb.png is too large: 50000 × 50000 pixels would take 7500 MB of memory, at most 536 MB are allowed"
    );
}

#[test]
fn wherever_a_file_is_cut_there_is_a_result_or_a_reason() {
    let image: DynamicImage = RgbImage::from_fn(24, 16, |x, y| {
        Rgb([(x * 9) as u8, (y * 13) as u8, (x * y) as u8])
    })
    .into();

    for format in [
        image::ImageFormat::Png,
        image::ImageFormat::Jpeg,
        image::ImageFormat::Gif,
        image::ImageFormat::WebP,
        image::ImageFormat::Bmp,
        image::ImageFormat::Tiff,
    ] {
        let whole = encoded(&image, format);
        assert!(media::open_bytes("whole", &whole, &Limits::converse()).is_ok());
        for length in 0..whole.len() {
            if let Err(error) = media::open_bytes("cut", &whole[..length], &Limits::converse()) {
                assert!(error.to_string().starts_with("cut "), "{error}");
            }
        }
        // Every byte turned over, one at a time.
        for at in 0..whole.len() {
            let mut broken = whole.clone();
            broken[at] ^= 0xff;
            if let Err(error) = media::open_bytes("broken", &broken, &Limits::converse()) {
                assert!(!error.advice().is_empty(), "{format:?}: {error}");
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_without_waiting_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.png");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let error = media::open(&pipe, &Limits::converse()).unwrap_err();
    assert_eq!(error.to_string(), "pipe.png is not a regular file");
}

#[test]
fn one_pixel_is_a_picture() {
    let bytes = encoded(&RgbImage::new(1, 1).into(), image::ImageFormat::Png);
    let attachment = media::open_bytes("dot.png", &bytes, &Limits::converse()).unwrap();
    let thumbnail = &picture(&attachment).thumbnail;
    assert_eq!((thumbnail.width, thumbnail.height), (1, 1));
}

#[test]
fn a_very_long_strip_is_fitted() {
    let bytes = encoded(&RgbImage::new(9_000, 1).into(), image::ImageFormat::Png);
    let attachment = media::open_bytes("strip.png", &bytes, &Limits::converse()).unwrap();
    let image = picture(&attachment);
    assert_eq!((image.width, image.height), (8_000, 1));
    assert_eq!(
        image.changes,
        [Change::Downscaled {
            from: (9_000, 1),
            to: (8_000, 1),
            reason: Reason::Pixels
        }]
    );
}

#[test]
fn a_document_is_sent_as_it_is_under_a_neutral_name() {
    let bytes = b"# Notes\n\nGr\xc3\xbc\xc3\x9fe";
    let attachment = media::open_bytes("my_notes.md", bytes, &Limits::converse()).unwrap();
    assert!(attachment.image().is_none());
    assert_eq!(attachment.sent_size(), bytes.len());
    match attachment.content_block() {
        ContentBlock::Document(document) => {
            assert_eq!(document.format, DocumentFormat::Md);
            assert_eq!(document.name, "my notes");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_document_too_large_names_both_sizes() {
    let bytes = vec![b'a'; 4_500_001];
    let error = media::open_bytes("long.txt", &bytes, &Limits::converse()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "long.txt is too large: 4.6 MB, at most 4.5 MB are taken"
    );
}

#[test]
fn what_is_neither_is_named() {
    let error = media::open_bytes("song", b"OggS\0\x01", &Limits::converse()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "song is neither an image nor a document (a sound file)"
    );
}

fn opened(name: &str) -> Attachment {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/pictures")
        .join(name);
    media::open(&path, &Limits::converse()).expect(name)
}

/// Within what a lossy format changes.
fn near(pixel: [u8; 4], expected: [u8; 4]) -> bool {
    pixel
        .into_iter()
        .zip(expected)
        .all(|(found, expected)| found.abs_diff(expected) <= 12)
}

// Made with libavif and x265: red (220, 20, 20) on the left, blue (20, 20, 220) on the right.
#[test]
fn pictures_of_phones_and_of_the_web_are_decoded_to_their_colours() {
    let (red, blue) = ([220, 20, 20, 255], [20, 20, 220, 255]);
    for (name, size, at, expected) in [
        ("halves.avif", (64, 48), (10, 20), red),
        ("halves.avif", (64, 48), (50, 20), blue),
        ("halves.heic", (64, 48), (10, 20), red),
        ("halves.heic", (64, 48), (50, 20), blue),
        // Turned right, what was left is on top.
        ("turned.avif", (48, 64), (20, 10), red),
        ("turned.avif", (48, 64), (20, 54), blue),
        ("clear.avif", (64, 48), (10, 20), [220, 20, 20, 128]),
        ("clear.heic", (64, 48), (10, 20), [220, 20, 20, 128]),
        // 0.299 · 220 + 0.587 · 20 + 0.114 · 20 = 79.8
        ("grey.avif", (64, 48), (10, 20), [80, 80, 80, 255]),
    ] {
        let attachment = opened(name);
        let image = image::load_from_memory(sent(&attachment))
            .unwrap()
            .to_rgba8();
        assert_eq!(image.dimensions(), size, "{name}");
        let pixel = image.get_pixel(at.0, at.1).0;
        assert!(near(pixel, expected), "{name} at {at:?}: {pixel:?}");
        let from = if name.ends_with("avif") {
            "AVIF"
        } else {
            "HEIC"
        };
        let changes = &picture(&attachment).changes;
        assert!(
            matches!(changes.as_slice(), [Change::Converted { from: found, .. }] if *found == from),
            "{name}: {changes:?}"
        );
    }
}

#[test]
fn new_formats_end_in_a_result_or_a_reason_wherever_they_are_cut_or_changed() {
    for name in ["halves.avif", "clear.avif", "halves.heic", "clear.heic"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/pictures")
            .join(name);
        let whole = std::fs::read(path).unwrap();
        for length in 0..whole.len() {
            media::open_image_bytes(name, &whole[..length], &Limits::converse()).ok();
            let mut changed = whole.clone();
            changed[length] ^= 0x55;
            media::open_image_bytes(name, &changed, &Limits::converse()).ok();
        }
        let cut = media::open_image_bytes(name, &whole[..whole.len() - 40], &Limits::converse());
        assert!(
            matches!(
                cut,
                Err(MediaError::CutOff { .. } | MediaError::Damaged { .. })
            ),
            "{name}: {cut:?}"
        );
    }
}
