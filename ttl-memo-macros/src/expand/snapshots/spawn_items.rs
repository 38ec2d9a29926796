unsafe fn page(url: String) -> String {
    #[doc(hidden)]
    #[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
    fn __page_needs_in_impl<'__arguments>(
        args: ::core::option::Option<(&'__arguments String,)>,
    ) -> impl ::ttl_memo::generated::Call<String> {
        static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
        let query = match args {
            ::core::option::Option::Some((url,)) => {
                ::core::option::Option::Some(
                    ::ttl_memo::generated::Value::of(url).ttl_memo_part(),
                )
            }
            ::core::option::Option::None => ::core::option::Option::None,
        };
        SITE.entry_with(
            "page",
            query,
            ::ttl_memo::generated::Returns::<String>::new().ttl_memo_shape(),
            |builder| builder,
            |rules| {
                rules
                    .refresh_ahead(::ttl_memo::generated::Duration::new(5u64, 0u32))
                    .done()
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
    /// `page` as written: runs the body, and leaves the cache alone.
    unsafe fn page_uncached(url: String) -> String {
        get(url)
    }
    ::ttl_memo::generated::begin_spawning(
            __page_needs_in_impl(::core::option::Option::Some((&url,))),
            false,
        )
        .renew(|ticket| {
            let url = ::ttl_memo::generated::own(&url);
            ::ttl_memo::generated::spawn(
                std::thread::spawn,
                move || ticket.run(|| unsafe { page_uncached(url) }),
            )
        })
        .run(|| unsafe { page_uncached(url) })
}
