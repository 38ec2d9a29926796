//! A key's place in a map, to look at and fill at once.

use std::fmt;
use std::hash::{BuildHasher, Hash};

use super::TtlMap;
use super::change::{Refused, value_of};
use crate::RemovalCause;
use crate::engine::slots::Held;
use crate::farewells::Farewells;

/// The place of a key in a [`TtlMap`]: what [`TtlMap::entry`] gives.
///
/// ```
/// use std::time::Duration;
/// use ttl_memo::{TtlMap, map::Entry};
///
/// let mut map = TtlMap::new(10, Duration::from_secs(60));
/// match map.entry("a") {
///     Entry::Occupied(entry) => panic!("{} is there", entry.key()),
///     Entry::Vacant(entry) => *entry.insert(1) += 1,
/// }
/// assert_eq!(map.get("a"), Some(&2));
/// ```
pub enum Entry<'a, K, V, S> {
    /// A live pair is there.
    Occupied(OccupiedEntry<'a, K, V, S>),
    /// None is.
    Vacant(VacantEntry<'a, K, V, S>),
}

impl<K: fmt::Debug, V: fmt::Debug, S> fmt::Debug for Entry<'_, K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Occupied(entry) => f.debug_tuple("Occupied").field(entry).finish(),
            Self::Vacant(entry) => f.debug_tuple("Vacant").field(entry).finish(),
        }
    }
}

/// The place of a live pair.
///
/// ```
/// use std::time::Duration;
/// use ttl_memo::{TtlMap, map::Entry};
///
/// let mut map = TtlMap::new(10, Duration::from_secs(60));
/// map.insert("a", 1);
/// if let Entry::Occupied(entry) = map.entry("a") {
///     assert_eq!(entry.remove(), 1);
/// }
/// assert!(map.is_empty());
/// ```
pub struct OccupiedEntry<'a, K, V, S> {
    map: &'a mut TtlMap<K, V, S>,
    hash: u32,
    /// None: the pair could not be stored, and is in limbo.
    slot: Option<u32>,
}

/// A place without a live pair.
///
/// ```
/// use std::time::Duration;
/// use ttl_memo::{TtlMap, map::Entry};
///
/// let mut map = TtlMap::new(10, Duration::from_secs(60));
/// if let Entry::Vacant(entry) = map.entry("a") {
///     entry.insert(1);
/// }
/// assert_eq!(map.get("a"), Some(&1));
/// ```
pub struct VacantEntry<'a, K, V, S> {
    map: &'a mut TtlMap<K, V, S>,
    hash: u32,
    key: K,
}

/// Where the pair of an entry without a slot is, for as long as the entry lives.
const IN_LIMBO: &str = "the pair is in limbo";

impl<K: Hash + Eq, V, S: BuildHasher> TtlMap<K, V, S> {
    /// The place of `key`, to look at and fill at once, in constant time. Counts as
    /// [`get`](Self::get) does: as a hit and a use, or as a miss.
    ///
    /// A pair that is put there but cannot be stored (heavier than `maxsize`, or with a ttl of
    /// zero) can be used through what the entry gives; nothing else sees it, and it is dropped by
    /// the next call that takes `&mut self`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::new(10, Duration::from_secs(60));
    /// for word in ["a", "b", "a"] {
    ///     *map.entry(word).or_insert(0) += 1;
    /// }
    /// assert_eq!(map.get("a"), Some(&2));
    ///
    /// let mut nothing = TtlMap::new(0, None);
    /// assert_eq!(nothing.entry("a").or_insert_with(|| 1), &1);
    /// assert_eq!(nothing.len(), 0);
    /// ```
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V, S> {
        let hash = self.hash_of(&key);
        let now = self.glance();
        self.tend(now);
        let found = self.stock.find(hash, |held| key == *held);
        if let Some(slot) = self.serve(found, now) {
            return Entry::Occupied(OccupiedEntry { map: self, hash, slot: Some(slot) });
        }
        if let Some(slot) = found {
            let gone = self.stock.remove(slot, RemovalCause::Expired);
            let mut farewells = Farewells::default();
            farewells.tell(
                self.options.listener.as_ref(),
                gone.key,
                gone.value,
                RemovalCause::Expired,
            );
            farewells.end();
        }
        Entry::Vacant(VacantEntry { map: self, hash, key })
    }
}

impl<'a, K, V, S> Entry<'a, K, V, S> {
    /// The key: the one stored, or the one that was given.
    ///
    /// ```
    /// let mut map: ttl_memo::TtlMap<_, u8> = ttl_memo::TtlMap::new(10, None);
    /// assert_eq!(map.entry("a").key(), &"a");
    /// ```
    pub fn key(&self) -> &K {
        match self {
            Self::Occupied(entry) => entry.key(),
            Self::Vacant(entry) => entry.key(),
        }
    }

    /// The value, after `value` was stored if there was none.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// assert_eq!(map.entry("a").or_insert(1), &1);
    /// assert_eq!(map.entry("a").or_insert(2), &1);
    /// ```
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    /// The value, after that of `make` was stored if there was none. If `make` panics, nothing is
    /// stored.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// assert_eq!(map.entry("a").or_insert_with(|| 1), &1);
    /// assert_eq!(map.entry("a").or_insert_with(|| unreachable!()), &1);
    /// ```
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> &'a mut V {
        self.or_insert_with_key(|_| make())
    }

    /// As [`or_insert_with`](Self::or_insert_with), for a value made of the key.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// assert_eq!(map.entry("four").or_insert_with_key(|key| key.len()), &4);
    /// ```
    pub fn or_insert_with_key(self, make: impl FnOnce(&K) -> V) -> &'a mut V {
        match self {
            Self::Occupied(entry) => entry.into_mut(),
            Self::Vacant(entry) => {
                let value = make(&entry.key);
                entry.insert(value)
            }
        }
    }

    /// The value, after the default one was stored if there was none.
    ///
    /// ```
    /// let mut map: ttl_memo::TtlMap<_, Vec<u8>> = ttl_memo::TtlMap::new(10, None);
    /// map.entry("a").or_default().push(1);
    /// assert_eq!(map.get("a"), Some(&vec![1]));
    /// ```
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }

    /// Changes the value where it is, if there is one; its ttl and weight stay.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// for expected in [1, 2, 3] {
    ///     assert_eq!(*map.entry("a").and_modify(|count| *count += 1).or_insert(1), expected);
    /// }
    /// ```
    #[must_use]
    pub fn and_modify(mut self, change: impl FnOnce(&mut V)) -> Self {
        if let Self::Occupied(entry) = &mut self {
            change(entry.get_mut());
        }
        self
    }

    /// Stores a value, whether there was one or not.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// assert_eq!(map.entry("a").insert_entry(1).get(), &1);
    /// assert_eq!(map.entry("a").insert_entry(2).get(), &2);
    /// ```
    pub fn insert_entry(self, value: V) -> OccupiedEntry<'a, K, V, S> {
        match self {
            Self::Occupied(mut entry) => {
                entry.insert(value);
                entry
            }
            Self::Vacant(entry) => entry.insert_entry(value),
        }
    }
}

impl<'a, K, V, S> OccupiedEntry<'a, K, V, S> {
    /// The stored key.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// assert_eq!(map.entry("a").insert_entry(1).key(), &"a");
    /// ```
    pub fn key(&self) -> &K {
        match self.slot {
            Some(slot) => &self.map.stock.get(slot).key,
            None => &self.limbo().0,
        }
    }

    /// The value.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// assert_eq!(map.entry("a").insert_entry(1).get(), &1);
    /// ```
    pub fn get(&self) -> &V {
        match self.slot {
            Some(slot) => &self.map.stock.get(slot).value,
            None => &self.limbo().1,
        }
    }

    /// The value, to change it where it is; its ttl and weight stay.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// *map.entry("a").insert_entry(1).get_mut() += 1;
    /// assert_eq!(map.get("a"), Some(&2));
    /// ```
    pub fn get_mut(&mut self) -> &mut V {
        value_in(self.map, self.slot)
    }

    /// As [`get_mut`](Self::get_mut), for as long as the map is borrowed.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// let value = map.entry("a").insert_entry(1).into_mut();
    /// *value += 1;
    /// assert_eq!(map.get("a"), Some(&2));
    /// ```
    pub fn into_mut(self) -> &'a mut V {
        value_in(self.map, self.slot)
    }

    /// Stores another value, which begins the ttl anew and is weighed; gives the old one.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// assert_eq!(map.entry("a").insert_entry(1).insert(2), 1);
    /// assert_eq!(map.get("a"), Some(&2));
    /// ```
    #[expect(clippy::missing_panics_doc, reason = "the pair is where the entry says")]
    pub fn insert(&mut self, value: V) -> V {
        let now = self.map.options.time.precise();
        let Some(slot) = self.slot else {
            let (key, old) = self.map.limbo.take().expect(IN_LIMBO);
            self.slot = place(self.map, self.hash, (key, value), now);
            return old;
        };
        let map = &mut *self.map;
        let terms = map.terms(&map.stock.get(slot).key, &value, None, now);
        let Ok(terms) = terms else {
            let Held { key, value: old, .. } = map.stock.remove(slot, RemovalCause::Invalidated);
            (map.limbo, self.slot) = (Some((key, value)), None);
            return old;
        };
        let old = map.stock.renew(slot, value, terms);
        let mut farewells = Farewells::default();
        map.settle(slot, now, &mut farewells);
        farewells.end();
        old
    }

    /// Removes the pair, and gives the value.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// assert_eq!(map.entry("a").insert_entry(1).remove(), 1);
    /// assert!(map.is_empty());
    /// ```
    pub fn remove(self) -> V {
        value_of(self.remove_entry())
    }

    /// Removes the pair, and gives it.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// assert_eq!(map.entry("a").insert_entry(1).remove_entry(), ("a", 1));
    /// ```
    #[expect(clippy::missing_panics_doc, reason = "the pair is where the entry says")]
    pub fn remove_entry(self) -> (K, V) {
        let Some(slot) = self.slot else {
            return self.map.limbo.take().expect(IN_LIMBO);
        };
        let Held { key, value, .. } = self.map.stock.remove(slot, RemovalCause::Invalidated);
        (key, value)
    }

    fn limbo(&self) -> &(K, V) {
        self.map.limbo.as_ref().expect(IN_LIMBO)
    }
}

impl<'a, K, V, S> VacantEntry<'a, K, V, S> {
    /// The key that was given.
    ///
    /// ```
    /// use ttl_memo::{TtlMap, map::Entry};
    ///
    /// let mut map: TtlMap<_, u8> = TtlMap::new(10, None);
    /// let Entry::Vacant(entry) = map.entry("a") else { unreachable!() };
    /// assert_eq!(entry.key(), &"a");
    /// ```
    pub fn key(&self) -> &K {
        &self.key
    }

    /// The key that was given, back.
    ///
    /// ```
    /// use ttl_memo::{TtlMap, map::Entry};
    ///
    /// let mut map: TtlMap<_, u8> = TtlMap::new(10, None);
    /// let Entry::Vacant(entry) = map.entry("a".to_owned()) else { unreachable!() };
    /// assert_eq!(entry.into_key(), "a");
    /// ```
    pub fn into_key(self) -> K {
        self.key
    }

    /// Stores a value.
    ///
    /// ```
    /// use ttl_memo::{TtlMap, map::Entry};
    ///
    /// let mut map = TtlMap::new(10, None);
    /// let Entry::Vacant(entry) = map.entry("a") else { unreachable!() };
    /// assert_eq!(entry.insert(1), &1);
    /// ```
    pub fn insert(self, value: V) -> &'a mut V {
        self.insert_entry(value).into_mut()
    }

    /// Stores a value, and gives its place.
    ///
    /// ```
    /// use ttl_memo::{TtlMap, map::Entry};
    ///
    /// let mut map = TtlMap::new(10, None);
    /// let Entry::Vacant(entry) = map.entry("a") else { unreachable!() };
    /// assert_eq!(entry.insert_entry(1).key(), &"a");
    /// ```
    pub fn insert_entry(self, value: V) -> OccupiedEntry<'a, K, V, S> {
        let Self { map, hash, key } = self;
        let now = map.options.time.precise();
        let slot = place(map, hash, (key, value), now);
        OccupiedEntry { map, hash, slot }
    }
}

/// Stores a pair where none is; none if it cannot be stored, and is in limbo.
fn place<K, V, S>(map: &mut TtlMap<K, V, S>, hash: u32, pair: (K, V), now: u64) -> Option<u32> {
    let mut farewells = Farewells::default();
    let put = map.put(None, hash, pair, None, now, &mut farewells);
    let slot = match put {
        Ok((slot, _)) => Some(slot),
        Err(Refused { key, value, .. }) => {
            map.limbo = Some((key, value));
            None
        }
    };
    farewells.end();
    slot
}

fn value_in<K, V, S>(map: &mut TtlMap<K, V, S>, slot: Option<u32>) -> &mut V {
    match slot {
        Some(slot) => map.stock.value_mut(slot),
        None => &mut map.limbo.as_mut().expect(IN_LIMBO).1,
    }
}

impl<K: fmt::Debug, V: fmt::Debug, S> fmt::Debug for OccupiedEntry<'_, K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OccupiedEntry")
            .field("key", self.key())
            .field("value", self.get())
            .finish_non_exhaustive()
    }
}

impl<K: fmt::Debug, V, S> fmt::Debug for VacantEntry<'_, K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VacantEntry").field(self.key()).finish()
    }
}
