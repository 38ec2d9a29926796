fn user(&self, ids: &[(f64, &str)]) -> User {
    ::ttl_memo::generated::begin(
            Self::__user_needs_in_impl(self, ::core::option::Option::Some((ids,))),
        )
        .run(|| Self::user_uncached(self, ids))
}
#[doc(hidden)]
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
fn __user_needs_in_impl(
    this: &Self,
    args: ::core::option::Option<(&[(f64, &str)],)>,
) -> impl ::ttl_memo::generated::Call<User> {
    static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
    let query = args
        .map(|(ids,)| ::ttl_memo::generated::each(
            ids,
            |part| {
                let (part0, part1) = part;
                (
                    ::ttl_memo::generated::Value::of(part0).ttl_memo_part(),
                    ::ttl_memo::generated::Reference::to(*part1).ttl_memo_part(),
                )
            },
        ));
    SITE.on_with(
        {
            let cache: &::ttl_memo::generated::TtlCache<_, _, _> = &this.users;
            cache
        },
        query,
        ::ttl_memo::generated::Returns::<User>::new().ttl_memo_shape(),
        |rules| {
            rules.single_flight(::ttl_memo::generated::Duration::new(1u64, 0u32)).done()
        },
    )
}
