//! Whether a history has an order: the search of Wing and Gong, with Lowe's memory of where it has
//! been.

use std::collections::HashSet;

use super::sequential::{Key, Step};

/// A step that took effect at some moment after `began` and before `ended`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timed {
    pub(crate) step: Step,
    pub(crate) began: u64,
    pub(crate) ended: u64,
}

/// Whether there is an order in which each step could have had its answer, and in which none comes
/// before one that had ended when it began.
pub(crate) fn has_order(history: &[Timed]) -> bool {
    assert!(history.len() <= 64, "a set of steps is 64 bits");
    let all = if history.len() == 64 { u64::MAX } else { (1 << history.len()) - 1 };
    let mut been = HashSet::new();
    let mut ways = vec![(0_u64, Key::default())];
    while let Some((done, key)) = ways.pop() {
        if done == all {
            return true;
        }
        if !been.insert((done, key.clone())) {
            continue;
        }
        let left = || history.iter().enumerate().filter(|(at, _)| done >> at & 1 == 0);
        let first_end = left().map(|(_, timed)| timed.ended).min().unwrap_or(u64::MAX);
        for (at, timed) in left().filter(|(_, timed)| timed.began < first_end) {
            if let Some(key) = key.after(timed.step) {
                ways.push((done | 1 << at, key));
            }
        }
    }
    false
}
