//! Loads leave nothing behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};

use ttl_memo::TtlCache;

use super::hand::{Gate, Task, until};

/// Counted while it lives.
#[derive(Debug)]
struct Counted(u64, &'static AtomicIsize);

impl Counted {
    fn new(id: u64, alive: &'static AtomicIsize) -> Self {
        alive.fetch_add(1, Ordering::Relaxed);
        Self(id, alive)
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        Self::new(self.0, self.1)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.1.fetch_sub(1, Ordering::Relaxed);
    }
}

impl PartialEq for Counted {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Counted {}

impl std::hash::Hash for Counted {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

#[test]
fn a_million_misses_leave_maxsize_entries_and_nothing_else() {
    misses(1_000_000);
}

#[test]
fn many_misses_leave_maxsize_entries_and_nothing_else() {
    misses(20_000);
}

/// Distinct misses, half of them errors.
fn misses(many: u64) {
    static KEYS: AtomicIsize = AtomicIsize::new(0);
    static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _alone = ALONE.lock().unwrap();
    let cache = TtlCache::new(100, None);
    for key in 0..many {
        let answer = cache.try_get_or_insert_with(Counted::new(key, &KEYS), || {
            if key % 2 == 0 { Ok(key) } else { Err(()) }
        });
        assert_eq!(answer.is_ok(), key % 2 == 0);
    }
    let info = cache.info();
    assert_eq!((info.len, info.misses, info.failures), (100, many, many / 2));
    assert_eq!(info.evictions, many / 2 - 100);
    // A store may put off the drop of what readers may still see, by a bounded number.
    let alive = KEYS.load(Ordering::Relaxed);
    assert!((100..=300).contains(&alive), "{alive}");
    drop(cache);
    assert_eq!(KEYS.load(Ordering::Relaxed), 0);
}

#[test]
fn a_burst_of_flights_in_the_air_leaves_nothing() {
    static KEYS: AtomicIsize = AtomicIsize::new(0);
    static VALUES: AtomicIsize = AtomicIsize::new(0);
    let cache = TtlCache::new(10, None);
    let gate = Gate::default();
    let gate = &gate;
    let call = |key: u64| {
        let load = async move || {
            gate.passed().await;
            Counted::new(key, &VALUES)
        };
        cache.get_or_insert_async(Counted::new(key, &KEYS), load)
    };
    let mut leaders: Vec<_> = (0..1_000).map(|key| Task::begun(call(key))).collect();
    let mut waiters: Vec<_> = (0..1_000).map(|key| Task::begun(call(key))).collect();
    gate.open();
    leaders.drain(500..).for_each(drop);
    for (key, task) in leaders.iter_mut().chain(&mut waiters).enumerate() {
        assert_eq!(
            task.poll().unwrap().0,
            key as u64 % if key < 500 { 500 } else { 1_500 } - if key < 500 { 0 } else { 500 }
        );
    }
    drop((leaders, waiters));
    assert_eq!(cache.len(), 10);
    // What other threads may be looking at is dropped later.
    until(|| {
        cache.clear();
        (KEYS.load(Ordering::Relaxed), VALUES.load(Ordering::Relaxed)) == (0, 0)
    });
    assert!(cache.is_empty());
}

#[test]
fn dropping_the_cache_drops_its_values_and_tells_nobody() {
    let value = Arc::new(());
    let cache = TtlCache::builder().on_evict(|_: &u64, _, _| panic!("nobody is told")).build();
    (0..10).for_each(|key| cache.insert(key, Arc::clone(&value)));
    assert_eq!(Arc::strong_count(&value), 11);
    drop(cache);
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn what_is_handed_out_is_not_held_on_to() {
    let (cache, gate) = (TtlCache::new(10, None), Gate::default());
    let value = Arc::new(());
    let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
        gate.passed().await;
        Arc::clone(&value)
    }));
    let mut waiter = Task::begun(cache.get_or_insert_async(1, async || unreachable!()));
    gate.open();
    drop((leader.poll(), waiter.poll()));
    assert_eq!(Arc::strong_count(&value), 2, "this one, and the entry's");
    // What other threads may be looking at is dropped later.
    until(|| {
        cache.clear();
        Arc::strong_count(&value) == 1
    });
    assert!(cache.is_empty());
}
