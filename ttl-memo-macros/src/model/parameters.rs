//! The parameters, and what each is to the key.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use syn::{Attribute, FnArg, Pat, PatIdent, PatType, Receiver, ReceiverKind, Type, parse_quote};

use super::generics::ImplParam;
use super::{Function, Mentions, Shape};
use crate::args::Args;
use crate::hygiene::Names;

/// A parameter of the function, or its receiver.
pub(crate) struct Parameter {
    /// Its attributes (lints; a `cfg` is refused).
    pub(crate) attrs: Vec<Attribute>,
    /// The pattern or receiver, as written.
    pub(crate) binding: Binding,
    /// The name by which the wrapper and the helpers bind it: its own where the pattern is a plain
    /// one, `self`, or else a generated one.
    pub(crate) ident: Ident,
    /// The names that its pattern binds, in order: what `key`, `cache` and `refresh_if` may mention.
    pub(crate) bound: Vec<Ident>,
    /// Its type as written; that of a receiver in full (`&Self`).
    pub(crate) written: Type,
    /// The same with each `impl Trait` replaced by its generic: what the helpers declare.
    pub(crate) ty: Type,
    /// The generics that stand for its `impl Trait`s, in order.
    pub(crate) impls: Vec<ImplParam>,
    /// What it is to the key.
    pub(crate) role: Role,
    /// The expressions, evaluated at each call, that mention it.
    pub(crate) uses: Uses,
}

/// How a parameter is written.
pub(crate) enum Binding {
    /// `self`, `&self`, `self: Arc<Self>`.
    Receiver(Receiver),
    /// Any other.
    Pattern(Pat),
}

/// What a parameter is to the key.
pub(crate) enum Role {
    /// A part of the key, taken apart as the shape says.
    Keyed(Shape),
    /// Read by the `key` expression.
    KeyInput,
    /// No part of it: skipped, not mentioned by `key`, or there to say which `cache`.
    Unkeyed,
}

/// The expressions that mention a parameter.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub(crate) struct Uses {
    /// `key = …`
    pub(crate) key: bool,
    /// `cache = …`
    pub(crate) cache: bool,
    /// `refresh_if = …`
    pub(crate) refresh_if: bool,
}

impl Parameter {
    /// Whether the helpers that do not run the body take it.
    pub(crate) fn is_helper_input(&self) -> bool {
        self.uses.cache || !matches!(self.role, Role::Unkeyed)
    }

    /// Whether the attribute's list mentions it in an expression.
    pub(crate) fn is_used_by_an_expression(&self) -> bool {
        self.uses.key || self.uses.cache || self.uses.refresh_if
    }

    /// Whether it is the receiver.
    pub(crate) fn is_receiver(&self) -> bool {
        matches!(self.binding, Binding::Receiver(_))
    }

    /// As a helper declares it: `n: u64`, `&self`.
    pub(crate) fn declared(&self) -> TokenStream {
        let Self { binding, ident, ty, .. } = self;
        match binding {
            Binding::Receiver(receiver) => {
                let receiver = Receiver { attrs: Vec::new(), mutability: None, ..receiver.clone() };
                receiver.into_token_stream()
            }
            Binding::Pattern(_) => quote!(#ident: #ty),
        }
    }

    /// The pattern by which expressions see its parts shared, matched against `&T` (against the
    /// value itself where that is a `&T`); nothing where `ident` is all there is to see.
    ///
    /// `mut`, `ref` and `&` are taken out of it, so that every name is a reference.
    pub(crate) fn shared_pattern(&self) -> Option<Pat> {
        let Binding::Pattern(pat) = &self.binding else { return None };
        let plain = matches!(bare_pattern(pat), Pat::Ident(PatIdent { subpat: None, .. }));
        if plain || self.bound.is_empty() {
            return None;
        }
        let mut pat = pat.clone();
        Shared.visit_pat_mut(&mut pat);
        Some(pat)
    }
}

/// Classifies the parameters of a function.
pub(super) fn classify(args: &Args, function: &Function, names: &Names) -> Vec<Parameter> {
    let classifier = Classifier {
        args,
        names,
        key: args.key.as_ref().map(|given| Mentions::values(&given.value)),
        cache: args.cache.as_ref().map(|given| Mentions::values(&given.value)),
        refresh_if: args.refresh_if.as_ref().map(|given| Mentions::values(&given.value)),
    };
    function.sig.inputs.iter().map(|input| classifier.parameter(input)).collect()
}

struct Classifier<'a> {
    args: &'a Args,
    names: &'a Names,
    key: Option<Mentions>,
    cache: Option<Mentions>,
    refresh_if: Option<Mentions>,
}

impl Classifier<'_> {
    fn parameter(&self, input: &FnArg) -> Parameter {
        match input {
            FnArg::Receiver(receiver) => {
                let ident = Ident::new("self", receiver.self_token.span);
                let attrs = receiver.attrs.clone();
                let binding = Binding::Receiver(receiver.clone());
                let bound = vec![ident.clone()];
                self.classified(attrs, binding, ident, bound, receiver_type(receiver))
            }
            FnArg::Typed(PatType { attrs, pat, ty, .. }) => {
                let mut bound = Bound::default();
                bound.visit_pat(pat);
                let ident = match bare_pattern(pat) {
                    Pat::Ident(pat) => pat.ident.clone(),
                    _ => self.names.local("arg"),
                };
                let binding = Binding::Pattern((**pat).clone());
                self.classified(attrs.clone(), binding, ident, bound.0, (**ty).clone())
            }
        }
    }

    fn classified(
        &self,
        attrs: Vec<Attribute>,
        binding: Binding,
        ident: Ident,
        bound: Vec<Ident>,
        written: Type,
    ) -> Parameter {
        let mut ty = written.clone();
        let mut named = NamedImpls { names: self.names, parameter: &ident, found: Vec::new() };
        named.visit_type_mut(&mut ty);
        let impls = named.found;
        let uses = self.uses(&bound);
        let role = match &self.key {
            Some(_) if uses.key => Role::KeyInput,
            Some(_) => Role::Unkeyed,
            None if uses.cache || self.is_skipped(&binding) => Role::Unkeyed,
            None => Role::Keyed(Shape::of(&ty)),
        };
        Parameter { attrs, binding, ident, bound, written, ty, impls, role, uses }
    }

    fn uses(&self, bound: &[Ident]) -> Uses {
        let mentioned = |mentions: &Option<Mentions>| {
            mentions.as_ref().is_some_and(|names| bound.iter().any(|ident| names.ident(ident)))
        };
        Uses {
            key: mentioned(&self.key),
            cache: mentioned(&self.cache),
            refresh_if: mentioned(&self.refresh_if),
        }
    }

    fn is_skipped(&self, binding: &Binding) -> bool {
        let Some(name) = skippable_name(binding) else { return false };
        self.args.skip.iter().flat_map(|skip| &skip.value).any(|skipped| skipped.unraw() == name)
    }
}

/// The name by which `skip` refers to a parameter: `self`, its own, `_`; none for a pattern.
pub(crate) fn skippable_name(binding: &Binding) -> Option<Ident> {
    match binding {
        Binding::Receiver(receiver) => Some(Ident::new("self", receiver.self_token.span)),
        Binding::Pattern(pat) => match bare_pattern(pat) {
            Pat::Ident(pat) => Some(pat.ident.unraw()),
            Pat::Wild(wild) => Some(Ident::new("_", wild.underscore_token.span)),
            _ => None,
        },
    }
}

/// The pattern inside parentheses.
fn bare_pattern(mut pat: &Pat) -> &Pat {
    while let Pat::Paren(paren) = pat {
        pat = &paren.pat;
    }
    pat
}

/// The type of a receiver, in full.
fn receiver_type(receiver: &Receiver) -> Type {
    let own = Ident::new("Self", receiver.self_token.span);
    match &receiver.kind {
        ReceiverKind::Reference(and, lifetime, mutability) => {
            parse_quote!(#and #lifetime #mutability #own)
        }
        ReceiverKind::Typed(_, ty) => (**ty).clone(),
        _ => parse_quote!(#own),
    }
}

/// Collects the names that a pattern binds.
#[derive(Default)]
struct Bound(Vec<Ident>);

impl<'ast> Visit<'ast> for Bound {
    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        // The cases of `A(x) | B(x)` bind the same names.
        if !self.0.contains(&pat.ident) {
            self.0.push(pat.ident.clone());
        }
        syn::visit::visit_pat_ident(self, pat);
    }

    fn visit_expr(&mut self, _: &'ast syn::Expr) {
        // A constant in a pattern binds nothing.
    }
}

/// Takes `mut`, `ref` and `&` out of a pattern.
struct Shared;

impl VisitMut for Shared {
    fn visit_pat_mut(&mut self, pat: &mut Pat) {
        while let Pat::Reference(reference) = pat {
            *pat = (*reference.pat).clone();
        }
        syn::visit_mut::visit_pat_mut(self, pat);
    }

    fn visit_pat_ident_mut(&mut self, pat: &mut PatIdent) {
        pat.mutability = None;
        pat.by_ref = None;
        syn::visit_mut::visit_pat_ident_mut(self, pat);
    }

    fn visit_expr_mut(&mut self, _: &mut syn::Expr) {}
}

/// Replaces each `impl Trait` by a generic.
struct NamedImpls<'a> {
    names: &'a Names,
    parameter: &'a Ident,
    found: Vec<ImplParam>,
}

impl VisitMut for NamedImpls<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        // A bare name needs no parentheses: those of `&(impl A + B)` go with it.
        let Type::ImplTrait(written) = super::bare_type(ty) else {
            return syn::visit_mut::visit_type_mut(self, ty);
        };
        let ident = self.names.type_of(self.parameter);
        let bounds = written.bounds.clone();
        *ty = parse_quote!(#ident);
        self.found.push(ImplParam { ident, bounds });
    }
}
