//! What the listener hears: each entry that leaves, once, and why.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ttl_memo::RemovalCause::{self, Expired, Invalidated, Replaced, Size};
use ttl_memo::{ManualClock, Policy, TtlCache, TtlCacheBuilder};

type Heard = Arc<Mutex<Vec<(u8, u8, RemovalCause)>>>;

const SECOND: Duration = Duration::from_secs(1);

fn heard_by(builder: TtlCacheBuilder<u8, u8>) -> (TtlCache<u8, u8>, Heard) {
    let heard = Heard::default();
    let log = Arc::clone(&heard);
    let listener =
        move |key: &u8, value: &u8, cause| log.lock().unwrap().push((*key, *value, cause));
    (builder.on_evict(listener).build(), heard)
}

fn take(heard: &Heard) -> Vec<(u8, u8, RemovalCause)> {
    let mut heard = std::mem::take(&mut *heard.lock().unwrap());
    heard.sort_by_key(|(key, value, _)| (*key, *value));
    heard
}

#[test]
fn replaced() {
    let (cache, heard) = heard_by(TtlCache::builder());
    cache.insert(1, 10);
    cache.insert(1, 11);
    assert_eq!(take(&heard), [(1, 10, Replaced)]);
}

#[test]
fn invalidated() {
    let (cache, heard) = heard_by(TtlCache::builder().tags(|key, _| [format!("listener {key}")]));
    (1..=5).for_each(|key| cache.insert(key, key));
    cache.invalidate(&1);
    assert_eq!(take(&heard), [(1, 1, Invalidated)]);
    cache.retain(|key, _| *key != 2);
    assert_eq!(take(&heard), [(2, 2, Invalidated)]);
    ttl_memo::invalidate_tag("listener 3");
    assert_eq!(take(&heard), [(3, 3, Invalidated)]);
    cache.clear();
    assert_eq!(take(&heard), [(4, 4, Invalidated), (5, 5, Invalidated)]);
    cache.insert(6, 6);
    cache.set_enabled(false);
    assert_eq!(take(&heard), [(6, 6, Invalidated)]);
    drop(cache);
    assert_eq!(take(&heard), []);
}

#[test]
fn size() {
    let (cache, heard) = heard_by(TtlCache::builder().maxsize(2).policy(Policy::Fifo));
    (1..=3).for_each(|key| cache.insert(key, key));
    assert_eq!(take(&heard), [(1, 1, Size)]);
    cache.set_maxsize(1);
    assert_eq!(take(&heard), [(2, 2, Size)]);
    assert_eq!((cache.info().evictions, cache.info().expirations), (2, 0));
}

#[test]
fn expired() {
    let clock = ManualClock::new();
    let (cache, heard) = heard_by(TtlCache::builder().ttl(SECOND).maxsize(2).clock(clock.clone()));
    cache.insert(1, 1);
    clock.advance(SECOND);
    cache.insert(1, 2);
    assert_eq!(take(&heard), [(1, 1, Expired)], "not replaced: it was over");
    clock.advance(SECOND);
    assert!(!cache.invalidate(&1));
    assert_eq!(take(&heard), [(1, 2, Expired)]);
    cache.insert(1, 3);
    cache.insert_with_ttl(2, 4, 10 * SECOND);
    clock.advance(SECOND);
    cache.insert(3, 5);
    assert_eq!(take(&heard), [(1, 3, Expired)], "expired before live");
    cache.set_maxsize(1);
    assert_eq!(take(&heard).len(), 1);
    assert_eq!(cache.info().expirations, 3);
}

#[test]
fn what_was_never_stored_is_not_heard_of() {
    let (cache, heard) = heard_by(TtlCache::builder().maxsize(5).weigher(|_, _| 6));
    cache.insert(1, 1);
    cache.get_or_insert_with(1, || 2);
    cache.insert_with_ttl(1, 3, Duration::ZERO);
    cache.clear();
    assert_eq!(take(&heard), []);
}
