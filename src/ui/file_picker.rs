//! The system's file dialog, behind a trait so that tests need no desktop.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

/// The files chosen; empty when the dialog was closed without choosing.
pub type Picked = Pin<Box<dyn Future<Output = Vec<PathBuf>> + Send>>;

/// Lets a person choose files.
pub trait FilePicker {
    /// Opens a dialog for images; called on the UI thread, awaited elsewhere.
    fn pick_images(&self) -> Picked;
}

/// The desktop's own dialog.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemFilePicker;

impl FilePicker for SystemFilePicker {
    fn pick_images(&self) -> Picked {
        let dialog = rfd::AsyncFileDialog::new()
            .set_title("Attach images")
            .add_filter(
                "Images",
                &["png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff"],
            )
            .add_filter("All files", &["*"])
            .pick_files();
        Box::pin(async move {
            let files = dialog.await.unwrap_or_default();
            files.iter().map(|file| file.path().to_owned()).collect()
        })
    }
}
