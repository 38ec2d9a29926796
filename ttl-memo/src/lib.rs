//! Memoize a function for a while.

mod engine;

pub use ttl_memo_macros::ttl_cache;
