//! What an annotated function and its helpers do with a [`Call`].

#![expect(clippy::needless_pass_by_value, reason = "a call is made once")]

use std::marker::PhantomData;

use super::entry::Call;
use super::plain::{self, Loading};
use crate::cache::Home;
use crate::call::bundled::Wanting;
use crate::call::helpers;
use crate::call::load::Load;
use crate::call::look::Look;
use crate::call::memoize::{Begun, begin_held, enter};
use crate::call::outcome::{Fetching, Shape};
use crate::call::rules::{Rules, Want};
use crate::{CacheInfo, CacheParameters, Fetched};

/// The load of a call, which answers with `P`, by rules `U`.
pub(crate) type LoadOf<R, C, P, U> =
    Load<<C as Call<R>>::Held, <C as Call<R>>::Key, <C as Call<R>>::Value, P, U>;

/// The rules of a call that knows what it wants.
pub(crate) type RulesOf<R, C> = Wanting<<C as Call<R>>::Rules>;

#[inline]
pub(super) fn hash_of<R, C: Call<R>>(call: &C) -> u64 {
    call.cache().hash_of(call.query())
}

#[inline]
fn begin_by<R, C, P, U>(call: &C, shape: P, rules: U) -> Begun<P::Reply, LoadOf<R, C, P, U>>
where
    C: Call<R>,
    P: Shape<Value = C::Value>,
    U: Rules<C::Key, P::Seen, P::Error>,
{
    begin_held(call.cache().core(), || hash_of(call), || call.hold(), call.query(), shape, rules)
}

/// The load of a call of the function itself.
pub(crate) type LoadingOf<R, C> = Loading<
    <C as Call<R>>::Held,
    <C as Call<R>>::Key,
    <C as Call<R>>::Value,
    <C as Call<R>>::Shape,
    <C as Call<R>>::Rules,
>;

/// A call, looked up.
#[inline(always)]
#[expect(clippy::inline_always, reason = "in memory, what it is handed and gives costs 3 ns")]
pub fn begin<R, C: Call<R>>(call: C) -> Begun<R, LoadingOf<R, C>> {
    let (home, query, rules) = (call.cache().core(), call.query(), call.rules());
    // First, so that nothing else has to outlast the call of the system's clock.
    let arrival = home.arrive();
    let hash = hash_of(&call);
    let look =
        || Look::<_, _, C::Shape, _> { home, hash, query, rules: &rules, shape: PhantomData };
    // One of its own, so that it stays in registers.
    if let Some(reply) = look().hit(arrival) {
        return Begun::Answer(reply);
    }
    missed(call, hash, rules)
}

/// Apart from the hit, which it would take registers from.
#[cold]
#[inline(never)]
fn missed<R, C: Call<R>>(call: C, hash: u64, rules: C::Rules) -> Begun<R, LoadingOf<R, C>> {
    let (home, query) = (call.cache().core(), call.query());
    match plain::begin::<_, _, _, C::Shape, _>(home, hash, || call.hold(), query, rules) {
        Ok(load) => Begun::Load(Loading::Plain(load)),
        Err(rules) => {
            let now = home.arrive();
            match enter(home, now, hash, || call.hold(), query, call.shape(), rules) {
                Begun::Answer(reply) => Begun::Answer(reply),
                Begun::Load(load) => Begun::Load(Loading::Aloft(load)),
            }
        }
    }
}

/// A call of a function with a `refresh_if`, looked up.
#[inline]
#[expect(clippy::type_complexity, reason = "spelt out nowhere but here")]
pub fn begin_if<R, C: Call<R>>(
    call: C,
    refresh: bool,
) -> Begun<R, LoadOf<R, C, C::Shape, RulesOf<R, C>>> {
    begin_by(&call, call.shape(), Wanting::answer(call.rules(), refresh))
}

/// `f_cache_fetch`, looked up.
#[expect(clippy::type_complexity, reason = "spelt out nowhere but here")]
pub fn fetch<R, C: Call<R>>(
    call: C,
    refresh: bool,
) -> Begun<Fetched<R>, LoadOf<R, C, Fetching<C::Shape>, RulesOf<R, C>>> {
    begin_by(&call, Fetching(call.shape()), Wanting::answer(call.rules(), refresh))
}

/// `f_cache_refresh`, looked up.
#[expect(clippy::type_complexity, reason = "spelt out nowhere but here")]
pub fn refresh<R, C: Call<R>>(call: C) -> Begun<R, LoadOf<R, C, C::Shape, RulesOf<R, C>>> {
    begin_by(&call, call.shape(), Wanting::of(call.rules(), Want::Refresh))
}

/// `f_cache_clear`
pub fn clear<R, C: Call<R>>(call: C) {
    call.cache().core().clear();
}

/// `f_cache_info`
pub fn info<R, C: Call<R>>(call: C) -> CacheInfo {
    call.cache().core().info()
}

/// `f_cache_parameters`
pub fn parameters<R, C: Call<R>>(call: C) -> CacheParameters {
    call.cache().core().parameters()
}

/// `f_cache_expire`
pub fn expire<R, C: Call<R>>(call: C) -> usize {
    call.cache().core().expire()
}

/// `f_cache_invalidate`
pub fn invalidate<R, C: Call<R>>(call: C) -> bool {
    helpers::invalidate(call.cache().core(), hash_of(&call), call.query())
}

/// `f_cache_invalidate_if`, with the key's type as it is written.
///
/// # Panics
///
/// If that is not the key's type: an alias that stands for a reference says nothing of it.
pub fn invalidate_if<R, C, K>(call: C, gone: impl FnMut(&K) -> bool) -> usize
where
    C: Call<R>,
    K: 'static,
{
    helpers::invalidate_if_written(call.cache().core(), gone)
}

/// `f_cache_peek`
pub fn peek<R, C: Call<R>>(call: C) -> Option<R> {
    let core = call.cache().core();
    helpers::peek(core, hash_of(&call), call.query(), call.shape(), call.rules())
}

/// `f_cache_insert`
pub fn insert<R, C: Call<R>>(call: C, answer: R) {
    let core = call.cache().core();
    helpers::insert(core, hash_of(&call), call.query(), call.shape(), call.rules(), answer);
}
