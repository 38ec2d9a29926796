//! The end of a load.

use std::sync::Arc;
use std::time::Duration;

use super::core::Core;
use super::home::Home;
use super::loads::Start;
use super::rivals::{Rivals, Same};
use crate::flight::{Aloft, Board, Ending, Flight, FlightId};
use crate::store::{Locked, NewEntry, Times};

/// A load in progress, as its leader holds it.
#[derive(Debug)]
pub struct Leading<K, V> {
    pub(crate) hash: u64,
    pub(crate) same: Same<K>,
    /// No code of the user's runs in `same`.
    pub(crate) plain: bool,
    /// None: nothing is to be stored, nobody to be told.
    id: Option<FlightId>,
    /// None: it has none, or the board alone knows of it.
    flight: Option<Arc<Flight<K, V>>>,
    /// Off the board already: nobody joins any more.
    off: bool,
    /// What those who wait are told when it ends; none: that it was abandoned. A box, because mostly
    /// nobody waits, and this goes from hand to hand.
    ending: Option<Box<Ending<V>>>,
}

impl<K, V> Leading<K, V> {
    pub(crate) fn new(
        hash: u64,
        (same, plain): (Same<K>, bool),
        begun: Option<Start<K, V>>,
    ) -> Self {
        let (id, flight) = match begun {
            None => (None, None),
            Some(Start::Unknown(id)) => (Some(id), None),
            Some(Start::Known(flight)) => (Some(flight.id()), Some(flight)),
        };
        Self { hash, same, plain, id, flight, off: false, ending: None }
    }

    /// For a call that may not wait: its value is not stored, and nobody waits for it.
    pub(crate) fn of_nothing() -> Self {
        Self::new(0, (|_, _| false, true), None)
    }

    pub(crate) fn id(&self) -> Option<FlightId> {
        self.id
    }

    /// What those who wait are told when it ends.
    pub(crate) fn will_end(&mut self, ending: Ending<V>) {
        self.ending = Some(Box::new(ending));
    }

    /// To be told by whoever takes it off the board.
    pub(super) fn taken_off(&mut self) {
        self.off = true;
    }

    /// Its flight, which it is given now if it has none: for who needs the key, or those who wait.
    pub(crate) fn flight<H: Home<K, V> + ?Sized>(
        &mut self,
        home: &H,
    ) -> Option<&Arc<Flight<K, V>>> {
        if self.flight.is_none() && !self.off {
            self.flight = home.share(self.hash, self.id?);
        }
        self.flight.as_ref()
    }

    /// Its flight, as far as it is in these hands.
    pub(crate) fn known(&self) -> Option<&Arc<Flight<K, V>>> {
        self.flight.as_ref()
    }

    /// The load is over, but for what becomes of its flight.
    pub(super) fn take_flight(&mut self) -> Option<Arc<Flight<K, V>>> {
        self.id = None;
        self.flight.take()
    }

    /// Off the board, and whether anybody waits: who knows the flight now is all who ever will.
    pub(crate) fn is_awaited<H: Home<K, V> + ?Sized>(&mut self, home: &H) -> bool {
        let Some(id) = self.id else { return false };
        if !self.off {
            self.off = true;
            let flight = home.abandon(self.hash, id);
            self.flight = self.flight.take().or(flight);
        }
        self.flight.as_ref().is_some_and(|flight| Arc::strong_count(flight) > 1)
    }

    /// Ends the flight, if nothing has; tells those who wait.
    #[inline]
    pub(crate) fn end<H: Home<K, V> + ?Sized>(&mut self, home: &H) {
        // Mostly its value has been stored, and with that it is over.
        if self.id.is_some() {
            self.end_flight(home);
        }
    }

    #[cold]
    fn end_flight<H: Home<K, V> + ?Sized>(&mut self, home: &H) {
        let awaited = self.is_awaited(home);
        let Some(flight) = self.take_flight() else { return };
        if awaited {
            flight.end(self.ending.take().map_or(Ending::Abandoned, |ending| *ending));
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
    /// wait get it when `leading` ends. The deadline of the entry, if it was stored. `ttl` is that
    /// of an error.
    ///
    /// User code runs here (`Clone`, `Eq`, the weigher, listeners), and may panic: whatever was not
    /// done by then is left to [`Leading::end`].
    #[inline]
    pub(crate) fn finish(
        &self,
        leading: &mut Leading<K, V>,
        value: &V,
        ttl: Option<Duration>,
        now: u64,
    ) -> Option<u64> {
        leading.id?;
        // Whatever shows keys to code of the user's has made a flight of it from the start.
        let unseen = leading.flight.is_none() && ttl.is_none();
        let admitted = if unseen {
            self.settings.admit_unseen(now)
        } else {
            let flight = leading.flight(self)?;
            self.settings.admit(flight.key(), value, ttl, now)
        };
        let Some((mut times, weight)) = admitted else {
            self.refuse(leading, value);
            return None;
        };
        if ttl.is_some() {
            times.gone = times.deadline;
        }
        let mut own = Some(value.clone());
        if !unseen || !self.store_alone(leading, &mut own, times, now) {
            let storing = Storing { value: own, key: None, times, weight, refused: 0, now };
            self.finish_among_others(leading, value, storing)?;
        }
        Some(self.store.as_held(times).deadline)
    }

    #[cold]
    fn refuse(&self, leading: &mut Leading<K, V>, value: &V) {
        // Refused for itself, not because nothing is stored at all.
        if self.settings.stores_anything() {
            self.counters.failures.add_one();
        }
        self.hand_out(leading, value);
    }

    /// Stores what a load gave that nobody else knows of, where nothing is in the way of that; what
    /// most loads come to.
    #[inline]
    fn store_alone(
        &self,
        leading: &mut Leading<K, V>,
        value: &mut Option<V>,
        times: Times,
        now: u64,
    ) -> bool {
        let (hash, same) = (leading.hash, leading.same);
        let Some(id) = leading.id else { return false };
        self.store.locked_by_hash(hash, |locked| {
            let Some(own) = locked.companion().alone(hash, id) else { return false };
            let found = if own.is_first() {
                None
            } else if leading.plain {
                locked.find_beside(hash, |board, key| same(board.key_of(own), key))
            } else if locked.has_any(hash) {
                return false;
            } else {
                None
            };
            if !self.settings.takes(1) {
                return false;
            }
            let Some(value) = value.take() else { return false };
            let key = locked.companion().end_alone(own);
            leading.id = None;
            locked.insert(found, NewEntry { hash, key, value, times, weight: 1 }, now);
            true
        })
    }

    /// As [`finish`](Self::finish), where others may know of the load. None: it was not stored.
    #[cold]
    #[inline(never)]
    fn finish_among_others(
        &self,
        leading: &mut Leading<K, V>,
        value: &V,
        mut storing: Storing<K, V>,
    ) -> Option<()> {
        let held = self.store.as_held(storing.times);
        let mut rivals = Rivals::default();
        leading.flight(self)?;
        loop {
            let stored = if leading.plain {
                self.store_once::<true>(leading, &mut storing, &mut rivals)
            } else {
                self.store_once::<false>(leading, &mut storing, &mut rivals)
            };
            match stored {
                Ok(true) => {
                    leading.end(self);
                    return Some(());
                }
                Ok(false) => {
                    self.hand_out(leading, value);
                    return None;
                }
                Err(Hindered::Known) => {
                    let key = leading.flight.as_ref()?.key().clone();
                    storing.key = Some(key);
                    leading.will_end(Ending::Value(Arc::new(value.clone()), Some(held)));
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

    /// One critical section: whether it stored.
    fn store_once<const PLAIN: bool>(
        &self,
        leading: &mut Leading<K, V>,
        storing: &mut Storing<K, V>,
        rivals: &mut Rivals<K, V>,
    ) -> Result<bool, Hindered> {
        let hash = leading.hash;
        if leading.flight.is_none() {
            return Ok(false);
        }
        let mut rest = None;
        let own = OwnKey::<K, V, PLAIN> { leading };
        let stored = self.store.locked(hash, own, |locked, found, OwnKey { leading }| {
            let own = leading.flight.as_ref().expect("the leader's until it ends");
            // Others know it: those who wait or compare keys. More come only under this lock.
            if storing.key.is_none() && Arc::strong_count(own) > 2 {
                return Err(Hindered::Known);
            }
            let ended = match locked.companion().end_only(hash, own.id()) {
                None => Self::end_among_others(locked, leading, storing.refused, rivals)?,
                only => only,
            };
            let was_off = std::mem::replace(&mut leading.off, true);
            // Not the last that know the flight: the leader does, too.
            drop(ended);
            if was_off || !self.settings.takes(storing.weight) {
                return Ok(false);
            }
            let key = if let Some(key) = storing.key.take() {
                key
            } else {
                let own = leading.take_flight().expect("the leader's until it ends");
                let key;
                (key, rest) = locked.companion().recover(own);
                key.expect("nobody else knows this flight")
            };
            let value = storing.value.take().expect("a value is stored once");
            let Storing { times, weight, now, .. } = *storing;
            locked.insert(found, NewEntry { hash, key, value, times, weight }, now);
            Ok(true)
        });
        drop(rest);
        stored
    }

    /// Takes a load off the board, and the right to store from those of its key that began before
    /// it. Sets `leading.off` if an invalidation has put it off, so that nothing may be stored.
    fn end_among_others(
        locked: &mut Locked<'_, K, V, Board<K, V>>,
        leading: &mut Leading<K, V>,
        looked_at: usize,
        rivals: &mut Rivals<K, V>,
    ) -> Result<Option<Aloft<K, V>>, Hindered> {
        let (hash, id) = (leading.hash, leading.id);
        let board = locked.companion();
        let own = board.with_hash(hash).find(|aloft| Some(aloft.id()) == id);
        let Some(aloft) = own.filter(|own| own.is_sound()) else {
            let ended = id.and_then(|id| board.end(hash, id));
            leading.off = true;
            return Ok(ended);
        };
        let refused = aloft.refused.as_ref().map_or(&[][..], |tags| tags);
        if refused.len() > looked_at {
            return Err(Hindered::Refused(refused[looked_at..].to_vec()));
        }
        let (id, number) = (aloft.id(), aloft.number);
        // What began earlier and is still in the air must not overwrite this.
        if !Self::put_off(locked, hash, rivals, number) {
            return Err(Hindered::Rivals);
        }
        Ok(locked.companion().end(hash, id))
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

/// Finds the entry of a load's key.
struct OwnKey<'l, K, V, const PLAIN: bool> {
    leading: &'l mut Leading<K, V>,
}

impl<K, V, const PLAIN: bool> crate::call::query::Matches for OwnKey<'_, K, V, PLAIN> {
    type Key = K;
    const PLAIN: bool = PLAIN;

    fn matches(&self, key: &K) -> bool {
        let own = self.leading.flight.as_ref();
        own.is_some_and(|own| (self.leading.same)(own.key(), key))
    }
}
