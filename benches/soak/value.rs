//! A value that tells whose it is, when it was made, and when it must be gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

/// How a value came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Insert,
    Load,
}

/// What is learned of a value only after the call that stores it has returned; 0 until then.
#[derive(Debug)]
struct Fate {
    stored: AtomicU64,
    dead_at: AtomicU64,
    alive: Arc<AtomicU64>,
}

impl Drop for Fate {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, SeqCst);
    }
}

/// What a soaked cache holds. It owns memory, so that one that is freed too early is noticed.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    key: usize,
    origin: Origin,
    /// The moment at which its computation began.
    began: u64,
    /// Both, mixed, again and again.
    sum: Box<[u64]>,
    fate: Arc<Fate>,
}

/// What was known before a call began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before {
    pub(crate) key: usize,
    /// The latest moment at which an invalidation of the key began that had returned.
    pub(crate) floor: u64,
    /// By the cache's clock, in nanoseconds.
    pub(crate) now: u64,
}

impl Value {
    /// Counted among those `alive` until its last clone is gone.
    pub(crate) fn new(key: usize, origin: Origin, began: u64, alive: &Arc<AtomicU64>) -> Self {
        alive.fetch_add(1, SeqCst);
        let fate = Fate {
            stored: AtomicU64::new(0),
            dead_at: AtomicU64::new(0),
            alive: Arc::clone(alive),
        };
        Self { key, origin, began, sum: sum(key, began), fate: Arc::new(fate) }
    }

    /// The call that stores it returned at this moment; by then it has this long to live at most.
    pub(crate) fn was_stored(&self, moment: u64, dead_at: u64) {
        self.fate.stored.store(moment, SeqCst);
        self.fate.dead_at.store(dead_at, SeqCst);
    }

    /// What it weighs where weights are asked for.
    pub(crate) fn weight(&self) -> usize {
        1 + self.key % 4
    }

    /// Why it must not have been the answer, if so.
    pub(crate) fn wrong(&self, before: &Before) -> Option<String> {
        let stored = self.fate.stored.load(SeqCst);
        let dead_at = self.fate.dead_at.load(SeqCst);
        let why = if self.sum != sum(self.key, self.began) {
            "is damaged"
        } else if self.key != before.key {
            "is another key's"
        } else if self.origin == Origin::Load && self.began < before.floor {
            "was begun before an invalidation"
        } else if stored != 0 && stored < before.floor {
            "was stored before an invalidation"
        } else if dead_at != 0 && before.now >= dead_at {
            "has expired"
        } else {
            return None;
        };
        Some(format!("{why}: {self:?} for {before:?}"))
    }
}

fn sum(key: usize, began: u64) -> Box<[u64]> {
    let start = (key as u64).rotate_left(32) ^ began;
    (0..4).map(|turn| ttl_memo_benches::numbers::scramble(start ^ turn)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: Before = Before { key: 3, floor: 10, now: 100 };

    fn value(origin: Origin, began: u64) -> Value {
        Value::new(3, origin, began, &Arc::default())
    }

    #[test]
    fn what_is_fresh_is_right() {
        let fresh = value(Origin::Load, 11);
        fresh.was_stored(12, 101);
        assert_eq!(fresh.wrong(&BEFORE), None);
        // An insert that was on its way while the key was invalidated may come after that.
        let insert = value(Origin::Insert, 9);
        assert_eq!(insert.wrong(&BEFORE), None);
        insert.was_stored(11, 101);
        assert_eq!(insert.wrong(&BEFORE), None);
    }

    #[test]
    fn every_wrong_answer_is_told() {
        let told = |value: &Value, before: &Before| value.wrong(before).unwrap_or_default();
        let load = value(Origin::Load, 9);
        assert!(told(&load, &BEFORE).starts_with("was begun before"));
        let insert = value(Origin::Insert, 8);
        insert.was_stored(9, 101);
        assert!(told(&insert, &BEFORE).starts_with("was stored before"));
        let late = value(Origin::Load, 11);
        late.was_stored(12, 100);
        assert!(told(&late, &BEFORE).starts_with("has expired"));
        assert!(told(&late, &Before { key: 4, ..BEFORE }).starts_with("is another key's"));
        assert!(told(&Value { began: 12, ..late }, &BEFORE).starts_with("is damaged"));
    }

    #[test]
    fn the_living_are_counted() {
        let alive = Arc::default();
        let value = Value::new(1, Origin::Insert, 1, &alive);
        let clone = value.clone();
        drop(value);
        assert_eq!(alive.load(SeqCst), 1);
        drop(clone);
        assert_eq!(alive.load(SeqCst), 0);
    }
}
