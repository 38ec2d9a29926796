//! Tests that need an hour to pass, and do not sleep.
//!
//! ```text
//! cargo run -p ttl-memo-examples --bin manual-clock     # watch an entry's life
//! cargo test -p ttl-memo-examples --bin manual-clock    # the tests below
//! ```
//!
//! The function knows nothing of its tests. With the feature `testing`, a world gives the thread
//! caches of its own, on a clock that stands still until it is told to move.

use std::time::Duration;

use ttl_memo::{Source, ttl_cache};

/// What a currency is worth: served for a minute, and for five more if the bank does not answer.
#[ttl_cache(ttl = "1m", refresh_ahead = "10s", stale_if_error = "5m", skip(bank))]
fn rate(bank: &Bank, currency: &str) -> Result<u32, String> {
    bank.ask(currency)
}

/// Stands for somebody on the network.
#[derive(Debug, Default)]
struct Bank {
    asked: std::cell::Cell<u32>,
    closed: std::cell::Cell<bool>,
}

impl Bank {
    fn ask(&self, currency: &str) -> Result<u32, String> {
        if self.closed.get() {
            return Err(format!("no rate for {currency}: the bank is closed"));
        }
        self.asked.set(self.asked.get() + 1);
        Ok(1_000 + self.asked.get())
    }
}

fn main() {
    let world = ttl_memo::testing::isolated();
    let bank = Bank::default();
    println!("{:>6}  {:<52} {:<7} {:>5} {:>8}", "time", "answer", "source", "age", "left");
    let mut now = 0;
    for (at, closed) in [
        (0, false),
        (30, false),
        (49, false),
        (51, false),
        (112, true),
        (410, true),
        (411, true),
        (412, false),
    ] {
        world.advance(Duration::from_secs(at - now));
        now = at;
        bank.closed.set(closed);
        let fetched = rate_cache_fetch(&bank, "EUR");
        let answer = match fetched.value {
            Ok(rate) => format!("{rate}"),
            Err(error) => error,
        };
        let source = match fetched.source {
            Source::Hit => "hit",
            Source::Miss => "miss",
            Source::Stale => "stale",
            _ => "joined",
        };
        let left = fetched.expires_in.unwrap_or_default();
        println!(
            "{now:>4} s  {answer:<52} {source:<7} {:>3} s {:>6} s",
            fetched.age.as_secs(),
            left.as_secs()
        );
    }
    println!("{}", rate_cache_info());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_served_for_a_minute_and_not_at_its_end() {
        let (world, bank) = (ttl_memo::testing::isolated(), Bank::default());
        assert_eq!(rate(&bank, "EUR"), Ok(1_001));
        bank.closed.set(true);
        world.advance(Duration::from_secs(49));
        assert_eq!(rate(&bank, "EUR"), Ok(1_001));
        assert_eq!(bank.asked.get(), 1);
        world.advance(Duration::from_secs(11));
        assert_eq!(rate_cache_fetch(&bank, "EUR").source, Source::Stale);
    }

    #[test]
    fn an_answer_in_use_is_renewed_before_it_ends() {
        let (world, bank) = (ttl_memo::testing::isolated(), Bank::default());
        rate(&bank, "EUR").expect("the bank is open");
        world.advance(Duration::from_secs(51));
        assert_eq!(rate(&bank, "EUR"), Ok(1_002));
    }

    #[test]
    fn an_old_answer_does_for_five_minutes_and_no_longer() {
        let (world, bank) = (ttl_memo::testing::isolated(), Bank::default());
        rate(&bank, "EUR").expect("the bank is open");
        bank.closed.set(true);
        world.advance(Duration::from_secs(60 + 299));
        assert_eq!(rate(&bank, "EUR"), Ok(1_001));
        world.advance(Duration::from_secs(1));
        assert!(rate(&bank, "EUR").is_err());
    }
}
