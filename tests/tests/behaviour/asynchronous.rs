//! Async functions.

#![expect(
    clippy::unused_async,
    clippy::large_types_passed_by_value,
    reason = "the form is what is tested"
)]

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use futures_lite::future::{block_on, yield_now};
use ttl_memo::{Source, ttl_cache};

#[test]
fn a_second_call_runs_no_body() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);

    #[ttl_cache]
    async fn page(user: &str, number: u32) -> String {
        RUNS.fetch_add(1, Relaxed);
        yield_now().await;
        format!("{user}/{number}")
    }

    block_on(async {
        assert_eq!(page("ada", 1).await, "ada/1");
        assert_eq!(page("ada", 1).await, "ada/1");
        assert_eq!(page("ada", 2).await, "ada/2");
        assert_eq!(RUNS.load(Relaxed), 2);
        assert_eq!(page_cache_fetch("ada", 1).await.source, Source::Hit);
        assert_eq!(page_cache_refresh("ada", 1).await, "ada/1");
        assert_eq!(page_uncached("ada", 1).await, "ada/1");
        assert_eq!(RUNS.load(Relaxed), 4);
        page_cache_insert("bob", 1, "given".into());
        assert_eq!(page_cache_peek("bob", 1).as_deref(), Some("given"));
        assert!(page_cache_invalidate("bob", 1));
    });
    let info = page_cache_info();
    assert_eq!((info.hits, info.misses, info.refreshes), (2, 2, 1));
}

#[test]
fn a_function_that_boxes_its_future_is_one() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);

    #[ttl_cache]
    fn fib(n: u64) -> Pin<Box<dyn Future<Output = u64> + Send>> {
        Box::pin(async move {
            RUNS.fetch_add(1, Relaxed);
            if n < 2 { n } else { fib(n - 1).await + fib(n - 2).await }
        })
    }

    assert_eq!(block_on(fib(80)), 23_416_728_348_467_685);
    assert_eq!(RUNS.load(Relaxed), 81);
}

/// Compiles if the future is `Send` whatever the lifetimes are.
fn sent<F: Future + Send>(future: F) -> F {
    future
}

fn spawned<'a, 'b: 'a>(a: &'a str, b: &'b [&'b str], c: Option<&'a u8>) {
    drop(sent(with_lifetimes(a, b, c, std::cell::Cell::new(1))));
    drop(sent(with_lifetimes_cache_fetch(a, b, c, std::cell::Cell::new(1))));
    let boxed: Pin<Box<dyn Future<Output = usize> + Send + 'a>> =
        Box::pin(
            async move { with_lifetimes(a, b, c, std::cell::Cell::new(1)).await.unwrap_or(1) },
        );
    drop(boxed);
}

#[derive(Debug)]
struct Borrowing<'e>(#[expect(dead_code, reason = "to be borrowed")] &'e str);

#[ttl_cache(skip(_quiet))]
async fn with_lifetimes<'a>(
    a: &'a str,
    b: &[&str],
    c: Option<&u8>,
    _quiet: std::cell::Cell<u8>,
) -> Result<usize, Borrowing<'a>> {
    yield_now().await;
    if b.is_empty() { Err(Borrowing(a)) } else { Ok(a.len() + b.len() + usize::from(c.is_some())) }
}

#[test]
fn a_future_is_send_for_every_lifetime() {
    spawned("a", &["b"], None);
    let call = |b: &[&str]| block_on(with_lifetimes("a", b, None, std::cell::Cell::new(0))).ok();
    assert_eq!((call(&["x"]), call(&[])), (Some(2), None));
    assert_eq!(with_lifetimes_cache_info().failures, 1);
    assert!(with_lifetimes_cache_peek("a", &["x"], None).is_some());
}

#[test]
fn a_future_is_little_larger_than_its_bodys() {
    #[ttl_cache(skip(_db))]
    async fn sized(key: [u8; 1024], _db: &str) -> usize {
        yield_now().await;
        key.len()
    }

    let body = size_of_val(&sized_uncached([0; 1024], ""));
    let whole = size_of_val(&sized([0; 1024], ""));
    assert!(whole <= body + 1024 + 512, "{whole} for {body}");
    let (body, whole) = (size_of_val(&plain_uncached("")), size_of_val(&plain("")));
    assert!(whole <= body + 24 + 512, "{whole} for {body}");
}

#[ttl_cache]
async fn plain(a: &str) -> usize {
    a.len()
}

#[test]
fn recursion_is_boxed_by_hand_or_by_attribute() {
    #[ttl_cache(maxsize = None)]
    async fn fib(n: u64) -> u64 {
        if n < 2 { n } else { Box::pin(fib(n - 1)).await + Box::pin(fib(n - 2)).await }
    }

    #[ttl_cache(maxsize = None)]
    #[async_recursion::async_recursion]
    async fn tri(n: u64) -> u64 {
        if n == 0 { 0 } else { n + tri(n - 1).await }
    }

    #[async_recursion::async_recursion]
    #[ttl_cache(maxsize = None)]
    async fn fac(n: u64) -> u64 {
        if n == 0 { 1 } else { n * fac(n - 1).await }
    }

    assert_eq!(block_on(sent(fib(50))), 12_586_269_025);
    assert_eq!(block_on(sent(tri(100))), 5050);
    assert_eq!(block_on(sent(fac(10))), 3_628_800);
    assert_eq!((tri_cache_info().misses, fac_cache_info().misses), (101, 11));
}

#[test]
fn what_is_not_polled_does_nothing() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);

    #[ttl_cache]
    async fn lazy(n: u8) -> u8 {
        RUNS.fetch_add(1, Relaxed);
        n
    }

    drop(lazy(1));
    assert_eq!(RUNS.load(Relaxed), 0);
    assert_eq!(block_on(lazy(1)), 1);
}

#[test]
fn tasks_share_one_flight() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);

    #[ttl_cache]
    async fn slow(n: u8) -> u8 {
        RUNS.fetch_add(1, Relaxed);
        yield_now().await;
        n
    }

    let both = block_on(futures_lite::future::zip(slow(1), slow(1)));
    assert_eq!((both, RUNS.load(Relaxed)), ((1, 1), 1));
    assert_eq!(slow_cache_info().coalesced, 1);
}

#[test]
fn a_future_holds_what_is_skipped_but_once() {
    #[ttl_cache(skip(buffer))]
    async fn filled(id: u32, buffer: [u8; 4096], name: &str) -> usize {
        yield_now().await;
        buffer.len() + id as usize + name.len()
    }

    let body = size_of_val(&filled_uncached(1, [0; 4096], ""));
    let whole = size_of_val(&filled(1, [0; 4096], ""));
    assert!(whole <= body + 4 + 512, "{whole} for {body}");
    let local = String::from("ab");
    assert_eq!(block_on(sent(filled(1, [0; 4096], &local))), 4099);
    assert_eq!(block_on(filled(1, [0; 4096], "cd")), 4099);
    assert_eq!(filled_cache_info().misses, 2);
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

#[test]
fn what_the_futures_crate_calls_a_boxed_future_is_one() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);

    #[ttl_cache]
    fn length(text: &str) -> BoxFuture<'_, Result<usize, ()>> {
        Box::pin(async move {
            RUNS.fetch_add(1, Relaxed);
            yield_now().await;
            if text.is_empty() { Err(()) } else { Ok(text.len()) }
        })
    }

    #[ttl_cache(scope = thread)]
    fn first(text: &str) -> LocalBoxFuture<'_, Option<char>> {
        Box::pin(async move { text.chars().next() })
    }

    block_on(async {
        assert_eq!((length("abc").await, length("abc").await), (Ok(3), Ok(3)));
        assert_eq!(RUNS.load(Relaxed), 1);
        assert_eq!((length("").await, length("").await), (Err(()), Err(())));
        assert_eq!(RUNS.load(Relaxed), 3);
        assert_eq!(length_cache_fetch("abc").await.source, Source::Hit);
        assert_eq!((first("x").await, first("x").await), (Some('x'), Some('x')));
    });
    assert_eq!(length_cache_peek("abc"), Some(Ok(3)));
    assert_eq!(first_cache_info().hits, 1);
}
