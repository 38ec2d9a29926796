//! What changes while a cache is used.

use std::collections::hash_map::DefaultHasher;
use std::hash::BuildHasherDefault;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ttl_memo::{Clock, ManualClock, Policy, RemovalCause, TtlCache};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_new_ttl_holds_for_what_is_stored_from_then_on() {
    let clock = ManualClock::new();
    let cache = TtlCache::builder().ttl(10 * SECOND).clock(clock.clone()).build();
    cache.insert(1, 1);
    cache.set_ttl(SECOND);
    cache.insert(2, 2);
    cache.set_ttl(None);
    cache.insert(3, 3);
    assert_eq!(cache.parameters().ttl, None);
    cache.set_ttl(Duration::ZERO);
    cache.insert(4, 4);
    assert_eq!(cache.get_or_insert_with(5, || 5), 5);
    assert_eq!(cache.len(), 3);
    clock.advance(SECOND);
    assert_eq!((cache.get(&1), cache.get(&2), cache.get(&3)), (Some(1), None, Some(3)));
    clock.advance(9 * SECOND);
    assert_eq!((cache.get(&1), cache.get(&3)), (None, Some(3)));
}

#[test]
fn a_smaller_bound_evicts_before_it_returns() {
    for policy in [Policy::Adaptive, Policy::Lru, Policy::Fifo, Policy::Lfu, Policy::Random] {
        let cache = TtlCache::builder().maxsize(100).policy(policy).build();
        (0..100).for_each(|key| cache.insert(key, key));
        for bound in [100, 99, 10, 1] {
            cache.set_maxsize(bound);
            assert_eq!((cache.len(), cache.iter().count()), (bound, bound), "{policy:?}");
            assert_eq!(cache.info().evictions, 100 - bound as u64);
        }
        cache.insert(1_000, 0);
        assert_eq!((cache.len(), cache.get(&1_000)), (1, Some(0)), "{policy:?}");
        cache.set_maxsize(0);
        assert_eq!(cache.len(), 0);
        cache.insert(1, 1);
        assert_eq!(cache.get(&1), None);
    }
}

#[test]
fn a_larger_bound_takes_more() {
    let cache = TtlCache::new(2, None);
    (0..4).for_each(|key| cache.insert(key, key));
    cache.set_maxsize(10);
    (10..18).for_each(|key| cache.insert(key, key));
    assert_eq!(cache.len(), 10, "none is evicted while fewer are held");
    cache.set_maxsize(None);
    assert_eq!(cache.info().maxsize, None);
    (20..1_000).for_each(|key| cache.insert(key, key));
    assert_eq!(cache.len(), 990);
    cache.set_maxsize(usize::MAX);
    cache.insert(0, 0);
    assert!((990..=991).contains(&cache.len()));
}

#[test]
fn a_smaller_bound_takes_expired_entries_first() {
    let clock = ManualClock::new();
    let cache = TtlCache::builder().ttl(SECOND).maxsize(10).clock(clock.clone()).build();
    (0..5).for_each(|key| cache.insert(key, key));
    (5..8).for_each(|key| cache.insert_with_ttl(key, key, 10 * SECOND));
    (8..10).for_each(|key| cache.insert(key, key));
    clock.advance(SECOND);
    cache.set_maxsize(3);
    assert_eq!((cache.len(), cache.info().evictions), (3, 0));
}

/// Of several shards, and of more than leave one at once.
#[test]
fn a_large_cache_shrinks_to_the_very_bound_and_tells_of_each() {
    static CACHE: OnceLock<TtlCache<usize, usize>> = OnceLock::new();
    let told = Arc::new(AtomicUsize::new(0));
    let listener = {
        let told = Arc::clone(&told);
        move |key: &usize, _: &usize, cause| {
            assert_eq!(cause, RemovalCause::Size);
            told.fetch_add(1, Ordering::Relaxed);
            // With no lock held, of this shard or of another.
            let cache = CACHE.get().expect("it is there");
            assert_eq!(cache.peek(key), None);
            assert!(!cache.invalidate(key));
        }
    };
    let cache = CACHE
        .get_or_init(|| TtlCache::builder().maxsize(20_000).ttl(None).on_evict(listener).build());
    (0..19_000).for_each(|key| cache.insert(key, key));
    assert_eq!(cache.len(), 19_000);
    for bound in [18_999, 500, 1] {
        cache.set_maxsize(bound);
        assert_eq!((cache.len(), told.load(Ordering::Relaxed)), (bound, 19_000 - bound));
    }
    assert_eq!(cache.info().evictions, 18_999);
}

#[test]
fn weights_shrink_too() {
    let cache =
        TtlCache::builder().maxsize(10).weigher(|_: &usize, weight: &usize| *weight).build();
    (1..=4).for_each(|weight| cache.insert(weight, weight));
    cache.set_maxsize(3);
    assert!(cache.info().currsize <= 3);
    cache.insert(9, 4);
    assert!(cache.info().currsize <= 3 && !cache.contains_key(&9));
    cache.insert(9, 3);
    assert_eq!((cache.info().currsize, cache.get(&9)), (3, Some(3)));
}

#[test]
fn switched_off_it_stores_nothing_and_switched_on_it_does() {
    let cache = TtlCache::new(10, None);
    cache.insert(1, 1);
    cache.set_enabled(false);
    assert_eq!((cache.get(&1), cache.len()), (None, 0));
    cache.insert(1, 2);
    cache.insert_with_ttl(1, 2, SECOND);
    assert_eq!(cache.get_or_insert_with(1, || 3), 3);
    assert_eq!(cache.try_get_or_insert_with(1, || Ok::<_, ()>(4)), Ok(4));
    assert_eq!((cache.len(), cache.peek(&1)), (0, None));
    let info = cache.info();
    assert_eq!((info.hits, info.misses, info.failures), (0, 3, 0));
    cache.set_enabled(true);
    assert_eq!(cache.get_or_insert_with(1, || 5), 5);
    assert_eq!(cache.get(&1), Some(5));
}

#[test]
fn switching_on_what_is_on_changes_nothing() {
    let cache = TtlCache::new(10, None);
    cache.insert(1, 1);
    cache.set_enabled(true);
    assert_eq!(cache.get(&1), Some(1));
}

#[test]
fn clear_zeroes_what_is_counted() {
    let cache = TtlCache::new(1, None);
    (0..5).for_each(|key| {
        cache.get_or_insert_with(key, || key);
        cache.get(&key);
    });
    let _ = cache.try_get_or_insert_with(9, || Err(()));
    assert!(cache.info().evictions > 0);
    cache.clear();
    assert_eq!(cache.info(), TtlCache::<u8, u8>::new(1, None).info());
}

#[test]
fn retain_counts_those_that_left() {
    let clock = ManualClock::new();
    let cache = TtlCache::builder().ttl(SECOND).clock(clock.clone()).build();
    (0..4).for_each(|key| cache.insert(key, key));
    clock.advance(SECOND);
    (10..16).for_each(|key| cache.insert(key, key));
    let mut shown = Vec::new();
    let left = cache.retain(|key, value| {
        assert_eq!(key, value);
        shown.push(*key);
        key % 2 == 0
    });
    shown.sort_unstable();
    assert_eq!((left, shown), (3, vec![10, 11, 12, 13, 14, 15]));
    assert_eq!(cache.len(), 3);
}

/// A hasher of a type that can be written.
type Hasher = BuildHasherDefault<DefaultHasher>;

static MEDDLED_WITH: OnceLock<TtlCache<u64, u64, Hasher>> = OnceLock::new();

/// Sets another bound when it is first asked.
struct Meddling;

impl Clock for Meddling {
    fn now(&self) -> Duration {
        static MEDDLES: AtomicBool = AtomicBool::new(true);
        if let Some(cache) = MEDDLED_WITH.get().filter(|_| MEDDLES.swap(false, Ordering::Relaxed)) {
            cache.set_maxsize(5);
        }
        Duration::ZERO
    }
}

#[test]
fn of_two_new_bounds_all_go_by_the_same() {
    let new = || TtlCache::builder().hasher(Hasher::default()).clock(Meddling).build();
    let cache = MEDDLED_WITH.get_or_init(new);
    cache.set_maxsize(3);
    let said = cache.parameters().maxsize.expect("a bound");
    (0..10).for_each(|key| cache.insert(key, key));
    assert_eq!(cache.len(), said);
}
