//! Ours, the other crates and the floors, behind one trait, so that each does the same work.
//!
//! Each comes as its documentation shows it to a newcomer, with the hash function that it comes
//! with, a bound and a ttl of ten minutes where it has one.

mod attribute;
mod bodies;
mod cached;
mod cached_concurrent;
mod direct;
mod floors;
mod function;
mod memoize;
mod mini_moka;
mod moka;
mod quick_cache;
mod quick_cache_ttl;
mod versions;

pub use attribute::works as attribute_works;
pub use bodies::runs;
pub use function::{Boxed, Function, Slow, Use};
pub use versions::{HASHERS, versions};

/// A crate, or a way to use it.
pub trait Peer: Sync {
    /// What its rows are called.
    fn name(&self) -> &'static str;

    /// A function of a number.
    fn number(&self, what_for: Use) -> Option<Boxed<u64, u64>>;

    /// A function of a text.
    fn text(&self) -> Option<Boxed<&'static str, u64>> {
        None
    }

    /// A function of a text and a number that gives a text.
    fn pair(&self) -> Option<Boxed<(&'static str, u32), String>> {
        None
    }

    /// The same, giving a shared text.
    fn shared_pair(&self) -> Option<Boxed<(&'static str, u32), std::sync::Arc<str>>> {
        None
    }

    /// Functions whose body takes 50 ms, in each form that the crate offers.
    fn slow(&self) -> Vec<Slow> {
        Vec::new()
    }
}

/// The name of the row that goals speak of: ours through the attribute, or by hand as long as the
/// attribute does not memoize yet.
pub fn ours() -> &'static str {
    if attribute_works() { attribute::DEFAULT.name() } else { direct::DEFAULT.name() }
}

/// Ours with exact LRU.
pub fn ours_lru() -> &'static str {
    if attribute_works() { attribute::LRU.name() } else { direct::LRU.name() }
}

/// Ours with a cache for each thread, once the attribute has `scope = thread`; goals of a row that
/// is not there are left out.
pub fn ours_thread() -> &'static str {
    "ttl-memo thread"
}

/// Everybody, ours first, floors last.
pub fn all() -> Vec<&'static dyn Peer> {
    let mut all: Vec<&dyn Peer> = Vec::new();
    if attribute_works() {
        all.extend([&attribute::DEFAULT as &dyn Peer, &attribute::LRU]);
        all.extend([&attribute::THREAD as &dyn Peer, &attribute::THREAD_LRU]);
    }
    all.extend([
        &direct::DEFAULT as &dyn Peer,
        &direct::LRU,
        &cached::Cached,
        &cached_concurrent::CachedConcurrent,
        &memoize::Memoize,
        &moka::Moka,
        &mini_moka::MiniMoka,
        &quick_cache::QuickCache,
        &quick_cache_ttl::QuickCacheTtl,
        &floors::ThreadLocal,
        &floors::Locked,
    ]);
    all
}
