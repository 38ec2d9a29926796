//! The function itself: a look-up, and the body where that finds nothing.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{
    Expr, FnArg, Ident, Pat, PatIdent, ReturnType, Safety, Signature, Type, parse_quote_spanned,
};

use super::Expansion;
use super::cache::Caller;
use super::query::{Scope, type_span};
use super::within::body_call;
use crate::model::{Asyncness, Binding, Parameter, Role, bare_type};

/// What is asked of the cache.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Asked {
    /// The answer: what the function itself does.
    Call,
    /// The answer and where it is from: `f_cache_fetch`.
    Fetch,
    /// The body's: `f_cache_refresh`.
    Refresh,
}

impl Expansion<'_> {
    /// The function itself.
    pub(super) fn wrapper(&self) -> TokenStream {
        let function = &self.model.function;
        let (attrs, vis, defaultness) = (self.attributes(), &function.vis, &function.defaultness);
        let sig = self.bound_signature();
        let body = self.body();
        let within = self.items_within().then(|| {
            let (hidden, uncached) = (self.hidden_function(), self.uncached());
            quote_spanned!(Span::mixed_site()=> #hidden #uncached)
        });
        let within = within.or_else(|| self.called_body());
        let mut block =
            Group::new(Delimiter::Brace, quote_spanned!(Span::mixed_site()=> #within #body));
        let span = if self.is_told_of() { function.body.span() } else { Span::mixed_site() };
        block.set_span(span);
        quote_spanned!(Span::mixed_site()=> #attrs #vis #defaultness #sig #block)
    }

    /// The signature as written, each parameter bound by its name.
    fn bound_signature(&self) -> Signature {
        let mut sig = self.model.function.sig.clone();
        for (input, parameter) in sig.inputs.iter_mut().zip(&self.model.parameters) {
            match input {
                FnArg::Receiver(_) if self.has_body_inline() => {}
                FnArg::Receiver(receiver) => receiver.mutability = None,
                FnArg::Typed(typed) => *typed.pat = named(parameter),
            }
        }
        if self.gives_future() {
            let output = &self.model.output.ty;
            sig.asyncness = None;
            sig.output = parse_quote_spanned! {Span::mixed_site()=>
                -> impl ::core::future::Future<Output = #output>
            };
        }
        sig
    }

    /// Whether an `async fn` becomes a plain one that gives the future: an `async fn` would keep a
    /// place of its own for each argument, which the body has, too. Of a key, there is one copy
    /// anyway; a reference is small; and an attribute below may want an `async fn`.
    fn gives_future(&self) -> bool {
        let by_value = |parameter: &Parameter| {
            matches!(parameter.role, Role::Unkeyed)
                && !matches!(bare_type(&parameter.ty), Type::Reference(_))
        };
        matches!(self.model.asyncness, Asyncness::Async)
            && self.beside()
            && self.has_plain_attributes()
            && self.model.parameters.iter().any(by_value)
    }

    fn body(&self) -> TokenStream {
        let run = self.run(Asked::Call, Caller::Function);
        match self.model.asyncness {
            Asyncness::Async if self.gives_future() => run,
            Asyncness::Boxed { .. } => {
                quote_spanned!(Span::mixed_site()=> ::std::boxed::Box::pin(#run))
            }
            _ => self.awaited(&run),
        }
    }

    /// What is run, awaited where it is a future.
    pub(super) fn awaited(&self, run: &TokenStream) -> TokenStream {
        let awaited =
            self.model.asyncness.is_async().then(|| quote_spanned!(Span::mixed_site()=> .await));
        quote_spanned!(Span::mixed_site()=> #run #awaited)
    }

    /// A call, or what a helper makes of it: the answer, or its future.
    pub(super) fn run(&self, asked: Asked, by: Caller) -> TokenStream {
        if self.model.asyncness.is_async() {
            self.run_async(asked, by)
        } else {
            self.run_sync(asked, by)
        }
    }

    fn run_sync(&self, asked: Asked, by: Caller) -> TokenStream {
        let rt = &self.rt;
        let scope = Scope::Function;
        let (call, body) = (self.call(by, scope), self.body_closure(by));
        let refresh = self.refresh_if(scope);
        let begun = match (asked, &self.model.options.spawn, refresh) {
            (Asked::Refresh, ..) => quote_spanned!(Span::mixed_site()=> #rt::refresh(#call)),
            (Asked::Fetch, None, refresh) => {
                let refresh = or_false(refresh);
                quote_spanned!(Span::mixed_site()=> #rt::fetch(#call, #refresh))
            }
            (Asked::Fetch, Some(spawn), refresh) => {
                let refresh = or_false(refresh);
                let spawn = self.spawn(&spawn.value, by, scope);
                quote_spanned!(Span::mixed_site()=> #rt::fetch_spawning(#call, #refresh).renew(#spawn))
            }
            (Asked::Call, Some(spawn), refresh) => {
                let refresh = or_false(refresh);
                let spawn = self.spawn(&spawn.value, by, scope);
                quote_spanned!(Span::mixed_site()=> #rt::begin_spawning(#call, #refresh).renew(#spawn))
            }
            (Asked::Call, None, Some(refresh)) => {
                quote_spanned!(Span::mixed_site()=> #rt::begin_if(#call, #refresh))
            }
            (Asked::Call, None, None) => quote_spanned!(Span::mixed_site()=> #rt::begin(#call)),
        };
        quote_spanned!(Span::mixed_site()=> #begun.run(#body))
    }

    fn run_async(&self, asked: Asked, by: Caller) -> TokenStream {
        let rt = &self.rt;
        let scope = Scope::Look;
        let (call, body) = (self.call(by, scope), self.future_closure(by));
        let refresh = self.refresh_if(scope);
        let ask = match (asked, &self.model.options.spawn, refresh) {
            (Asked::Refresh, ..) => quote_spanned!(Span::mixed_site()=> refresh(#call)),
            (Asked::Fetch, None, refresh) => {
                let refresh = or_false(refresh);
                quote_spanned!(Span::mixed_site()=> fetch(#call, #refresh))
            }
            (Asked::Fetch, Some(spawn), refresh) => {
                let refresh = or_false(refresh);
                let spawn = self.spawn(&spawn.value, by, scope);
                quote_spanned!(Span::mixed_site()=> fetch_spawning(#call, #refresh, #spawn))
            }
            (Asked::Call, Some(spawn), refresh) => {
                let refresh = or_false(refresh);
                let spawn = self.spawn(&spawn.value, by, scope);
                quote_spanned!(Span::mixed_site()=> call_spawning(#call, #refresh, #spawn))
            }
            (Asked::Call, None, Some(refresh)) => {
                quote_spanned!(Span::mixed_site()=> call_if(#call, #refresh))
            }
            (Asked::Call, None, None) => quote_spanned!(Span::mixed_site()=> call(#call)),
        };
        let (args, patterns) =
            (self.passed().map(|it| &it.ident), self.passed().map(|it| self.looked_at(it, asked)));
        let moved = (!self.beside()).then(|| quote_spanned!(Span::mixed_site()=> move));
        let memoized = quote_spanned! {Span::mixed_site()=>
            #rt::memoize((#(#args,)*), #moved |(#(#patterns,)*), asking| asking.#ask, #body)
        };
        match self.model.parameters.first().filter(|it| self.is_cloned(it, asked)) {
            None => memoized,
            Some(receiver) => {
                let (this, receiver) = (self.seen(receiver), &receiver.ident);
                quote_spanned! {Span::mixed_site()=>
                    {
                        let #this = ::core::clone::Clone::clone(&#receiver);
                        #memoized
                    }
                }
            }
        }
    }

    /// Whether an async call looks at a receiver that the body consumes, with no place beside it
    /// from where both could have it.
    fn is_cloned(&self, parameter: &Parameter, asked: Asked) -> bool {
        !self.beside()
            && parameter.is_receiver()
            && !matches!(bare_type(&parameter.ty), Type::Reference(_))
            && self.is_looked_at(parameter, asked)
    }

    /// The parameters that an async call hands on. A receiver has a name of its own only beside.
    fn passed(&self) -> impl Iterator<Item = &Parameter> {
        self.model.parameters.iter().filter(|parameter| self.beside() || !parameter.is_receiver())
    }

    /// A parameter's name in an async call's look-up, if it is looked at there.
    fn looked_at(&self, parameter: &Parameter, asked: Asked) -> TokenStream {
        if self.is_looked_at(parameter, asked) {
            self.seen(parameter).to_token_stream()
        } else {
            quote_spanned!(Span::mixed_site()=> _)
        }
    }

    fn is_looked_at(&self, parameter: &Parameter, asked: Asked) -> bool {
        let refresh_if = parameter.uses.refresh_if && asked != Asked::Refresh;
        let spawns = self.model.options.spawn.is_some() && asked != Asked::Refresh;
        parameter.is_helper_input() || refresh_if || spawns
    }

    /// Whether the user wants a new value, where that is asked.
    fn refresh_if(&self, scope: Scope) -> Option<TokenStream> {
        let refresh = &self.model.options.refresh_if.as_ref()?.value;
        let used = || self.model.parameters.iter().filter(|parameter| parameter.uses.refresh_if);
        let names = used().map(|parameter| self.seen(parameter));
        let values = used().map(|parameter| self.seen_value(parameter, scope));
        let views = self.views(|parameter| parameter.uses.refresh_if);
        let refresh = self.without_self(refresh.to_token_stream());
        Some(quote_spanned! {Span::mixed_site()=>
            {
                #(let #names = #values;)*
                #views
                #refresh
            }
        })
    }

    /// A closure that hands the body, on arguments of its own, to what the user's `spawn` names.
    fn spawn(&self, spawn: &Expr, by: Caller, scope: Scope) -> TokenStream {
        let rt = &self.rt;
        let parameters = &self.model.parameters;
        let names: Vec<_> = parameters.iter().map(|parameter| self.seen(parameter)).collect();
        let owned = parameters.iter().map(|parameter| {
            let seen = self.seen_value(parameter, scope);
            if lasts(&parameter.ty) {
                return seen;
            }
            let own = Ident::new("own", Span::mixed_site().located_at(type_span(&parameter.ty)));
            quote_spanned!(Span::mixed_site()=> #rt::#own(#seen))
        });
        let args = parameters.iter().map(|parameter| {
            let name = self.seen(parameter);
            match bare_type(&parameter.ty) {
                Type::Reference(_) if !lasts(&parameter.ty) => {
                    quote_spanned!(Span::mixed_site()=> &#name)
                }
                _ => name.to_token_stream(),
            }
        });
        let body = self.uncached_call(by, &args.collect::<Vec<_>>());
        let work = if self.model.asyncness.is_async() {
            quote_spanned!(Span::mixed_site()=> ticket.run_async(async move { #body.await }))
        } else {
            quote_spanned!(Span::mixed_site()=> move || ticket.run(|| #body))
        };
        quote_spanned! {Span::mixed_site()=>
            |ticket| {
                #(let #names = #owned;)*
                #rt::spawn(#spawn, #work)
            }
        }
    }

    /// A closure that runs the body, with the parameters in scope.
    fn body_closure(&self, by: Caller) -> TokenStream {
        if !self.has_body_inline() {
            let body = self.uncached_call(by, &self.arguments());
            return quote_spanned!(Span::mixed_site()=> || #body);
        }
        let (output, body) = (&self.model.output.ty, self.inner_body());
        let patterns = self.rebound();
        quote_spanned!(Span::mixed_site()=> move || -> #output { #patterns #body })
    }

    /// A closure that makes the body's future of the parameters.
    fn future_closure(&self, by: Caller) -> TokenStream {
        let names: Vec<_> = self
            .passed()
            .map(|parameter| {
                let receiver = parameter.is_receiver();
                if receiver { self.seen(parameter) } else { &parameter.ident }.to_token_stream()
            })
            .collect();
        let args = quote_spanned!(Span::mixed_site()=> (#(#names,)*));
        if self.beside() {
            let body = self.uncached_call(by, &names);
            return quote_spanned!(Span::mixed_site()=> |#args| #body);
        }
        if !self.has_body_inline() {
            let body = self.uncached_call(by, &self.arguments());
            return quote_spanned!(Span::mixed_site()=> move |#args| #body);
        }
        let (patterns, body) = (self.rebound(), self.inner_body());
        if let (Asyncness::Boxed { .. }, ReturnType::Type(_, ty)) =
            (&self.model.asyncness, &self.model.function.sig.output)
        {
            return quote_spanned!(Span::mixed_site()=> move |#args| -> #ty { #patterns #body });
        }
        let output = &self.model.output.ty;
        let block = typed_block(output, &quote_spanned!(Span::mixed_site()=> #patterns #body));
        quote_spanned!(Span::mixed_site()=> move |#args| #block)
    }

    /// The body as a block in another. Its braces stay the user's, whose edition says when what is
    /// temporary in it ends; that they are one pair too many is nobody's fault.
    fn inner_body(&self) -> TokenStream {
        braced(&self.model.function.body)
    }

    pub(super) fn rebound(&self) -> TokenStream {
        self.model.parameters.iter().filter_map(rebound).collect()
    }

    fn arguments(&self) -> Vec<TokenStream> {
        self.model.parameters.iter().map(|parameter| parameter.ident.to_token_stream()).collect()
    }

    /// A call of the function as written.
    fn uncached_call(&self, by: Caller, args: &[TokenStream]) -> TokenStream {
        if self.has_called_body() {
            return body_call(args);
        }
        let uncached = self.item(&self.helper("uncached"));
        let turbofish = self.turbofish(&self.model.generics.whole, by);
        let call = quote_spanned!(Span::mixed_site()=> #uncached #turbofish (#(#args),*));
        match self.model.function.sig.safety {
            Safety::Unsafe(_) => quote_spanned!(Span::mixed_site()=> unsafe { #call }),
            _ => call,
        }
    }
}

/// An async block of some statements. The first of them says what it gives, for each `?` and
/// `return` in it.
pub(super) fn typed_block(output: &Type, statements: &TokenStream) -> TokenStream {
    quote_spanned! {Span::mixed_site()=>
        async move {
            if let ::core::option::Option::Some(output) = ::core::option::Option::None::<#output> {
                return output;
            }
            #statements
        }
    }
}

/// A body as a block in another.
pub(super) fn braced(body: &Group) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> #[allow(unused_braces)] #body)
}

/// Whether it is a `&'static T`, which work in the background can take as it is.
fn lasts(ty: &Type) -> bool {
    let Type::Reference(reference) = bare_type(ty) else { return false };
    let lifetime = reference.lifetime.as_ref();
    reference.mutability.is_none() && lifetime.is_some_and(|lifetime| lifetime.ident == "static")
}

fn or_false(refresh: Option<TokenStream>) -> TokenStream {
    refresh.unwrap_or_else(|| quote_spanned!(Span::mixed_site()=> false))
}

/// A parameter's name as a pattern.
fn named(parameter: &Parameter) -> Pat {
    Pat::Ident(PatIdent {
        attrs: Vec::new(),
        by_ref: None,
        mutability: None,
        ident: parameter.ident.clone(),
        subpat: None,
    })
}

/// The pattern as written, matched where the body is: nothing for a plain name.
fn rebound(parameter: &Parameter) -> Option<TokenStream> {
    let Binding::Pattern(pattern) = &parameter.binding else { return None };
    let plain = named(parameter).to_token_stream().to_string();
    let name = &parameter.ident;
    let changed = pattern.to_token_stream().to_string() != plain;
    changed.then(|| quote_spanned!(Span::mixed_site()=> let #pattern = #name;))
}
