//! Tags: entries of any cache that are dropped together.
//!
//! No index is kept, so a cache without tags pays nothing, and one with tags pays when a tag is
//! invalidated: every entry held is asked for its tags then.

use std::sync::{Arc, Weak};

use crate::cache::Core;
use crate::farewells::Farewells;
#[cfg(feature = "testing")]
use crate::registry::Registry;
use crate::registry::each_to_the_end;
use crate::sync::{Mutex, global};

/// A cache with tags, whatever its types.
trait Tagged: Send + Sync {
    fn invalidate_tag(&self, tag: &Arc<str>) -> usize;
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
    let tagged: Vec<_> = TAGGED.lock().iter().filter_map(Weak::upgrade).collect();
    #[cfg(feature = "testing")]
    if let Some(world) = crate::testing::Here::now().registry() {
        // Caches made by hand are in every world.
        let by_hand = tagged.iter().filter(|it| !Registry::is_the_programs(Arc::as_ptr(it).cast()));
        let by_hand = each_to_the_end(by_hand, |core| core.invalidate_tag(&tag));
        return by_hand + world.invalidate_tag(&tag);
    }
    each_to_the_end(tagged, |core| core.invalidate_tag(&tag))
}

impl<K: Send + Sync, V: Send + Sync> Tagged for Core<K, V> {
    fn invalidate_tag(&self, tag: &Arc<str>) -> usize {
        Self::invalidate_tag(self, tag)
    }
}

impl<K, V> Core<K, V> {
    /// Drops what carries `tag`; how many were live.
    pub(crate) fn invalidate_tag(&self, tag: &Arc<str>) -> usize {
        if self.settings.tagged.is_none() {
            return 0;
        }
        // First the loads in the air, then what is stored: whatever lands in between was refused,
        // or began after this.
        self.store.each_shard(|locked| locked.companion().refuse(tag));
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
