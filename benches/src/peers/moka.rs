//! `moka`'s synchronous cache.

use std::hash::Hash;
use std::sync::Arc;

use moka::sync::Cache;

use super::function::TextPair;
use super::{Boxed, Peer, Slow, Use, bodies};

/// A cache of its own for each function: `get`, or run the body and `insert`.
pub(super) struct Moka;

fn cache<K, V>(what_for: Use) -> Cache<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    Cache::builder().max_capacity(what_for.maxsize() as u64).time_to_live(what_for.ttl()).build()
}

fn of_pair<V>(body: fn(&str, u32) -> V) -> Boxed<(&'static str, u32), V>
where
    V: Clone + Send + Sync + 'static,
{
    let cache: Cache<(String, u32), V> = cache(Use::Hits);
    Box::new(move |(text, n): (&'static str, u32)| {
        cache.get(&TextPair(text, n)).unwrap_or_else(|| {
            let value = body(text, n);
            cache.insert((text.to_owned(), n), value.clone());
            value
        })
    })
}

impl Peer for Moka {
    fn name(&self) -> &'static str {
        "moka"
    }

    fn number(&self, what_for: Use) -> Option<Boxed<u64, u64>> {
        let (cache, body) = (cache(what_for), what_for.body());
        Some(Box::new(move |n| {
            cache.get(&n).unwrap_or_else(|| {
                let value = body(n);
                cache.insert(n, value);
                value
            })
        }))
    }

    fn text(&self) -> Option<Boxed<&'static str, u64>> {
        let cache: Cache<String, u64> = cache(Use::Hits);
        Some(Box::new(move |text: &'static str| {
            cache.get(text).unwrap_or_else(|| {
                let value = bodies::text(text);
                cache.insert(text.to_owned(), value);
                value
            })
        }))
    }

    fn pair(&self) -> Option<Boxed<(&'static str, u32), String>> {
        Some(of_pair(bodies::pair))
    }

    fn shared_pair(&self) -> Option<Boxed<(&'static str, u32), Arc<str>>> {
        Some(of_pair(bodies::shared_pair))
    }

    fn slow(&self) -> Vec<Slow> {
        let cache = cache(Use::Hits);
        let get_with: Boxed<u64, u64> = Box::new(move |n| cache.get_with(n, || bodies::slow(n)));
        vec![("moka", get_with)]
    }
}
