//! One thread's calls, drawn at random, and what their answers must not be.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

use ttl_memo_benches::numbers::Random;
use ttl_memo_benches::zipf::Zipf;

use crate::own::Own;
use crate::stage::Time;
use crate::value::{Before, Origin, Value};
use crate::waiting::{block_on, pause, poll_once};
use crate::workers::Shared;

type Call<'a> = fn(&mut Worker<'a>);

/// A thread.
pub(crate) struct Worker<'a> {
    shared: &'a Shared<'a>,
    random: Random,
    zipf: Zipf,
    own: Own,
}

impl<'a> Worker<'a> {
    pub(crate) fn new(shared: &'a Shared<'a>, seed: u64) -> Self {
        let zipf = Zipf::new(shared.stage.keys as u64, 0.8);
        Self { shared, random: Random::new(seed), zipf, own: Own::new() }
    }

    /// One call: which, and how long it took.
    pub(crate) fn call(&mut self) -> (&'static str, Duration) {
        let (name, call) = self.draw();
        let start = Instant::now();
        call(self);
        (name, start.elapsed())
    }

    /// What there is, in a thousand calls.
    fn draw(&mut self) -> (&'static str, Call<'a>) {
        match self.random.below(1_000) {
            0..360 => ("get", Self::get),
            360..400 => ("a function of the thread's", Self::call_own),
            400..540 => ("get_or_insert_with", Self::load),
            540..600 => ("try_get_or_insert_with", Self::try_load),
            600..630 => ("a load in a load", Self::load_in_load),
            630..680 => ("get_or_insert_async", Self::load_async),
            680..770 => ("insert", Self::insert),
            770..810 => ("insert_with_ttl", Self::insert_with_ttl),
            810..860 => ("invalidate", Self::invalidate),
            860..890 => ("peek", Self::peek),
            890..920 => ("contains_key", Self::contains_key),
            920..925 => ("iter", Self::check_all),
            925..930 => ("info", Self::info),
            930..935 => ("expire", Self::expire),
            935..940 => ("retain", Self::retain),
            940..943 => ("clear", Self::clear),
            943..947 => ("set_maxsize", Self::set_maxsize),
            947..951 => ("set_ttl", Self::set_ttl),
            951..953 => ("set_enabled", Self::switch_off_and_on),
            _ => ("time passes", Self::pass_time),
        }
    }

    /// A call that counts as a hit or a miss, and nothing else.
    pub(crate) fn counted_call(&mut self) {
        if self.random.below(2) == 0 { self.get() } else { self.load() }
    }

    fn key(&mut self) -> usize {
        usize::try_from(self.zipf.rank(&mut self.random) - 1).unwrap_or(0)
    }

    /// A key, its name, and what is known before it is asked for.
    fn ask(&mut self) -> (Before, &'a str) {
        let shared = self.shared;
        let key = self.key();
        // The time first: what is invalidated or expires after this was still there.
        let now = shared.time.now();
        (Before { key, floor: shared.floor(key), now }, &shared.names[key])
    }

    fn check(&self, before: &Before, value: &Value) {
        self.shared.checks.note(value.wrong(before));
    }

    /// A new value whose computation begins now.
    fn make(&self, key: usize, origin: Origin) -> Value {
        Value::new(key, origin, self.shared.moment(), self.shared.alive)
    }

    /// The call that stores it has returned.
    fn stored(&self, value: &Value, ttl: Duration) {
        let life = ttl + self.shared.stage.window;
        let life = u64::try_from(life.as_nanos()).unwrap_or(u64::MAX);
        let dead_at = self.shared.time.now().saturating_add(life);
        value.was_stored(self.shared.moment(), dead_at);
    }

    fn get(&mut self) {
        let (before, name) = self.ask();
        if let Some(value) = self.shared.cache.get(name) {
            self.check(&before, &value);
        }
    }

    fn call_own(&mut self) {
        self.own.call(self.shared, &mut self.random);
    }

    fn peek(&mut self) {
        let (before, name) = self.ask();
        if let Some(value) = self.shared.cache.peek(name) {
            self.check(&before, &value);
        }
    }

    fn contains_key(&mut self) {
        let (_, name) = self.ask();
        self.shared.cache.contains_key(name);
    }

    /// Loads by `call`, which is given a body that notes what it made.
    fn load_by(&mut self, call: impl FnOnce(&Self, &str, &dyn Fn() -> Value) -> Option<Value>) {
        let (before, name) = self.ask();
        let made = std::cell::RefCell::new(None);
        let body = || {
            let value = self.make(before.key, Origin::Load);
            *made.borrow_mut() = Some(value.clone());
            value
        };
        let answer = call(self, name, &body);
        if let Some(value) = made.into_inner() {
            self.stored(&value, self.shared.stage.ttl);
        }
        if let Some(value) = answer {
            self.check(&before, &value);
        }
    }

    fn load(&mut self) {
        self.load_by(|worker, name, body| {
            Some(worker.shared.cache.get_or_insert_with(name.to_owned(), body))
        });
    }

    /// Some bodies fail, and some panic.
    fn try_load(&mut self) {
        let fate = self.random.below(16);
        self.load_by(|worker, name, body| {
            let load = || match fate {
                0 => resume_unwind(Box::new("on purpose")),
                1..5 => Err("on purpose"),
                _ => Ok(body()),
            };
            let cache = worker.shared.cache;
            let call = || cache.try_get_or_insert_with(name.to_owned(), load);
            catch_unwind(AssertUnwindSafe(call)).ok().and_then(Result::ok)
        });
    }

    /// Two threads may come to each other's keys this way.
    fn load_in_load(&mut self) {
        let other = self.key();
        self.load_by(|worker, name, body| {
            let cache = worker.shared.cache;
            let load = || {
                let value = body();
                let other_name = worker.shared.names[other].clone();
                let inner =
                    cache.get_or_insert_with(other_name, || worker.make(other, Origin::Load));
                let asked = Before { key: other, floor: 0, now: 0 };
                worker.check(&asked, &inner);
                value
            };
            Some(cache.get_or_insert_with(name.to_owned(), load))
        });
    }

    /// Some are dropped half-way.
    fn load_async(&mut self) {
        let dropped = self.random.below(4) == 0;
        self.load_by(|worker, name, body| {
            let load = async || {
                pause().await;
                body()
            };
            let future = worker.shared.cache.get_or_insert_async(name.to_owned(), load);
            if dropped { poll_once(future) } else { Some(block_on(future)) }
        });
    }

    fn insert(&mut self) {
        let key = self.key();
        let value = self.make(key, Origin::Insert);
        let began = self.shared.moment();
        self.shared.cache.insert(self.shared.names[key].clone(), value.clone());
        self.shared.raise(key, began);
        self.stored(&value, self.shared.stage.ttl);
    }

    fn insert_with_ttl(&mut self) {
        let key = self.key();
        let ttl = self.shared.stage.ttl.mul_f64(2.0 * self.random.unit());
        let value = self.make(key, Origin::Insert);
        let began = self.shared.moment();
        self.shared.cache.insert_with_ttl(self.shared.names[key].clone(), value.clone(), ttl);
        self.shared.raise(key, began);
        self.stored(&value, ttl);
    }

    fn invalidate(&mut self) {
        let key = self.key();
        let began = self.shared.moment();
        self.shared.cache.invalidate(self.shared.names[key].as_str());
        self.shared.raise(key, began);
    }

    fn expire(&mut self) {
        self.shared.cache.expire();
    }

    fn retain(&mut self) {
        const PARTS: usize = 16;
        let part = self.key() % PARTS;
        let number = |name: &str| name.rsplit(' ').next().and_then(|it| it.parse::<usize>().ok());
        let began = self.shared.moment();
        self.shared.cache.retain(|name, _| number(name).is_some_and(|key| key % PARTS != part));
        let dropped = (part..self.shared.stage.keys).step_by(PARTS);
        dropped.for_each(|key| self.shared.raise(key, began));
    }

    fn clear(&mut self) {
        let began = self.shared.moment();
        self.shared.cache.clear();
        self.shared.raise_all(began);
    }

    fn switch_off_and_on(&mut self) {
        let began = self.shared.moment();
        self.shared.cache.set_enabled(false);
        self.shared.raise_all(began);
        self.shared.cache.set_enabled(true);
    }

    fn set_maxsize(&mut self) {
        let full = self.shared.stage.maxsize;
        let maxsize = if self.random.below(2) == 0 { full } else { full / 3 };
        self.shared.cache.set_maxsize(maxsize);
    }

    /// Never longer than the stage's.
    fn set_ttl(&mut self) {
        let full = self.shared.stage.ttl;
        self.shared.cache.set_ttl(if self.random.below(2) == 0 { full } else { full / 3 });
    }

    fn info(&mut self) {
        let info = self.shared.cache.info();
        let most = self.shared.stage.maxsize + 64 * 4;
        self.shared.checks.expect(info.currsize <= most, || format!("far too much held: {info}"));
        self.shared.cache.len();
        self.shared.cache.parameters();
    }

    fn pass_time(&mut self) {
        if let Time::Manual(clock) = self.shared.time {
            clock.advance(self.shared.stage.ttl / 200);
        }
    }

    /// Looks at every entry.
    pub(crate) fn check_all(&mut self) {
        let now = self.shared.time.now();
        let all = (0..self.shared.stage.keys).map(|key| self.shared.floor(key));
        let floors: Vec<u64> = all.collect();
        for (name, value) in self.shared.cache {
            let key = name.rsplit(' ').next().and_then(|it| it.parse().ok()).unwrap_or(usize::MAX);
            let floor = floors.get(key).copied().unwrap_or(0);
            self.check(&Before { key, floor, now }, &value);
        }
    }
}
