//! Expansions written by hand: what `#[ttl_cache]` is to generate.

use std::future::Future;
use std::hash::{Hash, Hasher};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_lite::future::block_on;
use ttl_memo::generated::{self as rt, Begun, Fetching, Matches, OkOnly, Query, Whole};
use ttl_memo::{ManualClock, Source, TtlCache};

/// `&str` standing for a `String`.
struct Str<'q>(&'q str);

impl Matches for Str<'_> {
    type Key = String;
    const PLAIN: bool = true;

    fn matches(&self, key: &String) -> bool {
        self.0 == key
    }
}

impl Query for Str<'_> {
    fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }

    fn to_key(&self) -> String {
        self.0.to_owned()
    }

    fn same(one: &String, other: &String) -> bool {
        one == other
    }
}

static RUNS: AtomicUsize = AtomicUsize::new(0);

fn clock() -> &'static ManualClock {
    static CLOCK: LazyLock<ManualClock> = LazyLock::new(ManualClock::new);
    &CLOCK
}

fn cache() -> &'static TtlCache<String, usize> {
    static CACHE: LazyLock<TtlCache<String, usize>> =
        LazyLock::new(|| TtlCache::builder().clock(clock().clone()).build());
    &CACHE
}

fn len_uncached(s: &str) -> Result<usize, &str> {
    RUNS.fetch_add(1, Ordering::Relaxed);
    if s.is_empty() { Err(s) } else { Ok(s.len()) }
}

// #[ttl_cache(cache_if = |value| *value < 100, valid_if = |key, value| key.len() == *value)]
fn len(s: &str) -> Result<usize, &str> {
    let shape = OkOnly::new();
    let rules = rt::rules(cache(), shape)
        .cache_if(|value| *value < 100)
        .valid_if(|key, value| key.len() == *value);
    match rt::begin(cache(), &Str(s), shape, rules) {
        Begun::Answer(reply) => reply,
        Begun::Load(load) => load.run(|| len_uncached(s)),
    }
}

#[test]
fn a_function_in_its_pieces() {
    let runs = || RUNS.load(Ordering::Relaxed);
    assert_eq!((len("abc"), len("abc"), len("b")), (Ok(3), Ok(3), Ok(1)));
    assert_eq!(runs(), 2);
    assert_eq!((len(""), len("")), (Err(""), Err("")));
    assert_eq!(runs(), 4);
    assert_eq!(cache().info().to_string(), "CacheInfo(hits=1, misses=4, maxsize=128, currsize=2)");
    assert_eq!(cache().info().failures, 2);

    let shape: OkOnly<usize, &str> = OkOnly::new();
    assert_eq!(rt::peek(cache(), &Str("abc"), shape, ()), Some(Ok(3)));
    assert!(rt::invalidate(cache(), &Str("abc")));
    assert_eq!(rt::peek(cache(), &Str("abc"), shape, ()), None);
    rt::insert(cache(), &Str("abc"), shape, (), Ok(3));
    rt::insert(cache(), &Str("abc"), shape, (), Err("nothing changes"));
    assert_eq!(len("abc"), Ok(3));
    assert_eq!(rt::invalidate_if(cache(), |key| key == "b"), 1);
    // f_cache_refresh
    let refreshing = rt::rules(cache(), shape).refreshing();
    let refreshed = match rt::begin(cache(), &Str("abc"), shape, refreshing) {
        Begun::Answer(_) => panic!("a refresh runs the body"),
        Begun::Load(load) => load.run(|| Ok(30)),
    };
    assert_eq!(refreshed, Ok(30));
    assert_eq!(cache().info().refreshes, 1);
    // f_cache_fetch
    clock().advance(Duration::from_secs(100));
    let fetched = match rt::begin(cache(), &Str("abc"), Fetching(shape), ()) {
        Begun::Answer(fetched) => fetched,
        Begun::Load(_) => panic!("it is stored"),
    };
    assert_eq!((fetched.value, fetched.source), (Ok(30), Source::Hit));
    assert_eq!(fetched.age, Duration::from_secs(100));
    assert_eq!(fetched.expires_in, Some(Duration::from_secs(500)));
    // `valid_if` is false of it.
    assert_eq!(len("abc"), Ok(3));
}

#[test]
fn an_async_function_in_its_pieces() {
    static CACHE: LazyLock<TtlCache<String, String>> =
        LazyLock::new(|| TtlCache::builder().build());
    async fn twice_uncached(s: &str, times: Vec<u8>) -> String {
        std::future::ready(()).await;
        s.repeat(times.len())
    }
    fn twice<'a>(s: &'a str, times: Vec<u8>) -> impl Future<Output = String> + use<'a> {
        let shape = Whole::new();
        rt::memoize(
            &CACHE,
            shape,
            (),
            (s, times),
            |(s, _), asking| asking.by(&Str(s)),
            |(s, times)| twice_uncached(s, times),
        )
    }
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    drop(twice("never polled", vec![]));
    assert_eq!(block_on(is_send(twice("a", vec![1, 2]))), "aa");
    assert_eq!(block_on(is_send(twice("a", vec![]))), "aa");
    assert_eq!(CACHE.info().to_string(), "CacheInfo(hits=1, misses=1, maxsize=128, currsize=1)");
}
