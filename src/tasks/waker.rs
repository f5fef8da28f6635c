//! The only idea background work has of a window: something that can be told to look again.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Wakes whoever collects results. Cheap to clone; any number of wakes before the next look are one.
#[derive(Clone)]
pub struct Waker {
    wake: Arc<dyn Fn() + Send + Sync>,
    pending: Arc<AtomicBool>,
}

impl Waker {
    /// A waker that calls a function, from whatever thread has news.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            wake: Arc::new(wake),
            pending: Arc::new(AtomicBool::new(false)),
        }
    }

    /// A waker for programs without a window.
    #[must_use]
    pub fn noop() -> Self {
        Self::new(|| {})
    }

    /// Says that there is news. A thousand deltas between two looks ask for one look.
    pub fn wake(&self) {
        if !self.pending.swap(true, Ordering::AcqRel) {
            (self.wake)();
        }
    }

    /// Says that the news is about to be collected; call it before collecting, so that what comes
    /// meanwhile wakes again.
    pub fn collecting(&self) {
        self.pending.store(false, Ordering::Release);
    }
}

impl fmt::Debug for Waker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waker").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[test]
    fn wakes_once_until_collected() {
        let count = Arc::new(AtomicUsize::new(0));
        let waker = Waker::new({
            let count = Arc::clone(&count);
            move || {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        waker.wake();
        waker.wake();
        assert_eq!(count.load(Ordering::Relaxed), 1);
        waker.collecting();
        waker.wake();
        assert_eq!(count.load(Ordering::Relaxed), 2);
    }
}
