//! Two threads on the same keys, every call a hit.

use ttl_memo_benches::peers::{Boxed, Use, all, ours};
use ttl_memo_benches::report::{Limit, Row, Section};
use ttl_memo_benches::rounds::{Contender, interleave, mops};
use ttl_memo_benches::zipf::Zipf;

use crate::effort::Effort;

const L1: &str = "L1 thread-local table";
const QUICK_CACHE: &str = "quick_cache, no ttl";
/// Keys that a thread asks for in a pass of the Zipf workload.
const DRAWS: usize = 100_000;

/// What threads ask for, and what has to be there before.
struct Asked {
    prepared: Vec<u64>,
    by_thread: Vec<Vec<u64>>,
    passes: usize,
}

pub(crate) fn sections(effort: &Effort) -> Vec<Section> {
    let hot =
        Asked { prepared: vec![1], by_thread: vec![vec![1; 1_000]; 2], passes: effort.passes * 4 };
    let zipf = Zipf::new(100_000, 0.99);
    let zipf = Asked {
        prepared: zipf.all(),
        by_thread: (0..2).map(|thread| zipf.keys(DRAWS, thread)).collect(),
        passes: effort.passes.div_ceil(10),
    };
    let hot = scenario("one hot key", &hot, Use::Hits, effort);
    let zipf = scenario("Zipf(0.99) over 100k, all hits", &zipf, Use::Wide, effort);
    let [one, mut two, scaling] = hot;
    two = two
        .goal(ours(), Some(QUICK_CACHE), Limit::AtLeast(2.0))
        .goal(ours(), Some("cached"), Limit::AtLeast(4.0))
        .drawn()
        .short();
    let [zipf_one, mut zipf_two, zipf_scaling] = zipf;
    zipf_two = zipf_two.goal(ours(), Some(QUICK_CACHE), Limit::AtLeast(1.5)).drawn().short();
    vec![one, two, scaling, zipf_one, zipf_two, zipf_scaling]
}

/// Throughput of one thread, of two, and what the second brings. One thread and two take turns, a
/// contender at a time, so that both find the machine and the cache alike.
fn scenario(what: &str, asked: &Asked, what_for: Use, effort: &Effort) -> [Section; 3] {
    let functions: Vec<_> =
        all().into_iter().filter_map(|peer| Some((peer.name(), peer.number(what_for)?))).collect();
    let contenders = functions.iter().flat_map(|(name, function)| {
        [1, 2].map(|threads| Contender::new(*name, move || throughput(function, asked, threads)))
    });
    let rows = interleave(contenders.collect(), effort.rounds);
    let (one, two): (Vec<_>, Vec<_>) =
        rows.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).unzip();
    // Of the medians, so that it follows from the two lines above it.
    let scaling = one
        .iter()
        .zip(&two)
        .map(|(one, two)| Row::new(one.name.clone(), vec![two.figure() / one.figure()]));
    let scaling = Section::new(format!("{what}, 2 threads ÷ 1"), "×", scaling.collect()).goal(
        ours(),
        Some(L1),
        Limit::AtLeast(0.85),
    );
    [
        Section::new(format!("{what}, 1 thread"), "Mops/s", one).over("cached"),
        Section::new(format!("{what}, 2 threads"), "Mops/s", two).over("cached"),
        scaling,
    ]
}

fn throughput(function: &Boxed<u64, u64>, asked: &Asked, threads: usize) -> f64 {
    let calls = asked.passes * asked.by_thread[0].len();
    mops(
        threads,
        calls,
        // In each thread, for those that have a cache for each; then once as it will be, so that
        // the processor has what it can hold of it.
        |thread| {
            function.calls(&asked.prepared);
            function.calls(&asked.by_thread[thread]);
        },
        |thread| (0..asked.passes).for_each(|_| function.calls(&asked.by_thread[thread])),
    )
}
