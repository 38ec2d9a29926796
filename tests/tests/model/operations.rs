//! What is done to both, and how they are compared.
//!
//! The fuzzer (`fuzz/fuzz_targets/cache.rs`) takes this file in, too.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex};

use ttl_memo::{ManualClock, Policy};

use super::hashes::Hashes;
use super::reference::{FOR_EVER, List, Removal, Seconds, Taking, Value};
use super::subject::{Heard, Subject, seconds};

/// So many keys are asked for.
pub(crate) const KEYS: u8 = 10;

#[derive(Clone, Debug)]
pub(crate) enum Operation {
    Get(u8),
    Peek(u8),
    Insert(u8, Stored),
    InsertFor(u8, Stored, Seconds),
    /// Does all this in the body, if that runs.
    Load(How, u8, Ends, Vec<Operation>),
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

/// What kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// That of a body which does not fail, where there is one.
    Plainly,
    Trying,
    /// What is there will not do.
    Anew,
}

/// How a body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    Value(Stored),
    Error,
    Panic,
}

/// A value's weight and ttl of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// By async calls: of a cache, where a body may fail; of a function, where the policy is `lru`.
    pub(crate) awaited: bool,
}

/// The panic of a body that is to.
struct Meant;

/// The subject, the list, and what the listener heard.
struct Both<S> {
    subject: S,
    list: List,
    clock: ManualClock,
    heard: Heard,
    ids: u64,
    hooks: bool,
}

/// Does it all to both.
pub(crate) fn check<S: Subject>(setup: &Setup, operations: &[Operation]) {
    let mut both = Both::<S>::new(setup);
    both.apply_all(operations);
    both.subject.clear();
    let removals = both.heard();
    both.list.account(&removals, Taking::Everything, None);
}

impl<S: Subject> Both<S> {
    fn new(setup: &Setup) -> Self {
        let (clock, heard) = (ManualClock::new(), Arc::new(Mutex::new(Vec::new())));
        let subject = S::new(setup, &clock, &heard);
        let mut list = List::new(setup.policy, setup.maxsize, setup.ttl.unwrap_or(FOR_EVER));
        list.tti = setup.tti;
        list.window = setup.window;
        list.if_error = setup.if_error;
        list.weighs = setup.hooks;
        Self { subject, list, clock, heard, ids: 0, hooks: setup.hooks }
    }

    fn heard(&self) -> Vec<Removal> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }

    fn value(&mut self, stored: Stored) -> Value {
        self.ids += 1;
        let own = stored.own.filter(|_| self.hooks);
        Value { id: self.ids, weight: stored.weight, own }
    }

    fn apply_all(&mut self, operations: &[Operation]) {
        for operation in operations.iter().filter(|operation| S::can(operation)) {
            self.apply(operation);
            self.compare();
        }
    }

    fn apply(&mut self, operation: &Operation) {
        match operation {
            Operation::Load(how, key, ends, inside) => self.load(*how, *key, *ends, inside),
            Operation::Get(key) => self.get(*key),
            Operation::Peek(key) => {
                assert_eq!(self.subject.peek(*key), self.list.peek(*key));
                self.account(Taking::Nothing);
            }
            Operation::Insert(key, stored) => self.insert(*key, *stored, None),
            Operation::InsertFor(key, stored, ttl) => self.insert(*key, *stored, Some(*ttl)),
            Operation::Expire => {
                let expired = self.subject.expire();
                let removals = self.heard();
                assert_eq!(expired, removals.len());
                self.list.account(&removals, Taking::Nothing, None);
                self.list.all_expired();
            }
            Operation::Advance(step) => {
                self.clock.advance(seconds(*step));
                self.list.now += step;
            }
            Operation::Invalidate(_) | Operation::Retain(_) | Operation::Clear => {
                self.drop_some(operation);
            }
            _ => self.tune(operation),
        }
    }

    fn drop_some(&mut self, operation: &Operation) {
        match *operation {
            Operation::Invalidate(key) => {
                let live = self.list.peek(key).is_some();
                assert_eq!(self.subject.invalidate(key), live);
                self.list.put_off(Some(key));
                self.account(Taking::Key(key));
            }
            Operation::Retain(third) => {
                let left = self.list.live().iter().filter(|(key, _)| key % 3 == third).count();
                assert_eq!(self.subject.drop_third(third), left);
                self.list.put_off(None);
                self.account(Taking::Third(third));
            }
            _ => {
                self.subject.clear();
                self.list.put_off(None);
                self.account(Taking::Everything);
                self.list.reset_counts();
            }
        }
    }

    /// Changes an option.
    fn tune(&mut self, operation: &Operation) {
        match *operation {
            Operation::SetTtl(ttl) => {
                self.subject.set_ttl(ttl);
                self.list.ttl = ttl.unwrap_or(FOR_EVER);
            }
            Operation::SetMaxsize(maxsize) => {
                self.subject.set_maxsize(maxsize);
                let removals = self.heard();
                self.list.shrink(maxsize, &removals);
            }
            Operation::SwitchOn => {
                self.subject.set_enabled(true);
                self.list.enabled = true;
            }
            _ => {
                self.subject.set_enabled(false);
                self.list.put_off(None);
                self.account(Taking::Everything);
                self.list.enabled = matches!(operation, Operation::SwitchOffAndOn);
                self.subject.set_enabled(self.list.enabled);
            }
        }
    }

    fn account(&mut self, taking: Taking) {
        let removals = self.heard();
        self.list.account(&removals, taking, None);
    }

    fn get(&mut self, key: u8) {
        let value = self.subject.get(key);
        assert_eq!(value, self.list.get(key));
        let counter = if value.is_some() { &mut self.list.hits } else { &mut self.list.misses };
        *counter += 1;
        self.account(Taking::Nothing);
    }

    fn insert(&mut self, key: u8, stored: Stored, ttl: Option<Seconds>) {
        let value = self.value(stored);
        self.subject.insert(key, value, ttl);
        let removals = self.heard();
        self.list.put_off(Some(key));
        if !self.list.store(key, value, ttl, &removals) {
            self.list.account(&removals, Taking::Key(key), None);
        }
    }

    fn load(&mut self, how: How, key: u8, ends: Ends, inside: &[Operation]) {
        // A body of this kind of call does not fail.
        let how = if ends == Ends::Error && how == How::Plainly { How::Trying } else { how };
        let (subject, mut gave) = (self.subject.clone(), None);
        let mut body = || {
            assert_eq!(gave, None, "a body runs once");
            self.begin(how, key);
            self.apply_all(inside);
            gave = Some(match ends {
                Ends::Value(stored) => Ok(self.value(stored)),
                _ => Err(()),
            });
            if ends == Ends::Panic { resume_unwind(Box::new(Meant)) } else { gave.unwrap() }
        };
        let answer = catch_unwind(AssertUnwindSafe(|| subject.load(how, key, &mut body)));
        let answer = answer.map_err(|panic| match panic.downcast::<Meant>() {
            Ok(_) => Meant,
            Err(unmeant) => resume_unwind(unmeant),
        });
        match (gave, answer) {
            (None, answer) => self.hit(how, key, answer.ok()),
            (Some(_), Err(Meant)) => {
                self.list.end();
                self.list.failures += 1;
                self.account(Taking::Nothing);
            }
            (Some(Ok(value)), Ok(answer)) => {
                assert_eq!(answer, Ok(value));
                self.land(key, value);
            }
            (Some(Err(())), Ok(answer)) => self.fail(how, key, answer),
        }
    }

    /// A body begins, as there was nothing to answer with.
    fn begin(&mut self, how: How, key: u8) {
        if how == How::Anew {
            self.list.refreshes += 1;
        } else {
            assert_eq!(self.list.get(key).or(self.list.stale(key)), None);
            self.list.misses += 1;
        }
        self.list.begin(key);
        self.account(Taking::Nothing);
    }

    /// A call was answered without its body.
    fn hit(&mut self, how: How, key: u8, answer: Option<Result<Value, ()>>) {
        assert_ne!(how, How::Anew);
        let live = self.list.get(key);
        let held = live.or_else(|| self.list.stale(key));
        assert_eq!(answer, held.map(Ok));
        self.list.hits += 1;
        self.list.stale += u64::from(live.is_none());
        self.account(Taking::Nothing);
    }

    /// A body gave a value.
    fn land(&mut self, key: u8, value: Value) {
        let body = self.list.end();
        let removals = self.heard();
        if body.stands && self.list.store(key, value, None, &removals) {
            return;
        }
        self.list.failures += u64::from(body.leads && self.list.refuses(&value));
        self.list.account(&removals, Taking::Nothing, None);
    }

    /// A body failed.
    fn fail(&mut self, how: How, key: u8, answer: Result<Value, ()>) {
        let body = self.list.end();
        let held = if body.leads { self.list.stand_in(key) } else { None };
        assert_eq!(answer, held.ok_or(()));
        let stale = held.is_some() && self.list.peek(key).is_none() && how != How::Anew;
        self.list.failures += 1;
        self.list.stale += u64::from(stale);
        self.account(Taking::Nothing);
    }

    fn compare(&mut self) {
        let live = self.list.live();
        assert_eq!(self.subject.entries(), live);
        let info = self.subject.info();
        assert_eq!((info.len, info.currsize), (live.len(), self.list.live_weight()));
        assert_eq!(info.maxsize, self.list.maxsize);
        // Looking may have given back what is past its time.
        self.account(Taking::Nothing);
        let info = self.subject.info();
        self.account(Taking::Nothing);
        let list = &self.list;
        assert_eq!((info.hits, info.misses), (list.hits, list.misses));
        assert_eq!((info.stale, info.failures), (list.stale, list.failures));
        assert_eq!((info.coalesced, info.refreshes), (0, list.refreshes));
        assert_eq!((info.evictions, info.expirations), (list.evictions, list.expirations));
    }
}
