//! How long to measure.

/// Rounds and calls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// Rounds of what is quick.
    pub(crate) rounds: usize,
    /// Rounds of what takes long.
    pub(crate) long_rounds: usize,
    /// Thousands of calls in a round of hits.
    pub(crate) passes: usize,
    /// Misses in a round.
    pub(crate) misses: usize,
    /// Calls of each thread in a round of hits and misses, after as many to warm up.
    pub(crate) mixed: usize,
    /// Misses that a full cache has to take before it is weighed again.
    pub(crate) churn: u64,
    /// Times that entries expire at once.
    pub(crate) bursts: usize,
}

impl Effort {
    /// A minute or two in all.
    pub(crate) const QUICK: Self = Self {
        rounds: 7,
        long_rounds: 2,
        passes: 50,
        misses: 20_000,
        mixed: 300_000,
        churn: 200_000,
        bursts: 3,
    };

    /// For a table to publish.
    pub(crate) const FULL: Self = Self {
        rounds: 25,
        long_rounds: 7,
        passes: 200,
        misses: 100_000,
        mixed: 1_000_000,
        churn: 1_000_000,
        bursts: 3,
    };
}
