//! Generic functions: a cache an instantiation.

#![expect(
    clippy::unused_async,
    clippy::multiple_bound_locations,
    reason = "the form is what is tested"
)]

use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::str::FromStr;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use futures_lite::future::block_on;
use ttl_memo::ttl_cache;

#[test]
fn an_instantiation_has_a_cache_of_its_own() {
    #[ttl_cache]
    fn parse<T: FromStr + Clone + Send + Sync + 'static>(text: &str) -> Option<T> {
        text.parse().ok()
    }

    assert_eq!((parse::<u8>("300"), parse::<u32>("300")), (None, Some(300)));
    assert_eq!((parse::<u8>("300"), parse::<u32>("300")), (None, Some(300)));
    parse_cache_clear::<u32>();
    assert_eq!((parse_cache_info::<u8>().len, parse_cache_info::<u32>().len), (1, 0));
    assert_eq!(parse_cache_peek::<u8>("300"), Some(None));
    let name = parse_cache_parameters::<u8>().name;
    assert!(name.ends_with("::parse<u8>"), "{name}");
}

#[test]
fn consts_split_as_types_do() {
    #[ttl_cache]
    fn times<const N: u32>(n: u32) -> u32 {
        N * n
    }

    assert_eq!((times::<2>(5), times::<3>(5), times::<2>(5)), (10, 15, 10));
    assert_eq!(times_cache_info::<2>().hits, 1);
}

#[test]
fn impl_trait_is_a_parameter() {
    #[ttl_cache]
    fn shown(
        value: impl Display + Hash + Eq + Clone + Send + Sync + 'static,
        width: usize,
    ) -> String {
        format!("{value:>width$}")
    }

    assert_eq!(
        (shown(1_u8, 3), shown("a", 3), shown(1_u8, 3)),
        ("  1".into(), "  a".into(), "  1".into())
    );
    assert_eq!((shown_cache_info::<u8>().hits, shown_cache_info::<&str>().misses), (1, 1));
    assert_eq!(shown_uncached(1_u8, 2), " 1");
    assert!(shown_cache_invalidate(1_u8, 3));
}

trait Executor {
    fn get(&self, id: u32) -> u32;
}

struct One;
struct Other;

impl Executor for One {
    fn get(&self, id: u32) -> u32 {
        id + 1
    }
}

impl Executor for Other {
    fn get(&self, id: u32) -> u32 {
        id + 1
    }
}

#[test]
fn a_skipped_handle_does_not_split() {
    #[ttl_cache(skip(db))]
    fn row(db: impl Executor, id: u32) -> u32 {
        db.get(id)
    }

    #[ttl_cache(skip(db))]
    fn row_of<E: Executor>(db: &E, id: u32) -> u32
    where
        E: Executor,
    {
        db.get(id)
    }

    assert_eq!((row(One, 1), row(Other, 1)), (2, 2));
    assert_eq!(row_cache_info().hits, 1);
    assert_eq!((row_of(&One, 1), row_of(&Other, 1)), (2, 2));
    assert_eq!(row_of_cache_info().hits, 1);
    assert!(row_of_cache_invalidate(1));
    assert_eq!(row_of_cache_refresh(&One, 1), 2);
}

trait Exec<D> {
    fn run(self) -> u32;
}

struct Sql;
struct Memory;

impl Exec<Sql> for u32 {
    fn run(self) -> u32 {
        self
    }
}

impl Exec<Memory> for u64 {
    fn run(self) -> u32 {
        u32::try_from(self).unwrap_or(0)
    }
}

impl Sql {
    #[ttl_cache(skip(self, with))]
    fn row<E: Exec<D>, D>(&self, id: u32, with: E) -> u32 {
        id + with.run()
    }
}

#[test]
fn what_the_bounds_of_a_skipped_one_mention_does_not_split() {
    #[ttl_cache(skip(load))]
    async fn page<F: FnOnce() -> Fut, Fut: Future<Output = String>>(id: &str, load: F) -> String {
        format!("{id}{}", load().await)
    }

    #[ttl_cache(key = *id)]
    fn count<I, T>(id: u32, all: I) -> usize
    where
        I: IntoIterator<Item = T>,
        T: AsRef<str>,
    {
        id as usize + all.into_iter().map(|one| one.as_ref().len()).sum::<usize>()
    }

    block_on(async {
        assert_eq!(page("a", async || "1".to_owned()).await, "a1");
        assert_eq!(page("a", || std::future::ready("2".to_owned())).await, "a1");
    });
    assert_eq!(page_cache_peek("a").as_deref(), Some("a1"));
    assert_eq!((count(1, ["a"]), count(1, vec![String::new()])), (2, 2));
    assert!(count_cache_invalidate(1));
    assert_eq!((Sql.row(1, 2_u32), Sql.row(1, 3_u64)), (3, 3));
    assert_eq!(Sql::row_cache_info().hits, 1);
}

#[test]
fn what_bounds_of_a_keyed_one_mention_splits_all_the_same() {
    trait Of<D> {
        fn of() -> u32;
    }

    impl Of<Sql> for u8 {
        fn of() -> u32 {
            1
        }
    }

    impl Of<Memory> for u8 {
        fn of() -> u32 {
            2
        }
    }

    #[ttl_cache(skip(with))]
    fn kind<K: Of<D> + Hash + Eq + Clone + Send + Sync + 'static, D, E: Exec<D>>(
        key: K,
        with: E,
    ) -> u32 {
        let _ = (key, with);
        K::of()
    }

    assert_eq!((kind(1_u8, 1_u32), kind(1_u8, 1_u64)), (1, 2));
    assert_eq!(kind_cache_info::<u8, Sql>().misses, 1);
}

#[test]
fn where_clauses_and_lifetimes_are_kept() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);

    #[ttl_cache]
    fn longest<'a, 'b: 'a, T>(a: &'a [T], b: &'b [T], names: &[&'a str]) -> Vec<T>
    where
        T: Hash + Eq + Clone + Debug + Send + Sync + 'static,
        [T]: Debug,
    {
        RUNS.fetch_add(1, Relaxed);
        assert!(!names.is_empty());
        if a.len() > b.len() { a.to_vec() } else { b.to_vec() }
    }

    let call = || longest(&[1_u8, 2], &[3], &["x"]);
    assert_eq!((call(), call()), (vec![1, 2], vec![1, 2]));
    assert_eq!(RUNS.load(Relaxed), 1);
    assert_eq!(longest_cache_invalidate_if::<u8>(|a, _, names| a.len() == 2 && names[0] == "x"), 1);
}

#[test]
fn a_type_need_not_be_static() {
    trait Kind {
        fn kind() -> &'static str;
    }

    impl Kind for &str {
        fn kind() -> &'static str {
            "text"
        }
    }

    impl Kind for &u8 {
        fn kind() -> &'static str {
            "number"
        }
    }

    #[ttl_cache]
    fn kind<T: Kind>(n: u8) -> String {
        format!("{}{n}", T::kind())
    }

    fn borrowed<'a>(_: &'a str) -> (String, String) {
        (kind::<&'a str>(1), kind::<&'a u8>(1))
    }

    let local = String::from("x");
    assert_eq!(borrowed(&local), ("text1".into(), "number1".into()));
    assert_eq!(borrowed("static"), ("text1".into(), "number1".into()));
    assert_eq!(kind_cache_info::<&str>().hits, 1);
}

#[test]
fn generic_async_functions_are_the_same() {
    #[ttl_cache(skip(db))]
    async fn row<T: Hash + Eq + Clone + Send + Sync + 'static>(
        db: impl Executor,
        key: T,
        id: u32,
    ) -> (T, u32) {
        (key, db.get(id))
    }

    block_on(async {
        assert_eq!(row(One, "a", 1).await, ("a", 2));
        assert_eq!(row(Other, "a", 1).await, ("a", 2));
        assert_eq!(row(Other, 'a', 1).await, ('a', 2));
        assert_eq!(row_cache_fetch(Other, 'a', 1).await.value, ('a', 2));
    });
    assert_eq!((row_cache_info::<&str>().hits, row_cache_info::<char>().hits), (1, 1));
}

trait Told<D> {
    fn told() -> u32;
}

impl Told<Sql> for Sql {
    fn told() -> u32 {
        1
    }
}

impl Told<Memory> for Sql {
    fn told() -> u32 {
        2
    }
}

impl Sql {
    #[ttl_cache(skip(self, with))]
    fn told_of<E: Exec<D>, D>(&self, id: u32, with: E) -> u32
    where
        Self: Told<D>,
    {
        let _ = with.run();
        id + Self::told()
    }
}

#[test]
fn what_bounds_of_the_own_type_mention_splits_all_the_same() {
    assert_eq!((Sql.told_of(0, 1_u32), Sql.told_of(0, 1_u64)), (1, 2));
    assert_eq!((Sql.told_of(0, 2_u32), Sql::told_of_cache_info::<Sql>().hits), (1, 1));
}
