//! The options of a [`TtlCache`].

use std::borrow::Cow;
use std::fmt;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::Duration;

use super::settings::Jitter;
use super::{Core, Settings, TtlCache};
use crate::clock::{Clock, Time, nanos};
use crate::counters::Counters;
use crate::options::SingleFlight;
use crate::store::{Design, Listener, Store, Terms};
use crate::{Policy, RandomState, RemovalCause};

/// Makes a [`TtlCache`]; defaults as the attribute's: 128 entries, 10 minutes.
///
/// ```
/// use std::time::Duration;
/// use ttl_memo::TtlCache;
///
/// let cache = TtlCache::builder()
///     .maxsize(1 << 20)
///     .ttl(Duration::from_secs(60))
///     .weigher(|_url: &String, page: &String| page.len())
///     .build();
/// cache.insert("/".to_owned(), "hello".to_owned());
/// assert_eq!(cache.info().currsize, 5);
/// ```
pub struct TtlCacheBuilder<K, V, S = RandomState> {
    maxsize: Option<usize>,
    ttl: Option<Duration>,
    time: Time,
    hasher: S,
    listener: Option<Listener<K, V>>,
    settings: Settings<K, V>,
    /// Enters a cache with tags where invalidations find it.
    enlist: Option<fn(&Arc<Core<K, V>>)>,
}

impl<K, V> TtlCacheBuilder<K, V> {
    pub(super) fn new() -> Self {
        let (maxsize, ttl) = (Some(128), Some(Duration::from_secs(600)));
        Self {
            maxsize,
            ttl,
            time: Time::System,
            hasher: RandomState::default(),
            listener: None,
            settings: Settings::new(maxsize, ttl),
            enlist: None,
        }
    }
}

impl<K, V, S> TtlCacheBuilder<K, V, S> {
    /// The most entries, or with a weigher the most total weight; `None`: unbounded; 0: nothing
    /// is ever stored.
    #[must_use]
    pub fn maxsize(mut self, maxsize: impl Into<Option<usize>>) -> Self {
        self.maxsize = maxsize.into();
        self
    }

    /// How long after it is stored an entry may be served; `None`: for ever.
    #[must_use]
    pub fn ttl(mut self, ttl: impl Into<Option<Duration>>) -> Self {
        self.ttl = ttl.into();
        self
    }

    /// Which live entry goes when the cache is full.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.settings.policy = policy;
        self
    }

    /// What an entry counts against `maxsize`; taken once, when it is stored.
    #[must_use]
    pub fn weigher(mut self, weigher: impl Fn(&K, &V) -> usize + Send + Sync + 'static) -> Self {
        self.settings.weigher = Some(Box::new(weigher));
        self
    }

    /// A ttl of its own for each value; `None`: the cache's.
    #[must_use]
    pub fn expire_after(
        mut self,
        expire_after: impl Fn(&K, &V) -> Option<Duration> + Send + Sync + 'static,
    ) -> Self {
        self.settings.expire_after = Some(Box::new(expire_after));
        self
    }

    /// Hears of each entry that has left, once, with no lock held.
    #[must_use]
    pub fn on_evict(
        mut self,
        listener: impl Fn(&K, &V, RemovalCause) + Send + Sync + 'static,
    ) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Where the time is read.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.time = Time::User(Box::new(clock));
        self
    }

    /// How keys are hashed.
    #[must_use]
    pub fn hasher<T>(self, hasher: T) -> TtlCacheBuilder<K, V, T> {
        let Self { maxsize, ttl, time, hasher: _, listener, settings, enlist } = self;
        TtlCacheBuilder { maxsize, ttl, time, hasher, listener, settings, enlist }
    }

    /// The cache's name in reports.
    #[must_use]
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.settings.name = name.into();
        self
    }

    /// Whether concurrent loads of one key run the body once; a duration: how long a call waits
    /// for another's body, before it runs its own.
    #[must_use]
    pub fn single_flight(mut self, single_flight: impl Into<SingleFlight>) -> Self {
        self.settings.single_flight = single_flight.into();
        self
    }

    /// How long an entry may go unserved before it expires, whatever its ttl.
    #[must_use]
    pub fn tti(mut self, tti: Duration) -> Self {
        self.settings.tti = Some(tti);
        self
    }

    /// Each entry's ttl is drawn from `[ttl·(1−jitter), ttl]`, so that entries stored together do
    /// not expire together.
    ///
    /// # Panics
    ///
    /// If `jitter` is not within `0.0..=1.0`.
    #[must_use]
    pub fn jitter(mut self, jitter: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&jitter),
            "`jitter` of the cache `{}` is {jitter}; it is a fraction, from 0.0 to 1.0",
            self.settings.name,
        );
        self.settings.jitter = (jitter > 0.0).then(|| Jitter::new(jitter));
        self
    }

    /// For this long after its deadline, one caller renews a value while the others are given it
    /// at once.
    #[must_use]
    pub fn stale_while_revalidate(mut self, window: Duration) -> Self {
        self.settings.while_revalidate = nanos(window);
        self
    }

    /// For this long after its deadline, a value stands in for an error of
    /// [`try_get_or_insert_with`](TtlCache::try_get_or_insert_with).
    #[must_use]
    pub fn stale_if_error(mut self, window: Duration) -> Self {
        self.settings.if_error = nanos(window);
        self
    }

    /// The attribute's `err_ttl`: how long an `Err` is kept, where the values are `Result`s.
    #[doc(hidden)]
    #[must_use]
    pub fn err_ttl(mut self, ttl: Duration) -> Self {
        self.settings.err_ttl = Some(ttl);
        self
    }

    /// What tags an entry carries: [`invalidate_tag`](crate::invalidate_tag) drops every entry of
    /// a tag, in every cache.
    ///
    /// `tags` is asked again when a tag is invalidated, of every entry held, and is to give the
    /// same tags for the same entry.
    #[must_use]
    pub fn tags<I>(mut self, tags: impl Fn(&K, &V) -> I + Send + Sync + 'static) -> Self
    where
        K: Send + Sync + 'static,
        V: Send + Sync + 'static,
        I: IntoIterator<Item: Into<String>>,
    {
        self.settings.tagged = Some(Box::new(move |key, value, invalidated| {
            let mut tags = tags(key, value).into_iter().map(Into::into);
            tags.any(|tag: String| invalidated.iter().any(|it| **it == *tag))
        }));
        self.enlist = Some(crate::tags::enlist);
        self
    }

    /// The cache; allocates nothing for entries yet.
    pub fn build(self) -> TtlCache<K, V, S> {
        let Self { maxsize, ttl, time, hasher, listener, settings, enlist } = self;
        settings.set_maxsize(maxsize);
        settings.set_ttl(ttl);
        let terms = Terms {
            ttl: ttl.map_or(u64::MAX, nanos),
            tti: settings.tti.map_or(u64::MAX, nanos),
            window: settings.stale_window(),
            weighted: settings.weigher.is_some(),
        };
        let seed = RandomState::default().hash_one(0_u64);
        let policy = settings.policy;
        let store = Store::new(Design { maxsize, policy, terms, listener, seed });
        let core = Core { store, time, counters: Counters::default(), settings };
        let core = Arc::new(core);
        if let Some(enlist) = enlist {
            enlist(&core);
        }
        TtlCache { core, hasher }
    }
}

impl<K, V, S> fmt::Debug for TtlCacheBuilder<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TtlCacheBuilder")
            .field("maxsize", &self.maxsize)
            .field("ttl", &self.ttl)
            .finish_non_exhaustive()
    }
}
