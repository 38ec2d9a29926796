//! Calls from many threads.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use ttl_memo::TtlCache;

#[test]
fn a_second_call_is_a_hit() {
    static CACHE: LazyLock<TtlCache<String, usize>> = LazyLock::new(|| TtlCache::builder().build());
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let len = |s: &str| {
        CACHE.get_or_insert_with(s.to_owned(), || {
            RUNS.fetch_add(1, Ordering::Relaxed);
            s.len()
        })
    };
    assert_eq!((len("abc"), len("abc"), len("b")), (3, 3, 1));
    assert_eq!(RUNS.load(Ordering::Relaxed), 2);
    assert_eq!(CACHE.info().to_string(), "CacheInfo(hits=1, misses=2, maxsize=128, currsize=2)");
}

#[test]
fn threads_share_one_flight() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let cache: TtlCache<u64, u64> = TtlCache::builder().build();
    let start = std::sync::Barrier::new(8);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                start.wait();
                assert_eq!(
                    cache.get_or_insert_with(1, || {
                        RUNS.fetch_add(1, Ordering::Relaxed);
                        std::thread::yield_now();
                        10
                    }),
                    10
                );
            });
        }
    });
    assert_eq!(RUNS.load(Ordering::Relaxed), 1);
    let info = cache.info();
    assert_eq!((info.hits, info.misses), (7, 1));
}
