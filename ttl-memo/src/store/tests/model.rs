//! Against a plain map that hears of what leaves.

use std::collections::HashMap;
use std::sync::Mutex;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Copy, Debug)]
enum Op {
    Insert { key: u64, ttl: u64, weight: usize },
    Get(u64),
    Remove(u64),
    Advance(u64),
    Expire,
    Clear,
    Retain(u64),
    Bound(usize),
}

fn op(keys: u64) -> impl Strategy<Value = Op> {
    let insert = |ttl| move |(key, weight)| Op::Insert { key, ttl, weight };
    prop_oneof![
        10 => (0..keys, 0_usize..4).prop_map(insert(100)),
        2 => (0..keys, 1_usize..2).prop_map(insert(30)),
        1 => (0..keys, 1_usize..2).prop_map(insert(u64::MAX)),
        8 => (0..keys).prop_map(Op::Get),
        2 => (0..keys).prop_map(Op::Remove),
        3 => (0_u64..40).prop_map(Op::Advance),
        1 => Just(Op::Expire),
        1 => Just(Op::Clear),
        1 => (0..keys).prop_map(Op::Retain),
        1 => (0_usize..20).prop_map(Op::Bound),
    ]
}

#[derive(Clone, Copy, Debug)]
struct Held {
    id: u64,
    weight: usize,
    stored: u64,
    limit: u64,
    deadline: u64,
}

type Left = Arc<Mutex<Vec<(u64, u64, RemovalCause)>>>;

struct World {
    store: Store<u64, Tracked<u64>, ()>,
    clock: ManualClock,
    time: Time,
    left: Left,
    alive: Arc<AtomicIsize>,
    model: HashMap<u64, Held>,
    bound: usize,
    next: u64,
    collide: bool,
}

impl World {
    fn new(policy: Policy, weighted: bool, tti: u64, window: u64, collide: bool) -> Self {
        let left = Left::default();
        let told = Arc::clone(&left);
        let listener: Listener<u64, Tracked<u64>> = Box::new(move |key, value, cause| {
            told.lock().expect("no panic").push((*key, value.value, cause));
        });
        let terms = Terms { ttl: 100, tti, window, weighted };
        let listener = Some(listener);
        let (clock, time) = manual(1000);
        let store = Store::new(Design { maxsize: Some(10), policy, terms, listener, seed: 3 });
        let (alive, model) = (Arc::default(), HashMap::new());
        Self { store, clock, time, left, alive, model, bound: 10, next: 0, collide }
    }

    fn hash(&self, key: u64) -> u64 {
        if self.collide { key % 2 } else { key.wrapping_mul(0x1234_5678_9ABC_DEF1) }
    }

    fn now(&self) -> u64 {
        self.time.precise()
    }

    fn weight(&self) -> usize {
        self.model.values().map(|held| held.weight).sum()
    }

    fn run(&mut self, op: Op) {
        let now = self.now();
        match op {
            Op::Insert { key, ttl, weight } => self.insert(key, ttl, weight),
            Op::Get(key) => self.get(key),
            Op::Remove(key) => {
                let hash = self.hash(key);
                self.store.locked(hash, ByEq(key), |locked, found, _| {
                    if let Some(found) = found {
                        locked.remove(found, RemovalCause::Invalidated);
                    }
                });
                let gone = self.model.remove(&key);
                let heard = self.heard();
                assert_eq!(heard.len(), usize::from(gone.is_some()));
                assert!(
                    gone.is_none_or(|held| heard[0] == (key, held.id, RemovalCause::Invalidated))
                );
            }
            Op::Advance(by) => self.clock.advance(Duration::from_nanos(by)),
            Op::Expire => {
                let mut expired = 0;
                self.store.each_shard(|locked| expired += locked.expire(now));
                assert_eq!(expired, self.hear(now));
                let window = self.store.terms.window;
                let gone = |held: &Held| held.deadline.saturating_add(window) <= now;
                assert!(!self.model.values().any(gone), "nothing gone is left");
            }
            Op::Clear => {
                self.store.each_shard(|locked| locked.clear());
                assert_eq!(self.heard().len(), self.model.len());
                self.model.clear();
            }
            Op::Retain(least) => {
                let live = |held: &Held| now < held.deadline;
                let kept =
                    |held: &Held| now < held.deadline.saturating_add(self.store.terms.window);
                let doomed = |(key, held): &(&u64, &Held)| kept(held) && **key < least;
                let doomed: Vec<_> = self
                    .model
                    .iter()
                    .filter(doomed)
                    .map(|(key, held)| (*key, live(held)))
                    .collect();
                let mut seen = 0;
                let gone = self.store.visit(now, |entry| {
                    seen += 1;
                    *entry.key >= least
                });
                assert_eq!(seen, self.model.values().filter(|held| kept(held)).count());
                assert_eq!(gone, doomed.iter().filter(|it| it.1).count());
                assert_eq!(self.heard().len(), doomed.len());
                for (key, _) in doomed {
                    self.model.remove(&key);
                }
            }
            Op::Bound(bound) => {
                self.bound = bound;
                self.store.set_maxsize(Some(bound), now, || ());
                self.hear(now);
            }
        }
        self.check();
    }

    fn insert(&mut self, key: u64, ttl: u64, weight: usize) {
        let weight = if self.store.terms.weighted { weight } else { 1 };
        if weight > self.bound {
            return;
        }
        let (now, hash, id) = (self.now(), self.hash(key), self.next);
        self.next += 1;
        let times = times(now, ttl, self.store.terms.window);
        let value = Tracked::new(id, &self.alive);
        self.store.locked(hash, ByEq(key), |locked, found, _| {
            locked.insert(found, NewEntry { hash, key, value, times, weight }, now);
        });
        let deadline = times.deadline.min(now.saturating_add(self.store.terms.tti));
        let new = Held { id, weight, stored: now, limit: times.deadline, deadline };
        let before = self.model.values().any(|held| held.deadline <= now && held.id != id);
        if let Some(old) = self.model.insert(key, new) {
            // The one that it took the place of.
            let cause =
                if old.deadline <= now { RemovalCause::Expired } else { RemovalCause::Replaced };
            let first = self.left.lock().expect("no panic").remove(0);
            assert_eq!(first, (key, old.id, cause));
        }
        let room = self.weight() <= self.bound;
        let mut over = self.model.values().filter(|held| held.deadline <= now).count();
        for (key, id, cause) in self.heard() {
            let held = self.model.remove(&key).expect("what leaves was there");
            assert_eq!(held.id, id);
            assert!(id != new.id, "the one just stored stays");
            if cause == RemovalCause::Size {
                assert!(!room, "nothing is evicted while there is room");
                assert!(held.deadline > now);
                assert_eq!(over, 0, "expired before live; {before}");
            } else {
                assert_eq!(cause, RemovalCause::Expired);
                assert!(held.deadline <= now);
                over -= 1;
            }
        }
    }

    fn get(&mut self, key: u64) {
        let (now, hash) = (self.now(), self.hash(key));
        let (matcher, time) = (ByEq(key), &self.time);
        let answer = self.store.read(hash, &matcher, time, false, |entry| {
            assert_eq!(*entry.key, key);
            (entry.value.clone().value, entry.times())
        });
        let live = self.model.get_mut(&key).filter(|held| now < held.deadline);
        let expected = live.map(|held| {
            let tti = self.store.terms.tti;
            if tti != u64::MAX {
                held.deadline = held.deadline.max(held.limit.min(now.saturating_add(tti)));
            }
            (held.id, held.stored, held.deadline)
        });
        let told = answer.map(|(id, times)| (id, times.stored, times.deadline));
        assert_eq!(told, expected);
        // Upkeep.
        self.hear(now);
    }

    fn heard(&self) -> Vec<(u64, u64, RemovalCause)> {
        std::mem::take(&mut *self.left.lock().expect("no panic"))
    }

    /// Takes out of the model what left by its age or for the bound; how many.
    fn hear(&mut self, now: u64) -> usize {
        let heard = self.heard();
        for (key, id, cause) in &heard {
            let held = self.model.remove(key).expect("what leaves was there");
            assert_eq!(held.id, *id);
            assert_eq!(*cause == RemovalCause::Expired, held.deadline <= now);
        }
        heard.len()
    }

    fn check(&self) {
        assert!(self.left.lock().expect("no panic").is_empty(), "all was expected");
        assert!(self.weight() <= self.bound);
        self.store.validate();
        let now = self.now();
        let (mut len, mut weight) = (0, 0);
        self.store.each_shard(|locked| {
            let live = locked.live(now);
            (len, weight) = (len + live.0, weight + live.1);
        });
        let live: Vec<&Held> = self.model.values().filter(|held| now < held.deadline).collect();
        assert_eq!((len, weight), (live.len(), live.iter().map(|held| held.weight).sum()));
        self.store.settle(0);
        assert_eq!(self.alive.load(Ordering::Relaxed), self.model.len() as isize);
    }
}

fn policies() -> impl Strategy<Value = Policy> {
    prop::sample::select(vec![
        Policy::Adaptive,
        Policy::Lru,
        Policy::Fifo,
        Policy::Lfu,
        Policy::Random,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 2 } else { 200 }))]

    #[test]
    fn it_holds_what_a_map_would(
        policy in policies(),
        weighted: bool,
        tti in prop::sample::select(vec![u64::MAX, 25, 70]),
        window in prop::sample::select(vec![0, 20]),
        collide: bool,
        ops in prop::collection::vec(op(16), 0..if cfg!(miri) { 40 } else { 120 }),
    ) {
        let mut world = World::new(policy, weighted, tti, window, collide);
        for op in ops {
            world.run(op);
        }
        let alive = Arc::clone(&world.alive);
        drop(world);
        prop_assert_eq!(alive.load(Ordering::Relaxed), 0);
    }
}
