//! `single_flight` with a duration, and without.

use std::thread;
use std::time::Duration;

use futures_lite::future;
use ttl_memo::{SingleFlight, TtlCache};

use super::hand::{Count, Gate, Task, counts, ends};

const AT_ONCE: Duration = Duration::from_nanos(1);

fn with(single_flight: impl Into<SingleFlight>) -> TtlCache<u64, u64> {
    TtlCache::builder().single_flight(single_flight).build()
}

#[test]
fn off_each_call_runs_its_own() {
    let (cache, gate) = (with(false), Gate::default());
    let load = async |value| {
        gate.passed().await;
        value
    };
    let mut one = Task::begun(cache.get_or_insert_async(1, || load(10)));
    let mut other = Task::begun(cache.get_or_insert_async(1, || load(11)));
    gate.open();
    assert_eq!((one.poll(), other.poll()), (Some(10), Some(11)));
    assert_eq!((counts(&cache), cache.get(&1)), ((0, 2, 0, 0), Some(11)));
}

#[test]
fn off_an_invalidation_still_wins() {
    let (cache, gate) = (with(false), Gate::default());
    let mut load = Task::begun(cache.get_or_insert_async(1, async || {
        gate.passed().await;
        10
    }));
    cache.clear();
    gate.open();
    assert_eq!((load.poll(), cache.get(&1)), (Some(10), None));
}

#[test]
fn a_thread_whose_patience_ends_runs_its_own() {
    ends(|| {
        let (cache, gate) = (with(AT_ONCE), Gate::default());
        let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
            gate.passed().await;
            10
        }));
        // The leader cannot end before this has.
        assert_eq!(cache.get_or_insert_with(1, || 11), 11);
        assert_eq!((counts(&cache), cache.peek(&1)), ((0, 2, 0, 0), Some(11)));
        gate.open();
        assert_eq!((leader.poll(), cache.peek(&1)), (Some(10), Some(11)));
    });
}

#[test]
fn a_task_whose_patience_ends_is_woken_and_runs_its_own() {
    ends(|| {
        let (cache, gate) = (with(Duration::from_millis(1)), Gate::default());
        let leader = Task::begun(cache.get_or_insert_async(1, async || {
            gate.passed().await;
            10
        }));
        // Nothing but the alarm wakes these.
        thread::scope(|scope| {
            let waiters: Vec<_> = (0..3)
                .map(|_| {
                    scope.spawn(|| future::block_on(cache.get_or_insert_async(1, async || 11)))
                })
                .collect();
            for waiter in waiters {
                assert_eq!(waiter.join().unwrap(), 11);
            }
        });
        drop(leader);
        assert_eq!(cache.peek(&1), Some(11));
    });
}

#[test]
fn a_task_that_is_answered_in_time_joins() {
    let (cache, gate) = (with(Duration::from_secs(3_600)), Gate::default());
    let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
        gate.passed().await;
        10
    }));
    let mut waiter = Task::begun(cache.get_or_insert_async(1, async || unreachable!()));
    gate.open();
    assert_eq!((leader.poll(), waiter.wakes(), waiter.poll()), (Some(10), 1, Some(10)));
    assert_eq!(counts(&cache), (1, 1, 1, 0));
}

#[test]
fn a_patience_without_end_is_one() {
    ends(|| {
        let (cache, gate, calls) = (with(Duration::MAX), Gate::default(), Count::new());
        let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
            gate.passed().await;
            10
        }));
        thread::scope(|scope| {
            let waiter = scope.spawn(|| {
                calls.up();
                cache.get_or_insert_with(1, || unreachable!())
            });
            calls.reaches(1);
            gate.open();
            assert_eq!(leader.poll(), Some(10));
            assert_eq!(waiter.join().unwrap(), 10);
        });
    });
}
