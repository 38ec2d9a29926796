//! The operating system's monotonic clock, in two precisions.
//!
//! A precise reading costs some 25 ns, most of it to read the processor's counter; the coarse one
//! is the time of the kernel's last tick, and costs a fifth. Both count from the same origin.

/// By how much a coarse reading may lie behind a precise one, in nanoseconds, with room to spare.
///
/// A tick is 1 to 10 ms, and one processor sees to it that the time goes on. Where that one is
/// stopped, by its host say, Linux has another take over after five ticks of its own, so up to some
/// 60 ms late. Kernels that do not (before 2022) wait for it: then others may be served an entry
/// past its deadline for as much of the stop as is longer than this, and no longer.
pub(crate) const MARGIN: u64 = 250_000_000;

/// Beside a period of this many nanoseconds a tick is nothing.
pub(crate) const LONG: u64 = 1_000_000_000;

#[cfg(target_os = "linux")]
mod platform {
    #[inline]
    #[expect(clippy::cast_sign_loss, reason = "no time since boot is negative")]
    fn read(clock: libc::clockid_t) -> u64 {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: `time` is a live, writable timespec for the whole call.
        let status = unsafe { libc::clock_gettime(clock, &raw mut time) };
        debug_assert_eq!(status, 0, "Linux has both clocks since 2.6.32");
        // Neither part is negative on a monotonic clock, which starts at boot.
        (time.tv_sec as u64).wrapping_mul(1_000_000_000).wrapping_add(time.tv_nsec as u64)
    }

    #[inline]
    pub(crate) fn precise() -> u64 {
        read(libc::CLOCK_MONOTONIC)
    }

    #[inline]
    pub(crate) fn coarse() -> u64 {
        read(libc::CLOCK_MONOTONIC_COARSE)
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    use std::sync::OnceLock;

    use crate::clock::Instant;

    pub(crate) fn precise() -> u64 {
        static ORIGIN: OnceLock<Instant> = OnceLock::new();
        crate::clock::nanos(ORIGIN.get_or_init(Instant::now).elapsed())
    }

    pub(crate) fn coarse() -> u64 {
        precise()
    }
}

pub(crate) use platform::{coarse, precise};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg_attr(miri, ignore = "slow there")]
    fn a_coarse_reading_never_runs_ahead() {
        for _ in 0..10_000 {
            assert!(coarse() <= precise());
        }
    }
}
