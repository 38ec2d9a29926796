fn page(&self, url: String) -> io::Result<String> {
    let body: for<'__any> fn(&'__any Self, String) -> io::Result<String> = |this, url| {
        let mut url = url;
        #[allow(unused_braces)]
        {
            url += &this.suffix;
            this.get(url)
        }
    };
    ::ttl_memo::generated::begin_spawning(
            {
                let (this, url) = (self, &url);
                static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
                let query = ::core::option::Option::Some((
                    ::ttl_memo::generated::Reference::to(this).ttl_memo_part(),
                    ::ttl_memo::generated::Value::of(url).ttl_memo_part(),
                ));
                SITE.entry_with(
                    "page",
                    query,
                    ::ttl_memo::generated::Returns::<io::Result<String>>::new()
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
            false,
        )
        .renew(|ticket| {
            let this = ::ttl_memo::generated::own(self);
            let url = ::ttl_memo::generated::own(&url);
            ::ttl_memo::generated::spawn(
                rayon::spawn,
                move || ticket.run(|| body(&this, url)),
            )
        })
        .run(|| body(self, url))
}
