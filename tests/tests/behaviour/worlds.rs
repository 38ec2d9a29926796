//! The feature `testing`: worlds that do not see each other.

use std::cell::Cell;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::task::{Context, Waker};
use std::time::Duration;

use ttl_memo::testing::isolated;
use ttl_memo::{RemovalCause, TtlCache, ttl_cache};

use crate::freshness::{now, s};

thread_local! {
    static RUNS: Cell<u32> = const { Cell::new(0) };
    static HEARD: Cell<u32> = const { Cell::new(0) };
}

#[ttl_cache(ttl = "60s", name = "worlds::double")]
fn double(n: u32) -> u32 {
    RUNS.set(RUNS.get() + 1);
    2 * n
}

#[ttl_cache(ttl = "60s")]
async fn double_async(n: u32) -> u32 {
    std::future::ready(2 * n).await
}

#[test]
fn a_world_begins_empty_on_a_clock_of_its_own() {
    let world = isolated();
    assert_eq!((double(1), double(1), RUNS.replace(0)), (2, 2, 1));
    world.advance(s(60));
    assert_eq!((double(1), RUNS.replace(0)), (2, 1));
    assert_eq!(double_cache_info().misses, 2);
    drop(world);

    let _next = isolated();
    assert_eq!((double(1), RUNS.replace(0)), (2, 1));
    assert_eq!(double_cache_info().misses, 1);
}

#[test]
fn worlds_nest() {
    let outer = isolated();
    double(1);
    {
        let inner = isolated();
        assert_eq!(double_cache_info().misses, 0);
        double(1);
        inner.advance(s(60));
        double(1);
        assert_eq!(double_cache_info().misses, 2);
    }
    double(1);
    let info = double_cache_info();
    assert_eq!((info.hits, info.misses), (1, 1), "the inner world's time was its own");
    outer.advance(s(60));
    assert_eq!(double_cache_info().len, 0);
}

#[test]
fn worlds_end_in_any_order() {
    let one = isolated();
    double(1);
    let other = isolated();
    drop(one);
    assert_eq!(double_cache_info().misses, 0);
    double(1);
    drop(other);
    let _third = isolated();
    assert_eq!(double_cache_info().misses, 0);
}

#[test]
fn parallel_worlds_do_not_see_each_other() {
    let start = std::sync::Barrier::new(4);
    std::thread::scope(|scope| {
        for thread in 1..=4_u32 {
            let start = &start;
            scope.spawn(move || {
                let world = isolated();
                start.wait();
                for n in 0..thread * 10 {
                    assert_eq!(double(n), 2 * n);
                }
                assert_eq!(double_cache_info().misses, u64::from(thread * 10));
                start.wait();
                world.advance(s(60 * u64::from(thread)));
                assert_eq!(double_cache_info().len, 0);
                ttl_memo::clear_all();
                start.wait();
            });
        }
    });
}

#[test]
fn other_threads_are_not_in_it_unless_told() {
    let world = isolated();
    double(1);
    std::thread::scope(|scope| {
        let inside = scope.spawn(|| world.run(|| (double(1), double_cache_info().hits)));
        assert_eq!(inside.join().expect("it does not panic"), (2, 1));
        let outside = scope.spawn(|| double_cache_info().hits);
        assert_eq!(outside.join().expect("it does not panic"), 0);
    });
}

#[test]
fn a_scoped_future_is_in_its_world_at_each_poll() {
    let world = isolated();
    let mut future = Box::pin(world.scope(async {
        double_async(1).await;
        // Once pending, so that another thread goes on with it.
        let mut again = false;
        std::future::poll_fn(|_| {
            if std::mem::replace(&mut again, true) {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
        double_async(1).await
    }));
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!(double_async_cache_info().misses, 1);
    std::thread::scope(|scope| {
        scope.spawn(|| assert_eq!(now(future), 2));
    });
    assert_eq!(double_async_cache_info().hits, 1);
}

#[test]
fn a_tasks_world_does_not_stick_to_the_thread_that_polls_it() {
    let one = isolated();
    let task = one.scope(async {
        let first = double_async(1).await;
        futures_lite::future::yield_now().await;
        first + double_async(2).await
    });
    let _other = isolated();
    let mut task = pin!(task);
    let mut cx = Context::from_waker(Waker::noop());
    assert!(task.as_mut().poll(&mut cx).is_pending());
    assert_eq!(double_async_cache_info().misses, 0, "that was in the world of the task");
    assert_eq!(now(task), 6);
    assert_eq!(double_async_cache_info().misses, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runtimes_tasks_share_the_world_that_they_are_scoped_in() {
    let world = isolated();
    let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(world.scope(double_async(7)))).collect();
    for task in tasks {
        assert_eq!(task.await.expect("it does not panic"), 14);
    }
    let info = double_async_cache_info();
    assert_eq!((info.hits + info.misses, info.misses), (8, 1));
}

#[test]
fn what_a_world_held_is_dropped_with_it_and_nobody_hears() {
    #[ttl_cache(on_evict = |_, _, cause| {
        assert_eq!(cause, RemovalCause::Invalidated);
        HEARD.set(HEARD.get() + 1);
    })]
    fn shared(_n: u8) -> Arc<AtomicUsize> {
        Arc::default()
    }
    let world = isolated();
    let (one, other) = (shared(1), shared(2));
    assert!(shared_cache_invalidate(2));
    assert_eq!((Arc::strong_count(&one), HEARD.get()), (2, 1));
    drop(world);
    assert_eq!(Arc::strong_count(&one), 1);
    assert_eq!((Arc::strong_count(&other), HEARD.get()), (1, 1));
}

#[test]
fn a_call_that_outlives_its_world_stores_nothing() {
    let world = isolated();
    let task = world.scope(async {
        let first = double(1) + double(1);
        futures_lite::future::yield_now().await;
        (first, double(1) + double(1))
    });
    let mut task = pin!(task);
    let mut cx = Context::from_waker(Waker::noop());
    assert!(task.as_mut().poll(&mut cx).is_pending());
    assert_eq!(RUNS.replace(0), 1);
    drop(world);
    assert_eq!(now(task), (4, 4));
    assert_eq!(RUNS.replace(0), 2, "the bodies ran");
}

#[test]
fn dropping_what_a_world_held_may_call_its_functions() {
    struct Caller(u32);
    impl Drop for Caller {
        fn drop(&mut self) {
            double(self.0);
        }
    }
    #[ttl_cache]
    fn caller(n: u32) -> Arc<Caller> {
        Arc::new(Caller(n))
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
fn a_clock_of_the_functions_own_gives_way() {
    struct Noon;
    impl ttl_memo::Clock for Noon {
        fn now(&self) -> Duration {
            s(12 * 3600)
        }
    }
    #[ttl_cache(ttl = "60s", clock = Noon)]
    fn timed() -> u32 {
        RUNS.set(RUNS.get() + 1);
        1
    }
    let world = isolated();
    timed();
    world.advance(s(60));
    timed();
    assert_eq!(RUNS.replace(0), 2);
}

#[test]
fn the_registry_inside_is_the_worlds() {
    let world = isolated();
    assert!(ttl_memo::caches().is_empty());
    assert!(ttl_memo::cache("worlds::double").is_none());
    double(1);
    let cache = ttl_memo::cache("worlds::double").expect("it has been used");
    assert_eq!(cache.info().misses, 1);
    world.advance(s(60));
    assert_eq!(ttl_memo::expire_all(), 1);
    double(1);
    ttl_memo::clear_all();
    assert_eq!(cache.info().misses, 0);

    ttl_memo::set_enabled(false);
    double(2);
    double(2);
    double_async_cache_clear();
    now(double_async(1));
    assert_eq!((double_cache_info().len, double_async_cache_info().len), (0, 0));
    drop(world);
    let _next = isolated();
    double(2);
    assert_eq!(double_cache_info().len, 1, "off was the other world's affair");
}

#[test]
fn tags_inside_reach_the_world_and_what_was_made_by_hand() {
    #[ttl_cache(tags = |n, _| [format!("worlds:{n}")])]
    fn tagged(n: u32) -> u32 {
        n
    }
    let by_hand = TtlCache::builder().tags(|n: &u32, _: &u32| [format!("worlds:{n}")]).build();
    by_hand.insert(1, 1);
    let world = isolated();
    tagged(1);
    {
        let _inner = isolated();
        tagged(1);
        assert_eq!(ttl_memo::invalidate_tag("worlds:1"), 2);
    }
    assert_eq!(tagged_cache_peek(1), Some(1), "what the outer world holds is its own");
    assert_eq!(ttl_memo::invalidate_tag("worlds:1"), 1);
    drop(world);
}

#[test]
fn a_generic_functions_caches_are_told_apart() {
    #[ttl_cache]
    fn size<T: 'static>(n: usize) -> usize {
        n * size_of::<T>()
    }
    let _world = isolated();
    assert_eq!((size::<u8>(3), size::<u32>(3), size::<u8>(3)), (3, 12, 3));
    assert_eq!((size_cache_info::<u8>().hits, size_cache_info::<u32>().hits), (1, 0));
}

#[test]
fn what_a_body_hands_to_the_background_stays_in_the_world() {
    #[ttl_cache(ttl = "60s", refresh_ahead = "10s", spawn = on_a_thread)]
    fn quadruple(n: u32) -> u32 {
        2 * double(n)
    }
    fn on_a_thread(work: impl FnOnce() + Send + 'static) {
        std::thread::spawn(work).join().expect("it does not panic");
    }
    let world = isolated();
    assert_eq!(quadruple(1), 4);
    world.advance(s(55));
    assert_eq!(quadruple(1), 4);
    assert_eq!(quadruple_cache_info().refreshes, 1);
    let info = double_cache_info();
    assert_eq!((info.hits, info.misses), (1, 1), "the refresh asked this world's cache");
}
