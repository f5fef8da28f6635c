//! What a file is, by its first bytes; its name is not asked.

use image::ImageFormat;

use super::Format;

/// What some bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An image that can be decoded.
    Image(Format),
    /// An image that cannot be decoded here, by the name of its format.
    UnsupportedImage(&'static str),
    /// Something else, in words.
    Other(&'static str),
}

/// Signatures that the image crate does not know, or that are no images.
const SIGNATURES: &[(usize, &[u8], Kind)] = &[
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
        return Kind::Image(Format::Raster(format));
    }
    if let Some(kind) = heif(bytes) {
        return kind;
    }
    let known = SIGNATURES.iter().find(|(at, signature, _)| {
        bytes
            .get(*at..)
            .is_some_and(|rest| rest.starts_with(signature))
    });
    match known {
        Some((.., kind)) => *kind,
        None if looks_like_svg(bytes) => Kind::Image(Format::Svg),
        None if looks_like_text(bytes) => Kind::Other("a text file"),
        None => Kind::Other("of an unknown kind"),
    }
}

/// The picture in a container that holds pictures and videos alike (ISO/IEC 14496-12, 4.3): the first
/// brand that says which.
fn heif(bytes: &[u8]) -> Option<Kind> {
    /// More than any file lists.
    const MOST_BRANDS: usize = 64;
    if bytes.get(4..8) != Some(b"ftyp") {
        return None;
    }
    let size = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    let listed = bytes.get(8..bytes.len().min(size.max(12)))?;
    let mut generic = None;
    // Behind the first brand stands its version, which is no brand.
    for (at, brand) in listed.chunks_exact(4).enumerate().take(MOST_BRANDS) {
        match brand {
            _ if at == 1 => {}
            b"avif" | b"avis" => return Some(Kind::Image(Format::Avif)),
            b"heic" | b"heix" | b"heim" | b"heis" => return Some(Kind::Image(Format::Heic)),
            b"hevc" | b"hevx" => return Some(Kind::UnsupportedImage("HEIC, as a sequence")),
            b"mif1" | b"mif2" | b"msf1" => generic = Some(Kind::UnsupportedImage("HEIF")),
            // A video may list what its cover is made of.
            _ if at == 0 => return None,
            _ => {}
        }
    }
    generic
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
        let raster = |format| Kind::Image(Format::Raster(format));
        for (bytes, kind) in [
            (&b"\x89PNG\r\n\x1a\n"[..], raster(ImageFormat::Png)),
            (b"\xff\xd8\xff\xe0", raster(ImageFormat::Jpeg)),
            (b"RIFF\x00\x00\x00\x00WEBP", raster(ImageFormat::WebP)),
            (b"\x00\x00\x00\x20ftypavif", Kind::Image(Format::Avif)),
            (b"\x00\x00\x00\x20ftypheic", Kind::Image(Format::Heic)),
            (
                b"\x00\x00\x00\x18ftypmif1\0\0\0\0mif1heic",
                Kind::Image(Format::Heic),
            ),
            (
                b"\x00\x00\x00\x20ftypisom\0\0\0\0heic",
                Kind::Other("a video"),
            ),
            (b"%PDF-1.7", Kind::Other("a PDF document")),
            (b"<?xml version='1.0'?><svg/>", Kind::Image(Format::Svg)),
            (b"BMW and other cars", Kind::Other("a text file")),
            ("Grüße".as_bytes(), Kind::Other("a text file")),
            (b"\x00\x01\x02", Kind::Other("of an unknown kind")),
        ] {
            assert_eq!(sniff(bytes), kind, "{bytes:?}");
        }
    }
}
