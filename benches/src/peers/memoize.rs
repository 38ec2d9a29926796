//! `memoize`: a cache for each thread.

#![expect(clippy::needless_pass_by_value, reason = "its functions own what they are keyed by")]

use std::sync::Arc;
use std::time::Duration;

use memoize::memoize;

use super::{Boxed, Peer, Slow, Use, bodies};

/// Annotated functions.
pub(super) struct Memoize;

macro_rules! number {
    ($name:ident $maxsize:tt $ttl:tt $body:ident) => {
        #[memoize(Capacity: $maxsize, TimeToLive: Duration::from_millis($ttl))]
        fn $name(n: u64) -> u64 {
            bodies::$body(n)
        }
    };
}

number!(hits 4_096 600_000 number);
number!(small 1_024 600_000 number);
number!(large 100_000 600_000 number);
number!(wide 200_000 600_000 number);
number!(mixed 100_000 600_000 counted);
number!(exact 1_024 600_000 counted);
number!(held 100_000 600_000 number);
number!(brief 100_000 1_500 number);
number!(slow 128 600_000 slow);

#[memoize(Capacity: 4_096, TimeToLive: Duration::from_secs(600))]
fn text(text: String) -> u64 {
    bodies::text(&text)
}

#[memoize(Capacity: 4_096, TimeToLive: Duration::from_secs(600))]
fn pair(text: String, n: u32) -> String {
    bodies::pair(&text, n)
}

#[memoize(Capacity: 4_096, TimeToLive: Duration::from_secs(600))]
fn shared_pair(text: String, n: u32) -> Arc<str> {
    bodies::shared_pair(&text, n)
}

impl Peer for Memoize {
    fn name(&self) -> &'static str {
        "memoize"
    }

    fn number(&self, what_for: Use) -> Option<Boxed<u64, u64>> {
        Some(match what_for {
            Use::Hits => Box::new(hits),
            Use::Small => Box::new(small),
            Use::Large => Box::new(large),
            Use::Wide => Box::new(wide),
            Use::Mixed => Box::new(mixed),
            Use::Exact => Box::new(exact),
            Use::Held => Box::new(held),
            Use::Brief => Box::new(brief),
        })
    }

    fn text(&self) -> Option<Boxed<&'static str, u64>> {
        Some(Box::new(|key: &'static str| text(key.to_owned())))
    }

    fn pair(&self) -> Option<Boxed<(&'static str, u32), String>> {
        Some(Box::new(|(text, n): (&'static str, u32)| pair(text.to_owned(), n)))
    }

    fn shared_pair(&self) -> Option<Boxed<(&'static str, u32), Arc<str>>> {
        Some(Box::new(|(text, n): (&'static str, u32)| shared_pair(text.to_owned(), n)))
    }

    fn slow(&self) -> Vec<Slow> {
        vec![("memoize", Box::new(slow))]
    }
}
