//! Whether what there is room for is kept.

use ttl_memo_benches::numbers::{float, scramble};
use ttl_memo_benches::peers::{Use, all, ours, ours_lru, runs};
use ttl_memo_benches::report::{Limit, Row, Section};

use crate::effort::Effort;

const PASSES: usize = 10;

pub(crate) fn sections(_: &Effort) -> Vec<Section> {
    let keys: Vec<u64> = (0..1_000).map(scramble).collect();
    let rows = all().into_iter().filter_map(|peer| {
        let function = peer.number(Use::Exact)?;
        function.calls(&keys);
        let before = runs();
        (0..PASSES).for_each(|_| function.calls(&keys));
        Some(Row::new(peer.name(), vec![float(runs() - before)]))
    });
    let title =
        format!("1,000 keys in turn, maxsize 1,024: misses in {PASSES} turns after the fill");
    let section = Section::new(title, "misses", rows.collect());
    vec![section.goal(ours(), None, Limit::AtMost(0.0)).goal(ours_lru(), None, Limit::AtMost(0.0))]
}
