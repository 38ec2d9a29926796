//! `cached`'s other macro: a store in shards.

use std::sync::Arc;

use cached::macros::concurrent_cached;

use super::{Boxed, Peer, Slow, Use, bodies};

/// Annotated functions.
pub(super) struct CachedConcurrent;

macro_rules! number {
    ($name:ident $maxsize:tt $ttl:tt $body:ident) => {
        #[concurrent_cached(max_size = $maxsize, ttl_millis = $ttl)]
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

#[concurrent_cached(max_size = 4_096, ttl_millis = 600_000, key = "String", convert = { text.to_owned() })]
fn text(text: &str) -> u64 {
    bodies::text(text)
}

#[concurrent_cached(
    max_size = 4_096,
    ttl_millis = 600_000,
    key = "(String, u32)",
    convert = { (text.to_owned(), n) }
)]
fn pair(text: &str, n: u32) -> String {
    bodies::pair(text, n)
}

#[concurrent_cached(
    max_size = 4_096,
    ttl_millis = 600_000,
    key = "(String, u32)",
    convert = { (text.to_owned(), n) }
)]
fn shared_pair(text: &str, n: u32) -> Arc<str> {
    bodies::shared_pair(text, n)
}

impl Peer for CachedConcurrent {
    fn name(&self) -> &'static str {
        "cached concurrent"
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
        Some(Box::new(text))
    }

    fn pair(&self) -> Option<Boxed<(&'static str, u32), String>> {
        Some(Box::new(|(text, n)| pair(text, n)))
    }

    fn shared_pair(&self) -> Option<Boxed<(&'static str, u32), Arc<str>>> {
        Some(Box::new(|(text, n)| shared_pair(text, n)))
    }

    fn slow(&self) -> Vec<Slow> {
        vec![("cached concurrent", Box::new(slow))]
    }
}
