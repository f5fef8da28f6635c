//! What was there before a table was replaced, emptied, asked anew or lost a row, to be brought back.
//!
//! Must not know how it is asked for.

use std::path::PathBuf;
use std::sync::Arc;

use super::Run;
use super::answers::Answers;
use crate::catalog::ModelId;
use crate::prompts::{Content, Table};

/// A table that another one has taken the place of, or whose answers were asked for anew.
pub struct Former {
    table: Table,
    folder: PathBuf,
    answers: Answers,
    asked_of: Option<(Arc<Content>, ModelId)>,
}

impl Run {
    /// Puts a table in the place of the one there is, which can be brought back.
    pub(super) fn replace(&mut self, table: Table, folder: PathBuf) {
        let was_touched = !self.is_untouched();
        let former = Former {
            table: std::mem::replace(&mut self.table, table),
            folder: std::mem::replace(&mut self.folder, folder),
            answers: std::mem::take(&mut self.answers),
            asked_of: self.asked_of.take(),
        };
        if was_touched {
            self.former = Some(former);
        }
        self.selected = None;
        self.revision += 1;
    }

    /// Puts the table that was replaced in the place of this one, which can be brought back.
    pub(super) fn bring_back(&mut self, content: &Content, model: &ModelId) {
        let Some(former) = self.former.take() else {
            return;
        };
        self.replace(former.table, former.folder);
        self.answers = former.answers;
        self.asked_of = former.asked_of;
        self.asked = self.answers.len();
        self.changed(content, model);
    }

    /// Keeps what is there as it is, before a part of it goes.
    pub(super) fn keep_former(&mut self) {
        self.former = Some(Former {
            table: self.table.clone(),
            folder: self.folder.clone(),
            answers: self.answers.clone(),
            asked_of: self.asked_of.clone(),
        });
    }
}
