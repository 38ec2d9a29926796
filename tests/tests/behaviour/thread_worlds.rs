//! The feature `testing`, for functions with `scope = thread`.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Waker};

use ttl_memo::testing::isolated;
use ttl_memo::ttl_cache;

use crate::freshness::{now, s};

thread_local! {
    static RUNS: Cell<u32> = const { Cell::new(0) };
    static HEARD: Cell<u32> = const { Cell::new(0) };
}

#[ttl_cache(ttl = "60s", scope = thread)]
fn double(n: u32) -> u32 {
    RUNS.set(RUNS.get() + 1);
    2 * n
}

#[ttl_cache(ttl = "60s", scope = thread)]
async fn double_async(n: u32) -> u32 {
    RUNS.set(RUNS.get() + 1);
    std::future::ready(2 * n).await
}

#[ttl_cache(scope = thread, on_evict = |_, _, _| HEARD.set(HEARD.get() + 1))]
fn shared(_n: u8) -> Rc<()> {
    Rc::default()
}

#[test]
fn a_world_begins_empty_on_a_clock_of_its_own_and_leaves_the_threads_cache_alone() {
    double(1);
    RUNS.set(0);
    let world = isolated();
    assert_eq!(double_cache_info().misses, 0);
    assert_eq!((double(1), double(1), RUNS.replace(0)), (2, 2, 1));
    world.advance(s(60));
    assert_eq!((double(1), RUNS.replace(0)), (2, 1));
    assert_eq!(double_cache_info().misses, 2);
    double_cache_clear();
    drop(world);
    assert_eq!((double(1), RUNS.replace(0)), (2, 0), "it was there before the world");

    let _next = isolated();
    assert_eq!((double(1), RUNS.replace(0)), (2, 1));
}

#[test]
fn worlds_nest_and_end_in_any_order() {
    let outer = isolated();
    double(1);
    let inner = isolated();
    assert_eq!(double_cache_info().misses, 0);
    double(1);
    inner.advance(s(60));
    double(1);
    assert_eq!(double_cache_info().misses, 2);
    drop(outer);
    assert_eq!(double_cache_info().misses, 2, "the inner one lives");
    drop(inner);
    assert_eq!(double_cache_info().misses, 0);
}

#[test]
fn a_worlds_caches_are_one_for_each_thread_too() {
    let world = isolated();
    double(1);
    std::thread::scope(|scope| {
        let inside = scope.spawn(|| {
            double(1);
            let inside = world.run(|| (double(1), double(1), double_cache_info().misses));
            (inside, double_cache_info().hits)
        });
        assert_eq!(inside.join().expect("it does not panic"), ((2, 2, 1), 0));
    });
    let info = double_cache_info();
    assert_eq!((info.hits, info.misses), (0, 1));
}

#[test]
fn a_scoped_future_is_in_its_world_at_each_poll() {
    let world = isolated();
    let mut task = pin!(world.scope(async {
        let first = double_async(1).await;
        futures_lite::future::yield_now().await;
        first + double_async(1).await
    }));
    let _other = isolated();
    let mut cx = Context::from_waker(Waker::noop());
    assert!(task.as_mut().poll(&mut cx).is_pending());
    assert_eq!(double_async_cache_info().misses, 0, "that was in the world of the task");
    assert_eq!((now(task), RUNS.get()), (4, 1));
    assert_eq!(double_async_cache_info().misses, 0);
}

#[test]
fn what_a_world_held_is_dropped_with_it_and_nobody_hears() {
    let world = isolated();
    let (one, other) = (shared(1), shared(2));
    assert!(shared_cache_invalidate(2));
    assert_eq!((Rc::strong_count(&one), HEARD.get()), (2, 1));
    drop(world);
    assert_eq!((Rc::strong_count(&one), Rc::strong_count(&other), HEARD.get()), (1, 1, 1));
}

#[test]
fn what_it_held_on_another_thread_goes_when_that_enters_or_leaves_another_or_ends() {
    #[ttl_cache(scope = thread)]
    fn kept(_n: u8) -> Arc<()> {
        Arc::default()
    }
    let (to_thread, orders) = std::sync::mpsc::channel::<ttl_memo::testing::Scoped<_>>();
    let (to_test, done) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        for order in orders {
            to_test.send(now(order)).expect("the test waits");
        }
    });
    let kept_in = |world: &ttl_memo::testing::World| {
        to_thread.send(world.scope(async { kept(1) })).expect("the thread waits");
        done.recv().expect("the thread goes on")
    };
    let (first, next) = (isolated(), isolated());
    let value = kept_in(&first);
    assert_eq!(Arc::strong_count(&value), 2);
    drop(first);
    let other = kept_in(&next);
    assert_eq!((Arc::strong_count(&value), Arc::strong_count(&other)), (1, 2));
    drop(to_thread);
    thread.join().expect("it does not panic");
    assert_eq!(Arc::strong_count(&other), 1);
}

#[test]
fn a_call_that_outlives_its_world_stores_nothing() {
    let world = isolated();
    let mut task = pin!(world.scope(async {
        let first = double_async(1).await + double_async(1).await;
        futures_lite::future::yield_now().await;
        (first, double_async(1).await + double_async(1).await)
    }));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(task.as_mut().poll(&mut cx).is_pending());
    assert_eq!(RUNS.replace(0), 1);
    drop(world);
    assert_eq!((now(task), RUNS.replace(0)), ((4, 4), 2), "the bodies ran");
}

#[test]
fn a_body_may_end_the_world_that_it_runs_in() {
    thread_local! {
        static WORLD: Cell<Option<ttl_memo::testing::World>> = const { Cell::new(None) };
    }
    #[ttl_cache(scope = thread)]
    fn last(n: u32) -> Rc<u32> {
        drop(WORLD.take());
        Rc::new(n)
    }
    WORLD.set(Some(isolated()));
    let value = last(7);
    assert_eq!((*value, Rc::strong_count(&value)), (7, 1), "answered, and not stored");
    assert_eq!(last_cache_info().misses, 0);
}

#[test]
fn dropping_what_a_world_held_may_call_its_functions() {
    struct Caller(u32);
    impl Drop for Caller {
        fn drop(&mut self) {
            double(self.0);
        }
    }
    #[ttl_cache(scope = thread)]
    fn caller(n: u32) -> Rc<Caller> {
        Rc::new(Caller(n))
    }
    let world = isolated();
    drop(caller(3));
    drop(world);
    assert_eq!(RUNS.replace(0), 1);
    let _next = isolated();
    double(3);
    assert_eq!(RUNS.replace(0), 1);
}

#[test]
fn a_generic_functions_caches_are_told_apart() {
    #[ttl_cache(scope = thread)]
    fn size<T: 'static>(n: usize) -> usize {
        n * size_of::<T>()
    }
    let _world = isolated();
    assert_eq!((size::<u8>(3), size::<u32>(3), size::<u8>(3)), (3, 12, 3));
    assert_eq!((size_cache_info::<u8>().hits, size_cache_info::<u32>().hits), (1, 0));
}
