//! Words that options are made of.

/// Which live entry goes when a cache is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Policy {
    /// Learns what the workload rewards.
    #[default]
    Adaptive,
    /// The least recently used.
    Lru,
    /// The first stored.
    Fifo,
    /// The least frequently used.
    Lfu,
    /// Any.
    Random,
}

/// The default hash function: fast, and seeded at random in each process, so that nobody can
/// choose keys that collide.
pub type RandomState = foldhash::fast::RandomState;
