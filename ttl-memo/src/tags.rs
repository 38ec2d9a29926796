//! Tags: entries of any cache that are dropped together.
//!
//! No index is kept, so a cache without tags pays nothing, and one with tags pays when a tag is
//! invalidated: every entry held is asked for its tags then.

use std::sync::{Arc, Weak};

use crate::cache::{Core, Sweep, Swept};
use crate::farewells::Farewells;
#[cfg(feature = "testing")]
use crate::registry::Registry;
use crate::sync::{Mutex, global};

/// A cache with tags, whatever its types.
pub(crate) trait Tagged: Swept + Send + Sync {
    /// Drops what carries `tag`, within a [`Sweep`] of it; how many were live.
    fn drop_tagged(&self, tag: &Arc<str>) -> usize;
}

global! {
    /// The caches with tags. Nothing of the user's runs while the lock is held.
    static TAGGED: Mutex<Vec<Weak<dyn Tagged>>> = Mutex::new(Vec::new());
}

/// Enters a cache, for as long as it lives.
pub(crate) fn enlist<K, V>(core: &Arc<Core<K, V>>)
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    let core: Weak<Core<K, V>> = Arc::downgrade(core);
    let mut tagged = TAGGED.lock();
    if tagged.len() == tagged.capacity() {
        // Before it grows: those that have gone make room.
        tagged.retain(|core| core.strong_count() > 0);
    }
    tagged.push(core);
}

/// Drops every entry that carries `tag`, in every cache with `tags`; how many were live.
///
/// Loads in progress store nothing that carries it. Takes time in proportion to what these caches
/// hold.
///
/// # Panics
///
/// Hands on the first panic of a `tags` closure, a listener or a destructor, after all caches are
/// done. An entry whose `tags` panic is dropped: it may carry this one.
///
/// ```
/// use ttl_memo::TtlCache;
///
/// let pages = TtlCache::builder().tags(|_url, user: &u32| [format!("user:{user}")]).build();
/// pages.insert("/profile", 42);
/// pages.insert("/friends", 42);
/// pages.insert("/profile?id=43", 43);
/// assert_eq!(ttl_memo::invalidate_tag("user:42"), 2);
/// assert_eq!(pages.len(), 1);
/// ```
pub fn invalidate_tag(tag: &str) -> usize {
    let tag = Arc::from(tag);
    Sweep::new(Some(&tag)).all(here, |cache| cache.drop_tagged(&tag))
}

/// The caches with tags that are seen here, some without.
fn here() -> Vec<Arc<dyn Tagged>> {
    let tagged = TAGGED.lock().iter().filter_map(Weak::upgrade).collect();
    #[cfg(feature = "testing")]
    if let Some(world) = crate::testing::Here::now().registry() {
        // Caches made by hand are in every world.
        let by_hand = |it: &Arc<dyn Tagged>| !Registry::is_the_programs(Arc::as_ptr(it).cast());
        let mut tagged: Vec<Arc<dyn Tagged>> = tagged;
        tagged.retain(by_hand);
        tagged.extend(world.tagged());
        return tagged;
    }
    tagged
}

impl<K: Send + Sync, V: Send + Sync> Tagged for Core<K, V> {
    fn drop_tagged(&self, tag: &Arc<str>) -> usize {
        if self.settings.tagged.is_none() {
            return 0;
        }
        let tag = std::slice::from_ref(tag);
        let now = self.time.precise();
        let mut farewells = Farewells::default();
        let dropped = self.store.visit(now, |entry| {
            let carries = farewells.attempt(|| self.settings.carries(entry.key, entry.value, tag));
            // What does not tell its tags may carry this one.
            !carries.unwrap_or(true)
        });
        farewells.end();
        dropped
    }
}
