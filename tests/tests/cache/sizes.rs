//! Keys, values and bounds of every size.

use std::time::Duration;

use ttl_memo::{Policy, TtlCache};

const POLICIES: [Policy; 5] =
    [Policy::Adaptive, Policy::Lru, Policy::Fifo, Policy::Lfu, Policy::Random];

#[test]
fn keys_and_values_of_no_size() {
    let cache = TtlCache::new(1, None);
    cache.get_or_insert_with((), || ());
    assert_eq!((cache.get(&()), cache.len()), (Some(()), 1));
    cache.insert((), ());
    assert!(cache.invalidate(&()) && cache.is_empty());
}

#[test]
fn large_values() {
    let cache = TtlCache::new(4, None);
    for key in 0..8_u8 {
        let value = cache.get_or_insert_with(key, || vec![key; 1 << 20]);
        assert!(value.len() == 1 << 20 && value[77] == key);
    }
    assert_eq!(cache.len(), 4);
}

#[test]
fn what_was_just_stored_is_there_whatever_the_policy() {
    for policy in POLICIES {
        for maxsize in [1, 2, 3, 50] {
            let cache = TtlCache::builder().maxsize(maxsize).policy(policy).build();
            for key in 0..500_u32 {
                cache.get_or_insert_with(key, || key);
                assert_eq!(cache.get_or_insert_with(key, || unreachable!()), key);
                cache.get(&(key / 2));
                assert!(cache.len() <= maxsize);
            }
            assert_eq!(cache.len(), maxsize, "none is evicted while fewer are held");
        }
    }
}

#[test]
fn nothing_is_allocated_ahead_of_need() {
    for policy in POLICIES {
        let cache = TtlCache::builder().maxsize(usize::MAX).policy(policy).build();
        cache.insert(1, 1);
        assert_eq!(cache.get(&1), Some(1));
        cache.set_maxsize(usize::MAX - 1);
        cache.insert(2, 2);
        assert_eq!(cache.len(), 2);
    }
}

#[test]

fn weights_of_every_size() {
    let weigh = |_: &u8, weight: &usize| *weight;
    let cache = TtlCache::builder().maxsize(usize::MAX - 1).weigher(weigh).build();
    cache.insert(1, usize::MAX);
    assert!(cache.is_empty(), "heavier than the bound");
    cache.insert(1, usize::MAX - 1);
    cache.insert(2, usize::MAX - 2);
    cache.insert(3, 1);
    assert!(cache.contains_key(&3) && !cache.contains_key(&1));
    assert_eq!((cache.len(), cache.info().currsize), (2, usize::MAX - 1));
}

#[test]
fn a_bound_after_weights_beyond_any_number() {
    for policy in POLICIES {
        let cache = TtlCache::builder().maxsize(None).policy(policy);
        let cache = cache.weigher(|_: &u8, weight: &usize| *weight).build();
        // Their sum is a multiple of what a number holds.
        (0..4).for_each(|key| cache.insert(key, 1 << (usize::BITS - 1)));
        assert_eq!((cache.len(), cache.info().currsize), (4, usize::MAX));
        cache.set_maxsize(100);
        assert!(cache.is_empty(), "each is heavier than the bound");
        cache.insert(1, 60);
        cache.insert(2, 60);
        assert_eq!((cache.len(), cache.info().currsize), (1, 60));
    }
}

#[test]
fn all_is_given_back_of_weights_beyond_any_number() {
    for policy in POLICIES {
        let cache = TtlCache::builder().maxsize(None).policy(policy);
        let cache = cache.weigher(|_: &u8, weight: &usize| *weight).build();
        (0..4).for_each(|key| cache.insert(key, 1 << (usize::BITS - 1)));
        cache.clear();
        cache.set_maxsize(100);
        cache.insert(1, 40);
        cache.insert(2, 60);
        assert_eq!((cache.len(), cache.info().currsize), (2, 100));
    }
}

#[test]
fn large_weights() {
    const BOUND: usize = 1 << 61;
    let cache =
        TtlCache::builder().maxsize(BOUND).weigher(|_: &u8, weight: &usize| *weight).build();
    cache.insert(1, BOUND + 1);
    assert!(cache.is_empty(), "heavier than the bound");
    cache.insert(1, BOUND);
    cache.insert(2, BOUND - 1);
    cache.insert(3, 1);
    assert!(cache.contains_key(&3) && !cache.contains_key(&1));
    assert_eq!((cache.len(), cache.info().currsize), (2, BOUND));
}

#[test]
fn shrinking_a_large_cache() {
    let cache = TtlCache::new(None, None);
    (0..20_000_u32).for_each(|key| cache.insert(key, key));
    for bound in [10_000, 4_097, 1_000, 1] {
        cache.set_maxsize(bound);
        assert!((bound * 19 / 20..=bound).contains(&cache.len()), "{} of {bound}", cache.len());
        cache.insert(20_000, 1);
        assert_eq!(cache.get(&20_000), Some(1));
        assert!(cache.len() <= bound);
    }
}

#[test]
fn a_million_keys() {
    let cache = TtlCache::new(None, Duration::from_secs(3_600));
    (0..1_000_000_u32).for_each(|key| cache.insert(key, key));
    assert_eq!(cache.len(), 1_000_000);
    assert!((0..1_000_000).step_by(997).all(|key| cache.get(&key) == Some(key)));
    assert_eq!(cache.retain(|key, _| key % 2 == 0), 500_000);
    assert_eq!(cache.len(), 500_000);
}
