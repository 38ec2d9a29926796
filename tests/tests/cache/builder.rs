//! What the builder makes of its options.

use std::panic::catch_unwind;
use std::time::Duration;

use ttl_memo::{ManualClock, Policy, TtlCache};

const SECOND: Duration = Duration::from_secs(1);

fn panic_of(f: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = catch_unwind(f).expect_err("is to panic");
    panic.downcast_ref::<String>().cloned().expect("with a message")
}

#[test]
fn defaults_are_the_attributes() {
    let parameters = TtlCache::<u8, u8>::builder().build().parameters();
    assert_eq!((parameters.maxsize, parameters.ttl), (Some(128), Some(600 * SECOND)));
    assert_eq!((parameters.tti, parameters.policy), (None, Policy::Adaptive));
    assert_eq!(parameters.name, "");
}

#[test]
fn beside_a_tti_there_is_no_ttl_but_what_is_said() {
    let ttl = |builder: ttl_memo::TtlCacheBuilder<u8, u8>| builder.build().parameters().ttl;
    assert_eq!(ttl(TtlCache::builder().tti(SECOND)), None);
    assert_eq!(ttl(TtlCache::builder().tti(SECOND).ttl(2 * SECOND)), Some(2 * SECOND));
    assert_eq!(ttl(TtlCache::builder().ttl(2 * SECOND).tti(SECOND)), Some(2 * SECOND));
    assert_eq!(ttl(TtlCache::builder().ttl(None)), None);
}

#[test]
fn a_jitter_that_is_no_fraction_is_refused_by_name() {
    for jitter in [2.0, -0.1, f64::NAN, f64::INFINITY] {
        let message = panic_of(move || drop(TtlCache::<u8, u8>::builder().jitter(jitter)));
        assert!(message.starts_with("`jitter` is "), "{message}");
        let message =
            panic_of(move || drop(TtlCache::<u8, u8>::builder().name("pages").jitter(jitter)));
        assert!(message.starts_with("`jitter` of the cache `pages` is "), "{message}");
    }
    for jitter in [0.0, 0.5, 1.0] {
        let cache = TtlCache::builder().jitter(jitter).build();
        cache.insert(1, 1);
        assert_eq!(cache.get(&1), Some(1));
    }
}

#[test]
fn jitter_spreads_deadlines_within_its_share() {
    let clock = ManualClock::new();
    let cache = TtlCache::builder()
        .maxsize(None)
        .ttl(100 * SECOND)
        .jitter(0.25)
        .clock(clock.clone())
        .build();
    (0..400).for_each(|key| cache.insert(key, key));
    clock.advance(Duration::from_nanos(74_999_999_999));
    assert_eq!(cache.len(), 400);
    clock.advance(13 * SECOND);
    let half = cache.len();
    assert!((100..300).contains(&half), "{half}");
    clock.advance(12 * SECOND + Duration::from_nanos(1));
    assert_eq!(cache.len(), 0);
}

#[test]
fn jitter_leaves_what_never_expires_alone() {
    let clock = ManualClock::new();
    let cache = TtlCache::builder().ttl(None).jitter(1.0).clock(clock.clone()).build();
    cache.insert(1, 1);
    clock.advance(Duration::MAX);
    assert_eq!(cache.get(&1), Some(1));
}

#[test]
fn a_ttl_of_its_own_comes_first() {
    let clock = ManualClock::new();
    let cache = TtlCache::builder()
        .ttl(10 * SECOND)
        .expire_after(|key: &u8, _: &u8| (*key < 10).then(|| u32::from(*key) * SECOND))
        .clock(clock.clone())
        .build();
    let live = || {
        let mut live: Vec<u8> = cache.iter().map(|(key, _)| key).collect();
        live.sort_unstable();
        live
    };
    cache.insert(0, 0);
    assert_eq!(live(), [], "a ttl of zero");
    for key in [1, 2, 20] {
        cache.insert(key, 0);
    }
    cache.insert_with_ttl(3, 0, SECOND);
    cache.insert_with_ttl(4, 0, 20 * SECOND);
    cache.get_or_insert_with(5, || 0);
    assert_eq!(live(), [1, 2, 3, 4, 5, 20]);
    clock.advance(SECOND);
    assert_eq!(live(), [2, 4, 5, 20], "3 had a ttl of its own's own");
    clock.advance(4 * SECOND);
    assert_eq!(live(), [4, 20]);
    clock.advance(5 * SECOND);
    assert_eq!(live(), [4]);
    clock.advance(10 * SECOND);
    assert_eq!(live(), []);
}

#[test]
fn what_is_heavier_than_the_bound_is_not_stored() {
    let cache = TtlCache::builder().maxsize(10).weigher(|_: &u8, value: &usize| *value).build();
    assert_eq!(cache.get_or_insert_with(1, || 11), 11);
    assert_eq!((cache.len(), cache.info().failures), (0, 1));
    cache.insert(1, 10);
    assert_eq!((cache.info().currsize, cache.len()), (10, 1));
    cache.insert(2, 11);
    assert_eq!(cache.get(&1), Some(10), "nothing was evicted for it");
    cache.insert(1, 11);
    assert_eq!(cache.get(&1), None, "it ended what stood under its key");
    cache.insert(3, 4);
    cache.insert(4, 6);
    cache.insert(3, 3);
    assert_eq!((cache.info().currsize, cache.len()), (9, 2));
    cache.insert(5, 0);
    assert_eq!((cache.info().currsize, cache.len()), (9, 3), "what weighs nothing fits");
    assert_eq!(cache.info().evictions, 0);
}

#[test]
fn a_bound_of_zero_stores_nothing_whatever_it_weighs() {
    let cache = TtlCache::builder().maxsize(0).weigher(|_, _| 0).build();
    cache.insert(1, 1);
    assert_eq!(cache.get_or_insert_with(1, || 2), 2);
    assert_eq!((cache.len(), cache.info().misses, cache.info().failures), (0, 1, 0));
}

#[test]
fn a_time_of_zero_stores_nothing() {
    for cache in [
        TtlCache::builder().ttl(Duration::ZERO).build(),
        TtlCache::builder().tti(Duration::ZERO).build(),
    ] {
        cache.insert(1, 1);
        assert_eq!(cache.get_or_insert_with(1, || 2), 2);
        assert_eq!(cache.get_or_insert_with(1, || 3), 3);
        assert_eq!((cache.len(), cache.info().misses, cache.info().failures), (0, 2, 0));
    }
    let cache = TtlCache::new(10, SECOND);
    cache.insert(1, 1);
    cache.insert_with_ttl(1, 2, Duration::ZERO);
    assert_eq!(cache.get(&1), None);
}

#[test]
fn debug_tells_what_matters() {
    let cache: TtlCache<u8, u8> = TtlCache::builder().name("pages").build();
    let text = format!("{cache:?} {:?}", TtlCache::<u8, u8>::builder());
    assert!(text.contains("TtlCache") && text.contains("pages") && text.contains("128"), "{text}");
}

#[test]
fn a_cache_may_be_looked_at_after_a_panic() {
    struct App {
        cache: TtlCache<u32, u32>,
    }

    let app = App { cache: TtlCache::default() };
    let caught = catch_unwind(|| app.cache.get_or_insert_with(1, || panic!("no value")));
    assert!(caught.is_err());
    assert_eq!(app.cache.get_or_insert_with(1, || 2), 2);
    assert_eq!(app.cache.len(), 1);
}

#[test]
fn with_a_hasher_of_its_own_too_whatever_asks_for_a_key_finds_it() {
    let cache = TtlCache::builder().hasher(std::hash::RandomState::new()).build();
    assert_eq!(cache.get_or_insert_with(1, || "loaded"), "loaded");
    assert_eq!((cache.get(&1), cache.peek(&1)), (Some("loaded"), Some("loaded")));
    assert!(cache.contains_key(&1));
    cache.insert(1, "inserted");
    assert_eq!(cache.get_or_insert_with(1, || unreachable!()), "inserted");
    assert_eq!(cache.len(), 1);
    assert!(cache.invalidate(&1) && cache.is_empty());
}
