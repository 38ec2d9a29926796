//! Many threads on few keys: nobody sees a wrong value, nothing is dropped twice or never.

use std::sync::Barrier;
use std::thread;

use super::*;

const THREADS: u64 = if cfg!(miri) { 3 } else { 4 };
const ROUNDS: u64 = if cfg!(miri) { 40 } else { 20_000 };

/// What a key's value has to be.
fn value_of(key: u64) -> String {
    format!("the value of {key}")
}

fn churn<M: Matches<Key = u64>>(maxsize: usize, policy: Policy, keys: u64, matcher: fn(u64) -> M) {
    let alive = Arc::default();
    let terms = Terms { window: 5, ..terms(50) };
    let design = Design { terms, ..design(maxsize, policy, 50) };
    let store = Store::<u64, Tracked<String>, ()>::new(design);
    let (clock, time) = manual(0);
    let work = |thread: u64| {
        let mut random = thread + 1;
        for round in 0..ROUNDS {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(thread * 2 + 1);
            let key = (random >> 33) % keys;
            let hash = hash(key);
            match (random >> 20) % 100 {
                0 if round % 64 == 0 => store.each_shard(|locked| locked.clear()),
                0..=1 => {
                    let now = time.precise();
                    store.visit(now, |entry| {
                        assert_eq!(entry.value.value, value_of(*entry.key));
                        entry.key % 3 != 0
                    });
                }
                2..=6 => store.locked(hash, matcher(key), |locked, found, _| {
                    if let Some(found) = found {
                        locked.remove(found, RemovalCause::Invalidated);
                    }
                }),
                7..=9 => clock.advance(Duration::from_nanos(1)),
                10..=40 => {
                    let now = time.precise();
                    let (times, value) = (times(now, 50, 5), Tracked::new(value_of(key), &alive));
                    let new = NewEntry { hash, key, value, times, weight: 1 };
                    store.locked(hash, matcher(key), |locked, found, _| {
                        locked.insert(found, new, now);
                    });
                }
                41..=45 => {
                    let seen = |entry: EntryRef<'_, u64, Tracked<String>>| entry.value.clone();
                    let seen = store.read_held(hash, &matcher(key), time.precise(), seen);
                    assert!(seen.is_none_or(|seen| seen.value == value_of(key)));
                }
                _ => {
                    let seen = store.read(hash, &matcher(key), &time, false, |entry| {
                        assert_eq!(*entry.key, key);
                        entry.value.clone()
                    });
                    assert!(seen.is_none_or(|seen| seen.value == value_of(key)));
                }
            }
        }
    };
    thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || work(thread));
        }
    });
    store.validate();
    let mut held = 0;
    store.each_shard(|locked| held += locked.live(0).0);
    assert!(held <= maxsize);
    store.settle(0);
    drop(store);
    assert_eq!(alive.load(Ordering::Relaxed), 0);
}

#[test]
fn keys_that_users_compare() {
    churn(50, Policy::Adaptive, 100, ByEq);
}

#[test]
fn keys_that_we_compare() {
    churn(50, Policy::Adaptive, 100, Plainly);
}

#[test]
fn exact_policies() {
    for policy in [Policy::Lru, Policy::Fifo, Policy::Lfu, Policy::Random] {
        churn(20, policy, 60, Plainly);
    }
}

#[test]
fn tiny_caches() {
    churn(1, Policy::Adaptive, 4, ByEq);
    churn(2, Policy::Adaptive, 4, Plainly);
}

#[test]
fn several_shards() {
    churn(5_000, Policy::Adaptive, if cfg!(miri) { 50 } else { 8_000 }, Plainly);
}

#[test]
fn keys_that_all_collide() {
    #[derive(Clone, Copy)]
    struct Key(u64);
    impl Matches for Key {
        type Key = u64;
        const PLAIN: bool = false;

        fn matches(&self, key: &u64) -> bool {
            self.0 == *key
        }
    }

    let store = Store::<u64, String, ()>::new(design(20, Policy::Adaptive, 1000));
    let (_, time) = manual(0);
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (store, time) = (&store, &time);
            scope.spawn(move || {
                for round in 0..ROUNDS / 4 {
                    let key = (round * 7 + thread) % 40;
                    if round % 3 == 0 {
                        let value = value_of(key);
                        let times = times(0, 1000, 0);
                        let new = NewEntry { hash: 5, key, value, times, weight: 1 };
                        store.locked(5, Key(key), |locked, found, _| locked.insert(found, new, 0));
                    } else {
                        let seen =
                            store.read(5, &Key(key), time, false, |entry| entry.value.clone());
                        assert!(seen.is_none_or(|seen| seen == value_of(key)));
                    }
                }
            });
        }
    });
    store.validate();
    store.settle(0);
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn many_threads_do_not_make_the_bag_of_a_small_cache_large() {
    let store = &Store::<u64, Box<u64>, ()>::new(design(4, Policy::Adaptive, 100));
    let (here, done) = (&Barrier::new(201), &Barrier::new(201));
    thread::scope(|scope| {
        for _ in 0..200 {
            scope.spawn(|| {
                store.read_held(hash(0), &ByEq(0), 0, |_| ());
                here.wait();
                done.wait();
            });
        }
        here.wait();
        let mut most = 0;
        for key in 0..200 {
            let value = Box::new(key);
            let new = NewEntry { hash: hash(key), key, value, times: times(0, 100, 0), weight: 1 };
            store.locked(hash(key), ByEq(key), |locked, found, _| locked.insert(found, new, 0));
            let writer = store.shards[0].writer.lock();
            // Others that probe just now, in other tests, may be in the way.
            if !writer.desk.is_bag_full() {
                most = most.max(writer.desk.waiting());
            }
        }
        done.wait();
        assert!(most <= 16, "{most} wait, and are not looked after");
    });
}
