//! Whether an answer keeps to the JSON schema it was asked for.

use serde_json::Value;

/// The most reasons that are told.
const MAX_REASONS: usize = 5;

/// Checks an answer; what is wrong with it otherwise, each with its place.
///
/// # Errors
/// When the text is no JSON, does not keep to the schema, or the schema itself is none.
pub fn keeps_to_schema(answer: &str, schema: &Value) -> Result<(), Vec<String>> {
    let value: Value = serde_json::from_str(answer.trim())
        .map_err(|error| vec![format!("The answer is no JSON: {error}")])?;
    let validator = jsonschema::validator_for(schema)
        .map_err(|error| vec![format!("The schema cannot be used: {error}")])?;
    let reasons: Vec<String> = validator
        .iter_errors(&value)
        .take(MAX_REASONS)
        .map(|error| {
            let place = error.instance_path().to_string();
            if place.is_empty() {
                error.to_string()
            } else {
                format!("{place}: {error}")
            }
        })
        .collect();
    if reasons.is_empty() {
        Ok(())
    } else {
        Err(reasons)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_are_held_against_the_schema() {
        let schema = json!({
            "type": "object",
            "properties": { "age": { "type": "integer" } },
            "required": ["age"],
        });
        assert_eq!(keeps_to_schema(" {\"age\": 7}\n", &schema), Ok(()));
        let wrong = keeps_to_schema("{\"age\": \"seven\"}", &schema).unwrap_err();
        assert!(wrong[0].starts_with("/age: "), "{wrong:?}");
        let none = keeps_to_schema("It is seven.", &schema).unwrap_err();
        assert!(none[0].starts_with("The answer is no JSON"), "{none:?}");
        let broken = keeps_to_schema("{}", &json!({ "type": 7 })).unwrap_err();
        assert!(broken[0].starts_with("The schema"), "{broken:?}");
    }
}
