//! Which generics there are, and which split a cache.

use super::*;

/// The generics of the helpers that do not run the body.
fn helper_generics(model: &Model) -> String {
    let types: Vec<_> = model.key_parameters().map(|parameter| &parameter.ty).collect();
    let generics = model.generics.helper(types);
    format!("{}{}", written(&generics), written(&generics.where_clause))
}

#[test]
fn generics_split_unless_only_the_unkeyed_mention_them() {
    let function = quote! {
        fn f<'a, T: Key<U>, U, D: Db<'a>, const N: usize, P>(t: &'a T, db: D, n: [u8; N]) -> P
        where D: Into<T>, P: 'a + Parse { t }
    };
    let all = plain(function.clone());
    assert!(["T", "U", "D", "N", "P"].iter().all(|name| all.generics.splits(&ident(name))));
    let skipped = model(quote!(skip(db)), function.clone());
    assert!(!skipped.generics.splits(&ident("D")));
    assert_eq!(
        helper_generics(&skipped),
        "<'a,T:Key<U>,U,constN:usize,P>whereP:'a+Parse",
        "what a kept bound mentions is kept"
    );
    let keyed = model(quote!(key = D::id(n)), function);
    assert!(keyed.generics.splits(&ident("D")), "the key mentions it");
    assert!(keyed.generics.splits(&ident("T")), "and its bound mentions this one");
}

#[test]
fn a_generic_that_nothing_mentions_splits() {
    let model = plain(quote!(
        fn f<T: Default, const N: usize>() -> usize {
            size_of::<T>()
        }
    ));
    assert_eq!(written(turbofish(&model.generics.helper([]))), "::<T,N>");
}

#[test]
fn lifetimes_appear_where_a_helper_mentions_them() {
    let model = plain(quote!(
        fn f<'a: 'b, 'b, T: 'a>(t: &'b T) -> u8
        where
            Self: 'a,
        {
            0
        }
    ));
    let generics = model.generics.helper([&model.parameters[0].ty]);
    assert_eq!(written(&generics), "<'b,T>");
    assert_eq!(written(&generics.where_clause), "");
    assert_eq!(written(model.generics.helper([])), "<T>");
    assert_eq!(written(turbofish(&generics)), "::<T>");
    let model = plain(quote!(
        fn f<'a, 'b, 'c>(t: &'b u8, u: &'c u8) -> u8
        where
            'a: 'b,
            'b: 'a + 'c,
            'c: 'a,
        {
            0
        }
    ));
    let generics = model.generics.helper(model.parameters.iter().map(|it| &it.ty));
    assert_eq!(written(&generics), "<'b,'c>");
    assert_eq!(written(&generics.where_clause), "where'b:'c");
}

#[test]
fn a_bound_of_another_type_splits_by_what_no_skipped_parameter_is() {
    let splits = |function: TokenStream| {
        let model = model(quote!(in_impl, skip(it)), function);
        model.generics.splits(&ident("D"))
    };
    assert!(splits(quote!(
        fn f<D, F: Fn(D)>(it: F) -> u8
        where
            Self: From<D>,
        {
            0
        }
    )));
    assert!(!splits(quote!(
        fn f<D>(it: D) -> u8
        where
            Self: From<D>,
        {
            0
        }
    )));
}

#[test]
fn impl_trait_becomes_a_generic() {
    let all = plain(quote!(
        fn f<T>(t: T, n: impl Display, my_list: &[impl Into<T>]) -> u8 {
            0
        }
    ));
    let names: Vec<_> = all.generics.impls.iter().map(|param| param.ident.to_string()).collect();
    assert_eq!(names, ["N", "MyList"]);
    assert_eq!(written(&all.generics.whole), "<T,N:Display,MyList:Into<T>>");
    assert_eq!(written(&all.parameters[2].ty), "&[MyList]");
    assert_eq!(written(&all.parameters[2].written), "&[implInto<T>]");
    let skipped = model(
        quote!(skip(n)),
        quote!(
            fn f(n: impl Display, m: impl Display, t: T) -> N {
                0
            }
        ),
    );
    assert_eq!(written(skipped.generics.helper([])), "<M:Display>");
    assert_eq!(written(&skipped.generics.whole), "<N2:Display,M:Display>", "`N` is taken");
    let nameless = plain(quote!(
        fn f(self_: impl Display, _1: impl Display) {}
    ));
    assert_eq!(written(&nameless.generics.whole), "<Argument:Display,Argument2:Display>");
}

fn ident(name: &str) -> Ident {
    Ident::new(name, proc_macro2::Span::call_site())
}
