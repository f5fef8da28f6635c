//! The real program on displays that are not there, and under a Wayland compositor.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
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

#[test]
#[cfg(target_os = "linux")]
fn under_wayland_a_dropped_picture_arrives() {
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
    let picture = home.path().join("harbour.png");
    image::RgbImage::from_pixel(64, 48, image::Rgb([20, 90, 200]))
        .save(&picture)
        .expect("saved");
    // Free now, and a moment later most likely too.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("a port").port().to_string();
    drop(listener);
    let window = program(home.path())
        .env("XDG_RUNTIME_DIR", runtime.path())
        .env("WAYLAND_DISPLAY", "wayland-test")
        .env("DISPLAY", &display)
        .env("EGUI_INSPECTION", format!("127.0.0.1:{port}"))
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let _window = Running(window);
    let drive = |arguments: &[&str]| {
        Command::new("/usr/bin/python3")
            .arg(tools.join("egui-drive"))
            .args(["--port", &port, "--timeout", "60"])
            .args(arguments)
            .output()
            .expect("python runs")
    };
    let began = Instant::now();
    while !drive(&["wait", "Model: Nova Lite"]).status.success() {
        assert!(began.elapsed() < DEADLINE, "the window did not open");
    }
    let dropped = Command::new("/usr/bin/python3")
        .arg(tools.join("xdnd-drop"))
        .arg("Bedrock Playground")
        .arg(&picture)
        .env("DISPLAY", &display)
        .output()
        .expect("python runs");
    let said = String::from_utf8_lossy(&dropped.stdout);
    assert!(said.contains("accepted"), "{said}");
    let there = drive(&["wait", "harbour.png"]);
    assert!(
        there.status.success(),
        "{}",
        String::from_utf8_lossy(&there.stderr)
    );
}
