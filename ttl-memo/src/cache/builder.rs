//! The options of a [`TtlCache`].

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::respite::Respites;
use super::settings::Jitter;
use super::{Core, Settings, TtlCache};
use crate::clock::{Clock, Time, nanos};
use crate::counters::Counters;
use crate::options::{DEFAULT_MAXSIZE, SingleFlight, Ttl};
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
    ttl: Ttl,
    time: Time,
    hasher: S,
    listener: Option<Listener<K, V>>,
    settings: Settings<K, V>,
    /// Enters a cache with tags where invalidations find it.
    enlist: Option<Enlist<K, V>>,
}

type Enlist<K, V> = fn(&Arc<Core<K, V>>);

impl<K, V> TtlCacheBuilder<K, V> {
    pub(super) fn new() -> Self {
        let maxsize = DEFAULT_MAXSIZE;
        Self {
            maxsize,
            ttl: Ttl::Unsaid,
            time: Time::System,
            hasher: RandomState::default(),
            listener: None,
            settings: Settings::new(maxsize, None),
            enlist: None,
        }
    }
}

impl<K, V, S> TtlCacheBuilder<K, V, S> {
    /// The most entries, or with a weigher the most total weight; `None`: unbounded; 0: nothing
    /// is ever stored. 128 unless said. Nothing is allocated ahead of need, however large it is.
    ///
    /// ```
    /// use ttl_memo::TtlCache;
    ///
    /// let cache: TtlCache<u64, u64> = TtlCache::builder().maxsize(None).build();
    /// assert_eq!(cache.parameters().maxsize, None);
    /// ```
    #[must_use]
    pub fn maxsize(mut self, maxsize: impl Into<Option<usize>>) -> Self {
        self.maxsize = maxsize.into();
        self
    }

    /// How long after it is stored an entry may be served; `None`: for ever; zero: nothing is ever
    /// stored. 10 minutes unless said, or for ever beside a [`tti`](Self::tti).
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let ttl = Duration::from_secs(90);
    /// let cache: TtlCache<u64, u64> = TtlCache::builder().ttl(ttl).build();
    /// assert_eq!(cache.parameters().ttl, Some(ttl));
    /// ```
    #[must_use]
    pub fn ttl(mut self, ttl: impl Into<Option<Duration>>) -> Self {
        self.ttl = Ttl::Said(ttl.into());
        self
    }

    /// Which live entry goes when the cache is full. [`Policy::Adaptive`] unless said.
    ///
    /// ```
    /// use ttl_memo::{Policy, TtlCache};
    ///
    /// let cache: TtlCache<u64, u64> = TtlCache::builder().policy(Policy::Lru).build();
    /// assert_eq!(cache.parameters().policy, Policy::Lru);
    /// ```
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.settings.policy = policy;
        self
    }

    /// What an entry counts against `maxsize`, 1 unless said; taken once, when it is stored. One
    /// heavier than `maxsize` is given to its caller, and not stored.
    ///
    /// ```
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::builder().maxsize(10).weigher(|_, page: &&str| page.len()).build();
    /// cache.insert("/", "12345");
    /// cache.insert("/long", "12345678901");
    /// assert_eq!((cache.info().currsize, cache.len()), (5, 1));
    /// ```
    #[must_use]
    pub fn weigher(mut self, weigher: impl Fn(&K, &V) -> usize + Send + Sync + 'static) -> Self {
        self.settings.weigher = Some(Box::new(weigher));
        self
    }

    /// A ttl of its own for each value; `None`: the cache's; zero: this one is not stored.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// /// A token, and how long it is good for.
    /// type Token = (&'static str, Duration);
    ///
    /// let cache = TtlCache::builder().expire_after(|_, token: &Token| Some(token.1)).build();
    /// cache.insert("user", ("secret", Duration::ZERO));
    /// assert!(cache.is_empty());
    /// ```
    #[must_use]
    pub fn expire_after(
        mut self,
        expire_after: impl Fn(&K, &V) -> Option<Duration> + Send + Sync + 'static,
    ) -> Self {
        self.settings.expire_after = Some(Box::new(expire_after));
        self
    }

    /// Hears of each entry that has left, once, with no lock held, in the call that made it leave.
    ///
    /// It may call the cache. If it panics, the panic reaches the caller of that call; it hears of
    /// the others all the same. It does not hear of what is left when the cache itself is dropped.
    ///
    /// ```
    /// use std::sync::mpsc;
    /// use ttl_memo::{RemovalCause, TtlCache};
    ///
    /// let (left, heard) = mpsc::channel();
    /// let cache = TtlCache::builder()
    ///     .on_evict(move |key: &u64, value: &u64, cause| left.send((*key, *value, cause)).unwrap())
    ///     .build();
    /// cache.insert(1, 10);
    /// cache.insert(1, 11);
    /// assert_eq!(heard.try_recv(), Ok((1, 10, RemovalCause::Replaced)));
    /// ```
    #[must_use]
    pub fn on_evict(
        mut self,
        listener: impl Fn(&K, &V, RemovalCause) + Send + Sync + 'static,
    ) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Where the time is read: the system's monotonic clock unless said.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::{ManualClock, TtlCache};
    ///
    /// let clock = ManualClock::new();
    /// let cache = TtlCache::builder().clock(clock.clone()).build();
    /// cache.insert("a", 1);
    /// clock.advance(Duration::from_secs(600));
    /// assert_eq!(cache.get("a"), None);
    /// ```
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.time = Time::User(Box::new(clock));
        self
    }

    /// How keys are hashed: fast and seeded at random unless said, so that nobody can choose keys
    /// that collide.
    ///
    /// ```
    /// use std::hash::RandomState;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::builder().hasher(RandomState::new()).build();
    /// cache.insert("a", 1);
    /// assert_eq!(cache.get("a"), Some(1));
    /// ```
    #[must_use]
    pub fn hasher<T>(self, hasher: T) -> TtlCacheBuilder<K, V, T> {
        let Self { maxsize, ttl, time, hasher: _, listener, settings, enlist } = self;
        TtlCacheBuilder { maxsize, ttl, time, hasher, listener, settings, enlist }
    }

    /// The cache's name, among its [`parameters`](TtlCache::parameters), for reports of your own: a
    /// cache made by hand is not among [`caches`](crate::caches).
    ///
    /// ```
    /// use ttl_memo::TtlCache;
    ///
    /// let cache: TtlCache<u64, u64> = TtlCache::builder().name("pages").build();
    /// assert_eq!(cache.parameters().name, "pages");
    /// ```
    #[must_use]
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.settings.name = name.into();
        self
    }

    /// Whether concurrent loads of one key run the body once, as they do unless said; a duration:
    /// how long a call waits for another's body, before it runs its own.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let patient = Duration::from_secs(5);
    /// let cache = TtlCache::builder().single_flight(patient).build();
    /// assert_eq!(cache.get_or_insert_with("a", || 1), 1);
    /// ```
    #[must_use]
    pub fn single_flight(mut self, single_flight: impl Into<SingleFlight>) -> Self {
        self.settings.single_flight = single_flight.into();
        self
    }

    /// How long an entry may go unserved before it expires, whatever its ttl; zero: nothing is ever
    /// stored. Beside it the ttl is `None` unless said.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlCache;
    ///
    /// let cache: TtlCache<u64, u64> = TtlCache::builder().tti(Duration::from_secs(60)).build();
    /// let parameters = cache.parameters();
    /// assert_eq!((parameters.ttl, parameters.tti), (None, Some(Duration::from_secs(60))));
    /// ```
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
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::{ManualClock, TtlCache};
    ///
    /// let clock = ManualClock::new();
    /// let ttl = Duration::from_secs(100);
    /// let cache = TtlCache::builder().ttl(ttl).jitter(0.1).clock(clock.clone()).build();
    /// (0..100).for_each(|n| cache.insert(n, n));
    /// clock.advance(Duration::from_secs(89));
    /// assert_eq!(cache.len(), 100);
    /// clock.advance(Duration::from_secs(11));
    /// assert_eq!(cache.len(), 0);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn jitter(mut self, jitter: f64) -> Self {
        if !(0.0..=1.0).contains(&jitter) {
            let of = match &*self.settings.name {
                "" => String::new(),
                name => format!(" of the cache `{name}`"),
            };
            panic!("`jitter`{of} is {jitter}; it is a fraction, from 0.0 to 1.0");
        }
        self.settings.jitter = (jitter > 0.0).then(|| Jitter::new(jitter));
        self
    }

    /// For this long after its deadline, one caller of a `get_or_insert` method refreshes a value
    /// while the others are given it at once.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::{ManualClock, TtlCache};
    ///
    /// let (clock, second) = (ManualClock::new(), Duration::from_secs(1));
    /// let cache = TtlCache::builder()
    ///     .ttl(second)
    ///     .stale_while_revalidate(second)
    ///     .clock(clock.clone())
    ///     .build();
    /// cache.insert("a", 1);
    /// clock.advance(second);
    /// let refreshed = cache.get_or_insert_with("a", || {
    ///     // Whoever asks now does not wait.
    ///     # std::thread::scope(|scope| { scope.spawn(|| {
    ///     assert_eq!(cache.get_or_insert_with("a", || unreachable!()), 1);
    ///     # }); });
    ///     2
    /// });
    /// assert_eq!(refreshed, 2);
    /// ```
    #[must_use]
    pub fn stale_while_revalidate(mut self, window: Duration) -> Self {
        self.settings.while_revalidate = nanos(window);
        self
    }

    /// For this long after its deadline, a value stands in for an error of
    /// [`try_get_or_insert_with`](TtlCache::try_get_or_insert_with) or of its async form.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::{ManualClock, TtlCache};
    ///
    /// let (clock, second) = (ManualClock::new(), Duration::from_secs(1));
    /// let cache = TtlCache::builder()
    ///     .ttl(second)
    ///     .stale_if_error(second)
    ///     .clock(clock.clone())
    ///     .build();
    /// cache.insert("a", 1);
    /// clock.advance(second);
    /// assert_eq!(cache.try_get_or_insert_with("a", || Err("down")), Ok(1));
    /// clock.advance(second);
    /// assert_eq!(cache.try_get_or_insert_with("a", || Err("down")), Err("down"));
    /// ```
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
    ///
    /// ```
    /// use ttl_memo::TtlCache;
    ///
    /// let cache = TtlCache::builder().tags(|url: &&str, _: &u32| [format!("url:{url}")]).build();
    /// cache.insert("/news", 1);
    /// assert_eq!(ttl_memo::invalidate_tag("url:/news"), 1);
    /// ```
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

    /// For a world for tests, if `here` is one: its clock, and nobody hears of its end. Its
    /// registry knows its caches, tags and all.
    #[cfg(feature = "testing")]
    pub(crate) fn in_world(mut self, here: &crate::testing::Here) -> Self
    where
        K: 'static,
        V: 'static,
    {
        if let (Some(clock), Some(end)) = (here.clock(), here.end()) {
            self.time = Time::User(Box::new(clock));
            self.listener = self.listener.map(|listener| -> Listener<K, V> {
                Box::new(move |key, value, cause| {
                    if !end.has_come() {
                        listener(key, value, cause);
                    }
                })
            });
            self.enlist = None;
            // What is made in a world that has ended stores nothing.
            self.settings.set_enabled(!here.has_ended());
        }
        self
    }

    /// What a cache for one thread is made of, too; its hooks are its own.
    pub(super) fn essence(mut self) -> (Settings<K, V>, Time, S) {
        self.settle();
        (self.settings, self.time, self.hasher)
    }

    /// What was said last holds, whatever was said first.
    fn settle(&mut self) {
        let ttl = self.ttl.beside(self.settings.tti);
        self.settings.set_maxsize(self.maxsize);
        self.settings.set_ttl(ttl);
    }

    /// The cache; allocates nothing for entries yet.
    ///
    /// ```
    /// let cache: ttl_memo::TtlCache<u64, u64> = ttl_memo::TtlCache::builder().build();
    /// assert!(cache.is_empty());
    /// ```
    pub fn build(mut self) -> TtlCache<K, V, S> {
        self.settle();
        let Self { maxsize, ttl: _, time, hasher, listener, settings, enlist } = self;
        let terms = Terms {
            ttl: settings.ttl(),
            tti: settings.tti.map_or(u64::MAX, nanos),
            window: settings.stale_window(),
            weighted: settings.weigher.is_some(),
        };
        let seed = crate::options::seed();
        let policy = settings.policy;
        let store = Store::new(Design { maxsize, policy, terms, listener, seed });
        let core = Core {
            store,
            time,
            counters: Counters::default(),
            settings,
            respites: Respites::default(),
            #[cfg(feature = "metrics")]
            cleared: crate::observe::metrics::Cleared::default(),
        };
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
