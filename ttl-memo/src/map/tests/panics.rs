//! User code that panics.

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::SECOND;
use crate::{ManualClock, Policy, RemovalCause, TtlMap};

/// What panics next, on this thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    Hash,
    Eq,
    Clone,
    Drop,
    Weigher,
    ExpireAfter,
    Listener,
}

thread_local! {
    /// The code that panics, and after how many runs of it.
    static FUSE: Cell<Option<(Code, u32)>> = const { Cell::new(None) };
    static ALIVE: Cell<i64> = const { Cell::new(0) };
}

fn run(code: Code) {
    match FUSE.get() {
        Some((lit, 0)) if lit == code && !std::thread::panicking() => {
            FUSE.set(None);
            // As `panic!`, without a word on the terminal.
            std::panic::resume_unwind(Box::new(code));
        }
        Some((lit, left)) if lit == code && left > 0 => FUSE.set(Some((lit, left - 1))),
        _ => {}
    }
}

/// A key or a value, all of whose code may panic; counted.
#[derive(Debug)]
struct Bomb(u32);

impl Bomb {
    fn new(id: u32) -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Self(id)
    }
}

impl Hash for Bomb {
    fn hash<H: Hasher>(&self, state: &mut H) {
        run(Code::Hash);
        // Few hashes, so that keys are compared.
        (self.0 % 4).hash(state);
    }
}

impl PartialEq for Bomb {
    fn eq(&self, other: &Self) -> bool {
        run(Code::Eq);
        self.0 == other.0
    }
}

impl Eq for Bomb {}

impl Clone for Bomb {
    fn clone(&self) -> Self {
        run(Code::Clone);
        Self::new(self.0)
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
        run(Code::Drop);
    }
}

type Map = TtlMap<Bomb, Bomb>;

fn map(policy: Policy, heard: &Arc<Mutex<Vec<u32>>>) -> (Map, ManualClock) {
    let (clock, heard) = (ManualClock::new(), Arc::clone(heard));
    let map = TtlMap::builder()
        .maxsize(12)
        .ttl(10 * SECOND)
        .policy(policy)
        .weigher(|_: &Bomb, value: &Bomb| {
            run(Code::Weigher);
            value.0 as usize % 4
        })
        .expire_after(|_, value| {
            run(Code::ExpireAfter);
            (value.0 % 3 == 0).then_some(3 * SECOND)
        })
        .on_evict(move |key, _, _: RemovalCause| {
            heard.lock().expect("not poisoned by a panic outside").push(key.0);
            run(Code::Listener);
        })
        .clock(clock.clone())
        .build();
    (map, clock)
}

/// A map in the middle of its life, with some pairs whose time is over.
fn filled(policy: Policy, heard: &Arc<Mutex<Vec<u32>>>) -> (Map, ManualClock) {
    let (mut map, clock) = map(policy, heard);
    for id in 0..20 {
        map.insert(Bomb::new(id), Bomb::new(id));
        map.get(&Bomb::new(id / 2));
    }
    clock.advance(3 * SECOND);
    (map, clock)
}

/// Each thing that can be done to a map.
fn operations() -> Vec<fn(&mut Map)> {
    vec![
        |map| drop(map.insert(Bomb::new(40), Bomb::new(41))),
        |map| drop(map.insert(Bomb::new(18), Bomb::new(43))),
        |map| drop(map.insert(Bomb::new(19), Bomb::new(2))),
        |map| drop(map.try_insert(Bomb::new(19), Bomb::new(3))),
        |map| drop(map.insert_with_ttl(Bomb::new(19), Bomb::new(3), Duration::ZERO)),
        |map| map.extend((17..24).map(|id| (Bomb::new(id), Bomb::new(id + 1)))),
        |map| assert!(map.get(&Bomb::new(99)).is_none()),
        |map| map.get_mut(&Bomb::new(19)).expect("it is there").0 = 5,
        |map| drop(map.remove(&Bomb::new(19))),
        |map| map.entry(Bomb::new(19)).insert_entry(Bomb::new(7)).get_mut().0 += 1,
        |map| map.entry(Bomb::new(50)).or_insert_with(|| Bomb::new(7)).0 += 1,
        |map| map.retain(|key, _| key.0 % 2 == 0),
        |map| drop(map.pop()),
        |map| drop(map.clone()),
        |map| map.clear(),
    ]
}

#[test]
#[cfg_attr(miri, ignore = "slow there")]
fn a_panic_anywhere_leaves_the_map_whole() {
    let codes = [
        Code::Hash,
        Code::Eq,
        Code::Clone,
        Code::Drop,
        Code::Weigher,
        Code::ExpireAfter,
        Code::Listener,
    ];
    let mut panics = 0;
    for policy in [Policy::Adaptive, Policy::Lru, Policy::Fifo, Policy::Lfu, Policy::Random] {
        for operation in operations() {
            for code in codes {
                for runs in 0..12 {
                    panics += u32::from(one_panic(policy, operation, code, runs));
                }
            }
        }
    }
    assert!(panics > 500, "{panics} panics");
}

/// Whether it came to one.
fn one_panic(policy: Policy, operation: fn(&mut Map), code: Code, runs: u32) -> bool {
    let heard = Arc::default();
    let (mut map, clock) = filled(policy, &heard);
    let before = map.info();
    heard.lock().expect("not poisoned").clear();
    FUSE.set(Some((code, runs)));
    let panicked = catch_unwind(AssertUnwindSafe(|| operation(&mut map))).is_err();
    FUSE.set(None);
    map.stock.validate();
    assert!(map.weight() <= 12, "the bound holds");
    let told = heard.lock().expect("not poisoned").len() as u64;
    let info = map.info();
    // `clear` sets the counts back.
    let left =
        (info.evictions + info.expirations).saturating_sub(before.evictions + before.expirations);
    assert!(told >= left, "{told} of {left} were told ({code:?})");
    // It works on.
    map.insert(Bomb::new(100), Bomb::new(1));
    assert_eq!(map.get(&Bomb::new(100)).map(|value| value.0), Some(1));
    clock.advance(10 * SECOND);
    map.expire();
    map.stock.validate();
    drop(map);
    assert_eq!(ALIVE.get(), 0, "each is dropped once ({code:?} after {runs})");
    panicked
}

#[test]
fn those_that_leave_with_one_whose_listener_panics_are_told_too() {
    let heard = Arc::default();
    let (mut map, _clock) = map(Policy::Fifo, &heard);
    (0..4).for_each(|id| drop(map.insert(Bomb::new(id), Bomb::new(3))));
    FUSE.set(Some((Code::Listener, 0)));
    let insert = || map.entry(Bomb::new(9)).insert_entry(Bomb::new(0)).insert(Bomb::new(3)).0;
    assert!(catch_unwind(AssertUnwindSafe(insert)).is_err());
    assert_eq!(*heard.lock().expect("not poisoned"), [0]);
    let heavy = (Bomb::new(10), Bomb::new(7));
    map.retain(|key, _| key.0 != 2);
    FUSE.set(Some((Code::Listener, 0)));
    assert!(catch_unwind(AssertUnwindSafe(|| map.clear())).is_err());
    heard.lock().expect("not poisoned").sort_unstable();
    assert_eq!(*heard.lock().expect("not poisoned"), [0, 1, 2, 3, 9]);
    drop((map, heavy));
    assert_eq!(ALIVE.get(), 0);
}

#[test]
fn a_panic_of_what_has_expired_keeps_nothing_from_being_stored() {
    let (mut map, clock) = map(Policy::Lru, &Arc::default());
    for id in [0, 1] {
        map.insert(Bomb::new(id), Bomb::new(0));
    }
    clock.advance(60 * SECOND);
    FUSE.set(Some((Code::Drop, 0)));
    let insert = || drop(map.insert(Bomb::new(2), Bomb::new(0)));
    assert!(catch_unwind(AssertUnwindSafe(insert)).is_err());
    assert!(map.contains_key(&Bomb::new(2)));
    assert_eq!(map.len(), 1);
    map.validate();
}
