//! `stale_if_error`, `err_ttl`, `on_error`.

use std::cell::RefCell;
use std::hash::{BuildHasherDefault, Hasher};
use std::pin::pin;

use ttl_memo::testing::isolated;
use ttl_memo::{Source, ttl_cache};

use super::{
    Body, Failed, body, body_async, just_before, let_body, now, poll, run_later, run_spawned, runs,
    s,
};

thread_local! {
    static HEARD: RefCell<Vec<(u8, Failed)>> = const { RefCell::new(Vec::new()) };
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "hooks see keys and values as they are stored"
)]
fn hear(key: &u8, error: &Failed) {
    HEARD.with_borrow_mut(|heard| heard.push((*key, *error)));
}

#[ttl_cache(ttl = "60s", stale_if_error = "30s", on_error = hear)]
fn price(_: u8) -> Result<u32, Failed> {
    body()
}

#[ttl_cache(ttl = "60s", stale_if_error = "30s", on_error = hear)]
async fn price_async(_: u8) -> Result<u32, Failed> {
    body_async().await
}

#[test]
fn an_expired_value_stands_in_for_an_error() {
    let world = isolated();
    price_cache_insert(1, Ok(1));
    world.advance(s(60));
    let_body(Body::Gives(Err(Failed)));
    assert_eq!((price(1), price(1)), (Ok(1), Ok(1)));
    assert_eq!(runs(), 2, "each call tries");
    assert_eq!(HEARD.take(), [(1, Failed), (1, Failed)]);
    let info = price_cache_info();
    assert_eq!((info.hits, info.misses, info.stale, info.failures), (0, 2, 2, 2));
    let fetched = price_cache_fetch(1);
    assert_eq!((fetched.source, fetched.age), (Source::Stale, s(60)));

    let_body(Body::Gives(Ok(2)));
    assert_eq!((price(1), price(1)), (Ok(2), Ok(2)));
}

#[test]
fn the_window_ends() {
    let world = isolated();
    price_cache_insert(1, Ok(1));
    let_body(Body::Gives(Err(Failed)));
    world.advance(just_before(s(90)));
    assert_eq!(price(1), Ok(1));
    world.advance(std::time::Duration::from_nanos(1));
    HEARD.take();
    assert_eq!(price(1), Err(Failed));
    assert_eq!(HEARD.take(), [], "nothing stood in for it");
}

#[test]
fn those_who_wait_are_given_it_too() {
    let world = isolated();
    price_async_cache_insert(1, Ok(1));
    world.advance(s(60));
    let_body(Body::Hangs);
    let (mut first, mut second) = (pin!(price_async(1)), pin!(price_async_cache_fetch(1)));
    assert!(poll(first.as_mut()).is_pending());
    assert!(poll(second.as_mut()).is_pending(), "without a window for that nothing is served");
    let_body(Body::Gives(Err(Failed)));
    assert_eq!(now(first), Ok(1));
    let second = now(second);
    assert_eq!((second.value, second.source), (Ok(1), Source::Stale));
    assert_eq!(runs(), 1);
    let info = price_async_cache_info();
    assert_eq!((info.hits, info.misses, info.coalesced, info.stale), (1, 1, 1, 2));
    assert_eq!(HEARD.take().len(), 1, "one error was hidden, whoever was spared it");
}

#[test]
fn a_panic_is_no_error() {
    let world = isolated();
    price_cache_insert(1, Ok(1));
    world.advance(s(60));
    let_body(Body::Panics);
    assert!(std::panic::catch_unwind(|| price(1)).is_err());
    let_body(Body::Gives(Err(Failed)));
    assert_eq!(price(1), Ok(1));
}

#[test]
fn what_was_invalidated_stands_in_for_nothing() {
    let world = isolated();
    price_cache_insert(1, Ok(1));
    world.advance(s(60));
    assert!(!price_cache_invalidate(1));
    let_body(Body::Gives(Err(Failed)));
    assert_eq!(price(1), Err(Failed));
}

#[test]
fn a_live_value_stands_in_for_a_refresh_that_fails() {
    let _world = isolated();
    price_cache_insert(1, Ok(1));
    let_body(Body::Gives(Err(Failed)));
    assert_eq!(price_cache_refresh(1), Ok(1));
    assert_eq!(HEARD.take().len(), 1);
    let info = price_cache_info();
    assert_eq!((info.misses, info.stale, info.failures, info.refreshes), (0, 0, 1, 1));
}

#[test]
fn a_value_that_is_not_valid_stands_in_for_nothing() {
    #[ttl_cache(ttl = "60s", stale_if_error = "30s", valid_if = |_, value| *value != 13)]
    fn luck() -> Result<u32, Failed> {
        body()
    }
    let world = isolated();
    luck_cache_insert(Ok(13));
    world.advance(s(60));
    let_body(Body::Gives(Err(Failed)));
    assert_eq!(luck(), Err(Failed));
}

#[ttl_cache(ttl = "60s", err_ttl = "5s")]
fn kept(_: u8) -> Result<u32, Failed> {
    body()
}

#[test]
fn an_error_is_kept_for_a_time_of_its_own() {
    let world = isolated();
    let_body(Body::Gives(Err(Failed)));
    assert_eq!((kept(1), kept(1)), (Err(Failed), Err(Failed)));
    assert_eq!(runs(), 1);
    world.advance(s(5));
    let_body(Body::Gives(Ok(2)));
    assert_eq!((kept(1), kept(1)), (Ok(2), Ok(2)));
    assert_eq!(runs(), 1);
    world.advance(s(59));
    assert_eq!(kept(1), Ok(2), "values live as long as ever");
    let info = kept_cache_info();
    assert_eq!((info.hits, info.misses), (3, 2));
}

#[test]
fn those_who_wait_for_an_error_that_is_kept_get_it() {
    #[ttl_cache(err_ttl = "5s")]
    async fn kept_async() -> Result<u32, Failed> {
        body_async().await
    }
    let _world = isolated();
    let_body(Body::Hangs);
    let (mut first, mut second) = (pin!(kept_async()), pin!(kept_async()));
    assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    let_body(Body::Gives(Err(Failed)));
    assert_eq!((now(first), now(second)), (Err(Failed), Err(Failed)));
    assert_eq!(runs(), 1);
}

#[test]
fn those_who_wait_for_an_error_that_is_not_kept_run_side_by_side() {
    #[ttl_cache]
    async fn failing() -> Result<u32, Failed> {
        body_async().await
    }
    let _world = isolated();
    let_body(Body::Hangs);
    let mut calls: Vec<_> = (0..4).map(|_| Box::pin(failing())).collect();
    assert!(calls.iter_mut().all(|call| poll(call.as_mut()).is_pending()));
    assert_eq!(runs(), 1);
    let_body(Body::Gives(Err(Failed)));
    assert_eq!(now(calls.remove(0)), Err(Failed));
    let_body(Body::Hangs);
    assert!(calls.iter_mut().all(|call| poll(call.as_mut()).is_pending()));
    assert_eq!(runs(), 3, "nobody waits for a second time");
}

#[test]
fn an_error_that_is_kept_takes_no_values_place() {
    #[ttl_cache(ttl = "60s", err_ttl = "5s", stale_while_revalidate = "30s")]
    fn both(_: u8) -> Result<u32, Failed> {
        body()
    }
    let world = isolated();
    both_cache_insert(1, Ok(1));
    let_body(Body::Gives(Err(Failed)));
    assert_eq!(both_cache_refresh(1), Err(Failed));
    assert_eq!(both(1), Ok(1), "it is live still");
    world.advance(s(60));
    assert_eq!(both(1), Err(Failed), "whoever renews it gets the error");
    assert_eq!((both(1), both(1)), (Ok(1), Ok(1)), "others are given the value meanwhile");
    assert_eq!(runs(), 2);
    world.advance(s(5));
    assert_eq!((both(1), runs()), (Err(Failed), 1), "is tried again");

    world.advance(s(25));
    assert_eq!((both(1), both(1)), (Err(Failed), Err(Failed)));
    assert_eq!(runs(), 1, "past the window it is kept");
}

#[test]
fn an_error_that_is_kept_has_no_stale_window() {
    #[ttl_cache(
        ttl = "60s",
        err_ttl = "5s",
        stale_while_revalidate = "30s",
        stale_if_error = "30s"
    )]
    async fn both(_: u8) -> Result<u32, Failed> {
        body_async().await
    }
    let world = isolated();
    both_cache_insert(1, Err(Failed));
    world.advance(s(5));
    let_body(Body::Hangs);
    let (mut first, mut second) = (pin!(both(1)), pin!(both(1)));
    assert!(poll(first.as_mut()).is_pending());
    assert!(poll(second.as_mut()).is_pending(), "its time was over");
}

#[test]
fn an_error_that_is_kept_is_not_refreshed_ahead() {
    #[ttl_cache(ttl = "60s", err_ttl = "5s", refresh_ahead = "10s")]
    fn both(_: u8) -> Result<u32, Failed> {
        body()
    }
    let _world = isolated();
    let_body(Body::Gives(Err(Failed)));
    assert_eq!((both(1), both(1), both(1)), (Err(Failed), Err(Failed), Err(Failed)));
    assert_eq!(runs(), 1, "with less than 10 s left from the beginning");
}

/// Declares the test for functions with these options beside its own.
macro_rules! a_stale_value_stands_in_for_an_error_that_is_kept {
    ($name:ident $(, $option:ident = $value:ident)?) => {
        #[test]
        fn $name() {
            #[ttl_cache(ttl = "10s", err_ttl = "5s", stale_if_error = "60s" $(, $option = $value)?)]
            fn flaky(_: u8) -> Result<u32, Failed> {
                body()
            }
            #[ttl_cache(ttl = "10s", err_ttl = "5s", stale_if_error = "60s" $(, $option = $value)?)]
            async fn flaky_async(_: u8) -> Result<u32, Failed> {
                body_async().await
            }
            let world = isolated();
            flaky_cache_insert(1, Ok(1));
            flaky_async_cache_insert(1, Ok(1));
            world.advance(s(10));
            let_body(Body::Gives(Err(Failed)));
            for _ in 0..3 {
                let (fetched, awaited) = (flaky_cache_fetch(1), now(flaky_async_cache_fetch(1)));
                assert_eq!((fetched.value, fetched.source), (Ok(1), Source::Stale));
                assert_eq!((awaited.value, awaited.source), (Ok(1), Source::Stale));
            }
            assert_eq!(runs(), 2, "one of each");
            let info = flaky_cache_info();
            assert_eq!((info.hits, info.misses, info.stale, info.failures), (2, 1, 3, 1));
            world.advance(just_before(s(5)));
            assert_eq!((flaky(1), now(flaky_async(1)), runs()), (Ok(1), Ok(1), 0));
            world.advance(s(1));
            assert_eq!((flaky(1), now(flaky_async(1)), runs()), (Ok(1), Ok(1), 2), "is tried again");
            assert_eq!((flaky_cache_refresh(1), runs()), (Ok(1), 1), "as asked for");
            flaky_cache_invalidate(1);
            assert_eq!((flaky(1), runs()), (Err(Failed), 1), "nothing is there to stand in");
            assert_eq!((flaky(1), runs()), (Err(Failed), 0), "the error itself is kept");
            let_body(Body::Gives(Ok(2)));
            flaky_async_cache_clear();
            assert_eq!((now(flaky_async(1)), runs()), (Ok(2), 1));
        }
    };
}

a_stale_value_stands_in_for_an_error_that_is_kept!(a_stale_value_is_given_for_an_err_ttl);
a_stale_value_stands_in_for_an_error_that_is_kept!(
    a_stale_value_is_given_for_an_err_ttl_on_one_thread,
    scope = thread
);

#[test]
fn a_stale_value_is_given_for_an_err_ttl_within_its_window_only() {
    #[ttl_cache(ttl = "10s", err_ttl = "5s", stale_if_error = "3s")]
    fn flaky(_: u8) -> Result<u32, Failed> {
        body()
    }
    let world = isolated();
    flaky_cache_insert(1, Ok(1));
    world.advance(s(11));
    let_body(Body::Gives(Err(Failed)));
    assert_eq!((flaky(1), flaky(1), runs()), (Ok(1), Ok(1), 1));
    world.advance(s(2));
    assert_eq!((flaky(1), flaky(1), runs()), (Err(Failed), Err(Failed), 1));
}

#[test]
fn an_error_that_takes_no_values_place_keeps_the_body_from_running() {
    #[ttl_cache(ttl = "60s", err_ttl = "5s", refresh_ahead = "10s", stale_if_error = "60s")]
    fn ahead(_: u8) -> Result<u32, Failed> {
        body()
    }
    #[ttl_cache(ttl = "60s", err_ttl = "5s", stale_while_revalidate = "60s")]
    fn shown(_: u8) -> Result<u32, Failed> {
        body()
    }
    #[ttl_cache(ttl = "60s", err_ttl = "5s", refresh_ahead = "10s", spawn = run_later)]
    fn background(_: u8) -> Result<u32, Failed> {
        body()
    }
    let world = isolated();
    for insert in [ahead_cache_insert, shown_cache_insert, background_cache_insert] {
        insert(1, Ok(1));
    }
    let_body(Body::Gives(Err(Failed)));
    world.advance(s(51));
    assert_eq!((ahead(1), ahead(1), runs()), (Ok(1), Ok(1), 1), "about to expire");
    assert_eq!(ahead_cache_fetch(1).source, Source::Hit);
    for _ in 0..3 {
        assert_eq!(background(1), Ok(1));
        run_spawned();
    }
    assert_eq!(runs(), 1, "in the background");
    world.advance(s(5));
    assert_eq!((ahead(1), ahead(1), runs()), (Ok(1), Ok(1), 1), "is tried again");
    world.advance(s(14));
    assert_eq!((shown(1), shown(1), shown(1), runs()), (Err(Failed), Ok(1), Ok(1), 1));
    world.advance(s(5));
    assert_eq!((shown(1), shown(1), runs()), (Err(Failed), Ok(1), 1));
}

#[test]
fn an_error_that_is_inserted_takes_no_values_place() {
    #[ttl_cache(ttl = "60s", err_ttl = "5s")]
    fn kept(_: u8) -> Result<u32, Failed> {
        body()
    }
    let world = isolated();
    kept_cache_insert(1, Ok(1));
    kept_cache_insert(1, Err(Failed));
    assert_eq!(kept(1), Ok(1));
    world.advance(s(60));
    kept_cache_insert(1, Err(Failed));
    assert_eq!((kept(1), runs()), (Err(Failed), 0));
}

#[test]
fn an_error_in_the_body_is_not_stored() {
    #[ttl_cache(ttl = "60s")]
    fn plain() -> Result<u32, Failed> {
        body()
    }
    let _world = isolated();
    let_body(Body::Gives(Err(Failed)));
    assert_eq!((plain(), plain()), (Err(Failed), Err(Failed)));
    assert_eq!(runs(), 2);
    let info = plain_cache_info();
    assert_eq!((info.misses, info.failures, info.len), (2, 2, 0));
}

#[test]
fn an_on_error_that_panics_reaches_the_caller_and_the_cache_works_on() {
    #[ttl_cache(ttl = "60s", stale_if_error = "30s", on_error = |_, _| panic!("in on_error"))]
    fn shaky() -> Result<u32, Failed> {
        body()
    }
    let world = isolated();
    shaky_cache_insert(Ok(1));
    world.advance(s(60));
    let_body(Body::Gives(Err(Failed)));
    assert!(std::panic::catch_unwind(shaky).is_err());
    let_body(Body::Gives(Ok(2)));
    assert_eq!(shaky(), Ok(2));
}

/// Gives every key the same hash.
#[derive(Default)]
struct AllAlike;

impl Hasher for AllAlike {
    fn write(&mut self, _: &[u8]) {}

    fn finish(&self) -> u64 {
        7
    }
}

/// Declares the test for functions with these options beside its own.
macro_rules! a_key_of_the_same_hash_is_not_let_alone_with_another {
    ($name:ident $(, $option:ident = $value:ident)?) => {
        #[test]
        fn $name() {
            #[ttl_cache(
                ttl = "10s",
                err_ttl = "5s",
                stale_if_error = "60s",
                hasher = BuildHasherDefault::<AllAlike>::default()
                $(, $option = $value)?
            )]
            fn flaky(_: u8) -> Result<u32, Failed> {
                body()
            }
            let world = isolated();
            flaky_cache_insert(1, Ok(1));
            flaky_cache_insert(2, Ok(2));
            world.advance(s(10));
            let_body(Body::Gives(Err(Failed)));
            assert_eq!((flaky(1), flaky(1), runs()), (Ok(1), Ok(1), 1));
            let_body(Body::Gives(Ok(3)));
            assert_eq!((flaky(2), runs()), (Ok(3), 1), "its body has not failed");
        }
    };
}

a_key_of_the_same_hash_is_not_let_alone_with_another!(a_key_of_the_same_hash_is_not_let_alone);
a_key_of_the_same_hash_is_not_let_alone_with_another!(
    a_key_of_the_same_hash_is_not_let_alone_on_one_thread,
    scope = thread
);
