//! The real program on displays that are not there, and under a Wayland compositor.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long anything may take on a busy machine before it counts as not happening.
const DEADLINE: Duration = Duration::from_secs(60);

fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bedrock-playground"));
    command
        .args(["--demo", "--data-dir"])
        .arg(home)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .env("HOME", home);
    command
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_display_it_says_so_and_what_works_without_one() {
    let home = tempfile::tempdir().unwrap();
    let output = program(home.path()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("neither DISPLAY nor WAYLAND_DISPLAY is set"),
        "{said}"
    );
    assert!(said.contains("bedrock-playground --help"), "{said}");
}

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The tools that use a window from outside; they are not a part of this project.
fn tools() -> Option<PathBuf> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/tools");
    let has_modules = || {
        let import = ["-c", "import Xlib, msgpack"];
        let python = Command::new("/usr/bin/python3").args(import).output();
        python.is_ok_and(|output| output.status.success())
    };
    (tools.join("xdnd-drop").exists() && has_modules()).then_some(tools)
}

/// A laptop's screen is often lower than the window would like to be.
#[test]
#[cfg(target_os = "linux")]
fn the_window_opens_no_larger_than_the_screen() {
    let Some(tools) = tools() else {
        eprintln!("skipped: the tools that drive a window are not here");
        return;
    };
    let Some((_server, display)) = screen(1100, 720) else {
        eprintln!("skipped: Xvfb is not installed");
        return;
    };
    for renderer in ["software", "glow"] {
        let home = tempfile::tempdir().unwrap();
        let window = Driven::open(home.path(), tools.clone(), renderer, &display, &[]);
        let drawn = home.path().join("drawn.png");
        let path = drawn.to_str().expect("a plain path");
        assert!(window.drive(&["shot", path]).status.success());
        let size = image::image_dimensions(&drawn).expect("a picture");
        assert_eq!(size, (1100, 720), "{renderer}");
    }
}

/// The folder of X servers' sockets, which weston expects and a machine that never had a screen lacks. Everybody
/// may write there, as the system has it.
#[cfg(unix)]
fn socket_folder() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Path::new("/tmp/.X11-unix");
    if fs::create_dir(folder).is_ok() {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o1777)).ok();
    }
}

/// A compositor without a screen, with `XWayland`; `None` where there is none.
fn compositor(runtime: &TempDir) -> Option<(Running, String)> {
    #[cfg(unix)]
    socket_folder();
    let log = runtime.path().join("log");
    let weston = Command::new("weston")
        .args([
            "--backend=headless-backend.so",
            "--xwayland",
            "--idle-time=0",
        ])
        .args(["--socket=wayland-test", "--width=1280", "--height=800"])
        .env("XDG_RUNTIME_DIR", runtime.path())
        .stdout(Stdio::null())
        .stderr(fs::File::create(&log).ok()?)
        .spawn()
        .ok()?;
    let weston = Running(weston);
    let began = Instant::now();
    let display = loop {
        let said = fs::read_to_string(&log).unwrap_or_default();
        let display = said.split_once("xserver listening on display ");
        if let Some(display) = display.and_then(|(_, rest)| rest.lines().next()) {
            break display.trim().to_owned();
        }
        assert!(began.elapsed() < DEADLINE, "no X server: {said}");
        std::thread::yield_now();
    };
    Some((weston, display))
}

/// The window of the real program, and what drives it from outside.
struct Driven {
    _window: Running,
    tools: PathBuf,
    port: String,
    display: String,
}

impl Driven {
    /// Opens the window drawn by `renderer`, where `environment` says.
    fn open(
        home: &Path,
        tools: PathBuf,
        renderer: &str,
        display: &str,
        environment: &[(&str, &str)],
    ) -> Self {
        // Free now, and a moment later most likely too.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("a port").port().to_string();
        drop(listener);
        let window = program(home)
            .env("BEDROCK_PLAYGROUND_RENDERER", renderer)
            .env("DISPLAY", display)
            .env("EGUI_INSPECTION", format!("127.0.0.1:{port}"))
            .envs(environment.iter().copied())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let driven = Self {
            _window: Running(window),
            tools,
            port,
            display: display.to_owned(),
        };
        let began = Instant::now();
        while !driven.drive(&["wait", "Model: Nova Lite"]).status.success() {
            assert!(began.elapsed() < DEADLINE, "the window did not open");
        }
        driven
    }

    fn drive(&self, arguments: &[&str]) -> Output {
        Command::new("/usr/bin/python3")
            .arg(self.tools.join("egui-drive"))
            .args(["--port", &self.port, "--timeout", "60"])
            .args(arguments)
            .output()
            .expect("python runs")
    }

    fn drop(&self, picture: &Path) -> String {
        let dropped = Command::new("/usr/bin/python3")
            .arg(self.tools.join("xdnd-drop"))
            .arg("Bedrock Playground")
            .arg(picture)
            .env("DISPLAY", &self.display)
            .output()
            .expect("python runs");
        String::from_utf8_lossy(&dropped.stdout).into_owned()
    }
}

/// Has a window drawn by `renderer` used under a Wayland compositor, where the machine has what that takes. It is
/// given a folder of its own.
fn under_wayland(renderer: &str, environment: &[(&str, &str)], used: impl FnOnce(&Driven, &Path)) {
    let Some(tools) = tools() else {
        eprintln!("skipped: the tools that drive a window are not here");
        return;
    };
    let runtime = tempfile::tempdir().unwrap();
    let Some((_weston, display)) = compositor(&runtime) else {
        eprintln!("skipped: weston is not installed");
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let runtime = runtime.path().to_str().expect("a plain path");
    let mut all = vec![
        ("XDG_RUNTIME_DIR", runtime),
        ("WAYLAND_DISPLAY", "wayland-test"),
    ];
    all.extend(environment);
    let window = Driven::open(home.path(), tools, renderer, &display, &all);
    used(&window, home.path());
}

/// Through `XWayland`, since winit takes nothing dropped on Wayland itself.
fn a_dropped_picture_arrives(window: &Driven, home: &Path) {
    let picture = home.join("harbour.png");
    image::RgbImage::from_pixel(64, 48, image::Rgb([20, 90, 200]))
        .save(&picture)
        .expect("saved");
    let said = window.drop(&picture);
    assert!(said.contains("accepted"), "{said}");
    let there = window.drive(&["wait", "harbour.png"]);
    assert!(
        there.status.success(),
        "{}",
        String::from_utf8_lossy(&there.stderr)
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_picture_dropped_on_a_window_without_a_gpu_arrives() {
    under_wayland("software", &[], a_dropped_picture_arrives);
}

#[test]
#[cfg(target_os = "linux")]
fn a_picture_dropped_on_a_window_of_opengl_arrives() {
    under_wayland("glow", &[], a_dropped_picture_arrives);
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_gpu_the_window_opens_on_wayland_itself() {
    let environment = [("BEDROCK_PLAYGROUND_DISPLAY", "wayland")];
    under_wayland("software", &environment, |window, _| {
        let shown = window.drive(&["wait", "Attach files"]);
        assert!(shown.status.success());
    });
}

/// An X server without a window manager, with a screen of so many pixels; `None` where there is none.
fn screen(width: u32, height: u32) -> Option<(Running, String)> {
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0"])
        .arg(format!("{width}x{height}x24"))
        .args(["-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let said = server.stdout.take().expect("piped");
    let server = Running(server);
    let mut number = String::new();
    BufReader::new(said)
        .read_line(&mut number)
        .expect("it says its number");
    Some((server, format!(":{}", number.trim())))
}

/// Every pixel of a screen: blue, green, red and nothing.
const PIXELS_OF_SCREEN: &str = "
import sys
from Xlib import X, display
root = display.Display().screen().root
sys.stdout.buffer.write(root.get_image(0, 0, 1280, 800, X.ZPixmap, 0xFFFFFFFF).data)
";

fn pixels_of_screen(display: &str) -> image::RgbImage {
    let read = Command::new("/usr/bin/python3")
        .args(["-c", PIXELS_OF_SCREEN])
        .env("DISPLAY", display)
        .output()
        .expect("python runs");
    assert!(
        read.status.success(),
        "{}",
        String::from_utf8_lossy(&read.stderr)
    );
    let (pixels, _) = read.stdout.as_chunks::<4>();
    let colours = pixels.iter().flat_map(|[b, g, r, _]| [*r, *g, *b]);
    image::RgbImage::from_raw(1280, 800, colours.collect()).expect("a whole screen")
}

/// Only what changes goes to the window; all of it together is the picture that was painted.
#[test]
#[cfg(target_os = "linux")]
fn without_a_gpu_the_screen_shows_what_was_painted() {
    let Some(tools) = tools() else {
        eprintln!("skipped: the tools that drive a window are not here");
        return;
    };
    // As large as the window.
    let Some((_server, display)) = screen(1280, 800) else {
        eprintln!("skipped: Xvfb is not installed");
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let window = Driven::open(home.path(), tools, "software", &display, &[]);
    let painted = home.path().join("painted.png");
    for (click, then) in [
        ("Model catalog", "Find models"),
        ("Compare models", "Ask Nova Lite again"),
        ("Theme: as the system", "Theme: light"),
        ("Chat playground", "Attach files"),
        ("Model: Nova Lite", "Model id or ARN"),
    ] {
        assert!(window.drive(&["click", click]).status.success(), "{click}");
        assert!(window.drive(&["wait", then]).status.success(), "{then}");
        let began = Instant::now();
        // What moves comes to rest.
        loop {
            let path = painted.to_str().expect("a plain path");
            assert!(window.drive(&["shot", path]).status.success(), "{click}");
            let drawn = image::open(&painted).expect("a picture").into_rgb8();
            if drawn == pixels_of_screen(&display) {
                break;
            }
            assert!(began.elapsed() < DEADLINE, "{click}");
        }
    }
}
