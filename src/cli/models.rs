//! `models`: what the connection offers.

use serde::Serialize;

use super::args::{Global, ModelsArgs};
use super::output::{FailureRecord, Output, table};
use super::{CommandError, Outcome, kept};
use crate::catalog::{
    Catalog, FoundationModel, InferenceType, Lifecycle, Modality, ModelId, Support, facts,
};
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
    end_of_life: Option<&'static str>,
    /// What it can do; what no source says is left out.
    supports: SupportRecord,
    #[serde(skip_serializing_if = "<[u32]>::is_empty")]
    embedding_dimensions: &'static [u32],
    #[serde(skip_serializing_if = "<[&str]>::is_empty")]
    on_demand_regions: &'static [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    context_window: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<PriceRecord>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct SupportRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    streaming: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vision: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_caching: Option<bool>,
}

impl From<&Support> for SupportRecord {
    fn from(support: &Support) -> Self {
        Self {
            streaming: support.streaming,
            system: support.system,
            tools: support.tools,
            vision: support.vision,
            documents: support.documents,
            reasoning: support.reasoning,
            prompt_caching: support.prompt_caching,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccessRecord<'a> {
    model_id: &'a str,
    can_be_used: bool,
    agreement: Option<&'a str>,
    authorization: &'a str,
    entitlement: &'a str,
    region: &'a str,
    what_to_do: Vec<String>,
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
    if let Some(id) = &args.access {
        return access(session, &ModelId::from(id.as_str()), args.json, output).await;
    }
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
    let all = catalog.models.iter();
    let mut models: Vec<&FoundationModel> = all.filter(|model| passes(model, args)).collect();
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
        "CONTEXT",
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
            facts(&model.id)
                .and_then(|facts| facts.context_window)
                .map_or_else(|| "–".to_owned(), |tokens| tokens.to_string()),
            price(Meter::Input),
            price(Meter::Output),
            life(model),
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
        end_of_life: facts.and_then(|facts| facts.end_of_life),
        supports: facts.map_or_else(SupportRecord::default, |facts| (&facts.supports).into()),
        embedding_dimensions: facts.map_or(&[], |facts| facts.embedding_dimensions),
        on_demand_regions: facts.map_or(&[], |facts| facts.on_demand_regions),
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

/// Whether a model is one of those that were asked for.
fn passes(model: &FoundationModel, args: &ModelsArgs) -> bool {
    let text = format!("{} {} {}", model.name, model.id, model.provider).to_lowercase();
    let words = args.search.as_deref().unwrap_or_default().to_lowercase();
    let has = |wanted: &Option<String>, modalities: &[Modality]| {
        wanted
            .as_ref()
            .is_none_or(|wanted| modalities.contains(&Modality::parse(wanted)))
    };
    words.split_whitespace().all(|word| text.contains(word))
        && has(&args.takes, &model.input_modalities)
        && has(&args.gives, &model.output_modalities)
        && (!args.active || model.lifecycle == Lifecycle::Active)
}

/// Where a model is in its life, with its end where one is announced.
fn life(model: &FoundationModel) -> String {
    let label = model.lifecycle.label();
    facts(&model.id)
        .and_then(|facts| facts.end_of_life)
        .map_or_else(|| label.to_owned(), |day| format!("{label}, ends {day}"))
}

/// Says whether the account may use a model.
async fn access(
    session: &Session,
    id: &ModelId,
    as_json: bool,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let found = match session.connection().foundation_model_availability(id).await {
        Ok(found) => found,
        Err(error) => {
            let failure = Failure::from(error);
            if as_json {
                output.json(&FailureRecord {
                    file: None,
                    error: &failure,
                })?;
            }
            output.failure(None, &failure);
            return Ok(Outcome::Failed);
        }
    };
    let what_to_do = found.what_to_do();
    if as_json {
        output.json(&AccessRecord {
            model_id: id.as_str(),
            can_be_used: found.can_be_used(),
            agreement: found.agreement.as_deref(),
            authorization: &found.authorization,
            entitlement: &found.entitlement,
            region: &found.region,
            what_to_do,
        })?;
    } else if found.can_be_used() {
        output.line(&format!("The account may use {id}"))?;
    } else {
        output.line(&format!("The account may not use {id} yet"))?;
        for step in what_to_do {
            output.line(&step)?;
        }
    }
    Ok(if found.can_be_used() {
        Outcome::Done
    } else {
        Outcome::Failed
    })
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
