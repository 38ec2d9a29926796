//! Finds what borrows in a type, by its spelling.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{
    BoundLifetimes, Lifetime, ParenthesizedGenericArguments, PathArguments, Type, TypeFnPtr,
    TypeImplTrait, TypePath, TypeReference,
};

/// What of a type is looked for.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Looking {
    /// `&mut T`.
    Mutable,
    /// References and lifetimes that are not `'static`.
    Borrows,
    /// `impl Trait`.
    Unnamed,
}

/// The first part of `ty` that is what is looked for.
///
/// What a function type takes and gives is no part of its value, and a `Result`'s error is none of
/// what is stored: neither is looked into, except for `impl Trait`.
pub(super) fn find(looking: Looking, ty: &Type) -> Option<TokenStream> {
    let mut finder = Finder { looking, bound: Vec::new(), found: None };
    finder.visit_type(ty);
    finder.found
}

struct Finder {
    looking: Looking,
    /// The lifetimes of the `for<'a>`s around.
    bound: Vec<Lifetime>,
    found: Option<TokenStream>,
}

impl Finder {
    fn found(&mut self, tokens: &impl ToTokens) {
        self.found.get_or_insert_with(|| tokens.to_token_stream());
    }

    fn outlives_nothing(&self, lifetime: &Lifetime) -> bool {
        lifetime.ident != "static" && !self.bound.contains(lifetime)
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
        let borrowed = reference.lifetime.as_ref().is_none_or(|its| self.outlives_nothing(its));
        let mutable = reference.mutability.is_some();
        match self.looking {
            Looking::Mutable if mutable => self.found(reference),
            Looking::Borrows if borrowed => self.found(reference),
            _ => visit::visit_type_reference(self, reference),
        }
    }

    fn visit_type_path(&mut self, path: &'ast TypePath) {
        let last = path.path.segments.last();
        let result = last.filter(|last| last.ident.to_string().ends_with("Result"));
        match result.map(|last| &last.arguments) {
            Some(PathArguments::AngleBracketed(arguments)) if self.looking != Looking::Unnamed => {
                let value = arguments.args.iter().find_map(|argument| match argument {
                    syn::GenericArgument::Type(ty) => Some(ty),
                    _ => None,
                });
                if let Some(value) = value {
                    self.visit_type(value);
                }
            }
            _ => {
                let mut lifetimes = Finder { found: None, bound: self.bound.clone(), ..*self };
                visit::visit_type_path(&mut lifetimes, path);
                if let Some(found) = lifetimes.found {
                    // A lifetime alone says little: the type that has it is shown.
                    let lifetime = syn::parse2::<Lifetime>(found.clone()).is_ok();
                    if lifetime { self.found(path) } else { self.found(&found) }
                }
            }
        }
    }

    fn visit_type_impl_trait(&mut self, ty: &'ast TypeImplTrait) {
        if self.looking == Looking::Unnamed {
            self.found(ty);
        } else {
            visit::visit_type_impl_trait(self, ty);
        }
    }

    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        if self.looking == Looking::Borrows && self.outlives_nothing(lifetime) {
            self.found(lifetime);
        }
    }

    fn visit_trait_bound(&mut self, bound: &'ast syn::TraitBound) {
        self.within(bound.lifetimes.as_ref(), |this| visit::visit_path(this, &bound.path));
    }

    fn visit_parenthesized_generic_arguments(&mut self, _: &'ast ParenthesizedGenericArguments) {}

    fn visit_type_fn_ptr(&mut self, _: &'ast TypeFnPtr) {}

    fn visit_expr(&mut self, _: &'ast syn::Expr) {
        // The length of an array.
    }
}

impl Finder {
    fn within(&mut self, lifetimes: Option<&BoundLifetimes>, visit: impl FnOnce(&mut Self)) {
        let outside = self.bound.len();
        let params = lifetimes.into_iter().flat_map(|bound| &bound.lifetimes);
        self.bound.extend(params.filter_map(|param| match param {
            syn::GenericParam::Lifetime(param) => Some(param.lifetime.clone()),
            _ => None,
        }));
        visit(self);
        self.bound.truncate(outside);
    }
}
