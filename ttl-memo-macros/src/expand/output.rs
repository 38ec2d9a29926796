//! What a function gives, written where nothing is elided.

use syn::visit_mut::{self, VisitMut};
use syn::{
    GenericParam, Generics, Lifetime, ParenthesizedGenericArguments, Type, TypeFnPtr, TypeReference,
};

use crate::hygiene::Names;

/// A return type whose elided lifetimes have a name: those of an error, since a value has none.
///
/// Elision goes by the parameters, and a helper that takes others would mean another lifetime, or
/// none. No error is stored, so any will do.
pub(super) struct Named {
    pub(super) ty: Type,
    lifetime: Option<Lifetime>,
}

impl Named {
    pub(super) fn of(ty: &Type, names: &Names) -> Self {
        Self::by(ty, Namer { lifetime: names.lifetime("err"), found: false, all: false })
    }

    /// A type in which each lifetime but `'static` is another: `'_`, or one that is declared there.
    pub(super) fn anonymous(ty: &Type, lifetime: Lifetime) -> Type {
        Self::by(ty, Namer { lifetime, found: false, all: true }).ty
    }

    fn by(ty: &Type, mut namer: Namer) -> Self {
        let mut ty = ty.clone();
        namer.visit_type_mut(&mut ty);
        Self { ty, lifetime: namer.found.then_some(namer.lifetime) }
    }

    /// The generics, with the lifetime among them if there is one.
    pub(super) fn within(&self, mut generics: Generics) -> Generics {
        if let Some(lifetime) = &self.lifetime {
            let param = GenericParam::Lifetime(syn::LifetimeParam::new(lifetime.clone()));
            generics.params.insert(0, param);
        }
        generics
    }
}

struct Namer {
    lifetime: Lifetime,
    found: bool,
    /// Whether lifetimes that have a name get this one, too.
    all: bool,
}

impl VisitMut for Namer {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" || (self.all && lifetime.ident != "static") {
            self.found = true;
            *lifetime = self.lifetime.clone();
        }
    }

    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        if reference.lifetime.is_none() {
            self.found = true;
            reference.lifetime = Some(self.lifetime.clone());
        }
        visit_mut::visit_type_reference_mut(self, reference);
    }

    // Function types have elisions of their own.
    fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut ParenthesizedGenericArguments) {
    }

    fn visit_type_fn_ptr_mut(&mut self, _: &mut TypeFnPtr) {}

    fn visit_expr_mut(&mut self, _: &mut syn::Expr) {}
}
