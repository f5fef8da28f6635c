//! Stability AI's models and image services: one task each, except where a model takes a picture too.

use std::sync::LazyLock;

use super::{Choice, Form, Knob, MaskOffer, Need, Offer, PixelRule, SizeRule};
use crate::images::Task;

const MOST_CHARACTERS: usize = 10_000;
const MOST_SEED: u32 = 4_294_967_294;

/// Models that make a picture after another.
const ANY: PixelRule = rule(64, 16_384, 4_096, 9_437_184, 25_600);
/// The services that edit and control: 1:2.5 to 2.5:1.
const EDITED: PixelRule = rule(64, 16_384, 4_096, 9_437_184, 250);
/// Images small enough to be made larger with much freedom.
const CREATIVE: PixelRule = rule(64, 16_384, 4_096, 1_048_576, 25_600);
const FAST: PixelRule = rule(32, 1_536, 1_024, 1_048_576, 25_600);

const fn rule(least: u32, most: u32, least_pixels: u32, most_pixels: u32, ratio: u32) -> PixelRule {
    PixelRule {
        side: least..=most,
        step: 1,
        ratio_percent: ratio,
        least_pixels,
        most_pixels,
    }
}

const ASPECT_RATIO: Choice = Choice {
    name: "aspect_ratio",
    label: "Aspect ratio",
    options: &[
        "21:9", "16:9", "3:2", "5:4", "1:1", "4:5", "2:3", "9:16", "9:21",
    ],
    default: Some("1:1"),
};
const STYLE_PRESET: Choice = Choice {
    name: "style_preset",
    label: "Style",
    options: &[
        "3d-model",
        "analog-film",
        "anime",
        "cinematic",
        "comic-book",
        "digital-art",
        "enhance",
        "fantasy-art",
        "isometric",
        "line-art",
        "low-poly",
        "modeling-compound",
        "neon-punk",
        "origami",
        "photographic",
        "pixel-art",
        "tile-texture",
    ],
    default: None,
};
const STYLED: &[Choice] = &[STYLE_PRESET];

const fn share(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    from: f64,
    to: f64,
    default: f64,
) -> Knob {
    Knob {
        name,
        label,
        help,
        range: from..=to,
        default,
        whole: false,
    }
}

const fn pixels(name: &'static str, label: &'static str, help: &'static str, to: f64) -> Knob {
    Knob {
        name,
        label,
        help,
        range: 0.0..=to,
        default: 0.0,
        whole: true,
    }
}

const STRENGTH: Knob = share(
    "strength",
    "Strength",
    "How much is changed: at 0 nothing, at 1 all",
    0.0,
    1.0,
    0.7,
);
const GROW_MASK: Knob = Knob {
    default: 5.0,
    ..pixels(
        "grow_mask",
        "Grow the mask",
        "Pixels added all around the mask",
        20.0,
    )
};
const SIDES: &str = "Pixels added on this side";
const CONTROL_STRENGTH: Knob = share(
    "control_strength",
    "Control strength",
    "How closely the image that comes in is followed",
    0.0,
    1.0,
    0.7,
);

/// A service as most are: words and a picture in, no size.
fn service(task: Task) -> Offer {
    Offer {
        task,
        form: Form::Stability { mode: None },
        prompt: Need::Required,
        most_characters: MOST_CHARACTERS,
        negative: Some("negative_prompt"),
        search: None,
        picture: Some("image"),
        pictures: 1..=1,
        picture_rule: EDITED,
        style_picture: None,
        mask: None,
        colors: None,
        size: SizeRule::ByModel,
        has_quality: false,
        most_images: 1,
        cfg_scale: None,
        most_seed: Some(MOST_SEED),
        knobs: &[],
        choices: STYLED,
    }
}

fn text_to_image(mode: Option<&'static str>) -> Offer {
    Offer {
        form: Form::Stability { mode },
        picture: None,
        pictures: 0..=0,
        choices: &[ASPECT_RATIO, STYLE_PRESET],
        ..service(Task::TextToImage)
    }
}

fn image_to_image(mode: Option<&'static str>) -> Offer {
    Offer {
        form: Form::Stability { mode },
        picture_rule: ANY,
        knobs: &[STRENGTH],
        ..service(Task::ImageToImage)
    }
}

fn masked(task: Task) -> Offer {
    Offer {
        mask: Some(MaskOffer {
            name: "mask",
            changes_white: true,
            prompt: None,
        }),
        knobs: &[GROW_MASK],
        ..service(task)
    }
}

fn outpaint() -> Offer {
    Offer {
        prompt: Need::Optional,
        knobs: const {
            &[
                pixels("left", "Left", SIDES, 2_000.0),
                pixels("right", "Right", SIDES, 2_000.0),
                pixels("up", "Up", SIDES, 2_000.0),
                pixels("down", "Down", SIDES, 2_000.0),
                share(
                    "creativity",
                    "Creativity",
                    "How freely what is added is made up",
                    0.0,
                    1.0,
                    0.5,
                ),
            ]
        },
        ..service(Task::Outpaint)
    }
}

fn upscale(picture_rule: PixelRule, knobs: &'static [Knob]) -> Offer {
    Offer {
        picture_rule,
        knobs,
        ..service(Task::Upscale)
    }
}

/// The picture alone.
fn wordless(task: Task) -> Offer {
    Offer {
        prompt: Need::None,
        negative: None,
        most_seed: None,
        choices: &[],
        ..service(task)
    }
}

fn search(task: Task, name: &'static str) -> Offer {
    Offer {
        search: Some(name),
        knobs: &[GROW_MASK],
        ..service(task)
    }
}

fn controlled(task: Task) -> Offer {
    Offer {
        knobs: &[CONTROL_STRENGTH],
        ..service(task)
    }
}

fn style_guide() -> Offer {
    Offer {
        knobs: const {
            &[share(
                "fidelity",
                "Fidelity",
                "How closely the style of the image is followed",
                0.0,
                1.0,
                0.5,
            )]
        },
        choices: &[ASPECT_RATIO, STYLE_PRESET],
        ..service(Task::StyleGuide)
    }
}

fn style_transfer() -> Offer {
    Offer {
        prompt: Need::Optional,
        picture: Some("init_image"),
        style_picture: Some("style_image"),
        knobs: const {
            &[
                share(
                    "style_strength",
                    "Style strength",
                    "How much of the style is taken",
                    0.0,
                    1.0,
                    1.0,
                ),
                share(
                    "composition_fidelity",
                    "Composition fidelity",
                    "How closely the composition is kept",
                    0.0,
                    1.0,
                    0.9,
                ),
                share(
                    "change_strength",
                    "Change strength",
                    "How much the image may change",
                    0.1,
                    1.0,
                    0.9,
                ),
            ]
        },
        choices: &[],
        ..service(Task::StyleTransfer)
    }
}

const CREATIVITY: &str = "How freely details are made up";

/// By a part of the id, the first that fits.
static MODELS: LazyLock<Vec<(&'static str, Vec<Offer>)>> = LazyLock::new(|| {
    let sd3 = || {
        vec![
            text_to_image(Some("text-to-image")),
            image_to_image(Some("image-to-image")),
        ]
    };
    let erase = Offer {
        prompt: Need::None,
        negative: None,
        choices: &[],
        ..masked(Task::Erase)
    };
    vec![
        ("stability.sd3", sd3()),
        ("stable-image-core", vec![text_to_image(None)]),
        (
            "stable-image-ultra",
            vec![text_to_image(None), image_to_image(None)],
        ),
        (
            "conservative-upscale",
            vec![upscale(
                EDITED,
                const {
                    &[share(
                        "creativity",
                        "Creativity",
                        CREATIVITY,
                        0.1,
                        0.5,
                        0.35,
                    )]
                },
            )],
        ),
        (
            "creative-upscale",
            vec![upscale(
                CREATIVE,
                const { &[share("creativity", "Creativity", CREATIVITY, 0.1, 0.5, 0.3)] },
            )],
        ),
        (
            "fast-upscale",
            vec![Offer {
                picture_rule: FAST,
                ..wordless(Task::Upscale)
            }],
        ),
        ("erase-object", vec![erase]),
        ("inpaint", vec![masked(Task::Inpaint)]),
        ("outpaint", vec![outpaint()]),
        ("remove-background", vec![wordless(Task::RemoveBackground)]),
        (
            "search-replace",
            vec![search(Task::SearchReplace, "search_prompt")],
        ),
        (
            "search-recolor",
            vec![search(Task::SearchRecolor, "select_prompt")],
        ),
        ("control-sketch", vec![controlled(Task::Sketch)]),
        ("control-structure", vec![controlled(Task::Structure)]),
        ("style-guide", vec![style_guide()]),
        ("style-transfer", vec![style_transfer()]),
    ]
});

pub(super) fn of(id: &str) -> &'static [Offer] {
    MODELS
        .iter()
        .find(|(part, _)| id.contains(part))
        .map_or(&[], |(_, offers)| offers)
}
