//! A miss of a plain call, of a function that asks for nothing special: no flight, and two looks at
//! the clock.

use std::marker::PhantomData;
use std::ops::Deref;

use crate::cache::{Home, LocalCore, Tally};
use crate::call::load::Load;
use crate::call::memoize::Begun;
use crate::call::outcome::Shape;
use crate::call::query::Query;
use crate::call::rules::{Rules, Want};
use crate::counters::Pace;
use crate::observe::{Outcome, Watch};

/// The right and the duty to run a body.
#[must_use = "the body is to run"]
#[derive(Debug)]
pub enum Loading<C: Deref<Target = LocalCore<K, V>>, K, V, P, U> {
    /// Of a plain call.
    Plain(Plain<C, K, V, P, U>),
    /// Of any other, with a flight.
    Aloft(Load<C, K, V, P, U>),
}

/// The load of a plain call.
pub struct Plain<C: Deref<Target = LocalCore<K, V>>, K, V, P, U> {
    home: C,
    hash: u64,
    same: fn(&K, &K) -> bool,
    /// Which of the bodies in progress this is; none: one from within, which stores nothing.
    at: Option<usize>,
    began: u64,
    running: bool,
    watch: Watch,
    rules: U,
    shape: PhantomData<fn() -> P>,
}

/// Begins a load, if the call is plain. Runs the user's `Clone` and `Eq`.
#[inline]
pub(super) fn begin<C, Q, V, P, U>(
    home: &LocalCore<Q::Key, V>,
    hash: u64,
    hold: impl FnOnce() -> C,
    query: &Q,
    rules: U,
) -> Result<Plain<C, Q::Key, V, P, U>, U>
where
    C: Deref<Target = LocalCore<Q::Key, V>>,
    Q: Query,
    P: Shape<Value = V>,
    U: Rules<Q::Key, P::Seen, P::Error>,
{
    let special = U::VALIDATES || U::AHEAD || P::KEEPS_ERRORS || P::TELLS;
    let special = special || rules.want() != Want::Answer || rules.single_flight().is_some();
    if special || !home.loads_plainly(hash) {
        return Err(rules);
    }
    let at = home.begin_plain(hash, query);
    // Its `Drop` ends what has begun, whatever comes.
    let mut plain = Plain {
        home: hold(),
        hash,
        same: Q::same,
        at,
        began: 0,
        running: false,
        watch: Watch::default(),
        rules,
        shape: PhantomData,
    };
    plain.began = plain.home.time().precise();
    Ok(plain)
}

impl<C, K, V, P, U> Plain<C, K, V, P, U>
where
    C: Deref<Target = LocalCore<K, V>>,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
{
    /// Runs the body, and stores its value.
    #[inline]
    fn run(mut self, body: impl FnOnce() -> P::Answer) -> P::Reply {
        self.home.count(Tally::Miss);
        self.watch = Watch::begin(&self.home.settings().name);
        let inside = self.watch.enter();
        self.running = true;
        let answer = body();
        self.running = false;
        let reply = self.land(answer);
        drop(inside);
        reply
    }

    #[inline]
    fn land(&mut self, answer: P::Answer) -> P::Reply {
        let now = self.home.time().precise();
        let took = now.saturating_sub(self.began);
        self.home.computed(Pace::Each, took);
        let outcome = match P::value(&answer) {
            Some(value) if P::seen(value).is_none_or(|seen| self.rules.stores(seen)) => {
                if self.home.finish_plain(&mut self.at, self.hash, self.same, value, now) {
                    Outcome::Stored
                } else {
                    Outcome::NotStored
                }
            }
            value => {
                self.home.count(Tally::Failure);
                if value.is_some() { Outcome::NotStored } else { Outcome::Error }
            }
        };
        self.watch.end(&self.home.settings().name, outcome, Some(took));
        P::reply(answer, || unreachable!("nothing is told of a plain call"))
    }
}

/// A body that panicked, or gave nothing to store.
impl<C: Deref<Target = LocalCore<K, V>>, K, V, P, U> Drop for Plain<C, K, V, P, U> {
    #[inline]
    fn drop(&mut self) {
        if self.running {
            self.home.count(Tally::Failure);
        }
        self.home.end_plain(&mut self.at);
        let outcome = if self.running { Outcome::Panicked } else { Outcome::Dropped };
        self.watch.end(&self.home.settings().name, outcome, None);
    }
}

impl<C, K, V, P, U> Begun<P::Reply, Loading<C, K, V, P, U>>
where
    C: Deref<Target = LocalCore<K, V>>,
    K: Clone,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
{
    /// The answer that was there, or that of the body.
    #[inline]
    pub fn run(self, body: impl FnOnce() -> P::Answer) -> P::Reply {
        match self {
            Self::Answer(reply) => {
                // First: what panics while a value is on its way out leaks that.
                drop(body);
                reply
            }
            Self::Load(Loading::Plain(load)) => load.run(body),
            Self::Load(Loading::Aloft(mut load)) => load.run(body),
        }
    }
}

impl<C: Deref<Target = LocalCore<K, V>>, K, V, P, U> std::fmt::Debug for Plain<C, K, V, P, U> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plain").field("at", &self.at).finish_non_exhaustive()
    }
}
