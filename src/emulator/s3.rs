//! Just enough S3 for batch jobs, path style: buckets, objects, uploads in parts. Objects are files in
//! a temporary folder, gone with the endpoint.
//!
//! Every bucket is there, except those whose name begins with `missing` (404) or `forbidden` (403).
//! Answers say in a header that they are simulated.

mod chunked;
mod objects;

use std::collections::HashMap;
use std::fmt::Write as _;

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use percent_encoding::percent_decode_str;
use uuid::Uuid;

use super::SIMULATED_HEADER;
use chunked::Unchunked;
pub use objects::{Object, Objects};

/// The namespace of every document.
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
/// Most keys of one page.
const PAGE: usize = 1_000;

/// An error as S3 sends it.
#[derive(Debug)]
pub struct S3Error {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
}

impl S3Error {
    const fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self {
            status,
            code,
            message,
        }
    }

    pub const NO_KEY: Self = Self::new(
        StatusCode::NOT_FOUND,
        "NoSuchKey",
        "The specified key does not exist.",
    );
    const NO_BUCKET: Self = Self::new(
        StatusCode::NOT_FOUND,
        "NoSuchBucket",
        "The specified bucket does not exist",
    );
    const DENIED: Self = Self::new(StatusCode::FORBIDDEN, "AccessDenied", "Access Denied");
    const NO_UPLOAD: Self = Self::new(
        StatusCode::NOT_FOUND,
        "NoSuchUpload",
        "The specified upload does not exist.",
    );
    const RANGE: Self = Self::new(
        StatusCode::RANGE_NOT_SATISFIABLE,
        "InvalidRange",
        "The requested range is not satisfiable",
    );
    const INCOMPLETE: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
    );
    const UNKNOWN: Self = Self::new(
        StatusCode::NOT_IMPLEMENTED,
        "NotImplemented",
        "A header you provided implies functionality that is not implemented",
    );
    const INTERNAL: Self = Self::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "InternalError",
        "We encountered an internal error. Please try again.",
    );

    fn into_response(self) -> Response {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message></Error>",
            self.code, self.message
        );
        xml(self.status, body)
    }
}

impl From<std::io::Error> for S3Error {
    fn from(_: std::io::Error) -> Self {
        Self::INTERNAL
    }
}

/// Takes the requests that are signed for S3; all others go on.
pub async fn divert(State(objects): State<Objects>, request: Request, next: Next) -> Response {
    let signed = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("/s3/aws4_request"));
    if !signed {
        return next.run(request).await;
    }
    let mut response = serve(&objects, request)
        .await
        .unwrap_or_else(S3Error::into_response);
    let headers = response.headers_mut();
    headers.insert(
        HeaderName::from_static(SIMULATED_HEADER),
        HeaderValue::from_static("true"),
    );
    if let Ok(id) = HeaderValue::from_str(&Uuid::new_v4().to_string()) {
        headers.insert(HeaderName::from_static("x-amz-request-id"), id);
    }
    response
}

async fn serve(objects: &Objects, request: Request) -> Result<Response, S3Error> {
    let (bucket, key) = place(request.uri());
    if bucket.starts_with("missing") || bucket.is_empty() {
        return Err(S3Error::NO_BUCKET);
    }
    if bucket.starts_with("forbidden") {
        return Err(S3Error::DENIED);
    }
    let Query(query): Query<HashMap<String, String>> =
        Query::try_from_uri(request.uri()).unwrap_or_default();
    let upload = query.get("uploadId").cloned();
    if key.is_empty() {
        return Ok(match *request.method() {
            Method::GET if query.get("list-type").is_some_and(|kind| kind == "2") => {
                list(objects, &bucket, &query)
            }
            Method::HEAD | Method::PUT => {
                (StatusCode::OK, [("x-amz-bucket-region", "us-east-1")]).into_response()
            }
            _ => return Err(S3Error::UNKNOWN),
        });
    }
    match (request.method().clone(), upload) {
        (Method::PUT, None) => {
            let object = receive(objects, request).await?;
            let tag = object.tag.clone();
            objects.put(&bucket, &key, object);
            Ok((StatusCode::OK, [(header::ETAG, tag)]).into_response())
        }
        (Method::PUT, Some(upload)) => {
            let number = query
                .get("partNumber")
                .and_then(|number| number.parse().ok());
            let object = receive(objects, request).await?;
            let tag = object.tag.clone();
            objects
                .put_part(&upload, number.unwrap_or(0), object)
                .ok_or(S3Error::NO_UPLOAD)?;
            Ok((StatusCode::OK, [(header::ETAG, tag)]).into_response())
        }
        (Method::POST, None) if query.contains_key("uploads") => {
            let upload = objects.begin(&bucket, &key);
            let inside = format!(
                "<Bucket>{}</Bucket><Key>{}</Key><UploadId>{upload}</UploadId>",
                escaped(&bucket),
                escaped(&key)
            );
            Ok(document("InitiateMultipartUploadResult", &inside))
        }
        (Method::POST, Some(upload)) => {
            let tag = objects.complete(&upload).await?.ok_or(S3Error::NO_UPLOAD)?;
            let inside = format!(
                "<Bucket>{}</Bucket><Key>{}</Key><ETag>{}</ETag>",
                escaped(&bucket),
                escaped(&key),
                escaped(&tag)
            );
            Ok(document("CompleteMultipartUploadResult", &inside))
        }
        (Method::DELETE, Some(upload)) => {
            objects.abort(&upload);
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        (Method::DELETE, None) => {
            objects.delete(&bucket, &key);
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        (method @ (Method::GET | Method::HEAD), None) => {
            let object = objects.get(&bucket, &key).ok_or(S3Error::NO_KEY)?;
            let range = request.headers().get(header::RANGE).cloned();
            // A body cannot be looked at from two threads, and nobody needs it.
            drop(request);
            send(object, range, method == Method::HEAD).await
        }
        _ => Err(S3Error::UNKNOWN),
    }
}

/// Bucket and key of a path.
fn place(uri: &Uri) -> (String, String) {
    let path = uri.path().trim_start_matches('/');
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    (decoded(bucket), decoded(key))
}

/// Whether a body comes in chunks, and how many bytes of it there are.
fn form(headers: &HeaderMap) -> (bool, Option<u64>) {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let chunked = text("x-amz-content-sha256").is_some_and(|sum| sum.starts_with("STREAMING-"));
    let length = if chunked {
        text("x-amz-decoded-content-length")
    } else {
        text("content-length")
    };
    (chunked, length.and_then(|length| length.parse().ok()))
}

/// Writes a body into a file as it comes.
async fn receive(objects: &Objects, request: Request) -> Result<Object, S3Error> {
    let (chunked, expected) = form(request.headers());
    let mut unchunked = Unchunked::default();
    let mut writer = objects.writer()?;
    let mut body = request.into_body().into_data_stream();
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(|_| S3Error::INCOMPLETE)?;
        if chunked {
            for piece in unchunked.take(&bytes).ok_or(S3Error::INCOMPLETE)? {
                writer.write(&piece).await?;
            }
        } else {
            writer.write(&bytes).await?;
        }
    }
    let object = writer.finish().await?;
    if expected.is_some_and(|expected| expected != object.size) {
        return Err(S3Error::INCOMPLETE);
    }
    Ok(object)
}

/// Sends an object, or the range asked for, or only what is known of it.
async fn send(
    object: Object,
    range: Option<HeaderValue>,
    only_head: bool,
) -> Result<Response, S3Error> {
    let range = range.as_ref().and_then(|value| value.to_str().ok());
    let (start, end) = match range {
        Some(range) => span(range, object.size).ok_or(S3Error::RANGE)?,
        None => (0, object.size),
    };
    let mut response = Response::builder()
        .header(header::ETAG, &object.tag)
        .header(header::LAST_MODIFIED, &object.modified_http)
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::CONTENT_LENGTH, end - start)
        .header(header::CONTENT_TYPE, "binary/octet-stream");
    if range.is_some() {
        let span = format!("bytes {start}-{}/{}", end.saturating_sub(1), object.size);
        response = response
            .status(StatusCode::PARTIAL_CONTENT)
            .header(header::CONTENT_RANGE, span);
    }
    let body = if only_head {
        Body::empty()
    } else {
        Body::from_stream(object.read(start, end).await?)
    };
    response.body(body).map_err(|_| S3Error::INTERNAL)
}

/// The bytes that `bytes=a-b`, `bytes=a-` or `bytes=-n` mean: from, and up to.
fn span(range: &str, size: u64) -> Option<(u64, u64)> {
    let (start, end) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (start, end) = match (start.parse::<u64>(), end.parse::<u64>()) {
        (Ok(start), Ok(end)) => (start, end.saturating_add(1).min(size)),
        (Ok(start), Err(_)) => (start, size),
        (Err(_), Ok(last)) => (size.saturating_sub(last), size),
        (Err(_), Err(_)) => return None,
    };
    (start < end).then_some((start, end))
}

fn list(objects: &Objects, bucket: &str, query: &HashMap<String, String>) -> Response {
    let text = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let most = text("max-keys").parse().unwrap_or(PAGE).min(PAGE);
    let after = query
        .get("continuation-token")
        .map_or(text("start-after"), String::as_str);
    let mut found = objects.list(bucket, text("prefix"), after, most + 1);
    let more = found.len() > most;
    found.truncate(most);
    let mut inside = format!(
        "<Name>{}</Name><Prefix>{}</Prefix><KeyCount>{}</KeyCount><MaxKeys>{most}</MaxKeys><IsTruncated>{more}</IsTruncated>",
        escaped(bucket),
        escaped(text("prefix")),
        found.len()
    );
    // Writing to a string cannot fail.
    if let Some((last, _)) = found.last().filter(|_| more) {
        write!(
            inside,
            "<NextContinuationToken>{}</NextContinuationToken>",
            escaped(last)
        )
        .ok();
    }
    for (key, object) in found {
        write!(
            inside,
            "<Contents><Key>{}</Key><LastModified>{}</LastModified><ETag>{}</ETag><Size>{}</Size>\
             <StorageClass>STANDARD</StorageClass></Contents>",
            escaped(&key),
            object.modified,
            escaped(&object.tag),
            object.size
        )
        .ok();
    }
    document("ListBucketResult", &inside)
}

fn document(name: &str, inside: &str) -> Response {
    xml(
        StatusCode::OK,
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{name} xmlns=\"{NAMESPACE}\">{inside}</{name}>"
        ),
    )
}

fn xml(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}

fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_mean_what_http_says() {
        for (range, expected) in [
            ("bytes=0-3", Some((0, 4))),
            ("bytes=4-", Some((4, 10))),
            ("bytes=-3", Some((7, 10))),
            ("bytes=8-99", Some((8, 10))),
            ("bytes=10-", None),
            ("bytes=5-4", None),
            ("lines=1-2", None),
        ] {
            assert_eq!(span(range, 10), expected, "{range}");
        }
    }

    #[test]
    fn a_path_is_a_bucket_and_a_key() {
        let place = |path: &str| place(&path.parse().unwrap());
        assert_eq!(
            place("/b/a/c%20d.jsonl"),
            ("b".into(), "a/c d.jsonl".into())
        );
        assert_eq!(place("/b?list-type=2"), ("b".into(), String::new()));
    }
}
