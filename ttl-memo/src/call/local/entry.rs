//! A call before it is made: this thread's cache, its key by borrowed arguments, what is stored,
//! its rules.

use std::fmt;
use std::hash::BuildHasher;
use std::ops::Deref;
use std::rc::Rc;

use super::site::{Kept, Made, Reached, Site};
use crate::cache::{LocalBuilder, LocalCache, LocalCore};
use crate::call::entry::RulesOf;
use crate::call::outcome::Shape;
use crate::call::query::Query;
use crate::call::rules::{Rules, Ruling, rules_for};
use crate::call::site::path_of;
use crate::options::SingleFlight;

/// A call of a function that returns `R`.
pub trait Call<R> {
    /// The key as it is stored.
    type Key: Clone + 'static;
    /// What is stored.
    type Value: Clone + 'static;
    /// How keys are hashed.
    type Hasher: BuildHasher + 'static;
    /// How what is returned and what is stored become each other.
    type Shape: Shape<Answer = R, Value = Self::Value, Reply = R> + 'static;
    /// How the arguments stand for the key.
    type Query: Query<Key = Self::Key>;
    /// What the function asks for beside what its cache decides.
    type Rules: RulesOf<Self::Key, Self::Shape> + Clone + 'static;
    /// How a load holds the cache.
    type Held: Deref<Target = LocalCore<Self::Key, Self::Value>> + 'static;

    #[doc(hidden)]
    fn cache(&self) -> &LocalCache<Self::Key, Self::Value, Self::Hasher>;

    #[doc(hidden)]
    fn hold(&self) -> Self::Held;

    #[doc(hidden)]
    fn query(&self) -> &Self::Query;

    #[doc(hidden)]
    fn shape(&self) -> Self::Shape;

    #[doc(hidden)]
    fn rules(&self) -> Self::Rules;
}

/// A cache, and the rules of the function that it belongs to.
struct Ruled<K, V, S, U> {
    cache: LocalCache<K, V, S>,
    rules: U,
}

impl<K, V, S, U> Kept for Ruled<K, V, S, U> {
    #[cfg(feature = "testing")]
    fn end(&self) {
        self.cache.core().end();
    }
}

/// What a hidden function gives. Without a query for the helpers that take no arguments.
pub struct Entry<Q: Query, P: Shape, S, M, U> {
    ruled: Reached<Ruled<Q::Key, P::Value, S, M>>,
    query: Option<Q>,
    shape: P,
    rules: U,
}

/// A cache, to what may outlive a call.
pub struct Held<K, V, S, M>(Rc<Made<Ruled<K, V, S, M>>>);

impl<K, V, S, M> Deref for Held<K, V, S, M> {
    type Target = LocalCore<K, V>;

    #[inline]
    fn deref(&self) -> &LocalCore<K, V> {
        self.0.cache.core()
    }
}

impl<K, V, S, M> fmt::Debug for Held<K, V, S, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").finish_non_exhaustive()
    }
}

impl<Q: Query, P: Shape, S, M, U> fmt::Debug for Entry<Q, P, S, M, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").finish_non_exhaustive()
    }
}

impl<R, Q, P, S, M, U> Call<R> for Entry<Q, P, S, M, U>
where
    Q: Query<Key: Clone + 'static>,
    P: Shape<Answer = R, Value: Clone + 'static, Reply = R> + 'static,
    S: BuildHasher + 'static,
    M: 'static,
    U: RulesOf<Q::Key, P> + Clone + 'static,
{
    type Key = Q::Key;
    type Value = P::Value;
    type Hasher = S;
    type Shape = P;
    type Query = Q;
    type Rules = U;
    type Held = Held<Q::Key, P::Value, S, M>;

    #[inline]
    fn cache(&self) -> &LocalCache<Q::Key, P::Value, S> {
        &self.ruled.cache
    }

    #[inline]
    fn hold(&self) -> Held<Q::Key, P::Value, S, M> {
        Held(self.ruled.share())
    }

    #[inline]
    fn query(&self) -> &Q {
        self.query.as_ref().expect("only what needs no arguments is called without them")
    }

    #[inline]
    fn shape(&self) -> P {
        self.shape
    }

    #[inline]
    fn rules(&self) -> U {
        self.rules.clone()
    }
}

/// The rules that were made with a cache.
pub struct RulesIn<K, V, S, U>(Rc<Made<Ruled<K, V, S, U>>>);

impl<K, V, S, U> Clone for RulesIn<K, V, S, U> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<K, V, S, U> fmt::Debug for RulesIn<K, V, S, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RulesIn").finish_non_exhaustive()
    }
}

impl<K, V, S, T, E, U: Rules<K, T, E>> Rules<K, T, E> for RulesIn<K, V, S, U> {
    const VALIDATES: bool = U::VALIDATES;
    const AHEAD: bool = U::AHEAD;

    fn stores(&self, value: &T) -> bool {
        self.0.rules.stores(value)
    }

    fn valid(&self, key: &K, value: &T) -> bool {
        self.0.rules.valid(key, value)
    }

    fn on_error(&self, key: &K, error: &E) {
        self.0.rules.on_error(key, error);
    }

    fn ahead(&self) -> u64 {
        self.0.rules.ahead()
    }

    fn single_flight(&self) -> Option<SingleFlight> {
        self.0.rules.single_flight()
    }
}

/// The cache of the function `name`, as its options say.
fn make<K, V, S, B>(name: &str, build: B) -> LocalCache<K, V, S>
where
    K: 'static,
    V: 'static,
    B: FnOnce(LocalBuilder<K, V>) -> LocalBuilder<K, V, S>,
{
    let builder = build(LocalBuilder::new().name(path_of::<B>(name)));
    #[cfg(feature = "testing")]
    let builder = builder.in_world(&crate::testing::Here::now());
    builder.build()
}

impl Site {
    /// A call on this thread's cache, which is made as `build` says if this is its first use.
    #[inline]
    pub fn entry<Q, S, P, B>(
        &'static self,
        name: &str,
        query: Option<Q>,
        shape: P,
        build: B,
    ) -> Entry<Q, P, S, (), ()>
    where
        Q: Query<Key: 'static>,
        S: 'static,
        P: Shape<Value: 'static>,
        B: FnOnce(LocalBuilder<Q::Key, P::Value>) -> LocalBuilder<Q::Key, P::Value, S>,
    {
        let ruled = self.get::<B, _>(|| Ruled { cache: make(name, build), rules: () });
        Entry { ruled, query, shape, rules: () }
    }

    /// The same, for a function with rules of its own, which are made with the cache.
    #[inline]
    #[expect(clippy::type_complexity, reason = "spelt out nowhere but here")]
    pub fn entry_with<Q, S, P, B, U, W>(
        &'static self,
        name: &str,
        query: Option<Q>,
        shape: P,
        build: B,
        rule: W,
    ) -> Entry<Q, P, S, U, RulesIn<Q::Key, P::Value, S, U>>
    where
        Q: Query<Key: 'static>,
        S: 'static,
        P: Shape<Value: 'static>,
        B: FnOnce(LocalBuilder<Q::Key, P::Value>) -> LocalBuilder<Q::Key, P::Value, S>,
        U: 'static,
        W: FnOnce(Ruling<Q::Key, P::Seen, P::Error>) -> U,
    {
        let ruled = self.get::<B, _>(|| {
            let cache = make(name, build);
            Ruled { cache, rules: rule(rules_for(shape)) }
        });
        Entry { rules: RulesIn(ruled.share()), ruled, query, shape }
    }
}
