//! Counts and sizes as people write them.

/// A count with its thousands apart.
#[must_use]
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time in milliseconds.
#[must_use]
pub fn milliseconds(time: u64) -> String {
    format!("{} ms", thousands(time))
}

/// A number of bytes.
#[must_use]
pub fn bytes(count: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "rounded for display anyway")]
    let value = count as f64;
    match count {
        1_000_000_000.. => format!("{:.1} GB", value / 1e9),
        1_000_000.. => format!("{:.1} MB", value / 1e6),
        1_000.. => format!("{:.0} KB", value / 1e3),
        _ => format!("{count} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(1_000), "1,000");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }

    #[test]
    fn times_have_their_thousands_apart_too() {
        assert_eq!(milliseconds(730), "730 ms");
        assert_eq!(milliseconds(12_400), "12,400 ms");
    }

    #[test]
    fn bytes_have_their_unit() {
        assert_eq!(bytes(999), "999 bytes");
        assert_eq!(bytes(259_400), "259 KB");
        assert_eq!(bytes(3_750_000), "3.8 MB");
        assert_eq!(bytes(2_000_000_000), "2.0 GB");
    }
}
