//! What a `TtlMap` promises.

mod against_model;
mod bound;
mod contents;
mod hashes;
mod heard;
mod pair;
mod panics;
#[cfg(feature = "serde")]
mod serial;
mod time;

use std::time::Duration;

use heard::{listener, take};

use crate::engine::model;
use crate::{ManualClock, TtlMap, TtlMapBuilder};

const SECOND: Duration = Duration::from_secs(1);

/// A map with this ttl, to be built, and its clock.
fn timed<K, V>(seconds: u32) -> (TtlMapBuilder<K, V>, ManualClock) {
    let clock = ManualClock::new();
    let builder = TtlMap::builder().ttl(seconds * SECOND).clock(clock.clone());
    (builder, clock)
}
