//! One window for a data folder: what is opened later (files dropped on the icon, "Open with") is
//! handed to the window that is there.
//!
//! Who is first is told by a lock, which ends with its program however it ends, so nothing stale is
//! left in the way. Files go over a socket of the user's own (a named pipe on Windows); there is no
//! network port, and nobody else can write to it. This knows paths only, no screens.

use std::fmt::Write as _;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::sync::mpsc;

use super::{Job, Tasks, Waker};

const LOCK: &str = "window.lock";
/// The most bytes of paths that are taken at once.
const LONGEST: u64 = 4 * 1024 * 1024;
/// Handed over and not looked at yet; more wait at the door.
const WAITING: usize = 16;

/// The place of the first window on a data folder. Dropping it lets another be first.
#[derive(Debug)]
pub struct Instance {
    /// Held, not read.
    _lock: File,
    folder: PathBuf,
}

impl Instance {
    /// Takes the place; `None` when another window has it, or the folder cannot be written.
    #[must_use]
    pub fn claim(folder: &Path) -> Option<Self> {
        let claim = || -> io::Result<Self> {
            let path = folder.join(LOCK);
            let lock = File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(path)?;
            lock.try_lock()?;
            Ok(Self {
                _lock: lock,
                folder: folder.to_owned(),
            })
        };
        claim()
            .inspect_err(|error| tracing::debug!("this is not the first window: {error}"))
            .ok()
    }
}

/// Hands files to the window on a data folder; false when there is none.
#[must_use]
pub fn hand_over(folder: &Path, files: &[PathBuf]) -> bool {
    let mut message = Vec::new();
    for file in files {
        let Some(bytes) = to_bytes(file) else {
            return false;
        };
        message.extend(bytes);
        message.push(0);
    }
    door::send(folder, &message)
        .inspect_err(|error| tracing::debug!("no window takes the files: {error}"))
        .is_ok()
}

/// Files that other launches hand over. Dropping it shuts the door.
pub struct HandedOver {
    files: mpsc::Receiver<Vec<PathBuf>>,
    _listening: Job<()>,
    _place: Instance,
}

impl HandedOver {
    /// What has come since it was last asked for.
    pub fn take(&mut self) -> Option<Vec<PathBuf>> {
        self.files.try_recv().ok()
    }
}

impl Tasks {
    /// Listens for files that other launches hand over.
    pub fn listen(&self, place: Instance) -> HandedOver {
        let (sender, files) = mpsc::channel(WAITING);
        let (folder, waker) = (place.folder.clone(), self.waker.clone());
        HandedOver {
            files,
            _listening: self.spawn(async move {
                if let Err(error) = door::serve(&folder, &sender, &waker).await {
                    tracing::warn!("files opened later come into a window of their own: {error}");
                }
            }),
            _place: place,
        }
    }
}

/// Takes one message in.
async fn receive(
    from: impl AsyncRead + Unpin,
    sender: &mpsc::Sender<Vec<PathBuf>>,
    waker: &Waker,
) -> io::Result<()> {
    let mut message = Vec::new();
    from.take(LONGEST).read_to_end(&mut message).await?;
    let files: Vec<PathBuf> = message
        .split(|byte| *byte == 0)
        .filter(|bytes| !bytes.is_empty())
        .map(from_bytes)
        .filter(|path| path.is_absolute())
        .collect();
    // Nothing at all still asks for the window.
    sender.send(files).await.map_err(io::Error::other)?;
    waker.wake();
    Ok(())
}

/// The same for the same folder, however it is written.
fn key(folder: &Path) -> String {
    let folder = folder
        .canonicalize()
        .unwrap_or_else(|_| folder.to_path_buf());
    let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    let mut name = String::new();
    for byte in &digest[..8] {
        // Writing into a string cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}

/// A path as bytes; `None` for one that is no text where paths are text.
fn to_bytes(path: &Path) -> Option<&[u8]> {
    if cfg!(unix) {
        return Some(path.as_os_str().as_encoded_bytes());
    }
    path.to_str().map(str::as_bytes)
}

#[cfg(unix)]
fn from_bytes(bytes: &[u8]) -> PathBuf {
    let path: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(bytes);
    path.into()
}

#[cfg(not(unix))]
fn from_bytes(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// A socket in the folder that the system gives each user for such things, else in the data folder.
#[cfg(unix)]
mod door {
    use std::io::{self, Write as _};
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::net::UnixStream;
    use std::path::{Path, PathBuf};

    use tokio::net::UnixListener;
    use tokio::sync::mpsc;

    use crate::tasks::Waker;

    fn socket(folder: &Path) -> PathBuf {
        let name = format!("bedrock-playground-{}.sock", super::key(folder));
        std::env::var_os("XDG_RUNTIME_DIR")
            .map(PathBuf::from)
            .filter(|runtime| runtime.is_absolute() && runtime.is_dir())
            .unwrap_or_else(|| folder.to_path_buf())
            .join(name)
    }

    pub fn send(folder: &Path, message: &[u8]) -> io::Result<()> {
        UnixStream::connect(socket(folder))?.write_all(message)
    }

    /// Only ever called by the one that has the lock, so a socket that is there is left over.
    pub async fn serve(
        folder: &Path,
        sender: &mpsc::Sender<Vec<PathBuf>>,
        waker: &Waker,
    ) -> io::Result<()> {
        let socket = socket(folder);
        match std::fs::remove_file(&socket) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&socket)?;
        std::fs::set_permissions(&socket, std::fs::Permissions::from_mode(0o600))?;
        loop {
            let (stream, _) = listener.accept().await?;
            if let Err(error) = super::receive(stream, sender, waker).await {
                tracing::debug!("nothing was handed over: {error}");
            }
        }
    }
}

/// A named pipe, which Windows lets nobody else write to.
#[cfg(windows)]
mod door {
    use std::io::{self, Write as _};
    use std::path::{Path, PathBuf};

    use tokio::net::windows::named_pipe::ServerOptions;
    use tokio::sync::mpsc;

    use crate::tasks::Waker;

    fn pipe(folder: &Path) -> String {
        format!(r"\\.\pipe\bedrock-playground-{}", super::key(folder))
    }

    pub fn send(folder: &Path, message: &[u8]) -> io::Result<()> {
        let mut pipe = std::fs::OpenOptions::new().write(true).open(pipe(folder))?;
        pipe.write_all(message)
    }

    pub async fn serve(
        folder: &Path,
        sender: &mpsc::Sender<Vec<PathBuf>>,
        waker: &Waker,
    ) -> io::Result<()> {
        let name = pipe(folder);
        let mut options = ServerOptions::new();
        options.reject_remote_clients(true).access_outbound(false);
        // Nobody else may have taken the name.
        let mut server = options.first_pipe_instance(true).create(&name)?;
        loop {
            server.connect().await?;
            let next = options.first_pipe_instance(false).create(&name)?;
            let stream = std::mem::replace(&mut server, next);
            if let Err(error) = super::receive(stream, sender, waker).await {
                tracing::debug!("nothing was handed over: {error}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_window_has_the_place_until_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let first = Instance::claim(folder.path()).unwrap();
        assert!(Instance::claim(folder.path()).is_none());
        drop(first);
        assert!(Instance::claim(folder.path()).is_some());
    }

    #[test]
    fn files_come_as_they_were_sent_and_a_dead_socket_is_no_window() {
        let folder = tempfile::tempdir().unwrap();
        // They need not be there, but their paths must be whole.
        let names = ["Grüße aus\nRom.jpg", "b"];
        let files: Vec<_> = names.map(|name| folder.path().join(name)).into();
        assert!(!hand_over(folder.path(), &files), "nobody is there");
        let tasks = Tasks::new(Waker::noop()).unwrap();
        let mut handed = tasks.listen(Instance::claim(folder.path()).unwrap());
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
        let mut sent = false;
        let taken = loop {
            sent = sent || hand_over(folder.path(), &files);
            if let Some(taken) = handed.take() {
                break taken;
            }
            assert!(std::time::Instant::now() < deadline, "nothing came");
            std::thread::yield_now();
        };
        assert_eq!(taken, files);
        drop(handed);
        drop(tasks);
        assert!(!hand_over(folder.path(), &files), "the window is gone");
        // Whoever comes next is not held back by what it left.
        let tasks = Tasks::new(Waker::noop()).unwrap();
        let mut handed = tasks.listen(Instance::claim(folder.path()).unwrap());
        let mut sent = false;
        while handed.take().is_none() {
            sent = sent || hand_over(folder.path(), &files);
            assert!(std::time::Instant::now() < deadline, "nothing came");
            std::thread::yield_now();
        }
    }
}
