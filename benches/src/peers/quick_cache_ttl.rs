//! `quick_cache` with a deadline beside each value, checked by hand.

use std::hash::Hash;
use std::sync::Arc;
use std::time::{Duration, Instant};

use quick_cache::{Equivalent, sync::Cache};

use super::function::TextPair;
use super::quick_cache::cache;
use super::{Boxed, Peer, Use, bodies};

/// A cache of its own for each function: `get` and look at the time, or run the body and `insert`.
pub(super) struct QuickCacheTtl;

type Timed<K, V> = Cache<K, (V, Instant)>;

#[inline]
fn live<K, V, Q>(cache: &Timed<K, V>, key: &Q) -> Option<V>
where
    K: Hash + Eq,
    V: Clone,
    Q: Hash + Equivalent<K> + ?Sized,
{
    let (value, deadline) = cache.get(key)?;
    (Instant::now() < deadline).then_some(value)
}

fn store<K: Hash + Eq, V: Clone>(cache: &Timed<K, V>, key: K, value: V, ttl: Duration) -> V {
    cache.insert(key, (value.clone(), Instant::now() + ttl));
    value
}

fn of_pair<V>(body: fn(&str, u32) -> V) -> Boxed<(&'static str, u32), V>
where
    V: Clone + Send + Sync + 'static,
{
    let cache: Timed<(String, u32), V> = cache(Use::Hits);
    Box::new(move |(text, n): (&'static str, u32)| {
        live(&cache, &TextPair(text, n))
            .unwrap_or_else(|| store(&cache, (text.to_owned(), n), body(text, n), Use::Hits.ttl()))
    })
}

impl Peer for QuickCacheTtl {
    fn name(&self) -> &'static str {
        "quick_cache + Instant"
    }

    fn number(&self, what_for: Use) -> Option<Boxed<u64, u64>> {
        let (cache, body, ttl): (Timed<u64, u64>, _, _) =
            (cache(what_for), what_for.body(), what_for.ttl());
        Some(Box::new(move |n| live(&cache, &n).unwrap_or_else(|| store(&cache, n, body(n), ttl))))
    }

    fn text(&self) -> Option<Boxed<&'static str, u64>> {
        let cache: Timed<String, u64> = cache(Use::Hits);
        Some(Box::new(move |text: &'static str| {
            live(&cache, text).unwrap_or_else(|| {
                store(&cache, text.to_owned(), bodies::text(text), Use::Hits.ttl())
            })
        }))
    }

    fn pair(&self) -> Option<Boxed<(&'static str, u32), String>> {
        Some(of_pair(bodies::pair))
    }

    fn shared_pair(&self) -> Option<Boxed<(&'static str, u32), Arc<str>>> {
        Some(of_pair(bodies::shared_pair))
    }
}
