//! `quick_cache`, which has no ttl.

use std::hash::Hash;
use std::sync::Arc;

use quick_cache::sync::Cache;

use super::function::TextPair;
use super::{Boxed, Peer, Slow, Use, bodies};

/// A cache of its own for each function: `get`, or run the body and `insert`.
pub(super) struct QuickCache;

pub(super) fn cache<K: Hash + Eq, V: Clone>(what_for: Use) -> Cache<K, V> {
    Cache::new(what_for.maxsize())
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

impl Peer for QuickCache {
    fn name(&self) -> &'static str {
        "quick_cache, no ttl"
    }

    fn number(&self, what_for: Use) -> Option<Boxed<u64, u64>> {
        if what_for == Use::Brief {
            return None;
        }
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
        let cache: Cache<u64, u64> = cache(Use::Hits);
        let once = move |n| match cache.get_or_insert_with(&n, || Ok::<_, ()>(bodies::slow(n))) {
            Ok(value) => value,
            Err(()) => unreachable!("the body does not fail"),
        };
        vec![("quick_cache, no ttl", Box::new(once))]
    }
}
