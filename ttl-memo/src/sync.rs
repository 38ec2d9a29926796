//! What threads meet at, in one place, so that a model checker can stand in for it.
//!
//! Under `cfg(shuttle)` every lock, condition, thread-local and global, and every atomic of the
//! store and of its reclamation, is Shuttle's, which tries interleavings; see `scripts/thorough`.

use std::time::Duration;

use crate::clock::Instant;

#[cfg(not(shuttle))]
mod real {
    pub(crate) use std::sync::atomic;
    pub(crate) use std::thread::yield_now;
    pub(crate) use std::thread_local;

    /// A static that threads meet at.
    macro_rules! global {
        ($(#[$attribute:meta])* static $name:ident: $type:ty = $value:expr;) => {
            $(#[$attribute])*
            static $name: $type = $value;
        };
    }

    pub(crate) use global;
}

mod latch;
mod locks;
#[cfg(shuttle)]
#[path = "sync/modelled.rs"]
mod modelled;

pub(crate) use latch::{Latch, LatchGuard};
pub(crate) use locks::{Condvar, Mutex, MutexGuard};
#[cfg(shuttle)]
pub(crate) use modelled::*;
#[cfg(not(shuttle))]
pub(crate) use real::*;

/// Of what two threads do on either side of one, the first that comes is seen by the other.
///
/// The thread sanitizer knows no fences. For it (`--cfg tsan`) each is a change of one number, too,
/// which puts them all in one order and so also what is before the one and after the other.
#[inline]
pub(crate) fn fence() {
    #[cfg(tsan)]
    {
        static FENCES: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        FENCES.fetch_add(0, atomic::Ordering::SeqCst);
    }
    atomic::fence(atomic::Ordering::SeqCst);
}

/// Waits to be notified, or until `end`; whether that came first.
///
/// By a duration, because the lock's instants are the standard library's, and ours need not be.
pub(crate) fn wait_until<T>(
    condition: &Condvar,
    held: &mut MutexGuard<'_, T>,
    end: Instant,
) -> bool {
    let left = end.saturating_duration_since(Instant::now());
    left == Duration::ZERO || condition.wait_for(held, left)
}

/// Alone on its cache lines (two, as processors fetch them in pairs).
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct Padded<T>(pub(crate) T);

impl<T> std::ops::Deref for Padded<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.0
    }
}
