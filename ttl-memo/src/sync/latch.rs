//! The lock of a shard: as [`Mutex`], but given back by a plain store.
//!
//! A miss takes its shard's lock twice, and beside what it does there an atomic exchange is dear: not
//! for itself, but because nothing goes on behind it before all is done that came before it. A lock
//! that knows by one number whether it is held, and by another whether anybody sleeps for it, is
//! given back by a store of the one and a look at the other.
//!
//! The processor may take the look before others see the store. Then one who goes to sleep just then
//! sees the lock held still, and is not seen. So nobody sleeps for longer than a [moment](NAP)
//! without looking for himself: that is what such a meeting costs, which takes a few nanoseconds'
//! coincidence between threads of which one has waited in vain for a microsecond. That the lock is one
//! thread's at a time, and what it left is seen by the next, is not in question.

use std::cell::UnsafeCell;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use super::atomic::{AtomicU32, Ordering};
use super::{Condvar, Mutex};

/// A lock for what is done in a few hundred instructions.
pub(crate) struct Latch<T> {
    /// [`FREE`] or [`HELD`].
    state: AtomicU32,
    /// How many sleep and have not been called. Changes under the gate.
    sleepers: AtomicU32,
    /// How many have been called, and are not awake yet: who gives the lock back meanwhile calls no
    /// other.
    gate: Mutex<u32>,
    freed: Condvar,
    value: UnsafeCell<T>,
}

/// What is behind a latch, for who holds it.
#[must_use]
pub(crate) struct LatchGuard<'l, T> {
    latch: &'l Latch<T>,
    /// Given back by the thread that took it.
    bound: std::marker::PhantomData<*const ()>,
}

const FREE: u32 = 0;
const HELD: u32 = 1;

/// So often it is looked at before a thread goes to sleep: about as long as that takes.
const SPINS: u32 = if cfg!(any(shuttle, miri)) { 0 } else { 100 };

/// The longest that nobody looks.
const NAP: Duration = Duration::from_micros(200);

// SAFETY: whoever has a guard has the value to himself: one thread after the other.
unsafe impl<T: Send> Sync for Latch<T> {}
// SAFETY: a guard that others look at shows them the value.
unsafe impl<T: Sync> Sync for LatchGuard<'_, T> {}

impl<T> Latch<T> {
    pub(crate) fn new(value: T) -> Self {
        let (state, sleepers) = (AtomicU32::new(FREE), AtomicU32::new(0));
        let (gate, freed) = (Mutex::new(0), Condvar::new());
        Self { state, sleepers, gate, freed, value: UnsafeCell::new(value) }
    }

    #[inline]
    pub(crate) fn lock(&self) -> LatchGuard<'_, T> {
        if !self.take() {
            self.wait();
        }
        LatchGuard { latch: self, bound: std::marker::PhantomData }
    }

    #[inline]
    pub(crate) fn try_lock(&self) -> Option<LatchGuard<'_, T>> {
        self.take().then(|| LatchGuard { latch: self, bound: std::marker::PhantomData })
    }

    /// Acquire: what the one before has done is seen.
    #[inline]
    fn take(&self) -> bool {
        self.state.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    #[cold]
    #[inline(never)]
    fn wait(&self) {
        for _ in 0..SPINS {
            std::hint::spin_loop();
            if self.state.load(Ordering::Relaxed) == FREE && self.take() {
                return;
            }
        }
        while !self.sleep() {
            if self.take() {
                return;
            }
        }
    }

    /// Waits to be called, or for a nap; true if it was free meanwhile, and is had.
    fn sleep(&self) -> bool {
        let mut called = self.gate.lock();
        // Before the attempt: whoever gives the lock back after that sees it.
        self.sleepers.fetch_add(1, Ordering::SeqCst);
        let taken = self.take();
        if !taken {
            self.freed.wait_for(&mut called, NAP);
        }
        // Among those who sleep or those who are called, whichever: they are as many together.
        if *called > 0 {
            *called -= 1;
        } else {
            self.sleepers.fetch_sub(1, Ordering::Relaxed);
        }
        taken
    }

    #[inline]
    fn give_back(&self) {
        // Release: the next sees all that was done.
        self.state.store(FREE, Ordering::Release);
        if self.sleepers.load(Ordering::Relaxed) != 0 {
            self.wake();
        }
    }

    #[cold]
    #[inline(never)]
    fn wake(&self) {
        {
            // Whoever found the lock held, under the gate, sleeps when that is had.
            let mut called = self.gate.lock();
            if self.sleepers.load(Ordering::Relaxed) == 0 {
                return;
            }
            self.sleepers.fetch_sub(1, Ordering::Relaxed);
            *called += 1;
        }
        self.freed.notify_one();
    }
}

impl<T> Drop for LatchGuard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.latch.give_back();
    }
}

impl<T> Deref for LatchGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: there is one guard at a time, and `&mut` is had only through `&mut` of it.
        unsafe { &*self.latch.value.get() }
    }
}

impl<T> DerefMut for LatchGuard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: there is one guard at a time, and this has it exclusively.
        unsafe { &mut *self.latch.value.get() }
    }
}

impl<T> fmt::Debug for Latch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Latch").field("state", &self.state).finish_non_exhaustive()
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn is_one_threads_at_a_time() {
        const THREADS: usize = 4;
        const EACH: usize = if cfg!(miri) { 20 } else { 20_000 };
        let (latch, start) = (Latch::new((0_usize, 0_usize)), Barrier::new(THREADS));
        std::thread::scope(|threads| {
            for _ in 0..THREADS {
                threads.spawn(|| {
                    start.wait();
                    for turn in 0..EACH {
                        let mut held = latch.lock();
                        held.0 += 1;
                        // Some hold it for longer than others spin.
                        if turn % 512 == 0 {
                            std::thread::yield_now();
                        }
                        held.1 += 1;
                        assert_eq!(held.0, held.1, "nobody else was at it");
                    }
                });
            }
        });
        assert_eq!(latch.lock().0, THREADS * EACH);
    }

    #[test]
    fn is_not_had_twice_and_is_free_again_even_after_a_panic() {
        let latch = Latch::new(1);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let mut held = latch.lock();
            *held += 1;
            assert!(latch.try_lock().is_none());
            panic!("while it is held");
        }));
        assert!(panicked.is_err());
        assert_eq!(latch.try_lock().as_deref(), Some(&2));
    }

    #[test]
    fn who_sleeps_for_it_gets_it() {
        let latch = Latch::new(0);
        std::thread::scope(|threads| {
            let held = latch.lock();
            let sleeper = threads.spawn(|| *latch.lock() += 1);
            while latch.sleepers.load(Ordering::Relaxed) == 0 {
                std::thread::yield_now();
            }
            drop(held);
            sleeper.join().expect("it does not panic");
        });
        assert_eq!((*latch.lock(), latch.sleepers.load(Ordering::Relaxed)), (1, 0));
        assert_eq!(*latch.gate.lock(), 0, "nobody is called who does not come");
    }
}
