//! A span for each load, an event for each error that a stale value stood in for.

use std::time::Duration;

use ::tracing::{Span, debug_span, field, warn};

use super::Outcome;

pub(super) fn begin(name: &str) -> Span {
    debug_span!(
        target: "ttl_memo",
        "load",
        cache = name,
        outcome = field::Empty,
        duration = field::Empty,
    )
}

pub(super) fn end(span: &Span, outcome: Outcome, took: Option<u64>) {
    span.record("outcome", word(outcome));
    if let Some(took) = took {
        span.record("duration", field::debug(Duration::from_nanos(took)));
    }
}

pub(super) fn stood_in(name: &str, age: u64) {
    warn!(
        target: "ttl_memo",
        cache = name,
        age = ?Duration::from_nanos(age),
        "a stale value stood in for an error",
    );
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Stored => "stored",
        Outcome::NotStored => "not stored",
        Outcome::Error => "error",
        Outcome::Stale => "stale",
        Outcome::Panicked => "panicked",
        Outcome::Dropped => "dropped",
    }
}
