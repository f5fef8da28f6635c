//! What things cost, counted and not timed, so that a busy machine changes nothing: allocations of a
//! delta, allocations and shapes of a frame. The bounds are about twice what was counted.

use allocation_counter::{AllocationInfo, measure};
use bedrock_playground::chat::{
    BlockDelta, ContentBlock, Invocation, InvocationId, Message, Request, StreamEvent, Transcript,
};
use bedrock_playground::emulator::{Pace, Server, Settings};
use bedrock_playground::ui::App;
use egui::ViewportId;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use futures_util::StreamExt as _;
use serde_json::json;

use crate::support::replay::connect;
use crate::support::session::embedded;
use crate::support::window::{
    ChosenFiles, click, on_screen, scroll_to_top, shows, wait_for, wait_until, window_with,
};

const ID: InvocationId = InvocationId(1);
const MODEL: &str = "amazon.nova-lite-v1:0";

fn begun() -> Transcript {
    let mut transcript = Transcript::default();
    transcript.push_user(vec![ContentBlock::Text("Go on".into())]);
    transcript.begin(Invocation::new(ID, MODEL.into(), "us-east-1"));
    transcript
}

#[test]
fn a_delta_is_copied_into_the_transcript_and_nothing_else() {
    const DELTAS: u64 = 10_000;
    let words = "a word or two ";
    let mut transcript = begun();
    let mut events: Vec<_> = (0..DELTAS)
        .map(|_| StreamEvent::BlockDelta {
            index: 0,
            delta: BlockDelta::Text(words.into()),
        })
        .collect();
    let info = measure(|| {
        for event in events.drain(..) {
            transcript.apply(ID, event);
        }
        transcript.complete(ID);
    });
    // A text that doubles when it is full: allocated twice over, in a few steps.
    let text = DELTAS * words.len() as u64;
    assert!(info.count_total < 100, "{info:?}");
    assert!(info.bytes_total < 5 * text, "{info:?}");
}

#[test]
fn a_delta_from_the_wire_takes_few_allocations() {
    const DELTAS: usize = 2_000;
    let serving = tokio::runtime::Runtime::new().expect("threads");
    let settings = Settings {
        pace: Pace::Instant,
        deltas: Some(DELTAS),
        ..Settings::default()
    };
    let endpoint = serving
        .block_on(Server::start(settings))
        .expect("the endpoint starts");
    // On this thread alone, which is the one that is counted.
    let here = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let connection = here.block_on(connect(&endpoint.url()));
    let take = || {
        here.block_on(async {
            let mut transcript = begun();
            let asked = Message::user(vec![ContentBlock::Text("Go on".into())]);
            let mut answer = connection.invoke(Request::new(MODEL.into(), vec![asked]));
            while let Some(event) = answer.next().await {
                transcript.apply(ID, event.expect("an event"));
            }
            transcript
        })
    };
    // Connects, and makes what is made once.
    drop(take());
    let mut transcript = Transcript::default();
    let info = measure(|| transcript = take());
    let (_, turn) = transcript.last().expect("an answer");
    let [ContentBlock::Text(text)] = &turn.message.content[..] else {
        panic!("{:?}", turn.message.content)
    };
    assert_eq!(text.len(), DELTAS * "simulated words ".len());
    let each = info.count_total / DELTAS as u64;
    assert!(each <= 8, "{each} allocations for each delta: {info:?}");
}

/// The window on the first of so many turns, at rest.
fn conversation(turns: usize) -> Harness<'static, App> {
    let mut harness = just_opened(turns);
    scroll_to_top(&mut harness);
    while asks_for_a_frame(&harness) {
        harness.step();
    }
    assert!(shows(&harness, "Part 0"), "{}", on_screen(&harness));
    for _ in 0..10 {
        harness.step();
    }
    harness
}

fn asks_for_a_frame(harness: &Harness<'static, App>) -> bool {
    let output = harness.output().viewport_output.get(&ViewportId::ROOT);
    output.is_some_and(|output| output.repaint_delay.is_zero())
}

/// The window on the last of so many turns, in the first frame that shows it.
fn just_opened(turns: usize) -> Harness<'static, App> {
    let messages: Vec<_> = (0..turns)
        .map(|turn| {
            let role = if turn % 2 == 0 { "user" } else { "assistant" };
            let text = format!(
                "## Part {turn}\n\n- **one** item\n- `two` items\n\n{}",
                "Words. ".repeat(100)
            );
            json!({ "role": role, "content": [{ "text": text }] })
        })
        .collect();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("conversation.json");
    let whole = json!({ "modelId": MODEL, "messages": messages });
    std::fs::write(&file, whole.to_string()).expect("written");
    let files = ChosenFiles::default();
    files.choose(&file);
    let mut harness = window_with(embedded(), files);
    wait_for(&mut harness, "Model: Nova Lite");
    click(&mut harness, "Export or import");
    click(&mut harness, "Import a conversation…");
    let last = format!("Part {}", turns - 1);
    wait_until(&mut harness, "the conversation", |harness| {
        shows(harness, &last)
    });
    harness
}

/// What one more frame allocates, and the corners of what it paints.
fn frame(harness: &mut Harness<'static, App>) -> (AllocationInfo, usize) {
    let info = measure(|| harness.step());
    let shapes = harness.output().shapes.clone();
    let painted = harness.ctx.tessellate(shapes, 1.0);
    let corners = painted.iter().map(|part| match &part.primitive {
        egui::epaint::Primitive::Mesh(mesh) => mesh.vertices.len(),
        egui::epaint::Primitive::Callback(_) => 0,
    });
    (info, corners.sum())
}

#[test]
fn a_frame_costs_what_is_in_view_however_long_the_conversation() {
    let (short, in_short) = frame(&mut conversation(10));
    let (long, in_long) = frame(&mut conversation(1_000));
    assert!(
        long.count_total * 2 <= short.count_total * 3,
        "{long:?} after {short:?}"
    );
    assert!(
        long.bytes_total * 2 <= short.bytes_total * 3,
        "{long:?} after {short:?}"
    );
    assert!(in_long * 2 <= in_short * 3, "{in_long} after {in_short}");
}

#[test]
fn a_long_conversation_opens_in_many_short_frames_and_nothing_in_view_moves() {
    let (usual, _) = frame(&mut conversation(10));
    let mut harness = just_opened(1_000);
    // The frame that jumps to the end.
    harness.step();
    let top = |harness: &Harness<'static, App>| harness.get_by_label("Part 999").rect().top();
    let (at, mut frames) = (top(&harness), 0);
    while asks_for_a_frame(&harness) {
        let info = measure(|| harness.step());
        assert!(
            info.count_total <= usual.count_total * 8,
            "{info:?} after {usual:?}"
        );
        assert!(
            (top(&harness) - at).abs() < 1.0,
            "from {at} to {} after {frames} frames",
            top(&harness)
        );
        frames += 1;
    }
    assert!(frames > 20, "{frames}");
}
