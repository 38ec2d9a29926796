//! Who waits for whom, so that nobody waits for himself.

use std::cell::RefCell;
use std::sync::LazyLock;

use parking_lot::Mutex;

/// A flight's identity: its address, for as long as it lives.
pub(crate) type FlightId = usize;

thread_local! {
    /// The flights whose bodies this thread is in, outermost first.
    static INSIDE: RefCell<Vec<FlightId>> = const { RefCell::new(Vec::new()) };
}

/// Waits in progress: `(waiter, flight waited for)`.
static WAITS: LazyLock<Mutex<Vec<(FlightId, FlightId)>>> = LazyLock::new(Mutex::default);

/// While it lives, this thread is inside the body of a flight.
#[derive(Debug)]
pub(crate) struct Inside(FlightId);

impl Inside {
    pub(crate) fn enter(flight: FlightId) -> Self {
        // In a thread-local's destructor the list may be gone; then nested calls go unseen, and
        // nothing can be waiting for this thread for long: it is about to end.
        let _ = INSIDE.try_with(|inside| inside.borrow_mut().push(flight));
        Self(flight)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        let _ = INSIDE.try_with(|inside| {
            let mut inside = inside.borrow_mut();
            if let Some(at) = inside.iter().rposition(|flight| *flight == self.0) {
                inside.remove(at);
            }
        });
    }
}

/// While it lives, the flights that this thread is inside of wait for another.
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
            for &(waiter, waited_for) in waits.iter() {
                if waiter == flight && !reached.contains(&waited_for) {
                    reached.push(waited_for);
                }
            }
            next += 1;
        }
        waits.extend(waiters.iter().map(|&waiter| (waiter, target)));
        Some(Self { waiters, target })
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if self.waiters.is_empty() {
            return;
        }
        let mut waits = WAITS.lock();
        for &waiter in &self.waiters {
            if let Some(at) = waits.iter().position(|&wait| wait == (waiter, self.target)) {
                waits.swap_remove(at);
            }
        }
    }
}
