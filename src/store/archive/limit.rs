//! What may be unpacked, so that a small file cannot fill the disk or the memory.

use std::io::{self, Read};

/// Bytes that any entry may unpack to.
const ALWAYS: u64 = 256 << 20;

/// How many times its packed size an entry may unpack to beyond that. Text packs ten times, and an
/// index of it somewhat more.
const RATIO: u64 = 200;

/// Whether an entry may be what it says it is.
pub(super) fn is_plausible(packed: u64, unpacked: u64) -> bool {
    unpacked <= ALWAYS.saturating_add(packed.saturating_mul(RATIO))
}

/// Gives what it is told to give and no more: what an entry says of its size may be wrong.
pub(super) struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Limited<R> {
    pub(super) fn new(inner: R, most: u64) -> Self {
        Self { inner, left: most }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::other("it holds more than it says"))?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_ones_may_unpack_well_and_none_to_everything() {
        assert!(is_plausible(100, 200 << 20));
        assert!(is_plausible(1 << 30, 100 << 30));
        assert!(!is_plausible(1 << 20, 1 << 40));
        assert!(!is_plausible(0, u64::MAX));
    }

    #[test]
    fn no_more_comes_than_was_said() {
        let mut text = String::new();
        Limited::new(&b"abc"[..], 3)
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "abc");
        assert!(
            Limited::new(&b"abcd"[..], 3)
                .read_to_string(&mut text)
                .is_err()
        );
    }
}
