//! How much a cache may hold, and how much its shards hold together.

use crate::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// The sum over all shards, exact whenever no shard's lock is held.
///
/// Relaxed throughout: a sum orders nothing, and additions to one number are never lost. Written
/// only where the sum changes, so not by a miss that evicts as much as it stores.
#[derive(Debug)]
pub(super) struct Room {
    /// `usize::MAX`: none.
    bound: AtomicUsize,
    /// In weights: what is left of the sum beside `carries`.
    held: AtomicU64,
    /// How often the sum has outgrown a number, less how often it has come back: 0 unless weights
    /// are huge and there is, or was, no bound.
    carries: AtomicU64,
}

impl Room {
    pub(super) fn new(bound: Option<usize>) -> Self {
        Self {
            bound: AtomicUsize::new(bound.unwrap_or(usize::MAX)),
            held: AtomicU64::new(0),
            carries: AtomicU64::new(0),
        }
    }

    #[inline]
    pub(super) fn bound(&self) -> Option<usize> {
        Some(self.bound.load(Ordering::Relaxed)).filter(|bound| *bound != usize::MAX)
    }

    pub(super) fn set_bound(&self, bound: Option<usize>) {
        self.bound.store(bound.unwrap_or(usize::MAX), Ordering::Relaxed);
    }

    /// Takes so much, if the bound leaves it.
    #[inline]
    pub(super) fn reserve(&self, weight: u64) -> bool {
        let Some(bound) = self.bound() else {
            self.force(weight);
            return true;
        };
        if self.is_beyond_any() {
            return false;
        }
        let mut held = self.held.load(Ordering::Relaxed);
        while held.checked_add(weight).is_some_and(|sum| sum <= bound as u64) {
            match self.held.compare_exchange_weak(
                held,
                held + weight,
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                Ok(_) => return true,
                Err(now) => held = now,
            }
        }
        false
    }

    /// Takes so much, whatever the bound.
    pub(super) fn force(&self, weight: u64) {
        let before = self.held.fetch_add(weight, Ordering::Relaxed);
        if before.checked_add(weight).is_none() {
            self.carries.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[inline]
    pub(super) fn release(&self, weight: u64) {
        if weight > 0 {
            let before = self.held.fetch_sub(weight, Ordering::Relaxed);
            if before < weight {
                self.carries.fetch_sub(1, Ordering::Relaxed);
            }
        }
    }

    /// Gives back what many entries weigh together.
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of it")]
    pub(super) fn release_sum(&self, weight: u128) {
        self.carries.fetch_sub((weight >> 64) as u64, Ordering::Relaxed);
        self.release(weight as u64);
    }

    #[inline]
    fn is_beyond_any(&self) -> bool {
        self.carries.load(Ordering::Relaxed) != 0
    }

    /// Whether more is held than the bound allows.
    #[inline]
    pub(super) fn is_over(&self) -> bool {
        let held = || self.held.load(Ordering::Relaxed);
        self.bound().is_some_and(|bound| self.is_beyond_any() || held() > bound as u64)
    }

    /// By how much; the most there is, if it is more than can be told.
    pub(super) fn excess(&self) -> u64 {
        match self.bound() {
            Some(_) if self.is_beyond_any() => u64::MAX,
            Some(bound) => self.held.load(Ordering::Relaxed).saturating_sub(bound as u64),
            None => 0,
        }
    }

    #[cfg(any(test, fuzzing))]
    pub(super) fn held(&self) -> u64 {
        self.held.load(Ordering::Relaxed)
    }
}
