//! How the arguments of a call stand for a stored key, without being one.

use std::hash::Hasher;
use std::marker::PhantomData;

use equivalent::Equivalent;

/// Knows a stored key when it sees it.
pub trait Matches {
    /// The key as it is stored.
    type Key;

    /// No user code runs in [`matches`](Self::matches): it may be called under a lock.
    const PLAIN: bool;

    /// Whether `key` stands for the same arguments.
    fn matches(&self, key: &Self::Key) -> bool;
}

/// The arguments of a call, borrowed: they find a key, and can become one.
pub trait Query: Matches {
    /// Feeds `state` what the stored key would.
    fn hash_into<H: Hasher>(&self, state: &mut H);

    /// The key, owned.
    fn to_key(&self) -> Self::Key;

    /// Whether two stored keys stand for the same arguments. The key's own `Eq` will not do: a
    /// key with a float in it has none.
    fn same(one: &Self::Key, other: &Self::Key) -> bool;
}

impl<M: Matches + ?Sized> Matches for &M {
    type Key = M::Key;
    const PLAIN: bool = M::PLAIN;

    fn matches(&self, key: &M::Key) -> bool {
        (**self).matches(key)
    }
}

/// Any borrowed form of the key, as in `TtlCache::get("key")`.
#[derive(Debug)]
pub(crate) struct ByEquivalent<'q, Q: ?Sized, K> {
    query: &'q Q,
    key: PhantomData<fn(&K)>,
}

impl<'q, Q: ?Sized, K> ByEquivalent<'q, Q, K> {
    pub(crate) fn new(query: &'q Q) -> Self {
        Self { query, key: PhantomData }
    }
}

impl<Q: Equivalent<K> + ?Sized, K> Matches for ByEquivalent<'_, Q, K> {
    type Key = K;
    const PLAIN: bool = false;

    fn matches(&self, key: &K) -> bool {
        self.query.equivalent(key)
    }
}

/// An owned key `K` that stands for itself, as in `TtlCache::get_or_insert_with(key, …)`.
#[derive(Debug)]
pub(crate) struct ByKey<'k, K>(pub(crate) &'k K);

impl<K: Eq> Matches for ByKey<'_, K> {
    type Key = K;
    const PLAIN: bool = false;

    fn matches(&self, key: &K) -> bool {
        self.0 == key
    }
}

impl<K: std::hash::Hash + Eq + Clone> Query for ByKey<'_, K> {
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }

    fn to_key(&self) -> K {
        self.0.clone()
    }

    fn same(one: &K, other: &K) -> bool {
        one == other
    }
}
