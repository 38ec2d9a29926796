//! What a hit reads and writes: the half of the adaptive policy that needs no lock.

use core::sync::atomic::{AtomicU16, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::OnceLock;

use super::ghosts::fingerprint;
use super::word::{AGES, CLASSES, Word, band, current, now};

/// The lock-free half of a policy, beside it in the shard.
///
/// The words and counters here guard nothing: whatever a reader sees of them, however old, only
/// sways which entry is thought worth more. So every access is relaxed, and updates may be lost.
/// The one thing that must hold is that a reader never makes an `EMPTY` word another or the
/// reverse, as the owner tells by it where entries live; see `mark`.
///
/// A policy that hears of no use leaves both its words and the epoch at zero, so that `hit` does
/// nothing there; one that hears of each has words for something else, and no use is marked.
#[derive(Debug)]
pub(crate) struct Marks {
    /// The epoch, as a *now*; beside [`ALL`], with which no word is of the epoch.
    now: AtomicU64,
    /// A key is spied, which means that its hits are counted, if its fingerprint has none of these
    /// bits.
    unspied: AtomicU32,
    /// Hits on spied keys since the writer last took them; made when the policy begins to learn.
    counts: OnceLock<Box<Counts>>,
}

type Counts = [[AtomicU16; AGES]; CLASSES];

impl Clone for Marks {
    /// As told so far, with no hits yet that wait to be taken.
    fn clone(&self) -> Self {
        let clone = Self {
            now: AtomicU64::new(self.now.load(Relaxed)),
            unspied: AtomicU32::new(self.unspied.load(Relaxed)),
            counts: OnceLock::new(),
        };
        if self.counts.get().is_some() {
            clone.counts.get_or_init(no_counts);
        }
        clone
    }
}

fn no_counts() -> Box<Counts> {
    Box::new([const { [const { AtomicU16::new(0) }; AGES] }; CLASSES])
}

/// Beyond all words.
const ALL: u64 = 1 << 32;

impl Marks {
    pub(crate) const fn new() -> Self {
        Self { now: AtomicU64::new(0xFFFF), unspied: AtomicU32::new(0), counts: OnceLock::new() }
    }

    /// For a cache that has more to do at each hit than to mark the entry: none is
    /// [marked](Self::has_marked).
    pub(crate) const fn that_hear_of_all() -> Self {
        let now = AtomicU64::new(0xFFFF | ALL);
        Self { now, unspied: AtomicU32::new(0), counts: OnceLock::new() }
    }

    /// Whether a [`hit`](Self::hit) on the entry with this word would change nothing.
    #[inline]
    pub(crate) fn has_marked(&self, word: &AtomicU32) -> bool {
        current(word.load(Relaxed).into(), self.now.load(Relaxed))
    }

    #[inline]
    fn now(&self) -> u32 {
        self.now.load(Relaxed) as u32
    }

    /// A hit on the entry with this word, by any thread.
    #[inline]
    pub(crate) fn hit(&self, word: &AtomicU32, hash: u32) {
        let seen = word.load(Relaxed);
        let now = self.now();
        if !current(seen.into(), now.into()) {
            self.mark(word, Word(seen), now, hash);
        }
    }

    /// The first hit in an epoch.
    ///
    /// The entry may leave meanwhile, and its slot be taken by another. An exchange, rather than a
    /// store, keeps this hit from covering the `EMPTY` or the new entry's word; it costs what a
    /// store of a line that others read costs anyway, once an entry an epoch. (Should the new
    /// entry's word be the same as the old one's, it is given a use too many.)
    #[inline(never)]
    fn mark(&self, word: &AtomicU32, seen: Word, now: u32, hash: u32) {
        if seen.is_empty() {
            return;
        }
        if word.compare_exchange(seen.0, seen.renewed(now).0, Relaxed, Relaxed).is_ok() {
            self.count(seen, now, hash);
        }
    }

    /// As `hit`, by the owner, for whom nobody else writes.
    #[inline]
    pub(super) fn hit_alone(&self, word: &AtomicU32, now: u32, hash: u32) {
        let seen = Word(word.load(Relaxed));
        if !current(seen.0.into(), now.into()) && !seen.is_empty() {
            word.store(seen.renewed(now).0, Relaxed);
            self.count(seen, now, hash);
        }
    }

    /// Counts a use of an entry that had this word, if its key is spied.
    pub(super) fn count(&self, seen: Word, now: u32, hash: u32) {
        if fingerprint(hash) & self.unspied.load(Relaxed) != 0 {
            return;
        }
        if let Some(counts) = self.counts.get() {
            let count = &counts[seen.class() % CLASSES][band(seen.age(now))];
            // Not an addition: it would make threads wait for each other, and one lost in a
            // thousand changes nothing.
            count.store(count.load(Relaxed).saturating_add(1), Relaxed);
        }
    }

    /// Tells readers the epoch.
    pub(super) fn set_epoch(&self, epoch: u32) {
        let all = self.now.load(Relaxed) & ALL;
        self.now.store(u64::from(now(epoch)) | all, Relaxed);
    }

    /// From now on one key in `one_in`, a power of two, is spied, and its hits are counted.
    pub(super) fn spy(&self, one_in: u32) {
        self.unspied.store(one_in - 1, Relaxed);
        self.counts.get_or_init(no_counts);
    }

    /// Takes a class's counts away; none if nothing was counted.
    pub(super) fn take(&self, class: usize) -> Option<[u16; AGES]> {
        let counts = &self.counts.get()?[class];
        let mut taken = [0; AGES];
        let mut any = 0;
        for (taken, count) in taken.iter_mut().zip(counts) {
            *taken = count.load(Relaxed);
            any |= *taken;
        }
        if any == 0 {
            return None;
        }
        for count in counts {
            count.store(0, Relaxed);
        }
        Some(taken)
    }
}
