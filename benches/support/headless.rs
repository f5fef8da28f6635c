//! The window without a screen: run and tessellated frame by frame, as `frames` and `latency` need it.

use std::time::{Duration, Instant};

use bedrock_playground::ui::App;
use cpu_time::ThreadTime;
use eframe::App as _;
use egui::epaint::ClippedShape;
use egui::{Event, RawInput, Rect, pos2, vec2};
use egui_kittest::Harness;

/// Frames before measuring: fonts, layouts and caches are made in these.
const WARM_UP: usize = 30;
/// For a screen that never comes to rest.
const MOST_WARM_UP: usize = 1_000;

/// The value that half of these do not exceed.
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 50)
}

/// The value that so many in a hundred do not exceed.
pub fn quantile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted[rank - 1]
}

/// What the pointer does meanwhile.
#[derive(Clone, Copy)]
pub enum Motion {
    Scrolling,
    Still,
}

/// The window without anything around it.
pub struct Frames {
    pub ctx: egui::Context,
    app: App,
    frame: eframe::Frame,
    time: f64,
}

impl Frames {
    pub fn of(harness: Harness<'static, App>) -> Self {
        let ctx = harness.ctx.clone();
        let app = harness.into_state();
        // A window tells nobody what is on it unless somebody asks.
        ctx.disable_accesskit();
        Self {
            time: ctx.input(|input| input.time),
            ctx,
            app,
            frame: eframe::Frame::_new_kittest(),
        }
    }

    pub fn measure(&mut self, frames: usize, motion: Motion) -> Vec<f64> {
        // What a screen still does after it was opened is not what its frames cost.
        for at in 0.. {
            self.one(at, Motion::Still);
            if !self.ctx.has_requested_repaint() || at > MOST_WARM_UP {
                break;
            }
        }
        for at in 0..WARM_UP {
            self.one(at, motion);
        }
        (0..frames).map(|at| self.one(at, motion)).collect()
    }

    pub fn measure_for(&mut self, long: Duration, pause: Duration) -> Vec<f64> {
        let began = Instant::now();
        let mut times = Vec::new();
        while began.elapsed() < long {
            times.push(self.one(0, Motion::Still));
            std::thread::park_timeout(pause);
        }
        times
    }

    /// Milliseconds that a frame takes the processor.
    fn one(&mut self, at: usize, motion: Motion) -> f64 {
        let mut events = Vec::new();
        if matches!(motion, Motion::Scrolling) {
            events.push(Event::PointerMoved(pos2(550.0, 400.0)));
            events.push(Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                // Up for a while, then down.
                delta: vec2(0.0, if at % 120 < 60 { 40.0 } else { -40.0 }),
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Unknown,
                modifiers: egui::Modifiers::NONE,
            });
        }
        let before = ThreadTime::now();
        self.paint(events, |_| {});
        before.elapsed().as_secs_f64() * 1_000.0
    }

    /// One frame, whose shapes somebody looks at before they become triangles.
    pub fn paint(&mut self, events: Vec<Event>, look: impl FnOnce(&[ClippedShape])) {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1280.0, 800.0))),
            time: Some(self.time),
            events,
            ..RawInput::default()
        };
        let mut output = self.ctx.run_ui(input, |ui| {
            self.app.logic(ui, &mut self.frame);
            self.app.ui(ui, &mut self.frame);
        });
        look(&output.shapes);
        let triangles = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        drop(triangles);
        output.textures_delta.clear();
    }
}
