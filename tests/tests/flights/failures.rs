//! Loads that panic, and loads that fail: who runs next, and that nobody waits in a line.

use std::sync::Barrier;
use std::thread;

use super::hand::{Count, Gate, Task, cache, counts, ends, panics};

#[test]
fn a_panic_stores_nothing_and_the_cache_goes_on() {
    let cache = cache();
    assert!(panics(|| cache.get_or_insert_with(1, || panic!("in the body"))));
    assert_eq!((counts(&cache), cache.len()), ((0, 1, 0, 1), 0));
    assert_eq!(cache.get_or_insert_with(1, || 10), 10);
    assert_eq!(counts(&cache), (0, 2, 0, 1));
}

#[test]
fn after_a_panic_one_of_those_who_wait_takes_over() {
    let (cache, first, second) = (cache(), Gate::default(), Gate::default());
    let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
        first.passed().await;
        panic!("in the body")
    }));
    let runs = Count::new();
    let load = async || {
        runs.up();
        second.passed().await;
        10
    };
    let mut waiters: Vec<_> =
        (0..5).map(|_| Task::begun(cache.get_or_insert_async(1, load))).collect();
    first.open();
    assert!(leader.poll_panics());
    assert!(waiters.iter().all(|waiter| waiter.wakes() == 1));
    assert!(waiters.iter_mut().all(|waiter| waiter.poll().is_none()));
    assert_eq!(runs.get(), 1, "the others wait for that one");
    second.open();
    assert!(waiters.iter_mut().all(|waiter| waiter.poll() == Some(10)));
    assert_eq!((runs.get(), counts(&cache)), (1, (4, 2, 4, 1)));
}

#[test]
fn after_two_panics_each_runs_for_itself() {
    let (cache, first, second, third) =
        (cache(), Gate::default(), Gate::default(), Gate::default());
    let runs = Count::new();
    let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
        first.passed().await;
        panic!("in the body")
    }));
    let load = async || {
        if runs.up() == 0 {
            second.passed().await;
            panic!("in the second body")
        }
        third.passed().await;
        10
    };
    let mut waiters: Vec<_> =
        (0..4).map(|_| Task::begun(cache.get_or_insert_async(1, load))).collect();
    first.open();
    assert!(leader.poll_panics());
    assert!(waiters.iter_mut().all(|waiter| waiter.poll().is_none()));
    second.open();
    assert!(waiters.remove(0).poll_panics(), "it took over");
    assert!(waiters.iter_mut().all(|waiter| waiter.poll().is_none()));
    assert_eq!(runs.get(), 4, "the three that are left run side by side");
    third.open();
    assert!(waiters.iter_mut().all(|waiter| waiter.poll() == Some(10)));
    assert_eq!((counts(&cache), cache.get(&1)), ((0, 5, 0, 2), Some(10)));
}

#[test]
fn after_an_error_all_run_side_by_side() {
    let (cache, first, second, runs) = (cache(), Gate::default(), Gate::default(), Count::new());
    let mut leader = Task::begun(cache.try_get_or_insert_async(1, async || {
        first.passed().await;
        Err("first")
    }));
    let load = async || {
        let run = runs.up();
        second.passed().await;
        if run == 0 { Err("second") } else { Ok(10) }
    };
    let mut waiters: Vec<_> =
        (0..5).map(|_| Task::begun(cache.try_get_or_insert_async(1, load))).collect();
    first.open();
    assert_eq!(leader.poll(), Some(Err("first")));
    assert_eq!(cache.len(), 0);
    assert!(waiters.iter_mut().all(|waiter| waiter.poll().is_none()));
    assert_eq!(runs.get(), 5);
    second.open();
    assert_eq!(waiters.remove(0).poll(), Some(Err("second")));
    assert!(waiters.iter_mut().all(|waiter| waiter.poll() == Some(Ok(10))));
    assert_eq!((counts(&cache), cache.get(&1)), ((0, 6, 0, 2), Some(10)));
}

#[test]
fn a_call_that_comes_while_others_retry_waits_for_none_of_them() {
    let (cache, first, second) = (cache(), Gate::default(), Gate::default());
    let mut leader = Task::begun(cache.try_get_or_insert_async(1, async || {
        first.passed().await;
        Err(())
    }));
    let load = async || {
        second.passed().await;
        Ok::<_, ()>(10)
    };
    let mut waiter = Task::begun(cache.try_get_or_insert_async(1, load));
    first.open();
    assert_eq!(leader.poll(), Some(Err(())));
    assert!(waiter.poll().is_none(), "runs, and is not joined");
    assert_eq!(cache.try_get_or_insert_with(1, || Ok::<_, ()>(11)), Ok(11));
    second.open();
    // It began before the one that is stored: its own caller's alone.
    assert_eq!((waiter.poll(), cache.get(&1)), (Some(Ok(10)), Some(11)));
}

#[test]
fn threads_behind_a_body_that_fails_each_run_their_own() {
    for _ in 0..50 {
        ends(|| {
            let (cache, start) = (cache(), Barrier::new(6));
            thread::scope(|scope| {
                for _ in 0..6 {
                    scope.spawn(|| {
                        start.wait();
                        let answer = cache.try_get_or_insert_with(1, || {
                            thread::yield_now();
                            Err(())
                        });
                        assert_eq!(answer, Err(()));
                    });
                }
            });
            assert_eq!(counts(&cache), (0, 6, 0, 6));
        });
    }
}

#[test]
fn threads_behind_a_panic_are_all_answered() {
    for _ in 0..50 {
        ends(|| {
            let (cache, runs, start) = (cache(), Count::new(), Barrier::new(6));
            let answered = Count::new();
            thread::scope(|scope| {
                for _ in 0..6 {
                    scope.spawn(|| {
                        start.wait();
                        let answer = panics(|| {
                            cache.get_or_insert_with(1, || {
                                thread::yield_now();
                                assert!(runs.up() >= 3, "the first three panic");
                                10
                            })
                        });
                        if !answer {
                            answered.up();
                        }
                    });
                }
            });
            assert_eq!((answered.get(), cache.get(&1)), (3, Some(10)));
            let info = cache.info();
            assert_eq!(info.failures, 3);
            assert_eq!(info.hits + info.misses, 7);
        });
    }
}
