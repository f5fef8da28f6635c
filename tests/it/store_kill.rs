//! A program that is killed at any moment loses nothing it said was saved.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use bedrock_playground::chat::{
    BlockDelta, ContentBlock, Image, ImageFormat, Invocation, InvocationId, MediaSource,
    StreamEvent, Transcript,
};
use bedrock_playground::store::{ConversationDraft, ConversationId, DataFolder, Store};

use crate::store::{draft, options, text};

const FOLDER: &str = "BEDROCK_PLAYGROUND_TEST_KILLED";
const CONVERSATION: &str = "BEDROCK_PLAYGROUND_TEST_CONVERSATION";

const ROUNDS: u64 = 200;
/// Rounds that go on with one conversation.
const ROUNDS_EACH: u64 = 10;

/// What the turn in a place says.
fn words(place: usize) -> String {
    format!("turn {place} says {}", "much ".repeat(place % 50))
}

/// Saves turn by turn for as long as somebody listens. Only in a process that the next test starts.
#[test]
fn child_that_is_killed() {
    let Some(named) = std::env::var_os(FOLDER) else {
        return;
    };
    let folder = DataFolder::find(Some(Path::new(&named))).unwrap();
    let id: ConversationId = std::env::var(CONVERSATION).unwrap().parse().unwrap();
    let store = Store::open_with(&folder, options()).unwrap().store;
    let before = store.load_conversation(id).map(|stored| stored.transcript);
    let mut draft = ConversationDraft {
        id,
        ..draft("killed", before.unwrap_or_default())
    };
    let mut out = std::io::stdout();
    let mut say = |line: String| writeln!(out, "\n{line}").and_then(|()| out.flush()).is_ok();
    loop {
        let place = draft.transcript.total();
        // Bytes of their own, so that files are being written too.
        draft.transcript.push_user(vec![
            ContentBlock::Text(words(place)),
            ContentBlock::Image(Image {
                format: ImageFormat::Png,
                source: MediaSource::Bytes(words(place).into_bytes().into()),
            }),
        ]);
        let call = InvocationId(7);
        draft.transcript.begin(Invocation::new(
            call,
            "amazon.nova-lite-v1:0".into(),
            "us-east-1",
        ));
        let answer = words(place + 1);
        let (first, rest) = answer.split_at(answer.len() / 2);
        for piece in [first, rest] {
            draft.transcript.apply(
                call,
                StreamEvent::BlockDelta {
                    index: 0,
                    delta: BlockDelta::Text(piece.into()),
                },
            );
            store.save_conversation(&draft).unwrap();
            if !say("saved a piece".to_owned()) {
                return;
            }
        }
        draft.transcript.complete(call);
        store.save_conversation(&draft).unwrap();
        if !say(format!("committed {}", place + 2)) {
            return;
        }
    }
}

/// Starts the child, kills it after some lines, and gives back how many turns it said were saved.
fn killed_round(folder: &DataFolder, id: ConversationId, lines: u64, spins: u64) -> usize {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store_kill::child_that_is_killed", "--nocapture"])
        .env(FOLDER, folder.path())
        .env(CONVERSATION, id.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut committed = 0;
    let mut hear = |line: &str| {
        if let Some(turns) = line.strip_prefix("committed ") {
            committed = turns.parse().unwrap();
        }
    };
    let mut heard = 0;
    while heard < lines {
        let line = said.next().expect("it goes on until it is killed").unwrap();
        heard += u64::from(line.starts_with("committed") || line.starts_with("saved"));
        hear(&line);
    }
    // Not always right behind a save.
    for _ in 0..spins {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    // What it said until then counts.
    for line in said.map_while(Result::ok) {
        hear(&line);
    }
    child.wait().unwrap();
    committed
}

fn check(transcript: &Transcript, committed: usize) {
    assert!(transcript.total() >= committed);
    for (at, (_, turn)) in transcript.turns().enumerate().take(committed) {
        assert_eq!(turn.message.text(), words(at));
        assert!(
            !turn
                .invocation
                .as_ref()
                .is_some_and(|call| call.status.is_running())
        );
    }
    // What was not committed yet is there or not, and never half.
    for (at, (_, turn)) in transcript.turns().enumerate().skip(committed) {
        assert!(words(at).starts_with(&turn.message.text()));
    }
}

#[test]
fn what_was_committed_survives_kill_9() {
    let place = tempfile::tempdir().unwrap();
    let folder = DataFolder::find(Some(place.path())).unwrap();
    // Xorshift: the same rounds every time.
    let mut seed: u64 = 0x2545_f491_4f6c_dd1d;
    let mut random = |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    let mut id = ConversationId::new();
    let (mut turns, mut total) = (0, 0);
    for round in 0..ROUNDS {
        if round % ROUNDS_EACH == 0 {
            id = ConversationId::new();
            turns = 0;
        }
        let committed = killed_round(&folder, id, random(8), random(300_000)).max(turns);
        let opened = Store::open_with(&folder, options()).unwrap();
        assert_eq!(opened.set_aside, None, "round {round}");
        match opened.store.load_conversation(id) {
            Ok(stored) => {
                assert_eq!(stored.missing_attachments, 0);
                check(&stored.transcript, committed);
                total += stored.transcript.total() - turns;
                turns = stored.transcript.total();
                assert_eq!(turns % 2, 0, "prompt and answer are saved together");
                heal(&opened.store, id);
            }
            Err(_) => assert_eq!(committed, 0, "round {round}"),
        }
        assert!(
            opened.store.check().unwrap().problems.is_empty(),
            "round {round}"
        );
    }
    assert!(is_sound(&folder), "every attachment is there");
    assert!(total > 200, "only {total} turns were saved in all rounds");
}

/// Completes the last answer when it was cut short, as the next round expects it whole.
fn heal(store: &Store, id: ConversationId) {
    let stored = store.load_conversation(id).unwrap();
    let mut transcript = stored.transcript;
    let (last, turn) = transcript.last().unwrap();
    let whole = words(last.index());
    if turn.message.text() == whole {
        return;
    }
    let mut parts = crate::store::owned(&transcript);
    parts.nodes[last.index()].turn.message.content = text(&whole);
    transcript = Transcript::from_parts(parts);
    let healed = ConversationDraft {
        id,
        ..draft("killed", transcript)
    };
    store.save_conversation(&healed).unwrap();
}

fn is_sound(folder: &DataFolder) -> bool {
    let store = Store::open_with(folder, options()).unwrap().store;
    store.check().unwrap().is_sound()
}
