//! Nothing is said of what is right, and the helpers that stand in where something is wrong are those
//! that there would be.

use proc_macro2::{LineColumn, TokenStream, TokenTree};
use quote::quote;
use syn::ImplItemFn;

use super::*;

/// How many tokens begin there.
fn count(tokens: TokenStream, start: LineColumn) -> usize {
    let counts = tokens.into_iter().map(|token| {
        let here = usize::from(token.span().start() == start);
        match token {
            TokenTree::Group(group) => here + count(group.stream(), start),
            _ => here,
        }
    });
    counts.sum()
}

/// Where the first token of a function's body is.
fn body(item: &TokenStream) -> Option<LineColumn> {
    match item.clone().into_iter().last() {
        Some(TokenTree::Group(body)) => Some(body.stream().into_iter().next()?.span().start()),
        _ => None,
    }
}

fn right_ones() -> impl Iterator<Item = (String, Annotated)> {
    let folders = ["tests/tests/behaviour", "tests/users/src", "examples"];
    let files = folders.into_iter().flat_map(|folder| files(folder, "rs"));
    files.flat_map(|file| {
        let shown = file.display().to_string();
        annotated_in(&file)
            .into_iter()
            .map(move |it| (format!("{shown}:{}", it.attribute.start().line), it))
    })
}

#[test]
fn nothing_is_said_of_the_right_ones() {
    for (place, it) in right_ones() {
        let expansion = it.expanded();
        assert_eq!(complaints(expansion.clone(), it.attribute), [], "{place}");
        let times = body(&it.item).map(|start| count(expansion.clone(), start));
        assert!(times.is_none_or(|times| times == 1), "{place}: the body is there once");
        functions(&expansion);
    }
}

#[test]
fn what_stands_in_has_the_types_of_what_it_stands_for() {
    for (place, it) in right_ones() {
        let options = &it.options;
        let wrong = it.under(quote!(frob, #options));
        assert_eq!(complaints(wrong.clone(), it.attribute).len(), 1, "{place}");
        let (wrong, right) = (functions(&wrong), functions(&it.expanded()));
        let as_written: ImplItemFn = syn::parse2(it.item).unwrap();
        assert_eq!(text(&wrong[0].1), text(&as_written), "{place}");
        for (name, stand_in) in &wrong[1..] {
            let real = right.iter().find(|(its, _)| its == name);
            let (_, real) = real.unwrap_or_else(|| panic!("{place}: there is no {name}"));
            // It has the user's patterns.
            if !name.ends_with("_uncached") {
                let signature = |ImplItemFn { vis, sig, .. }: &ImplItemFn| text(quote!(#vis #sig));
                assert_eq!(signature(stand_in), signature(real), "{place}");
            }
        }
        let beside = right.iter().filter(|(name, _)| !name.starts_with("__")).count();
        assert_eq!(beside, wrong.len(), "{place}");
    }
}
