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

/// Declared here, as one function is too little to build the crate `libc` for. On a Linux of 64 bits
/// the kernel and every C library agree on the struct's form and the clocks' numbers, and the standard
/// library links the function for its own use.
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod platform {
    use std::mem::MaybeUninit;

    const MONOTONIC: i32 = 1;
    const MONOTONIC_COARSE: i32 = 6;

    #[repr(C)]
    struct Timespec {
        seconds: i64,
        nanos: i64,
    }

    unsafe extern "C" {
        fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
    }

    #[inline]
    #[expect(clippy::cast_sign_loss, reason = "no time since boot is negative")]
    fn read(clock: i32) -> u64 {
        let mut time = MaybeUninit::<Timespec>::uninit();
        // SAFETY: `time` is a live, writable timespec for the whole call.
        let status = unsafe { clock_gettime(clock, time.as_mut_ptr()) };
        if status != 0 {
            return without(clock);
        }
        // SAFETY: it has been written.
        let time = unsafe { time.assume_init() };
        // Neither part is negative on a monotonic clock, which starts at boot.
        (time.seconds as u64).wrapping_mul(1_000_000_000).wrapping_add(time.nanos as u64)
    }

    /// Linux has both clocks since 2.6.32, but what stands for it may not have the coarse one.
    #[cold]
    #[inline(never)]
    fn without(clock: i32) -> u64 {
        assert!(clock == MONOTONIC_COARSE, "every Linux has a monotonic clock");
        precise()
    }

    #[inline]
    pub(crate) fn precise() -> u64 {
        read(MONOTONIC)
    }

    #[inline]
    pub(crate) fn coarse() -> u64 {
        read(MONOTONIC_COARSE)
    }
}

#[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
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
