//! A server on loopback that answers with what it was given and keeps what it was asked.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use bedrock_playground::bedrock::{Connection, ConnectionOptions, CredentialsSource};
use futures_util::stream::{self, StreamExt};
use serde_json::Value;

/// One answer.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub chunks: Vec<Bytes>,
    pub ending: Ending,
    /// Only requests whose path and query begin so get it.
    pub at: String,
}

/// What comes after the last byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The body ends as it should.
    Complete,
    /// The connection breaks.
    Broken,
    /// Nothing more comes, and the connection stays open.
    Silent,
}

impl Reply {
    pub fn json(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: vec![("content-type".into(), "application/json".into())],
            chunks: vec![body.into()],
            ending: Ending::Complete,
            at: String::new(),
        }
    }

    pub fn events(chunks: Vec<Bytes>) -> Self {
        Self {
            status: 200,
            headers: vec![(
                "content-type".into(),
                "application/vnd.amazon.eventstream".into(),
            )],
            chunks,
            ending: Ending::Complete,
            at: String::new(),
        }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn at(mut self, path: &str) -> Self {
        self.at = path.into();
        self
    }

    pub fn ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }

    fn into_response(self) -> Response {
        let pieces = stream::iter(self.chunks.into_iter().map(Ok));
        let body = match self.ending {
            Ending::Complete => Body::from_stream(pieces),
            Ending::Broken => Body::from_stream(pieces.chain(stream::once(async {
                // Lets what came before go out.
                tokio::task::yield_now().await;
                Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
            }))),
            Ending::Silent => Body::from_stream(pieces.chain(stream::pending())),
        };
        let mut response = Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        response.body(body).expect("a reply that HTTP can carry")
    }
}

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    /// Path and query, still encoded.
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a body in JSON")
    }
}

/// Gives one answer after another; the last one that fits a request stays.
pub struct ReplayServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    serving: tokio::task::JoinHandle<()>,
}

struct Shared {
    replies: Mutex<VecDeque<Reply>>,
    asked: Mutex<Vec<Asked>>,
}

impl ReplayServer {
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let shared = Arc::new(Shared {
            replies: Mutex::new(replies.into_iter().collect()),
            asked: Mutex::default(),
        });
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port on loopback");
        let address = listener.local_addr().expect("an address");
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("serving");
        });
        Self {
            address,
            shared,
            serving,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().expect("no panic before").clone()
    }

    /// A connection to this server with made-up keys.
    pub async fn connect(&self) -> Connection {
        connect(&self.url()).await
    }
}

impl Drop for ReplayServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A connection with made-up keys.
pub async fn connect(url: &str) -> Connection {
    Connection::open(ConnectionOptions {
        region: Some("us-east-1".into()),
        endpoint_url: Some(url.into()),
        credentials: CredentialsSource::Keys {
            access_key_id: "AKIDEXAMPLE".into(),
            secret_access_key: "secret".into(),
            session_token: None,
        },
        ..ConnectionOptions::default()
    })
    .await
    .expect("a connection needs nothing but options")
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .expect("a whole request");
    let path = head
        .uri
        .path_and_query()
        .map_or_else(String::new, ToString::to_string);
    shared.asked.lock().expect("no panic before").push(Asked {
        method: head.method.to_string(),
        path: path.clone(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.to_string(), value)
            })
            .collect(),
        body,
    });
    let mut replies = shared.replies.lock().expect("no panic before");
    let fitting: Vec<usize> = (0..replies.len())
        .filter(|index| path.starts_with(&replies[*index].at))
        .collect();
    let reply = match fitting[..] {
        [] => panic!("nothing to answer to {path}"),
        [last] => replies[last].clone(),
        [first, ..] => replies.remove(first).expect("it was just found"),
    };
    drop(replies);
    reply.into_response()
}
