//! Code of the user's that calls back: listeners, destructors, `Eq`.

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use ttl_memo::{RemovalCause, TtlCache};

use super::hand::{Count, Task, cache, ends, until};

#[test]
fn a_listener_may_call_the_cache() {
    ends(|| {
        type Shared = TtlCache<u64, u64>;
        static CACHE: OnceLock<Shared> = OnceLock::new();
        static HEARD: Count = Count::new();
        let cache = CACHE.get_or_init(|| {
            TtlCache::builder()
                .maxsize(2)
                .on_evict(|key: &u64, value: &u64, cause| {
                    let cache = CACHE.get().unwrap();
                    assert!(HEARD.up() < 100, "in a circle");
                    assert_ne!(cache.peek(key), Some(*value), "after it has left");
                    if cause == RemovalCause::Size && *key < 10 {
                        // Under the key of the entry that it made room for, and others.
                        assert_eq!(cache.get_or_insert_with(key + 10, || key + 10), key + 10);
                        cache.invalidate(&(key + 10));
                        cache.retain(|_, _| true);
                        assert!(cache.len() <= 2);
                    }
                })
                .build()
        });
        (0..5).for_each(|key| {
            cache.get_or_insert_with(key, || key);
        });
        assert!(HEARD.get() >= 3);
        cache.clear();
        assert!(cache.is_empty());
    });
}

#[test]
fn values_that_call_the_cache_when_they_are_dropped() {
    ends(|| {
        static CACHE: OnceLock<TtlCache<u64, Arc<CallsBack>>> = OnceLock::new();
        static DROPPED: Count = Count::new();
        struct CallsBack(u64);
        impl Drop for CallsBack {
            fn drop(&mut self) {
                DROPPED.up();
                let cache = CACHE.get().unwrap();
                if self.0 < 10 {
                    cache.get_or_insert_with(self.0, || Arc::new(CallsBack(self.0 + 10)));
                    cache.invalidate(&self.0);
                }
            }
        }
        let cache = CACHE.get_or_init(|| TtlCache::builder().maxsize(2).build());
        for key in 0..5 {
            cache.get_or_insert_with(key, || Arc::new(CallsBack(key)));
            cache.insert(key, Arc::new(CallsBack(key)));
        }
        cache.clear();
        cache.clear();
        assert!(cache.is_empty());
        // What other threads may be looking at is dropped later.
        until(|| {
            cache.clear();
            DROPPED.get() >= 10
        });
    });
}

/// A key whose `Eq` does something once, and is asked.
#[derive(Clone)]
struct Meddles(u64, Arc<dyn Fn() + Send + Sync>);

impl Hash for Meddles {
    fn hash<H: Hasher>(&self, state: &mut H) {
        0.hash(state);
    }
}

impl PartialEq for Meddles {
    fn eq(&self, other: &Self) -> bool {
        (self.1)();
        self.0 == other.0
    }
}

impl Eq for Meddles {}

type Hook = Mutex<Option<Box<dyn FnOnce() + Send>>>;

/// A value whose `Clone` does something once.
struct Copied(u64, Arc<Hook>);

impl Clone for Copied {
    fn clone(&self) -> Self {
        let armed = self.1.lock().unwrap().take();
        if let Some(hook) = armed {
            hook();
        }
        Self(self.0, Arc::clone(&self.1))
    }
}

#[test]
fn what_happens_while_a_value_is_cloned_for_the_cache_is_heeded() {
    ends(|| {
        type Cache = TtlCache<u64, Copied>;
        type Meddling = fn(&Cache);
        let inserted = |cache: &Cache| cache.insert(1, Copied(11, Arc::default()));
        let meddlings: [(Meddling, Option<u64>); 5] = [
            (|cache| cache.set_maxsize(0), None),
            (|cache| cache.set_enabled(false), None),
            (TtlCache::clear, None),
            (|cache| assert!(!cache.invalidate(&1)), None),
            (inserted, Some(11)),
        ];
        for (meddling, left) in meddlings {
            // In a cache that is new, and in one that has loaded before.
            for used in [0, 400] {
                let cache: Arc<Cache> = Arc::new(TtlCache::new(None, None));
                for key in 1000..1000 + used {
                    cache.get_or_insert_with(key, || Copied(1, Arc::default()));
                }
                cache.clear();
                let value = cache.get_or_insert_with(1, || {
                    let cache = Arc::downgrade(&cache);
                    let hook = move || meddling(&cache.upgrade().unwrap());
                    Copied(10, Arc::new(Mutex::new(Some(Box::new(hook)))))
                });
                assert!(value.1.lock().unwrap().is_none(), "it was cloned");
                cache.set_enabled(true);
                assert_eq!((value.0, cache.peek(&1).map(|value| value.0)), (10, left));
            }
        }
    });
}

#[test]
fn what_happens_while_keys_are_compared_is_heeded() {
    ends(|| {
        type Cache = TtlCache<Meddles, u64>;
        let meddlings: [fn(&Cache); 2] =
            [|cache| cache.set_maxsize(0), |cache| cache.set_enabled(false)];
        for meddling in meddlings {
            let cache: Arc<Cache> = Arc::new(TtlCache::new(8, None));
            let armed = Arc::new(AtomicBool::new(false));
            let hook: Arc<dyn Fn() + Send + Sync> = {
                let (cache, armed) = (Arc::downgrade(&cache), Arc::clone(&armed));
                Arc::new(move || {
                    if armed.swap(false, Ordering::SeqCst) {
                        meddling(&cache.upgrade().unwrap());
                    }
                })
            };
            cache.insert(Meddles(1, Arc::clone(&hook)), 10);
            armed.store(true, Ordering::SeqCst);
            // The bound was asked for before the keys were compared.
            cache.insert(Meddles(1, Arc::clone(&hook)), 11);
            assert_eq!((armed.load(Ordering::SeqCst), cache.len()), (false, 0));
            // The same at the end of a load.
            cache.set_maxsize(8);
            cache.set_enabled(true);
            cache.insert(Meddles(2, Arc::clone(&hook)), 20);
            let value = cache.get_or_insert_with(Meddles(1, hook), || {
                armed.store(true, Ordering::SeqCst);
                12
            });
            assert_eq!((armed.load(Ordering::SeqCst), value, cache.len()), (false, 12, 0));
        }
    });
}

#[test]
fn a_call_from_a_thread_locals_destructor() {
    ends(|| {
        static CACHE: OnceLock<TtlCache<u64, u64>> = OnceLock::new();
        static ANSWERS: Count = Count::new();
        struct Late(Cell<u64>);
        impl Drop for Late {
            fn drop(&mut self) {
                let cache = CACHE.get().unwrap();
                for key in 0..50 {
                    let value = cache.get_or_insert_with(key, || {
                        cache.get_or_insert_with(key + 1, || 7);
                        key * 2
                    });
                    assert!(value == key * 2 || value == 7);
                    let mut task = Task::new(cache.get_or_insert_async(100 + key, async || key));
                    assert_eq!(task.poll(), Some(key));
                }
                cache.insert(self.0.get(), 1);
                cache.invalidate(&self.0.get());
                cache.clear();
                ANSWERS.up();
            }
        }
        thread_local! {
            static FIRST: Late = const { Late(Cell::new(1_000)) };
            static LAST: Late = const { Late(Cell::new(2_000)) };
        }
        let cache = CACHE.get_or_init(cache);
        // Destructors run in an order of the platform's: one before and one after the cache's own.
        for _ in 0..4 {
            thread::spawn(move || {
                FIRST.with(|late| late.0.set(1_001));
                cache.get_or_insert_with(5, || 10);
                LAST.with(|late| late.0.set(2_001));
            })
            .join()
            .unwrap();
        }
        assert_eq!(ANSWERS.get(), 8);
        assert!(cache.is_empty());
    });
}
