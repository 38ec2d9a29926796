//! What is said of mistakes, and where, against what `ui` keeps of the compiler's output.

use std::fs;

use quote::quote;
use syn::ImplItemFn;

use super::*;
use crate::check::is_ours;

/// What the compiler's output says that has no code, but for what the compiler says by itself.
fn expected(output: &str) -> Vec<Complaint> {
    let lines: Vec<_> = output.lines().collect();
    let errors = lines.iter().enumerate().filter_map(|(at, line)| {
        let message = line.strip_prefix("error: ")?.to_owned();
        if message == "lifetime may not live long enough" || message.ends_with("never used") {
            return None;
        }
        let mut place = lines[at + 1].rsplit(':').map(|number| number.parse().unwrap());
        let (column, line) = (place.next().unwrap(), place.next().unwrap());
        let marks = lines[at + 2..].iter().find(|line| line.contains('^')).unwrap();
        // Of several lines only the ends are marked.
        let marked = if marks.contains("_^") { 0 } else { marks.matches('^').count() };
        Some(Complaint { line, column, marked, message })
    });
    errors.collect()
}

#[test]
fn mistakes_are_explained_where_they_are() {
    for file in files("tests/tests/ui", "rs") {
        let said =
            annotated_in(&file).into_iter().flat_map(|it| complaints(it.expanded(), it.attribute));
        let mut said: Vec<_> = said.collect();
        let output = fs::read_to_string(file.with_extension("stderr")).unwrap();
        let mut expected = expected(&output);
        said.sort();
        expected.sort();
        assert_eq!(said, expected, "{}", file.display());
    }
}

#[test]
fn the_function_remains_and_its_helpers_can_be_called() {
    for file in files("tests/tests/ui", "rs") {
        for it in annotated_in(&file) {
            let place = format!("{}:{}", file.display(), it.attribute.start().line);
            let Ok(item) = syn::parse2::<ImplItemFn>(it.item.clone()) else { continue };
            let expansion = it.expanded();
            if complaints(expansion.clone(), it.attribute).is_empty() {
                continue;
            }
            let mut all = functions(&expansion).into_iter();
            let (_, function) = all.next().unwrap();
            let ImplItemFn { attrs, vis, sig, block, .. } = item;
            let attrs = attrs.iter().filter(|attr| !is_ours(attr));
            assert_eq!(text(function), text(quote!(#(#attrs)* #vis #sig #block)), "{place}");
            for (name, helper) in all {
                assert_ne!(name, sig.ident.to_string(), "{place}: it is there once");
                let gives = text(helper.sig.output);
                let nameable = !gives.contains("impl ") && !gives.contains('!');
                assert!(nameable, "{place}: {name} gives {gives}");
            }
        }
    }
}
