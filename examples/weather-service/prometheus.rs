//! A recorder for the `metrics` facade that writes Prometheus' text format: as much of one as
//! `ttl_memo::metrics` needs. A program of yours would take `metrics-exporter-prometheus`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use metrics::{
    Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

use crate::Error;

/// The upper bounds of a histogram's buckets, in seconds.
const BOUNDS: [f64; 6] = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5];

/// Everything recorded, by name and then by labels.
#[derive(Default)]
pub(crate) struct Prometheus {
    families: Mutex<BTreeMap<String, Family>>,
}

#[derive(Default)]
struct Family {
    help: String,
    series: BTreeMap<String, Series>,
}

enum Series {
    Counter(Arc<AtomicU64>),
    /// The bits of an `f64`.
    Gauge(Arc<AtomicU64>),
    Histogram(Arc<Buckets>),
}

#[derive(Default)]
struct Buckets(Mutex<Counted>);

#[derive(Clone, Default)]
struct Counted {
    within: [u64; BOUNDS.len()],
    count: u64,
    sum: f64,
}

impl HistogramFn for Buckets {
    fn record(&self, value: f64) {
        let mut counted = lock(&self.0);
        counted.count += 1;
        counted.sum += value;
        for (within, bound) in counted.within.iter_mut().zip(BOUNDS) {
            *within += u64::from(value <= bound);
        }
    }
}

impl Prometheus {
    /// Makes it the recorder of this program, for good.
    pub(crate) fn install() -> Result<&'static Self, Error> {
        let recorder: &'static Self = Box::leak(Box::default());
        metrics::set_global_recorder(recorder)
            .map_err(|_| "another recorder is installed already")?;
        Ok(recorder)
    }

    /// What `/metrics` answers.
    pub(crate) fn render(&self) -> String {
        let mut text = String::new();
        for (name, family) in &*lock(&self.families) {
            let Some(kind) = family.series.values().next().map(Series::kind) else { continue };
            let _ = writeln!(text, "# HELP {name} {}\n# TYPE {name} {kind}", family.help);
            for (labels, series) in &family.series {
                series.render(&mut text, name, labels);
            }
        }
        text
    }

    fn describe(&self, name: &KeyName, help: &SharedString) {
        let mut families = lock(&self.families);
        families.entry(name.as_str().to_owned()).or_default().help = help.to_string();
    }

    /// The series of that key, made by `make` if it is new, through `pick`.
    fn series<T>(
        &self,
        key: &Key,
        make: impl FnOnce() -> Series,
        pick: impl FnOnce(&Series) -> T,
    ) -> T {
        let labels: Vec<String> =
            key.labels().map(|label| format!("{}={:?}", label.key(), label.value())).collect();
        let mut families = lock(&self.families);
        let family = families.entry(key.name().to_owned()).or_default();
        pick(family.series.entry(labels.join(",")).or_insert_with(make))
    }
}

impl Series {
    fn kind(&self) -> &'static str {
        match self {
            Self::Counter(_) => "counter",
            Self::Gauge(_) => "gauge",
            Self::Histogram(_) => "histogram",
        }
    }

    fn render(&self, text: &mut String, name: &str, labels: &str) {
        let _ = match self {
            Self::Counter(count) => {
                writeln!(text, "{name}{{{labels}}} {}", count.load(Ordering::Relaxed))
            }
            Self::Gauge(bits) => {
                let value = f64::from_bits(bits.load(Ordering::Relaxed));
                writeln!(text, "{name}{{{labels}}} {value}")
            }
            Self::Histogram(buckets) => {
                let Counted { within, count, sum } = lock(&buckets.0).clone();
                for (within, bound) in within.iter().zip(BOUNDS) {
                    let _ = writeln!(text, "{name}_bucket{{{labels},le=\"{bound}\"}} {within}");
                }
                let _ = writeln!(text, "{name}_bucket{{{labels},le=\"+Inf\"}} {count}");
                writeln!(text, "{name}_sum{{{labels}}} {sum}\n{name}_count{{{labels}}} {count}")
            }
        };
    }
}

impl Recorder for Prometheus {
    fn describe_counter(&self, name: KeyName, _: Option<Unit>, help: SharedString) {
        self.describe(&name, &help);
    }

    fn describe_gauge(&self, name: KeyName, _: Option<Unit>, help: SharedString) {
        self.describe(&name, &help);
    }

    fn describe_histogram(&self, name: KeyName, _: Option<Unit>, help: SharedString) {
        self.describe(&name, &help);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.series(
            key,
            || Series::Counter(Arc::default()),
            |series| match series {
                Series::Counter(count) => Counter::from_arc(Arc::clone(count)),
                _ => Counter::noop(),
            },
        )
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.series(
            key,
            || Series::Gauge(Arc::default()),
            |series| match series {
                Series::Gauge(bits) => Gauge::from_arc(Arc::clone(bits)),
                _ => Gauge::noop(),
            },
        )
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.series(
            key,
            || Series::Histogram(Arc::default()),
            |series| match series {
                Series::Histogram(buckets) => Histogram::from_arc(Arc::clone(buckets)),
                _ => Histogram::noop(),
            },
        )
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_as_prometheus_reads_it() {
        let recorder = Prometheus::default();
        metrics::with_local_recorder(&recorder, || {
            metrics::describe_counter!("hits_total", "Hits.");
            metrics::counter!("hits_total", "cache" => "a \"b\"").absolute(3);
            metrics::histogram!("took_seconds", "cache" => "c").record(0.02);
        });
        let text = recorder.render();
        assert!(text.contains("# HELP hits_total Hits.\n# TYPE hits_total counter\n"), "{text}");
        assert!(text.contains("hits_total{cache=\"a \\\"b\\\"\"} 3\n"), "{text}");
        assert!(text.contains("took_seconds_bucket{cache=\"c\",le=\"0.005\"} 0\n"), "{text}");
        assert!(text.contains("took_seconds_bucket{cache=\"c\",le=\"0.025\"} 1\n"), "{text}");
        assert!(text.contains("took_seconds_count{cache=\"c\"} 1\n"), "{text}");
    }
}
