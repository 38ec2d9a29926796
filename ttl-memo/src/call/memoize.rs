//! A call: look up, then answer, join another's load, or load and store.
//!
//! In two steps, because the look-up borrows the arguments that the body then consumes.

#![expect(clippy::type_complexity, reason = "spelt out nowhere but here")]

use std::hash::BuildHasher;
use std::marker::PhantomData;
use std::ops::Deref;

use super::load::{Kind, Load, UNKNOWN};
use super::look::{Attempt, Look, Looked};
use super::outcome::Shape;
use super::query::Query;
use super::rules::Rules;
use super::ticket::Ticket;
use crate::TtlCache;
use crate::cache::{Core, Home, Leading};
use crate::flight::Wait;

/// A call after its look-up.
#[must_use]
#[derive(Debug)]
pub enum Begun<A, L> {
    /// The answer was there, or another call's body gave it.
    Answer(A),
    /// The body is to run.
    Load(L),
}

/// As [`Begun`], for a function with a `spawn`.
#[must_use]
#[derive(Debug)]
pub enum Spawning<A, L, T> {
    /// The answer was there, or another call's body gave it.
    Answer(A),
    /// The body is to run.
    Load(L),
    /// The answer was there, and is to be renewed: hand the ticket to what `spawn` names.
    Renew(A, T),
}

/// The load of a call on a borrowed cache.
pub(crate) type CallLoad<'c, K, V, P, U> = Load<&'c Core<K, V>, K, V, P, U>;

/// Looks up; waits for a load in progress of the same key.
#[inline]
pub(crate) fn begin<'c, Q, V, S, P, U>(
    cache: &'c TtlCache<Q::Key, V, S>,
    query: &Q,
    shape: P,
    rules: U,
) -> Begun<P::Reply, CallLoad<'c, Q::Key, V, P, U>>
where
    Q: Query,
    Q::Key: Clone,
    V: Clone,
    S: BuildHasher,
    P: Shape<Value = V>,
    U: Rules<Q::Key, P::Seen, P::Error>,
{
    begin_held(&**cache.core(), || cache.hash_of(query), || &**cache.core(), query, shape, rules)
}

/// As [`begin`], where a load is to hold the cache in a way of its own.
#[inline(always)]
#[expect(clippy::inline_always, reason = "where it is inlined, all stays in registers")]
pub(crate) fn begin_held<H, C, Q, V, P, U>(
    home: &H,
    hash: impl FnOnce() -> u64,
    hold: impl FnOnce() -> C,
    query: &Q,
    shape: P,
    rules: U,
) -> Begun<P::Reply, Load<C, Q::Key, V, P, U>>
where
    H: Home<Q::Key, V>,
    C: Deref<Target = H>,
    Q: Query,
    Q::Key: Clone,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<Q::Key, P::Seen, P::Error>,
{
    // First, so that nothing else has to outlast the call of the system's clock.
    let arrival = home.arrive();
    let hash = hash();
    let look = || Look::<_, _, P, _> { home, hash, query, rules: &rules, shape: PhantomData };
    // One of its own, so that it stays in registers.
    if let Some(reply) = look().hit(arrival) {
        return Begun::Answer(reply);
    }
    enter(home, home.coarse(arrival), hash, hold, query, shape, rules)
}

/// The same, where there was no hit at `now`, by a coarse reading; apart from that, which it would
/// take registers from.
#[inline(never)]
pub(crate) fn enter<H, C, Q, V, P, U>(
    home: &H,
    now: u64,
    hash: u64,
    hold: impl FnOnce() -> C,
    query: &Q,
    _: P,
    rules: U,
) -> Begun<P::Reply, Load<C, Q::Key, V, P, U>>
where
    H: Home<Q::Key, V>,
    C: Deref<Target = H>,
    Q: Query,
    Q::Key: Clone,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<Q::Key, P::Seen, P::Error>,
{
    let look = Look::<_, _, P, _> { home, hash, query, rules: &rules, shape: PhantomData };
    let (leading, now) = match look.lead() {
        Ok(leading) => (leading, now),
        Err(key) => match wait_out(&look, key, false) {
            Looked::Answer(reply) => return Begun::Answer(reply),
            Looked::Load(leading) => (leading, UNKNOWN),
            Looked::Renew(..) | Looked::Wait(_) => unreachable!("waited out, with nobody to renew"),
        },
    };
    Begun::Load(load(hold(), leading, now, rules))
}

/// As [`begin_held`], for a function with a `spawn`.
#[inline]
pub(crate) fn begin_spawning<C, Q, V, S, P, U>(
    cache: &TtlCache<Q::Key, V, S>,
    hold: impl FnOnce() -> C,
    query: &Q,
    _: P,
    rules: U,
) -> Spawning<P::Reply, Load<C, Q::Key, V, P, U>, Ticket<Q::Key, V, P, U>>
where
    C: Deref<Target: Home<Q::Key, V>>,
    Q: Query,
    Q::Key: Clone,
    V: Clone,
    S: BuildHasher,
    P: Shape<Value = V>,
    U: Rules<Q::Key, P::Seen, P::Error>,
{
    let core = cache.core();
    let home = &**core;
    let arrival = home.arrive();
    let hash = cache.hash_of(query);
    let look = Look::<_, _, P, _> { home, hash, query, rules: &rules, shape: PhantomData };
    if let Some(reply) = look.hit(arrival) {
        return Spawning::Answer(reply);
    }
    let looked = match look.lead() {
        Ok(leading) => Looked::Load(leading),
        Err(key) => wait_out(&look, key, true),
    };
    match looked {
        Looked::Answer(reply) => Spawning::Answer(reply),
        Looked::Load(leading) => Spawning::Load(load(hold(), leading, UNKNOWN, rules)),
        Looked::Renew(reply, leading) => Spawning::Renew(reply, Ticket::new(core, leading, rules)),
        Looked::Wait(_) => unreachable!("waited out"),
    }
}

fn load<C, K, V, P, U>(home: C, leading: Leading<K, V>, now: u64, rules: U) -> Load<C, K, V, P, U>
where
    C: Deref<Target: Home<K, V>>,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
{
    let kind = Kind::from(rules.want());
    Load::new(home, leading, kind, now, rules)
}

/// Looks up, and waits, until there is something else to do than to wait.
#[cold]
#[inline(never)]
fn wait_out<H, Q, V, P, U>(
    look: &Look<'_, H, Q, P, U>,
    mut key: Option<Q::Key>,
    spawns: bool,
) -> Looked<Q::Key, V, P::Reply>
where
    H: Home<Q::Key, V>,
    Q: Query,
    Q::Key: Clone,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<Q::Key, P::Seen, P::Error>,
{
    let mut attempt = Attempt::default();
    loop {
        let waiting = match look.enter(&mut attempt, key.take(), spawns) {
            Looked::Wait(waiting) => waiting,
            looked => return looked,
        };
        let Some(wait) = Wait::on(waiting.id()) else {
            return Looked::Load(Leading::of_nothing());
        };
        let ending = waiting.flight.wait(waiting.until);
        drop(wait);
        if let Some(reply) = look.after(&mut attempt, waiting.too_early, ending) {
            return Looked::Answer(reply);
        }
    }
}
