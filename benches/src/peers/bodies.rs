//! What is memoized: cheap, so that what is measured is the cache.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use crate::numbers::scramble;

static RUNS: AtomicU64 = AtomicU64::new(0);

/// How often bodies that count have run, in all.
pub fn runs() -> u64 {
    RUNS.load(Relaxed)
}

#[inline]
pub(super) fn number(n: u64) -> u64 {
    scramble(n)
}

pub(super) fn counted(n: u64) -> u64 {
    RUNS.fetch_add(1, Relaxed);
    scramble(n)
}

/// Slow enough for every thread to come while it runs.
pub(super) fn slow(n: u64) -> u64 {
    std::thread::sleep(Duration::from_millis(50));
    counted(n)
}

pub(super) fn text(text: &str) -> u64 {
    text.len() as u64
}

pub(super) fn pair(text: &str, n: u32) -> String {
    format!("{text:.18}/{n:05}")
}

pub(super) fn shared_pair(text: &str, n: u32) -> Arc<str> {
    pair(text, n).into()
}
