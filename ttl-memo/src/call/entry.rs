//! A call before it is made: its cache, its key by borrowed arguments, what is stored, its rules.
//!
//! The types of all this are inferred in a hidden function, and nobody can write them down. What
//! that function gives is a [`Call`], whose associated types stand for them: whoever has one can
//! make the call, or do what the helpers do. The associated types are `'static`, so that what is
//! left of a call once it has been looked up borrows none of its arguments, which the body is to
//! consume.

use std::hash::BuildHasher;

use super::outcome::Shape;
use super::query::Query;
use super::rules::{RuleSet, Rules, rules};
use super::site::{Site, path_of};
use crate::{TtlCache, TtlCacheBuilder};

/// A call of a function that returns `R`, whose cache lives for `'c`.
pub trait Call<'c, R> {
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

    #[doc(hidden)]
    fn cache(&self) -> &'c TtlCache<Self::Key, Self::Value, Self::Hasher>;

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

/// What a hidden function gives. Without a query for the helpers that take no arguments.
#[derive(Debug)]
pub struct Entry<'c, Q: Query, V, S, P, U> {
    cache: &'c TtlCache<Q::Key, V, S>,
    query: Option<Q>,
    shape: P,
    rules: U,
}

impl<'c, R, Q, V, S, P, U> Call<'c, R> for Entry<'c, Q, V, S, P, U>
where
    Q: Query<Key: Clone + Send + Sync + 'static>,
    V: Clone + Send + Sync + 'static,
    S: BuildHasher + Send + Sync + 'static,
    P: Shape<Answer = R, Value = V, Reply = R> + Send + Sync + 'static,
    U: RulesOf<Q::Key, P> + Copy + Send + Sync + 'static,
{
    type Key = Q::Key;
    type Value = V;
    type Hasher = S;
    type Shape = P;
    type Query = Q;
    type Rules = U;

    #[inline]
    fn cache(&self) -> &'c TtlCache<Q::Key, V, S> {
        self.cache
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
    ) -> Entry<'static, Q, P::Value, S, P, ()>
    where
        Q: Query<Key: Send + Sync + 'static>,
        S: Send + Sync + 'static,
        P: Shape<Value: Send + Sync + 'static>,
        B: FnOnce(TtlCacheBuilder<Q::Key, P::Value>) -> TtlCacheBuilder<Q::Key, P::Value, S>,
    {
        let make = || make(name, build);
        let cache = self.get::<B, _>(make, crate::registry::enter);
        Entry { cache, query, shape, rules: () }
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
    ) -> Entry<'static, Q, P::Value, S, P, &'static U>
    where
        Q: Query<Key: Send + Sync + 'static>,
        S: Send + Sync + 'static,
        P: Shape<Value: Send + Sync + 'static>,
        B: FnOnce(TtlCacheBuilder<Q::Key, P::Value>) -> TtlCacheBuilder<Q::Key, P::Value, S>,
        U: Send + Sync + 'static,
        W: FnOnce(RuleSet<Q::Key, P::Seen, P::Error>) -> U,
    {
        let make = || {
            let cache = make(name, build);
            let rules = rule(rules(&cache, shape));
            Ruled { cache, rules }
        };
        let Ruled { cache, rules } = self
            .get::<B, _>(make, |made: &'static Ruled<_, _>| crate::registry::enter(&made.cache));
        Entry { cache, query, shape, rules }
    }

    /// A call on a cache of the caller's.
    #[inline]
    pub fn on<'c, Q, S, P>(
        cache: &'c TtlCache<Q::Key, P::Value, S>,
        query: Option<Q>,
        shape: P,
    ) -> Entry<'c, Q, P::Value, S, P, ()>
    where
        Q: Query,
        P: Shape,
    {
        Entry { cache, query, shape, rules: () }
    }

    /// The same, for a function with rules of its own, which are made at this site's first use.
    #[inline]
    #[expect(clippy::type_complexity, reason = "spelt out nowhere but here")]
    pub fn on_with<'c, Q, S, P, U, W>(
        &'static self,
        cache: &'c TtlCache<Q::Key, P::Value, S>,
        query: Option<Q>,
        shape: P,
        rule: W,
    ) -> Entry<'c, Q, P::Value, S, P, &'static U>
    where
        Q: Query,
        P: Shape,
        U: Send + Sync + 'static,
        W: FnOnce(RuleSet<Q::Key, P::Seen, P::Error>) -> U,
    {
        let rules = self.get::<W, _>(|| rule(rules(cache, shape)), |_| ());
        Entry { cache, query, shape, rules }
    }
}
