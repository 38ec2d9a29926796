//! Code of the user's that panics.

use std::cell::{Cell, RefCell};
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use ttl_memo::{Clock, TtlCache};

use super::hand::{Gate, Task, ends, panics};

/// A key, or a value, whose operations panic when told to.
#[derive(Debug)]
struct Touchy {
    id: u64,
    fuse: &'static Fuse,
}

#[derive(Debug, Default)]
struct Fuse {
    hash: AtomicBool,
    eq: AtomicBool,
    clone: AtomicBool,
    drop: AtomicBool,
    alive: AtomicIsize,
}

impl Fuse {
    fn touch(which: &AtomicBool) {
        assert!(!which.load(Ordering::SeqCst), "as told");
    }
}

impl Touchy {
    fn new(id: u64, fuse: &'static Fuse) -> Self {
        fuse.alive.fetch_add(1, Ordering::SeqCst);
        Self { id, fuse }
    }
}

impl Hash for Touchy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Fuse::touch(&self.fuse.hash);
        (self.id / 2).hash(state);
    }
}

impl PartialEq for Touchy {
    fn eq(&self, other: &Self) -> bool {
        Fuse::touch(&self.fuse.eq);
        self.id == other.id
    }
}

impl Eq for Touchy {}

impl Clone for Touchy {
    fn clone(&self) -> Self {
        Fuse::touch(&self.fuse.clone);
        Self::new(self.id, self.fuse)
    }
}

impl Drop for Touchy {
    fn drop(&mut self) {
        self.fuse.alive.fetch_sub(1, Ordering::SeqCst);
        if !thread::panicking() {
            // Once: others are dropped in its wake.
            assert!(!self.fuse.drop.swap(false, Ordering::SeqCst), "as told");
        }
    }
}

fn fuse() -> &'static Fuse {
    Box::leak(Box::default())
}

/// Every operation of a cache whose keys or values panic in `which`, again and again; then all is
/// as if they had not.
fn survives(which: fn(&Fuse) -> &AtomicBool) {
    ends(move || {
        let (keys, values) = (fuse(), fuse());
        let cache = TtlCache::new(4, None);
        let key = |id| Touchy::new(id, keys);
        let value = |id| Touchy::new(id, values);
        let operations: [&dyn Fn(u64); 8] = [
            &|id| cache.insert(key(id), value(id)),
            &|id| drop(cache.get(&key(id))),
            &|id| drop(cache.get_or_insert_with(key(id), || value(id))),
            &|id| drop(cache.try_get_or_insert_with(key(id), || Ok::<_, ()>(value(id)))),
            &|id| drop(Task::new(cache.get_or_insert_async(key(id), async || value(id))).poll()),
            &|id| drop(cache.peek(&key(id))),
            &|id| assert!(cache.invalidate(&key(id)) || id < 7),
            &|id| assert!(cache.retain(|key, _| key.id != id) <= 1),
        ];
        for round in 0..200_u64 {
            let told = if round % 3 == 0 { keys } else { values };
            for (at, operation) in operations.iter().enumerate() {
                which(told).store(round % 2 == 1, Ordering::SeqCst);
                let _ = panics(|| operation((round + at as u64) % 7));
                which(told).store(false, Ordering::SeqCst);
            }
            assert!(cache.len() <= 4);
        }
        // It goes on, exactly bounded, and finds what it holds.
        for id in 0..20 {
            assert_eq!(cache.get_or_insert_with(key(id), || value(id)).id, id);
            assert_eq!(cache.get_or_insert_with(key(id), || unreachable!()).id, id);
        }
        assert_eq!((cache.len(), cache.iter().count()), (4, 4));
        let info = cache.info();
        assert!(info.hits >= 20 && info.misses >= 20);
        drop(cache);
        let alive = [keys, values].map(|fuse| fuse.alive.load(Ordering::SeqCst));
        // A value that is being returned when an argument's destructor panics is leaked by the
        // language itself.
        let leaks = std::ptr::eq(which(keys), &raw const keys.drop);
        assert!(alive == [0, 0] || leaks && alive > [-1, -1], "each is dropped, once: {alive:?}");
    });
}

#[test]
fn a_hash_that_panics() {
    survives(|fuse| &fuse.hash);
}

#[test]
fn an_eq_that_panics() {
    survives(|fuse| &fuse.eq);
}

#[test]
fn a_clone_that_panics() {
    survives(|fuse| &fuse.clone);
}

#[test]
fn a_drop_that_panics() {
    survives(|fuse| &fuse.drop);
}

#[test]
fn a_clone_that_panics_on_the_way_in_is_an_abandoned_load() {
    let fuse = fuse();
    let (cache, gate) = (TtlCache::new(4, None), Gate::default());
    let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
        gate.passed().await;
        Touchy::new(10, fuse)
    }));
    let mut waiter = Task::begun(cache.get_or_insert_async(1, async || Touchy::new(11, fuse)));
    gate.open();
    fuse.clone.store(true, Ordering::SeqCst);
    assert!(leader.poll_panics());
    fuse.clone.store(false, Ordering::SeqCst);
    assert_eq!(waiter.poll().map(|value| value.id), Some(11), "takes over");
    assert_eq!(cache.peek(&1).map(|value| value.id), Some(11));
}

#[test]
fn hooks_that_panic_reach_their_caller() {
    ends(|| {
        static TOLD: AtomicBool = AtomicBool::new(false);
        let told = || assert!(!TOLD.load(Ordering::SeqCst), "as told");
        let weigher = TtlCache::builder()
            .weigher(move |_: &u64, _: &u64| {
                told();
                1
            })
            .build();
        let expire_after = TtlCache::builder()
            .expire_after(move |_, _| {
                told();
                None
            })
            .build();
        for cache in [weigher, expire_after] {
            TOLD.store(true, Ordering::SeqCst);
            assert!(panics(|| cache.insert(1, 10)));
            assert!(panics(|| cache.get_or_insert_with(1, || 10)));
            assert_eq!(cache.len(), 0);
            TOLD.store(false, Ordering::SeqCst);
            assert_eq!(cache.get_or_insert_with(1, || 11), 11);
            assert_eq!((cache.get(&1), cache.info().misses), (Some(11), 2));
        }
    });
}

#[test]
fn a_listener_that_panics_hears_of_the_others_all_the_same() {
    ends(|| {
        static HEARD: Mutex<Vec<u64>> = Mutex::new(Vec::new());
        let cache = TtlCache::builder()
            .maxsize(8)
            .on_evict(|key: &u64, _: &u64, _| {
                HEARD.lock().unwrap().push(*key);
                assert!(key % 3 != 0, "as told");
            })
            .build();
        (1..=8).for_each(|key| cache.insert(key, key));
        assert!(panics(|| cache.clear()));
        let mut heard = std::mem::take(&mut *HEARD.lock().unwrap());
        heard.sort_unstable();
        assert_eq!((heard, cache.len()), ((1..=8).collect(), 0));
        cache.insert(3, 3);
        assert!(panics(|| cache.insert(3, 4)), "reaches the caller");
        assert_eq!(cache.get(&3), Some(4), "and the entry is in");
        assert_eq!(*HEARD.lock().unwrap(), [3]);
    });
}

#[test]
fn a_listener_that_panics_after_a_load_leaves_it_stored() {
    ends(|| {
        let cache = TtlCache::builder()
            .maxsize(1)
            .on_evict(|_: &u64, _: &u64, _| panic!("as told"))
            .build();
        cache.insert(1, 10);
        assert!(panics(|| cache.get_or_insert_with(2, || 20)));
        assert_eq!((cache.get(&2), cache.len()), (Some(20), 1));
        let gate = Gate::default();
        let mut leader = Task::begun(cache.get_or_insert_async(3, async || {
            gate.passed().await;
            30
        }));
        let mut waiter = Task::begun(cache.get_or_insert_async(3, async || unreachable!()));
        gate.open();
        assert!(leader.poll_panics());
        assert_eq!(waiter.poll(), Some(30), "who waits has nothing to do with it");
        assert_eq!(cache.info().failures, 0, "the body was well");
    });
}

#[test]
fn a_rivals_key_that_panics_when_dropped_leaves_no_load_behind() {
    thread_local! {
        static ON_EQ: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
        static ARMED: Cell<bool> = const { Cell::new(false) };
    }
    #[derive(Clone)]
    struct Key(u8);
    impl Eq for Key {}
    impl PartialEq for Key {
        fn eq(&self, _: &Self) -> bool {
            if let Some(act) = ON_EQ.take() {
                act();
            }
            true
        }
    }
    impl Hash for Key {
        fn hash<H: Hasher>(&self, _: &mut H) {}
    }
    impl Drop for Key {
        fn drop(&mut self) {
            assert!(self.0 != 1 || !ARMED.take(), "Drop");
        }
    }

    let cache: &'static TtlCache<Key, u8> = Box::leak(Box::new(TtlCache::new(50, None)));
    let leader = Task::begun(cache.get_or_insert_async(Key(1), std::future::pending::<u8>));
    // The other compares its key with the leader's, which has gone when it is done.
    ON_EQ.set(Some(Box::new(move || {
        drop(leader);
        ARMED.set(true);
    })));
    panics(|| cache.get_or_insert_with(Key(2), || 7));
    assert!(!ARMED.get(), "the leader's key was dropped by the other");
    let mut task = Task::new(cache.get_or_insert_async(Key(3), async || 8));
    assert_eq!(task.poll(), Some(8));
}

/// A clock that panics at one of its next readings, if it is told to.
#[derive(Default)]
struct Trips {
    left: AtomicIsize,
    now: AtomicU64,
}

impl Clock for Trips {
    fn now(&self) -> Duration {
        assert!(self.left.fetch_sub(1, Ordering::SeqCst) != 1, "told to");
        Duration::from_secs(self.now.fetch_add(1, Ordering::SeqCst))
    }
}

/// Whether a call panics, with a clock that does so at its reading of this number.
fn trips(call: impl Fn(&TtlCache<u64, u64>) -> u64, reading: isize, ttl: Duration) -> bool {
    let clock = Arc::new(Trips::default());
    let cache = TtlCache::builder().ttl(ttl).clock(Arc::clone(&clock)).build();
    assert_eq!(call(&cache), 10);
    // A live entry, or one that has expired, or none.
    if reading % 2 == 0 {
        cache.invalidate(&1);
    }
    clock.left.store(reading / 2 + 1, Ordering::SeqCst);
    let tripped = panics(|| call(&cache));
    clock.left.store(0, Ordering::SeqCst);
    assert_eq!(call(&cache), 10, "a load is left behind");
    tripped
}

#[test]
fn a_clock_that_panics_leaves_no_load_behind() {
    ends(|| {
        let by_thread = |cache: &TtlCache<u64, u64>| cache.get_or_insert_with(1, || 10);
        let by_task = |cache: &TtlCache<u64, u64>| {
            futures_lite::future::block_on(cache.get_or_insert_async(1, async || 10))
        };
        let mut tripped = 0;
        for reading in 0..24 {
            for ttl in [Duration::from_secs(1), Duration::from_secs(60)] {
                tripped += usize::from(trips(by_thread, reading, ttl));
                tripped += usize::from(trips(by_task, reading, ttl));
            }
        }
        assert!(tripped > 12, "the clock was read {tripped} times");
    });
}
