//! That freed memory is given back, in a process of its own with one thread.

use std::fs;
use std::hint::black_box;

const MEGABYTE: usize = 1024 * 1024;
const BLOCKS: usize = 64;

/// Says its one test to a runner that asks for it, and runs it for any other.
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if has("--list") {
        if !has("--ignored") {
            println!("what_is_freed_is_given_back: test");
        }
        return;
    }
    bedrock_playground_heap::give_back_what_is_freed();
    what_is_freed_is_given_back();
}

fn what_is_freed_is_given_back() {
    let Some(before) = resident() else {
        eprintln!("skipped: this system does not say how much memory is held");
        return;
    };
    // The first that is freed tells glibc, left to itself, to keep such blocks.
    drop(block());
    let mut blocks = Vec::new();
    let mut between = Vec::new();
    for _ in 0..BLOCKS {
        blocks.push(block());
        // What lives on behind a block holds its room in a heap.
        between.push(black_box(vec![1_u8; 64]));
    }
    let full = resident().expect("said before");
    assert!(full - before > BLOCKS * MEGABYTE, "{before} to {full}");
    drop(blocks);
    let after = resident().expect("said before");
    assert!(after - before < 8 * MEGABYTE, "{before} to {after}");
    assert_eq!(between.len(), BLOCKS);
}

/// A block of somewhat more than a megabyte, written to.
fn block() -> Vec<u8> {
    black_box(vec![1; MEGABYTE + MEGABYTE / 2])
}

/// What of the process is in memory, in bytes.
fn resident() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
