//! Memory that will be needed soon.

/// Asks for the cache line where `it` begins. Nothing waits for it, and nothing depends on it.
#[inline]
pub(crate) fn ask_for<T>(it: &T) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a hint, which reads and writes nothing; every such processor has it.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(core::ptr::from_ref(it).cast()) };
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = it;
}
