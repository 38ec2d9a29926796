//! What a `TtlMap` promises.

mod against_model;
mod behaviour;
mod hashes;
mod heard;
mod pair;
mod panics;
#[cfg(feature = "serde")]
mod serial;

use std::time::Duration;

use heard::{listener, take};

use crate::engine::model;

const SECOND: Duration = Duration::from_secs(1);
