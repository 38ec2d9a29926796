//! Loads that call their own cache.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ttl_memo::TtlCache;

use super::hand::{Gate, Task, cache, counts, ends};

fn fib(cache: &TtlCache<u64, u64>, n: u64) -> u64 {
    cache.get_or_insert_with(n, || if n < 2 { n } else { fib(cache, n - 1) + fib(cache, n - 2) })
}

#[test]
fn other_keys_are_loaded_from_within() {
    ends(|| {
        let cache = cache();
        assert_eq!(fib(&cache, 80), 23_416_728_348_467_685);
        assert_eq!(counts(&cache), (78, 81, 0, 0));
    });
}

#[test]
fn the_same_key_runs_its_own_body_and_stores_nothing() {
    ends(|| {
        let cache = cache();
        let outer = cache.get_or_insert_with(1, || {
            let inner = cache.get_or_insert_with(1, || {
                assert_eq!(cache.get_or_insert_with(1, || 12), 12, "deeper still");
                11
            });
            assert_eq!(inner, 11);
            assert_eq!((cache.get(&1), cache.len()), (None, 0));
            10
        });
        assert_eq!((outer, cache.get(&1)), (10, Some(10)));
        assert_eq!(cache.info().misses, 4);
    });
}

#[test]
fn a_task_may_await_its_own_key() {
    ends(|| {
        let (cache, gate) = (cache(), Gate::default());
        let mut outer = Task::begun(cache.get_or_insert_async(1, async || {
            let inner = cache.get_or_insert_async(1, async || {
                gate.passed().await;
                11
            });
            assert_eq!(inner.await, 11);
            assert_eq!(cache.peek(&1), None);
            10
        }));
        gate.open();
        assert_eq!((outer.poll(), cache.get(&1)), (Some(10), Some(10)));
    });
}

#[test]
fn a_thread_inside_a_task_may_load_its_key() {
    ends(|| {
        let cache = cache();
        let outer = cache.get_or_insert_async(1, async || cache.get_or_insert_with(1, || 11) + 1);
        assert_eq!((Task::new(outer).poll(), cache.get(&1)), (Some(12), Some(12)));
    });
}

#[test]
fn every_method_may_be_called_from_within() {
    ends(|| {
        let cache = cache();
        cache.insert(2, 20);
        let value = cache.get_or_insert_with(1, || {
            cache.insert(3, 30);
            cache.insert_with_ttl(4, 40, Duration::from_secs(1));
            assert_eq!((cache.get(&2), cache.peek(&3)), (Some(20), Some(30)));
            assert!(cache.contains_key(&4) && cache.invalidate(&4));
            assert_eq!(cache.retain(|key, _| *key != 3), 1);
            assert_eq!(cache.iter().collect::<Vec<_>>(), [(2, 20)]);
            assert_eq!((cache.len(), cache.expire()), (1, 0));
            cache.set_ttl(Duration::from_secs(5));
            cache.set_maxsize(10);
            assert_eq!(cache.info().maxsize, Some(10));
            assert_eq!(ttl_memo::invalidate_tag("any"), 0);
            cache.clear();
            10
        });
        // It was cleared, and `retain` came, after this began.
        assert_eq!((value, cache.len()), (10, 0));
        cache.get_or_insert_with(1, || {
            cache.set_enabled(false);
            cache.set_enabled(true);
            10
        });
        assert_eq!(cache.len(), 0);
    });
}

#[test]
fn a_listener_after_a_load_is_inside_of_no_other() {
    // The first load's flight is kept for use again as soon as its value is in; a listener runs
    // after that, on the same thread, while another thread's load uses it.
    ends(|| {
        let (evicted, begun) = (Gate::default(), Gate::default());
        let gates = Arc::new((evicted, begun));
        let slot: Arc<OnceLock<Arc<TtlCache<u64, u64>>>> = Arc::default();
        let (heard, cache_of) = (Arc::clone(&gates), Arc::clone(&slot));
        let cache = TtlCache::builder().maxsize(1).on_evict(move |key: &u64, _: &u64, _| {
            if *key == 1 {
                heard.0.open();
                heard.1.pass();
                let cache = cache_of.get().unwrap();
                assert_eq!(cache.get_or_insert_with(3, || unreachable!("joins")), 30);
            }
        });
        let cache = slot.get_or_init(|| Arc::new(cache.build()));
        cache.insert(1, 10);
        std::thread::scope(|scope| {
            let first = scope.spawn(|| cache.get_or_insert_with(2, || 20));
            gates.0.pass();
            let other = scope.spawn(|| {
                cache.get_or_insert_with(3, || {
                    gates.1.open();
                    (0..200).for_each(|_| std::thread::yield_now());
                    30
                })
            });
            assert_eq!((first.join().unwrap(), other.join().unwrap()), (20, 30));
        });
    });
}

#[test]
fn a_load_that_is_inserted_from_within_leaves_what_was_inserted() {
    let cache = cache();
    let value = cache.get_or_insert_with(1, || {
        cache.insert(1, 11);
        10
    });
    assert_eq!((value, cache.get(&1)), (10, Some(11)));
}

#[test]
fn a_destructor_in_the_body_of_a_dropped_task_may_load_its_key() {
    struct OnDrop<'c>(&'c TtlCache<u64, u64>);
    impl Drop for OnDrop<'_> {
        fn drop(&mut self) {
            assert_eq!(self.0.get_or_insert_with(1, || 11), 11);
        }
    }
    ends(|| {
        let (cache, gate) = (cache(), Gate::default());
        let outer = Task::begun(cache.get_or_insert_async(1, async || {
            let _guard = OnDrop(&cache);
            gate.passed().await;
            10
        }));
        drop(outer);
        assert_eq!(counts(&cache).1, 2);
    });
}
