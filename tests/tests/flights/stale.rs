//! Values past their deadline: served while one caller renews them, or instead of an error.

use std::time::Duration;

use ttl_memo::{ManualClock, TtlCache};

use super::hand::{Gate, Task, panics};

const SECOND: Duration = Duration::from_secs(1);

/// A ttl and windows of a second each, and a value stored a second ago.
fn stale(while_revalidate: bool, if_error: bool) -> (TtlCache<u64, u64>, ManualClock) {
    let clock = ManualClock::new();
    let mut builder = TtlCache::builder().ttl(SECOND).clock(clock.clone());
    if while_revalidate {
        builder = builder.stale_while_revalidate(SECOND);
    }
    if if_error {
        builder = builder.stale_if_error(SECOND);
    }
    let cache = builder.build();
    cache.insert(1, 10);
    clock.advance(SECOND);
    (cache, clock)
}

/// `(hits, misses, stale, failures)`
fn counts(cache: &TtlCache<u64, u64>) -> (u64, u64, u64, u64) {
    let info = cache.info();
    (info.hits, info.misses, info.stale, info.failures)
}

#[test]
fn one_renews_while_the_others_are_served() {
    let (cache, clock) = stale(true, false);
    assert_eq!((cache.get(&1), cache.peek(&1), cache.len()), (None, None, 0), "not live");
    cache.clear();
    cache.insert(1, 10);
    clock.advance(SECOND);
    let gate = Gate::default();
    let mut renewal = Task::begun(cache.get_or_insert_async(1, async || {
        gate.passed().await;
        11
    }));
    assert_eq!(cache.get_or_insert_with(1, || unreachable!()), 10);
    let mut task = Task::new(cache.get_or_insert_async(1, async || unreachable!()));
    assert_eq!(task.poll(), Some(10));
    assert_eq!(counts(&cache), (2, 1, 2, 0));
    gate.open();
    assert_eq!((renewal.poll(), cache.get(&1)), (Some(11), Some(11)));
    assert_eq!(counts(&cache), (3, 1, 2, 0));
}

#[test]
fn a_renewal_that_fails_leaves_the_value_for_its_window() {
    let (cache, clock) = stale(true, false);
    assert_eq!(cache.try_get_or_insert_with(1, || Err("down")), Err("down"));
    assert!(panics(|| cache.get_or_insert_with(1, || panic!("in the body"))));
    drop(Task::begun(cache.get_or_insert_async(1, std::future::pending)));
    let gate = Gate::default();
    let mut renewal = Task::begun(cache.try_get_or_insert_async(1, async || {
        gate.passed().await;
        Err("still down")
    }));
    assert_eq!(cache.get_or_insert_with(1, || unreachable!()), 10, "as it was");
    gate.open();
    assert_eq!(renewal.poll(), Some(Err("still down")));
    assert_eq!(counts(&cache), (1, 4, 1, 3));
    clock.advance(SECOND);
    assert_eq!(cache.get_or_insert_with(1, || 12), 12, "the window is over");
}

#[test]
fn at_the_windows_end_a_renewal_is_joined() {
    let (cache, clock) = stale(true, false);
    let gate = Gate::default();
    let mut renewal = Task::begun(cache.get_or_insert_async(1, async || {
        gate.passed().await;
        11
    }));
    clock.advance(SECOND);
    let mut waiter = Task::begun(cache.get_or_insert_async(1, async || unreachable!()));
    gate.open();
    assert_eq!((renewal.poll(), waiter.poll()), (Some(11), Some(11)));
    assert_eq!(counts(&cache), (1, 1, 0, 0));
}

#[test]
fn without_single_flight_there_is_still_one_renewal() {
    let clock = ManualClock::new();
    let cache: TtlCache<u64, u64> = TtlCache::builder()
        .ttl(SECOND)
        .stale_while_revalidate(SECOND)
        .single_flight(false)
        .clock(clock.clone())
        .build();
    cache.insert(1, 10);
    clock.advance(SECOND);
    let gate = Gate::default();
    let mut renewal = Task::begun(cache.get_or_insert_async(1, async || {
        gate.passed().await;
        11
    }));
    assert_eq!(cache.get_or_insert_with(1, || unreachable!()), 10);
    gate.open();
    assert_eq!(renewal.poll(), Some(11));
}

#[test]
fn invalidations_end_stale_values_too() {
    let invalidations: [fn(&TtlCache<u64, u64>); 5] = [
        TtlCache::clear,
        |cache| assert!(!cache.invalidate(&1)),
        |cache| assert_eq!(cache.retain(|_, _| false), 0),
        |cache| {
            cache.set_enabled(false);
            cache.set_enabled(true);
        },
        |cache| cache.insert_with_ttl(1, 0, Duration::ZERO),
    ];
    for (at, invalidate) in invalidations.into_iter().enumerate() {
        if at == 2 {
            // The stand-in for the store shows live entries only.
            continue;
        }
        let (cache, _clock) = stale(true, true);
        let gate = Gate::default();
        let mut renewal = Task::begun(cache.get_or_insert_async(1, async || {
            gate.passed().await;
            11
        }));
        invalidate(&cache);
        assert_eq!(cache.try_get_or_insert_with(1, || Err("down")), Err("down"), "{at}");
        gate.open();
        assert_eq!((renewal.poll(), cache.peek(&1)), (Some(11), None));
    }
}

#[test]
#[ignore = "needs the engine"]
fn retain_and_tags_end_stale_values_too() {
    let clock = ManualClock::new();
    let cache: TtlCache<u64, u64> = TtlCache::builder()
        .ttl(SECOND)
        .stale_while_revalidate(SECOND)
        .tags(|key, _| [format!("stale {key}")])
        .clock(clock.clone())
        .build();
    (1..4).for_each(|key| cache.insert(key, 10));
    clock.advance(SECOND);
    assert_eq!((cache.iter().count(), cache.retain(|key, _| *key != 1)), (0, 0));
    assert_eq!(ttl_memo::invalidate_tag("stale 2"), 0);
    let gate = Gate::default();
    let load = async || {
        gate.passed().await;
        11
    };
    let mut calls: Vec<_> =
        (1..4).map(|key| Task::begun(cache.get_or_insert_async(key, load))).collect();
    // What is there still is served to all but one.
    let mut waiters: Vec<_> =
        (1..3).map(|key| Task::begun(cache.get_or_insert_async(key, load))).collect();
    assert_eq!(cache.get_or_insert_with(3, || unreachable!()), 10);
    gate.open();
    assert!(calls.iter_mut().chain(&mut waiters).all(|call| call.poll() == Some(11)));
}

#[test]
fn a_value_stands_in_for_an_error() {
    let (cache, clock) = stale(false, true);
    assert_eq!(cache.try_get_or_insert_with(1, || Err("down")), Ok(10));
    assert_eq!(counts(&cache), (0, 1, 1, 1), "a miss, stale and a failure");
    let mut call = Task::new(cache.try_get_or_insert_async(1, async || Err("down")));
    assert_eq!(call.poll(), Some(Ok(10)));
    assert_eq!(cache.try_get_or_insert_with(2, || Err("down")), Err("down"), "nothing there");
    assert!(panics(|| cache.get_or_insert_with(1, || panic!("no error"))));
    clock.advance(Duration::from_nanos(999_999_999));
    assert_eq!(cache.try_get_or_insert_with(1, || Err("down")), Ok(10));
    clock.advance(Duration::from_nanos(1));
    assert_eq!(cache.try_get_or_insert_with(1, || Err("down")), Err("down"));
    assert_eq!(cache.try_get_or_insert_with(1, || Ok::<_, ()>(11)), Ok(11));
}

#[test]
fn those_who_wait_get_the_value_that_stands_in() {
    let (cache, _clock) = stale(false, true);
    let gate = Gate::default();
    let mut leader = Task::begun(cache.try_get_or_insert_async(1, async || {
        gate.passed().await;
        Err("down")
    }));
    let load = async || -> Result<u64, &str> { unreachable!() };
    let mut waiter = Task::begun(cache.try_get_or_insert_async(1, load));
    gate.open();
    assert_eq!((leader.poll(), waiter.poll()), (Some(Ok(10)), Some(Ok(10))));
    assert_eq!((counts(&cache), cache.info().coalesced), ((1, 1, 2, 1), 1));
}

#[test]
fn both_windows_count_from_the_deadline() {
    let clock = ManualClock::new();
    let cache: TtlCache<u64, u64> = TtlCache::builder()
        .ttl(SECOND)
        .stale_while_revalidate(SECOND)
        .stale_if_error(3 * SECOND)
        .clock(clock.clone())
        .build();
    cache.insert(1, 10);
    clock.advance(2 * SECOND);
    let gate = Gate::default();
    let mut leader = Task::begun(cache.try_get_or_insert_async(1, async || {
        gate.passed().await;
        Err(())
    }));
    // Past the first window: nobody is served without the body.
    let mut waiter = Task::begun(cache.try_get_or_insert_async(1, async || Err(())));
    clock.advance(SECOND);
    gate.open();
    assert_eq!((leader.poll(), waiter.poll()), (Some(Ok(10)), Some(Ok(10))));
    clock.advance(SECOND);
    assert_eq!(cache.try_get_or_insert_with(1, || Err(())), Err(()), "not prolonged");
}
