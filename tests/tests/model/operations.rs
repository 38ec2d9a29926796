//! What is done to both, and how they are compared.
//!
//! The fuzzer (`fuzz/fuzz_targets/cache.rs`) takes this file in, too.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ttl_memo::{ManualClock, Policy, TtlCache};

use super::hashes::Hashes;
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
    pub(crate) weight: usize,
    pub(crate) own: Option<Seconds>,
}

#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) policy: Policy,
    pub(crate) maxsize: Option<usize>,
    pub(crate) ttl: Option<Seconds>,
    pub(crate) tti: Option<Seconds>,
    pub(crate) window: Seconds,
    pub(crate) if_error: Seconds,
    /// With a weigher and `expire_after`.
    pub(crate) hooks: bool,
    pub(crate) hashes: Hashes,
}

fn seconds(of: Seconds) -> Duration {
    Duration::from_secs(of)
}

/// The cache, the list, and what the listener heard.
struct Both {
    cache: TtlCache<u8, Value, Hashes>,
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
        #[cfg(fuzzing)]
        both.cache.validate();
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
            .hasher(setup.hashes)
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
        call: impl FnOnce(&TtlCache<u8, Value, Hashes>, Option<Value>) -> Result<Value, ()>,
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
