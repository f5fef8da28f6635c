//! Files to and from S3, where batch jobs read and write. Nothing is held in memory but a piece.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::RequestId as _;
use aws_sdk_s3::primitives::{ByteStream, Length};
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt as _;

use super::Connection;
use super::error::{self, Call, Error, ErrorKind};

/// What is larger goes in parts of this size. S3 takes 10,000 of them.
const PART: u64 = 16 * 1024 * 1024;
/// How often a download is taken up again where it broke off.
const MOST_TURNS: u32 = 5;

/// A bucket and a key, or the beginning of keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct S3Place {
    /// The bucket.
    pub bucket: String,
    /// The key, without a slash at its end; may be empty.
    pub key: String,
}

/// An address that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an address in S3 looks like s3://bucket/folder")]
pub struct NoS3Place;

impl FromStr for S3Place {
    type Err = NoS3Place;

    fn from_str(text: &str) -> Result<Self, NoS3Place> {
        let path = text.trim().strip_prefix("s3://").ok_or(NoS3Place)?;
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        let is_legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
        if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(is_legal) {
            return Err(NoS3Place);
        }
        Ok(Self {
            bucket: bucket.to_owned(),
            key: key.trim_end_matches('/').to_owned(),
        })
    }
}

impl S3Place {
    /// As `s3://bucket/key`.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.key)
    }

    /// Something in this folder.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let key = if self.key.is_empty() {
            name.to_owned()
        } else {
            format!("{}/{name}", self.key)
        };
        Self {
            bucket: self.bucket.clone(),
            key,
        }
    }
}

impl fmt::Display for S3Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.uri())
    }
}

impl Connection {
    /// Tries that a bucket is there and may be used: `HeadBucket`.
    ///
    /// # Errors
    /// When it is not there, or may not be used.
    pub async fn check_bucket(&self, bucket: &str) -> Result<(), Error> {
        let call = self.object_call("HeadBucket");
        self.objects(&call)?
            .head_bucket()
            .bucket(bucket)
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        Ok(())
    }

    /// Puts a file into S3, telling how many bytes are there so far. Dropping it stops it.
    ///
    /// # Errors
    /// When the file cannot be read, or S3 refuses; nothing is left behind then.
    pub async fn upload(
        &self,
        file: &Path,
        to: &S3Place,
        so_far: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), Error> {
        let call = self.object_call("PutObject");
        let client = self.objects(&call)?;
        let unreadable = |error: std::io::Error| unusable(&call, file, &error);
        let size = tokio::fs::metadata(file).await.map_err(unreadable)?.len();
        if size > PART {
            return self.upload_in_parts(client, file, size, to, so_far).await;
        }
        let body = ByteStream::from_path(file)
            .await
            .map_err(|error| unusable(&call, file, &error))?;
        client
            .put_object()
            .bucket(&to.bucket)
            .key(&to.key)
            .body(body)
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        so_far(size);
        Ok(())
    }

    async fn upload_in_parts(
        &self,
        client: &Client,
        file: &Path,
        size: u64,
        to: &S3Place,
        so_far: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), Error> {
        let call = self.object_call("CreateMultipartUpload");
        let begun = client
            .create_multipart_upload()
            .bucket(&to.bucket)
            .key(&to.key)
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        let id = begun.upload_id().unwrap_or_default().to_owned();
        let sent = self.send_parts(client, &id, file, size, to, so_far).await;
        if sent.is_err() {
            // Parts that stay are billed. That this fails too is not the news.
            let abort = client.abort_multipart_upload().bucket(&to.bucket);
            abort.key(&to.key).upload_id(&id).send().await.ok();
        }
        sent
    }

    async fn send_parts(
        &self,
        client: &Client,
        id: &str,
        file: &Path,
        size: u64,
        to: &S3Place,
        so_far: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), Error> {
        let call = self.object_call("UploadPart");
        let mut parts = Vec::new();
        for (number, start) in (1..).zip((0..size).step_by(usize::try_from(PART).unwrap_or(1))) {
            let length = PART.min(size - start);
            let body = ByteStream::read_from()
                .path(file)
                .offset(start)
                .length(Length::Exact(length))
                .build()
                .await
                .map_err(|error| unusable(&call, file, &error))?;
            let sent = client
                .upload_part()
                .bucket(&to.bucket)
                .key(&to.key)
                .upload_id(id)
                .part_number(number)
                .body(body)
                .send()
                .await
                .map_err(|error| error::from_sdk(&error, &call))?;
            parts.push(
                CompletedPart::builder()
                    .part_number(number)
                    .set_e_tag(sent.e_tag)
                    .set_checksum_crc32(sent.checksum_crc32)
                    .set_checksum_crc64_nvme(sent.checksum_crc64_nvme)
                    .build(),
            );
            so_far(start + length);
        }
        let call = self.object_call("CompleteMultipartUpload");
        let whole = CompletedMultipartUpload::builder()
            .set_parts(Some(parts))
            .build();
        client
            .complete_multipart_upload()
            .bucket(&to.bucket)
            .key(&to.key)
            .upload_id(id)
            .multipart_upload(whole)
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        Ok(())
    }

    /// Writes an object into a file, telling how many bytes are there so far; one that breaks off is
    /// taken up where it was.
    ///
    /// # Errors
    /// When there is no such object, or the file cannot be written.
    pub async fn download_object(
        &self,
        from: &S3Place,
        file: &Path,
        so_far: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), Error> {
        let call = self.object_call("GetObject");
        let client = self.objects(&call)?;
        let unwritable = |error: std::io::Error| unusable(&call, file, &error);
        let mut target = tokio::fs::File::create(file).await.map_err(unwritable)?;
        let mut there = 0_u64;
        let mut turn = 1;
        'again: loop {
            let range = (there > 0).then(|| format!("bytes={there}-"));
            let answer = client
                .get_object()
                .bucket(&from.bucket)
                .key(&from.key)
                .set_range(range)
                .send()
                .await
                .map_err(|error| error::from_sdk(&error, &call))?;
            let request_id = answer.request_id().map(str::to_owned);
            let mut body = answer.body;
            loop {
                match body.try_next().await {
                    Ok(Some(piece)) => {
                        target.write_all(&piece).await.map_err(unwritable)?;
                        there += piece.len() as u64;
                        so_far(there);
                    }
                    Ok(None) => break 'again,
                    Err(_) if turn < MOST_TURNS => {
                        turn += 1;
                        continue 'again;
                    }
                    Err(error) => {
                        return Err(Error::own(
                            ErrorKind::Unexpected,
                            "DownloadBroken",
                            &call,
                            format!("{from} could not be read to its end: {error}"),
                        )
                        .with_request_id(request_id));
                    }
                }
            }
        }
        target.flush().await.map_err(unwritable)
    }

    /// The keys of a folder.
    ///
    /// # Errors
    /// As for every call.
    pub async fn list_objects(&self, folder: &S3Place) -> Result<Vec<S3Place>, Error> {
        let call = self.object_call("ListObjectsV2");
        let mut pages = self
            .objects(&call)?
            .list_objects_v2()
            .bucket(&folder.bucket)
            .prefix(format!("{}/", folder.key))
            .into_paginator()
            .send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| error::from_sdk(&error, &call))?;
            let keys = page.contents.unwrap_or_default().into_iter();
            found.extend(keys.filter_map(|object| object.key).map(|key| S3Place {
                bucket: folder.bucket.clone(),
                key,
            }));
        }
        Ok(found)
    }

    /// Removes an object.
    ///
    /// # Errors
    /// As for every call; that it is not there is none.
    pub async fn delete_object(&self, place: &S3Place) -> Result<(), Error> {
        let call = self.object_call("DeleteObject");
        self.objects(&call)?
            .delete_object()
            .bucket(&place.bucket)
            .key(&place.key)
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        Ok(())
    }

    fn objects(&self, call: &Call) -> Result<&Client, Error> {
        self.s3().ok_or_else(|| {
            Error::own(
                ErrorKind::NoCredentials,
                "NoCredentialsForS3",
                call,
                "S3 takes no Amazon Bedrock API key; access keys or a profile are needed",
            )
        })
    }

    fn object_call(&self, operation: &'static str) -> Call {
        let url = if self.is_local() {
            self.runtime_url().to_owned()
        } else {
            format!("https://s3.{}.amazonaws.com", self.region())
        };
        Call {
            url,
            ..self.call(operation, None)
        }
    }
}

fn unusable(call: &Call, file: &Path, error: &dyn fmt::Display) -> Error {
    Error::own(
        ErrorKind::Unexpected,
        "FileUnusable",
        call,
        format!("{} could not be used: {error}", file.display()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_bucket_and_a_folder() {
        let place: S3Place = "s3://my-bucket/alt/text/".parse().unwrap();
        assert_eq!(place.uri(), "s3://my-bucket/alt/text");
        assert_eq!(
            place.join("a.jsonl").uri(),
            "s3://my-bucket/alt/text/a.jsonl"
        );
        let bare: S3Place = "s3://my-bucket".parse().unwrap();
        assert_eq!(bare.join("a").uri(), "s3://my-bucket/a");
        for bad in [
            "my-bucket",
            "s3://",
            "s3://UPPER/x",
            "https://my-bucket/x",
            "s3://ab/x",
        ] {
            assert_eq!(bad.parse::<S3Place>(), Err(NoS3Place), "{bad}");
        }
    }
}
