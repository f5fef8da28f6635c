//! The history: what is saved is there again, and only what changed is written.

use std::sync::atomic::{AtomicI64, Ordering};

use bedrock_playground::chat::{BlockDelta, MediaSource, Role};
use bedrock_playground::chat::{
    CacheTtl, Configuration, ContentBlock, Effort, ExchangeRequest, Failure, Image, ImageFormat,
    Invocation, InvocationId, InvocationStatus, Message, StreamEvent, Transcript, TranscriptParts,
    Turn, TurnNode, Usage,
};
use bedrock_playground::pricing::Usd;
use bedrock_playground::store::{
    ConversationDraft, ConversationId, ConversationTotals, DataFolder, OpenOptions, Screen, Store,
    StoreError, UnixMs,
};
use serde_json::json;
use tempfile::TempDir;

use crate::support::requests;

/// Seconds that pass, one with every look at the clock, so that nothing is simultaneous.
pub fn ticking() -> UnixMs {
    static NOW: AtomicI64 = AtomicI64::new(1_800_000_000_000);
    UnixMs(NOW.fetch_add(1_000, Ordering::Relaxed))
}

pub fn options() -> OpenOptions {
    OpenOptions {
        clock: ticking,
        ..OpenOptions::default()
    }
}

/// A folder and its history.
pub struct Place {
    pub folder: DataFolder,
    pub store: Store,
    _removed_at_the_end: TempDir,
}

pub fn place() -> Place {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::find(Some(&place.path().join("data"))).unwrap();
    let opened = Store::open_with(&folder, options()).unwrap();
    assert_eq!(opened.set_aside, None);
    Place {
        folder,
        store: opened.store,
        _removed_at_the_end: place,
    }
}

pub fn text(text: &str) -> Vec<ContentBlock> {
    vec![ContentBlock::Text(text.into())]
}

pub fn usd(amount: &str) -> Usd {
    Usd::new(amount.parse().unwrap())
}

pub fn draft(title: &str, transcript: Transcript) -> ConversationDraft {
    ConversationDraft {
        id: ConversationId::new(),
        title: title.into(),
        screen: Screen::chat(),
        model: Some("amazon.nova-lite-v1:0".into()),
        region: "us-east-1".into(),
        connection: "work".into(),
        configuration: Configuration::default(),
        transcript,
        totals: ConversationTotals::default(),
        sheet: None,
    }
}

/// A prompt and its answer.
pub fn exchange(prompt: &str, answer: &str) -> Transcript {
    let mut transcript = Transcript::default();
    transcript.push_user(text(prompt));
    transcript.push(Turn::written(Message::assistant(text(answer))));
    transcript
}

/// What is compared: all but the ids of calls, which are of one run.
pub fn owned(transcript: &Transcript) -> TranscriptParts {
    let parts = transcript.parts();
    TranscriptParts {
        nodes: parts
            .nodes
            .into_iter()
            .map(|node| {
                let mut turn = node.turn.clone();
                if let Some(invocation) = &mut turn.invocation {
                    invocation.id = InvocationId(0);
                    invocation.exchange = None;
                }
                TurnNode {
                    turn,
                    parent: node.parent,
                    chosen: node.chosen,
                    deleted: node.deleted,
                }
            })
            .collect(),
        end: parts.end,
    }
}

fn call(id: u64) -> Invocation {
    Invocation::new(
        InvocationId(id),
        "amazon.nova-lite-v1:0".into(),
        "us-east-1",
    )
}

/// Every kind of block, branches, a deleted turn, a failure, a call with all that may be known.
pub fn everything() -> Transcript {
    let mut transcript = Transcript::default();
    for message in requests::content().messages {
        transcript.push(Turn::written(message));
    }
    let asked = transcript.push_user(vec![
        ContentBlock::Text(String::new()),
        ContentBlock::Unknown("hologram".into()),
        ContentBlock::Text(requests::TRICKY.into()),
    ]);
    let mut invocation = call(7);
    invocation.status = InvocationStatus::Complete;
    invocation.usage = Some(Usage {
        input_tokens: 3,
        ..Usage::default()
    });
    invocation.additional_model_response_fields = Some(json!({"score": 0.1 + 0.2}));
    invocation.unknown_events = vec!["surprise".into()];
    let mut answer = Turn::asked(invocation);
    answer.message.content = text("An answer");
    let first = transcript.push(answer);
    transcript.push_user(text("Further"));
    transcript.rewind_before(first);
    transcript.begin(call(8));
    transcript.apply(
        InvocationId(8),
        StreamEvent::BlockDelta {
            index: 0,
            delta: BlockDelta::Text("Half".into()),
        },
    );
    let mut failure = Failure::local("Throttled", "Too many", "Wait");
    failure.status = Some(429);
    transcript.fail(InvocationId(8), failure);
    let last = transcript.push_user(text("Never mind"));
    transcript.delete(last);
    transcript.rewind_behind(asked);
    transcript
}

#[test]
fn whatever_was_said_comes_back() {
    let place = place();
    let mut saved = draft("Everything", everything());
    saved.configuration.reasoning.effort = Effort::High;
    saved.configuration.temperature = Some(0.3);
    saved.configuration.cache_points.ttl = Some(CacheTtl::OneHour);
    saved.totals = ConversationTotals {
        tokens_in: 12,
        tokens_out: 34,
        cost: Some(usd("0.00000072")),
        simulated: true,
    };
    let kinds: std::collections::HashSet<_> = saved
        .transcript
        .all_turns()
        .flat_map(|(_, turn)| &turn.message.content)
        .map(std::mem::discriminant)
        .collect();
    assert_eq!(kinds.len(), 14, "every kind of block is tried");
    place.store.save_conversation(&saved).unwrap();

    let loaded = place.store.load_conversation(saved.id).unwrap();
    assert_eq!(owned(&loaded.transcript), owned(&saved.transcript));
    assert_eq!(loaded.missing_attachments, 0);
    assert_eq!(loaded.configuration, saved.configuration);
    assert_eq!(loaded.totals, saved.totals);
    assert_eq!(
        (
            loaded.title,
            loaded.model,
            loaded.region,
            loaded.connection,
            loaded.screen
        ),
        (
            saved.title,
            saved.model,
            saved.region,
            saved.connection,
            saved.screen
        )
    );
    assert!(loaded.created < UnixMs(i64::MAX) && loaded.created == loaded.updated);
}

#[test]
fn an_answer_that_was_coming_in_is_stopped_and_keeps_its_text() {
    let place = place();
    let mut transcript = Transcript::default();
    transcript.push_user(text("Why?"));
    transcript.begin(call(1));
    transcript.apply(InvocationId(1), StreamEvent::MessageStart(Role::Assistant));
    let delta = |piece: &str| StreamEvent::BlockDelta {
        index: 0,
        delta: BlockDelta::Text(piece.into()),
    };
    transcript.apply(InvocationId(1), delta("Beca"));
    let mut draft = draft("Why?", transcript);
    assert_eq!(
        place.store.save_conversation(&draft).unwrap().turns_written,
        2
    );

    let loaded = place.store.load_conversation(draft.id).unwrap().transcript;
    let (_, answer) = loaded.last().unwrap();
    assert_eq!(answer.message.text(), "Beca");
    let status = &answer.invocation.as_ref().unwrap().status;
    assert_eq!(*status, InvocationStatus::Stopped);
    assert!(!loaded.is_running());

    draft.transcript.apply(InvocationId(1), delta("use"));
    assert_eq!(
        place.store.save_conversation(&draft).unwrap().turns_written,
        1
    );
    draft.transcript.complete(InvocationId(1));
    assert_eq!(
        place.store.save_conversation(&draft).unwrap().turns_written,
        1
    );
    let loaded = place.store.load_conversation(draft.id).unwrap().transcript;
    assert_eq!(owned(&loaded), owned(&draft.transcript));
}

#[test]
fn only_what_changed_is_written() {
    let place = place();
    let mut transcript = Transcript::default();
    for n in 0..500 {
        transcript.push_user(text(&format!("Question {n}")));
        transcript.push(Turn::written(Message::assistant(text(&format!(
            "Answer {n}"
        )))));
    }
    let mut draft = draft("Long", transcript);
    let written =
        |draft: &ConversationDraft| place.store.save_conversation(draft).unwrap().turns_written;
    assert_eq!(written(&draft), 1_000);
    assert_eq!(written(&draft), 0);
    let updated = || place.store.load_conversation(draft.id).unwrap().updated;
    let before = updated();
    assert_eq!(written(&draft), 0);
    assert_eq!(updated(), before, "nothing was said");
    let new = draft.transcript.push_user(text("And now?"));
    // The new turn, and the one before, which the path now goes on from.
    assert_eq!(written(&draft), 2);
    draft.transcript.delete(new);
    assert_eq!(written(&draft), 1);
    let loaded = place.store.load_conversation(draft.id).unwrap();
    assert_eq!(owned(&loaded.transcript), owned(&draft.transcript));
    assert!(loaded.updated > before);
}

#[test]
fn one_picture_is_one_file_whoever_shows_it() {
    let place = place();
    let picture = |bytes: &[u8]| {
        ContentBlock::Image(Image {
            format: ImageFormat::Png,
            source: MediaSource::Bytes(bytes.into()),
        })
    };
    let mut one = Transcript::default();
    one.push_user(vec![picture(b"abc"), picture(b"abc")]);
    let one = draft("One", one);
    let mut two = Transcript::default();
    two.push_user(vec![picture(b"abc"), picture(b"")]);
    let two = draft("Two", two);
    place.store.save_conversation(&one).unwrap();
    place.store.save_conversation(&two).unwrap();
    // SHA-256 of "abc" and of nothing, from FIPS 180-2 and its examples.
    let file = |name: &str| place.folder.path().join("attachments").join(name);
    let abc = file("ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    let nothing = file("e3/b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(std::fs::read(&abc).unwrap(), b"abc");
    assert_eq!(std::fs::read(&nothing).unwrap(), b"");

    place.store.delete(one.id).unwrap();
    assert_eq!(place.store.collect_attachments().unwrap().files, 0);
    place.store.delete(two.id).unwrap();
    assert_eq!(place.store.purge(30).unwrap(), 0);
    assert_eq!(place.store.purge(0).unwrap(), 2);
    std::fs::write(file("ba/.half-written"), "x").unwrap();
    let collected = place.store.collect_attachments().unwrap();
    assert_eq!((collected.files, collected.bytes), (3, 4));
    assert!(!abc.exists() && !nothing.exists());
    // The same picture again, which is still in memory, is written again.
    let again = draft("Again", two.transcript.clone());
    place.store.save_conversation(&again).unwrap();
    assert_eq!(std::fs::read(&abc).unwrap(), b"abc");
}

#[test]
fn a_picture_whose_file_is_gone_is_said_to_be() {
    let place = place();
    let mut transcript = Transcript::default();
    transcript.push_user(vec![
        ContentBlock::Image(Image {
            format: ImageFormat::Png,
            source: MediaSource::Bytes(b"abc".as_slice().into()),
        }),
        ContentBlock::Text("What is it?".into()),
    ]);
    let draft = draft("Gone", transcript);
    place.store.save_conversation(&draft).unwrap();
    std::fs::remove_dir_all(place.folder.path().join("attachments")).unwrap();
    drop(draft.transcript);
    let loaded = place.store.load_conversation(draft.id).unwrap();
    assert_eq!(loaded.missing_attachments, 1);
    let (_, turn) = loaded.transcript.last().unwrap();
    assert_eq!(turn.message.text(), "What is it?");
}

#[test]
fn two_windows_see_each_other_and_do_not_overwrite() {
    let place = place();
    let other = Store::open_with(&place.folder, options()).unwrap().store;
    let mut mine = draft("Mine", exchange("Hello", "Hi"));
    place.store.save_conversation(&mine).unwrap();
    let theirs = other.load_conversation(mine.id).unwrap();
    assert_eq!(owned(&theirs.transcript), owned(&mine.transcript));

    let mut their_draft = ConversationDraft {
        id: mine.id,
        ..draft("Mine", theirs.transcript)
    };
    their_draft.transcript.push_user(text("From there"));
    other.save_conversation(&their_draft).unwrap();
    mine.transcript.push_user(text("From here"));
    let refused = place.store.save_conversation(&mine).unwrap_err();
    assert!(matches!(refused, StoreError::ChangedElsewhere(id) if id == mine.id));
    let kept = place.store.load_conversation(mine.id).unwrap().transcript;
    assert_eq!(kept.last().unwrap().1.message.text(), "From there");
    // As a copy it can be saved.
    mine.id = ConversationId::new();
    place.store.save_conversation(&mine).unwrap();
    assert!(other.load_conversation(mine.id).is_ok());
}

/// What went over the wire has headers, and may have what a header should not have.
#[test]
fn what_went_over_the_wire_is_not_kept() {
    let place = place();
    let mut transcript = Transcript::default();
    transcript.push_user(text("Why?"));
    transcript.begin(call(1));
    let sent = ExchangeRequest {
        method: "POST".into(),
        url: "https://wire.example/model".into(),
        headers: vec![("authorization".into(), "over-the-wire".into())],
        body: "over-the-wire".into(),
    };
    transcript.apply(InvocationId(1), StreamEvent::Sent(Box::new(sent)));
    transcript.complete(InvocationId(1));
    place
        .store
        .save_conversation(&draft("Why?", transcript))
        .unwrap();
    place.store.backup().unwrap();
    let mut looked_at = 0;
    let mut folders = vec![place.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let has = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
            assert!(!has(b"over-the-wire") && !has(b"wire.example"), "{path:?}");
            looked_at += usize::from(has(b"us-east-1"));
        }
    }
    assert!(looked_at >= 2, "the history and its backup were looked at");
}

#[test]
fn what_is_not_there_is_said_to_be_missing() {
    let place = place();
    let id = ConversationId::new();
    assert!(matches!(
        place.store.load_conversation(id),
        Err(StoreError::NotThere(_))
    ));
    assert!(matches!(
        place.store.rename(id, "x"),
        Err(StoreError::NotThere(_))
    ));
    assert!(matches!(
        place.store.add_tag(id, "x"),
        Err(StoreError::NotThere(_))
    ));
    assert!(matches!(
        place.store.duplicate(id),
        Err(StoreError::NotThere(_))
    ));
}
