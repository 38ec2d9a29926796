//! `single_flight` with a duration: who has waited so long runs the body itself.

use std::cell::Cell;
use std::future::{Future, pending};
use std::pin::pin;
use std::sync::{LazyLock, Mutex, PoisonError, mpsc};
use std::task::{Context, Waker};
use std::thread;
use std::time::Duration;

use futures_lite::future::block_on;
use ttl_memo::{TtlCache, ttl_cache};

thread_local! {
    /// Whether the next body on this thread is one that stays.
    static STAYS: Cell<bool> = const { Cell::new(false) };
}

/// A body that stays says so, and ends when it is told to.
struct Stay {
    begun: mpsc::Sender<()>,
    end: mpsc::Receiver<()>,
}

static STAY: Mutex<Option<Stay>> = Mutex::new(None);

/// One at a time: they share what the body that stays is told by.
static TESTS: Mutex<()> = Mutex::new(());

fn body() -> u32 {
    if !STAYS.take() {
        return 2;
    }
    let Stay { begun, end } = STAY.lock().expect("nobody panics").take().expect("it is told so");
    begun.send(()).expect("the test waits");
    end.recv().expect("the test ends it");
    1
}

/// While one call's body stays, another call is answered.
fn gives_up(call: impl Fn() -> u32 + Sync) {
    let _alone = TESTS.lock().unwrap_or_else(PoisonError::into_inner);
    let (begun, has_begun) = mpsc::channel();
    let (ends, end) = mpsc::channel();
    *STAY.lock().expect("nobody panics") = Some(Stay { begun, end });
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            STAYS.set(true);
            call()
        });
        has_begun.recv().expect("it runs the body");
        assert_eq!(call(), 2);
        ends.send(()).expect("it stays until then");
        assert_eq!(first.join().expect("it does not panic"), 1);
    });
    assert_eq!(call(), 2, "what began later is not overwritten");
}

#[test]
fn a_call_waits_no_longer() {
    #[ttl_cache(single_flight = "1ms")]
    fn said() -> u32 {
        body()
    }

    gives_up(said);
    let info = said_cache_info();
    assert_eq!((info.hits, info.misses, info.coalesced), (1, 2, 0));
}

#[test]
fn how_long_may_be_computed() {
    #[ttl_cache(single_flight = Duration::from_nanos(u64::from(u8::MAX)))]
    fn computed() -> u32 {
        body()
    }

    gives_up(computed);
    assert_eq!(computed_cache_info().misses, 2);
}

#[test]
fn beside_a_cache_it_is_the_functions() {
    static SHARED: LazyLock<TtlCache<(), u32>> =
        LazyLock::new(|| TtlCache::builder().single_flight(true).build());

    #[ttl_cache(cache = &SHARED, single_flight = "1ms")]
    fn shared() -> u32 {
        body()
    }

    gives_up(shared);
    assert_eq!(SHARED.info().misses, 2);
}

#[test]
fn a_task_is_woken_on_any_runtime() {
    #[ttl_cache(single_flight = "1ms", skip(stays))]
    async fn later(n: u32, stays: bool) -> u32 {
        if stays {
            pending::<()>().await;
        }
        n + 1
    }

    let mut first = pin!(later(1, true));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(first.as_mut().poll(&mut cx).is_pending());
    // Nothing but the alarm wakes it.
    assert_eq!(block_on(later(1, false)), 2);
    let info = later_cache_info();
    assert_eq!((info.hits, info.misses), (0, 2));
}
