//! What is made of functions as people write them.

mod functions;
mod generics;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::parameters::Uses;
use super::*;
use crate::errors::Errors;

/// The model of a function under `#[ttl_cache(list)]`.
fn model(list: TokenStream, item: TokenStream) -> Model {
    let mut errors = Errors::default();
    let args = Args::read(list, &mut errors);
    let function = Function::read(item, &args).unwrap();
    errors.finish().unwrap();
    Model::new(&args, function)
}

fn plain(item: TokenStream) -> Model {
    model(TokenStream::new(), item)
}

fn written(tokens: impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}

/// The roles, one letter each.
fn roles(model: &Model) -> String {
    let role = |parameter: &Parameter| match parameter.role {
        Role::Keyed(_) => 'k',
        Role::KeyInput => 'i',
        Role::Unkeyed => '-',
    };
    model.parameters.iter().map(role).collect()
}

#[test]
fn parameters_are_the_key_unless_skipped() {
    let function = quote!(
        fn f(&self, a: u8, _: Ctx, r#type: u8, mut b: u8) -> u8 {
            0
        }
    );
    assert_eq!(roles(&plain(function.clone())), "kkkkk");
    assert_eq!(roles(&model(quote!(skip(self, _, type)), function.clone())), "-k--k");
    assert_eq!(roles(&model(quote!(skip(b)), function)), "kkkk-");
}

#[test]
fn a_key_reads_what_it_mentions() {
    let function = quote!(
        fn f(&self, user: &User, id: u8, (a, b): (u8, u8)) -> u8 {
            0
        }
    );
    assert_eq!(roles(&model(quote!(key = user.id), function.clone())), "-i--");
    assert_eq!(roles(&model(quote!(key = (self.base, *b)), function.clone())), "i--i");
    assert_eq!(roles(&model(quote!(key = format!("{user}-{id:>3}")), function.clone())), "-ii-");
    assert_eq!(roles(&model(quote!(key = user::id()), function.clone())), "----");
    assert_eq!(roles(&model(quote!(key = Id { id: 3, user }), function.clone())), "-i--");
    assert_eq!(roles(&model(quote!(key = 0..*id), function.clone())), "--i-");
    assert_eq!(roles(&model(quote!(key = 0..=id), function.clone())), "--i-");
    assert_eq!(roles(&model(quote!(key = 0..id), function.clone())), "--i-");
    assert_eq!(roles(&model(quote!(key = Id { user: ::user::of(id) }), function.clone())), "--i-");
    assert_eq!(roles(&model(quote!(key = named("{user}")), function.clone())), "----");
    assert_eq!(roles(&model(quote!(key = format!("{{user {id}")), function.clone())), "--i-");
    assert_eq!(roles(&model(quote!(key = ()), function)), "----");
}

#[test]
fn what_names_the_cache_is_no_key() {
    let function = quote!(
        fn f(&self, id: u8, force: bool) -> u8 {
            0
        }
    );
    let both = model(quote!(cache = &self.users, refresh_if = *force, skip(force)), function);
    assert_eq!(roles(&both), "-k-");
    assert_eq!(both.parameters[0].uses, Uses { key: false, cache: true, refresh_if: false });
    assert_eq!(both.parameters[2].uses, Uses { key: false, cache: false, refresh_if: true });
    let inputs: Vec<_> = both.key_parameters().map(|parameter| written(&parameter.ident)).collect();
    assert_eq!(inputs, ["self", "id"]);
    let inputs: Vec<_> = both.cache_parameters().map(|p| written(&p.ident)).collect();
    assert_eq!(inputs, ["self"]);
}

#[test]
fn patterns_get_a_name_and_keep_theirs() {
    let model = plain(quote! {
        fn f(mut n: u8, (a, mut b): (u8, u8), _: u8, p @ Point { x, .. }: Point, &c: &u8) { arg }
    });
    let names: Vec<_> = model.parameters.iter().map(|p| p.ident.to_string()).collect();
    assert_eq!(names, ["n", "arg2", "arg3", "p", "arg4"], "`arg` is taken by the body");
    let bound: Vec<_> = model.parameters[3].bound.iter().map(ToString::to_string).collect();
    assert_eq!(bound, ["p", "x"]);
    let shared = |index: usize| model.parameters[index].shared_pattern().map(written);
    assert_eq!(shared(0), None);
    assert_eq!(shared(1).as_deref(), Some("(a,b)"));
    assert_eq!(shared(2), None);
    assert_eq!(shared(4).as_deref(), Some("c"));
    assert_eq!(written(model.parameters[0].declared()), "n:u8");
}

#[test]
fn receivers_have_their_type_in_full() {
    for (receiver, full, declared) in [
        (quote!(&self), "&Self", "&self"),
        (quote!(&'a mut self), "&'amutSelf", "&'amutself"),
        (quote!(self), "Self", "self"),
        (quote!(mut self), "Self", "self"),
        (quote!(self: Arc<Self>), "Arc<Self>", "self:Arc<Self>"),
    ] {
        let model = plain(quote!(fn f(#receiver) -> u8 { 0 }));
        assert!(model.parameters[0].is_receiver());
        assert_eq!(written(&model.parameters[0].written), full);
        assert_eq!(written(model.parameters[0].declared()), declared);
        assert_eq!(model.function.place, Place::Method);
    }
}

/// The shape of a type, as it is taken apart.
fn shape(ty: TokenStream) -> String {
    fn text(shape: &Shape) -> String {
        match &shape.kind {
            ShapeKind::Whole => written(&shape.ty),
            ShapeKind::Float => "FLOAT".into(),
            ShapeKind::Reference(part) => format!("ref {}", text(part)),
            ShapeKind::Option(part) => format!("option {}", text(part)),
            ShapeKind::Slice(part) => format!("slice {}", text(part)),
            ShapeKind::Array(part, len) => format!("array{} {}", written(len), text(part)),
            ShapeKind::Vec(part) => format!("vec {}", text(part)),
            ShapeKind::Cow(part) => format!("cow {}", text(part)),
            ShapeKind::Tuple(parts) => {
                let parts: Vec<_> = parts.iter().map(text).collect();
                format!("({})", parts.join(", "))
            }
        }
    }
    text(&Shape::of(&syn::parse2(ty).unwrap()))
}

#[test]
fn types_are_taken_apart_down_to_references_and_floats() {
    assert_eq!(shape(quote!(u64)), "u64");
    assert_eq!(shape(quote!(Vec<Option<u64>>)), "Vec<Option<u64>>");
    assert_eq!(shape(quote!((u64, String))), "(u64,String)");
    assert_eq!(shape(quote!(&str)), "ref str");
    assert_eq!(shape(quote!(&[u8])), "ref [u8]");
    assert_eq!(shape(quote!(&&str)), "ref ref str");
    assert_eq!(shape(quote!((&str, u32))), "(ref str, u32)");
    assert_eq!(shape(quote!(std::option::Option<&'a str>)), "option ref str");
    assert_eq!(shape(quote!(&[&str])), "ref slice ref str");
    assert_eq!(shape(quote!(Cow<'_, [u8]>)), "cow [u8]");
    assert_eq!(shape(quote!(f64)), "FLOAT");
    assert_eq!(shape(quote!((f64, Id))), "(FLOAT, Id)");
    assert_eq!(shape(quote!(Vec<f32>)), "vec FLOAT");
    assert_eq!(shape(quote!([[f32; N]; 2])), "array2 arrayN FLOAT");
    assert_eq!(shape(quote!((f64))), "FLOAT");
    // `$ty:ty` arrives in an invisible group.
    let passed_on = proc_macro2::Group::new(proc_macro2::Delimiter::None, quote!(&str));
    assert_eq!(shape(quote!(Option<#passed_on>)), "option ref str");
    assert_eq!(shape(quote!(HashMap<f64, u8>)), "HashMap<f64,u8>");
    assert_eq!(shape(quote!(<T as Into<f64>>::Out)), "<TasInto<f64>>::Out");
    assert_eq!(shape(quote!(T::f64)), "FLOAT", "told apart at the leaf");
}

#[test]
fn owned_forms_of_keys() {
    let owned = |ty: TokenStream| written(Shape::of(&syn::parse2(ty).unwrap()).owned());
    assert_eq!(owned(quote!(u64)), "u64");
    assert_eq!(owned(quote!(&str)), "::std::string::String");
    assert_eq!(owned(quote!(&[&u8])), "::std::vec::Vec<<u8as::std::borrow::ToOwned>::Owned>");
    assert_eq!(owned(quote!((f64, u8))), "(f64,u8,)");
    assert_eq!(owned(quote!(Cow<'_, str>)), "::std::string::String");
    assert_eq!(owned(quote!(Cow<'_, [f64]>)), "::std::vec::Vec<f64>");
    assert_eq!(owned(quote!(&[f64])), "::std::vec::Vec<f64>");
    assert_eq!(owned(quote!(&mut Vec<u8>)), "Vec<u8>");
}

#[test]
fn boxed_futures_are_async() {
    let boxed = plain(quote! {
        fn f<'a>(&'a self) -> ::core::pin::Pin<Box<dyn std::future::Future<Output = io::Result<u8>> + Send + 'a>> {
            Box::pin(async move {})
        }
    });
    assert!(matches!(boxed.asyncness, Asyncness::Boxed { .. }));
    assert_eq!(written(&boxed.output.ty), "io::Result<u8>");
    for other in
        [quote!(Pin<Box<u8>>), quote!(Box<dyn Future<Output = u8>>), quote!(Pin<Box<dyn Any>>)]
    {
        let model = plain(quote!(fn f() -> #other { 0 }));
        assert!(matches!(model.asyncness, Asyncness::Sync), "{other}");
    }
    assert!(
        plain(quote!(
            async fn f() {}
        ))
        .asyncness
        .is_async()
    );
    assert_eq!(
        written(
            plain(quote!(
                async fn f() {}
            ))
            .output
            .ty
        ),
        "()"
    );
}

#[test]
fn defaults_are_resolved() {
    let options = |list: TokenStream| {
        model(
            list,
            quote!(
                fn f() {}
            ),
        )
        .options
    };
    let none = options(quote!());
    assert!(matches!((none.maxsize, none.ttl), (Bound::Default, Time::Default)));
    assert!(matches!(none.single_flight, SingleFlight::On));
    assert!(matches!((none.store, none.helpers), (Store::Global, Helpers::AsFunction)));
    assert_eq!(none.policy, Policy::Adaptive);
    let forever = options(quote!(forever));
    assert!(matches!((forever.maxsize, forever.ttl), (Bound::None, Time::None)));
    assert!(matches!(options(quote!(tti = "5m")).ttl, Time::None));
    assert!(matches!(options(quote!(tti = "5m", ttl = "1h")).ttl, Time::Literal(_)));
    assert!(matches!(options(quote!(ttl = TTL)).ttl, Time::Expr(_)));
    assert!(matches!(options(quote!(scope = thread)).store, Store::Thread));
    assert!(matches!(options(quote!(cache = &USERS)).store, Store::Expr(_)));
}

#[test]
fn names_avoid_what_is_written() {
    let model = model(
        quote!(ttl = key2),
        quote!(
            #[doc(alias)]
            fn f(key: u8) {
                item
            }
        ),
    );
    assert_eq!(model.names.local("key").to_string(), "key3");
    assert_eq!(model.names.local("key").to_string(), "key4", "each is given once");
    assert_eq!(model.names.item("alias").to_string(), "alias2");
    let raw = plain(quote!(
        fn r#type() {}
    ));
    assert_eq!(raw.helper("cache_clear").to_string(), "type_cache_clear");
}
