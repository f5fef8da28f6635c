//! Amazon Nova Canvas and Amazon Titan Image Generator.

use std::sync::LazyLock;

use super::{Choice, Colors, Form, Knob, MaskOffer, Need, Offer, PixelRule, SizeRule};
use crate::images::Task;

/// Nova Canvas: sides, steps, 1:4 to 4:1, fewer than 4,194,304 pixels.
const CANVAS_SIZE: PixelRule = PixelRule {
    side: 320..=4_096,
    step: 16,
    ratio_percent: 400,
    least_pixels: 1,
    most_pixels: 4_194_303,
};
/// What comes into it need not keep to the steps.
const CANVAS_PICTURE: PixelRule = PixelRule {
    side: 320..=4_096,
    step: 1,
    ratio_percent: 400,
    least_pixels: 1,
    most_pixels: 4_194_304,
};
const TITAN_PICTURE: PixelRule = PixelRule {
    side: 64..=1_408,
    step: 1,
    ratio_percent: 400,
    least_pixels: 1,
    most_pixels: 1_408 * 1_408,
};
const TITAN_SIZES: &[(u32, u32)] = &[
    (1024, 1024),
    (768, 768),
    (512, 512),
    (768, 1152),
    (384, 576),
    (1152, 768),
    (576, 384),
    (768, 1280),
    (384, 640),
    (1280, 768),
    (640, 384),
    (896, 1152),
    (448, 576),
    (1152, 896),
    (576, 448),
    (768, 1408),
    (384, 704),
    (1408, 768),
    (704, 384),
    (640, 1408),
    (320, 704),
    (1408, 640),
    (704, 320),
    (1152, 640),
    (1173, 640),
];
/// The highest seed of both.
const MOST_SEED: u32 = 2_147_483_646;

const CONTROL_STRENGTH: Knob = Knob {
    name: "controlStrength",
    label: "Layout strength",
    help: "How closely the layout of the image is kept",
    range: 0.0..=1.0,
    default: 0.7,
    whole: false,
};
const SIMILARITY: Knob = Knob {
    name: "similarityStrength",
    label: "Similarity",
    help: "How much the result resembles what came in",
    range: 0.2..=1.0,
    default: 0.7,
    whole: false,
};
const CONTROL_MODE: Choice = Choice {
    name: "controlMode",
    label: "What is kept of the layout",
    options: &["CANNY_EDGE", "SEGMENTATION"],
    default: Some("CANNY_EDGE"),
};
const OUTPAINTING_MODE: Choice = Choice {
    name: "outPaintingMode",
    label: "Edge of the mask",
    options: &["DEFAULT", "PRECISE"],
    default: Some("DEFAULT"),
};
const STYLE: Choice = Choice {
    name: "style",
    label: "Style",
    options: &[
        "3D_ANIMATED_FAMILY_FILM",
        "DESIGN_SKETCH",
        "FLAT_VECTOR_ILLUSTRATION",
        "GRAPHIC_NOVEL_ILLUSTRATION",
        "MAXIMALISM",
        "MIDCENTURY_RETRO",
        "PHOTOREALISM",
        "SOFT_DIGITAL_PAINTING",
    ],
    default: None,
};

/// What Canvas and Titan differ in.
struct Family {
    most_characters: usize,
    cfg_default: f64,
    size: SizeRule,
    picture_rule: PixelRule,
    has_styles: bool,
}

const CANVAS: Family = Family {
    most_characters: 1_024,
    cfg_default: 6.5,
    size: SizeRule::Pixels(CANVAS_SIZE),
    picture_rule: CANVAS_PICTURE,
    has_styles: true,
};
const TITAN: Family = Family {
    most_characters: 512,
    cfg_default: 8.0,
    size: SizeRule::Listed(TITAN_SIZES),
    picture_rule: TITAN_PICTURE,
    has_styles: false,
};

impl Family {
    /// A task as most are: words, no pictures, a size.
    fn task(&self, task: Task, task_type: &'static str, parameters: &'static str) -> Offer {
        Offer {
            task,
            form: Form::Amazon {
                task_type,
                parameters,
                configured: true,
            },
            prompt: Need::Required,
            most_characters: self.most_characters,
            negative: Some("negativeText"),
            search: None,
            picture: None,
            pictures: 0..=0,
            picture_rule: self.picture_rule.clone(),
            style_picture: None,
            mask: None,
            colors: None,
            size: self.size.clone(),
            has_quality: true,
            most_images: 5,
            cfg_scale: Some((1.1, 10.0, self.cfg_default)),
            most_seed: Some(MOST_SEED),
            knobs: &[],
            choices: &[],
        }
    }

    fn text_to_image(&self) -> Offer {
        Offer {
            choices: if self.has_styles { &[STYLE] } else { &[] },
            ..self.task(Task::TextToImage, "TEXT_IMAGE", "textToImageParams")
        }
    }

    fn conditioned(&self) -> Offer {
        Offer {
            picture: Some("conditionImage"),
            pictures: 1..=1,
            knobs: &[CONTROL_STRENGTH],
            choices: if self.has_styles {
                &[CONTROL_MODE, STYLE]
            } else {
                &[CONTROL_MODE]
            },
            ..self.task(Task::Conditioned, "TEXT_IMAGE", "textToImageParams")
        }
    }

    fn variation(&self) -> Offer {
        Offer {
            prompt: Need::Optional,
            picture: Some("images"),
            pictures: 1..=5,
            knobs: &[SIMILARITY],
            ..self.task(Task::Variation, "IMAGE_VARIATION", "imageVariationParams")
        }
    }

    /// Black is what is changed.
    fn inpaint(&self) -> Offer {
        Offer {
            prompt: Need::Optional,
            picture: Some("image"),
            pictures: 1..=1,
            mask: Some(MaskOffer {
                name: "maskImage",
                changes_white: false,
                prompt: Some("maskPrompt"),
            }),
            size: SizeRule::ByModel,
            ..self.task(Task::Inpaint, "INPAINTING", "inPaintingParams")
        }
    }

    /// White is what is changed: the mask says what stays.
    fn outpaint(&self) -> Offer {
        Offer {
            picture: Some("image"),
            pictures: 1..=1,
            mask: Some(MaskOffer {
                name: "maskImage",
                changes_white: true,
                prompt: Some("maskPrompt"),
            }),
            size: SizeRule::ByModel,
            choices: &[OUTPAINTING_MODE],
            ..self.task(Task::Outpaint, "OUTPAINTING", "outPaintingParams")
        }
    }

    fn color_guided(&self) -> Offer {
        Offer {
            picture: Some("referenceImage"),
            pictures: 0..=1,
            colors: Some(Colors { most: 10 }),
            ..self.task(
                Task::ColorGuided,
                "COLOR_GUIDED_GENERATION",
                "colorGuidedGenerationParams",
            )
        }
    }

    /// It takes a picture and nothing else.
    fn remove_background(&self) -> Offer {
        Offer {
            form: Form::Amazon {
                task_type: "BACKGROUND_REMOVAL",
                parameters: "backgroundRemovalParams",
                configured: false,
            },
            prompt: Need::None,
            negative: None,
            picture: Some("image"),
            pictures: 1..=1,
            size: SizeRule::ByModel,
            has_quality: false,
            most_images: 1,
            cfg_scale: None,
            most_seed: None,
            ..self.task(
                Task::RemoveBackground,
                "BACKGROUND_REMOVAL",
                "backgroundRemovalParams",
            )
        }
    }

    fn all(&self) -> Vec<Offer> {
        vec![
            self.text_to_image(),
            self.conditioned(),
            self.variation(),
            self.inpaint(),
            self.outpaint(),
            self.color_guided(),
            self.remove_background(),
        ]
    }
}

pub(super) fn nova_canvas() -> &'static [Offer] {
    static OFFERS: LazyLock<Vec<Offer>> = LazyLock::new(|| CANVAS.all());
    &OFFERS
}

pub(super) fn titan_v2() -> &'static [Offer] {
    static OFFERS: LazyLock<Vec<Offer>> = LazyLock::new(|| TITAN.all());
    &OFFERS
}

/// The first one had no layouts, colours or background removal.
pub(super) fn titan_v1() -> &'static [Offer] {
    static OFFERS: LazyLock<Vec<Offer>> = LazyLock::new(|| {
        vec![
            TITAN.text_to_image(),
            TITAN.variation(),
            TITAN.inpaint(),
            TITAN.outpaint(),
        ]
    });
    &OFFERS
}
