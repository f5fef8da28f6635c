//! AVIF: AV1 in a HEIF container, decoded in Rust.

mod planes;

use heifer::heifer_isobmff::boxes::{ColorInfo, Property};
use heifer::heifer_isobmff::{Error, HeifFile, ItemId};
use image::{DynamicImage, GenericImage as _, GrayImage, RgbImage, RgbaImage};
use re_rav1d::dav1d::{self, Decoder, Picture, Settings};

use super::{Limits, MediaError};
use planes::Colours;

const MEGABYTE: u64 = 1_000_000;

/// What decoding takes for each pixel: planes of up to 16 bits and the decoder's copies of them, red,
/// green, blue and alpha, and a second time while it is turned.
const BYTES_PER_PIXEL: u64 = 16;

/// How auxiliary pictures say that they are the alpha channel.
const ALPHA: &str = "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha";

/// Decodes the main picture, upright; and what its colours mean, when that is not sRGB.
pub fn decode(
    name: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<(DynamicImage, Option<Vec<u8>>), MediaError> {
    let failed = |failure: Failure| failure.of(name);
    let file = HeifFile::parse(bytes).map_err(|error| failed(error.into()))?;
    let id = file.primary_id;
    if let Ok(Some((width, height))) = file.image_size(id) {
        let needed = u64::from(width) * u64::from(height) * BYTES_PER_PIXEL;
        if needed > limits.decoded_bytes {
            return Err(MediaError::TooManyPixels {
                name: name.to_owned(),
                width,
                height,
                megabytes: needed / MEGABYTE,
                limit: limits.decoded_bytes / MEGABYTE,
            });
        }
    }
    let most_pixels = limits.decoded_bytes / BYTES_PER_PIXEL;
    let source = Source { file, most_pixels };
    let image = source.colour(id).map_err(failed)?;
    let image = match source.alpha(id).map_err(failed)? {
        Some(alpha) if alpha.dimensions() == image.dimensions() => with_alpha(&image, &alpha),
        _ => image.into(),
    };
    let profile = source.file.icc_profile(id).ok().flatten();
    let profile = profile.map(<[u8]>::to_vec);
    Ok((source.upright(id, image), profile))
}

/// Why it could not be decoded; becomes a [`MediaError`] once the file's name is known.
enum Failure {
    CutOff,
    Unsupported(String),
    Damaged(String),
}

impl Failure {
    fn of(self, name: &str) -> MediaError {
        let name = name.to_owned();
        match self {
            Self::CutOff => MediaError::CutOff { name },
            Self::Unsupported(reason) => MediaError::UnsupportedForm {
                name,
                format: "AVIF",
                reason,
            },
            Self::Damaged(reason) => MediaError::Damaged { name, reason },
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::UnexpectedEof => Self::CutOff,
            Error::Unimplemented(what) => Self::Unsupported(what.to_owned()),
            error => Self::Damaged(error.to_string()),
        }
    }
}

impl From<dav1d::Error> for Failure {
    fn from(error: dav1d::Error) -> Self {
        match error {
            dav1d::Error::UnsupportedBitstream => Self::Unsupported(error.to_string()),
            // It waits for more, and there is no more.
            dav1d::Error::Again => Self::CutOff,
            error => Self::Damaged(error.to_string()),
        }
    }
}

struct Source<'a> {
    file: HeifFile<'a>,
    most_pixels: u64,
}

impl Source<'_> {
    /// A picture in red, green and blue, put together from its tiles when it has some.
    fn colour(&self, id: ItemId) -> Result<RgbImage, Failure> {
        match &self.file.item(id)?.item_type.0 {
            b"av01" => {
                let picture = self.picture(id)?;
                planes::rgb(&picture, self.colours(id)?)
            }
            b"grid" => {
                let grid = self.grid(id)?;
                let mut whole = RgbImage::new(grid.output_width, grid.output_height);
                for (tile, column, row) in self.tiles(id, grid.columns) {
                    let tile = planes::rgb(&self.picture(tile)?, self.colours(tile)?)?;
                    place(&mut whole, &tile, column, row);
                }
                Ok(whole)
            }
            other => Err(unknown_item(*other)),
        }
    }

    /// The alpha channel of a picture.
    fn alpha(&self, of: ItemId) -> Result<Option<GrayImage>, Failure> {
        let is_alpha = |id: &ItemId| {
            self.file.item_properties(*id).is_ok_and(|mut all| {
                all.any(|one| matches!(one, Property::AuxiliaryType(kind) if kind == ALPHA))
            })
        };
        let auxiliary = self.file.referencing_items(of, b"auxl");
        let Some(id) = auxiliary.into_iter().find(is_alpha) else {
            return Ok(None);
        };
        match &self.file.item(id)?.item_type.0 {
            b"av01" => planes::grey(&self.picture(id)?).map(Some),
            b"grid" => {
                let grid = self.grid(id)?;
                let mut whole = GrayImage::new(grid.output_width, grid.output_height);
                for (tile, column, row) in self.tiles(id, grid.columns) {
                    place(
                        &mut whole,
                        &planes::grey(&self.picture(tile)?)?,
                        column,
                        row,
                    );
                }
                Ok(Some(whole))
            }
            other => Err(unknown_item(*other)),
        }
    }

    fn grid(&self, id: ItemId) -> Result<heifer::heifer_isobmff::boxes::Grid, Failure> {
        let grid = self.file.grid(id)?;
        let pixels = u64::from(grid.output_width) * u64::from(grid.output_height);
        if pixels > self.most_pixels {
            return Err(Failure::Damaged("its grid is too large".to_owned()));
        }
        Ok(grid)
    }

    /// The tiles of a grid, each with its column and row.
    fn tiles(&self, id: ItemId, columns: u16) -> impl Iterator<Item = (ItemId, u32, u32)> {
        let columns = u32::from(columns).max(1);
        (0..)
            .zip(self.file.referenced_items(id, b"dimg"))
            .map(move |(at, tile)| (*tile, at % columns, at / columns))
    }

    /// The first picture of an item's AV1 data.
    fn picture(&self, id: ItemId) -> Result<Picture, Failure> {
        let mut settings = Settings::new();
        // Several pictures are opened at once already.
        settings.set_n_threads(1);
        settings.set_max_frame_delay(1);
        settings.set_frame_size_limit(u32::try_from(self.most_pixels).unwrap_or(u32::MAX));
        let data = self.file.item_data(id)?.into_owned();
        if data.is_empty() {
            return Err(Failure::CutOff);
        }
        let mut decoder = Decoder::with_settings(&settings)?;
        match decoder.send_data(data, None, None, None) {
            Err(error) if !error.is_again() => Err(error.into()),
            // More than it takes at once: the first picture is ready then.
            _ => Ok(decoder.get_picture()?),
        }
    }

    /// How the container says that colours are coded; it has the last word.
    fn colours(&self, id: ItemId) -> Result<Option<Colours>, Failure> {
        Ok(self.file.item_properties(id)?.find_map(|one| match one {
            Property::Color(ColorInfo::Nclx {
                matrix, full_range, ..
            }) => Some(Colours {
                matrix: *matrix,
                full_range: *full_range,
            }),
            _ => None,
        }))
    }

    /// Turned and mirrored as the container asks (ISO/IEC 23008-12, 6.5.10 and 6.5.12), in its order.
    fn upright(&self, id: ItemId, mut image: DynamicImage) -> DynamicImage {
        let Ok(properties) = self.file.item_properties(id) else {
            return image;
        };
        for property in properties {
            image = match property {
                // Quarters against the clock.
                Property::Rotation(1) => image.rotate270(),
                Property::Rotation(2) => image.rotate180(),
                Property::Rotation(3) => image.rotate90(),
                Property::Mirror(true) => image.flipv(),
                Property::Mirror(false) => image.fliph(),
                _ => image,
            };
        }
        image
    }
}

fn unknown_item(kind: [u8; 4]) -> Failure {
    Failure::Unsupported(format!("a picture of the kind {}", kind.escape_ascii()))
}

/// Puts a tile into its place; the last of a row and of a column may stand out.
fn place<I>(
    whole: &mut image::ImageBuffer<I, Vec<u8>>,
    tile: &image::ImageBuffer<I, Vec<u8>>,
    column: u32,
    row: u32,
) where
    I: image::Pixel<Subpixel = u8>,
{
    let (x, y) = (
        column.saturating_mul(tile.width()),
        row.saturating_mul(tile.height()),
    );
    if x >= whole.width() || y >= whole.height() {
        return;
    }
    let width = tile.width().min(whole.width() - x);
    let height = tile.height().min(whole.height() - y);
    let visible = image::imageops::crop_imm(tile, 0, 0, width, height);
    // It was cut to fit.
    whole.copy_from(&*visible, x, y).ok();
}

fn with_alpha(image: &RgbImage, alpha: &GrayImage) -> DynamicImage {
    let pixels = image.pixels().zip(alpha.pixels());
    let rgba: Vec<u8> = pixels
        .flat_map(|(rgb, alpha)| [rgb.0[0], rgb.0[1], rgb.0[2], alpha.0[0]])
        .collect();
    RgbaImage::from_raw(image.width(), image.height(), rgba)
        .map_or_else(|| image.clone().into(), DynamicImage::ImageRgba8)
}
