//! What went wrong, from all threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// So many are kept in full.
const KEPT: usize = 20;

/// Wrong answers, counted, and the first of them.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    count: AtomicU64,
    wrong: Mutex<Vec<String>>,
}

impl Checks {
    /// Notes what is wrong, if anything.
    pub(crate) fn note(&self, wrong: Option<String>) {
        let Some(wrong) = wrong else { return };
        self.count.fetch_add(1, Relaxed);
        let mut kept = self.wrong.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.push(wrong);
        }
    }

    /// Notes a condition that does not hold.
    pub(crate) fn expect(&self, holds: bool, otherwise: impl FnOnce() -> String) {
        self.note((!holds).then(otherwise));
    }

    /// How many, and the first ones.
    pub(crate) fn into_wrong(self) -> (u64, Vec<String>) {
        let wrong = self.wrong.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        (self.count.into_inner(), wrong)
    }
}
