//! Which model a row of a price file is for: exact names only, reviewed by hand.

use serde::Deserialize;

use crate::catalog::{ModelId, facts};
use crate::pricing::Offer;

/// The reviewed names. A row that is not named here has no model, and so no price.
const MAP: &str = include_str!("../../../assets/price-list-map.json");

/// What rows on the endpoint for OpenAI's and Anthropic's own protocols end their model's id with.
const MANTLE: &str = "-mantle";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Map {
    /// How the file is made; for whoever edits it.
    #[serde(rename = "schema")]
    _schema: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Row {
    id: String,
    offer: Offer,
    /// The part of the usage type, or the service's name, that stands for the model.
    name: String,
}

/// The reviewed map, read once for a refresh.
pub(super) struct IdMap(Vec<Row>);

impl IdMap {
    /// The map that comes with the program.
    pub fn bundled() -> Result<Self, serde_json::Error> {
        serde_json::from_str::<Map>(MAP).map(|map| Self(map.rows))
    }

    /// The id of a model by its name in an offer.
    pub fn id(&self, offer: Offer, name: &str) -> Option<&str> {
        let known = self
            .0
            .iter()
            .find(|row| row.offer == offer && row.name == name);
        if let Some(row) = known {
            return Some(&row.id);
        }
        let id = name.strip_suffix(MANTLE)?;
        facts(&ModelId::from(id))
            .filter(|facts| facts.id == id)
            .map(|facts| facts.id)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_names_a_model_there_is_and_no_name_stands_twice() {
        let map = IdMap::bundled().unwrap();
        let mut names = BTreeSet::new();
        for row in &map.0 {
            let model = facts(&ModelId::from(row.id.as_str())).map(|facts| facts.id);
            assert_eq!(model, Some(row.id.as_str()), "{}", row.name);
            assert!(names.insert((row.offer, &row.name)), "{}", row.name);
        }
    }

    #[test]
    fn names_are_matched_whole() {
        let map = IdMap::bundled().unwrap();
        let id = |name| map.id(Offer::Bedrock, name);
        assert_eq!(id("NovaLite"), Some("amazon.nova-lite-v1:0"));
        assert_eq!(id("NovaLite2"), None);
        assert_eq!(id("Nova"), None);
        assert_eq!(id("zai.glm-5-mantle"), Some("zai.glm-5"));
        assert_eq!(id("zai.glm-5.99-mantle"), None, "no neighbour's price");
        assert_eq!(
            map.id(Offer::Service, "NovaLite"),
            None,
            "a name holds in its offer"
        );
    }
}
