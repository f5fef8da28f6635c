//! Odd, broken and hostile pictures: each ends as a result or as a reason in words, and nothing else
//! comes of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use bedrock_playground::figures::Kind;
use bedrock_playground::media::{self, Change, Limits, MediaError};
use image::{Rgb, RgbImage};
use serde_json::Value;

use super::cli::Cli;

/// Two decoders at once, with what the rest of the program takes.
#[cfg(target_os = "linux")]
const MOST_MEMORY_KB: u64 = 1_300_000;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/pictures")
        .join(name)
}

fn files_of(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files_of(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// The most memory a process had, in kilobytes.
#[cfg(target_os = "linux")]
fn peak_memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

// Pillow tests itself with about a thousand pictures, many of which once broke it.
#[test]
fn every_picture_that_pillow_is_tested_with_ends_in_a_text_or_a_reason() {
    let Some(folder) = std::env::var_os("BEDROCK_PICTURES") else {
        eprintln!("skipped: no hostile pictures; script/test fetches them");
        return;
    };
    let mut files = Vec::new();
    files_of(Path::new(&folder), &mut files);
    // Two are PDFs, whose photographs would be what is asked about.
    files.retain(|path| Kind::of_path(path).is_none());
    assert!(files.len() > 500, "{} pictures", files.len());
    let cli = Cli::new();
    let (results, remarks) = (cli.home.path().join("r"), cli.home.path().join("e"));
    let mut child = cli
        .command(&["--demo", "--speed", "0", "alt-text", "--json", "--out", "r"])
        .args(&files)
        .stdout(Stdio::null())
        .stderr(fs::File::create(&remarks).expect("a file"))
        .spawn()
        .expect("the program runs");
    let mut peak = 0;
    let code = loop {
        #[cfg(target_os = "linux")]
        {
            peak = peak_memory(child.id()).unwrap_or(0).max(peak);
        }
        if let Some(status) = child.try_wait().expect("a child") {
            break status.code();
        }
        std::thread::park_timeout(std::time::Duration::from_millis(20));
    };
    let remarks = fs::read_to_string(remarks).expect("text");
    // Some failed, and it was said which.
    assert_eq!(code, Some(1), "{remarks}");
    assert!(!remarks.contains("panicked"), "{remarks}");
    let results = fs::read_to_string(results).expect("results");
    let mut texts = 0;
    for line in results.lines() {
        let result: Value = serde_json::from_str(line).expect("a line of JSON");
        if result["text"].is_string() {
            texts += 1;
            continue;
        }
        let error = &result["error"];
        let message = error["message"].as_str().expect("a reason");
        let name = result["file"].as_str().expect("a name");
        assert!(message.contains(name), "{message}");
        assert!(error["code"].is_string() && error["advice"].is_string());
        assert!(!message.contains("gave up"), "{message}");
    }
    assert_eq!(results.lines().count(), files.len());
    assert!(texts > 600, "{texts} of {} have a text", files.len());
    #[cfg(target_os = "linux")]
    assert!(peak < MOST_MEMORY_KB, "{peak} KB at the most");
    eprintln!(
        "{texts} of {} have a text, {peak} KB at the most",
        files.len()
    );
}

#[test]
fn odd_pictures_keep_their_colours() {
    for (name, converted) in [
        ("cmyk.jpg", false),
        ("progressive.jpg", false),
        ("palette.png", false),
        ("animated.webp", false),
        ("animated.png", false),
        ("animated.gif", false),
        ("cmyk.tif", true),
    ] {
        for (max_edge, size) in [(None, (64, 48)), (Some(16), (16, 12))] {
            let limits = Limits {
                max_edge,
                ..Limits::converse()
            };
            let attachment = media::open(&fixture(name), &limits).expect(name);
            let picture = attachment.image().expect("a picture");
            assert_eq!((picture.width, picture.height), size, "{name}");
            let pixel = &picture.thumbnail.rgba[..4];
            // Red, whatever inks and palettes make of it.
            assert!(
                pixel[0] > 180 && pixel[1] < 70 && pixel[2] < 70,
                "{name}, {max_edge:?}: {pixel:?}"
            );
            if max_edge.is_none() {
                let changes = &picture.changes;
                let was = changes
                    .iter()
                    .any(|one| matches!(one, Change::Converted { .. }));
                assert_eq!(was, converted, "{name}: {changes:?}");
            }
        }
    }
    for name in ["grey16.png", "one-bit.png"] {
        let attachment = media::open(&fixture(name), &Limits::converse()).expect(name);
        assert_eq!(attachment.image().expect("a picture").width, 64, "{name}");
    }
}

#[test]
fn a_picture_under_another_name_is_what_its_bytes_are() {
    let png = fs::read(fixture("palette.png")).expect("read");
    for name in ["x.jpg", "x.svg", "x.heic", "x.txt", "x"] {
        let attachment = media::open_bytes(name, &png, &Limits::converse()).expect(name);
        assert_eq!(
            attachment.image().expect("a picture").original_format,
            "PNG"
        );
    }
    let error = media::open_image_bytes("x.png", b"plainly text", &Limits::converse());
    assert!(
        matches!(error, Err(MediaError::NotAnImage { .. })),
        "{error:?}"
    );
}

/// A JPEG that says it is progressive and this large, and holds nothing else.
fn hollow_progressive(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xc2, 0, 17, 8];
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend([3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    bytes.extend([0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 0, 0, 0xff, 0xd9]);
    bytes
}

#[test]
fn what_a_decoder_takes_on_the_way_counts() {
    // 12,000 × 12,000 × 3 bytes are 432 MB, and twice as much again for coefficients.
    let error = media::open_image_bytes(
        "x.jpg",
        &hollow_progressive(12_000, 12_000),
        &Limits::converse(),
    )
    .expect_err("too large");
    assert!(
        matches!(
            error,
            MediaError::TooManyPixels {
                megabytes: 1_296,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn wherever_a_byte_is_changed_there_is_a_result_or_a_reason() {
    for name in [
        "cmyk.jpg",
        "progressive.jpg",
        "palette.png",
        "animated.webp",
        "animated.gif",
        "cmyk.tif",
    ] {
        let whole = fs::read(fixture(name)).expect("read");
        for at in 0..whole.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut changed = whole.clone();
                changed[at] ^= flip;
                let opened = media::open_image_bytes(name, &changed, &Limits::converse());
                if let Err(error) = opened {
                    assert!(error.to_string().contains(name), "{error}");
                    // Nothing relies on catching a panic.
                    assert!(
                        !error.to_string().contains("gave up"),
                        "{name}, byte {at} ^ {flip}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_long_name_and_a_huge_folder_name_are_no_matter() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(format!("{}.png", "ü".repeat(120)));
    RgbImage::from_pixel(1, 1, Rgb([1, 2, 3]))
        .save(&path)
        .expect("saved");
    assert!(media::open(&path, &Limits::converse()).is_ok());
}
