//! What a list will take, before anything is sent: requests, tokens, money.

use super::offer::Offer;
use crate::catalog::ModelId;
use crate::pricing::{Meter, PriceQuery, Prices, TokenRange, Usd, text_tokens};

/// What a list will take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// Texts.
    pub texts: usize,
    /// Pictures.
    pub images: usize,
    /// Requests.
    pub requests: usize,
    /// Tokens of the texts.
    pub tokens: TokenRange,
    /// What it costs, from and to; `None` when a price is not known.
    pub cost: Option<(Usd, Usd)>,
}

/// Reckons what these texts and so many pictures will take.
#[must_use]
pub fn forecast<'a>(
    prices: &Prices,
    model_id: &ModelId,
    offer: Offer,
    region: &str,
    texts: impl IntoIterator<Item = &'a str>,
    images: usize,
) -> Forecast {
    let mut forecast = Forecast {
        images,
        ..Forecast::default()
    };
    for text in texts {
        forecast.texts += 1;
        let tokens = text_tokens(text);
        // A long text may be cut; counted whole, the price is rather too high than too low.
        forecast.tokens.low += tokens.low;
        // What marks the beginning and the end of a text.
        forecast.tokens.high += tokens.high + 2;
    }
    forecast.requests = forecast.texts.div_ceil(offer.texts_at_once()) + images;
    let query = PriceQuery::on_demand(model_id, region);
    let cost = |tokens| {
        let quantities = [(Meter::Input, tokens), (Meter::InputImage, images as u64)];
        prices.bill(quantities, &query).total()
    };
    forecast.cost = cost(forecast.tokens.low).zip(cost(forecast.tokens.high));
    forecast
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_tokens_and_price_are_told_before_sending() {
        let of = |id: &str, count: usize, images| {
            let id = ModelId::from(id);
            let offer = Offer::of(&id).unwrap();
            let texts = std::iter::repeat_n("fifteen letters", count);
            forecast(&Prices::default(), &id, offer, "us-east-1", texts, images)
        };
        let titan = of("amazon.titan-embed-text-v2:0", 10_000, 0);
        assert_eq!((titan.texts, titan.requests), (10_000, 10_000));
        // 15 characters: 3 to 5 tokens, and two marks.
        assert_eq!((titan.tokens.low, titan.tokens.high), (30_000, 70_000));
        // 30,000 × 0.02 ÷ 1M = 0.0006; 70,000 × 0.02 ÷ 1M = 0.0014
        let (low, high) = titan.cost.unwrap();
        assert_eq!(
            (low.to_decimal_string(), high.to_decimal_string()),
            ("0.00060000".to_owned(), "0.00140000".to_owned())
        );
        // 10,000 ÷ 96 = 104.2
        assert_eq!(of("cohere.embed-english-v3", 10_000, 0).requests, 105);
        // 2 × 0.00006
        let (pictures, _) = of("amazon.nova-2-multimodal-embeddings-v1:0", 0, 2)
            .cost
            .unwrap();
        assert_eq!(pictures.to_decimal_string(), "0.00012000");
        assert_eq!(
            of("cohere.embed-v4:0", 0, 1).cost,
            None,
            "its images have no price of their own in any source"
        );
    }
}
