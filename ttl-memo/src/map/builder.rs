//! The options of a [`TtlMap`].

use std::fmt;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::Duration;

use super::TtlMap;
use super::options::Options;
use crate::cache::Jitter;
use crate::clock::{Clock, Time, nanos};
use crate::engine::stock::{Kinds, Stock};
use crate::options::{DEFAULT_MAXSIZE, Ttl};
use crate::{Policy, RandomState, RemovalCause};

/// Makes a [`TtlMap`]; defaults as the attribute's: 128 pairs, 10 minutes, the adaptive policy.
///
/// Its methods only note what they are told, in constant time.
///
/// ```
/// use std::time::Duration;
/// use ttl_memo::{Policy, TtlMap};
///
/// let mut pages = TtlMap::builder()
///     .maxsize(1 << 20)
///     .ttl(Duration::from_secs(60))
///     .policy(Policy::Lru)
///     .weigher(|_url: &&str, page: &String| page.len())
///     .build();
/// pages.insert("/", "hello".to_owned());
/// assert_eq!(pages.weight(), 5);
/// ```
pub struct TtlMapBuilder<K, V, S = RandomState> {
    maxsize: Option<usize>,
    ttl: Ttl,
    tti: Option<Duration>,
    policy: Policy,
    hasher: S,
    options: Options<K, V>,
}

impl<K, V> TtlMapBuilder<K, V> {
    pub(super) fn new() -> Self {
        Self {
            maxsize: DEFAULT_MAXSIZE,
            ttl: Ttl::Unsaid,
            tti: None,
            policy: Policy::default(),
            hasher: RandomState::default(),
            options: Options::new(u64::MAX),
        }
    }
}

impl<K, V, S> TtlMapBuilder<K, V, S> {
    /// The most pairs, or with a [`weigher`](Self::weigher) the most total weight; `None`:
    /// unbounded; 0: nothing is ever stored. Nothing is allocated ahead of need.
    ///
    /// ```
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::builder().maxsize(1).build();
    /// map.insert("a", 1);
    /// map.insert("b", 2);
    /// assert_eq!((map.len(), map.get("a")), (1, None));
    /// ```
    #[must_use]
    pub fn maxsize(mut self, maxsize: impl Into<Option<usize>>) -> Self {
        self.maxsize = maxsize.into();
        self
    }

    /// How long after it is stored a pair may be seen; `None`: for ever; zero: nothing is ever
    /// stored, but what is given a ttl of its own.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::builder().ttl(None).build();
    /// map.insert("a", 1);
    /// assert_eq!(map.ttl_of("a"), Some(Duration::MAX));
    /// ```
    #[must_use]
    pub fn ttl(mut self, ttl: impl Into<Option<Duration>>) -> Self {
        self.ttl = Ttl::Said(ttl.into());
        self
    }

    /// How long a pair may go unused before it expires, whatever its ttl; beside it the ttl is
    /// `None` unless said. A use is what the
    /// policy sees as one: `get`, `get_mut`, `entry` and an insertion.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::{ManualClock, TtlMap};
    ///
    /// let clock = ManualClock::new();
    /// let mut map =
    ///     TtlMap::builder().tti(Duration::from_secs(10)).clock(clock.clone()).build();
    /// map.insert("a", 1);
    /// clock.advance(Duration::from_secs(9));
    /// assert_eq!(map.get("a"), Some(&1));
    /// clock.advance(Duration::from_secs(9));
    /// assert_eq!(map.peek("a"), Some(&1));
    /// clock.advance(Duration::from_secs(1));
    /// assert_eq!(map.get("a"), None);
    /// ```
    #[must_use]
    pub fn tti(mut self, tti: Duration) -> Self {
        self.tti = Some(tti);
        self
    }

    /// Which live pair goes when the map is full.
    ///
    /// ```
    /// use ttl_memo::{Policy, TtlMap};
    ///
    /// let mut map = TtlMap::builder().maxsize(2).policy(Policy::Fifo).build();
    /// map.insert("a", 1);
    /// map.insert("b", 2);
    /// assert_eq!(map.get("a"), Some(&1));
    /// assert_eq!(map.pop(), Some(("a", 1)));
    /// ```
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// What a pair counts against `maxsize`; asked once, when it is stored. One that weighs more
    /// than `maxsize` is not stored.
    ///
    /// ```
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::builder().maxsize(10).weigher(|_, text: &String| text.len()).build();
    /// map.insert(1, "seven..".to_owned());
    /// map.insert(2, "four".to_owned());
    /// assert_eq!((map.len(), map.weight()), (1, 4));
    /// ```
    #[must_use]
    pub fn weigher(mut self, weigher: impl Fn(&K, &V) -> usize + Send + Sync + 'static) -> Self {
        self.options.weigher = Some(Box::new(weigher));
        self
    }

    /// A ttl of its own for each pair; `None`: the map's. A ttl given with
    /// [`insert_with_ttl`](TtlMap::insert_with_ttl) comes first.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::builder()
    ///     .expire_after(|_: &&str, seconds: &u64| Some(Duration::from_secs(*seconds)))
    ///     .build();
    /// map.insert("never", 0);
    /// map.insert("soon", 5);
    /// assert_eq!((map.len(), map.peek("soon")), (1, Some(&5)));
    /// ```
    #[must_use]
    pub fn expire_after(
        mut self,
        expire_after: impl Fn(&K, &V) -> Option<Duration> + Send + Sync + 'static,
    ) -> Self {
        self.options.expire_after = Some(Box::new(expire_after));
        self
    }

    /// Each pair's ttl is drawn from `[ttl·(1−jitter), ttl]`, so that pairs stored together do
    /// not expire together.
    ///
    /// # Panics
    ///
    /// If `jitter` is not within `0.0..=1.0`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::builder().ttl(Duration::from_secs(100)).jitter(0.1).build();
    /// map.insert("a", 1);
    /// assert!(map.ttl_of("a").unwrap() > Duration::from_secs(80));
    /// ```
    #[must_use]
    #[track_caller]
    pub fn jitter(mut self, jitter: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&jitter),
            "`jitter` of a `TtlMap` is {jitter}; it is a fraction, from 0.0 to 1.0",
        );
        self.options.jitter = (jitter > 0.0).then(|| Jitter::new(jitter));
        self
    }

    /// Hears of each pair that has left, once, but for those that are handed back to the caller.
    ///
    /// It is called within a call on the map, after the pair has left and the map is whole again.
    /// If it panics, the pairs that leave with this one are told nonetheless, and the panic
    /// reaches the caller of that call.
    ///
    /// ```
    /// use std::sync::mpsc;
    /// use ttl_memo::{RemovalCause, TtlMap};
    ///
    /// let (tell, heard) = mpsc::channel();
    /// let mut map = TtlMap::builder()
    ///     .maxsize(1)
    ///     .on_evict(move |key, value, cause| tell.send((*key, *value, cause)).unwrap())
    ///     .build();
    /// map.insert("a", 1);
    /// map.insert("b", 2);
    /// assert_eq!(heard.try_recv(), Ok(("a", 1, RemovalCause::Size)));
    /// ```
    #[must_use]
    pub fn on_evict(
        mut self,
        listener: impl Fn(&K, &V, RemovalCause) + Send + Sync + 'static,
    ) -> Self {
        self.options.listener = Some(Box::new(listener));
        self
    }

    /// Where the time is read.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ttl_memo::{ManualClock, TtlMap};
    ///
    /// let clock = ManualClock::new();
    /// let mut map = TtlMap::builder().clock(clock.clone()).build();
    /// map.insert("a", 1);
    /// clock.advance(Duration::from_secs(600));
    /// assert!(map.is_empty());
    /// ```
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.options.time = Time::User(Box::new(clock));
        self
    }

    /// How keys are hashed.
    ///
    /// ```
    /// use std::hash::RandomState;
    /// use ttl_memo::TtlMap;
    ///
    /// let mut map = TtlMap::builder().hasher(RandomState::new()).build();
    /// map.insert("a", 1);
    /// assert_eq!(map.get("a"), Some(&1));
    /// ```
    #[must_use]
    pub fn hasher<T: BuildHasher>(self, hasher: T) -> TtlMapBuilder<K, V, T> {
        let Self { maxsize, ttl, tti, policy, hasher: _, options } = self;
        TtlMapBuilder { maxsize, ttl, tti, policy, hasher, options }
    }

    /// The map; allocates nothing for pairs yet.
    ///
    /// ```
    /// let map: ttl_memo::TtlMap<u8, u8> = ttl_memo::TtlMap::builder().build();
    /// assert!(map.is_empty());
    /// ```
    pub fn build(self) -> TtlMap<K, V, S> {
        let Self { maxsize, ttl, tti, policy, hasher, mut options } = self;
        options.ttl = ttl.beside(tti).map_or(u64::MAX, nanos);
        options.idle = tti.map_or(u64::MAX, nanos);
        #[cfg(feature = "serde")]
        {
            options.policy = policy;
        }
        let seed = crate::options::seed();
        let weighted = options.weigher.is_some();
        let kinds = Kinds { weighted, idle: options.idle, dated: false };
        let stock = Stock::new(policy, seed, maxsize, kinds);
        TtlMap { stock, limbo: None, hits: 0, misses: 0, options: Arc::new(options), hasher }
    }
}

impl<K, V, S> fmt::Debug for TtlMapBuilder<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TtlMapBuilder")
            .field("maxsize", &self.maxsize)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
