//! The function as written.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Error, FnArg, LitStr, Result, Signature, Token, Visibility};

use super::selves::mentions_self;
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
    /// The semicolon that a trait's method has instead of a body: refused by the checks, and so
    /// never there in an expansion.
    pub(crate) bodiless: Option<Token![;]>,
    /// Where it stands.
    pub(crate) place: Place,
}

impl Function {
    /// Reads the annotated item, which must be a function.
    pub(crate) fn read(item: TokenStream, args: &Args) -> Result<Self> {
        let parser = |input: ParseStream<'_>| Self::parse(input, args);
        parser.parse2(item)
    }

    fn parse(input: ParseStream<'_>, args: &Args) -> Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis: Visibility = input.parse()?;
        let defaultness: Option<Token![default]> = input.parse()?;
        if !begins_function(&input.fork()) {
            return Err(no_function(input));
        }
        let sig: Signature = input.parse()?;
        let bodiless: Option<Token![;]> = input.parse()?;
        let body = match bodiless {
            Some(semicolon) => braced(TokenStream::new(), semicolon.span),
            None => body(input)?,
        };
        let place = Place::of(args, &sig, &body);
        Ok(Self { attrs, vis, defaultness, sig, body, bodiless, place })
    }
}

/// Reads the body, which is in an invisible group where `macro_rules!` passed it on.
fn body(input: ParseStream<'_>) -> Result<Group> {
    let TokenTree::Group(group) = input.parse()? else {
        return Err(input.error("expected the function's body"));
    };
    if group.delimiter() == Delimiter::Brace {
        return Ok(group);
    }
    let mut inner = group.stream().into_iter();
    match (inner.next(), inner.next()) {
        (Some(TokenTree::Group(body)), None) if body.delimiter() == Delimiter::Brace => Ok(body),
        _ => Ok(braced(group.to_token_stream(), group.span())),
    }
}

fn braced(tokens: TokenStream, span: proc_macro2::Span) -> Group {
    let mut group = Group::new(Delimiter::Brace, tokens);
    group.set_span(span);
    group
}

/// Whether `fn` follows, after whatever may stand before it.
fn begins_function(input: ParseStream<'_>) -> bool {
    while input.peek(Token![const])
        || input.peek(Token![async])
        || input.peek(Token![unsafe])
        || input.peek(Token![safe])
        || input.peek(Token![extern])
        || input.peek(LitStr)
    {
        if input.parse::<TokenTree>().is_err() {
            return false;
        }
    }
    input.peek(Token![fn])
}

/// What to say of an item that is no function.
fn no_function(input: ParseStream<'_>) -> Error {
    let ahead = input.fork();
    let keyword = loop {
        match ahead.call(Ident::parse_any) {
            Ok(word) if word == "unsafe" || word == "auto" => {}
            Ok(word) => break word,
            Err(_) => return input.error("expected a function: `#[ttl_cache]` memoizes functions"),
        }
    };
    let (what, advice) = match keyword.to_string().as_str() {
        "impl" => ("an impl block", "; put it on the methods to memoize"),
        "trait" => ("a trait", "; put it on the default methods to memoize"),
        "struct" => ("a struct", ""),
        "enum" => ("an enum", ""),
        "union" => ("a union", ""),
        "mod" => ("a module", "; put it on the functions to memoize"),
        "const" => ("a constant", ""),
        "static" => ("a static", ""),
        "type" => ("a type alias", ""),
        "use" => ("an import", ""),
        "extern" => ("an extern block", ""),
        "macro_rules" | "macro" => ("a macro", ""),
        _ => return input.error("expected a function: `#[ttl_cache]` memoizes functions"),
    };
    Error::new(keyword.span(), format!("`#[ttl_cache]` memoizes functions; this is {what}{advice}"))
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
        match (method, said) {
            (true, _) => Self::Method,
            (false, Some(true)) => Self::Associated,
            (false, None) if mentions_self(sig, body) => Self::Associated,
            (false, Some(false) | None) => Self::Free,
        }
    }
}
