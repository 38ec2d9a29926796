fn parsed(text: &str, scale: f64) -> Rc<Tree> {
    ::ttl_memo::generated::local::begin(
            __parsed_needs_in_impl(::core::option::Option::Some((text, &scale))),
        )
        .run(|| parsed_uncached(text, scale))
}
#[doc(hidden)]
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
#[warn(dead_code)]
fn __parsed_needs_in_impl<'__arguments>(
    args: ::core::option::Option<(&'__arguments str, &'__arguments f64)>,
) -> impl ::ttl_memo::generated::local::Call<Rc<Tree>> {
    let _ = || parsed(loop {}, loop {});
    static SITE: ::ttl_memo::generated::local::Site = {
        ::std::thread_local! {
            static LATEST : ::ttl_memo::generated::local::Latest = const {
            ::ttl_memo::generated::local::Latest::new() }; static CACHES :
            ::ttl_memo::generated::local::Caches = const {
            ::ttl_memo::generated::local::Caches::new(& LATEST) };
        }
        ::ttl_memo::generated::local::Site::new(&LATEST, &CACHES)
    };
    let query = match args {
        ::core::option::Option::Some((text, scale)) => {
            ::core::option::Option::Some((
                ::ttl_memo::generated::local::Reference::to_local(text).ttl_memo_part(),
                ::ttl_memo::generated::local::Value::of_local(scale).ttl_memo_part(),
            ))
        }
        ::core::option::Option::None => ::core::option::Option::None,
    };
    SITE.entry(
        "parsed",
        query,
        ::ttl_memo::generated::local::Returns::<Rc<Tree>, _>::new_local()
            .ttl_memo_shape(),
        |builder| {
            builder
                .policy(::ttl_memo::generated::local::Policy::Lru)
                .weigher(weigh)
                .on_evict(|_, _, _| {})
        },
    )
}
#[allow(
    non_snake_case,
    clippy::missing_const_for_fn,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::missing_safety_doc,
    clippy::must_use_candidate,
    clippy::too_many_arguments,
)]
