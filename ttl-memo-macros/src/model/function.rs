//! The function as written.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{Attribute, FnArg, Signature, Token, Visibility};

use crate::args::Args;

/// The function as written, without `#[ttl_cache]` itself.
pub(crate) struct Function {
    /// Attributes and docs, in order: those above `#[ttl_cache]` that have not been expanded yet
    /// (docs, `cfg`, lints) and those below it. Which goes where is `expand`'s to decide.
    pub(crate) attrs: Vec<Attribute>,
    /// Its visibility.
    pub(crate) vis: Visibility,
    /// `default fn`, in an unstable specialization.
    pub(crate) defaultness: Option<Token![default]>,
    /// The signature, untouched: `sig.safety` says whether it is `unsafe`.
    pub(crate) sig: Signature,
    /// The body with its braces, as tokens: it is never parsed, so that syntax newer than our
    /// parser works in it, and never emitted twice.
    pub(crate) body: Group,
    /// Where it stands.
    pub(crate) place: Place,
}

/// Where a function stands, which decides what can be put beside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// In a module or in another function: what is hidden can be put beside it as free items.
    Free,
    /// In an `impl` or a trait, without a receiver. Items beside it are associated ones, reached by
    /// `Self::`; with [`Helpers::None`] it may be a trait's, where nothing can be put beside it.
    ///
    /// [`Helpers::None`]: super::Helpers::None
    Associated,
    /// The same, with a receiver, in whatever form.
    Method,
}

impl Place {
    /// Whether items beside the function are reached by `Self::`.
    pub(crate) fn in_impl(self) -> bool {
        self != Self::Free
    }

    /// What `in_impl` says, or whether the function mentions `self` or `Self` outside nested items.
    pub(crate) fn of(args: &Args, sig: &Signature, body: &Group) -> Self {
        let method = sig.inputs.iter().any(|input| matches!(input, FnArg::Receiver(_)));
        let said = args.in_impl.as_ref().map(|given| given.value);
        let detected = || {
            let sig = quote::ToTokens::to_token_stream(sig);
            mentions_self(sig) || mentions_self(body.stream())
        };
        match (method, said) {
            (true, _) => Self::Method,
            (false, Some(true)) => Self::Associated,
            (false, Some(false)) => Self::Free,
            (false, None) if detected() => Self::Associated,
            (false, None) => Self::Free,
        }
    }
}

/// Whether `self` or `Self` occurs, other than in a nested item, where it means another one.
fn mentions_self(tokens: TokenStream) -> bool {
    let mut at = At::Start;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        at = match token {
            TokenTree::Ident(ident) => {
                let word = ident.to_string();
                let names = matches!(tokens.peek(), Some(TokenTree::Ident(_)));
                match at {
                    At::Item => At::Item,
                    At::Start if begins_item(&word, names) => At::Item,
                    _ if word == "self" || word == "Self" => return true,
                    At::Start if may_precede_item(&word) => At::Start,
                    _ => At::Within,
                }
            }
            TokenTree::Group(group) => {
                if at != At::Item && mentions_self(group.stream()) {
                    return true;
                }
                match (group.delimiter(), at) {
                    (Delimiter::Brace, _) => At::Start,
                    // After `#[…]` and `pub(…)` an item may begin.
                    (_, At::Hash) => At::Start,
                    (_, at) => at,
                }
            }
            TokenTree::Punct(punct) => match (punct.as_char(), at) {
                (';', _) => At::Start,
                (_, At::Item) => At::Item,
                ('#', At::Start) | ('!', At::Hash) => At::Hash,
                _ => At::Within,
            },
            // The ABI of `extern "C" fn` is one.
            TokenTree::Literal(_) => at,
        }
    }
    false
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

/// Whether a word begins an item at the start of a statement. `union` is a keyword only before a
/// name.
fn begins_item(word: &str, before_name: bool) -> bool {
    let keywords = ["impl", "fn", "struct", "enum", "trait", "mod", "type", "macro_rules"];
    keywords.contains(&word) || (word == "union" && before_name)
}

/// The words that may stand before those.
fn may_precede_item(word: &str) -> bool {
    ["pub", "unsafe", "async", "const", "extern", "crate", "in", "super", "auto"].contains(&word)
}
