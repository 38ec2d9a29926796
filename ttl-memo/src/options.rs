//! Words that options are made of.

pub use crate::engine::policy::Policy;

/// The default hash function: fast, and seeded at random in each process, so that nobody can
/// choose keys that collide.
pub type RandomState = foldhash::fast::RandomState;
