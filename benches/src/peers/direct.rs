//! Ours by hand.

use std::sync::Arc;

use ttl_memo::{Policy, TtlCache};

use super::function::TextPair;
use super::{Boxed, Peer, Slow, Use, bodies};

pub(super) static DEFAULT: Direct = Direct { name: "TtlCache", policy: Policy::Adaptive };
pub(super) static LRU: Direct = Direct { name: "TtlCache lru", policy: Policy::Lru };

/// A `TtlCache` of its own for each function.
pub(super) struct Direct {
    name: &'static str,
    policy: Policy,
}

impl Direct {
    fn cache<K, V>(&self, what_for: Use) -> TtlCache<K, V> {
        TtlCache::builder()
            .maxsize(what_for.maxsize())
            .ttl(what_for.ttl())
            .policy(self.policy)
            .build()
    }

    fn of_pair<V>(&self, body: fn(&str, u32) -> V) -> Boxed<(&'static str, u32), V>
    where
        V: Clone + Send + Sync + 'static,
    {
        let cache: TtlCache<(String, u32), V> = self.cache(Use::Hits);
        Box::new(move |(text, n): (&'static str, u32)| {
            cache.get(&TextPair(text, n)).unwrap_or_else(|| {
                let value = body(text, n);
                cache.insert((text.to_owned(), n), value.clone());
                value
            })
        })
    }
}

impl Peer for Direct {
    fn name(&self) -> &'static str {
        self.name
    }

    fn number(&self, what_for: Use) -> Option<Boxed<u64, u64>> {
        let (cache, body) = (self.cache(what_for), what_for.body());
        Some(Box::new(move |n| cache.get_or_insert_with(n, || body(n))))
    }

    fn text(&self) -> Option<Boxed<&'static str, u64>> {
        let cache: TtlCache<String, u64> = self.cache(Use::Hits);
        Some(Box::new(move |text: &'static str| {
            cache.get(text).unwrap_or_else(|| {
                let value = bodies::text(text);
                cache.insert(text.to_owned(), value);
                value
            })
        }))
    }

    fn pair(&self) -> Option<Boxed<(&'static str, u32), String>> {
        Some(self.of_pair(bodies::pair))
    }

    fn shared_pair(&self) -> Option<Boxed<(&'static str, u32), Arc<str>>> {
        Some(self.of_pair(bodies::shared_pair))
    }

    fn slow(&self) -> Vec<Slow> {
        let cache = self.cache(Use::Hits);
        vec![(self.name, Box::new(move |n| cache.get_or_insert_with(n, || bodies::slow(n))))]
    }
}
