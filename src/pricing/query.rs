//! What a price depends on.

use serde::{Deserialize, Serialize};

use crate::catalog::ModelId;
use crate::chat::{Latency, ServiceTier};

/// What is paid for how a request is served.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Tier {
    /// On demand.
    #[default]
    Standard,
    /// In a batch job.
    Batch,
    /// Cheaper, when there is room.
    Flex,
    /// Dearer, before others.
    Priority,
    /// Latency-optimised.
    LatencyOptimized,
    /// The fastest some models offer.
    Ultrafast,
}

impl Tier {
    /// Every tier.
    pub const ALL: [Self; 6] = [
        Self::Standard,
        Self::Batch,
        Self::Flex,
        Self::Priority,
        Self::LatencyOptimized,
        Self::Ultrafast,
    ];

    /// Its name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Batch => "batch",
            Self::Flex => "flex",
            Self::Priority => "priority",
            Self::LatencyOptimized => "latencyOptimized",
            Self::Ultrafast => "ultrafast",
        }
    }

    /// The tier that bills what a response says served it; `None` for bought capacity, which is
    /// paid by the hour and not by the token.
    #[must_use]
    pub fn served_by(tier: Option<ServiceTier>, latency: Option<Latency>) -> Option<Self> {
        match (tier, latency) {
            (Some(ServiceTier::Reserved), _) => None,
            (Some(ServiceTier::Priority), _) => Some(Self::Priority),
            (Some(ServiceTier::Flex), _) => Some(Self::Flex),
            (_, Some(Latency::Optimized)) => Some(Self::LatencyOptimized),
            (Some(ServiceTier::Default) | None, _) => Some(Self::Standard),
        }
    }
}

/// What a price depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceQuery<'a> {
    /// The id a request is sent with.
    pub model_id: &'a ModelId,
    /// The region it is sent to.
    pub region: &'a str,
    /// How it is served; `None` when it is not paid by the token.
    pub tier: Option<Tier>,
    /// Input tokens of the request, cached ones counted in: long contexts cost more.
    pub context_tokens: u64,
}

impl<'a> PriceQuery<'a> {
    /// A short request on demand.
    #[must_use]
    pub fn on_demand(model_id: &'a ModelId, region: &'a str) -> Self {
        Self {
            model_id,
            region,
            tier: Some(Tier::Standard),
            context_tokens: 0,
        }
    }
}
