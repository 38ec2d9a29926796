//! `f_cache_clear` and its family, and `f_uncached`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{
    FnArg, Generics, Ident, Lifetime, Pat, Safety, Type, Visibility, WherePredicate,
    parse_quote_spanned,
};

use super::Expansion;
use super::cache::{Caller, at_top};
use super::output::Named;
use super::query::{Scope, together};
use super::wrapper::Asked;
use crate::check::is_nameable;
use crate::model::{Binding, Helpers, Key, Model, Parameter, Role};

/// Functions of the helpers' names and types, that do nothing: for a function with mistakes.
pub(crate) fn stand_ins(model: &Model) -> TokenStream {
    let expansion = Expansion::new(model);
    if let Helpers::None = model.options.helpers {
        return TokenStream::new();
    }
    let cfgs = expansion.cfgs();
    let stand_in = |helper: Helper| {
        let sig = helper.signature(&expansion);
        let sig = quote_spanned! {Span::mixed_site()=>
            #(#cfgs)*
            #[doc(hidden)]
            #[allow(warnings, clippy::all, clippy::pedantic, reason = "a stand-in")]
            #sig { ::core::unimplemented!() }
        };
        sig
    };
    expansion.all(true).into_iter().map(stand_in).collect()
}

/// One helper.
struct Helper {
    name: &'static str,
    doc: String,
    generics: Generics,
    asyncness: Option<TokenStream>,
    unsafety: Option<TokenStream>,
    takes: TokenStream,
    gives: TokenStream,
    body: TokenStream,
}

impl Helper {
    fn signature(&self, expansion: &Expansion<'_>) -> TokenStream {
        let (vis, name) = (Expansion::ours(expansion.helper_vis()), expansion.helper(self.name));
        let Self { generics, asyncness, unsafety, takes, gives, .. } = self;
        let gives = (!gives.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> -> #gives));
        let clause = &generics.where_clause;
        quote_spanned! {Span::mixed_site()=>
            #vis #asyncness #unsafety fn #name #generics (#takes) #gives #clause
        }
    }
}

impl Expansion<'_> {
    /// The function as written, and its helpers.
    pub(super) fn helpers(&self) -> TokenStream {
        let (cfgs, quiet) = (self.cfgs(), self.quiet());
        let helpers = self.all(false).into_iter().map(|helper| {
            let (doc, sig, body) = (&helper.doc, helper.signature(self), &helper.body);
            quote_spanned! {Span::mixed_site()=>
                #(#cfgs)*
                #[doc = #doc]
                #quiet
                #sig { #body }
            }
        });
        let uncached = self.uncached();
        quote_spanned!(Span::mixed_site()=> #uncached #(#helpers)*)
    }

    /// The function as written.
    pub(super) fn uncached(&self) -> TokenStream {
        let function = &self.model.function;
        let (attrs, sig) = (self.body_attributes(), &function.sig);
        let doc = self.doc("`{f}` as written: runs the body, and leaves the cache alone.");
        let (name, begins) = (self.helper("uncached"), self.beginning_of_body());
        let (output, generics) = (&sig.output, &self.model.generics.whole);
        let (clause, body) = (&generics.where_clause, &function.body);
        let inputs = sig.inputs.iter().zip(&self.model.parameters).map(|(input, parameter)| {
            let mut input = input.clone();
            if let FnArg::Typed(typed) = &mut input {
                *typed.ty = parameter.ty.clone();
                // It has a use: in the attribute.
                if parameter.is_used_by_an_expression() {
                    typed.attrs.push(syn::parse_quote!(#[allow(unused_variables)]));
                }
            }
            input
        });
        quote_spanned! {Span::mixed_site()=>
            // What there is to say of the function is said of it, and not of this one.
            #[allow(
                non_snake_case,
                clippy::missing_const_for_fn,
                clippy::missing_errors_doc,
                clippy::missing_panics_doc,
                clippy::missing_safety_doc,
                clippy::must_use_candidate,
                clippy::too_many_arguments,
            )]
            #(#attrs)*
            #[doc = #doc]
            #begins #name #generics (#(#inputs),*) #output #clause #body
        }
    }

    /// What stands before its name.
    ///
    /// Lints on a whole function (of too many lines, async for nothing) say nothing of what a macro
    /// made, which an item is that begins with our tokens. So where this one can hardly be unused,
    /// or there is something to say of it, they are the user's; elsewhere it is better that nobody
    /// hears of it.
    fn beginning_of_body(&self) -> TokenStream {
        let (sig, vis) = (&self.model.function.sig, self.helper_vis());
        let vis = (!self.items_within()).then_some(vis);
        let (asyncness, safety, abi, fn_) = (&sig.asyncness, &sig.safety, &sig.abi, &sig.fn_token);
        let begins = quote!(#vis #asyncness #safety #abi #fn_);
        let public = matches!(self.model.function.vis, Visibility::Public(_));
        if public || asyncness.is_some() || self.is_expected_of_body() {
            quote!(#[allow(dead_code)] #begins)
        } else {
            Self::ours(&begins)
        }
    }

    /// Every helper but the function as written, unless that is to be stood in for, too.
    fn all(&self, stand_in: bool) -> Vec<Helper> {
        let mut helpers = Vec::new();
        if is_nameable(&self.model.output.ty) {
            helpers.extend(self.running(stand_in));
            helpers.extend([self.peek(), self.insert()]);
        }
        helpers.push(self.invalidate());
        helpers.extend(self.invalidate_if());
        helpers.extend(self.of_the_cache());
        helpers
    }

    /// Those that are about the whole cache.
    fn of_the_cache(&self) -> Vec<Helper> {
        let (rt, runtime) = (&self.rt, &self.model.runtime);
        let all = [
            (
                "cache_clear",
                "clear",
                unit(),
                "Drops every entry of the cache of `{f}`, and zeroes its counters.",
            ),
            (
                "cache_info",
                "info",
                quote_spanned!(Span::mixed_site()=> #runtime::CacheInfo),
                "How the cache of `{f}` has done.",
            ),
            (
                "cache_parameters",
                "parameters",
                quote_spanned!(Span::mixed_site()=> #runtime::CacheParameters),
                "The options of the cache of `{f}`, as in force now.",
            ),
            (
                "cache_expire",
                "expire",
                primitive("usize"),
                "Drops the expired entries of the cache of `{f}` now; how many.",
            ),
        ];
        let takes: Vec<_> = self.model.cache_parameters().collect();
        let call = self.call_of_nothing();
        let all = all.into_iter().map(|(name, function, gives, doc)| {
            let function = Ident::new(function, Span::mixed_site());
            let body = quote_spanned!(Span::mixed_site()=> #rt::#function(#call));
            self.plain(name, doc, &takes, TokenStream::new(), gives, body)
        });
        all.collect()
    }

    fn invalidate(&self) -> Helper {
        let (rt, call) = (&self.rt, self.call(Caller::Helper, Scope::Function));
        let body = quote_spanned!(Span::mixed_site()=> #rt::invalidate(#call));
        let doc = "Drops the entry of these arguments of `{f}`; whether one was live.";
        self.keyed("cache_invalidate", doc, TokenStream::new(), primitive("bool"), body)
    }

    fn peek(&self) -> Helper {
        let (rt, call) = (&self.rt, self.call(Caller::Helper, Scope::Function));
        let output = Named::of(&self.model.output.ty, &self.model.names);
        let ty = &output.ty;
        let gives = quote_spanned!(Span::mixed_site()=> ::core::option::Option<#ty>);
        let body = quote_spanned!(Span::mixed_site()=> #rt::peek(#call));
        let doc =
            "The value that `{f}` would give for these arguments at once; no call, and no use.";
        let helper = self.keyed("cache_peek", doc, TokenStream::new(), gives, body);
        Helper { generics: output.within(helper.generics), ..helper }
    }

    fn insert(&self) -> Helper {
        let (rt, call, output) =
            (&self.rt, self.call(Caller::Helper, Scope::Function), &self.model.output.ty);
        let value = self.model.names.local("value");
        let body = quote_spanned!(Span::mixed_site()=> #rt::insert(#call, #value));
        let doc = "Stores a value as if the body of `{f}` had returned it for these arguments.";
        let value = quote_spanned!(Span::mixed_site()=> #value: #output);
        self.keyed("cache_insert", doc, value, unit(), body)
    }

    fn invalidate_if(&self) -> Option<Helper> {
        if let Key::Expr(_) = self.model.key {
            return None;
        }
        let owned: Vec<_> = self.model.parameters.iter().filter_map(owned).collect();
        let (rt, call) = (&self.rt, self.call_of_nothing());
        let names: Vec<_> = (0..owned.len())
            .map(|index| Ident::new(&format!("part{index}"), Span::mixed_site()))
            .collect();
        let predicate = self.model.names.local("predicate");
        let pattern = together(names.iter().map(ToTokens::to_token_stream).collect());
        let key = together(owned.clone());
        let body = quote_spanned! {Span::mixed_site()=>
            #rt::invalidate_if(#call, |#pattern: &#key| #predicate(#(#names),*))
        };
        let body = at_top(self.lasting_span(), body);
        let takes: Vec<_> = self.model.cache_parameters().collect();
        let needed = self.model.parameters.iter().filter_map(|parameter| match &parameter.role {
            Role::Keyed(shape) => Some(shape.to_be_owned()),
            _ => None,
        });
        let needed: Vec<_> = needed.flatten().collect();
        let doc = "Drops the entries of `{f}` whose arguments satisfy `predicate`; how many.";
        let predicate = quote_spanned! {Span::mixed_site()=>
            mut #predicate: impl ::core::ops::FnMut(#(&#owned),*) -> ::core::primitive::bool
        };
        let mut helper =
            self.plain("cache_invalidate_if", doc, &takes, predicate, primitive("usize"), body);
        // For a lifetime that is not there, so that what is missing is not said here once more.
        let clause = helper.generics.make_where_clause();
        clause.predicates.extend(needed.iter().map(|ty| -> WherePredicate {
            let any = self.model.names.lifetime("any");
            let ty = Named::anonymous(ty, any.clone());
            parse_quote_spanned!(Span::mixed_site()=> for<#any> #ty: ::std::borrow::ToOwned)
        }));
        Some(helper)
    }

    /// Those that run the body.
    fn running(&self, uncached: bool) -> Vec<Helper> {
        let (runtime, output) = (&self.model.runtime, &self.model.output.ty);
        let fetched = quote_spanned!(Span::mixed_site()=> #runtime::Fetched<#output>);
        let output = output.to_token_stream();
        let run = |asked| self.awaited(&self.run(asked, Caller::Helper));
        let mut helpers = vec![
            self.whole(
                "cache_refresh",
                "Runs the body of `{f}`, and stores its value in place of what was there.",
                output.clone(),
                run(Asked::Refresh),
            ),
            self.whole(
                "cache_fetch",
                "A call of `{f}` that also tells where its answer came from.",
                fetched,
                run(Asked::Fetch),
            ),
        ];
        if uncached {
            helpers.push(self.whole("uncached", "", output, TokenStream::new()));
        }
        helpers
    }

    /// A helper that takes every parameter.
    fn whole(
        &self,
        name: &'static str,
        doc: &str,
        gives: TokenStream,
        body: TokenStream,
    ) -> Helper {
        let declared = self.model.parameters.iter().map(declared);
        let unsafety = matches!(self.model.function.sig.safety, Safety::Unsafe(_));
        Helper {
            name,
            doc: self.doc(doc),
            generics: self.model.generics.whole.clone(),
            asyncness: self
                .model
                .asyncness
                .is_async()
                .then(|| quote_spanned!(Span::mixed_site()=> async)),
            unsafety: unsafety.then(|| quote_spanned!(Span::mixed_site()=> unsafe)),
            takes: quote_spanned!(Span::mixed_site()=> #(#declared),*),
            gives,
            body,
        }
    }

    /// One that takes what the key is made of.
    fn keyed(
        &self,
        name: &'static str,
        doc: &str,
        last: TokenStream,
        gives: TokenStream,
        body: TokenStream,
    ) -> Helper {
        let takes: Vec<_> = self.model.key_parameters().collect();
        self.plain(name, doc, &takes, last, gives, body)
    }

    fn plain(
        &self,
        name: &'static str,
        doc: &str,
        takes: &[&Parameter],
        last: impl ToTokens,
        gives: TokenStream,
        body: TokenStream,
    ) -> Helper {
        let types: Vec<&Type> = takes.iter().map(|parameter| &parameter.ty).collect();
        let generics = self.model.generics.helper(types);
        let declared = takes.iter().copied().map(declared);
        let takes = quote_spanned!(Span::mixed_site()=> #(#declared,)* #last);
        let doc = self.doc(doc);
        Helper { name, doc, generics, asyncness: None, unsafety: None, takes, gives, body }
    }

    fn doc(&self, text: &str) -> String {
        format!(" {}", text.replace("{f}", &self.model.function.sig.ident.unraw().to_string()))
    }
}

/// A parameter as a helper declares it: `n: u64`, `&self`.
fn declared(parameter: &Parameter) -> TokenStream {
    let Parameter { ident, ty, .. } = parameter;
    match &parameter.binding {
        Binding::Receiver(_) => parameter.declared(),
        Binding::Pattern(Pat::Ident(_) | _) => quote_spanned!(Span::mixed_site()=> #ident: #ty),
    }
}

/// The type in which a keyed parameter is stored, as far as its spelling tells.
fn owned(parameter: &Parameter) -> Option<TokenStream> {
    match &parameter.role {
        Role::Keyed(shape) => {
            let elided = Lifetime::new("'_", Span::mixed_site());
            let ty = syn::parse2(shape.owned()).ok();
            let ty = ty.map(|ty| Named::anonymous(&ty, elided).into_token_stream());
            Some(ty.unwrap_or_else(|| shape.owned()))
        }
        _ => None,
    }
}

fn unit() -> TokenStream {
    TokenStream::new()
}

fn primitive(name: &str) -> TokenStream {
    let name = Ident::new(name, Span::mixed_site());
    quote_spanned!(Span::mixed_site()=> ::core::primitive::#name)
}
