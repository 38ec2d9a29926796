//! Every annotated function's cache, for the [`metrics`](::metrics) facade.
//!
//! Of its version 0.24: a recorder for another one sees nothing. A hit tells nobody: counts are read where they are kept, when [`publish`] is called. Call it
//! before each scrape, or every few seconds:
//!
//! ```
//! # fn rendered() -> String { String::new() }
//! fn scrape() -> String {
//!     ttl_memo::metrics::publish();
//!     rendered() // by the recorder that is installed
//! }
//! # scrape();
//! ```
//!
//! All are labelled `cache`, with the cache's name; caches of one name are added up.
//!
//! | name | kind | what |
//! |---|---|---|
//! | `ttl_memo_hits_total` | counter | calls answered without running the body |
//! | `ttl_memo_misses_total` | counter | calls that ran the body |
//! | `ttl_memo_coalesced_total` | counter | hits that joined another call's flight |
//! | `ttl_memo_stale_total` | counter | answers given past their deadline |
//! | `ttl_memo_failures_total` | counter | bodies that panicked, or whose value was not to be stored |
//! | `ttl_memo_refreshes_total` | counter | bodies begun to refresh an entry, but by a caller who found that due |
//! | `ttl_memo_evictions_total` | counter | live entries that went to make room |
//! | `ttl_memo_expirations_total` | counter | entries that went because their time was over |
//! | `ttl_memo_entries` | gauge | live entries |
//! | `ttl_memo_size` | gauge | what they weigh; their number, without a weigher |
//! | `ttl_memo_maxsize` | gauge | the bound, where there is one |
//! | `ttl_memo_compute_seconds` | histogram | how long bodies ran, recorded as each returns |
//!
//! Counters only grow: a cache that is cleared begins its own counts anew, and these go on.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::sync::Mutex;
use ::metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge};

use crate::CacheInfo;

const COMPUTE: &str = "ttl_memo_compute_seconds";

/// A counter's name, what it says, where it is read.
type Row = (&'static str, &'static str, fn(&CacheInfo) -> u64);

const COUNTERS: [Row; 8] = [
    ("ttl_memo_hits_total", "Calls answered without running the body.", |info| info.hits),
    ("ttl_memo_misses_total", "Calls that ran the body.", |info| info.misses),
    ("ttl_memo_coalesced_total", "Hits that waited for another call's body.", |info| {
        info.coalesced
    }),
    ("ttl_memo_stale_total", "Answers given past their deadline.", |info| info.stale),
    ("ttl_memo_failures_total", "Bodies that panicked, or whose value was not stored.", |info| {
        info.failures
    }),
    ("ttl_memo_refreshes_total", "Bodies begun to refresh an entry.", |info| info.refreshes),
    ("ttl_memo_evictions_total", "Live entries that went to make room.", |info| info.evictions),
    ("ttl_memo_expirations_total", "Entries that went because their time was over.", |info| {
        info.expirations
    }),
];

/// Hands the counts of every annotated function's global cache to the recorder in force.
///
/// See the [module](self) for the names.
pub fn publish() {
    describe();
    let mut by_name = BTreeMap::<_, CacheInfo>::new();
    for cache in crate::caches() {
        let total = by_name
            .entry(cache.name())
            .or_insert_with(|| CacheInfo { maxsize: Some(0), ..CacheInfo::default() });
        add(total, &cache.lifetime());
    }
    for (name, info) in by_name {
        for (counter, _, count) in COUNTERS {
            counter!(counter, "cache" => name.clone()).absolute(count(&info));
        }
        gauge!("ttl_memo_entries", "cache" => name.clone()).set(float(info.len));
        gauge!("ttl_memo_size", "cache" => name.clone()).set(float(info.currsize));
        if let Some(maxsize) = info.maxsize {
            gauge!("ttl_memo_maxsize", "cache" => name).set(float(maxsize));
        }
    }
}

fn describe() {
    for (counter, what, _) in COUNTERS {
        describe_counter!(counter, what);
    }
    describe_gauge!("ttl_memo_entries", "Live entries.");
    describe_gauge!("ttl_memo_size", "What the live entries weigh; without a weigher, how many.");
    describe_gauge!("ttl_memo_maxsize", "The bound in force.");
    describe_histogram!(COMPUTE, Unit::Seconds, "How long bodies ran.");
}

/// A body of the cache `name` has returned, after so many nanoseconds.
pub(super) fn computed(name: &str, nanos: u64) {
    let histogram = ::metrics::histogram!(COMPUTE, "cache" => name.to_owned());
    histogram.record(Duration::from_nanos(nanos));
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is an f64")]
fn float(count: usize) -> f64 {
    count as f64
}

/// Two caches, as one.
fn add(total: &mut CacheInfo, more: &CacheInfo) {
    add_counts(total, more);
    total.len += more.len;
    total.currsize += more.currsize;
    total.maxsize = total.maxsize.zip(more.maxsize).map(|(one, other)| one.saturating_add(other));
}

fn add_counts(total: &mut CacheInfo, more: &CacheInfo) {
    total.hits += more.hits;
    total.misses += more.misses;
    total.coalesced += more.coalesced;
    total.stale += more.stale;
    total.failures += more.failures;
    total.refreshes += more.refreshes;
    total.evictions += more.evictions;
    total.expirations += more.expirations;
    total.compute_time += more.compute_time;
}

/// What one cache had counted when it was cleared.
#[derive(Debug, Default)]
pub(crate) struct Cleared(Mutex<CacheInfo>);

impl Cleared {
    /// The counts that `info` gives are about to go back to zero.
    pub(crate) fn keep(&self, info: &CacheInfo) {
        add_counts(&mut self.0.lock(), info);
    }

    /// Those since the cache was made, where `info` gives those since it was cleared.
    pub(crate) fn with(&self, mut info: CacheInfo) -> CacheInfo {
        add_counts(&mut info, &self.0.lock());
        info
    }
}
