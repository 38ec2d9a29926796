//! A recursive function, memoized: in how many ways can an amount be paid in coins?
//!
//! ```text
//! cargo run --release -p ttl-memo-examples --bin recursion
//! ```
//!
//! The calls that the body makes to its own function go through the cache, too, so one line turns a
//! tree of millions of calls into a table of some hundreds.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ttl_memo::ttl_cache;

/// Cents.
const COINS: [u32; 8] = [1, 2, 5, 10, 20, 50, 100, 200];

/// How many ways there are to pay `amount` with the first `kinds` kinds of coins.
#[ttl_cache(forever)]
fn ways(amount: u32, kinds: usize) -> u64 {
    let Some(coin) = kinds.checked_sub(1).map(|last| COINS[last]) else {
        return u64::from(amount == 0);
    };
    let with = if amount >= coin { ways(amount - coin, kinds) } else { 0 };
    with + ways(amount, kinds - 1)
}

/// The same without the annotation.
fn plain_ways(amount: u32, kinds: usize) -> u64 {
    PLAIN_CALLS.fetch_add(1, Ordering::Relaxed);
    let Some(coin) = kinds.checked_sub(1).map(|last| COINS[last]) else {
        return u64::from(amount == 0);
    };
    let with = if amount >= coin { plain_ways(amount - coin, kinds) } else { 0 };
    with + plain_ways(amount, kinds - 1)
}

static PLAIN_CALLS: AtomicU64 = AtomicU64::new(0);

fn main() {
    row(["cents", "ways", "plain calls", "took", "bodies", "took"]);
    for amount in [50, 100, 200, 300] {
        PLAIN_CALLS.store(0, Ordering::Relaxed);
        let (plain, plain_time) = timed(|| plain_ways(amount, COINS.len()));
        ways_cache_clear();
        let (memoized, time) = timed(|| ways(amount, COINS.len()));
        assert_eq!(plain, memoized, "the same answer");
        row([
            &amount.to_string(),
            &plain.to_string(),
            &PLAIN_CALLS.load(Ordering::Relaxed).to_string(),
            &format!("{plain_time:.1?}"),
            &ways_cache_info().misses.to_string(),
            &format!("{time:.1?}"),
        ]);
    }
    ways_cache_clear();
    let (many, time) = timed(|| ways(2_000, COINS.len()));
    let bodies = ways_cache_info().misses.to_string();
    row(["2000", &many.to_string(), "not tried", "", &bodies, &format!("{time:.1?}")]);
    println!("{}", ways_cache_info());
}

fn row(cells: [&str; 6]) {
    let [amount, ways, plain, took, bodies, time] = cells;
    println!("{amount:>6} {ways:>12} {plain:>12} {took:>10} {bodies:>8} {time:>10}");
}

fn timed<T>(f: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    (f(), start.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_pounds_can_be_paid_in_73682_ways() {
        assert_eq!(ways(200, COINS.len()), 73_682);
        assert_eq!(plain_ways(200, COINS.len()), 73_682);
    }
}
