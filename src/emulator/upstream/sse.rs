//! Server-sent events: what stands behind `data:`, however the network cuts it.

/// The longest line that is read, in bytes.
const LONGEST: usize = 4 * 1024 * 1024;

/// What has come and is not a whole line yet.
#[derive(Debug, Default)]
pub struct Lines {
    rest: Vec<u8>,
}

/// A line was too long to be an event.
#[derive(Debug, PartialEq, Eq)]
pub struct TooLong;

impl Lines {
    /// Takes bytes in, and gives the data of every line that is whole now.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<String>, TooLong> {
        self.rest.extend_from_slice(bytes);
        let mut found = Vec::new();
        let mut start = 0;
        while let Some(length) = self.rest[start..].iter().position(|byte| *byte == b'\n') {
            let line = String::from_utf8_lossy(&self.rest[start..start + length]);
            if let Some(data) = line.trim_end().strip_prefix("data:") {
                found.push(data.trim_start().to_owned());
            }
            start += length + 1;
        }
        self.rest.drain(..start);
        if self.rest.len() > LONGEST {
            return Err(TooLong);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_whole_however_they_are_cut() {
        let wire =
            ": a comment\r\nevent: x\ndata: {\"a\":\"Grüße\"}\r\n\ndata:[DONE]\n\n".as_bytes();
        for size in 1..wire.len() {
            let mut lines = Lines::default();
            let found: Vec<String> = wire
                .chunks(size)
                .flat_map(|bytes| lines.push(bytes).unwrap())
                .collect();
            assert_eq!(
                found,
                ["{\"a\":\"Grüße\"}", "[DONE]"],
                "{size} bytes at once"
            );
        }
    }

    #[test]
    fn a_line_without_end_is_given_up() {
        let mut lines = Lines::default();
        assert_eq!(lines.push(&vec![b'x'; LONGEST + 1]), Err(TooLong));
    }
}
