//! What a call on a shared cache begins with.

use crate::clock::Time;
use crate::reclaim::{self, ThreadSlot};

/// The time by a coarse reading, and the thread's place among the readers.
///
/// Had first: what is behind it calls nothing more on its way to a hit, and so has all registers
/// to itself. Not to be kept for another call.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    pub(crate) now: u64,
    pub(crate) slot: &'static ThreadSlot,
}

impl Arrival {
    /// Now, by `time`.
    #[inline]
    pub(crate) fn at(time: &Time) -> Self {
        let slot = reclaim::here();
        let now = match time {
            Time::System => Time::System.coarse(),
            Time::User(_) => by_user(time),
        };
        Self { now, slot }
    }
}

/// Apart, as the clock's code is not known. It may call a cached function itself, and so be the
/// first to give the thread its slot: then this call is answered without haste.
#[cold]
#[inline(never)]
fn by_user(time: &Time) -> u64 {
    time.coarse()
}
