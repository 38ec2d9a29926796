//! Caches to soak: each with other options.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use ttl_memo::{Clock, ManualClock, Policy, SystemClock, TtlCache, TtlCacheBuilder};

use crate::checks::Checks;
use crate::value::Value;
use crate::workers::{self, Limit, Summary};

pub(crate) type Cache = TtlCache<String, Value>;
type Builder = TtlCacheBuilder<String, Value>;

/// Where a soaked cache reads the time.
#[derive(Clone, Debug)]
pub(crate) enum Time {
    /// The operating system; entries live for some milliseconds.
    System,
    /// Moved on by the threads.
    Manual(ManualClock),
}

impl Time {
    /// In nanoseconds.
    pub(crate) fn now(&self) -> u64 {
        let now = match self {
            Self::System => SystemClock.now(),
            Self::Manual(clock) => clock.now(),
        };
        u64::try_from(now.as_nanos()).unwrap_or(u64::MAX)
    }
}

/// A cache, and how hard it is used.
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) maxsize: usize,
    /// Different keys that are asked for.
    pub(crate) keys: usize,
    pub(crate) ttl: Duration,
    /// How long past its deadline a value may still be given.
    pub(crate) window: Duration,
    manual: bool,
    options: fn(Builder) -> Builder,
}

impl Stage {
    /// On a clock of its own.
    fn manual(name: &'static str, maxsize: usize, options: fn(Builder) -> Builder) -> Self {
        let ttl = Duration::from_millis(500);
        let window = Duration::ZERO;
        Self { name, maxsize, keys: maxsize * 4, ttl, window, manual: true, options }
    }

    /// On the system's clock.
    fn system(name: &'static str, maxsize: usize, options: fn(Builder) -> Builder) -> Self {
        let ttl = Duration::from_millis(30);
        Self { ttl, manual: false, ..Self::manual(name, maxsize, options) }
    }

    pub(crate) fn all() -> Vec<Self> {
        let window = Duration::from_millis(100);
        vec![
            Self::manual("adaptive, manual clock", 500, |it| it),
            Self::system("lru, system clock", 500, |it| it.policy(Policy::Lru)),
            Self::manual("fifo, manual clock, tti", 300, |it| {
                it.policy(Policy::Fifo).tti(Duration::from_millis(200))
            }),
            Self::system("lfu, system clock, weights", 400, |it| {
                it.policy(Policy::Lfu).weigher(|_, value| value.weight())
            }),
            Self::manual("random, manual clock, jitter, a listener", 300, |it| {
                it.policy(Policy::Random).jitter(0.5).on_evict(|key, _, _| drop(key.clone()))
            }),
            Self::system("adaptive, system clock, large", 6_000, |it| it),
            Self {
                window,
                ..Self::manual("adaptive, manual clock, stale answers", 300, |it| {
                    it.stale_while_revalidate(Duration::from_millis(100))
                })
            },
            Self::manual("adaptive, manual clock, no single flight", 16, |it| {
                it.single_flight(false)
            }),
        ]
    }

    /// Soaks a cache, and looks at it afterwards.
    pub(crate) fn run(&self, threads: usize, limit: Limit, seed: u64, checks: &Checks) -> Summary {
        let time = if self.manual { Time::Manual(ManualClock::new()) } else { Time::System };
        let builder = (self.options)(TtlCache::builder().maxsize(self.maxsize).ttl(self.ttl));
        let cache = match &time {
            Time::System => builder.build(),
            Time::Manual(clock) => builder.clock(clock.clone()).build(),
        };
        let alive = Arc::new(AtomicU64::new(0));
        workers::run(self, cache, &time, &alive, threads, limit, seed, checks)
    }
}
