//! Loads and what they store: the protocol between the entries and the flights of a shard.
//!
//! Invariant: whether a key is stored, in the air or neither is decided under its shard's lock.
//! A load is taken off the board and its value stored in one critical section, so a caller finds
//! the one or the other, and the body runs once. An invalidation takes the entry out and puts the
//! loads off in one critical section, so nothing computed before it is stored or joined after it.
//!
//! A load's key is on the board until it is stored. Whoever has to look at it without the lock, or
//! to wait for the load, makes it a flight to be shared; most loads never get one.

use std::sync::Arc;

use super::core::Core;
use super::landing::Leading;
use super::rivals::{Rivals, Same};
use crate::RemovalCause;
use crate::call::query::{Matches, Query};
use crate::farewells::Farewells;
use crate::flight::{Aloft, Board, Flight, FlightId};
use crate::store::{Found, Locked, NewEntry, Times};

/// How a call that found no answer wants to go on.
#[derive(Debug, Default)]
pub struct How {
    /// Without waiting for another's load, nor letting others wait for this one.
    pub(crate) alone: bool,
    /// Stored entries will not do, nor loads that began before this call.
    pub(crate) anew: bool,
    /// An entry with less than this left, in nanoseconds, is to be renewed.
    pub(crate) ahead: u64,
    /// A renewal is left for later: until it is [taken up](Board::take_up), nobody waits for it.
    pub(crate) later: bool,
    /// For `anew`: the number of the first flight that will do.
    pub(crate) since: Option<u64>,
}

/// What a caller that found no answer is to do.
#[derive(Debug)]
pub enum Entered<K, V> {
    /// A live entry is there: look again.
    Stored,
    /// An entry is there in its stale window, and somebody renews it: take that.
    Stale,
    /// Somebody loads it: wait.
    Join(Arc<Flight<K, V>>),
    /// Somebody loads it, but began too early: wait until that is over, and enter again.
    Await(Arc<Flight<K, V>>),
    /// A body of it is running that called for it itself: run it again, and store nothing.
    Within,
    /// Nobody does: run the body.
    Lead(Start<K, V>),
    /// Nobody does, and what is there may be served meanwhile.
    Renew(Start<K, V>),
}

/// A load that has just begun.
#[derive(Debug)]
pub enum Start<K, V> {
    /// Nobody else knows of it; its key is on the board.
    Unknown(FlightId),
    /// It has a flight from the start.
    Known(Arc<Flight<K, V>>),
}

/// What is stored, to one who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// Nothing of use.
    No,
    /// A value in its stale window, good while it is renewed.
    Stale,
    /// A live value that is to be renewed soon.
    Aging,
    /// A value that needs nothing.
    Fresh,
}

/// When an entry has less than `ahead` left, or is over: the first instant of that.
#[inline]
pub(crate) fn aging_from(deadline: u64, ahead: u64) -> u64 {
    deadline.saturating_sub(ahead).saturating_add(u64::from(ahead > 0))
}

impl How {
    pub(crate) fn held(&self, times: Option<Times>, now: u64, while_revalidate: u64) -> Held {
        let Some(times) = times else { return Held::No };
        if self.anew {
            Held::No
        } else if now < aging_from(times.deadline, self.ahead) {
            Held::Fresh
        } else if now < times.deadline {
            Held::Aging
        } else if now < times.gone.min(times.deadline.saturating_add(while_revalidate)) {
            Held::Stale
        } else {
            Held::No
        }
    }

    /// What to do where a load of the same key is in progress.
    ///
    /// None: a flight is to be made for that one first.
    pub(crate) fn behind<K, V>(
        &self,
        aloft: &mut Aloft<K, V>,
        held: Held,
        since: u64,
        rivals: &mut Rivals<K, V>,
    ) -> Option<Entered<K, V>> {
        Some(match held {
            Held::Stale => Entered::Stale,
            Held::Aging | Held::Fresh => Entered::Stored,
            Held::No if self.anew && aloft.number < since => {
                Entered::Await(rivals.flight_of(aloft)?)
            }
            Held::No => Entered::Join(rivals.flight_of(aloft)?),
        })
    }
}

impl<K, V> Core<K, V> {
    /// Begins a load, if there is nothing of its hash, and so nothing to think about: mostly there
    /// is not. Else the key stays. Not for a cache that shows keys.
    #[inline]
    pub(crate) fn lead(&self, hash: u64, key: &mut Option<K>, joinable: bool) -> Option<FlightId> {
        debug_assert!(!self.settings.shows_keys(), "they are in a flight from the start");
        let id = FlightId::new();
        let begun =
            self.store.locked_if_none(hash, |board| board.begin_alone(hash, id, key, joinable));
        (begun == Some(true)).then_some(id)
    }

    /// Begins a load, or tells why not.
    pub(crate) fn enter<Q: Query<Key = K>>(
        &self,
        hash: u64,
        query: &Q,
        key: Option<K>,
        how: &mut How,
    ) -> Entered<K, V> {
        // The user's `Clone` runs here, before the lock, his `Eq` after it.
        let mut key = Some(key.unwrap_or_else(|| query.to_key()));
        let mut rivals = Rivals::default();
        // Where `lead` was of no use: of nothing, it need not be known how old it is.
        let mut now = (!self.settings.shows_keys()).then(|| self.time.precise());
        loop {
            let entered = self.store.locked(hash, query, |locked, found, query| {
                let times = found.map(|found| locked.times(found));
                let now = if times.is_none() { 0 } else { now? };
                let held = how.held(times, now, self.settings.while_revalidate);
                if held == Held::Fresh {
                    return Some(Entered::Stored);
                }
                let board = locked.companion();
                match Self::behind_another(board, hash, query, &mut rivals, how, held) {
                    Ok(None) => Some(self.begin(board, hash, key.take()?, how, held)),
                    Ok(behind) => behind,
                    Err(Unknown) => None,
                }
            });
            if let Some(entered) = entered {
                // The last that know a rival drop its key here, and that may panic.
                let mut farewells = Farewells::default();
                farewells.attempt(|| drop((key, rivals)));
                if farewells.has_panicked() {
                    if let Entered::Lead(begun) | Entered::Renew(begun) = entered {
                        Leading::new(hash, (Q::same, Q::PLAIN), Some(begun)).end(self);
                        farewells.end();
                        unreachable!("it has panicked");
                    }
                }
                farewells.end();
                return entered;
            }
            rivals.compare(|key| query.matches(key));
            now = Some(self.time.precise());
        }
    }

    /// What there is to do because of another load of the same key.
    fn behind_another<Q: Query<Key = K>>(
        board: &mut Board<K, V>,
        hash: u64,
        query: &Q,
        rivals: &mut Rivals<K, V>,
        how: &mut How,
        held: Held,
    ) -> Result<Option<Entered<K, V>>, Unknown> {
        let since = *how.since.get_or_insert(board.next());
        // One renewal a key at a time, even where each miss runs its own body.
        if how.alone && held == Held::No {
            return Ok(None);
        }
        let mut unknown = false;
        let mut same = None;
        for aloft in board.with_hash_mut(hash) {
            // Nobody's code but ours, or after the lock.
            let is =
                if Q::PLAIN { Some(query.matches(aloft.key())) } else { rivals.is_same(aloft) };
            match is {
                None => unknown = true,
                Some(true) if aloft.joinable || held != Held::No => same = Some(aloft),
                Some(_) => {}
            }
        }
        if unknown {
            return Err(Unknown);
        }
        let Some(same) = same else { return Ok(None) };
        how.behind(same, held, since, rivals).map(Some).ok_or(Unknown)
    }

    fn begin(
        &self,
        board: &mut Board<K, V>,
        hash: u64,
        key: K,
        how: &How,
        held: Held,
    ) -> Entered<K, V> {
        let joinable = !how.alone;
        if held != Held::No {
            let joinable = joinable && !how.later;
            return Entered::Renew(Start::Known(board.begin(hash, key, joinable)));
        }
        Entered::Lead(if self.settings.shows_keys() {
            Start::Known(board.begin(hash, key, joinable))
        } else {
            let id = FlightId::new();
            board.begin_unknown(hash, id, key, joinable);
            Start::Unknown(id)
        })
    }

    /// Stores an entry at the caller's word: flights of its key store nothing.
    pub(crate) fn put(&self, mut new: NewEntry<K, V>, same: Same<K>, now: u64) {
        let hash = new.hash;
        let mut rivals = Rivals::default();
        loop {
            let put =
                self.store.locked(hash, Put { new, same }, |locked, found, Put { new, .. }| {
                    if !Self::put_off(locked, hash, &mut rivals, u64::MAX) {
                        return Err(new);
                    }
                    // Handed out if it is not stored: its `Drop` is the user's.
                    if !self.settings.takes(new.weight) {
                        if let Some(found) = found {
                            Self::take_out(locked, found, now);
                        }
                        return Ok(Some(new));
                    }
                    locked.insert(found, new, now);
                    Ok(None)
                });
            match put {
                Ok(_) => return,
                Err(unknown) => new = unknown,
            }
            rivals.compare(|key| same(&new.key, key));
        }
    }

    /// Takes out what is stored under a key, and the right to store from what is in the air for
    /// it; whether it was live.
    pub(crate) fn invalidate<M: Matches<Key = K>>(&self, hash: u64, matcher: &M) -> bool {
        let mut rivals = Rivals::default();
        loop {
            let now = self.time.precise();
            let live = self.store.locked(hash, matcher, |locked, found, _| {
                if !Self::put_off(locked, hash, &mut rivals, u64::MAX) {
                    return None;
                }
                Some(found.is_some_and(|found| Self::take_out(locked, found, now)))
            });
            if let Some(live) = live {
                return live;
            }
            rivals.compare(|key| matcher.matches(key));
        }
    }

    /// Takes an entry out at the caller's word; whether it was live.
    fn take_out(locked: &mut Locked<'_, K, V, Board<K, V>>, found: Found, now: u64) -> bool {
        let live = now < locked.times(found).deadline;
        let cause = if live { RemovalCause::Invalidated } else { RemovalCause::Expired };
        locked.remove(found, cause);
        live
    }

    /// Takes the right to store from the loads of the rivals' key with a number below `before`, and
    /// lets nobody join them any more. False: keys are to be compared first.
    pub(super) fn put_off(
        locked: &mut Locked<'_, K, V, Board<K, V>>,
        hash: u64,
        rivals: &mut Rivals<K, V>,
        before: u64,
    ) -> bool {
        let board = locked.companion();
        let mut unknown = false;
        for aloft in board.with_hash_mut(hash).filter(|aloft| aloft.number < before) {
            unknown |= rivals.is_same(aloft).is_none();
        }
        if unknown {
            return false;
        }
        for aloft in board.with_hash_mut(hash).filter(|aloft| aloft.number < before) {
            if rivals.is_same(aloft) == Some(true) {
                aloft.put_off();
            }
        }
        true
    }
}

/// Keys are to be compared, or flights to be made, without the lock.
struct Unknown;

/// Finds the entry that a new one replaces, and owns the new one.
struct Put<K, V> {
    new: NewEntry<K, V>,
    same: Same<K>,
}

impl<K, V> Matches for Put<K, V> {
    type Key = K;
    const PLAIN: bool = false;

    fn matches(&self, key: &K) -> bool {
        (self.same)(&self.new.key, key)
    }
}
