//! What a person sets once, in a file they can read and edit.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{DataFolder, StoreError};
use crate::catalog::ModelId;
use crate::chat::Configuration;
use crate::pricing::{Budgets, Usd};

const FILE: &str = "settings.json";

/// Smallest and largest scale that leaves something to be clicked on.
pub const SCALES: RangeInclusive<f32> = 0.5..=4.0;

/// The key that sends a prompt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SendKey {
    /// Enter with Ctrl, or with Command on macOS; Enter alone begins a line.
    #[default]
    CommandEnter,
    /// Enter; with Shift it begins a line.
    Enter,
}

/// What the chat begins with when the program starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AtStart {
    /// The conversations that were open.
    #[default]
    OpenAgain,
    /// An empty one, and those in which something is written that was not sent.
    BeginAnew,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// When AWS's price files are looked at without being asked to. Nothing is taken before a person has
/// seen it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PriceUpdates {
    /// Only when a person asks.
    #[default]
    Never,
    /// A person is reminded once a week.
    Ask,
    /// Once a week.
    Weekly,
}

/// How large the window was and where, in points of the usual scale.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WindowSize {
    /// From left to right.
    pub width: f32,
    /// From top to bottom.
    pub height: f32,
    /// Where it was from the left edge of the screens; not told on Wayland.
    #[serde(default)]
    pub x: Option<f32>,
    /// Where it was from the top.
    #[serde(default)]
    pub y: Option<f32>,
    /// Whether it filled the screen; the size is the one it goes back to.
    #[serde(default)]
    pub maximized: bool,
}

/// Where batch jobs are submitted, as it was typed last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BatchJobs {
    /// The folder in S3, as `s3://bucket/folder`.
    pub place: String,
    /// The role that the service takes to read and write, by its ARN.
    pub role_arn: String,
}

/// What a person set. What the file has beside these stays in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Light or dark.
    pub theme: Theme,
    /// How much larger everything is than usual.
    pub scale: f32,
    /// Whether nothing moves by itself, whatever the system says.
    pub reduce_motion: bool,
    /// The key that sends a prompt.
    pub send_key: SendKey,
    /// What the chat begins with when the program starts.
    pub at_start: AtStart,
    /// The model that a new conversation asks.
    pub default_model: Option<ModelId>,
    /// How a model answers in a new conversation.
    pub default_configuration: Option<Configuration>,
    /// What a prompt may cost without being asked about; always sent when `None`.
    #[serde(with = "dollars")]
    pub ask_above: Option<Usd>,
    /// What may be spent.
    pub budgets: Budgets,
    /// Whether AWS's price files are looked at without being asked to.
    pub price_updates: PriceUpdates,
    /// Where AWS's price files are fetched from, for a mirror; AWS itself when `None`.
    pub price_list_url: Option<String>,
    /// Days that a deleted conversation can be brought back.
    pub retention_days: u32,
    /// Days after which what nobody used and nobody pinned goes to the trash; never when `None`.
    pub keep_days: Option<u32>,
    /// The family of the system that words are set in; Open Sans when `None`.
    pub font: Option<String>,
    /// The proxy calls go through: an address, `direct` for none, and what the environment says when
    /// `None`.
    pub proxy: Option<String>,
    /// Whether the system's keyring holds a connection to begin with.
    pub remembered_connection: bool,
    /// What other screens begin with, by their name, in a form that only they know.
    pub beginnings: Map<String, Value>,
    /// How large the window was, and where.
    pub window: Option<WindowSize>,
    /// Whether the welcome was shown.
    pub welcomed: bool,
    /// Where batch jobs are submitted.
    pub batch_jobs: Option<BatchJobs>,
    /// The file as it was read, with what this version does not know.
    #[serde(skip)]
    file: Map<String, Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            scale: 1.0,
            reduce_motion: false,
            send_key: SendKey::default(),
            at_start: AtStart::default(),
            default_model: None,
            default_configuration: None,
            ask_above: None,
            budgets: Budgets::default(),
            price_updates: PriceUpdates::default(),
            price_list_url: None,
            retention_days: 30,
            keep_days: None,
            font: None,
            proxy: None,
            remembered_connection: false,
            beginnings: Map::new(),
            window: None,
            welcomed: false,
            batch_jobs: None,
            file: Map::new(),
        }
    }
}

/// Reads the settings; the usual ones when nothing was set yet.
///
/// # Errors
/// When the file is there and is not what it should be; the error names the line, and the file is
/// left as it is.
pub fn load_settings(folder: &DataFolder) -> Result<Settings, StoreError> {
    let Some(text) = folder.read(FILE)? else {
        return Ok(Settings::default());
    };
    let damaged = |reason: String| StoreError::Damaged {
        path: folder.file(FILE),
        reason,
    };
    read(&text).map_err(damaged)
}

/// Settings of a text, or what is wrong with it.
fn read(text: &str) -> Result<Settings, String> {
    // Some editors put one in front.
    let text = text.trim_start_matches('\u{feff}');
    let mut settings: Settings = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if !SCALES.contains(&settings.scale) {
        let line = line_of(text, "scale");
        let (least, most) = (SCALES.start(), SCALES.end());
        return Err(format!(
            "\"scale\" must be from {least} to {most}, not {}{line}",
            settings.scale
        ));
    }
    if let Some(reason) = settings.proxy.as_deref().and_then(not_a_proxy) {
        return Err(format!("{reason}{}", line_of(text, "proxy")));
    }
    settings.file = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Ok(settings)
}

/// Writes the settings, and with them what the file had that this version does not know.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn save_settings(folder: &DataFolder, settings: &Settings) -> Result<(), StoreError> {
    let failed = |error: serde_json::Error| StoreError::Damaged {
        path: folder.file(FILE),
        reason: error.to_string(),
    };
    let mut whole = Value::Object(settings.file.clone());
    merge(&mut whole, serde_json::to_value(settings).map_err(failed)?);
    folder.write(FILE, &format!("{whole:#}\n"))
}

/// Settings as they go to another computer: what this version knows, and nothing that holds for this
/// computer alone.
pub(super) fn portable(settings: &Settings) -> Result<String, StoreError> {
    let settings = Settings {
        window: None,
        remembered_connection: false,
        file: Map::new(),
        ..settings.clone()
    };
    serde_json::to_string_pretty(&settings)
        .map(|text| text + "\n")
        .map_err(|error| StoreError::unreadable("The settings", &error))
}

/// Settings of an archive as they are taken, or why they are not.
pub(super) fn check(text: &str) -> Result<String, String> {
    let settings = read(text)?;
    portable(&settings).map_err(|error| error.to_string())
}

/// Puts values over others; members that only the others have stay.
fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (name, value) in over {
                merge(under.entry(name).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

/// Why a text cannot be a proxy in a settings file.
#[must_use]
pub fn not_a_proxy(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.is_empty() || text == "direct" {
        return None;
    }
    if text.contains('@') {
        return Some(
            "the proxy's password must not stand in the settings; set HTTPS_PROXY for it instead",
        );
    }
    let host = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"))
        .unwrap_or(text);
    (host.is_empty()
        || host.starts_with([':', '/'])
        || host.contains("://")
        || host.contains(char::is_whitespace))
    .then_some("the proxy must be an address such as \"http://proxy.example:3128\", or \"direct\"")
}

fn line_of(text: &str, name: &str) -> String {
    let name = format!("\"{name}\"");
    let line = text.lines().position(|line| line.contains(&name));
    line.map_or(String::new(), |line| format!(" at line {}", line + 1))
}

/// Amounts as text, since a float is not exact.
mod dollars {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use crate::pricing::Usd;

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(
        amount: &Option<Usd>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = amount.map(|amount| amount.amount().normalize().to_string());
        text.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Usd>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else {
            return Ok(None);
        };
        let amount: Decimal = text
            .parse()
            .map_err(|_| de::Error::custom(format!("{text:?} is no amount such as \"0.05\"")))?;
        if amount.is_sign_negative() {
            return Err(de::Error::custom("an amount cannot be below zero"));
        }
        Ok(Some(Usd::new(amount)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_file(text: &str) -> (tempfile::TempDir, DataFolder) {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::find(Some(place.path())).unwrap();
        std::fs::write(folder.file(FILE), text).unwrap();
        (place, folder)
    }

    #[test]
    fn what_is_set_is_there_again() {
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::find(Some(&place.path().join("new"))).unwrap();
        assert_eq!(load_settings(&folder).unwrap(), Settings::default());
        let settings = Settings {
            theme: Theme::Dark,
            scale: 1.25,
            reduce_motion: true,
            send_key: SendKey::Enter,
            at_start: AtStart::BeginAnew,
            default_model: Some("amazon.nova-lite-v1:0".into()),
            default_configuration: Some(Configuration {
                top_p: Some(0.9),
                ..Configuration::default()
            }),
            ask_above: Some(Usd::new("0.05".parse().unwrap())),
            budgets: Budgets {
                day: Some(crate::pricing::Budget {
                    usd: Usd::new("2.50".parse().unwrap()),
                    stop: true,
                }),
                ..Budgets::default()
            },
            price_updates: PriceUpdates::Ask,
            price_list_url: Some("https://mirror.example/prices".to_owned()),
            retention_days: 7,
            keep_days: Some(90),
            font: Some("Noto Sans".to_owned()),
            proxy: Some("http://proxy.example:3128".to_owned()),
            remembered_connection: true,
            beginnings: Map::from_iter([("alt-text".to_owned(), Value::from(3))]),
            batch_jobs: Some(BatchJobs {
                place: "s3://pictures/alt".to_owned(),
                role_arn: "arn:aws:iam::123456789012:role/Batch".to_owned(),
            }),
            window: Some(WindowSize {
                width: 1200.0,
                height: 800.5,
                x: Some(-40.0),
                y: Some(12.0),
                maximized: true,
            }),
            welcomed: true,
            file: Map::new(),
        };
        save_settings(&folder, &settings).unwrap();
        let loaded = load_settings(&folder).unwrap();
        assert_eq!(
            loaded,
            Settings {
                file: loaded.file.clone(),
                ..settings
            }
        );
    }

    #[test]
    fn what_this_version_does_not_know_stays_in_the_file() {
        let (_place, folder) = with_file(
            r#"{"hologram": {"depth": 3}, "scale": 2, "window": {"width": 1, "height": 2, "screen": "left"},
                "defaultConfiguration": {"temperature": 0.5, "mood": "calm"}, "defaultModel": "m"}"#,
        );
        let mut settings = load_settings(&folder).unwrap();
        settings.theme = Theme::Light;
        settings.default_model = None;
        save_settings(&folder, &settings).unwrap();
        let text = std::fs::read_to_string(folder.file(FILE)).unwrap();
        let file: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(file["hologram"]["depth"], 3);
        assert_eq!(file["window"]["screen"], "left");
        assert_eq!(file["defaultConfiguration"]["mood"], "calm");
        assert_eq!(file["defaultConfiguration"]["temperature"], 0.5);
        assert_eq!(file["theme"], "light");
        assert_eq!(file["defaultModel"], Value::Null);
        assert!(text.lines().count() > 10, "a person can read it");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_left_alone() {
        for (text, line, problem) in [
            (
                "{\n\"theme\": \"dark\",\n\"scale\": \"big\"\n}",
                "line 3",
                "string \"big\"",
            ),
            ("{\n\"theme\": \"blue\"\n}", "line 2", "blue"),
            ("{\n\n\"scale\": 0\n}", "line 3", "from 0.5 to 4"),
            (
                "{\n\"askAbove\": \"much\"}",
                "line 2",
                "\"much\" is no amount",
            ),
            ("{\n\"askAbove\": \"-1\"}", "line 2", "below zero"),
            (
                "{\n\"proxy\": \"http://me:secret@host\"}",
                "line 2",
                "HTTPS_PROXY",
            ),
            ("{\n\"proxy\": \"http://\"}", "line 2", "such as"),
            ("{\n\"priceUpdates\": \"daily\"}", "line 2", "daily"),
            ("{\n\"window\": {\n\"width\": 3}}", "line 3", "height"),
            ("{\n", "line 2", "EOF"),
            ("[]", "line 1", "invalid"),
        ] {
            let (_place, folder) = with_file(text);
            let error = load_settings(&folder).unwrap_err().to_string();
            for part in ["settings.json", line, problem] {
                assert!(error.contains(part), "{part:?} in {error:?}");
            }
            assert_eq!(std::fs::read_to_string(folder.file(FILE)).unwrap(), text);
        }
    }
}
