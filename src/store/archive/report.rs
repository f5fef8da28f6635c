//! What came of an archive, in numbers and in words.

use serde::Serialize;

/// What was put into an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportReport {
    /// Conversations, comparisons and lists of every kind.
    pub conversations: u64,
    /// Attachments.
    pub attachments: u64,
    /// Attachments whose files are gone here.
    pub missing_attachments: u64,
    /// Bytes of the archive.
    pub bytes: u64,
}

/// What became of things of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Were not here and are now.
    pub came_in: u64,
    /// Were here already, and are as they were.
    pub already_there: u64,
    /// Are here otherwise; the archive's stand beside them.
    pub copies: u64,
}

/// What became of a file such as the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Fate {
    /// The archive has none.
    #[default]
    NotInArchive,
    /// Taken.
    Taken,
    /// Here already, the same.
    AlreadyThere,
    /// Those that are here stay.
    Kept,
}

/// Something that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refused {
    /// What.
    pub what: String,
    /// And why.
    pub why: String,
}

/// What came in from an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Conversations, comparisons and lists of every kind.
    pub conversations: Tally,
    /// Attachments.
    pub attachments: Tally,
    /// Calls in the ledger.
    pub ledger: Tally,
    /// Answers that were paid for.
    pub paid_answers: Tally,
    /// Presets.
    pub presets: Tally,
    /// The settings, budgets among them.
    pub settings: Fate,
    /// Own prices and refreshed ones.
    pub prices: Fate,
    /// What was not taken.
    pub refused: Vec<Refused>,
    /// Whether it was stopped; the same import goes on where it ended.
    pub stopped: bool,
}

impl ImportReport {
    pub(super) fn refuse(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.refused.push(Refused {
            what: what.into(),
            why: why.into(),
        });
    }

    /// One line for each kind of thing there was.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (tally, name) in [
            (self.conversations, "Conversations and lists"),
            (self.attachments, "Attachments"),
            (self.ledger, "Calls in the ledger"),
            (self.paid_answers, "Answers paid for"),
            (self.presets, "Presets"),
        ] {
            if tally != Tally::default() {
                lines.push(format!("{name}: {}", words(tally)));
            }
        }
        for (fate, name) in [
            (self.settings, "Settings and budgets"),
            (self.prices, "Prices"),
        ] {
            let words = match fate {
                Fate::NotInArchive => continue,
                Fate::Taken => "taken",
                Fate::AlreadyThere => "already the same here",
                Fate::Kept => "those of this computer stay",
            };
            lines.push(format!("{name}: {words}"));
        }
        for refused in &self.refused {
            lines.push(format!("Not taken: {}, {}", refused.what, refused.why));
        }
        if self.stopped {
            lines.push("Stopped; import the same archive again to go on".to_owned());
        }
        if lines.is_empty() {
            lines.push("The archive is empty".to_owned());
        }
        lines
    }
}

fn words(tally: Tally) -> String {
    let mut parts = vec![format!("{} came in", tally.came_in)];
    if tally.already_there > 0 {
        parts.push(format!("{} already there", tally.already_there));
    }
    if tally.copies > 0 {
        parts.push(format!("{} beside others that differ here", tally.copies));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_told_and_what_was_not_there_is_not() {
        let mut report = ImportReport {
            conversations: Tally {
                came_in: 2,
                already_there: 1,
                copies: 1,
            },
            settings: Fate::Kept,
            stopped: true,
            ..ImportReport::default()
        };
        report.refuse("a preset", "its name is taken");
        assert_eq!(
            report.lines(),
            [
                "Conversations and lists: 2 came in, 1 already there, 1 beside others that differ here",
                "Settings and budgets: those of this computer stay",
                "Not taken: a preset, its name is taken",
                "Stopped; import the same archive again to go on",
            ]
        );
        assert_eq!(ImportReport::default().lines(), ["The archive is empty"]);
    }
}
