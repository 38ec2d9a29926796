//! The attribute's list, as written.

mod values;

use proc_macro2::{Ident, TokenStream};
use syn::{Expr, Path};

pub(crate) use values::{Given, Helpers, MaxSize, Period, Policy, Scope, SingleFlight, Ttl};

/// Every option that was given, its value in the right form.
///
/// An option whose value was not in the right form has been complained of, and is as if it had not
/// been given.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) maxsize: Option<Given<MaxSize>>,
    pub(crate) ttl: Option<Given<Ttl>>,
    pub(crate) forever: Option<Given<()>>,
    pub(crate) tti: Option<Given<Period>>,
    pub(crate) expire_after: Option<Given<Expr>>,
    pub(crate) err_ttl: Option<Given<Period>>,
    pub(crate) jitter: Option<Given<Expr>>,
    pub(crate) policy: Option<Given<Policy>>,
    pub(crate) key: Option<Given<Expr>>,
    pub(crate) skip: Option<Given<Vec<Ident>>>,
    pub(crate) cache_if: Option<Given<Expr>>,
    pub(crate) valid_if: Option<Given<Expr>>,
    pub(crate) refresh_if: Option<Given<Expr>>,
    pub(crate) weigher: Option<Given<Expr>>,
    pub(crate) on_evict: Option<Given<Expr>>,
    pub(crate) on_error: Option<Given<Expr>>,
    pub(crate) tags: Option<Given<Expr>>,
    pub(crate) single_flight: Option<Given<SingleFlight>>,
    pub(crate) stale_while_revalidate: Option<Given<Period>>,
    pub(crate) stale_if_error: Option<Given<Period>>,
    pub(crate) refresh_ahead: Option<Given<Period>>,
    pub(crate) spawn: Option<Given<Expr>>,
    pub(crate) cache: Option<Given<Expr>>,
    pub(crate) scope: Option<Given<Scope>>,
    pub(crate) hasher: Option<Given<Expr>>,
    pub(crate) clock: Option<Given<Expr>>,
    pub(crate) name: Option<Given<Expr>>,
    pub(crate) helpers: Option<Given<Helpers>>,
    pub(crate) in_impl: Option<Given<bool>>,
    pub(crate) crate_path: Option<Given<Path>>,
    /// The whole list, for the names in it.
    pub(crate) tokens: TokenStream,
}

impl Args {
    /// The expressions that the cache itself is made of, or keyed by: those that cannot be moved
    /// out of reach of the function's generics.
    pub(crate) fn cache_expressions(&self) -> impl Iterator<Item = &Expr> {
        let plain = [
            &self.expire_after,
            &self.jitter,
            &self.key,
            &self.cache_if,
            &self.valid_if,
            &self.weigher,
            &self.on_evict,
            &self.on_error,
            &self.tags,
            &self.cache,
            &self.hasher,
            &self.clock,
            &self.name,
        ];
        let periods = [
            &self.tti,
            &self.err_ttl,
            &self.stale_while_revalidate,
            &self.stale_if_error,
            &self.refresh_ahead,
        ];
        let maxsize = self.maxsize.iter().filter_map(|given| match &given.value {
            MaxSize::Expr(expr) => Some(expr),
            MaxSize::None => None,
        });
        let ttl = self.ttl.iter().filter_map(|given| match &given.value {
            Ttl::After(period) => Some(period),
            Ttl::None => None,
        });
        let wait = self.single_flight.iter().filter_map(|given| match &given.value {
            SingleFlight::AtMost(period) => Some(&period.value),
            SingleFlight::On | SingleFlight::Off => None,
        });
        let periods = periods.into_iter().flatten().map(|given| &given.value);
        let periods = periods.chain(ttl).chain(wait).filter_map(|period| match period {
            Period::Expr(expr) => Some(expr),
            Period::Literal(_) => None,
        });
        plain.into_iter().flatten().map(|given| &given.value).chain(maxsize).chain(periods)
    }
}
