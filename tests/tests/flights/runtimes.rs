//! Any runtime will do, and a runtime may end.

use std::sync::Arc;

use futures_lite::future;
use ttl_memo::TtlCache;

use super::hand::{Gate, Task, cache, counts, ends};

fn is_send<T: Send>(future: T) -> T {
    future
}

#[test]
fn on_tokio() {
    ends(|| {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let cache = Arc::new(cache());
        let calls: Vec<_> = (0..100)
            .map(|n| {
                let cache = Arc::clone(&cache);
                runtime.spawn(is_send(async move {
                    let load = async || {
                        tokio::task::yield_now().await;
                        n % 10
                    };
                    assert_eq!(cache.get_or_insert_async(n % 10, load).await, n % 10);
                }))
            })
            .collect();
        runtime.block_on(async {
            for call in calls {
                call.await.unwrap();
            }
        });
        let (hits, misses, _, _) = counts(&cache);
        assert_eq!((hits, misses), (90, 10));
    });
}

#[test]
fn on_one_thread_of_tokio() {
    ends(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let cache = cache();
        let load = async || {
            tokio::task::yield_now().await;
            10
        };
        let answers = runtime.block_on(async {
            tokio::join!(cache.get_or_insert_async(1, load), cache.get_or_insert_async(1, load))
        });
        assert_eq!((answers, counts(&cache)), ((10, 10), (1, 1, 1, 0)));
    });
}

#[test]
fn on_smol() {
    ends(|| {
        let cache = cache();
        let executor = smol::Executor::new();
        let load = async || {
            future::yield_now().await;
            10
        };
        let calls: Vec<_> =
            (0..8).map(|_| executor.spawn(cache.get_or_insert_async(1, load))).collect();
        smol::block_on(executor.run(async {
            for call in calls {
                assert_eq!(call.await, 10);
            }
        }));
        assert_eq!(counts(&cache), (7, 1, 7, 0));
    });
}

#[test]
fn on_a_plain_block_on() {
    ends(|| {
        let cache = cache();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let load = async || {
                        future::yield_now().await;
                        10
                    };
                    assert_eq!(future::block_on(cache.get_or_insert_async(1, load)), 10);
                });
            }
        });
        let (hits, misses, _, _) = counts(&cache);
        assert_eq!((hits, misses), (3, 1));
    });
}

#[test]
fn a_runtime_that_is_shut_down_in_mid_flight_gives_way() {
    ends(|| {
        let cache = Arc::new(cache());
        let begun = Arc::new(Gate::default());
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.spawn({
            let (cache, begun) = (Arc::clone(&cache), Arc::clone(&begun));
            async move {
                let load = async || {
                    begun.open();
                    std::future::pending().await
                };
                cache.get_or_insert_async(1, load).await
            }
        });
        begun.pass();
        let mut waiter = Task::begun(cache.get_or_insert_async(1, async || 10));
        runtime.shutdown_background();
        while waiter.wakes() == 0 {
            std::thread::yield_now();
        }
        assert_eq!((waiter.poll(), cache.get(&1)), (Some(10), Some(10)));
    });
}

#[test]
fn a_task_that_moves_between_threads_stays_inside_its_load() {
    // Polled by turns on two threads: the second finds it inside the load of its key, too.
    ends(|| {
        let (cache, gate) = (Arc::new(cache()), Arc::new(Gate::default()));
        let (inner_cache, inner_gate) = (Arc::clone(&cache), Arc::clone(&gate));
        let mut call = Box::pin(is_send(async move {
            let load = async || {
                inner_gate.passed().await;
                inner_cache.get_or_insert_async(1, async || 11).await + 1
            };
            inner_cache.get_or_insert_async(1, load).await
        }));
        assert!(future::block_on(future::poll_once(&mut call)).is_none());
        gate.open();
        let answer = std::thread::spawn(move || future::block_on(call)).join().unwrap();
        assert_eq!((answer, cache.get(&1)), (12, Some(12)));
    });
}

#[test]
fn a_future_is_send_where_its_body_is() {
    let cache: TtlCache<String, Vec<u8>> = TtlCache::builder().build();
    let name = "a".to_owned();
    let call = is_send(cache.get_or_insert_async(name.clone(), async || {
        future::yield_now().await;
        name.clone().into_bytes()
    }));
    assert_eq!(future::block_on(call), b"a");
    // And may be not, where it is not.
    let not_send = std::rc::Rc::new(5);
    let call = cache.get_or_insert_async("b".to_owned(), async || vec![*not_send]);
    assert_eq!(future::block_on(call), [5]);
}

#[test]
fn a_future_is_little_larger_than_its_body() {
    fn size<T>(_: &T) -> usize {
        size_of::<T>()
    }
    let cache = cache();
    let body = async || {
        let array = [1_u8; 4_000];
        future::yield_now().await;
        u64::from(array[7])
    };
    let (own, all) = (size(&body()), size(&cache.get_or_insert_async(1, body)));
    assert!(all <= own + 512 + size_of::<u64>(), "{all} beside {own}");
}
