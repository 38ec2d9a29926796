//! What a cache holds, and what calls allocate.

use ttl_memo_benches::heap::{allocations, held};
use ttl_memo_benches::numbers::{float, length};
use ttl_memo_benches::peers::{Boxed, Peer, Use, all, ours, ours_lru};
use ttl_memo_benches::report::{Limit, Row, Section};

use crate::effort::Effort;
use crate::hits::{number, text};
use crate::misses::Stream;

pub(crate) fn sections(effort: &Effort) -> Vec<Section> {
    let numbers: Vec<u64> = (0..1_000).map(number).collect();
    let texts: Vec<&str> = (0..1_000).map(text).collect();
    let pairs: Vec<(&str, u32)> = texts.iter().map(|text| (*text, 7)).collect();
    let mut sections = weighed(effort);
    sections.extend([
        on_hits("u64", |peer| peer.number(Use::Hits), &numbers).goal_of_none(0.0),
        on_hits("&str", Peer::text, &texts).goal_of_none(0.0).short(),
        on_hits("(&str, u32) → Arc<str>", Peer::shared_pair, &pairs).goal_of_none(0.0),
        on_misses().goal_of_none(0.001),
    ]);
    sections
}

/// Bytes an entry, of a cache that has just been filled and of one that has been in use.
fn weighed(effort: &Effort) -> Vec<Section> {
    let (fresh, used) = all()
        .into_iter()
        .filter_map(|peer| {
            // In a thread of its own, so that nothing else is counted.
            let weighed =
                std::thread::scope(|scope| scope.spawn(|| weigh(peer, effort.churn)).join());
            let (fresh, used) = weighed.ok().flatten()?;
            Some((Row::new(peer.name(), vec![fresh]), Row::new(peer.name(), vec![used])))
        })
        .unzip();
    let section = |title, rows| {
        Section::new(title, "bytes", rows).goal(ours(), None, Limit::AtMost(56.0)).goal(
            ours_lru(),
            None,
            Limit::AtMost(56.0),
        )
    };
    vec![
        section("an entry, u64 → u64, 100,000 of them", fresh).drawn().short(),
        section("the same after churn", used),
    ]
}

fn weigh(peer: &dyn Peer, churn: u64) -> Option<(f64, f64)> {
    let mut stream = Stream::default();
    let entries = stream.next(Use::Held.maxsize());
    let before = held();
    let an_entry = || {
        let bytes = u64::try_from(held() - before).unwrap_or(0);
        float(bytes) / length(&entries)
    };
    let function = peer.number(Use::Held)?;
    function.calls(&entries);
    let fresh = an_entry();
    for _ in 0..churn / 1_000 {
        function.calls(&stream.next(1_000));
    }
    Some((fresh, an_entry()))
}

fn on_hits<K: Copy, V>(
    of: &str,
    make: impl Fn(&'static dyn Peer) -> Option<Boxed<K, V>>,
    keys: &[K],
) -> Section {
    let rows = all().into_iter().filter_map(|peer| {
        let function = make(peer)?;
        function.calls(keys);
        Some(Row::new(peer.name(), vec![a_call(&function, keys)]))
    });
    Section::new(format!("allocations a hit, {of}"), "allocations", rows.collect())
}

fn on_misses() -> Section {
    let rows = all().into_iter().filter_map(|peer| {
        let function = peer.number(Use::Small)?;
        // Other keys than those that were used before to measure misses.
        let keys: Vec<u64> = (1 << 40..(1 << 40) + 20_000).map(number).collect();
        let (fill, misses) = keys.split_at(10_000);
        function.calls(fill);
        Some(Row::new(peer.name(), vec![a_call(&function, misses)]))
    });
    Section::new("allocations a miss, u64, maxsize 1,024, full", "allocations", rows.collect())
}

fn a_call<K: Copy, V>(function: &Boxed<K, V>, keys: &[K]) -> f64 {
    let before = allocations();
    function.calls(keys);
    float(allocations() - before) / length(keys)
}

trait GoalOfNone {
    fn goal_of_none(self, but: f64) -> Self;
}

impl GoalOfNone for Section {
    fn goal_of_none(self, but: f64) -> Self {
        self.goal(ours(), None, Limit::AtMost(but)).goal(ours_lru(), None, Limit::AtMost(but))
    }
}
