//! Locks and conditions that no panic poisons: a user's panic must not end a cache, and what is under
//! a lock of ours is whole whenever user code runs.
//!
//! Over the standard library's or, as their faces are the same, Shuttle's.

use std::ops::{Deref, DerefMut};
#[cfg(not(shuttle))]
use std::sync;
use std::sync::PoisonError;
use std::time::Duration;

#[cfg(shuttle)]
use shuttle::sync;

#[derive(Debug, Default)]
pub(crate) struct Mutex<T>(sync::Mutex<T>);

/// None only while it waits, or is let go for a moment.
#[derive(Debug)]
pub(crate) struct MutexGuard<'m, T>(Option<sync::MutexGuard<'m, T>>, &'m Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(sync::Mutex::new(value))
    }

    #[inline]
    fn take(&self) -> sync::MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline]
    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        MutexGuard(Some(self.take()), self)
    }

    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> MutexGuard<'_, T> {
    /// Lets go of the lock while `f` runs.
    pub(crate) fn unlocked<U>(held: &mut Self, f: impl FnOnce() -> U) -> U {
        held.0 = None;
        let done = f();
        held.0 = Some(held.1.take());
        done
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.0.as_ref().expect("held")
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect("held")
    }
}

#[derive(Debug, Default)]
pub(crate) struct Condvar(sync::Condvar);

impl Condvar {
    pub(crate) const fn new() -> Self {
        Self(sync::Condvar::new())
    }

    pub(crate) fn wait<T>(&self, guard: &mut MutexGuard<'_, T>) {
        let held = guard.0.take().expect("held");
        guard.0 = Some(self.0.wait(held).unwrap_or_else(PoisonError::into_inner));
    }

    /// Waits to be notified, or for so long; whether that was over first.
    #[cfg(not(shuttle))]
    pub(crate) fn wait_for<T>(&self, guard: &mut MutexGuard<'_, T>, longest: Duration) -> bool {
        let held = guard.0.take().expect("held");
        let waited = self.0.wait_timeout(held, longest).unwrap_or_else(PoisonError::into_inner);
        guard.0 = Some(waited.0);
        waited.1.timed_out()
    }

    /// Nobody's patience ends in a model, where no time goes by.
    #[cfg(shuttle)]
    pub(crate) fn wait_for<T>(&self, guard: &mut MutexGuard<'_, T>, _: Duration) -> bool {
        self.wait(guard);
        false
    }

    pub(crate) fn notify_one(&self) {
        self.0.notify_one();
    }

    pub(crate) fn notify_all(&self) {
        self.0.notify_all();
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn a_panic_leaves_the_lock_usable() {
        let mut lock = Mutex::new(1);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            *lock.lock() += 1;
            let _held = lock.lock();
            panic!("while it is held");
        }));
        assert!(panicked.is_err());
        assert_eq!(*lock.lock(), 2);
        assert_eq!(*lock.get_mut(), 2);
    }

    #[test]
    fn is_free_while_it_is_let_go() {
        let lock = Mutex::new(1);
        let mut held = lock.lock();
        MutexGuard::unlocked(&mut held, || *lock.lock() += 1);
        assert_eq!(*held, 2);
    }

    #[test]
    fn who_waits_leaves_the_lock_to_others() {
        let (lock, condition) = (Mutex::new(false), Condvar::new());
        std::thread::scope(|threads| {
            let mut held = lock.lock();
            threads.spawn(|| {
                *lock.lock() = true;
                condition.notify_all();
            });
            while !*held {
                condition.wait(&mut held);
            }
            assert!(condition.wait_for(&mut held, Duration::ZERO));
        });
    }
}
