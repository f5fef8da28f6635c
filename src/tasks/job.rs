//! One-shot background work whose result is picked up when it is there.

use std::future::Future;
use std::pin::Pin;

use poll_promise::{Promise, Sender};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinHandle};

use super::Waker;

// One type for all work: what tokio does for a task is compiled anew for each type of it.
type Task = Pin<Box<dyn Future<Output = ()> + Send>>;
type BlockingTask = Box<dyn FnOnce() + Send>;

/// The work ended without a result: it panicked, or the program is closing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the background work ended without a result")]
pub struct JobDied;

/// Work that is running, or whose result waits to be taken. Dropping it cancels it.
pub struct Job<T: Send + 'static> {
    // `None` once the result is taken.
    promise: Option<Promise<Result<T, JobDied>>>,
    abort: AbortHandle,
}

impl<T: Send + 'static> Job<T> {
    pub(super) fn spawn(
        handle: &Handle,
        waker: Waker,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Self {
        Self::watch(handle, waker, |result| {
            let task: Task = Box::pin(async move {
                result.send(future.await).ok();
            });
            handle.spawn(task)
        })
    }

    pub(super) fn spawn_blocking(
        handle: &Handle,
        waker: Waker,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Self {
        Self::watch(handle, waker, |result| {
            let task: BlockingTask = Box::new(move || {
                result.send(work()).ok();
            });
            handle.spawn_blocking(task)
        })
    }

    /// A `Promise` panics when its sender vanishes, so a second task watches the first and always
    /// sends something.
    fn watch(
        handle: &Handle,
        waker: Waker,
        start: impl FnOnce(oneshot::Sender<T>) -> JoinHandle<()>,
    ) -> Self {
        let (sender, promise): (Sender<Result<T, JobDied>>, _) = Promise::new();
        let (result, arrival) = oneshot::channel();
        let abort = start(result).abort_handle();
        let watching: Task = Box::pin(async move {
            sender.send(arrival.await.map_err(|_| JobDied));
            waker.wake();
        });
        handle.spawn(watching);
        Self {
            promise: Some(promise),
            abort,
        }
    }

    /// Waits for the result; for the end of the program, where there is no other frame to look in.
    ///
    /// # Errors
    /// When the work died, or its result was taken before.
    pub fn wait(mut self) -> Result<T, JobDied> {
        self.promise.take().ok_or(JobDied)?.block_and_take()
    }

    /// The result, once it is there; only the first time.
    pub fn take(&mut self) -> Option<Result<T, JobDied>> {
        match self.promise.take()?.try_take() {
            Ok(result) => Some(result),
            Err(pending) => {
                self.promise = Some(pending);
                None
            }
        }
    }
}

/// The result of work that is done; the place is free again then. Work that died is told like work that
/// failed.
pub fn finished<T: Send + 'static>(
    job: &mut Option<Job<Result<T, String>>>,
) -> Option<Result<T, String>> {
    let result = job.as_mut().and_then(Job::take)?;
    *job = None;
    Some(result.unwrap_or_else(|died| Err(died.to_string())))
}

/// The same for any number of jobs: the results of those that are done, which are taken out.
pub fn all_finished<T: Send + 'static>(
    jobs: &mut Vec<Job<Result<T, String>>>,
) -> Vec<Result<T, String>> {
    let mut results = Vec::new();
    jobs.retain_mut(|job| match job.take() {
        None => true,
        Some(result) => {
            results.push(result.unwrap_or_else(|died| Err(died.to_string())));
            false
        }
    });
    results
}

impl<T: Send + 'static> Drop for Job<T> {
    fn drop(&mut self) {
        self.abort.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn wait<T: Send + 'static>(job: &mut Job<T>) -> Result<T, JobDied> {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(result) = job.take() {
                return result;
            }
            assert!(Instant::now() < deadline, "the job did not end");
            std::thread::yield_now();
        }
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Runtime::new().unwrap()
    }

    #[test]
    fn gives_its_result_once() {
        let runtime = runtime();
        let mut job = Job::spawn(runtime.handle(), Waker::noop(), async { 7 });
        assert_eq!(wait(&mut job), Ok(7));
        assert_eq!(job.take(), None);
    }

    #[test]
    fn the_end_can_wait_for_it() {
        let runtime = runtime();
        let job = Job::spawn(runtime.handle(), Waker::noop(), async { 7 });
        assert_eq!(job.wait(), Ok(7));
    }

    #[test]
    fn a_panic_is_a_result_too() {
        let runtime = runtime();
        let mut job: Job<()> = Job::spawn(runtime.handle(), Waker::noop(), async {
            panic!("on purpose");
        });
        assert_eq!(wait(&mut job), Err(JobDied));
    }

    #[test]
    fn dropping_cancels() {
        struct Flag(std::sync::mpsc::Sender<()>);
        impl Drop for Flag {
            fn drop(&mut self) {
                self.0.send(()).ok();
            }
        }
        let runtime = runtime();
        let (sender, dropped) = std::sync::mpsc::channel();
        let flag = Flag(sender);
        let job = Job::spawn(runtime.handle(), Waker::noop(), async move {
            let _flag = flag;
            std::future::pending::<()>().await;
        });
        drop(job);
        dropped
            .recv_timeout(Duration::from_secs(10))
            .expect("the future was dropped");
    }
}
