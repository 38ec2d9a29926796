//! What threads meet at in this room, so that a model checker can stand in for it.
//!
//! Under `cfg(shuttle)` a flight's lock, its condition and the list of the bodies that a thread is
//! in are Shuttle's, which tries interleavings; see `tests/tests/shuttle`.

#[cfg(not(shuttle))]
pub(super) use parking_lot::{Condvar, Mutex};
#[cfg(not(shuttle))]
pub(super) use std::thread_local;

#[cfg(shuttle)]
pub(super) use modelled::{Condvar, Mutex};
#[cfg(shuttle)]
pub(super) use shuttle::thread_local;

/// With the face of `parking_lot`'s.
#[cfg(shuttle)]
mod modelled {
    use std::ops::{Deref, DerefMut};
    use std::sync::PoisonError;
    use std::time::Instant;

    use shuttle::sync;

    #[derive(Debug)]
    pub(crate) struct Mutex<T>(sync::Mutex<T>);

    /// None only while it waits.
    pub(crate) struct MutexGuard<'m, T>(Option<sync::MutexGuard<'m, T>>);

    impl<T> Mutex<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(sync::Mutex::new(value))
        }

        pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
            MutexGuard(Some(self.0.lock().unwrap_or_else(PoisonError::into_inner)))
        }

        pub(crate) fn get_mut(&mut self) -> &mut T {
            self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
        }
    }

    impl<T> Deref for MutexGuard<'_, T> {
        type Target = T;

        fn deref(&self) -> &T {
            self.0.as_ref().expect("held")
        }
    }

    impl<T> DerefMut for MutexGuard<'_, T> {
        fn deref_mut(&mut self) -> &mut T {
            self.0.as_mut().expect("held")
        }
    }

    #[derive(Debug)]
    pub(crate) struct Condvar(sync::Condvar);

    /// Nobody's patience ends in a model, where no time goes by.
    pub(crate) struct InTime;

    impl InTime {
        #[expect(clippy::unused_self, reason = "the face of `parking_lot`'s")]
        pub(crate) fn timed_out(&self) -> bool {
            false
        }
    }

    impl Condvar {
        pub(crate) fn new() -> Self {
            Self(sync::Condvar::new())
        }

        pub(crate) fn wait<T>(&self, guard: &mut MutexGuard<'_, T>) {
            let held = guard.0.take().expect("held");
            guard.0 = Some(self.0.wait(held).unwrap_or_else(PoisonError::into_inner));
        }

        pub(crate) fn wait_until<T>(&self, guard: &mut MutexGuard<'_, T>, _: Instant) -> InTime {
            self.wait(guard);
            InTime
        }

        pub(crate) fn notify_all(&self) {
            self.0.notify_all();
        }
    }
}
