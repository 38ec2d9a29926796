//! The attribute's list, as written.

mod duration;
mod hooks;
mod list;
mod names;
mod periods;
#[cfg(test)]
mod tests;
mod typed;
mod values;

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{Expr, Path, Result};

use self::list::Written;
use crate::errors::Errors;

pub(crate) use self::names::{listed, nearest};
pub(crate) use self::typed::{Given, Helpers, MaxSize, Period, Policy, Scope, SingleFlight, Ttl};

/// Every option that was given, its value in the right form.
///
/// An option whose value was not in the right form has been complained of, and is as if it had not
/// been given.
#[derive(Clone, Default)]
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
    /// The names of all options that there are in the list, their values right or not, once each.
    named: Vec<Ident>,
    /// The whole list, for the names in it.
    pub(crate) tokens: TokenStream,
}

impl Args {
    /// Reads the list, complaining of all that is wrong with it.
    pub(crate) fn read(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut args = Self { tokens: tokens.clone(), ..Self::default() };
        list::read(tokens, errors, |option, errors| {
            let name = option.name();
            if args.named(&name).is_some() {
                errors.at(&option.name, format!("option `{name}` given twice"));
            } else {
                args.take(&option, &name, errors);
                args.named.push(option.name);
            }
        });
        args
    }

    /// The name of an option as written in the list, if it is there.
    pub(crate) fn named(&self, name: &str) -> Option<&Ident> {
        self.named.iter().find(|named| named.unraw() == name)
    }

    /// Reads one option into its place.
    fn take(&mut self, option: &Written, name: &str, errors: &mut Errors) {
        let mut into = Into { option, errors };
        match name {
            "maxsize" => into.place(&mut self.maxsize, values::maxsize),
            "ttl" => into.place(&mut self.ttl, values::ttl),
            "forever" => into.place(&mut self.forever, values::flag),
            "tti" => into.place(&mut self.tti, periods::read),
            "expire_after" => into.place(&mut self.expire_after, hooks::called),
            "err_ttl" => into.place(&mut self.err_ttl, periods::read),
            "jitter" => into.place(&mut self.jitter, values::jitter),
            "policy" => into.place(&mut self.policy, values::policy),
            "key" => into.place(&mut self.key, hooks::over_parameters),
            "skip" => into.place(&mut self.skip, values::names),
            "cache_if" => into.place(&mut self.cache_if, hooks::called),
            "valid_if" => into.place(&mut self.valid_if, hooks::called),
            "refresh_if" => into.place(&mut self.refresh_if, hooks::over_parameters),
            "weigher" => into.place(&mut self.weigher, hooks::called),
            "on_evict" => into.place(&mut self.on_evict, hooks::called),
            "on_error" => into.place(&mut self.on_error, hooks::called),
            "tags" => into.place(&mut self.tags, hooks::called),
            "single_flight" => into.place(&mut self.single_flight, values::single_flight),
            "stale_while_revalidate" => {
                into.place(&mut self.stale_while_revalidate, periods::read);
            }
            "stale_if_error" => into.place(&mut self.stale_if_error, periods::read),
            "refresh_ahead" => into.place(&mut self.refresh_ahead, periods::read),
            "spawn" => into.place(&mut self.spawn, hooks::called),
            "cache" => into.place(&mut self.cache, hooks::expr),
            "scope" => into.place(&mut self.scope, values::scope),
            "hasher" => into.place(&mut self.hasher, hooks::expr),
            "clock" => into.place(&mut self.clock, hooks::expr),
            "name" => into.place(&mut self.name, values::text),
            "helpers" => into.place(&mut self.helpers, values::helpers),
            "in_impl" => into.place(&mut self.in_impl, values::in_impl),
            "crate" => into.place(&mut self.crate_path, values::path),
            _ => errors.at(&option.name, names::unknown(name)),
        }
    }

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

/// Puts an option's value in its place.
struct Into<'a> {
    option: &'a Written,
    errors: &'a mut Errors,
}

impl Into<'_> {
    fn place<T>(&mut self, place: &mut Option<Given<T>>, read: fn(&Written) -> Result<T>) {
        let value = self.errors.keep(read(self.option));
        *place = value.map(|value| self.option.given(value));
    }
}
