//! What a cache does as others do.

use std::panic::{RefUnwindSafe, UnwindSafe};

use super::TtlCache;

/// As [`builder`](TtlCache::builder) makes one that is told nothing: at most 128 entries, for ten
/// minutes each.
///
/// ```
/// use ttl_memo::TtlCache;
///
/// #[derive(Default)]
/// struct Repo {
///     users: TtlCache<u32, String>,
/// }
///
/// let repo = Repo::default();
/// assert_eq!(repo.users.parameters().maxsize, Some(128));
/// ```
impl<K, V> Default for TtlCache<K, V> {
    fn default() -> Self {
        Self::builder().build()
    }
}

// User code that panics (a hash, a body, a listener, a weigher) runs under no lock, and the call
// that ran it leaves the cache as it was before or after what it changes. So a cache is as safe to
// look at after a panic as what it holds; what users gave it by the builder is asked nothing.
impl<K: UnwindSafe, V: UnwindSafe, S: UnwindSafe> UnwindSafe for TtlCache<K, V, S> {}
impl<K: RefUnwindSafe, V: RefUnwindSafe, S: RefUnwindSafe> RefUnwindSafe for TtlCache<K, V, S> {}
