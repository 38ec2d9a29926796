//! Which names some tokens mention.

use std::collections::HashSet;

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;

/// The names in some tokens, without `r#`; lifetimes with their `'`.
///
/// By tokens and not by syntax tree, so that macro calls (`format!("{a}-{b}")`) are seen into, and
/// that nothing has to be understood. A name that is shadowed counts: for what this is used for,
/// one name too many is harmless.
#[derive(Default)]
pub(crate) struct Mentions(HashSet<String>);

impl Mentions {
    /// Every name, whatever it stands for: what a type or a bound mentions.
    pub(crate) fn any(tokens: &impl ToTokens) -> Self {
        let mut mentions = Self::default();
        mentions.add_any(tokens);
        mentions
    }

    /// The names that may be variables: not fields, methods, or segments of longer paths. Names in
    /// the format strings of macro calls are among them.
    pub(crate) fn values(expr: &impl ToTokens) -> Self {
        let mut mentions = Self::default();
        mentions.scan(expr.to_token_stream(), true, false);
        mentions
    }

    /// Adds every name in `tokens`.
    pub(crate) fn add_any(&mut self, tokens: &impl ToTokens) {
        self.scan(tokens.to_token_stream(), false, true);
    }

    /// Whether an identifier of this name is among them.
    pub(crate) fn ident(&self, ident: &Ident) -> bool {
        self.0.contains(&ident.unraw().to_string())
    }

    /// Whether this name is among them; that of a lifetime begins with `'`.
    pub(crate) fn name(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    fn scan(&mut self, tokens: TokenStream, values_only: bool, in_macro: bool) {
        let mut before = Before::Other;
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let follows = |tokens: &mut std::iter::Peekable<_>, wanted| matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == wanted);
            before = match token {
                TokenTree::Ident(ident) => {
                    let name = ident.unraw().to_string();
                    if before == Before::Quote {
                        self.0.insert(format!("'{name}"));
                    } else if !values_only
                        || (before != Before::Member && !follows(&mut tokens, ':'))
                    {
                        self.0.insert(name);
                    }
                    Before::Other
                }
                TokenTree::Punct(punct) => before.then(punct.as_char(), punct.spacing()),
                TokenTree::Group(group) => {
                    let called = before == Before::Bang && group.delimiter() != Delimiter::None;
                    self.scan(group.stream(), values_only, in_macro || called);
                    Before::Other
                }
                TokenTree::Literal(literal) => {
                    if in_macro {
                        self.add_captured(&literal.to_string());
                    }
                    Before::Other
                }
            };
        }
    }

    /// Adds the names in the braces of what may be a format string.
    fn add_captured(&mut self, literal: &str) {
        for after in literal.split('{').skip(1) {
            let name: String =
                after.chars().take_while(|&c| c == '_' || c.is_alphanumeric()).collect();
            if !name.is_empty() && after[name.len()..].starts_with(['}', ':']) {
                self.0.insert(name);
            }
        }
    }
}

/// What stood before a token, as far as it changes what the token means.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Other,
    /// `'`: a lifetime's name follows.
    Quote,
    /// `!`: a macro's arguments may follow.
    Bang,
    /// A single `.`, or `::`: a member's name follows.
    Member,
    /// The first character of `..`.
    Dot,
    /// That of `::`, or another `:`.
    Colon,
}

impl Before {
    fn then(self, punct: char, spacing: Spacing) -> Self {
        let joint = spacing == Spacing::Joint;
        match (punct, self) {
            ('\'', _) => Self::Quote,
            ('!', _) => Self::Bang,
            (':', Self::Colon) => Self::Member,
            (':', _) => Self::Colon,
            // The last dot of `..` or `..=`, which an operand follows.
            ('.', Self::Dot) => Self::Other,
            ('.', _) if joint => Self::Dot,
            ('.', _) => Self::Member,
            _ => Self::Other,
        }
    }
}
