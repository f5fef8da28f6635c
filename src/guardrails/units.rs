//! What looking at a text will be billed as: a unit is 1,000 characters, or what is left of them.

use super::{Definition, OnSide, Strength};
use crate::catalog::ModelId;
use crate::chat::Side;
use crate::pricing::{CostBreakdown, GuardrailPolicy, Meter, PriceQuery, Prices};

/// Characters of a unit.
const UNIT: u64 = 1_000;

/// How long the parts of what is looked at are, in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lengths {
    /// What is looked at.
    pub text: u64,
    /// The source an answer is to be grounded in.
    pub source: u64,
    /// The question it is to answer.
    pub query: u64,
}

/// The units to expect, by policy; policies that do not look at this side are left out. Contextual
/// grounding counts source, question and answer together.
#[must_use]
pub fn expected_units(definition: &Definition, side: Side, lengths: Lengths) -> Vec<(Meter, u64)> {
    let on = |input: OnSide, output: OnSide| match side {
        Side::Input => input.enabled,
        Side::Output => output.enabled,
    };
    let text = lengths.text.div_ceil(UNIT);
    let content = definition.content.iter().any(|filter| {
        let strength = match side {
            Side::Input => filter.input_strength,
            Side::Output => filter.output_strength,
        };
        strength != Strength::None && on(filter.sides.input, filter.sides.output)
    });
    let topics = definition.topics.iter();
    let topics = topics.map(|topic| topic.sides);
    let words = definition.words.iter().map(|word| word.sides);
    let words = words.chain(definition.profanity);
    let pii = definition.pii.iter().map(|entity| entity.sides);
    let patterns = definition.patterns.iter().map(|pattern| pattern.sides);
    let any = |mut sides: Box<dyn Iterator<Item = super::Sides> + '_>| {
        sides.any(|sides| on(sides.input, sides.output))
    };
    let grounding = side == Side::Output
        && lengths.source > 0
        && definition.grounding.iter().any(|filter| filter.on.enabled);
    let together = (lengths.text + lengths.source + lengths.query).div_ceil(UNIT);
    [
        (GuardrailPolicy::Topic, any(Box::new(topics)), text),
        (GuardrailPolicy::Content, content, text),
        (GuardrailPolicy::Word, any(Box::new(words)), text),
        (
            GuardrailPolicy::SensitiveInformation,
            any(Box::new(pii)),
            text,
        ),
        (GuardrailPolicy::Regex, any(Box::new(patterns)), text),
        (GuardrailPolicy::ContextualGrounding, grounding, together),
    ]
    .into_iter()
    .filter(|(_, looks, units)| *looks && *units > 0)
    .map(|(policy, _, units)| (Meter::GuardrailUnit(policy), units))
    .collect()
}

/// What units cost here: by the policy alone, whatever the guardrail.
#[must_use]
pub fn bill(prices: &Prices, id: &str, region: &str, units: &[(Meter, u64)]) -> CostBreakdown {
    let id = billed_as(id);
    let query = PriceQuery::on_demand(&id, region);
    prices.bill(units.iter().copied(), &query)
}

/// What stands in the place of a model where a guardrail was asked alone.
#[must_use]
pub fn billed_as(id: &str) -> ModelId {
    let id = id.rsplit('/').next().unwrap_or(id);
    ModelId::from(format!("guardrail/{id}"))
}

#[cfg(test)]
mod tests {
    use super::super::{GroundingFilter, GroundingKind, Sides};
    use super::*;

    #[test]
    fn a_begun_unit_counts_and_what_is_off_does_not() {
        let mut definition = Definition::fresh();
        definition.grounding = vec![GroundingFilter {
            kind: GroundingKind::Grounding,
            threshold: 0.7,
            on: OnSide::default(),
        }];
        let off = OnSide {
            enabled: false,
            ..OnSide::default()
        };
        definition.profanity = Some(Sides {
            input: OnSide::default(),
            output: off,
        });
        let lengths = Lengths {
            text: 1_001,
            source: 900,
            query: 100,
        };
        let unit = |policy, count| (Meter::GuardrailUnit(policy), count);
        assert_eq!(
            expected_units(&definition, Side::Input, lengths),
            [
                unit(GuardrailPolicy::Content, 2),
                unit(GuardrailPolicy::Word, 2)
            ]
        );
        // 1,001 + 900 + 100 = 2,001 characters are three units.
        assert_eq!(
            expected_units(&definition, Side::Output, lengths),
            [
                unit(GuardrailPolicy::Content, 2),
                unit(GuardrailPolicy::ContextualGrounding, 3)
            ]
        );
    }
}
