//! A request in the model's own JSON.

use serde_json::{Map, Value, json};

use super::offer::{Form, Need, Offer, SizeRule};
use super::{Call, Draft, Problem};

impl Call {
    /// The body of the request. Pictures are encoded, so it blocks.
    ///
    /// # Errors
    /// When a picture cannot be read, or the model does not do what is asked.
    pub fn body(&self) -> Result<Value, Problem> {
        let offer = self.draft.offer().ok_or(Problem::NoModel)?;
        match offer.form {
            Form::Amazon {
                task_type,
                parameters,
                configured,
            } => {
                let mut body = json!({ "taskType": task_type });
                body[parameters] = Value::Object(amazon_parameters(&self.draft, offer)?);
                if configured {
                    body["imageGenerationConfig"] = Value::Object(self.configuration(offer));
                }
                Ok(body)
            }
            Form::Stability { mode } => Ok(Value::Object(self.stability(offer, mode))),
        }
    }

    fn configuration(&self, offer: &Offer) -> Map<String, Value> {
        let draft = &self.draft;
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("numberOfImages", json!(self.images));
        if offer.has_quality {
            let quality = if draft.premium { "premium" } else { "standard" };
            put("quality", json!(quality));
        }
        if offer.size != SizeRule::ByModel {
            put("width", json!(draft.width));
            put("height", json!(draft.height));
        }
        if let (Some(_), Some(scale)) = (offer.cfg_scale, draft.cfg_scale) {
            put("cfgScale", json!(scale));
        }
        if let Some(seed) = self.seed {
            put("seed", json!(seed));
        }
        members
    }

    fn stability(&self, offer: &Offer, mode: Option<&str>) -> Map<String, Value> {
        let draft = &self.draft;
        let mut members = words(draft, offer, "prompt");
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        if let Some(mode) = mode {
            put("mode", json!(mode));
        }
        if let (Some(name), Some(picture)) = (offer.picture, draft.pictures.first()) {
            put(name, json!(picture.to_base64()));
        }
        if let (Some(name), Some(picture)) = (offer.style_picture, &draft.style_picture) {
            put(name, json!(picture.to_base64()));
        }
        if let (Some(offered), Some(mask)) = (offer.mask, &draft.mask) {
            put(offered.name, json!(mask.to_base64()));
        }
        if let Some(seed) = self.seed {
            put("seed", json!(seed));
        }
        // Without loss, so that it can be worked on further.
        put("output_format", json!("png"));
        members
    }
}

fn amazon_parameters(draft: &Draft, offer: &Offer) -> Result<Map<String, Value>, Problem> {
    let mut members = words(draft, offer, "text");
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    if offer.colors.is_some() {
        put("colors", json!(draft.colors));
    }
    if let Some(name) = offer.picture.filter(|_| !draft.pictures.is_empty()) {
        let coded: Vec<String> = draft
            .pictures
            .iter()
            .map(super::Picture::to_opaque_base64)
            .collect::<Result<_, _>>()?;
        put(
            name,
            if name == "images" {
                json!(coded)
            } else {
                json!(coded.first())
            },
        );
    }
    if let Some(offered) = offer.mask {
        match (&draft.mask, offered.prompt) {
            (Some(mask), _) => put(offered.name, json!(mask.to_mask_base64()?)),
            (None, Some(name)) => put(name, json!(draft.mask_prompt.trim())),
            (None, None) => None,
        };
    }
    Ok(members)
}

/// What both forms have alike: words, numbers and choices by their names.
fn words(draft: &Draft, offer: &Offer, prompt: &str) -> Map<String, Value> {
    let mut members = Map::new();
    let mut put = |name: &str, text: &str| {
        if !text.trim().is_empty() {
            members.insert(name.to_owned(), json!(text.trim()));
        }
    };
    if offer.prompt != Need::None {
        put(prompt, &draft.prompt);
    }
    if let Some(name) = offer.negative {
        put(name, &draft.negative);
    }
    if let Some(name) = offer.search {
        put(name, &draft.search);
    }
    for choice in offer.choices {
        if let Some(value) = draft.choices.get(choice.name) {
            put(choice.name, value);
        }
    }
    for knob in offer.knobs {
        if let Some(value) = draft.knob(knob.name) {
            members.insert(knob.name.to_owned(), number(value, knob.whole));
        }
    }
    members
}

/// A whole number without decimals, as pixels are.
fn number(value: f64, whole: bool) -> Value {
    if !whole {
        return json!(value);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a number of pixels, within its range"
    )]
    let whole = value.round() as i64;
    json!(whole)
}
