async fn user(&self, db: &Db, arg: (u64, u8)) -> io::Result<User> {
    ::ttl_memo::generated::memoize(
            (db, arg),
            move |(_, arg), asking| {
                asking
                    .call({
                        let (this, arg) = (self, arg);
                        static SITE: ::ttl_memo::generated::Site = ::ttl_memo::generated::Site::new();
                        let query = ::core::option::Option::Some((
                            ::ttl_memo::generated::Reference::to(this).ttl_memo_part(),
                            ::ttl_memo::generated::Value::of(arg).ttl_memo_part(),
                        ));
                        SITE.entry(
                            "user",
                            query,
                            ::ttl_memo::generated::Returns::<io::Result<User>>::new()
                                .ttl_memo_shape(),
                            |builder| builder,
                        )
                    })
            },
            move |(db, arg)| async move {
                if let ::core::option::Option::Some(output) = ::core::option::Option::None::<
                    io::Result<User>,
                > {
                    return output;
                }
                let (id, realm) = arg;
                #[allow(unused_braces)] { db.load(self.table, id, realm).await }
            },
        )
        .await
}
