//! When an entry is live.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ttl_memo::{Clock, ManualClock, TtlCache};

const SECOND: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_nanos(1);

/// Does something again and again until it gives `true`, and fails if it never does. Nothing is
/// asserted of how long it takes.
#[track_caller]
fn until(mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < 60 * SECOND, "it never comes to that");
        std::thread::yield_now();
    }
}

fn with(ttl: Duration) -> (TtlCache<u8, u8>, ManualClock) {
    let clock = ManualClock::new();
    (TtlCache::builder().ttl(ttl).clock(clock.clone()).build(), clock)
}

#[test]
fn an_entry_is_live_before_its_deadline_and_never_at_it() {
    for ttl in [TICK, 2 * TICK, SECOND, 365 * 24 * 3_600 * SECOND] {
        let (cache, clock) = with(ttl);
        clock.advance(7 * SECOND);
        cache.insert(1, 1);
        clock.advance(ttl.checked_sub(TICK).unwrap());
        assert_eq!((cache.get(&1), cache.peek(&1), cache.len()), (Some(1), Some(1), 1), "{ttl:?}");
        assert_eq!(cache.expire(), 0);
        clock.advance(TICK);
        assert_eq!((cache.get(&1), cache.peek(&1), cache.len()), (None, None, 0), "{ttl:?}");
        assert!(!cache.contains_key(&1) && !cache.invalidate(&1) && cache.iter().count() == 0);
    }
}

#[test]
fn without_a_ttl_an_entry_lives_for_ever() {
    for ttl in [None, Some(Duration::MAX)] {
        let clock = ManualClock::new();
        let cache = TtlCache::builder().ttl(ttl).clock(clock.clone()).build();
        clock.advance(SECOND);
        cache.insert(1, 1);
        clock.advance(Duration::MAX);
        assert_eq!((cache.get(&1), cache.expire(), cache.len()), (Some(1), 0, 1));
    }
}

#[test]
fn a_load_is_stored_when_it_returns() {
    let (cache, clock) = with(SECOND);
    cache.get_or_insert_with(1, || {
        clock.advance(10 * SECOND);
        1
    });
    clock.advance(SECOND.checked_sub(TICK).unwrap());
    assert_eq!(cache.get(&1), Some(1));
    clock.advance(TICK);
    assert_eq!(cache.get(&1), None);
    assert_eq!(cache.info().compute_time, 10 * SECOND);
}

#[test]
fn storing_again_begins_anew() {
    let (cache, clock) = with(SECOND);
    for _ in 0..3 {
        cache.insert(1, 1);
        clock.advance(SECOND / 2);
    }
    assert_eq!(cache.get(&1), Some(1));
    clock.advance(SECOND / 2);
    assert_eq!(cache.get(&1), None);
}

#[test]
fn expire_drops_what_is_past_and_counts_it() {
    let (cache, clock) = with(SECOND);
    (0..10).for_each(|key| cache.insert(key, key));
    clock.advance(SECOND / 2);
    (10..15).for_each(|key| cache.insert(key, key));
    clock.advance(SECOND / 2);
    let expired = cache.expire() as u64 + (cache.info().expirations - 10);
    assert_eq!(expired, 10, "what was not dropped before");
    assert_eq!((cache.info().expirations, cache.len(), cache.expire()), (10, 5, 0));
}

#[test]
fn expired_entries_are_given_back_by_later_calls() {
    let clock = ManualClock::new();
    let value = Arc::new(());
    let cache = TtlCache::builder().maxsize(None).ttl(SECOND).clock(clock.clone()).build();
    (0..1_000).for_each(|key| cache.insert(key, Arc::clone(&value)));
    cache.insert_with_ttl(5_000, Arc::new(()), Duration::MAX);
    clock.advance(SECOND);
    assert_eq!(cache.len(), 1);
    cache.expire();
    // What other threads may be looking at is dropped later.
    until(|| {
        cache.insert_with_ttl(5_000, Arc::new(()), Duration::MAX);
        Arc::strong_count(&value) == 1
    });
    assert_eq!(cache.len(), 1);
}

#[test]
fn hits_alone_give_expired_entries_back() {
    let clock = ManualClock::new();
    let value = Arc::new(());
    let cache = TtlCache::builder().maxsize(None).ttl(SECOND).clock(clock.clone()).build();
    (0..1_000).for_each(|key| cache.insert(key, Arc::clone(&value)));
    cache.insert_with_ttl(5_000, Arc::new(()), Duration::MAX);
    clock.advance(SECOND);
    until(|| {
        cache.get(&5_000);
        Arc::strong_count(&value) < 100
    });
}

#[test]
fn a_tti_counts_from_the_last_time_an_entry_was_served() {
    let clock = ManualClock::new();
    let cache = TtlCache::builder().tti(2 * SECOND).ttl(5 * SECOND).clock(clock.clone()).build();
    cache.insert(1, 1);
    cache.insert(2, 2);
    clock.advance(SECOND);
    assert_eq!(cache.get(&1), Some(1));
    assert_eq!(cache.peek(&2), Some(2), "no use");
    assert!(cache.contains_key(&2), "nor this");
    clock.advance(SECOND);
    assert_eq!((cache.get(&1), cache.get(&2)), (Some(1), None));
    assert_eq!(cache.get_or_insert_with(1, || unreachable!()), 1);
    clock.advance(2 * SECOND.checked_sub(TICK).unwrap());
    assert_eq!(cache.get(&1), Some(1));
    clock.advance(SECOND + 2 * TICK);
    assert_eq!(cache.get(&1), None, "whatever is served, the ttl ends it");
}

#[test]
fn a_clock_that_steps_back_harms_nothing() {
    #[derive(Clone)]
    struct Steps(Arc<AtomicU64>);
    impl Clock for Steps {
        fn now(&self) -> Duration {
            Duration::from_secs(self.0.load(Ordering::Relaxed))
        }
    }
    let clock = Steps(Arc::new(AtomicU64::new(1_000)));
    let cache = TtlCache::builder().maxsize(10).ttl(10 * SECOND).clock(clock.clone()).build();
    for (at, now) in [1_000, 500, 1_005, 3, 2_000, 0, 1_999].into_iter().enumerate() {
        clock.0.store(now, Ordering::Relaxed);
        let at = u64::try_from(at).unwrap();
        for key in 0..20 {
            cache.insert((at, key), key);
            assert_eq!(cache.get(&(at, key)), Some(key));
            assert_eq!(cache.get_or_insert_with((at, key), || unreachable!()), key);
        }
        assert!(cache.len() <= 10);
        cache.expire();
    }
    clock.0.store(u64::MAX, Ordering::Relaxed);
    assert_eq!(cache.len(), 0);
    cache.insert((0, 0), 1);
    cache.expire();
}

#[test]
fn the_systems_clock_serves() {
    let cache = TtlCache::new(10, 3_600 * SECOND);
    cache.insert(1, 1);
    assert_eq!(cache.get(&1), Some(1));
    cache.insert_with_ttl(1, 2, TICK);
    while cache.get(&1).is_some() {}
    assert_eq!((cache.len(), cache.get(&1)), (0, None));
}

#[test]
fn a_sweep_drops_what_was_evicted_before_it() {
    let (value, cache) = (Arc::new(()), TtlCache::new(1_000, None));
    (0..1_020).for_each(|key| cache.insert(key, Arc::clone(&value)));
    // Once, unless a call in another test looks something up at this very moment.
    until(|| {
        assert_eq!(cache.expire(), 0);
        Arc::strong_count(&value) == 1 + 1_000
    });
}
