//! What a window is drawn with, of what this machine has. It opens none, and knows no framework.

use std::fmt;

/// The variable that chooses for a person who knows better.
const CHOICE: &str = "BEDROCK_PLAYGROUND_RENDERER";

/// What draws the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renderer {
    /// OpenGL, by the graphics driver.
    OpenGl,
    /// Direct3D 12 or Metal.
    #[cfg(not(target_os = "linux"))]
    Wgpu,
    /// This program itself, with the processor.
    #[cfg(target_os = "linux")]
    Software,
}

impl fmt::Display for Renderer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OpenGl => "OpenGL",
            #[cfg(target_os = "macos")]
            Self::Wgpu => "Metal",
            #[cfg(not(any(target_os = "linux", target_os = "macos")))]
            Self::Wgpu => "Direct3D 12",
            #[cfg(target_os = "linux")]
            Self::Software => "the processor",
        })
    }
}

impl Renderer {
    /// Those to be tried, the best first.
    #[cfg(target_os = "linux")]
    pub fn in_turn() -> Vec<Self> {
        let choice = std::env::var(CHOICE).ok();
        let is_elsewhere = x_server_elsewhere().is_some();
        vec![Self::of(choice.as_deref(), has_gpu() && !is_elsewhere)]
    }

    /// What is at home there first: OpenGL is old on macOS, and missing in remote sessions of Windows.
    #[cfg(not(target_os = "linux"))]
    pub fn in_turn() -> Vec<Self> {
        match std::env::var(CHOICE).as_deref() {
            Ok("glow") => vec![Self::OpenGl, Self::Wgpu],
            _ => vec![Self::Wgpu, Self::OpenGl],
        }
    }

    /// OpenGL is drawn by Mesa in software where there is no GPU, whose compiler needs more memory and more time
    /// to start than this whole program; and to a display over the network, where it sends all of each frame.
    #[cfg(target_os = "linux")]
    fn of(choice: Option<&str>, is_accelerated: bool) -> Self {
        match choice {
            Some("glow") => Self::OpenGl,
            Some("software") => Self::Software,
            _ if is_accelerated => Self::OpenGl,
            _ => Self::Software,
        }
    }
}

/// Whether there is a device that a driver draws with: the kernel's own, NVIDIA's, that of Windows below.
#[cfg(target_os = "linux")]
fn has_gpu() -> bool {
    let is_render_node =
        |entry: &std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with("renderD");
    let mut devices = std::fs::read_dir("/dev/dri")
        .into_iter()
        .flatten()
        .flatten();
    devices.any(|entry| is_render_node(&entry))
        || ["/dev/nvidiactl", "/dev/dxg"]
            .iter()
            .any(|device| std::path::Path::new(device).exists())
}

/// The X server that windows open on, when it is reached over the network, for instance by `ssh -X`.
#[cfg(target_os = "linux")]
pub fn x_server_elsewhere() -> Option<String> {
    let display = std::env::var("DISPLAY").ok()?;
    is_elsewhere(&display).then_some(display)
}

/// X(7), "Display Names": before the colon stands a host, or nothing or `unix` for this one, or the path of a socket.
#[cfg(target_os = "linux")]
fn is_elsewhere(display: &str) -> bool {
    let (host, _) = display.rsplit_once(':').unwrap_or_default();
    !host.is_empty() && host != "unix" && !host.starts_with('/')
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_processor_draws_where_nothing_else_does() {
        assert_eq!(Renderer::of(None, true), Renderer::OpenGl);
        assert_eq!(Renderer::of(None, false), Renderer::Software);
    }

    #[test]
    fn a_person_may_choose() {
        assert_eq!(Renderer::of(Some("glow"), false), Renderer::OpenGl);
        assert_eq!(Renderer::of(Some("software"), true), Renderer::Software);
        assert_eq!(Renderer::of(Some("vulkan"), true), Renderer::OpenGl);
    }

    #[test]
    fn a_display_over_the_network_is_told_from_one_here() {
        for here in ["", ":0", ":0.1", "unix:0", "/tmp/launch-a/org.xquartz:0"] {
            assert!(!is_elsewhere(here), "{here}");
        }
        for elsewhere in ["localhost:10.0", "192.0.2.7:0", "[2001:db8::7]:0"] {
            assert!(is_elsewhere(elsewhere), "{elsewhere}");
        }
    }
}
