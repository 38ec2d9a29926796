//! Loads and what they store: the protocol between the entries and the flights of a shard.
//!
//! Invariant: whether a key is stored, in the air or neither is decided under its shard's lock.
//! A load takes its flight off the board and stores its value in one critical section, so a
//! caller finds the one or the other, and the body runs once. An invalidation takes the entry out
//! and the flights off the board in one critical section, so nothing computed before it is stored
//! or joined after it.

use std::sync::Arc;

use super::core::Core;
use super::landing::Leading;
use super::rivals::{Rivals, Same};
use crate::RemovalCause;
use crate::call::query::{Matches, Query};
use crate::farewells::Farewells;
use crate::flight::{Aloft, Board, Flight};
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
    /// For `anew`: the number of the first flight that will do.
    pub(crate) since: Option<u64>,
    /// The time at the last look.
    pub(crate) looked: u64,
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
    Lead(Arc<Flight<K, V>>),
    /// Nobody does, and what is there may be served meanwhile.
    Renew(Arc<Flight<K, V>>),
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

impl How {
    pub(crate) fn held(&self, times: Option<Times>, now: u64, while_revalidate: u64) -> Held {
        let Some(times) = times else { return Held::No };
        if self.anew {
            Held::No
        } else if now < times.deadline.saturating_sub(self.ahead) {
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
    pub(crate) fn behind<K, V>(
        &self,
        aloft: &Aloft<K, V>,
        held: Held,
        since: u64,
    ) -> Entered<K, V> {
        match held {
            Held::Stale => Entered::Stale,
            Held::Aging | Held::Fresh => Entered::Stored,
            Held::No if self.anew && aloft.number < since => {
                Entered::Await(Arc::clone(&aloft.flight))
            }
            Held::No => Entered::Join(Arc::clone(&aloft.flight)),
        }
    }
}

impl<K, V> Core<K, V> {
    /// Begins a load, or tells why not.
    #[inline]
    pub(crate) fn enter<Q: Query<Key = K>>(
        &self,
        hash: u64,
        query: &Q,
        how: &mut How,
    ) -> Entered<K, V> {
        // The user's `Clone` runs here, before the lock, his `Eq` after it.
        let mut key = Some(query.to_key());
        let mut rivals = Rivals::default();
        loop {
            let now = self.time.precise();
            how.looked = now;
            let entered = self.store.locked(hash, query, |locked, found, _| {
                let times = found.map(|found| locked.times(found));
                let held = how.held(times, now, self.settings.while_revalidate);
                Self::enter_locked(locked, hash, &mut key, &mut rivals, how, held)
            });
            if let Some(entered) = entered {
                // The last that know a rival drop its key here, and that may panic.
                let mut farewells = Farewells::default();
                farewells.attempt(|| drop((key, rivals)));
                if farewells.has_panicked() {
                    if let Entered::Lead(flight) | Entered::Renew(flight) = &entered {
                        let flight = Some(Arc::clone(flight));
                        Leading::new(hash, (Q::same, Q::PLAIN), flight).end(self);
                    }
                }
                farewells.end();
                return entered;
            }
            rivals.compare(|key| query.matches(key));
        }
    }

    /// None: keys are to be compared first.
    #[inline]
    fn enter_locked(
        locked: &mut Locked<'_, K, V, Board<K, V>>,
        hash: u64,
        key: &mut Option<K>,
        rivals: &mut Rivals<K, V>,
        how: &mut How,
        held: Held,
    ) -> Option<Entered<K, V>> {
        if held == Held::Fresh {
            return Some(Entered::Stored);
        }
        let board = locked.companion();
        let since = *how.since.get_or_insert(board.next());
        // One renewal a key at a time, even where each miss runs its own body.
        let minds_others = !how.alone || held != Held::No;
        if minds_others {
            let mut unknown = false;
            let mut same = None;
            for aloft in board.with_hash(hash) {
                match rivals.is_same(&aloft.flight) {
                    None => unknown = true,
                    Some(true) if aloft.joinable || held != Held::No => same = Some(aloft),
                    Some(_) => {}
                }
            }
            if unknown {
                return None;
            }
            if let Some(aloft) = same {
                return Some(how.behind(aloft, held, since));
            }
        }
        let flight = board.begin(hash, key.take()?, !how.alone);
        Some(if held == Held::No { Entered::Lead(flight) } else { Entered::Renew(flight) })
    }

    /// Stores an entry at the caller's word: flights of its key store nothing.
    pub(crate) fn put(&self, mut new: NewEntry<K, V>, same: Same<K>, now: u64) {
        let hash = new.hash;
        let mut rivals = Rivals::default();
        let mut detached = Vec::new();
        loop {
            let put =
                self.store.locked(hash, Put { new, same }, |locked, found, Put { new, .. }| {
                    if !Self::take_off(locked, hash, &mut rivals, u64::MAX, &mut detached) {
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
        let mut detached = Vec::new();
        loop {
            let now = self.time.precise();
            let live = self.store.locked(hash, matcher, |locked, found, _| {
                if !Self::take_off(locked, hash, &mut rivals, u64::MAX, &mut detached) {
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

    /// Takes the flights of the rivals' key with a number below `before` off the board, into
    /// `detached`, to be dropped without the lock. False: keys are to be compared first.
    pub(super) fn take_off(
        locked: &mut Locked<'_, K, V, Board<K, V>>,
        hash: u64,
        rivals: &mut Rivals<K, V>,
        before: u64,
        detached: &mut Vec<Arc<Flight<K, V>>>,
    ) -> bool {
        let board = locked.companion();
        let mut unknown = false;
        let first = detached.len();
        for aloft in board.with_hash(hash).filter(|aloft| aloft.number < before) {
            match rivals.is_same(&aloft.flight) {
                None => unknown = true,
                Some(true) => detached.push(Arc::clone(&aloft.flight)),
                Some(false) => {}
            }
        }
        if unknown {
            detached.truncate(first);
            return false;
        }
        for flight in &detached[first..] {
            // Not the last that know it: `detached` does, too.
            board.end(hash, flight);
        }
        true
    }
}

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
