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
use std::sync::atomic::{AtomicU64, Ordering};

use crate::sync::{Mutex, global};

/// A flight's identity. Not its address: that may be another flight's while the thread that led
/// the first is still inside of it, in a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FlightId(u64);

impl FlightId {
    /// One that no other flight has.
    #[inline]
    pub(super) fn new() -> Self {
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
        Self(own.unwrap_or_else(|_| NEXT.fetch_add(BLOCK, Ordering::Relaxed)))
    }
}

crate::sync::thread_local! {
    /// The flights whose bodies this thread is in, outermost first. A task's body is entered anew
    /// at each poll.
    static INSIDE: RefCell<Vec<FlightId>> = const { RefCell::new(Vec::new()) };
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
        // In a thread-local's destructor the list may be gone; then nested calls go unseen, and
        // nothing can be waiting for this thread for long: it is about to end.
        let _ = INSIDE.try_with(|inside| inside.borrow_mut().push(flight));
        Self { flight, thread_bound: std::marker::PhantomData }
    }
}

impl Inside {
    /// This thread is no longer inside of the body: for who could not keep what `enter` gave.
    #[inline]
    pub(crate) fn leave(flight: FlightId) {
        let _ = INSIDE.try_with(|inside| {
            let mut inside = inside.borrow_mut();
            if let Some(at) = inside.iter().rposition(|other| *other == flight) {
                inside.remove(at);
            }
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
        let waiters = INSIDE.try_with(|inside| inside.borrow().clone()).unwrap_or_default();
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
        let same = INSIDE.try_with(|inside| *inside.borrow() == self.waiters);
        if same.unwrap_or(true) {
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
    #[cfg_attr(miri, ignore = "slow there")]
    fn no_two_flights_have_one_id() {
        let draw = || (0..10_000).map(|_| FlightId::new().0).collect::<Vec<_>>();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(draw)).collect();
        let ids = threads.into_iter().flat_map(|thread| thread.join().expect("draws"));
        let ids: std::collections::HashSet<_> = ids.chain(draw()).collect();
        assert_eq!(ids.len(), 50_000);
    }
}
