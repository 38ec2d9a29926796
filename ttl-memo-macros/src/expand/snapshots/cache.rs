#[allow(dead_code)]
fn user(&self, ids: &[(f64, &str)]) -> User {
    ::ttl_memo::generated::begin(
            Self::__user_in_a_trait_needs_helpers_false(
                self,
                ::core::option::Option::Some((ids,)),
            ),
        )
        .run(|| Self::user_uncached(self, ids))
}
#[doc(hidden)]
#[allow(unused, non_snake_case, single_use_lifetimes, clippy::all, clippy::pedantic)]
fn __user_in_a_trait_needs_helpers_false<'__arguments>(
    this: &'__arguments Self,
    args: ::core::option::Option<(&'__arguments [(f64, &str)],)>,
) -> impl ::ttl_memo::generated::Call<User> {
    static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
    let query = match args {
        ::core::option::Option::Some((ids,)) => {
            ::core::option::Option::Some(
                ::ttl_memo::generated::each(
                    ids,
                    |part| {
                        let (part0, part1) = part;
                        (
                            ::ttl_memo::generated::Value::of(part0).ttl_memo_part(),
                            ::ttl_memo::generated::Reference::to(*part1).ttl_memo_part(),
                        )
                    },
                ),
            )
        }
        ::core::option::Option::None => ::core::option::Option::None,
    };
    {
        let shape = ::ttl_memo::generated::Returns::<User>::new().ttl_memo_shape();
        SITE.on_with(
            { ::ttl_memo::generated::lent(&query, shape, &this.users) },
            query,
            shape,
            |rules| {
                rules
                    .single_flight(::ttl_memo::generated::Duration::new(1u64, 0u32))
                    .done()
            },
        )
    }
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
