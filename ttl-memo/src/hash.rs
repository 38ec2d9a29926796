//! The default hash function, as types of our own: another one later breaks nobody.

use std::any::TypeId;
use std::hash::BuildHasher;

use foldhash::fast;

use crate::call::site::id_of;

/// The default hash function: fast, and seeded at random in each process, so that nobody can choose
/// keys that collide. Which function it is may change with any version.
///
/// ```
/// use std::hash::BuildHasher;
/// use ttl_memo::RandomState;
///
/// let state = RandomState::default();
/// assert_eq!(state.hash_one("key"), state.clone().hash_one("key"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct RandomState(fast::RandomState);

impl BuildHasher for RandomState {
    type Hasher = Hasher;

    #[inline]
    fn build_hasher(&self) -> Hasher {
        Hasher(self.0.build_hasher())
    }
}

/// A hash by `S`, with all that there is of it in its higher half, where the best is that a weak hash
/// function has; ours is as good in any.
#[inline]
pub(crate) fn spread<S>(hash: u64) -> u64 {
    if id_of::<S>() == TypeId::of::<RandomState>() {
        hash
    } else {
        hash.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

/// What [`RandomState`] makes.
#[derive(Clone)]
pub struct Hasher(<fast::RandomState as BuildHasher>::Hasher);

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What it holds tells of the seed.
        f.debug_struct("Hasher").finish_non_exhaustive()
    }
}

#[expect(clippy::inline_always, reason = "what is fed is known where it is inlined, and folds")]
impl std::hash::Hasher for Hasher {
    #[inline(always)]
    fn finish(&self) -> u64 {
        self.0.finish()
    }

    #[inline(always)]
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    #[inline(always)]
    fn write_u8(&mut self, n: u8) {
        self.0.write_u8(n);
    }

    #[inline(always)]
    fn write_u16(&mut self, n: u16) {
        self.0.write_u16(n);
    }

    #[inline(always)]
    fn write_u32(&mut self, n: u32) {
        self.0.write_u32(n);
    }

    #[inline(always)]
    fn write_u64(&mut self, n: u64) {
        self.0.write_u64(n);
    }

    #[inline(always)]
    fn write_u128(&mut self, n: u128) {
        self.0.write_u128(n);
    }

    #[inline(always)]
    fn write_usize(&mut self, n: usize) {
        self.0.write_usize(n);
    }
}
