//! The window where there is no GPU: its events go to egui, and egui's frames become pixels by the processor.
//! It is what eframe is for the other renderers, for one window, and knows of the application only that it
//! runs frame by frame.

mod shown;
mod surface;

use std::error::Error;
use std::time::Instant;

use eframe::UserEvent;
use egui::{Context, ViewportBuilder, ViewportId};
use egui_winit::accesskit_winit::WindowEvent as AccessibilityEvent;
use winit::application::ApplicationHandler;
use winit::event::{DeviceEvent, DeviceId, WindowEvent};
use winit::event_loop::{
    ActiveEventLoop, ControlFlow, EventLoop, EventLoopBuilder, EventLoopProxy,
};
use winit::window::WindowId;

use self::shown::{Frame, Shown};
use self::surface::PixelsError;
use super::pace::Pace;
use crate::ui::App;

/// Why the window could not be opened, or had to be closed.
#[derive(Debug, thiserror::Error)]
pub enum SoftwareError {
    /// There is no connection to the window system.
    #[error(transparent)]
    EventLoop(#[from] winit::error::EventLoopError),
    /// The window system made no window.
    #[error(transparent)]
    Window(#[from] winit::error::OsError),
    /// It takes no pixels.
    #[error("the window takes no pixels: {0}")]
    Pixels(#[from] PixelsError),
    /// The application did not begin.
    #[error(transparent)]
    App(Box<dyn Error + Send + Sync>),
}

/// Opens the window and runs until it is closed.
///
/// # Errors
/// When there is no window, or its pixels cannot be shown.
pub fn run(
    viewport: ViewportBuilder,
    prepare: impl FnOnce(&mut EventLoopBuilder<UserEvent>),
    app: impl FnOnce(&Context) -> std::io::Result<App>,
) -> Result<(), SoftwareError> {
    let mut builder = EventLoop::with_user_event();
    prepare(&mut builder);
    let event_loop = builder.build()?;
    let mut runner = Runner {
        proxy: event_loop.create_proxy(),
        begin: Some((viewport, app)),
        shown: None,
        pace: Pace::of_screen(None),
        failed: None,
    };
    event_loop.run_app(&mut runner)?;
    runner.failed.map_or(Ok(()), Err)
}

struct Runner<A> {
    proxy: EventLoopProxy<UserEvent>,
    /// What the window is opened with, until it is.
    begin: Option<(ViewportBuilder, A)>,
    shown: Option<Shown>,
    pace: Pace,
    failed: Option<SoftwareError>,
}

impl<A> Runner<A> {
    fn frame(&mut self, event_loop: &ActiveEventLoop) {
        let Some(shown) = &mut self.shown else {
            return;
        };
        let was_asked_for = self.pace.begin(Instant::now());
        // Else the window system has lost what the window showed.
        let outcome = shown.frame(event_loop, !was_asked_for);
        self.after(event_loop, outcome);
    }

    fn after(&mut self, event_loop: &ActiveEventLoop, outcome: Result<Frame, SoftwareError>) {
        match outcome {
            Ok(Frame::Next) => {}
            Ok(Frame::Last) => event_loop.exit(),
            Err(error) => {
                self.failed = Some(error);
                event_loop.exit();
            }
        }
    }

    /// Asks for the frame that is due, and sleeps until the next.
    fn schedule(&mut self, event_loop: &ActiveEventLoop) {
        let now = Instant::now();
        if let Some(shown) = &mut self.shown {
            if self.pace.asks(now) {
                shown.ask_for_frame();
            }
            if self.pace.is_overdue(now) {
                let outcome = shown.think(event_loop);
                self.after(event_loop, Ok(outcome));
            }
        }
        event_loop.set_control_flow(match self.pace.next() {
            Some(next) => ControlFlow::WaitUntil(next),
            None => ControlFlow::Wait,
        });
    }

    fn accessibility(&mut self, event: AccessibilityEvent) {
        let Some(shown) = &mut self.shown else {
            return;
        };
        match event {
            AccessibilityEvent::InitialTreeRequested => shown.ctx().enable_accesskit(),
            AccessibilityEvent::ActionRequested(request) => shown.accessibility_action(request),
            AccessibilityEvent::AccessibilityDeactivated => {
                shown.ctx().disable_accesskit();
                return;
            }
        }
        self.pace.want(Instant::now());
    }
}

impl<A: FnOnce(&Context) -> std::io::Result<App>> ApplicationHandler<UserEvent> for Runner<A> {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        let Some((viewport, app)) = self.begin.take() else {
            return;
        };
        match Shown::open(event_loop, viewport, &self.proxy, app) {
            Ok(shown) => {
                self.pace = Pace::of_screen(shown.screen_rate());
                self.shown = Some(shown);
                // Before the window is shown there is nothing that could ask for its first frame.
                self.frame(event_loop);
            }
            Err(error) => self.after(event_loop, Err(error)),
        }
    }

    fn user_event(&mut self, _event_loop: &ActiveEventLoop, event: UserEvent) {
        match event {
            UserEvent::RequestRepaint {
                when,
                cumulative_pass_nr,
                ..
            } => {
                let passes = self.shown.as_ref().map_or(0, |shown| {
                    shown.ctx().cumulative_pass_nr_for(ViewportId::ROOT)
                });
                // An older wish has been fulfilled since.
                if passes <= cumulative_pass_nr + 1 {
                    self.pace.want(when);
                }
            }
            UserEvent::AccessKitActionRequest(event) => self.accessibility(event.window_event),
        }
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        if event == WindowEvent::RedrawRequested {
            self.frame(event_loop);
        } else if let Some(shown) = &mut self.shown
            && shown.event(&event)
        {
            self.pace.want(Instant::now());
        }
    }

    fn device_event(&mut self, _: &ActiveEventLoop, _: DeviceId, event: DeviceEvent) {
        if let DeviceEvent::MouseMotion { delta } = event
            && let Some(shown) = &mut self.shown
            && shown.mouse_motion(delta)
        {
            self.pace.want(Instant::now());
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        self.schedule(event_loop);
    }

    fn exiting(&mut self, _event_loop: &ActiveEventLoop) {
        if let Some(shown) = self.shown.take() {
            shown.close();
        }
    }
}
