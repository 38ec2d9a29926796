//! Measuring side by side: each contender once a round, round after round, so that what disturbs
//! the machine disturbs all of them.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use crate::machine::{stay_on_processor, thread_time};
use crate::numbers::float;
use crate::report::Row;

/// One whose round takes longer has no other.
const PATIENCE: Duration = Duration::from_secs(3);

/// One that is measured: each call gives the figure of a round.
pub struct Contender<'a> {
    name: String,
    round: Box<dyn FnMut() -> f64 + 'a>,
}

impl<'a> Contender<'a> {
    /// By what it is called and how a round of it goes.
    pub fn new(name: impl Into<String>, round: impl FnMut() -> f64 + 'a) -> Self {
        Self { name: name.into(), round: Box::new(round) }
    }
}

impl std::fmt::Debug for Contender<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contender").field("name", &self.name).finish_non_exhaustive()
    }
}

/// So many rounds of all, after one that does not count. Each round begins with another one, so
/// that nobody always comes after the same neighbour's cold caches.
pub fn interleave(mut contenders: Vec<Contender<'_>>, rounds: usize) -> Vec<Row> {
    let mut rows: Vec<Row> =
        contenders.iter().map(|it| Row::new(it.name.clone(), Vec::new())).collect();
    let count = contenders.len();
    for round in 0..=rounds {
        for turn in 0..count {
            let who = (round + turn) % count;
            let (row, start) = (&mut rows[who], Instant::now());
            if row.samples.len() == rounds {
                continue;
            }
            let figure = (contenders[who].round)();
            if round == 0 && start.elapsed() > PATIENCE {
                row.samples = vec![figure; rounds];
                "one long round".clone_into(&mut row.note);
            } else if round > 0 {
                row.samples.push(figure);
            }
        }
    }
    rows
}

/// Nanoseconds for each of `calls` calls that `work` makes in this thread. Time on the processor:
/// what else the machine runs meanwhile is no call's fault.
pub fn nanos_a_call(calls: usize, work: impl FnOnce()) -> f64 {
    let start = thread_time();
    work();
    nanos(thread_time().saturating_sub(start)) / float(calls as u64)
}

/// Millions of calls a second, of so many threads that each make `calls` calls. `prepare` runs in
/// each before the clock starts; both are told which thread they are in.
pub fn mops(
    threads: usize,
    calls: usize,
    prepare: impl Fn(usize) + Sync,
    work: impl Fn(usize) + Sync,
) -> f64 {
    // Waited for awake: a thread that has to be woken comes late.
    let ready = AtomicUsize::new(0);
    let spans: Vec<(Instant, Instant)> = std::thread::scope(|scope| {
        let run = |thread| {
            let (ready, prepare, work) = (&ready, &prepare, &work);
            move || {
                stay_on_processor(thread);
                prepare(thread);
                ready.fetch_add(1, SeqCst);
                while ready.load(SeqCst) < threads {
                    spin_loop();
                }
                let start = Instant::now();
                work(thread);
                (start, Instant::now())
            }
        };
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(run(thread))).collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    let first = spans.iter().map(|span| span.0).min();
    let last = spans.iter().map(|span| span.1).max();
    let took = first.zip(last).map_or(Duration::ZERO, |(first, last)| last - first);
    float((threads * calls) as u64) / nanos(took) * 1e3
}

/// A time span in nanoseconds.
pub fn nanos(span: Duration) -> f64 {
    span.as_secs_f64() * 1e9
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::atomic::Ordering::Relaxed;

    use super::*;

    #[test]
    fn rounds_are_interleaved_and_the_first_is_left_out() {
        let order = RefCell::new(String::new());
        let contender = |name: char| {
            let order = &order;
            let mut round = 0.0;
            Contender::new(name, move || {
                order.borrow_mut().push(name);
                round += 1.0;
                round
            })
        };
        let rows = interleave(vec![contender('a'), contender('b')], 2);
        assert_eq!(*order.borrow(), "abbaab");
        assert!(rows.iter().all(|row| row.samples == [2.0, 3.0]), "{rows:?}");
    }

    #[test]
    fn every_thread_prepares_and_works() {
        let (prepared, worked) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let add = |to: &AtomicUsize, what| {
            to.fetch_add(what, Relaxed);
        };
        let rate = mops(3, 1, |_| add(&prepared, 1), |thread| add(&worked, thread));
        assert!(rate > 0.0);
        assert_eq!((prepared.into_inner(), worked.into_inner()), (3, 3));
    }
}
