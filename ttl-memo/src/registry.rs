//! Every annotated function's cache, under its name.

use std::fmt;
use std::panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::cache::{Sweep, Swept};
use crate::flight::Step;
use crate::sync::{Mutex, global};
#[cfg(feature = "testing")]
use crate::tags::Tagged;
use crate::{CacheInfo, CacheParameters, TtlCache};

/// A cache whatever its types, for as long as the program runs.
trait Managed: Swept + Send + Sync {
    fn info(&self) -> CacheInfo;
    /// As `info`, but counted since the cache was made.
    #[cfg(feature = "metrics")]
    fn lifetime(&self) -> CacheInfo;
    fn parameters(&self) -> CacheParameters;
    fn clear(&self);
    fn expire(&self) -> usize;
    fn set_ttl(&self, ttl: Option<Duration>);
    fn set_maxsize(&self, maxsize: Option<usize>);
    fn set_enabled(&self, enabled: bool);
    #[cfg(feature = "testing")]
    fn tagged(&self) -> Arc<dyn Tagged>;
    /// Drops what left and is seen by nobody any more; whether that was all.
    #[cfg(feature = "testing")]
    fn is_at_rest(&self) -> bool;
    /// Whether `core` is what this cache is made of.
    #[cfg(feature = "testing")]
    fn is_of(&self, core: *const ()) -> bool;
}

impl<K, V, S> Swept for TtlCache<K, V, S> {
    fn swept(&self, step: Step, tag: Option<&Arc<str>>) {
        self.core().swept(step, tag);
    }
}

impl<K, V, S> Managed for TtlCache<K, V, S>
where
    K: Send + Sync + 'static,
    V: Send + Sync + 'static,
    S: Send + Sync,
{
    fn info(&self) -> CacheInfo {
        TtlCache::info(self)
    }

    #[cfg(feature = "metrics")]
    fn lifetime(&self) -> CacheInfo {
        let core = self.core();
        core.cleared.with(TtlCache::info(self))
    }

    fn parameters(&self) -> CacheParameters {
        TtlCache::parameters(self)
    }

    fn clear(&self) {
        TtlCache::clear(self);
    }

    fn expire(&self) -> usize {
        TtlCache::expire(self)
    }

    fn set_ttl(&self, ttl: Option<Duration>) {
        TtlCache::set_ttl(self, ttl);
    }

    fn set_maxsize(&self, maxsize: Option<usize>) {
        TtlCache::set_maxsize(self, maxsize);
    }

    fn set_enabled(&self, enabled: bool) {
        TtlCache::set_enabled(self, enabled);
    }

    #[cfg(feature = "testing")]
    fn tagged(&self) -> Arc<dyn Tagged> {
        Arc::clone(self.core()) as _
    }

    #[cfg(feature = "testing")]
    fn is_at_rest(&self) -> bool {
        self.core().store.is_at_rest()
    }

    #[cfg(feature = "testing")]
    fn is_of(&self, core: *const ()) -> bool {
        Arc::as_ptr(self.core()).cast() == core
    }
}

/// The caches of annotated functions: the program's, or those of a world for tests.
pub(crate) struct Registry {
    /// In the order of first use. Nothing of the user's runs while the lock is held.
    caches: Mutex<Vec<Handle>>,
    /// What caches begin as: [`set_enabled`] holds for those made later, too. Written and read
    /// under the lock of `caches`, so that no cache falls between; atomic only to be in a static.
    enabled: AtomicBool,
}

global! {
    static REGISTRY: Registry = Registry::new();
}

impl Registry {
    const fn new() -> Self {
        Self { caches: Mutex::new(Vec::new()), enabled: AtomicBool::new(true) }
    }

    fn enter<K, V, S>(&self, cache: &'static TtlCache<K, V, S>)
    where
        K: Send + Sync,
        V: Send + Sync,
        S: Send + Sync,
    {
        let mut caches = self.caches.lock();
        if !self.enabled.load(Ordering::Relaxed) {
            // Newly made: it holds nothing, so this runs no user code.
            TtlCache::set_enabled(cache, false);
        }
        caches.push(Handle { cache });
    }

    pub(crate) fn caches(&self) -> Vec<Handle> {
        self.caches.lock().clone()
    }

    pub(crate) fn set_enabled(&self, enabled: bool) {
        let caches = {
            let caches = self.caches.lock();
            self.enabled.store(enabled, Ordering::Relaxed);
            caches.clone()
        };
        // What is made from now on begins like that: it is given nothing that is to go.
        let mut sweep = Sweep::new(None);
        if !enabled {
            for handle in &caches {
                sweep.mark(handle.cache);
            }
        }
        each_to_the_end(caches, |cache| {
            cache.set_enabled(enabled);
            0
        });
    }
}

/// What a world for tests needs of it.
#[cfg(feature = "testing")]
impl Registry {
    /// Drops every value, and turns the caches off for good.
    pub(crate) fn end(&self) {
        self.set_enabled(false);
        for handle in self.caches() {
            // Readers in the way, of whatever cache, were interrupted for a moment. One that looks at
            // just this entry, on a thread of its own, may take as long as it likes.
            let mut rounds = 0..100_000;
            while !handle.cache.is_at_rest() && rounds.next().is_some() {
                std::thread::yield_now();
            }
        }
    }

    pub(crate) fn tagged(&self) -> Vec<Arc<dyn Tagged>> {
        self.caches().into_iter().map(|handle| handle.cache.tagged()).collect()
    }

    /// Whether `core` is that of an annotated function's cache outside of every world.
    pub(crate) fn is_the_programs(core: *const ()) -> bool {
        REGISTRY.caches().iter().any(|handle| handle.cache.is_of(core))
    }
}

impl Default for Registry {
    fn default() -> Self {
        Self::new()
    }
}

/// Runs `f` with the registry in force here: the program's, unless this thread is in a world for
/// tests.
fn here<T>(f: impl FnOnce(&Registry) -> T) -> T {
    #[cfg(feature = "testing")]
    if let Some(registry) = crate::testing::Here::now().registry() {
        return f(registry);
    }
    f(&REGISTRY)
}

/// Enters a cache made for an annotated function.
pub fn enter<K, V, S>(cache: &'static TtlCache<K, V, S>)
where
    K: Send + Sync,
    V: Send + Sync,
    S: Send + Sync,
{
    here(|registry| registry.enter(cache));
}

/// One annotated function's global cache.
///
/// ```
/// use ttl_memo::ttl_cache;
///
/// #[ttl_cache(name = "squares")]
/// fn square(n: u64) -> u64 {
///     n * n
/// }
///
/// square(4);
/// let squares = ttl_memo::cache("squares").unwrap();
/// assert_eq!(squares.info().misses, 1);
/// squares.clear();
/// ```
#[derive(Clone, Copy)]
pub struct Handle {
    cache: &'static dyn Managed,
}

// As a cache itself: see there. Its types are not known any more, and it gives none of them out.
impl UnwindSafe for Handle {}
impl RefUnwindSafe for Handle {}

impl Handle {
    /// The cache's name: its `name` option, or the function's path.
    pub fn name(&self) -> String {
        self.parameters().name.into_owned()
    }

    /// How the cache has done.
    pub fn info(&self) -> CacheInfo {
        self.cache.info()
    }

    /// As [`info`](Self::info), but counted since the cache was made, however often it was cleared.
    #[cfg(feature = "metrics")]
    pub(crate) fn lifetime(&self) -> CacheInfo {
        self.cache.lifetime()
    }

    /// The options in force.
    pub fn parameters(&self) -> CacheParameters {
        self.cache.parameters()
    }

    /// Drops every entry, and zeroes the counters.
    pub fn clear(&self) {
        self.cache.clear();
    }

    /// Drops the expired entries now; how many.
    pub fn expire(&self) -> usize {
        self.cache.expire()
    }

    /// A ttl for entries stored from now on.
    pub fn set_ttl(&self, ttl: impl Into<Option<Duration>>) {
        self.cache.set_ttl(ttl.into());
    }

    /// A new bound; evicts down to it before it returns.
    pub fn set_maxsize(&self, maxsize: impl Into<Option<usize>>) {
        self.cache.set_maxsize(maxsize.into());
    }

    /// Off: every call runs its body, what was stored is dropped and nothing is stored.
    pub fn set_enabled(&self, enabled: bool) {
        self.cache.set_enabled(enabled);
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.name()).finish()
    }
}

/// Every annotated function's global cache that has been used, in the order of first use.
///
/// ```
/// use ttl_memo::ttl_cache;
///
/// #[ttl_cache]
/// fn square(n: u64) -> u64 {
///     n * n
/// }
///
/// square(4);
/// for cache in ttl_memo::caches() {
///     println!("{}: {}", cache.name(), cache.info());
/// }
/// # assert_eq!(ttl_memo::caches().len(), 1);
/// ```
pub fn caches() -> Vec<Handle> {
    here(Registry::caches)
}

/// The first cache of that name, if it has been used. Takes time in proportion to how many caches
/// there are.
///
/// ```
/// use ttl_memo::ttl_cache;
///
/// #[ttl_cache(name = "squares")]
/// fn square(n: u64) -> u64 {
///     n * n
/// }
///
/// square(4);
/// assert_eq!(ttl_memo::cache("squares").unwrap().info().len, 1);
/// assert!(ttl_memo::cache("cubes").is_none());
/// ```
pub fn cache(name: &str) -> Option<Handle> {
    caches().into_iter().find(|cache| cache.parameters().name == name)
}

/// [`clear`](Handle::clear)s every cache of the registry, at once to whoever calls: what a body computes
/// meanwhile from an entry that is still there is not stored in a cache that is cleared already.
///
/// # Panics
///
/// Hands on the first panic of a listener or a destructor, after all caches are cleared.
///
/// ```
/// use ttl_memo::ttl_cache;
///
/// #[ttl_cache(name = "squares")]
/// fn square(n: u64) -> u64 {
///     n * n
/// }
///
/// square(4);
/// ttl_memo::clear_all();
/// assert_eq!(square_cache_info().len, 0);
/// ```
pub fn clear_all() {
    let all = || caches().into_iter().map(|handle| handle.cache).collect();
    Sweep::new(None).all(all, |cache| {
        cache.clear();
        0
    });
}

/// [`expire`](Handle::expire)s every cache of the registry; how many entries left the caches.
///
/// # Panics
///
/// Hands on the first panic of a listener or a destructor, after all caches are done.
///
/// ```
/// use ttl_memo::ttl_cache;
///
/// #[ttl_cache(name = "squares")]
/// fn square(n: u64) -> u64 {
///     n * n
/// }
///
/// square(4);
/// assert_eq!(ttl_memo::expire_all(), 0);
/// ```
pub fn expire_all() -> usize {
    each_to_the_end(caches(), |cache| cache.expire())
}

/// Does it to each, in spite of panics, the first of which it hands on in the end; the sum.
pub(crate) fn each_to_the_end<T>(
    each: impl IntoIterator<Item = T>,
    mut f: impl FnMut(T) -> usize,
) -> usize {
    let mut first_panic = None;
    let mut sum = 0;
    for one in each {
        match catch_unwind(AssertUnwindSafe(|| f(one))) {
            Ok(number) => sum += number,
            Err(panic) => {
                first_panic.get_or_insert(panic);
            }
        }
    }
    if let Some(panic) = first_panic {
        resume_unwind(panic);
    }
    sum
}

/// Turns every annotated function's global cache off or on, those that are first used later
/// included. Off: every call runs its body, what was stored is dropped and nothing is stored.
///
/// # Panics
///
/// Hands on the first panic of a listener or a destructor, after all caches are off.
///
/// ```
/// use ttl_memo::ttl_cache;
///
/// #[ttl_cache(name = "squares")]
/// fn square(n: u64) -> u64 {
///     n * n
/// }
///
/// square(4);
/// ttl_memo::set_enabled(false);
/// square(4);
/// square(4);
/// assert_eq!((square_cache_info().len, square_cache_info().misses), (0, 3));
/// ttl_memo::set_enabled(true);
/// ```
pub fn set_enabled(enabled: bool) {
    here(|registry| registry.set_enabled(enabled));
}
