//! Memoize a function for a while.

mod cache;
mod call;
mod clock;
mod counters;
mod flight;
#[doc(hidden)]
pub mod generated;
mod info;
mod options;
mod store;

pub use cache::{TtlCache, TtlCacheBuilder};
pub use clock::{Clock, ManualClock, SystemClock};
pub use info::{CacheInfo, CacheParameters, Fetched, RemovalCause, Source};
pub use options::{Policy, RandomState};
pub use ttl_memo_macros::ttl_cache;
