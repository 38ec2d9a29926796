//! Until when pairs are there, and what becomes of them then.

use std::rc::Rc;
use std::time::Duration;

use super::{SECOND, listener, take, timed};
use crate::RemovalCause::Expired;
use crate::map::Entry;
use crate::{ManualClock, TtlMap};

const NANO: Duration = Duration::from_nanos(1);

#[test]
fn a_pair_is_there_until_its_deadline_and_not_at_it() {
    let (builder, clock) = timed(10);
    let mut map = builder.build();
    clock.advance(SECOND);
    map.insert("a", 1);
    clock.advance(9 * SECOND + 999_999_999 * NANO);
    assert_eq!((map.get("a").copied(), map.ttl_of("a")), (Some(1), Some(NANO)));
    clock.advance(NANO);
    assert_eq!((map.peek("a"), map.ttl_of("a"), map.len()), (None, None, 0));
    assert!(!map.contains_key("a") && map.is_empty());
    assert_eq!((map.get("a").copied(), map.info().misses), (None, 1));
    assert_eq!(map.get_mut("a"), None);
    assert_eq!(map.remove("a"), None);
}

#[test]
fn replacing_renews_the_ttl_and_looking_up_does_not() {
    let (builder, clock) = timed(10);
    let mut map = builder.build();
    map.insert("a", 1);
    map.insert("b", 1);
    clock.advance(6 * SECOND);
    assert_eq!(map.insert("a", 2), Some(1));
    assert_eq!(map.get("b"), Some(&1));
    clock.advance(4 * SECOND);
    assert_eq!((map.get("a").copied(), map.get("b")), (Some(2), None));
    assert_eq!(map.ttl_of("a"), Some(6 * SECOND));
}

#[test]
fn a_stored_key_stays_until_its_time_is_over() {
    let (builder, clock) = timed(10);
    let mut map = builder.build();
    let (one, other) = (Rc::new(1), Rc::new(1));
    map.insert(Rc::clone(&one), ());
    map.insert(Rc::clone(&other), ());
    assert!(Rc::ptr_eq(map.keys().next().expect("one pair"), &one));
    clock.advance(10 * SECOND);
    map.insert(Rc::clone(&other), ());
    assert!(Rc::ptr_eq(map.keys().next().expect("one pair"), &other));
    assert_eq!((Rc::strong_count(&one), Rc::strong_count(&other)), (1, 2));
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn what_expires_in_one_instant_is_given_back_by_the_calls_that_follow() {
    let (builder, clock) = timed(10);
    let (heard, hear) = listener();
    let mut map = builder.maxsize(None).on_evict(hear).build();
    map.extend((0..10_000).map(|n| (n, n)));
    clock.advance(10 * SECOND);
    assert_eq!((map.len(), map.iter().len(), map.info().expirations), (0, 0, 0));
    for call in 1..=400 {
        map.get(&0);
        let given_back = map.info().expirations;
        assert!(given_back <= call * 256, "{given_back} in {call} calls");
    }
    assert_eq!((map.info().expirations, take(&heard).len()), (10_000, 10_000));
    assert!(map.stock.as_slice().is_empty(), "the memory has gone back");
}

#[test]
fn expire_hands_back_and_tells_nobody() {
    let (builder, clock) = timed(10);
    let (heard, hear) = listener();
    let mut map = builder.on_evict(hear).build();
    map.insert("a", 1);
    map.insert_with_ttl("b", 2, 20 * SECOND);
    map.insert_with_ttl("c", 3, 5 * SECOND);
    clock.advance(10 * SECOND);
    let mut expired = map.expire();
    expired.sort_unstable();
    assert_eq!(expired, [("a", 1), ("c", 3)]);
    assert_eq!((map.len(), map.info().expirations, take(&heard)), (1, 2, vec![]));
}

#[test]
fn a_value_written_over_an_expired_one_is_heard_of() {
    // More have expired than a call gives back unasked.
    let (builder, clock) = timed(10);
    let (heard, hear) = listener();
    let mut map = builder.maxsize(None).on_evict(hear).build();
    map.extend((0..100).map(|n| (n, "old")));
    clock.advance(10 * SECOND);
    assert_eq!(map.insert(99, "new"), None);
    assert!(take(&heard).contains(&(99, "old", Expired)));
    assert!(matches!(map.entry(98), Entry::Vacant(_)));
    assert!(take(&heard).contains(&(98, "old", Expired)));
    assert_eq!((map.get(&99).copied(), map.len()), (Some("new"), 1));
}

#[test]
fn a_ttl_of_zero_is_never_seen_and_ends_what_was_there() {
    let (builder, clock) = timed(10);
    let mut map = builder.build();
    assert_eq!(map.insert_with_ttl("a", 1, Duration::ZERO), None);
    map.insert("a", 2);
    assert_eq!(map.insert_with_ttl("a", 3, Duration::ZERO), Some(2));
    assert_eq!((map.len(), map.get("a")), (0, None));
    map.insert_with_ttl("a", 4, NANO);
    assert_eq!(map.get("a"), Some(&4));
    clock.advance(NANO);
    assert_eq!(map.get("a"), None);
    map.insert_with_ttl("a", 5, Duration::MAX);
    clock.advance(Duration::from_secs(1 << 33));
    assert_eq!(map.get("a"), Some(&5));

    let mut map = TtlMap::new(10, Duration::ZERO);
    map.insert("a", 1);
    assert_eq!(map.len(), 0);
    let mut map = TtlMap::builder().tti(Duration::ZERO).build();
    map.insert("a", 1);
    assert_eq!(map.len(), 0);
}

#[test]
fn a_pair_unused_for_too_long_expires_whatever_its_ttl() {
    let (builder, clock) = timed(100);
    let mut map = builder.tti(10 * SECOND).build();
    map.insert("a", 1);
    map.insert("b", 1);
    for _ in 0..9 {
        clock.advance(9 * SECOND);
        assert_eq!(map.get("a"), Some(&1));
        map.peek("b");
    }
    assert_eq!((map.peek("b"), map.ttl_of("a")), (None, Some(10 * SECOND)));
    clock.advance(9 * SECOND);
    assert_eq!(map.get_mut("a"), Some(&mut 1));
    assert_eq!(map.ttl_of("a"), Some(10 * SECOND), "its ttl is nearly over");
    clock.advance(9 * SECOND);
    assert!(matches!(map.entry("a"), Entry::Occupied(_)));
    assert_eq!(map.ttl_of("a"), Some(SECOND));
    clock.advance(SECOND);
    assert_eq!(map.get("a"), None);
}

#[test]
fn beside_a_tti_there_is_no_ttl_unless_said() {
    let clock = ManualClock::new();
    let built = || TtlMap::builder().tti(10 * SECOND).clock(clock.clone());
    let (mut unsaid, mut said) = (built().build(), built().ttl(15 * SECOND).build());
    unsaid.insert("a", 1);
    said.insert("a", 1);
    for _ in 0..100 {
        clock.advance(9 * SECOND);
        assert_eq!(unsaid.get("a"), Some(&1));
        said.get("a");
    }
    assert_eq!(said.get("a"), None);
}

#[test]
fn a_pair_may_have_a_ttl_of_its_own() {
    let (builder, clock) = timed(10);
    let seconds = |_: &&str, seconds: &u32| (*seconds > 0).then_some(*seconds * SECOND);
    let mut map = builder.expire_after(seconds).build();
    map.insert("own", 3);
    map.insert("the map's", 0);
    map.insert_with_ttl("given", 3, 5 * SECOND);
    let left = |map: &TtlMap<_, _>| ["own", "given", "the map's"].map(|key| map.ttl_of(key));
    assert_eq!(left(&map), [Some(3 * SECOND), Some(5 * SECOND), Some(10 * SECOND)]);
    clock.advance(5 * SECOND);
    assert_eq!(left(&map), [None, None, Some(5 * SECOND)]);
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn jitter_shortens_ttls() {
    let (builder, _clock) = timed(100);
    let mut map = builder.maxsize(None).jitter(0.5).build();
    map.extend((0..1_000).map(|n| (n, ())));
    let left: Vec<_> = (0..1_000).filter_map(|n| map.ttl_of(&n)).collect();
    assert!(left.iter().all(|left| (50 * SECOND..=100 * SECOND).contains(left)));
    assert!(left.iter().any(|left| *left < 60 * SECOND));
    assert!(left.iter().any(|left| *left > 90 * SECOND));
}

#[test]
#[should_panic(expected = "`jitter` of a `TtlMap` is 2")]
fn a_jitter_of_more_than_all_is_refused() {
    let _ = TtlMap::<u8, u8>::builder().jitter(2.0);
}

#[test]
fn a_clock_that_steps_back_harms_nothing() {
    #[derive(Clone, Default)]
    struct Set(std::sync::Arc<std::sync::atomic::AtomicU64>);
    impl crate::Clock for Set {
        fn now(&self) -> Duration {
            Duration::from_nanos(self.0.load(std::sync::atomic::Ordering::Relaxed))
        }
    }
    let clock = Set::default();
    let set = |now| clock.0.store(now, std::sync::atomic::Ordering::Relaxed);
    let mut map =
        TtlMap::builder().maxsize(3).ttl(Duration::from_nanos(100)).clock(clock.clone()).build();
    set(1_000);
    map.insert(1, 1);
    set(500);
    map.extend([(2, 2), (3, 3), (4, 4)]);
    map.stock.validate();
    assert_eq!(map.len(), 3);
    set(600);
    map.insert(5, 5);
    assert!(map.iter().all(|(key, _)| [1, 5].contains(key)), "those of 500 are over: {map:?}");
    set(1_100);
    assert_eq!((map.expire().len() as u64, map.len()), (map.stock.ledger().expirations() - 2, 0));
}
