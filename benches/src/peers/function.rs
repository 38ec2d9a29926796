//! A memoized function, whatever memoizes it.

use std::hint::black_box;
use std::time::Duration;

use hashbrown::Equivalent;

use super::bodies;

/// Called once, or many times at the price of one virtual call.
pub trait Function<K, V>: Send + Sync {
    /// One call.
    fn call(&self, key: K) -> V;

    /// One call for each key.
    fn calls(&self, keys: &[K]);
}

impl<K: Copy, V, F: Fn(K) -> V + Send + Sync> Function<K, V> for F {
    fn call(&self, key: K) -> V {
        self(key)
    }

    fn calls(&self, keys: &[K]) {
        for &key in keys {
            black_box(self(black_box(key)));
        }
    }
}

/// A function of its own.
pub type Boxed<K, V> = Box<dyn Function<K, V>>;

/// A function with a slow body, and in which form.
pub type Slow = (&'static str, Boxed<u64, u64>);

/// What a function of a number is for. A macro's cache is a static, so each use has a function of
/// its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Hits among few keys, with room to spare.
    Hits,
    /// Misses in a small full cache.
    Small,
    /// Misses in a large full cache.
    Large,
    /// Hits among 100,000 keys, with room to spare.
    Wide,
    /// Hits and misses, told by [`runs`](super::runs).
    Mixed,
    /// 1,000 keys where there is room for 1,024, misses told by [`runs`](super::runs).
    Exact,
    /// To be filled and weighed.
    Held,
    /// 100,000 entries that expire soon.
    Brief,
}

impl Use {
    /// The most entries.
    pub const fn maxsize(self) -> usize {
        match self {
            Self::Hits => 4_096,
            Self::Small | Self::Exact => 1_024,
            Self::Large | Self::Mixed | Self::Held | Self::Brief => 100_000,
            Self::Wide => 200_000,
        }
    }

    /// How long entries live.
    pub const fn ttl(self) -> Duration {
        match self {
            Self::Brief => Duration::from_millis(1_500),
            _ => Duration::from_secs(600),
        }
    }

    /// What is memoized.
    pub fn body(self) -> fn(u64) -> u64 {
        match self {
            Self::Mixed | Self::Exact => bodies::counted,
            _ => bodies::number,
        }
    }
}

/// Looks a `(String, u32)` up without making one. Hashes as the owned pair does.
#[derive(Hash)]
pub(super) struct TextPair(pub(super) &'static str, pub(super) u32);

/// The trait that every crate here re-exports.
impl Equivalent<(String, u32)> for TextPair {
    fn equivalent(&self, key: &(String, u32)) -> bool {
        self.1 == key.1 && self.0 == key.0
    }
}
