//! Pictures on their way in: read and fitted in the background.

use std::path::PathBuf;

use egui::ColorImage;

use crate::images::{Parameters, Picture, parameters};
use crate::media::{self, Limits};
use crate::tasks::{Job, Tasks};
use crate::ui::pixels::to_rgba;

/// What a picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is worked on.
    Picture,
    /// Its style is taken.
    Style,
    /// It says what is changed.
    Mask,
}

/// A picture that is here.
pub struct Opened {
    pub picture: Picture,
    pub role: Role,
    /// What made it, when it says so.
    pub parameters: Option<Parameters>,
}

type Opening = Job<Result<(Picture, Option<Parameters>), String>>;

/// The pictures on their way.
#[derive(Default)]
pub struct Inputs {
    opening: Vec<(Role, Opening)>,
    /// Files that could not be taken, in words.
    pub problems: Vec<String>,
}

impl Inputs {
    /// Whether any is on its way.
    pub fn is_busy(&self) -> bool {
        !self.opening.is_empty()
    }

    /// Begins to read files.
    pub fn open(&mut self, tasks: &Tasks, paths: Vec<PathBuf>, role: Role) {
        self.problems.clear();
        for path in paths {
            let job = tasks.spawn_blocking(move || {
                let (name, bytes) = media::read_file(&path, &Limits::converse())
                    .map_err(|error| error.to_string())?;
                let picture = Picture::open(&name, &bytes)?;
                Ok((picture, parameters::read(&bytes)))
            });
            self.opening.push((role, job));
        }
    }

    /// Takes a picture from the clipboard.
    pub fn paste(&mut self, tasks: &Tasks, image: &ColorImage) {
        self.problems.clear();
        let image = image.clone();
        let job = tasks.spawn_blocking(move || {
            let (width, height, pixels) = to_rgba(&image);
            Picture::of_rgba("pasted image", width, height, pixels).map(|picture| (picture, None))
        });
        self.opening.push((Role::Picture, job));
    }

    /// What has come.
    pub fn collect(&mut self) -> Vec<Opened> {
        let mut here = Vec::new();
        let mut still = Vec::new();
        for (role, mut job) in std::mem::take(&mut self.opening) {
            match job.take() {
                None => still.push((role, job)),
                Some(Ok(Ok((picture, parameters)))) => here.push(Opened {
                    picture,
                    role,
                    parameters,
                }),
                Some(Ok(Err(words))) => self.problems.push(words),
                Some(Err(died)) => self.problems.push(died.to_string()),
            }
        }
        self.opening = still;
        here
    }
}
