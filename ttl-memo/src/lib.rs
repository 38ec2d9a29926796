//! Memoize a function for a while.

mod cache;
mod call;
mod clock;
mod counters;
mod engine;
mod farewells;
mod flight;
#[doc(hidden)]
pub mod generated;
mod info;
mod janitor;
pub mod map;
mod observe;
mod options;
mod registry;
mod store;
mod tags;
#[cfg(feature = "testing")]
pub mod testing;

pub use cache::{TtlCache, TtlCacheBuilder};
pub use clock::{Clock, ManualClock, SystemClock};
pub use info::{CacheInfo, CacheParameters, Fetched, RemovalCause, Source};
pub use janitor::{Janitor, spawn_janitor};
pub use map::{TooHeavy, TtlMap, TtlMapBuilder};
#[cfg(feature = "metrics")]
pub use observe::metrics;
pub use options::{Policy, RandomState, SingleFlight};
pub use registry::{Handle, cache, caches, clear_all, expire_all, set_enabled};
pub use tags::invalidate_tag;
pub use ttl_memo_macros::ttl_cache;
