//! Where the tasks that wait for a flight leave their wakers.

use std::task::Waker;

use crate::farewells::Farewells;

/// The wakers of those who wait, each on a seat of its own; seats are used again.
#[derive(Debug, Default)]
pub(super) struct Seats {
    wakers: Vec<Option<Waker>>,
    free: Vec<usize>,
}

/// A task's place among those who wait for one flight.
#[derive(Debug, Default)]
pub(crate) struct Seat(Option<usize>);

impl Seats {
    /// Puts `waker` on `seat`, in place of the one there before, which is given back: its `Drop` is
    /// not ours.
    pub(super) fn sit(&mut self, seat: &mut Seat, waker: Waker) -> Option<Waker> {
        let at = *seat.0.get_or_insert_with(|| {
            self.free.pop().unwrap_or_else(|| {
                self.wakers.push(None);
                self.wakers.len() - 1
            })
        });
        self.wakers[at].replace(waker)
    }

    pub(super) fn leave(&mut self, seat: &mut Seat) -> Option<Waker> {
        let at = seat.0.take()?;
        // Gone when the flight has ended, and with it all its seats.
        let waker = self.wakers.get_mut(at)?.take();
        self.free.push(at);
        waker
    }

    /// Wakes all, even if waking some of them panics.
    pub(super) fn wake_all(self) {
        let mut farewells = Farewells::default();
        for waker in self.wakers.into_iter().flatten() {
            farewells.attempt(|| waker.wake());
        }
        farewells.end();
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use super::*;

    #[test]
    fn a_seat_is_used_again() {
        let mut seats = Seats::default();
        let (mut one, mut other) = (Seat::default(), Seat::default());
        for _ in 0..100 {
            assert!(seats.sit(&mut one, Waker::noop().clone()).is_none());
            assert!(seats.sit(&mut one, Waker::noop().clone()).is_some());
            assert!(seats.sit(&mut other, Waker::noop().clone()).is_none());
            assert!(seats.leave(&mut one).is_some());
            assert!(seats.leave(&mut one).is_none());
            assert!(seats.leave(&mut other).is_some());
        }
        assert_eq!(seats.wakers.len(), 2);
    }

    #[test]
    fn all_are_woken_whichever_panic() {
        struct Panics(AtomicUsize);
        impl Wake for Panics {
            fn wake(self: Arc<Self>) {
                self.0.fetch_add(1, Ordering::Relaxed);
                panic!("woken");
            }
        }

        let woken = Arc::new(Panics(AtomicUsize::new(0)));
        let mut seats = Seats::default();
        for _ in 0..3 {
            seats.sit(&mut Seat::default(), Arc::clone(&woken).into());
        }
        assert!(catch_unwind(AssertUnwindSafe(|| seats.wake_all())).is_err());
        assert_eq!(woken.0.load(Ordering::Relaxed), 3);
    }
}
