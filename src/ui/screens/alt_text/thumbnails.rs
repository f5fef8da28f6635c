//! Small pictures of the rows in view, opened in the background, a few at a time, and forgotten when
//! they are out of view for long.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use egui::{ColorImage, Context, TextureHandle, TextureOptions};

use crate::alt_text::{Texts, Worklist, read_metadata};
use crate::media::{self, Limits, MediaError, Thumbnail};
use crate::tasks::{Job, Tasks};

/// Pictures opened at once: the job itself opens two more.
const AT_ONCE: usize = 2;

/// Pictures that are kept, the last ones looked at.
const KEPT: usize = 240;

/// Longest side of a small picture, in pixels: twice what is drawn, for dense screens.
const SIDE: u32 = 640;

/// What there is to show of a picture.
pub enum Shown {
    /// The pixels.
    Picture(TextureHandle),
    /// It cannot be opened, and why.
    Problem(String),
}

/// What was found when a picture was opened.
struct Opened {
    thumbnail: Result<Thumbnail, MediaError>,
    texts: Texts,
}

/// The small pictures and the texts that are in their files, by place.
#[derive(Default)]
pub struct Thumbnails {
    shown: HashMap<usize, Shown>,
    texts: HashMap<usize, Texts>,
    /// The last one looked at is the last.
    order: VecDeque<usize>,
    wanted: Vec<usize>,
    opening: Vec<(usize, Job<Opened>)>,
}

impl Thumbnails {
    /// The picture at a place; it is fetched when it is not there.
    pub fn look(&mut self, place: usize) -> Option<&Shown> {
        if self.shown.contains_key(&place) {
            if self.order.back() != Some(&place) {
                self.order.retain(|other| *other != place);
                self.order.push_back(place);
            }
        } else {
            self.wanted.push(place);
        }
        self.shown.get(&place)
    }

    /// The texts that a picture's file has, once it was opened.
    pub fn texts(&self, place: usize) -> Option<&Texts> {
        self.texts.get(&place)
    }

    /// Begins to open what was looked at in the last frame; what is out of view again is not.
    pub fn load(&mut self, tasks: &Tasks, list: &Worklist, language: Option<&str>) {
        let wanted = std::mem::take(&mut self.wanted);
        self.opening
            .retain(|(place, _)| wanted.is_empty() || wanted.contains(place));
        for place in wanted {
            if self.opening.len() >= AT_ONCE {
                break;
            }
            let Some(item) = list.item(place) else {
                continue;
            };
            if self.opening.iter().any(|(other, _)| *other == place) {
                continue;
            }
            let path = item.path.clone();
            let limits = Limits {
                thumbnail_side: SIDE,
                ..Limits::converse()
            };
            let language = language.map(str::to_owned);
            let job = tasks.spawn_blocking(move || Opened {
                thumbnail: media::open_thumbnail(&path, &limits),
                texts: read_metadata(&path, language.as_deref()),
            });
            self.opening.push((place, job));
        }
    }

    /// Takes in what was opened.
    pub fn collect(&mut self, ctx: &Context) {
        let mut still_opening = Vec::new();
        for (place, mut job) in std::mem::take(&mut self.opening) {
            let Some(opened) = job.take() else {
                still_opening.push((place, job));
                continue;
            };
            let shown = match opened {
                Ok(opened) => {
                    self.texts.insert(place, opened.texts);
                    match opened.thumbnail {
                        Ok(thumbnail) => Shown::Picture(texture(ctx, place, &thumbnail)),
                        Err(error) => Shown::Problem(error.to_string()),
                    }
                }
                Err(died) => Shown::Problem(died.to_string()),
            };
            self.shown.insert(place, shown);
            self.order.push_back(place);
        }
        self.opening = still_opening;
        while self.order.len() > KEPT {
            if let Some(oldest) = self.order.pop_front() {
                self.shown.remove(&oldest);
                self.texts.remove(&oldest);
            }
        }
    }
}

fn texture(ctx: &Context, place: usize, thumbnail: &Thumbnail) -> TextureHandle {
    let sides = [thumbnail.width, thumbnail.height].map(|side| side as usize);
    let pixels = ColorImage::from_rgba_unmultiplied(sides, &thumbnail.rgba);
    ctx.load_texture(
        format!("alt text {place}"),
        Arc::new(pixels),
        TextureOptions::LINEAR,
    )
}
