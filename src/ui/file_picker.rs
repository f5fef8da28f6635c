//! The system's file dialog, behind a trait so that tests need no desktop.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

/// The one file chosen; `None` when the dialog was closed without choosing.
pub type PickedOne = Pin<Box<dyn Future<Output = Option<PathBuf>> + Send>>;

/// The files chosen; empty when the dialog was closed without choosing.
pub type Picked = Pin<Box<dyn Future<Output = Vec<PathBuf>> + Send>>;

/// Lets a person choose files.
pub trait FilePicker {
    /// Opens a dialog for files to attach; called on the UI thread, awaited elsewhere.
    fn pick_files(&self) -> Picked;
    /// Opens a dialog for images and for documents with images in them.
    fn pick_images(&self) -> Picked;
    /// Opens a dialog for a folder, with what it is for as its title.
    fn pick_folder(&self, title: &str) -> PickedOne;
    /// Opens a dialog for a saved conversation.
    fn pick_conversation(&self) -> PickedOne;
    /// Opens a dialog for one file of a kind, which is told by its extensions.
    fn pick_file(&self, title: &str, kind: &str, extensions: &[&str]) -> PickedOne;
    /// Opens a dialog for the place of a new file.
    fn save_as(&self, name: &str, extension: &str) -> PickedOne;
}

const IMAGES: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "webp", "avif", "heic", "svg", "bmp", "tif", "tiff",
];

/// Documents whose images can be described.
const WITH_IMAGES: &[&str] = &[
    "html", "htm", "xhtml", "md", "markdown", "docx", "pptx", "odt", "odp", "epub", "pdf",
];

fn picked(dialog: impl Future<Output = Option<Vec<rfd::FileHandle>>> + Send + 'static) -> Picked {
    Box::pin(async move {
        let files = dialog.await.unwrap_or_default();
        files.iter().map(|file| file.path().to_owned()).collect()
    })
}

/// The desktop's own dialog.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemFilePicker;

impl FilePicker for SystemFilePicker {
    fn pick_files(&self) -> Picked {
        let dialog = rfd::AsyncFileDialog::new()
            .set_title("Attach files")
            .add_filter("Images", IMAGES)
            .add_filter(
                "Documents",
                &[
                    "pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md",
                ],
            )
            .add_filter(
                "Videos",
                &[
                    "mp4", "mov", "mkv", "webm", "flv", "mpeg", "mpg", "wmv", "3gp",
                ],
            )
            .add_filter("All files", &["*"])
            .pick_files();
        picked(dialog)
    }

    fn pick_images(&self) -> Picked {
        let all = [IMAGES, WITH_IMAGES].concat();
        let dialog = rfd::AsyncFileDialog::new()
            .set_title("Add images")
            .add_filter("Images and documents", &all)
            .add_filter("Images", IMAGES)
            .add_filter("All files", &["*"])
            .pick_files();
        picked(dialog)
    }

    fn pick_folder(&self, title: &str) -> PickedOne {
        let dialog = rfd::AsyncFileDialog::new().set_title(title).pick_folder();
        Box::pin(async move { dialog.await.map(|folder| folder.path().to_owned()) })
    }

    fn pick_conversation(&self) -> PickedOne {
        let dialog = rfd::AsyncFileDialog::new()
            .set_title("Import a conversation")
            .add_filter("Conversation or Converse request", &["json"])
            .pick_file();
        Box::pin(async move { dialog.await.map(|file| file.path().to_owned()) })
    }

    fn pick_file(&self, title: &str, kind: &str, extensions: &[&str]) -> PickedOne {
        let dialog = rfd::AsyncFileDialog::new()
            .set_title(title)
            .add_filter(kind, extensions)
            .add_filter("All files", &["*"])
            .pick_file();
        Box::pin(async move { dialog.await.map(|file| file.path().to_owned()) })
    }

    fn save_as(&self, name: &str, extension: &str) -> PickedOne {
        let dialog = rfd::AsyncFileDialog::new()
            .set_title("Save as")
            .set_file_name(name)
            .add_filter(extension.to_uppercase(), &[extension])
            .save_file();
        Box::pin(async move { dialog.await.map(|file| file.path().to_owned()) })
    }
}
