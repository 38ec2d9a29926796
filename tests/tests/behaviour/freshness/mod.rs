//! Stale windows, refreshes, errors that are kept: a statement a test, on a clock that stands still.

mod failing;
mod refreshing;
mod serving_stale;
mod spawning;
mod spawning_in_impls;
mod table;

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

pub(crate) const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A nanosecond less.
pub(crate) fn just_before(time: Duration) -> Duration {
    time.saturating_sub(Duration::from_nanos(1))
}

/// What the bodies of the functions under test do, on this thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// Returns this.
    Gives(Result<u32, Failed>),
    Panics,
    /// Async: is pending, until it does something else. Sync: no test's.
    Hangs,
}

/// What a body returns that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failed;

thread_local! {
    static BODY: Cell<Body> = const { Cell::new(Body::Hangs) };
    static RUNS: Cell<u32> = const { Cell::new(0) };
    static SPAWNED: RefCell<Vec<Job>> = const { RefCell::new(Vec::new()) };
}

enum Job {
    Future(Pin<Box<dyn Future<Output = ()>>>),
    Closure(Box<dyn FnOnce()>),
}

/// From now on, bodies do this.
pub(crate) fn let_body(body: Body) {
    BODY.set(body);
}

/// How many bodies have begun since this was last asked.
pub(crate) fn runs() -> u32 {
    RUNS.replace(0)
}

/// The body of a sync function.
pub(crate) fn body() -> Result<u32, Failed> {
    RUNS.set(RUNS.get() + 1);
    act().expect("a sync body does not hang")
}

/// The body of an async function.
pub(crate) async fn body_async() -> Result<u32, Failed> {
    RUNS.set(RUNS.get() + 1);
    std::future::poll_fn(|_| act().map_or(Poll::Pending, Poll::Ready)).await
}

fn act() -> Option<Result<u32, Failed>> {
    match BODY.get() {
        Body::Gives(result) => Some(result),
        Body::Panics => std::panic::panic_any("a body's panic"),
        Body::Hangs => None,
    }
}

/// A `spawn` for async functions: runs nothing until [`run_spawned`].
pub(crate) fn spawn_later(work: impl Future<Output = ()> + Send + 'static) {
    SPAWNED.with_borrow_mut(|jobs| jobs.push(Job::Future(Box::pin(work))));
}

/// A `spawn` for others.
pub(crate) fn run_later(work: impl FnOnce() + Send + 'static) {
    SPAWNED.with_borrow_mut(|jobs| jobs.push(Job::Closure(Box::new(work))));
}

/// Runs what was spawned, each future as far as it goes; how many jobs there were. Whether one
/// panicked is its own affair.
pub(crate) fn run_spawned() -> usize {
    let jobs = SPAWNED.take();
    let count = jobs.len();
    for job in jobs {
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| match job {
            Job::Closure(work) => work(),
            Job::Future(mut work) => {
                if poll(work.as_mut()).is_pending() {
                    SPAWNED.with_borrow_mut(|jobs| jobs.push(Job::Future(work)));
                }
            }
        }));
    }
    count
}

/// Drops what was spawned; how many jobs there were.
pub(crate) fn drop_spawned() -> usize {
    SPAWNED.take().len()
}

pub(crate) fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// The output of a future that is ready at once.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    match poll(pin!(future)) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}
