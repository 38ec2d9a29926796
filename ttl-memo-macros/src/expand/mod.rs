//! Model → tokens. Cannot fail, asks nothing.
//!
//! Beside the function stand a hidden one, which holds the cache and makes a call of some arguments;
//! the function as written, as `f_uncached`; and its helpers. All generated tokens are of
//! [`Span::mixed_site`]: locals have hygiene of their own, and are of our edition.
//!
//! Where nothing can be put beside the function (`helpers = false`, in a trait's impl), all of it
//! is within the function: the cache and the body in its own block. Work in the background needs a
//! body that can be called: with `spawn`, a free function has the first two as items within; what
//! may have a `self` cannot stand there, so there the body is a closure of its own arguments.

mod attributes;
mod cache;
mod helpers;
mod output;
mod query;
#[cfg(test)]
mod tests;
mod within;
mod wrapper;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Visibility;
use syn::ext::IdentExt;

pub(crate) use self::helpers::stand_ins;
use crate::model::{Helpers, Model, Place, Store};

/// The memoized function, and what belongs to it.
pub(crate) fn expand(model: &Model) -> TokenStream {
    let expansion = Expansion::new(model);
    let function = expansion.wrapper();
    match model.options.helpers {
        Helpers::None => function,
        Helpers::AsFunction | Helpers::Of(_) => {
            let (hidden, helpers) = (expansion.hidden_function(), expansion.helpers());
            quote_spanned!(Span::mixed_site()=> #function #hidden #helpers)
        }
    }
}

/// What the pieces of one expansion share.
struct Expansion<'a> {
    model: &'a Model,
    /// The hidden module that expansions call.
    rt: TokenStream,
    /// The hidden function's name; also what the compiler says first where an `in_impl` is missing,
    /// or a `helpers = false`.
    hidden: Ident,
    /// What `self` is called where it is no receiver.
    this: Ident,
}

impl<'a> Expansion<'a> {
    fn new(model: &'a Model) -> Self {
        let runtime = &model.runtime;
        let name = &model.function.sig.ident;
        let missing = match model.function.place {
            Place::Free => "needs_in_impl",
            Place::Associated | Place::Method => "in_a_trait_needs_helpers_false",
        };
        let hidden = format!("__{}_{missing}", name.unraw());
        Self {
            model,
            rt: match model.options.store {
                Store::Thread => quote_spanned!(Span::mixed_site()=> #runtime::generated::local),
                Store::Global | Store::Expr(_) => {
                    quote_spanned!(Span::mixed_site()=> #runtime::generated)
                }
            },
            hidden: Ident::new(&hidden, Span::mixed_site().located_at(name.span())),
            this: model.names.local("this"),
        }
    }

    /// Whether the hidden function and the body are functions of their own.
    fn beside(&self) -> bool {
        !matches!(self.model.options.helpers, Helpers::None) || self.items_within()
    }

    /// Whether these stand within the function. What has a `self` cannot stand there.
    fn items_within(&self) -> bool {
        let options = &self.model.options;
        matches!(options.helpers, Helpers::None)
            && options.spawn.is_some()
            && !self.model.function.place.in_impl()
    }

    /// A function of the runtime that has one name for caches of all threads and another for those
    /// of one: their types are told apart by it.
    fn of_scope(&self, name: &str) -> Ident {
        match self.model.options.store {
            Store::Thread => Ident::new(&format!("{name}_local"), Span::mixed_site()),
            _ => Ident::new(name, Span::mixed_site()),
        }
    }

    /// A path to an item beside the function.
    fn item(&self, name: &Ident) -> TokenStream {
        if self.model.function.place.in_impl() {
            quote_spanned!(Span::mixed_site()=> Self::#name)
        } else {
            name.to_token_stream()
        }
    }

    /// The helpers' visibility.
    fn helper_vis(&self) -> &Visibility {
        match &self.model.options.helpers {
            Helpers::Of(vis) => vis,
            Helpers::AsFunction | Helpers::None => &self.model.function.vis,
        }
    }

    /// A helper's name: ours, at the function's.
    fn helper(&self, suffix: &str) -> Ident {
        let mut name = self.model.helper(suffix);
        name.set_span(Span::mixed_site().located_at(name.span()));
        name
    }
}
