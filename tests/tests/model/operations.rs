//! What is done to both, and how they are compared.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use ttl_memo::{ManualClock, Policy, TtlCache};

use super::reference::{FOR_EVER, List, Removal, Seconds, Taking, Value};

#[derive(Clone, Debug)]
pub(crate) enum Operation {
    Get(u8),
    Peek(u8),
    Insert(u8, Stored),
    InsertFor(u8, Stored, Seconds),
    GetOrInsert(u8, Stored),
    TryGetOrInsert(u8, Option<Stored>),
    Panic(u8),
    Invalidate(u8),
    /// Keeps the keys that are not this, modulo 3.
    Retain(u8),
    Clear,
    Expire,
    SetTtl(Option<Seconds>),
    SetMaxsize(Option<usize>),
    SwitchOffAndOn,
    SwitchOff,
    SwitchOn,
    Advance(Seconds),
}

/// A value's weight and ttl of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stored {
    weight: usize,
    own: Option<Seconds>,
}

#[derive(Clone, Debug)]
pub(crate) struct Setup {
    policy: Policy,
    maxsize: Option<usize>,
    ttl: Option<Seconds>,
    tti: Option<Seconds>,
    window: Seconds,
    if_error: Seconds,
    /// With a weigher and `expire_after`.
    hooks: bool,
}

pub(crate) fn operation() -> impl Strategy<Value = Operation> {
    let key = || 0..10_u8;
    let own = prop_oneof![6 => Just(None), 1 => (0..9_u64).prop_map(Some)];
    let stored = (0..6_usize, own).prop_map(|(weight, own)| Stored { weight, own });
    let maxsize = prop_oneof![1 => Just(None), 8 => (0..12_usize).prop_map(Some)];
    prop_oneof![
        12 => key().prop_map(Operation::Get),
        2 => key().prop_map(Operation::Peek),
        12 => (key(), stored.clone()).prop_map(|(key, stored)| Operation::Insert(key, stored)),
        3 => (key(), stored.clone(), 0..9_u64)
            .prop_map(|(key, stored, ttl)| Operation::InsertFor(key, stored, ttl)),
        12 => (key(), stored.clone()).prop_map(|(key, stored)| Operation::GetOrInsert(key, stored)),
        6 => (key(), prop::option::of(stored))
            .prop_map(|(key, stored)| Operation::TryGetOrInsert(key, stored)),
        1 => key().prop_map(Operation::Panic),
        4 => key().prop_map(Operation::Invalidate),
        1 => (0..3_u8).prop_map(Operation::Retain),
        1 => Just(Operation::Clear),
        2 => Just(Operation::Expire),
        1 => prop::option::of(0..9_u64).prop_map(Operation::SetTtl),
        2 => maxsize.prop_map(Operation::SetMaxsize),
        1 => Just(Operation::SwitchOffAndOn),
        1 => Just(Operation::SwitchOff),
        3 => Just(Operation::SwitchOn),
        12 => prop_oneof![9 => 1..4_u64, 1 => Just(20), 1 => Just(1 << 25)]
            .prop_map(Operation::Advance),
    ]
}

/// Entries of one weight, with a ttl.
pub(crate) fn plain(policy: Policy) -> impl Strategy<Value = Setup> {
    (1..9_usize, prop::option::of(1..9_u64)).prop_map(move |(maxsize, ttl)| Setup {
        policy,
        maxsize: Some(maxsize),
        ttl,
        tti: None,
        window: 0,
        if_error: 0,
        hooks: false,
    })
}

pub(crate) fn by_weight(policy: Policy) -> impl Strategy<Value = Setup> {
    plain(policy).prop_map(|setup| Setup { hooks: true, ..setup })
}

/// With a tti, or stale windows.
pub(crate) fn with_all(policy: Policy) -> impl Strategy<Value = Setup> {
    let tti = (1..6_u64).prop_map(|tti| (Some(tti), 0, 0));
    let windows = (0..4_u64, 0..4_u64).prop_map(|(window, if_error)| (None, window, if_error));
    (plain(policy), prop_oneof![tti, windows], any::<bool>()).prop_map(
        |(setup, (tti, window, if_error), hooks)| Setup { tti, window, if_error, hooks, ..setup },
    )
}

fn seconds(of: Seconds) -> Duration {
    Duration::from_secs(of)
}

/// The cache, the list, and what the listener heard.
struct Both {
    cache: TtlCache<u8, Value>,
    list: List,
    clock: ManualClock,
    heard: Arc<Mutex<Vec<Removal>>>,
    ids: u64,
    hooks: bool,
}

/// Does it all to both.
pub(crate) fn check(setup: &Setup, operations: &[Operation]) {
    let mut both = Both::new(setup);
    for operation in operations {
        both.apply(operation);
        both.compare();
    }
    both.cache.clear();
    let removals = both.heard();
    both.list.account(&removals, Taking::Everything, None);
}

impl Both {
    fn new(setup: &Setup) -> Self {
        let (clock, heard) = (ManualClock::new(), Arc::new(Mutex::new(Vec::new())));
        let log = Arc::clone(&heard);
        let mut builder = TtlCache::builder()
            .maxsize(setup.maxsize)
            .ttl(setup.ttl.map(seconds))
            .policy(setup.policy)
            .clock(clock.clone())
            .stale_while_revalidate(seconds(setup.window))
            .stale_if_error(seconds(setup.if_error))
            .on_evict(move |key: &u8, value: &Value, cause| {
                log.lock().unwrap().push((*key, value.id, cause));
            });
        if let Some(tti) = setup.tti {
            builder = builder.tti(seconds(tti));
        }
        if setup.hooks {
            builder = builder
                .weigher(|_, value| value.weight)
                .expire_after(|_, value| value.own.map(seconds));
        }
        let mut list = List::new(setup.policy, setup.maxsize, setup.ttl.unwrap_or(FOR_EVER));
        list.tti = setup.tti;
        list.window = setup.window;
        list.if_error = setup.if_error;
        list.weighs = setup.hooks;
        Self { cache: builder.build(), list, clock, heard, ids: 0, hooks: setup.hooks }
    }

    fn heard(&self) -> Vec<Removal> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }

    fn value(&mut self, stored: Stored) -> Value {
        self.ids += 1;
        let own = stored.own.filter(|_| self.hooks);
        Value { id: self.ids, weight: stored.weight, own }
    }

    fn apply(&mut self, operation: &Operation) {
        match *operation {
            Operation::Get(key) => self.get(key),
            Operation::Peek(key) => {
                assert_eq!(self.cache.peek(&key), self.list.peek(key));
                assert_eq!(self.cache.contains_key(&key), self.list.peek(key).is_some());
                self.account(Taking::Nothing);
            }
            Operation::Insert(key, stored) => self.insert(key, stored, None),
            Operation::InsertFor(key, stored, ttl) => self.insert(key, stored, Some(ttl)),
            Operation::GetOrInsert(key, stored) => {
                self.load(key, Some(stored), |cache, value| {
                    Ok(cache.get_or_insert_with(key, || value.unwrap()))
                });
            }
            Operation::TryGetOrInsert(key, stored) => {
                self.load(key, stored, |cache, value| {
                    cache.try_get_or_insert_with(key, || value.ok_or(()))
                });
            }
            Operation::Panic(key) => self.panic(key),
            Operation::Invalidate(key) => {
                let live = self.list.peek(key).is_some();
                assert_eq!(self.cache.invalidate(&key), live);
                self.account(Taking::Key(key));
            }
            Operation::Retain(third) => {
                let left = self.list.live().iter().filter(|(key, _)| key % 3 == third).count();
                assert_eq!(self.cache.retain(|key, _| key % 3 != third), left);
                self.account(Taking::Third(third));
            }
            Operation::Clear => {
                self.cache.clear();
                self.account(Taking::Everything);
                self.list.reset_counts();
            }
            Operation::Expire => {
                let expired = self.cache.expire();
                let removals = self.heard();
                assert_eq!(expired, removals.len());
                self.list.account(&removals, Taking::Nothing, None);
                self.list.all_expired();
            }
            Operation::SetTtl(ttl) => {
                self.cache.set_ttl(ttl.map(seconds));
                self.list.ttl = ttl.unwrap_or(FOR_EVER);
            }
            Operation::SetMaxsize(maxsize) => {
                self.cache.set_maxsize(maxsize);
                let removals = self.heard();
                self.list.shrink(maxsize, &removals);
            }
            Operation::SwitchOffAndOn | Operation::SwitchOff => {
                self.cache.set_enabled(false);
                self.account(Taking::Everything);
                self.list.enabled = matches!(operation, Operation::SwitchOffAndOn);
                self.cache.set_enabled(self.list.enabled);
            }
            Operation::SwitchOn => {
                self.cache.set_enabled(true);
                self.list.enabled = true;
            }
            Operation::Advance(step) => {
                self.clock.advance(seconds(step));
                self.list.now += step;
            }
        }
    }

    fn account(&mut self, taking: Taking) {
        let removals = self.heard();
        self.list.account(&removals, taking, None);
    }

    fn get(&mut self, key: u8) {
        let value = self.cache.get(&key);
        assert_eq!(value, self.list.get(key));
        let counter = if value.is_some() { &mut self.list.hits } else { &mut self.list.misses };
        *counter += 1;
        self.account(Taking::Nothing);
    }

    fn insert(&mut self, key: u8, stored: Stored, ttl: Option<Seconds>) {
        let value = self.value(stored);
        match ttl {
            None => self.cache.insert(key, value),
            Some(ttl) => self.cache.insert_with_ttl(key, value, seconds(ttl)),
        }
        let removals = self.heard();
        if !self.list.store(key, value, ttl, &removals) {
            self.list.account(&removals, Taking::Key(key), None);
        }
    }

    /// A call that loads, if it has to, `stored` or an error.
    fn load(
        &mut self,
        key: u8,
        stored: Option<Stored>,
        call: impl FnOnce(&TtlCache<u8, Value>, Option<Value>) -> Result<Value, ()>,
    ) {
        let value = stored.map(|stored| self.value(stored));
        let answer = call(&self.cache, value);
        let removals = self.heard();
        if let Some(held) = self.list.get(key) {
            assert_eq!(answer, Ok(held));
            self.list.hits += 1;
            return self.list.account(&removals, Taking::Nothing, None);
        }
        self.list.misses += 1;
        if let Some(value) = value {
            assert_eq!(answer, Ok(value));
            if !self.list.store(key, value, None, &removals) {
                self.list.failures += u64::from(self.list.refuses(&value));
                self.list.account(&removals, Taking::Nothing, None);
            }
            return;
        }
        self.list.failures += 1;
        let stale = self.list.stand_in(key);
        assert_eq!(answer, stale.ok_or(()));
        self.list.stale += u64::from(stale.is_some());
        self.list.account(&removals, Taking::Nothing, None);
    }

    fn panic(&mut self, key: u8) {
        let call =
            || self.cache.get_or_insert_with(key, || std::panic::resume_unwind(Box::new(())));
        let answer = catch_unwind(AssertUnwindSafe(call));
        let held = self.list.get(key);
        assert_eq!(answer.ok(), held);
        if held.is_some() {
            self.list.hits += 1;
        } else {
            self.list.misses += 1;
            self.list.failures += 1;
        }
        self.account(Taking::Nothing);
    }

    fn compare(&mut self) {
        let mut entries: Vec<_> = self.cache.iter().collect();
        entries.sort_by_key(|(key, _)| *key);
        let live = self.list.live();
        assert_eq!(entries, live);
        let info = self.cache.info();
        assert_eq!((info.len, info.currsize), (live.len(), self.list.live_weight()));
        assert_eq!((self.cache.len(), self.cache.is_empty()), (live.len(), live.is_empty()));
        assert_eq!(info.maxsize, self.list.maxsize);
        // Looking may have given back what is past its time.
        self.account(Taking::Nothing);
        let info = self.cache.info();
        self.account(Taking::Nothing);
        let counted = (info.hits, info.misses, info.stale, info.failures);
        let list = &self.list;
        assert_eq!(counted, (list.hits, list.misses, list.stale, list.failures));
        assert_eq!((info.coalesced, info.refreshes), (0, 0));
        assert_eq!((info.evictions, info.expirations), (list.evictions, list.expirations));
    }
}
