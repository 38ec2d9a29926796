//! What a cache could hit that knew the future: the bound of every policy.

use std::collections::BTreeSet;

use crate::trace::Trace;

const NEVER: u32 = u32::MAX;

/// The hits of a cache of so many entries that evicts what is asked for next the latest, what it
/// has just been given included.
pub fn hits(trace: &Trace, size: usize) -> u64 {
    let nexts = next_uses(trace);
    // When each held key is asked for next: `None` if it is not held.
    let mut held = vec![None; trace.keys];
    let mut by_next_use = BTreeSet::new();
    let mut hits = 0;
    for (&key, &next) in trace.accesses.iter().zip(&nexts) {
        if let Some(was_next) = held[key as usize].take() {
            by_next_use.remove(&(was_next, key));
            hits += 1;
        }
        held[key as usize] = Some(next);
        by_next_use.insert((next, key));
        if by_next_use.len() > size {
            if let Some((_, latest)) = by_next_use.pop_last() {
                held[latest as usize] = None;
            }
        }
    }
    hits
}

/// For each access, the place at which the same key comes again.
fn next_uses(trace: &Trace) -> Vec<u32> {
    let mut nexts = vec![NEVER; trace.accesses.len()];
    let mut seen_at = vec![NEVER; trace.keys];
    for (place, &key) in trace.accesses.iter().enumerate().rev() {
        nexts[place] = seen_at[key as usize];
        seen_at[key as usize] = u32::try_from(place).unwrap_or(NEVER - 1);
    }
    nexts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers::Random;

    fn trace(keys: &str) -> Trace {
        let lines: Vec<u8> = keys.bytes().flat_map(|key| [key, b'\n']).collect();
        Trace::of_lines(&lines, usize::MAX)
    }

    /// The most hits that any choices give, by trying all.
    fn most_hits(accesses: &[u32], size: usize, held: &[u32]) -> u64 {
        let Some((key, rest)) = accesses.split_first() else { return 0 };
        if held.contains(key) {
            return 1 + most_hits(rest, size, held);
        }
        let all: Vec<u32> = held.iter().chain([key]).copied().collect();
        if all.len() <= size {
            return most_hits(rest, size, &all);
        }
        let without = |left_out: &u32| -> Vec<u32> {
            all.iter().filter(|it| *it != left_out).copied().collect()
        };
        let futures = all.iter().map(|left_out| most_hits(rest, size, &without(left_out)));
        futures.max().unwrap_or(0)
    }

    #[test]
    fn nothing_hits_more() {
        let mut random = Random::new(7);
        for _ in 0..40 {
            let keys: String =
                (0..9).map(|_| char::from(b'a' + random.draw().to_le_bytes()[0] % 5)).collect();
            let trace = trace(&keys);
            for size in 0..4 {
                let most = most_hits(&trace.accesses, size, &[]);
                assert_eq!(hits(&trace, size), most, "{keys} in {size}");
            }
        }
    }

    #[test]
    fn a_loop_keeps_all_but_one() {
        let rounds = trace(&"abcd".repeat(10));
        assert_eq!(hits(&rounds, 4), 36);
        // After the first four accesses, one in four misses.
        assert_eq!(hits(&rounds, 3), 27);
        assert_eq!(hits(&rounds, 0), 0);
    }
}
