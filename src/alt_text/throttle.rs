//! How many requests go at once: half as many when the service throttles, one more after each round
//! that went well.

/// The limit in force.
#[derive(Clone, Debug)]
pub(super) struct Throttle {
    at_once: usize,
    most: usize,
    good: usize,
    /// Requests with a lower number were on their way when the limit was halved; their refusals say
    /// nothing about the new limit.
    halved_before: u64,
    next: u64,
}

impl Throttle {
    pub(super) fn new(most: usize) -> Self {
        let most = most.max(1);
        Self {
            at_once: most,
            most,
            good: 0,
            halved_before: 0,
            next: 0,
        }
    }

    pub(super) fn at_once(&self) -> usize {
        self.at_once
    }

    /// Numbers a request that begins.
    pub(super) fn begin(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    /// A request was refused; whether the limit changed.
    pub(super) fn throttled(&mut self, request: u64) -> bool {
        self.good = 0;
        if request < self.halved_before || self.at_once == 1 {
            return false;
        }
        self.halved_before = self.next;
        self.at_once /= 2;
        true
    }

    /// A request went well at once; whether the limit changed.
    pub(super) fn went_well(&mut self) -> bool {
        self.good += 1;
        if self.good < self.at_once || self.at_once == self.most {
            return false;
        }
        self.good = 0;
        self.at_once += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_halves_once_for_a_wave_and_grows_by_one_a_round() {
        let mut throttle = Throttle::new(8);
        let wave: Vec<u64> = (0..8).map(|_| throttle.begin()).collect();
        assert!(throttle.throttled(wave[0]));
        assert!(!throttle.throttled(wave[1]), "of the same wave");
        assert_eq!(throttle.at_once(), 4);
        let later = throttle.begin();
        assert!(throttle.throttled(later));
        assert_eq!(throttle.at_once(), 2);
        assert!(!throttle.went_well());
        assert!(throttle.went_well());
        assert_eq!(throttle.at_once(), 3);
        let later = throttle.begin();
        throttle.throttled(later);
        let later = throttle.begin();
        throttle.throttled(later);
        assert_eq!(throttle.at_once(), 1, "never none");
    }

    #[test]
    fn it_never_passes_what_was_asked_for() {
        let mut throttle = Throttle::new(1);
        assert!((0..10).all(|_| !throttle.went_well()));
        assert_eq!(throttle.at_once(), 1);
        assert_eq!(Throttle::new(0).at_once(), 1);
    }
}
