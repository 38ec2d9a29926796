//! The end of a load.

use std::sync::Arc;
use std::time::Duration;

use super::core::{Core, KeyOf};
use super::rivals::{Rivals, Same};
use crate::flight::{Ending, Flight, FlightId};
use crate::store::{NewEntry, Times};

/// A load in progress, as its leader holds it.
#[derive(Debug)]
pub(crate) struct Leading<K, V> {
    pub(crate) hash: u64,
    pub(crate) same: Same<K>,
    /// None: nothing is to be stored, nobody to be told.
    pub(crate) flight: Option<Arc<Flight<K, V>>>,
    /// Off the board already: nobody joins any more.
    off: bool,
    /// What those who wait are told when it ends.
    pub(crate) ending: Ending<V>,
}

impl<K, V> Leading<K, V> {
    pub(crate) fn new(hash: u64, same: Same<K>, flight: Option<Arc<Flight<K, V>>>) -> Self {
        Self { hash, same, flight, off: false, ending: Ending::Abandoned }
    }

    /// For a call that may not wait: its value is not stored, and nobody waits for it.
    pub(crate) fn of_nothing() -> Self {
        Self::new(0, |_, _| false, None)
    }

    pub(crate) fn id(&self) -> Option<FlightId> {
        self.flight.as_ref().map(|flight| flight.id())
    }

    /// Off the board, and whether anybody waits: who knows the flight now is all who ever will.
    fn is_awaited(&mut self, core: &Core<K, V>) -> bool {
        let Some(flight) = &self.flight else { return false };
        if !self.off {
            self.off = true;
            core.abandon(self.hash, flight);
        }
        Arc::strong_count(flight) > 1
    }

    /// Ends the flight, if nothing has; tells those who wait.
    pub(crate) fn end(&mut self, core: &Core<K, V>) {
        let awaited = self.is_awaited(core);
        let Some(flight) = self.flight.take() else { return };
        if awaited {
            flight.end(std::mem::replace(&mut self.ending, Ending::Abandoned));
        }
    }
}

/// What stood in the way of storing, under the lock.
enum Hindered {
    /// Others know the flight: they are to be told, and its key stays where it is.
    Known,
    /// Keys are to be compared.
    Rivals,
    /// Tags were invalidated meanwhile.
    Refused(Vec<Arc<str>>),
}

impl<K: Clone, V: Clone> Core<K, V> {
    /// Stores what a load gave, unless an invalidation came first, and sees to it that those who
    /// wait get it when `leading` ends. The times of the entry, if it was stored. `ttl` is that of
    /// an error.
    ///
    /// User code runs here (`Clone`, `Eq`, the weigher, listeners), and may panic: whatever was not
    /// done by then is left to [`Leading::end`].
    pub(crate) fn finish(
        &self,
        leading: &mut Leading<K, V>,
        value: &V,
        ttl: Option<Duration>,
        now: u64,
    ) -> Option<Times> {
        let admitted = {
            let flight = leading.flight.as_ref()?;
            self.admit(flight.key(), value, ttl, now)
        };
        let Some((mut times, weight)) = admitted else {
            // Refused for itself, not because nothing is stored at all.
            if self.settings.stores_anything() {
                self.counters.failures.add_one();
            }
            self.hand_out(leading, value);
            return None;
        };
        if ttl.is_some() {
            times.gone = times.deadline;
        }
        let held = self.store.as_held(times);
        let mut storing =
            Storing { value: Some(value.clone()), key: None, times, weight, refused: 0, now };
        let mut rivals = Rivals::default();
        loop {
            match self.store_once(leading, &mut storing, &mut rivals) {
                Ok(true) => {
                    leading.end(self);
                    return Some(held);
                }
                Ok(false) => {
                    self.hand_out(leading, value);
                    return None;
                }
                Err(Hindered::Known) => {
                    let key = leading.flight.as_ref()?.key().clone();
                    storing.key = Some(key);
                    leading.ending = Ending::Value(Arc::new(value.clone()), Some(held));
                }
                Err(Hindered::Rivals) => {
                    let (same, flight) = (leading.same, leading.flight.as_ref()?);
                    rivals.compare(|key| same(flight.key(), key));
                }
                Err(Hindered::Refused(tags)) => {
                    let flight = leading.flight.as_ref()?;
                    if self.settings.carries(flight.key(), value, &tags) {
                        self.hand_out(leading, value);
                        return None;
                    }
                    storing.refused += tags.len();
                }
            }
        }
    }

    /// Those who wait get `value`, though it is not stored.
    pub(crate) fn hand_out(&self, leading: &mut Leading<K, V>, value: &V) {
        if leading.is_awaited(self) {
            leading.ending = Ending::Value(Arc::new(value.clone()), None);
        }
        leading.end(self);
    }

    /// Those who wait get a value that was there before, `live` or past its deadline.
    pub(crate) fn hand_out_held(
        &self,
        leading: &mut Leading<K, V>,
        value: &V,
        times: Times,
        live: bool,
    ) {
        if leading.is_awaited(self) {
            let value = Arc::new(value.clone());
            leading.ending =
                if live { Ending::Value(value, Some(times)) } else { Ending::Stale(value, times) };
        }
        leading.end(self);
    }

    /// One critical section: whether it stored.
    fn store_once(
        &self,
        leading: &mut Leading<K, V>,
        storing: &mut Storing<K, V>,
        rivals: &mut Rivals<K, V>,
    ) -> Result<bool, Hindered> {
        let hash = leading.hash;
        // The matcher keeps a flight of its own, for its key; it is gone before the key moves.
        let Some(flight) = leading.flight.clone() else { return Ok(false) };
        let matcher = FlightKey { flight, same: leading.same };
        let mut rest = None;
        let mut detached = Vec::new();
        let stored = self.store.locked(hash, matcher, |locked, found, matcher| {
            drop(matcher);
            let board = locked.companion();
            let own = leading.flight.as_ref().expect("the leader's until it ends");
            // Others know it: those who wait or compare keys. More come only under this lock.
            if storing.key.is_none() && Arc::strong_count(own) > 2 {
                return Err(Hindered::Known);
            }
            let aloft = board.with_hash(hash).find(|aloft| Arc::ptr_eq(&aloft.flight, own));
            let Some(aloft) = aloft else {
                leading.off = true;
                return Ok(false);
            };
            let refused = aloft.refused.as_ref().map_or(&[][..], |tags| tags);
            if refused.len() > storing.refused {
                return Err(Hindered::Refused(refused[storing.refused..].to_vec()));
            }
            let number = aloft.number;
            // What began earlier and is still in the air must not overwrite this.
            if !Self::take_off(locked, hash, rivals, number, &mut detached) {
                return Err(Hindered::Rivals);
            }
            let board = locked.companion();
            board.end(hash, own);
            leading.off = true;
            if !self.settings.takes(storing.weight) {
                return Ok(false);
            }
            let key = if let Some(key) = storing.key.take() {
                key
            } else {
                let mut own = leading.flight.take().expect("the leader's until it ends");
                let key = own.take_key().expect("nobody else knows this flight");
                rest = board.keep(own);
                key
            };
            let value = storing.value.take().expect("a value is stored once");
            let Storing { times, weight, now, .. } = *storing;
            locked.insert(found, NewEntry { hash, key, value, times, weight }, now);
            Ok(true)
        });
        drop((rest, detached));
        stored
    }
}

/// An entry on its way in.
struct Storing<K, V> {
    value: Option<V>,
    /// A clone, where the flight's own key has to stay.
    key: Option<K>,
    times: Times,
    weight: usize,
    /// How many invalidated tags have been looked at.
    refused: usize,
    now: u64,
}

/// Finds the entry of a flight's key.
struct FlightKey<K, V> {
    flight: Arc<Flight<K, V>>,
    same: Same<K>,
}

impl<K, V> crate::call::query::Matches for FlightKey<K, V> {
    type Key = K;
    const PLAIN: bool = false;

    fn matches(&self, key: &K) -> bool {
        (self.same)(self.flight.key(), key)
    }
}

impl<K, V> Core<K, V> {
    /// What of a held entry `take` makes, where it may stand in for a failed load of its key.
    pub(crate) fn held<T>(
        &self,
        leading: &Leading<K, V>,
        now: u64,
        take: impl FnOnce(&K, &V, Times) -> Option<T>,
    ) -> Option<T> {
        let flight = leading.flight.as_ref()?;
        let key = KeyOf { key: flight.key(), same: leading.same };
        let taken =
            |entry: crate::store::EntryRef<'_, K, V>| take(entry.key, entry.value, entry.times());
        self.store.read_held(leading.hash, &key, now, taken)?
    }
}
