//! What some functions expand to, as a reader would see it.

use expect_test::expect_file;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use super::*;
use crate::args::Args;
use crate::errors::Errors;
use crate::model::Function;

fn expanded(list: TokenStream, item: TokenStream) -> String {
    let mut errors = Errors::default();
    let args = Args::read(list, &mut errors);
    let function = Function::read(item, &args).unwrap();
    errors.finish().unwrap();
    let file = syn::parse2(expand(&Model::new(&args, function))).unwrap();
    prettyplease::unparse(&file)
}

#[test]
fn a_function_and_its_helpers() {
    let list = quote!(maxsize = 1_000, ttl = "1h");
    let item = quote! {
        /// Looks a user up.
        #[must_use]
        pub fn user(id: u64, lang: &str) -> Option<User> {
            load(id, lang)
        }
    };
    expect_file!["snapshots/function.rs"].assert_eq(&expanded(list, item));
}

#[test]
fn an_async_method_without_helpers() {
    let list = quote!(helpers = false, skip(db));
    let item = quote! {
        async fn user(&self, db: &Db, (id, realm): (u64, u8)) -> io::Result<User> {
            db.load(self.table, id, realm).await
        }
    };
    expect_file!["snapshots/async_method.rs"].assert_eq(&expanded(list, item));
}

/// The function and the hidden one beside it, without what every function has.
fn essence(list: TokenStream, item: TokenStream) -> String {
    let whole = expanded(list, item);
    let end = whole.find("/// `").unwrap_or(whole.len());
    whole[..end].to_owned()
}

/// The function alone.
fn itself(list: TokenStream, item: TokenStream) -> String {
    let whole = expanded(list, item);
    let end = whole.find("#[doc(hidden)]\n#[allow").unwrap_or(whole.len());
    whole[..end].to_owned()
}

#[test]
fn receivers_by_value() {
    let plain = quote!(
        fn find(mut self: Arc<Self>, id: u64) -> u64 {
            self.get(id)
        }
    );
    let future = quote!(
        async fn find(self: Arc<Self>, id: u64) -> u64 {
            self.get(id).await
        }
    );
    let boxed = quote!(
        fn find(self: Arc<Self>, id: u64) -> BoxFuture<'static, u64> {
            Box::pin(async move { self.get(id).await })
        }
    );
    let skips = quote!(skip(self), helpers = false);
    let all = [
        itself(quote!(), plain.clone()),
        itself(quote!(helpers = false), plain),
        itself(quote!(), future.clone()),
        itself(quote!(helpers = false), future.clone()),
        itself(skips, future),
        itself(quote!(), boxed.clone()),
        itself(quote!(helpers = false), boxed),
    ];
    expect_file!["snapshots/receivers.rs"].assert_eq(&all.concat());
}

#[test]
fn an_async_fn_stays_one_where_an_attribute_may_want_it() {
    let stays = |attr: TokenStream| {
        let item = quote!(#attr async fn page(client: Client) -> u8 { client.get().await });
        itself(quote!(skip(client)), item).contains("async fn page(client: Client) -> u8")
    };
    assert_eq!(
        [quote!(), quote!(#[inline]), quote!(#[instrument])].map(stays),
        [false, false, true]
    );
}

#[test]
fn a_look_up_sees_what_it_is_refreshed_by() {
    let item = quote!(
        async fn page(id: u8, force: bool, client: Client) -> u8 {
            client.get(id).await
        }
    );
    let list = quote!(skip(force, client), refresh_if = *force);
    let itself = itself(list, item);
    assert!(itself.contains("|(id, force, _), asking|"), "{itself}");
}

#[test]
fn a_generic_method_of_a_key_and_rules() {
    let list = quote!(
        key = (self.realm, user.id),
        cache_if = |it| it.ok,
        refresh_if = *force,
        tags = tags
    );
    let item = quote! {
        fn find<T: Kind, const N: usize>(&self, user: &User, force: bool, by: [T; N], like: impl Like) -> Result<Found, Bad<'_>> {
            search(self, user, by, like)
        }
    };
    expect_file!["snapshots/method.rs"].assert_eq(&essence(list, item));
}

#[test]
fn an_async_function_with_a_spawn() {
    let list = quote!(refresh_ahead = "5s", spawn = tokio::spawn, skip(client));
    let item = quote! {
        async fn page(url: &str, client: Client) -> io::Result<String> {
            client.get(url).await
        }
    };
    expect_file!["snapshots/spawn.rs"].assert_eq(&essence(list, item));
}

#[test]
fn a_cache_of_the_instance() {
    let list = quote!(cache = &self.users, single_flight = "1s");
    let item = quote! {
        fn user(&self, ids: &[(f64, &str)]) -> User {
            self.load(ids)
        }
    };
    expect_file!["snapshots/cache.rs"].assert_eq(&essence(list, item));
}

#[test]
fn a_method_with_a_spawn_and_no_helpers() {
    let list = quote!(refresh_ahead = "5s", spawn = rayon::spawn, helpers = false);
    let item = quote! {
        fn page(&self, mut url: String) -> io::Result<String> {
            url += &self.suffix;
            self.get(url)
        }
    };
    expect_file!["snapshots/spawn_within.rs"].assert_eq(&expanded(list, item));
}

#[test]
fn a_function_with_a_spawn_and_no_helpers() {
    let list = quote!(refresh_ahead = "5s", spawn = std::thread::spawn, helpers = false);
    let item = quote! {
        unsafe fn page(url: String) -> String {
            get(url)
        }
    };
    expect_file!["snapshots/spawn_items.rs"].assert_eq(&expanded(list, item));
}

#[test]
fn bodies_within_that_can_be_called() {
    let list =
        quote!(refresh_ahead = "5s", spawn = run, helpers = false, refresh_if = *n > 0, skip(n));
    let all = [
        quote!(
            fn page(&self, by: impl By, n: u8) -> io::Result<u64> {
                self.get(by, n, Self::LIMIT)
            }
        ),
        quote!(
            async fn page(&self, url: &'static str, n: u8, [a, _]: [&str; 2]) -> u64 {
                self.get(url, n, a).await
            }
        ),
        quote!(
            async fn page(&self, by: impl By, n: u8) {
                self.get(by, n).await
            }
        ),
        quote!(
            fn page<'a>(&'a self, url: &'a str, n: u8) -> BoxFuture<'a, u64> {
                Box::pin(self.get(url, n))
            }
        ),
    ];
    let all = all.map(|item| itself(list.clone(), item));
    expect_file!["snapshots/spawn_bodies.rs"].assert_eq(&all.concat());
}

#[test]
fn a_cache_a_thread() {
    let list = quote!(scope = thread, policy = lru, weigher = weigh, on_evict = |_, _, _| {});
    let item = quote! {
        fn parsed(text: &str, scale: f64) -> Rc<Tree> {
            parse(text, scale)
        }
    };
    expect_file!["snapshots/thread.rs"].assert_eq(&essence(list, item));
}

#[test]
fn a_function_whose_errors_are_kept() {
    let list = quote!(
        maxsize = LIMIT,
        ttl = None,
        tti = idle(),
        err_ttl = "1.5s",
        jitter = 0.1,
        weigher = |_, value| value.len(),
        tags = tags_of,
        single_flight = WAIT,
        name = "pages",
        on_error = log
    );
    let item = quote! {
        fn page(host: &str, part: impl Part) -> io::Result<String> {
            get(host, part)
        }
    };
    expect_file!["snapshots/kept_errors.rs"].assert_eq(&essence(list, item));
}

/// The source at which words of the expansion stand, in order, each once.
fn places(list: &str, item: &str, word: &str) -> Vec<String> {
    fn collect(tokens: TokenStream, word: &str, places: &mut Vec<String>) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => collect(group.stream(), word, places),
                TokenTree::Ident(ident) if ident == word => {
                    places.extend(ident.span().source_text());
                }
                _ => {}
            }
        }
    }
    let mut errors = Errors::default();
    let args = Args::read(list.parse().unwrap(), &mut errors);
    let function = Function::read(item.parse().unwrap(), &args).unwrap();
    errors.finish().unwrap();
    let mut places = Vec::new();
    collect(expand(&Model::new(&args, function)), word, &mut places);
    places.dedup();
    places
}

#[test]
fn what_is_stored_is_complained_of_at_its_type() {
    let at = |item: &str, word: &str| places("", item, word).join(" ");
    assert_eq!(at("fn f(n: a::Id) -> io::Result<Vec<u8>> { n }", "Returns"), "Vec");
    assert_eq!(at("fn f(n: a::Id) -> Own<Vec<u8>> { n }", "Returns"), "Own");
    assert_eq!(at("fn f(n: a::Id, m: &[u8]) -> u8 { n }", "ttl_memo_part"), "Id [u8]");
    assert_eq!(at("fn f<T>(n: a::Id, m: Vec<T>) -> u8 { n }", "entry"), "Vec");
    assert_eq!(at("fn f<T>(n: a::Id, m: Vec<T>) -> Own<T> { n }", "entry"), "Own");
    assert_eq!(at("fn f<T>(n: a::Id) -> Result<u8, T> { n }", "entry"), "u8");
}

/// The functions that there are, without what is in them and around them.
fn signatures(list: TokenStream, item: TokenStream) -> String {
    let mut file = syn::parse_file(&expanded(list, item)).unwrap();
    for item in &mut file.items {
        let syn::Item::Fn(function) = item else { panic!("all of them are functions") };
        function.attrs.clear();
        function.block.stmts.clear();
    }
    prettyplease::unparse(&file)
}

#[test]
fn what_functions_there_are() {
    let method = quote! {
        fn load(
            #[allow(unused)] mut self: Arc<Self>,
            (id, by): (&str, f64),
            #[allow(unused)] db: &mut Db,
            shown: impl Show,
        ) -> Result<Found, Bad<'_>> {
            db.load(id)
        }
    };
    let page = quote! {
        pub async unsafe fn page<'a, T: From<&'a D>, D: Db, const N: usize>(url: &'a str, db: D) -> Result<Vec<T>, Bad<'a>>
        where
            D: 'a,
        {
            db.page::<N>(url).await
        }
    };
    let user = quote!(
        fn user(users: &Users, id: &'static str, lang: &Lang) -> User {
            load(users, id)
        }
    );
    let all = [
        signatures(quote!(skip(db)), method),
        signatures(quote!(skip(db)), page),
        signatures(quote!(cache = &users.cache, helpers = pub(crate)), user.clone()),
        signatures(quote!(key = (id.len(), lang)), user),
    ];
    expect_file!["snapshots/signatures.rs"].assert_eq(&all.concat());
}

#[test]
fn attributes_go_where_they_belong() {
    let item = quote! {
        #[cfg(unix)]
        #[must_use]
        #[expect(deprecated)]
        #[deny(unused)]
        fn f(n: u8) -> u8 {
            n
        }
    };
    let file = syn::parse_file(&expanded(quote!(), item)).unwrap();
    for item in file.items {
        let syn::Item::Fn(function) = item else { panic!("all of them are functions") };
        let (attrs, name) = (&function.attrs, function.sig.ident.to_string());
        let has = |attr: TokenStream| {
            attrs.iter().any(|it| it.meta.to_token_stream().to_string() == attr.to_string())
        };
        assert!(has(quote!(cfg(unix))), "{name}");
        assert_eq!(has(quote!(must_use)), name == "f", "{name}");
        assert_eq!(has(quote!(allow(deprecated))), name == "f", "{name}");
        assert_eq!(has(quote!(expect(deprecated))), name == "f_uncached", "{name}");
        assert_eq!(has(quote!(deny(unused))), ["f", "f_uncached"].contains(&&*name), "{name}");
    }
}

/// The key's query, without blanks and paths.
fn query(list: TokenStream, item: &str) -> String {
    let mut errors = Errors::default();
    let args = Args::read(list, &mut errors);
    let function = Function::read(item.parse().unwrap(), &args).unwrap();
    errors.finish().unwrap();
    let model = Model::new(&args, function);
    let query = Expansion::new(&model).query().to_string();
    query.replace(' ', "").replace("::ttl_memo::generated::", "")
}

#[test]
fn keys_by_their_types_and_expressions() {
    let types = [
        "u8",
        "&str",
        "&&str",
        "&[u8]",
        "&f64",
        "Option<&str>",
        "(f64, &str)",
        "&(f64, u8)",
        "[f32; 2]",
        "Vec<f64>",
        "Cow<'_, str>",
        "Cow<'_, [f64]>",
    ];
    let types = types.map(|ty| {
        let query = query(quote!(), &format!("fn f(a: {ty}) -> u8 {{ 0 }}"));
        format!("a: {ty}\n    {query}\n")
    });
    let keys = [
        "a",
        "-a",
        "*a",
        "a[0]",
        "(a.id)",
        "()",
        "(a,)",
        "((a), (b.c, c))",
        "if c { (a, b) } else { f(a) }",
        "if c { f(a) } else { (b, (a, b), (c,)) }",
        "match c { true => (a, b), _ => g(a) }",
        "{ let x = a; ((x, b)) }",
        "'l: { break 'l x; (a, b) }",
        "unsafe { (a, b) }",
        "{ (a, b); }",
        "if c { (a,) } else { x }",
    ];
    let item = "fn f(a: &User, b: u64, (c, d): (bool, &str)) -> u8 { 0 }";
    let keys = keys.map(|key| {
        let tokens: TokenStream = key.parse().unwrap();
        let query = query(quote!(key = #tokens), item);
        format!("key = {key}\n    {query}\n")
    });
    expect_file!["snapshots/keys.txt"].assert_eq(&(types.concat() + &keys.concat()));
    // `$key:expr` arrives in an invisible group.
    let passed_on = |tokens: TokenStream| Group::new(Delimiter::None, tokens);
    for key in [quote!((a.id, b)), quote!(a.id), quote!(a)] {
        let group = passed_on(key.clone());
        assert_eq!(query(quote!(key = #group), item), query(quote!(key = #key), item));
    }
    let group = passed_on(quote!((a, b)));
    let within = query(quote!(key = if c { #group } else { f(a) }), item);
    assert_eq!(within, query(quote!(key = if c { (a, b) } else { f(a) }), item));
}

#[test]
fn a_tuple_has_twelve_parts_at_most() {
    let parts = |count: usize| (0..count).map(|part| quote!(#part)).collect();
    let shape = |count: usize| query::together(parts(count)).to_string().matches('(').count();
    assert_eq!([shape(1), shape(2), shape(12), shape(13), shape(25)], [0, 1, 1, 2, 3]);
}
