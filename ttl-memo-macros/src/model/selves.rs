//! Which `self`s and `Self`s in some tokens are the function's own.
//!
//! By tokens, as the body is never parsed: those in a nested item mean another one, and `self`
//! before a `::` is a module.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Signature;

/// Whether a function mentions its own `self` or `Self`.
pub(super) fn mentions_self(sig: &Signature, body: &Group) -> bool {
    let mut found = false;
    let mut find = |token: Token| match token {
        Token::Own(word) => {
            found = true;
            word.into()
        }
        Token::Other(token) => token,
    };
    // A signature is no statement: its `fn` begins no nested item.
    walk(sig.to_token_stream(), At::Within, &mut find);
    walk(body.stream(), At::Start, &mut find);
    found
}

/// The statements, or an expression, with another name for `self`: for where no receiver can be.
pub(crate) fn with_another_self(tokens: TokenStream, this: &Ident) -> TokenStream {
    let mut rename = |token: Token| match token {
        Token::Own(word) if word == "self" => {
            let mut this = this.clone();
            this.set_span(Span::mixed_site().located_at(word.span()));
            this.into()
        }
        Token::Own(word) => word.into(),
        Token::Other(token) => token,
    };
    walk(tokens, At::Start, &mut rename)
}

/// The string in a macro's arguments that has a `{self}` in it, if there is one.
pub(crate) fn self_in_a_string(tokens: TokenStream) -> Option<TokenTree> {
    let mut called = false;
    for token in tokens {
        let bang = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '!');
        if let TokenTree::Group(group) = token {
            let found = if called { formats_self(group.stream()) } else { None };
            if let Some(found) = found.or_else(|| self_in_a_string(group.stream())) {
                return Some(found);
            }
        }
        called = bang;
    }
    None
}

fn formats_self(arguments: TokenStream) -> Option<TokenTree> {
    arguments.into_iter().find(|token| match token {
        TokenTree::Literal(literal) => {
            // A `{{` is a brace that is written.
            let text = literal.to_string().replace("{{", "");
            let mut after = text.split("{self").skip(1);
            text.contains('"') && after.any(|after| after.starts_with(['}', ':']))
        }
        _ => false,
    })
}

/// A token, but for groups, whose tokens come one by one.
enum Token {
    /// The function's own `self` or `Self`.
    Own(Ident),
    Other(TokenTree),
}

/// The tokens, each as `seen` makes it.
fn walk(tokens: TokenStream, mut at: At, seen: &mut impl FnMut(Token) -> TokenTree) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut walked = TokenStream::new();
    while let Some(token) = tokens.next() {
        let (token, next) = match token {
            TokenTree::Ident(ident) => {
                let next = at.after_word(&ident.to_string(), tokens.peek());
                let path =
                    matches!(tokens.peek(), Some(TokenTree::Punct(it)) if it.as_char() == ':');
                let own = ident == "Self" || (ident == "self" && !path);
                if own && next != At::Item {
                    (Token::Own(ident), next)
                } else {
                    (Token::Other(ident.into()), next)
                }
            }
            TokenTree::Group(group) if at != At::Item => {
                let braces = group.delimiter() == Delimiter::Brace;
                let start = if braces { At::Start } else { At::Within };
                let mut inner = Group::new(group.delimiter(), walk(group.stream(), start, seen));
                inner.set_span(group.span());
                (Token::Other(inner.into()), at.after_group(&group))
            }
            TokenTree::Group(group) => {
                let next = at.after_group(&group);
                (Token::Other(group.into()), next)
            }
            TokenTree::Punct(punct) => {
                let next = at.after_punct(punct.as_char());
                (Token::Other(punct.into()), next)
            }
            // The ABI of `extern "C" fn` is one.
            TokenTree::Literal(literal) => (Token::Other(literal.into()), at),
        };
        walked.extend([seen(token)]);
        at = next;
    }
    walked
}

/// Where among some statements a token stands.
#[derive(Clone, Copy, PartialEq)]
enum At {
    /// Where a statement, and so an item, may begin.
    Start,
    /// After the `#` of an attribute there.
    Hash,
    /// In a nested item, up to its block or semicolon.
    Item,
    /// Anywhere else.
    Within,
}

impl At {
    fn after_word(self, word: &str, next: Option<&TokenTree>) -> Self {
        let names = matches!(next, Some(TokenTree::Ident(_)));
        match self {
            Self::Item => Self::Item,
            Self::Start if begins_item(word, names) => Self::Item,
            Self::Start if may_precede_item(word) => Self::Start,
            _ => Self::Within,
        }
    }

    fn after_group(self, group: &Group) -> Self {
        match (group.delimiter(), self) {
            // After `#[…]` and `pub(…)` an item may begin, too.
            (Delimiter::Brace, _) | (_, Self::Hash) => Self::Start,
            (_, at) => at,
        }
    }

    fn after_punct(self, punct: char) -> Self {
        match (punct, self) {
            (';', _) => Self::Start,
            (_, Self::Item) => Self::Item,
            ('#', Self::Start) | ('!', Self::Hash) => Self::Hash,
            _ => Self::Within,
        }
    }
}

/// Whether a word begins an item at the start of a statement. `union` is a keyword only before a
/// name.
fn begins_item(word: &str, before_name: bool) -> bool {
    let keywords = ["impl", "fn", "struct", "enum", "trait", "mod", "type", "use", "macro_rules"];
    keywords.contains(&word) || (word == "union" && before_name)
}

/// The words that may stand before those.
fn may_precede_item(word: &str) -> bool {
    ["pub", "unsafe", "async", "const", "extern", "crate", "in", "super", "auto"].contains(&word)
}
