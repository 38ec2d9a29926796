//! Caches by name, and tags.
//!
//! The registry is the whole program's, so what switches all of it has a test to itself, and the
//! others take turns.

use std::panic::{catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use ttl_memo::generated::register;
use ttl_memo::{ManualClock, TtlCache};

static TURN: Mutex<()> = Mutex::new(());

fn registered(name: &'static str) -> &'static TtlCache<u8, u8> {
    let cache = Box::leak(Box::new(TtlCache::builder().name(name).build()));
    register(cache);
    cache
}

#[test]
fn a_cache_is_found_by_its_name() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let cache = registered("registry: named");
    registered("registry: named");
    cache.insert(1, 1);
    let handle = ttl_memo::cache("registry: named").unwrap();
    assert_eq!((handle.name(), handle.info().len), ("registry: named".to_owned(), 1), "the first");
    assert_eq!(format!("{handle:?}"), r#"Handle("registry: named")"#);
    assert!(ttl_memo::cache("registry: nameless").is_none());
    let named = |handle: &ttl_memo::Handle| handle.name() == "registry: named";
    assert_eq!(ttl_memo::caches().iter().filter(|it| named(it)).count(), 2);
}

#[test]
fn a_handle_does_what_its_cache_does() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let cache = registered("registry: handled");
    let handle = ttl_memo::cache("registry: handled").unwrap();
    handle.set_ttl(Duration::from_secs(5));
    handle.set_maxsize(2);
    assert_eq!(handle.parameters(), cache.parameters());
    assert_eq!(
        (handle.parameters().maxsize, cache.parameters().ttl),
        (Some(2), Some(Duration::from_secs(5)))
    );
    (0..4).for_each(|key| cache.insert(key, key));
    assert_eq!((handle.info().len, handle.expire()), (2, 0));
    handle.clear();
    assert!(cache.is_empty());
    handle.set_enabled(false);
    cache.insert(1, 1);
    assert!(cache.is_empty());
    handle.set_enabled(true);
}

#[test]
fn all_at_once() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let cache = registered("registry: all");
    cache.insert(1, 1);
    ttl_memo::clear_all();
    assert!(cache.is_empty());
    ttl_memo::set_enabled(false);
    let later = registered("registry: made while off");
    cache.insert(1, 1);
    later.insert(1, 1);
    assert!(cache.is_empty() && later.is_empty());
    ttl_memo::set_enabled(true);
    cache.insert(1, 1);
    later.insert(1, 1);
    assert!(!cache.is_empty() && !later.is_empty());
}

#[test]
fn one_that_panics_does_not_keep_the_others_from_it() {
    static ARMED: AtomicBool = AtomicBool::new(false);
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let clock = ManualClock::new();
    let listened = TtlCache::builder()
        .name("registry: panics")
        .clock(clock.clone())
        .on_evict(|_: &u8, _: &u8, _| assert!(!ARMED.load(Ordering::SeqCst), "as told"))
        .build();
    let listened: &TtlCache<u8, u8> = Box::leak(Box::new(listened));
    register(listened);
    let behind = Box::leak(Box::new(TtlCache::builder().clock(clock.clone()).build()));
    register(behind);
    listened.insert(1, 1);
    behind.insert(1, 1);
    ARMED.store(true, Ordering::SeqCst);
    assert!(catch_unwind(ttl_memo::clear_all).is_err());
    assert!(listened.is_empty() && behind.is_empty());
    listened.insert(1, 1);
    behind.insert(1, 1);
    clock.advance(Duration::from_secs(600));
    assert!(catch_unwind(ttl_memo::expire_all).is_err());
    assert_eq!((behind.info().expirations, ttl_memo::expire_all()), (1, 0));
    ARMED.store(false, Ordering::SeqCst);
}

#[test]
fn a_tag_is_dropped_in_every_cache() {
    let of = |_: &u8, user: &u8| [format!("registry user {user}"), "registry everyone".to_owned()];
    let (one, other) = (TtlCache::builder().tags(of).build(), TtlCache::builder().tags(of).build());
    let untagged = TtlCache::new(10, None);
    for key in 0..4 {
        one.insert(key, key % 2);
        other.insert(key, 1);
        untagged.insert(key, 1);
    }
    assert_eq!(ttl_memo::invalidate_tag("registry user 1"), 6);
    assert_eq!((one.len(), other.len(), untagged.len()), (2, 0, 4));
    drop(other);
    assert_eq!(ttl_memo::invalidate_tag("registry everyone"), 2);
    assert_eq!(ttl_memo::invalidate_tag("registry everyone"), 0);
}

/// What is computed from another cache's values, while all are swept.
#[test]
fn what_is_called_for_meanwhile_does_not_outlive_a_clear_of_all() {
    type Cache = TtlCache<u8, u8>;
    static TRUTH: AtomicU8 = AtomicU8::new(1);
    static ARMED: AtomicBool = AtomicBool::new(false);
    static OUTER: OnceLock<&Cache> = OnceLock::new();
    static INNER: OnceLock<&Cache> = OnceLock::new();
    /// First used while all are cleared.
    static LATE: OnceLock<&Cache> = OnceLock::new();
    fn inner(n: u8) -> u8 {
        INNER.get().unwrap().get_or_insert_with(n, || n * TRUTH.load(Ordering::SeqCst))
    }
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let outer = |n| OUTER.get().unwrap().get_or_insert_with(n, || inner(n));
    let late = |n| {
        let cache = LATE.get_or_init(|| registered("registry: late"));
        cache.get_or_insert_with(n, || inner(n))
    };
    OUTER.set(registered("registry: outer")).unwrap();
    let on_evict = move |_: &u8, _: &u8, _| {
        if ARMED.swap(false, Ordering::SeqCst) {
            std::thread::spawn(move || (outer(1), outer(2), late(1), late(2))).join().unwrap();
        }
    };
    let middle = Box::leak(Box::new(
        TtlCache::builder().name("registry: middle").on_evict(on_evict).build(),
    ));
    register(middle);
    INNER.set(registered("registry: inner")).unwrap();
    let switches: [fn(); 2] = [ttl_memo::clear_all, || {
        ttl_memo::set_enabled(false);
        ttl_memo::set_enabled(true);
    }];
    for switch in switches {
        middle.insert(0, 0);
        let before = TRUTH.load(Ordering::SeqCst);
        assert_eq!((outer(1), outer(2)), (before, before * 2));
        TRUTH.store(before + 1, Ordering::SeqCst);
        ARMED.store(true, Ordering::SeqCst);
        switch();
        assert!(!ARMED.load(Ordering::SeqCst));
        let now = before + 1;
        assert_eq!([outer(1), outer(2), late(1), late(2)], [now, now * 2, now, now * 2]);
        assert_eq!(
            [&OUTER, &INNER, &LATE].map(|it| it.get().unwrap().len()),
            [2; 3],
            "stored again"
        );
    }
}

#[test]
fn a_tag_is_dropped_in_spite_of_an_entry_whose_tags_panic() {
    let cache = TtlCache::builder()
        .tags(|key: &u8, _: &u8| {
            // As `panic!`, without a word on the terminal.
            let tag = if *key == 1 { resume_unwind(Box::new(*key)) } else { "registry panics" };
            [tag]
        })
        .build();
    for key in 0..3 {
        cache.insert(key, key);
    }
    let panic = catch_unwind(|| ttl_memo::invalidate_tag("registry panics")).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&1_u8));
    assert_eq!(cache.len(), 0, "what does not tell its tags may carry this one");
}
