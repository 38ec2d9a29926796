//! Memoize a function for a while.

pub use ttl_memo_macros::ttl_cache;
