fn page(
    url: &str,
    client: Client,
) -> impl ::core::future::Future<Output = io::Result<String>> {
    ::ttl_memo::generated::memoize(
        (url, client),
        |(url, client), asking| {
            asking
                .call_spawning(
                    __page_needs_in_impl(::core::option::Option::Some((*url,))),
                    false,
                    |ticket| {
                        let url = ::ttl_memo::generated::own(*url);
                        let client = ::ttl_memo::generated::own(client);
                        ::ttl_memo::generated::spawn(
                            tokio::spawn,
                            ticket
                                .run_async(async move { page_uncached(&url, client).await }),
                        )
                    },
                )
        },
        |(url, client)| page_uncached(url, client),
    )
}
#[doc(hidden)]
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
#[warn(dead_code)]
fn __page_needs_in_impl<'__arguments>(
    args: ::core::option::Option<(&'__arguments str,)>,
) -> impl ::ttl_memo::generated::Call<io::Result<String>> {
    let _ = || page(loop {}, loop {});
    static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
    let query = match args {
        ::core::option::Option::Some((url,)) => {
            ::core::option::Option::Some(
                ::ttl_memo::generated::Reference::to(url).ttl_memo_part(),
            )
        }
        ::core::option::Option::None => ::core::option::Option::None,
    };
    SITE.entry_with(
        "page",
        query,
        ::ttl_memo::generated::Returns::<io::Result<String>>::new().ttl_memo_shape(),
        |builder| builder,
        |rules| {
            rules.refresh_ahead(::ttl_memo::generated::Duration::new(5u64, 0u32)).done()
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
