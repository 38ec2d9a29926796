//! Which of the user's attributes go where.
//!
//! All stay on the function but `#[expect]`, which the body fulfils. The body has those that are
//! about it: lints, and what the compiler is to know of a function's code. All that is generated
//! is there under the same `#[cfg]`s.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Safety, Token};

use super::Expansion;
use crate::model::{Helpers, Place, turbofish};

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
        let untold = self.model.function.place.in_impl() && !self.is_told_of();
        let untold = untold.then(|| quote!(#[allow(dead_code)]));
        let mut names = self.model.parameters.iter().map(|parameter| parameter.ident.to_string());
        // It is handed on, which is no use.
        let unused = names.any(|name| name.starts_with('_'));
        let unused = unused.then(|| quote!(#[allow(clippy::used_underscore_binding)]));
        quote!(#untold #(#attrs)* #unused)
    }

    /// Whether every attribute is one to which it is the same what kind of function this is.
    pub(super) fn has_plain_attributes(&self) -> bool {
        const PLAIN: [&str; 8] =
            ["doc", "cfg", "allow", "warn", "deny", "forbid", "expect", "inline"];
        let plain = |attr: &Attribute| PLAIN.iter().any(|name| attr.path().is_ident(name));
        self.model.function.attrs.iter().all(plain)
    }

    /// Those of the function as written, beside it.
    pub(super) fn body_attributes(&self) -> impl Iterator<Item = TokenStream> {
        let is = |attr: &&Attribute| OF_BODIES.iter().any(|name| attr.path().is_ident(name));
        self.model.function.attrs.iter().filter(is).map(|attr| match expected(attr) {
            Some((_, others)) => others,
            None => attr.to_token_stream(),
        })
    }
}

/// For what is generated, which a user's lints have nothing to say to.
pub(super) fn quiet() -> TokenStream {
    quote!(#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)])
}

/// Whether the compiler tells of a function that nobody uses.
///
/// It says nothing of what a macro made, and an item with the closing brace of one is such; nor of
/// what may be unused. But what may be, it takes for used, and so is what that uses. So helpers are
/// plainly unused, and nothing is said of them since their names are ours; and the function, whose
/// braces are the user's, is used by whoever uses one of them. That is not to be had in an `impl`:
/// there the unused are told of together, and if one of them is ours, none is.
impl Expansion<'_> {
    /// Whether it tells of this one.
    pub(super) fn is_told_of(&self) -> bool {
        let alone = matches!(self.model.options.helpers, Helpers::None);
        alone || self.is_used_with_helpers() || self.is_expected_unused()
    }

    /// Whether the function is used where a helper is.
    fn is_used_with_helpers(&self) -> bool {
        let helped = !matches!(self.model.options.helpers, Helpers::None);
        helped && self.model.function.place == Place::Free && self.can_be_named()
    }

    /// Whether the user says so: `#[expect(dead_code)]`.
    fn is_expected_unused(&self) -> bool {
        let mut attrs = self.model.function.attrs.iter().filter_map(expected);
        attrs.any(|(unused, _)| !unused.is_empty())
    }

    /// Whether the user expects something of its body.
    pub(super) fn is_expected_of_body(&self) -> bool {
        let mut attrs = self.model.function.attrs.iter().filter_map(expected);
        attrs.any(|(_, others)| !others.is_empty())
    }

    /// Whether the hidden function can name the function: no attribute may have made something else
    /// of it, and its generics must be known.
    fn can_be_named(&self) -> bool {
        const LEAVE_IT: [&str; 12] = [
            "doc",
            "cfg",
            "allow",
            "warn",
            "deny",
            "forbid",
            "expect",
            "inline",
            "must_use",
            "cold",
            "track_caller",
            "deprecated",
        ];
        let left = |attr: &Attribute| LEAVE_IT.iter().any(|name| attr.path().is_ident(name));
        let generics = &self.model.generics;
        self.model.function.attrs.iter().all(left)
            && generics.impls.is_empty()
            && generics.names().all(|name| generics.splits(&name))
    }

    /// A use of the function, for the hidden one, that is none: a call in a closure that nobody
    /// calls. Where an `in_impl` is missing it is not found, and of calls that are not found, and
    /// all stand at the function's name, the compiler tells of the last, a helper's of the hidden
    /// one.
    pub(super) fn use_of_function(&self) -> Option<TokenStream> {
        let generics = turbofish(&self.model.generics.whole);
        let (name, attrs) = (&self.model.function.sig.ident, &self.model.function.attrs);
        let name = Self::ours(name);
        let deprecated = attrs.iter().any(|attr| attr.path().is_ident("deprecated"));
        let deprecated = deprecated.then(|| quote!(#[allow(deprecated)]));
        let args = self.model.parameters.iter().map(|_| quote!(loop {}));
        let call = quote_spanned!(Span::mixed_site()=> #name #generics (#(#args),*));
        let call = match self.model.function.sig.safety {
            Safety::Unsafe(_) => quote_spanned!(Span::mixed_site()=> unsafe { #call }),
            _ => call,
        };
        (self.is_used_with_helpers() && !self.is_expected_unused()).then(|| {
            quote_spanned! {Span::mixed_site()=>
                #deprecated
                let _ = || #call;
            }
        })
    }

    /// For what is generated beside the function.
    pub(super) fn quiet(&self) -> TokenStream {
        let unused = self.is_used_with_helpers().then(|| quote!(#[warn(dead_code)]));
        let quiet = quiet();
        quote!(#quiet #unused)
    }

    /// Tokens of the user's that begin what is generated, as ours.
    pub(super) fn ours(tokens: &impl ToTokens) -> TokenStream {
        let tokens = tokens.to_token_stream();
        tokens
            .into_iter()
            .map(|mut token| {
                token.set_span(Span::mixed_site().located_at(token.span()));
                token
            })
            .collect()
    }
}

/// An expectation is fulfilled where the body is; here, what it is about is but allowed. That
/// nobody uses the function is said here.
fn allowed(attr: &Attribute) -> TokenStream {
    match (expected(attr), &attr.meta) {
        (Some((unused, _)), Meta::List(list)) => {
            let lints = &list.tokens;
            quote!(#[allow(#lints)] #unused)
        }
        _ => attr.to_token_stream(),
    }
}

/// An expectation, taken apart: that nobody uses the function, and whatever else.
fn expected(attr: &Attribute) -> Option<(TokenStream, TokenStream)> {
    let list = Punctuated::<Meta, Token![,]>::parse_terminated;
    let list = attr.path().is_ident("expect").then(|| attr.parse_args_with(list).ok())??;
    let (reason, lints): (Vec<_>, Vec<_>) =
        list.iter().partition(|meta| meta.path().is_ident("reason"));
    let (unused, others): (Vec<_>, Vec<_>) =
        lints.into_iter().partition(|lint| lint.path().is_ident("dead_code"));
    let expect = |lints: Vec<&Meta>| {
        let lints: Vec<_> = lints.iter().chain(&reason).collect();
        (lints.len() > reason.len()).then(|| quote!(#[expect(#(#lints),*)])).into_token_stream()
    };
    Some((expect(unused), expect(others)))
}
