//! What taking an answer in costs, beside only putting its text together.
//!
//! `cargo bench` prints both in one run; only their ratio means something.

use bedrock_playground::chat::{
    BlockDelta, ContentBlock, Invocation, InvocationId, StreamEvent, Transcript,
};
use divan::{Bencher, black_box};

const DELTAS: usize = 100_000;
const ID: InvocationId = InvocationId(1);

fn main() {
    // As the program does.
    bedrock_playground_heap::give_back_what_is_freed();
    divan::main();
}

/// The floor: the same pieces, concatenated.
#[divan::bench]
fn concatenate(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        let mut text = String::new();
        for _ in 0..DELTAS {
            text.push_str(black_box(" a word or two"));
        }
        text
    });
}

/// Events into a transcript, as the window does it.
#[divan::bench]
fn transcript(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        let mut transcript = Transcript::default();
        transcript.push_user(vec![ContentBlock::Text("Why?".into())]);
        transcript.begin(Invocation::new(
            ID,
            "amazon.nova-lite-v1:0".into(),
            "us-east-1",
        ));
        for _ in 0..DELTAS {
            let delta = BlockDelta::Text(black_box(" a word or two").into());
            transcript.apply(ID, StreamEvent::BlockDelta { index: 0, delta });
        }
        transcript.complete(ID);
        transcript
    });
}
