//! Bodies that come in chunks with checksums behind them, as SDKs send what they cannot hash first
//! (`aws-chunked`, "Signature calculations for the Authorization header" of S3).

use bytes::{Bytes, BytesMut};

/// Longest line between chunks.
const LONGEST_LINE: usize = 4_096;

/// Takes chunks apart as they come.
#[derive(Debug, Default)]
pub struct Unchunked {
    waiting: BytesMut,
    state: State,
}

#[derive(Debug, Default)]
enum State {
    /// The line that says how long the next chunk is.
    #[default]
    Size,
    /// So many bytes of the chunk are still to come.
    Data(usize),
    /// The line break behind a chunk.
    Break,
    /// Behind the last chunk: checksums, which nobody looks at.
    Trailer,
}

impl Unchunked {
    /// What is in some more bytes of the body; `None` when they are no chunks.
    pub fn take(&mut self, bytes: &Bytes) -> Option<Vec<Bytes>> {
        self.waiting.extend_from_slice(bytes);
        let mut pieces = Vec::new();
        loop {
            match &mut self.state {
                State::Size => match self.line() {
                    Line::Whole(line) => self.state = size(&line)?,
                    Line::Unfinished => return Some(pieces),
                    Line::TooLong => return None,
                },
                State::Data(left) => {
                    let length = self.waiting.len().min(*left);
                    if length == 0 {
                        return Some(pieces);
                    }
                    *left -= length;
                    if *left == 0 {
                        self.state = State::Break;
                    }
                    pieces.push(self.waiting.split_to(length).freeze());
                }
                State::Break => match self.line() {
                    Line::Whole(line) if line.is_empty() => self.state = State::Size,
                    Line::Unfinished => return Some(pieces),
                    Line::Whole(_) | Line::TooLong => return None,
                },
                State::Trailer => {
                    self.waiting.clear();
                    return Some(pieces);
                }
            }
        }
    }

    /// A line without its break.
    fn line(&mut self) -> Line {
        let Some(end) = self.waiting.windows(2).position(|pair| pair == b"\r\n") else {
            return if self.waiting.len() <= LONGEST_LINE {
                Line::Unfinished
            } else {
                Line::TooLong
            };
        };
        let line = self.waiting.split_to(end + 2).freeze();
        Line::Whole(line.slice(..end))
    }
}

/// What follows the line that says how long a chunk is; `None` when it says nothing of the kind.
fn size(line: &[u8]) -> Option<State> {
    let size = line.split(|byte| *byte == b';').next()?;
    let size = usize::from_str_radix(std::str::from_utf8(size).ok()?, 16).ok()?;
    Some(if size == 0 {
        State::Trailer
    } else {
        State::Data(size)
    })
}

/// What is there of a line.
enum Line {
    Whole(Bytes),
    /// The rest is still to come.
    Unfinished,
    /// No line is as long as this.
    TooLong,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wherever_it_is_cut_the_same_comes_out() {
        let body = b"5;chunk-signature=ab\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n";
        for cut in 0..body.len() {
            let mut unchunked = Unchunked::default();
            let mut out = Vec::new();
            for part in [&body[..cut], &body[cut..]] {
                for piece in unchunked.take(&Bytes::copy_from_slice(part)).unwrap() {
                    out.extend_from_slice(&piece);
                }
            }
            assert_eq!(out, b"hello world", "cut at {cut}");
        }
    }

    #[test]
    fn what_is_no_chunk_is_refused() {
        for body in [&b"hello\r\n"[..], b"2\r\nabc\r\n", &[b'1'; 5_000]] {
            assert_eq!(
                Unchunked::default().take(&Bytes::copy_from_slice(body)),
                None
            );
        }
    }
}
