//! `refresh_ahead`, `refresh_if`, `…_cache_refresh`.

use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};

use ttl_memo::testing::isolated;
use ttl_memo::{Clock, ManualClock, Source, ttl_cache};

use super::{Body, Failed, body, body_async, let_body, now, poll, runs, s};

#[ttl_cache(ttl = "60s", refresh_ahead = "10s")]
async fn early(_: u8) -> Result<u32, Failed> {
    body_async().await
}

#[test]
fn an_entry_with_less_than_that_left_is_refreshed_by_one_caller() {
    let world = isolated();
    early_cache_insert(1, Ok(1));
    let_body(Body::Hangs);
    world.advance(s(50));
    assert_eq!((now(early(1)), runs()), (Ok(1), 0), "it has just that left, not less");
    world.advance(s(1));
    let mut first = pin!(early(1));
    assert!(poll(first.as_mut()).is_pending());
    assert_eq!((now(early(1)), now(early(1)), runs()), (Ok(1), Ok(1), 1));
    let_body(Body::Gives(Ok(2)));
    assert_eq!(now(first), Ok(2));
    world.advance(s(49));
    assert_eq!((now(early(1)), runs()), (Ok(2), 0), "it lives for 60 s from now");
    let info = early_cache_info();
    assert_eq!((info.hits, info.misses, info.stale), (4, 1, 0));
}

#[test]
fn a_refresh_ahead_that_fails_leaves_the_value_for_the_rest_of_its_time() {
    let world = isolated();
    early_cache_insert(1, Ok(1));
    world.advance(s(55));
    let_body(Body::Gives(Err(Failed)));
    assert_eq!(now(early(1)), Err(Failed), "whoever ran it gets the error");
    assert_eq!(early_cache_peek(1), Some(Ok(1)));
    let_body(Body::Hangs);
    {
        let mut next = pin!(early(1));
        assert!(poll(next.as_mut()).is_pending(), "the next call tries again");
        assert_eq!(now(early(1)), Ok(1));
    }
    world.advance(s(5));
    assert_eq!(early_cache_peek(1), None);
}

#[test]
fn a_value_that_is_not_asked_for_is_not_refreshed() {
    let world = isolated();
    early_cache_insert(1, Ok(1));
    for _ in 0..20 {
        world.advance(s(5));
    }
    assert_eq!((runs(), early_cache_info().refreshes), (0, 0));
}

#[ttl_cache(ttl = "60s", skip(force), refresh_if = *force)]
async fn forced(_key: u8, force: bool) -> Result<u32, Failed> {
    std::hint::black_box(force);
    body_async().await
}

#[test]
fn refresh_if_runs_the_body_and_replaces_the_entry() {
    let _world = isolated();
    let_body(Body::Gives(Ok(1)));
    assert_eq!((now(forced(1, false)), now(forced(1, false))), (Ok(1), Ok(1)));
    let_body(Body::Gives(Ok(2)));
    assert_eq!(now(forced(1, true)), Ok(2));
    assert_eq!((now(forced(1, false)), runs()), (Ok(2), 2));
    let info = forced_cache_info();
    assert_eq!((info.hits, info.misses, info.refreshes), (2, 2, 1));
    assert_eq!(now(forced_cache_fetch(1, true)).source, Source::Miss);
}

#[test]
fn refresh_if_that_fails_leaves_the_value() {
    let _world = isolated();
    forced_cache_insert(1, Ok(1));
    let_body(Body::Gives(Err(Failed)));
    assert_eq!(now(forced(1, true)), Err(Failed));
    assert_eq!(now(forced(1, false)), Ok(1));
}

#[test]
fn others_are_given_the_live_value_while_it_is_refreshed() {
    let _world = isolated();
    forced_cache_insert(1, Ok(1));
    let_body(Body::Hangs);
    let mut refreshing = pin!(forced(1, true));
    assert!(poll(refreshing.as_mut()).is_pending());
    assert_eq!(now(forced(1, false)), Ok(1));
}

#[test]
fn one_refresh_a_key_at_a_time_and_none_that_began_too_early_will_do() {
    let _world = isolated();
    let_body(Body::Hangs);
    let mut first = pin!(forced(1, true));
    assert!(poll(first.as_mut()).is_pending());
    let (mut second, mut third) = (pin!(forced(1, true)), pin!(forced(1, true)));
    assert!(poll(second.as_mut()).is_pending() && poll(third.as_mut()).is_pending());
    assert_eq!(runs(), 1);
    let_body(Body::Gives(Ok(1)));
    assert_eq!(now(first), Ok(1));
    let_body(Body::Hangs);
    assert!(poll(second.as_mut()).is_pending() && poll(third.as_mut()).is_pending());
    assert_eq!(runs(), 1, "one for both: it began after either was called");
    let_body(Body::Gives(Ok(2)));
    assert_eq!((now(second), now(third), runs()), (Ok(2), Ok(2), 0));
}

#[test]
fn the_helper_runs_the_body_and_is_no_call() {
    #[ttl_cache(ttl = "60s")]
    fn plain(_: u8) -> Result<u32, Failed> {
        body()
    }
    let world = isolated();
    let_body(Body::Gives(Ok(1)));
    assert_eq!(plain_cache_refresh(1), Ok(1));
    world.advance(s(30));
    let_body(Body::Gives(Ok(2)));
    assert_eq!(plain_cache_refresh(1), Ok(2));
    world.advance(s(59));
    assert_eq!(plain(1), Ok(2), "it lives for 60 s from the refresh");
    let info = plain_cache_info();
    assert_eq!((info.hits, info.misses, info.refreshes), (1, 0, 2));
}

#[test]
fn a_refresh_that_is_overtaken_stores_nothing() {
    let _world = isolated();
    forced_cache_insert(1, Ok(1));
    let_body(Body::Hangs);
    let mut slow = pin!(forced(1, true));
    assert!(poll(slow.as_mut()).is_pending());
    forced_cache_invalidate(1);
    let_body(Body::Gives(Ok(2)));
    assert_eq!(now(slow), Ok(2));
    assert_eq!(forced_cache_peek(1), None, "it began before the invalidation");
}

#[test]
fn a_call_after_a_refresh_is_not_given_what_began_before_it() {
    #[ttl_cache(ttl = "60s", single_flight = false)]
    async fn plain(_: u8) -> Result<u32, Failed> {
        body_async().await
    }
    let _world = isolated();
    let_body(Body::Hangs);
    let mut early = pin!(plain(1));
    assert!(poll(early.as_mut()).is_pending());
    let_body(Body::Gives(Ok(2)));
    assert_eq!(now(plain_cache_refresh(1)), Ok(2));
    let_body(Body::Gives(Ok(1)));
    assert_eq!(now(early), Ok(1), "its own caller gets it");
    assert_eq!(plain_cache_peek(1), Some(Ok(2)));
}

#[test]
fn of_many_threads_one_at_a_time_renews_and_nobody_is_given_an_older_value_again() {
    static INSIDE: AtomicU32 = AtomicU32::new(0);
    #[ttl_cache(ttl = "4s", refresh_ahead = "2s", stale_while_revalidate = "2s", skip(clock))]
    fn version(_key: u8, clock: &ManualClock) -> u64 {
        assert_eq!(INSIDE.fetch_add(1, Ordering::SeqCst), 0, "one renewal a key at a time");
        let version = clock.now().as_secs();
        INSIDE.fetch_sub(1, Ordering::SeqCst);
        version
    }
    let world = isolated();
    let clock = world.clock();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                world.run(|| {
                    let mut last = 0;
                    for _ in 0..2_000 {
                        let given = version(1, &clock);
                        assert!(given >= last, "{given} after {last}");
                        last = given;
                    }
                });
            });
        }
        scope.spawn(|| {
            for _ in 0..500 {
                clock.advance(s(1));
                std::thread::yield_now();
            }
        });
    });
    let info = version_cache_info();
    assert_eq!(info.hits + info.misses, 8_000);
}
