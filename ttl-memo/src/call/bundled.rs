//! What an annotated function and its helpers do with a [`Call`].

use std::future::Future;

use super::entry::Call;
use super::helpers;
use super::memoize::{self, Begun, CallLoad};
use super::outcome::{Fetching, Shape};
use super::query::{Matches, Query};
use super::rules::{Rules, Want};
use crate::{CacheInfo, CacheParameters, Fetched};

/// The load of a call.
pub type LoadOf<'c, C, R, P, U> =
    CallLoad<'c, <C as Call<'c, R>>::Key, <C as Call<'c, R>>::Value, P, U>;

/// A call, looked up.
#[inline]
pub fn begin<'c, R, C>(call: C) -> Begun<R, LoadOf<'c, C, R, C::Shape, C::Rules>>
where
    C: Call<'c, R>,
{
    memoize::begin(call.cache(), call.query(), call.shape(), call.rules())
}

/// A call of a function with a `refresh_if`, looked up.
#[inline]
pub fn begin_if<'c, R, C>(
    call: C,
    refresh: bool,
) -> Begun<R, LoadOf<'c, C, R, C::Shape, Wanting<C::Rules>>>
where
    C: Call<'c, R>,
{
    let want = if refresh { Want::Anew } else { Want::Answer };
    memoize::begin(call.cache(), call.query(), call.shape(), Wanting { rules: call.rules(), want })
}

/// `f_cache_fetch`, looked up.
pub fn fetch<'c, R, C>(
    call: C,
    refresh: bool,
) -> Begun<Fetched<R>, LoadOf<'c, C, R, Fetching<C::Shape>, Wanting<C::Rules>>>
where
    C: Call<'c, R>,
{
    let want = if refresh { Want::Anew } else { Want::Answer };
    let (shape, rules) = (Fetching(call.shape()), Wanting { rules: call.rules(), want });
    memoize::begin(call.cache(), call.query(), shape, rules)
}

/// `f_cache_refresh`, looked up.
pub fn refresh<'c, R, C>(call: C) -> Begun<R, LoadOf<'c, C, R, C::Shape, Wanting<C::Rules>>>
where
    C: Call<'c, R>,
{
    let rules = Wanting { rules: call.rules(), want: Want::Refresh };
    memoize::begin(call.cache(), call.query(), call.shape(), rules)
}

impl<'c, K, V, P, U> Begun<P::Reply, CallLoad<'c, K, V, P, U>>
where
    K: Clone,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
{
    /// The answer that was there, or that of the body.
    #[inline]
    pub fn run(self, body: impl FnOnce() -> P::Answer) -> P::Reply {
        match self {
            Self::Answer(reply) => reply,
            Self::Load(load) => load.run(body),
        }
    }
}

/// `f_cache_clear`
pub fn clear<'c, R, C: Call<'c, R>>(call: C) {
    call.cache().clear();
}

/// `f_cache_info`
pub fn info<'c, R, C: Call<'c, R>>(call: C) -> CacheInfo {
    call.cache().info()
}

/// `f_cache_parameters`
pub fn parameters<'c, R, C: Call<'c, R>>(call: C) -> CacheParameters {
    call.cache().parameters()
}

/// `f_cache_expire`
pub fn expire<'c, R, C: Call<'c, R>>(call: C) -> usize {
    call.cache().expire()
}

/// `f_cache_invalidate`
pub fn invalidate<'c, R, C: Call<'c, R>>(call: C) -> bool {
    helpers::invalidate(call.cache(), call.query())
}

/// `f_cache_invalidate_if`
pub fn invalidate_if<'c, R, C: Call<'c, R>>(call: C, gone: impl FnMut(&C::Key) -> bool) -> usize {
    helpers::invalidate_if(call.cache(), gone)
}

/// `f_cache_peek`
pub fn peek<'c, R, C: Call<'c, R>>(call: C) -> Option<R> {
    helpers::peek(call.cache(), call.query(), call.shape(), call.rules())
}

/// `f_cache_insert`
pub fn insert<'c, R, C: Call<'c, R>>(call: C, answer: R) {
    helpers::insert(call.cache(), call.query(), call.shape(), call.rules(), answer);
}

/// A function's rules, and what a call of it is after.
#[derive(Clone, Copy, Debug)]
pub struct Wanting<U> {
    rules: U,
    want: Want,
}

impl<K, T, E, U: Rules<K, T, E>> Rules<K, T, E> for Wanting<U> {
    const VALIDATES: bool = U::VALIDATES;
    const AHEAD: bool = U::AHEAD;

    fn stores(&self, value: &T) -> bool {
        self.rules.stores(value)
    }

    fn valid(&self, key: &K, value: &T) -> bool {
        self.rules.valid(key, value)
    }

    fn on_error(&self, key: &K, error: &E) {
        self.rules.on_error(key, error);
    }

    fn ahead(&self) -> u64 {
        self.rules.ahead()
    }

    fn single_flight(&self) -> Option<crate::options::SingleFlight> {
        self.rules.single_flight()
    }

    #[inline]
    fn want(&self) -> Want {
        self.want
    }
}
