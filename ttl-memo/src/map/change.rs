//! What comes and what goes.

use std::hash::{BuildHasher, Hash};
use std::time::Duration;

use equivalent::Equivalent;

use super::{TooHeavy, TtlMap};
use crate::RemovalCause;
use crate::engine::slots::{Held, Terms};
use crate::engine::stock::Displaced;
use crate::farewells::Farewells;

/// A pair that is not to be stored.
pub(super) struct Refused<K, V> {
    pub(super) key: K,
    pub(super) value: V,
    /// What it weighs, if that is why.
    heavy: Option<usize>,
}

impl<K: Hash + Eq, V, S: BuildHasher> TtlMap<K, V, S> {
    /// Stores a pair for the map's ttl, and gives the live value that was under the key. In
    /// constant time, amortised, and what it takes to drop the pairs that make room.
    ///
    /// Where the key was there, it stays as it was. A pair that cannot be stored, being heavier
    /// than `maxsize` or with a ttl of zero, is dropped, and what was under its key leaves all the
    /// same; see [`try_insert`](Self::try_insert).
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::new(10, Duration::from_secs(60));
    /// assert_eq!(map.insert("a", 1), None);
    /// assert_eq!(map.insert("a", 2), Some(1));
    /// ```
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.store(key, value, None, false).unwrap_or_default()
    }

    /// As [`insert`](Self::insert), for a ttl of its own; zero: it is never seen.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::new(10, None);
    /// map.insert_with_ttl("a", 1, Duration::from_secs(5));
    /// assert!(map.ttl_of("a").unwrap() <= Duration::from_secs(5));
    /// map.insert_with_ttl("a", 2, Duration::ZERO);
    /// assert_eq!(map.get("a"), None);
    /// ```
    pub fn insert_with_ttl(&mut self, key: K, value: V, ttl: Duration) -> Option<V> {
        self.store(key, value, Some(ttl), false).unwrap_or_default()
    }

    /// As [`insert`](Self::insert), but a pair heavier than `maxsize` is handed back.
    ///
    /// # Errors
    ///
    /// [`TooHeavy`], with the pair; then nothing has changed.
    ///
    /// ```
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::builder().maxsize(3).weigher(|_, text: &&str| text.len()).build();
    /// assert!(map.try_insert(1, "one").is_ok());
    /// let refused = map.try_insert(1, "three").unwrap_err();
    /// assert_eq!((refused.value, refused.weight), ("three", 5));
    /// assert_eq!(map.get(&1), Some(&"one"));
    /// ```
    pub fn try_insert(&mut self, key: K, value: V) -> Result<Option<V>, TooHeavy<K, V>> {
        self.store(key, value, None, true)
    }

    fn store(
        &mut self,
        key: K,
        value: V,
        ttl: Option<Duration>,
        hand_back: bool,
    ) -> Result<Option<V>, TooHeavy<K, V>> {
        let hash = self.hash_of(&key);
        let now = self.options.time.precise();
        let mut farewells = Farewells::default();
        // A panic of what has expired keeps nothing from being stored.
        farewells.attempt(|| self.tend(now));
        let found = self.stock.find(hash, |held| key == *held);
        let put = self.put(found, hash, (key, value), ttl, now, &mut farewells);
        farewells.end();
        match put {
            Ok((_, old)) => Ok(old),
            Err(Refused { key, value, heavy: Some(weight) }) if hand_back => {
                let maxsize = self.stock.ledger().bound().unwrap_or(usize::MAX);
                Err(TooHeavy { key, value, weight, maxsize })
            }
            Err(refused) => {
                let old = found.and_then(|slot| self.take(slot, now));
                drop(refused);
                Ok(old.map(value_of))
            }
        }
    }

    /// As `insert`, but what is replaced is not handed back, so the listener hears of it.
    pub(super) fn overwrite(&mut self, key: K, value: V) {
        let hash = self.hash_of(&key);
        let now = self.options.time.precise();
        let mut farewells = Farewells::default();
        farewells.attempt(|| self.tend(now));
        let found = self.stock.find(hash, |held| key == *held);
        match self.put(found, hash, (key, value), None, now, &mut farewells) {
            Ok((_, None)) => {}
            Ok((slot, Some(old))) => {
                let key = &self.stock.get(slot).key;
                farewells.tell_replaced(self.options.listener.as_ref(), key, old);
            }
            Err(_refused) => {
                if let Some((key, old)) = found.and_then(|slot| self.take(slot, now)) {
                    farewells.tell(
                        self.options.listener.as_ref(),
                        key,
                        old,
                        RemovalCause::Invalidated,
                    );
                }
            }
        }
        farewells.end();
    }
}

impl<K, V, S: BuildHasher> TtlMap<K, V, S> {
    /// Removes the pair under `key`, and gives its value; in constant time, amortised.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::new(10, Duration::from_secs(60));
    /// map.insert("a", 1);
    /// assert_eq!(map.remove("a"), Some(1));
    /// assert_eq!(map.remove("a"), None);
    /// ```
    pub fn remove<Q>(&mut self, key: &Q) -> Option<V>
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        self.remove_entry(key).map(value_of)
    }

    /// As [`remove`](Self::remove), but gives the stored key, too.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::new(10, Duration::from_secs(60));
    /// map.insert("a".to_owned(), 1);
    /// assert_eq!(map.remove_entry("a"), Some(("a".to_owned(), 1)));
    /// ```
    pub fn remove_entry<Q>(&mut self, key: &Q) -> Option<(K, V)>
    where
        Q: Hash + Equivalent<K> + ?Sized,
    {
        let hash = self.hash_of(key);
        let now = self.options.time.precise();
        self.tend(now);
        let found = self.stock.find(hash, |held| key.equivalent(held));
        found.and_then(|slot| self.take(slot, now))
    }
}

impl<K, V, S> TtlMap<K, V, S> {
    /// Stores a pair in the place of what was found under its key; its slot, and the live value
    /// that was there. The time of what has to go for that is over when `farewells` end.
    pub(super) fn put(
        &mut self,
        found: Option<u32>,
        hash: u32,
        (key, value): (K, V),
        ttl: Option<Duration>,
        now: u64,
        farewells: &mut Farewells,
    ) -> Result<(u32, Option<V>), Refused<K, V>> {
        let terms = match self.terms(&key, &value, ttl, now) {
            Ok(terms) => terms,
            Err(heavy) => return Err(Refused { key, value, heavy }),
        };
        let (slot, displaced) = self.stock.insert(found, hash, (key, value), terms, now);
        self.settle(slot, now, farewells);
        let old = match displaced {
            Displaced::Nothing => None,
            Displaced::Value(old, unneeded) => {
                farewells.discard(unneeded);
                Some(old)
            }
            Displaced::Expired(Held { key, value, .. }) => {
                farewells.tell(self.options.listener.as_ref(), key, value, RemovalCause::Expired);
                None
            }
        };
        Ok((slot, old))
    }

    /// On what terms a pair is stored now. If it is not: its weight, where that is why.
    pub(super) fn terms(
        &self,
        key: &K,
        value: &V,
        ttl: Option<Duration>,
        now: u64,
    ) -> Result<Terms, Option<usize>> {
        let ttl = self.options.ttl_of(key, value, ttl);
        let weight = self.options.weight_of(key, value);
        if self.stock.ledger().bound().is_some_and(|bound| weight > bound) {
            return Err(Some(weight));
        }
        if ttl == 0 {
            return Err(None);
        }
        let limit = now.saturating_add(ttl);
        let deadline = limit.min(self.stock.idle_until(now));
        Ok(Terms { weight, stored: now, limit, deadline, lingers: false })
    }

    /// Evicts what there is no room for any more.
    pub(super) fn settle(&mut self, keep: u32, now: u64, farewells: &mut Farewells) {
        while let Some((held, cause)) = self.stock.surplus(now, Some(keep)) {
            farewells.tell(self.options.listener.as_ref(), held.key, held.value, cause);
        }
    }

    /// Takes a pair out, if it is live, to be handed out.
    pub(super) fn take(&mut self, slot: u32, now: u64) -> Option<(K, V)> {
        let live = now < self.stock.get(slot).deadline;
        let cause = if live { RemovalCause::Invalidated } else { RemovalCause::Expired };
        let Held { key, value, .. } = self.stock.remove(slot, cause);
        if live {
            return Some((key, value));
        }
        let mut farewells = Farewells::default();
        farewells.tell(self.options.listener.as_ref(), key, value, cause);
        farewells.end();
        None
    }

    /// Keeps the pairs for which `keep` is true; in time proportional to how many there are, live
    /// or not. If `keep` panics, the pairs that it has not seen stay.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::new(10, Duration::from_secs(60));
    /// map.extend([(1, "one"), (2, "two"), (3, "three")]);
    /// map.retain(|number, _| number % 2 == 1);
    /// assert_eq!(map.len(), 2);
    /// ```
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        let now = self.options.time.precise();
        self.tend(now);
        let mut farewells = Farewells::default();
        // Slots are given back at the end only, and nothing comes meanwhile.
        let mut slot = 0;
        while let Some(held) = self.stock.as_mut_slice().get_mut(slot as usize) {
            let refused = held
                .as_mut()
                .is_some_and(|held| now < held.deadline && !keep(&held.key, &mut held.value));
            if refused {
                let held = self.stock.remove(slot, RemovalCause::Invalidated);
                farewells.tell(
                    self.options.listener.as_ref(),
                    held.key,
                    held.value,
                    RemovalCause::Invalidated,
                );
            }
            slot += 1;
        }
        farewells.end();
    }

    /// Removes every pair, and sets the counters of [`info`](Self::info) back to zero; in time
    /// proportional to how many pairs there are, live or not. The memory goes back.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::new(10, Duration::from_secs(60));
    /// map.insert("a", 1);
    /// map.clear();
    /// assert!(map.is_empty());
    /// ```
    pub fn clear(&mut self) {
        self.limbo = None;
        let now = self.options.time.precise();
        let all = self.stock.clear();
        self.stock.ledger_mut().reset_counts();
        (self.hits, self.misses) = (0, 0);
        let mut farewells = Farewells::default();
        for Held { key, value, deadline, .. } in all.into_iter().flatten() {
            let live = now < deadline;
            let cause = if live { RemovalCause::Invalidated } else { RemovalCause::Expired };
            farewells.tell(self.options.listener.as_ref(), key, value, cause);
        }
        farewells.end();
    }

    /// Removes the expired pairs and hands them out; in time proportional to how many they are.
    /// Later calls would drop them, a few at a time.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::{ManualClock, TtlMap};
    ///
    /// let clock = ManualClock::new();
    /// let mut map = TtlMap::builder().clock(clock.clone()).build();
    /// map.insert_with_ttl("a", 1, Duration::from_secs(5));
    /// map.insert("b", 2);
    /// clock.advance(Duration::from_secs(5));
    /// assert_eq!(map.expire(), [("a", 1)]);
    /// ```
    pub fn expire(&mut self) -> Vec<(K, V)> {
        self.limbo = None;
        let now = self.options.time.precise();
        let mut expired = Vec::new();
        while let Some(held) = self.stock.due(now, &mut { u32::MAX }) {
            expired.push((held.key, held.value));
        }
        expired
    }

    /// Removes the pair that the policy would evict next and hands it out; in constant time,
    /// amortised.
    ///
    /// ```
    /// use ttl_memo::{Policy, TtlMap};
    ///
    /// let mut map = TtlMap::builder().policy(Policy::Lru).build();
    /// map.extend([("a", 1), ("b", 2)]);
    /// map.get("a");
    /// assert_eq!(map.pop(), Some(("b", 2)));
    /// assert_eq!(map.pop(), Some(("a", 1)));
    /// assert_eq!(map.pop(), None);
    /// ```
    pub fn pop(&mut self) -> Option<(K, V)> {
        let now = self.options.time.precise();
        self.tend(now);
        loop {
            let slot = self.stock.victim()?;
            if let Some(pair) = self.take(slot, now) {
                return Some(pair);
            }
        }
    }
}

/// The value of a pair whose key is not needed. Should the key's `Drop` panic, the value is dropped,
/// too; what is on its way out of a function by then would not be.
pub(super) fn value_of<K, V>((key, value): (K, V)) -> V {
    drop(key);
    value
}
