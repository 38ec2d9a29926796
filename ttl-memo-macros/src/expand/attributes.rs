//! Which of the user's attributes go where.
//!
//! All stay on the function but `#[expect]`, which the body fulfils. The body has those that are
//! about it: lints, and what the compiler is to know of a function's code. All that is generated
//! is there under the same `#[cfg]`s.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Meta};

use super::Expansion;

/// What may change how the body compiles.
const OF_BODIES: [&str; 9] =
    ["cfg", "allow", "warn", "deny", "forbid", "expect", "track_caller", "target_feature", "cold"];

impl Expansion<'_> {
    /// The conditions under which there is a function at all.
    pub(super) fn cfgs(&self) -> Vec<&Attribute> {
        self.model.function.attrs.iter().filter(|attr| attr.path().is_ident("cfg")).collect()
    }

    /// The attributes of the function itself.
    pub(super) fn attributes(&self) -> TokenStream {
        let attrs = self.model.function.attrs.iter();
        let attrs =
            attrs.map(|attr| if self.beside() { allowed(attr) } else { attr.to_token_stream() });
        let mut names = self.model.parameters.iter().map(|parameter| parameter.ident.to_string());
        // It is handed on, which is no use.
        let unused = names.any(|name| name.starts_with('_'));
        let unused = unused.then(|| quote!(#[allow(clippy::used_underscore_binding)]));
        quote!(#(#attrs)* #unused)
    }

    /// Those of the function as written, beside it.
    pub(super) fn body_attributes(&self) -> Vec<&Attribute> {
        let is = |attr: &&Attribute| OF_BODIES.iter().any(|name| attr.path().is_ident(name));
        self.model.function.attrs.iter().filter(is).collect()
    }
}

/// For what is generated, which a user's lints have nothing to say to.
pub(super) fn quiet() -> TokenStream {
    quote!(#[allow(dead_code, single_use_lifetimes, clippy::all, clippy::pedantic, clippy::nursery)])
}

/// An expectation is fulfilled where the body is; here, what it is about is but allowed.
fn allowed(attr: &Attribute) -> TokenStream {
    match &attr.meta {
        Meta::List(list) if list.path.is_ident("expect") => {
            let lints = &list.tokens;
            quote!(#[allow(#lints)])
        }
        _ => attr.to_token_stream(),
    }
}
