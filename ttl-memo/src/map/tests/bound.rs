//! How much is held, and which pair goes.

use std::time::Duration;

use super::{SECOND, listener, take, timed};
use crate::RemovalCause::{Invalidated, Size};
use crate::map::Entry;
use crate::{Policy, TooHeavy, TtlMap};

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
