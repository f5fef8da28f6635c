//! Files of images that were taken out of documents, once no list has them any more. It blocks.

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, SystemTime};
use std::{fs, io};

use super::TAKEN_OUT;

/// Younger files may belong to a list that is not on the disk yet, or to a command that runs.
const AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// Letters of the name of an image's folder.
const NAME: usize = 16;

/// What lists still have.
#[derive(Debug, Default)]
pub struct Leftovers {
    kept: HashSet<String>,
}

impl Leftovers {
    /// Keeps what a picture of a list, as JSON, names.
    pub fn keep(&mut self, record: &str) {
        for behind in record.split(TAKEN_OUT).skip(1) {
            let name = behind.trim_start_matches(['/', '\\']).get(..NAME);
            self.kept
                .extend(name.filter(|name| is_name(name)).map(str::to_owned));
        }
    }

    /// Removes the rest; gives how many images that were.
    ///
    /// # Errors
    /// When the folder cannot be looked through.
    pub fn remove(&self, folder: &Path, now: SystemTime) -> io::Result<usize> {
        let mut removed = 0;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let is_left = name
                .to_str()
                .is_some_and(|name| is_name(name) && !self.kept.contains(name));
            let age = || {
                now.duration_since(entry.metadata().ok()?.modified().ok()?)
                    .ok()
            };
            if is_left
                && age().is_some_and(|age| age > AGE)
                && fs::remove_dir_all(entry.path()).is_ok()
            {
                removed += 1;
            }
        }
        Ok(removed)
    }
}

fn is_name(name: &str) -> bool {
    name.len() == NAME && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_list_has_what_is_young_and_what_is_not_its_own_stays() {
        let folder = tempfile::tempdir().unwrap();
        let names = [
            "0123456789abcdef",
            "fedcba9876543210",
            "00000000000000ff",
            "letters of mine!",
        ];
        for name in names {
            let image = folder.path().join(name).join("a.png");
            fs::create_dir(image.parent().unwrap()).unwrap();
            fs::write(image, "x").unwrap();
        }
        let mut leftovers = Leftovers::default();
        leftovers.keep(r#"{"path":"/data/from documents/0123456789abcdef/a.png"}"#);
        leftovers.keep(r#"{"path":"C:\\data\\from documents\\fedcba9876543210\\a.png"}"#);
        leftovers.keep(r#"{"context":"from documents"}"#);
        let there = || names.map(|name| folder.path().join(name).exists());
        let now = SystemTime::now();
        assert_eq!(leftovers.remove(folder.path(), now).unwrap(), 0);
        assert_eq!(there(), [true; 4]);
        assert_eq!(leftovers.remove(folder.path(), now + 2 * AGE).unwrap(), 1);
        assert_eq!(there(), [true, true, false, true]);
    }
}
