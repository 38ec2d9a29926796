//! The entries of one cache: found by hash and equality, bounded, with a deadline each.
//!
//! A cache has one [`shard`] or several. A look-up that hits takes no lock and writes nothing that
//! another's writes; all else happens under one shard's lock, and no code of the user's does. What
//! leaves is told to the listener and dropped after it.

mod aftermath;
mod entry;
mod locked;
mod room;
mod search;
mod shard;
mod table;
#[cfg(test)]
mod tests;
mod upkeep;
mod uses;
#[cfg(any(test, fuzzing))]
mod validate;

use std::fmt;

pub(crate) use entry::{EntryRef, NewEntry, Terms, Times};
pub(crate) use locked::{Found, Locked};
use room::Room;
use search::entry_until;
use shard::Shard;
use table::{Holding, Parts, Seen};

use crate::RemovalCause;
use crate::call::query::Matches;
use crate::clock::{self, Time};
use crate::engine::policy::Policy;
use crate::farewells::Farewells;
use crate::reclaim::{Section, ThreadSlot};
use crate::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use crate::sync::{Mutex, Padded};

/// Hears of each entry that has left.
pub(crate) type Listener<K, V> = Box<dyn Fn(&K, &V, RemovalCause) + Send + Sync>;

/// What a store is made by.
pub(crate) struct Design<K, V> {
    pub(crate) maxsize: Option<usize>,
    pub(crate) policy: Policy,
    pub(crate) terms: Terms,
    pub(crate) listener: Option<Listener<K, V>>,
    pub(crate) seed: u64,
}

pub(crate) struct Store<K, V, B> {
    shards: Parts<Padded<Shard<K, V, B>>>,
    /// Before this instant no shard has anything past its time.
    due: AtomicU64,
    pub(crate) terms: Terms,
    listener: Option<Listener<K, V>>,
    /// Where upkeep goes on.
    sweep: AtomicUsize,
    room: Padded<Room>,
    /// Held while the bound changes; no code of the user's runs then.
    retuning: Mutex<()>,
}

/// Up to this bound there is one shard, so that each choice is one among all entries.
const ONE_SHARD: usize = 4096;
/// Larger shards take long to enlarge.
const LARGEST: usize = 16_384;
/// Smaller ones choose badly.
const SMALLEST: usize = 1024;

/// The 32 bits of a hash that entries are known by, the highest. The lowest of them is always set,
/// so that a cell of an entry is never that of none.
#[inline]
fn short(hash: u64) -> u32 {
    (hash >> 32) as u32 | 1
}

fn shards_for<K, V>(design: &Design<K, V>) -> usize {
    let exact = matches!(design.policy, Policy::Lru | Policy::Fifo | Policy::Lfu);
    // What shards hold together, for a moment over the bound, has to be a number.
    let vast = design.maxsize.is_some_and(|maxsize| maxsize > usize::MAX / 4);
    if exact || vast || design.maxsize.is_some_and(|maxsize| maxsize <= ONE_SHARD) {
        return 1;
    }
    let cores = std::thread::available_parallelism().map_or(8, std::num::NonZero::get);
    let by_cores = (cores * 4).next_power_of_two().clamp(4, 64);
    // Of a weight, or without a bound, nobody knows how many entries it is.
    let counted = design.maxsize.filter(|&it| !design.terms.weighted && it >> 40 == 0);
    counted.map_or(by_cores.min(16), |maxsize| {
        let by_size = maxsize.div_ceil(LARGEST).next_power_of_two().min(256);
        let most = (maxsize / SMALLEST + 1).next_power_of_two() / 2;
        by_cores.max(by_size).min(most)
    })
}

impl<K, V, B: Default> Store<K, V, B> {
    pub(crate) fn new(design: Design<K, V>) -> Self {
        let shards = shards_for(&design);
        let Design { maxsize, policy, terms, listener, seed } = design;
        let shard = |at: u64| Padded(Shard::new(policy, seed.wrapping_add(at), &terms));
        let shards = Parts::new((0..shards as u64).map(shard));
        let store = Self {
            shards,
            due: AtomicU64::new(u64::MAX),
            terms,
            listener,
            sweep: AtomicUsize::new(0),
            room: Padded(Room::new(maxsize)),
            retuning: Mutex::new(()),
        };
        store.tell_policies();
        store
    }
}

impl<K, V, B> Store<K, V, B> {
    #[inline]
    fn shard_of(&self, hash: u32) -> &Shard<K, V, B> {
        self.shards.of(hash)
    }

    #[inline]
    fn is_sharded(&self) -> bool {
        self.shards.len() > 1
    }

    /// How many entries a shard has when the cache is full, about.
    fn share(&self) -> usize {
        match self.room.bound() {
            Some(bound) if !self.terms.weighted => bound.div_ceil(self.shards.len()),
            _ => usize::MAX,
        }
    }

    fn tell_policies(&self) {
        let share = self.share();
        for shard in &self.shards {
            shard.writer.lock().ledger.expect(share, &shard.marks);
        }
    }

    /// Looks up a live entry and hands it to `take`, with no lock held; that is a use of it.
    ///
    /// It may miss an entry that is being moved: whoever minds asks [`find`](Self::find).
    /// `code`: `take` runs code of the user's beside `V::clone`.
    #[inline]
    pub(crate) fn read<M: Matches<Key = K>, T>(
        &self,
        hash: u64,
        matcher: &M,
        time: &Time,
        code: bool,
        take: impl FnOnce(EntryRef<'_, K, V>) -> T,
    ) -> Option<T> {
        // Before anything is in reach: the clock may be the user's.
        self.read_at(time.coarse(), hash, matcher, time, code, take)
    }

    /// As [`read`](Self::read), where `now` is a coarse reading of `time`.
    #[inline]
    pub(crate) fn read_at<M: Matches<Key = K>, T>(
        &self,
        now: u64,
        hash: u64,
        matcher: &M,
        time: &Time,
        code: bool,
        take: impl FnOnce(EntryRef<'_, K, V>) -> T,
    ) -> Option<T> {
        let hash = short(hash);
        let shard = self.shard_of(hash);
        let spotted = self.look_in(Section::begin(), shard, now, hash, matcher, code)?;
        if !spotted.ordinary && !self.is_used(&spotted, time, now) {
            return None;
        }
        let answer = take(spotted.entry(&self.terms));
        drop(spotted);
        self.look_after(now);
        Some(answer)
    }

    /// As [`read_at`](Self::read_at), in haste, by the thread whose slot this is: it also misses
    /// where that is in a section already, and leaves all but to look to the caller.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "in memory, what it is handed and gives costs 5 ns")]
    pub(crate) fn look_in_haste<M: Matches<Key = K>>(
        &self,
        slot: &'static ThreadSlot,
        now: u64,
        hash: u64,
        matcher: &M,
        code: bool,
    ) -> Option<Spotted<'_, K, V, B>> {
        // Before the section: no load behind its fence is done before that is through.
        let hash = short(hash);
        let shard = self.shard_of(hash);
        let section = Section::begin_in(slot)?;
        self.look_in(section, shard, now, hash, matcher, code)
    }

    /// Whether there is [upkeep](Self::look_after) to do.
    #[inline]
    pub(crate) fn is_due(&self, now: u64) -> bool {
        now >= self.due.load(Ordering::Relaxed)
    }

    /// Does its share of what is due.
    #[inline]
    pub(crate) fn look_after(&self, now: u64) {
        if self.is_due(now) {
            self.upkeep(now);
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "in memory, what it is handed and gives costs 5 ns")]
    #[expect(clippy::unused_self, reason = "a step of its methods")]
    fn look_in<'s, M: Matches<Key = K>>(
        &self,
        section: Section,
        shard: &'s Shard<K, V, B>,
        now: u64,
        hash: u32,
        matcher: &M,
        code: bool,
    ) -> Option<Spotted<'s, K, V, B>> {
        let held = shard.face.look(section, hash, matcher, code)?;
        let seen = held.seen();
        let deadline = seen.deadline();
        let ordinary = clock::is_well_before(now, deadline) && shard.marks.has_marked(seen.word());
        Some(Spotted { held, deadline, ordinary, shard, hash })
    }

    /// Whether an entry is live, which this is a use of then.
    pub(crate) fn is_used(&self, spotted: &Spotted<'_, K, V, B>, time: &Time, now: u64) -> bool {
        let live = time.is_yet_before(now, spotted.deadline);
        if live {
            self.note_use(spotted.shard, spotted.held.seen(), spotted.hash, time, now);
        }
        live
    }

    /// Keeps what is to be kept of a use.
    fn note_use(
        &self,
        shard: &Shard<K, V, B>,
        seen: Seen<'_, K, V>,
        hash: u32,
        time: &Time,
        now: u64,
    ) {
        let tti = self.terms.tti;
        if tti != u64::MAX {
            seen.prolong(time.for_period(now, tti), tti);
        }
        match &shard.uses {
            Some(uses) if uses.push(seen.number()) => self.replay(shard),
            Some(_) => {}
            None => shard.marks.hit(seen.word(), hash),
        }
    }

    /// Of a log that is full. Who has the lock meanwhile does it, too.
    #[cold]
    fn replay(&self, shard: &Shard<K, V, B>) {
        if let Some(mut writer) = shard.writer.try_lock() {
            writer.replay(shard, &self.terms);
        }
    }

    /// Hands an entry that is held, live or in its stale window, to `take`, with no lock held; no
    /// use of it. Misses none.
    pub(crate) fn read_held<M: Matches<Key = K>, T>(
        &self,
        hash: u64,
        matcher: &M,
        now: u64,
        take: impl FnOnce(EntryRef<'_, K, V>) -> T,
    ) -> Option<T> {
        let kept = |entry: EntryRef<'_, K, V>| (now < entry.times().gone).then(|| take(entry));
        self.find(hash, matcher, kept)?
    }

    /// The times of an entry as it is held until it is used: a tti may end it earlier.
    pub(crate) fn as_held(&self, times: Times) -> Times {
        let deadline = times.deadline.min(times.stored.saturating_add(self.terms.tti));
        let gone = deadline.saturating_add(self.terms.window).min(times.gone);
        Times { deadline, gone, ..times }
    }

    /// Runs `f` under the lock of `hash`'s shard.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "in memory, what `f` has at hand costs 3 ns")]
    pub(crate) fn locked_by_hash<T>(
        &self,
        hash: u64,
        f: impl FnOnce(&mut Locked<'_, K, V, B>) -> T,
    ) -> T {
        let shard = self.shard_of(short(hash));
        self.under(shard, shard.writer.lock(), None, f)
    }

    /// Runs `f` under the lock of each shard in turn, whatever panics after one: that is handed on
    /// in the end.
    pub(crate) fn each_shard(&self, mut f: impl FnMut(&mut Locked<'_, K, V, B>)) {
        let mut farewells = Farewells::default();
        for shard in &self.shards {
            farewells.attempt(|| self.under(shard, shard.writer.lock(), None, &mut f));
        }
        farewells.end();
    }

    /// Drops what left and is seen by nobody any more; whether that was all.
    #[cfg(feature = "testing")]
    pub(crate) fn is_at_rest(&self) -> bool {
        self.each_shard(|locked| (locked.changed, locked.promptly) = (true, true));
        self.shards.iter().all(|shard| shard.writer.lock().desk.is_tidy())
    }
}

/// An entry that a look-up has found, live or not.
pub(crate) struct Spotted<'s, K, V, B> {
    held: Holding<'s, K, V>,
    deadline: u64,
    /// It is live, and a use of it would change nothing.
    pub(crate) ordinary: bool,
    shard: &'s Shard<K, V, B>,
    hash: u32,
}

impl<K, V, B> Spotted<'_, K, V, B> {
    #[inline]
    pub(crate) fn entry<'e>(&'e self, terms: &'e Terms) -> EntryRef<'e, K, V> {
        entry_until(self.held.seen(), self.deadline, terms)
    }
}

impl<K, V, B> fmt::Debug for Store<K, V, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("shards", &self.shards.len()).finish_non_exhaustive()
    }
}
