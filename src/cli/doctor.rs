//! `doctor`: what a report of a bug needs, and what stands in the way. No secret is in it.

use serde_json::json;

use super::args::{DoctorArgs, Global};
use super::output::Output;
use super::{CommandError, Outcome, kept};
use crate::bedrock::{self, Proxy};
use crate::display::Renderer;
use crate::store::{self, DataFolder, Store};
use crate::tasks::{Finding, Session, SessionOptions, caller};

/// Seconds that AWS lets a clock be off.
const MOST_SKEW: u64 = 300;

/// Looks at everything; what is wrong does not end it.
pub async fn run(
    global: &Global,
    args: &DoctorArgs,
    output: &mut Output,
) -> Result<Outcome, CommandError> {
    let mut findings = vec![
        Finding::fine(
            "Version",
            format!(
                "{}, AWS SDK {}, SQLite {}",
                env!("CARGO_PKG_VERSION"),
                bedrock::sdk_version(),
                store::database_version()
            ),
        ),
        Finding::fine(
            "System",
            format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        ),
        Finding::fine("Display", display()),
        Finding::fine("Renderer", renderer()),
    ];
    let of = global.clone();
    let found = tokio::task::spawn_blocking(move || data_folder(&of))
        .await
        .map_err(std::io::Error::other)?;
    findings.extend(found);
    // What is wrong with the settings is said already.
    let options = kept::session_options(global).unwrap_or_else(|_| global.session_options());
    findings.extend(connection(options).await);
    let wrong = findings.iter().any(|finding| finding.is_wrong);
    if args.json {
        let records: Vec<_> = findings
            .iter()
            .map(|finding| {
                json!({ "what": finding.what, "is": finding.words, "wrong": finding.is_wrong })
            })
            .collect();
        output.json(&records)?;
    } else {
        for finding in &findings {
            let mark = if finding.is_wrong { "!" } else { " " };
            output.line(&format!("{mark} {:<12} {}", finding.what, finding.words))?;
        }
    }
    Ok(if wrong {
        Outcome::Failed
    } else {
        Outcome::Done
    })
}

/// What the window would be shown on.
fn display() -> String {
    if cfg!(any(target_os = "macos", target_os = "windows")) {
        return "the system's own".to_owned();
    }
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match (set("WAYLAND_DISPLAY"), set("DISPLAY")) {
        (Some(wayland), Some(x11)) => format!("Wayland {wayland}, and X11 {x11}"),
        (Some(wayland), None) => format!("Wayland {wayland}; without X11 nothing can be dropped"),
        (None, Some(x11)) => format!("X11 {x11}"),
        (None, None) => "none: the window cannot open here, commands can".to_owned(),
    }
}

/// What the window would be drawn with.
fn renderer() -> String {
    let in_turn: Vec<_> = Renderer::in_turn()
        .iter()
        .map(ToString::to_string)
        .collect();
    in_turn.join(", and if that fails ")
}

/// The data folder, the settings in it, and the history. Blocks.
fn data_folder(global: &Global) -> Vec<Finding> {
    let folder = match DataFolder::find(global.data_dir.as_deref()) {
        Ok(folder) => folder,
        Err(error) => return vec![Finding::wrong("Data folder", error.to_string())],
    };
    let mut findings = vec![Finding::fine(
        "Data folder",
        folder.path().display().to_string(),
    )];
    findings.push(match store::load_settings(&folder) {
        Ok(_) => Finding::fine("Settings", "readable"),
        Err(error) => Finding::wrong("Settings", error.to_string()),
    });
    findings.push(match history(&folder) {
        Ok(words) => Finding::fine("History", words),
        Err(words) => Finding::wrong("History", words),
    });
    findings
}

fn history(folder: &DataFolder) -> Result<String, String> {
    let opened = Store::open(folder).map_err(|error| error.to_string())?;
    if let Some(aside) = opened.set_aside {
        return Err(format!(
            "it was damaged and set aside as {}; what is there now is the last backup, or new",
            aside.path.display()
        ));
    }
    let checked = opened.store.check().map_err(|error| error.to_string())?;
    if checked.is_sound() {
        return Ok("whole".to_owned());
    }
    Err(format!(
        "{} problems of the database, {} attachments gone, {} changed; the next start sets a damaged \
         database aside and takes the last backup",
        checked.problems.len(),
        checked.missing.len(),
        checked.damaged.len()
    ))
}

/// Where calls go, as whom, and whether they are answered.
async fn connection(options: SessionOptions) -> Vec<Finding> {
    let proxy = options.connection.proxy.clone();
    let session = match Session::open(options).await {
        Ok(session) => session,
        Err(error) => return vec![Finding::failed("Connection", &error.into())],
    };
    let connection = session.connection();
    let mut findings = vec![
        Finding::fine(
            "Region",
            format!("{} ({})", connection.region(), connection.region_source()),
        ),
        Finding::fine("Credentials", connection.credentials_source()),
        Finding::fine("Endpoint", connection.runtime_url()),
    ];
    findings.push(caller(connection).await);
    findings.push(clock(connection.control_url(), &proxy).await);
    match connection.catalog().await {
        Ok(catalog) => findings.push(Finding::fine(
            "Bedrock",
            format!("answers, {} models", catalog.models.len()),
        )),
        Err(error) => findings.push(Finding::failed("Bedrock", &error.into())),
    }
    findings
}

/// How far this computer's clock is off: a signature is refused when it is minutes.
async fn clock(url: &str, proxy: &Proxy) -> Finding {
    match bedrock::clock_ahead(url, proxy).await {
        Ok(Some(ahead)) => {
            let by = ahead.unsigned_abs();
            let words = match ahead {
                -1..=1 => "as the service's".to_owned(),
                ..-1 => format!("{by} s behind the service's"),
                _ => format!("{by} s ahead of the service's"),
            };
            if by > MOST_SKEW {
                return Finding::wrong(
                    "Clock",
                    format!("{words}: signatures are refused. Set this computer's clock"),
                );
            }
            Finding::fine("Clock", words)
        }
        Ok(None) => Finding::fine(
            "Clock",
            "not compared: the service does not say its time".to_owned(),
        ),
        Err(error) => Finding::failed("Clock", &error.into()),
    }
}
