//! A cache's options as they are in force.

use std::borrow::Cow;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use crate::clock::nanos;
use crate::options::SingleFlight;
use crate::store::Times;
use crate::{CacheParameters, Policy, RandomState};

/// Counts what an entry weighs.
pub(crate) type Weigher<K, V> = Box<dyn Fn(&K, &V) -> usize + Send + Sync>;
/// Gives an entry a ttl of its own.
pub(crate) type ExpireAfter<K, V> = Box<dyn Fn(&K, &V) -> Option<Duration> + Send + Sync>;
/// Whether an entry carries one of these tags.
pub(crate) type Tagged<K, V> = Box<dyn Fn(&K, &V, &[Arc<str>]) -> bool + Send + Sync>;

/// Options, some of which may change while calls are running.
///
/// Relaxed throughout: each is a number of its own, and a change holds for what begins after it.
pub struct Settings<K, V> {
    pub(crate) name: Cow<'static, str>,
    pub(crate) policy: Policy,
    pub(crate) tti: Option<Duration>,
    pub(crate) weigher: Option<Weigher<K, V>>,
    pub(crate) expire_after: Option<ExpireAfter<K, V>>,
    pub(crate) tagged: Option<Tagged<K, V>>,
    pub(crate) single_flight: SingleFlight,
    /// How long an error that is kept is.
    pub(crate) err_ttl: Option<Duration>,
    /// After its deadline a value may be served while it is renewed, in nanoseconds.
    pub(crate) while_revalidate: u64,
    /// After its deadline a value may stand in for an error, in nanoseconds.
    pub(crate) if_error: u64,
    pub(crate) jitter: Option<Jitter>,
    /// `usize::MAX`: unbounded.
    maxsize: AtomicUsize,
    /// In nanoseconds; `u64::MAX`: for ever.
    ttl: AtomicU64,
    enabled: AtomicBool,
}

impl<K, V> Settings<K, V> {
    pub(crate) fn new(maxsize: Option<usize>, ttl: Option<Duration>) -> Self {
        Self {
            name: Cow::Borrowed(""),
            policy: Policy::default(),
            tti: None,
            weigher: None,
            expire_after: None,
            tagged: None,
            single_flight: SingleFlight::On,
            err_ttl: None,
            while_revalidate: 0,
            if_error: 0,
            jitter: None,
            maxsize: AtomicUsize::new(maxsize.unwrap_or(usize::MAX)),
            ttl: AtomicU64::new(ttl.map_or(u64::MAX, nanos)),
            enabled: AtomicBool::new(true),
        }
    }

    #[inline]
    pub(crate) fn maxsize(&self) -> Option<usize> {
        Some(self.maxsize.load(Ordering::Relaxed)).filter(|maxsize| *maxsize != usize::MAX)
    }

    /// Whether an entry of this weight may be stored. Asked before an entry goes in and, under
    /// the lock, again: what was switched off or made smaller meanwhile sweeps each shard after
    /// that, and nothing is to come in behind it.
    #[inline]
    pub(crate) fn takes(&self, weight: usize) -> bool {
        // `maxsize = 0`: nothing at all, not even what weighs nothing.
        let fits = self.maxsize().is_none_or(|maxsize| weight <= maxsize && maxsize > 0);
        fits && self.is_enabled()
    }

    pub(crate) fn set_maxsize(&self, maxsize: Option<usize>) {
        self.maxsize.store(maxsize.unwrap_or(usize::MAX), Ordering::Relaxed);
    }

    /// In nanoseconds; `u64::MAX`: for ever.
    pub(crate) fn ttl(&self) -> u64 {
        self.ttl.load(Ordering::Relaxed)
    }

    pub(crate) fn set_ttl(&self, ttl: Option<Duration>) {
        self.ttl.store(ttl.map_or(u64::MAX, nanos), Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn is_enabled(&self) -> bool {
        self.enabled.load(Ordering::Relaxed)
    }

    pub(crate) fn set_enabled(&self, enabled: bool) {
        self.enabled.store(enabled, Ordering::Relaxed);
    }

    /// Whether there is anything at all that it would store.
    pub(crate) fn stores_anything(&self) -> bool {
        self.may_store(self.expire_after.is_some())
    }

    /// The same for a cache whose hooks are not here: whether values may have ttls of their own.
    pub(crate) fn may_store(&self, own_ttls: bool) -> bool {
        self.is_enabled()
            && self.maxsize() != Some(0)
            && self.tti != Some(Duration::ZERO)
            && (self.ttl() > 0 || own_ttls)
    }

    /// Times and weight of an entry stored now; None if it is not to be stored. Runs user code.
    #[inline]
    pub(crate) fn admit(
        &self,
        key: &K,
        value: &V,
        ttl: Option<Duration>,
        now: u64,
    ) -> Option<(Times, usize)> {
        let own = || self.expire_after.as_ref().and_then(|of| of(key, value));
        let weigh = || self.weigher.as_ref().map_or(1, |weigh| weigh(key, value));
        self.admit_by(own, weigh, ttl, now)
    }

    /// The same, by the hooks of an entry's cache.
    #[inline]
    pub(crate) fn admit_by(
        &self,
        own: impl FnOnce() -> Option<Duration>,
        weigh: impl FnOnce() -> usize,
        ttl: Option<Duration>,
        now: u64,
    ) -> Option<(Times, usize)> {
        let ttl = ttl.or_else(own).map_or_else(|| self.ttl(), nanos);
        let weight = weigh();
        let ttl = self.jittered(ttl);
        let deadline = now.saturating_add(ttl);
        let gone = deadline.saturating_add(self.stale_window());
        let lives = ttl > 0 && self.tti != Some(Duration::ZERO);
        let stored = lives && self.takes(weight);
        stored.then_some((Times { stored: now, deadline, gone }, weight))
    }

    /// As [`admit`](Self::admit), where nothing of the user's is to see the key.
    #[inline]
    pub(crate) fn admit_unseen(&self, now: u64) -> Option<(Times, usize)> {
        debug_assert!(!self.shows_keys(), "or the user's code would decide");
        let ttl = self.jittered(self.ttl());
        let deadline = now.saturating_add(ttl);
        let gone = deadline.saturating_add(self.stale_window());
        let lives = ttl > 0 && self.tti != Some(Duration::ZERO);
        (lives && self.takes(1)).then_some((Times { stored: now, deadline, gone }, 1))
    }

    /// Whether the end of a load looks at its key, or shows it to code of the user's.
    #[inline]
    pub(crate) fn shows_keys(&self) -> bool {
        self.weigher.is_some()
            || self.expire_after.is_some()
            || self.tagged.is_some()
            || self.if_error > 0
            || self.err_ttl.is_some()
    }

    /// Whether an entry carries one of `tags`.
    pub(crate) fn carries(&self, key: &K, value: &V, tags: &[Arc<str>]) -> bool {
        self.tagged.as_ref().is_some_and(|tagged| tagged(key, value, tags))
    }

    /// How long past its deadline an entry is held, in nanoseconds.
    #[inline]
    pub(crate) fn stale_window(&self) -> u64 {
        self.while_revalidate.max(self.if_error)
    }

    /// A ttl drawn for one entry.
    #[inline]
    pub(crate) fn jittered(&self, ttl: u64) -> u64 {
        match &self.jitter {
            Some(jitter) if ttl != u64::MAX => jitter.draw(ttl),
            _ => ttl,
        }
    }

    pub(crate) fn parameters(&self) -> CacheParameters {
        CacheParameters {
            name: self.name.clone(),
            maxsize: self.maxsize(),
            ttl: Some(self.ttl()).filter(|ttl| *ttl != u64::MAX).map(Duration::from_nanos),
            tti: self.tti,
            policy: self.policy,
        }
    }
}

impl<K, V> std::fmt::Debug for Settings<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Shortens ttls by a random part.
#[derive(Debug)]
pub(crate) struct Jitter {
    /// At most this much of a ttl is taken off, in 2⁻³² of it.
    share: u64,
    /// The state of a `SplitMix64` generator (Steele, Lea and Flood, 2014), which any thread may
    /// advance: all that a draw needs is a number of its own.
    state: AtomicU64,
}

impl Jitter {
    /// `fraction`: at most how much of a ttl is taken off, in `0.0..=1.0`.
    pub(crate) fn new(fraction: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a fraction of 2^32"
        )]
        let share = (fraction * 4_294_967_296.0) as u64;
        Self { share, state: AtomicU64::new(RandomState::default().hash_one(0_u64)) }
    }

    pub(crate) fn draw(&self, ttl: u64) -> u64 {
        let mut random = self.state.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        random = (random ^ (random >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        random = (random ^ (random >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        // 32 random bits, as a fraction, of the share.
        let cut = ((random >> 32) * self.share) >> 32;
        let cut = (u128::from(ttl) * u128::from(cut)) >> 32;
        // Never down to nothing: a ttl of zero would not be stored.
        (ttl - u64::try_from(cut).unwrap_or(ttl)).max(1.min(ttl))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg_attr(miri, ignore = "slow there")]
    fn jitter_stays_within_its_share_and_uses_it() {
        let jitter = Jitter::new(0.25);
        let draws: Vec<u64> = (0..1000).map(|_| jitter.draw(1_000_000)).collect();
        assert!(draws.iter().all(|draw| (750_000..=1_000_000).contains(draw)), "{draws:?}");
        assert!(draws.iter().any(|draw| *draw < 760_000), "{draws:?}");
        assert!(draws.iter().any(|draw| *draw > 990_000), "{draws:?}");
        assert!((0..1000).all(|_| Jitter::new(1.0).draw(u64::MAX - 1) > 0));
        assert_eq!(Jitter::new(0.0).draw(7), 7);
    }
}
