#[allow(dead_code)]
fn find(self: Arc<Self>, id: u64) -> u64 {
    ::ttl_memo::generated::begin(
            Self::__find_in_a_trait_needs_helpers_false(
                ::core::option::Option::Some((&self, &id)),
            ),
        )
        .run(|| Self::find_uncached(self, id))
}
fn find(mut self: Arc<Self>, id: u64) -> u64 {
    ::ttl_memo::generated::begin({
            let (this, id) = (&self, &id);
            static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
            let query = ::core::option::Option::Some((
                ::ttl_memo::generated::Value::of(this).ttl_memo_part(),
                ::ttl_memo::generated::Value::of(id).ttl_memo_part(),
            ));
            SITE.entry(
                "find",
                query,
                ::ttl_memo::generated::Returns::<u64>::new().ttl_memo_shape(),
                |builder| builder,
            )
        })
        .run(move || -> u64 { #[allow(unused_braces)] { self.get(id) } })
}
#[allow(dead_code)]
async fn find(self: Arc<Self>, id: u64) -> u64 {
    ::ttl_memo::generated::memoize(
            (self, id),
            |(this, id), asking| {
                asking
                    .call(
                        Self::__find_in_a_trait_needs_helpers_false(
                            ::core::option::Option::Some((this, id)),
                        ),
                    )
            },
            |(this, id)| Self::find_uncached(this, id),
        )
        .await
}
async fn find(self: Arc<Self>, id: u64) -> u64 {
    {
        let this = ::core::clone::Clone::clone(&self);
        ::ttl_memo::generated::memoize(
            (id,),
            move |(id,), asking| {
                asking
                    .call({
                        let (this, id) = (&this, id);
                        static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
                        let query = ::core::option::Option::Some((
                            ::ttl_memo::generated::Value::of(this).ttl_memo_part(),
                            ::ttl_memo::generated::Value::of(id).ttl_memo_part(),
                        ));
                        SITE.entry(
                            "find",
                            query,
                            ::ttl_memo::generated::Returns::<u64>::new()
                                .ttl_memo_shape(),
                            |builder| builder,
                        )
                    })
            },
            move |(id,)| async move {
                if let ::core::option::Option::Some(output) = ::core::option::Option::None::<
                    u64,
                > {
                    return output;
                }
                #[allow(unused_braces)] { self.get(id).await }
            },
        )
    }
        .await
}
async fn find(self: Arc<Self>, id: u64) -> u64 {
    ::ttl_memo::generated::memoize(
            (id,),
            move |(id,), asking| {
                asking
                    .call({
                        let (id,) = (id,);
                        static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
                        let query = ::core::option::Option::Some(
                            ::ttl_memo::generated::Value::of(id).ttl_memo_part(),
                        );
                        SITE.entry(
                            "find",
                            query,
                            ::ttl_memo::generated::Returns::<u64>::new()
                                .ttl_memo_shape(),
                            |builder| builder,
                        )
                    })
            },
            move |(id,)| async move {
                if let ::core::option::Option::Some(output) = ::core::option::Option::None::<
                    u64,
                > {
                    return output;
                }
                #[allow(unused_braces)] { self.get(id).await }
            },
        )
        .await
}
#[allow(dead_code)]
fn find(self: Arc<Self>, id: u64) -> BoxFuture<'static, u64> {
    ::std::boxed::Box::pin(
        ::ttl_memo::generated::memoize(
            (self, id),
            |(this, id), asking| {
                asking
                    .call(
                        Self::__find_in_a_trait_needs_helpers_false(
                            ::core::option::Option::Some((this, id)),
                        ),
                    )
            },
            |(this, id)| Self::find_uncached(this, id),
        ),
    )
}
fn find(self: Arc<Self>, id: u64) -> BoxFuture<'static, u64> {
    ::std::boxed::Box::pin({
        let this = ::core::clone::Clone::clone(&self);
        ::ttl_memo::generated::memoize(
            (id,),
            move |(id,), asking| {
                asking
                    .call({
                        let (this, id) = (&this, id);
                        static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
                        let query = ::core::option::Option::Some((
                            ::ttl_memo::generated::Value::of(this).ttl_memo_part(),
                            ::ttl_memo::generated::Value::of(id).ttl_memo_part(),
                        ));
                        SITE.entry(
                            "find",
                            query,
                            ::ttl_memo::generated::Returns::<u64>::new()
                                .ttl_memo_shape(),
                            |builder| builder,
                        )
                    })
            },
            move |(id,)| -> BoxFuture<'static, u64> {
                #[allow(unused_braces)] { Box::pin(async move { self.get(id).await }) }
            },
        )
    })
}
