//! What a call needs of a cache, whoever may use that: any thread, or the one that it lives on.

use std::sync::Arc;
use std::time::Duration;

use super::landing::Leading;
use super::loads::{Entered, How};
use super::respite::{Mark, Respites};
use super::rivals::Same;
use super::settings::Settings;
use crate::call::query::{Matches, Query};
use crate::clock::{Time, nanos};
use crate::counters::Pace;
use crate::flight::{Ending, Flight, FlightId};
use crate::store::{EntryRef, NewEntry, Times};
use crate::{CacheInfo, CacheParameters};

/// What is counted one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tally {
    /// A call answered without its body.
    Hit,
    /// A call whose body begins.
    Miss,
    /// Of the hits, one that waited.
    Coalesced,
    /// An answer past its deadline.
    Stale,
    /// A body that panicked, or whose value is not stored.
    Failure,
    /// A body that renews.
    Refresh,
}

/// An entry that cannot go while it is looked at.
pub struct Shown<'e, K, V> {
    pub(crate) key: &'e K,
    pub(crate) value: &'e V,
    pub(crate) deadline: u64,
    /// The deadline and the rest, which may take a look more.
    pub(crate) details: &'e dyn Details,
}

impl<K, V> Shown<'_, K, V> {
    pub(crate) fn times(&self) -> Times {
        self.details.times()
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { slot: self.details.slot(), times: self.times() }
    }
}

/// What few look at of an entry.
pub(crate) trait Details {
    #[doc(hidden)]
    fn times(&self) -> Times;

    /// The number of its slot, among those of its hash.
    #[doc(hidden)]
    fn slot(&self) -> u32;
}

impl<K, V> Details for EntryRef<'_, K, V> {
    fn times(&self) -> Times {
        EntryRef::times(self)
    }

    fn slot(&self) -> u32 {
        EntryRef::slot(self)
    }
}

impl<K, V> std::fmt::Debug for Shown<'_, K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shown").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

/// A cache, to the calls that it answers. What becomes of concurrent calls is decided by its
/// [`enter`](Self::enter) and [`finish`](Self::finish).
pub trait Home<K, V> {
    #[doc(hidden)]
    fn settings(&self) -> &Settings<K, V>;

    #[doc(hidden)]
    fn time(&self) -> &Time;

    #[doc(hidden)]
    fn respites(&self) -> &Respites;

    /// What a look-up in haste is to be given, from before its key was hashed.
    type Arrival: Copy;

    #[doc(hidden)]
    fn arrive(&self) -> Self::Arrival;

    /// The time of an arrival, by a coarse reading.
    #[doc(hidden)]
    fn coarse(&self, arrival: Self::Arrival) -> u64;

    #[doc(hidden)]
    fn count(&self, tally: Tally);

    /// Counts a miss; how its body is to be timed.
    #[doc(hidden)]
    fn missed(&self) -> Pace {
        self.count(Tally::Miss);
        Pace::Each
    }

    /// A body has returned, after so many nanoseconds; of one that was not timed, by a coarse clock.
    #[doc(hidden)]
    fn computed(&self, pace: Pace, took: u64);

    /// Hands a live entry to `take`; that is a use of it. It may miss one that is being moved.
    /// `now`: a coarse reading. `code`: `take` runs code of the user's beside `V::clone`.
    #[doc(hidden)]
    fn read<M: Matches<Key = K>, T>(
        &self,
        now: u64,
        hash: u64,
        matcher: &M,
        code: bool,
        take: impl FnOnce(Shown<'_, K, V>) -> T,
    ) -> Option<T>;

    /// As [`read`](Self::read), in haste, and counted as a hit if `take` gives something. What it
    /// misses may be there nevertheless, for any reason.
    #[doc(hidden)]
    fn hit<M: Matches<Key = K>, T>(
        &self,
        arrival: Self::Arrival,
        hash: u64,
        matcher: &M,
        code: bool,
        take: impl FnOnce(Shown<'_, K, V>) -> Option<T>,
    ) -> Option<T>;

    /// Hands an entry that is held, live or in its stale window, to `take`; no use of it.
    #[doc(hidden)]
    fn read_held<M: Matches<Key = K>, T>(
        &self,
        hash: u64,
        matcher: &M,
        now: u64,
        take: impl FnOnce(Shown<'_, K, V>) -> T,
    ) -> Option<T>;

    /// What `take` makes of the live entry; neither counted nor a use.
    #[doc(hidden)]
    fn peek<M: Matches<Key = K>, T>(
        &self,
        hash: u64,
        matcher: &M,
        take: impl FnOnce(Shown<'_, K, V>) -> T,
    ) -> Option<T> {
        let now = self.time().precise();
        let live = |entry: Shown<'_, K, V>| (now < entry.deadline).then(|| take(entry));
        self.read_held(hash, matcher, now, live)?
    }

    /// Begins a load, if it is plain that it may: then it has the key.
    #[doc(hidden)]
    fn lead(&self, hash: u64, key: &mut Option<K>, joinable: bool) -> Option<FlightId>;

    /// Takes up a load that was left for later; false: it need not be run.
    #[doc(hidden)]
    fn take_up(&self, hash: u64, id: FlightId, joinable: bool) -> bool;

    /// Begins a load, or tells why not. The key is the query's, where that has been asked for it.
    #[doc(hidden)]
    fn enter<Q: Query<Key = K>>(
        &self,
        hash: u64,
        query: &Q,
        key: Option<K>,
        how: &mut How,
    ) -> Entered<K, V>;

    /// The flight of a load that is on the board; where it has none, it gets one.
    #[doc(hidden)]
    fn share(&self, hash: u64, id: FlightId) -> Option<Arc<Flight<K, V>>>;

    /// Takes a load that stores nothing off the board; its flight, if it has one.
    #[doc(hidden)]
    fn abandon(&self, hash: u64, id: FlightId) -> Option<Arc<Flight<K, V>>>;

    /// Stores what a load gave, unless an invalidation came first, and sees to it that those who
    /// wait get it when `leading` ends. The deadline of the entry, if it was stored.
    #[doc(hidden)]
    fn finish(
        &self,
        leading: &mut Leading<K, V>,
        value: &V,
        ttl: Option<Duration>,
        now: u64,
    ) -> Option<u64>
    where
        K: Clone,
        V: Clone;

    /// Takes out an entry that a `valid_if` refused, as expired, unless another has come since.
    #[doc(hidden)]
    fn expire_one<M: Matches<Key = K>>(&self, hash: u64, matcher: &M, times: Times);

    /// Stores an entry at the caller's word: loads of its key in progress store nothing.
    #[doc(hidden)]
    fn put(&self, new: NewEntry<K, V>, same: Same<K>, now: u64);

    /// Takes out what is stored under a key, and the right to store from what is in the air for
    /// it; whether it was live.
    #[doc(hidden)]
    fn invalidate<M: Matches<Key = K>>(&self, hash: u64, matcher: &M) -> bool;

    /// Takes out the live entries that `keep` refuses, and the right to store from all that is in
    /// the air; how many.
    #[doc(hidden)]
    fn retain(&self, keep: impl FnMut(&K, &V) -> bool) -> usize;

    #[doc(hidden)]
    fn clear(&self);

    /// Takes out what is past its time; how many.
    #[doc(hidden)]
    fn expire(&self) -> usize;

    #[doc(hidden)]
    fn info(&self) -> CacheInfo;

    #[doc(hidden)]
    fn parameters(&self) -> CacheParameters {
        self.settings().parameters()
    }

    /// Times and weight of an entry stored now; none if it is not to be stored. Runs user code.
    #[doc(hidden)]
    fn admit(&self, key: &K, value: &V, ttl: Option<Duration>, now: u64) -> Option<(Times, usize)> {
        self.settings().admit(key, value, ttl, now)
    }

    /// What of the held entry of a load's key `take` makes, where it may stand in for its value.
    #[doc(hidden)]
    fn held<T>(
        &self,
        leading: &mut Leading<K, V>,
        now: u64,
        take: impl FnOnce(Shown<'_, K, V>) -> Option<T>,
    ) -> Option<T> {
        let (hash, same) = (leading.hash, leading.same);
        let key = KeyOf { key: leading.flight(self)?.key(), same };
        self.read_held(hash, &key, now, take)?
    }

    /// After an error that the stale entry so marked stood in for: lets the body alone for a while.
    #[doc(hidden)]
    fn grant_respite(&self, hash: u64, mark: Mark, now: u64) {
        let settings = self.settings();
        if let Some(err_ttl) = settings.err_ttl {
            let until = now.saturating_add(nanos(err_ttl));
            let most = settings.maxsize().unwrap_or(usize::MAX);
            self.respites().grant(hash, mark, until, now, most);
        }
    }

    /// The mark of the entry of this hash that is given without running the body, and the time at
    /// which it is.
    #[doc(hidden)]
    fn respite(&self, hash: u64) -> Option<(Mark, u64)> {
        let settings = self.settings();
        settings.err_ttl?;
        let now = self.time().precise();
        Some((self.respites().of(hash, now)?, now))
    }

    /// Those who wait get `value`, though it is not stored.
    #[doc(hidden)]
    fn hand_out(&self, leading: &mut Leading<K, V>, value: &V)
    where
        V: Clone,
    {
        if leading.is_awaited(self) {
            leading.will_end(Ending::Value(Arc::new(value.clone()), None));
        }
        leading.end(self);
    }

    /// Those who wait get a value that was there before, `live` or past its deadline.
    #[doc(hidden)]
    fn hand_out_held(&self, leading: &mut Leading<K, V>, value: &V, times: Times, live: bool)
    where
        V: Clone,
    {
        if leading.is_awaited(self) {
            let value = Arc::new(value.clone());
            let ending =
                if live { Ending::Value(value, Some(times)) } else { Ending::Stale(value, times) };
            leading.will_end(ending);
        }
        leading.end(self);
    }
}

/// A stored key that finds its entry.
#[derive(Debug)]
pub(crate) struct KeyOf<'k, K> {
    pub(crate) key: &'k K,
    pub(crate) same: Same<K>,
}

impl<K> Matches for KeyOf<'_, K> {
    type Key = K;
    const PLAIN: bool = false;

    fn matches(&self, key: &K) -> bool {
        (self.same)(self.key, key)
    }
}
