//! Pages and images fetched from the web, which is a small server here.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bedrock_playground::bedrock::{Proxy, WebError, WebFile, WebRequest, fetch};
use futures_util::stream;

const LIMIT: usize = 1_000;

async fn serve() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let pages = Router::new().fallback(page);
    tokio::spawn(async move { axum::serve(listener, pages).await });
    format!("http://{address}")
}

async fn page(request: Request) -> Response {
    let secret = [header::AUTHORIZATION, header::COOKIE];
    assert!(
        secret
            .iter()
            .all(|name| !request.headers().contains_key(name))
    );
    let agent = request.headers().get(header::USER_AGENT);
    assert!(agent.is_some_and(|agent| agent.as_bytes().starts_with(b"BedrockPlayground/")));
    let to =
        |status: StatusCode, place: &str| (status, [(header::LOCATION, place)]).into_response();
    match request.uri().path() {
        "/page" => (
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            "<p>here",
        )
            .into_response(),
        "/moved" => to(StatusCode::MOVED_PERMANENTLY, "/further"),
        "/further" => to(StatusCode::TEMPORARY_REDIRECT, "page?x=1#part"),
        "/round" => to(StatusCode::FOUND, "/round"),
        "/out" => to(StatusCode::FOUND, "ftp://127.0.0.1/x"),
        "/nowhere" => StatusCode::FOUND.into_response(),
        "/home" => to(StatusCode::FOUND, "http://localhost:1/"),
        "/large" => "x".repeat(LIMIT + 1).into_response(),
        "/endless" => {
            let pieces = stream::repeat_with(|| Ok::<_, std::io::Error>("x".repeat(100)));
            Body::from_stream(pieces).into_response()
        }
        "/secret" => StatusCode::FORBIDDEN.into_response(),
        "/broken" => StatusCode::BAD_GATEWAY.into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn get(address: &str, named_by: Option<&str>) -> Result<WebFile, WebError> {
    let request = WebRequest {
        address,
        named_by,
        accept: "text/html",
        limit: LIMIT,
    };
    fetch(request, &Proxy::Direct).await
}

#[tokio::test]
async fn an_address_is_followed_to_where_it_leads() {
    let root = serve().await;
    let moved = format!("{root}/moved");
    let page = get(&moved, Some(&moved)).await.unwrap();
    assert_eq!(page.address, format!("{root}/page?x=1#part"));
    assert_eq!(
        page.content_type.as_deref(),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(page.bytes, b"<p>here");
}

#[tokio::test]
async fn what_does_not_come_says_why() {
    let root = serve().await;
    for (path, words) in [
        ("/gone", "There is nothing at"),
        ("/secret", "does not let everybody in (403)"),
        ("/broken", "answered 502"),
        ("/round", "leads on to more than 5"),
        ("/out", "ftp://127.0.0.1/x is no address"),
        ("/nowhere", "answered 302"),
        ("/large", "is too large"),
        ("/endless", "is too large"),
        ("/home", "is in your own network"),
    ] {
        let address = format!("{root}{path}");
        let error = get(&address, Some(&root)).await.unwrap_err().to_string();
        assert!(error.contains(words), "{path}: {error}");
    }
    for address in ["", "a.example", "file:///etc/passwd", "ftp://a.example/x"] {
        let error = get(address, None).await.unwrap_err();
        assert!(matches!(error, WebError::NoAddress(_)), "{error}");
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let error = get(&closed, Some(&closed)).await.unwrap_err();
    assert!(matches!(error, WebError::Network(_)), "{error}");
}

#[tokio::test]
async fn nobody_else_leads_to_this_computer() {
    let root = serve().await;
    let page = format!("{root}/page");
    for named_by in [None, Some("https://example.com/")] {
        let error = get(&page, named_by).await.unwrap_err();
        assert!(matches!(error, WebError::OwnNetwork(_)), "{error}");
    }
}
