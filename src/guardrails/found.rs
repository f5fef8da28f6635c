//! What a guardrail found: what came of it, and where in the text it stands.

use std::ops::Range;

use serde_json::Value;

use crate::chat::Finding;

/// What came of looking at a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It passes as it is.
    Passed,
    /// It passes, with parts of it replaced.
    Masked,
    /// It does not pass.
    Blocked,
}

impl Decision {
    /// In a word.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Passed => "Passed",
            Self::Masked => "Masked",
            Self::Blocked => "Blocked",
        }
    }
}

/// What came of it: the service says only whether it stepped in, the findings how.
#[must_use]
pub fn decision(intervened: bool, findings: &[Finding]) -> Decision {
    let masks_only = findings
        .iter()
        .any(|finding| finding.action == "ANONYMIZED")
        && findings.iter().all(|finding| finding.action != "BLOCKED");
    match (intervened, masks_only) {
        (false, _) => Decision::Passed,
        (true, true) => Decision::Masked,
        (true, false) => Decision::Blocked,
    }
}

/// How well an answer is grounded in its source, or fits its question; told also when it is well enough.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// `GROUNDING` or `RELEVANCE`.
    pub kind: String,
    /// From 0 to 1.
    pub score: f64,
    /// The least that passes.
    pub threshold: f64,
}

impl Score {
    /// What it says, in a word.
    #[must_use]
    pub fn label(&self) -> &str {
        match self.kind.as_str() {
            "GROUNDING" => "Grounding",
            "RELEVANCE" => "Relevance",
            other => other,
        }
    }

    /// Whether it is enough.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.score >= self.threshold
    }
}

/// The scores of contextual grounding in what `ApplyGuardrail` assessed.
#[must_use]
pub fn scores(assessments: &[Value]) -> Vec<Score> {
    let filters = assessments
        .iter()
        .filter_map(|assessment| assessment["contextualGroundingPolicy"]["filters"].as_array());
    filters
        .flatten()
        .filter_map(|filter| {
            Some(Score {
                kind: filter["type"].as_str()?.to_owned(),
                score: filter["score"].as_f64()?,
                threshold: filter["threshold"].as_f64()?,
            })
        })
        .collect()
}

/// A part of the text that matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// Its bytes.
    pub range: Range<usize>,
    /// Which finding it is of, by its place among them.
    pub finding: usize,
}

/// Where the words stand that matched, in the order of the text. The service tells the words and not
/// their places, so that every occurrence is one; longer matches come before those inside them.
#[must_use]
pub fn highlights(text: &str, findings: &[Finding]) -> Vec<Highlight> {
    let mut matches: Vec<(usize, &str)> = findings
        .iter()
        .enumerate()
        .filter_map(|(at, finding)| Some((at, finding.matched.as_deref()?)))
        .filter(|(_, matched)| !matched.is_empty())
        .collect();
    matches.sort_by_key(|(_, matched)| std::cmp::Reverse(matched.len()));
    let mut found: Vec<Highlight> = Vec::new();
    for (finding, matched) in matches {
        for (start, matched) in text.match_indices(matched) {
            let range = start..start + matched.len();
            let free = |other: &Highlight| {
                other.range.end <= range.start || range.end <= other.range.start
            };
            if found.iter().all(free) {
                found.push(Highlight { range, finding });
            }
        }
    }
    found.sort_by_key(|highlight| highlight.range.start);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::Side;

    fn finding(matched: &str, action: &str) -> Finding {
        Finding {
            side: Side::Input,
            policy: String::new(),
            name: String::new(),
            matched: Some(matched.to_owned()),
            degree: None,
            action: action.to_owned(),
        }
    }

    #[test]
    fn every_occurrence_is_marked_once() {
        let findings = [finding("ab", "BLOCKED"), finding("é ab", "ANONYMIZED")];
        let marked = highlights("ab é ab", &findings);
        assert_eq!(
            marked,
            [
                Highlight {
                    range: 0..2,
                    finding: 0
                },
                Highlight {
                    range: 3..8,
                    finding: 1
                },
            ]
        );
        assert!(highlights("ab", &[finding("", "NONE")]).is_empty());
    }

    #[test]
    fn blocking_outweighs_masking() {
        let (blocks, masks, notes) = (
            finding("a", "BLOCKED"),
            finding("b", "ANONYMIZED"),
            finding("c", "NONE"),
        );
        let of = |findings: &[&Finding], intervened| {
            let findings: Vec<Finding> = findings.iter().copied().cloned().collect();
            decision(intervened, &findings)
        };
        assert_eq!(of(&[&blocks, &masks], true), Decision::Blocked);
        assert_eq!(of(&[&masks, &notes], true), Decision::Masked);
        assert_eq!(of(&[&notes], false), Decision::Passed);
        // The service may step in and tell no reason.
        assert_eq!(of(&[], true), Decision::Blocked);
    }
}
