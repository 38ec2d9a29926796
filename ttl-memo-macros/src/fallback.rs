//! What an attribute with mistakes expands to: the mistakes, and enough for the rest of the user's
//! crate to be checked as if there were none.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Safety, Type};

use crate::check::is_ours;
use crate::model::{Helpers, Key, Model, Parameter, Role};

/// The mistakes, followed by the item as written and stand-ins for its helpers, so that neither the
/// item nor a call of a helper is reported as not found.
pub(crate) fn expand(error: &syn::Error, item: &TokenStream, model: Option<&Model>) -> TokenStream {
    let errors = error.to_compile_error();
    let Some(model) = model else { return quote!(#errors #item) };
    // A second `#[ttl_cache]` would make the helpers a second time.
    let twice = model.function.attrs.iter().any(is_ours);
    let item = if twice { without_ours(model) } else { item.clone() };
    let helpers = helpers(model);
    quote!(#errors #item #helpers)
}

fn without_ours(model: &Model) -> TokenStream {
    let function = &model.function;
    let attrs = function.attrs.iter().filter(|attr| !is_ours(attr));
    let (vis, defaultness, sig) = (&function.vis, &function.defaultness, &function.sig);
    let end = match &function.bodiless {
        Some(semicolon) => semicolon.to_token_stream(),
        None => function.body.to_token_stream(),
    };
    quote!(#(#attrs)* #vis #defaultness #sig #end)
}

/// Functions of the helpers' names and types, that do nothing.
fn helpers(model: &Model) -> TokenStream {
    let vis = match &model.options.helpers {
        Helpers::None => return TokenStream::new(),
        Helpers::AsFunction => model.function.vis.to_token_stream(),
        Helpers::Of(vis) => vis.to_token_stream(),
    };
    let cfgs = model.function.attrs.iter().filter(|attr| attr.path().is_ident("cfg")).collect();
    let standin = StandIn { model, cfgs, vis };
    let names = &["cache_clear", "cache_info", "cache_parameters", "cache_expire"];
    let plain = names.iter().map(|name| standin.plain(name));
    let keyed = standin.keyed();
    let running = standin.running();
    quote!(#(#plain)* #keyed #running)
}

struct StandIn<'a> {
    model: &'a Model,
    cfgs: Vec<&'a Attribute>,
    vis: TokenStream,
}

impl StandIn<'_> {
    /// The helpers that are about the whole cache.
    fn plain(&self, name: &str) -> TokenStream {
        let runtime = &self.model.runtime;
        let gives = match name {
            "cache_clear" => quote!(()),
            "cache_info" => quote!(#runtime::CacheInfo),
            "cache_parameters" => quote!(#runtime::CacheParameters),
            _ => quote!(::core::primitive::usize),
        };
        let takes: Vec<_> = self.model.cache_parameters().collect();
        self.helper(name, &takes, &TokenStream::new(), &gives)
    }

    /// Those that are about one entry, or some, and do not run the body.
    fn keyed(&self) -> TokenStream {
        let takes: Vec<_> = self.model.key_parameters().collect();
        let none = TokenStream::new();
        let invalidate =
            self.helper("cache_invalidate", &takes, &none, &quote!(::core::primitive::bool));
        let invalidate_if = self.invalidate_if();
        if !self.has_nameable_output() {
            return quote!(#invalidate #invalidate_if);
        }
        let output = &self.model.output.ty;
        let peek = quote!(::core::option::Option<#output>);
        let peek = self.helper("cache_peek", &takes, &none, &peek);
        let value = self.model.names.local("value");
        let insert = self.helper("cache_insert", &takes, &quote!(#value: #output), &quote!(()));
        quote!(#invalidate #invalidate_if #peek #insert)
    }

    fn invalidate_if(&self) -> TokenStream {
        if let Key::Expr(_) = self.model.key {
            return TokenStream::new();
        }
        let owned = self.model.parameters.iter().filter_map(|parameter| match &parameter.role {
            Role::Keyed(shape) => Some(shape.owned()),
            _ => None,
        });
        let predicate = self.model.names.local("predicate");
        let predicate =
            quote!(#predicate: impl ::core::ops::FnMut(#(&#owned),*) -> ::core::primitive::bool);
        let takes: Vec<_> = self.model.cache_parameters().collect();
        let gives = quote!(::core::primitive::usize);
        self.helper("cache_invalidate_if", &takes, &predicate, &gives)
    }

    /// Those that run the body.
    fn running(&self) -> TokenStream {
        if !self.has_nameable_output() {
            return TokenStream::new();
        }
        let (runtime, output) = (&self.model.runtime, &self.model.output.ty);
        let takes: Vec<_> = self.model.parameters.iter().collect();
        let sig = &self.model.function.sig;
        let asyncness = self.model.asyncness.is_async().then(|| quote!(async));
        let unsafety = matches!(sig.safety, Safety::Unsafe(_)).then(|| quote!(unsafe));
        let generics = &self.model.generics.whole;
        let clause = &generics.where_clause;
        let fetched = quote!(#runtime::Fetched<#output>);
        let output = quote!(#output);
        let helpers =
            [("cache_refresh", &output), ("cache_fetch", &fetched), ("uncached", &output)];
        let helpers = helpers.into_iter().map(|(name, gives)| {
            let name = self.model.helper(name);
            let declared = takes.iter().map(|parameter| parameter.declared());
            let sig = quote!(fn #name #generics (#(#declared),*) -> #gives #clause);
            self.item(&quote!(#asyncness #unsafety #sig))
        });
        quote!(#(#helpers)*)
    }

    /// A helper that does not run the body.
    fn helper(
        &self,
        name: &str,
        takes: &[&Parameter],
        last: &TokenStream,
        gives: &TokenStream,
    ) -> TokenStream {
        let name: Ident = self.model.helper(name);
        let types: Vec<&Type> = takes.iter().map(|parameter| &parameter.ty).collect();
        let generics = self.model.generics.helper(types);
        let clause = &generics.where_clause;
        let declared = takes.iter().map(|parameter| parameter.declared());
        self.item(&quote!(fn #name #generics (#(#declared,)* #last) -> #gives #clause))
    }

    fn item(&self, sig: &TokenStream) -> TokenStream {
        let (cfgs, vis) = (&self.cfgs, &self.vis);
        quote! {
            #(#cfgs)*
            #[doc(hidden)]
            #[allow(warnings, clippy::all, clippy::pedantic, reason = "a stand-in")]
            #vis #sig { ::core::unimplemented!() }
        }
    }

    /// Whether the output can be written in another signature.
    fn has_nameable_output(&self) -> bool {
        crate::check::is_nameable(&self.model.output.ty)
    }
}
