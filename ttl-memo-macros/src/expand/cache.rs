//! Where a function's cache is: the hidden function, which makes a call of some arguments.

use std::time::Duration;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::{Expr, GenericArgument, Ident, PathArguments, Type};

use super::Expansion;
use super::output::Named;
use super::query::{Scope, Seen, type_span};
use crate::model::{
    Bound, Given, Mentions, Parameter, Period, Policy, Role, SingleFlight, Store, Time, bare_type,
    turbofish,
};

/// Who calls.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Caller {
    /// The function itself, where an `impl Trait` has no name.
    Function,
    /// A helper, where it has one.
    Helper,
}

impl Expansion<'_> {
    /// The parameters that the hidden function's `args` are made of.
    fn inputs(&self) -> impl Iterator<Item = &Parameter> {
        let keyed = |parameter: &&Parameter| !matches!(parameter.role, Role::Unkeyed);
        self.model.parameters.iter().filter(keyed).filter(|parameter| !parameter.uses.cache)
    }

    /// The hidden function: a call on the cache, of some arguments or of none.
    pub(super) fn hidden_function(&self) -> TokenStream {
        let (rt, hidden, cfgs, quiet) = (&self.rt, &self.hidden, self.cfgs(), self.quiet());
        let output = Named::of(&self.model.output.ty, &self.model.names);
        let mut seen = Seen::new(&self.model.names);
        let cache = self.model.cache_parameters();
        let cache: Vec<_> = cache
            .map(|parameter| {
                let (name, ty) = (self.seen(parameter), seen.seen_type(parameter));
                quote_spanned!(Span::mixed_site()=> #name: #ty)
            })
            .collect();
        let types: Vec<_> = self.inputs().map(|parameter| seen.seen_type(parameter)).collect();
        let generics = output.within(seen.within(self.hidden_generics()));
        let (ty, clause) = (&output.ty, &generics.where_clause);
        let names = self.inputs().map(|parameter| self.seen(parameter));
        let query = self.query();
        // No closure: what is said of a lifetime would be placed at its call, not at the type.
        let query = quote_spanned! {Span::mixed_site()=>
            match args {
                ::core::option::Option::Some((#(#names,)*)) => ::core::option::Option::Some(#query),
                ::core::option::Option::None => ::core::option::Option::None,
            }
        };
        let (used, entry) = (self.use_of_function(), self.entry(&query, ty));
        quote_spanned! {Span::mixed_site()=>
            #(#cfgs)*
            #[doc(hidden)]
            #quiet
            fn #hidden #generics (
                #(#cache,)*
                args: ::core::option::Option<(#(#types,)*)>
            ) -> impl #rt::Call<#ty> #clause {
                #used
                #entry
            }
        }
    }

    fn hidden_generics(&self) -> syn::Generics {
        let inputs = self.model.key_parameters().map(|parameter| &parameter.ty);
        self.model.generics.helper(inputs.chain([&self.model.output.ty]))
    }

    /// A call of the arguments in scope.
    pub(super) fn call(&self, of: Caller, scope: Scope) -> TokenStream {
        if self.beside() {
            let values = self.inputs().map(|parameter| self.seen_value(parameter, scope));
            let args =
                quote_spanned!(Span::mixed_site()=> ::core::option::Option::Some((#(#values,)*)));
            return self.hidden_call(of, scope, &args);
        }
        let names = self.model.key_parameters().map(|parameter| self.seen(parameter));
        let values = self.model.key_parameters().map(|parameter| self.seen_value(parameter, scope));
        let query = self.query();
        let query = quote_spanned!(Span::mixed_site()=> ::core::option::Option::Some(#query));
        let entry = self.entry(&query, &self.model.output.ty);
        quote_spanned! {Span::mixed_site()=>
            {
                let (#(#names,)*) = (#(#values,)*);
                #entry
            }
        }
    }

    /// A call of no arguments.
    pub(super) fn call_of_nothing(&self) -> TokenStream {
        let args = quote_spanned!(Span::mixed_site()=> ::core::option::Option::None);
        self.hidden_call(Caller::Helper, Scope::Function, &args)
    }

    fn hidden_call(&self, of: Caller, scope: Scope, args: &TokenStream) -> TokenStream {
        let hidden = self.item(&self.hidden);
        let turbofish = self.turbofish(&self.hidden_generics(), of);
        let cache = self.model.cache_parameters();
        let cache = cache.map(|parameter| self.seen_value(parameter, scope));
        quote_spanned!(Span::mixed_site()=> #hidden #turbofish (#(#cache,)* #args))
    }

    /// Names generics, but for those of `impl Trait`s where they have no name.
    pub(super) fn turbofish(&self, generics: &syn::Generics, of: Caller) -> TokenStream {
        let mut generics = generics.clone();
        if of == Caller::Function {
            for param in generics.type_params_mut() {
                if self.model.generics.impls.iter().any(|it| it.ident == param.ident) {
                    param.ident = Ident::new("_", Span::mixed_site());
                }
            }
        }
        turbofish(&generics)
    }

    /// The cache and the call: the statements that end in it.
    fn entry(&self, query: &TokenStream, output: &Type) -> TokenStream {
        let rt = &self.rt;
        let site = self.model.names.item("SITE");
        let name = self.model.function.sig.ident.unraw().to_string();
        let shape = self.shape(output);
        let rules = self.rules();
        let made = match (&self.model.options.store, &rules) {
            (Store::Expr(cache), None) => {
                let cache = self.cache_expr(&cache.value);
                let made = quote_spanned!(Span::mixed_site()=> #rt::on(#cache, query, shape));
                let made = at_top(self.lasting_span(), made);
                return quote_spanned! {Span::mixed_site()=>
                    let query = #query;
                    let shape = #shape;
                    #made
                };
            }
            (Store::Expr(cache), Some(rules)) => {
                let cache = self.cache_expr(&cache.value);
                quote_spanned! {Span::mixed_site()=>
                    {
                        let shape = #shape;
                        #site.on_with(#cache, query, shape, |rules| #rules)
                    }
                }
            }
            (_, None) => {
                let builder = self.builder();
                quote_spanned!(Span::mixed_site()=> #site.entry(#name, query, #shape, |builder| #builder))
            }
            (_, Some(rules)) => {
                let builder = self.builder();
                quote_spanned!(Span::mixed_site()=>
                    #site.entry_with(#name, query, #shape, |builder| #builder, |rules| #rules))
            }
        };
        let (new, made) = (self.new_site(), at_top(self.lasting_span(), made));
        quote_spanned! {Span::mixed_site()=>
            static #site: #rt::Site = #new;
            let query = #query;
            #made
        }
    }

    /// The type that the compiler points at where something stored would not live long enough:
    /// what is returned, unless only a key is generic.
    pub(super) fn lasting_span(&self) -> Span {
        let generics = &self.model.function.sig.generics;
        let generic = |ty: &Type| {
            let mentions = Mentions::any(ty);
            generics.type_params().any(|param| mentions.ident(&param.ident))
        };
        let output = &self.model.output.ty;
        let mut keyed = self.model.parameters.iter().filter_map(|parameter| match parameter.role {
            Role::Keyed(_) => Some(&parameter.ty),
            _ => None,
        });
        let key = if generic(output) { None } else { keyed.find(|ty| generic(ty)) };
        key.map_or_else(|| value_span(output), type_span)
    }

    /// Where the caches are, before there are any.
    fn new_site(&self) -> TokenStream {
        let rt = &self.rt;
        match self.model.options.store {
            Store::Thread => quote_spanned! {Span::mixed_site()=>
                {
                    ::std::thread_local! {
                        static LATEST: #rt::Latest = const { #rt::Latest::new() };
                        static CACHES: #rt::Caches = const { #rt::Caches::new(&LATEST) };
                    }
                    #rt::Site::new(&LATEST, &CACHES)
                }
            },
            Store::Global | Store::Expr(_) => quote_spanned!(Span::mixed_site()=> #rt::Site::new()),
        }
    }

    /// The user's `cache`, a reference that may have to be coerced. It is an argument as written:
    /// what the compiler says of a wrong one is placed at it.
    fn cache_expr(&self, expr: &Expr) -> TokenStream {
        let rt = &self.rt;
        let views = self.views(|parameter| parameter.uses.cache);
        let expr = self.without_self(expr.to_token_stream());
        quote_spanned! {Span::mixed_site()=>
            {
                #views
                #rt::lent(&query, shape, #expr)
            }
        }
    }

    /// What of the returned type is stored.
    fn shape(&self, output: &Type) -> TokenStream {
        let (rt, options) = (&self.rt, &self.model.options);
        let about_errors = options.stale_if_error.as_ref().map(|given| &given.name);
        let about_errors = about_errors.or(options.on_error.as_ref().map(|given| &given.name));
        let (method, span) = match (&options.err_ttl, about_errors) {
            (Some(given), _) => ("ttl_memo_shape_of_both", given.name.span()),
            (None, Some(name)) => ("ttl_memo_shape_of_result", name.span()),
            (None, None) => ("ttl_memo_shape", value_span(&self.model.output.ty)),
        };
        let method = Ident::new(method, Span::mixed_site().located_at(span));
        let returns = match options.store {
            Store::Thread => {
                quote_spanned!(Span::mixed_site()=> #rt::Returns::<#output, _>::new_local())
            }
            Store::Global | Store::Expr(_) => {
                quote_spanned!(Span::mixed_site()=> #rt::Returns::<#output>::new())
            }
        };
        let returns = at_top(value_span(output), returns);
        quote_spanned!(Span::mixed_site()=> #returns.#method())
    }

    /// The cache's options, on its builder.
    fn builder(&self) -> TokenStream {
        let rt = &self.rt;
        let options = &self.model.options;
        let mut built = Built { rt, tokens: quote_spanned!(Span::mixed_site()=> builder) };
        if let Some(name) = &options.name {
            built.given("name", name);
        }
        match &options.maxsize {
            Bound::Default => {}
            Bound::None => built.with("maxsize", none()),
            Bound::Expr(given) => built.with("maxsize", typed("usize", &given.value)),
        }
        match &options.ttl {
            Time::Default => {}
            Time::None => built.with("ttl", none()),
            Time::Literal(given) => built.with("ttl", self.literal(given.value)),
            Time::Expr(given) => {
                let expr = &given.value;
                built.with("ttl", quote_spanned!(Span::mixed_site()=> ::core::convert::identity::<#rt::Duration>(#expr)));
            }
        }
        let periods = [
            ("tti", &options.tti),
            ("err_ttl", &options.err_ttl),
            ("stale_while_revalidate", &options.stale_while_revalidate),
            ("stale_if_error", &options.stale_if_error),
        ];
        for (name, given) in periods {
            if let Some(given) = given {
                built.with(name, self.period(&given.value));
            }
        }
        if options.policy != Policy::Adaptive {
            let policy = Ident::new(&format!("{:?}", options.policy), Span::mixed_site());
            built.with("policy", quote_spanned!(Span::mixed_site()=> #rt::Policy::#policy));
        }
        match &options.single_flight {
            SingleFlight::On => {}
            flight => built.with("single_flight", self.single_flight(flight)),
        }
        for (name, given) in
            [("jitter", &options.jitter), ("hasher", &options.hasher), ("clock", &options.clock)]
        {
            if let Some(given) = given {
                built.given(name, given);
            }
        }
        let hooks = [
            ("weigher", &options.weigher),
            ("expire_after", &options.expire_after),
            ("on_evict", &options.on_evict),
            ("tags", &options.tags),
        ];
        for (name, given) in hooks {
            let Some(given) = given else { continue };
            if options.err_ttl.is_some() {
                built.through(name, given);
            } else {
                built.given(name, given);
            }
        }
        built.tokens
    }

    /// What is the function's and not its cache's; nothing if it asks for nothing.
    fn rules(&self) -> Option<TokenStream> {
        let options = &self.model.options;
        let mut built = Built { rt: &self.rt, tokens: quote_spanned!(Span::mixed_site()=> rules) };
        let hooks = [
            ("cache_if", &options.cache_if),
            ("valid_if", &options.valid_if),
            ("on_error", &options.on_error),
        ];
        let mut any = false;
        for (name, given) in hooks {
            if let Some(given) = given {
                any = true;
                built.given(name, given);
            }
        }
        if let Some(ahead) = &options.refresh_ahead {
            any = true;
            built.with("refresh_ahead", self.period(&ahead.value));
        }
        if let (Store::Expr(_), SingleFlight::Off | SingleFlight::AtMost(_)) =
            (&options.store, &options.single_flight)
        {
            any = true;
            built.with("single_flight", self.single_flight(&options.single_flight));
        }
        any.then(|| {
            let built = built.tokens;
            quote_spanned!(Span::mixed_site()=> #built.done())
        })
    }

    fn single_flight(&self, flight: &SingleFlight) -> TokenStream {
        match flight {
            SingleFlight::On => quote_spanned!(Span::mixed_site()=> true),
            SingleFlight::Off => quote_spanned!(Span::mixed_site()=> false),
            SingleFlight::AtMost(wait) => self.period(&wait.value),
        }
    }

    fn period(&self, period: &Period) -> TokenStream {
        match period {
            Period::Literal(duration) => self.literal(*duration),
            Period::Expr(expr) => {
                let rt = &self.rt;
                quote_spanned!(Span::mixed_site()=> ::core::convert::identity::<#rt::Duration>(#expr))
            }
        }
    }

    fn literal(&self, duration: Duration) -> TokenStream {
        let rt = &self.rt;
        let (secs, nanos) = (duration.as_secs(), duration.subsec_nanos());
        quote_spanned!(Span::mixed_site()=> #rt::Duration::new(#secs, #nanos))
    }
}

/// A chain of a builder's methods.
struct Built<'a> {
    rt: &'a TokenStream,
    tokens: TokenStream,
}

impl Built<'_> {
    /// One more method.
    fn with(&mut self, method: &str, value: impl ToTokens) {
        self.with_at(method, Span::mixed_site(), value);
    }

    /// One more, with the option's own value: complaints are placed at the option.
    fn given(&mut self, method: &str, given: &Given<Expr>) {
        self.with_at(method, given.name.span(), &given.value);
    }

    fn with_at(&mut self, method: &str, span: Span, value: impl ToTokens) {
        let method = Ident::new(method, Span::mixed_site().located_at(span));
        let built = &self.tokens;
        self.tokens = quote_spanned!(Span::mixed_site()=> #built.#method(#value));
    }

    /// The same for a hook that sees values only, where errors are stored too.
    fn through(&mut self, method: &str, given: &Given<Expr>) {
        let method = Ident::new(method, Span::mixed_site().located_at(given.name.span()));
        let (rt, tokens, value) = (self.rt, &self.tokens, &given.value);
        self.tokens = quote_spanned!(Span::mixed_site()=> #rt::kept::#method(#tokens, #value));
    }
}

/// The tokens as if they stood at `span`, but for what is in parentheses: the whole stands there,
/// and its parts where they were.
pub(super) fn at_top(span: Span, tokens: TokenStream) -> TokenStream {
    let at = |mut token: TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.into_iter().map(at).collect()
}

/// The token that a complaint of what is stored points at.
fn value_span(output: &Type) -> Span {
    let Type::Path(path) = bare_type(output) else { return type_span(output) };
    let named = path.path.segments.last().filter(|it| it.ident.to_string().ends_with("Result"));
    let value = named.and_then(|named| match &named.arguments {
        PathArguments::AngleBracketed(list) => list.args.iter().find_map(of_type),
        _ => None,
    });
    type_span(value.unwrap_or(output))
}

fn of_type(argument: &GenericArgument) -> Option<&Type> {
    match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

fn none() -> TokenStream {
    quote_spanned!(Span::mixed_site()=> ::core::option::Option::None)
}

/// An expression that is to be of a primitive type.
fn typed(primitive: &str, expr: &Expr) -> TokenStream {
    let primitive = Ident::new(primitive, Span::mixed_site());
    quote_spanned!(Span::mixed_site()=> ::core::convert::identity::<::core::primitive::#primitive>(#expr))
}
