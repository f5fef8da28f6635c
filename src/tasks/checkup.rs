//! What works on a connection and what is missing, found by asking for what costs nothing.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::net::TcpStream;

use super::Session;
use crate::bedrock::Connection;
use crate::catalog::{Catalog, ModelId};
use crate::chat::Failure;

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub what: &'static str,
    /// What is so; of what is wrong, the reason and what to do.
    pub words: String,
    /// Whether it stands in the way.
    pub is_wrong: bool,
}

impl Finding {
    /// Something that is as it should be.
    #[must_use]
    pub fn fine(what: &'static str, words: impl Into<String>) -> Self {
        Self {
            what,
            words: words.into(),
            is_wrong: false,
        }
    }

    /// Something that stands in the way.
    #[must_use]
    pub fn wrong(what: &'static str, words: impl Into<String>) -> Self {
        Self {
            what,
            words: words.into(),
            is_wrong: true,
        }
    }

    /// A call that failed, with the service's words and what to do.
    #[must_use]
    pub fn failed(what: &'static str, failure: &Failure) -> Self {
        let Failure {
            code,
            message,
            advice,
            ..
        } = failure;
        Self::wrong(what, format!("{code}: {message}. {advice}"))
    }
}

/// As whom calls are made.
pub async fn caller(connection: &Connection) -> Finding {
    match connection.identity().await {
        Ok(Some(identity)) => Finding::fine("Caller", identity.arn),
        Ok(None) => Finding::fine("Caller", "not told by this kind of credentials"),
        Err(error) => Finding::failed("Caller", &error.into()),
    }
}

/// Where calls go, as whom, and whether they are answered. Nothing is invoked, so nothing is charged.
pub async fn look_over(session: &Session) -> Vec<Finding> {
    let connection = session.connection();
    let mut findings = vec![Finding::fine(
        "Region",
        format!("{} ({})", connection.region(), connection.region_source()),
    )];
    if let Some(upstream) = session.upstream() {
        findings.push(Finding::fine("Local server", upstream.url()));
    } else {
        findings.push(Finding::fine(
            "Credentials",
            connection.credentials_source(),
        ));
        findings.push(Finding::fine("Endpoint", connection.runtime_url()));
        findings.push(caller(connection).await);
    }
    // A signature is refused when this computer's clock is minutes off, and the error says by how much.
    match connection.listing().await {
        Ok(listing) => {
            let count = listing.catalog.models.len();
            let words = format!("answers, {count} models; the clock is near enough");
            let what = if session.upstream().is_some() {
                "Models"
            } else {
                "Bedrock"
            };
            findings.push(Finding::fine(what, words));
            if let Some(error) = listing.profiles_missing {
                findings.push(Finding::failed("Profiles", &error.into()));
            }
            if !session.is_embedded() {
                findings.extend(model_access(session, &listing.catalog).await);
            }
        }
        Err(error) => findings.push(Finding::failed("Bedrock", &error.into())),
    }
    findings
}

/// Whether the account may use a model that most have; not every service tells.
async fn model_access(session: &Session, catalog: &Catalog) -> Option<Finding> {
    let usual = catalog.model(&ModelId::from("amazon.nova-lite-v1:0"))?;
    let asked = session
        .connection()
        .foundation_model_availability(&usual.id);
    Some(match asked.await {
        Ok(availability) if availability.can_be_used() => {
            Finding::fine("Model access", format!("{} may be used", usual.name))
        }
        Ok(availability) => Finding::wrong(
            "Model access",
            format!(
                "{} may not be used: authorization {}, entitlement {}, region {}. Ask for access in the \
                 Bedrock console, under Model access",
                usual.name,
                availability.authorization,
                availability.entitlement,
                availability.region
            ),
        ),
        // Without the right to ask, the first prompt tells.
        Err(_) => return None,
    })
}

/// Local servers that listen where they usually do: who, and at which address.
pub async fn local_servers() -> Vec<(&'static str, String)> {
    const USUAL: [(&str, u16); 3] = [
        ("Ollama", 11_434),
        ("LM Studio", 1_234),
        ("llama.cpp", 8_080),
    ];
    const PATIENCE: Duration = Duration::from_millis(500);
    let looked = USUAL.map(|(name, port)| async move {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let connecting = tokio::time::timeout(PATIENCE, TcpStream::connect(address));
        matches!(connecting.await, Ok(Ok(_))).then(|| (name, format!("http://{address}")))
    });
    let found = futures_util::future::join_all(looked).await;
    found.into_iter().flatten().collect()
}
