//! A stream of keys that never come back: each call stores one entry and evicts another.

use ttl_memo_benches::numbers::scramble;
use ttl_memo_benches::peers::{Use, all, ours, ours_lru};
use ttl_memo_benches::report::{Limit, Section};
use ttl_memo_benches::rounds::{Contender, interleave, nanos_a_call};

use crate::effort::Effort;

pub(crate) fn sections(effort: &Effort) -> Vec<Section> {
    vec![
        section("miss + evict, maxsize 1,024", Use::Small, 1.8, effort).drawn(),
        section("miss + evict, maxsize 100,000", Use::Large, 1.4, effort),
    ]
}

fn section(title: &str, what_for: Use, of_memoize: f64, effort: &Effort) -> Section {
    let contenders = all().into_iter().filter_map(|peer| {
        let function = peer.number(what_for)?;
        let mut stream = Stream::default();
        // Full, and settled.
        function.calls(&stream.next(what_for.maxsize() * 5 / 4));
        Some(Contender::new(peer.name(), move || {
            let keys = stream.next(effort.misses);
            nanos_a_call(keys.len(), || function.calls(&keys))
        }))
    });
    let rows = interleave(contenders.collect(), effort.rounds);
    Section::new(title, "ns", rows)
        .over("cached")
        .short()
        .goal(ours(), Some("memoize"), Limit::AtMost(of_memoize))
        .goal(ours_lru(), Some("memoize"), Limit::AtMost(1.0))
}

/// Keys, no two the same.
#[derive(Default)]
pub(crate) struct Stream(u64);

impl Stream {
    pub(crate) fn next(&mut self, how_many: usize) -> Vec<u64> {
        let from = self.0;
        self.0 += how_many as u64;
        (from..self.0).map(scramble).collect()
    }
}
