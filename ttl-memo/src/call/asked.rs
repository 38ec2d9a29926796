//! What an annotated async function and its helpers ask with a [`Call`].

use super::bundled::Wanting;
use super::entry::Call;
use super::memoize_async::{Asked, Asking, Asleep, Landing, Sleeper};
use super::outcome::Fetching;
use super::rules::Want;
use super::ticket::Ticket;
use crate::Fetched;

/// A load behind a pointer.
pub(crate) type Lander<R, Y> = Box<dyn Landing<Answer = R, Reply = Y> + Send>;

/// What comes of asking.
pub(crate) type AskedOf<R, Y> = Asked<Y, Lander<R, Y>, Box<dyn Sleeper>>;

/// The ticket of a call.
pub(crate) type TicketOf<R, C> = Ticket<
    <C as Call<R>>::Key,
    <C as Call<R>>::Value,
    <C as Call<R>>::Shape,
    Wanting<<C as Call<R>>::Rules>,
>;

impl<'l> Asking<'l, Box<dyn Sleeper>> {
    /// A call.
    pub fn call<R, C: Call<R>>(self, call: C) -> AskedOf<R, R> {
        let (hold, rules) = (|| call.hold(), call.rules());
        let asked = self.known::<R, C>();
        erased(asked.by(call.cache(), hold, call.query(), call.shape(), rules))
    }

    /// A call of a function with a `refresh_if`.
    pub fn call_if<R, C: Call<R>>(self, call: C, refresh: bool) -> AskedOf<R, R> {
        let (hold, rules) = (|| call.hold(), Wanting::answer(call.rules(), refresh));
        let asked = self.known::<R, C>();
        erased(asked.by(call.cache(), hold, call.query(), call.shape(), rules))
    }

    /// A call of a function with a `spawn`.
    pub fn call_spawning<R, C: Call<R>>(
        self,
        call: C,
        refresh: bool,
        spawn: impl FnOnce(TicketOf<R, C>),
    ) -> AskedOf<R, R> {
        let (hold, rules) = (|| call.hold(), Wanting::answer(call.rules(), refresh));
        let asked = self.known::<R, C>();
        erased(asked.by_spawning(call.cache(), hold, call.query(), call.shape(), rules, spawn))
    }

    /// `f_cache_fetch`
    pub fn fetch<R, C: Call<R>>(self, call: C, refresh: bool) -> AskedOf<R, Fetched<R>> {
        let (hold, rules) = (|| call.hold(), Wanting::answer(call.rules(), refresh));
        let asked = self.known::<R, C>();
        erased(asked.by(call.cache(), hold, call.query(), Fetching(call.shape()), rules))
    }

    /// `f_cache_refresh`
    pub fn refresh<R, C: Call<R>>(self, call: C) -> AskedOf<R, R> {
        let (hold, rules) = (|| call.hold(), Wanting::of(call.rules(), Want::Refresh));
        let asked = self.known::<R, C>();
        erased(asked.by(call.cache(), hold, call.query(), call.shape(), rules))
    }

    fn known<R, C: Call<R>>(self) -> Asking<'l, Asleep<C::Key, C::Value>> {
        // One future asks one cache, so what it waited for has the types of its calls.
        self.with(|asleep| *asleep.into_any().downcast().expect("the wait of this very call"))
    }
}

fn erased<Y, D, K, V>(
    asked: Asked<Y, D, Asleep<K, V>>,
) -> Asked<Y, Lander<D::Answer, Y>, Box<dyn Sleeper>>
where
    D: Landing<Reply = Y> + Send + 'static,
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    match asked {
        Asked::Answer(reply) => Asked::Answer(reply),
        Asked::Load(load) => Asked::Load(Box::new(load)),
        Asked::Wait(asleep) => Asked::Wait(Box::new(asleep)),
    }
}
