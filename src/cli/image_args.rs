//! What can be typed after `image`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::images::Task;
use crate::pricing::PixelSize;

/// The model that is asked when none is named: the cheapest that is not retired.
const USUAL_MODEL: &str = "stability.stable-image-core-v1:1";

/// `image`
#[derive(Clone, Debug, Args)]
pub struct ImageArgs {
    /// What the image shall show; some tasks need no words
    pub prompt: Option<String>,
    /// Model, inference profile or ARN
    #[arg(long, value_name = "ID", default_value = USUAL_MODEL)]
    pub model: String,
    /// What to do: text-to-image, conditioned, variation, image-to-image, inpaint, outpaint,
    /// color-guided, remove-background, erase, search-replace, search-recolor, upscale, sketch,
    /// structure, style-guide, style-transfer; without it, the first that the model offers
    #[arg(long, value_name = "TASK")]
    pub task: Option<Task>,
    /// The image to work on; several for a variation
    #[arg(long, value_name = "FILE")]
    pub input: Vec<PathBuf>,
    /// A mask of the same size, in the model's own black and white
    #[arg(long, value_name = "FILE", conflicts_with = "mask_prompt")]
    pub mask: Option<PathBuf>,
    /// What the mask covers, in words
    #[arg(long, value_name = "TEXT")]
    pub mask_prompt: Option<String>,
    /// The image whose style is taken
    #[arg(long, value_name = "FILE")]
    pub style_image: Option<PathBuf>,
    /// What to look for in the image
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// What must not be seen
    #[arg(long, value_name = "TEXT")]
    pub negative: Option<String>,
    /// Width and height, such as 1024x768
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub size: Option<PixelSize>,
    /// Aspect ratio, such as 16:9, for models that take one instead of a size
    #[arg(long, value_name = "RATIO")]
    pub aspect_ratio: Option<String>,
    /// How well it is made
    #[arg(long, value_enum, default_value_t = Quality::Standard)]
    pub quality: Quality,
    /// How many images
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub count: u32,
    /// How closely the prompt is followed
    #[arg(long, value_name = "X")]
    pub cfg_scale: Option<f64>,
    /// The seed; without it another one each time
    #[arg(long, value_name = "N")]
    pub seed: Option<u32>,
    /// A color such as #FF9800; up to ten
    #[arg(long, value_name = "COLOR")]
    pub color: Vec<String>,
    /// Anything else the task takes, by its name in the request, such as strength=0.5
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,
    /// Begin with the parameters written into this image
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Folder for the images, or the file for a single one
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub out: PathBuf,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Say what it costs, and send nothing
    #[arg(long)]
    pub estimate: bool,
    /// Tag of the call in the ledger
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
}

impl ImageArgs {
    /// Whether a model was named.
    pub fn names_model(&self) -> bool {
        self.model != USUAL_MODEL
    }
}

/// How well an image is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Quality {
    /// As usual
    Standard,
    /// Better, and dearer
    Premium,
}

fn size(text: &str) -> Result<PixelSize, String> {
    PixelSize::parse(text).ok_or_else(|| "write width and height, such as 1024x768".to_owned())
}

fn setting(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .ok_or_else(|| "write a name and a value, such as strength=0.5".to_owned())
}
