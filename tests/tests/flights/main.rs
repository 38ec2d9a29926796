//! One load for many callers, through `TtlCache`: who runs, who waits, and what becomes of both
//! when a load fails, is dropped, is invalidated, or calls back.
//!
//! Tasks are polled by hand where it matters who waits: a future that is pending has joined.

#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod callbacks;
mod circles;
mod collisions;
mod dropped;
mod failures;
mod hand;
mod invalidation;
mod joins;
mod leftovers;
mod panics;
mod patience;
mod reentry;
mod runtimes;
mod stale;
mod sweeps;
