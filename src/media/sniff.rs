//! What a file is, by its first bytes; its name is not asked.

use image::ImageFormat;

/// What some bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An image that can be decoded.
    Image(ImageFormat),
    /// An image that cannot be decoded here, by the name of its format.
    UnsupportedImage(&'static str),
    /// Something else, in words.
    Other(&'static str),
}

/// Signatures that the image crate does not know, or that are no images.
const SIGNATURES: &[(usize, &[u8], Kind)] = &[
    (4, b"ftypavif", Kind::UnsupportedImage("AVIF")),
    (4, b"ftypavis", Kind::UnsupportedImage("AVIF")),
    (4, b"ftypheic", Kind::UnsupportedImage("HEIC")),
    (4, b"ftypheix", Kind::UnsupportedImage("HEIC")),
    (4, b"ftyphevc", Kind::UnsupportedImage("HEIC")),
    (4, b"ftypmif1", Kind::UnsupportedImage("HEIF")),
    (4, b"ftypmsf1", Kind::UnsupportedImage("HEIF")),
    (
        0,
        b"\x00\x00\x00\x0cJXL ",
        Kind::UnsupportedImage("JPEG XL"),
    ),
    (0, b"\xff\x0a", Kind::UnsupportedImage("JPEG XL")),
    (
        0,
        b"\x00\x00\x00\x0cjP  ",
        Kind::UnsupportedImage("JPEG 2000"),
    ),
    (0, b"\xff\x4f\xff\x51", Kind::UnsupportedImage("JPEG 2000")),
    (0, b"\x00\x00\x02\x00", Kind::UnsupportedImage("CUR")),
    (0, b"icns", Kind::UnsupportedImage("ICNS")),
    (0, b"DDS ", Kind::UnsupportedImage("DDS")),
    (0, b"qoif", Kind::UnsupportedImage("QOI")),
    (0, b"\x76\x2f\x31\x01", Kind::UnsupportedImage("OpenEXR")),
    (0, b"%!PS", Kind::UnsupportedImage("PostScript")),
    (0, b"\xc5\xd0\xd3\xc6", Kind::UnsupportedImage("PostScript")),
    (0, b"\xd7\xcd\xc6\x9a", Kind::UnsupportedImage("WMF")),
    (40, b" EMF", Kind::UnsupportedImage("EMF")),
    (0, b"8BPS", Kind::UnsupportedImage("PSD")),
    (0, b"\x00\x00\x01\x00", Kind::UnsupportedImage("ICO")),
    (0, b"%PDF-", Kind::Other("a PDF document")),
    (
        0,
        b"PK\x03\x04",
        Kind::Other("a ZIP archive or an Office document"),
    ),
    (
        0,
        b"\xd0\xcf\x11\xe0",
        Kind::Other("an old Office document"),
    ),
    (0, b"\x7fELF", Kind::Other("a program")),
    (0, b"MZ", Kind::Other("a program")),
    (0, b"\x1f\x8b", Kind::Other("a compressed file")),
    (4, b"ftyp", Kind::Other("a video")),
    (0, b"\x1aE\xdf\xa3", Kind::Other("a video")),
    (0, b"ID3", Kind::Other("a sound file")),
    (0, b"OggS", Kind::Other("a sound file")),
];

/// Recognises bytes.
#[must_use]
pub fn sniff(bytes: &[u8]) -> Kind {
    const DECODED: [ImageFormat; 6] = [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::Gif,
        ImageFormat::WebP,
        ImageFormat::Bmp,
        ImageFormat::Tiff,
    ];
    if let Ok(format) = image::guess_format(bytes)
        && DECODED.contains(&format)
        // "BM" may begin a letter; a real header has zeros in it.
        && !(format == ImageFormat::Bmp && looks_like_text(bytes))
    {
        return Kind::Image(format);
    }
    let known = SIGNATURES.iter().find(|(at, signature, _)| {
        bytes
            .get(*at..)
            .is_some_and(|rest| rest.starts_with(signature))
    });
    match known {
        Some((.., kind)) => *kind,
        None if looks_like_svg(bytes) => Kind::UnsupportedImage("SVG"),
        None if looks_like_text(bytes) => Kind::Other("a text file"),
        None => Kind::Other("of an unknown kind"),
    }
}

fn looks_like_svg(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1_024)];
    looks_like_text(head) && String::from_utf8_lossy(head).contains("<svg")
}

/// Whether it is UTF-8 without zeros, as far as its beginning tells.
pub fn looks_like_text(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4_096)];
    let valid = match std::str::from_utf8(head) {
        Ok(_) => true,
        // The head may end within a character.
        Err(error) => error.error_len().is_none(),
    };
    valid && !head.contains(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_tell_not_names() {
        for (bytes, kind) in [
            (&b"\x89PNG\r\n\x1a\n"[..], Kind::Image(ImageFormat::Png)),
            (b"\xff\xd8\xff\xe0", Kind::Image(ImageFormat::Jpeg)),
            (b"RIFF\x00\x00\x00\x00WEBP", Kind::Image(ImageFormat::WebP)),
            (b"\x00\x00\x00\x20ftypavif", Kind::UnsupportedImage("AVIF")),
            (b"\x00\x00\x00\x20ftypheic", Kind::UnsupportedImage("HEIC")),
            (b"%PDF-1.7", Kind::Other("a PDF document")),
            (
                b"<?xml version='1.0'?><svg/>",
                Kind::UnsupportedImage("SVG"),
            ),
            (b"BMW and other cars", Kind::Other("a text file")),
            ("Grüße".as_bytes(), Kind::Other("a text file")),
            (b"\x00\x01\x02", Kind::Other("of an unknown kind")),
        ] {
            assert_eq!(sniff(bytes), kind, "{bytes:?}");
        }
    }
}
