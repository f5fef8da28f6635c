//! A window that is open: one frame of it, from what happened to pixels.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bedrock_playground_painter::{Area, Canvas, Painter};
use eframe::UserEvent;
use egui::epaint::ClippedPrimitive;
use egui::{
    ColorImage, Context, Event, FullOutput, LogicOutput, PlatformOutput, RawInput, TexturesDelta,
    Vec2, ViewportBuilder, ViewportCommand, ViewportEvent, ViewportId, ViewportInfo,
    accesskit::ActionRequest, vec2,
};
use egui_winit::{ActionRequested, State};
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoopProxy};
use winit::monitor::MonitorHandle;
use winit::window::Window;

use super::SoftwareError;
use super::surface::{PixelsError, Presented, Surface};
use crate::ui::App;

/// How soon a window on another computer is looked at again while the network is behind.
const LOOK_AGAIN: Duration = Duration::from_millis(15);

/// Whether there is another frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// When something happens.
    Next,
    /// The window closes.
    Last,
}

/// A window, the application in it, and what was drawn last.
pub struct Shown {
    ctx: Context,
    app: App,
    window: Arc<Window>,
    surface: Surface,
    painter: Painter,
    input: State,
    /// What happened and no frame has seen yet, while the window could not be seen.
    held_back: RawInput,
    info: ViewportInfo,
    actions: Vec<ActionRequested>,
    began: Instant,
    /// When all of the window was shown last; never at first, while it is hidden.
    whole: Option<Instant>,
    last_frame: Option<Duration>,
}

impl Shown {
    /// Makes a window, which is hidden until its first frame, and the application in it.
    pub fn open(
        event_loop: &ActiveEventLoop,
        viewport: ViewportBuilder,
        proxy: &EventLoopProxy<UserEvent>,
        app: impl FnOnce(&Context) -> std::io::Result<App>,
    ) -> Result<Self, SoftwareError> {
        let ctx = context(proxy.clone());
        let viewport = within_the_screens(viewport, event_loop).with_visible(false);
        let window = egui_winit::create_window(&ctx, event_loop, &viewport)?;
        let window = Arc::new(window);
        let surface = Surface::of(&window)?;
        let mut info = ViewportInfo::default();
        egui_winit::update_viewport_info(&mut info, &ctx, &window, true);
        let mut input = State::new(
            ctx.clone(),
            ViewportId::ROOT,
            &window,
            info.native_pixels_per_point,
            event_loop.system_theme(),
            Some(Painter::max_texture_side()),
        );
        input.init_accesskit(event_loop, &window, proxy.clone());
        let app = app(&ctx).map_err(|error| SoftwareError::App(error.into()))?;
        Ok(Self {
            ctx,
            app,
            window,
            surface,
            painter: Painter::new(),
            input,
            held_back: RawInput::default(),
            info,
            actions: Vec::new(),
            began: Instant::now(),
            whole: None,
            last_frame: None,
        })
    }

    pub fn ctx(&self) -> &Context {
        &self.ctx
    }

    /// How many frames the screen shows in a thousand seconds.
    pub fn screen_rate(&self) -> Option<u32> {
        self.window.current_monitor()?.refresh_rate_millihertz()
    }

    pub fn ask_for_frame(&self) {
        self.window.request_redraw();
    }

    /// Hears of something; whether that asks for a frame.
    pub fn event(&mut self, event: &WindowEvent) -> bool {
        match event {
            WindowEvent::CloseRequested => {
                self.info.events.push(ViewportEvent::Close);
                return true;
            }
            WindowEvent::Occluded(is_occluded) => self.info.occluded = Some(*is_occluded),
            _ => {}
        }
        self.input.on_window_event(&self.window, event).repaint
    }

    pub fn mouse_motion(&mut self, delta: (f64, f64)) -> bool {
        self.input.on_mouse_motion(delta)
    }

    pub fn accessibility_action(&mut self, request: ActionRequest) {
        self.input.on_accesskit_action_request(request);
    }

    /// Runs and shows a frame; all of it when `whole`, else what is new in it. Where nobody can see the window,
    /// only the application's work goes on.
    ///
    /// # Errors
    /// When the window takes no pixels.
    pub fn frame(
        &mut self,
        event_loop: &ActiveEventLoop,
        whole: bool,
    ) -> Result<Frame, SoftwareError> {
        egui_winit::update_viewport_info(&mut self.info, &self.ctx, &self.window, false);
        let is_seen = self.info.visible() != Some(false)
            || self.whole.is_none()
            || self.actions.iter().any(ActionRequested::wants_paint);
        if !is_seen {
            return Ok(self.think(event_loop));
        }
        let begin = Instant::now();
        let input = self.take_input();
        let wants_to_close = input.viewport().close_requested();
        let (app, last_frame) = (&mut self.app, self.last_frame);
        let output = self.ctx.run_ui(input, |ui| {
            app.work(ui.ctx(), last_frame);
            app.draw(ui);
        });
        let FullOutput {
            platform_output,
            mut viewport_output,
            shapes,
            pixels_per_point,
            textures_delta,
        } = output;
        let viewport = viewport_output.remove(&ViewportId::ROOT);
        let commands = viewport.map(|viewport| viewport.commands);
        let frame = self.obey(event_loop, platform_output, commands, wants_to_close);
        let primitives = self.ctx.tessellate(shapes, pixels_per_point);
        self.paint(primitives, pixels_per_point, textures_delta, whole)?;
        self.last_frame = Some(begin.elapsed());
        self.clipboard_actions();
        Ok(frame)
    }

    /// Lets the application work on without a frame.
    pub fn think(&mut self, event_loop: &ActiveEventLoop) -> Frame {
        let input = self.take_input();
        let wants_to_close = input.viewport().close_requested();
        let app = &mut self.app;
        let LogicOutput {
            platform_output,
            mut viewport_commands,
        } = self.ctx.run_logic(&input, |ctx| app.work(ctx, None));
        self.held_back = input;
        let commands = viewport_commands.remove(&ViewportId::ROOT);
        let frame = self.obey(event_loop, platform_output, commands, wants_to_close);
        if !self.actions.is_empty() {
            self.ctx.request_repaint();
        }
        frame
    }

    /// The last that is done with it.
    pub fn close(mut self) {
        self.ctx.on_exit();
        self.app.close();
    }

    fn take_input(&mut self) -> RawInput {
        let mut new = self.input.take_egui_input(&self.window);
        new.time = Some(self.began.elapsed().as_secs_f64());
        new.viewports = [(ViewportId::ROOT, self.info.clone())]
            .into_iter()
            .collect();
        let mut input = std::mem::take(&mut self.held_back);
        input.append(new);
        input
    }

    /// Does what the application wants of window and system. A window closes when that was asked for, unless the
    /// application has something to say first.
    fn obey(
        &mut self,
        event_loop: &ActiveEventLoop,
        output: PlatformOutput,
        commands: Option<Vec<ViewportCommand>>,
        wants_to_close: bool,
    ) -> Frame {
        // They have been heard of.
        self.info.events.clear();
        self.input
            .handle_platform_output_with_event_loop(&self.window, event_loop, output);
        let commands = commands.unwrap_or_default();
        let stays = commands.contains(&ViewportCommand::CancelClose);
        egui_winit::process_viewport_commands(
            &self.ctx,
            &mut self.info,
            commands,
            &self.window,
            &mut self.actions,
        );
        if wants_to_close && !stays {
            Frame::Last
        } else {
            Frame::Next
        }
    }

    fn paint(
        &mut self,
        primitives: Vec<ClippedPrimitive>,
        pixels_per_point: f32,
        mut textures: TexturesDelta,
        whole: bool,
    ) -> Result<(), PixelsError> {
        let size = self.window.inner_size();
        self.painter.update_textures(&textures);
        // Windows shrink a window to nothing to hide it.
        if let (Some(width), Some(height)) =
            (NonZeroU32::new(size.width), NonZeroU32::new(size.height))
        {
            let background = App::background(&self.ctx.global_style().visuals);
            let now = Instant::now();
            let every = self.surface.whole_every();
            let whole = whole || self.whole.is_none_or(|last| last + every <= now);
            let (painter, actions) = (&mut self.painter, &mut self.actions);
            let presented = self
                .surface
                .present(&self.window, width, height, |canvas| {
                    let changed = painter.paint(canvas, primitives, pixels_per_point, background);
                    answer_screenshots(actions, canvas);
                    if whole {
                        vec![Area::of_size(canvas.width, canvas.height)]
                    } else {
                        changed
                    }
                })?;
            if presented == Presented::Later {
                self.ctx.request_repaint_after(LOOK_AGAIN);
            }
            if whole && self.whole.replace(now).is_none() {
                self.window.set_visible(true);
            }
        }
        self.painter.free_textures(&textures);
        // Else a debug build takes them for forgotten.
        textures.clear();
        Ok(())
    }

    /// Does what was asked of the clipboard; the next frame hears of it.
    fn clipboard_actions(&mut self) {
        for action in std::mem::take(&mut self.actions) {
            let event = match action {
                ActionRequested::Cut => Some(Event::Cut),
                ActionRequested::Copy => Some(Event::Copy),
                ActionRequested::Paste => self.pasted(),
                ActionRequested::Screenshot(_) | ActionRequested::PaintWhileHidden => None,
            };
            if let Some(event) = event {
                self.input.egui_input_mut().events.push(event);
                self.ctx.request_repaint();
            }
        }
    }

    fn pasted(&mut self) -> Option<Event> {
        if let Some(text) = self.input.clipboard_text() {
            let text = text.replace("\r\n", "\n");
            return (!text.is_empty()).then_some(Event::Paste(text));
        }
        let image = self.input.clipboard_image()?;
        Some(Event::PasteImage(Arc::new(image)))
    }
}

/// A context as eframe makes it, which wakes the event loop when it wants a frame.
fn context(proxy: EventLoopProxy<UserEvent>) -> Context {
    let ctx = Context::default();
    ctx.set_embed_viewports(false);
    // A second pass, where the first found out how large something is.
    ctx.options_mut(|options| options.max_passes = 2.try_into().unwrap_or(options.max_passes));
    ctx.add_font_provider(Arc::new(
        egui_system_font_provider::SystemFontProvider::new(),
    ));
    ctx.set_request_repaint_callback(move |info| {
        let wish = UserEvent::RequestRepaint {
            viewport_id: info.viewport_id,
            when: Instant::now() + info.delay,
            cumulative_pass_nr: info.current_cumulative_pass_nr,
        };
        // Where nobody listens any more, the window is closed.
        proxy.send_event(wish).ok();
    });
    #[cfg(feature = "inspection")]
    if let Err(error) = egui_inspection::attach_from_env(&ctx, None) {
        tracing::warn!("the window cannot be driven from outside: {error}");
    }
    ctx
}

/// No larger than the largest screen: what reaches beyond it cannot be used.
fn within_the_screens(viewport: ViewportBuilder, event_loop: &ActiveEventLoop) -> ViewportBuilder {
    let points = |monitor: MonitorHandle| {
        let size = monitor.size().to_logical(monitor.scale_factor());
        vec2(size.width, size.height)
    };
    let screens = event_loop.available_monitors().map(points);
    let largest = screens
        .filter(|size| size.min_elem() > 0.0)
        .reduce(Vec2::max);
    match (viewport.inner_size, largest) {
        (Some(size), Some(largest)) => viewport.with_inner_size(size.min(largest)),
        _ => viewport,
    }
}

fn answer_screenshots(actions: &mut Vec<ActionRequested>, canvas: &Canvas<'_>) {
    let is_screenshot =
        |action: &mut ActionRequested| matches!(action, ActionRequested::Screenshot(_));
    let mut image = None;
    for action in actions.extract_if(.., is_screenshot) {
        if let ActionRequested::Screenshot(callback) = action {
            callback.complete(Arc::clone(
                image.get_or_insert_with(|| Arc::new(shot(canvas))),
            ));
        }
    }
}

fn shot(canvas: &Canvas<'_>) -> ColorImage {
    let channels = canvas.pixels.iter().flat_map(|pixel| {
        let [_, red, green, blue] = pixel.to_be_bytes();
        [red, green, blue]
    });
    let size = [canvas.width as usize, canvas.height as usize];
    ColorImage::from_rgb(size, &channels.collect::<Vec<_>>())
}
