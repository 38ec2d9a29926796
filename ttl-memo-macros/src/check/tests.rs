//! What the rules say where `ui` has no case of its own.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::quote;

use super::*;
use crate::model::Function;

/// What is said of a function and its options.
fn complaints(list: TokenStream, item: &str) -> Vec<String> {
    let mut errors = Errors::default();
    let args = Args::read(list, &mut errors);
    let function = Function::read(item.parse().unwrap(), &args).unwrap();
    all(&args, &Model::new(&args, function), &|| Around::Unknown, &mut errors);
    match errors.finish() {
        Ok(()) => Vec::new(),
        Err(error) => error.into_iter().map(|error| error.to_string()).collect(),
    }
}

/// The only thing that is said, or nothing.
fn complaint(list: &str, item: &str) -> String {
    let mut all = complaints(list.parse().unwrap(), item);
    assert!(all.len() <= 1, "{list} {item}: {all:?}");
    all.pop().unwrap_or_default()
}

#[test]
fn an_error_may_borrow_but_needs_a_name() {
    assert_eq!(complaint("", "fn f(n: &str) -> Result<u8, Bad<'_>> { n }"), "");
    let said = complaint("", "fn f(n: &str) -> Result<u8, impl Error> { n }");
    assert!(said.starts_with("the type of a stored value must have a name"), "{said}");
}

#[test]
fn what_a_trait_is_of_may_borrow_for_any_lifetime_only() {
    assert_eq!(complaint("", "fn f() -> Box<dyn for<'a> Get<'a>> { n }"), "");
    let said = complaint("", "fn f<'a>(n: &'a u8) -> Box<dyn Get<'a>> { n }");
    assert!(said.starts_with("a stored value outlives the call"), "{said}");
    let said = complaint("", "fn f<'a>(n: &'a u8) -> Box<(dyn for<'b> A<'b>, dyn Get<'a>)> { n }");
    assert!(said.starts_with("a stored value outlives the call"), "{said}");
}

#[test]
fn what_is_worked_out_once_goes_by_no_argument() {
    for (list, option) in [
        ("single_flight = wait", "single_flight"),
        ("ttl = -wait", "ttl"),
        ("jitter = f(&wait)", "jitter"),
        ("maxsize = (wait) as usize", "maxsize"),
    ] {
        let said = complaint(list, "fn f(wait: f64) -> u8 { 0 }");
        assert!(said.starts_with(&format!("`{option}` is worked out once")), "{list}: {said}");
    }
    let passed_on = Group::new(Delimiter::None, quote!(wait));
    let said = complaints(quote!(jitter = #passed_on), "fn f(wait: f64) -> u8 { 0 }");
    assert!(said[0].starts_with("`jitter` is worked out once"), "{said:?}");
}

#[test]
fn what_is_not_known_here_is_not_complained_of() {
    assert_eq!(complaint("err_ttl = \"1s\"", "fn f() -> result!(u8) { 0 }"), "");
    assert_eq!(complaint("refresh_ahead = \"1h\", ttl = HOURS", "fn f() -> u8 { 0 }"), "");
    let said = complaint("refresh_ahead = \"1h\", ttl = 7200", "fn f() -> u8 { 0 }");
    assert!(said.starts_with("`ttl` needs a unit"), "{said}");
}

#[test]
fn a_name_that_no_parameter_has_cannot_be_skipped() {
    let said = complaint("skip(n)", "fn f((a, b): (u8, u8), _: u8) -> u8 { 0 }");
    assert_eq!(said, "no parameter is named `n`");
}

#[test]
fn where_a_function_stands_may_be_said_though_it_is_seen() {
    assert_eq!(complaint("in_impl", "fn f(&self) -> u8 { 0 }"), "");
    assert_eq!(complaint("in_impl = false", "fn f(n: u8) -> u8 { n }"), "");
}

#[test]
fn what_is_borrowed_is_told_how_to_be_owned() {
    for (ty, owned) in [
        ("&str", "`String` or `Arc<str>`"),
        ("Option<(&'a str)>", "`String` or `Arc<str>`"),
        ("&'a [u8]", "`Vec<T>` or `Arc<[T]>`"),
        ("&[u8; 2]", "a clone or an `Arc`"),
        ("Name<'a>", "a clone or an `Arc`"),
    ] {
        let said = complaint("", &format!("fn f<'a>(n: &'a str) -> {ty} {{ n }}"));
        assert!(said.ends_with(&format!("return it owned, as {owned}")), "{ty}: {said}");
    }
}
