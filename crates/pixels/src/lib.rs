//! What is done to every pixel of a picture: bringing it into the form that encoders take, and making it
//! smaller.
//!
//! A crate of its own because generic code is compiled where it is used: the program is compiled for size
//! and this for time. It knows no format, no limit and no service.

use fast_image_resize::images::TypedImage;
use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{FilterType as Kernel, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageBuffer, Pixel};

/// Red, green, blue, and alpha where something is transparent; 8 bits each.
#[must_use]
pub fn eight_bit(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return DynamicImage::ImageRgb8(image.into_rgb8());
    }
    let rgba = image.into_rgba8();
    // A screenshot has an alpha channel and nothing transparent in it.
    if rgba.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(rgba).into_rgb8())
    } else {
        DynamicImage::ImageRgba8(rgba)
    }
}

/// The picture at exactly this size, in [`eight_bit`] form; a side of 0 is taken for 1.
#[must_use]
pub fn resize(
    image: DynamicImage,
    (width, height): (u32, u32),
    filter: FilterType,
) -> DynamicImage {
    let (width, height) = (width.max(1), height.max(1));
    match image {
        DynamicImage::ImageRgb8(rgb) => convolve::<U8x3, _>(rgb, width, height, filter).into(),
        DynamicImage::ImageRgba8(rgba) => convolve::<U8x4, _>(rgba, width, height, filter).into(),
        other => resize(eight_bit(other), (width, height), filter),
    }
}

/// The image at another size. Its pixels are named, so that only the two kinds there are get compiled; and it
/// is of the type that its halfway form has, so that each is compiled once.
fn convolve<Named, P>(
    mut image: ImageBuffer<P, Vec<u8>>,
    width: u32,
    height: u32,
    filter: FilterType,
) -> ImageBuffer<P, Vec<u8>>
where
    Named: PixelTrait,
    P: Pixel<Subpixel = u8> + 'static,
{
    let algorithm = match filter {
        FilterType::Nearest => ResizeAlg::Nearest,
        FilterType::Triangle => ResizeAlg::Convolution(Kernel::Bilinear),
        FilterType::CatmullRom => ResizeAlg::Convolution(Kernel::CatmullRom),
        FilterType::Gaussian => ResizeAlg::Convolution(Kernel::Gaussian),
        FilterType::Lanczos3 => ResizeAlg::Convolution(Kernel::Lanczos3),
    };
    let options = ResizeOptions::new().resize_alg(algorithm);
    let mut target = ImageBuffer::new(width, height);
    let size = image.dimensions();
    let resized = view::<Named>(size, &mut image)
        .zip(view::<Named>((width, height), &mut target))
        .and_then(|(source, mut target)| {
            let mut resizer = Resizer::new();
            resizer.resize_typed(&source, &mut target, &options).ok()
        });
    match resized {
        Some(()) => target,
        // Slower, the same result.
        None => imageops::resize(&image, width, height, filter),
    }
}

fn view<Named: PixelTrait>(
    (width, height): (u32, u32),
    pixels: &mut [u8],
) -> Option<TypedImage<'_, Named>> {
    TypedImage::from_buffer(width, height, pixels).ok()
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    #[test]
    fn alpha_stays_only_where_something_is_transparent() {
        let mut picture = RgbaImage::from_pixel(3, 2, Rgba([9, 8, 7, 255]));
        let opaque = eight_bit(picture.clone().into());
        assert_eq!(
            opaque,
            RgbImage::from_pixel(3, 2, Rgb([9, 8, 7])).into(),
            "nothing is transparent"
        );
        picture.put_pixel(1, 1, Rgba([9, 8, 7, 254]));
        assert_eq!(eight_bit(picture.clone().into()), picture.into());
    }

    #[test]
    fn one_colour_stays_that_colour_at_every_size() {
        let colour = Rgb([200, 100, 50]);
        let picture: DynamicImage = RgbImage::from_pixel(37, 23, colour).into();
        for filter in [
            FilterType::Triangle,
            FilterType::CatmullRom,
            FilterType::Lanczos3,
        ] {
            for (width, height) in [(1, 1), (12, 7), (80, 3)] {
                assert_eq!(
                    resize(picture.clone(), (width, height), filter),
                    RgbImage::from_pixel(width, height, colour).into()
                );
            }
        }
    }

    #[test]
    fn a_transparent_half_stays_a_half() {
        let picture = RgbaImage::from_fn(64, 64, |x, _| {
            Rgba([255, 255, 255, if x < 32 { 0 } else { 255 }])
        });
        let small = resize(picture.into(), (8, 8), FilterType::Lanczos3).into_rgba8();
        // Away from the edge, where the kernel does not reach across.
        assert_eq!(small.get_pixel(0, 4).0[3], 0);
        assert_eq!(small.get_pixel(7, 4).0, [255; 4]);
    }
}
