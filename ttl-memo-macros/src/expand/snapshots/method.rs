#[allow(dead_code)]
fn find<T: Kind, const N: usize>(
    &self,
    user: &User,
    force: bool,
    by: [T; N],
    like: impl Like,
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
        .run(|| Self::find_uncached::<T, N, _>(self, user, force, by, like))
}
#[doc(hidden)]
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
fn __find_in_a_trait_needs_helpers_false<'__err, '__arguments>(
    args: ::core::option::Option<(&'__arguments Self, &'__arguments User)>,
) -> impl ::ttl_memo::generated::Call<Result<Found, Bad<'__err>>> {
    static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
    let query = match args {
        ::core::option::Option::Some((this, user)) => {
            ::core::option::Option::Some({
                (
                    {
                        let key = ::ttl_memo::generated::Place::at(&this.realm)
                            .ttl_memo_place();
                        ::ttl_memo::generated::Key::like(&key).ttl_memo_part()(key)
                    },
                    {
                        let key = ::ttl_memo::generated::Place::at(&user.id)
                            .ttl_memo_place();
                        ::ttl_memo::generated::Key::like(&key).ttl_memo_part()(key)
                    },
                )
            })
        }
        ::core::option::Option::None => ::core::option::Option::None,
    };
    SITE.entry_with(
        "find",
        query,
        ::ttl_memo::generated::Returns::<Result<Found, Bad<'__err>>>::new()
            .ttl_memo_shape(),
        |builder| builder.tags(tags),
        |rules| rules.cache_if(|it| it.ok).done(),
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
