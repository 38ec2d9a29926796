fn find<T: Kind, const N: usize>(
    &self,
    user: &User,
    force: bool,
    by: [T; N],
) -> Result<Found, Bad<'_>> {
    ::ttl_memo::generated::begin_if(
            Self::__find_in_a_trait_needs_helpers_false(
                ::core::option::Option::Some((self, user)),
            ),
            {
                let force = &force;
                *force
            },
        )
        .run(|| Self::find_uncached::<T, N>(self, user, force, by))
}
#[doc(hidden)]
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
fn __find_in_a_trait_needs_helpers_false<'err>(
    args: ::core::option::Option<(&Self, &User)>,
) -> impl ::ttl_memo::generated::Call<Result<Found, Bad<'err>>> {
    static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
    let query = match args {
        ::core::option::Option::Some((this, user)) => {
            ::core::option::Option::Some({
                (
                    ::ttl_memo::generated::Reference::to(&this.realm).ttl_memo_part(),
                    ::ttl_memo::generated::Reference::to(&user.id).ttl_memo_part(),
                )
            })
        }
        ::core::option::Option::None => ::core::option::Option::None,
    };
    SITE.entry_with(
        "find",
        query,
        ::ttl_memo::generated::Returns::<Result<Found, Bad<'err>>>::new()
            .ttl_memo_shape(),
        |builder| builder.tags(tags),
        |rules| rules.cache_if(|it| it.ok).done(),
    )
}
