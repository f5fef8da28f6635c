//! An object in S3 that the service shall read itself: what kind it is, by its name alone.

use crate::chat::{ContentBlock, Document, DocumentSource, Image, ImageFormat, MediaSource, Video};

use super::document::format_by_extension;
use super::neutral_name;

/// Why an address cannot be attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum S3Error {
    /// It is no address of an object.
    #[error("An address in S3 looks like s3://bucket/folder/file.pdf")]
    Address,
    /// The name does not tell a kind that models take.
    #[error("The name must end like an image, a document or a video: .png, .pdf, .mp4 …")]
    Kind,
    /// The account number has not twelve digits.
    #[error("The bucket's owner is an account number of 12 digits")]
    Owner,
}

/// The content block of an object in S3.
///
/// # Errors
/// When the address is none, or its name tells no kind that models take.
pub fn s3_block(uri: &str, bucket_owner: &str) -> Result<ContentBlock, S3Error> {
    let uri = uri.trim();
    let (bucket, key) = uri
        .strip_prefix("s3://")
        .and_then(|path| path.split_once('/'))
        .ok_or(S3Error::Address)?;
    let name = key.rsplit('/').next().unwrap_or_default();
    if bucket.is_empty() || name.is_empty() {
        return Err(S3Error::Address);
    }
    let owner = bucket_owner.trim();
    if !owner.is_empty() && (owner.len() != 12 || !owner.bytes().all(|b| b.is_ascii_digit())) {
        return Err(S3Error::Owner);
    }
    let source = MediaSource::S3 {
        uri: uri.to_owned(),
        bucket_owner: (!owner.is_empty()).then(|| owner.to_owned()),
    };
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_lowercase())
        .ok_or(S3Error::Kind)?;
    let image = match extension.as_str() {
        "jpg" => Some(ImageFormat::Jpeg),
        other => ImageFormat::parse(other),
    };
    if let Some(format) = image {
        return Ok(ContentBlock::Image(Image { format, source }));
    }
    if let Some(format) = format_by_extension(&extension) {
        return Ok(ContentBlock::Document(Document {
            format,
            name: neutral_name(name),
            source: DocumentSource::Media(source),
            context: None,
            citations: false,
        }));
    }
    let format = match extension.as_str() {
        "mp4" | "mov" | "mkv" | "webm" | "flv" | "mpeg" | "mpg" | "wmv" => extension,
        "3gp" => "three_gp".to_owned(),
        _ => return Err(S3Error::Kind),
    };
    Ok(ContentBlock::Video(Video { format, source }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_kind() {
        let block = s3_block("s3://pictures/2026/lake.JPG", "123456789012").unwrap();
        let ContentBlock::Image(image) = block else {
            panic!("an image")
        };
        assert_eq!(image.format, ImageFormat::Jpeg);
        assert_eq!(
            image.source,
            MediaSource::S3 {
                uri: "s3://pictures/2026/lake.JPG".into(),
                bucket_owner: Some("123456789012".into()),
            }
        );
        let block = s3_block("s3://b/Q3_report.pdf", "").unwrap();
        let ContentBlock::Document(document) = block else {
            panic!("a document")
        };
        assert_eq!(document.name, "Q3 report");
        assert!(matches!(
            s3_block("s3://b/clip.3gp", ""),
            Ok(ContentBlock::Video(video)) if video.format == "three_gp"
        ));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for (uri, owner, error) in [
            ("https://b/x.png", "", S3Error::Address),
            ("s3://b", "", S3Error::Address),
            ("s3://b/", "", S3Error::Address),
            ("s3://b/x", "", S3Error::Kind),
            ("s3://b/x.exe", "", S3Error::Kind),
            ("s3://b/x.png", "12", S3Error::Owner),
        ] {
            assert_eq!(s3_block(uri, owner), Err(error), "{uri}");
        }
    }
}
