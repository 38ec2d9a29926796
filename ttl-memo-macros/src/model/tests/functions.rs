//! Functions as they are read, and where they stand.

use super::super::function::Place;
use super::*;

#[test]
fn a_function_in_an_impl_is_recognised() {
    let place = |item: TokenStream| plain(item).function.place;
    assert_eq!(
        place(quote!(
            fn f(n: u8) -> u8 {
                n
            }
        )),
        Place::Free
    );
    assert_eq!(
        place(quote!(
            fn f(n: u8) -> Self {
                n
            }
        )),
        Place::Associated
    );
    assert_eq!(
        place(quote!(
            fn f(n: u8) -> u8 {
                if n > 0 {
                    Self::g()
                }
            }
        )),
        Place::Associated
    );
    assert_eq!(
        place(quote!(
            fn f(n: u8) {
                println!("{}", Self::N)
            }
        )),
        Place::Associated
    );
    assert_eq!(
        place(quote!(
            fn f<'a>()
            where
                Self: 'a,
            {
            }
        )),
        Place::Associated
    );
    let item = quote!(
        fn f() {}
    );
    assert_eq!(model(quote!(in_impl), item.clone()).function.place, Place::Associated);
    let item = quote!(
        fn f() {
            Self::g()
        }
    );
    assert_eq!(model(quote!(in_impl = false), item).function.place, Place::Free);
}

#[test]
fn items_in_the_body_have_a_self_of_their_own() {
    for body in [
        quote!(use std::fmt::{self, Write};, self::g(n)),
        quote!(struct Own(Box<Self>); impl Own { fn new() -> Self { Self } }),
        quote!(#![allow(unused)] #[derive(Clone)] pub(crate) struct Own { next: Option<Box<Self>> }),
        quote!(
            trait Own {
                fn new() -> Self;
            },
            3
        ),
        quote!(
            const _: () = {
                impl Own for u8 {
                    fn new(self) -> Self {
                        self
                    }
                }
            };
        ),
        quote!(
            unsafe impl Own for u8 {
                fn new(self) {}
            }
        ),
        quote!(let x = 3; #[inline] pub(in a) unsafe extern "C" fn own(self: u8) { self }),
        quote!(union Own { a: ManuallyDrop<Self> }),
        quote!(
            macro_rules! own {
                (self) => {
                    Self
                };
            }
        ),
        quote!(loop {
            enum Own {
                A(Box<Self>),
            }
        }),
    ] {
        let text = body.to_string();
        assert_eq!(plain(quote!(fn f() { #body })).function.place, Place::Free, "{text}");
        let model = plain(quote!(fn f() { #body; Self::g() }));
        assert_eq!(model.function.place, Place::Associated, "{text}");
    }
    let named_union = plain(quote!(
        fn f() {
            union.insert(Self::g())
        }
    ));
    assert_eq!(named_union.function.place, Place::Associated);
    let pointer = plain(quote!(
        fn f() {
            g as fn(Self)
        }
    ));
    assert_eq!(pointer.function.place, Place::Associated);
}

#[test]
fn bodies_are_kept_as_tokens() {
    // Not an expression that any parser knows; nor must it be.
    let model = plain(quote!(fn f() -> u8 { yeet? do |> 3 }));
    assert_eq!(written(&model.function.body), "{yeet?do|>3}");
    // `$body:block`, and what a macro may make of others, arrives in an invisible group.
    for (passed_on, body) in
        [(quote!({ 1 }), "{1}"), (quote!((1)), "{(1)}"), (quote!({ 1 } + 2), "{{1}+2}")]
    {
        let group = proc_macro2::Group::new(proc_macro2::Delimiter::None, passed_on);
        let model = plain(quote!(fn f() -> u8 #group));
        assert_eq!(written(&model.function.body), body);
    }
}

#[test]
fn what_is_no_function_is_called_what_it_is() {
    for (item, what) in [
        ("struct S;", "a struct"),
        ("enum E {}", "an enum"),
        ("union U { a: u8 }", "a union"),
        ("pub mod m {}", "a module; put it on the functions to memoize"),
        ("const N: u8 = 1;", "a constant"),
        ("static N: u8 = 1;", "a static"),
        ("type T = u8;", "a type alias"),
        ("use a::b;", "an import"),
        ("extern \"C\" {}", "an extern block"),
        ("unsafe extern \"C\" {}", "an extern block"),
        ("macro_rules! m { () => {} }", "a macro"),
        ("unsafe impl T for S {}", "an impl block; put it on the methods to memoize"),
        ("unsafe auto trait T {}", "a trait; put it on the default methods to memoize"),
    ] {
        let error = Function::read(item.parse().unwrap(), &Args::default()).err().unwrap();
        let said = format!("`#[ttl_cache]` memoizes functions; this is {what}");
        assert_eq!(error.to_string(), said, "{item}");
    }
    for item in ["let n = 1;", "1 + 2", "unsafe", ""] {
        let error = Function::read(item.parse().unwrap(), &Args::default()).err().unwrap();
        assert!(error.to_string().contains("`#[ttl_cache]` memoizes functions"), "{item}: {error}");
    }
}
