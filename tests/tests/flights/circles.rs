//! Loads that need each other.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

use futures_lite::future;
use ttl_memo::{TtlCache, ttl_cache};

use super::hand::{Gate, Task, cache, ends};

/// As many threads as keys, each inside the load of its own when it asks for the next one's.
fn round_of_threads(keys: u64) {
    let (cache, all_in) = (cache(), Barrier::new(usize::try_from(keys).unwrap()));
    thread::scope(|scope| {
        for key in 0..keys {
            let (cache, all_in) = (&cache, &all_in);
            scope.spawn(move || {
                let next = (key + 1) % keys;
                let value = cache.get_or_insert_with(key, || {
                    all_in.wait();
                    cache.get_or_insert_with(next, || next) + 100
                });
                // One of them at least ran the next one's body itself.
                assert_eq!(value % 100, (key + (value - value % 100) / 100) % keys);
            });
        }
    });
    assert_eq!(cache.len(), usize::try_from(keys).unwrap());
}

#[test]
fn threads_that_need_each_others_keys_go_on() {
    for _ in 0..50 {
        ends(|| round_of_threads(2));
    }
}

#[test]
fn three_threads_in_a_circle_go_on() {
    for _ in 0..50 {
        ends(|| round_of_threads(3));
    }
}

#[test]
fn tasks_that_need_each_others_keys_go_on() {
    ends(|| {
        let (cache, gate) = (cache(), Gate::default());
        let (cache, gate) = (&cache, &gate);
        let load = |key: u64, other: u64| {
            cache.get_or_insert_async(key, async move || {
                gate.passed().await;
                cache.get_or_insert_async(other, async || other).await + 10
            })
        };
        let mut one = Task::begun(load(1, 2));
        let mut two = Task::begun(load(2, 1));
        gate.open();
        assert_eq!(one.poll(), None, "waits for the other");
        assert_eq!(two.poll(), Some(11), "finds out, and runs it itself");
        assert_eq!(one.poll(), Some(21));
        assert_eq!((cache.get(&1), cache.get(&2)), (Some(21), Some(11)));
    });
}

#[test]
fn a_task_and_a_thread_that_need_each_others_keys_go_on() {
    ends(|| {
        let (cache, gate, in_two) = (cache(), Gate::default(), Gate::default());
        let mut one = Task::begun(cache.get_or_insert_async(1, async || {
            gate.passed().await;
            cache.get_or_insert_async(2, async || 2).await + 10
        }));
        thread::scope(|scope| {
            let two = scope.spawn(|| {
                cache.get_or_insert_with(2, || {
                    in_two.open();
                    cache.get_or_insert_with(1, || 1) + 10
                })
            });
            in_two.pass();
            gate.open();
            let one = future::block_on(std::future::poll_fn(|cx| {
                cx.waker().wake_by_ref();
                one.poll().map_or(std::task::Poll::Pending, std::task::Poll::Ready)
            }));
            let two = two.join().unwrap();
            assert!([(12, 22), (21, 11)].contains(&(one, two)), "{one} {two}");
        });
    });
}

#[test]
fn two_caches_that_call_each_other_go_on() {
    for _ in 0..50 {
        ends(|| {
            let (even, odd) = (cache(), cache());
            let both_in = Barrier::new(2);
            let call = |own: &TtlCache<u64, u64>, other: &TtlCache<u64, u64>| {
                own.get_or_insert_with(0, || {
                    both_in.wait();
                    other.get_or_insert_with(0, || 1) + 1
                })
            };
            thread::scope(|scope| {
                scope.spawn(|| call(&even, &odd));
                scope.spawn(|| call(&odd, &even));
            });
            let values = (even.get(&0).unwrap(), odd.get(&0).unwrap());
            assert!([(2, 3), (3, 2), (2, 2)].contains(&values), "{values:?}");
        });
    }
}

#[test]
fn a_wait_that_began_outside_is_seen_from_the_body_that_polls_it() {
    ends(|| {
        let (cache, gate) = (cache(), Gate::default());
        let (cache, gate) = (&cache, &gate);
        // In the air, and to need 2 in a while.
        let mut three = Task::begun(cache.get_or_insert_async(3, async || {
            gate.passed().await;
            cache.get_or_insert_async(2, async || 2).await + 10
        }));
        // Waits for 3, and so far nothing waits for it.
        let mut waits = Box::pin(cache.get_or_insert_async(3, async || 3));
        assert!(future::block_on(future::poll_once(&mut waits)).is_none());
        // Now 2 does, which 3 will need.
        let mut two = Task::begun(cache.get_or_insert_async(2, async || waits.await + 10));
        gate.open();
        assert_eq!(three.poll(), Some(12), "runs 2's body itself");
        assert_eq!(two.poll(), Some(22));
    });
}

#[test]
fn options_that_need_each_others_functions_are_told() {
    static BOTH_IN: Barrier = Barrier::new(2);
    static IN: AtomicUsize = AtomicUsize::new(0);

    /// Waits for the other thread, but only at first: a call that panicked tries again.
    fn in_options() {
        if IN.fetch_add(1, SeqCst) < 2 {
            BOTH_IN.wait();
        }
    }

    #[ttl_cache(maxsize = { in_options(); other(1) })]
    fn one(n: usize) -> usize {
        n
    }

    #[ttl_cache(maxsize = { in_options(); one(1) })]
    fn other(n: usize) -> usize {
        n
    }

    let told = ends(|| {
        [one, other]
            .map(|call| thread::spawn(move || call(1)))
            .map(|thread| *thread.join().unwrap_err().downcast::<String>().unwrap())
    });
    // The one that closes the circle is told of it, and then the other finds itself in it alone.
    let of_circles = told.iter().filter(|told| told.contains("an option of which calls this one"));
    assert_eq!(of_circles.count(), 1, "{told:?}");
    assert!(
        told.iter().all(|told| told.contains("::one`") || told.contains("::other`")),
        "{told:?}"
    );
}
