//! Names that cannot collide with what the user wrote.

use std::cell::RefCell;
use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Lifetime;
use syn::ext::IdentExt;

use crate::args::Args;
use crate::model::Function;

/// Gives out names that occur neither in the function nor in the attribute's list.
///
/// Locals have hygiene of their own (`mixed_site`); items, type parameters and what a macro in the
/// body may pick up have none, and for them this is needed.
pub(crate) struct Names {
    taken: RefCell<HashSet<String>>,
}

impl Names {
    /// The names that a function and its attribute leave free.
    pub(crate) fn around(args: &Args, function: &Function) -> Self {
        let mut taken = HashSet::new();
        collect(args.tokens.clone(), &mut taken);
        collect(function.sig.to_token_stream(), &mut taken);
        collect(function.body.stream(), &mut taken);
        for attr in &function.attrs {
            collect(attr.to_token_stream(), &mut taken);
        }
        Self { taken: RefCell::new(taken) }
    }

    /// A local: `hint`, or with a number after it.
    pub(crate) fn local(&self, hint: &str) -> Ident {
        self.fresh(hint, Span::mixed_site())
    }

    /// An item or an associated function beside the user's, found by name from anywhere.
    pub(crate) fn item(&self, hint: &str) -> Ident {
        self.fresh(hint, Span::call_site())
    }

    /// A type parameter that stands for the `impl Trait` of a parameter: `Db` for `db`.
    pub(crate) fn type_of(&self, parameter: &Ident) -> Ident {
        let name = parameter.unraw().to_string();
        let words = name.split('_').filter(|word| !word.is_empty());
        let camel: String = words.flat_map(capitalised).collect();
        let usable = camel.starts_with(char::is_alphabetic) && camel != "Self";
        self.fresh(if usable { &camel } else { "Argument" }, parameter.span())
    }

    /// A lifetime that something generated declares, the same for each. Lifetimes have no hygiene,
    /// and an `impl` around the function, which is not seen, may declare some.
    pub(crate) fn lifetime(&self, hint: &str) -> Lifetime {
        let name = free(&self.taken.borrow(), &format!("__{hint}"));
        Lifetime::new(&format!("'{name}"), Span::mixed_site())
    }

    fn fresh(&self, hint: &str, span: Span) -> Ident {
        let mut taken = self.taken.borrow_mut();
        let name = free(&taken, hint);
        let ident = Ident::new(&name, span);
        taken.insert(name);
        ident
    }
}

/// `hint`, or with a number after it.
fn free(taken: &HashSet<String>, hint: &str) -> String {
    let candidates = (2_u32..).map(|number| format!("{hint}{number}"));
    let mut names = std::iter::once(hint.to_owned()).chain(candidates);
    // There are more numbers than names in any source.
    names.find(|name| !taken.contains(name)).unwrap_or_else(|| hint.to_owned())
}

fn capitalised(word: &str) -> impl Iterator<Item = char> + '_ {
    let mut chars = word.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars)
}

fn collect(tokens: TokenStream, names: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                names.insert(ident.unraw().to_string());
            }
            TokenTree::Group(group) => collect(group.stream(), names),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}
