//! The threads, and what is looked at when they have finished.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

use crate::checks::Checks;
use crate::operations::Worker;
use crate::stage::{Cache, Stage, Time};

/// Standing still for so long is taken for a deadlock.
const PATIENCE: Duration = Duration::from_secs(60);

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    Until(Instant),
    /// Of each thread.
    Calls(u64),
}

/// How it went.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Summary {
    pub(crate) calls: u64,
    pub(crate) worst: Duration,
    pub(crate) worst_call: &'static str,
}

impl Summary {
    /// Of both.
    pub(crate) fn and(self, other: Self) -> Self {
        let worse = if other.worst > self.worst { other } else { self };
        Self { calls: self.calls + other.calls, ..worse }
    }

    fn add(&mut self, call: &'static str, took: Duration) {
        *self = self.and(Self { calls: 1, worst: took, worst_call: call });
    }
}

/// What the threads of a stage share.
pub(crate) struct Shared<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) cache: &'a Cache,
    pub(crate) time: &'a Time,
    pub(crate) alive: &'a Arc<AtomicU64>,
    pub(crate) checks: &'a Checks,
    /// The keys in full.
    pub(crate) names: Vec<String>,
    moments: AtomicU64,
    /// For each key, when the latest invalidation began that has returned.
    floors: Vec<AtomicU64>,
    floor_of_all: AtomicU64,
}

impl Shared<'_> {
    /// A moment, later than all that were taken before.
    pub(crate) fn moment(&self) -> u64 {
        self.moments.fetch_add(1, SeqCst) + 1
    }

    pub(crate) fn floor(&self, key: usize) -> u64 {
        self.floors[key].load(SeqCst).max(self.floor_of_all.load(SeqCst))
    }

    /// An invalidation of the key that began at this moment has returned.
    pub(crate) fn raise(&self, key: usize, moment: u64) {
        self.floors[key].fetch_max(moment, SeqCst);
    }

    /// One of all keys has.
    pub(crate) fn raise_all(&self, moment: u64) {
        self.floor_of_all.fetch_max(moment, SeqCst);
    }
}

/// Soaks, then looks at what is left.
#[expect(clippy::too_many_arguments, reason = "called once, with what a stage is made of")]
pub(crate) fn run(
    stage: &Stage,
    cache: Cache,
    time: &Time,
    alive: &Arc<AtomicU64>,
    threads: usize,
    limit: Limit,
    seed: u64,
    checks: &Checks,
) -> Summary {
    let shared = Shared {
        stage,
        cache: &cache,
        time,
        alive,
        checks,
        names: (0..stage.keys).map(|key| format!("the key of number {key}")).collect(),
        moments: AtomicU64::new(0),
        floors: (0..stage.keys).map(|_| AtomicU64::new(0)).collect(),
        floor_of_all: AtomicU64::new(0),
    };
    let summary = soak(&shared, threads, limit, seed);
    look(&shared, threads);
    drop(cache);
    let left = alive.load(SeqCst);
    checks.expect(left == 0, || format!("{}: {left} values outlived their cache", stage.name));
    summary
}

fn soak(shared: &Shared<'_>, threads: usize, limit: Limit, seed: u64) -> Summary {
    let finished = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads as u64)
            .map(|thread| scope.spawn(move || work(shared, limit, seed ^ (thread << 16))))
            .collect();
        let watch = scope.spawn(|| watch(shared, &finished));
        let summaries = workers.into_iter().map(|worker| match worker.join() {
            Ok(summary) => summary,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        let summary = summaries.fold(Summary::default(), Summary::and);
        finished.store(true, SeqCst);
        watch.thread().unpark();
        summary
    })
}

fn work(shared: &Shared<'_>, limit: Limit, seed: u64) -> Summary {
    let mut worker = Worker::new(shared, seed);
    let mut summary = Summary::default();
    let go_on = |calls| match limit {
        Limit::Until(end) => Instant::now() < end,
        Limit::Calls(most) => calls < most,
    };
    while go_on(summary.calls) {
        for _ in 0..64 {
            let (call, took) = worker.call();
            summary.add(call, took);
        }
    }
    summary
}

/// Ends the program when the threads have stood still for too long.
fn watch(shared: &Shared<'_>, finished: &AtomicBool) {
    let (mut seen, mut since) = (0, Instant::now());
    while !finished.load(SeqCst) {
        std::thread::park_timeout(Duration::from_secs(1));
        let moment = shared.moments.load(SeqCst);
        if moment != seen {
            (seen, since) = (moment, Instant::now());
        } else if since.elapsed() > PATIENCE {
            println!("{}: NOTHING MOVES since {PATIENCE:?}", shared.stage.name);
            std::process::exit(1);
        }
    }
}

/// With no call in progress: the bound, every entry, the counters, and what is given back.
fn look(shared: &Shared<'_>, threads: usize) {
    let Shared { stage, cache, checks, .. } = shared;
    cache.set_enabled(true);
    let info = cache.info();
    let maxsize = info.maxsize.unwrap_or(usize::MAX);
    checks.expect(info.currsize <= maxsize, || format!("{}: too much is held: {info}", stage.name));
    Worker::new(shared, 0).check_all();

    cache.clear();
    let calls = count(shared, threads, 500);
    let info = cache.info();
    checks.expect(info.hits + info.misses == calls, || {
        format!("{}: {calls} calls are counted as {info}", stage.name)
    });

    cache.clear();
    for name in shared.names.iter().cycle().take(2_000) {
        cache.get(name.as_str());
    }
    let left = shared.alive.load(SeqCst);
    checks.expect(left == 0, || format!("{}: {left} values outlived a clear", stage.name));
}

/// Look-ups and loads alone; how many.
fn count(shared: &Shared<'_>, threads: usize, calls: u64) -> u64 {
    std::thread::scope(|scope| {
        for thread in 0..threads as u64 {
            scope.spawn(move || {
                let mut worker = Worker::new(shared, thread);
                (0..calls).for_each(|_| worker.counted_call());
            });
        }
    });
    threads as u64 * calls
}
