//! A body that can be called though it stands within the function: a closure of its own arguments.
//!
//! It takes hold of nothing, so that work in the background, which owns its arguments, may call it
//! as well as the function does. A closure has no `self`: there it has another name.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{Lifetime, ReturnType, Type, parse_quote_spanned};

use super::Expansion;
use super::output::Named;
use super::wrapper::{braced, typed_block};
use crate::model::{Asyncness, Binding, Parameter};

impl Expansion<'_> {
    /// Whether the body is such a closure.
    pub(super) fn has_called_body(&self) -> bool {
        !self.beside() && self.model.options.spawn.is_some()
    }

    /// Whether it is nothing that could be called but in its place.
    pub(super) fn has_body_inline(&self) -> bool {
        !self.beside() && self.model.options.spawn.is_none()
    }

    /// The closure, in a variable.
    pub(super) fn called_body(&self) -> Option<TokenStream> {
        self.has_called_body().then(|| match self.model.asyncness {
            Asyncness::Async if !self.has_nameless() => self.async_closure(),
            _ => self.pointer(),
        })
    }

    fn has_nameless(&self) -> bool {
        self.model.parameters.iter().any(|parameter| !parameter.impls.is_empty())
    }

    /// As a function pointer, whose type says which lifetimes are any.
    fn pointer(&self) -> TokenStream {
        let (variable, takes, body) = (variable(), self.patterns(), self.body_of_another_self());
        let (ty, body) = (self.pointer_type(), self.boxed(body));
        let closure = quote_spanned!(Span::mixed_site()=> |#(#takes),*| { #body });
        if !self.has_nameless() {
            return quote_spanned!(Span::mixed_site()=> let #variable: #ty = #closure;);
        }
        // A call that is never made says what they are, before the body is looked at.
        let args = self.model.parameters.iter().map(|parameter| &parameter.ident);
        let awaited = self.has_async_body().then(|| quote_spanned!(Span::mixed_site()=> .await));
        quote_spanned! {Span::mixed_site()=>
            let mut #variable = ::core::option::Option::None::<#ty>;
            if let ::core::option::Option::Some(#variable) = #variable {
                return #variable(#(#args),*) #awaited;
            }
            #variable = ::core::option::Option::Some(#closure);
            let ::core::option::Option::Some(#variable) = #variable else {
                ::core::unreachable!()
            };
        }
    }

    fn has_async_body(&self) -> bool {
        matches!(self.model.asyncness, Asyncness::Async)
    }

    /// The body of an `async fn` as a future whose type can be written.
    fn boxed(&self, body: TokenStream) -> TokenStream {
        if !self.has_async_body() {
            return body;
        }
        let body = typed_block(&self.model.output.ty, &body);
        quote_spanned!(Span::mixed_site()=> ::std::boxed::Box::pin(#body))
    }

    fn pointer_type(&self) -> TokenStream {
        let any = self.model.names.lifetime("any");
        let types = self.types_of_body(&any);
        let output = &self.model.output.ty;
        let gives = match (&self.model.asyncness, &self.model.function.sig.output) {
            (Asyncness::Async, _) => quote_spanned!(Span::mixed_site()=>
                ::core::pin::Pin<::std::boxed::Box<dyn ::core::future::Future<Output = #output> + ::core::marker::Send + #any>>),
            (_, ReturnType::Default) => quote_spanned!(Span::mixed_site()=> ()),
            (_, ReturnType::Type(_, ty)) => Named::anonymous(ty, any.clone()).to_token_stream(),
        };
        quote_spanned!(Span::mixed_site()=> for<#any> fn(#(#types),*) -> #gives)
    }

    fn async_closure(&self) -> TokenStream {
        let elided = Lifetime::new("'_", Span::mixed_site());
        let types = self.types_of_body(&elided);
        let (variable, takes, body) = (variable(), self.patterns(), self.body_of_another_self());
        let output = &self.model.output.ty;
        quote_spanned! {Span::mixed_site()=>
            let #variable = async move |#(#takes: #types),*| -> #output { #body };
        }
    }

    /// The types of the closure's parameters.
    fn types_of_body<'t>(&'t self, any: &'t Lifetime) -> impl Iterator<Item = Type> + 't {
        self.model.parameters.iter().map(|parameter| {
            let mut ty = Named::anonymous(&parameter.written, any.clone());
            Nameless.visit_type_mut(&mut ty);
            ty
        })
    }

    /// The names of the closure's parameters.
    fn patterns(&self) -> impl Iterator<Item = TokenStream> {
        self.model.parameters.iter().map(|parameter| {
            let name = self.seen(parameter);
            let mutable = match &parameter.binding {
                Binding::Receiver(receiver) => receiver.mutability,
                Binding::Pattern(_) => None,
            };
            // It has a use: in the attribute.
            let used = Parameter::is_used_by_an_expression(parameter)
                .then(|| quote_spanned!(Span::mixed_site()=> #[allow(unused_variables)]));
            quote_spanned!(Span::mixed_site()=> #used #mutable #name)
        })
    }

    fn body_of_another_self(&self) -> TokenStream {
        let patterns = self.rebound();
        let body = &self.model.function.body;
        let mut renamed = Group::new(body.delimiter(), self.without_self(body.stream()));
        renamed.set_span(body.span());
        let body = braced(&renamed);
        quote_spanned!(Span::mixed_site()=> #patterns #body)
    }
}

/// A call of the closure.
pub(super) fn body_call(args: &[TokenStream]) -> TokenStream {
    let variable = variable();
    quote_spanned!(Span::mixed_site()=> #variable(#(#args),*))
}

fn variable() -> Ident {
    Ident::new("body", Span::mixed_site())
}

/// Leaves it to the compiler what an `impl Trait` is.
struct Nameless;

impl VisitMut for Nameless {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Type::ImplTrait(_) = ty {
            *ty = parse_quote_spanned!(Span::mixed_site()=> _);
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }
}
