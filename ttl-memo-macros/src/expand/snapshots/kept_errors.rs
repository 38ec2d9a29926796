fn page(host: &str, part: impl Part) -> io::Result<String> {
    ::ttl_memo::generated::begin(
            __page_needs_in_impl::<_>(::core::option::Option::Some((host, &part))),
        )
        .run(|| page_uncached::<_>(host, part))
}
#[doc(hidden)]
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
fn __page_needs_in_impl<'__arguments, Part2: Part>(
    args: ::core::option::Option<(&'__arguments str, &'__arguments Part2)>,
) -> impl ::ttl_memo::generated::Call<io::Result<String>> {
    static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
    let query = match args {
        ::core::option::Option::Some((host, part)) => {
            ::core::option::Option::Some((
                ::ttl_memo::generated::Reference::to(host).ttl_memo_part(),
                ::ttl_memo::generated::Value::of(part).ttl_memo_part(),
            ))
        }
        ::core::option::Option::None => ::core::option::Option::None,
    };
    SITE.entry_with(
        "page",
        query,
        ::ttl_memo::generated::Returns::<io::Result<String>>::new()
            .ttl_memo_shape_of_both(),
        |builder| ::ttl_memo::generated::kept::tags(
            ::ttl_memo::generated::kept::weigher(
                builder
                    .name("pages")
                    .maxsize(
                        ::core::convert::identity::<::core::primitive::usize>(LIMIT),
                    )
                    .ttl(::core::option::Option::None)
                    .tti(
                        ::core::convert::identity::<
                            ::ttl_memo::generated::Duration,
                        >(idle()),
                    )
                    .err_ttl(::ttl_memo::generated::Duration::new(1u64, 500000000u32))
                    .single_flight(
                        ::core::convert::identity::<
                            ::ttl_memo::generated::Duration,
                        >(WAIT),
                    )
                    .jitter(0.1),
                |_, value| value.len(),
            ),
            tags_of,
        ),
        |rules| rules.on_error(log).done(),
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
