//! What one function asks for beside what its cache decides: its `cache_if`, `valid_if` and the
//! like.
//!
//! What is not asked for is a `()`, of no size, and compiled out.

use std::marker::PhantomData;
use std::time::Duration;

use super::outcome::Shape;
use crate::TtlCache;
use crate::clock::nanos;
use crate::options::SingleFlight;

/// The rules of a call whose key is a `K`, whose hooks see a `T`, and whose errors are `E`.
///
/// `()` is a set of rules: none.
pub trait Rules<K, T, E> {
    /// Whether there is a `valid_if`.
    const VALIDATES: bool = false;
    /// Whether there is a `refresh_ahead`.
    const AHEAD: bool = false;

    /// `cache_if`: whether this value is to be stored.
    fn stores(&self, _value: &T) -> bool {
        true
    }

    /// `valid_if`: whether this entry may be served still.
    fn valid(&self, _key: &K, _value: &T) -> bool {
        true
    }

    /// `on_error`: hears of an error that a stale value stood in for.
    fn on_error(&self, _key: &K, _error: &E) {}

    /// `refresh_ahead`, in nanoseconds: an entry with less than this left is refreshed.
    fn ahead(&self) -> u64 {
        0
    }

    /// `single_flight`, where it is the function's and not the cache's.
    fn single_flight(&self) -> Option<SingleFlight> {
        None
    }

    /// Whether an entry will do, or the body is to run.
    #[inline]
    fn want(&self) -> Want {
        Want::Answer
    }
}

/// What a call is after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// An entry will do.
    Answer,
    /// `refresh_if` was true: a call that an entry will not do for.
    Anew,
    /// `…_cache_refresh`: not a call.
    Refresh,
}

impl<K, T, E> Rules<K, T, E> for () {}

impl<K, T, E, U: Rules<K, T, E> + ?Sized> Rules<K, T, E> for &U {
    const VALIDATES: bool = U::VALIDATES;
    const AHEAD: bool = U::AHEAD;

    fn stores(&self, value: &T) -> bool {
        (**self).stores(value)
    }

    fn valid(&self, key: &K, value: &T) -> bool {
        (**self).valid(key, value)
    }

    fn on_error(&self, key: &K, error: &E) {
        (**self).on_error(key, error);
    }

    fn ahead(&self) -> u64 {
        (**self).ahead()
    }

    fn single_flight(&self) -> Option<SingleFlight> {
        (**self).single_flight()
    }

    #[inline]
    fn want(&self) -> Want {
        (**self).want()
    }
}

/// Rules, one place an option. `C`, `W`, `O`, `A`, `F`: what `cache_if`, `valid_if`, `on_error`,
/// `refresh_ahead` and `single_flight` are.
///
/// The types that hooks see are not in its own: it is kept in a static, and an error's may borrow.
#[derive(Clone, Copy, Debug)]
pub struct RuleSet<C = (), W = (), O = (), A = (), F = ()> {
    cache_if: C,
    valid_if: W,
    on_error: O,
    ahead: A,
    single_flight: F,
}

/// Rules as they are put together, one method an option, for keys `K`, values `T` and errors `E`:
/// these are what closures without annotations see.
#[derive(Debug)]
pub struct Ruling<K, T, E, U = RuleSet> {
    set: U,
    types: PhantomData<fn(&K, &T, &E)>,
}

/// No rules yet, for calls that `cache` and `shape` serve.
pub(crate) fn rules<K, V, S, P>(_: &TtlCache<K, V, S>, _: P) -> Ruling<K, P::Seen, P::Error>
where
    P: Shape<Value = V>,
{
    let set = RuleSet { cache_if: (), valid_if: (), on_error: (), ahead: (), single_flight: () };
    Ruling { set, types: PhantomData }
}

/// A closure of the user's.
#[derive(Clone, Copy, Debug)]
pub struct Hook<G>(G);

/// Another set, with one field of another type.
macro_rules! with {
    ($self:ident, $field:ident: $value:expr; $($same:ident),+) => {
        Ruling {
            set: RuleSet { $field: $value, $($same: $self.set.$same),+ },
            types: PhantomData,
        }
    };
}

#[expect(clippy::type_complexity, reason = "each method fills one place of the list")]
impl<K, T, E, C, W, O, A, F> Ruling<K, T, E, RuleSet<C, W, O, A, F>> {
    /// Which values are stored.
    pub fn cache_if<G: Fn(&T) -> bool>(
        self,
        of: G,
    ) -> Ruling<K, T, E, RuleSet<Hook<G>, W, O, A, F>> {
        with!(self, cache_if: Hook(of); valid_if, on_error, ahead, single_flight)
    }

    /// Which entries may be served still.
    pub fn valid_if<G: Fn(&K, &T) -> bool>(
        self,
        of: G,
    ) -> Ruling<K, T, E, RuleSet<C, Hook<G>, O, A, F>> {
        with!(self, valid_if: Hook(of); cache_if, on_error, ahead, single_flight)
    }

    /// Who hears of errors that a stale value stood in for.
    pub fn on_error<G: Fn(&K, &E)>(self, of: G) -> Ruling<K, T, E, RuleSet<C, W, Hook<G>, A, F>> {
        with!(self, on_error: Hook(of); cache_if, valid_if, ahead, single_flight)
    }

    /// How long before its deadline an entry is refreshed.
    pub fn refresh_ahead(self, ahead: Duration) -> Ruling<K, T, E, RuleSet<C, W, O, Duration, F>> {
        with!(self, ahead: ahead; cache_if, valid_if, on_error, single_flight)
    }

    /// Whether, and for how long, a call waits for another's body; else the cache decides.
    pub fn single_flight(
        self,
        single_flight: impl Into<SingleFlight>,
    ) -> Ruling<K, T, E, RuleSet<C, W, O, A, SingleFlight>> {
        with!(self, single_flight: single_flight.into(); cache_if, valid_if, on_error, ahead)
    }

    /// All of them.
    pub fn done(self) -> RuleSet<C, W, O, A, F> {
        self.set
    }
}

impl<K, T, E, C, W, O, A, F> Rules<K, T, E> for RuleSet<C, W, O, A, F>
where
    C: CacheIf<T>,
    W: ValidIf<K, T>,
    O: OnError<K, E>,
    A: Ahead,
    F: Flights,
{
    const VALIDATES: bool = W::VALIDATES;
    const AHEAD: bool = A::AHEAD;

    fn stores(&self, value: &T) -> bool {
        self.cache_if.stores(value)
    }

    fn valid(&self, key: &K, value: &T) -> bool {
        self.valid_if.valid(key, value)
    }

    fn on_error(&self, key: &K, error: &E) {
        self.on_error.hear(key, error);
    }

    fn ahead(&self) -> u64 {
        self.ahead.ahead()
    }

    fn single_flight(&self) -> Option<SingleFlight> {
        self.single_flight.single_flight()
    }
}

/// What may stand in the place of `cache_if`.
pub trait CacheIf<T> {
    #[doc(hidden)]
    fn stores(&self, value: &T) -> bool;
}

impl<T> CacheIf<T> for () {
    fn stores(&self, _: &T) -> bool {
        true
    }
}

impl<T, G: Fn(&T) -> bool> CacheIf<T> for Hook<G> {
    fn stores(&self, value: &T) -> bool {
        (self.0)(value)
    }
}

/// What may stand in the place of `valid_if`.
pub trait ValidIf<K, T> {
    #[doc(hidden)]
    const VALIDATES: bool;
    #[doc(hidden)]
    fn valid(&self, key: &K, value: &T) -> bool;
}

impl<K, T> ValidIf<K, T> for () {
    const VALIDATES: bool = false;

    fn valid(&self, _: &K, _: &T) -> bool {
        true
    }
}

impl<K, T, G: Fn(&K, &T) -> bool> ValidIf<K, T> for Hook<G> {
    const VALIDATES: bool = true;

    fn valid(&self, key: &K, value: &T) -> bool {
        (self.0)(key, value)
    }
}

/// What may stand in the place of `on_error`.
pub trait OnError<K, E> {
    #[doc(hidden)]
    fn hear(&self, key: &K, error: &E);
}

impl<K, E> OnError<K, E> for () {
    fn hear(&self, _: &K, _: &E) {}
}

impl<K, E, G: Fn(&K, &E)> OnError<K, E> for Hook<G> {
    fn hear(&self, key: &K, error: &E) {
        (self.0)(key, error);
    }
}

/// What may stand in the place of `refresh_ahead`.
pub trait Ahead {
    #[doc(hidden)]
    const AHEAD: bool;
    #[doc(hidden)]
    fn ahead(&self) -> u64;
}

impl Ahead for () {
    const AHEAD: bool = false;

    fn ahead(&self) -> u64 {
        0
    }
}

impl Ahead for Duration {
    const AHEAD: bool = true;

    fn ahead(&self) -> u64 {
        nanos(*self)
    }
}

/// What may stand in the place of `single_flight`.
pub trait Flights {
    #[doc(hidden)]
    fn single_flight(&self) -> Option<SingleFlight>;
}

impl Flights for () {
    fn single_flight(&self) -> Option<SingleFlight> {
        None
    }
}

impl Flights for SingleFlight {
    fn single_flight(&self) -> Option<SingleFlight> {
        Some(*self)
    }
}
