//! Where the pixels of a window go: memory that the window system sees too, or, where it runs on another computer,
//! what changed of them over the network. Knows nothing of what is drawn.

mod remote;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use bedrock_playground_painter::{Area, Canvas};
use softbuffer::SoftBufferError;
use winit::window::Window;

use self::remote::Remote;

/// Why a window shows no pixels.
#[derive(Debug, thiserror::Error)]
pub enum PixelsError {
    #[error(transparent)]
    Shared(#[from] SoftBufferError),
    /// The connection to a window system elsewhere.
    #[error(transparent)]
    Remote(#[from] x11rb::errors::ConnectionError),
}

/// Whether what was drawn is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presented {
    /// Or will be without being asked again.
    Yes,
    /// The network has not carried what was drawn before; to be asked again.
    Later,
}

/// The pixels of a window.
pub enum Surface {
    Shared(softbuffer::Surface<Arc<Window>, Arc<Window>>),
    Remote(Box<Remote>),
}

impl Surface {
    /// # Errors
    /// When the window system takes no pixels.
    pub fn of(window: &Arc<Window>) -> Result<Self, PixelsError> {
        if let Some(remote) = Remote::open(window) {
            tracing::info!("the display is on another computer: only what changes is sent there");
            return Ok(Self::Remote(Box::new(remote)));
        }
        let display = softbuffer::Context::new(Arc::clone(window))?;
        let surface = softbuffer::Surface::new(&display, Arc::clone(window))?;
        Ok(Self::Shared(surface))
    }

    /// How long a moving window goes without showing all of itself: what another window laid bare in the very moment
    /// of a frame is not told apart from that frame.
    pub fn whole_every(&self) -> Duration {
        match self {
            Self::Shared(_) => Duration::from_millis(250),
            Self::Remote(_) => Duration::from_secs(5),
        }
    }

    /// Draws, and shows those areas that drawing gives back.
    ///
    /// # Errors
    /// When the window system takes no pixels.
    pub fn present(
        &mut self,
        window: &Window,
        width: NonZeroU32,
        height: NonZeroU32,
        draw: impl FnOnce(&mut Canvas<'_>) -> Vec<Area>,
    ) -> Result<Presented, PixelsError> {
        let surface = match self {
            Self::Shared(surface) => surface,
            Self::Remote(remote) => return remote.present(width.get(), height.get(), draw),
        };
        surface.resize(width, height)?;
        let mut buffer = surface.buffer_mut()?;
        let mut canvas = Canvas {
            age: buffer.age(),
            pixels: &mut buffer,
            width: width.get(),
            height: height.get(),
        };
        let shown: Vec<_> = draw(&mut canvas).into_iter().filter_map(damage).collect();
        if !shown.is_empty() {
            // On Wayland the next frame waits until this one is shown, so one has to follow.
            window.pre_present_notify();
            buffer.present_with_damage(&shown)?;
        }
        Ok(Presented::Yes)
    }
}

fn damage(area: Area) -> Option<softbuffer::Rect> {
    Some(softbuffer::Rect {
        x: area.left.try_into().ok()?,
        y: area.top.try_into().ok()?,
        width: NonZeroU32::new(area.right.abs_diff(area.left))?,
        height: NonZeroU32::new(area.bottom.abs_diff(area.top))?,
    })
}
