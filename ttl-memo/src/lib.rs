//! Memoize a function for a while: at most so many answers, each for so long.
//!
//! ```
//! use ttl_memo::ttl_cache;
//!
//! #[ttl_cache(maxsize = 1_000, ttl = "5m")]
//! fn word_count(text: &str) -> usize {
//!     text.split_whitespace().count() // imagine something slow
//! }
//!
//! assert_eq!(word_count("to be or not to be"), 6); // runs the body
//! assert_eq!(word_count("to be or not to be"), 6); // does not
//! assert_eq!(
//!     word_count_cache_info().to_string(),
//!     "CacheInfo(hits=1, misses=1, maxsize=1000, currsize=1)",
//! );
//! ```
//!
//! - [`#[ttl_cache]`](macro@ttl_cache): the attribute, its options one by one, its helpers.
//! - [`guide`]: a page for each question: keys, results, async, methods, invalidation, freshness,
//!   sizes, expiry, testing, observing, and where you come from.
//! - [`TtlCache`]: the shared cache that the attribute is made of, for use by hand.
//! - [`TtlMap`]: the same for one owner, with the methods of a `HashMap`.
//! - [`caches`], [`clear_all`], [`invalidate_tag`], …: all annotated functions of the program.
//!
//! # What is guaranteed
//!
//! In short; the README has it at length, and [`guide::how_it_works`] says how.
//!
//! - A call gives what the body returned for equal arguments (by `Eq`, never by hash alone) within the
//!   last `ttl`, or runs the body. An entry stored at `t` is never served at or after `t + ttl`, unless
//!   you ask for a [stale window](guide::freshness).
//! - At most `maxsize` entries are held, and while calls are storing, one more for each of their
//!   threads at most.
//! - Calls that miss one key at once run one body. When that fails they do not wait in line
//!   ([what they do](guide::results#failing-while-others-wait)), and no circle of calls waits for itself.
//! - A call that begins after an [invalidation](guide::invalidation) returned never gets a value whose
//!   computation began before it.
//! - Errors are not stored, unless you ask for it with [`err_ttl`](macro@ttl_cache#err_ttl). Code of
//!   yours never runs under a lock that it could wait for.
//! - A hit takes no lock, and allocates nothing for its key.
//!
//! # Features
//!
//! All are off unless asked for.
//!
//! | feature | gives |
//! |---|---|
//! | `testing` | `ttl_memo::testing`: caches of their own for each test, on a clock that it moves |
//! | `metrics` | `ttl_memo::metrics`: every cache's counts, for the `metrics` facade |
//! | `tracing` | a span for each load, an event for each error that a stale value stood in for |
//! | `serde` | a [`TtlMap`] and reports that can be written down and read, a [`Policy`] read from configuration |
//!
//! Needs Rust 1.85, of whatever edition your crate is. Runs on Linux, macOS, Windows and `wasm32-unknown-unknown`.

// Says at each item which feature it needs, where the documentation is built by nightly.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod ahead;
mod cache;
mod call;
mod clock;
mod counters;
mod engine;
mod farewells;
mod flight;
#[doc(hidden)]
pub mod generated;
pub mod guide;
mod hash;
mod info;
mod janitor;
pub mod map;
mod observe;
mod options;
mod reclaim;
mod registry;
mod store;
mod sync;
mod tags;
#[cfg(feature = "testing")]
pub mod testing;

pub use cache::{TtlCache, TtlCacheBuilder};
pub use clock::{Clock, ManualClock, SystemClock};
/// What look-ups of [`TtlCache`] and [`TtlMap`] take: whatever has the hash of a key and can tell
/// whether it equals one, for instance a `&str` for a `String`. All that is `Borrow`ed from a key is. A
/// tuple of borrowed parts, a `(&str, u32)` for a `(String, u32)`, is not: it wants a type of yours with
/// an `Equivalent` of its own, whose `Hash` agrees with the tuple's.
#[doc(inline)]
pub use equivalent::Equivalent;
pub use hash::RandomState;
pub use info::{CacheInfo, CacheParameters, Fetched, RemovalCause, Source};
pub use janitor::{Janitor, spawn_janitor};
pub use map::{TooHeavy, TtlMap, TtlMapBuilder};
#[cfg(feature = "metrics")]
pub use observe::metrics;
pub use options::{Policy, SingleFlight, UnknownPolicy};
pub use registry::{Handle, cache, caches, clear_all, expire_all, set_enabled};
pub use tags::invalidate_tag;
// The documentation stands here, so that its examples run with the crate that they use.
#[doc = include_str!("reference.md")]
pub use ttl_memo_macros::ttl_cache;
