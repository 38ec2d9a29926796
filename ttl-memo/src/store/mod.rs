//! The entries of one cache: found by hash and equality, bounded, with a deadline each.
//!
//! A stand-in: one lock, an `Arc` an entry, first in first out. Its face is what counts.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::RemovalCause;
use crate::call::query::Matches;
use crate::clock::Time;

/// Hears of each entry that has left.
pub(crate) type Listener<K, V> = Box<dyn Fn(&K, &V, RemovalCause) + Send + Sync>;

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
    pub(crate) times: Times,
}

/// An entry found under the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found(u64);

#[derive(Debug)]
struct Entry<K, V> {
    id: u64,
    new: NewEntry<K, V>,
}

pub(crate) struct Store<K, V, B> {
    shard: Mutex<Shard<K, V, B>>,
    listener: Option<Listener<K, V>>,
}

struct Shard<K, V, B> {
    maxsize: Option<usize>,
    next: u64,
    weight: usize,
    table: HashMap<u64, Vec<Arc<Entry<K, V>>>>,
    order: VecDeque<Arc<Entry<K, V>>>,
    evictions: u64,
    expirations: u64,
    companion: B,
}

/// A shard under its lock. What leaves is dropped, and told to the listener, after it.
pub(crate) struct Locked<'s, K, V, B> {
    shard: &'s mut Shard<K, V, B>,
    left: Vec<(Arc<Entry<K, V>>, RemovalCause)>,
}

impl<K, V, B: Default> Store<K, V, B> {
    pub(crate) fn new(maxsize: Option<usize>, listener: Option<Listener<K, V>>) -> Self {
        let shard = Shard {
            maxsize,
            next: 0,
            weight: 0,
            table: HashMap::new(),
            order: VecDeque::new(),
            evictions: 0,
            expirations: 0,
            companion: B::default(),
        };
        Self { shard: Mutex::new(shard), listener }
    }

    /// Looks up a live entry and hands it to `take`, with no lock held; that is a use of it.
    #[inline]
    pub(crate) fn read<M: Matches<Key = K>, T>(
        &self,
        hash: u64,
        matcher: &M,
        time: &Time,
        take: impl FnOnce(EntryRef<'_, K, V>) -> T,
    ) -> Option<T> {
        let entry = self.locate(hash, matcher)?;
        time.is_before(entry.new.times.deadline).then(|| take(entry.entry_ref()))
    }

    /// As [`read`](Self::read), for an entry that is held, live or in its stale window.
    pub(crate) fn read_held<M: Matches<Key = K>, T>(
        &self,
        hash: u64,
        matcher: &M,
        now: u64,
        take: impl FnOnce(EntryRef<'_, K, V>) -> T,
    ) -> Option<T> {
        let entry = self.locate(hash, matcher)?;
        (now < entry.new.times.gone).then(|| take(entry.entry_ref()))
    }

    fn locate<M: Matches<Key = K>>(&self, hash: u64, matcher: &M) -> Option<Arc<Entry<K, V>>> {
        let found = self.shard.lock().table.get(&hash).cloned().unwrap_or_default();
        found.into_iter().find(|entry| matcher.matches(&entry.new.key))
    }

    /// Runs `f` under the lock of `hash`'s shard, told which entry (live or not) matches; gives the
    /// matcher back, so that it may own what is to be stored.
    pub(crate) fn locked<M: Matches<Key = K>, T>(
        &self,
        hash: u64,
        matcher: M,
        f: impl FnOnce(&mut Locked<'_, K, V, B>, Option<Found>, M) -> T,
    ) -> T {
        loop {
            let (seen, found) = {
                let shard = self.shard.lock();
                (shard.next, shard.table.get(&hash).cloned().unwrap_or_default())
            };
            let found = found.into_iter().find(|entry| matcher.matches(&entry.new.key));
            let shard = self.shard.lock();
            if shard.next == seen {
                let found = found.filter(|entry| shard.holds(entry)).map(|entry| Found(entry.id));
                return self.settle(shard, |locked| f(locked, found, matcher));
            }
        }
    }

    /// Runs `f` under the lock of `hash`'s shard.
    pub(crate) fn locked_by_hash<T>(
        &self,
        _hash: u64,
        f: impl FnOnce(&mut Locked<'_, K, V, B>) -> T,
    ) -> T {
        self.settle(self.shard.lock(), f)
    }

    /// Runs `f` under the lock of each shard in turn.
    pub(crate) fn each_shard(&self, mut f: impl FnMut(&mut Locked<'_, K, V, B>)) {
        self.settle(self.shard.lock(), |locked| f(locked));
    }

    /// Shows every held entry to `keep`, with no lock held, and takes out those that it refuses.
    /// How many of them were live at `now`.
    pub(crate) fn visit(
        &self,
        now: u64,
        mut keep: impl FnMut(EntryRef<'_, K, V>) -> bool,
    ) -> usize {
        let entries = Vec::from(self.shard.lock().order.clone());
        let mut gone = 0;
        for entry in entries {
            if now < entry.new.times.deadline && !keep(entry.entry_ref()) {
                gone += self.settle(self.shard.lock(), |locked| {
                    usize::from(locked.remove(
                        Found(entry.id),
                        entry.new.hash,
                        RemovalCause::Invalidated,
                    ))
                });
            }
        }
        gone
    }

    fn settle<T>(
        &self,
        mut shard: parking_lot::MutexGuard<'_, Shard<K, V, B>>,
        f: impl FnOnce(&mut Locked<'_, K, V, B>) -> T,
    ) -> T {
        let mut locked = Locked { shard: &mut shard, left: Vec::new() };
        let answer = f(&mut locked);
        let left = locked.left;
        drop(shard);
        if let Some(listener) = &self.listener {
            for (entry, cause) in &left {
                listener(&entry.new.key, &entry.new.value, *cause);
            }
        }
        answer
    }
}

impl<K, V> Entry<K, V> {
    fn entry_ref(&self) -> EntryRef<'_, K, V> {
        EntryRef { key: &self.new.key, value: &self.new.value, times: self.new.times }
    }
}

impl<K, V, B> Shard<K, V, B> {
    fn holds(&self, entry: &Arc<Entry<K, V>>) -> bool {
        let same = self.table.get(&entry.new.hash);
        same.is_some_and(|same| same.iter().any(|other| Arc::ptr_eq(other, entry)))
    }

    fn take(&mut self, hash: u64, id: u64) -> Option<Arc<Entry<K, V>>> {
        let same = self.table.get_mut(&hash)?;
        let at = same.iter().position(|entry| entry.id == id)?;
        let entry = same.swap_remove(at);
        if same.is_empty() {
            self.table.remove(&hash);
        }
        self.order.retain(|other| !Arc::ptr_eq(other, &entry));
        self.weight -= entry.new.weight;
        Some(entry)
    }
}

impl<K, V, B> Locked<'_, K, V, B> {
    /// What is kept under this lock beside the entries.
    pub(crate) fn companion(&mut self) -> &mut B {
        &mut self.shard.companion
    }

    pub(crate) fn times(&self, hash: u64, found: Found) -> Option<Times> {
        let same = self.shard.table.get(&hash)?;
        same.iter().find(|entry| entry.id == found.0).map(|entry| entry.new.times)
    }

    /// Stores `new` in place of `found`, making room first. It is for the caller to refuse what
    /// is heavier than the bound.
    pub(crate) fn insert(&mut self, found: Option<Found>, new: NewEntry<K, V>, now: u64) {
        if let Some(found) = found {
            let replaced = self.times(new.hash, found).is_some_and(|times| now < times.deadline);
            let cause = if replaced { RemovalCause::Replaced } else { RemovalCause::Expired };
            self.remove(found, new.hash, cause);
        }
        if let Some(maxsize) = self.shard.maxsize {
            if self.shard.weight + new.weight > maxsize {
                self.expire(now);
            }
            self.evict_down_to(maxsize.saturating_sub(new.weight));
        }
        self.shard.next += 1;
        self.shard.weight += new.weight;
        let entry = Arc::new(Entry { id: self.shard.next, new });
        self.shard.table.entry(entry.new.hash).or_default().push(Arc::clone(&entry));
        self.shard.order.push_back(entry);
    }

    fn evict_down_to(&mut self, weight: usize) {
        while self.shard.weight > weight {
            let Some(victim) = self.shard.order.front() else { return };
            let (hash, id) = (victim.new.hash, victim.id);
            self.remove(Found(id), hash, RemovalCause::Size);
        }
    }

    pub(crate) fn remove(&mut self, found: Found, hash: u64, cause: RemovalCause) -> bool {
        let Some(entry) = self.shard.take(hash, found.0) else { return false };
        match cause {
            RemovalCause::Size => self.shard.evictions += 1,
            RemovalCause::Expired => self.shard.expirations += 1,
            RemovalCause::Replaced | RemovalCause::Invalidated => {}
        }
        self.left.push((entry, cause));
        true
    }

    /// Takes out what is past its time; how many.
    pub(crate) fn expire(&mut self, now: u64) -> usize {
        let past = |entry: &&Arc<Entry<K, V>>| now >= entry.new.times.gone;
        let past: Vec<_> =
            self.shard.order.iter().filter(past).map(|entry| (entry.new.hash, entry.id)).collect();
        for &(hash, id) in &past {
            self.remove(Found(id), hash, RemovalCause::Expired);
        }
        past.len()
    }

    /// Takes out everything.
    pub(crate) fn clear(&mut self) {
        let all: Vec<_> = self.shard.order.iter().map(|entry| (entry.new.hash, entry.id)).collect();
        for (hash, id) in all {
            self.remove(Found(id), hash, RemovalCause::Invalidated);
        }
    }

    pub(crate) fn reset_removals(&mut self) {
        self.shard.evictions = 0;
        self.shard.expirations = 0;
    }

    /// A new bound; evicts down to it.
    pub(crate) fn set_maxsize(&mut self, maxsize: Option<usize>, now: u64) {
        self.shard.maxsize = maxsize;
        if let Some(maxsize) = maxsize {
            if self.shard.weight > maxsize {
                self.expire(now);
            }
            self.evict_down_to(maxsize);
        }
    }

    /// Live entries and their total weight.
    pub(crate) fn live(&self, now: u64) -> (usize, usize) {
        let live = self.shard.order.iter().filter(|entry| now < entry.new.times.deadline);
        live.fold((0, 0), |(len, weight), entry| (len + 1, weight + entry.new.weight))
    }

    /// Entries that left to make room, and because their time was over.
    pub(crate) fn removals(&self) -> (u64, u64) {
        (self.shard.evictions, self.shard.expirations)
    }
}

impl<K, V, B> fmt::Debug for Store<K, V, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}
