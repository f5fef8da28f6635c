//! What can be typed about prices and usage.

use clap::{Args, Subcommand};
use rust_decimal::Decimal;

use crate::pricing::{Day, ImageQuality, Meter, PixelSize, Tier, Usd};
use crate::spending::By;

/// `price`
#[derive(Clone, Debug, Args)]
pub struct PriceArgs {
    /// Model id, inference profile id or ARN
    pub model: String,
    /// Input tokens
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub input: u64,
    /// Output tokens
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub output: u64,
    /// Tokens read from the cache
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub cache_read: u64,
    /// Tokens written to the cache for five minutes
    #[arg(long = "cache-write-5m", default_value_t = 0, value_name = "N")]
    pub cache_write_5m: u64,
    /// Tokens written to the cache for an hour
    #[arg(long = "cache-write-1h", default_value_t = 0, value_name = "N")]
    pub cache_write_1h: u64,
    /// Images made
    #[arg(long, default_value_t = 0, value_name = "N", requires = "size")]
    pub images: u64,
    /// Width and height of each image, for instance 1024x1024
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub size: Option<PixelSize>,
    /// How well images are made
    #[arg(long, value_enum, default_value_t = QualityArg::Standard, value_name = "QUALITY")]
    pub quality: QualityArg,
    /// How the request is served
    #[arg(long, value_enum, default_value_t = TierArg::Standard)]
    pub tier: TierArg,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// The tiers a person can name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum TierArg {
    /// On demand
    #[default]
    Standard,
    /// Cheaper, when there is room
    Flex,
    /// Dearer, before others
    Priority,
    /// In a batch job
    Batch,
}

impl From<TierArg> for Tier {
    fn from(tier: TierArg) -> Self {
        match tier {
            TierArg::Standard => Self::Standard,
            TierArg::Flex => Self::Flex,
            TierArg::Priority => Self::Priority,
            TierArg::Batch => Self::Batch,
        }
    }
}

/// The qualities a person can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum QualityArg {
    /// As usual
    Standard,
    /// Better and dearer
    Premium,
}

impl From<QualityArg> for ImageQuality {
    fn from(quality: QualityArg) -> Self {
        match quality {
            QualityArg::Standard => Self::Standard,
            QualityArg::Premium => Self::Premium,
        }
    }
}

/// `prices`
#[derive(Clone, Debug, Args)]
pub struct PricesArgs {
    /// What to do with the prices
    #[command(subcommand)]
    pub command: PricesCommand,
}

/// What can be done with the prices.
#[derive(Clone, Debug, Subcommand)]
pub enum PricesCommand {
    /// Fetch the price files AWS publishes, show what changes, and take it
    Refresh(PricesRefreshArgs),
    /// Show every price of a model; without one your own prices and the files that were read
    List(PricesListArgs),
    /// Enter your own prices, or what your account gets off public ones
    Set(PricesSetArgs),
}

/// `prices refresh`
#[derive(Clone, Debug, Args)]
pub struct PricesRefreshArgs {
    /// Take what changes without asking
    #[arg(long)]
    pub yes: bool,
    /// Fetch the files from here instead of from AWS, for instance from a mirror
    #[arg(long, value_name = "URL")]
    pub from: Option<String>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// `prices list`
#[derive(Clone, Debug, Args)]
pub struct PricesListArgs {
    /// Model id, inference profile id or ARN
    pub model: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `prices set`
#[derive(Clone, Debug, Args)]
pub struct PricesSetArgs {
    /// Model id or inference profile id, as it is asked by
    #[arg(required_unless_present = "discount")]
    pub model: Option<String>,
    /// Dollars for a million tokens, or for one of anything else: input=0.05 output=0.2; input=none
    /// brings the public price back
    #[arg(value_name = "METER=USD", value_parser = own_price)]
    pub prices: Vec<(Meter, Option<Usd>)>,
    /// How requests with these prices are served
    #[arg(long, value_enum, default_value_t = TierArg::Standard)]
    pub tier: TierArg,
    /// For requests with more input tokens than this
    #[arg(long, value_name = "N")]
    pub above: Option<u64>,
    /// What your account gets off every price that is not your own; 0 for nothing
    #[arg(long, value_name = "PERCENT")]
    pub discount: Option<Decimal>,
}

/// `usage`
#[derive(Clone, Debug, Args)]
pub struct UsageArgs {
    /// What calls are added up by
    #[arg(long, value_enum, default_value_t = GroupArg::Day, value_name = "WHAT")]
    pub by: GroupArg,
    /// The first day, in UTC; 29 days before the last one when missing
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub from: Option<Day>,
    /// The last day, in UTC; today when missing
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub to: Option<Day>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    /// Every call as a line of CSV
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

/// What calls can be added up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum GroupArg {
    /// The day, in UTC
    Day,
    /// The model
    Model,
    /// The connection
    Connection,
    /// The screen, or the command line
    Screen,
    /// The project's tag
    Tag,
}

impl From<GroupArg> for By {
    fn from(group: GroupArg) -> Self {
        match group {
            GroupArg::Day => Self::Day,
            GroupArg::Model => Self::Model,
            GroupArg::Connection => Self::Connection,
            GroupArg::Screen => Self::Screen,
            GroupArg::Tag => Self::Tag,
        }
    }
}

fn size(text: &str) -> Result<PixelSize, String> {
    PixelSize::parse(text).ok_or_else(|| "a size such as 1024x1024 is expected".to_owned())
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "a day such as 2026-11-21 is expected".to_owned())
}

fn own_price(text: &str) -> Result<(Meter, Option<Usd>), String> {
    let expected = "a meter and a price such as input=0.05 are expected";
    let (meter, price) = text.split_once('=').ok_or(expected)?;
    let meter = Meter::from_key(meter).ok_or_else(|| {
        format!(
            "{meter:?} is no meter; those of tokens are input, output, cacheRead, cacheWrite5m, \
             cacheWrite30m and cacheWrite1h, those of images such as image/1024x1024/standard"
        )
    })?;
    if price == "none" {
        return Ok((meter, None));
    }
    let price: Decimal = price.parse().map_err(|_| expected)?;
    Ok((meter, Some(Usd::new(price))))
}
