//! Keys whose hashes collide.

use std::hash::{Hash, Hasher};
use std::thread;

use ttl_memo::TtlCache;

use super::hand::{Gate, Task, counts, ends};

/// Keys that all have one hash.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Collides(u64);

impl Hash for Collides {
    fn hash<H: Hasher>(&self, state: &mut H) {
        0.hash(state);
    }
}

#[test]
fn keys_that_collide_are_told_apart() {
    let cache = TtlCache::new(50, None);
    for key in 0..100 {
        assert_eq!(cache.get_or_insert_with(Collides(key), || key), key);
    }
    let held: Vec<_> = (0..100).filter_map(|key| cache.get(&Collides(key))).collect();
    assert_eq!((held.len(), cache.len()), (50, 50));
    assert!(cache.invalidate(&Collides(held[0])) && !cache.contains_key(&Collides(held[0])));
    assert!(cache.contains_key(&Collides(held[1])));
}

#[test]
fn loads_that_collide_are_told_apart() {
    let (cache, gate) = (TtlCache::new(50, None), Gate::default());
    let (cache, gate) = (&cache, &gate);
    let call = |key: u64| {
        cache.get_or_insert_async(Collides(key), async move || {
            gate.passed().await;
            key
        })
    };
    let mut leaders: Vec<_> = (0..10).map(|key| Task::begun(call(key))).collect();
    let mut waiters: Vec<_> = (0..10).map(|key| Task::begun(call(key))).collect();
    cache.invalidate(&Collides(3));
    cache.insert(Collides(4), 44);
    gate.open();
    for (key, (leader, waiter)) in leaders.iter_mut().zip(&mut waiters).enumerate() {
        let key = key as u64;
        assert_eq!((leader.poll(), waiter.poll()), (Some(key), Some(key)));
    }
    assert_eq!(counts(cache), (10, 10, 10, 0));
    assert_eq!((cache.peek(&Collides(3)), cache.peek(&Collides(4))), (None, Some(44)));
    assert_eq!(cache.len(), 9);
}

#[test]
fn threads_that_collide_get_their_own() {
    ends(|| {
        let cache = TtlCache::new(8, None);
        thread::scope(|scope| {
            for thread in 0..4 {
                let cache = &cache;
                scope.spawn(move || {
                    for round in 0..500 {
                        let key = (round * 7 + thread * 3) % 16;
                        assert_eq!(cache.get_or_insert_with(Collides(key), || key), key);
                        if round % 50 == 0 {
                            cache.invalidate(&Collides(key));
                        }
                    }
                });
            }
        });
        let info = cache.info();
        assert_eq!(info.hits + info.misses, 2_000);
        assert!(cache.len() <= 8);
    });
}
