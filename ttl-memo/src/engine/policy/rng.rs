//! Cheap random numbers, good enough to draw samples with.

/// Marsaglia's xorshift with 64 bits of state.
#[derive(Clone, Debug)]
pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn new(seed: u64) -> Self {
        // Seeds that differ in a bit must not start alike, and zero is the one state that sticks.
        let mixed = (seed ^ (seed >> 31)).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self((mixed ^ (mixed >> 29)) | 1)
    }

    /// A number below `bound`, or zero if that is zero.
    #[inline]
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The high halves' product: no division, and a bias that no sample of ours can show.
        (((self.0 >> 32) * u64::from(bound)) >> 32) as u32
    }
}
