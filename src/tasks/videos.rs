//! One request for a video, begun.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::bedrock::{Connection, StartedInvocation};
use crate::chat::{Failure, Usage};
use crate::pricing::{CostBreakdown, Prices, Tier};
use crate::store::{BilledLine, Screen, SpendRow, UnixMs};
use crate::videos::VideoDraft;

/// A video that is being made, and its row for the ledger.
#[derive(Clone, Debug)]
pub struct VideoStarted {
    /// What the service began.
    pub invocation: StartedInvocation,
    /// What it will be billed: the service says no more about it, so it is booked when it begins.
    pub spend: SpendRow,
}

/// Begins a video.
///
/// # Errors
/// When something is wrong with what is set, or the service refuses.
pub async fn start_video(
    connection: Connection,
    draft: VideoDraft,
    prices: Prices,
    screen: Screen,
) -> Result<VideoStarted, Failure> {
    let of = draft.clone();
    let body = tokio::task::spawn_blocking(move || of.body()).await;
    let (Some(body), Some(model)) = (body.ok().flatten(), draft.model.clone()) else {
        return Err(Failure::local(
            "NotSent",
            "There is no model that makes videos",
            "Choose one",
        ));
    };
    let invocation = connection
        .start_async_invoke(&model, &body, draft.folder.trim(), &token())
        .await
        .map_err(Failure::from)?;
    let bill = draft.bill(&prices, connection.region());
    let spend = SpendRow {
        at: UnixMs::now(),
        model,
        region: connection.region().to_owned(),
        connection: String::new(),
        tier: Some(Tier::Standard),
        usage: Usage::default(),
        cost: bill.as_ref().and_then(CostBreakdown::total),
        lines: bill.as_ref().map(BilledLine::of).unwrap_or_default(),
        simulated: invocation.simulated,
        screen,
        conversation: None,
        project: None,
        estimate: None,
    };
    Ok(VideoStarted { invocation, spend })
}

/// Makes a request that is sent twice on the way one video.
fn token() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |now| now.as_nanos());
    format!("video-{now:x}-{:x}", fastrand::u64(..))
}
