//! The live pairs, one after the other, in no order that means anything.

use std::fmt;
use std::iter::FusedIterator;

use super::TtlMap;
use crate::engine::slots::Held;

impl<K, V, S> TtlMap<K, V, S> {
    /// The live pairs, in no order that means anything; neither counted nor a use. Which pairs are
    /// live is decided now, not on the way. Goes through as many places as there have been pairs
    /// at a time, since the memory for them was last given back.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// map.extend([("a", 1), ("b", 2)]);
    /// assert_eq!(map.iter().map(|(_, value)| value).sum::<i32>(), 3);
    /// ```
    pub fn iter(&self) -> Iter<'_, K, V> {
        let now = self.options.time.precise();
        let left = self.stock.live(now).0;
        Iter { slots: self.stock.as_slice().iter(), now, left }
    }

    /// As [`iter`](Self::iter), to change the values where they are; their ttls and weights stay.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// map.extend([("a", 1), ("b", 2)]);
    /// map.iter_mut().for_each(|(_, value)| *value *= 10);
    /// assert_eq!(map.get("b"), Some(&20));
    /// ```
    pub fn iter_mut(&mut self) -> IterMut<'_, K, V> {
        let now = self.options.time.precise();
        self.tend(now);
        let left = self.stock.live(now).0;
        IterMut { slots: self.stock.as_mut_slice().iter_mut(), now, left }
    }

    /// The keys of [`iter`](Self::iter).
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// map.insert("a", 1);
    /// assert_eq!(map.keys().collect::<Vec<_>>(), [&"a"]);
    /// ```
    pub fn keys(&self) -> Keys<'_, K, V> {
        Keys(self.iter())
    }

    /// The values of [`iter`](Self::iter).
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// map.insert("a", 1);
    /// assert_eq!(map.values().collect::<Vec<_>>(), [&1]);
    /// ```
    pub fn values(&self) -> Values<'_, K, V> {
        Values(self.iter())
    }

    /// The values of [`iter_mut`](Self::iter_mut).
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// map.insert("a", 1);
    /// map.values_mut().for_each(|value| *value += 1);
    /// assert_eq!(map.get("a"), Some(&2));
    /// ```
    pub fn values_mut(&mut self) -> ValuesMut<'_, K, V> {
        ValuesMut(self.iter_mut())
    }
}

impl<K, V, S> IntoIterator for TtlMap<K, V, S> {
    type Item = (K, V);
    type IntoIter = IntoIter<K, V>;

    /// The live pairs, handed out; the others are dropped. No listener hears of either.
    ///
    /// ```
    /// let mut map = ttl_memo::TtlMap::new(10, None);
    /// map.insert("a", 1);
    /// assert_eq!(map.into_iter().collect::<Vec<_>>(), [("a", 1)]);
    /// ```
    fn into_iter(self) -> IntoIter<K, V> {
        let now = self.options.time.precise();
        let left = self.stock.live(now).0;
        IntoIter { slots: self.stock.into_vec().into_iter(), now, left }
    }
}

impl<'a, K, V, S> IntoIterator for &'a TtlMap<K, V, S> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Iter<'a, K, V> {
        self.iter()
    }
}

impl<'a, K, V, S> IntoIterator for &'a mut TtlMap<K, V, S> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = IterMut<'a, K, V>;

    fn into_iter(self) -> IterMut<'a, K, V> {
        self.iter_mut()
    }
}

/// The pairs of a [`TtlMap`]; see [`TtlMap::iter`].
///
/// ```
/// let map: ttl_memo::TtlMap<u8, u8> = ttl_memo::TtlMap::new(10, None);
/// assert_eq!(map.iter().len(), 0);
/// ```
pub struct Iter<'a, K, V> {
    slots: std::slice::Iter<'a, Option<Held<K, V>>>,
    now: u64,
    left: usize,
}

/// The pairs of a [`TtlMap`], the values to be changed; see [`TtlMap::iter_mut`].
///
/// ```
/// let mut map: ttl_memo::TtlMap<u8, u8> = ttl_memo::TtlMap::new(10, None);
/// assert_eq!(map.iter_mut().len(), 0);
/// ```
pub struct IterMut<'a, K, V> {
    slots: std::slice::IterMut<'a, Option<Held<K, V>>>,
    now: u64,
    left: usize,
}

/// The pairs of a [`TtlMap`] that was taken apart.
///
/// ```
/// let map: ttl_memo::TtlMap<u8, u8> = ttl_memo::TtlMap::new(10, None);
/// assert_eq!(map.into_iter().len(), 0);
/// ```
pub struct IntoIter<K, V> {
    slots: std::vec::IntoIter<Option<Held<K, V>>>,
    now: u64,
    left: usize,
}

/// The keys of a [`TtlMap`]; see [`TtlMap::keys`].
///
/// ```
/// let map: ttl_memo::TtlMap<u8, u8> = ttl_memo::TtlMap::new(10, None);
/// assert_eq!(map.keys().next(), None);
/// ```
pub struct Keys<'a, K, V>(Iter<'a, K, V>);

/// The values of a [`TtlMap`]; see [`TtlMap::values`].
///
/// ```
/// let map: ttl_memo::TtlMap<u8, u8> = ttl_memo::TtlMap::new(10, None);
/// assert_eq!(map.values().next(), None);
/// ```
pub struct Values<'a, K, V>(Iter<'a, K, V>);

/// The values of a [`TtlMap`], to be changed; see [`TtlMap::values_mut`].
///
/// ```
/// let mut map: ttl_memo::TtlMap<u8, u8> = ttl_memo::TtlMap::new(10, None);
/// assert_eq!(map.values_mut().next(), None);
/// ```
pub struct ValuesMut<'a, K, V>(IterMut<'a, K, V>);

impl<K, V> Clone for Iter<'_, K, V> {
    fn clone(&self) -> Self {
        Self { slots: self.slots.clone(), now: self.now, left: self.left }
    }
}

impl<K, V> Clone for Keys<'_, K, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K, V> Clone for Values<'_, K, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// The iterator over the live ones of some slots.
macro_rules! live {
    ([$($generics:tt)*] $name:ty => $item:ty, $held:pat => $pair:expr) => {
        impl<$($generics)*> Iterator for $name {
            type Item = $item;

            fn next(&mut self) -> Option<$item> {
                let now = self.now;
                loop {
                    if let Some(held) = self.slots.next()? {
                        if now < held.deadline {
                            self.left -= 1;
                            let $held = held;
                            return Some($pair);
                        }
                    }
                }
            }

            fn size_hint(&self) -> (usize, Option<usize>) {
                (self.left, Some(self.left))
            }
        }

        impl<$($generics)*> ExactSizeIterator for $name {}
        impl<$($generics)*> FusedIterator for $name {}

        impl<$($generics)*> fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).field("left", &self.left).finish_non_exhaustive()
            }
        }
    };
}

/// The iterator over one half of each pair.
macro_rules! half {
    ($name:ident => $item:ty, $half:tt) => {
        impl<'a, K, V> Iterator for $name<'a, K, V> {
            type Item = $item;

            fn next(&mut self) -> Option<$item> {
                self.0.next().map(|pair| pair.$half)
            }

            fn size_hint(&self) -> (usize, Option<usize>) {
                self.0.size_hint()
            }
        }

        impl<K, V> ExactSizeIterator for $name<'_, K, V> {}
        impl<K, V> FusedIterator for $name<'_, K, V> {}

        impl<K, V> fmt::Debug for $name<'_, K, V> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("left", &self.0.left)
                    .finish_non_exhaustive()
            }
        }
    };
}

live!(['a, K, V] Iter<'a, K, V> => (&'a K, &'a V), held => (&held.key, &held.value));
live!(['a, K, V] IterMut<'a, K, V> => (&'a K, &'a mut V), held => (&held.key, &mut held.value));
live!([K, V] IntoIter<K, V> => (K, V), held => (held.key, held.value));
half!(Keys => &'a K, 0);
half!(Values => &'a V, 1);
half!(ValuesMut => &'a mut V, 1);
