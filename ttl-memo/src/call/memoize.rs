//! A call: look up, then answer, join another's load, or load and store.
//!
//! In two steps, because the look-up borrows the arguments that the body then consumes.

use std::hash::BuildHasher;
use std::sync::Arc;

use super::outcome::Shape;
use super::query::Query;
use crate::TtlCache;
use crate::cache::{Entered, Same};
use crate::flight::{Ending, Flight, Inside, Wait};

/// A call after its look-up.
#[must_use]
#[derive(Debug)]
pub enum Begun<'c, K, V, S, P, R> {
    /// The answer was there, or another call's body gave it.
    Answer(R),
    /// The body is to run.
    Load(Load<'c, K, V, S, P>),
}

/// The right and the duty to run the body. Dropped without having run it, the next in line does.
#[must_use]
#[derive(Debug)]
pub struct Load<'c, K, V, S, P> {
    cache: &'c TtlCache<K, V, S>,
    shape: P,
    hash: u64,
    same: Same<K>,
    /// None: nothing is to be stored, nobody to be told.
    flight: Option<Arc<Flight<K, V>>>,
}

/// Looks up; waits for a load in progress of the same key.
#[inline]
pub fn begin<'c, Q, V, S, P, R>(
    cache: &'c TtlCache<Q::Key, V, S>,
    query: &Q,
    shape: P,
) -> Begun<'c, Q::Key, V, S, P, R>
where
    Q: Query,
    Q::Key: Clone,
    V: Clone,
    S: BuildHasher,
    P: Shape<R, Value = V>,
{
    let hash = cache.hash_of(query);
    match cache.hit(hash, query) {
        Some(value) => Begun::Answer(shape.answer(value)),
        None => begin_load(cache, hash, query, shape),
    }
}

#[cold]
fn begin_load<'c, Q, V, S, P, R>(
    cache: &'c TtlCache<Q::Key, V, S>,
    hash: u64,
    query: &Q,
    shape: P,
) -> Begun<'c, Q::Key, V, S, P, R>
where
    Q: Query,
    Q::Key: Clone,
    V: Clone,
    S: BuildHasher,
    P: Shape<R, Value = V>,
{
    let mut abandoned = 0;
    // Whoever has waited for two abandoned flights, or for one that failed, waits no more.
    let mut alone = !cache.is_single_flight();
    loop {
        if !cache.is_enabled() {
            return Begun::Load(Load { cache, shape, hash, same: Q::same, flight: None });
        }
        match cache.enter(hash, query, alone) {
            Entered::Stored => {
                if let Some(value) = cache.hit(hash, query) {
                    return Begun::Answer(shape.answer(value));
                }
            }
            Entered::Lead(flight) => {
                return Begun::Load(Load {
                    cache,
                    shape,
                    hash,
                    same: Q::same,
                    flight: Some(flight),
                });
            }
            Entered::Join(flight) => {
                let Some(wait) = Wait::on(Arc::as_ptr(&flight).addr()) else {
                    return Begun::Load(Load { cache, shape, hash, same: Q::same, flight: None });
                };
                let ending = flight.wait();
                drop(wait);
                match ending {
                    Ending::Value(value) => {
                        cache.counters.coalesced.add_one();
                        cache.counters.hit();
                        return Begun::Answer(shape.answer(V::clone(&value)));
                    }
                    Ending::Failed => alone = true,
                    Ending::Abandoned => {
                        abandoned += 1;
                        alone = abandoned >= 2;
                    }
                }
            }
        }
    }
}

impl<K, V, S, P> Load<'_, K, V, S, P> {
    /// Runs the body, stores its value, tells those who wait.
    pub fn run<R>(mut self, body: impl FnOnce() -> R) -> R
    where
        K: Clone,
        V: Clone,
        S: BuildHasher,
        P: Shape<R, Value = V>,
    {
        self.cache.counters.misses.add_one();
        let inside = self.flight.as_ref().map(|flight| Inside::enter(Arc::as_ptr(flight).addr()));
        let began = self.cache.time.precise();
        let answer = body();
        let now = self.cache.time.precise();
        self.cache.counters.computed_for(now.saturating_sub(began));
        // Still inside: `Clone` and the cache's hooks are the user's, and may call back.
        match self.shape.value(&answer) {
            None => {
                self.cache.counters.failures.add_one();
                self.end(Ending::Failed);
            }
            Some(value) => {
                if let Some(flight) = self.flight.take() {
                    self.cache.finish(self.hash, flight, self.same, value, now);
                }
            }
        }
        drop(inside);
        answer
    }
}

impl<K, V, S, P> Load<'_, K, V, S, P> {
    fn end(&mut self, ending: Ending<V>) {
        if let Some(flight) = self.flight.take() {
            self.cache.abandon(self.hash, &flight);
            flight.end(ending);
        }
    }
}

/// A body that panicked, a future that was dropped.
impl<K, V, S, P> Drop for Load<'_, K, V, S, P> {
    fn drop(&mut self) {
        if self.flight.is_some() {
            self.cache.counters.failures.add_one();
            self.end(Ending::Abandoned);
        }
    }
}
