//! The real code under Shuttle, which runs each of these in thousands of interleavings.
//!
//! `RUSTFLAGS='--cfg shuttle' cargo test -p ttl-memo --lib interleavings`; see `scripts/thorough`.
//! It takes every order to be sequentially consistent: why weaker ones suffice is argued where
//! they stand.

use std::sync::atomic::AtomicU64 as Word;

use shuttle::thread;

use super::*;

/// So many interleavings, or as many as the variable `ROUNDS` says.
fn rounds(usual: usize) -> usize {
    std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

const DEAD: u64 = u64::MAX;

/// A value that knows whether it lives, and is slow to be cloned.
#[derive(Debug)]
struct Canary(Word);

impl Canary {
    fn new(key: u64) -> Self {
        Self(Word::new(key))
    }

    /// The key that it was stored for, seen twice with others' steps between.
    fn check(&self) -> u64 {
        let first = self.0.load(Ordering::Relaxed);
        thread::yield_now();
        assert_eq!(self.0.load(Ordering::Relaxed), first, "it changed while it was looked at");
        assert!(first != DEAD, "it was dropped before it was looked at");
        first
    }
}

impl Drop for Canary {
    fn drop(&mut self) {
        assert!(self.0.swap(DEAD, Ordering::Relaxed) != DEAD, "it is dropped once");
    }
}

type Canaries = Store<u64, (Canary, Tracked<()>), ()>;

struct World {
    store: Canaries,
    alive: Arc<AtomicIsize>,
}

impl World {
    fn new(maxsize: usize, policy: Policy) -> Arc<Self> {
        let store = Store::new(design(maxsize, policy, 100));
        Arc::new(Self { store, alive: Arc::default() })
    }

    fn put<M: Matches<Key = u64>>(&self, key: u64, hash: u64, matcher: M) {
        let value = (Canary::new(key), Tracked::new((), &self.alive));
        let new = NewEntry { hash, key, value, times: times(0, 100, 0), weight: 1 };
        self.store.locked(hash, matcher, |locked, found, _| locked.insert(found, new, 0));
    }

    fn get<M: Matches<Key = u64>>(&self, key: u64, hash: u64, matcher: &M) -> bool {
        let (_, time) = manual(0);
        let seen = self.store.read(hash, matcher, &time, false, |entry| {
            assert_eq!(*entry.key, key);
            entry.value.0.check()
        });
        assert!(seen.is_none_or(|seen| seen == key));
        seen.is_some()
    }

    /// Everything is as it should be, and goes.
    fn end(self: Arc<Self>) {
        self.store.validate();
        self.store.settle(0);
        let mut held = 0;
        self.store.each_shard(|locked| held += locked.live(0).0);
        assert_eq!(self.alive.load(Ordering::Relaxed), held as isize);
        let alive = Arc::clone(&self.alive);
        drop(Arc::into_inner(self).expect("all threads have ended"));
        assert_eq!(alive.load(Ordering::Relaxed), 0);
    }
}

fn explore(world: fn() -> Arc<World>, threads: &'static [fn(&World)]) {
    shuttle::check_random(
        move || {
            let world = world();
            let threads: Vec<_> = threads
                .iter()
                .map(|work| {
                    let world = Arc::clone(&world);
                    thread::spawn(move || work(&world))
                })
                .collect();
            threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
            world.end();
        },
        rounds(3_000),
    );
}

#[test]
fn hits_beside_evictions() {
    fn read(world: &World) {
        (0..3).for_each(|_| _ = world.get(1, hash(1), &ByEq(1)));
    }
    fn write(world: &World) {
        (0..6).for_each(|round| world.put(round % 3, hash(round % 3), ByEq(round % 3)));
    }
    for policy in [Policy::Adaptive, Policy::Lru] {
        let world = match policy {
            Policy::Lru => || World::new(1, Policy::Lru),
            _ => || World::new(1, Policy::Adaptive),
        };
        explore(world, &[read, read, write]);
    }
}

#[test]
fn plain_hits_beside_evictions() {
    fn read(world: &World) {
        (0..3).for_each(|_| _ = world.get(1, hash(1), &Plainly(1)));
    }
    fn write(world: &World) {
        (0..6).for_each(|round| world.put(round % 3, hash(round % 3), Plainly(round % 3)));
    }
    explore(|| World::new(2, Policy::Adaptive), &[read, read, write]);
}

#[test]
fn insertions_beside_clear() {
    fn write(world: &World) {
        (0..3).for_each(|key| world.put(key, hash(key), ByEq(key)));
    }
    fn clear(world: &World) {
        (0..2).for_each(|_| world.store.each_shard(|locked| locked.clear()));
    }
    fn read(world: &World) {
        (0..3).for_each(|key| _ = world.get(key, hash(key), &ByEq(key)));
    }
    explore(|| World::new(10, Policy::Adaptive), &[write, clear, read]);
}

#[test]
fn hits_beside_growth_and_removals() {
    fn write(world: &World) {
        (0..12).for_each(|key| world.put(key, hash(key), Plainly(key)));
        for key in 6..12 {
            world.store.locked(hash(key), Plainly(key), |locked, found, _| {
                if let Some(found) = found {
                    locked.remove(found, RemovalCause::Invalidated);
                }
            });
        }
    }
    fn read(world: &World) {
        for key in [0, 3, 7] {
            world.get(key, hash(key), &Plainly(key));
        }
    }
    explore(|| World::new(100, Policy::Adaptive), &[write, read, read]);
}

#[test]
fn one_entry_a_key_though_all_collide() {
    fn write(world: &World) {
        (0..3).for_each(|key| world.put(key, 7, ByEq(key)));
    }
    fn read(world: &World) {
        (0..3).for_each(|key| _ = world.get(key, 7, &ByEq(key)));
    }
    fn find(world: &World) {
        for key in 0..3 {
            let seen = |entry: EntryRef<'_, u64, _>| assert_eq!(*entry.key, key);
            world.store.find(7, &ByEq(key), seen);
        }
        let mut seen = Vec::new();
        world.store.visit(0, |entry| {
            seen.push(*entry.key);
            true
        });
        seen.sort_unstable();
        let all = seen.len();
        seen.dedup();
        // One that was stored anew meanwhile may be seen twice, in either place.
        assert!(all <= seen.len() * 2);
    }
    explore(|| World::new(10, Policy::Adaptive), &[write, write, read, find]);
}

#[test]
fn retained_beside_replaced() {
    fn write(world: &World) {
        (0..4).for_each(|round| world.put(round % 2, hash(round % 2), ByEq(round % 2)));
    }
    fn retain(world: &World) {
        world.store.visit(0, |entry| entry.value.0.check() == 0);
    }
    explore(|| World::new(10, Policy::Adaptive), &[write, write, retain]);
}

#[test]
fn a_grace_outlasts_every_section_that_saw_the_thing() {
    use crate::reclaim::{Grace, Held, Section};
    use crate::sync::atomic::AtomicUsize;

    shuttle::check_random(
        || {
            // 1: in reach; 2: taken out and dropped.
            let thing = Arc::new((AtomicUsize::new(1), AtomicUsize::new(1)));
            let readers: Vec<_> = (0..2)
                .map(|_| {
                    let thing = Arc::clone(&thing);
                    thread::spawn(move || {
                        for holds in [false, true] {
                            let mut section = Section::begin();
                            if thing.0.load(Ordering::Acquire) == 1 {
                                if holds {
                                    section.hold(100);
                                }
                                assert_eq!(thing.1.load(Ordering::Relaxed), 1, "it is there");
                            }
                        }
                    })
                })
                .collect();
            thing.0.store(2, Ordering::Release);
            let mut grace = Grace::begin();
            if grace.is_over() && !Held::now().has(100) {
                thing.1.store(2, Ordering::Relaxed);
            }
            readers.into_iter().for_each(|reader| reader.join().expect("no panic"));
        },
        20_000,
    );
}

#[test]
fn no_hit_is_lost() {
    use crate::counters::Counters;

    shuttle::check_random(
        || {
            let counters = Arc::new(Counters::default());
            let threads: Vec<_> = (0..3)
                .map(|_| {
                    let counters = Arc::clone(&counters);
                    thread::spawn(move || (0..4).for_each(|_| _ = counters.hit()))
                })
                .collect();
            threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
            assert_eq!(counters.hits(), 12);
        },
        rounds(3_000),
    );
}
