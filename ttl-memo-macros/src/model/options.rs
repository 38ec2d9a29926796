//! The options, with their defaults resolved.

use std::time::Duration;

use syn::Expr;

use crate::args::{Args, Given, Helpers, MaxSize, Period, Policy, Scope, SingleFlight, Ttl};

/// What the attribute's list says of the cache and of its calls.
///
/// Not here, because they are resolved elsewhere in the [`Model`](super::Model): `key`, `skip`,
/// `in_impl`, `crate`. Where an option was not given, the variant that says so means *the runtime's
/// own default*, so that the expansion need not repeat it.
pub(crate) struct Options {
    /// `maxsize`, `forever`.
    pub(crate) maxsize: Bound,
    /// `ttl`, `forever`; [`Time::None`] also where only a `tti` is given.
    pub(crate) ttl: Time,
    /// `tti`.
    pub(crate) tti: Option<Given<Period>>,
    /// `expire_after`: `|&K, &V| -> Option<Duration>`.
    pub(crate) expire_after: Option<Given<Expr>>,
    /// `err_ttl`.
    pub(crate) err_ttl: Option<Given<Period>>,
    /// `jitter`: an `f64` expression; a literal is within `0.0..=1.0`.
    pub(crate) jitter: Option<Given<Expr>>,
    /// `policy`.
    pub(crate) policy: Policy,
    /// `cache_if`: `|&V| -> bool`.
    pub(crate) cache_if: Option<Given<Expr>>,
    /// `valid_if`: `|&K, &V| -> bool`.
    pub(crate) valid_if: Option<Given<Expr>>,
    /// `refresh_if`: a `bool` expression over the parameters, seen by reference as in `key`.
    pub(crate) refresh_if: Option<Given<Expr>>,
    /// `weigher`: `|&K, &V| -> usize`.
    pub(crate) weigher: Option<Given<Expr>>,
    /// `on_evict`: `|&K, &V, RemovalCause|`.
    pub(crate) on_evict: Option<Given<Expr>>,
    /// `on_error`: `|&K, &E|`.
    pub(crate) on_error: Option<Given<Expr>>,
    /// `tags`: `|&K, &V|` giving an `IntoIterator` of `Into<String>`.
    pub(crate) tags: Option<Given<Expr>>,
    /// `single_flight`; [`SingleFlight::On`] by default.
    pub(crate) single_flight: SingleFlight,
    /// `stale_while_revalidate`.
    pub(crate) stale_while_revalidate: Option<Given<Period>>,
    /// `stale_if_error`.
    pub(crate) stale_if_error: Option<Given<Period>>,
    /// `refresh_ahead`.
    pub(crate) refresh_ahead: Option<Given<Period>>,
    /// `spawn`: a path or a closure that takes the background work.
    pub(crate) spawn: Option<Given<Expr>>,
    /// `scope` and `cache`: where the entries live.
    pub(crate) store: Store,
    /// `hasher`: a `BuildHasher` expression.
    pub(crate) hasher: Option<Given<Expr>>,
    /// `clock`: an expression of a `Clock` type.
    pub(crate) clock: Option<Given<Expr>>,
    /// `name`: a string expression; by default the function's path.
    pub(crate) name: Option<Given<Expr>>,
    /// `helpers`.
    pub(crate) helpers: Helpers,
}

/// How much a cache may hold.
pub(crate) enum Bound {
    /// Not said: the runtime's default, 128.
    Default,
    /// Unbounded.
    None,
    /// A `usize` expression.
    Expr(Given<Expr>),
}

/// How long an entry may be served.
pub(crate) enum Time {
    /// Not said: the runtime's default, ten minutes.
    Default,
    /// For ever.
    None,
    /// A duration known here; never zero.
    Literal(Given<Duration>),
    /// A `Duration` expression.
    Expr(Given<Expr>),
}

/// Where the entries live.
pub(crate) enum Store {
    /// A hidden static, one for each instantiation.
    Global,
    /// A hidden thread-local, one for each instantiation.
    Thread,
    /// `cache = …`: an expression over the parameters, of type `&TtlCache<K, V>`.
    Expr(Given<Expr>),
}

impl Options {
    /// Resolves the defaults of what was written.
    pub(crate) fn resolve(args: Args) -> Self {
        let store = match (args.cache, args.scope.map(|given| given.value)) {
            (Some(cache), _) => Store::Expr(cache),
            (None, Some(Scope::Thread)) => Store::Thread,
            (None, Some(Scope::Global) | None) => Store::Global,
        };
        let forever = args.forever.is_some();
        Self {
            maxsize: Bound::resolve(args.maxsize, forever),
            ttl: Time::resolve(args.ttl, forever || args.tti.is_some()),
            tti: args.tti,
            expire_after: args.expire_after,
            err_ttl: args.err_ttl,
            jitter: args.jitter,
            policy: args.policy.map_or(Policy::Adaptive, |given| given.value),
            cache_if: args.cache_if,
            valid_if: args.valid_if,
            refresh_if: args.refresh_if,
            weigher: args.weigher,
            on_evict: args.on_evict,
            on_error: args.on_error,
            tags: args.tags,
            single_flight: args.single_flight.map_or(SingleFlight::On, |given| given.value),
            stale_while_revalidate: args.stale_while_revalidate,
            stale_if_error: args.stale_if_error,
            refresh_ahead: args.refresh_ahead,
            spawn: args.spawn,
            store,
            hasher: args.hasher,
            clock: args.clock,
            name: args.name,
            helpers: args.helpers.map_or(Helpers::AsFunction, |given| given.value),
        }
    }
}

impl Bound {
    fn resolve(given: Option<Given<MaxSize>>, forever: bool) -> Self {
        match given.map(Given::split) {
            Some((MaxSize::None, _)) => Self::None,
            Some((MaxSize::Expr(expr), given)) => Self::Expr(given.with(expr)),
            None if forever => Self::None,
            None => Self::Default,
        }
    }
}

impl Time {
    fn resolve(given: Option<Given<Ttl>>, never: bool) -> Self {
        match given.map(Given::split) {
            Some((Ttl::None, _)) => Self::None,
            Some((Ttl::After(Period::Literal(duration)), given)) => {
                Self::Literal(given.with(duration))
            }
            Some((Ttl::After(Period::Expr(expr)), given)) => Self::Expr(given.with(expr)),
            None if never => Self::None,
            None => Self::Default,
        }
    }
}
