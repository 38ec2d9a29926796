//! Eight threads ask at once for what nobody has computed yet.

use std::sync::Barrier;

use ttl_memo_benches::numbers::float;
use ttl_memo_benches::peers::{Peer, all, ours, ours_lru, runs};
use ttl_memo_benches::report::{Limit, Row, Section};

use crate::effort::Effort;

const THREADS: usize = 8;

pub(crate) fn sections(_: &Effort) -> Vec<Section> {
    let slow = all().into_iter().flat_map(Peer::slow);
    let rows = slow.map(|(name, function)| {
        let before = runs();
        let ready = Barrier::new(THREADS);
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    ready.wait();
                    function.call(1)
                });
            }
        });
        Row::new(name, vec![float(runs() - before)])
    });
    let title = "stampede: runs of the body for 8 threads on one cold key";
    let section = Section::new(title, "runs", rows.collect());
    let section = section.goal(ours(), None, Limit::AtMost(1.0));
    vec![section.goal(ours_lru(), None, Limit::AtMost(1.0)).short()]
}
