//! All that is kept as one file, written and taken in while the window goes on.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use egui::Context;

use super::App;
use crate::store::{ARCHIVE_EXTENSION, ArchiveProgress, ExportReport, ImportOptions, ImportReport};
use crate::tasks::{Job, finished};
use crate::ui::screens::settings::ArchiveView;

/// How often the bar is looked at while work goes on.
const LOOK_EVERY: Duration = Duration::from_millis(200);

type Chosen = Pin<Box<dyn Future<Output = Option<PathBuf>> + Send>>;

/// The work on an archive, one at a time, and what came of the last.
#[derive(Default)]
pub struct ArchiveWork {
    running: Option<Job<Result<Option<Done>, String>>>,
    is_import: bool,
    progress: Arc<ArchiveProgress>,
    report: Option<Vec<String>>,
}

/// What was done.
enum Done {
    Exported(PathBuf, ExportReport),
    Imported(Box<ImportReport>),
}

impl ArchiveWork {
    /// What the screen shows of it.
    pub fn view(&self) -> ArchiveView<'_> {
        ArchiveView {
            running: self.running.is_some().then(|| {
                let (done, all) = self.progress.steps();
                (self.is_import, done, all)
            }),
            report: self.report.as_deref(),
        }
    }

    /// Ends what is under way.
    pub fn stop(&mut self) {
        self.progress.stop();
    }

    /// Puts the report away.
    pub fn close_report(&mut self) {
        self.report = None;
    }
}

impl App {
    pub(super) fn export_all(&mut self) {
        let today = self.shared.clock.today();
        let name = format!("bedrock-playground-{today}.{ARCHIVE_EXTENSION}");
        let chosen = self.file_picker.save_as(&name, ARCHIVE_EXTENSION);
        self.work_on_archive(chosen, false, |store, path, progress| {
            store
                .export_archive(&path, progress)
                .map(|report| Done::Exported(path, report))
                .map_err(|error| error.to_string())
        });
    }

    pub(super) fn import_all(&mut self, replace_settings: bool) {
        let options = ImportOptions { replace_settings };
        let chosen =
            self.file_picker
                .pick_file("Import an archive", "Archive", &[ARCHIVE_EXTENSION]);
        self.work_on_archive(chosen, true, move |store, path, progress| {
            store
                .import_archive(&path, options, progress)
                .map(|report| Done::Imported(Box::new(report)))
                .map_err(|error| error.to_string())
        });
    }

    fn work_on_archive(
        &mut self,
        chosen: Chosen,
        is_import: bool,
        work: impl FnOnce(&crate::store::Store, PathBuf, &ArchiveProgress) -> Result<Done, String>
        + Send
        + 'static,
    ) {
        let Some(store) = self.keeping.store() else {
            self.notices
                .failed("There is no history that could be exported or imported into");
            return;
        };
        if self.archives.running.is_some() {
            return;
        }
        let progress = Arc::new(ArchiveProgress::default());
        self.archives.progress = Arc::clone(&progress);
        self.archives.is_import = is_import;
        self.archives.report = None;
        self.archives.running = Some(self.tasks.spawn(async move {
            let Some(path) = chosen.await else {
                return Ok(None);
            };
            tokio::task::spawn_blocking(move || work(&store, path, &progress).map(Some))
                .await
                .unwrap_or_else(|died| Err(died.to_string()))
        }));
    }

    /// Takes in how it went, and has files read again that an import may have written.
    pub(super) fn collect_archives(&mut self, ctx: &Context) {
        match finished(&mut self.archives.running) {
            Some(Ok(Some(Done::Exported(path, report)))) => {
                self.archives.report = Some(exported(&path, &report));
                self.notices.saved(path);
            }
            Some(Ok(Some(Done::Imported(report)))) => {
                self.archives.report = Some(report.lines());
                let folder = self.data_folder.clone();
                self.preferences.load(&self.tasks, folder.clone());
                self.files.load_presets(&self.tasks, folder.clone());
                self.price_work.load(&self.tasks, folder);
                self.history_screen.refresh();
                self.usage.changed(&self.tasks, self.keeping.store());
                self.add_up_folder();
            }
            Some(Err(problem)) => {
                self.archives.report = Some(vec![problem.clone()]);
                self.notices.failed(problem);
            }
            Some(Ok(None)) | None => {}
        }
        if self.archives.running.is_some() {
            ctx.request_repaint_after(LOOK_EVERY);
        }
    }
}

fn exported(path: &std::path::Path, report: &ExportReport) -> Vec<String> {
    #[expect(clippy::cast_precision_loss, reason = "rounded for display anyway")]
    let megabytes = report.bytes as f64 / 1e6;
    let mut lines = vec![
        format!("Saved to {}, {megabytes:.1} MB", path.display()),
        format!(
            "{} conversations and lists, {} attachments, with ledger, settings, presets and prices; no \
             keys",
            report.conversations, report.attachments
        ),
    ];
    if report.missing_attachments > 0 {
        lines.push(format!(
            "{} attachments are gone from the data folder, and so are not in it",
            report.missing_attachments
        ));
    }
    lines
}
