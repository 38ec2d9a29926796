//! Every annotated function that the workspace's tests and examples have, without a compiler: of the
//! wrong ones is said what the compiler's output has, and of the right ones nothing.
//!
//! A package has no workspace around it: there, there is nothing to look at.

mod mistakes;
mod right;

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{ImplItem, ImplItemFn, ItemImpl, LitStr};

use crate::around::{Around, Source};
use crate::pipeline;

/// An attribute and its item.
struct Annotated {
    attribute: Span,
    options: TokenStream,
    item: TokenStream,
    around: Around,
}

impl Annotated {
    /// What it expands to under these options.
    fn under(&self, options: TokenStream) -> TokenStream {
        pipeline::memoize(options, self.item.clone(), || self.around)
    }

    fn expanded(&self) -> TokenStream {
        self.under(self.options.clone())
    }
}

/// The files of this kind in a folder of the workspace and in those within.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let workspace = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    if !workspace.join("Cargo.toml").exists() {
        return Vec::new();
    }
    let mut files = Vec::new();
    let mut folders = vec![workspace.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == ending) {
                files.push(path);
            }
        }
    }
    assert!(!files.is_empty(), "{folder} has some");
    files
}

fn annotated_in(file: &Path) -> Vec<Annotated> {
    let text = fs::read_to_string(file).unwrap();
    let mut found = Vec::new();
    collect(text.parse().unwrap(), &mut found);
    let source = Source::new(text);
    for it in &mut found {
        let at = it.attribute.start();
        it.around = source.around(at.line, at.column + 1);
    }
    found
}

/// The annotated items among some tokens, those within others included.
fn collect(tokens: TokenStream, found: &mut Vec<Annotated>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match (token, tokens.get(at + 1)) {
            (TokenTree::Punct(hash), Some(TokenTree::Group(attribute)))
                if hash.as_char() == '#' && options(attribute).is_some() =>
            {
                let rest = &tokens[at + 2..];
                let end = rest.iter().position(is_end).map_or(rest.len(), |end| end + 1);
                // A second attribute is a part of the first one's item.
                found.push(Annotated {
                    attribute: hash.span().join(attribute.span()).unwrap(),
                    options: options(attribute).unwrap(),
                    item: rest[..end].iter().cloned().collect(),
                    around: Around::Unknown,
                });
                let groups = rest[..end].iter().filter_map(|token| match token {
                    TokenTree::Group(group) => Some(group.stream()),
                    _ => None,
                });
                groups.for_each(|group| collect(group, found));
                at += 2 + end;
            }
            // What stands there is no function yet.
            (TokenTree::Ident(name), _) if name == "macro_rules" => at += 4,
            (TokenTree::Group(group), _) => {
                collect(group.stream(), found);
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// The options between `ttl_cache`'s parentheses, if that is what an attribute is.
fn options(attribute: &Group) -> Option<TokenStream> {
    let mut tokens = attribute.stream().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(name)), Some(TokenTree::Group(list))) if name == "ttl_cache" => {
            Some(list.stream())
        }
        (Some(TokenTree::Ident(name)), None) if name == "ttl_cache" => Some(TokenStream::new()),
        _ => None,
    }
}

fn is_end(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    }
}

/// What is said of something wrong, and where.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Complaint {
    line: usize,
    column: usize,
    /// How many columns are marked; zero where it is several lines.
    marked: usize,
    message: String,
}

/// What an expansion complains of.
fn complaints(expansion: TokenStream, attribute: Span) -> Vec<Complaint> {
    let tokens: Vec<_> = expansion.into_iter().collect();
    let complaints = tokens.windows(3).filter_map(|some| match some {
        [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Group(text)]
            if name == "compile_error" =>
        {
            let (mut start, mut end) = (name.span().start(), text.span().end());
            if start == Span::call_site().start() {
                (start, end) = (attribute.start(), attribute.end());
            }
            let marked = if start.line == end.line { end.column - start.column } else { 0 };
            let message = syn::parse2::<LitStr>(text.stream()).unwrap().value();
            Some(Complaint { line: start.line, column: start.column + 1, marked, message })
        }
        _ => None,
    });
    complaints.collect()
}

/// What an expansion consists of, by the functions' names, in order.
fn functions(expansion: &TokenStream) -> Vec<(String, ImplItemFn)> {
    // All that can stand beside a function can stand in an `impl`, receivers or not.
    let all: ItemImpl = syn::parse2(quote!(impl Own { #expansion })).unwrap();
    let functions = all.items.into_iter().filter_map(|item| match item {
        ImplItem::Fn(function) => Some((function.sig.ident.to_string(), function)),
        _ => None,
    });
    functions.collect()
}

fn text(tokens: impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}
