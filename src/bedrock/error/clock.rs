//! How far this computer's clock is off, read from the service's words about a signature.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// By how many seconds the clock is behind the service's (negative: ahead), from a message such as
/// `Signature expired: 20250521T030814Z is now earlier than 20250521T074804Z (20250521T075304Z - 5
/// min.)`: the first time is the request's, the last one the service's.
pub(super) fn behind_seconds(message: &str) -> Option<i64> {
    let mut times = message
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(compact_time);
    let request = times.next()?;
    let service = times.next_back()?;
    Some(service - request)
}

/// Seconds since 1970 of a time written as `20250521T030814Z`.
fn compact_time(text: &str) -> Option<i64> {
    let digits = text.as_bytes();
    if digits.len() != 16 || digits[8] != b'T' || digits[15] != b'Z' {
        return None;
    }
    let part = |range: std::ops::Range<usize>| text.get(range);
    let dashed = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0..4)?,
        part(4..6)?,
        part(6..8)?,
        part(9..11)?,
        part(11..13)?,
        part(13..15)?
    );
    DateTime::from_str(&dashed, Format::DateTime)
        .ok()
        .map(|time| time.secs())
}

/// A span of time as a person would say it.
pub(super) fn in_words(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..=119 => (seconds, "second"),
        120..=7199 => (seconds / 60, "minute"),
        7200..=172_799 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_clock_is_behind() {
        // 07:53:04 − 03:08:14 = 4 h 44 min 50 s = 17,090 s.
        let message = "Signature expired: 20250521T030814Z is now earlier than 20250521T074804Z \
                       (20250521T075304Z - 5 min.)";
        assert_eq!(behind_seconds(message), Some(17_090));
        assert_eq!(in_words(17_090), "4 hours");
    }

    #[test]
    fn a_fast_clock_is_ahead() {
        // 17:30:00 sent, 17:20:00 there: 600 s ahead.
        let message = "Signature not yet current: 20251102T173000Z is still later than \
                       20251102T172500Z (20251102T172000Z + 5 min.)";
        assert_eq!(behind_seconds(message), Some(-600));
        assert_eq!(in_words(600), "10 minutes");
    }

    #[test]
    fn other_words_tell_nothing() {
        assert_eq!(behind_seconds("The request signature we calculated"), None);
        assert_eq!(behind_seconds("20251102T173000Z only"), None);
        assert_eq!(behind_seconds("2025110zT173000Z ééééééééT17300ÄZ"), None);
    }
}
