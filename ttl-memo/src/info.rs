//! What a cache tells about itself.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::Policy;

/// How a cache has done since it was made or last cleared: Python's `cache_info()`, and more.
///
/// ```
/// use ttl_memo::ttl_cache;
///
/// #[ttl_cache]
/// fn square(n: u64) -> u64 {
///     n * n
/// }
///
/// square(3);
/// square(3);
/// let info = square_cache_info();
/// assert_eq!(info.to_string(), "CacheInfo(hits=1, misses=1, maxsize=128, currsize=1)");
/// assert_eq!(info.hit_ratio(), 0.5);
/// ```
///
/// With the feature `serde`, a figure that is missing where it is read is zero.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
#[non_exhaustive]
pub struct CacheInfo {
    /// Calls answered without running the body, joined flights and stale answers included.
    pub hits: u64,
    /// Calls that ran the body, also those that [`refresh_if`](macro@crate::ttl_cache#refresh_if)
    /// made do so.
    pub misses: u64,
    /// The bound in force; `None`: unbounded.
    pub maxsize: Option<usize>,
    /// Live entries; with a weigher, their total weight.
    pub currsize: usize,
    /// Live entries.
    pub len: usize,
    /// Live entries that went to make room.
    pub evictions: u64,
    /// Entries that went because their time was over.
    pub expirations: u64,
    /// Hits that joined another call's flight: waited for its body ([`Source::Joined`]).
    pub coalesced: u64,
    /// Answers given past their deadline.
    pub stale: u64,
    /// Bodies that panicked, or whose value was not to be stored; an error that `err_ttl` keeps is
    /// stored.
    pub failures: u64,
    /// Bodies begun to refresh an entry: by `…_cache_refresh` (such a call is neither a hit nor a
    /// miss), by `refresh_if` (which is a miss, too) or in the background.
    pub refreshes: u64,
    /// Time spent in bodies, in total, by the cache's clock. Where most take less than a microsecond,
    /// not each of them is timed, and this is an estimate.
    ///
    /// Each body's time is all that passes from its beginning to its end: what it waits for, and the
    /// bodies of other cached functions that it calls, each of which has its own counted, too. So of a
    /// function that calls itself a moment counts for every body that is running then, and the total
    /// may be many times the time that has passed.
    pub compute_time: Duration,
}

impl CacheInfo {
    /// `hits / (hits + misses)`, in `0.0..=1.0`; 0 when there was no call.
    pub fn hit_ratio(&self) -> f64 {
        match self.hits + self.misses {
            0 => 0.0,
            #[expect(clippy::cast_precision_loss, reason = "a ratio is given to 53 bits")]
            calls => self.hits as f64 / calls as f64,
        }
    }

    /// The mean time that a body took, with the bodies in it (see
    /// [`compute_time`](Self::compute_time)); zero when none has run.
    pub fn mean_compute_time(&self) -> Duration {
        let bodies = u128::from(self.misses + self.refreshes);
        match self.compute_time.as_nanos().checked_div(bodies) {
            Some(mean) => Duration::from_nanos(u64::try_from(mean).unwrap_or(u64::MAX)),
            None => Duration::ZERO,
        }
    }

    /// An estimate of what the cache has saved: `hits × mean_compute_time()`, as if each hit had run a
    /// body, and that all bodies in it. Far too much for a function that calls itself, where most hits
    /// stand for less than that.
    pub fn time_saved(&self) -> Duration {
        let mean = self.mean_compute_time().as_nanos();
        let saved = mean.saturating_mul(u128::from(self.hits));
        Duration::from_nanos(u64::try_from(saved).unwrap_or(u64::MAX))
    }
}

/// As Python writes it: `CacheInfo(hits=3, misses=1, maxsize=128, currsize=1)`.
impl fmt::Display for CacheInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CacheInfo(hits={}, misses={}, maxsize=", self.hits, self.misses)?;
        match self.maxsize {
            Some(maxsize) => write!(f, "{maxsize}")?,
            None => f.write_str("None")?,
        }
        write!(f, ", currsize={})", self.currsize)
    }
}

/// The options of a cache, as in force now.
///
/// ```
/// use std::time::Duration;
/// use ttl_memo::TtlCache;
///
/// let cache: TtlCache<u64, u64> = TtlCache::new(100, Duration::from_secs(1));
/// assert_eq!(cache.parameters().maxsize, Some(100));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CacheParameters {
    /// The name in reports.
    pub name: Cow<'static, str>,
    /// The most entries, or the most total weight; `None`: unbounded.
    pub maxsize: Option<usize>,
    /// How long after it is stored an entry may be served; `None`: for ever.
    pub ttl: Option<Duration>,
    /// How long an entry may go unserved; `None`: for ever.
    pub tti: Option<Duration>,
    /// Which entry goes when there is no room.
    pub policy: Policy,
}

/// Where an answer came from; see [`Fetched`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[non_exhaustive]
pub enum Source {
    /// A live entry.
    Hit,
    /// This call ran the body.
    Miss,
    /// Another call's flight: this one waited for its body. [`CacheInfo::coalesced`] counts these.
    Joined,
    /// An entry past its deadline, within a stale window.
    Stale,
}

/// An answer with its origin: what `…_cache_fetch` gives.
///
/// ```
/// use ttl_memo::{Source, ttl_cache};
///
/// #[ttl_cache(ttl = "1m")]
/// fn double(n: u64) -> u64 {
///     2 * n
/// }
///
/// assert_eq!(double_cache_fetch(21).source, Source::Miss);
/// let again = double_cache_fetch(21);
/// assert_eq!((again.value, again.source), (42, Source::Hit));
/// assert!(again.expires_in.unwrap() <= std::time::Duration::from_secs(60));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Fetched<R> {
    /// What the call returned.
    pub value: R,
    /// Where it came from.
    pub source: Source,
    /// How long ago the value was stored; zero for one just computed.
    pub age: Duration,
    /// How long until its deadline; `None`: it never expires (of which
    /// [`TtlMap::ttl_of`](crate::TtlMap::ttl_of) says `Duration::MAX`). Zero where it was not stored,
    /// and for a stale value.
    pub expires_in: Option<Duration>,
}

/// Why an entry left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "lowercase")
)]
#[non_exhaustive]
pub enum RemovalCause {
    /// Its time was over.
    Expired,
    /// It made room for another.
    Size,
    /// Another value was stored under its key.
    Replaced,
    /// It was taken out: by `invalidate`, `clear`, `retain` or a tag.
    Invalidated,
}
