//! The variables that settings are read from: the process's, and below them those of a `.env` file.
//!
//! A copy taken once, so that tests can hand in their own and a running connection does not change
//! under way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aws_types::os_shim_internal::Env;

/// What a `.env` file may set. Nothing that says where requests go or which files and commands are
/// run: a folder that came from elsewhere must not be able to send a key to a stranger.
const DOTENV_VARIABLES: [&str; 7] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
];

/// Where a variable was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableOrigin {
    /// The process's environment.
    Process,
    /// The `.env` file.
    DotEnv,
}

impl VariableOrigin {
    /// How a person would write it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Process => "environment",
            Self::DotEnv => ".env file",
        }
    }
}

/// Variables by name. Its `Debug` shows names only, for values may be secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<String, (String, VariableOrigin)>,
}

impl Environment {
    /// The process's variables; those that are not UTF-8 are left out.
    #[must_use]
    pub fn process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    /// The process's variables, and below them those of a `.env` file in the working folder.
    #[must_use]
    pub fn of_program() -> Self {
        Self::process().with_dotenv(Path::new("."))
    }

    /// Adds what the `.env` file of a folder says about credentials, region and profile, where the
    /// process's environment says nothing. A folder without such a file changes nothing.
    #[must_use]
    pub fn with_dotenv(mut self, folder: &Path) -> Self {
        let Ok(text) = std::fs::read_to_string(folder.join(".env")) else {
            return self;
        };
        // Half a key pair from each place would be a pair that works nowhere.
        let has_keys = self.get("AWS_ACCESS_KEY_ID").is_some();
        for (name, value) in parse_dotenv(&text) {
            let of_keys = name.starts_with("AWS_ACCESS_KEY")
                || name.starts_with("AWS_SECRET")
                || name.starts_with("AWS_SESSION");
            if DOTENV_VARIABLES.contains(&name.as_str()) && !(of_keys && has_keys) {
                self.variables
                    .entry(name)
                    .or_insert((value, VariableOrigin::DotEnv));
            }
        }
        self
    }

    /// A variable's value, and where it was set; an empty value counts as none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<(&str, VariableOrigin)> {
        self.variables
            .get(name)
            .filter(|(value, _)| !value.trim().is_empty())
            .map(|(value, origin)| (value.trim(), *origin))
    }

    /// A variable's value.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.get(name).map(|(value, _)| value)
    }

    /// Whether a variable says yes.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.value(name).and_then(parse_flag)
    }

    /// The person's home folder.
    pub(super) fn home(&self) -> Option<PathBuf> {
        self.value("HOME")
            .or_else(|| self.value("USERPROFILE"))
            .map(PathBuf::from)
    }

    /// As the SDK takes it.
    pub(super) fn to_sdk(&self) -> Env {
        Env::from(
            self.variables
                .iter()
                .map(|(name, (value, _))| (name.clone(), value.clone()))
                .collect::<std::collections::HashMap<_, _>>(),
        )
    }
}

/// `true` and `false` in any case, as the SDKs read their switches.
pub(super) fn parse_flag(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        Self {
            variables: variables
                .into_iter()
                .map(|(name, value)| (name.into(), (value.into(), VariableOrigin::Process)))
                .collect(),
        }
    }
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

/// `NAME=value` lines; `export `, comments, blank lines and one pair of quotes are understood.
fn parse_dotenv(text: &str) -> impl Iterator<Item = (String, String)> {
    text.trim_start_matches('\u{feff}')
        .lines()
        .filter_map(|line| {
            let line = line.trim();
            let line = line.strip_prefix("export ").unwrap_or(line);
            let (name, value) = line.split_once('=')?;
            let name = name.trim();
            if name.is_empty() || name.starts_with('#') {
                return None;
            }
            let value = value.trim();
            let quoted = ['"', '\''].into_iter().find_map(|quote| {
                let inner = value.strip_prefix(quote)?;
                inner.find(quote).map(|end| &inner[..end])
            });
            let value = quoted.unwrap_or_else(|| match value.find(" #") {
                Some(comment) => value[..comment].trim_end(),
                None => value,
            });
            Some((name.to_owned(), value.to_owned()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_file(process: &[(&str, &str)], file: &str) -> Environment {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env"), file).unwrap();
        process
            .iter()
            .copied()
            .collect::<Environment>()
            .with_dotenv(folder.path())
    }

    #[test]
    fn a_dotenv_file_fills_in_below_the_process() {
        let environment = with_file(
            &[("AWS_REGION", "eu-west-1")],
            "# mine\nexport AWS_REGION=us-west-2\nAWS_PROFILE = \"dev one\" # why\n\
             AWS_BEARER_TOKEN_BEDROCK='a#b' \nAWS_DEFAULT_REGION=us-east-2 # near\n\n=x\nno line\n",
        );
        assert_eq!(
            environment.get("AWS_REGION"),
            Some(("eu-west-1", VariableOrigin::Process))
        );
        assert_eq!(
            environment.get("AWS_PROFILE"),
            Some(("dev one", VariableOrigin::DotEnv))
        );
        assert_eq!(environment.value("AWS_BEARER_TOKEN_BEDROCK"), Some("a#b"));
        assert_eq!(environment.value("AWS_DEFAULT_REGION"), Some("us-east-2"));
    }

    #[test]
    fn a_dotenv_file_cannot_redirect_requests_or_run_commands() {
        let environment = with_file(
            &[],
            "AWS_ENDPOINT_URL=https://stranger.example\nAWS_CONFIG_FILE=/tmp/config\nHTTPS_PROXY=x\n",
        );
        assert_eq!(environment, Environment::default());
    }

    #[test]
    fn keys_are_not_mixed_from_two_places() {
        let environment = with_file(
            &[("AWS_ACCESS_KEY_ID", "AKIDPROCESS")],
            "AWS_ACCESS_KEY_ID=AKIDFILE\nAWS_SECRET_ACCESS_KEY=file\nAWS_SESSION_TOKEN=file\n",
        );
        assert_eq!(environment.value("AWS_ACCESS_KEY_ID"), Some("AKIDPROCESS"));
        assert_eq!(environment.value("AWS_SECRET_ACCESS_KEY"), None);
        assert_eq!(environment.value("AWS_SESSION_TOKEN"), None);
    }

    #[test]
    fn empty_counts_as_unset_and_values_do_not_print() {
        let environment = Environment::from_iter([("A", " "), ("B", "hush")]);
        assert_eq!(environment.get("A"), None);
        assert!(!format!("{environment:?}").contains("hush"));
    }
}
