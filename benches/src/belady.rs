//! What a cache could hit that knew the future: the bound of every policy.

use std::collections::BTreeSet;

use crate::trace::Trace;

const NEVER: u32 = u32::MAX;

/// The hits of a cache of so many entries that stores all it is asked for, and evicts what is
/// asked for next the latest.
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
        } else if by_next_use.len() >= size {
            if let Some((_, latest)) = by_next_use.pop_last() {
                held[latest as usize] = None;
            }
        }
        if size > 0 {
            held[key as usize] = Some(next);
            by_next_use.insert((next, key));
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

    fn trace(keys: &str) -> Trace {
        let lines: Vec<u8> = keys.bytes().flat_map(|key| [key, b'\n']).collect();
        Trace::of_lines(&lines, usize::MAX)
    }

    #[test]
    fn the_textbook() {
        // With three frames, 7 0 1 2 0 3 0 4 2 3 0 3 2 1 2 0 1 7 0 1 has nine faults.
        assert_eq!(hits(&trace("70120304230321201701"), 3), 20 - 9);
    }

    #[test]
    fn a_loop_keeps_all_but_one() {
        let rounds = trace(&"abcd".repeat(10));
        assert_eq!(hits(&rounds, 4), 36);
        // Of the 36 accesses after the first four, one in three misses.
        assert_eq!(hits(&rounds, 3), 24);
        assert_eq!(hits(&rounds, 0), 0);
    }
}
