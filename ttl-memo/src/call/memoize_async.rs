//! A call of an async function: a future that looks up when it is first polled.
//!
//! Written by hand, because an `async fn` that passes its arguments on to another holds them
//! twice: here the arguments' place becomes the body's.
//!
//! Nothing of a call is in the future's type but its arguments and its answer. What it holds while
//! it waits, or runs the body, is behind a pointer: the types of a key or a value may be such that
//! nobody can prove a future `Send` that has them, for every lifetime in the arguments.

#![expect(clippy::type_complexity, reason = "spelt out nowhere but here")]

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::hash::BuildHasher;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::load::{Kind, Load, UNKNOWN};
use super::look::{Attempt, Look, Looked, Waiting};
use super::outcome::Shape;
use super::query::Query;
use super::rules::Rules;
use super::ticket::Ticket;
use crate::TtlCache;
use crate::cache::{Home, Leading};
use crate::flight::{Alarm, Ending, FlightId, Inside, Seat, Wait};

pin_project! {
    /// What [`memoize`] gives.
    #[must_use = "futures do nothing unless polled"]
    pub struct Memoized<A, L, B, F, D, W> {
        look: L,
        attempt: Attempt,
        #[pin]
        state: State<A, B, F, D, W>,
    }
}

impl<A, L, B, F, D, W> fmt::Debug for Memoized<A, L, B, F, D, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memoized").finish_non_exhaustive()
    }
}

pin_project! {
    #[project = Now]
    #[project_replace = Was]
    enum State<A, B, F, D, W> {
        // Not looked up yet, or waiting for another's body.
        Asking { args: A, body: B, asleep: Option<W> },
        // In the body. Its future goes before the right to store, and what waits in it before;
        // between `enter` and `leave`, so that its destructors run inside of its flight, as they
        // do in a panic: they may call for the same key.
        Running { enter: Entering, #[pin] future: F, leave: Leaving, load: D },
        // Answered.
        Done,
    }
}

/// A call of an async function: looks up when it is first polled, waits for a load in progress of
/// the same key, and else becomes the future that `body` makes of `args`.
///
/// ```text
/// memoize((user, page), |(user, page), asking| asking.by(…), |(user, page)| f_uncached(user, page))
/// ```
pub fn memoize<Y, A, L, B, F, D, W>(args: A, look: L, body: B) -> Memoized<A, L, B, F, D, W>
where
    L: FnMut(&A, Asking<'_, W>) -> Asked<Y, D, W>,
    B: FnOnce(A) -> F,
    F: Future,
    D: Landing<Answer = F::Output, Reply = Y>,
    W: Sleeping,
{
    let state = State::Asking { args, body, asleep: None };
    Memoized { look, attempt: Attempt::default(), state }
}

/// A call's question, to be put by a query made of its arguments.
#[derive(Debug)]
pub struct Asking<'l, W> {
    attempt: &'l mut Attempt,
    /// After a wait.
    waited: Option<W>,
}

/// What came of it.
#[derive(Debug)]
pub enum Asked<Y, D, W> {
    /// An answer, counted.
    Answer(Y),
    /// The body is to run.
    Load(D),
    /// Somebody runs it.
    Wait(W),
}

/// A load of whatever key and value.
pub trait Landing {
    /// What the body gives.
    type Answer;
    /// What the caller gets.
    type Reply;

    #[doc(hidden)]
    fn start(&mut self, make: &mut dyn FnMut());

    /// What goes before and after the body's future when that is dropped.
    #[doc(hidden)]
    fn around(&self) -> (Entering, Leaving);

    /// Polls the body, and lands what it gave.
    #[doc(hidden)]
    fn poll(
        &mut self,
        body: Pin<&mut dyn Future<Output = Self::Answer>>,
        cx: &mut Context<'_>,
    ) -> Poll<Self::Reply>;
}

impl<C, K, V, P, U> Landing for Load<C, K, V, P, U>
where
    C: Deref<Target: Home<K, V>>,
    K: Clone,
    V: Clone,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
{
    type Answer = P::Answer;
    type Reply = P::Reply;

    fn start(&mut self, make: &mut dyn FnMut()) {
        Load::start(self);
        self.inside(|_| make());
    }

    fn around(&self) -> (Entering, Leaving) {
        let flight = self.flight();
        (Entering(flight), Leaving(flight))
    }

    fn poll(
        &mut self,
        body: Pin<&mut dyn Future<Output = P::Answer>>,
        cx: &mut Context<'_>,
    ) -> Poll<P::Reply> {
        self.inside(|load| {
            let answer = ready!(body.poll(cx));
            load.running = false;
            Poll::Ready(load.land(answer))
        })
    }
}

impl<D: Landing + ?Sized> Landing for Box<D> {
    type Answer = D::Answer;
    type Reply = D::Reply;

    fn start(&mut self, make: &mut dyn FnMut()) {
        (**self).start(make);
    }

    fn around(&self) -> (Entering, Leaving) {
        (**self).around()
    }

    fn poll(
        &mut self,
        body: Pin<&mut dyn Future<Output = D::Answer>>,
        cx: &mut Context<'_>,
    ) -> Poll<D::Reply> {
        (**self).poll(body, cx)
    }
}

/// Dropped before the future of a body: enters its flight.
#[derive(Debug)]
pub struct Entering(pub(super) Option<FlightId>);

impl Drop for Entering {
    fn drop(&mut self) {
        self.0.into_iter().for_each(|flight| std::mem::forget(Inside::enter(flight)));
    }
}

/// Dropped after it: leaves its flight.
#[derive(Debug)]
pub struct Leaving(pub(super) Option<FlightId>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.into_iter().for_each(Inside::leave);
    }
}

/// A wait for a flight of whatever key and value.
pub trait Sleeping {
    /// Whether it is over.
    #[doc(hidden)]
    fn poll(&mut self, cx: &Context<'_>) -> Poll<()>;
}

/// The same behind a pointer.
pub trait Sleeper: Sleeping + Send {
    #[doc(hidden)]
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

impl<K: Send + Sync + 'static, V: Send + Sync + 'static> Sleeper for Asleep<K, V> {
    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl Sleeping for Box<dyn Sleeper> {
    fn poll(&mut self, cx: &Context<'_>) -> Poll<()> {
        (**self).poll(cx)
    }
}

impl<'l, W> Asking<'l, W> {
    /// The same, where what was waited for is known by its types.
    pub(crate) fn with<T>(self, known: impl FnOnce(W) -> T) -> Asking<'l, T> {
        Asking { attempt: self.attempt, waited: self.waited.map(known) }
    }
}

impl<K, V> Asking<'_, Asleep<K, V>> {
    /// Looks up.
    #[inline]
    pub(crate) fn by<H, C, Q, P, U>(
        self,
        home: &H,
        hash: u64,
        hold: impl FnOnce() -> C,
        query: &Q,
        _: P,
        rules: U,
    ) -> Asked<P::Reply, Load<C, K, V, P, U>, Asleep<K, V>>
    where
        H: Home<K, V>,
        C: Deref<Target = H>,
        K: Clone,
        V: Clone,
        Q: Query<Key = K>,
        P: Shape<Value = V>,
        U: Rules<K, P::Seen, P::Error>,
    {
        match self.look::<H, Q, P, U>(home, hash, query, &rules, false) {
            Looked::Answer(reply) => Asked::Answer(reply),
            Looked::Load(leading) => Asked::Load(load(hold(), leading, rules)),
            Looked::Wait(waiting) => wait(waiting, hold, rules),
            Looked::Renew(..) => unreachable!("there is nobody to renew"),
        }
    }

    /// The same for a function with a `spawn`, which is handed what is to be renewed.
    pub(crate) fn by_spawning<C, Q, S, P, U>(
        self,
        cache: &TtlCache<K, V, S>,
        hold: impl FnOnce() -> C,
        query: &Q,
        _: P,
        rules: U,
        spawn: impl FnOnce(Ticket<K, V, P, U>),
    ) -> Asked<P::Reply, Load<C, K, V, P, U>, Asleep<K, V>>
    where
        C: Deref<Target: Home<K, V>>,
        K: Clone,
        V: Clone,
        S: BuildHasher,
        Q: Query<Key = K>,
        P: Shape<Value = V>,
        U: Rules<K, P::Seen, P::Error>,
    {
        let (home, hash) = (&**cache.core(), cache.hash_of(query));
        match self.look::<_, Q, P, U>(home, hash, query, &rules, true) {
            Looked::Answer(reply) => Asked::Answer(reply),
            Looked::Load(leading) => Asked::Load(load(hold(), leading, rules)),
            Looked::Wait(waiting) => wait(waiting, hold, rules),
            Looked::Renew(reply, leading) => {
                spawn(Ticket::new(cache.core(), leading, rules));
                Asked::Answer(reply)
            }
        }
    }

    #[inline]
    fn look<H, Q, P, U>(
        self,
        home: &H,
        hash: u64,
        query: &Q,
        rules: &U,
        spawns: bool,
    ) -> Looked<K, V, P::Reply>
    where
        H: Home<K, V>,
        K: Clone,
        V: Clone,
        Q: Query<Key = K>,
        P: Shape<Value = V>,
        U: Rules<K, P::Seen, P::Error>,
    {
        let look = Look::<_, _, P, _> { home, hash, query, rules, shape: PhantomData };
        let mut key = None;
        let reply = match self.waited {
            None => match look.hit(look.home.arrive()) {
                Some(reply) => Some(reply),
                None => match look.lead() {
                    Ok(leading) => return Looked::Load(leading),
                    Err(asked) => {
                        key = asked;
                        None
                    }
                },
            },
            Some(asleep) if asleep.in_circle => return Looked::Load(Leading::of_nothing()),
            Some(mut asleep) => {
                let (too_early, ending) = (asleep.waiting.too_early, asleep.ending.take());
                drop(asleep);
                look.after(self.attempt, too_early, ending)
            }
        };
        match reply {
            Some(reply) => Looked::Answer(reply),
            None => look.enter(self.attempt, key, spawns),
        }
    }
}

fn load<C, K, V, P, U>(home: C, leading: Leading<K, V>, rules: U) -> Load<C, K, V, P, U>
where
    C: Deref<Target: Home<K, V>>,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
{
    let kind = Kind::from(rules.want());
    Load::new(home, leading, kind, UNKNOWN, rules)
}

/// Lies down to wait; runs the body instead where that would be for ever.
fn wait<C, K, V, P, U>(
    waiting: Waiting<K, V>,
    hold: impl FnOnce() -> C,
    rules: U,
) -> Asked<P::Reply, Load<C, K, V, P, U>, Asleep<K, V>>
where
    C: Deref<Target: Home<K, V>>,
    P: Shape<Value = V>,
    U: Rules<K, P::Seen, P::Error>,
{
    match Wait::on(waiting.id()) {
        Some(wait) => Asked::Wait(Asleep::new(waiting, wait)),
        None => Asked::Load(load(hold(), Leading::of_nothing(), rules)),
    }
}

impl<Y, A, L, B, F, D, W> Future for Memoized<A, L, B, F, D, W>
where
    L: FnMut(&A, Asking<'_, W>) -> Asked<Y, D, W>,
    B: FnOnce(A) -> F,
    F: Future,
    D: Landing<Answer = F::Output, Reply = Y>,
    W: Sleeping,
{
    type Output = Y;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Y> {
        let mut this = self.project();
        loop {
            let (args, asleep) = match this.state.as_mut().project() {
                Now::Asking { args, asleep, .. } => (args, asleep),
                Now::Running { future, load, .. } => {
                    let reply = ready!(load.poll(future, cx));
                    this.state.set(State::Done);
                    return Poll::Ready(reply);
                }
                Now::Done => panic!("a call was polled after it had answered"),
            };
            if let Some(asleep) = asleep {
                ready!(asleep.poll(cx));
            }
            let asking = Asking { attempt: this.attempt, waited: asleep.take() };
            match (this.look)(args, asking) {
                Asked::Answer(reply) => {
                    this.state.set(State::Done);
                    return Poll::Ready(reply);
                }
                Asked::Load(load) => start(this.state.as_mut(), load),
                Asked::Wait(waiting) => *asleep = Some(waiting),
            }
        }
    }
}

/// Turns the arguments into the body's future.
fn start<A, B, F, D, W>(mut state: Pin<&mut State<A, B, F, D, W>>, mut load: D)
where
    B: FnOnce(A) -> F,
    D: Landing,
{
    let Was::Asking { args, body, .. } = state.as_mut().project_replace(State::Done) else {
        unreachable!("only a call that asks begins a load");
    };
    let (mut parts, mut future) = (Some((args, body)), None);
    load.start(&mut || future = parts.take().map(|(args, body)| body(args)));
    let future = future.expect("made at the start");
    let (enter, leave) = load.around();
    state.set(State::Running { enter, future, leave, load });
}

/// A task's wait for a flight.
pub struct Asleep<K, V> {
    waiting: Waiting<K, V>,
    seat: Seat,
    alarm: Option<Alarm>,
    /// How the flight ended; none if patience ended first.
    ending: Option<Ending<V>>,
    /// To wait on would be for ever.
    in_circle: bool,
    /// The edges of the graph of waits: gone when this is.
    wait: Wait,
}

impl<K, V> fmt::Debug for Asleep<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asleep").finish_non_exhaustive()
    }
}

impl<K, V> Asleep<K, V> {
    fn new(waiting: Waiting<K, V>, wait: Wait) -> Self {
        let alarm = waiting.until.map(Alarm::at);
        let seat = Seat::default();
        Self { waiting, seat, alarm, ending: None, in_circle: false, wait }
    }
}

impl<K, V> Sleeping for Asleep<K, V> {
    fn poll(&mut self, cx: &Context<'_>) -> Poll<()> {
        if let Poll::Ready(ending) = self.waiting.flight.poll_wait(&mut self.seat, cx) {
            self.ending = Some(ending);
            return Poll::Ready(());
        }
        if self.alarm.as_mut().is_some_and(|alarm| alarm.poll(cx).is_ready()) {
            return Poll::Ready(());
        }
        self.in_circle = !self.wait.goes_on();
        if self.in_circle { Poll::Ready(()) } else { Poll::Pending }
    }
}

/// A wait given up leaves no waker behind.
impl<K, V> Drop for Asleep<K, V> {
    fn drop(&mut self) {
        self.waiting.flight.leave(&mut self.seat);
    }
}
