//! Loads that panic, are left, are invalidated, and wait for each other.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use shuttle::{future, thread};
use ttl_memo::TtlCache;

use super::{Key, try_all};

type Cache = Arc<TtlCache<Key, u64>>;

fn cache() -> Cache {
    let cache = TtlCache::new(None, None);
    // Makes what threads share, which the model takes for poisoned if it is made by one of its
    // threads while another of them unwinds.
    assert_eq!(cache.peek(&Key(0)), None);
    Arc::new(cache)
}

/// All of these at the same time.
fn together<T: Send + 'static>(calls: Vec<Box<dyn FnOnce() -> T + Send>>) -> Vec<T> {
    let threads: Vec<_> = calls.into_iter().map(thread::spawn).collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

#[test]
fn one_body_for_all() {
    try_all(|| {
        let (cache, runs) = (cache(), Arc::new(AtomicUsize::new(0)));
        let call = || -> Box<dyn FnOnce() -> u64 + Send> {
            let (cache, runs) = (Arc::clone(&cache), Arc::clone(&runs));
            Box::new(move || {
                cache.get_or_insert_with(Key(1), || {
                    thread::yield_now();
                    runs.fetch_add(1, Ordering::Relaxed);
                    10
                })
            })
        };
        assert_eq!(together(vec![call(), call(), call()]), [10; 3]);
        let info = cache.info();
        assert_eq!((runs.load(Ordering::Relaxed), info.hits, info.misses), (1, 2, 1));
    });
}

#[test]
fn a_leader_panics() {
    try_all(|| {
        let (cache, runs) = (cache(), Arc::new(AtomicUsize::new(0)));
        // Makes what threads share: Shuttle's threads are one of the system's, so what is made first
        // while another unwinds is taken for poisoned.
        assert_eq!(cache.peek(&Key(1)), None);
        let call = || -> Box<dyn FnOnce() -> Option<u64> + Send> {
            let (cache, runs) = (Arc::clone(&cache), Arc::clone(&runs));
            Box::new(move || {
                let body = || {
                    thread::yield_now();
                    if runs.fetch_add(1, Ordering::Relaxed) < 2 {
                        resume_unwind(Box::new("as told"));
                    }
                    10
                };
                catch_unwind(AssertUnwindSafe(|| cache.get_or_insert_with(Key(1), body))).ok()
            })
        };
        let answers = together(vec![call(), call(), call(), call()]);
        let answered: Vec<_> = answers.into_iter().flatten().collect();
        assert_eq!((answered, cache.peek(&Key(1))), (vec![10; 2], Some(10)));
        let info = cache.info();
        assert_eq!((info.failures, info.hits + info.misses), (2, 4));
    });
}

#[test]
fn a_body_fails() {
    try_all(|| {
        let (cache, runs) = (cache(), Arc::new(AtomicUsize::new(0)));
        let call = || -> Box<dyn FnOnce() -> Result<u64, ()> + Send> {
            let (cache, runs) = (Arc::clone(&cache), Arc::clone(&runs));
            Box::new(move || {
                cache.try_get_or_insert_with(Key(1), || {
                    thread::yield_now();
                    if runs.fetch_add(1, Ordering::Relaxed) == 0 { Err(()) } else { Ok(10) }
                })
            })
        };
        let answers = together(vec![call(), call(), call()]);
        assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 1);
        assert_eq!(cache.peek(&Key(1)), Some(10));
        let info = cache.info();
        assert_eq!((info.failures, info.hits + info.misses), (1, 3));
    });
}

#[test]
fn a_waiter_leaves() {
    try_all(|| {
        let cache = cache();
        let load = |cache: &Cache| {
            let cache = Arc::clone(cache);
            async move {
                let body = async || {
                    future::yield_now().await;
                    10
                };
                cache.get_or_insert_async(Key(1), body).await
            }
        };
        let (leader, stays) = (load(&cache), load(&cache));
        let leaves = future::spawn(load(&cache));
        let leader = thread::spawn(move || future::block_on(leader));
        let stays = thread::spawn(move || future::block_on(stays));
        thread::yield_now();
        leaves.abort();
        assert_eq!((leader.join().unwrap(), stays.join().unwrap()), (10, 10));
        assert_eq!(cache.peek(&Key(1)), Some(10));
    });
}

#[test]
fn a_leader_is_dropped() {
    try_all(|| {
        let cache = cache();
        let call = |cache: &Cache, ends: bool| {
            let cache = Arc::clone(cache);
            async move {
                let body = async || {
                    if !ends {
                        std::future::pending::<()>().await;
                    }
                    future::yield_now().await;
                    10
                };
                cache.get_or_insert_async(Key(1), body).await
            }
        };
        // Whoever of these leads never ends by itself.
        let dropped: Vec<_> = (0..2).map(|_| future::spawn(call(&cache, false))).collect();
        let thread = {
            let cache = Arc::clone(&cache);
            thread::spawn(move || cache.get_or_insert_with(Key(1), || 10))
        };
        let task = call(&cache, true);
        let task = thread::spawn(move || future::block_on(task));
        thread::yield_now();
        dropped.into_iter().for_each(|dropped| dropped.abort());
        assert_eq!((thread.join().unwrap(), task.join().unwrap()), (10, 10));
        assert_eq!(cache.peek(&Key(1)), Some(10));
    });
}

/// What `invalidate` makes wrong is not served afterwards, though two loads began before.
fn wins(cache: Cache, invalidate: fn(&Cache)) {
    let version = Arc::new(AtomicUsize::new(0));
    let load = |cache: &Cache, version: &AtomicUsize| {
        cache.get_or_insert_with(Key(1), || {
            let seen = version.load(Ordering::SeqCst);
            thread::yield_now();
            seen as u64
        })
    };
    let start = || {
        let (cache, version) = (Arc::clone(&cache), Arc::clone(&version));
        thread::spawn(move || load(&cache, &version))
    };
    let early = [start(), start()];
    version.store(1, Ordering::SeqCst);
    invalidate(&cache);
    assert_eq!(load(&cache, &version), 1);
    for early in early {
        assert!(early.join().unwrap() <= 1);
    }
    assert_eq!(cache.peek(&Key(1)), Some(1));
}

#[test]
fn an_invalidation_wins() {
    try_all(|| wins(cache(), |cache| assert!(cache.invalidate(&Key(1)) || cache.len() < 2)));
}

#[test]
fn a_clear_wins() {
    try_all(|| wins(cache(), |cache| cache.clear()));
}

#[test]
fn a_retain_wins() {
    // Two at most: the second, if a load that begins during the sweep stores ahead of it.
    try_all(|| wins(cache(), |cache| assert!(cache.retain(|_, _| false) <= 2)));
}

#[test]
fn an_insert_wins() {
    try_all(|| wins(cache(), |cache| cache.insert(Key(1), 1)));
}

#[test]
fn a_tag_wins() {
    try_all(|| {
        let tags = |_: &Key, value: &u64| [format!("shuttle {value}")];
        let cache = TtlCache::builder().tags(tags).build();
        wins(Arc::new(cache), |_| assert!(ttl_memo::invalidate_tag("shuttle 0") <= 1));
    });
}

#[test]
fn switching_off_and_on_wins() {
    try_all(|| {
        wins(cache(), |cache| {
            cache.set_enabled(false);
            cache.set_enabled(true);
        });
    });
}

#[test]
fn two_flights_wait_for_each_other() {
    try_all(|| {
        let cache = cache();
        let call = |one: u64, other: u64| -> Box<dyn FnOnce() -> u64 + Send> {
            let cache = Arc::clone(&cache);
            Box::new(move || {
                cache.get_or_insert_with(Key(one), || {
                    thread::yield_now();
                    cache.get_or_insert_with(Key(other), || other) + 10
                })
            })
        };
        let answers = together(vec![call(1, 2), call(2, 1)]);
        assert!(answers[0] == 12 || answers[0] % 10 == 1 || answers[0] % 10 == 2, "{answers:?}");
        assert_eq!(cache.len(), 2);
    });
}

#[test]
fn three_flights_wait_for_each_other() {
    try_all(|| {
        let cache = cache();
        let call = |one: u64, other: u64| -> Box<dyn FnOnce() -> u64 + Send> {
            let cache = Arc::clone(&cache);
            Box::new(move || {
                let load = async || {
                    let inner = cache.get_or_insert_async(Key(other), async || other);
                    inner.await + 10
                };
                if one == 1 {
                    future::block_on(cache.get_or_insert_async(Key(one), load))
                } else {
                    cache.get_or_insert_with(Key(one), || future::block_on(load()))
                }
            })
        };
        together(vec![call(1, 2), call(2, 3), call(3, 1)]);
        assert_eq!(cache.len(), 3);
    });
}

/// Values computed from others, of another cache or of another shard, are none from before a sweep when
/// that has returned; and are stored again.
fn outlives_no_sweep(caches: [Cache; 2], sweep: fn(&[Cache; 2])) {
    let version = Arc::new(AtomicUsize::new(0));
    let load = |[inner, outer]: &[Cache; 2], version: &AtomicUsize, key: u64| {
        outer.get_or_insert_with(Key(key), || {
            let seen = inner.get_or_insert_with(Key(key + 1), || {
                inner.get_or_insert_with(Key(key + 2), || version.load(Ordering::SeqCst) as u64)
            });
            thread::yield_now();
            seen
        })
    };
    let start = |key| {
        let (caches, version) = (caches.clone(), Arc::clone(&version));
        thread::spawn(move || load(&caches, &version, key))
    };
    let early = [start(1), start(2), start(1)];
    thread::yield_now();
    version.store(1, Ordering::SeqCst);
    sweep(&caches);
    let answers = [1, 2].map(|key| load(&caches, &version, key));
    assert_eq!(answers, [1; 2]);
    assert_eq!([1, 2].map(|key| caches[1].peek(&Key(key))), [Some(1); 2]);
    early.into_iter().for_each(|early| assert!(early.join().unwrap() <= 1));
    assert_eq!([1, 2].map(|key| load(&caches, &version, key)), [1; 2], "nor later");
}

#[test]
fn nothing_outlives_a_sweep_of_shards() {
    // Without a bound there are several.
    let one = || {
        let cache = cache();
        [Arc::clone(&cache), cache]
    };
    try_all(move || outlives_no_sweep(one(), |[cache, _]| cache.clear()));
    try_all(move || outlives_no_sweep(one(), |[cache, _]| _ = cache.retain(|_, _| false)));
    try_all(move || {
        outlives_no_sweep(one(), |[cache, _]| {
            cache.set_enabled(false);
            cache.set_enabled(true);
        });
    });
    try_all(move || {
        outlives_no_sweep(one(), |[cache, _]| {
            let other = Arc::clone(cache);
            let other = thread::spawn(move || other.clear());
            cache.clear();
            other.join().unwrap();
        });
    });
}

#[test]
fn nothing_outlives_a_tags_sweep_of_caches() {
    let tagged = || {
        let tags = |_: &Key, value: &u64| {
            thread::yield_now();
            [format!("swept {value}")]
        };
        Arc::new(TtlCache::builder().tags(tags).build())
    };
    try_all(move || {
        let (one, other) = (tagged(), tagged());
        outlives_no_sweep([one, other], |_| _ = ttl_memo::invalidate_tag("swept 0"));
    });
    try_all(move || {
        let (one, other) = (tagged(), tagged());
        outlives_no_sweep([other, one], |_| _ = ttl_memo::invalidate_tag("swept 0"));
    });
}
