//! Where the time is read.

mod coarse;
mod manual;

pub use manual::ManualClock;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;
// The only place that names either: for waits, and where no other clock is read.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(crate) use std::time::Instant;
// There the standard library has no clock; the browser does.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub(crate) use web_time::Instant;

/// Where a cache reads the time: monotonic, since an origin of the clock's own.
///
/// Implement it to drive a cache by a time of your own; in tests, [`ManualClock`] usually does.
/// A clock that steps back harms nothing: entries merely live longer.
///
/// ```
/// use std::time::Duration;
/// use ttl_memo::Clock;
///
/// /// Always noon: nothing ever expires.
/// struct Noon;
/// impl Clock for Noon {
///     fn now(&self) -> Duration {
///         Duration::from_secs(12 * 3600)
///     }
/// }
/// assert_eq!(Noon.now(), Noon.now());
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The time since this clock's origin.
    fn now(&self) -> Duration;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Duration {
        (**self).now()
    }
}

impl<C: Clock + ?Sized> Clock for &'static C {
    fn now(&self) -> Duration {
        (**self).now()
    }
}

/// The monotonic clock of the operating system, as [`std::time::Instant`] reads it.
///
/// It may not count time in which the machine was suspended.
///
/// ```
/// use ttl_memo::{Clock, SystemClock};
///
/// let earlier = SystemClock.now();
/// assert!(SystemClock.now() >= earlier);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        Duration::from_nanos(coarse::precise())
    }
}

/// A cache's clock: the operating system's, which is read in two precisions, or the user's.
pub enum Time {
    System,
    User(Box<dyn Clock>),
}

impl Time {
    /// Now, in nanoseconds since the clock's origin; saturates after 584 years.
    #[inline]
    pub(crate) fn precise(&self) -> u64 {
        match self {
            Self::System => coarse::precise(),
            Self::User(clock) => of(&**clock),
        }
    }

    /// Whether it is a clock of the user's.
    #[inline]
    pub(crate) fn is_users(&self) -> bool {
        matches!(self, Self::User(_))
    }

    /// Now or up to [`coarse::MARGIN`] earlier, for a fraction of the cost.
    #[inline]
    pub(crate) fn coarse(&self) -> u64 {
        match self {
            Self::System => coarse::coarse(),
            Self::User(clock) => of(&**clock),
        }
    }

    /// Whether `now < deadline`, exactly, where it was `coarse` just now: the precise clock is asked
    /// only where the coarse one cannot tell.
    #[inline]
    pub(crate) fn is_yet_before(&self, coarse: u64, deadline: u64) -> bool {
        is_well_before(coarse, deadline) || self.is_just_before(coarse, deadline)
    }

    #[cold]
    fn is_just_before(&self, coarse: u64, deadline: u64) -> bool {
        match self {
            Self::System => coarse::precise() < deadline,
            // Read once a call: it is as precise as it gets.
            Self::User(_) => coarse < deadline,
        }
    }

    /// A reading to count a period from: the coarse one, unless the period is short beside what
    /// that may lie behind.
    #[inline]
    pub(crate) fn for_period(&self, coarse: u64, period: u64) -> u64 {
        match self {
            Self::System if period < coarse::LONG => coarse::precise(),
            _ => coarse,
        }
    }

    /// Whether `now < deadline`, exactly: the precise clock is asked only where the coarse one
    /// cannot tell.
    #[inline]
    pub(crate) fn is_before(&self, deadline: u64) -> bool {
        self.is_yet_before(self.coarse(), deadline)
    }
}

/// Whether it is before `deadline` whatever the time may be when it is `coarse`.
#[inline]
pub(crate) fn is_well_before(coarse: u64, deadline: u64) -> bool {
    // Never too much: no clock says more than `LAST`.
    coarse.wrapping_add(coarse::MARGIN) < deadline
}

/// The latest that a clock says: with the margin, it does not reach the end of time, so that what
/// lives for ever does.
pub(crate) const LAST: u64 = u64::MAX - 1 - coarse::MARGIN;

fn of(clock: &dyn Clock) -> u64 {
    nanos(clock.now()).min(LAST)
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "SystemClock",
            Self::User(_) => "a clock of the user's",
        })
    }
}

/// A duration in nanoseconds, saturating: `u64::MAX` stands for "for ever".
#[inline]
pub(crate) fn nanos(duration: Duration) -> u64 {
    duration
        .as_secs()
        .saturating_mul(1_000_000_000)
        .saturating_add(u64::from(duration.subsec_nanos()))
}
