//! A comparison as it is kept: its conversations as the branches of one, and beside them a sheet that
//! says which branch is whose, how columns were asked, and what was said of the answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Column, ColumnId, Comparison, Judgement, Prompt, Row, RunRef, Score, Verdicts};
use crate::chat::{
    Configuration, ContentBlock, Failure, InvocationId, InvocationRecord, Role, Transcript,
    TranscriptParts, Turn, TurnNode,
};

/// The newest sheet this program writes and reads.
const VERSION: u32 = 1;

/// Why a sheet cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// It is damaged.
    #[error("the comparison cannot be read: {0}")]
    Damaged(#[from] serde_json::Error),
    /// Another version wrote it.
    #[error("a newer version of this program saved this comparison; update to open it")]
    Newer,
}

#[derive(Serialize, Deserialize)]
struct Sheet {
    version: u32,
    columns: Vec<Column>,
    rows: Vec<RowSheet>,
    /// Of every turn, in the order they came: its row and its column.
    places: Vec<(usize, ColumnId)>,
    ratings: Vec<(RunRef, u8)>,
    winners: Vec<(usize, usize, ColumnId)>,
    judgements: Vec<JudgementSheet>,
}

#[derive(Serialize, Deserialize)]
struct RowSheet {
    rounds: Vec<Prompt>,
    /// Of every column: how many rounds it missed, and where its path ends.
    cells: Vec<(ColumnId, usize, Option<usize>)>,
}

#[derive(Serialize, Deserialize)]
struct JudgementSheet {
    at: RunRef,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    points: Option<u8>,
    #[serde(default)]
    reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<Failure>,
    call: InvocationRecord,
}

impl Comparison {
    /// The sheet, and all conversations as the branches of one. The shared parameters are kept by
    /// whoever keeps these.
    ///
    /// # Errors
    /// Never for what this program made; JSON of our own types has a form.
    pub fn save(&self) -> Result<(String, Transcript), serde_json::Error> {
        let sheet = Sheet {
            version: VERSION,
            columns: self.columns().to_vec(),
            rows: self.rows().iter().map(|row| row_sheet(row)).collect(),
            places: self.places().to_vec(),
            ratings: self.verdicts().ratings().collect(),
            winners: self.verdicts().winners().collect(),
            judgements: self.verdicts().judgements().map(judgement_sheet).collect(),
        };
        Ok((serde_json::to_string(&sheet)?, self.as_one()))
    }

    /// A comparison again. Turns that no column claims are left out.
    ///
    /// # Errors
    /// When the sheet is damaged, or of a newer version.
    pub fn restore(
        shared: Configuration,
        sheet: &str,
        transcript: &Transcript,
    ) -> Result<Self, SheetError> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        if serde_json::from_str::<Head>(sheet)?.version > VERSION {
            return Err(SheetError::Newer);
        }
        let sheet: Sheet = serde_json::from_str(sheet)?;
        let mut parts = apart(&sheet.places, transcript);
        let rows = sheet.rows.into_iter().enumerate();
        let rows = rows
            .map(|(at, row)| restored_row(at, row, &mut parts))
            .collect();
        Ok(Self::from_parts(
            shared,
            sheet.columns,
            rows,
            sheet.places,
            verdicts(sheet.ratings, sheet.winners, sheet.judgements),
        ))
    }

    fn as_one(&self) -> Transcript {
        let mut sources: BTreeMap<(usize, ColumnId), std::vec::IntoIter<TurnNode<&Turn>>> =
            BTreeMap::new();
        let mut placed: BTreeMap<(usize, ColumnId), Vec<usize>> = BTreeMap::new();
        for (at, place) in self.places().iter().enumerate() {
            placed.entry(*place).or_default().push(at);
        }
        for (at, row) in self.rows().iter().enumerate() {
            for (column, cell) in &row.cells {
                sources.insert((at, *column), cell.parts().nodes.into_iter());
            }
        }
        let mut nodes = Vec::with_capacity(self.places().len());
        for place in self.places() {
            let node = sources.get_mut(place).and_then(Iterator::next);
            let own = placed.get(place).map_or(&[][..], Vec::as_slice);
            let at = |index: Option<usize>| index.and_then(|index| own.get(index)).copied();
            if let Some(node) = node {
                nodes.push(TurnNode {
                    turn: node.turn.clone(),
                    parent: at(node.parent),
                    chosen: at(node.chosen),
                    deleted: node.deleted,
                });
            }
        }
        let end = nodes.len().checked_sub(1);
        Transcript::from_parts(TranscriptParts { nodes, end })
    }
}

fn row_sheet(row: &Row) -> RowSheet {
    let cells = row.cells.iter().map(|(column, cell)| {
        let missed = row.missed.get(column).copied().unwrap_or_default();
        (*column, missed, cell.parts().end)
    });
    RowSheet {
        rounds: row.rounds.clone(),
        cells: cells.collect(),
    }
}

fn judgement_sheet((at, judgement): (RunRef, &Judgement)) -> JudgementSheet {
    let (points, reason, failure) = match &judgement.score {
        Ok(score) => (Some(score.points), score.reason.clone(), None),
        Err(failure) => (None, String::new(), Some(failure.clone())),
    };
    JudgementSheet {
        at,
        points,
        reason,
        failure,
        call: InvocationRecord::of(&judgement.invocation),
    }
}

type Parts = BTreeMap<(usize, ColumnId), Vec<TurnNode>>;

/// The turns of each conversation, with places of their own again.
fn apart(places: &[(usize, ColumnId)], transcript: &Transcript) -> Parts {
    // Of every turn, where it stands in its own conversation.
    let mut counts: BTreeMap<(usize, ColumnId), usize> = BTreeMap::new();
    let own: Vec<usize> = places
        .iter()
        .map(|place| {
            let count = counts.entry(*place).or_default();
            *count += 1;
            *count - 1
        })
        .collect();
    let at = |index: Option<usize>| index.and_then(|index| own.get(index)).copied();
    let mut parts = Parts::new();
    for (node, place) in transcript.parts().nodes.into_iter().zip(places) {
        parts.entry(*place).or_default().push(TurnNode {
            turn: node.turn.clone(),
            parent: at(node.parent),
            chosen: at(node.chosen),
            deleted: node.deleted,
        });
    }
    parts
}

fn restored_row(at: usize, sheet: RowSheet, parts: &mut Parts) -> Row {
    let mut row = Row {
        rounds: sheet.rounds,
        ..Row::default()
    };
    for (column, missed, end) in sheet.cells {
        let nodes = parts.remove(&(at, column)).unwrap_or_default();
        let cell = Transcript::from_parts(TranscriptParts { nodes, end });
        give_back_media(&mut row.rounds, &cell, missed);
        row.cells.insert(column, cell);
        row.missed.insert(column, missed);
    }
    row
}

/// Images and documents are kept with the messages; the prompts get them back from there.
fn give_back_media(rounds: &mut [Prompt], cell: &Transcript, missed: usize) {
    let prompts = cell
        .turns()
        .filter(|(_, turn)| turn.message.role == Role::User);
    for (round, (_, turn)) in rounds.iter_mut().skip(missed).zip(prompts) {
        if round.media.is_empty() && round.files.is_empty() {
            let media = turn.message.content.iter();
            let media = media.filter(|block| !matches!(block, ContentBlock::Text(_)));
            round.media = media.cloned().collect();
        }
    }
}

fn verdicts(
    ratings: Vec<(RunRef, u8)>,
    winners: Vec<(usize, usize, ColumnId)>,
    judgements: Vec<JudgementSheet>,
) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for (at, stars) in ratings {
        verdicts.rate(at, stars);
    }
    for (row, round, winner) in winners {
        verdicts.pick(row, round, Some(winner));
    }
    for sheet in judgements {
        let score = match (sheet.points, sheet.failure) {
            (Some(points), _) => Ok(Score {
                points,
                reason: sheet.reason,
            }),
            (None, Some(failure)) => Err(failure),
            (None, None) => Err(Failure::local(
                "Unknown",
                "It is not known why there is no score",
                "Judge this answer again",
            )),
        };
        let judgement = Judgement {
            score,
            invocation: sheet.call.into_invocation(InvocationId(0)),
        };
        verdicts.judge(sheet.at, judgement);
    }
    verdicts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ModelId;
    use crate::chat::{
        BlockDelta, Image, ImageFormat, Invocation, InvocationStatus, MediaSource, StreamEvent,
    };

    fn answer(comparison: &mut Comparison, row: usize, column: ColumnId, call: u64, text: &str) {
        let request = comparison.prepare(row, column).unwrap();
        let id = InvocationId(call);
        comparison.begin(
            row,
            column,
            Invocation::new(id, request.model_id, "us-east-1"),
        );
        let delta = BlockDelta::Text(text.to_owned());
        comparison.apply(id, StreamEvent::BlockDelta { index: 0, delta });
        comparison.complete(id);
    }

    fn picture() -> ContentBlock {
        ContentBlock::Image(Image {
            format: ImageFormat::Png,
            source: MediaSource::Bytes([1, 2, 3].as_slice().into()),
        })
    }

    /// Two columns, three rounds of talk, repeats, a late column, a batch row, and verdicts.
    fn comparison() -> Comparison {
        let models = ["a.one", "b.two"].map(ModelId::from);
        let mut comparison = Comparison::new(Configuration::default(), models);
        let ids: Vec<_> = comparison
            .columns()
            .iter()
            .map(|column| column.id)
            .collect();
        let talk = comparison.add_row();
        comparison.ask(talk, Prompt::typed("Why?", vec![picture()]));
        answer(&mut comparison, talk, ids[0], 1, "A1");
        answer(&mut comparison, talk, ids[1], 2, "B1");
        answer(&mut comparison, talk, ids[0], 3, "A1 again");
        comparison.ask(talk, Prompt::typed("And?", Vec::new()));
        answer(&mut comparison, talk, ids[1], 4, "B2");
        answer(&mut comparison, talk, ids[0], 5, "A2");
        let late = comparison.add_column("c.three".into()).unwrap();
        answer(&mut comparison, talk, late, 6, "C2");
        let row = comparison.add_row();
        comparison.ask(row, Prompt::typed("Batch", Vec::new()));
        answer(&mut comparison, row, ids[0], 7, "A batch");
        comparison.column_mut(ids[1]).unwrap().prompt = Some("Own {{prompt}}".into());
        let at = comparison.runs(ids[1]).next().unwrap().at;
        let mut call = Invocation::new(InvocationId(0), "judge".into(), "us-east-1");
        call.status = InvocationStatus::Complete;
        let verdicts = comparison.verdicts_mut();
        verdicts.rate(at, 4);
        verdicts.pick(talk, 1, Some(ids[0]));
        let score = Ok(Score {
            points: 7,
            reason: "Good".into(),
        });
        let invocation = call;
        verdicts.judge(at, Judgement { score, invocation });
        comparison
    }

    fn said(comparison: &Comparison) -> Vec<(RunRef, usize, String)> {
        let columns = comparison.columns().iter();
        let runs = columns.flat_map(|column| comparison.runs(column.id));
        runs.map(|run| (run.at, run.round, run.message.text()))
            .collect()
    }

    #[test]
    fn what_is_kept_comes_back_whole() {
        let before = comparison();
        let (sheet, transcript) = before.save().unwrap();
        assert_eq!(transcript.total(), 13, "5 turns, 4, 2, and 2 of the batch");
        let after = Comparison::restore(before.shared.clone(), &sheet, &transcript).unwrap();
        assert_eq!(after.columns(), before.columns());
        assert_eq!(said(&after), said(&before));
        assert_eq!(after.verdicts(), before.verdicts());
        assert_eq!(after.rows().len(), 2);
        for (old, new) in before.rows().iter().zip(after.rows()) {
            assert_eq!(new.rounds, old.rounds, "with their pictures");
            assert_eq!(new.missed, old.missed);
            for (id, cell) in &old.cells {
                let texts = |cell: &Transcript| -> Vec<String> {
                    cell.turns().map(|(_, turn)| turn.message.text()).collect()
                };
                assert_eq!(texts(&new.cells[id]), texts(cell));
            }
        }
        let (again, _) = after.save().unwrap();
        assert_eq!(again, sheet);
    }

    #[test]
    fn it_goes_on_where_it_was_left() {
        let before = comparison();
        let (sheet, transcript) = before.save().unwrap();
        let mut after = Comparison::restore(before.shared.clone(), &sheet, &transcript).unwrap();
        after.ask(0, Prompt::typed("Third", Vec::new()));
        let column = after.columns()[0].id;
        let request = after.prepare(0, column).unwrap();
        let said: Vec<_> = request
            .messages
            .iter()
            .map(crate::chat::Message::text)
            .collect();
        assert_eq!(said, ["Why?", "A1 again", "And?", "A2", "Third"]);
        assert_eq!(
            request.messages[0].content.len(),
            2,
            "the picture is still there"
        );
        let (_, grown) = after.save().unwrap();
        let first: Vec<_> = grown
            .parts()
            .nodes
            .into_iter()
            .take(13)
            .map(|n| n.turn.clone())
            .collect();
        let old: Vec<_> = transcript
            .parts()
            .nodes
            .into_iter()
            .map(|n| n.turn.clone())
            .collect();
        assert_eq!(first, old, "what was saved keeps its place");
    }

    #[test]
    fn a_column_that_is_removed_takes_its_turns_along() {
        let mut comparison = comparison();
        let first = comparison.columns()[0].id;
        comparison.remove_column(first);
        let (sheet, transcript) = comparison.save().unwrap();
        let after = Comparison::restore(comparison.shared.clone(), &sheet, &transcript).unwrap();
        assert_eq!(said(&after), said(&comparison));
        assert_eq!(said(&after).len(), 3);
    }

    #[test]
    fn damage_is_told_and_newer_sheets_are_left_alone() {
        let (sheet, transcript) = comparison().save().unwrap();
        let restore =
            |sheet: &str| Comparison::restore(Configuration::default(), sheet, &transcript);
        assert!(matches!(restore("{"), Err(SheetError::Damaged(_))));
        let newer = sheet.replacen("\"version\":1", "\"version\":2", 1);
        assert!(matches!(restore(&newer), Err(SheetError::Newer)));
        // Turns that are gone are no panic.
        let short = Transcript::default();
        Comparison::restore(Configuration::default(), &sheet, &short).unwrap();
    }
}
