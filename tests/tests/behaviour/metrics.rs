//! The feature `metrics`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use ttl_memo::testing::isolated;
use ttl_memo::{ManualClock, ttl_cache};

/// What was recorded last, or for a histogram all of it, under `name{cache}`.
#[derive(Clone, Default)]
struct Recorded(Arc<Mutex<BTreeMap<String, Vec<f64>>>>);

impl Recorded {
    fn of(&self, name: &str, cache: &str) -> Vec<f64> {
        let all = self.0.lock().expect("no test panics in here");
        all.get(&format!("{name}{{{cache}}}")).cloned().unwrap_or_default()
    }

    fn series(&self, key: &Key) -> Arc<Series> {
        let cache = key.labels().find(|label| label.key() == "cache").expect("a label").value();
        Arc::new(Series { name: format!("{}{{{cache}}}", key.name()), all: self.clone() })
    }
}

struct Series {
    name: String,
    all: Recorded,
}

impl Series {
    fn values(&self, change: impl FnOnce(&mut Vec<f64>)) {
        let mut all = self.all.0.lock().expect("no test panics in here");
        change(all.entry(self.name.clone()).or_default());
    }
}

impl CounterFn for Series {
    fn increment(&self, _: u64) {
        unreachable!("totals are published");
    }

    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    fn absolute(&self, value: u64) {
        self.values(|values| *values = vec![value as f64]);
    }
}

impl GaugeFn for Series {
    fn increment(&self, _: f64) {
        unreachable!("totals are published");
    }

    fn decrement(&self, _: f64) {
        unreachable!("totals are published");
    }

    fn set(&self, value: f64) {
        self.values(|values| *values = vec![value]);
    }
}

impl HistogramFn for Series {
    fn record(&self, value: f64) {
        self.values(|values| values.push(value));
    }
}

impl Recorder for Recorded {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.series(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.series(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.series(key))
    }
}

/// What `test` records, in a world of its own.
fn recorded(test: impl FnOnce(&Recorded, &ttl_memo::testing::World)) {
    let recorded = Recorded::default();
    metrics::with_local_recorder(&recorded, || test(&recorded, &isolated()));
}

#[ttl_cache(name = "metrics::slow", ttl = "60s", maxsize = 2, stale_if_error = "60s", skip(clock))]
fn slow(clock: &ManualClock, n: u8) -> Result<u8, ()> {
    clock.advance(Duration::from_millis(250));
    if n == 0 { Err(()) } else { Ok(n) }
}

#[test]
fn counts_are_published_by_cache() {
    recorded(|recorded, world| {
        let clock = world.clock();
        for n in [1, 2, 2, 3, 0] {
            let _ = slow(&clock, n);
        }
        assert_eq!(recorded.of("ttl_memo_hits_total", "metrics::slow"), [], "not yet");
        ttl_memo::metrics::publish();
        for (name, value) in [
            ("ttl_memo_hits_total", 1.0),
            ("ttl_memo_misses_total", 4.0),
            ("ttl_memo_failures_total", 1.0),
            ("ttl_memo_evictions_total", 1.0),
            ("ttl_memo_expirations_total", 0.0),
            ("ttl_memo_stale_total", 0.0),
            ("ttl_memo_coalesced_total", 0.0),
            ("ttl_memo_refreshes_total", 0.0),
            ("ttl_memo_entries", 2.0),
            ("ttl_memo_size", 2.0),
            ("ttl_memo_maxsize", 2.0),
        ] {
            assert_eq!(recorded.of(name, "metrics::slow"), [value], "{name}");
        }
    });
}

#[test]
fn compute_times_are_recorded_as_bodies_return_and_hits_record_nothing() {
    recorded(|recorded, world| {
        let clock = world.clock();
        let times = || recorded.of("ttl_memo_compute_seconds", "metrics::slow");
        slow(&clock, 1).expect("it is not 0");
        assert_eq!(times(), [0.25]);
        slow(&clock, 1).expect("it is not 0");
        assert_eq!(times(), [0.25]);
        slow(&clock, 0).expect_err("it is 0");
        assert_eq!(times(), [0.25, 0.25], "of errors, too");
    });
}

#[test]
fn counters_go_on_when_a_cache_is_cleared() {
    recorded(|recorded, world| {
        let clock = world.clock();
        let hits = || recorded.of("ttl_memo_hits_total", "metrics::slow");
        let call = || slow(&clock, 1).expect("it is not 0");
        assert_eq!((call(), call(), call()), (1, 1, 1));
        ttl_memo::metrics::publish();
        assert_eq!(hits(), [2.0]);
        slow_cache_clear();
        assert_eq!((call(), call()), (1, 1));
        assert_eq!(slow_cache_info().hits, 1);
        ttl_memo::metrics::publish();
        assert_eq!(hits(), [3.0]);
        assert_eq!(recorded.of("ttl_memo_entries", "metrics::slow"), [1.0]);
    });
}

#[test]
fn caches_of_one_name_are_added_up() {
    #[ttl_cache(name = "metrics::sizes", maxsize = 10)]
    fn size<T: 'static>() -> usize {
        size_of::<T>()
    }
    #[ttl_cache(name = "metrics::endless", forever)]
    fn endless() -> u8 {
        1
    }
    recorded(|recorded, _| {
        assert_eq!((size::<u8>(), size::<u8>()), (1, 1));
        assert_eq!((size::<u16>(), size::<u16>(), endless()), (2, 2, 1));
        ttl_memo::metrics::publish();
        assert_eq!(recorded.of("ttl_memo_hits_total", "metrics::sizes"), [2.0]);
        assert_eq!(recorded.of("ttl_memo_maxsize", "metrics::sizes"), [20.0]);
        assert_eq!(recorded.of("ttl_memo_maxsize", "metrics::endless"), [], "it has none");
    });
}
