//! Futures that are dropped, forgotten, or never polled.

use std::sync::Arc;

use super::hand::{Count, Gate, Task, cache, counts, ends};

#[test]
fn a_dropped_leader_gives_way_to_one_that_waits() {
    let (cache, gate, runs) = (cache(), Gate::default(), Count::new());
    let load = async || {
        runs.up();
        gate.passed().await;
        10
    };
    let leader = Task::begun(cache.get_or_insert_async(1, load));
    let mut waiters: Vec<_> =
        (0..3).map(|_| Task::begun(cache.get_or_insert_async(1, load))).collect();
    drop(leader);
    assert!(waiters.iter().all(|waiter| waiter.wakes() == 1));
    assert!(waiters.iter_mut().all(|waiter| waiter.poll().is_none()));
    assert_eq!(runs.get(), 2, "exactly one takes over");
    gate.open();
    assert!(waiters.iter_mut().all(|waiter| waiter.poll() == Some(10)));
    // The dropped one had begun its body: it is a miss, and no failure.
    assert_eq!(counts(&cache), (2, 2, 2, 0));
}

#[test]
fn ten_dropped_in_a_row_leave_the_last_its_answer() {
    let (cache, gate, runs) = (cache(), Gate::default(), Count::new());
    let load = async || {
        runs.up();
        gate.passed().await;
        10
    };
    let mut tasks: Vec<_> =
        (0..11).map(|_| Task::new(cache.get_or_insert_async(1, load))).collect();
    for _ in 0..10 {
        assert!(tasks.iter_mut().all(|task| task.poll().is_none()));
        drop(tasks.remove(0));
    }
    assert!(tasks[0].poll().is_none());
    gate.open();
    assert_eq!((tasks[0].poll(), tasks.len(), cache.get(&1)), (Some(10), 1, Some(10)));
    let (hits, misses, coalesced, failures) = counts(&cache);
    assert_eq!((hits, misses, coalesced, failures), (1, runs.get() as u64, 0, 0));
}

#[test]
fn ten_dropped_in_a_row_before_one_that_joins_each() {
    let (cache, gate) = (cache(), Gate::default());
    // Each waiter waits for two at most, then runs its own, whatever the others do.
    let load = async || {
        gate.passed().await;
        10
    };
    let mut last = Task::new(cache.get_or_insert_async(1, load));
    for round in 0..10 {
        let leader = Task::begun(cache.get_or_insert_async(1, load));
        assert!(last.poll().is_none(), "{round}");
        drop(leader);
    }
    gate.open();
    assert_eq!((last.poll(), cache.get(&1)), (Some(10), Some(10)));
}

#[test]
fn a_dropped_waiter_leaves_no_trace() {
    let (cache, gate, witness) = (cache(), Gate::default(), Arc::new(()));
    let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
        gate.passed().await;
        10
    }));
    let held = Arc::clone(&witness);
    let mut waiter = Task::begun(cache.get_or_insert_async(1, async move || {
        drop(held);
        unreachable!()
    }));
    let waker = waiter.change_waker();
    assert_eq!(Arc::strong_count(&waker), 2, "the seat has it");
    drop(waiter);
    assert_eq!((Arc::strong_count(&waker), Arc::strong_count(&witness)), (1, 1));
    gate.open();
    assert_eq!((leader.poll(), waker.times()), (Some(10), 0));
    assert_eq!(counts(&cache), (0, 1, 0, 0));
}

#[test]
fn a_waiter_that_is_polled_no_more_holds_nobody_up() {
    let (cache, gate) = (cache(), Gate::default());
    let load = async || {
        gate.passed().await;
        10
    };
    let leader = Task::begun(cache.get_or_insert_async(1, load));
    let forgotten = Task::begun(cache.get_or_insert_async(1, load));
    let mut waiter = Task::begun(cache.get_or_insert_async(1, load));
    drop(leader);
    // Both were woken; whichever comes first takes over.
    assert_eq!((forgotten.wakes(), waiter.wakes()), (1, 1));
    gate.open();
    assert_eq!(waiter.poll(), Some(10));
    drop(forgotten);
    assert_eq!((counts(&cache), cache.get(&1)), ((0, 2, 0, 0), Some(10)));
}

#[test]
fn the_latest_waker_is_woken() {
    let (cache, gate) = (cache(), Gate::default());
    let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
        gate.passed().await;
        10
    }));
    let mut waiter = Task::begun(cache.get_or_insert_async(1, async || unreachable!()));
    let first = waiter.change_waker();
    assert!(waiter.poll().is_none());
    assert_eq!(Arc::strong_count(&first), 1, "given back");
    gate.open();
    assert_eq!(leader.poll(), Some(10));
    assert_eq!((first.times(), waiter.wakes(), waiter.poll()), (0, 1, Some(10)));
}

#[test]
fn a_future_that_is_never_polled_does_nothing() {
    let cache = cache();
    let never = cache.get_or_insert_async(1, async || unreachable!());
    assert_eq!(Task::new(cache.get_or_insert_async(1, async || 10)).poll(), Some(10));
    drop(never);
    assert_eq!(counts(&cache), (0, 1, 0, 0));
}

#[test]
fn what_a_dropped_body_owned_goes_before_the_next_one_runs() {
    // What the body works with, say, that there is one of.
    ends(|| {
        let (cache, gate, only) = (cache(), Gate::default(), Arc::new(()));
        let load = async || {
            let only = Arc::clone(&only);
            assert_eq!(Arc::strong_count(&only), 2, "nobody else's body is alive");
            gate.passed().await;
            10
        };
        let leader = Task::begun(cache.get_or_insert_async(1, load));
        let mut waiter = Task::begun(cache.get_or_insert_async(1, load));
        drop(leader);
        assert!(waiter.poll().is_none());
        gate.open();
        assert_eq!(waiter.poll(), Some(10));
    });
}

#[test]
#[should_panic(expected = "polled after it had answered")]
fn a_call_that_is_polled_after_its_answer_says_so() {
    let cache = cache();
    let mut call = std::pin::pin!(cache.get_or_insert_async(1, async || 10));
    let cx = &mut std::task::Context::from_waker(std::task::Waker::noop());
    assert!(call.as_mut().poll(cx).is_ready());
    let _ = call.as_mut().poll(cx);
}
