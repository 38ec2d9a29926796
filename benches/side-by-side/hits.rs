//! One thread, and every call a hit.

use ttl_memo_benches::numbers::scramble;
use ttl_memo_benches::peers::{Boxed, Peer, Use, all, ours, ours_lru, ours_thread};
use ttl_memo_benches::report::{Limit, Section};
use ttl_memo_benches::rounds::{Contender, interleave, nanos_a_call};

use crate::effort::Effort;

/// Calls in a pass.
const PASS: usize = 1_000;

pub(crate) fn sections(effort: &Effort) -> Vec<Section> {
    let mut sections = Vec::new();
    for (keys, what) in [(1, "one hot key"), (PASS, "1,000 keys in turn")] {
        let numbers = passes(keys, number);
        let texts = passes(keys, text);
        let pairs = passes(keys, |n| (text(n), 7));
        let hits = |of: &str| format!("hit, {of}, {what}");
        sections.extend([
            section(hits("u64"), |peer| peer.number(Use::Hits), &numbers, 0.33, effort).drawn(),
            section(hits("&str of 24 bytes"), Peer::text, &texts, 0.33, effort),
            section(hits("(&str, u32) → String"), Peer::pair, &pairs, 0.5, effort),
            section(hits("(&str, u32) → Arc<str>"), Peer::shared_pair, &pairs, 0.33, effort),
        ]);
    }
    sections[1].drawn = true;
    for short in [0, 1, 7] {
        sections[short].short = true;
    }
    sections
}

/// As many keys as a pass has calls, so many of them different.
fn passes<K: Copy>(different: usize, key: impl Fn(u64) -> K) -> Vec<K> {
    let keys: Vec<K> = (0..different as u64).map(key).collect();
    keys.iter().copied().cycle().take(PASS).collect()
}

pub(crate) fn number(n: u64) -> u64 {
    scramble(n)
}

/// A text of 24 bytes, for ever.
pub(crate) fn text(n: u64) -> &'static str {
    format!("customer/{:015}", scramble(n) % 1_000_000_000_000_000).leak()
}

fn section<K: Copy, V>(
    title: String,
    make: impl Fn(&'static dyn Peer) -> Option<Boxed<K, V>>,
    keys: &[K],
    of_cached: f64,
    effort: &Effort,
) -> Section {
    let contenders = all().into_iter().filter_map(|peer| {
        let function = make(peer)?;
        function.calls(keys);
        Some(Contender::new(peer.name(), move || {
            nanos_a_call(effort.passes * keys.len(), || {
                (0..effort.passes).for_each(|_| function.calls(keys));
            })
        }))
    });
    let rows = interleave(contenders.collect(), effort.rounds);
    Section::new(title, "ns", rows)
        .over("cached")
        .goal(ours(), Some("cached"), Limit::AtMost(of_cached))
        .goal(ours(), Some("quick_cache, no ttl"), Limit::AtMost(1.0))
        .goal(ours_lru(), Some("cached"), Limit::AtMost(of_cached))
        .goal(ours_thread(), Some("cached"), Limit::AtMost(0.27))
}
