//! What is counted, and how much of it: exactly, by however many threads and whichever clock.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use ttl_memo::{ManualClock, TtlCache};

#[test]
fn hits_of_very_many_threads_are_counted() {
    const THREADS: usize = 64;
    let (cache, all) = (TtlCache::new(8, None), Barrier::new(THREADS));
    cache.insert(1, 1);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                // Until all are there, so that each has a stripe of its own, or none.
                all.wait();
                for _ in 0..3 {
                    assert_eq!(cache.get(&1), Some(1));
                }
                all.wait();
            });
        }
    });
    assert_eq!(cache.info().hits, 3 * THREADS as u64);
}

#[test]
fn by_a_clock_of_the_users_each_body_is_timed() {
    let clock = ManualClock::new();
    let cache = TtlCache::builder().maxsize(8).clock(clock.clone()).build();
    for key in 0..2_000 {
        cache.get_or_insert_with(key, || clock.advance(Duration::from_nanos(1 + key % 7)));
    }
    let nanos = (0..2_000).map(|key| 1 + key % 7).sum();
    assert_eq!(cache.info().compute_time, Duration::from_nanos(nanos));
}

#[test]
fn of_brief_bodies_the_time_is_told_by_some_of_them() {
    // One in so many is timed, and stands for the others.
    const EVERY: u32 = 16;
    let cache = TtlCache::new(8, None);
    let begun = Instant::now();
    for key in 0..20_000 {
        cache.get_or_insert_with(key, || key);
    }
    // Whatever the scheduler does: none of these is timed longer than all of them took.
    let all = begun.elapsed() * EVERY;
    assert!(cache.info().compute_time <= all, "{:?} of {all:?}", cache.info().compute_time);
}
