//! What is worked out of the vectors, in the background: similarity of all to all, the map, and the
//! nearest of the chosen one. The heat map is a texture, so that a frame costs the same for any
//! number of texts.

use std::sync::Arc;

use egui::{Color32, ColorImage, Context, TextureHandle, TextureOptions};

use crate::embeddings::{Collection, Matrix, Neighbour, Projection, nearest, project};
use crate::tasks::{Job, Tasks};
use crate::ui::theme;

/// How many of the nearest are shown.
const NEAREST: usize = 12;

/// Most pixels a side of the heat map's texture.
const TEXTURE: usize = 2_048;

/// While requests are under way, only so few texts are analysed anew with each that comes.
const FEW: usize = 100;

/// What was worked out.
pub struct Analysis {
    revision: u64,
    /// The place in the list of each vector.
    pub places: Vec<usize>,
    vectors: Vec<Arc<[f32]>>,
    /// Similarity of all to all.
    pub matrix: Matrix,
    /// The least and the greatest similarity of two texts.
    pub range: (f32, f32),
    /// The map.
    pub projection: Projection,
}

impl Analysis {
    fn of(revision: u64, places: Vec<usize>, vectors: Vec<Arc<[f32]>>) -> Self {
        let matrix = Matrix::of(&vectors);
        Self {
            revision,
            range: matrix.range().unwrap_or((0.0, 1.0)),
            projection: project(&vectors),
            matrix,
            places,
            vectors,
        }
    }
}

/// The heat map as a texture, and what it was painted for.
struct Painted {
    revision: u64,
    dark: bool,
    texture: TextureHandle,
}

/// What is shown of the vectors, and what is on its way.
#[derive(Default)]
pub struct Analyses {
    made: Option<Arc<Analysis>>,
    making: Option<Job<Analysis>>,
    painted: Option<Painted>,
    painting: Option<(u64, bool, Job<ColorImage>)>,
    near: Option<(u64, usize, Vec<Neighbour>)>,
    seeking: Option<(u64, usize, Job<Vec<Neighbour>>)>,
}

impl Analyses {
    /// The analysis, once there is one.
    pub fn shown(&self) -> Option<&Arc<Analysis>> {
        self.made.as_ref()
    }

    /// Whether it is being made anew, or its heat map is still that of an earlier one.
    pub fn is_working(&self) -> bool {
        self.making.is_some() || self.painting.is_some()
    }

    /// The heat map, once it is painted.
    pub fn texture(&self) -> Option<&TextureHandle> {
        self.painted.as_ref().map(|painted| &painted.texture)
    }

    /// The nearest of a text, by place in the list, once they are found.
    pub fn nearest(&self, place: usize) -> Option<&[Neighbour]> {
        let revision = self.made.as_ref()?.revision;
        self.near
            .as_ref()
            .filter(|(of, at, _)| (*of, *at) == (revision, place))
            .map(|(.., near)| near.as_slice())
    }

    /// Takes in what was worked out and begins what is due.
    pub fn update(
        &mut self,
        ctx: &Context,
        tasks: &Tasks,
        list: &Collection,
        selected: Option<usize>,
        running: bool,
    ) {
        if let Some(result) = self.making.as_mut().and_then(Job::take) {
            self.making = None;
            self.made = result.ok().map(Arc::new);
        }
        let revision = list.vectors_revision();
        let made_for = self.made.as_ref().map(|made| made.revision);
        let is_due = made_for != Some(revision) && (made_for.is_some() || revision > 0);
        if is_due && self.making.is_none() && (!running || list.items().len() <= FEW) {
            let (places, vectors) = list.vectors();
            self.making =
                Some(tasks.spawn_blocking(move || Analysis::of(revision, places, vectors)));
        }
        self.paint(ctx, tasks);
        self.seek(tasks, selected);
    }

    fn paint(&mut self, ctx: &Context, tasks: &Tasks) {
        if let Some((revision, dark, job)) = &mut self.painting
            && let Some(result) = job.take()
        {
            let (revision, dark) = (*revision, *dark);
            self.painting = None;
            if let Ok(image) = result {
                let texture = ctx.load_texture("similarity", image, TextureOptions::NEAREST);
                self.painted = Some(Painted {
                    revision,
                    dark,
                    texture,
                });
            }
        }
        let Some(made) = &self.made else { return };
        let dark = ctx.global_style().visuals.dark_mode;
        let is_painted = self
            .painted
            .as_ref()
            .is_some_and(|painted| (painted.revision, painted.dark) == (made.revision, dark));
        if is_painted || self.painting.is_some() || made.matrix.size() == 0 {
            return;
        }
        let (analysis, revision) = (Arc::clone(made), made.revision);
        let colors = theme::heat_scale(&ctx.global_style().visuals);
        let job = tasks.spawn_blocking(move || painted(&analysis, &colors));
        self.painting = Some((revision, dark, job));
    }

    fn seek(&mut self, tasks: &Tasks, selected: Option<usize>) {
        if let Some((revision, place, job)) = &mut self.seeking
            && let Some(result) = job.take()
        {
            let (revision, place) = (*revision, *place);
            self.seeking = None;
            self.near = result.ok().map(|near| (revision, place, near));
        }
        let (Some(made), Some(place)) = (&self.made, selected) else {
            return;
        };
        let wanted = (made.revision, place);
        let is_found = self
            .near
            .as_ref()
            .is_some_and(|(revision, place, _)| (*revision, *place) == wanted);
        let Some(index) = made.places.iter().position(|at| *at == place) else {
            return;
        };
        if is_found || self.seeking.is_some() {
            return;
        }
        let analysis = Arc::clone(made);
        let job = tasks.spawn_blocking(move || {
            let mut near = nearest(&analysis.vectors, index, NEAREST);
            for near in &mut near {
                near.place = analysis.places[near.place];
            }
            near
        });
        self.seeking = Some((wanted.0, wanted.1, job));
    }
}

/// The heat map, a pixel a cell, or a pixel the mean of several where there are very many.
fn painted(analysis: &Analysis, colors: &[Color32]) -> ColorImage {
    let size = analysis.matrix.size();
    let step = size.div_ceil(TEXTURE).max(1);
    let across = size.div_ceil(step);
    let mut pixels = Vec::with_capacity(across * across);
    for top in (0..size).step_by(step) {
        for left in (0..size).step_by(step) {
            let (mut sum, mut count) = (0.0, 0.0_f32);
            for row in top..(top + step).min(size) {
                for near in &analysis.matrix.row(row)[left..(left + step).min(size)] {
                    sum += near;
                    count += 1.0;
                }
            }
            pixels.push(color(sum / count, analysis.range, colors));
        }
    }
    ColorImage::new([across, across], pixels)
}

/// The colour of a similarity.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a place in a short scale"
)]
pub fn color(near: f32, (low, high): (f32, f32), colors: &[Color32]) -> Color32 {
    let share = if high > low {
        (near - low) / (high - low)
    } else {
        1.0
    };
    let last = colors.len().saturating_sub(1);
    let at = (share.clamp(0.0, 1.0) * last as f32).round() as usize;
    colors.get(at).copied().unwrap_or_default()
}
