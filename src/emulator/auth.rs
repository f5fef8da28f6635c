//! Who is calling: a signature or a bearer token must be there. Neither is checked, since there is
//! no account behind this endpoint; a missing or broken one is refused as AWS does.

use axum::http::{HeaderMap, Uri, header};

use super::api_error::ApiError;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What a request's authorization tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The region of the signature's scope; a bearer token has none.
    pub region: Option<String>,
}

/// Reads the authorization of a request.
pub fn caller(headers: &HeaderMap, uri: &Uri) -> Result<Caller, ApiError> {
    let presigned = uri
        .query()
        .is_some_and(|query| query.contains("X-Amz-Signature="));
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return if presigned {
            Ok(Caller { region: None })
        } else {
            Err(ApiError::forbidden(
                "MissingAuthenticationTokenException",
                "Missing Authentication Token",
            ))
        };
    };
    let value = value.to_str().unwrap_or_default();
    if let Some(token) = value.strip_prefix("Bearer ") {
        return if token.trim().is_empty() {
            Err(ApiError::forbidden(
                "AccessDeniedException",
                "Authentication failed: the bearer token is empty",
            ))
        } else {
            Ok(Caller { region: None })
        };
    }
    signed(value).ok_or_else(|| {
        ApiError::forbidden(
            "IncompleteSignatureException",
            "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters",
        )
    })
}

/// `AWS4-HMAC-SHA256 Credential=ID/DATE/REGION/SERVICE/aws4_request, SignedHeaders=…, Signature=…`
fn signed(value: &str) -> Option<Caller> {
    let parameters = value.strip_prefix(ALGORITHM)?;
    let parameter = |name: &str| {
        parameters
            .split(',')
            .find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
    };
    parameter("SignedHeaders")?;
    parameter("Signature").filter(|signature| !signature.is_empty())?;
    let region = parameter("Credential")?.split('/').nth(2)?;
    Some(Caller {
        region: Some(region.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(authorization: &str) -> Result<Caller, ApiError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, authorization.parse().unwrap());
        caller(&headers, &Uri::from_static("/foundation-models"))
    }

    #[test]
    fn a_signature_tells_the_region() {
        let caller = with(
            "AWS4-HMAC-SHA256 Credential=AKID/20261121/eu-west-1/bedrock/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature=abc",
        );
        assert_eq!(
            caller,
            Ok(Caller {
                region: Some("eu-west-1".into())
            })
        );
    }

    #[test]
    fn without_authorization_the_door_is_shut() {
        let error = caller(&HeaderMap::new(), &Uri::from_static("/")).unwrap_err();
        assert_eq!(error.kind, "MissingAuthenticationTokenException");
        assert_eq!(with("Bearer key").unwrap().region, None);
        assert_eq!(with("Bearer ").unwrap_err().kind, "AccessDeniedException");
        assert_eq!(
            with("AWS4-HMAC-SHA256 x").unwrap_err().kind,
            "IncompleteSignatureException"
        );
    }
}
