//! What is stored, and how it is looked at.

use super::table::{Notes, Seen};

/// When an entry was stored and how long it lives, on its cache's clock, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    pub(crate) stored: u64,
    /// Served while `now < deadline`.
    pub(crate) deadline: u64,
    /// Kept while `now < gone`: the end of its stale window, the deadline if it has none.
    pub(crate) gone: u64,
}

/// What is stored.
#[derive(Debug)]
pub struct NewEntry<K, V> {
    pub(crate) hash: u64,
    pub(crate) key: K,
    pub(crate) value: V,
    pub(crate) times: Times,
    pub(crate) weight: usize,
}

/// An entry that cannot go while it is looked at.
#[derive(Debug)]
pub(crate) struct EntryRef<'e, K, V> {
    pub(crate) key: &'e K,
    pub(crate) value: &'e V,
    pub(super) deadline: u64,
    pub(super) seen: Seen<'e, K, V>,
    pub(super) terms: &'e Terms,
}

impl<K, V> EntryRef<'_, K, V> {
    #[inline]
    pub(crate) fn deadline(&self) -> u64 {
        self.deadline
    }

    pub(crate) fn times(&self) -> Times {
        self.terms.times(&self.seen)
    }

    /// The number of its slot, among those of its shard.
    pub(crate) fn slot(&self) -> u32 {
        self.seen.number()
    }
}

/// What holds for all entries of a cache, so that none of them has to tell it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// The time from storing to the deadline, of an entry that has no column of its own.
    pub(crate) ttl: u64,
    /// An entry not served for this long expires; `u64::MAX`: it does not.
    pub(crate) tti: u64,
    /// How long past its deadline an entry is held.
    pub(crate) window: u64,
    /// Entries may weigh other than 1.
    pub(crate) weighted: bool,
}

impl Terms {
    pub(super) fn times<K, V>(&self, seen: &Seen<'_, K, V>) -> Times {
        let deadline = seen.deadline();
        let noted = seen.noted();
        let stored = noted.map_or_else(|| deadline.saturating_sub(self.ttl), |it| it.stored);
        let window = noted.map_or(self.window, |it| it.window);
        Times { stored, deadline, gone: deadline.saturating_add(window) }
    }

    /// What would be written down of an entry of which nothing has to be.
    pub(super) fn notes_by(&self, deadline: u64) -> Notes {
        let stored = deadline.saturating_sub(self.ttl);
        Notes { stored, limit: deadline, window: self.window, weight: 1 }
    }

    /// Whether an entry is one like most, of which the deadline tells everything.
    pub(super) fn are_kept_by(&self, times: &Times) -> bool {
        !self.weighted
            && self.tti == u64::MAX
            && times.deadline != u64::MAX
            && times.deadline.checked_sub(times.stored) == Some(self.ttl)
            && times.deadline.saturating_add(self.window) == times.gone
    }
}
