//! Named configurations, in one file that a person can read and edit.

use serde::{Deserialize, Serialize};

use super::{DataFolder, StoreError};
use crate::catalog::ModelId;
use crate::chat::Configuration;

const FILE: &str = "presets.json";

/// A configuration under a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Preset {
    /// What a person calls it; each name stands once.
    pub name: String,
    /// The model it was saved with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelId>,
    /// How the model shall answer.
    pub configuration: Configuration,
}

/// Reads the presets; none when nothing was saved yet.
///
/// # Errors
/// When the file is there and cannot be read, or is none of this program's; it is left as it is.
pub fn load_presets(folder: &DataFolder) -> Result<Vec<Preset>, StoreError> {
    Ok(folder.read_json(FILE)?.unwrap_or_default())
}

/// Does something to the presets that are saved, and to nothing when they cannot be read.
///
/// # Errors
/// As [`load_presets`] and [`save_presets`].
pub fn change_presets(
    folder: &DataFolder,
    change: impl FnOnce(&mut Vec<Preset>),
) -> Result<(), StoreError> {
    let mut presets = load_presets(folder)?;
    change(&mut presets);
    save_presets(folder, &presets)
}

/// Writes the presets.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn save_presets(folder: &DataFolder, presets: &[Preset]) -> Result<(), StoreError> {
    folder.write_json(FILE, &presets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_there_again_and_what_is_damaged_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::find(Some(&place.path().join("new"))).unwrap();
        assert_eq!(load_presets(&folder).unwrap(), []);
        let presets = vec![Preset {
            name: "Terse".into(),
            model: Some("amazon.nova-lite-v1:0".into()),
            configuration: Configuration {
                temperature: Some(0.2),
                ..Configuration::default()
            },
        }];
        save_presets(&folder, &presets).unwrap();
        assert_eq!(load_presets(&folder).unwrap(), presets);
        std::fs::write(folder.file(FILE), "[{").unwrap();
        let error = load_presets(&folder).unwrap_err().to_string();
        assert!(error.contains("presets.json"), "{error}");
        assert_eq!(std::fs::read_to_string(folder.file(FILE)).unwrap(), "[{");
    }
}
