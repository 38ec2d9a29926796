//! Hits and misses as they come: more keys than there is room for, some asked for far more often.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use ttl_memo_benches::numbers::{float, median};
use ttl_memo_benches::peers::{Boxed, Use, all, runs};
use ttl_memo_benches::report::{Row, Section};
use ttl_memo_benches::rounds::{Contender, interleave, mops};
use ttl_memo_benches::zipf::Zipf;

use crate::effort::Effort;

const THREADS: usize = 2;

pub(crate) fn sections(effort: &Effort) -> Vec<Section> {
    let zipf = Zipf::new(1_000_000, 0.9);
    let draw = |seed| -> Vec<_> {
        (0..THREADS as u64).map(|thread| zipf.keys(effort.mixed, seed + thread)).collect()
    };
    let (warm_up, asked) = (draw(1), draw(100));
    let functions: Vec<_> = all()
        .into_iter()
        .filter_map(|peer| Some((peer.name(), peer.number(Use::Mixed)?)))
        .collect();
    let ratios = RefCell::new(vec![Vec::new(); functions.len()]);
    let contenders = functions.iter().enumerate().map(|(place, (name, function))| {
        let (ratios, warm_up, asked) = (&ratios, &warm_up, &asked);
        Contender::new(*name, move || {
            let (rate, ratio) = round(function, warm_up, asked);
            ratios.borrow_mut()[place].push(ratio);
            rate
        })
    });
    let rows = interleave(contenders.collect(), effort.long_rounds);
    let ratios = ratios.into_inner();
    let ratios = functions.iter().zip(&ratios).map(|((name, _), ratios)| {
        // The round that does not count is not counted here either, unless it was the only one.
        Row::new(*name, vec![median(&ratios[ratios.len().min(2) - 1..])])
    });
    let title = "Zipf(0.9) over 1M, maxsize 100k, 2 threads";
    vec![
        Section::new(format!("{title}: hit ratio"), "%", ratios.collect()).short(),
        Section::new(title, "Mops/s", rows).over("cached"),
    ]
}

/// Throughput, and hits in percent.
fn round(function: &Boxed<u64, u64>, warm_up: &[Vec<u64>], asked: &[Vec<u64>]) -> (f64, f64) {
    // What each thread does to warm up, it does before the first of them starts the other.
    let before = AtomicU64::new(u64::MAX);
    let calls = asked[0].len();
    let rate = mops(
        THREADS,
        calls,
        |_| warm_up.iter().for_each(|keys| function.calls(keys)),
        |thread| {
            before.fetch_min(runs(), Relaxed);
            function.calls(&asked[thread]);
        },
    );
    let misses = runs() - before.into_inner();
    (rate, 100.0 * (1.0 - float(misses) / float((THREADS * calls) as u64)))
}
