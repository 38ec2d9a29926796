//! Who waits for whom, so that nobody waits for himself.
//!
//! A body that is running is inside of its flight, and of those around it. When it waits for
//! another flight, each of these waits for that one: edges of a graph. Before a wait begins the
//! graph is searched for a path back; if there is one, waiting would never end.
//!
//! Invariant: search and insertion happen under one lock, so of two waits that would close a
//! circle the second sees the first.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::sync::{Mutex, global};

/// A flight's identity. Not its address: that may be another flight's while the thread that led
/// the first is still inside of it, in a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FlightId(NonZeroU64);

impl FlightId {
    /// That of no flight.
    pub(super) fn none() -> Self {
        Self(NonZeroU64::MAX)
    }

    /// One that no other flight has.
    #[inline]
    pub(crate) fn new() -> Self {
        /// So many are drawn by a thread at a time: threads that load do not meet here.
        const BLOCK: u64 = 1 << 12;
        static NEXT: AtomicU64 = AtomicU64::new(0);
        thread_local! {
            static DRAWN: Cell<u64> = const { Cell::new(0) };
        }
        let own = DRAWN.try_with(|drawn| {
            let mut id = drawn.get();
            if id % BLOCK == 0 {
                id = NEXT.fetch_add(BLOCK, Ordering::Relaxed);
            }
            drawn.set(id + 1);
            id
        });
        // In a thread-local's destructor: a block for one.
        let id = own.unwrap_or_else(|_| NEXT.fetch_add(BLOCK, Ordering::Relaxed));
        Self(NonZeroU64::MIN.saturating_add(id))
    }
}

crate::sync::thread_local! {
    /// The flight whose body this thread is in, and how many are around it. A task's body is
    /// entered anew at each poll. Without a destructor, and most bodies are in no other.
    static INSIDE: Cell<(Option<FlightId>, usize)> = const { Cell::new((None, 0)) };
    /// Those around it, outermost first.
    static AROUND: RefCell<Vec<FlightId>> = const { RefCell::new(Vec::new()) };
}

/// The flights whose bodies this thread is in.
fn inside() -> Vec<FlightId> {
    let Ok((Some(innermost), _)) = INSIDE.try_with(Cell::get) else { return Vec::new() };
    let mut all = AROUND.try_with(|around| around.borrow().clone()).unwrap_or_default();
    all.push(innermost);
    all
}

/// Another body around the innermost; none that is seen where the list has gone, in a thread-local's
/// destructor: nothing can be waiting for this thread for long, it is about to end.
#[cold]
fn surround(by: FlightId) -> usize {
    let pushed = AROUND.try_with(|around| {
        around.borrow_mut().push(by);
        around.borrow().len()
    });
    pushed.unwrap_or_default()
}

/// Out of a body that others are around, or that is around another.
#[cold]
fn leave_among_others(flight: FlightId, innermost: Option<FlightId>) {
    let left = AROUND.try_with(|around| {
        let mut around = around.borrow_mut();
        if innermost == Some(flight) {
            return (around.pop(), around.len());
        }
        if let Some(at) = around.iter().rposition(|other| *other == flight) {
            around.remove(at);
        }
        (innermost, around.len())
    });
    let _ = INSIDE.try_with(|inside| inside.set(left.unwrap_or_default()));
}

global! {
    /// Waits in progress: for each flight, those that it waits for.
    ///
    /// Only bodies that call other cached functions, and have to wait there, come here.
    static WAITS: Mutex<BTreeMap<FlightId, Vec<FlightId>>> = Mutex::new(BTreeMap::new());
}

/// While it lives, this thread is inside the body of a flight.
///
/// To be dropped on the thread that made it.
#[derive(Debug)]
pub(crate) struct Inside {
    flight: FlightId,
    thread_bound: std::marker::PhantomData<*const ()>,
}

impl Inside {
    #[inline]
    pub(crate) fn enter(flight: FlightId) -> Self {
        let _ = INSIDE.try_with(|inside| {
            let around = inside.get().0.map_or(0, surround);
            inside.set((Some(flight), around));
        });
        Self { flight, thread_bound: std::marker::PhantomData }
    }
}

impl Inside {
    /// This thread is no longer inside of the body: for who could not keep what `enter` gave.
    #[inline]
    pub(crate) fn leave(flight: FlightId) {
        let _ = INSIDE.try_with(|inside| match inside.get() {
            (Some(innermost), 0) if innermost == flight => inside.set((None, 0)),
            (innermost, _) => leave_among_others(flight, innermost),
        });
    }
}

impl Drop for Inside {
    #[inline]
    fn drop(&mut self) {
        Self::leave(self.flight);
    }
}

/// While it lives, the flights that this thread was inside of when it began wait for another.
#[derive(Debug)]
pub(crate) struct Wait {
    waiters: Vec<FlightId>,
    target: FlightId,
}

impl Wait {
    /// None if `target` is, or waits for, a flight that this thread is inside of: waiting for it
    /// would never end.
    pub(crate) fn on(target: FlightId) -> Option<Self> {
        let waiters = inside();
        if waiters.is_empty() {
            return Some(Self { waiters, target });
        }
        let mut waits = WAITS.lock();
        let mut reached = vec![target];
        let mut next = 0;
        while let Some(&flight) = reached.get(next) {
            if waiters.contains(&flight) {
                return None;
            }
            for waited_for in waits.get(&flight).into_iter().flatten() {
                if !reached.contains(waited_for) {
                    reached.push(*waited_for);
                }
            }
            next += 1;
        }
        for &waiter in &waiters {
            waits.entry(waiter).or_default().push(target);
        }
        Some(Self { waiters, target })
    }

    /// Whether to wait on: this thread may be inside of other flights than when the wait began,
    /// because a future may be polled outside of a body first, and then by one.
    pub(crate) fn goes_on(&mut self) -> bool {
        if inside() == self.waiters {
            return true;
        }
        let Some(wait) = Self::on(self.target) else { return false };
        *self = wait;
        true
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if self.waiters.is_empty() {
            return;
        }
        let mut waits = WAITS.lock();
        for waiter in &self.waiters {
            let Some(targets) = waits.get_mut(waiter) else { continue };
            if let Some(at) = targets.iter().position(|target| *target == self.target) {
                targets.swap_remove(at);
            }
            if targets.is_empty() {
                waits.remove(waiter);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_that_would_close_a_circle_does_not_begin() {
        let (a, b, c) = (FlightId::new(), FlightId::new(), FlightId::new());
        let a_for_b = {
            let _in_a = Inside::enter(a);
            assert!(Wait::on(a).is_none(), "for itself");
            Wait::on(b).expect("nobody waits for a")
        };
        let b_for_c = {
            let _in_b = Inside::enter(b);
            assert!(Wait::on(a).is_none(), "a waits for b");
            Wait::on(c).expect("c waits for nobody")
        };
        let _in_c = Inside::enter(c);
        assert!(Wait::on(a).is_none(), "a waits for b, b for c");
        drop(b_for_c);
        assert!(Wait::on(a).is_some());
        drop(a_for_b);
        assert!(!WAITS.lock().contains_key(&a), "an ended wait leaves nothing behind");
    }

    #[test]
    fn a_thread_leaves_bodies_in_any_order() {
        let (a, b, c) = (FlightId::new(), FlightId::new(), FlightId::new());
        let enter = |flight| std::mem::forget(Inside::enter(flight));
        assert_eq!(inside(), []);
        [a, b, c].into_iter().for_each(enter);
        assert_eq!(inside(), [a, b, c]);
        Inside::leave(b);
        assert_eq!(inside(), [a, c]);
        Inside::leave(b);
        assert_eq!(inside(), [a, c], "it was in there once");
        enter(b);
        Inside::leave(a);
        assert_eq!(inside(), [c, b]);
        Inside::leave(b);
        Inside::leave(c);
        assert_eq!(inside(), []);
        Inside::leave(c);
        enter(a);
        Inside::leave(b);
        assert_eq!(inside(), [a], "it is not in there");
        Inside::leave(a);
        let outer = Inside::enter(a);
        {
            let _inner = Inside::enter(a);
            assert_eq!(inside(), [a, a], "a body that calls itself from a listener");
        }
        drop(outer);
        assert_eq!(inside(), []);
    }

    #[test]
    #[cfg_attr(miri, ignore = "slow there")]
    fn no_two_flights_have_one_id() {
        let draw = || (0..10_000).map(|_| FlightId::new().0).collect::<Vec<_>>();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(draw)).collect();
        let ids = threads.into_iter().flat_map(|thread| thread.join().expect("draws"));
        let ids: std::collections::HashSet<_> = ids.chain(draw()).collect();
        assert_eq!(ids.len(), 50_000);
    }
}
