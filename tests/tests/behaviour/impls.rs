//! Functions in impls and traits.

use std::cell::Cell;
use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use futures_lite::future::{block_on, yield_now};
use ttl_memo::ttl_cache;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Repo {
    name: String,
}

static FOUND: AtomicUsize = AtomicUsize::new(0);

impl Repo {
    #[ttl_cache]
    fn find(&self, id: u32) -> String {
        FOUND.fetch_add(1, Relaxed);
        format!("{}/{id}", self.name)
    }

    #[ttl_cache(skip(self))]
    fn shared(&self, id: u32) -> String {
        format!("{}/{id}", self.name)
    }

    #[ttl_cache]
    fn consumed(self) -> String {
        self.name
    }

    #[ttl_cache(key = (self.name.len(), *id))]
    fn by_length(self: &Arc<Self>, id: u32) -> String {
        format!("{}/{id}", self.name)
    }

    #[ttl_cache]
    fn made(name: &str) -> Self {
        Self { name: name.to_owned() }
    }

    #[ttl_cache(in_impl)]
    fn plain(n: u32) -> u32 {
        n + 1
    }

    #[ttl_cache]
    async fn later(&self, id: u32) -> String {
        yield_now().await;
        format!("{}/{id}", self.name)
    }

    #[ttl_cache]
    async fn arc(self: Arc<Self>, id: u32) -> String {
        yield_now().await;
        format!("{}/{id}", self.name)
    }
}

fn repo(name: &str) -> Repo {
    Repo { name: name.into() }
}

#[test]
fn a_receiver_is_part_of_the_key() {
    let (a, b) = (repo("a"), repo("b"));
    assert_eq!((a.find(1), a.find(1), b.find(1)), ("a/1".into(), "a/1".into(), "b/1".into()));
    assert_eq!(FOUND.load(Relaxed), 2);
    assert_eq!(a.find_cache_peek(1).as_deref(), Some("a/1"));
    assert!(a.find_cache_invalidate(1));
    assert_eq!(Repo::find_cache_invalidate_if(|repo, id| repo.name == "b" && *id == 1), 1);
    assert_eq!(Repo::find_cache_info().len, 0);
    assert_eq!(a.find_uncached(3), "a/3");
    assert_eq!(a.find_cache_fetch(3).value, "a/3");
    let name = Repo::find_cache_parameters().name;
    assert!(name.ends_with("impls::Repo::find"), "{name}");
}

#[test]
fn a_skipped_receiver_is_not() {
    assert_eq!((repo("a").shared(1), repo("b").shared(1)), ("a/1".into(), "a/1".into()));
    assert!(Repo::shared_cache_invalidate(1));
}

#[test]
fn receivers_have_any_form() {
    assert_eq!((repo("a").consumed(), repo("a").consumed()), ("a".into(), "a".into()));
    assert_eq!(Repo::consumed_cache_info().hits, 1);
    let (one, other) = (Arc::new(repo("one")), Arc::new(repo("two")));
    assert_eq!((one.by_length(1), other.by_length(1)), ("one/1".into(), "one/1".into()));
    assert_eq!(other.by_length_cache_peek(1).as_deref(), Some("one/1"));
}

#[test]
fn associated_functions_have_helpers_beside_them() {
    assert_eq!((Repo::made("x"), Repo::made("x")), (repo("x"), repo("x")));
    assert_eq!(Repo::made_cache_info().hits, 1);
    assert_eq!((Repo::plain(1), Repo::plain(1)), (2, 2));
    assert_eq!(Repo::plain_cache_info().hits, 1);
}

#[test]
fn methods_may_be_async() {
    block_on(async {
        let a = repo("a");
        assert_eq!((a.later(1).await, a.later(1).await), ("a/1".into(), "a/1".into()));
        let arc = Arc::new(a);
        assert_eq!(Arc::clone(&arc).arc(1).await, "a/1");
        assert_eq!(arc.arc(1).await, "a/1");
    });
    assert_eq!((Repo::later_cache_info().hits, Repo::arc_cache_info().hits), (1, 1));
}

trait Factor {
    const F: u32;
}

struct Two;
struct Three;

impl Factor for Two {
    const F: u32 = 2;
}

impl Factor for Three {
    const F: u32 = 3;
}

struct Mul<T>(std::marker::PhantomData<T>);

impl<T: Factor> Mul<T> {
    #[ttl_cache(in_impl)]
    fn times(n: u32) -> u32 {
        T::F * n
    }
}

#[test]
fn a_generic_impl_has_a_cache_a_type() {
    assert_eq!((Mul::<Two>::times(5), Mul::<Three>::times(5)), (10, 15));
    assert_eq!((Mul::<Two>::times(5), Mul::<Three>::times(5)), (10, 15));
    assert_eq!(Mul::<Two>::times_cache_info().hits, 1);
    let name = Mul::<Two>::times_cache_parameters().name;
    assert!(name.contains("Mul<") && name.contains("Two") && name.ends_with("::times"), "{name}");
}

trait Named {
    fn name(&self, n: u8) -> String;

    #[ttl_cache(helpers = false)]
    fn greeting(&self, n: u8) -> String
    where
        Self: std::hash::Hash + Eq + Clone + Send + Sync + 'static,
    {
        DEFAULTS.fetch_add(1, Relaxed);
        format!("hello, {}", self.name(n))
    }

    #[ttl_cache(helpers = false, skip(self))]
    fn kind(&self) -> &'static str
    where
        Self: Debug,
    {
        std::any::type_name::<Self>()
    }
}

static DEFAULTS: AtomicUsize = AtomicUsize::new(0);

impl Named for Repo {
    #[ttl_cache(helpers = false)]
    fn name(&self, n: u8) -> String {
        NAMES.fetch_add(1, Relaxed);
        format!("{}{n}", self.name)
    }
}

impl Named for u64 {
    fn name(&self, n: u8) -> String {
        format!("{self}{n}")
    }
}

static NAMES: AtomicUsize = AtomicUsize::new(0);

#[test]
fn traits_and_their_impls_need_no_helpers() {
    let a = repo("a");
    assert_eq!((a.name(1), a.name(1), a.name(2)), ("a1".into(), "a1".into(), "a2".into()));
    assert_eq!(NAMES.load(Relaxed), 2);
    assert_eq!(a.greeting(1), "hello, a1");
    assert_eq!(7_u64.greeting(1), "hello, 71");
    assert_eq!(a.greeting(1), "hello, a1");
    assert_eq!(DEFAULTS.load(Relaxed), 2);
    assert!(
        a.kind().ends_with("Repo") && 7_u64.kind().ends_with("u64") && a.kind().ends_with("Repo")
    );
}

#[async_trait::async_trait]
trait Loads {
    async fn load(&self, id: u32) -> Result<String, std::io::Error>;

    #[ttl_cache(helpers = false, skip(self))]
    async fn doubled(&self, id: u32) -> u32 {
        DOUBLED.fetch_add(1, Relaxed);
        yield_now().await;
        id * 2
    }
}

static DOUBLED: AtomicUsize = AtomicUsize::new(0);
static LOADED: AtomicUsize = AtomicUsize::new(0);

#[async_trait::async_trait]
impl Loads for Repo {
    #[ttl_cache(helpers = false)]
    async fn load(&self, id: u32) -> Result<String, std::io::Error> {
        LOADED.fetch_add(1, Relaxed);
        yield_now().await;
        if id == 0 {
            return Err(std::io::ErrorKind::NotFound.into());
        }
        Ok(format!("{}/{id}", self.name))
    }
}

trait LoadsAsync {
    async fn load_it(&self, id: &str) -> Result<usize, std::num::ParseIntError>;
}

static LOADED_IT: AtomicUsize = AtomicUsize::new(0);

impl LoadsAsync for Repo {
    #[ttl_cache(helpers = false)]
    async fn load_it(&self, id: &str) -> Result<usize, std::num::ParseIntError> {
        LOADED_IT.fetch_add(1, Relaxed);
        if id.is_empty() {
            return Ok(0);
        }
        yield_now().await;
        let id: usize = id.parse()?;
        Ok(id)
    }
}

#[test]
fn async_traits_are_memoized() {
    let a = repo("a");
    block_on(async {
        assert_eq!(a.load(1).await.unwrap(), "a/1");
        assert_eq!(a.load(1).await.unwrap(), "a/1");
        assert!(a.load(0).await.is_err() && a.load(0).await.is_err());
        assert_eq!((a.doubled(2).await, a.doubled(2).await), (4, 4));
        assert_eq!((a.load_it("5").await, a.load_it("5").await), (Ok(5), Ok(5)));
        assert_eq!((a.load_it("").await, a.load_it("").await), (Ok(0), Ok(0)));
        assert!(a.load_it("x").await.is_err());
    });
    assert_eq!((LOADED.load(Relaxed), DOUBLED.load(Relaxed), LOADED_IT.load(Relaxed)), (3, 1, 3));
}

#[test]
fn a_skipped_handle_is_of_any_kind() {
    struct Conn {
        used: Cell<u32>,
    }

    impl Conn {
        #[ttl_cache(skip(self))]
        fn read(&mut self, id: u32) -> u32 {
            self.used.set(self.used.get() + 1);
            id
        }

        #[ttl_cache(key = *id)]
        fn read_by_key(&mut self, id: u32) -> u32 {
            self.used.set(self.used.get() + 1);
            id
        }
    }

    let mut conn = Conn { used: Cell::new(0) };
    assert_eq!((conn.read(1), conn.read(1)), (1, 1));
    assert_eq!((conn.read_by_key(1), conn.read_by_key(1)), (1, 1));
    assert_eq!(conn.used.get(), 2);
}

#[async_trait::async_trait]
trait Consumes {
    async fn consumed_later(self: Arc<Self>, id: u32) -> String;
}

#[async_trait::async_trait]
impl Consumes for Repo {
    #[ttl_cache(helpers = false)]
    async fn consumed_later(self: Arc<Self>, id: u32) -> String {
        CONSUMED.fetch_add(1, Relaxed);
        yield_now().await;
        let Self { name } = &*self;
        format!("{name}{id}")
    }
}

static CONSUMED: AtomicUsize = AtomicUsize::new(0);

#[test]
fn a_receiver_that_is_consumed_later_may_be_part_of_the_key() {
    let (a, b) = (Arc::new(repo("a")), Arc::new(repo("b")));
    block_on(async {
        assert_eq!(Arc::clone(&a).consumed_later(1).await, "a1");
        assert_eq!(b.consumed_later(1).await, "b1");
        assert_eq!(a.consumed_later(1).await, "a1");
    });
    assert_eq!(CONSUMED.load(Relaxed), 2);
}

struct Parser<'a> {
    text: &'a str,
}

impl<'a> Parser<'a> {
    #[ttl_cache(skip(self))]
    fn plus(&self, n: usize) -> usize {
        self.text.len() + n
    }

    #[ttl_cache(key = (self.text, n))]
    async fn nth(&self, n: usize) -> Result<char, &'a str> {
        yield_now().await;
        self.text.chars().nth(n).ok_or(self.text)
    }

    #[ttl_cache(key = self.text)]
    fn error(&mut self) -> Result<usize, &str> {
        if self.text.is_empty() { Err(self.text) } else { Ok(self.text.len()) }
    }
}

#[test]
fn an_impl_may_have_lifetimes() {
    let text = String::from("abc");
    let mut parser = Parser { text: &text };
    assert_eq!((parser.plus(1), Parser { text: "" }.plus(1)), (4, 4));
    assert_eq!(block_on(parser.nth(1)), Ok('b'));
    assert_eq!(block_on(parser.nth(3)), Err("abc"));
    assert_eq!(parser.nth_cache_peek(1), Some(Ok('b')));
    assert_eq!(parser.error(), Ok(3));
    assert_eq!(parser.error(), Ok(3));
    assert_eq!(Parser { text: "" }.error(), Err(""));
}

#[test]
fn a_raw_name_is_a_name() {
    #[ttl_cache]
    fn r#match(r#type: u8) -> u8 {
        r#type
    }

    assert_eq!((r#match(1), match_cache_info().misses), (1, 1));
    assert!(
        match_cache_parameters().name.ends_with("::match"),
        "{}",
        match_cache_parameters().name
    );
}

trait InOneLine {
    fn plain(&self, id: u32) -> u32;
    fn with_a_pattern(&self, pair: (u32, u32)) -> u32;
    async fn in_time(&self, id: u32) -> u32;
}

trait Mends {
    fn mended(self, by: char) -> String;
    async fn mended_later(self, by: char) -> String;
}

impl Mends for Repo {
    #[ttl_cache(helpers = false)]
    fn mended(mut self, by: char) -> String {
        self.name.push(by);
        self.name
    }

    #[ttl_cache(helpers = false)]
    async fn mended_later(mut self, by: char) -> String {
        yield_now().await;
        self.name.push(by);
        self.name
    }
}

#[test]
fn a_consumed_receiver_may_be_changed() {
    assert_eq!((repo("a").mended('!'), repo("a").mended('!')), ("a!".into(), "a!".into()));
    assert_eq!(block_on(repo("a").mended_later('?')), "a?");
}

#[rustfmt::skip]
#[deny(unused_braces)]
impl InOneLine for Repo {
    #[ttl_cache(helpers = false, skip(self))]
    fn plain(&self, id: u32) -> u32 { id }

    #[ttl_cache(helpers = false, skip(self))]
    fn with_a_pattern(&self, (a, b): (u32, u32)) -> u32 { a + b }

    #[ttl_cache(helpers = false, skip(self))]
    async fn in_time(&self, id: u32) -> u32 { id }
}

#[async_trait::async_trait]
trait InOneLineAsync {
    async fn boxed(&self, id: u32) -> u32;
}

#[rustfmt::skip]
#[deny(unused_braces)]
#[async_trait::async_trait]
impl InOneLineAsync for Repo {
    #[ttl_cache(helpers = false, skip(self))]
    async fn boxed(&self, id: u32) -> u32 { id }
}

#[test]
fn bodies_of_one_line_cause_no_warning() {
    let a = repo("a");
    assert_eq!((a.plain(1), a.plain(1), a.with_a_pattern((1, 2))), (1, 1, 3));
    assert_eq!(block_on(async { (a.in_time(4).await, a.boxed(5).await) }), (4, 5));
}

/// Of lifetimes by whose names an expansion could call its own.
struct Lent<'any, 'err>(&'any str, &'err str);

impl<'any, 'err> Lent<'any, 'err> {
    #[ttl_cache(key = (self.0.min(or), path))]
    fn within(&self, or: &'any str, path: &Path) -> Result<usize, Vec<&'err str>> {
        if path.as_os_str().is_empty() { Err(vec![self.1]) } else { Ok(self.0.min(or).len()) }
    }

    #[ttl_cache(skip(self))]
    fn parsed(&self, name: &str, _path: &Path) -> Result<u8, Unread<'_>> {
        name.parse().map_err(|_| Unread(self.0))
    }

    #[ttl_cache(helpers = false, in_impl, refresh_ahead = "1s", spawn = drop)]
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a reference is what is tested")]
    fn renewed(n: &u8) -> u8 {
        n + 1
    }
}

#[derive(PartialEq, Debug)]
struct Unread<'a>(&'a str);

#[test]
fn lifetimes_of_an_impl_may_have_any_names() {
    let lent = Lent("a", "b");
    assert_eq!(lent.within("c", Path::new("")), Err(vec!["b"]));
    assert_eq!(lent.within("c", Path::new("x")), Ok(1));
    assert_eq!(lent.parsed("x", Path::new("")), Err(Unread("a")));
    assert_eq!(lent.parsed("3", Path::new("")), Ok(3));
    assert_eq!(Lent::parsed_cache_invalidate_if(|name, path| name == "3" && path.is_relative()), 1);
    assert_eq!(Lent::renewed(&1), 2);
}
