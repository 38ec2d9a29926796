//! What an annotated function and its helpers do with a [`Call`].

#![expect(
    clippy::type_complexity,
    clippy::needless_pass_by_value,
    reason = "types are spelt out nowhere but here; a call is made but once"
)]

use std::marker::PhantomData;
use std::ops::Deref;

use super::asked::TicketOf;
use super::entry::Call;
use super::helpers;
use super::load::Load;
use super::look::Look;
use super::memoize::{self, Begun, Spawning};
use super::outcome::{Fetching, Shape};
use super::rules::{Rules, Want};
use crate::cache::Home;
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

#[inline(always)]
#[expect(clippy::inline_always, reason = "where it is inlined, all stays in registers")]
fn begin_by<R, C, P, U>(call: C, shape: P, rules: U) -> Begun<P::Reply, LoadOf<R, C, P, U>>
where
    C: Call<R>,
    P: Shape<Value = C::Value>,
    U: Rules<C::Key, P::Seen, P::Error>,
{
    let home = &**call.cache().core();
    // First, so that nothing else has to outlast the call of the system's clock.
    let arrival = home.arrive();
    let hash = hash_of(&call);
    let look =
        Look::<_, _, P, _> { home, hash, query: call.query(), rules: &rules, shape: PhantomData };
    if let Some(reply) = look.hit(arrival) {
        return Begun::Answer(reply);
    }
    let now = home.coarse(arrival);
    missed(call, now, hash, shape, rules)
}

/// Apart from the hit, which it would take registers from; and with the call itself, which would
/// have to be in memory to be lent.
#[inline(never)]
fn missed<R, C, P, U>(
    call: C,
    now: u64,
    hash: u64,
    shape: P,
    rules: U,
) -> Begun<P::Reply, LoadOf<R, C, P, U>>
where
    C: Call<R>,
    P: Shape<Value = C::Value>,
    U: Rules<C::Key, P::Seen, P::Error>,
{
    let home = &**call.cache().core();
    memoize::enter(home, now, hash, || call.hold(), call.query(), shape, rules)
}

/// A call, looked up.
#[inline(always)]
#[expect(clippy::inline_always, reason = "where it is inlined, all stays in registers")]
pub fn begin<R, C>(call: C) -> Begun<R, LoadOf<R, C, C::Shape, C::Rules>>
where
    C: Call<R>,
{
    let (shape, rules) = (call.shape(), call.rules());
    begin_by(call, shape, rules)
}

/// A call of a function with a `refresh_if`, looked up.
#[inline(always)]
#[expect(clippy::inline_always, reason = "where it is inlined, all stays in registers")]
pub fn begin_if<R, C>(call: C, refresh: bool) -> Begun<R, LoadOf<R, C, C::Shape, RulesOf<R, C>>>
where
    C: Call<R>,
{
    let (shape, rules) = (call.shape(), Wanting::answer(call.rules(), refresh));
    begin_by(call, shape, rules)
}

/// A call of a function with a `spawn`, looked up.
pub fn begin_spawning<R, C>(
    call: C,
    refresh: bool,
) -> Spawning<R, LoadOf<R, C, C::Shape, RulesOf<R, C>>, TicketOf<R, C, C::Shape>>
where
    C: Call<R>,
{
    let (shape, rules) = (call.shape(), Wanting::answer(call.rules(), refresh));
    memoize::begin_spawning(call.cache(), || call.hold(), call.query(), shape, rules)
}

/// `f_cache_fetch`, looked up.
pub fn fetch<R, C>(
    call: C,
    refresh: bool,
) -> Begun<Fetched<R>, LoadOf<R, C, Fetching<C::Shape>, RulesOf<R, C>>>
where
    C: Call<R>,
{
    let (shape, rules) = (Fetching(call.shape()), Wanting::answer(call.rules(), refresh));
    begin_by(call, shape, rules)
}

/// `f_cache_fetch` of a function with a `spawn`, looked up.
pub fn fetch_spawning<R, C>(
    call: C,
    refresh: bool,
) -> Spawning<
    Fetched<R>,
    LoadOf<R, C, Fetching<C::Shape>, RulesOf<R, C>>,
    TicketOf<R, C, Fetching<C::Shape>>,
>
where
    C: Call<R>,
{
    let (shape, rules) = (Fetching(call.shape()), Wanting::answer(call.rules(), refresh));
    memoize::begin_spawning(call.cache(), || call.hold(), call.query(), shape, rules)
}

/// `f_cache_refresh`, looked up.
pub fn refresh<R, C>(call: C) -> Begun<R, LoadOf<R, C, C::Shape, RulesOf<R, C>>>
where
    C: Call<R>,
{
    let (shape, rules) = (call.shape(), Wanting::of(call.rules(), Want::Refresh));
    begin_by(call, shape, rules)
}

impl<C, K, V, P, U> Begun<P::Reply, Load<C, K, V, P, U>>
where
    C: Deref<Target: Home<K, V>>,
    K: Clone,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
{
    /// The answer that was there, or that of the body.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "where it is inlined, all stays in registers")]
    pub fn run(mut self, body: impl FnOnce() -> P::Answer) -> P::Reply {
        // Where it is: to be moved costs a load some nanoseconds.
        if let Self::Load(load) = &mut self {
            return run(load, body);
        }
        match self {
            Self::Answer(reply) => {
                // First: what panics while a value is on its way out leaks that.
                drop(body);
                reply
            }
            Self::Load(_) => unreachable!("it has been run"),
        }
    }
}

/// Apart from the hit, which it would take registers from.
#[cold]
#[inline(never)]
fn run<C, K, V, P, U>(load: &mut Load<C, K, V, P, U>, body: impl FnOnce() -> P::Answer) -> P::Reply
where
    C: Deref<Target: Home<K, V>>,
    K: Clone,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
{
    load.run(body)
}

impl<A, L, T> Spawning<A, L, T> {
    /// Hands what is to be renewed to `spawn`.
    #[inline]
    pub fn renew(self, spawn: impl FnOnce(T)) -> Begun<A, L> {
        match self {
            Self::Answer(answer) => Begun::Answer(answer),
            Self::Load(load) => Begun::Load(load),
            Self::Renew(answer, ticket) => {
                spawn(ticket);
                Begun::Answer(answer)
            }
        }
    }
}

/// Hands `work` to what the user's `spawn` names, whatever that gives for it.
pub fn spawn<W, T>(spawn: impl FnOnce(W) -> T, work: W) {
    spawn(work);
}

/// `f_cache_clear`
pub fn clear<R, C: Call<R>>(call: C) {
    call.cache().clear();
}

/// `f_cache_info`
pub fn info<R, C: Call<R>>(call: C) -> CacheInfo {
    call.cache().info()
}

/// `f_cache_parameters`
pub fn parameters<R, C: Call<R>>(call: C) -> CacheParameters {
    call.cache().core().parameters()
}

/// `f_cache_expire`
pub fn expire<R, C: Call<R>>(call: C) -> usize {
    call.cache().expire()
}

/// `f_cache_invalidate`
pub fn invalidate<R, C: Call<R>>(call: C) -> bool {
    helpers::invalidate(&**call.cache().core(), hash_of(&call), call.query())
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
    helpers::invalidate_if_written(&**call.cache().core(), gone)
}

/// `f_cache_peek`
pub fn peek<R, C: Call<R>>(call: C) -> Option<R> {
    helpers::peek(&**call.cache().core(), hash_of(&call), call.query(), call.shape(), call.rules())
}

/// `f_cache_insert`
pub fn insert<R, C: Call<R>>(call: C, answer: R) {
    helpers::insert(
        &**call.cache().core(),
        hash_of(&call),
        call.query(),
        call.shape(),
        call.rules(),
        answer,
    );
}

/// A function's rules, and what a call of it is after.
#[derive(Clone, Copy, Debug)]
pub struct Wanting<U> {
    rules: U,
    want: Want,
}

impl<U> Wanting<U> {
    pub(super) fn of(rules: U, want: Want) -> Self {
        Self { rules, want }
    }

    pub(super) fn answer(rules: U, refresh: bool) -> Self {
        Self { rules, want: if refresh { Want::Anew } else { Want::Answer } }
    }
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
