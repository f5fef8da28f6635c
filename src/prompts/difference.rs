//! What changed between two states of a prompt, line by line.

use similar::{ChangeTag, TextDiff};

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
}

/// All lines of both states, in their order.
#[must_use]
pub fn difference(before: &Content, after: &Content) -> Vec<DiffLine> {
    let (before, after) = (in_lines(before), in_lines(after));
    let diff = TextDiff::from_lines(&before, &after);
    diff.iter_all_changes()
        .map(|change| DiffLine {
            side: match change.tag() {
                ChangeTag::Equal => LineSide::Both,
                ChangeTag::Delete => LineSide::Before,
                ChangeTag::Insert => LineSide::After,
            },
            text: change.value().trim_end_matches('\n').to_owned(),
        })
        .collect()
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
        assert!(
            difference(&after, &after)
                .iter()
                .all(|line| line.side == LineSide::Both)
        );
    }
}
