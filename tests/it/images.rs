//! Pictures: bodies as the public request forms have them, what is said before sending, and the
//! embedded endpoint through the real connection.

use crate::support::session::embedded;
use std::sync::Arc;

use bedrock_playground::catalog::{Modality, ModelId, all_facts};
use bedrock_playground::images::{
    Answer, Draft, Mask, MaskOffer, Need, Parameters, Picture, Problem, Task, offers, parameters,
};
use bedrock_playground::pricing::{CostBreakdown, Prices, Usd};
use bedrock_playground::tasks::{MadeImages, Session, make_images};
use image::{Rgb, RgbImage, Rgba, RgbaImage};
use serde_json::json;

const CANVAS: &str = "amazon.nova-canvas-v1:0";
const TITAN: &str = "amazon.titan-image-generator-v2:0";
const CORE: &str = "stability.stable-image-core-v1:1";

fn png(image: impl Into<image::DynamicImage>) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image
        .into()
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

fn picture(width: u32, height: u32) -> Picture {
    let half = RgbImage::from_fn(width, height, |x, _| {
        Rgb(if x < width / 2 {
            [200, 40, 40]
        } else {
            [30, 60, 200]
        })
    });
    Picture::open("halves.png", &png(half)).unwrap()
}

fn draft(model: &str, task: Task) -> Draft {
    let mut draft = Draft {
        prompt: "A red fox in snow".to_owned(),
        seed: Some(7),
        ..Draft::default()
    };
    draft.use_model(ModelId::from(model));
    draft.task = task;
    draft
}

fn body(draft: &Draft) -> serde_json::Value {
    assert_eq!(draft.problems(), [], "{draft:?}");
    let calls = draft.calls(|_| 99);
    assert_eq!(calls.len(), 1);
    calls[0].body().unwrap()
}

/// The shape of the public request form of Nova Canvas.
#[test]
fn text_to_image_is_written_as_amazon_has_it() {
    let mut draft = draft(CANVAS, Task::TextToImage);
    draft.negative = "people".to_owned();
    (draft.width, draft.height) = (1_280, 720);
    draft.premium = true;
    draft.count = 3;
    draft.cfg_scale = Some(7.5);
    let expected = json!({
        "taskType": "TEXT_IMAGE",
        "textToImageParams": { "text": "A red fox in snow", "negativeText": "people" },
        "imageGenerationConfig": {
            "numberOfImages": 3, "quality": "premium", "width": 1280, "height": 720,
            "cfgScale": 7.5, "seed": 7,
        },
    });
    assert_eq!(body(&draft), expected);
}

#[test]
fn each_task_of_amazon_has_its_own_member() {
    let mut conditioned = draft(CANVAS, Task::Conditioned);
    conditioned.pictures = vec![picture(400, 320)];
    conditioned.knobs.insert("controlStrength".to_owned(), 0.3);
    conditioned
        .choices
        .insert("controlMode".to_owned(), "SEGMENTATION".to_owned());
    let conditioned = body(&conditioned);
    let parameters = &conditioned["textToImageParams"];
    assert_eq!(conditioned["taskType"], "TEXT_IMAGE");
    assert_eq!(parameters["controlStrength"], 0.3);
    assert_eq!(parameters["controlMode"], "SEGMENTATION");
    assert!(parameters["conditionImage"].is_string());

    let mut variation = draft(TITAN, Task::Variation);
    variation.pictures = vec![picture(400, 320), picture(320, 320)];
    let variation = body(&variation);
    assert_eq!(variation["taskType"], "IMAGE_VARIATION");
    let images = variation["imageVariationParams"]["images"].as_array();
    assert_eq!(images.map(Vec::len), Some(2));

    let mut colors = draft(CANVAS, Task::ColorGuided);
    colors.colors = vec!["#FF9800".to_owned(), "#00ff00".to_owned()];
    let colors = body(&colors);
    assert_eq!(colors["taskType"], "COLOR_GUIDED_GENERATION");
    assert_eq!(
        colors["colorGuidedGenerationParams"]["colors"],
        json!(["#FF9800", "#00ff00"])
    );

    let mut background = draft(CANVAS, Task::RemoveBackground);
    background.pictures = vec![picture(400, 320)];
    let background = body(&background);
    assert_eq!(background["taskType"], "BACKGROUND_REMOVAL");
    assert!(background["imageGenerationConfig"].is_null());
    assert!(background["backgroundRemovalParams"]["text"].is_null());

    let mut words = draft(CANVAS, Task::Outpaint);
    words.pictures = vec![picture(400, 320)];
    words.mask_prompt = "the fox".to_owned();
    let words = body(&words);
    assert_eq!(words["taskType"], "OUTPAINTING");
    assert_eq!(words["outPaintingParams"]["maskPrompt"], "the fox");
    assert!(words["imageGenerationConfig"]["width"].is_null());
}

#[test]
fn stability_gets_one_object_and_a_request_for_each_picture() {
    let mut text = draft(CORE, Task::TextToImage);
    text.choices
        .insert("aspect_ratio".to_owned(), "16:9".to_owned());
    let expected = json!({
        "prompt": "A red fox in snow", "aspect_ratio": "16:9", "seed": 7, "output_format": "png",
    });
    assert_eq!(body(&text), expected);

    text.count = 3;
    let seeds: Vec<_> = text.calls(|_| 0).iter().map(|call| call.seed).collect();
    assert_eq!(seeds, [Some(7), Some(8), Some(9)]);
    text.seed = None;
    let mut next = 40;
    let drawn = text.calls(|_| {
        next += 1;
        next
    });
    assert_eq!(drawn.last().and_then(|call| call.seed), Some(43));

    let mut out = draft("us.stability.stable-outpaint-v1:0", Task::Outpaint);
    out.pictures = vec![picture(400, 320)];
    assert_eq!(out.problems(), [Problem::NothingAdded]);
    out.knobs.insert("left".to_owned(), 100.0);
    let out = body(&out);
    // A whole number, without a point.
    assert_eq!(out["left"].to_string(), "100");

    let mut again = draft("stability.sd3-5-large-v1:0", Task::ImageToImage);
    again.pictures = vec![picture(400, 320)];
    again.knobs.insert("strength".to_owned(), 0.25);
    let again = body(&again);
    assert_eq!(again["mode"], "image-to-image");
    assert_eq!(again["strength"], 0.25);

    let recolor = "us.stability.stable-image-search-recolor-v1:0";
    let mut recolor = draft(recolor, Task::SearchRecolor);
    recolor.pictures = vec![picture(400, 320)];
    recolor.search = "the fox".to_owned();
    assert_eq!(body(&recolor)["select_prompt"], "the fox");
}

#[test]
fn what_a_model_refuses_is_said_before_sending() {
    let says = |draft: &Draft, words: &str| {
        let said: Vec<String> = draft.problems().iter().map(Problem::to_string).collect();
        assert!(said.iter().any(|said| said.contains(words)), "{said:?}");
    };
    let canvas = || draft(CANVAS, Task::TextToImage);
    for (width, height, words) in [
        (1_000, 1_024, "a multiple of 16"),
        (304, 1_024, "320 to 4096"),
        (320, 1_296, "1:4 to 4:1"),
        // 2,048 × 2,048 is 4,194,304, and it must be fewer.
        (2_048, 2_048, "4194304 pixels"),
    ] {
        says(
            &Draft {
                width,
                height,
                ..canvas()
            },
            words,
        );
    }
    let titan = Draft {
        width: 1_024,
        height: 1_008,
        ..draft(TITAN, Task::TextToImage)
    };
    says(&titan, "the model makes 1024x1024");
    says(
        &Draft {
            count: 6,
            ..canvas()
        },
        "1 to 5 images",
    );
    says(
        &Draft {
            cfg_scale: Some(11.0),
            ..canvas()
        },
        "1.1 to 10",
    );
    says(
        &Draft {
            prompt: "x".repeat(1_025),
            ..canvas()
        },
        "at most 1024",
    );
    says(
        &Draft {
            prompt: " ".to_owned(),
            ..canvas()
        },
        "Write what",
    );
    says(
        &Draft {
            task: Task::Upscale,
            ..canvas()
        },
        "it offers Text to image",
    );
    says(
        &draft("amazon.nova-lite-v1:0", Task::TextToImage),
        "makes no images",
    );

    let mut inpaint = draft(CANVAS, Task::Inpaint);
    says(&inpaint, "Add the image");
    inpaint.pictures = vec![picture(640, 480)];
    says(&inpaint, "say in words");
    inpaint.mask = Some(picture(480, 640));
    says(&inpaint, "The mask is 480 × 640, the image 640 × 480");
    inpaint.mask_prompt = "the sky".to_owned();
    says(&inpaint, "not both");
    inpaint.pictures = vec![picture(200, 640)];
    says(&inpaint, "halves.png (200 × 640) is not taken");

    let fast = "us.stability.stable-fast-upscale-v1:0";
    let mut fast = draft(fast, Task::Upscale);
    fast.pictures = vec![picture(1_400, 1_400)];
    says(&fast, "1048576 are the most");
}

/// The last two rows of the table: 0.04 an image up to 1,024 × 1,024, 0.06 premium; Core 0.04.
#[test]
fn what_it_costs_is_told_before() {
    let total = |draft: &Draft, images| {
        let bill = draft.bill(&Prices::default(), "us-east-1", images);
        bill.as_ref().and_then(CostBreakdown::total)
    };
    let usd = |cents: i64| Some(Usd::new(rust_decimal::Decimal::new(cents, 2)));
    let mut canvas = draft(CANVAS, Task::TextToImage);
    assert_eq!(total(&canvas, 5), usd(20));
    canvas.premium = true;
    assert_eq!(total(&canvas, 1), usd(6));
    let core = draft(CORE, Task::TextToImage);
    let bill = core.bill(&Prices::default(), "us-west-2", 3).unwrap();
    assert_eq!(bill.total(), usd(12));
    // No source has one for this region.
    assert_eq!(
        core.bill(&Prices::default(), "eu-west-1", 1)
            .unwrap()
            .total(),
        None
    );
}

#[test]
fn what_is_clear_becomes_white_for_amazon_and_masks_pure() {
    let clear = RgbaImage::from_pixel(320, 320, Rgba([0, 0, 0, 0]));
    let grey = RgbImage::from_pixel(320, 320, Rgb([130, 130, 130]));
    let mut inpaint = draft(CANVAS, Task::Inpaint);
    inpaint.pictures = vec![Picture::open("clear.png", &png(clear)).unwrap()];
    inpaint.mask = Some(Picture::open("grey.png", &png(grey)).unwrap());
    let body = body(&inpaint);
    let decoded = |name: &str| {
        use base64::Engine as _;
        let coded = body["inPaintingParams"][name].as_str().unwrap();
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(coded)
            .unwrap();
        image::load_from_memory(&bytes).unwrap().to_rgba8()
    };
    assert_eq!(decoded("image").get_pixel(5, 5).0, [255; 4]);
    assert_eq!(decoded("maskImage").get_pixel(5, 5).0, [255; 4]);
}

#[test]
fn parameters_are_in_the_picture_and_come_out_again() {
    let mut made_from = draft(CANVAS, Task::Inpaint);
    made_from.pictures = vec![picture(320, 320)];
    made_from.negative = "Schnee, 雪".to_owned();
    let draft = made_from.without_pictures();
    let parameters = Parameters {
        draft,
        simulated: true,
    };
    let plain: Arc<[u8]> = png(RgbImage::new(8, 8)).into();
    let written = parameters::write(&plain, &parameters);
    assert_eq!(parameters::read(&written), Some(parameters.clone()));
    assert!(parameters::read(&plain).is_none());
    // Again does not add, and the pixels are as they were.
    assert_eq!(parameters::write(&written, &parameters), written);
    let pixels = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().to_rgb8();
    assert_eq!(pixels(&written), pixels(&plain));
    assert!(parameters::read(b"no picture").is_none());
}

#[test]
fn rejections_are_told_from_damage() {
    let stability = br#"{"finish_reasons":["Filter reason: prompt"]}"#;
    let rejected = Answer::read(stability, None).unwrap();
    assert_eq!(rejected.rejected.as_deref(), Some("Filter reason: prompt"));
    // Some came, some did not.
    let amazon = br#"{"images":["AAAA"],"error":"2 images were blocked by our content filters"}"#;
    let some = Answer::read(amazon, Some(5)).unwrap();
    assert_eq!((some.images.len(), some.images[0].seed), (1, Some(5)));
    assert!(some.rejected.is_some_and(|words| Answer::is_policy(&words)));
    // Seeds as the public examples have them, as a number and as a text.
    let seeded = br#"{"images":["AAAA","AAAA"],"seeds":[1,"2"],"finish_reasons":[null,null]}"#;
    let seeds: Vec<_> = Answer::read(seeded, Some(9)).unwrap().images;
    assert_eq!((seeds[0].seed, seeds[1].seed), (Some(1), Some(2)));
    for damaged in [
        &b"{}"[..],
        b"[]",
        br#"{"images":["?"]}"#,
        br#"{"images":[null]}"#,
    ] {
        assert!(Answer::read(damaged, None).is_err());
    }
}

async fn session() -> Session {
    let options = embedded();
    Session::open(options).await.unwrap()
}

async fn make(session: &Session, draft: &Draft) -> MadeImages {
    assert_eq!(draft.problems(), []);
    let call = draft.calls(|_| 0).remove(0);
    make_images(session.connection().clone(), call)
        .await
        .unwrap()
}

/// Everything that a task needs and may have.
fn complete(model: &ModelId, task: Task) -> Draft {
    let mut draft = draft(model.as_str(), task);
    let offer = draft.offer().unwrap();
    // Small, for the sake of those who wait.
    (draft.width, draft.height) = (512, 512);
    let side = if model.as_str().contains("stability") {
        128
    } else {
        384
    };
    "the fox".clone_into(&mut draft.search);
    draft.colors = vec!["#112233".to_owned()];
    if offer.picture.is_some() {
        draft.pictures = vec![picture(side, side)];
    }
    if offer.style_picture.is_some() {
        draft.style_picture = Some(picture(200, side));
    }
    if offer.mask.is_some() {
        draft.mask = Some(picture(side, side));
    }
    for knob in offer.knobs {
        draft.knobs.insert(knob.name.to_owned(), *knob.range.end());
    }
    draft
}

/// Every model of the dataset that makes pictures has tasks, and the embedded endpoint answers each.
#[tokio::test]
async fn every_task_of_every_model_gives_a_picture() {
    let session = session().await;
    let mut tasks = 0;
    for facts in all_facts() {
        if !facts.output_modalities.contains(&Modality::Image) {
            continue;
        }
        let bare = ModelId::from(facts.id);
        let id = facts
            .profiles
            .first()
            .map_or(bare, |of| ModelId::from(of.id));
        assert!(!offers(&id).is_empty(), "{id}");
        for offer in offers(&id) {
            let draft = complete(&id, offer.task);
            let made = make(&session, &draft).await;
            assert_eq!(made.pictures.len(), 1, "{id} {}", offer.task);
            assert!(made.simulated);
            let written = parameters::read(&made.pictures[0].picture.bytes).unwrap();
            assert_eq!(written.draft.task, offer.task);
            assert!(written.simulated);
            if offer.most_seed.is_some() {
                assert_eq!(written.draft.seed, Some(7), "{id} {}", offer.task);
            }
            if offer.prompt == Need::Required {
                let rejected = Draft {
                    prompt: "gore".to_owned(),
                    ..draft
                };
                let made = make(&session, &rejected).await;
                assert!(made.pictures.is_empty() && made.rejected.is_some(), "{id}");
            }
            tasks += 1;
        }
    }
    assert!(tasks > 30, "{tasks}");
}

/// The left half is white in the mask: Stability changes it, Canvas keeps it when it inpaints.
#[tokio::test]
async fn only_what_the_mask_says_is_changed() {
    let session = session().await;
    let before = picture(512, 512);
    let half = RgbImage::from_fn(512, 512, |x, _| Rgb([if x < 256 { 255 } else { 0 }; 3]));
    let half = Picture::open("mask.png", &png(half)).unwrap();
    for (model, task, changes_left) in [
        (CANVAS, Task::Inpaint, false),
        (CANVAS, Task::Outpaint, true),
        (
            "us.stability.stable-image-inpaint-v1:0",
            Task::Inpaint,
            true,
        ),
    ] {
        let mut draft = complete(&ModelId::from(model), task);
        draft.pictures = vec![before.clone()];
        draft.mask = Some(half.clone());
        let made = make(&session, &draft).await;
        let decode = |picture: &Picture| image::load_from_memory(&picture.bytes).unwrap().to_rgb8();
        let (before, after) = (decode(&before), decode(&made.pictures[0].picture));
        let same = |from: u32, to: u32| {
            (from..to).all(|x| before.get_pixel(x, 100) == after.get_pixel(x, 100))
        };
        assert_eq!(same(0, 256), !changes_left, "{model} {task}");
        assert_eq!(same(256, 512), changes_left, "{model} {task}");
    }
}

#[tokio::test]
async fn the_service_refuses_in_its_own_words() {
    let session = session().await;
    let mut call = draft(CANVAS, Task::TextToImage).calls(|_| 0).remove(0);
    let mut wrong = (*call.draft).clone();
    wrong.width = 1_000;
    call.draft = Arc::new(wrong);
    let failure = make_images(session.connection().clone(), call)
        .await
        .unwrap_err();
    assert_eq!(failure.code, "ValidationException");
    assert!(failure.message.contains("multiples of 16"), "{failure:?}");
}

#[test]
fn a_painted_mask_goes_into_the_request() {
    let mut mask = Mask::new(512, 512);
    mask.begin((256.0, 256.0), 100.0, false);
    let offer = MaskOffer {
        name: "maskImage",
        changes_white: false,
        prompt: None,
    };
    let mut inpaint = draft(CANVAS, Task::Inpaint);
    inpaint.pictures = vec![picture(512, 512)];
    inpaint.mask = Some(mask.to_picture(offer).unwrap());
    assert!(body(&inpaint)["inPaintingParams"]["maskImage"].is_string());
}
