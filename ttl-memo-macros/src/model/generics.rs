//! The function's generics, and which of them split its cache.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{GenericParam, Lifetime, Token, Type, TypeParamBound, WherePredicate};

use super::{Function, Mentions, Output, Parameter};
use crate::args::Args;

/// The function's generics, and those of its helpers.
pub(crate) struct Generics {
    /// The generics that stand for the `impl Trait` parameters, in order.
    pub(crate) impls: Vec<ImplParam>,
    /// As declared, and one more type parameter for each `impl Trait`: what a helper declares that
    /// runs the body, and so takes every parameter.
    pub(crate) whole: syn::Generics,
    /// The names of the type and const parameters that split the cache.
    split: HashSet<String>,
}

/// The generic that stands for an `impl Trait` parameter.
#[derive(Clone)]
pub(crate) struct ImplParam {
    /// Its name, generated.
    pub(crate) ident: Ident,
    /// The bounds after `impl`.
    pub(crate) bounds: Punctuated<TypeParamBound, Token![+]>,
}

impl Generics {
    pub(super) fn of(
        function: &Function,
        parameters: &[Parameter],
        output: &Output,
        args: &Args,
    ) -> Self {
        let mut whole = function.sig.generics.clone();
        let impls: Vec<_> =
            parameters.iter().flat_map(|parameter| parameter.impls.clone()).collect();
        for ImplParam { ident, bounds } in &impls {
            whole.params.push(GenericParam::Type(syn::parse_quote!(#ident: #bounds)));
        }
        let split = Splitting::new(parameters, output, args).of(&whole);
        Self { impls, whole, split }
    }

    /// Whether each value of this type or const parameter has a cache of its own.
    pub(crate) fn splits(&self, ident: &Ident) -> bool {
        self.split.contains(&ident.unraw().to_string())
    }

    /// The names of the type and const parameters, those of `impl Trait`s last.
    pub(crate) fn names(&self) -> impl Iterator<Item = Ident> + '_ {
        names(&self.whole)
    }

    /// What a helper declares that does not run the body: the type and const parameters that split
    /// the cache (those of `impl Trait`s last), and the lifetimes that its own `types` and the
    /// bounds kept mention.
    pub(crate) fn helper<'ty>(&self, types: impl IntoIterator<Item = &'ty Type>) -> syn::Generics {
        let mut mentions = Mentions::default();
        types.into_iter().for_each(|ty| mentions.add_any(ty));
        let mut kept = self.whole.clone();
        kept.params = kept.params.into_iter().filter(|param| self.keeps(param)).collect();
        if let Some(clause) = &mut kept.where_clause {
            let predicates = std::mem::take(&mut clause.predicates);
            clause.predicates = predicates.into_iter().filter(|p| !self.drops(p)).collect();
        }
        for_each_bound(&mut kept, |bound| {
            if !matches!(bound, TypeParamBound::Lifetime(_)) {
                mentions.add_any(bound);
            }
            true
        });
        keep_lifetimes(&mut kept, &mut mentions);
        kept
    }

    fn keeps(&self, param: &GenericParam) -> bool {
        match param {
            GenericParam::Lifetime(_) => true,
            GenericParam::Type(param) => self.splits(&param.ident),
            GenericParam::Const(param) => self.splits(&param.ident),
        }
    }

    /// Whether a predicate is about a parameter that is not kept.
    fn drops(&self, predicate: &WherePredicate) -> bool {
        let mentions = Mentions::any(predicate);
        names(&self.whole).any(|ident| mentions.ident(&ident) && !self.splits(&ident))
    }
}

/// The `::<T, N>` that names the types and consts of these generics; lifetimes are inferred.
pub(crate) fn turbofish(generics: &syn::Generics) -> TokenStream {
    let mut names = names(generics).peekable();
    if names.peek().is_none() { TokenStream::new() } else { quote!(::<#(#names),*>) }
}

/// The names of the type and const parameters, in order.
fn names(generics: &syn::Generics) -> impl Iterator<Item = Ident> + '_ {
    generics.params.iter().filter_map(|param| match param {
        GenericParam::Lifetime(_) => None,
        GenericParam::Type(param) => Some(param.ident.clone()),
        GenericParam::Const(param) => Some(param.ident.clone()),
    })
}

/// Keeps the bounds of type parameters and predicates for which `keep` holds.
fn for_each_bound(generics: &mut syn::Generics, mut keep: impl FnMut(&TypeParamBound) -> bool) {
    let mut filter = |bounds: &mut Punctuated<TypeParamBound, Token![+]>| {
        *bounds = std::mem::take(bounds).into_iter().filter(&mut keep).collect();
    };
    for param in generics.type_params_mut() {
        filter(&mut param.bounds);
    }
    for predicate in generics.where_clause.iter_mut().flat_map(|clause| &mut clause.predicates) {
        if let WherePredicate::Type(predicate) = predicate {
            filter(&mut predicate.bounds);
        }
    }
}

/// Removes the lifetimes that nothing kept mentions, and the bounds by them.
fn keep_lifetimes(generics: &mut syn::Generics, mentions: &mut Mentions) {
    let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    for predicate in predicates {
        if let WherePredicate::Type(predicate) = predicate {
            mentions.add_any(&predicate.bounded_ty);
        }
    }
    let declared: Vec<_> = generics.lifetimes().map(|param| param.lifetime.clone()).collect();
    let keeps =
        |lifetime: &Lifetime| !declared.contains(lifetime) || mentions.name(&lifetime.to_string());
    for_each_bound(generics, |bound| match bound {
        TypeParamBound::Lifetime(lifetime) => keeps(lifetime),
        _ => true,
    });
    let params = std::mem::take(&mut generics.params).into_iter();
    generics.params = params
        .filter_map(|param| match param {
            GenericParam::Lifetime(mut param) => {
                param.bounds = param.bounds.into_iter().filter(&keeps).collect();
                keeps(&param.lifetime).then_some(GenericParam::Lifetime(param))
            }
            param => Some(param),
        })
        .collect();
    if let Some(clause) = &mut generics.where_clause {
        let predicates = std::mem::take(&mut clause.predicates).into_iter();
        clause.predicates = predicates.filter_map(|p| outlives(p, &keeps)).collect();
    }
}

/// The predicate without the bounds by lifetimes that are gone; nothing if nothing is left.
fn outlives(
    mut predicate: WherePredicate,
    keeps: &impl Fn(&Lifetime) -> bool,
) -> Option<WherePredicate> {
    let empty = match &mut predicate {
        WherePredicate::Lifetime(predicate) => {
            predicate.bounds =
                std::mem::take(&mut predicate.bounds).into_iter().filter(keeps).collect();
            predicate.bounds.is_empty() || !keeps(&predicate.lifetime)
        }
        WherePredicate::Type(predicate) => predicate.bounds.is_empty(),
        _ => false,
    };
    (!empty).then_some(predicate)
}

/// Finds which type and const parameters split the cache.
///
/// All do, but for one that only unkeyed parameters mention, or the bounds of such a one (the `Fut`
/// of a skipped `F: FnOnce() -> Fut`). One that nothing mentions does, and so does one that a bound
/// of another type mentions (`Self: From<D>`): the body may depend on it.
struct Splitting {
    keyed: Mentions,
    unkeyed: Mentions,
}

impl Splitting {
    fn new(parameters: &[Parameter], output: &Output, args: &Args) -> Self {
        let mut keyed = Mentions::any(&output.ty);
        let mut unkeyed = Mentions::default();
        for parameter in parameters {
            let mentions = if parameter.is_helper_input() { &mut keyed } else { &mut unkeyed };
            mentions.add_any(&parameter.written);
            mentions.add_any(&parameter.ty);
        }
        args.cache_expressions().for_each(|expr| keyed.add_any(expr));
        Self { keyed, unkeyed }
    }

    fn of(mut self, generics: &syn::Generics) -> HashSet<String> {
        let all: Vec<_> = names(generics).collect();
        let bounds = bounds(generics, &all);
        for bound in bounds.iter().filter(|bound| bound.about.is_empty()) {
            let mentions = Mentions::any(&bound.says);
            for ident in all.iter().filter(|ident| mentions.ident(ident)) {
                if !self.unkeyed.ident(ident) {
                    self.keyed.add_any(ident);
                }
            }
        }
        // First what unkeyed ones lead to, whether or not these split in the end: where they do,
        // so does what they lead to.
        to_the_end(&bounds, |bound| {
            if bound.about.iter().any(|ident| self.unkeyed.ident(ident)) {
                self.unkeyed.add_any(&bound.says);
            }
            all.iter().filter(|ident| self.unkeyed.ident(ident)).count()
        });
        // What the bounds of one that splits mention splits too: its type may depend on it.
        to_the_end(&bounds, |bound| {
            let about = &bound.about;
            if !about.is_empty() && about.iter().all(|ident| self.splits(ident)) {
                self.keyed.add_any(&bound.says);
            }
            all.iter().filter(|ident| self.splits(ident)).count()
        });
        let splitting = all.iter().filter(|ident| self.splits(ident));
        splitting.map(|ident| ident.unraw().to_string()).collect()
    }

    fn splits(&self, ident: &Ident) -> bool {
        self.keyed.ident(ident) || !self.unkeyed.ident(ident)
    }
}

/// What is asked of a type.
struct Bounded<'a> {
    /// The parameters that the type mentions.
    about: Vec<&'a Ident>,
    says: TokenStream,
}

/// Goes through the bounds until `step` gives the same number for a whole round.
fn to_the_end(bounds: &[Bounded<'_>], mut step: impl FnMut(&Bounded<'_>) -> usize) {
    let mut before = None;
    loop {
        let now = bounds.iter().map(&mut step).last();
        if now == before {
            break;
        }
        before = now;
    }
}

fn bounds<'a>(generics: &syn::Generics, all: &'a [Ident]) -> Vec<Bounded<'a>> {
    let bounded = |ty: &dyn ToTokens, says: &dyn ToTokens| {
        let mentions = Mentions::any(&ty.to_token_stream());
        let about = all.iter().filter(|ident| mentions.ident(ident)).collect();
        Bounded { about, says: says.to_token_stream() }
    };
    let inline = generics.type_params().map(|param| bounded(&param.ident, &param.bounds));
    let clause = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let stated = clause.filter_map(|predicate| match predicate {
        WherePredicate::Type(predicate) => Some(bounded(&predicate.bounded_ty, &predicate.bounds)),
        _ => None,
    });
    inline.chain(stated).collect()
}
