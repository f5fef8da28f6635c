//! What a run over a table is expected to cost.

use std::path::Path;

use crate::catalog::ModelId;
use crate::pricing::{PriceQuery, Prompt, Usd, estimate};
use crate::prompts::{Content, Table};
use crate::ui::shared::Shared;

/// Rows whose cost is worked out before a run; a longer table is reckoned by these.
pub const ESTIMATED_ROWS: usize = 50;
/// The longest answer where a prompt sets none, in tokens.
const USUAL_ANSWER: u32 = 1_024;

/// The least and the most that all rows will cost; `None` when that is not known.
pub fn expected(
    table: &Table,
    folder: &Path,
    content: &Content,
    model: &ModelId,
    shared: &Shared,
) -> Option<(Usd, Usd)> {
    let variables = content.variables();
    let rows = table.rows.len();
    let looked_at = rows.min(ESTIMATED_ROWS);
    let query = PriceQuery::on_demand(model, shared.region());
    let (mut low, mut high) = (Usd::default(), Usd::default());
    for row in 0..looked_at {
        let given = table.row(row, &variables, folder);
        let (text, configuration) = content.filled(&given.values).ok()?;
        let mut texts: Vec<&str> = vec![&text];
        texts.extend(configuration.system.iter().map(String::as_str));
        let prompt = Prompt {
            texts: &texts,
            images: &[],
            // Files are not opened to be counted.
            uncountable: given.files.len(),
            counted: None,
            cached: None,
            max_tokens: configuration.max_tokens.unwrap_or(USUAL_ANSWER),
        };
        let estimate = estimate(&shared.prices, &prompt, &query).ok()?;
        low = low + estimate.lower;
        high = high + estimate.upper;
    }
    if looked_at == 0 {
        return None;
    }
    let (rows, looked_at) = (u64::try_from(rows).ok()?, u64::try_from(looked_at).ok()?);
    Some((low.times(rows, looked_at)?, high.times(rows, looked_at)?))
}
