//! Memoize a function for a while.

mod cache;
mod call;
mod clock;
mod counters;
mod engine;
mod flight;
#[doc(hidden)]
pub mod generated;
mod info;
mod janitor;
mod options;
mod reclaim;
mod registry;
mod store;
mod sync;
mod tags;

pub use cache::{TtlCache, TtlCacheBuilder};
pub use clock::{Clock, ManualClock, SystemClock};
pub use info::{CacheInfo, CacheParameters, Fetched, RemovalCause, Source};
pub use janitor::{Janitor, spawn_janitor};
pub use options::{Policy, RandomState, SingleFlight};
pub use registry::{Handle, cache, caches, clear_all, expire_all, set_enabled};
pub use tags::invalidate_tag;
pub use ttl_memo_macros::ttl_cache;
