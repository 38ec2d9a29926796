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
    println!(
        "{:>7} {:>14} {:>15} {:>12} {:>8} {:>12}",
        "amount", "ways", "calls", "", "bodies", ""
    );
    println!("{:>7} {:>14} {:>28} {:>21}", "", "", "as written", "memoized");
    for amount in [50, 100, 200, 300] {
        PLAIN_CALLS.store(0, Ordering::Relaxed);
        let (plain, plain_time) = timed(|| plain_ways(amount, COINS.len()));
        ways_cache_clear();
        let (memoized, time) = timed(|| ways(amount, COINS.len()));
        assert_eq!(plain, memoized, "the same answer");
        println!(
            "{amount:>7} {plain:>14} {:>15} {:>12} {:>8} {:>12}",
            PLAIN_CALLS.load(Ordering::Relaxed),
            format!("{plain_time:.1?}"),
            ways_cache_info().misses,
            format!("{time:.1?}"),
        );
    }
    let (many, time) = timed(|| ways(2_000, COINS.len()));
    println!(
        "{:>7} {many:>14} {:>15} {:>12} {:>8} {:>12}",
        2_000,
        "not tried",
        "",
        ways_cache_info().misses,
        format!("{time:.1?}")
    );
    println!("{}", ways_cache_info());
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
