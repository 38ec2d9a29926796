//! What is invalidated while it is loaded is not stored, and nobody joins it any more.

use ttl_memo::TtlCache;

use super::hand::{Gate, Task, cache, ends};

/// What came first of `invalidate` while a load ran: its own callers get its value, later calls
/// do not, and what they load is what stays.
fn wins(cache: &TtlCache<u64, u64>, invalidate: impl FnOnce(&TtlCache<u64, u64>)) {
    let (gate, later_gate) = (Gate::default(), Gate::default());
    let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
        gate.passed().await;
        10
    }));
    let mut waiter = Task::begun(cache.get_or_insert_async(1, async || unreachable!()));
    invalidate(cache);
    let mut later = Task::begun(cache.get_or_insert_async(1, async || {
        later_gate.passed().await;
        11
    }));
    gate.open();
    assert_eq!((leader.poll(), waiter.poll()), (Some(10), Some(10)), "its own callers'");
    assert_eq!(cache.peek(&1), None, "not stored");
    assert!(later.poll().is_none());
    later_gate.open();
    assert_eq!((later.poll(), cache.peek(&1)), (Some(11), Some(11)));
}

/// The same, where the invalidated load ends after the later one.
fn wins_late(cache: &TtlCache<u64, u64>, invalidate: impl FnOnce(&TtlCache<u64, u64>)) {
    let gate = Gate::default();
    let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
        gate.passed().await;
        10
    }));
    invalidate(cache);
    assert_eq!(cache.get_or_insert_with(1, || 11), 11);
    gate.open();
    assert_eq!((leader.poll(), cache.peek(&1)), (Some(10), Some(11)));
}

/// Both, in a cache that is new and in one that has loaded before: a load that finds room made for
/// it, and no other, begins and ends in a shorter way.
fn wins_always(
    cache: impl Fn() -> TtlCache<u64, u64>,
    invalidate: impl Fn(&TtlCache<u64, u64>) + Copy,
) {
    wins(&cache(), invalidate);
    wins_late(&cache(), invalidate);
    wins(&used(cache()), invalidate);
    wins_late(&used(cache()), invalidate);
}

/// Of each shard, something has been loaded; nothing is left.
fn used(cache: TtlCache<u64, u64>) -> TtlCache<u64, u64> {
    for key in 1000..1400 {
        cache.get_or_insert_with(key, || 1);
    }
    cache.clear();
    cache
}

#[test]
fn clear_wins() {
    wins_always(cache, TtlCache::clear);
}

#[test]
fn invalidate_wins() {
    wins_always(cache, |cache| assert!(!cache.invalidate(&1)));
}

#[test]
fn retain_wins() {
    wins_always(cache, |cache| assert_eq!(cache.retain(|_, _| false), 0));
}

#[test]
fn switching_off_and_on_wins() {
    wins_always(cache, |cache| {
        cache.set_enabled(false);
        cache.set_enabled(true);
    });
}

#[test]
fn insert_wins() {
    for cache in [TtlCache::new(128, None), TtlCache::new(None, None), used(cache())] {
        let gate = Gate::default();
        let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
            gate.passed().await;
            10
        }));
        let mut waiter = Task::begun(cache.get_or_insert_async(1, async || unreachable!()));
        cache.insert(1, 11);
        assert_eq!(cache.get_or_insert_with(1, || unreachable!()), 11);
        gate.open();
        assert_eq!((leader.poll(), waiter.poll()), (Some(10), Some(10)));
        assert_eq!(cache.peek(&1), Some(11));
    }
}

#[test]
fn an_insert_that_is_not_stored_wins_too() {
    let cache =
        TtlCache::builder().maxsize(5).weigher(|_, value| usize::try_from(*value).unwrap()).build();
    let gate = Gate::default();
    let mut leader = Task::begun(cache.get_or_insert_async(1_u64, async || {
        gate.passed().await;
        1_u64
    }));
    cache.insert(1, 6);
    gate.open();
    assert_eq!((leader.poll(), cache.peek(&1)), (Some(1), None));
    cache.insert(1, 5);
    cache.insert(1, 6);
    assert_eq!(cache.peek(&1), None, "what stood under the key has ended");
}

#[test]
fn a_tags_invalidation_wins() {
    let tagged = || {
        TtlCache::builder()
            .maxsize(None)
            .tags(|_: &u64, value: &u64| [format!("flights {value}")])
            .build()
    };
    let invalidate = |tag: &'static str| {
        move |_: &TtlCache<u64, u64>| assert_eq!(ttl_memo::invalidate_tag(tag), 0)
    };
    wins_always(tagged, invalidate("flights 10"));
    // One that the value does not carry: it is stored, though it was joined no more meanwhile.
    let (cache, gate) = (tagged(), Gate::default());
    let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
        gate.passed().await;
        20
    }));
    assert_eq!(ttl_memo::invalidate_tag("flights 21"), 0);
    assert_eq!(ttl_memo::invalidate_tag("flights 22"), 0);
    gate.open();
    assert_eq!((leader.poll(), cache.peek(&1)), (Some(20), Some(20)));
    assert_eq!((ttl_memo::invalidate_tag("flights 20"), cache.peek(&1)), (1, None));
}

#[test]
fn what_began_earlier_overwrites_nothing_that_began_later() {
    let cache = || TtlCache::builder().single_flight(false).build();
    let load = async |gate: &Gate, value: u64| {
        gate.passed().await;
        value
    };
    for cache in [cache(), used(cache())] {
        let (first, second) = (Gate::default(), Gate::default());
        let mut early = Task::begun(cache.get_or_insert_async(1_u64, || load(&first, 10)));
        let mut late = Task::begun(cache.get_or_insert_async(1, || load(&second, 11)));
        second.open();
        assert_eq!((late.poll(), cache.peek(&1)), (Some(11), Some(11)));
        first.open();
        assert_eq!((early.poll(), cache.peek(&1)), (Some(10), Some(11)));
    }
}

#[test]
fn an_invalidation_of_one_key_leaves_the_loads_of_others_alone() {
    ends(|| {
        let (cache, gate) = (cache(), Gate::default());
        let mut leader = Task::begun(cache.get_or_insert_async(1, async || {
            gate.passed().await;
            10
        }));
        cache.invalidate(&2);
        cache.insert(3, 30);
        let mut waiter = Task::begun(cache.get_or_insert_async(1, async || unreachable!()));
        gate.open();
        assert_eq!((leader.poll(), waiter.poll(), cache.peek(&1)), (Some(10), Some(10), Some(10)));
    });
}

#[test]
fn a_bound_that_shrinks_meanwhile_is_kept() {
    let cache = TtlCache::builder().maxsize(5).weigher(|_, _| 3).build();
    let gate = Gate::default();
    let mut leader = Task::begun(cache.get_or_insert_async(1_u64, async || {
        gate.passed().await;
        10_u64
    }));
    cache.set_maxsize(2);
    gate.open();
    assert_eq!((leader.poll(), cache.len()), (Some(10), 0));
}
