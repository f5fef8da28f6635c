//! Opening the window: which renderer, which display server, which size.

#[cfg(target_os = "linux")]
mod pace;
#[cfg(target_os = "linux")]
mod software;

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use eframe::{NativeOptions, UserEvent};
use egui::{Context, IconData, ViewportBuilder};
use winit::event_loop::EventLoopBuilder;

use super::menu_bar::MenuBar;
#[cfg(target_os = "macos")]
use super::menu_bar::SystemMenuBar;
use super::theme::size;
use super::{App, AppOptions, NAME, SystemFileManager, SystemFilePicker, SystemNotifier};
use crate::display::Renderer;
use crate::keyring::SystemKeyring;
use crate::store::{self, DataFolder};
use crate::tasks::{Instance, SessionOptions};

/// What the window is opened with.
#[derive(Clone, Debug, Default)]
pub struct WindowOptions {
    /// The connection to open.
    pub session: SessionOptions,
    /// Whether that connection was asked for.
    pub names_connection: bool,
    /// Files to attach at once.
    pub files: Vec<PathBuf>,
    /// Where everything is kept.
    pub data_folder: Option<DataFolder>,
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is nothing to open a window on.
    #[error("there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set")]
    NoDisplay,
    /// No renderer could be started.
    #[error("no window could be opened: {}", said(.0))]
    NoRenderer(Vec<(Renderer, String)>),
}

/// What Debian and those after it call the libraries that a window loads when it opens.
const LIBRARIES: &str =
    "libx11-6 libx11-xcb1 libxcursor1 libxi6 libxrandr2 libxkbcommon-x11-0 libegl1 libgl1";

/// What each renderer said, in one line, and what helps: libraries where they are missing, else the other way to
/// draw.
fn said(tried: &[(Renderer, String)]) -> String {
    let mut said: Vec<String> = tried
        .iter()
        .map(|(renderer, error)| format!("with {renderer}: {}", without_place(error)))
        .collect();
    if cfg!(target_os = "linux") {
        let is_missing = tried
            .iter()
            .any(|(_, error)| error.contains("shared librar"));
        let has_tried_driver = tried.iter().any(|(it, _)| *it == Renderer::OpenGl);
        said.push(if is_missing {
            format!("on Debian and Ubuntu, `apt install {LIBRARIES}` brings what a window needs")
        } else if has_tried_driver {
            "BEDROCK_PLAYGROUND_RENDERER=software draws without the graphics driver".to_owned()
        } else {
            "BEDROCK_PLAYGROUND_RENDERER=glow draws with OpenGL".to_owned()
        });
    }
    said.join("; ")
}

/// An error without the place in winit's source, which is a path of the machine that built it.
fn without_place(error: &str) -> &str {
    let line = error.rsplit_once(".rs:").map(|(_, line)| line);
    line.and_then(|line| line.split_once(": "))
        .map_or(error, |(_, words)| words)
}

/// Opens the window and runs until it is closed.
///
/// # Errors
/// When no renderer starts, for instance because there is no display.
pub fn run(options: &WindowOptions) -> Result<(), StartError> {
    if !has_display() {
        return Err(StartError::NoDisplay);
    }
    let mut tried = Vec::new();
    for renderer in Renderer::in_turn() {
        let Err(error) = start(options, renderer) else {
            return Ok(());
        };
        let error = error.to_string();
        tracing::warn!("{renderer} did not start: {}", without_place(&error));
        tried.push((renderer, error));
    }
    Err(StartError::NoRenderer(tried))
}

#[cfg(target_os = "linux")]
fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
        .into_iter()
        .any(is_set)
}

#[cfg(not(target_os = "linux"))]
fn has_display() -> bool {
    true
}

#[cfg(target_os = "linux")]
fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

fn start(options: &WindowOptions, renderer: Renderer) -> Result<(), Box<dyn Error>> {
    let viewport = ViewportBuilder::default()
        .with_title(NAME)
        .with_app_id("bedrock-playground")
        .with_icon(icon())
        .with_inner_size(size::WINDOW)
        .with_min_inner_size(size::WINDOW_MIN);
    let viewport = where_it_was(viewport, options.data_folder.as_ref());
    let options = options.clone();
    let app = move |ctx: &Context| app(ctx, options);
    let native = match renderer {
        #[cfg(target_os = "linux")]
        Renderer::Software => return Ok(software::run(viewport, prepare, app)?),
        Renderer::OpenGl => eframe::Renderer::Glow,
        #[cfg(not(target_os = "linux"))]
        Renderer::Wgpu => eframe::Renderer::Wgpu,
    };
    let native = NativeOptions {
        renderer: native,
        viewport,
        event_loop_builder: Some(Box::new(prepare)),
        ..NativeOptions::default()
    };
    eframe::run_native(
        "bedrock-playground",
        native,
        Box::new(move |creation| Ok(Box::new(app(&creation.egui_ctx)?))),
    )?;
    Ok(())
}

fn app(ctx: &Context, options: WindowOptions) -> std::io::Result<App> {
    let instance = options.data_folder.as_ref().and_then(|folder| {
        folder.create().ok()?;
        Instance::claim(folder.path())
    });
    let is_second = options.data_folder.is_some() && instance.is_none();
    App::new(
        ctx,
        AppOptions {
            session: options.session,
            files: options.files,
            file_picker: Box::new(SystemFilePicker),
            notifier: Box::new(SystemNotifier),
            file_manager: Arc::new(SystemFileManager),
            menu_bar: menu_bar(ctx),
            instance,
            is_second,
            welcome: !options.names_connection,
            system_emoji: true,
            data_folder: options.data_folder,
            keyring: Arc::new(SystemKeyring),
            zone: None,
            environment: None,
        },
    )
}

/// Large and where it was when it was closed last. The file is small and read before there is a frame.
fn where_it_was(viewport: ViewportBuilder, folder: Option<&DataFolder>) -> ViewportBuilder {
    /// Further away is no screen that people have: the one it was on may be gone.
    const FARTHEST: f32 = 16_000.0;
    let settings = folder.and_then(|folder| store::load_settings(folder).ok());
    let Some(window) = settings.and_then(|settings| settings.window) else {
        return viewport;
    };
    let least = size::WINDOW_MIN;
    let large = [window.width.max(least[0]), window.height.max(least[1])];
    let viewport = viewport
        .with_inner_size(large)
        .with_maximized(window.maximized);
    match (window.x, window.y) {
        (Some(x), Some(y)) if x.abs() < FARTHEST && y.abs() < FARTHEST => {
            viewport.with_position([x, y])
        }
        _ => viewport,
    }
}

/// The icon of title bar and task switcher; a broken one is no reason not to start.
fn icon() -> IconData {
    const PNG: &[u8] = include_bytes!("../../assets/icon/icon-128.png");
    eframe::icon_data::from_png_bytes(PNG).unwrap_or_default()
}

/// winit 0.30 takes no dropped files on Wayland (winit #1881), and dropping images is what this
/// program is for: with `XWayland` at hand the window goes there, unless the person says otherwise.
#[cfg(target_os = "linux")]
fn prepare(builder: &mut EventLoopBuilder<UserEvent>) {
    use winit::platform::x11::EventLoopBuilderExtX11 as _;

    let wanted = std::env::var("BEDROCK_PLAYGROUND_DISPLAY").is_ok_and(|value| value == "wayland");
    if is_set("WAYLAND_DISPLAY") && is_set("DISPLAY") && !wanted {
        tracing::info!(
            "using X11 so that files can be dropped; BEDROCK_PLAYGROUND_DISPLAY=wayland overrides"
        );
        builder.with_x11();
    }
}

/// winit's menu bar would end the program without a question, whatever runs.
#[cfg(target_os = "macos")]
fn prepare(builder: &mut EventLoopBuilder<UserEvent>) {
    use winit::platform::macos::EventLoopBuilderExtMacOS as _;

    builder.with_default_menu(false);
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn prepare(_builder: &mut EventLoopBuilder<UserEvent>) {}

#[cfg(target_os = "macos")]
fn menu_bar(ctx: &Context) -> Option<Box<dyn MenuBar>> {
    match SystemMenuBar::install(ctx) {
        Ok(bar) => Some(Box::new(bar)),
        Err(error) => {
            tracing::warn!("there is no menu bar: {error}");
            None
        }
    }
}

/// The command palette serves.
#[cfg(not(target_os = "macos"))]
fn menu_bar(_ctx: &Context) -> Option<Box<dyn MenuBar>> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As winit says it in a system without X11's libraries.
    const MISSING: &str = "winit EventLoopError: os error at /home/builder/winit-0.30.13/src/linux/mod.rs:788: \
                           Failed to load one of xlib's shared libraries";

    #[test]
    fn a_missing_library_is_told_with_what_brings_it() {
        let words = said(&[(Renderer::OpenGl, MISSING.to_owned())]);
        assert!(
            words.contains("with OpenGL: Failed to load one of xlib's shared libraries"),
            "{words}"
        );
        assert!(!words.contains("/home/builder"), "{words}");
        assert_eq!(
            words.contains("libxkbcommon-x11-0"),
            cfg!(target_os = "linux"),
            "{words}"
        );
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_other_renderer_is_the_way_out() {
        for (renderer, other) in [(Renderer::OpenGl, "software"), (Renderer::Software, "glow")] {
            let words = said(&[(renderer, "no".to_owned())]);
            assert!(words.contains(&format!("RENDERER={other} ")), "{words}");
        }
    }

    #[test]
    fn other_errors_stay_as_they_are() {
        assert_eq!(without_place("no GL: 3.0 or later"), "no GL: 3.0 or later");
    }
}
