//! Async functions.

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
