//! `prices`: what is known of prices, the person's own ones, and those AWS publishes.

use std::io::{self, IsTerminal as _, Write as _};

use serde_json::{Value, json};

use super::args::{
    Global, PricesArgs, PricesCommand, PricesListArgs, PricesRefreshArgs, PricesSetArgs,
};
use super::output::{Output, table};
use super::price::DEFAULT_REGION;
use super::{CommandError, Outcome, kept};
use crate::bedrock::Proxy;
use crate::catalog::ModelId;
use crate::pricing::price_list::{Change, PriceFile};
use crate::pricing::{
    Day, ImageQuality, Meter, OverrideError, OwnPrice, PixelSize, PriceQuery, Prices, Tier,
    UnitPrice, Usd,
};
use crate::store::{self, StoreError};
use crate::tasks::{Refresh, RefreshOptions, refresh};

/// Days after which a price file should be looked at again.
const STALE_AFTER: i64 = 60;

/// Does what was asked.
pub async fn run(
    global: &Global,
    args: &PricesArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    match &args.command {
        PricesCommand::Refresh(args) => fetch(global, args, output).await,
        PricesCommand::List(args) => list(global, args, output),
        PricesCommand::Set(args) => set(global, args, output),
    }
}

fn region(global: &Global) -> &str {
    global.region.as_deref().unwrap_or(DEFAULT_REGION)
}

async fn fetch(
    global: &Global,
    args: &PricesRefreshArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let folder = kept::folder(global)?;
    let settings = kept::settings(global)?;
    let options = RefreshOptions {
        region: region(global).to_owned(),
        url: args.from.clone().or(settings.price_list_url.clone()),
        proxy: Proxy::from_setting(settings.proxy.as_deref()),
        known: kept::prices(global)?,
        today: Day::today(),
    };
    let found = match refresh(options).await {
        Ok(found) => found,
        Err(error) => {
            output.note(&error.to_string());
            return Ok(Outcome::Failed);
        }
    };
    if args.json {
        output.json(&record(&found))?;
    } else {
        show(&found, output)?;
    }
    if found.files.is_empty() {
        return Ok(Outcome::Done);
    }
    if !args.yes && !asked("Take these prices?")? {
        output.note("Nothing was taken; add --yes to take what is shown");
        return Ok(Outcome::Done);
    }
    let (review, files) = (found.review, found.files);
    store::change_price_list(&folder, |list| list.accept(review, files))?;
    output.note("Taken. They stand before the bundled prices and behind your own");
    Ok(Outcome::Done)
}

/// Asks a person, where there is one.
fn asked(question: &str) -> io::Result<bool> {
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    write!(io::stderr(), "{question} [y/N] ")?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

fn show(found: &Refresh, output: &mut Output) -> io::Result<()> {
    for file in &found.files {
        output.note(&described(file));
    }
    for offer in &found.unchanged {
        output.note(&format!("{}: nothing new since it was read", offer.code()));
    }
    for offer in &found.missing {
        output.note(&format!("{}: no file for {}", offer.code(), found.region));
    }
    let rows: Vec<_> = found.review.changes.iter().map(change).collect();
    for line in table(&rows) {
        output.line(&line)?;
    }
    let (changes, all) = (found.review.changes.len(), found.review.len());
    output.note(&format!(
        "{changes} changed, {} as before, {} held back",
        all - changes,
        found.review.rejects.len()
    ));
    for reject in &found.review.rejects {
        output.note(&format!("Held back: {}: {}", reject.name, reject.reason));
    }
    Ok(())
}

fn change(change: &Change) -> Vec<String> {
    let from = change
        .from
        .map_or_else(|| "new".to_owned(), |from| from.to_string());
    vec![
        change.key.to_string(),
        from,
        "→".to_owned(),
        change.to.to_string(),
    ]
}

fn record(found: &Refresh) -> Value {
    let plain = |usd: Usd| usd.amount().normalize().to_string();
    let changes = found.review.changes.iter().map(
        |change| json!({"key": change.key, "from": change.from.map(plain), "to": plain(change.to)}),
    );
    let rejects = found
        .review
        .rejects
        .iter()
        .map(|reject| json!({"row": reject.name, "reason": reject.reason.to_string()}));
    json!({
        "region": found.region,
        "files": found.files,
        "unchanged": found.unchanged,
        "missing": found.missing,
        "prices": found.review.len(),
        "changes": changes.collect::<Vec<_>>(),
        "heldBack": rejects.collect::<Vec<_>>(),
    })
}

fn described(file: &PriceFile) -> String {
    format!(
        "{} for {}: published {}, fetched {}",
        file.offer.code(),
        file.region,
        file.published,
        file.fetched
    )
}

fn list(
    global: &Global,
    args: &PricesListArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let prices = kept::prices(global)?;
    let Some(model) = &args.model else {
        own(&prices, args.json, output)?;
        return Ok(Outcome::Done);
    };
    let id = ModelId::from(model.as_str());
    let region = region(global);
    let mut rows = Vec::new();
    for (tier, meter, price) in known(&prices, &id, region) {
        if args.json {
            output.json(&json!({
                "modelId": id.as_str(),
                "region": region,
                "tier": tier.as_str(),
                "meter": meter.key(),
                "unitPrice": price.amount.amount().normalize().to_string(),
                "per": price.per,
                "source": price.source.to_string(),
                "detail": price.source.detail(),
            }))?;
        }
        rows.push(vec![
            tier.as_str().to_owned(),
            meter.key(),
            format!("{} / {}", price.amount, price.per),
            price.source.detail(),
        ]);
    }
    if rows.is_empty() {
        output.note(&format!(
            "No source has a price of {id} in {region}. If you know one, enter it with: \
             bedrock-playground prices set {id} input=USD output=USD"
        ));
        return Ok(Outcome::Failed);
    }
    if !args.json {
        for line in table(&rows) {
            output.line(&line)?;
        }
    }
    Ok(Outcome::Done)
}

/// Every price of a model, by tier.
fn known(prices: &Prices, id: &ModelId, region: &str) -> Vec<(Tier, Meter, UnitPrice)> {
    let mut known = Vec::new();
    for tier in Tier::ALL {
        let query = PriceQuery {
            tier: Some(tier),
            ..PriceQuery::on_demand(id, region)
        };
        for meter in meters() {
            if let Some(price) = prices.unit_price(meter, &query) {
                known.push((tier, meter, price));
            }
        }
    }
    known
}

/// What models are billed by. Images and videos have a price for each size; these are shown in sizes
/// that are common.
fn meters() -> Vec<Meter> {
    let mut meters = vec![
        Meter::Input,
        Meter::Output,
        Meter::CacheRead,
        Meter::CacheWrite5m,
        Meter::CacheWrite30m,
        Meter::CacheWrite1h,
        Meter::InputSpeech,
        Meter::OutputSpeech,
        Meter::SearchUnit,
        Meter::InputImage,
        Meter::InputVideoSecond,
        Meter::InputAudioSecond,
    ];
    for (width, height) in [(512, 512), (1024, 1024), (2048, 2048)] {
        let size = PixelSize { width, height };
        for quality in [ImageQuality::Standard, ImageQuality::Premium] {
            meters.push(Meter::Image { size, quality });
        }
    }
    let size = PixelSize {
        width: 1280,
        height: 720,
    };
    meters.push(Meter::VideoSecond { size });
    meters
}

/// The person's own prices, and the files that were read.
fn own(prices: &Prices, as_json: bool, output: &mut Output) -> io::Result<()> {
    let overrides = &prices.overrides;
    if as_json {
        return output.json(&json!({
            "own": **overrides,
            "files": prices.price_list.files(),
            "refreshedPrices": prices.price_list.len(),
        }));
    }
    let rows: Vec<_> = overrides.prices().iter().map(own_row).collect();
    for line in table(&rows) {
        output.line(&line)?;
    }
    if rows.is_empty() {
        output.note("You have entered no prices of your own");
    }
    if let Some(percent) = overrides.discount_percent() {
        output.line(&format!(
            "Discount on every other price: {} %",
            percent.normalize()
        ))?;
    }
    let today = Day::today();
    for file in prices.price_list.files() {
        let age = today.days_after(file.fetched);
        let stale = if age > STALE_AFTER {
            format!("; {age} days ago, so refresh it")
        } else {
            String::new()
        };
        output.line(&format!("{}{stale}", described(file)))?;
    }
    if prices.price_list.files().is_empty() {
        output.note("No price file of AWS was read yet: the bundled prices hold");
    }
    Ok(())
}

fn own_row(price: &OwnPrice) -> Vec<String> {
    let above = price.above_input_tokens;
    vec![
        price.model_id.clone(),
        price.meter.key(),
        price.tier.as_str().to_owned(),
        price
            .region
            .clone()
            .unwrap_or_else(|| "every region".to_owned()),
        above.map_or_else(String::new, |above| format!("above {above} tokens")),
        format!("{} / {}", Usd::new(price.usd), price.meter.per()),
        format!("entered {}", price.entered),
    ]
}

/// Why own prices are not kept.
#[derive(Debug, thiserror::Error)]
enum SetError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Price(#[from] OverrideError),
}

fn set(
    global: &Global,
    args: &PricesSetArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    if args.model.is_some() && args.prices.is_empty() {
        let words = "Name what to price, for instance: input=0.05 output=0.2";
        return Err(CommandError::Usage(words.to_owned()));
    }
    let folder = kept::folder(global)?;
    let changed = store::change_overrides(&folder, |overrides| -> Result<(), SetError> {
        if let Some(percent) = args.discount {
            overrides.set_discount(Some(percent))?;
        }
        let Some(model) = &args.model else {
            return Ok(());
        };
        for (meter, usd) in &args.prices {
            let price = OwnPrice {
                model_id: ModelId::from(model.as_str()).resource_id().to_owned(),
                meter: *meter,
                tier: args.tier.into(),
                region: global.region.clone(),
                above_input_tokens: args.above,
                usd: usd.unwrap_or_default().amount(),
                entered: Day::today(),
            };
            match usd {
                Some(_) => overrides.set(price)?,
                None => overrides.remove(&price),
            }
        }
        Ok(())
    });
    let prices = changed.map_err(|error| CommandError::Usage(error.to_string()))?;
    own(&prices, false, output)?;
    Ok(Outcome::Done)
}
