//! Prices fetched over HTTP from files in the form AWS publishes them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use bedrock_playground::bedrock::Proxy;
use bedrock_playground::pricing::price_list::RejectReason;
use bedrock_playground::pricing::{Day, Offer, Prices};
use bedrock_playground::tasks::{Refresh, RefreshError, RefreshOptions, refresh};
use futures_util::stream;

use crate::price_list::{Row, file, nova, sonnet};

/// A server of price files on loopback.
#[derive(Clone, Default)]
pub struct PriceServer(Arc<Mutex<Files>>);

#[derive(Default)]
struct Files {
    /// By path.
    texts: BTreeMap<String, String>,
    /// Path and tag of each request.
    asked: Vec<(String, Option<String>)>,
    /// Where a body breaks off, in bytes.
    cut_at: Option<usize>,
}

impl PriceServer {
    pub fn put(&self, offer: Offer, region: &str, rows: &[Row]) {
        let path = format!(
            "/offers/v1.0/aws/{}/current/{region}/index.json",
            offer.code()
        );
        let mut files = self.0.lock().expect("not poisoned");
        files.texts.insert(path, file(offer, rows));
    }

    fn put_text(&self, offer: Offer, text: &str) {
        self.put(offer, "us-east-1", &[]);
        let mut files = self.0.lock().expect("not poisoned");
        for (path, kept) in &mut files.texts {
            if path.contains(&format!("/{}/", offer.code())) {
                text.clone_into(kept);
            }
        }
    }

    fn cut_at(&self, bytes: usize) {
        self.0.lock().expect("not poisoned").cut_at = Some(bytes);
    }

    pub fn asked(&self) -> Vec<(String, Option<String>)> {
        self.0.lock().expect("not poisoned").asked.clone()
    }

    /// Serves on a port of its own; gives the address.
    pub async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let app = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        format!("http://{address}")
    }
}

/// The tag of every file: its length.
async fn answer(State(server): State<PriceServer>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let tag = request.headers().get("if-none-match");
    let tag = tag.and_then(|tag| tag.to_str().ok()).map(str::to_owned);
    assert!(
        request.headers().get("authorization").is_none(),
        "no credentials go along"
    );
    let mut files = server.0.lock().expect("not poisoned");
    files.asked.push((path.clone(), tag.clone()));
    let response = Response::builder();
    let Some(text) = files.texts.get(&path) else {
        return response.status(403).body(Body::empty()).expect("an answer");
    };
    let etag = format!("\"{}\"", text.len());
    if tag.as_deref() == Some(&etag) {
        return response.status(304).body(Body::empty()).expect("an answer");
    }
    // In pieces that split words and characters.
    let mut pieces: Vec<Result<Bytes, std::io::Error>> = text.as_bytes()
        [..files.cut_at.unwrap_or(text.len()).min(text.len())]
        .chunks(37)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    if files.cut_at.is_some() {
        pieces.push(Err(std::io::ErrorKind::ConnectionReset.into()));
    }
    response
        .header("etag", etag)
        .body(Body::from_stream(stream::iter(pieces)))
        .expect("an answer")
}

async fn refreshed(url: &str, region: &str, known: &Prices) -> Result<Refresh, RefreshError> {
    refreshed_on("2026-11-21", url, region, known).await
}

async fn refreshed_on(
    day: &str,
    url: &str,
    region: &str,
    known: &Prices,
) -> Result<Refresh, RefreshError> {
    refresh(RefreshOptions {
        region: region.to_owned(),
        url: Some(url.to_owned()),
        proxy: Proxy::Direct,
        known: known.clone(),
        today: Day::parse(day).expect("a day"),
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_three_files_are_fetched_compared_and_fetched_again_only_when_changed() {
    let server = PriceServer::default();
    server.put(
        Offer::Bedrock,
        "us-east-1",
        &[
            // 0.07 for a million; 0.06 so far.
            nova("input-tokens", "0.00007"),
            nova("output-tokens", "0.00024"),
            // Ten times what it was.
            nova("cache-read-input-token-count", "0.00015"),
        ],
    );
    server.put(
        Offer::FoundationModels,
        "us-east-1",
        &[sonnet("input_tokens_standard", "3")],
    );
    let url = server.serve().await;
    let found = refreshed(&url, "us-east-1", &Prices::default())
        .await
        .expect("a refresh");
    assert_eq!(found.missing, [Offer::Service]);
    let changes: Vec<_> = found
        .review
        .changes
        .iter()
        .map(|change| {
            format!(
                "{} {:?} {}",
                change.key,
                change.from.map(|usd| usd.to_string()),
                change.to
            )
        })
        .collect();
    assert_eq!(
        changes,
        [r#"amazon.nova-lite-v1:0, us-east-1, input Some("$0.06") $0.07"#]
    );
    assert_eq!(found.review.len(), 3, "two are what they were");
    assert!(matches!(
        found.review.rejects[..],
        [ref reject] if matches!(reject.reason, RejectReason::Moved { .. })
    ));
    assert_eq!(found.files.len(), 2);
    assert_eq!(found.files[0].published.to_string(), "2026-11-20");
    assert_eq!(found.files[0].fetched.to_string(), "2026-11-21");

    let mut known = Prices::default();
    let mut list = (*known.price_list).clone();
    list.accept(found.review, found.files);
    known.price_list = list.into();
    let again = refreshed(&url, "us-east-1", &known)
        .await
        .expect("a refresh");
    assert_eq!(again.unchanged, [Offer::Bedrock, Offer::FoundationModels]);
    assert!(again.files.is_empty() && again.review.is_empty());
    let tags: Vec<_> = server.asked().into_iter().map(|(_, tag)| tag).collect();
    assert!(tags[..3].iter().all(Option::is_none));
    assert!(tags[3].is_some() && tags[4].is_none() && tags[5].is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_announced_for_later_is_found_when_its_day_has_come() {
    let server = PriceServer::default();
    let mut later = nova("input-tokens", "0.00007");
    later.from = "2026-12-01T00:00:00Z";
    let region = "us-east-1";
    server.put(Offer::Bedrock, region, &[later]);
    let url = server.serve().await;
    let mut known = Prices::default();
    let mut found = Vec::new();
    // The file is the same all the time.
    for day in ["2026-11-21", "2026-11-30", "2026-12-01", "2026-12-02"] {
        let refresh = refreshed_on(day, &url, region, &known).await.expect(day);
        let changes = refresh.review.changes.iter().map(|change| change.to);
        let changes: Vec<String> = changes.map(|usd| usd.to_string()).collect();
        found.push((refresh.unchanged.len(), changes));
        let mut list = (*known.price_list).clone();
        list.accept(refresh.review, refresh.files);
        known.price_list = list.into();
    }
    let nothing = Vec::new;
    let raised = vec!["$0.07".to_owned()];
    assert_eq!(
        found,
        [(0, nothing()), (1, nothing()), (0, raised), (1, nothing())]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_taken_of_files_that_break_off_or_are_something_else() {
    let server = PriceServer::default();
    server.put(
        Offer::Bedrock,
        "us-east-1",
        &[nova("input-tokens", "0.00007")],
    );
    let url = server.serve().await;
    server.cut_at(200);
    let cut = refreshed(&url, "us-east-1", &Prices::default()).await;
    assert!(matches!(cut, Err(RefreshError::Download(_))), "{cut:?}");

    let server = PriceServer::default();
    server.put_text(Offer::Bedrock, "<html>a portal's login page</html>");
    let url = server.serve().await;
    let other = refreshed(&url, "us-east-1", &Prices::default()).await;
    let Err(RefreshError::Read { offer, .. }) = other else {
        panic!("{other:?}");
    };
    assert_eq!(offer, Offer::Bedrock);

    let nowhere = refreshed(&url, "xx-nowhere-9", &Prices::default()).await;
    assert!(
        matches!(nowhere, Err(RefreshError::NoFiles(_))),
        "{nowhere:?}"
    );
}

#[tokio::test]
async fn prices_come_over_a_secure_connection_or_from_this_computer() {
    let refused = refreshed("http://prices.example", "us-east-1", &Prices::default()).await;
    let Err(RefreshError::Download(error)) = refused else {
        panic!("{refused:?}");
    };
    assert!(error.to_string().contains("https"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_leads_to_no_other_file() {
    let server = PriceServer::default();
    let url = server.serve().await;
    refreshed(&url, "../../x?y=", &Prices::default()).await.ok();
    let (path, _) = server.asked().remove(0);
    assert_eq!(path, "/offers/v1.0/aws/AmazonBedrock/current/xy/index.json");
}
