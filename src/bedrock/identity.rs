//! `GetCallerIdentity` of STS: as whom requests are made. It needs no permission.

use super::Connection;
use super::error::{self, Error};

/// As whom requests are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The account's twelve digits.
    pub account: String,
    /// The user or role.
    pub arn: String,
}

impl Connection {
    /// Asks STS as whom requests are made. `None` where there is nobody to ask: with an API key, and
    /// with an endpoint on this computer.
    ///
    /// # Errors
    /// When STS cannot be reached or does not accept the credentials.
    pub async fn identity(&self) -> Result<Option<Identity>, Error> {
        let Some(sts) = self.sts() else {
            return Ok(None);
        };
        let call = self.call("GetCallerIdentity", None);
        let answer = sts
            .get_caller_identity()
            .send()
            .await
            .map_err(|error| error::from_sdk(&error, &call))?;
        Ok(answer
            .account
            .zip(answer.arn)
            .map(|(account, arn)| Identity { account, arn }))
    }
}
