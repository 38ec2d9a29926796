//! What the tests drive loads with: tasks polled by hand, gates, a way to fail instead of hanging.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use ttl_memo::TtlCache;

/// Counts how often it is woken.
#[derive(Default)]
pub(crate) struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// A future that is polled by hand.
pub(crate) struct Task<'t, T> {
    future: Option<Pin<Box<dyn Future<Output = T> + 't>>>,
    wakes: Arc<Wakes>,
}

impl<'t, T> Task<'t, T> {
    /// Not polled yet.
    pub(crate) fn new(future: impl Future<Output = T> + 't) -> Self {
        Self { future: Some(Box::pin(future)), wakes: Arc::default() }
    }

    /// Polled once, and pending.
    pub(crate) fn begun(future: impl Future<Output = T> + 't) -> Self {
        let mut task = Self::new(future);
        assert!(task.poll().is_none(), "has its answer already");
        task
    }

    /// What it has come to, if it has.
    pub(crate) fn poll(&mut self) -> Option<T> {
        let waker = Waker::from(Arc::clone(&self.wakes));
        let future = self.future.as_mut().expect("a task that has ended is polled no more");
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(answer) => {
                self.future = None;
                Some(answer)
            }
            Poll::Pending => None,
        }
    }

    /// Whether a poll panics; dropped if so, as a runtime would.
    pub(crate) fn poll_panics(&mut self) -> bool {
        let panics = catch_unwind(AssertUnwindSafe(|| self.poll().is_some())).is_err();
        if panics {
            self.future = None;
        }
        panics
    }

    /// From now on others are woken.
    pub(crate) fn change_waker(&mut self) -> Arc<Wakes> {
        std::mem::take(&mut self.wakes)
    }

    pub(crate) fn wakes(&self) -> usize {
        self.wakes.times()
    }
}

impl Wakes {
    pub(crate) fn times(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// Closed until it is opened; threads and tasks wait before it.
#[derive(Default)]
pub(crate) struct Gate {
    state: Mutex<(bool, Vec<Waker>)>,
    opened: Condvar,
}

impl Gate {
    pub(crate) fn open(&self) {
        let wakers = {
            let mut state = self.state.lock().unwrap();
            state.0 = true;
            std::mem::take(&mut state.1)
        };
        self.opened.notify_all();
        wakers.into_iter().for_each(Waker::wake);
    }

    pub(crate) fn pass(&self) {
        let closed = |state: &mut (bool, Vec<Waker>)| !state.0;
        drop(self.opened.wait_while(self.state.lock().unwrap(), closed).unwrap());
    }

    pub(crate) async fn passed(&self) {
        poll_fn(|cx| {
            let mut state = self.state.lock().unwrap();
            if state.0 {
                return Poll::Ready(());
            }
            state.1.push(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

/// How often something has happened.
#[derive(Default)]
pub(crate) struct Count(AtomicUsize);

impl Count {
    pub(crate) const fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// Once more; how often it was before.
    pub(crate) fn up(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst)
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// Gives way to other threads until it has happened `times`.
    pub(crate) fn reaches(&self, times: usize) {
        while self.get() < times {
            std::thread::yield_now();
        }
    }
}

/// Runs `test` on a thread of its own, and fails if that is stuck. Nothing is asserted of how long
/// it takes.
pub(crate) fn ends<T: Send + 'static>(test: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, answer) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        let answer = catch_unwind(AssertUnwindSafe(test));
        let _ = done.send(answer);
    });
    let answer = answer.recv_timeout(Duration::from_secs(60)).expect("stuck: a deadlock");
    thread.join().unwrap();
    answer.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Does something again and again until it gives `true`, and fails if it never does. Nothing is
/// asserted of how long it takes.
#[track_caller]
pub(crate) fn until(mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never comes to that");
        std::thread::yield_now();
    }
}

/// Whether `f` panics.
pub(crate) fn panics<T>(f: impl FnOnce() -> T) -> bool {
    catch_unwind(AssertUnwindSafe(f)).is_err()
}

pub(crate) fn cache() -> TtlCache<u64, u64> {
    TtlCache::builder().build()
}

/// `(hits, misses, coalesced, failures)`
pub(crate) fn counts<K, V, S>(cache: &TtlCache<K, V, S>) -> (u64, u64, u64, u64) {
    let info = cache.info();
    (info.hits, info.misses, info.coalesced, info.failures)
}
