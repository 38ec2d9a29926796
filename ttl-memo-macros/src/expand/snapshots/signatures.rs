fn load(
    #[allow(unused)]
    self: Arc<Self>,
    arg: (&str, f64),
    #[allow(unused)]
    db: &mut Db,
    shown: impl Show,
) -> Result<Found, Bad<'_>> {}
fn __load_in_a_trait_needs_helpers_false<'__err, '__arguments, Shown: Show>(
    args: ::core::option::Option<
        (&'__arguments Arc<Self>, &'__arguments (&str, f64), &'__arguments Shown),
    >,
) -> impl ::ttl_memo::generated::Call<Result<Found, Bad<'__err>>> {}
fn load_uncached<Shown: Show>(
    #[allow(unused)]
    mut self: Arc<Self>,
    (id, by): (&str, f64),
    #[allow(unused)]
    db: &mut Db,
    shown: Shown,
) -> Result<Found, Bad<'_>> {}
fn load_cache_refresh<Shown: Show>(
    self: Arc<Self>,
    arg: (&str, f64),
    db: &mut Db,
    shown: Shown,
) -> Result<Found, Bad<'_>> {}
fn load_cache_fetch<Shown: Show>(
    self: Arc<Self>,
    arg: (&str, f64),
    db: &mut Db,
    shown: Shown,
) -> ::ttl_memo::Fetched<Result<Found, Bad<'_>>> {}
fn load_cache_peek<'__err, Shown: Show>(
    self: Arc<Self>,
    arg: (&str, f64),
    shown: Shown,
) -> ::core::option::Option<Result<Found, Bad<'__err>>> {}
fn load_cache_insert<Shown: Show>(
    self: Arc<Self>,
    arg: (&str, f64),
    shown: Shown,
    value: Result<Found, Bad<'_>>,
) {}
fn load_cache_invalidate<Shown: Show>(
    self: Arc<Self>,
    arg: (&str, f64),
    shown: Shown,
) -> ::core::primitive::bool {}
fn load_cache_invalidate_if<Shown: Show>(
    mut predicate: impl ::core::ops::FnMut(
        &Arc<Self>,
        &(::std::string::String, f64),
        &Shown,
    ) -> ::core::primitive::bool,
) -> ::core::primitive::usize {}
fn load_cache_clear<Shown: Show>() {}
fn load_cache_info<Shown: Show>() -> ::ttl_memo::CacheInfo {}
fn load_cache_parameters<Shown: Show>() -> ::ttl_memo::CacheParameters {}
fn load_cache_expire<Shown: Show>() -> ::core::primitive::usize {}
pub unsafe fn page<'a, T: From<&'a D>, D: Db, const N: usize>(
    url: &'a str,
    db: D,
) -> impl ::core::future::Future<Output = Result<Vec<T>, Bad<'a>>>
where
    D: 'a,
{}
fn __page_needs_in_impl<'__arguments, 'a, T: From<&'a D>, D: Db, const N: usize>(
    args: ::core::option::Option<(&'a str,)>,
) -> impl ::ttl_memo::generated::Call<Result<Vec<T>, Bad<'a>>>
where
    D: 'a,
    'a: '__arguments,
{}
pub async unsafe fn page_uncached<'a, T: From<&'a D>, D: Db, const N: usize>(
    url: &'a str,
    db: D,
) -> Result<Vec<T>, Bad<'a>>
where
    D: 'a,
{}
pub async unsafe fn page_cache_refresh<'a, T: From<&'a D>, D: Db, const N: usize>(
    url: &'a str,
    db: D,
) -> Result<Vec<T>, Bad<'a>>
where
    D: 'a,
{}
pub async unsafe fn page_cache_fetch<'a, T: From<&'a D>, D: Db, const N: usize>(
    url: &'a str,
    db: D,
) -> ::ttl_memo::Fetched<Result<Vec<T>, Bad<'a>>>
where
    D: 'a,
{}
pub fn page_cache_peek<'a, T: From<&'a D>, D: Db, const N: usize>(
    url: &'a str,
) -> ::core::option::Option<Result<Vec<T>, Bad<'a>>>
where
    D: 'a,
{}
pub fn page_cache_insert<'a, T: From<&'a D>, D: Db, const N: usize>(
    url: &'a str,
    value: Result<Vec<T>, Bad<'a>>,
)
where
    D: 'a,
{}
pub fn page_cache_invalidate<'a, T: From<&'a D>, D: Db, const N: usize>(
    url: &'a str,
) -> ::core::primitive::bool
where
    D: 'a,
{}
pub fn page_cache_invalidate_if<'a, T: From<&'a D>, D: Db, const N: usize>(
    mut predicate: impl ::core::ops::FnMut(
        &::std::string::String,
    ) -> ::core::primitive::bool,
) -> ::core::primitive::usize
where
    D: 'a,
{}
pub fn page_cache_clear<'a, T: From<&'a D>, D: Db, const N: usize>()
where
    D: 'a,
{}
pub fn page_cache_info<'a, T: From<&'a D>, D: Db, const N: usize>() -> ::ttl_memo::CacheInfo
where
    D: 'a,
{}
pub fn page_cache_parameters<'a, T: From<&'a D>, D: Db, const N: usize>() -> ::ttl_memo::CacheParameters
where
    D: 'a,
{}
pub fn page_cache_expire<'a, T: From<&'a D>, D: Db, const N: usize>() -> ::core::primitive::usize
where
    D: 'a,
{}
fn user(users: &Users, id: &'static str, lang: &Lang) -> User {}
fn __user_needs_in_impl<'__arguments>(
    users: &'__arguments Users,
    args: ::core::option::Option<(&'static str, &'__arguments Lang)>,
) -> impl ::ttl_memo::generated::Call<User>
where
    'static: '__arguments,
{}
pub(crate) fn user_uncached(
    #[allow(unused_variables)]
    users: &Users,
    id: &'static str,
    lang: &Lang,
) -> User {}
pub(crate) fn user_cache_refresh(users: &Users, id: &'static str, lang: &Lang) -> User {}
pub(crate) fn user_cache_fetch(
    users: &Users,
    id: &'static str,
    lang: &Lang,
) -> ::ttl_memo::Fetched<User> {}
pub(crate) fn user_cache_peek(
    users: &Users,
    id: &'static str,
    lang: &Lang,
) -> ::core::option::Option<User> {}
pub(crate) fn user_cache_insert(
    users: &Users,
    id: &'static str,
    lang: &Lang,
    value: User,
) {}
pub(crate) fn user_cache_invalidate(
    users: &Users,
    id: &'static str,
    lang: &Lang,
) -> ::core::primitive::bool {}
pub(crate) fn user_cache_invalidate_if(
    users: &Users,
    mut predicate: impl ::core::ops::FnMut(
        &::std::string::String,
        &<Lang as ::std::borrow::ToOwned>::Owned,
    ) -> ::core::primitive::bool,
) -> ::core::primitive::usize
where
    for<'__any> Lang: ::std::borrow::ToOwned,
{}
pub(crate) fn user_cache_clear(users: &Users) {}
pub(crate) fn user_cache_info(users: &Users) -> ::ttl_memo::CacheInfo {}
pub(crate) fn user_cache_parameters(users: &Users) -> ::ttl_memo::CacheParameters {}
pub(crate) fn user_cache_expire(users: &Users) -> ::core::primitive::usize {}
fn user(users: &Users, id: &'static str, lang: &Lang) -> User {}
fn __user_needs_in_impl<'__arguments>(
    args: ::core::option::Option<(&'static str, &'__arguments Lang)>,
) -> impl ::ttl_memo::generated::Call<User>
where
    'static: '__arguments,
{}
fn user_uncached(
    users: &Users,
    #[allow(unused_variables)]
    id: &'static str,
    #[allow(unused_variables)]
    lang: &Lang,
) -> User {}
fn user_cache_refresh(users: &Users, id: &'static str, lang: &Lang) -> User {}
fn user_cache_fetch(
    users: &Users,
    id: &'static str,
    lang: &Lang,
) -> ::ttl_memo::Fetched<User> {}
fn user_cache_peek(id: &'static str, lang: &Lang) -> ::core::option::Option<User> {}
fn user_cache_insert(id: &'static str, lang: &Lang, value: User) {}
fn user_cache_invalidate(id: &'static str, lang: &Lang) -> ::core::primitive::bool {}
fn user_cache_clear() {}
fn user_cache_info() -> ::ttl_memo::CacheInfo {}
fn user_cache_parameters() -> ::ttl_memo::CacheParameters {}
fn user_cache_expire() -> ::core::primitive::usize {}
