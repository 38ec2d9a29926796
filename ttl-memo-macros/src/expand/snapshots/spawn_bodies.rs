fn page(&self, by: impl By, n: u8) -> io::Result<u64> {
    let mut body = ::core::option::Option::None::<
        for<'__any> fn(&'__any Self, _, u8) -> io::Result<u64>,
    >;
    if let ::core::option::Option::Some(body) = body {
        return body(self, by, n);
    }
    body = ::core::option::Option::Some(|this, by, #[allow(unused_variables)] n| {
        #[allow(unused_braces)] { this.get(by, n, Self::LIMIT) }
    });
    let ::core::option::Option::Some(body) = body else { ::core::unreachable!() };
    ::ttl_memo::generated::begin_spawning(
            {
                let (this, by) = (self, &by);
                static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
                let query = ::core::option::Option::Some((
                    ::ttl_memo::generated::Reference::to(this).ttl_memo_part(),
                    ::ttl_memo::generated::Value::of(by).ttl_memo_part(),
                ));
                SITE.entry_with(
                    "page",
                    query,
                    ::ttl_memo::generated::Returns::<io::Result<u64>>::new()
                        .ttl_memo_shape(),
                    |builder| builder,
                    |rules| {
                        rules
                            .refresh_ahead(
                                ::ttl_memo::generated::Duration::new(5u64, 0u32),
                            )
                            .done()
                    },
                )
            },
            {
                let n = &n;
                *n > 0
            },
        )
        .renew(|ticket| {
            let this = ::ttl_memo::generated::own(self);
            let by = ::ttl_memo::generated::own(&by);
            let n = ::ttl_memo::generated::own(&n);
            ::ttl_memo::generated::spawn(run, move || ticket.run(|| body(&this, by, n)))
        })
        .run(|| body(self, by, n))
}
async fn page(&self, url: &'static str, n: u8, arg: [&str; 2]) -> u64 {
    let body = async move |
        this: &'_ Self,
        url: &'static str,
        #[allow(unused_variables)]
        n: u8,
        arg: [&'_ str; 2],
    | -> u64 {
        let [a, _] = arg;
        #[allow(unused_braces)] { this.get(url, n, a).await }
    };
    ::ttl_memo::generated::memoize(
            (url, n, arg),
            move |(url, n, arg), asking| {
                asking
                    .call_spawning(
                        {
                            let (this, url, arg) = (self, *url, arg);
                            static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
                            let query = ::core::option::Option::Some((
                                ::ttl_memo::generated::Reference::to(this).ttl_memo_part(),
                                ::ttl_memo::generated::Reference::to(url).ttl_memo_part(),
                                ::ttl_memo::generated::array(
                                    arg,
                                    |part| {
                                        ::ttl_memo::generated::Reference::to(*part).ttl_memo_part()
                                    },
                                ),
                            ));
                            SITE.entry_with(
                                "page",
                                query,
                                ::ttl_memo::generated::Returns::<u64>::new()
                                    .ttl_memo_shape(),
                                |builder| builder,
                                |rules| {
                                    rules
                                        .refresh_ahead(
                                            ::ttl_memo::generated::Duration::new(5u64, 0u32),
                                        )
                                        .done()
                                },
                            )
                        },
                        {
                            let n = n;
                            *n > 0
                        },
                        |ticket| {
                            let this = ::ttl_memo::generated::own(self);
                            let url = *url;
                            let n = ::ttl_memo::generated::own(n);
                            let arg = ::ttl_memo::generated::own(arg);
                            ::ttl_memo::generated::spawn(
                                run,
                                ticket
                                    .run_async(async move { body(&this, url, n, arg).await }),
                            )
                        },
                    )
            },
            move |(url, n, arg)| body(self, url, n, arg),
        )
        .await
}
async fn page(&self, by: impl By, n: u8) {
    let mut body = ::core::option::Option::None::<
        for<'__any> fn(
            &'__any Self,
            _,
            u8,
        ) -> ::core::pin::Pin<
            ::std::boxed::Box<
                dyn ::core::future::Future<Output = ()> + ::core::marker::Send + '__any,
            >,
        >,
    >;
    if let ::core::option::Option::Some(body) = body {
        return body(self, by, n).await;
    }
    body = ::core::option::Option::Some(|this, by, #[allow(unused_variables)] n| {
        ::std::boxed::Box::pin(async move {
            if let ::core::option::Option::Some(output) = ::core::option::Option::None::<
                (),
            > {
                return output;
            }
            #[allow(unused_braces)] { this.get(by, n).await }
        })
    });
    let ::core::option::Option::Some(body) = body else { ::core::unreachable!() };
    ::ttl_memo::generated::memoize(
            (by, n),
            move |(by, n), asking| {
                asking
                    .call_spawning(
                        {
                            let (this, by) = (self, by);
                            static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
                            let query = ::core::option::Option::Some((
                                ::ttl_memo::generated::Reference::to(this).ttl_memo_part(),
                                ::ttl_memo::generated::Value::of(by).ttl_memo_part(),
                            ));
                            SITE.entry_with(
                                "page",
                                query,
                                ::ttl_memo::generated::Returns::<()>::new()
                                    .ttl_memo_shape(),
                                |builder| builder,
                                |rules| {
                                    rules
                                        .refresh_ahead(
                                            ::ttl_memo::generated::Duration::new(5u64, 0u32),
                                        )
                                        .done()
                                },
                            )
                        },
                        {
                            let n = n;
                            *n > 0
                        },
                        |ticket| {
                            let this = ::ttl_memo::generated::own(self);
                            let by = ::ttl_memo::generated::own(by);
                            let n = ::ttl_memo::generated::own(n);
                            ::ttl_memo::generated::spawn(
                                run,
                                ticket.run_async(async move { body(&this, by, n).await }),
                            )
                        },
                    )
            },
            move |(by, n)| body(self, by, n),
        )
        .await
}
fn page<'a>(&'a self, url: &'a str, n: u8) -> BoxFuture<'a, u64> {
    let body: for<'__any> fn(&'__any Self, &'__any str, u8) -> BoxFuture<'__any, u64> = |
        this,
        url,
        #[allow(unused_variables)]
        n|
    { #[allow(unused_braces)] { Box::pin(this.get(url, n)) } };
    ::std::boxed::Box::pin(
        ::ttl_memo::generated::memoize(
            (url, n),
            move |(url, n), asking| {
                asking
                    .call_spawning(
                        {
                            let (this, url) = (self, *url);
                            static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
                            let query = ::core::option::Option::Some((
                                ::ttl_memo::generated::Reference::to(this).ttl_memo_part(),
                                ::ttl_memo::generated::Reference::to(url).ttl_memo_part(),
                            ));
                            SITE.entry_with(
                                "page",
                                query,
                                ::ttl_memo::generated::Returns::<u64>::new()
                                    .ttl_memo_shape(),
                                |builder| builder,
                                |rules| {
                                    rules
                                        .refresh_ahead(
                                            ::ttl_memo::generated::Duration::new(5u64, 0u32),
                                        )
                                        .done()
                                },
                            )
                        },
                        {
                            let n = n;
                            *n > 0
                        },
                        |ticket| {
                            let this = ::ttl_memo::generated::own(self);
                            let url = ::ttl_memo::generated::own(*url);
                            let n = ::ttl_memo::generated::own(n);
                            ::ttl_memo::generated::spawn(
                                run,
                                ticket.run_async(async move { body(&this, &url, n).await }),
                            )
                        },
                    )
            },
            move |(url, n)| body(self, url, n),
        ),
    )
}
