//! A map, and beside it a list that is searched: what is done to both, and how they are compared.
//!
//! The fuzzer (`fuzz/fuzz_targets/map.rs`) takes this file in, too: it needs nothing of the crate
//! but its public face and `validate`.

#![expect(clippy::single_match_else, reason = "what is stored, and what is not, side by side")]

use std::collections::BTreeMap;
use std::time::Duration;

use super::hashes::Hashes;
use super::heard::{Heard, listener, take};
use super::model::Model;
use crate::map::Entry;
use crate::{ManualClock, Policy, RemovalCause, TtlMap};

pub(crate) const KEYS: u8 = 24;

/// A value, told from others by a number, and what it weighs.
type Value = (u32, usize);

#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) policy: Policy,
    pub(crate) weighted: bool,
    pub(crate) maxsize: Option<usize>,
    pub(crate) ttl: Option<Duration>,
    pub(crate) tti: Option<Duration>,
    pub(crate) hashes: Hashes,
}

fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Get(u8),
    Peek(u8),
    Insert(u8, usize),
    TryInsert(u8, usize),
    InsertFor(u8, usize, Duration),
    Extend(Vec<(u8, usize)>),
    Remove(u8),
    Entry(u8, usize),
    Pop,
    Expire,
    Retain(u8),
    Clear,
    Clone,
    Advance(Duration),
}

/// A map, and beside it what it should hold, and has not told of yet.
pub(crate) struct Pair {
    kind: Kind,
    clock: ManualClock,
    map: TtlMap<u8, Value, Hashes>,
    heard: Heard<u8, Value>,
    /// Held by key, those included whose time is over and that nobody has heard of.
    model: Model<(u8, u32)>,
    limits: BTreeMap<u32, u64>,
    /// What each value weighs, by its number.
    weights: BTreeMap<u32, usize>,
    now: u64,
    next: u32,
    hits: u64,
    misses: u64,
    evictions: u64,
    expirations: u64,
}

impl Pair {
    pub(crate) fn new(kind: Kind) -> Self {
        let clock = ManualClock::new();
        let (heard, hear) = listener();
        let mut builder = TtlMap::builder()
            .maxsize(kind.maxsize)
            .ttl(kind.ttl)
            .policy(kind.policy)
            .on_evict(hear)
            .clock(clock.clone())
            .hasher(kind.hashes);
        if kind.weighted {
            builder = builder.weigher(|_: &u8, value: &Value| value.1);
        }
        if let Some(tti) = kind.tti {
            builder = builder.tti(tti);
        }
        let model = Model::new(kind.policy, kind.maxsize);
        Self {
            kind,
            clock,
            map: builder.build(),
            heard,
            model,
            limits: BTreeMap::new(),
            weights: BTreeMap::new(),
            now: 0,
            next: 0,
            hits: 0,
            misses: 0,
            evictions: 0,
            expirations: 0,
        }
    }

    fn value(&mut self, weight: usize) -> Value {
        self.next += 1;
        self.weights.insert(self.next, weight);
        (self.next, weight)
    }

    fn id_of(&self, key: u8) -> Option<(u8, u32)> {
        let mut held = self.model.held.iter().filter(|held| held.deadline > self.now);
        held.find(|held| held.id.0 == key).map(|held| held.id)
    }

    fn weight_of(&self, id: (u8, u32)) -> usize {
        self.model.get(id).expect("held").weight
    }

    fn value_of(&self, key: u8) -> Option<Value> {
        let (_, number) = self.id_of(key)?;
        Some((number, self.weights[&number]))
    }

    fn forget(&mut self, all: Vec<(u8, u32)>) {
        for id in all {
            self.model.remove(id);
        }
    }

    /// Hears of what has expired; the rest of what was heard.
    fn hear(&mut self) -> Vec<(u8, u32, RemovalCause)> {
        let mut rest = Vec::new();
        for (key, (number, _), cause) in take(&self.heard) {
            if cause == RemovalCause::Expired {
                let held = self.model.remove((key, number)).expect("what expires was held");
                assert!(held.deadline <= self.now, "and its time is over");
                self.expirations += 1;
            } else {
                rest.push((key, number, cause));
            }
        }
        rest
    }

    fn used(&mut self, id: (u8, u32)) {
        self.model.touch(id);
        if let Some(tti) = self.kind.tti {
            let until = (self.now + nanos(tti)).min(self.limits[&id.1]);
            let held = self.model.get_mut(id).expect("held");
            held.deadline = held.deadline.max(until);
        }
    }

    /// The model's side of storing a value: what was under the key, if it was live. None: it is not
    /// stored, and nothing was done.
    #[expect(clippy::option_option, reason = "whether, and what")]
    fn store(&mut self, key: u8, value: Value, ttl: Option<Duration>) -> Option<Option<(u8, u32)>> {
        let weight = if self.kind.weighted { value.1 } else { 1 };
        let ttl = ttl.or(self.kind.ttl).map_or(u64::MAX, nanos);
        let idle = self.kind.tti.map_or(u64::MAX, nanos);
        if ttl.min(idle) == 0 || self.kind.maxsize.is_some_and(|maxsize| weight > maxsize) {
            return None;
        }
        let limit = self.now.saturating_add(ttl);
        let idle = self.now.saturating_add(idle);
        self.limits.insert(value.0, limit);
        let (old, id) = (self.id_of(key), (key, value.0));
        match old {
            Some(old) => self.model.replace(old, id, weight, limit.min(idle)),
            None => self.model.insert(id, weight, limit.min(idle)),
        }
        Some(old)
    }

    /// Those that were evicted for `kept` are the right ones.
    fn evicted(&mut self, kept: (u8, u32), heard: &[(u8, u32, RemovalCause)]) {
        for &(key, number, cause) in heard {
            assert_eq!(cause, RemovalCause::Size);
            assert_eq!(self.model.over(self.now).next(), None, "expired ones go first");
            assert!(self.model.is_over_bound(), "none goes while there is room");
            let victims = self.model.victims(Some(kept));
            assert!(victims.contains(&(key, number)), "{key} is to go next");
            self.model.remove((key, number));
            self.evictions += 1;
        }
        assert!(!self.model.is_over_bound());
    }

    fn insert(&mut self, key: u8, weight: usize, ttl: Option<Duration>) {
        let value = self.value(weight);
        let old_value = self.value_of(key);
        let given = match ttl {
            Some(ttl) => self.map.insert_with_ttl(key, value, ttl),
            None => self.map.insert(key, value),
        };
        assert_eq!(given, old_value, "what was live is handed back");
        let heard = self.hear();
        match self.store(key, value, ttl) {
            Some(_) => self.evicted((key, value.0), &heard),
            None => {
                assert_eq!(heard, [], "nothing makes room for nothing");
                if let Some(old) = self.id_of(key) {
                    self.model.remove(old);
                }
            }
        }
    }

    fn try_insert(&mut self, key: u8, weight: usize) {
        let value = self.value(weight);
        let old_value = self.value_of(key);
        let given = self.map.try_insert(key, value);
        let heard = self.hear();
        let counted = if self.kind.weighted { weight } else { 1 };
        if self.kind.maxsize.is_some_and(|maxsize| counted > maxsize) {
            let refused = given.expect_err("it is too heavy");
            assert_eq!((refused.key, refused.value, refused.weight), (key, value, counted));
            assert_eq!(heard, []);
            return;
        }
        assert_eq!(given.expect("it fits"), old_value);
        match self.store(key, value, None) {
            Some(_) => self.evicted((key, value.0), &heard),
            None => drop(self.id_of(key).and_then(|old| self.model.remove(old))),
        }
    }

    fn extend(&mut self, pairs: &[(u8, usize)]) {
        for &(key, weight) in pairs {
            let value = self.value(weight);
            self.map.extend([(key, value)]);
            let mut heard = self.hear();
            match self.store(key, value, None) {
                Some(old) => {
                    if let Some((key, number)) = old {
                        let last = heard.pop().expect("the listener hears of what is replaced");
                        assert_eq!(last, (key, number, RemovalCause::Replaced));
                    }
                    self.evicted((key, value.0), &heard);
                }
                None => {
                    let old = self.id_of(key);
                    let told = old.map(|(key, number)| (key, number, RemovalCause::Invalidated));
                    assert!(heard.into_iter().eq(told));
                    old.map(|old| self.model.remove(old));
                }
            }
        }
    }

    fn entry(&mut self, key: u8, weight: usize) {
        let value = self.value(weight);
        let old = self.id_of(key);
        match (self.map.entry(key), old) {
            (Entry::Occupied(entry), Some(id)) => {
                assert_eq!((entry.key(), entry.get().0), (&key, id.1));
                self.hits += 1;
                self.used(id);
            }
            (Entry::Vacant(entry), None) => {
                assert_eq!(entry.insert(value), &value);
                self.misses += 1;
                let heard = self.hear();
                if self.store(key, value, None).is_some() {
                    self.evicted((key, value.0), &heard);
                }
            }
            (entry, old) => panic!("{entry:?} where there is {old:?}"),
        }
        assert_eq!(self.hear(), []);
    }

    fn pop(&mut self) {
        let popped = self.map.pop();
        assert_eq!(self.hear(), []);
        let gone: Vec<_> = self.model.over(self.now).collect();
        let mut live = self.model.clone();
        for id in gone {
            live.remove(id);
        }
        match popped {
            Some((key, (number, _))) => {
                assert!(live.victims(None).contains(&(key, number)), "{key} is next");
                self.model.remove((key, number));
            }
            None => assert!(live.held.is_empty()),
        }
    }

    pub(crate) fn apply(&mut self, step: &Step) {
        match *step {
            Step::Get(key) => {
                let expected = self.value_of(key);
                assert_eq!(self.map.get(&key).copied(), expected);
                match self.id_of(key) {
                    Some(id) => {
                        self.hits += 1;
                        self.used(id);
                    }
                    None => self.misses += 1,
                }
            }
            Step::Peek(key) => assert_eq!(self.map.peek(&key).copied(), self.value_of(key)),
            Step::Insert(key, weight) => self.insert(key, weight, None),
            Step::TryInsert(key, weight) => self.try_insert(key, weight),
            Step::InsertFor(key, weight, ttl) => self.insert(key, weight, Some(ttl)),
            Step::Extend(ref pairs) => self.extend(pairs),
            Step::Remove(key) => {
                let expected = self.value_of(key).map(|value| (key, value));
                assert_eq!(self.map.remove_entry(&key), expected);
                self.id_of(key).map(|id| self.model.remove(id));
            }
            Step::Entry(key, weight) => self.entry(key, weight),
            Step::Pop => self.pop(),
            Step::Expire => {
                let mut expired: Vec<_> =
                    self.map.expire().into_iter().map(|(key, value)| (key, value.0)).collect();
                let mut over: Vec<_> = self.model.over(self.now).collect();
                expired.sort_unstable();
                over.sort_unstable();
                assert_eq!(expired, over);
                self.expirations += over.len() as u64;
                self.forget(over);
            }
            Step::Retain(modulus) => {
                self.map.retain(|key, _| key % modulus != 0);
                for (key, number, cause) in self.hear() {
                    assert_eq!((cause, key % modulus), (RemovalCause::Invalidated, 0));
                    assert!(
                        self.model.remove((key, number)).is_some_and(|it| it.deadline > self.now)
                    );
                }
                let left = self.model.held.iter().filter(|held| held.deadline > self.now);
                assert!(left.into_iter().all(|held| held.id.0 % modulus != 0));
            }
            Step::Clear => {
                self.map.clear();
                for (key, number, _) in self.hear() {
                    self.model.remove((key, number));
                }
                assert!(self.model.held.is_empty(), "each is told");
                (self.hits, self.misses, self.evictions, self.expirations) = (0, 0, 0, 0);
            }
            Step::Clone => {
                self.map = self.map.clone();
                // Those whose time is over were the original's.
                let over: Vec<_> = self.model.over(self.now).collect();
                self.forget(over);
            }
            Step::Advance(by) => {
                self.clock.advance(by);
                self.now += nanos(by);
            }
        }
        self.check();
    }

    fn check(&mut self) {
        assert_eq!(self.hear(), [], "nothing else is heard");
        self.map.validate();
        let live = || self.model.held.iter().filter(|held| held.deadline > self.now);
        let mut expected: Vec<_> = live().map(|held| held.id).collect();
        let mut seen: Vec<_> = self.map.iter().map(|(key, value)| (*key, value.0)).collect();
        expected.sort_unstable();
        seen.sort_unstable();
        assert_eq!(seen, expected);
        let weight = live().map(|held| held.weight).sum();
        assert_eq!((self.map.len(), self.map.weight()), (expected.len(), weight));
        for held in live() {
            let left = match held.deadline {
                u64::MAX => Duration::MAX,
                deadline => Duration::from_nanos(deadline - self.now),
            };
            assert_eq!(self.map.ttl_of(&held.id.0), Some(left));
            assert_eq!(self.weight_of(held.id), held.weight);
        }
        let info = self.map.info();
        let counts = (info.hits, info.misses, info.evictions, info.expirations);
        assert_eq!(counts, (self.hits, self.misses, self.evictions, self.expirations));
    }
}
