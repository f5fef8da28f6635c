//! `models`: what the connection offers.

use serde::Serialize;

use super::args::{Global, ModelsArgs};
use super::output::{FailureRecord, Output, table};
use super::{CommandError, Outcome, kept};
use crate::catalog::{Catalog, FoundationModel, InferenceType, Modality, facts};
use crate::chat::Failure;
use crate::pricing::{Meter, PriceQuery, Prices, UnitPrice};
use crate::tasks::Session;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    model_id: &'a str,
    /// The id to invoke it by from here.
    invoke_with: String,
    name: &'a str,
    provider: &'a str,
    input_modalities: Vec<&'a str>,
    output_modalities: Vec<&'a str>,
    inference_types: Vec<&'a str>,
    inference_profiles: Vec<&'a str>,
    lifecycle: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_window: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<PriceRecord>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PriceRecord {
    currency: &'static str,
    per: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    source: String,
}

/// Lists models.
pub async fn run(
    global: &Global,
    session: &Session,
    args: &ModelsArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let prices = kept::prices(global)?;
    let connection = session.connection();
    let catalog = match connection.catalog().await {
        Ok(catalog) => catalog,
        Err(error) => {
            let failure = Failure::from(error);
            if args.json {
                output.json(&FailureRecord {
                    file: None,
                    error: &failure,
                })?;
            }
            output.failure(None, &failure);
            return Ok(Outcome::Failed);
        }
    };
    let mut models: Vec<&FoundationModel> = catalog.models.iter().collect();
    models.sort_by(|a, b| {
        (a.lifecycle, &a.provider, &a.name).cmp(&(b.lifecycle, &b.provider, &b.name))
    });
    if args.json {
        for model in models {
            output.json(&record(&catalog, &prices, model, connection.region()))?;
        }
        return Ok(Outcome::Done);
    }
    let head = [
        "MODEL",
        "NAME",
        "PROVIDER",
        "TAKES",
        "GIVES",
        "IN/1M",
        "OUT/1M",
        "LIFECYCLE",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for model in models {
        let id = catalog.invocation_id(model, connection.region());
        let price = |meter| {
            let query = PriceQuery::on_demand(&id, connection.region());
            prices
                .unit_price(meter, &query)
                .map_or_else(|| "unknown".to_owned(), |price| price.amount.to_string())
        };
        rows.push(vec![
            id.to_string(),
            model.name.clone(),
            model.provider.clone(),
            labels(&model.input_modalities),
            labels(&model.output_modalities),
            price(Meter::Input),
            price(Meter::Output),
            model.lifecycle.label().to_owned(),
        ]);
    }
    for line in table(&rows) {
        output.line(&line)?;
    }
    if let Some(upstream) = session.upstream() {
        output.note(&format!(
            "This list is of the local server at {}: what is asked goes there, and nobody charges",
            upstream.url()
        ));
    } else if session.is_embedded() {
        output.note("Demo: this list is the embedded endpoint's, not an account's");
    }
    Ok(Outcome::Done)
}

fn record<'a>(
    catalog: &'a Catalog,
    prices: &Prices,
    model: &'a FoundationModel,
    region: &str,
) -> Record<'a> {
    let id = catalog.invocation_id(model, region);
    let query = PriceQuery::on_demand(&id, region);
    let (input, output) = (
        prices.unit_price(Meter::Input, &query),
        prices.unit_price(Meter::Output, &query),
    );
    let facts = facts(&model.id);
    Record {
        model_id: model.id.as_str(),
        name: &model.name,
        provider: &model.provider,
        input_modalities: model
            .input_modalities
            .iter()
            .map(Modality::as_str)
            .collect(),
        output_modalities: model
            .output_modalities
            .iter()
            .map(Modality::as_str)
            .collect(),
        inference_types: model
            .inference_types
            .iter()
            .map(InferenceType::as_str)
            .collect(),
        inference_profiles: catalog
            .profiles_of(&model.id)
            .map(|profile| profile.id.as_str())
            .collect(),
        lifecycle: model.lifecycle.label(),
        context_window: facts.and_then(|facts| facts.context_window),
        max_output_tokens: facts.and_then(|facts| facts.max_output_tokens),
        price: input.or(output).map(|any| PriceRecord {
            currency: "USD",
            per: any.per,
            input: input.as_ref().map(amount),
            output: output.as_ref().map(amount),
            source: any.source.to_string(),
        }),
        invoke_with: id.to_string(),
    }
}

fn amount(price: &UnitPrice) -> String {
    price.amount.amount().normalize().to_string()
}

fn labels(modalities: &[Modality]) -> String {
    modalities
        .iter()
        .map(Modality::label)
        .collect::<Vec<_>>()
        .join(", ")
}
