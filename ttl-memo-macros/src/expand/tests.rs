//! What some functions expand to, as a reader would see it.

use expect_test::expect_file;
use proc_macro2::TokenStream;
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

#[test]
fn a_generic_method_of_a_key_and_rules() {
    let list = quote!(
        key = (self.realm, user.id),
        cache_if = |it| it.ok,
        refresh_if = *force,
        tags = tags
    );
    let item = quote! {
        fn find<T: Kind, const N: usize>(&self, user: &User, force: bool, by: [T; N]) -> Result<Found, Bad<'_>> {
            search(self, user, by)
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
        fn page(url: String) -> String {
            get(url)
        }
    };
    expect_file!["snapshots/spawn_items.rs"].assert_eq(&expanded(list, item));
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

/// The key's query, without blanks and paths.
fn query(list: &str, item: &str) -> String {
    let mut errors = Errors::default();
    let args = Args::read(list.parse().unwrap(), &mut errors);
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
        let query = query("", &format!("fn f(a: {ty}) -> u8 {{ 0 }}"));
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
    let keys = keys.map(|key| {
        let item = "fn f(a: &User, b: u64, c: bool) -> u8 { 0 }";
        let query = query(&format!("key = {key}"), item);
        format!("key = {key}\n    {query}\n")
    });
    expect_file!["snapshots/keys.txt"].assert_eq(&(types.concat() + &keys.concat()));
}

#[test]
fn a_tuple_has_twelve_parts_at_most() {
    let parts = |count: usize| (0..count).map(|part| quote!(#part)).collect();
    let shape = |count: usize| query::together(parts(count)).to_string().matches('(').count();
    assert_eq!([shape(1), shape(2), shape(12), shape(13), shape(25)], [0, 1, 1, 2, 3]);
}
