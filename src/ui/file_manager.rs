//! The system's file manager, behind a trait so that tests need no desktop.

use std::path::Path;

/// Shows a person where a file is.
pub trait FileManager: Send + Sync {
    /// Shows a file in its folder, or a folder itself. Blocks, perhaps until the file manager has started.
    ///
    /// # Errors
    /// One sentence, when nothing could be shown.
    fn show(&self, path: &Path) -> Result<(), String>;
}

/// The desktop's own.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemFileManager;

#[cfg(target_os = "linux")]
impl FileManager for SystemFileManager {
    fn show(&self, path: &Path) -> Result<(), String> {
        linux::ask_file_manager(path).or_else(|refused| {
            tracing::debug!("no file manager answers on the bus: {refused}");
            linux::open_folder(path)
        })
    }
}

#[cfg(not(target_os = "linux"))]
impl FileManager for SystemFileManager {
    fn show(&self, path: &Path) -> Result<(), String> {
        let shown = if path.is_dir() {
            opener::open(path)
        } else {
            opener::reveal(path)
        };
        shown.map_err(|error| error.to_string())
    }
}

/// Desktops that know `org.freedesktop.FileManager1`, and those that only open folders.
#[cfg(target_os = "linux")]
mod linux {
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::sync::mpsc;
    use std::thread::Builder;
    use std::time::Duration;

    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
    use zbus::blocking::Connection;

    const NAME: &str = "org.freedesktop.FileManager1";

    /// What a path keeps of itself in an address.
    const PATH: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');

    /// What opens folders may go on until its window is closed; one that fails does so at once.
    const FAILS_WITHIN: Duration = Duration::from_secs(3);

    /// Has the file manager show a file among its neighbours.
    pub fn ask_file_manager(path: &Path) -> zbus::Result<()> {
        let path = path.canonicalize()?;
        let method = if path.is_dir() {
            "ShowFolders"
        } else {
            "ShowItems"
        };
        let address = format!(
            "file://{}",
            percent_encode(path.as_os_str().as_bytes(), PATH)
        );
        let said = (vec![address], String::new());
        Connection::session()?
            .call_method(
                Some(NAME),
                "/org/freedesktop/FileManager1",
                Some(NAME),
                method,
                &said,
            )
            .map(|_| ())
    }

    /// Opens the folder alone, by what the desktop opens folders with.
    pub fn open_folder(path: &Path) -> Result<(), String> {
        let path = path.canonicalize().map_err(|error| error.to_string())?;
        let folder = if path.is_dir() {
            path.as_path()
        } else {
            path.parent().unwrap_or(&path)
        };
        let opening = Command::new("xdg-open")
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("xdg-open: {error}"))?;
        did_not_fail(opening)
    }

    fn did_not_fail(mut opening: Child) -> Result<(), String> {
        let (ended, end) = mpsc::channel();
        // It is waited for in any case, or it would stay a zombie.
        Builder::new()
            .name("xdg-open".to_owned())
            .spawn(move || ended.send(opening.wait()))
            .map_err(|error| error.to_string())?;
        match end.recv_timeout(FAILS_WITHIN) {
            Ok(Ok(status)) if !status.success() => Err("no program opens folders here".to_owned()),
            Ok(Err(error)) => Err(error.to_string()),
            // It goes on, since it shows the folder.
            Ok(Ok(_)) | Err(_) => Ok(()),
        }
    }
}
