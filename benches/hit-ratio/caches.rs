//! Caches of keys alone. Nothing expires here.

use ttl_memo::{Policy, TtlCache};

/// A cache in which a key is looked up, and stored if it is not there.
pub(crate) trait Cache {
    fn holds(&self, key: u32) -> bool;
    fn store(&self, key: u32);
}

/// A column, and a cache of so many entries for it.
type Column = (&'static str, fn(usize) -> Box<dyn Cache>);

pub(crate) const CACHES: [Column; 4] = [
    ("ttl-memo", |size| ours(size, Policy::Adaptive)),
    ("LRU", |size| ours(size, Policy::Lru)),
    ("moka", |size| Box::new(moka::sync::Cache::new(size as u64))),
    ("quick_cache", |size| Box::new(quick_cache::sync::Cache::new(size))),
];

fn ours(size: usize, policy: Policy) -> Box<dyn Cache> {
    Box::new(TtlCache::builder().maxsize(size).ttl(None).policy(policy).build())
}

impl Cache for TtlCache<u32, u32> {
    fn holds(&self, key: u32) -> bool {
        self.get(&key).is_some()
    }

    fn store(&self, key: u32) {
        self.insert(key, key);
    }
}

impl Cache for moka::sync::Cache<u32, u32> {
    fn holds(&self, key: u32) -> bool {
        self.get(&key).is_some()
    }

    fn store(&self, key: u32) {
        self.insert(key, key);
    }
}

impl Cache for quick_cache::sync::Cache<u32, u32> {
    fn holds(&self, key: u32) -> bool {
        self.get(&key).is_some()
    }

    fn store(&self, key: u32) {
        self.insert(key, key);
    }
}
