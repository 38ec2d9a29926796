//! A sweep goes from place to place. What is computed meanwhile, from what it has not come to yet,
//! is not to be found where it has been.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ttl_memo::{ManualClock, RemovalCause, TtlCache, TtlCacheBuilder};

use super::hand::{Gate, Task, ends, panics};

/// Runs `f` on another thread, as if it came by at this very moment.
fn elsewhere<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::spawn(f).join().unwrap()
}

const LAST: u64 = 199;

/// Each value is computed from the one before, and the first from the truth.
#[derive(Default)]
struct Chain {
    cache: OnceLock<TtlCache<u64, Held>>,
    truth: AtomicU64,
    /// How many times something is to be told of before there is a call of each.
    armed: AtomicU64,
}

/// A value that tells when it is dropped by the cache.
#[derive(Clone)]
struct Held {
    value: u64,
    _told: Option<Arc<Told>>,
}

struct Told(&'static Chain);

impl Drop for Told {
    fn drop(&mut self) {
        self.0.moment();
    }
}

impl Chain {
    fn new(
        build: impl FnOnce(TtlCacheBuilder<u64, Held>) -> TtlCacheBuilder<u64, Held>,
    ) -> &'static Self {
        let chain: &Self = Box::leak(Box::default());
        let cache = build(TtlCache::builder().maxsize(None)).build();
        assert!(chain.cache.set(cache).is_ok());
        chain
    }

    fn heard(
        builder: TtlCacheBuilder<u64, Held>,
        by: &'static OnceLock<&'static Self>,
    ) -> TtlCacheBuilder<u64, Held> {
        builder.on_evict(|_, _, _| by.get().unwrap().moment())
    }

    fn cache(&self) -> &TtlCache<u64, Held> {
        self.cache.get().unwrap()
    }

    fn value(&'static self, n: u64, tells: bool) -> u64 {
        let body = || Held {
            value: match n {
                0 => self.truth.load(Ordering::SeqCst),
                _ => self.value(n - 1, tells),
            },
            _told: tells.then(|| Arc::new(Told(self))),
        };
        self.cache().get_or_insert_with(n, body).value
    }

    /// One of those at which others may come by.
    fn moment(&'static self) {
        let before = self
            .armed
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |armed| armed.checked_sub(1));
        if before == Ok(1) {
            elsewhere(|| (0..=LAST).for_each(|n| _ = self.value(n, false)));
        }
    }

    /// At the moment that comes after `moments` others of the sweep, each value is asked for.
    fn stays_true(&'static self, moments: u64, tells: bool, sweep: impl FnOnce(&'static Self)) {
        ends(move || self.fills(tells));
        self.truth.fetch_add(1, Ordering::SeqCst);
        self.armed.store(moments + 1, Ordering::SeqCst);
        sweep(self);
        assert_eq!(self.armed.load(Ordering::SeqCst), 0, "there was such a moment");
        self.is_true();
        assert_eq!(self.cache().len(), 200, "and stored again");
    }

    fn fills(&'static self, tells: bool) {
        (0..=LAST).for_each(|n| _ = self.value(n, tells));
        assert_eq!(self.cache().len(), 200);
    }

    #[track_caller]
    fn is_true(&'static self) {
        let truth = self.truth.load(Ordering::SeqCst);
        let wrong: BTreeSet<_> = (0..=LAST).filter(|n| self.value(*n, false) != truth).collect();
        assert!(wrong.is_empty(), "outlived the sweep: {wrong:?}");
    }
}

#[test]
fn what_a_listener_calls_for_does_not_outlive_a_clear() {
    static CHAIN: OnceLock<&Chain> = OnceLock::new();
    let chain = CHAIN.get_or_init(|| Chain::new(|builder| Chain::heard(builder, &CHAIN)));
    for moments in [0, 1, 100, 199] {
        chain.stays_true(moments, false, |chain| chain.cache().clear());
    }
}

#[test]
fn what_a_drop_calls_for_does_not_outlive_a_sweep() {
    let chain = Chain::new(|builder| builder);
    chain.stays_true(0, true, |chain| chain.cache().clear());
    chain.cache().clear();
    chain.stays_true(0, true, |chain| assert_eq!(chain.cache().retain(|_, _| false), 200));
}

#[test]
fn what_a_predicate_calls_for_does_not_outlive_a_retain() {
    for maxsize in [None, Some(200)] {
        let chain = Chain::new(|builder| builder.maxsize(maxsize));
        for moments in [1, 20, 100, 199] {
            chain.stays_true(moments, false, |chain| {
                chain.cache().retain(|_, _| {
                    chain.moment();
                    false
                });
            });
        }
    }
}

#[test]
fn what_is_called_for_does_not_outlive_a_cache_that_is_switched_off_and_on() {
    static CHAIN: OnceLock<&Chain> = OnceLock::new();
    let chain = CHAIN.get_or_init(|| Chain::new(|builder| Chain::heard(builder, &CHAIN)));
    chain.stays_true(100, false, |chain| {
        chain.cache().set_enabled(false);
        chain.cache().set_enabled(true);
    });
}

#[test]
fn sweeps_within_sweeps_and_beside_each_other() {
    static CHAIN: OnceLock<&Chain> = OnceLock::new();
    static WITHIN: AtomicBool = AtomicBool::new(false);
    let heard = |_: &u64, _: &Held, cause| {
        let chain = CHAIN.get().unwrap();
        if cause == RemovalCause::Invalidated && WITHIN.swap(false, Ordering::SeqCst) {
            chain.cache().clear();
            elsewhere(|| chain.cache().retain(|_, _| false));
        }
        chain.moment();
    };
    let chain = CHAIN.get_or_init(|| Chain::new(|builder| builder.on_evict(heard)));
    for _ in 0..4 {
        WITHIN.store(true, Ordering::SeqCst);
        chain.stays_true(20, false, |chain| chain.cache().clear());
        WITHIN.store(true, Ordering::SeqCst);
        chain.stays_true(20, false, |chain| _ = chain.cache().retain(|_, _| false));
    }
}

#[test]
fn a_sweep_that_panics_is_over() {
    static PANICS: AtomicBool = AtomicBool::new(false);
    let chain = Chain::new(|builder| {
        builder.on_evict(|_, _, _| assert!(!PANICS.load(Ordering::SeqCst), "as told"))
    });
    chain.fills(false);
    assert!(panics(|| chain.cache().retain(|_, _| panic!("as told"))));
    PANICS.store(true, Ordering::SeqCst);
    assert!(panics(|| chain.cache().retain(|n, _| *n > 10)));
    assert!(panics(|| chain.cache().clear()));
    PANICS.store(false, Ordering::SeqCst);
    assert!(chain.cache().is_empty());
    chain.fills(false);
    assert!(chain.cache().get(&LAST).is_some());
}

#[test]
fn a_body_that_sweeps_is_answered_and_leaves_nothing_standing() {
    let cache = TtlCache::new(None, None);
    let body = || {
        cache.get_or_insert_with(2, || 20);
        cache.clear();
        // After the sweep: as any other.
        cache.get_or_insert_with(3, || 30);
        10
    };
    assert_eq!(cache.get_or_insert_with(1, body), 10);
    assert_eq!((cache.peek(&1), cache.peek(&2), cache.peek(&3)), (None, None, Some(30)));
    assert_eq!(cache.get_or_insert_with(1, || 11), 11);
    assert_eq!(cache.peek(&1), Some(11));
}

/// A load that begins while a sweep is under way, and is in the air when that is over.
fn begun_meanwhile(cache: &TtlCache<u64, u64>, sweep: impl FnOnce(&mut dyn FnMut())) {
    let (gate, later_gate) = (Gate::default(), Gate::default());
    let load = async |gate: &Gate, value: u64| {
        gate.passed().await;
        value
    };
    let (mut leader, mut waiter) = (None, None);
    sweep(&mut || {
        if leader.is_none() {
            leader = Some(Task::begun(cache.get_or_insert_async(1, || load(&gate, 10))));
            waiter = Some(Task::begun(cache.get_or_insert_async(1, async || unreachable!())));
        }
    });
    let (mut leader, mut waiter) = (leader.unwrap(), waiter.unwrap());
    let mut later = Task::begun(cache.get_or_insert_async(1, || load(&later_gate, 11)));
    gate.open();
    assert_eq!((leader.poll(), waiter.poll()), (Some(10), Some(10)), "its own callers'");
    assert_eq!(cache.peek(&1), None, "not stored");
    assert!(later.poll().is_none(), "not joined");
    later_gate.open();
    assert_eq!((later.poll(), cache.peek(&1)), (Some(11), Some(11)));
}

#[test]
fn what_begins_during_a_sweep_is_joined_until_that_is_over_and_not_stored() {
    let cache = TtlCache::new(None, None);
    cache.insert(5, 50);
    begun_meanwhile(&cache, |meanwhile| {
        cache.retain(|_, _| {
            meanwhile();
            true
        });
    });
    assert_eq!(cache.peek(&5), Some(50));
}

#[test]
fn what_ends_during_a_sweep_is_not_stored_in_whatever_way_it_is_loaded() {
    let clock = ManualClock::new();
    let minute = Duration::from_secs(60);
    let plain = TtlCache::builder().build();
    let alone = TtlCache::builder().single_flight(false).build();
    let stale = TtlCache::builder().ttl(minute).stale_while_revalidate(minute);
    let stale = stale.stale_if_error(minute).clock(clock.clone()).build();
    for cache in [plain, alone, stale] {
        cache.insert(1, 1);
        cache.insert(5, 5);
        clock.advance(minute);
        let (mut loaded, mut renewed) = (0, 0);
        cache.insert(6, 6);
        cache.retain(|_, _| {
            loaded = cache.get_or_insert_with(2, || 20);
            assert_eq!(cache.peek(&2), None, "as it may not stay");
            let later = Task::new(cache.get_or_insert_async(3, async || 30)).poll();
            assert_eq!((later, cache.peek(&3)), (Some(30), None));
            assert_eq!(cache.try_get_or_insert_with(4, || Err(4)), Err(4));
            renewed = cache.get_or_insert_with(5, || 50);
            true
        });
        assert_eq!(loaded, 20);
        assert!(renewed == 50 || cache.peek(&5) == Some(5));
        assert_ne!(cache.peek(&5), Some(50));
        assert_eq!((cache.get_or_insert_with(2, || 21), cache.peek(&2)), (21, Some(21)));
    }
}

#[test]
fn an_insertion_during_a_sweep_is_the_callers_own_word() {
    let cache = TtlCache::new(None, None);
    cache.insert(1, 1);
    let mut done = false;
    cache.retain(|key, _| {
        if !std::mem::replace(&mut done, true) {
            cache.insert(2, 2);
        }
        *key == 2
    });
    assert_eq!((cache.peek(&1), cache.peek(&2)), (None, Some(2)));
}

/// Two caches of one tag, the outer's values computed from the inner's; which is swept first.
fn layers(tag: &'static str, outer_first: bool, armed: &'static AtomicBool) {
    struct Layers {
        inner: OnceLock<TtlCache<u64, u64>>,
        outer: OnceLock<TtlCache<u64, u64>>,
        truth: AtomicU64,
    }
    impl Layers {
        fn get(&self, n: u64) -> u64 {
            let inner = || n * self.truth.load(Ordering::SeqCst);
            let outer = || self.inner.get().unwrap().get_or_insert_with(n, inner);
            self.outer.get().unwrap().get_or_insert_with(n, outer)
        }
    }
    let layers: &Layers = Box::leak(Box::new(Layers {
        inner: OnceLock::new(),
        outer: OnceLock::new(),
        truth: AtomicU64::new(1),
    }));
    let cache = |pokes: bool| {
        let poke = move || {
            if pokes && armed.swap(false, Ordering::SeqCst) {
                elsewhere(|| (1..9).for_each(|n| _ = layers.get(n)));
            }
        };
        TtlCache::builder()
            .maxsize(None)
            .tags(move |n: &u64, _: &u64| {
                poke();
                [if *n < 9 { tag } else { "another" }]
            })
            .build()
    };
    if outer_first {
        layers.outer.set(cache(false)).unwrap();
        layers.inner.set(cache(true)).unwrap();
    } else {
        layers.inner.set(cache(true)).unwrap();
        layers.outer.set(cache(false)).unwrap();
    }
    (1..12).for_each(|n| assert_eq!(layers.get(n), n));
    layers.truth.store(2, Ordering::SeqCst);
    armed.store(true, Ordering::SeqCst);
    assert_eq!(ttl_memo::invalidate_tag(tag), 16);
    assert!(!armed.load(Ordering::SeqCst));
    let values: Vec<_> = (1..12).map(|n| layers.get(n)).collect();
    assert_eq!(values, [2, 4, 6, 8, 10, 12, 14, 16, 9, 10, 11]);
    assert_eq!((layers.inner.get().unwrap().len(), layers.outer.get().unwrap().len()), (11, 11));
}

#[test]
fn what_is_called_for_does_not_outlive_its_tag_in_another_cache() {
    static ARMED: [AtomicBool; 2] = [AtomicBool::new(false), AtomicBool::new(false)];
    layers("sweeps: outer first", true, &ARMED[0]);
    layers("sweeps: inner first", false, &ARMED[1]);
}

#[test]
fn a_tags_sweep_lets_what_does_not_carry_it_be_stored() {
    static MEANWHILE: OnceLock<TtlCache<u64, u64>> = OnceLock::new();
    static ARMED: AtomicBool = AtomicBool::new(false);
    let cache = MEANWHILE.get_or_init(|| {
        TtlCache::builder()
            .tags(|n: &u64, _: &u64| {
                if ARMED.swap(false, Ordering::SeqCst) {
                    let cache = MEANWHILE.get().unwrap();
                    assert_eq!(cache.get_or_insert_with(1, || 10), 10);
                    assert_eq!(cache.get_or_insert_with(2, || 20), 20);
                    assert_eq!((cache.peek(&1), cache.peek(&2)), (None, Some(20)));
                }
                [format!("sweeps: {n}")]
            })
            .build()
    });
    cache.insert(0, 0);
    ARMED.store(true, Ordering::SeqCst);
    assert_eq!(ttl_memo::invalidate_tag("sweeps: 1"), 0);
    assert_eq!((cache.peek(&0), cache.peek(&2)), (Some(0), Some(20)));
    assert_eq!((cache.get_or_insert_with(1, || 11), cache.peek(&1)), (11, Some(11)));
}

#[test]
fn what_begins_during_a_tags_sweep_is_joined_until_that_is_over_and_not_stored() {
    static CACHE: OnceLock<TtlCache<u64, u64>> = OnceLock::new();
    thread_local! {
        /// To be done when the tags of an entry are asked for.
        static DUE: Cell<Option<Box<dyn FnOnce()>>> = const { Cell::new(None) };
    }
    let tags = |n: &u64, _: &u64| {
        if let Some(due) = DUE.take() {
            due();
        }
        [format!("sweeps: joined {n}")]
    };
    let cache = CACHE.get_or_init(|| TtlCache::builder().tags(tags).build());
    cache.insert(0, 0);
    let gate: &Gate = Box::leak(Box::default());
    let tasks = Rc::new(RefCell::new(Vec::new()));
    let begun = Rc::clone(&tasks);
    DUE.set(Some(Box::new(move || {
        let load = async || {
            gate.passed().await;
            10
        };
        begun.borrow_mut().push(Task::begun(cache.get_or_insert_async(1, load)));
        begun.borrow_mut().push(Task::begun(cache.get_or_insert_async(1, async || unreachable!())));
    })));
    assert_eq!(ttl_memo::invalidate_tag("sweeps: joined 1"), 0);
    let later_gate = Gate::default();
    let mut later = Task::begun(cache.get_or_insert_async(1, async || {
        later_gate.passed().await;
        11
    }));
    gate.open();
    let answers: Vec<_> = tasks.borrow_mut().iter_mut().map(Task::poll).collect();
    assert_eq!((answers, cache.peek(&1)), (vec![Some(10); 2], None));
    assert!(later.poll().is_none(), "not joined");
    later_gate.open();
    assert_eq!((later.poll(), cache.peek(&1)), (Some(11), Some(11)));
}
