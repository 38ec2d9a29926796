//! A call of an async function: a future that looks up when it is first polled.
//!
//! Written by hand, because an `async fn` that passes its arguments on to another holds them
//! twice: here the arguments' place becomes the body's.

use std::fmt;
use std::future::Future;
use std::hash::BuildHasher;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::load::{Kind, Load};
use super::look::{Attempt, Look, Looked, Waiting};
use super::outcome::Shape;
use super::query::Query;
use super::rules::Rules;
use super::ticket::Ticket;
use crate::TtlCache;
use crate::cache::{Core, Leading};
use crate::flight::{Alarm, Ending, Seat, Wait};

pin_project! {
    /// What [`memoize`] gives.
    #[must_use = "futures do nothing unless polled"]
    pub struct Memoized<'c, K, V, S, P, U, A, L, N, B, F> {
        cache: &'c TtlCache<K, V, S>,
        look: L,
        spawn: N,
        attempt: Attempt,
        #[pin]
        state: State<'c, K, V, P, U, A, B, F>,
    }

    impl<K, V, S, P, U, A, L, N, B, F> PinnedDrop for Memoized<'_, K, V, S, P, U, A, L, N, B, F> {
        // What the body owned is dropped inside of the flight, as it would be by a panic: its
        // destructors may call for the same key.
        fn drop(this: Pin<&mut Self>) {
            let mut state = this.project().state;
            if let Now::Running { load, .. } = state.as_mut().project() {
                let _inside = load.enter();
                state.set(State::Done);
            }
        }
    }
}

impl<K, V, S, P, U, A, L, N, B, F> fmt::Debug for Memoized<'_, K, V, S, P, U, A, L, N, B, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memoized").finish_non_exhaustive()
    }
}

pin_project! {
    #[project = Now]
    #[project_replace = Was]
    enum State<'c, K, V, P, U, A, B, F> {
        // Not looked up yet, or waiting for another's body.
        Asking { args: A, body: B, rules: U, asleep: Option<Asleep<K, V>> },
        // In the body. Its future goes before the right to store, and what waits in it before.
        Running { #[pin] future: F, load: Load<&'c Core<K, V>, K, V, P, U> },
        // Answered.
        Done,
    }
}

/// A call of an async function: looks up when it is first polled, waits for a load in progress of
/// the same key, and else becomes the future that `body` makes of `args`.
///
/// ```ignore
/// memoize(cache, shape, rules, (user, page),
///     |(user, page), asking| asking.by(&query(user, page)),
///     |(user, page)| f_uncached(user, page))
/// ```
pub fn memoize<'c, K, V, S, P, U, A, L, B, F>(
    cache: &'c TtlCache<K, V, S>,
    _: P,
    rules: U,
    args: A,
    look: L,
    body: B,
) -> Memoized<'c, K, V, S, P, U, A, L, Nowhere, B, F>
where
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
    L: FnMut(&A, Asking<'_, K, V, S, P, U>) -> Asked<K, V, P>,
    B: FnOnce(A) -> F,
    F: Future<Output = P::Answer>,
{
    let state = State::Asking { args, body, rules, asleep: None };
    Memoized { cache, look, spawn: Nowhere, attempt: Attempt::default(), state }
}

/// As [`memoize`], for a function with a `spawn`: hands it what renews an entry that has served.
pub fn memoize_spawning<'c, K, V, S, P, U, A, L, N, B, F>(
    cache: &'c TtlCache<K, V, S>,
    _: P,
    rules: U,
    args: A,
    look: L,
    spawn: N,
    body: B,
) -> Memoized<'c, K, V, S, P, U, A, L, Spawn<N>, B, F>
where
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
    L: FnMut(&A, Asking<'_, K, V, S, P, U>) -> Asked<K, V, P>,
    N: FnMut(&A, Ticket<K, V, P>),
    B: FnOnce(A) -> F,
    F: Future<Output = P::Answer>,
{
    let state = State::Asking { args, body, rules, asleep: None };
    Memoized { cache, look, spawn: Spawn(spawn), attempt: Attempt::default(), state }
}

/// Where renewals go.
pub trait Background<A, K, V, P> {
    #[doc(hidden)]
    const SPAWNS: bool;
    #[doc(hidden)]
    fn spawn(&mut self, args: &A, ticket: Ticket<K, V, P>);
}

/// Nowhere: the call that finds one due runs it.
#[derive(Debug)]
pub struct Nowhere;

/// Where the function's `spawn` says.
#[derive(Debug)]
pub struct Spawn<N>(N);

impl<A, K, V, P> Background<A, K, V, P> for Nowhere {
    const SPAWNS: bool = false;

    fn spawn(&mut self, _: &A, ticket: Ticket<K, V, P>) {
        drop(ticket);
    }
}

impl<A, K, V, P, N: FnMut(&A, Ticket<K, V, P>)> Background<A, K, V, P> for Spawn<N> {
    const SPAWNS: bool = true;

    fn spawn(&mut self, args: &A, ticket: Ticket<K, V, P>) {
        (self.0)(args, ticket);
    }
}

/// A call's question, to be put by a query made of its arguments.
pub struct Asking<'l, K, V, S, P, U> {
    cache: &'l TtlCache<K, V, S>,
    rules: &'l U,
    attempt: &'l mut Attempt,
    /// After a wait: whether it was for a flight that began too early, and how that ended.
    waited: Option<(bool, Option<Ending<V>>)>,
    spawns: bool,
    shape: PhantomData<fn() -> P>,
}

impl<K, V, S, P, U> fmt::Debug for Asking<'_, K, V, S, P, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking").finish_non_exhaustive()
    }
}

/// What came of it.
pub struct Asked<K, V, P: Shape>(Looked<K, V, P::Reply>);

impl<K, V, P: Shape> fmt::Debug for Asked<K, V, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked").finish_non_exhaustive()
    }
}

impl<K, V, S, P, U> Asking<'_, K, V, S, P, U>
where
    K: Clone,
    V: Clone,
    S: BuildHasher,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
{
    /// Looks up.
    #[inline]
    pub fn by<Q: Query<Key = K>>(self, query: &Q) -> Asked<K, V, P> {
        let Self { cache, rules, attempt, waited, spawns, shape } = self;
        let look = Look { core: cache.core(), hash: cache.hash_of(query), query, rules, shape };
        let reply = match waited {
            None => look.hit(),
            Some((too_early, ending)) => look.after(attempt, too_early, ending),
        };
        Asked(match reply {
            Some(reply) => Looked::Answer(reply),
            None => look.enter(attempt, spawns),
        })
    }
}

impl<K, V, S, P, U, A, L, N, B, F> Future for Memoized<'_, K, V, S, P, U, A, L, N, B, F>
where
    K: Clone,
    V: Clone,
    S: BuildHasher,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
    L: FnMut(&A, Asking<'_, K, V, S, P, U>) -> Asked<K, V, P>,
    N: Background<A, K, V, P>,
    B: FnOnce(A) -> F,
    F: Future<Output = P::Answer>,
{
    type Output = P::Reply;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<P::Reply> {
        let mut this = self.project();
        let (cache, spawns, shape) = (*this.cache, N::SPAWNS, PhantomData);
        loop {
            let (args, rules, asleep) = match this.state.as_mut().project() {
                Now::Asking { args, rules, asleep, .. } => (args, rules, asleep),
                Now::Running { future, load } => {
                    let reply = ready!(go_on(future, load, cx));
                    this.state.set(State::Done);
                    return Poll::Ready(reply);
                }
                Now::Done => panic!("a call was polled after it had answered"),
            };
            let waited = match asleep {
                Some(sleeper) => match sleeper.poll(cx) {
                    Poll::Pending if !sleeper.wait.goes_on() => {
                        start(this.state.as_mut(), cache.core(), Leading::of_nothing());
                        continue;
                    }
                    polled => Some((sleeper.waiting.too_early, ready!(polled))),
                },
                None => None,
            };
            *asleep = None;
            let asking = Asking { cache, rules, attempt: this.attempt, waited, spawns, shape };
            match (this.look)(args, asking).0 {
                Looked::Answer(reply) => {
                    this.state.set(State::Done);
                    return Poll::Ready(reply);
                }
                Looked::Renew(reply, leading) => {
                    this.spawn.spawn(args, Ticket::new(cache.core(), leading));
                    this.state.set(State::Done);
                    return Poll::Ready(reply);
                }
                Looked::Load(leading) => start(this.state.as_mut(), cache.core(), leading),
                Looked::Wait(waiting) => match Wait::on(waiting.id()) {
                    Some(wait) => *asleep = Some(Asleep::new(waiting, wait)),
                    None => start(this.state.as_mut(), cache.core(), Leading::of_nothing()),
                },
            }
        }
    }
}

/// Polls the body, and lands what it gave.
fn go_on<C, K, V, P, U, F>(
    body: Pin<&mut F>,
    load: &mut Load<C, K, V, P, U>,
    cx: &mut Context<'_>,
) -> Poll<P::Reply>
where
    C: Deref<Target = Core<K, V>>,
    K: Clone,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
    F: Future<Output = P::Answer>,
{
    load.inside(|load| {
        let answer = ready!(body.poll(cx));
        load.running = false;
        Poll::Ready(load.land(answer))
    })
}

/// Turns the arguments into the body's future.
fn start<'c, K, V, P, U, A, B, F>(
    mut state: Pin<&mut State<'c, K, V, P, U, A, B, F>>,
    core: &'c Core<K, V>,
    leading: Leading<K, V>,
) where
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
    B: FnOnce(A) -> F,
{
    let Was::Asking { args, body, rules, .. } = state.as_mut().project_replace(State::Done) else {
        unreachable!("only a call that asks begins a load");
    };
    let kind = Kind::from(rules.want());
    let mut load = Load::new(core, leading, kind, rules);
    load.start();
    let future = load.inside(|_| body(args));
    state.set(State::Running { future, load });
}

/// A task's wait for a flight.
struct Asleep<K, V> {
    waiting: Waiting<K, V>,
    seat: Seat,
    alarm: Option<Alarm>,
    /// The edges of the graph of waits: gone when this is.
    wait: Wait,
}

impl<K, V> Asleep<K, V> {
    fn new(waiting: Waiting<K, V>, wait: Wait) -> Self {
        let alarm = waiting.until.map(Alarm::at);
        Self { waiting, seat: Seat::default(), alarm, wait }
    }

    /// How the flight ended; none if patience ended first.
    fn poll(&mut self, cx: &Context<'_>) -> Poll<Option<Ending<V>>> {
        if let Poll::Ready(ending) = self.waiting.flight.poll_wait(&mut self.seat, cx) {
            return Poll::Ready(Some(ending));
        }
        match &mut self.alarm {
            Some(alarm) => alarm.poll(cx).map(|()| None),
            None => Poll::Pending,
        }
    }
}

/// A wait given up leaves no waker behind.
impl<K, V> Drop for Asleep<K, V> {
    fn drop(&mut self) {
        self.waiting.flight.leave(&mut self.seat);
    }
}
