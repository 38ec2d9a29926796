//! What a call on a shared cache begins with.

use crate::clock::Time;
use crate::reclaim::{self, ThreadSlot};

/// The time by a coarse reading, and the thread's place among the readers, if it has one.
///
/// Had at once, in one call that is not inlined: what is behind it calls nothing more on its way
/// to a hit, and so has all registers to itself. Not to be kept for another call.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    pub(crate) now: u64,
    pub(crate) slot: Option<&'static ThreadSlot>,
}

impl Arrival {
    /// Now, by `time`.
    #[inline]
    pub(crate) fn at(time: &Time) -> Self {
        match time {
            Time::System => Self::by_system(),
            Time::User(_) => Self::by_user(time),
        }
    }

    #[inline(never)]
    fn by_system() -> Self {
        let now = Time::System.coarse();
        Self { now, slot: reclaim::own() }
    }

    /// The clock's code may call a cached function itself: the slot is asked for after it.
    #[cold]
    fn by_user(time: &Time) -> Self {
        let now = time.coarse();
        Self { now, slot: reclaim::own() }
    }
}
