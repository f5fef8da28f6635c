//! Where JPEG, PNG and WebP keep their XMP packet (XMP specification part 3).

use image::ImageFormat;
use img_parts::Bytes;
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;

use super::{Descriptions, XmpError, packet};
use crate::media::{Format, Kind, jpeg, sniff};

const JPEG_PREFIX: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// A segment's length is a `u16` that counts itself.
const JPEG_LIMIT: usize = 65_533 - JPEG_PREFIX.len();
/// Keyword, its end, "not compressed", method, no language, no translated keyword.
const PNG_PREFIX: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0";
const PNG_KEYWORD: &[u8] = b"XML:com.adobe.xmp\0";

const WEBP_XMP: [u8; 4] = *b"XMP ";
const WEBP_EXTENDED: [u8; 4] = *b"VP8X";
/// Flags of `VP8X` (WebP container specification).
const WEBP_XMP_FLAG: u8 = 0b0000_0100;
const WEBP_ALPHA_FLAG: u8 = 0b0001_0000;

/// Reads the descriptions in a picture file.
///
/// # Errors
/// See [`XmpError`].
pub fn extract(bytes: &[u8]) -> Result<Descriptions, XmpError> {
    let bytes_of = Bytes::copy_from_slice(bytes);
    let packet = match sniff(bytes) {
        Kind::Image(Format::Raster(ImageFormat::Jpeg)) => jpeg_packet(&parse_jpeg(bytes)?),
        Kind::Image(Format::Raster(ImageFormat::Png)) => {
            png_packet(&Png::from_bytes(bytes_of).map_err(damaged)?)?
        }
        Kind::Image(Format::Raster(ImageFormat::WebP)) => {
            webp_packet(&WebP::from_bytes(bytes_of).map_err(damaged)?)
        }
        _ => return Err(XmpError::Format),
    };
    match packet {
        Some(packet) => packet::read(text(&packet)?),
        None => Ok(Descriptions::default()),
    }
}

/// The picture file with these descriptions in it.
///
/// # Errors
/// See [`XmpError`].
pub fn embed(bytes: &[u8], descriptions: &Descriptions) -> Result<Vec<u8>, XmpError> {
    match sniff(bytes) {
        Kind::Image(Format::Raster(ImageFormat::Jpeg)) => into_jpeg(bytes, descriptions),
        Kind::Image(Format::Raster(ImageFormat::Png)) => into_png(bytes, descriptions),
        Kind::Image(Format::Raster(ImageFormat::WebP)) => into_webp(bytes, descriptions),
        _ => Err(XmpError::Format),
    }
}

fn damaged(error: impl std::fmt::Display) -> XmpError {
    XmpError::Damaged(error.to_string())
}

fn text(packet: &[u8]) -> Result<&str, XmpError> {
    std::str::from_utf8(packet).map_err(|error| XmpError::Packet(error.to_string()))
}

fn updated(packet: Option<&Bytes>, descriptions: &Descriptions) -> Result<String, XmpError> {
    let packet = packet.map(|packet| text(packet)).transpose()?;
    packet::update(packet, descriptions)
}

fn parse_jpeg(bytes: &[u8]) -> Result<Jpeg, XmpError> {
    if !jpeg::is_complete(bytes) {
        return Err(XmpError::Damaged("its end is missing".to_owned()));
    }
    Jpeg::from_bytes(Bytes::copy_from_slice(bytes)).map_err(damaged)
}

fn is_jpeg_packet(segment: &JpegSegment) -> bool {
    segment.marker() == markers::APP1 && segment.contents().starts_with(JPEG_PREFIX)
}

fn jpeg_packet(jpeg: &Jpeg) -> Option<Bytes> {
    let segment = jpeg.segments().iter().find(|one| is_jpeg_packet(one))?;
    Some(segment.contents().slice(JPEG_PREFIX.len()..))
}

fn into_jpeg(bytes: &[u8], descriptions: &Descriptions) -> Result<Vec<u8>, XmpError> {
    let mut jpeg = parse_jpeg(bytes)?;
    let packet = updated(jpeg_packet(&jpeg).as_ref(), descriptions)?;
    if packet.len() > JPEG_LIMIT {
        return Err(XmpError::TooLong {
            size: packet.len(),
            limit: JPEG_LIMIT,
        });
    }
    let contents = [JPEG_PREFIX, packet.as_bytes()].concat();
    let segment = JpegSegment::new_with_contents(markers::APP1, contents.into());
    let segments = jpeg.segments_mut();
    if let Some(old) = segments.iter_mut().find(|one| is_jpeg_packet(one)) {
        *old = segment;
    } else {
        // Behind JFIF and EXIF, which readers expect first.
        let at = segments
            .iter()
            .take_while(|one| matches!(one.marker(), markers::APP0 | markers::APP1))
            .count();
        segments.insert(at, segment);
    }
    Ok(jpeg.encoder().bytes().to_vec())
}

fn is_png_packet(chunk: &PngChunk) -> bool {
    chunk.kind() == *b"iTXt" && chunk.contents().starts_with(PNG_KEYWORD)
}

fn png_packet(png: &Png) -> Result<Option<Bytes>, XmpError> {
    let Some(chunk) = png.chunks().iter().find(|one| is_png_packet(one)) else {
        return Ok(None);
    };
    let contents = chunk.contents();
    let rest = &contents[PNG_KEYWORD.len()..];
    // Two bytes about compression, then two strings that end with zero.
    let mut ends = rest
        .iter()
        .enumerate()
        .skip(2)
        .filter_map(|(at, byte)| (*byte == 0).then_some(at));
    match (rest.first(), ends.next(), ends.next()) {
        (Some(0), Some(_), Some(end)) => Ok(Some(contents.slice(PNG_KEYWORD.len() + end + 1..))),
        (Some(1), ..) => Err(XmpError::Packet("it is compressed".to_owned())),
        _ => Err(XmpError::Packet("it ends early".to_owned())),
    }
}

fn into_png(bytes: &[u8], descriptions: &Descriptions) -> Result<Vec<u8>, XmpError> {
    let mut png = Png::from_bytes(Bytes::copy_from_slice(bytes)).map_err(damaged)?;
    let packet = updated(png_packet(&png)?.as_ref(), descriptions)?;
    let contents = [PNG_PREFIX, packet.as_bytes()].concat();
    let chunk = PngChunk::new(*b"iTXt", contents.into());
    let chunks = png.chunks_mut();
    if let Some(old) = chunks.iter_mut().find(|one| is_png_packet(one)) {
        *old = chunk;
    } else {
        // Right behind the header.
        chunks.insert(1.min(chunks.len()), chunk);
    }
    Ok(png.encoder().bytes().to_vec())
}

fn webp_packet(webp: &WebP) -> Option<Bytes> {
    webp.chunk_by_id(WEBP_XMP)?.content().data().cloned()
}

fn into_webp(bytes: &[u8], descriptions: &Descriptions) -> Result<Vec<u8>, XmpError> {
    let mut webp = WebP::from_bytes(Bytes::copy_from_slice(bytes)).map_err(damaged)?;
    let packet = updated(webp_packet(&webp).as_ref(), descriptions)?;
    let header = extended_header(&webp)?;
    webp.remove_chunks_by_id(WEBP_EXTENDED);
    webp.remove_chunks_by_id(WEBP_XMP);
    webp.chunks_mut().insert(0, chunk(WEBP_EXTENDED, header));
    webp.chunks_mut().push(chunk(WEBP_XMP, packet.into_bytes()));
    Ok(webp.encoder().bytes().to_vec())
}

fn chunk(id: [u8; 4], data: Vec<u8>) -> RiffChunk {
    RiffChunk::new(id, RiffContent::Data(data.into()))
}

/// `VP8X` with the flag for XMP: the file's own, or a new one for a simple file.
fn extended_header(webp: &WebP) -> Result<Vec<u8>, XmpError> {
    let damaged = || XmpError::Damaged("its size cannot be read".to_owned());
    let data = |id: [u8; 4]| webp.chunk_by_id(id).and_then(|one| one.content().data());
    if let Some(header) = data(WEBP_EXTENDED) {
        let mut header = header.to_vec();
        *header.first_mut().ok_or_else(damaged)? |= WEBP_XMP_FLAG;
        return Ok(header);
    }
    // Lossless: a signature byte, then 14 bits of width - 1, 14 of height - 1, one for alpha.
    let lossless = data(*b"VP8L").and_then(|data| data.get(1..5)?.try_into().ok());
    let alpha = lossless.is_some_and(|bits| u32::from_le_bytes(bits) >> 28 & 1 == 1);
    let (width, height) = match (lossless, data(*b"VP8 ")) {
        (Some(bits), _) => {
            let bits = u32::from_le_bytes(bits);
            (bits & 0x3fff, bits >> 14 & 0x3fff)
        }
        // Lossy: frame tag and start code, then width and height in 14 bits each (RFC 6386, 9.1).
        (None, Some(data)) => {
            let side = |at: usize| -> Option<u32> {
                let pair: [u8; 2] = data.get(at..at + 2)?.try_into().ok()?;
                u32::from(u16::from_le_bytes(pair) & 0x3fff).checked_sub(1)
            };
            side(6).zip(side(8)).ok_or_else(damaged)?
        }
        (None, None) => return Err(damaged()),
    };
    let mut header = vec![0; 4];
    header[0] = WEBP_XMP_FLAG | if alpha { WEBP_ALPHA_FLAG } else { 0 };
    header.extend_from_slice(&width.to_le_bytes()[..3]);
    header.extend_from_slice(&height.to_le_bytes()[..3]);
    Ok(header)
}
