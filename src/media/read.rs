//! From a path, bytes or pixels to an attachment.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use image::{DynamicImage, ImageFormat, RgbaImage};
use sha2::{Digest as _, Sha256};

use super::decode::{Decoded, decode};
use super::document::{self, document_format};
use super::fit::{self, Saving};
use super::strip::{self, Stripped};
use super::{
    Attachment, Change, Content, Format, ImageAttachment, Kind, Limits, MediaError, gif, size,
    sniff, video, video_format, wire_name,
};
use crate::chat::{Image, MediaSource};

const MEGABYTE: u64 = 1_000_000;

/// Opens a picture, a document or a video.
///
/// # Errors
/// Each [`MediaError`] names the file and the reason.
pub fn open(path: &Path, limits: &Limits) -> Result<Attachment, MediaError> {
    let name = file_name(path);
    open_bytes(&name, &read(path, &name, limits)?, limits)
}

/// Opens a picture; documents are refused.
///
/// # Errors
/// Each [`MediaError`] names the file and the reason.
pub fn open_image(path: &Path, limits: &Limits) -> Result<Attachment, MediaError> {
    let name = file_name(path);
    open_image_bytes(&name, &read(path, &name, limits)?, limits)
}

/// Opens a picture, a document or a video from its bytes.
///
/// # Errors
/// Each [`MediaError`] names the file and the reason.
pub fn open_bytes(name: &str, bytes: &[u8], limits: &Limits) -> Result<Attachment, MediaError> {
    let Kind::Other(found) = sniff(bytes) else {
        return open_image_bytes(name, bytes, limits);
    };
    let name = name.to_owned();
    if bytes.is_empty() {
        return Err(MediaError::Empty { name });
    }
    if let Some(format) = video_format(bytes) {
        return Ok(Attachment {
            content: Content::Video(video::prepare(&name, bytes, format, limits)?),
            original_size: bytes.len() as u64,
            name,
        });
    }
    let Some(format) = document_format(&name, bytes) else {
        return Err(MediaError::NeitherImageNorDocument { name, found });
    };
    let document = document::prepare(&name, bytes, format, limits)?;
    Ok(Attachment {
        name,
        original_size: bytes.len() as u64,
        content: Content::Document(document),
    })
}

/// Opens a picture from its bytes; documents are refused.
///
/// # Errors
/// Each [`MediaError`] names the file and the reason.
pub fn open_image_bytes(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Attachment, MediaError> {
    let format = image_format(name, bytes)?;
    let image = prepare(name, bytes, format, limits)?;
    Ok(Attachment {
        name: name.to_owned(),
        original_size: bytes.len() as u64,
        content: Content::Image(image),
    })
}

/// The format of a picture.
pub(super) fn image_format(name: &str, bytes: &[u8]) -> Result<Format, MediaError> {
    let name = name.to_owned();
    if bytes.is_empty() {
        return Err(MediaError::Empty { name });
    }
    match sniff(bytes) {
        Kind::Image(format) => Ok(format),
        Kind::UnsupportedImage(format) => Err(MediaError::Unsupported { name, format }),
        Kind::Other(found) => Err(MediaError::NotAnImage { name, found }),
    }
}

/// Reads a file that may be a picture: its name without its folder, and its bytes.
///
/// # Errors
/// When it cannot be read, or is larger than [`Limits::file_bytes`].
pub fn read_file(path: &Path, limits: &Limits) -> Result<(String, Vec<u8>), MediaError> {
    let name = file_name(path);
    let bytes = read(path, &name, limits)?;
    Ok((name, bytes))
}

/// What [`ImageAttachment::content_hash`] will be.
#[must_use]
pub fn content_hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// Takes a picture from its pixels, as a paste brings it.
///
/// # Errors
/// [`MediaError::Damaged`] when there are fewer pixels than width and height say,
/// [`MediaError::CannotFit`] when it cannot be made small enough.
pub fn open_rgba(
    name: &str,
    width: u32,
    height: u32,
    rgba: Vec<u8>,
    limits: &Limits,
) -> Result<Attachment, MediaError> {
    let original_size = rgba.len() as u64;
    let content_hash = Sha256::digest(&rgba).into();
    let pixels = RgbaImage::from_raw(width, height, rgba).ok_or_else(|| MediaError::Damaged {
        name: name.to_owned(),
        reason: "fewer pixels than its size says".to_owned(),
    })?;
    let source = Source {
        name,
        format: "pixels",
        content_hash,
    };
    let saving = Saving {
        lossless: true,
        icc_profile: None,
    };
    let size = (width, height);
    let image = encode(&source, pixels.into(), size, &saving, Vec::new(), limits)?;
    Ok(Attachment {
        name: name.to_owned(),
        original_size,
        content: Content::Image(image),
    })
}

pub(super) fn read(path: &Path, name: &str, limits: &Limits) -> Result<Vec<u8>, MediaError> {
    let failed = |source: io::Error| {
        let name = name.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => MediaError::Missing { name },
            io::ErrorKind::PermissionDenied => MediaError::Forbidden { name },
            _ => MediaError::Unreadable { name, source },
        }
    };
    // Before opening: opening a pipe would wait for somebody to write into it.
    let metadata = std::fs::metadata(path).map_err(failed)?;
    let name = || name.to_owned();
    if metadata.is_dir() {
        return Err(MediaError::Folder { name: name() });
    }
    if !metadata.is_file() {
        return Err(MediaError::Irregular { name: name() });
    }
    let too_large = |size: u64| MediaError::FileTooLarge {
        name: name(),
        megabytes: size / MEGABYTE,
        limit: limits.file_bytes / MEGABYTE,
    };
    if metadata.len() > limits.file_bytes {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::new();
    // The file may grow while it is read.
    let most = limits.file_bytes + 1;
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(failed)?;
    if bytes.len() as u64 > limits.file_bytes {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(bytes)
}

/// What is remembered of where a picture came from.
struct Source<'a> {
    name: &'a str,
    format: &'static str,
    content_hash: [u8; 32],
}

/// Sends the file as it is where that is possible, without its metadata; else saves it anew.
fn prepare(
    name: &str,
    bytes: &[u8],
    format: Format,
    limits: &Limits,
) -> Result<ImageAttachment, MediaError> {
    let source = Source {
        name,
        format: format.name(),
        content_hash: content_hash(bytes),
    };
    if let Some(untouched) = untouched(bytes, format, limits) {
        // Only to be shown, and to see that it is whole.
        let decoded = decode(name, bytes, format, limits.thumbnail_side, limits)?;
        return Ok(as_it_is(&source, decoded, untouched, limits));
    }
    let decoded = decode(name, bytes, format, limits.longest_side(), limits)?;
    let mut changes = Vec::new();
    if decoded.turned {
        changes.push(Change::TurnedUpright);
    }
    if format == Format::Raster(ImageFormat::Gif) && gif::frames(bytes) > 1 {
        changes.push(Change::FirstFrameOnly);
    }
    let saving = Saving {
        lossless: !format.is_lossy(),
        icc_profile: decoded.icc_profile.as_deref(),
    };
    let (image, full_size) = (decoded.image, decoded.full_size);
    let mut prepared = encode(&source, image, full_size, &saving, changes, limits)?;
    let to = prepared.prepared.format;
    if format.wire() != Some(to) {
        let from = source.format;
        prepared.changes.push(Change::Converted {
            from,
            to: wire_name(to),
        });
    }
    Ok(prepared)
}

/// A file whose pixels go as they are.
struct Untouched {
    image: Image,
    changes: Vec<Change>,
}

/// The file's own pixels, where the API takes them as they are; judged by its head and its length.
fn untouched(bytes: &[u8], format: Format, limits: &Limits) -> Option<Untouched> {
    let wire = format.wire()?;
    let head = size::head(bytes)?;
    if head.turned || head.width.max(head.height) > limits.longest_side() {
        return None;
    }
    let mut changes = Vec::new();
    let stripped = if limits.keep_metadata {
        Stripped::Clean
    } else {
        strip::without_metadata(bytes, format)
    };
    let bytes: Arc<[u8]> = match stripped {
        Stripped::Clean => Arc::from(bytes),
        Stripped::Without(rest) => {
            changes.push(Change::MetadataRemoved);
            Arc::from(rest)
        }
        Stripped::Unknown => return None,
    };
    if bytes.len() > limits.image_bytes {
        return None;
    }
    let source = MediaSource::Bytes(bytes);
    Some(Untouched {
        image: Image {
            format: wire,
            source,
        },
        changes,
    })
}

fn as_it_is(
    source: &Source<'_>,
    decoded: Decoded,
    untouched: Untouched,
    limits: &Limits,
) -> ImageAttachment {
    let (width, height) = decoded.full_size;
    ImageAttachment {
        prepared: untouched.image,
        width,
        height,
        original_width: width,
        original_height: height,
        original_format: source.format,
        content_hash: source.content_hash,
        thumbnail: fit::thumbnail(decoded.image, limits),
        changes: untouched.changes,
    }
}

fn encode(
    source: &Source<'_>,
    image: DynamicImage,
    full_size: (u32, u32),
    saving: &Saving<'_>,
    mut changes: Vec<Change>,
    limits: &Limits,
) -> Result<ImageAttachment, MediaError> {
    let too_large = || MediaError::CannotFit {
        name: source.name.to_owned(),
        limit: limits.image_bytes,
    };
    let encoded = fit::encode(image, full_size, saving, limits).ok_or_else(too_large)?;
    if let Some(reason) = encoded.downscaled {
        changes.push(Change::Downscaled {
            from: full_size,
            to: (encoded.width, encoded.height),
            reason,
        });
    } else if encoded.squeezed {
        changes.push(Change::Recompressed);
    }
    Ok(ImageAttachment {
        prepared: Image {
            format: encoded.format,
            source: MediaSource::Bytes(Arc::from(encoded.bytes)),
        },
        width: encoded.width,
        height: encoded.height,
        original_width: full_size.0,
        original_height: full_size.1,
        original_format: source.format,
        content_hash: source.content_hash,
        thumbnail: encoded.thumbnail,
        changes,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{GenericImageView as _, Rgb, RgbImage, Rgba};
    use img_parts::ImageEXIF as _;
    use img_parts::jpeg::Jpeg;

    use super::super::Reason;
    use super::*;
    use crate::chat;

    /// Red on the left, blue on the right.
    fn two_halves(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, _| {
            if x < width / 2 {
                Rgb([220, 20, 20])
            } else {
                Rgb([20, 20, 220])
            }
        })
    }

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        image
            .write_to(&mut Cursor::new(&mut bytes), format)
            .unwrap();
        bytes
    }

    /// A JPEG with EXIF: orientation 6 ("turn right by 90 degrees") when asked, and a GPS pointer.
    fn camera_jpeg(orientation: u16) -> Vec<u8> {
        let bytes = encoded(&two_halves(80, 40).into(), ImageFormat::Jpeg);
        let mut exif = b"II*\0\x08\0\0\0\x02\0".to_vec();
        exif.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0]);
        exif.extend_from_slice(&[orientation.to_le_bytes()[0], 0, 0, 0]);
        exif.extend_from_slice(&[0x25, 0x88, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
        exif.extend_from_slice(&[0, 0, 0, 0]);
        let mut jpeg = Jpeg::from_bytes(bytes.into()).unwrap();
        jpeg.set_exif(Some(exif.into()));
        jpeg.encoder().bytes().to_vec()
    }

    fn sent(attachment: &Attachment) -> &[u8] {
        match &attachment.image().unwrap().prepared.source {
            MediaSource::Bytes(bytes) => bytes,
            other => panic!("expected bytes, got {other:?}"),
        }
    }

    #[test]
    fn the_size_of_a_picture_is_that_of_the_upright_one() {
        // 6 is a quarter turn, 3 a half one.
        for (orientation, size) in [(1, (80, 40)), (3, (80, 40)), (6, (40, 80))] {
            let bytes = camera_jpeg(orientation);
            assert_eq!(
                crate::media::pixel_size(&bytes),
                Some(size),
                "{orientation}"
            );
        }
    }

    #[test]
    fn a_picture_within_the_limits_keeps_its_pixels_and_loses_its_place() {
        let original = camera_jpeg(1);
        let attachment = open_bytes("cat.jpg", &original, &Limits::converse()).unwrap();
        assert_eq!(
            attachment.image().unwrap().changes,
            [Change::MetadataRemoved]
        );
        let before = image::load_from_memory(&original).unwrap();
        let after = image::load_from_memory(sent(&attachment)).unwrap();
        assert_eq!(before, after, "not a pixel changed");
        let jpeg = Jpeg::from_bytes(sent(&attachment).to_vec().into()).unwrap();
        assert!(jpeg.exif().is_none());
    }

    #[test]
    fn a_picture_on_its_side_is_turned_upright() {
        let attachment = open_bytes("cat.jpg", &camera_jpeg(6), &Limits::converse()).unwrap();
        assert_eq!(
            (
                attachment.image().unwrap().width,
                attachment.image().unwrap().height
            ),
            (40, 80)
        );
        assert_eq!(attachment.image().unwrap().changes, [Change::TurnedUpright]);
        // Turned right, what was left (red) is on top.
        let upright = image::load_from_memory(sent(&attachment)).unwrap();
        let top = upright.get_pixel(20, 10).0;
        assert!(top[0] > 150 && top[2] < 100, "{top:?}");
        assert_eq!(
            (
                attachment.image().unwrap().thumbnail.width,
                attachment.image().unwrap().thumbnail.height
            ),
            (40, 80)
        );
    }

    #[test]
    fn formats_the_api_does_not_take_are_converted() {
        for format in [ImageFormat::Bmp, ImageFormat::Tiff] {
            let bytes = encoded(&two_halves(30, 20).into(), format);
            let attachment = open_bytes("scan", &bytes, &Limits::converse()).unwrap();
            assert_eq!(
                attachment.image().unwrap().prepared.format,
                chat::ImageFormat::Png
            );
            let from = Format::Raster(format).name();
            assert_eq!(
                attachment.image().unwrap().changes,
                [Change::Converted { from, to: "PNG" }]
            );
        }
    }

    #[test]
    fn too_long_a_side_is_scaled_and_says_so() {
        let limits = Limits {
            image_side: 100,
            ..Limits::converse()
        };
        let bytes = encoded(&two_halves(400, 200).into(), ImageFormat::Png);
        let attachment = open_bytes("wide.png", &bytes, &limits).unwrap();
        assert_eq!(
            attachment.image().unwrap().changes,
            [Change::Downscaled {
                from: (400, 200),
                to: (100, 50),
                reason: Reason::Pixels,
            }]
        );
        let image = image::load_from_memory(sent(&attachment)).unwrap();
        assert_eq!(image.dimensions(), (100, 50));
    }

    #[test]
    fn too_many_bytes_are_squeezed_under_the_limit() {
        // Noise does not compress; a linear congruential generator makes the same each time.
        let mut state = 1_u32;
        let noise = RgbImage::from_fn(300, 300, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [a, b, c, _] = state.to_be_bytes();
            Rgb([a, b, c])
        });
        let limits = Limits {
            image_bytes: 20_000,
            ..Limits::converse()
        };
        let bytes = encoded(&noise.into(), ImageFormat::Png);
        let attachment = open_bytes("noise.png", &bytes, &limits).unwrap();
        assert!(sent(&attachment).len() <= 20_000);
    }

    #[test]
    fn transparency_survives() {
        let image = RgbaImage::from_pixel(64, 64, Rgba([10, 20, 30, 40]));
        let attachment = open_rgba("paste", 64, 64, image.into_raw(), &Limits::converse()).unwrap();
        let back = image::load_from_memory(sent(&attachment)).unwrap();
        assert_eq!(back.get_pixel(5, 5).0, [10, 20, 30, 40]);
    }

    #[test]
    fn a_name_is_not_believed() {
        let png = encoded(&two_halves(10, 10).into(), ImageFormat::Png);
        let attachment = open_bytes("really.jpg", &png, &Limits::converse()).unwrap();
        assert_eq!(
            attachment.image().unwrap().prepared.format,
            chat::ImageFormat::Png
        );
    }

    #[test]
    fn bad_files_are_named_with_their_reason() {
        let jpeg = encoded(&two_halves(200, 200).into(), ImageFormat::Jpeg);
        let png = encoded(&two_halves(200, 200).into(), ImageFormat::Png);
        for (bytes, reason) in [
            (&b""[..], "x is empty (0 bytes)"),
            (b"hello", "x is not an image (a text file)"),
            (b"%PDF-1.4", "x is not an image (a PDF document)"),
            (
                &jpeg[..jpeg.len() / 2],
                "x is cut off: the end of the image is missing",
            ),
            (
                &png[..png.len() / 2],
                "x is cut off: the end of the image is missing",
            ),
        ] {
            let error = open_image_bytes("x", bytes, &Limits::converse()).unwrap_err();
            assert_eq!(error.to_string(), reason);
            assert!(!error.advice().is_empty());
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_decoded() {
        let limits = Limits {
            decoded_bytes: 100_000,
            ..Limits::converse()
        };
        let png = encoded(&two_halves(200, 200).into(), ImageFormat::Png);
        let error = open_bytes("bomb.png", &png, &limits).unwrap_err();
        assert!(
            matches!(
                error,
                MediaError::TooManyPixels {
                    width: 200,
                    height: 200,
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn files_that_are_none_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let limits = Limits::converse();
        let missing = open(&folder.path().join("gone.png"), &limits).unwrap_err();
        assert!(matches!(missing, MediaError::Missing { .. }), "{missing}");
        let directory = open(folder.path(), &limits).unwrap_err();
        assert!(
            matches!(directory, MediaError::Folder { .. }),
            "{directory}"
        );
        #[cfg(target_os = "linux")]
        {
            let device = open(Path::new("/dev/zero"), &limits).unwrap_err();
            assert!(matches!(device, MediaError::Irregular { .. }), "{device}");
        }
    }
}
