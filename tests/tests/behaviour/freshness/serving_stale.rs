//! `stale_while_revalidate`.

use std::pin::pin;
use std::sync::mpsc;

use ttl_memo::testing::isolated;
use ttl_memo::{Source, ttl_cache};

use super::{Body, Failed, body, body_async, just_before, let_body, now, poll, runs, s};

#[ttl_cache(ttl = "60s", stale_while_revalidate = "30s")]
async fn page(_: u8) -> Result<u32, Failed> {
    body_async().await
}

#[test]
fn one_renews_while_the_others_are_answered_at_once() {
    let world = isolated();
    page_cache_insert(1, Ok(1));
    world.advance(s(60));
    let_body(Body::Hangs);
    let mut first = Box::pin(page(1));
    assert!(poll(first.as_mut()).is_pending());
    for _ in 0..3 {
        assert_eq!(now(page(1)), Ok(1));
    }
    assert_eq!(runs(), 1);
    let_body(Body::Gives(Ok(2)));
    assert_eq!(now(first.as_mut()), Ok(2));
    assert_eq!(now(page(1)), Ok(2));
    let info = page_cache_info();
    assert_eq!((info.hits, info.misses, info.stale, info.refreshes), (4, 1, 3, 0));
}

#[test]
fn threads_are_answered_while_another_is_in_the_body() {
    #[ttl_cache(ttl = "60s", stale_while_revalidate = "30s", skip(inside, go_on))]
    fn slow(inside: &mpsc::Sender<()>, go_on: &mpsc::Receiver<()>) -> u32 {
        inside.send(()).expect("the test listens");
        go_on.recv().expect("the test goes on");
        2
    }
    let world = isolated();
    let (inside, is_inside) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel();
    slow_cache_insert(1);
    world.advance(s(60));
    std::thread::scope(|scope| {
        let (world, inside) = (&world, inside.clone());
        let renewing = scope.spawn(move || world.run(|| slow(&inside, &may_go_on)));
        is_inside.recv().expect("it renews");
        let (nobody, nothing) = (mpsc::channel().0, mpsc::channel().1);
        assert_eq!(slow(&nobody, &nothing), 1);
        go_on.send(()).expect("it is still inside");
        assert_eq!(renewing.join().expect("it does not panic"), 2);
        assert_eq!(slow(&nobody, &nothing), 2);
    });
}

#[test]
fn the_window_ends_to_the_nanosecond() {
    let world = isolated();
    let_body(Body::Gives(Err(Failed)));
    for (after, in_window) in [(just_before(s(90)), true), (s(90), false)] {
        page_cache_insert(1, Ok(1));
        world.advance(after);
        let_body(Body::Hangs);
        let mut first = pin!(page(1));
        assert!(poll(first.as_mut()).is_pending());
        let mut second = pin!(page(1));
        assert_eq!(poll(second.as_mut()).is_ready(), in_window);
    }
}

#[test]
fn a_renewal_that_fails_leaves_the_value_and_does_not_prolong_it() {
    let world = isolated();
    page_cache_insert(1, Ok(1));
    world.advance(s(80));
    let_body(Body::Gives(Err(Failed)));
    assert_eq!(now(page(1)), Err(Failed), "whoever ran it gets the error");
    let_body(Body::Hangs);
    {
        let mut next = pin!(page(1));
        assert!(poll(next.as_mut()).is_pending(), "the next call tries again");
        assert_eq!(now(page(1)), Ok(1));
    }
    world.advance(s(10));
    let (mut one, mut other) = (pin!(page(1)), pin!(page(1)));
    assert!(poll(one.as_mut()).is_pending());
    assert!(poll(other.as_mut()).is_pending(), "90 s after it was stored it is over");
}

#[test]
fn a_renewal_that_is_dropped_or_panics_leaves_the_value() {
    let world = isolated();
    page_cache_insert(1, Ok(1));
    world.advance(s(60));
    let_body(Body::Hangs);
    let mut dropped = Box::pin(page(1));
    assert!(poll(dropped.as_mut()).is_pending());
    drop(dropped);
    let_body(Body::Panics);
    let panicked = std::panic::catch_unwind(|| now(page(1)));
    assert!(panicked.is_err());
    let_body(Body::Hangs);
    let mut next = pin!(page(1));
    assert!(poll(next.as_mut()).is_pending(), "the next call tries again");
    assert_eq!(now(page(1)), Ok(1));
    assert_eq!(page_cache_info().failures, 1);
}

#[test]
fn a_renewal_does_not_overwrite_what_was_stored_since() {
    let world = isolated();
    page_cache_insert(1, Ok(1));
    world.advance(s(60));
    let_body(Body::Hangs);
    let mut slow = pin!(page(1));
    assert!(poll(slow.as_mut()).is_pending());
    page_cache_insert(1, Ok(3));
    let_body(Body::Gives(Ok(2)));
    assert_eq!(now(slow.as_mut()), Ok(2), "its own caller gets it");
    assert_eq!(now(page(1)), Ok(3));
}

#[test]
fn a_stale_value_is_not_served_after_an_invalidation() {
    let world = isolated();
    let_body(Body::Hangs);
    let forgets: [fn(); 4] = [
        || assert!(!page_cache_invalidate(1), "it was not live"),
        || assert_eq!(page_cache_invalidate_if(|_| true), 0),
        page_cache_clear,
        ttl_memo::clear_all,
    ];
    for forget in forgets {
        page_cache_insert(1, Ok(1));
        world.advance(s(60));
        let mut renewing = Box::pin(page(1));
        assert!(poll(renewing.as_mut()).is_pending());
        forget();
        let mut later = Box::pin(page(1));
        assert!(poll(later.as_mut()).is_pending(), "neither stale nor joined");
        runs();
        let_body(Body::Gives(Ok(2)));
        assert_eq!(now(renewing), Ok(2));
        assert_eq!(page_cache_peek(1), None, "it began before");
        let_body(Body::Gives(Ok(3)));
        assert_eq!(now(later), Ok(3));
        assert_eq!(page_cache_peek(1), Some(Ok(3)));
        page_cache_clear();
        let_body(Body::Hangs);
    }
}

#[test]
fn a_tags_invalidation_reaches_stale_values() {
    #[ttl_cache(ttl = "60s", stale_while_revalidate = "30s", tags = |id, _| [format!("stale:{id}")])]
    fn tagged(_id: u8) -> u32 {
        body().expect("it gives a value")
    }
    let world = isolated();
    tagged_cache_insert(1, 1);
    world.advance(s(60));
    assert_eq!(ttl_memo::invalidate_tag("stale:1"), 0, "it was not live");
    let_body(Body::Gives(Ok(2)));
    assert_eq!(tagged_cache_fetch(1).source, Source::Miss);
    // As a renewal it would be a miss, too; but then an error would leave the old value.
    tagged_cache_insert(1, 1);
    world.advance(s(60));
    ttl_memo::invalidate_tag("stale:1");
    let_body(Body::Panics);
    assert!(std::panic::catch_unwind(|| tagged(1)).is_err());
    assert_eq!(tagged_cache_expire(), 0, "nothing was left to expire");
}

#[test]
fn a_fetch_tells_that_it_is_stale() {
    let world = isolated();
    page_cache_insert(1, Ok(1));
    world.advance(s(70));
    let_body(Body::Hangs);
    let mut renewing = pin!(page(1));
    assert!(poll(renewing.as_mut()).is_pending());
    let fetched = now(page_cache_fetch(1));
    assert_eq!((fetched.value, fetched.source), (Ok(1), Source::Stale));
    assert_eq!((fetched.age, fetched.expires_in), (s(70), Some(s(0))));
    assert_eq!(page_cache_peek(1), None, "peek gives live values only");
}

#[test]
fn a_body_may_call_its_own_function_while_it_renews() {
    #[ttl_cache(ttl = "60s", stale_while_revalidate = "30s")]
    fn counter(n: u32) -> u32 {
        if n == 0 { 0 } else { counter(n) + 1 }
    }
    let world = isolated();
    counter_cache_insert(5, 10);
    world.advance(s(60));
    assert_eq!(counter(5), 11, "the inner call is given the stale value");
    assert_eq!(counter_cache_peek(5), Some(11));
}

/// Whether `page` is live, in its window or gone: who renews it, if anybody.
async fn served(call: impl Fn() -> Call) -> &'static str {
    let mut first = call();
    if futures_lite::future::poll_once(first.as_mut()).await.is_some() {
        return "live";
    }
    match futures_lite::future::poll_once(call()).await {
        Some(_) => "stale",
        None => "gone",
    }
}

type Call = std::pin::Pin<Box<dyn Future<Output = Result<u32, Failed>>>>;

#[test]
fn a_window_counts_from_the_deadline_that_passed() {
    #[ttl_cache(ttl = "1h", tti = "60s", stale_while_revalidate = "30s")]
    async fn idle(_: u8) -> Result<u32, Failed> {
        body_async().await
    }
    #[ttl_cache(
        ttl = "1h",
        expire_after = |_, value| Some(s(u64::from(*value))),
        stale_while_revalidate = "30s"
    )]
    async fn own(_: u8) -> Result<u32, Failed> {
        body_async().await
    }
    let world = isolated();
    let_body(Body::Hangs);
    idle_cache_insert(1, Ok(60));
    own_cache_insert(1, Ok(100));
    let ask = || {
        let (idle, own) = (served(|| Box::pin(idle(1))), served(|| Box::pin(own(1))));
        (now(idle), now(own))
    };
    world.advance(s(40));
    assert_eq!(ask(), ("live", "live"));
    world.advance(just_before(s(60)));
    assert_eq!(ask(), ("live", "live"), "60 s after it was served last");
    world.advance(s(60));
    assert_eq!(ask(), ("stale", "gone"), "at 100 s and 160 s their time was over");
    world.advance(s(29));
    assert_eq!(ask(), ("stale", "gone"), "to be served stale is no use");
    world.advance(s(1));
    assert_eq!(ask(), ("gone", "gone"));
}
