//! A call before it is made: its cache, its key by borrowed arguments, what is stored, its rules.
//!
//! The types of all this are inferred in a hidden function, and nobody can write them down. What
//! that function gives is a [`Call`], whose associated types stand for them: whoever has one can
//! make the call, or do what the helpers do. The associated types are `'static`, so that what is
//! left of a call once it has been looked up borrows none of its arguments, which the body is to
//! consume.

#![expect(clippy::type_complexity, reason = "spelt out nowhere but here")]

use std::hash::BuildHasher;
use std::ops::Deref;
use std::sync::Arc;

use super::needs::{KeyOfCache, ValueOfCache};
use super::outcome::Shape;
use super::query::Query;
use super::rules::{Rules, Ruling, rules};
use super::site::{Site, path_of};
use crate::cache::Core;
use crate::{TtlCache, TtlCacheBuilder};

/// A call of a function that returns `R`.
pub trait Call<R> {
    /// The key as it is stored.
    type Key: Clone + Send + Sync + 'static;
    /// What is stored.
    type Value: Clone + Send + Sync + 'static;
    /// How keys are hashed.
    type Hasher: BuildHasher + Send + Sync + 'static;
    /// How what is returned and what is stored become each other.
    type Shape: Shape<Answer = R, Value = Self::Value, Reply = R> + Send + Sync + 'static;
    /// How the arguments stand for the key.
    type Query: Query<Key = Self::Key>;
    /// What the function asks for beside what its cache decides.
    type Rules: RulesOf<Self::Key, Self::Shape> + Copy + Send + Sync + 'static;
    /// How a load holds the cache.
    type Held: Deref<Target = Core<Self::Key, Self::Value>> + Send + 'static;

    #[doc(hidden)]
    fn cache(&self) -> &TtlCache<Self::Key, Self::Value, Self::Hasher>;

    #[doc(hidden)]
    fn hold(&self) -> Self::Held;

    #[doc(hidden)]
    fn query(&self) -> &Self::Query;

    #[doc(hidden)]
    fn shape(&self) -> Self::Shape;

    #[doc(hidden)]
    fn rules(&self) -> Self::Rules;
}

/// [`Rules`] for calls of shape `P`.
pub trait RulesOf<K, P: Shape>: Rules<K, P::Seen, P::Error> {}

impl<K, P: Shape, U: Rules<K, P::Seen, P::Error>> RulesOf<K, P> for U {}

/// Where a call's cache is.
pub trait Reach {
    /// What its keys are.
    type Key;
    /// What its values are.
    type Value;
    /// How keys are hashed.
    type Hasher;
    /// How a load holds the cache.
    type Held: Deref<Target = Core<Self::Key, Self::Value>> + Send + 'static;

    #[doc(hidden)]
    fn cache(&self) -> &TtlCache<Self::Key, Self::Value, Self::Hasher>;

    #[doc(hidden)]
    fn hold(&self) -> Self::Held;
}

/// A function's own cache.
#[derive(Debug)]
pub struct Own<K: 'static, V: 'static, S: 'static>(&'static TtlCache<K, V, S>);

impl<K: Send + Sync, V: Send + Sync, S> Reach for Own<K, V, S> {
    type Key = K;
    type Value = V;
    type Hasher = S;
    type Held = &'static Core<K, V>;

    #[inline]
    fn cache(&self) -> &TtlCache<K, V, S> {
        self.0
    }

    #[inline]
    fn hold(&self) -> &'static Core<K, V> {
        self.0.core()
    }
}

/// A cache of the caller's, which may be in an argument that the body consumes: a load shares it.
#[derive(Debug)]
pub struct Lent<'c, K, V, S>(&'c TtlCache<K, V, S>);

impl<K: Send + Sync + 'static, V: Send + Sync + 'static, S> Reach for Lent<'_, K, V, S> {
    type Key = K;
    type Value = V;
    type Hasher = S;
    type Held = Arc<Core<K, V>>;

    #[inline]
    fn cache(&self) -> &TtlCache<K, V, S> {
        self.0
    }

    #[inline]
    fn hold(&self) -> Arc<Core<K, V>> {
        Arc::clone(self.0.core())
    }
}

/// What a hidden function gives. Without a query for the helpers that take no arguments.
#[derive(Debug)]
pub struct Entry<C, Q, P, U> {
    cache: C,
    query: Option<Q>,
    shape: P,
    rules: U,
}

impl<R, C, Q, P, U> Call<R> for Entry<C, Q, P, U>
where
    C: Reach<
            Key = Q::Key,
            Value: Clone + Send + Sync + 'static,
            Hasher: BuildHasher + Send + Sync + 'static,
        >,
    Q: Query<Key: Clone + Send + Sync + 'static>,
    P: Shape<Answer = R, Value = C::Value, Reply = R> + Send + Sync + 'static,
    U: RulesOf<Q::Key, P> + Copy + Send + Sync + 'static,
{
    type Key = Q::Key;
    type Value = C::Value;
    type Hasher = C::Hasher;
    type Shape = P;
    type Query = Q;
    type Rules = U;
    type Held = C::Held;

    #[inline]
    fn cache(&self) -> &TtlCache<Q::Key, C::Value, C::Hasher> {
        self.cache.cache()
    }

    #[inline]
    fn hold(&self) -> C::Held {
        self.cache.hold()
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
        self.rules
    }
}

/// A cache, and the rules of the function that it belongs to.
struct Ruled<C, U> {
    cache: C,
    rules: U,
}

/// The cache of the function `name`, as its options say.
fn make<K, V, S, B>(name: &str, build: B) -> TtlCache<K, V, S>
where
    K: 'static,
    V: 'static,
    B: FnOnce(TtlCacheBuilder<K, V>) -> TtlCacheBuilder<K, V, S>,
{
    let builder = build(TtlCache::builder().name(path_of::<B>(name)));
    #[cfg(feature = "testing")]
    let builder = builder.in_world(&crate::testing::Here::now());
    builder.build()
}

impl Site {
    /// A call on this site's cache, which is made as `build` says if this is its first use.
    #[inline]
    pub fn entry<Q, S, P, B>(
        &'static self,
        name: &str,
        query: Option<Q>,
        shape: P,
        build: B,
    ) -> Entry<Own<Q::Key, P::Value, S>, Q, P, ()>
    where
        Q: Query<Key: Send + Sync + 'static>,
        S: Send + Sync + 'static,
        P: Shape<Value: Send + Sync + 'static>,
        B: FnOnce(TtlCacheBuilder<Q::Key, P::Value>) -> TtlCacheBuilder<Q::Key, P::Value, S>,
    {
        let make = || make(name, build);
        let cache = self.get::<B, _>(make, crate::registry::enter);
        Entry { cache: Own(cache), query, shape, rules: () }
    }

    /// The same, for a function with rules of its own, which are made with the cache.
    #[inline]
    pub fn entry_with<Q, S, P, B, U, W>(
        &'static self,
        name: &str,
        query: Option<Q>,
        shape: P,
        build: B,
        rule: W,
    ) -> Entry<Own<Q::Key, P::Value, S>, Q, P, &'static U>
    where
        Q: Query<Key: Send + Sync + 'static>,
        S: Send + Sync + 'static,
        P: Shape<Value: Send + Sync + 'static>,
        B: FnOnce(TtlCacheBuilder<Q::Key, P::Value>) -> TtlCacheBuilder<Q::Key, P::Value, S>,
        U: Send + Sync + 'static,
        W: FnOnce(Ruling<Q::Key, P::Seen, P::Error>) -> U,
    {
        let make = || {
            let cache = make(name, build);
            let rules = rule(rules(&cache, shape));
            Ruled { cache, rules }
        };
        let Ruled { cache, rules } = self
            .get::<B, _>(make, |made: &'static Ruled<_, _>| crate::registry::enter(&made.cache));
        Entry { cache: Own(cache), query, shape, rules }
    }

    /// A call on a cache of the caller's, of a function with rules of its own, which are made at
    /// this site's first use.
    #[inline]
    pub fn on_with<'c, Q, S, P, U, W>(
        &'static self,
        cache: &'c TtlCache<Q::Key, P::Value, S>,
        query: Option<Q>,
        shape: P,
        rule: W,
    ) -> Entry<Lent<'c, Q::Key, P::Value, S>, Q, P, &'static U>
    where
        Q: Query,
        P: Shape,
        U: Send + Sync + 'static,
        W: FnOnce(Ruling<Q::Key, P::Seen, P::Error>) -> U,
    {
        let rules = self.get::<W, _>(|| rule(rules(cache, shape)), |_| ());
        Entry { cache: Lent(cache), query, shape, rules }
    }
}

/// The cache that the user's `cache` gives, which is to be one of the function's types.
///
/// That they are the same is asked of each by itself, so that what the compiler says names them as
/// the user did, at the expression.
#[inline]
pub fn lent<'c, K, V, S, Q, P>(
    _: &Option<Q>,
    _: P,
    cache: &'c TtlCache<K, V, S>,
) -> &'c TtlCache<Q::Key, P::Value, S>
where
    Q: Query,
    P: Shape,
    K: KeyOfCache<Q::Key>,
    V: ValueOfCache<P::Value>,
{
    V::fit(K::fit(cache))
}

/// A call on a cache of the caller's.
#[inline]
pub fn on<Q, S, P>(
    cache: &TtlCache<Q::Key, P::Value, S>,
    query: Option<Q>,
    shape: P,
) -> Entry<Lent<'_, Q::Key, P::Value, S>, Q, P, ()>
where
    Q: Query,
    P: Shape,
{
    Entry { cache: Lent(cache), query, shape, rules: () }
}
