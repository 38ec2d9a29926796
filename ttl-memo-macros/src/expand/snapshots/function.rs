/// Looks a user up.
#[must_use]
pub fn user(id: u64, lang: &str) -> Option<User> {
    ::ttl_memo::generated::begin(
            __user_needs_in_impl(::core::option::Option::Some((&id, lang))),
        )
        .run(|| user_uncached(id, lang))
}
#[doc(hidden)]
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
#[warn(dead_code)]
fn __user_needs_in_impl<'__arguments>(
    args: ::core::option::Option<(&'__arguments u64, &'__arguments str)>,
) -> impl ::ttl_memo::generated::Call<Option<User>> {
    let _ = || user(loop {}, loop {});
    static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
    let query = match args {
        ::core::option::Option::Some((id, lang)) => {
            ::core::option::Option::Some((
                ::ttl_memo::generated::Value::of(id).ttl_memo_part(),
                ::ttl_memo::generated::Reference::to(lang).ttl_memo_part(),
            ))
        }
        ::core::option::Option::None => ::core::option::Option::None,
    };
    SITE.entry(
        "user",
        query,
        ::ttl_memo::generated::Returns::<Option<User>>::new().ttl_memo_shape(),
        |builder| {
            builder
                .maxsize(::core::convert::identity::<::core::primitive::usize>(1_000))
                .ttl(::ttl_memo::generated::Duration::new(3600u64, 0u32))
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
/// `user` as written: runs the body, and leaves the cache alone.
#[allow(dead_code)]
pub fn user_uncached(id: u64, lang: &str) -> Option<User> {
    load(id, lang)
}
/// Runs the body of `user`, and stores its value in place of what was there.
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
#[warn(dead_code)]
pub fn user_cache_refresh(id: u64, lang: &str) -> Option<User> {
    ::ttl_memo::generated::refresh(
            __user_needs_in_impl(::core::option::Option::Some((&id, lang))),
        )
        .run(|| user_uncached(id, lang))
}
/// A call of `user` that also tells where its answer came from.
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
#[warn(dead_code)]
pub fn user_cache_fetch(id: u64, lang: &str) -> ::ttl_memo::Fetched<Option<User>> {
    ::ttl_memo::generated::fetch(
            __user_needs_in_impl(::core::option::Option::Some((&id, lang))),
            false,
        )
        .run(|| user_uncached(id, lang))
}
/// The value that `user` would give for these arguments at once; no call, and no use.
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
#[warn(dead_code)]
pub fn user_cache_peek(id: u64, lang: &str) -> ::core::option::Option<Option<User>> {
    ::ttl_memo::generated::peek(
        __user_needs_in_impl(::core::option::Option::Some((&id, lang))),
    )
}
/// Stores a value as if the body of `user` had returned it for these arguments.
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
#[warn(dead_code)]
pub fn user_cache_insert(id: u64, lang: &str, value: Option<User>) {
    ::ttl_memo::generated::insert(
        __user_needs_in_impl(::core::option::Option::Some((&id, lang))),
        value,
    )
}
/// Drops the entry of these arguments of `user`; whether one was live.
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
#[warn(dead_code)]
pub fn user_cache_invalidate(id: u64, lang: &str) -> ::core::primitive::bool {
    ::ttl_memo::generated::invalidate(
        __user_needs_in_impl(::core::option::Option::Some((&id, lang))),
    )
}
/// Drops the entries of `user` whose arguments satisfy `predicate`; how many.
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
#[warn(dead_code)]
pub fn user_cache_invalidate_if(
    mut predicate: impl ::core::ops::FnMut(
        &u64,
        &::std::string::String,
    ) -> ::core::primitive::bool,
) -> ::core::primitive::usize {
    ::ttl_memo::generated::invalidate_if(
        __user_needs_in_impl(::core::option::Option::None),
        |(part0, part1): &(u64, ::std::string::String)| predicate(part0, part1),
    )
}
/// Drops every entry of the cache of `user`, and zeroes its counters.
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
#[warn(dead_code)]
pub fn user_cache_clear() {
    ::ttl_memo::generated::clear(__user_needs_in_impl(::core::option::Option::None))
}
/// How the cache of `user` has done.
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
#[warn(dead_code)]
pub fn user_cache_info() -> ::ttl_memo::CacheInfo {
    ::ttl_memo::generated::info(__user_needs_in_impl(::core::option::Option::None))
}
/// The options of the cache of `user`, as in force now.
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
#[warn(dead_code)]
pub fn user_cache_parameters() -> ::ttl_memo::CacheParameters {
    ::ttl_memo::generated::parameters(__user_needs_in_impl(::core::option::Option::None))
}
/// Drops the expired entries of the cache of `user` now; how many.
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
#[warn(dead_code)]
pub fn user_cache_expire() -> ::core::primitive::usize {
    ::ttl_memo::generated::expire(__user_needs_in_impl(::core::option::Option::None))
}
