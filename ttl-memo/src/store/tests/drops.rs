//! When values are given back, and what of the user's code that panics there.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;

type Values = Store<u64, Tracked<u64>, ()>;

fn put(store: &Values, key: u64, alive: &Arc<AtomicIsize>) {
    let value = Tracked::new(key, alive);
    let new = NewEntry { hash: hash(key), key, value, times: times(0, 100, 0), weight: 1 };
    store.locked(hash(key), ByEq(key), |locked, found, _| locked.insert(found, new, 0));
}

#[test]
fn clear_gives_all_back_at_once_when_nobody_reads() {
    let alive = Arc::default();
    let store = Values::new(design(1000, Policy::Adaptive, 100));
    let many: u32 = if cfg!(miri) { 50 } else { 500 };
    (0..many.into()).for_each(|key| put(&store, key, &alive));
    assert_eq!(alive.load(Ordering::Relaxed), many as isize);
    store.each_shard(|locked| locked.clear());
    store.settle(0);
    assert_eq!(alive.load(Ordering::Relaxed), 0);
    store.validate();
}

#[cfg(feature = "testing")]
#[test]
fn what_a_reader_was_in_the_way_of_is_dropped_when_that_has_gone_on() {
    let alive = Arc::default();
    let store = Values::new(design(10, Policy::Adaptive, 100));
    put(&store, 0, &alive);
    let probing = Section::begin();
    store.each_shard(|locked| locked.clear());
    assert!(!store.is_at_rest());
    assert_eq!(alive.load(Ordering::Relaxed), 1);
    drop(probing);
    // Those of other tests are in the way for a moment, too.
    let mut rounds = 0..1_000_000;
    while !store.is_at_rest() && rounds.next().is_some() {
        crate::sync::yield_now();
    }
    assert_eq!(alive.load(Ordering::Relaxed), 0);
}

#[test]
fn evicted_values_do_not_pile_up() {
    let most = if cfg!(miri) { 10 } else { 1000 };
    for maxsize in [1, 2, 10, 100, 1000].map(|maxsize| maxsize.min(most)) {
        let alive = Arc::default();
        let store = Values::new(design(maxsize, Policy::Adaptive, 100));
        (0..3 * most as u64).for_each(|key| put(&store, key, &alive));
        store.settle(0);
        assert_eq!(alive.load(Ordering::Relaxed), maxsize as isize);
    }
}

#[test]
fn a_value_that_is_looked_at_stays_and_nothing_else_does() {
    let alive = Arc::default();
    let store = Values::new(design(10, Policy::Fifo, 100));
    put(&store, 0, &alive);
    let (_, time) = manual(0);
    let seen = store.read(hash(0), &ByEq(0), &time, false, |entry| {
        // As if its `Clone` took for ever.
        (1..=if cfg!(miri) { 50 } else { 5000 }).for_each(|key| put(&store, key, &alive));
        store.settle(1);
        assert_eq!(alive.load(Ordering::Relaxed), 10 + 1);
        store.each_shard(|locked| locked.clear());
        store.settle(1);
        assert_eq!(alive.load(Ordering::Relaxed), 1);
        entry.value.value
    });
    assert_eq!(seen, Some(0));
    store.settle(0);
    assert_eq!(alive.load(Ordering::Relaxed), 0);
}

#[test]
fn a_key_that_is_compared_stays_and_nothing_else_does() {
    struct Slow<'s>(&'s dyn Fn());
    impl Matches for Slow<'_> {
        type Key = u64;
        const PLAIN: bool = false;

        fn matches(&self, key: &u64) -> bool {
            (self.0)();
            *key == 0
        }
    }

    let alive = Arc::default();
    let store = Values::new(design(10, Policy::Fifo, 100));
    put(&store, 0, &alive);
    let compare = || {
        (1..=if cfg!(miri) { 50 } else { 500 }).for_each(|key| put(&store, key, &alive));
        store.settle(1);
        assert_eq!(alive.load(Ordering::Relaxed), 10 + 1);
    };
    let found = store.locked(hash(0), Slow(&compare), |_, found, _| found);
    assert_eq!(found, None, "it was evicted meanwhile");
    store.settle(0);
    assert_eq!(alive.load(Ordering::Relaxed), 10);
}

#[test]
fn a_panic_in_eq_or_clone_leaves_nothing_held() {
    struct Panics;
    impl Matches for Panics {
        type Key = u64;
        const PLAIN: bool = false;

        fn matches(&self, _: &u64) -> bool {
            panic!("Eq")
        }
    }

    let alive = Arc::default();
    let store = Values::new(design(10, Policy::Adaptive, 100));
    put(&store, 0, &alive);
    let (_, time) = manual(0);
    let read = || store.read(hash(0), &ByEq(0), &time, false, |_| panic!("Clone"));
    assert!(catch_unwind(AssertUnwindSafe(read)).is_err());
    let read = || store.read(hash(0), &Panics, &time, false, |_| ());
    assert!(catch_unwind(AssertUnwindSafe(read)).is_err());
    let locked = || store.locked(hash(0), Panics, |_, _, _| ());
    assert!(catch_unwind(AssertUnwindSafe(locked)).is_err());
    store.each_shard(|locked| locked.clear());
    store.settle(0);
    assert_eq!(alive.load(Ordering::Relaxed), 0);
}

#[test]
fn a_panic_in_drop_or_a_listener_stops_neither_the_others_nor_the_counts() {
    struct Bomb(u64, Arc<AtomicIsize>);
    impl Drop for Bomb {
        fn drop(&mut self) {
            self.1.fetch_add(1, Ordering::Relaxed);
            assert!(self.0 % 10 != 3, "Drop");
        }
    }

    let (dropped, told) = (Arc::<AtomicIsize>::default(), Arc::<AtomicIsize>::default());
    let heard = Arc::clone(&told);
    let listener: Listener<u64, Bomb> = Box::new(move |key, _, _| {
        heard.fetch_add(1, Ordering::Relaxed);
        assert!(key % 10 != 7, "listener");
    });
    let design = Design { listener: Some(listener), ..design(100, Policy::Adaptive, 100) };
    let store = Store::<u64, Bomb, ()>::new(design);
    for key in 0..50 {
        let value = Bomb(key, Arc::clone(&dropped));
        let new = NewEntry { hash: hash(key), key, value, times: times(0, 100, 0), weight: 1 };
        store.locked(hash(key), ByEq(key), |locked, found, _| locked.insert(found, new, 0));
    }
    let clear = || store.each_shard(|locked| locked.clear());
    assert!(catch_unwind(AssertUnwindSafe(clear)).is_err());
    assert_eq!(told.load(Ordering::Relaxed), 50);
    let settle = || store.settle(0);
    while catch_unwind(AssertUnwindSafe(settle)).is_err() {}
    assert_eq!(dropped.load(Ordering::Relaxed), 50);
    store.validate();
    store.settle(0);
}

/// Several shards, whose listener panics whenever it hears something.
fn panicking(maxsize: usize, weighted: bool) -> (Store<u64, u64, ()>, Arc<AtomicIsize>) {
    let told = Arc::<AtomicIsize>::default();
    let heard = Arc::clone(&told);
    let listener: Listener<u64, u64> = Box::new(move |_, _, _| {
        heard.fetch_add(1, Ordering::Relaxed);
        panic!("listener");
    });
    let terms = Terms { weighted, ..terms(100) };
    let design =
        Design { listener: Some(listener), terms, ..design(maxsize, Policy::Adaptive, 100) };
    let store = Store::new(design);
    assert!(store.is_sharded());
    (store, told)
}

fn put_weighing(store: &Store<u64, u64, ()>, key: u64, weight: usize) {
    let new = NewEntry { hash: hash(key), key, value: key, times: times(0, 100, 0), weight };
    store.locked(hash(key), ByEq(key), |locked, found, _| locked.insert(found, new, 0));
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn a_panic_in_a_listener_keeps_no_shard_from_being_cleared() {
    let (store, told) = panicking(10_000, false);
    (0..1000).for_each(|key| put_weighing(&store, key, 1));
    let clear = || store.each_shard(|locked| locked.clear());
    assert!(catch_unwind(AssertUnwindSafe(clear)).is_err());
    assert_eq!((store.room.held(), told.load(Ordering::Relaxed)), (0, 1000));
    store.validate();
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn a_panic_in_a_listener_keeps_no_lowered_bound_from_being_kept() {
    let (store, told) = panicking(10_000, false);
    (0..1000).for_each(|key| put_weighing(&store, key, 1));
    let lower = || store.set_maxsize(Some(10), 0, || ());
    assert!(catch_unwind(AssertUnwindSafe(lower)).is_err());
    assert_eq!((store.room.held(), told.load(Ordering::Relaxed)), (10, 990));
    store.validate();
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn a_panic_in_a_listener_keeps_no_other_shard_from_making_room() {
    let (store, _) = panicking(10_000, true);
    put_weighing(&store, 0, 1);
    let own = std::ptr::from_ref(store.shard_of(short(hash(0))));
    let others = (1..).filter(|&key| !std::ptr::eq(own, store.shard_of(short(hash(key)))));
    others.take(9_999).for_each(|key| put_weighing(&store, key, 1));
    assert_eq!(store.room.held(), 10_000);
    let replace = || put_weighing(&store, 0, 50);
    assert!(catch_unwind(AssertUnwindSafe(replace)).is_err());
    assert!(store.room.held() <= 10_000, "{} are held", store.room.held());
    store.validate();
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn a_panic_in_a_listener_keeps_no_refused_entry_in() {
    let (store, told) = panicking(10_000, false);
    (0..1000).for_each(|key| put_weighing(&store, key, 1));
    let visit = || store.visit(0, |entry| entry.key % 2 == 0);
    assert!(catch_unwind(AssertUnwindSafe(visit)).is_err());
    assert_eq!((store.room.held(), told.load(Ordering::Relaxed)), (500, 500));
    store.validate();
}

#[test]
fn drop_may_come_back_into_the_same_cache() {
    struct Calls(u64, std::sync::Weak<Store<u64, Calls, ()>>);
    impl Drop for Calls {
        fn drop(&mut self) {
            if let Some(store) = self.1.upgrade() {
                store.read_held(hash(self.0), &ByEq(self.0), 0, |_| ());
                store.each_shard(|locked| assert!(locked.live(0).0 <= 4));
            }
        }
    }

    let store = Arc::new(Store::new(design(4, Policy::Lru, 100)));
    for key in 0..100 {
        let value = Calls(key, Arc::downgrade(&store));
        let new = NewEntry { hash: hash(key), key, value, times: times(0, 100, 0), weight: 1 };
        store.locked(hash(key), ByEq(key), |locked, found, _| locked.insert(found, new, 0));
    }
    store.each_shard(|locked| locked.clear());
    store.validate();
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn what_expires_at_once_is_given_back_by_light_calls() {
    let alive = Arc::default();
    let maxsize = 100_000;
    let store = Values::new(design(maxsize, Policy::Adaptive, 100));
    (0..maxsize as u64).for_each(|key| put(&store, key, &alive));
    assert_eq!(alive.load(Ordering::Relaxed), maxsize as isize, "not one was evicted");
    let (_, time) = manual(100);
    let new = NewEntry {
        hash: hash(0),
        key: 0,
        value: Tracked::new(0, &alive),
        times: times(100, 100, 0),
        weight: 1,
    };
    store.locked(hash(0), ByEq(0), |locked, found, _| locked.insert(found, new, 100));
    // What has left is counted, not what is dropped: that waits for whoever probes beside this.
    let expired = || {
        let mut expired = 0;
        store.each_shard(|locked| expired += locked.removals().1);
        expired
    };
    for _ in 0..1000 {
        let before = expired();
        assert!(store.read(hash(0), &ByEq(0), &time, false, |_| ()).is_some());
        assert!(expired() - before <= 512, "a bounded number a call");
    }
    store.settle(0);
    assert!(alive.load(Ordering::Relaxed) <= maxsize as isize * 15 / 100);
    for _ in 0..2000 {
        store.read(hash(0), &ByEq(0), &time, false, |_| ());
    }
    store.settle(0);
    assert_eq!(alive.load(Ordering::Relaxed), 1);
    store.validate();
    let chunks = store.shards.iter().map(|shard| shard.writer.lock().desk.slots().present());
    assert!(chunks.sum::<usize>() <= 2 * store.shards.len(), "their memory went, too");
}

#[test]
fn a_thousand_keys_fit_into_their_bound_whatever_their_hashes() {
    let most = if cfg!(miri) { 50 } else { 100_000 };
    for maxsize in [1000_usize, 1024, 4096, 5000, 100_000].map(|maxsize| maxsize.min(most)) {
        let store = Store::<u64, u64, ()>::new(design(maxsize, Policy::Adaptive, 100));
        for key in 0..maxsize as u64 {
            let new =
                NewEntry { hash: hash(key), key, value: key, times: times(0, 100, 0), weight: 1 };
            store.locked(hash(key), Plainly(key), |locked, found, _| locked.insert(found, new, 0));
        }
        let (_, time) = manual(0);
        for key in 0..maxsize as u64 {
            let seen = store.read(hash(key), &Plainly(key), &time, false, |entry| *entry.value);
            assert_eq!(seen, Some(key), "maxsize {maxsize}");
        }
        store.validate();
    }
}

#[test]
fn large_values_and_none_at_all() {
    let store = Store::<(), (), ()>::new(design(1, Policy::Adaptive, 100));
    let new = || NewEntry { hash: 1, key: (), value: (), times: times(0, 100, 0), weight: 1 };
    store.locked(1, ByEq(()), |locked, found, _| locked.insert(found, new(), 0));
    store.locked(1, ByEq(()), |locked, found, _| locked.insert(found, new(), 0));
    assert!(store.read_held(1, &ByEq(()), 0, |_| ()).is_some());
    store.validate();

    let store = Store::<u64, Box<[u8; 1 << 20]>, ()>::new(design(3, Policy::Lru, 100));
    for key in 0..20 {
        let value = vec![u8::try_from(key).expect("small"); 1 << 20];
        let value = value.into_boxed_slice().try_into().expect("as long");
        let new = NewEntry { hash: hash(key), key, value, times: times(0, 100, 0), weight: 1 };
        store.locked(hash(key), ByEq(key), |locked, found, _| locked.insert(found, new, 0));
    }
    let sum = |key| store.read_held(hash(key), &ByEq(key), 0, |entry| entry.value[1 << 19]);
    assert_eq!((sum(16), sum(17), sum(19)), (None, Some(17), Some(19)));
    store.validate();
}
