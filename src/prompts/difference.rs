//! What changed between two states of a prompt, line by line and, where a line became another, word by word.

use std::ops::Range;

use similar::{ChangeTag, DiffOp, DiffTag, TextDiff};

use super::Content;

/// Which state a line is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineSide {
    /// Both.
    Both,
    /// The earlier one alone.
    Before,
    /// The later one alone.
    After,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    /// Whose.
    pub side: LineSide,
    /// The line.
    pub text: String,
    /// Which of its bytes the line of the other state has otherwise; none where no line of it is alike.
    pub changed: Vec<Range<usize>>,
}

/// As much as two lines have in common at least, for one to be the other with some words changed.
const ALIKE: f32 = 0.5;

/// All lines of both states, in their order.
#[must_use]
pub fn difference(before: &Content, after: &Content) -> Vec<DiffLine> {
    let (before, after) = (in_lines(before), in_lines(after));
    let diff = TextDiff::from_lines(&before, &after);
    let mut lines = Vec::new();
    for op in diff.ops() {
        lines.extend(lines_of(&diff, op));
    }
    lines
}

fn lines_of(diff: &TextDiff<'_, '_, str>, op: &DiffOp) -> Vec<DiffLine> {
    let mut lines: Vec<DiffLine> = diff
        .iter_changes(op)
        .map(|change| DiffLine {
            side: match change.tag() {
                ChangeTag::Equal => LineSide::Both,
                ChangeTag::Delete => LineSide::Before,
                ChangeTag::Insert => LineSide::After,
            },
            text: change.value().trim_end_matches('\n').to_owned(),
            changed: Vec::new(),
        })
        .collect();
    if op.tag() == DiffTag::Replace {
        let (before, after) = lines.split_at_mut(op.old_range().len());
        for (before, after) in before.iter_mut().zip(after) {
            (before.changed, after.changed) = words(&before.text, &after.text);
        }
    }
    lines
}

/// What each of two lines has for itself.
fn words(before: &str, after: &str) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let diff = TextDiff::from_unicode_words(before, after);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    if diff.ratio() < ALIKE {
        return (left, right);
    }
    let mut at = (0, 0);
    for change in diff.iter_all_changes() {
        let length = change.value().len();
        match change.tag() {
            ChangeTag::Equal => at = (at.0 + length, at.1 + length),
            ChangeTag::Delete => at.0 = mark(&mut left, at.0, length),
            ChangeTag::Insert => at.1 = mark(&mut right, at.1, length),
        }
    }
    (left, right)
}

/// Adds what begins here, to what was marked last where that ends here; where it ends.
fn mark(marked: &mut Vec<Range<usize>>, at: usize, length: usize) -> usize {
    let end = at + length;
    match marked.last_mut().filter(|last| last.end == at) {
        Some(last) => last.end = end,
        None => marked.push(at..end),
    }
    end
}

/// A prompt as a person reads it: the words, then the settings that differ from none at all.
fn in_lines(content: &Content) -> String {
    let mut lines = String::new();
    let mut part = |title: &str, text: &str| {
        if !text.trim().is_empty() {
            lines.push_str(title);
            lines.push('\n');
            lines.push_str(text.trim_end());
            lines.push('\n');
        }
    };
    let configuration = &content.configuration;
    for system in &configuration.system {
        part("System prompt:", system);
    }
    part("Prompt:", &content.text);
    let mut settings = Vec::new();
    let mut set = |name: &str, value: Option<String>| {
        settings.extend(value.map(|value| format!("{name}: {value}")));
    };
    let number = |value: Option<f32>| value.map(|value| value.to_string());
    set("Model", content.model.as_ref().map(ToString::to_string));
    set("Temperature", number(configuration.temperature));
    set("Top P", number(configuration.top_p));
    set("Top K", configuration.top_k.map(|value| value.to_string()));
    set(
        "Maximum length",
        configuration.max_tokens.map(|value| value.to_string()),
    );
    for sequence in &configuration.stop_sequences {
        set("Stop sequence", Some(sequence.clone()));
    }
    set(
        "Reasoning",
        configuration.reasoning.on.then(|| {
            let reasoning = configuration.reasoning;
            format!(
                "on, {} tokens, {}",
                reasoning.budget_tokens,
                reasoning.effort.as_str()
            )
        }),
    );
    set(
        "Guardrail",
        configuration
            .guardrail
            .as_ref()
            .map(|guardrail| format!("{} {}", guardrail.id, guardrail.version)),
    );
    part("Settings:", &settings.join("\n"));
    for tool in configuration.tools.iter().filter(|tool| tool.on) {
        part(
            &format!("Tool {}:", tool.name),
            &format!("{}\n{}", tool.description, tool.input_schema),
        );
    }
    part("Output schema:", &configuration.output_schema);
    part("Additional fields:", &configuration.additional_fields);
    part(
        "Additional response fields:",
        &configuration.response_field_paths,
    );
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_are_told_apart() {
        let mut before = Content {
            text: "Be kind.\nSay {{what}}.".to_owned(),
            ..Content::default()
        };
        before.configuration.temperature = Some(0.5);
        let mut after = before.clone();
        after.text = "Be kind.\nShout {{what}}.".to_owned();
        after.configuration.temperature = None;
        let told: Vec<String> = difference(&before, &after)
            .into_iter()
            .map(|line| {
                let sign = match line.side {
                    LineSide::Both => ' ',
                    LineSide::Before => '-',
                    LineSide::After => '+',
                };
                format!("{sign}{}", line.text)
            })
            .collect();
        assert_eq!(
            told,
            [
                " Prompt:",
                " Be kind.",
                "-Say {{what}}.",
                "-Settings:",
                "-Temperature: 0.5",
                "+Shout {{what}}.",
            ]
        );
        let say = difference(&before, &after)
            .into_iter()
            .find(|line| line.text.starts_with("Say"));
        let words = say.map(|line| {
            line.changed
                .iter()
                .map(|at| line.text[at.clone()].to_owned())
                .collect::<Vec<_>>()
        });
        assert_eq!(words, Some(vec!["Say".to_owned()]));
        assert!(
            difference(&after, &after)
                .iter()
                .all(|line| line.side == LineSide::Both)
        );
    }
}
