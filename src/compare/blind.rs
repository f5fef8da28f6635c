//! Blind mode: names hidden and columns shuffled until a winner is picked.

/// An order for so many columns that tells nothing of which is which; the same for the same seed.
#[must_use]
pub fn blind_order(seed: u64, columns: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..columns).collect();
    fastrand::Rng::with_seed(seed).shuffle(&mut order);
    order
}

/// What a column is called as long as its model is hidden: by the place it is shown in, from 0.
#[must_use]
pub fn blind_name(place: usize) -> String {
    let letter = u8::try_from(place).ok().filter(|place| *place < 26);
    letter.map_or_else(
        || format!("Answer {}", place + 1),
        |place| format!("Answer {}", char::from(b'A' + place)),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_column_stands_somewhere_and_seeds_differ() {
        let mut orders = HashSet::new();
        for seed in 0..100 {
            let order = blind_order(seed, 8);
            assert_eq!(order, blind_order(seed, 8));
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, [0, 1, 2, 3, 4, 5, 6, 7]);
            orders.insert(order);
        }
        assert!(orders.len() > 90, "{} orders", orders.len());
    }

    #[test]
    fn names_tell_nothing() {
        assert_eq!(blind_name(0), "Answer A");
        assert_eq!(blind_name(7), "Answer H");
        assert_eq!(blind_name(26), "Answer 27");
    }
}
