//! An upstream that fails half of the time, seen through caches that do more or less about it.
//!
//! ```text
//! cargo run -p ttl-memo-examples --bin flaky-upstream
//! ```
//!
//! The same hour of questions, three times: a plain ttl, one with `stale_if_error`, and one with
//! `err_ttl` that also leaves the upstream alone for a while after each failure.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ttl_memo::ttl_cache;

/// A question every two seconds, for an hour.
const QUESTIONS: u64 = 1_800;
const STEP: Duration = Duration::from_secs(2);

#[ttl_cache(ttl = "10s")]
fn plain(city: &str) -> Result<u64, Down> {
    upstream(city)
}

#[ttl_cache(
    ttl = "10s",
    stale_if_error = "5m",
    on_error = |_city, _error| { HIDDEN.fetch_add(1, Ordering::Relaxed); },
)]
fn forgiving(city: &str) -> Result<u64, Down> {
    upstream(city)
}

#[ttl_cache(ttl = "10s", err_ttl = "20s")]
fn patient(city: &str) -> Result<u64, Down> {
    upstream(city)
}

/// Errors that nobody saw.
static HIDDEN: AtomicU64 = AtomicU64::new(0);
/// How often the upstream was asked.
static ASKED: AtomicU64 = AtomicU64::new(0);

#[derive(Clone, Copy, Debug, PartialEq)]
struct Down;

/// Degrees in a city; fails in a fixed pattern that looks random, half of the time.
fn upstream(city: &str) -> Result<u64, Down> {
    let nth = ASKED.fetch_add(1, Ordering::Relaxed);
    let mixed = nth.wrapping_add(11).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
    if mixed.wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 63 == 0 {
        return Err(Down);
    }
    Ok(city.len() as u64 + 15 + nth % 3)
}

fn main() {
    println!(
        "{:<32} {:>8} {:>8} {:>9} {:>7}",
        "an hour, every two seconds", "answers", "errors", "upstream", "stale"
    );
    run("ttl = 10s", plain, plain_cache_info);
    run("… stale_if_error = 5m", forgiving, forgiving_cache_info);
    run("… err_ttl = 20s", patient, patient_cache_info);
    println!("stale_if_error hid {} errors from its callers", HIDDEN.load(Ordering::Relaxed));
}

/// Asks for an hour, on a clock that does not make you wait for it.
fn run(what: &str, ask: fn(&str) -> Result<u64, Down>, info: fn() -> ttl_memo::CacheInfo) -> u64 {
    let world = ttl_memo::testing::isolated();
    ASKED.store(0, Ordering::Relaxed);
    let mut errors = 0;
    for _ in 0..QUESTIONS {
        errors += u64::from(ask("Nice").is_err());
        world.advance(STEP);
    }
    println!(
        "{what:<32} {:>8} {errors:>8} {:>9} {:>7}",
        QUESTIONS - errors,
        ASKED.load(Ordering::Relaxed),
        info().stale,
    );
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_answer_stands_in_for_errors() {
        let with_errors = run("", plain, plain_cache_info);
        let with_stale = run("", forgiving, forgiving_cache_info);
        assert!(with_errors > 200, "{with_errors}");
        assert!(with_stale < 20, "{with_stale}");
        assert!(HIDDEN.load(Ordering::Relaxed) > 200);
    }
}
