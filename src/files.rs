//! A file replaced in one step: whoever looks, and whatever happens, it is what it was or what it
//! becomes, and never half of it.
//!
//! Must not know what is in the files, or who writes them.

use std::fs::{self, Permissions};
use std::io::{self, Write as _};
use std::path::Path;

/// Puts these bytes in the place of a file, or where there is none yet, and waits until they are on
/// the disk. Through a link, what it leads to is replaced.
///
/// # Errors
/// When it cannot be written; the file is as it was then.
pub fn replace(
    target: &Path,
    bytes: &[u8],
    permissions: Option<Permissions>,
) -> Result<(), io::Error> {
    let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    // What is new may be read by its owner alone, unless somebody says otherwise.
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// The same, for a file of the person's own: it keeps its permissions, and a new one has those that
/// files have here.
///
/// # Errors
/// When it cannot be written; the file is as it was then, or empty when it was not there.
pub fn replace_own(target: &Path, bytes: &[u8]) -> Result<(), io::Error> {
    // Made by the usual way first: only the system knows what is usual.
    if !target.exists() {
        fs::File::create(target)?;
    }
    let permissions = fs::metadata(target)?.permissions();
    replace(target, bytes, Some(permissions))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_there_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.txt");
        replace_own(&file, b"one").unwrap();
        replace_own(&file, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&file, b"one").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &link).unwrap();
        replace_own(&link, b"two").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o640
        );
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(replace_own(&folder.path().join("no/a"), b"x").is_err());
    }
}
