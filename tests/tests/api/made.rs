//! What macros of the crate make, as far as their calls tell.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::Item;

use crate::lines;

/// The calls in a module that make something of this name, or implement something for it: they say
/// the name, or their macro does.
pub(crate) fn calls(items: &[Item], name: &str) -> Vec<String> {
    let macros = || {
        items.iter().filter_map(|item| match item {
            Item::Macro(item) => Some(item),
            _ => None,
        })
    };
    let rules: Vec<&Ident> = macros()
        .filter(|item| says(&item.mac.tokens, name))
        .filter_map(|item| item.ident.as_ref())
        .collect();
    macros()
        .filter(|item| item.ident.is_none())
        .filter(|item| {
            says(&item.mac.tokens, name) || rules.iter().any(|rules| item.mac.path.is_ident(*rules))
        })
        .map(|item| {
            let tokens = lines::tokens(&undocumented(item.mac.tokens.clone()));
            format!("made by {}!({tokens})", lines::tokens(&item.mac.path))
        })
        .collect()
}

fn says(tokens: &TokenStream, name: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => says(&group.stream(), name),
        _ => false,
    })
}

fn undocumented(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut kept = TokenStream::new();
    while let Some(token) = tokens.next() {
        let is_sign = matches!(&token, TokenTree::Punct(sign) if sign.as_char() == '#');
        let is_documentation = matches!(
            tokens.peek(),
            Some(TokenTree::Group(group)) if says_first(&group.stream(), "doc")
        );
        if is_sign && is_documentation {
            tokens.next();
        } else {
            kept.extend([token]);
        }
    }
    kept
}

fn says_first(tokens: &TokenStream, name: &str) -> bool {
    matches!(tokens.clone().into_iter().next(), Some(TokenTree::Ident(ident)) if ident == name)
}
