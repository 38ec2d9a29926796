//! One promise a test.

use std::rc::Rc;
use std::time::Duration;

use super::{SECOND, listener, take};
use crate::RemovalCause::{Expired, Invalidated, Replaced, Size};
use crate::map::Entry;
use crate::{ManualClock, Policy, TooHeavy, TtlMap, TtlMapBuilder};

const NANO: Duration = Duration::from_nanos(1);

fn timed<K, V>(seconds: u32) -> (TtlMapBuilder<K, V>, ManualClock) {
    let clock = ManualClock::new();
    let builder = TtlMap::builder().ttl(seconds * SECOND).clock(clock.clone());
    (builder, clock)
}

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
fn expired_pairs_make_room_before_live_ones_whatever_the_policy() {
    for policy in [Policy::Adaptive, Policy::Lru, Policy::Fifo, Policy::Lfu, Policy::Random] {
        let (builder, clock) = timed(10);
        let mut map = builder.maxsize(100).policy(policy).build();
        map.extend((0..99).map(|n| (n, n)));
        map.insert_with_ttl(99, 99, SECOND);
        clock.advance(SECOND);
        // The last used, and often.
        (0..9).for_each(|_| assert_eq!(map.get(&5), Some(&5)));
        map.insert(100, 100);
        assert_eq!((map.len(), map.info().evictions), (100, 0), "{policy}");
    }
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn the_bound_is_exact_and_the_new_pair_stays() {
    for policy in [Policy::Adaptive, Policy::Lru, Policy::Fifo, Policy::Lfu, Policy::Random] {
        for maxsize in [1, 2, 3, 17, 1_000] {
            let mut map = TtlMap::builder().maxsize(maxsize).policy(policy).build();
            for n in 0..2 * maxsize {
                map.insert(n, n);
                assert_eq!(map.len(), (n + 1).min(maxsize), "{policy}");
                assert_eq!(map.peek(&n), Some(&n), "{policy}");
                map.get(&(n / 2));
            }
            assert_eq!(map.info().evictions, maxsize as u64);
        }
    }
}

#[test]
fn a_map_of_no_size_holds_nothing() {
    let (heard, hear) = listener();
    let mut map = TtlMap::builder().maxsize(0).on_evict(hear).build();
    assert_eq!(map.insert("a", 1), None);
    assert!(matches!(map.try_insert("a", 1), Err(TooHeavy { weight: 1, maxsize: 0, .. })));
    *map.entry("a").or_insert(1) += 1;
    assert_eq!((map.peek("a"), map.len(), map.iter().next()), (None, 0, None));
    assert_eq!((map.pop(), map.expire()), (None, vec![]));
    assert_eq!(take(&heard), []);
}

#[test]
fn a_map_of_any_size_allocates_nothing_ahead() {
    let mut map = TtlMap::new(usize::MAX, Duration::MAX);
    map.insert(1, 1);
    assert_eq!((map.len(), map.ttl_of(&1)), (1, Some(Duration::MAX)));
    assert_eq!(map.info().maxsize, Some(usize::MAX));
    assert!(map.stock.as_slice().len() == 1);
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
fn what_is_too_heavy_is_handed_back_or_dropped() {
    let (heard, hear) = listener();
    let weigher = |_: &i32, text: &&str| text.len();
    let mut map = TtlMap::builder().maxsize(10).weigher(weigher).on_evict(hear).build();
    map.insert(1, "four");
    let refused = map.try_insert(1, "eleven.....").expect_err("too heavy");
    assert_eq!(
        (refused.key, refused.value, refused.weight, refused.maxsize),
        (1, "eleven.....", 11, 10)
    );
    assert_eq!((map.peek(&1), map.weight()), (Some(&"four"), 4));
    // What stood there leaves, and is handed back.
    assert_eq!(map.insert(1, "eleven....."), Some("four"));
    assert_eq!((map.len(), take(&heard)), (0, vec![]));
    map.insert(2, "four");
    map.insert(3, "four");
    assert_eq!(map.insert(2, "seven.."), Some("four"));
    assert_eq!((map.weight(), take(&heard)), (7, vec![(3, "four", Size)]));
    map.extend([(2, "eleven.....")]);
    assert_eq!((map.len(), take(&heard)), (0, vec![(2, "seven..", Invalidated)]));
}

#[test]
fn pairs_without_weight_are_held_at_no_cost() {
    let mut map = TtlMap::builder().maxsize(3).weigher(|_, weight: &usize| *weight).build();
    map.extend((0..1_000).map(|n| (n, 0)));
    map.insert(1_000, 3);
    assert_eq!((map.len(), map.weight()), (1_001, 3));
    map.insert(1_001, 3);
    assert_eq!((map.weight(), map.peek(&1_001)), (3, Some(&3)));
}

#[test]
fn each_removal_is_heard_once_with_its_cause() {
    let (builder, clock) = timed(10);
    let (heard, hear) = listener();
    let mut map = builder.maxsize(2).policy(Policy::Lru).on_evict(hear).build();
    map.insert("a", 1);
    map.insert("a", 2);
    assert_eq!(take(&heard), [], "handed back");
    map.extend([("a", 3)]);
    assert_eq!(take(&heard), [("a", 2, Replaced)]);
    map.extend([("b", 1), ("c", 1)]);
    assert_eq!(take(&heard), [("a", 3, Size)]);
    clock.advance(10 * SECOND);
    map.tend(0);
    assert_eq!(map.insert("b", 2), None);
    let mut all = take(&heard);
    all.sort_unstable_by_key(|(key, ..)| *key);
    assert_eq!(all, [("b", 1, Expired), ("c", 1, Expired)]);
    map.retain(|_, _| false);
    assert_eq!(take(&heard), [("b", 2, Invalidated)]);
    map.insert("d", 1);
    map.insert_with_ttl("e", 1, SECOND);
    clock.advance(SECOND);
    map.clear();
    assert_eq!(take(&heard), [("d", 1, Invalidated), ("e", 1, Expired)]);
    map.extend([("f", 1), ("g", 1), ("h", 1)]);
    assert_eq!(take(&heard), [("f", 1, Size)]);
    assert_eq!((map.remove("g"), map.pop()), (Some(1), Some(("h", 1))));
    map.insert("i", 1);
    drop(map);
    assert_eq!(take(&heard), []);
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
fn pop_takes_what_the_policy_would_evict_next_and_only_live_pairs() {
    let (builder, clock) = timed(10);
    let mut map = builder.policy(Policy::Fifo).build();
    map.insert_with_ttl("old", 0, SECOND);
    map.extend([("a", 1), ("b", 2), ("c", 3)]);
    map.get("a");
    clock.advance(SECOND);
    assert_eq!((map.pop(), map.pop()), (Some(("a", 1)), Some(("b", 2))));
    clock.advance(9 * SECOND);
    assert_eq!(map.pop(), None);
    assert_eq!((map.info().evictions, map.info().expirations), (0, 2));
    for policy in [Policy::Adaptive, Policy::Random, Policy::Lfu, Policy::Lru] {
        let mut map = TtlMap::builder().policy(policy).build();
        map.extend((0..100).map(|n| (n, n)));
        let mut popped: Vec<_> = std::iter::from_fn(|| map.pop()).map(|(n, _)| n).collect();
        popped.sort_unstable();
        assert!(popped.into_iter().eq(0..100), "{policy}");
    }
}

#[test]
fn the_policies_order_is_theirs() {
    let next = |policy| {
        let mut map = TtlMap::builder().maxsize(3).policy(policy).build();
        map.extend([("a", 0), ("b", 0), ("c", 0)]);
        for key in ["b", "a", "a", "b", "c", "a"] {
            map.get(key);
        }
        map.insert("a", 1);
        map.pop().map(|(key, _)| key)
    };
    assert_eq!(next(Policy::Lru), Some("b"));
    assert_eq!(next(Policy::Fifo), Some("b"));
    assert_eq!(next(Policy::Lfu), Some("c"));
}

#[test]
fn an_entry_sees_and_changes_its_place() {
    let (builder, clock) = timed(10);
    let mut map = builder.build();
    let Entry::Vacant(vacant) = map.entry("a") else { panic!("nothing is there") };
    assert_eq!(vacant.insert(1), &1);
    clock.advance(9 * SECOND);
    let Entry::Occupied(mut occupied) = map.entry("a") else { panic!("it is there") };
    assert_eq!((occupied.key(), occupied.get()), (&"a", &1));
    assert_eq!(occupied.insert(2), 1);
    assert_eq!(map.ttl_of("a"), Some(10 * SECOND));
    clock.advance(10 * SECOND);
    assert_eq!(map.entry("a").or_insert_with(|| 3), &3);
    assert_eq!(map.entry("a").and_modify(|value| *value += 1).or_default(), &4);
    let info = map.info();
    assert_eq!((info.hits, info.misses, info.expirations), (2, 2, 1));
}

#[test]
fn an_entry_that_cannot_be_stored_is_held_until_the_next_call() {
    let value = Rc::new(());
    let weigher = |_: &i32, (_, weight): &(Rc<()>, usize)| *weight;
    let mut map = TtlMap::builder().maxsize(10).weigher(weigher).build();
    let weighing = |weight| (Rc::clone(&value), weight);
    let mut entry = map.entry(1).insert_entry(weighing(11));
    assert_eq!((entry.key(), entry.get().1), (&1, 11));
    entry.get_mut().1 = 12;
    assert_eq!(entry.into_mut().1, 12);
    assert_eq!((map.len(), map.weight(), Rc::strong_count(&value)), (0, 0, 2));
    map.get(&1);
    assert_eq!(Rc::strong_count(&value), 1);
    // From limbo into the map, and back.
    let mut entry = map.entry(1).insert_entry(weighing(11));
    assert_eq!((entry.insert(weighing(3)).1, entry.get().1), (11, 3));
    assert_eq!((entry.insert(weighing(20)).1, entry.get().1), (3, 20));
    assert_eq!((entry.insert(weighing(21)).1, entry.get().1), (20, 21));
    assert_eq!(entry.remove_entry().1.1, 21);
    assert_eq!(map.entry(1).insert_entry(weighing(3)).remove().1, 3);
    assert_eq!((map.len(), Rc::strong_count(&value)), (0, 1));
    map.entry(1).or_insert(weighing(11));
    assert_eq!(map.clone().len() + map.iter().len(), 0);
    drop(map);
    assert_eq!(Rc::strong_count(&value), 1);
}

#[test]
fn a_heavier_value_in_its_place_evicts_others() {
    let mut map =
        TtlMap::builder().maxsize(10).policy(Policy::Lru).weigher(|_, w: &usize| *w).build();
    map.extend([(1, 3), (2, 3), (3, 3)]);
    let Entry::Occupied(mut entry) = map.entry(1) else { panic!("it is there") };
    assert_eq!(entry.insert(5), 3);
    assert_eq!(entry.get(), &5);
    assert_eq!((map.weight(), map.peek(&2)), (8, None));
}

#[test]
fn only_live_pairs_are_gone_through() {
    let (builder, clock) = timed(10);
    let mut map = builder.build();
    map.insert_with_ttl(0, 0, SECOND);
    map.extend([(1, 10), (2, 20)]);
    clock.advance(SECOND);
    let sorted = |mut pairs: Vec<(i32, i32)>| {
        pairs.sort_unstable();
        pairs
    };
    let expected = vec![(1, 10), (2, 20)];
    assert_eq!(sorted(map.iter().map(|(k, v)| (*k, *v)).collect()), expected);
    assert_eq!(sorted((&map).into_iter().map(|(k, v)| (*k, *v)).collect()), expected);
    assert_eq!((map.iter().len(), map.keys().len(), map.values().len()), (2, 2, 2));
    assert_eq!(format!("{map:?}"), "{1: 10, 2: 20}");
    for (_, value) in &mut map {
        *value += 1;
    }
    map.values_mut().for_each(|value| *value += 1);
    assert_eq!(map.values().sum::<i32>(), 34);
    assert_eq!(map.keys().sum::<i32>(), 3);
    map.retain(|key, value| {
        assert_ne!(*key, 0, "it has expired");
        *value += 1;
        *key == 1
    });
    assert_eq!(map.clone().into_iter().collect::<Vec<_>>(), [(1, 13)]);
    assert_eq!(map.into_iter().len(), 1);
}

#[test]
fn what_iteration_shows_is_decided_when_it_begins() {
    let (builder, clock) = timed(10);
    let mut map = builder.build();
    map.extend([(1, 1), (2, 2)]);
    let mut pairs = map.iter();
    clock.advance(10 * SECOND);
    assert_eq!((pairs.len(), pairs.by_ref().count(), map.iter().count()), (2, 2, 0));
}

#[test]
fn a_clone_goes_its_own_way() {
    let (builder, clock) = timed(10);
    let (heard, hear) = listener();
    let mut map = builder.policy(Policy::Lru).maxsize(3).on_evict(hear).build();
    map.insert_with_ttl("old", 0, SECOND);
    map.extend([("a", 1), ("b", 2)]);
    map.get("a");
    clock.advance(SECOND);
    let mut clone = map.clone();
    clone.stock.validate();
    assert_eq!(
        (clone.len(), clone.stock.ledger().len(), clone.ttl_of("a")),
        (2, 2, Some(9 * SECOND))
    );
    assert_eq!((clone.info().hits, take(&heard)), (1, vec![]));
    assert_eq!((clone.pop(), map.len()), (Some(("b", 2)), 2));
    map.clear();
    assert_eq!(clone.get("a"), Some(&1));
    clock.advance(9 * SECOND);
    assert_eq!((clone.get("a").copied(), clone.info().expirations), (None, 1));
}

#[test]
fn clear_starts_anew() {
    let mut map = TtlMap::new(2, None);
    map.extend([(1, 1), (2, 2), (3, 3)]);
    map.get(&3);
    map.get(&0);
    map.clear();
    let info = map.info();
    assert_eq!((info.hits, info.misses, info.evictions, info.len), (0, 0, 0, 0));
    map.stock.validate();
    map.extend([(1, 1), (2, 2), (3, 3)]);
    assert_eq!((map.len(), map.info().evictions), (2, 1));
}

#[test]
fn keys_are_found_by_what_they_borrow() {
    let mut map = TtlMap::new(10, None);
    map.insert("a".to_owned(), 1);
    assert_eq!((map.get("a").copied(), map.peek("a")), (Some(1), Some(&1)));
    assert!(map.contains_key("a") && map.ttl_of("a") == Some(Duration::MAX));
    assert_eq!(map.remove_entry("a"), Some(("a".to_owned(), 1)));
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn hash_functions_that_leave_half_of_the_bits_alone_do() {
    #[derive(Default)]
    struct High(u64);
    impl std::hash::Hasher for High {
        fn finish(&self) -> u64 {
            self.0 << 40
        }
        fn write(&mut self, _: &[u8]) {}
        fn write_u64(&mut self, key: u64) {
            self.0 = key;
        }
    }
    let hasher = std::hash::BuildHasherDefault::<High>::default();
    let mut map = TtlMap::builder().maxsize(None).hasher(hasher).build();
    map.extend((0..10_000_u64).map(|n| (n, n)));
    assert!((0..10_000).all(|n| map.get(&n) == Some(&n)));
}

#[test]
fn keys_with_one_hash_are_told_apart() {
    #[derive(Default)]
    struct Same;
    impl std::hash::Hasher for Same {
        fn finish(&self) -> u64 {
            7
        }
        fn write(&mut self, _: &[u8]) {}
    }
    let hasher = std::hash::BuildHasherDefault::<Same>::default();
    let mut map = TtlMap::builder().maxsize(50).hasher(hasher).build();
    map.extend((0..100_u64).map(|n| (n, n)));
    assert_eq!(map.len(), 50);
    assert!(map.iter().all(|(key, value)| key == value && map.peek(key) == Some(value)));
    (0..100).for_each(|n| _ = map.remove(&n));
    map.stock.validate();
}

#[test]
fn pairs_of_no_size_are_pairs() {
    let mut map = TtlMap::new(10, SECOND);
    assert_eq!((map.insert((), ()), map.insert((), ())), (None, Some(())));
    assert_eq!((map.len(), map.get(&())), (1, Some(&())));
    assert_eq!(map.pop(), Some(((), ())));
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

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn memory_follows_what_is_held() {
    let mut map = TtlMap::new(None, None);
    map.extend((0..10_000).map(|n| (n, n)));
    map.retain(|n, _| *n < 100);
    assert!(map.stock.as_slice().len() <= 200, "{} slots", map.stock.as_slice().len());
    map.stock.validate();
    // The lowest place is filled first, so the end becomes free again.
    map.extend((10_000..20_000).map(|n| (n, n)));
    map.retain(|n, _| *n < 10_100 && *n >= 10_000);
    map.extend((0..50).map(|n| (n, n)));
    map.retain(|n, _| *n < 50);
    assert!(map.stock.as_slice().len() <= 200, "{} slots", map.stock.as_slice().len());
    map.stock.validate();
}

#[test]
fn a_map_is_sent_where_its_pairs_may_go() {
    fn sent<T: Send>(_: &T) {}
    fn shared<T: Sync>(_: &T) {}
    let map: TtlMap<String, std::cell::Cell<u8>> = TtlMap::new(1, None);
    sent(&map);
    let map: TtlMap<String, u8> = TtlMap::new(1, None);
    shared(&map);
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
