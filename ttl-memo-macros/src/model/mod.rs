//! What expansion needs to know, with every default resolved.
//!
//! A [`Model`] is made from the options as written ([`crate::args`]) and the function as written;
//! [`crate::check`] looks at it, and only one without mistakes reaches `expand`, which therefore
//! never asks whether something is allowed.

mod function;
mod generics;
mod mentions;
mod options;
mod output;
mod parameters;
mod selves;
mod shape;
#[cfg(test)]
mod tests;

pub(crate) use crate::args::{Given, Helpers, Period, Policy, SingleFlight};
pub(crate) use function::{Function, Place};
pub(crate) use generics::{Generics, turbofish};
pub(crate) use mentions::Mentions;
pub(crate) use options::{Bound, Options, Store, Time};
pub(crate) use output::{Asyncness, Output};
pub(crate) use parameters::{Binding, Parameter, Role, skippable_name};
pub(crate) use selves::{self_in_a_string, with_another_self};
pub(crate) use shape::{Shape, ShapeKind, bare as bare_type};

use proc_macro2::Ident;
use quote::format_ident;
use syn::ext::IdentExt;

use crate::args::Args;
use crate::hygiene::Names;

/// One annotated function and how it is to be memoized.
pub(crate) struct Model {
    /// The function as written.
    pub(crate) function: Function,
    /// Its parameters, the receiver included, in order.
    pub(crate) parameters: Vec<Parameter>,
    /// Its generics, and those of its helpers.
    pub(crate) generics: Generics,
    /// What a call gives.
    pub(crate) output: Output,
    /// How it runs: as it is called, or when its future is polled.
    pub(crate) asyncness: Asyncness,
    /// What tells one call from another.
    pub(crate) key: Key,
    /// Everything that the attribute's list says of the cache.
    pub(crate) options: Options,
    /// Where `ttl_memo` is, as an absolute path: `::ttl_memo`, or what `crate = …` says.
    pub(crate) runtime: syn::Path,
    /// Names that cannot collide with what the user wrote.
    pub(crate) names: Names,
}

/// What tells one call from another.
pub(crate) enum Key {
    /// The parameters whose role is [`Role::Keyed`], in order (there may be none).
    Parameters,
    /// `key = …`: an expression over the names that the parameters bind, each seen by reference.
    Expr(Given<syn::Expr>),
}

impl Model {
    /// Puts together what was written. Never fails: what is wrong is found by [`crate::check`].
    pub(crate) fn new(args: &Args, function: Function) -> Self {
        let names = Names::around(args, &function);
        let runtime = crate::runtime::path(args.crate_path.as_ref().map(|given| &given.value));
        let asyncness = Asyncness::of(&function.sig);
        let output = Output::of(&function.sig, &asyncness);
        let parameters = parameters::classify(args, &function, &names);
        let generics = Generics::of(&function, &parameters, &output, args);
        let key = args.key.clone().map_or(Key::Parameters, Key::Expr);
        let options = Options::resolve(args.clone());
        Self { function, parameters, generics, output, asyncness, key, options, runtime, names }
    }

    /// The parameters taken by the helpers that do not run the body: those that are (read for) the
    /// key, and those that the `cache` expression names.
    pub(crate) fn key_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.is_helper_input())
    }

    /// The parameters named by `cache = …`, which every helper takes.
    pub(crate) fn cache_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| parameter.uses.cache)
    }

    /// The name of a helper: `f_cache_clear` for `cache_clear`, with the span of `f`.
    pub(crate) fn helper(&self, suffix: &str) -> Ident {
        let function = &self.function.sig.ident;
        format_ident!("{}_{suffix}", function.unraw(), span = function.span())
    }
}
