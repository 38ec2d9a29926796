//! Concurrent loads of one key are one.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use ttl_memo::TtlCache;

use super::hand::{Count, Gate, Task, cache, counts, ends};

#[test]
fn tasks_share_one_load() {
    let (cache, gate, runs) = (cache(), Gate::default(), Count::new());
    let load = async || {
        runs.up();
        gate.passed().await;
        10
    };
    let mut leader = Task::begun(cache.get_or_insert_async(1, load));
    let mut waiters: Vec<_> =
        (0..7).map(|_| Task::begun(cache.get_or_insert_async(1, load))).collect();
    assert_eq!(counts(&cache), (0, 1, 0, 0), "who waits has not been answered");
    gate.open();
    assert!(waiters.iter_mut().all(|waiter| waiter.poll().is_none() && waiter.wakes() == 0));
    assert_eq!(leader.poll(), Some(10));
    for waiter in &mut waiters {
        assert_eq!((waiter.wakes(), waiter.poll()), (1, Some(10)));
    }
    assert_eq!((runs.get(), counts(&cache)), (1, (7, 1, 7, 0)));
}

#[test]
fn threads_share_one_load() {
    // Who comes while it runs joins, who comes later hits: two runs there never are.
    for _ in 0..200 {
        ends(|| {
            let (cache, runs, start) = (cache(), Count::new(), Barrier::new(8));
            thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        start.wait();
                        let value = cache.get_or_insert_with(1, || {
                            runs.up();
                            thread::yield_now();
                            10
                        });
                        assert_eq!(value, 10);
                    });
                }
            });
            let (hits, misses, coalesced, failures) = counts(&cache);
            assert_eq!((runs.get(), hits, misses, failures), (1, 7, 1, 0));
            assert!(coalesced <= 7);
        });
    }
}

#[test]
fn a_thread_that_waits_is_woken() {
    // Values that are not stored: whoever hits has joined.
    let joined = ends(|| {
        let cache = TtlCache::builder().expire_after(|_, _| Some(Duration::ZERO)).build();
        let runs = Count::new();
        loop {
            let calls = Count::new();
            thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| {
                        calls.up();
                        cache.get_or_insert_with(1, || {
                            calls.reaches(2);
                            (0..50).for_each(|_| thread::yield_now());
                            runs.up()
                        })
                    });
                }
            });
            let (hits, misses, coalesced, failures) = counts(&cache);
            assert_eq!(hits, coalesced);
            assert_eq!((misses, failures), (runs.get() as u64, runs.get() as u64));
            if hits > 0 {
                return hits;
            }
        }
    });
    assert_eq!(joined, 1);
}

#[test]
fn tasks_join_a_threads_load() {
    let (cache, gate, begun) = (cache(), Gate::default(), Gate::default());
    thread::scope(|scope| {
        let leader = scope.spawn(|| {
            cache.get_or_insert_with(1, || {
                begun.open();
                gate.pass();
                10
            })
        });
        begun.pass();
        let mut waiter = Task::begun(cache.get_or_insert_async(1, async || unreachable!()));
        gate.open();
        assert_eq!(leader.join().unwrap(), 10);
        assert_eq!((waiter.wakes(), waiter.poll()), (1, Some(10)));
    });
    assert_eq!(counts(&cache), (1, 1, 1, 0));
}

#[test]
fn threads_join_a_tasks_load() {
    ends(|| {
        let (cache, gate) = (cache(), Gate::default());
        let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
            gate.passed().await;
            10
        }));
        thread::scope(|scope| {
            let waiter = scope.spawn(|| cache.get_or_insert_with(1, || unreachable!()));
            gate.open();
            assert_eq!(leader.poll(), Some(10));
            assert_eq!(waiter.join().unwrap(), 10);
        });
        assert_eq!(cache.info().misses, 1);
    });
}

#[test]
fn loads_of_different_keys_run_in_parallel() {
    ends(|| {
        let (cache, all) = (cache(), Barrier::new(4));
        thread::scope(|scope| {
            for key in 0..4 {
                let (cache, all) = (&cache, &all);
                // Each waits until all are in their loads.
                scope.spawn(move || {
                    cache.get_or_insert_with(key, || u64::from(all.wait().is_leader()))
                });
            }
        });
        assert_eq!(counts(&cache), (0, 4, 0, 0));
    });
}

#[test]
fn a_value_that_is_not_stored_goes_to_those_who_joined() {
    let heavy = TtlCache::builder().maxsize(5).weigher(|_, _| 6).build();
    let none = TtlCache::builder().maxsize(0).build();
    let brief = TtlCache::builder().ttl(Duration::ZERO).build();
    for (cache, failures) in [(heavy, 1), (none, 0), (brief, 0)] {
        let gate = Gate::default();
        let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
            gate.passed().await;
            10
        }));
        let mut waiter = Task::begun(cache.get_or_insert_async(1, async || unreachable!()));
        gate.open();
        assert_eq!((leader.poll(), waiter.poll()), (Some(10), Some(10)));
        assert_eq!(counts(&cache), (1, 1, 1, failures));
        assert!(cache.is_empty());
        assert_eq!(Task::new(cache.get_or_insert_async(1, async || 11)).poll(), Some(11));
    }
}

#[test]
fn one_that_is_switched_off_runs_each_body() {
    let (cache, gate) = (cache(), Gate::default());
    cache.insert(1, 0);
    cache.set_enabled(false);
    assert!(cache.is_empty());
    let load = async |value| {
        gate.passed().await;
        value
    };
    let mut one = Task::begun(cache.get_or_insert_async(1, || load(10)));
    let mut other = Task::begun(cache.get_or_insert_async(1, || load(11)));
    gate.open();
    assert_eq!((one.poll(), other.poll()), (Some(10), Some(11)));
    assert_eq!((counts(&cache), cache.len()), ((0, 2, 0, 0), 0));
    cache.set_enabled(true);
    cache.insert(1, 12);
    assert_eq!(cache.get(&1), Some(12));
}
