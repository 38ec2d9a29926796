//! The right and the duty to run a body.

use std::ops::Deref;

use super::outcome::{Shape, Told};
use super::rules::{Rules, Want};
use crate::Source;
use crate::cache::{Home, Leading, Shown, Tally};
use crate::counters::Pace;
use crate::flight::{Ending, FlightId, Inside};
use crate::observe::{Outcome, Watch};
use crate::store::Times;

/// The right and the duty to run the body. Dropped without having run it, the next in line does.
///
/// `C` is where the cache is: borrowed by a call, shared by work in the background.
#[must_use = "others may be waiting for this body"]
pub struct Load<C: Deref<Target: Home<K, V>>, K, V, P, U> {
    home: C,
    leading: Leading<K, V>,
    pub(super) began: Began,
    /// In the body, so that to be dropped now is to unwind.
    pub(super) running: bool,
    pub(super) watch: Watch,
    kind: Kind,
    rules: U,
    shape: std::marker::PhantomData<fn() -> P>,
}

/// What a run of the body counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A call that missed.
    Miss,
    /// A call that asked for a new value.
    Anew,
    /// No call's: a helper's.
    Refresh,
    /// In the background: nobody is answered by it.
    Background,
}

/// When a body began, by which clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Began {
    at: u64,
    /// [`Skip`](Pace::Skip): by the coarse one.
    pace: Pace,
}

/// No clock says so much: in place of a coarse reading that is not at hand.
pub(super) const UNKNOWN: u64 = u64::MAX;

impl Began {
    /// Counts a run of the body, which begins now; about `coarse`, by a coarse clock.
    #[inline]
    pub(super) fn now<K, V>(home: &(impl Home<K, V> + ?Sized), kind: Kind, coarse: u64) -> Self {
        let mut pace = Pace::Each;
        if kind.is_of_a_call() {
            pace = home.missed();
        }
        if kind != Kind::Miss {
            home.count(Tally::Refresh);
        }
        let at = match pace {
            Pace::Skip if coarse == UNKNOWN => home.time().coarse(),
            Pace::Skip => coarse,
            _ => home.time().precise(),
        };
        Self { at, pace }
    }
}

impl Kind {
    fn is_of_a_call(self) -> bool {
        matches!(self, Self::Miss | Self::Anew)
    }
}

impl From<Want> for Kind {
    fn from(want: Want) -> Self {
        match want {
            Want::Answer => Self::Miss,
            Want::Anew => Self::Anew,
            Want::Refresh => Self::Refresh,
        }
    }
}

impl<C, K, V, P, U> Load<C, K, V, P, U>
where
    C: Deref<Target: Home<K, V>>,
{
    /// `now`: a coarse reading, or [`UNKNOWN`]. None is to be made for it, as the clock may be the
    /// user's, and may panic: until there is a load, nobody ends its flight.
    pub(crate) fn new(home: C, leading: Leading<K, V>, kind: Kind, now: u64, rules: U) -> Self {
        let shape = std::marker::PhantomData;
        let (began, watch) = (Began { at: now, pace: Pace::Each }, Watch::default());
        Self { home, leading, began, running: false, watch, kind, rules, shape }
    }

    /// Counts the run, which begins now.
    #[inline]
    pub(crate) fn start(&mut self) {
        self.watch = Watch::begin(&self.home.settings().name);
        self.began = Began::now(&*self.home, self.kind, self.began.at);
    }

    pub(super) fn flight(&self) -> Option<FlightId> {
        self.leading.id()
    }

    /// Runs `step`, the body or a part of it, inside of the flight; whoever lands there clears
    /// `running` first.
    pub(crate) fn inside<T>(&mut self, step: impl FnOnce(&mut Self) -> T) -> T {
        let inside = (self.leading.id().map(Inside::enter), self.watch.enter());
        self.running = true;
        let done = step(self);
        self.running = false;
        drop(inside);
        done
    }
}

impl<C, K, V, P, U> Load<C, K, V, P, U>
where
    C: Deref<Target: Home<K, V>>,
    K: Clone,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
{
    /// Runs the body, stores its value, tells those who wait.
    pub(crate) fn run(&mut self, body: impl FnOnce() -> P::Answer) -> P::Reply {
        self.start();
        // To the very end: `Clone` and the cache's hooks are the user's, and may call back.
        self.inside(|load| {
            let answer = body();
            load.running = false;
            load.land(answer)
        })
    }

    /// Stores what the body gave, or does what is to be done about an error.
    pub(crate) fn land(&mut self, answer: P::Answer) -> P::Reply {
        let now = self.home.time().precise();
        let took = now.saturating_sub(self.began.at);
        self.home.computed(self.began.pace, took);
        let took = Some(took);
        let failed = P::error(&answer).is_some();
        if failed {
            if let Some(reply) = self.stand_in(&answer, now) {
                self.watch.end(&self.home.settings().name, Outcome::Stale, took);
                return reply;
            }
        }
        let deadline = match P::value(&answer) {
            Some(value) if self.stores(value, failed, now) => {
                let ttl = if failed { self.home.settings().err_ttl } else { None };
                self.home.finish(&mut self.leading, value, ttl, now)
            }
            Some(value) => {
                self.home.count(Tally::Failure);
                self.home.hand_out(&mut self.leading, value);
                None
            }
            None => {
                self.home.count(Tally::Failure);
                if self.leading.is_awaited(&*self.home) {
                    self.leading.will_end(Ending::Failed);
                }
                self.leading.end(&*self.home);
                None
            }
        };
        let outcome = match deadline {
            _ if failed => Outcome::Error,
            Some(_) => Outcome::Stored,
            None => Outcome::NotStored,
        };
        self.watch.end(&self.home.settings().name, outcome, took);
        P::reply(answer, || {
            let left = deadline.map_or(0, |deadline| left_until(deadline, now));
            Told { source: Source::Miss, age: 0, left }
        })
    }

    /// Whether this value is to be stored. An error that is kept takes no value's place.
    fn stores(&mut self, value: &V, failed: bool, now: u64) -> bool {
        if let Some(seen) = P::seen(value) {
            return self.rules.stores(seen);
        }
        let held = |held: Shown<'_, K, V>| P::seen(held.value).map(|_| held.mark());
        match if failed { self.home.held(&mut self.leading, now, held) } else { None } {
            Some(mark) => {
                self.home.grant_respite(self.leading.hash, mark, now);
                false
            }
            None => true,
        }
    }

    /// For an error: the value that stands in for it, where there is one.
    ///
    /// In the background, a value stands in for as long as callers are given it.
    fn stand_in(&mut self, answer: &P::Answer, now: u64) -> Option<P::Reply> {
        let if_error = self.home.settings().if_error;
        let background = self.kind == Kind::Background;
        if if_error == 0 && !background {
            return None;
        }
        let rules = &self.rules;
        let (value, mark) = self.home.held(&mut self.leading, now, |held| {
            let valid = rules.valid(held.key, P::seen(held.value)?);
            valid.then(|| (held.value.clone(), held.mark()))
        })?;
        let times = mark.times;
        let within = if_error > 0 && now < times.deadline.saturating_add(if_error);
        if !within && !background {
            return None;
        }
        self.home.grant_respite(self.leading.hash, mark, now);
        let key = self.leading.known()?.key();
        self.rules.on_error(key, P::error(answer)?);
        Watch::stood_in(&self.home.settings().name, age(times, now));
        if !within {
            return None;
        }
        let live = now < times.deadline;
        self.home.count(Tally::Failure);
        if !live && self.kind.is_of_a_call() {
            self.home.count(Tally::Stale);
        }
        self.home.hand_out_held(&mut self.leading, &value, times, live);
        let source = if live { Source::Hit } else { Source::Stale };
        let told = Told { source, age: age(times, now), left: left(times, now) };
        Some(P::reply(P::answer(value), || told))
    }
}

pub(crate) fn age(times: Times, now: u64) -> u64 {
    now.saturating_sub(times.stored)
}

/// What is left of an entry's time; `u64::MAX`: for ever.
pub(crate) fn left(times: Times, now: u64) -> u64 {
    left_until(times.deadline, now)
}

fn left_until(deadline: u64, now: u64) -> u64 {
    if deadline == u64::MAX { u64::MAX } else { deadline.saturating_sub(now) }
}

/// A body that panicked, a future that was dropped.
impl<C: Deref<Target: Home<K, V>>, K, V, P, U> Drop for Load<C, K, V, P, U> {
    fn drop(&mut self) {
        if self.running {
            self.home.count(Tally::Failure);
        }
        self.leading.end(&*self.home);
        let outcome = if self.running { Outcome::Panicked } else { Outcome::Dropped };
        self.watch.end(&self.home.settings().name, outcome, None);
    }
}

impl<C: Deref<Target: Home<K, V>>, K, V, P, U> std::fmt::Debug for Load<C, K, V, P, U> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Load").field("kind", &self.kind).finish_non_exhaustive()
    }
}
