//! What an annotated async function and its helpers ask with a [`Call`].

#![expect(clippy::needless_pass_by_value, reason = "a call is made once")]

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::task::{Context, Poll};

use super::bundled::hash_of;
use super::entry::Call;
use crate::Fetched;
use crate::call::bundled::Wanting;
use crate::call::memoize_async::{self, Asked, Asleep, Landing, Memoized, Sleeping};
use crate::call::outcome::{Fetching, Shape};
use crate::call::rules::{Rules, Want};

/// A load behind a pointer.
pub(crate) type Lander<R, Y> = Box<dyn Landing<Answer = R, Reply = Y>>;

/// What comes of asking.
pub(crate) type AskedOf<R, Y> = Asked<Y, Lander<R, Y>, Box<dyn Sleeper>>;

/// A wait behind a pointer.
pub trait Sleeper: Sleeping {
    #[doc(hidden)]
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

impl<K: 'static, V: 'static> Sleeper for Asleep<K, V> {
    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl Sleeping for Box<dyn Sleeper> {
    fn poll(&mut self, cx: &Context<'_>) -> Poll<()> {
        (**self).poll(cx)
    }
}

/// As for other functions; what is asked is a cache of this thread's.
#[expect(clippy::type_complexity, reason = "spelt out nowhere but here")]
pub fn memoize<Y, A, L, B, F>(
    args: A,
    mut look: L,
    body: B,
) -> Memoized<
    A,
    impl FnMut(&A, memoize_async::Asking<'_, Box<dyn Sleeper>>) -> AskedOf<F::Output, Y>,
    B,
    F,
    Lander<F::Output, Y>,
    Box<dyn Sleeper>,
>
where
    L: FnMut(&A, Asking<'_>) -> AskedOf<F::Output, Y>,
    B: FnOnce(A) -> F,
    F: Future,
{
    let look = move |args: &A, asking: memoize_async::Asking<'_, Box<dyn Sleeper>>| {
        look(args, Asking(asking))
    };
    memoize_async::memoize(args, look, body)
}

/// A call's question, to be put by a query made of its arguments.
pub struct Asking<'l>(memoize_async::Asking<'l, Box<dyn Sleeper>>);

impl fmt::Debug for Asking<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking").finish_non_exhaustive()
    }
}

impl Asking<'_> {
    /// A call.
    pub fn call<R, C: Call<R>>(self, call: C) -> AskedOf<R, R> {
        let (shape, rules) = (call.shape(), call.rules());
        self.by(&call, shape, rules)
    }

    /// A call of a function with a `refresh_if`.
    pub fn call_if<R, C: Call<R>>(self, call: C, refresh: bool) -> AskedOf<R, R> {
        let (shape, rules) = (call.shape(), Wanting::answer(call.rules(), refresh));
        self.by(&call, shape, rules)
    }

    /// `f_cache_fetch`
    pub fn fetch<R, C: Call<R>>(self, call: C, refresh: bool) -> AskedOf<R, Fetched<R>> {
        let (shape, rules) = (Fetching(call.shape()), Wanting::answer(call.rules(), refresh));
        self.by(&call, shape, rules)
    }

    /// `f_cache_refresh`
    pub fn refresh<R, C: Call<R>>(self, call: C) -> AskedOf<R, R> {
        let (shape, rules) = (call.shape(), Wanting::of(call.rules(), Want::Refresh));
        self.by(&call, shape, rules)
    }

    fn by<R, C, P, U>(self, call: &C, shape: P, rules: U) -> AskedOf<R, P::Reply>
    where
        C: Call<R>,
        P: Shape<Answer = R, Value = C::Value> + 'static,
        U: Rules<C::Key, P::Seen, P::Error> + 'static,
    {
        // One future asks one cache, so what it waited for has the types of its calls.
        let asking = self.0.with(|asleep| -> Asleep<C::Key, C::Value> {
            *asleep.into_any().downcast().expect("the wait of this very call")
        });
        let (core, hold) = (call.cache().core(), || call.hold());
        match asking.by(core, hash_of(call), hold, call.query(), shape, rules) {
            Asked::Answer(reply) => Asked::Answer(reply),
            Asked::Load(load) => Asked::Load(Box::new(load)),
            Asked::Wait(asleep) => Asked::Wait(Box::new(asleep)),
        }
    }
}
